"""How fast trade on a route may change. Solver units (kt, USD million).

Index letters: material `i`, region `r`, route `l`, limit `x`, facility `f`, year `t`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from model.data.adjacency import KILO, Adjacency
from model.data.demand import Demand
from model.data.facility import Facility
from model.data.lookup import Lookup, is_finite
from model.data.reach import Route, find_limited
from model.data.trade import Trade


@dataclass
class TradePace:
    """Largest growth and fall of trade on routes.

    Attributes:
        GROWTHS: (l, t) of routes with a largest growth; `start` in kt/yr that may be shipped in any case.
        grown: (l, t) -> (year before, kt/yr allowed for each kt of it).
        FALLS: (l, t) of routes with a largest fall that has a price; `held` in kt/yr to be kept whatever was the year
            before (first year only).
        kept: (l, t) -> (year before, share of it that is to be kept).
        price: (l, t) -> USD million per kt of falling faster.
        material: l -> what it ships.
    """

    GROWTHS: list[tuple[str, int]] = field(default_factory=list)
    FALLS: list[tuple[str, int]] = field(default_factory=list)
    start: dict[tuple[str, int], float] = field(default_factory=dict)
    grown: Adjacency[tuple[int, float]] = field(default_factory=Adjacency)
    held: dict[tuple[str, int], float] = field(default_factory=dict)
    kept: Adjacency[tuple[int, float]] = field(default_factory=Adjacency)
    price: dict[tuple[str, int], float] = field(default_factory=dict)
    material: dict[str, str] = field(default_factory=dict)


def find_trade_pace(lookup: Lookup, routes: Mapping[str, Route], trade: Trade, demand: Demand) -> TradePace:
    """Growth and fall of each route; a `*` row holds for each material it stands for.

    Args:
        lookup: the tables.
        routes: all routes; what was shipped on one that is of no use is given up in the first year.
        trade: the routes in use.
        demand: what is wanted where.
    """
    pace, rooms, first = TradePace(), _Rooms(lookup, routes, demand), lookup.years[0]
    for name, route in routes.items():
        pace.material[name] = route.material
        for t in lookup.years if trade.provenances[name, first] else lookup.years[:1]:
            if trade.provenances[name, t]:
                _add_growth(route, t, first, pace)
            _add_fall(route, t, first, rooms, pace)
    return pace


def _add_growth(route: Route, t: int, first: int, pace: TradePace) -> None:
    growth, key = route.record.number("growth", t), (route.name, t)
    if not is_finite(growth):
        return
    pace.GROWTHS.append(key)
    before = (1 + growth) * route.record.number("flow_tpa") if t == first else 0.0
    pace.start[key] = KILO * (before + route.record.number("start_tpa", t))
    if t > first:
        pace.grown.join(key, (t - 1, 1 + growth))


def _add_fall(route: Route, t: int, first: int, rooms: _Rooms, pace: TradePace) -> None:
    decay, price, key = route.record.number("decay", t), route.record.number("switching_usd_per_t", t), (route.name, t)
    if not is_finite(decay) or not is_finite(price):
        return
    kept = 1 - decay
    if t == first:
        held = min(kept * route.record.number("flow_tpa"), rooms.of(route, t))
        if held <= 0:
            return
        pace.held[key] = KILO * held
    else:
        kept *= _share_that_stays(rooms.of(route, t - 1), rooms.of(route, t))
        if kept <= 0:
            return
        pace.held[key] = 0.0
        pace.kept.join(key, (t - 1, kept))
    pace.FALLS.append(key)
    pace.price[key] = KILO * price


def _share_that_stays(before: float, now: float) -> float:
    """Return the share of last year's trade that this year's room leaves.

    >>> _share_that_stays(50.0, 80.0), _share_that_stays(80.0, 20.0), _share_that_stays(math.inf, 20.0)
    (1.0, 0.25, 0.0)
    """
    if now >= before:
        return 1.0
    return 0.0 if math.isinf(before) else now / before


class _Rooms:
    """The most a route could carry in a year, as data say: its limits, what its origin makes, what its target uses."""

    def __init__(self, lookup: Lookup, routes: Mapping[str, Route], demand: Demand) -> None:
        self._lookup = lookup
        self._limits = _export_limits(lookup, routes)
        self._makers: Adjacency[tuple[Facility, float]] = Adjacency()
        self._users: Adjacency[tuple[Facility, float]] = Adjacency()
        for f in lookup.facilities.values():
            if not f.saves:
                for j, b in (f.coproducts | {f.output: 1.0}).items():
                    self._makers.join((j, f.place), (f, b))
                for i, a in f.inputs.items():
                    self._users.join((i, f.place), (f, a))
        self._wanted: dict[tuple[str, str, int], float] = defaultdict(float)
        for (d, t), amount in demand.amount.items():
            self._wanted[demand.rows[d].material, demand.rows[d].region, t] += amount / KILO
        self._ports = {r.text("region") for r in lookup.tables["regions"] if r["transit"] is True}
        self._stores = _keys_of(lookup, "stockpiles")
        self._sources = self._stores | _scrap_places(lookup)
        self._sinks = self._stores | _keys_of(lookup, "outlets")
        self._found: dict[tuple[str, str, int, bool], float] = {}

    def of(self, route: Route, t: int) -> float:
        """Return the room on a route, t/yr."""
        return min(
            route.record.number("capacity_tpa", t),
            *(path[t] for path in self._limits[route.name,]),
            self._plants(route.material, route.origin, t, makers=True),
            self._plants(route.material, route.target, t, makers=False),
        )

    def _plants(self, i: str, r: str, t: int, *, makers: bool) -> float:
        """Return what a region could make of a material, or use; unlimited where there is more than plants to it."""
        key = (i, r, t, makers)
        if key not in self._found:
            if r in self._ports or (i, r) in (self._sources if makers else self._sinks):
                self._found[key] = math.inf
            else:
                plants = self._makers[i, r] if makers else self._users[i, r]
                most = sum(per_tonne * self._most(f, t) for f, per_tonne in plants)
                self._found[key] = most + (0.0 if makers else self._wanted[i, r, t])
        return self._found[key]

    def _most(self, f: Facility, t: int) -> float:
        """Return the largest output of a facility in a year, with all that exists or could be built by then, t/yr."""
        years = self._lookup.decision_years[f.name]
        new = f.room(t) if any(v + f.lead(v) <= t < v + f.lead(v) + f.life for v in years) else 0.0
        usable = f.number("utilisation", t)
        return usable * (f.existing(t) + new) if usable > 0 else 0.0


def _export_limits(lookup: Lookup, routes: Mapping[str, Route]) -> Adjacency[Mapping[int, float]]:
    """Route -> the paths of the export limits that name it."""
    found: Adjacency[Mapping[int, float]] = Adjacency()
    named = find_limited(lookup, routes)
    for record in lookup.tables["export_limits"]:
        for name in named[record.text("limit")]:
            found.join((name,), record.years)
    return found


def _keys_of(lookup: Lookup, sheet: str) -> set[tuple[str, str]]:
    """Material and region of every row of a sheet."""
    return {(record.text("material"), record.text("region")) for record in lookup.tables.of(sheet)}


def _scrap_places(lookup: Lookup) -> set[tuple[str, str]]:
    """Return where scrap arises, or comes back from what was delivered."""
    return _keys_of(lookup, "scrap") | {
        (back.text("scrap"), row.text("region"))
        for back in lookup.tables["returns"]
        for row in lookup.tables["demand"]
        if row["material"] == back["product"]
    }
