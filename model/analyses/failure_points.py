"""What may fail in a plan: regions, large facilities, routes, and a region's whole output of a material."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from model.analyses.outages import Outage
from model.analyses.shocked import ShockedWorld
from model.results.plan import NOISE, Plan
from model.solver.program import LinearProgram
from model.solver.start import Start

LARGE = 0.05
"""A facility is tried if it makes more than this share of a stage's output of a mineral."""

NOTABLE = 0.01
"""A route or source is tried if it carries more than this share of what is made of its material."""


@dataclass(frozen=True)
class Window:
    """The years of the outage."""

    first: int
    last: int

    def __contains__(self, t: object) -> bool:
        return isinstance(t, int) and self.first <= t <= self.last

    @property
    def years(self) -> int:
        """How many there are."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class FailureWorld:
    """The world in which things fail.

    Attributes:
        window: the years.
        world: the plan's world from the first of these years on.
        program: in which all that was decided before is held.
        plan: the plan.
        start: the plan's optimum.
    """

    window: Window
    world: ShockedWorld
    program: LinearProgram
    plan: Plan
    start: Start


def find_outages(at: FailureWorld) -> Iterator[Outage]:
    """Yield what may fail: regions, large facilities, routes, and a region's whole output of a material."""
    places = _Places(at)
    yield from _facility_outages(at, places)
    yield from _region_outages(at, places)
    yield from _route_outages(at, places)
    yield from _source_outages(at, places)


def choose_largest(at: FailureWorld, outages: Sequence[Outage], most: int) -> list[Outage]:
    """Return as many outages as are wanted: those by which most is made and shipped, at its shortage cost."""
    return sorted(outages, key=lambda outage: -_worth(at, outage))[:most]


def _worth(at: FailureWorld, outage: Outage) -> float:
    """Value of what is made and shipped in the plan where something stands still, USD million a year or more."""
    plan, lookup = at.plan, at.plan.data.lookup
    labels = [at.program.columns[n] for n in outage.columns]
    return sum(plan.value(name, *key) * lookup.shortage_cost[_good(plan, name, key)] for name, key in labels)


def _good(plan: Plan, name: str, key: tuple[object, ...]) -> str:
    """Return the material of a column of output or trade."""
    if name == "ship":
        return plan.data.trade.routes[str(key[0])].material
    return str(key[1]) if name == "take" else plan.data.lookup.facilities[str(key[0])].output


class _Places:
    """Where facilities and routes stand in the program, in the years of failure."""

    def __init__(self, at: FailureWorld) -> None:
        self.of_facility: defaultdict[str, set[int]] = defaultdict(set)
        self.of_route: defaultdict[str, set[int]] = defaultdict(set)
        self.taken: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self.shortfalls: defaultdict[str, set[int]] = defaultdict(set)
        self.pace_of_route: defaultdict[str, set[int]] = defaultdict(set)
        window = at.window
        for n, (name, key) in enumerate(at.program.columns):
            if name in ("make", "take", "save") and key[-1] in window:
                self.of_facility[str(key[0])].add(n)
                if name == "take":
                    self.taken[str(key[0]), str(key[1])].add(n)
            elif name == "ship" and key[-1] in window:
                self.of_route[str(key[0])].add(n)
            elif name == "shortfall" and key[-1] in window:
                self.shortfalls[str(key[1])].add(n)
        # What stood still is qualified already: it comes back as fast as it went.
        back = Window(window.first, window.last + 1)
        for n, (name, key) in enumerate(at.program.rows):
            if name in ("route_growth_limit", "route_decay_floor") and key[-1] in back:
                self.pace_of_route[str(key[0])].add(n)

    def outage(self, kind: str, name: str, facilities: Sequence[str], routes: Sequence[str]) -> Outage:
        """Return the outage of some facilities and routes; a plant that fails owes nothing to its contracts."""
        return Outage(
            kind,
            name,
            columns=frozenset().union(
                *(self.of_facility[f] for f in facilities), *(self.of_route[route] for route in routes)
            ),
            rows=frozenset().union(*(self.pace_of_route[route] for route in routes)),
            excused=frozenset().union(*(self.shortfalls[f] for f in facilities)),
        )


