"""Where each material is available, in which provenance, and where it is of use.

Variables exist only where both hold. The search ignores the year, so it keeps everything that could be non-zero, and
some variables that could not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from model.data.adjacency import Adjacency
from model.data.facility import Facility
from model.data.lookup import PROVENANCES, Lookup
from model.workbook.schema import ALL
from model.workbook.tables import Record


@dataclass(frozen=True)
class Route:
    """A way for one material from one region to another, and the record its numbers come from."""

    name: str
    origin: str
    target: str
    material: str
    record: Record


def find_limited(lookup: Lookup, routes: Mapping[str, Route]) -> dict[str, list[str]]:
    """Export limit -> the routes it names, in their order."""
    named: Adjacency[str] = Adjacency()
    for route in routes.values():
        for key in product((route.origin, ALL), (route.target, ALL), (route.material, ALL)):
            named.join(key, route.name)
    return {
        record.text("limit"): named[record["from_region"], record["to_region"], record["material"]]
        for record in lookup.tables["export_limits"]
    }


@dataclass(frozen=True)
class Reach:
    """Which materials can be available and useful in which region.

    Attributes:
        available: (material, region, provenance) that some supply can reach.
        useful: (material, region) from which some use can be reached.
        mixed: (material, region) where clear lots may have to be used as exposed ones: inputs of a facility that
            has another input which comes exposed.
    """

    available: frozenset[tuple[str, str, str]]
    useful: frozenset[tuple[str, str]]
    mixed: frozenset[tuple[str, str]]


def find_routes(lookup: Lookup) -> dict[str, Route]:
    """One route for each pair of regions and material; a row for the material replaces the `*` row of its pair."""
    rows = lookup.tables["routes"]
    named = {record.key for record in rows}
    found = {}
    for record in rows:
        origin, target, material = record.key
        materials = lookup.mineral_of if material == ALL else (material,)
        for i in materials:
            if material == ALL and (origin, target, i) in named:
                continue
            name = f"{origin}>{target}:{i}"
            found[name] = Route(name, origin, target, i, record)
    return dict(sorted(found.items(), key=lambda item: (lookup.block_of[item[1].material], item[0])))


def find_reach(lookup: Lookup, routes: dict[str, Route], running: dict[str, list[int]]) -> Reach:
    """Spread supply forward and use backward until nothing changes.

    Args:
        lookup: the tables.
        routes: the routes by name.
        running: facility -> the years it could run.
    """
    facilities = [f for f in lookup.facilities.values() if running[f.name] and not f.saves]
    available = _starting_supply(lookup)
    size = -1
    while len(available) != size:
        size = len(available)
        available |= {
            (j, f.place, o) for f in facilities for o in _provenances(f, running[f.name], available)
            for j in (f.output, *f.coproducts)
        }  # fmt: skip
        available |= {
            (r.material, r.target, o) for r in routes.values() for o in PROVENANCES
            if (r.material, r.origin, o) in available
        }  # fmt: skip
        mixed = _mixed_inputs(facilities, available)
        available |= {(i, r, "exposed") for i, r in mixed if (i, r, "clear") in available}
    useful = _final_uses(lookup)
    size = -1
    while len(useful) != size:
        size = len(useful)
        useful |= {(i, f.place) for f in facilities if (f.output, f.place) in useful for i in f.inputs}
        useful |= {(r.material, r.origin) for r in routes.values() if (r.material, r.target) in useful}
    return Reach(frozenset(available), frozenset(useful), frozenset(_mixed_inputs(facilities, available)))


def _mixed_inputs(facilities: list[Facility], available: set[tuple[str, str, str]]) -> set[tuple[str, str]]:
    """Inputs of facilities that have another input which can be had exposed."""
    return {
        (i, f.place) for f in facilities for i in f.inputs
        if any((other, f.place, "exposed") in available for other in f.inputs if other != i)
    }  # fmt: skip


def can_feed(
    f: Facility, provenance: str, available: set[tuple[str, str, str]] | frozenset[tuple[str, str, str]]
) -> bool:
    """Whether all inputs of a facility can be had in a provenance (a facility without inputs runs on clear only)."""
    if not f.inputs:
        return provenance == "clear"
    return all((i, f.place, provenance) in available for i in f.inputs)


def _provenances(f: Facility, years: list[int], available: set[tuple[str, str, str]]) -> set[str]:
    """The provenances a facility's output can have."""
    found = set()
    if can_feed(f, "clear", available):
        shares = [f.concern(t) for t in years]
        found |= {"clear"} if min(shares) < 1 else set()
        found |= {"exposed"} if max(shares) > 0 else set()
    return found | ({"exposed"} if can_feed(f, "exposed", available) else set())


def _starting_supply(lookup: Lookup) -> set[tuple[str, str, str]]:
    """Scrap and initial stocks."""
    scrap = {(record.text("material"), record.text("region")) for record in lookup.tables["scrap"]}
    scrap |= {
        (back.text("scrap"), demand.text("region"))
        for back in lookup.tables["returns"]
        for demand in lookup.tables["demand"]
        if demand["material"] == back["product"]
    }
    found = {(i, r, "clear") for i, r in scrap}
    for stock in lookup.tables["stockpiles"]:
        share = stock.number("initial_concern_share")
        for o, part in (("clear", 1 - share), ("exposed", share)):
            if part * stock.number("initial_t") > 0:
                found.add((stock.text("material"), stock.text("region"), o))
    return found


def _final_uses(lookup: Lookup) -> set[tuple[str, str]]:
    """Demand, outlets, and stocks that may be filled."""
    uses = {
        (record.text("material"), record.text("region"))
        for sheet in ("demand", "outlets")
        for record in lookup.tables[sheet]
    }
    return uses | {
        (stock.text("material"), stock.text("region"))
        for stock in lookup.tables["stockpiles"]
        if stock.number("max_t") > 0
    }
