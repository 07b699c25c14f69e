"""Shipping over routes, and what limits it. Solver units (kt, USD million).

Index letters: material `i`, region `r`, route `l`, limit `x`, provenance `o`, year `t`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from model.data.adjacency import KILO, Adjacency
from model.data.lookup import PROVENANCES, Lookup, is_finite
from model.data.reach import Reach, Route, find_limited


@dataclass
class Trade:
    """Shipping over routes, and what limits it.

    Attributes:
        routes: by name.
        SHIPS: (l, o, t).
        ROUTE_LIMITS: (l, t) of routes with a capacity; `capacity` in kt/yr.
        EXPORT_LIMITS: (x, t) of limits that name a route in use; `export_limit` in kt/yr, `export_routes` x -> l.
        ORIGINS: (i, r, t) where goods both arrive and leave, so that goods could be passed on.
        provenances: (l, t) -> o of what it ships.
        arriving, leaving: (i, r, o, t) -> l.
        freight, tariff: (l, t) -> USD million per kt.
    """

    routes: dict[str, Route]
    SHIPS: list[tuple[str, str, int]] = field(default_factory=list)
    ROUTE_LIMITS: list[tuple[str, int]] = field(default_factory=list)
    EXPORT_LIMITS: list[tuple[str, int]] = field(default_factory=list)
    ORIGINS: list[tuple[str, str, int]] = field(default_factory=list)
    capacity: dict[tuple[str, int], float] = field(default_factory=dict)
    export_limit: dict[tuple[str, int], float] = field(default_factory=dict)
    export_routes: dict[str, list[str]] = field(default_factory=dict)
    arriving: Adjacency[str] = field(default_factory=Adjacency)
    leaving: Adjacency[str] = field(default_factory=Adjacency)
    provenances: Adjacency[str] = field(default_factory=Adjacency)
    freight: dict[tuple[str, int], float] = field(default_factory=dict)
    tariff: dict[tuple[str, int], float] = field(default_factory=dict)


def find_trade(lookup: Lookup, reach: Reach, routes: dict[str, Route]) -> Trade:
    """Ships where goods can be had at one end and are of use at the other."""
    count_tariffs = lookup.tables.setting("tariffs_count_as_cost") is True
    used = {
        name: route for name, route in routes.items()
        if (route.material, route.target) in reach.useful
    }  # fmt: skip
    trade = Trade(used)
    for name, route in used.items():
        record = route.record
        found = [o for o in PROVENANCES if (route.material, route.origin, o) in reach.available]
        for t in lookup.years if found else ():
            trade.freight[name, t] = KILO * record.number("freight_usd_per_t", t)
            duty = record.number("tariff", t) * lookup.price(route.material, t)
            # A duty that home levies comes back to home; one that others levy never does.
            counts = count_tariffs or lookup.standing(route.target, t) != "home"
            trade.tariff[name, t] = KILO * duty if counts else 0.0
            if is_finite(record.number("capacity_tpa", t)):
                trade.ROUTE_LIMITS.append((name, t))
                trade.capacity[name, t] = KILO * record.number("capacity_tpa", t)
            for o in found:
                trade.SHIPS.append((name, o, t))
                trade.provenances.join((name, t), o)
                trade.leaving.join((route.material, route.origin, o, t), name)
                trade.arriving.join((route.material, route.target, o, t), name)
    _add_export_limits(lookup, trade)
    _add_origins(lookup, trade)
    return trade


def _add_export_limits(lookup: Lookup, trade: Trade) -> None:
    named = find_limited(lookup, trade.routes)
    for record in lookup.tables["export_limits"]:
        limit = record.text("limit")
        routes = [name for name in named[limit] if trade.provenances[name, lookup.years[0]]]
        for t in lookup.years if routes else ():
            if is_finite(record.years[t]):
                trade.EXPORT_LIMITS.append((limit, t))
                trade.export_limit[limit, t] = KILO * record.years[t]
                trade.export_routes[limit] = routes


def _add_origins(lookup: Lookup, trade: Trade) -> None:
    ports = {record.text("region") for record in lookup.tables["regions"] if record["transit"] is True}
    arrives = {(key[0], key[1], key[3]) for key in trade.arriving}
    leaves = {(str(key[0]), str(key[1]), int(key[3])) for key in trade.leaving}
    trade.ORIGINS = sorted(key for key in leaves & arrives if key[1] not in ports)