def _facility_outages(at: FailureWorld, places: _Places) -> Iterator[Outage]:
    """Facilities above a share of some stage's output; the routes that carry it may shrink."""
    plan, trade = at.plan, at.plan.data.trade
    for f in _large_facilities(plan, at.window):
        facility = plan.data.lookup.facilities[f]
        goods = {facility.output, *facility.coproducts}
        carrying = [
            name for name, route in trade.routes.items() if route.origin == facility.place and route.material in goods
        ]
        outage = places.outage("facility", f, [f], [])
        yield replace(outage, rows=frozenset().union(*(places.pace_of_route[name] for name in carrying)))


def _large_facilities(plan: Plan, window: Window) -> list[str]:
    """Facilities that make more than a share of some stage's output of some mineral."""
    made: defaultdict[tuple[str, str], defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for (m, g, t), outputs in plan.data.exposure.outputs.items():
        if t in window:
            for out in outputs:
                made[str(m), str(g)][out.facility] += out.content * plan.value("output", out.facility, out.material, t)
    large = {
        f for by_facility in made.values() for f, amount in by_facility.items()
        if amount > max(NOISE, LARGE * sum(by_facility.values()))
    }  # fmt: skip
    return [f for f in plan.data.lookup.facilities if f in large]


def _region_outages(at: FailureWorld, places: _Places) -> Iterator[Outage]:
    """Regions but the home region: what stands there, and what is shipped from there."""
    plan = at.plan
    lookup = plan.data.lookup
    for record in lookup.tables["regions"]:
        r = record.text("region")
        if record.at("standing", at.window.first) == "home":
            continue
        facilities = [f for f, facility in lookup.facilities.items() if facility.place == r]
        routes = [name for name, route in plan.data.trade.routes.items() if route.origin == r]
        if any(_made(plan, f, at.window) for f in facilities) or any(
            _shipped(plan, name, at.window) for name in routes
        ):
            yield places.outage("region", r, facilities, routes)


def _route_outages(at: FailureWorld, places: _Places) -> Iterator[Outage]:
    """Routes that carry a notable part of a material."""
    plan, window = at.plan, at.window
    total = _made_of_materials(plan, window)
    for name, route in plan.data.trade.routes.items():
        if _shipped(plan, name, window) > max(NOISE, NOTABLE * total[route.material]):
            yield places.outage("route", name, [], [name])


def _source_outages(at: FailureWorld, places: _Places) -> Iterator[Outage]:
    """Yield all that a region makes and ships of a material, where several facilities there make it."""
    plan, window = at.plan, at.window
    lookup, trade = plan.data.lookup, plan.data.trade
    total = _made_of_materials(plan, window)
    makers: defaultdict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for (f, j, t), amount in plan.members("output").items():
        if t in window and amount > NOISE:
            place = lookup.facilities[str(f)].place
            makers[str(j), place][str(f)] = makers[str(j), place].get(str(f), 0.0) + amount
    for (i, r), by_facility in sorted(makers.items()):
        if len(by_facility) > 1 and sum(by_facility.values()) > NOTABLE * total[i]:
            routes = [name for name, route in trade.routes.items() if (route.origin, route.material) == (r, i)]
            main = [f for f in by_facility if lookup.facilities[f].output == i]
            outage = places.outage("material", f"{i}/{r}", main, routes)
            taken = frozenset(n for f in by_facility for n in places.taken[f, i])
            yield replace(outage, columns=outage.columns | taken)


def _made(plan: Plan, f: str, window: Window) -> float:
    return sum(plan.value("activity", f, t) for t in plan.data.years if t in window)


def _shipped(plan: Plan, route: str, window: Window) -> float:
    trade = plan.data.trade
    return sum(
        plan.value("ship", route, o, t) for t in plan.data.years if t in window for o in trade.provenances[route, t]
    )


def _made_of_materials(plan: Plan, window: Window) -> Mapping[str, float]:
    found: defaultdict[str, float] = defaultdict(float)
    for (_, j, t), amount in plan.members("output").items():
        if t in window:
            found[str(j)] += amount
    return found
