"""Demand compared with the largest possible supply, before anything is solved.

All bounds are generous: every plant runs at full capacity, is built as soon and as large as it may be, and has whatever
it shares with others to itself. What is put in stock in earlier years is not counted. Apart from that, demand above
such a bound is certain to stay unmet; demand below it may be met.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from model.errors import Problem
from model.rules.context import Context, at
from model.workbook.formatting import amount
from model.workbook.tables import Record

_NOTABLE = 1e-6
"""Shares of demand below this are rounding."""


def check_supply(context: Context) -> Iterator[Problem]:
    """Demand does not exceed the largest possible supply; one message a material and region, of its worst year."""
    bounds = _Bounds(context)
    later = ", unless stocks are filled before" if context.tables["stockpiles"] else ""
    for (material, region), demand in context.demand.items():
        if not context.years or region not in context.reached(material, context.origins.get(material, set())):
            continue  # That nothing can come there at all has been said.
        most = {year: bounds.supply_at(material, region, year) for year in context.years}
        worst = max(context.years, key=lambda year: demand[year] - most[year])
        gap = demand[worst] - most[worst]
        if gap <= _NOTABLE * demand[worst]:
            continue
        yield at(
            _first_row(context, material, region), str(worst), "W567",
            f"in {worst} demand for '{material}' in '{region}' is {amount(demand[worst])} t, and at most "
            f"{amount(most[worst])} t could be supplied{_bottleneck(bounds, material, region, worst)}",
            f"at least {100 * gap / demand[worst]:.0f} % stays unmet{later}",
            "add capacity, routes or time to build, or expect the shortage",
        )  # fmt: skip


def _first_row(context: Context, material: str, region: str) -> Record:
    rows = context.tables["demand"]
    return next(row for row in rows if (row["material"], row["region"]) == (material, region))


def _bottleneck(bounds: _Bounds, material: str, region: str, year: int) -> str:
    """Return the input that limits supply, if the plants that make a material would be large enough."""
    plants = bounds.capacity_at(material, region, year)
    short = bounds.short_input(material, year)
    if not short or plants <= bounds.supply_at(material, region, year) * (1 + _NOTABLE):
        return ""
    return (
        f" (plants could make {amount(plants)}, but there are only {amount(bounds.supply(short, year))} t of '{short}')"
    )


class _Plant:
    """A facility, what it uses per tonne, and the most it could make in a year if it had all it needs."""

    def __init__(self, context: Context, record: Record) -> None:
        self.record, self.region, self._context = record, record.text("region"), context
        self.inputs = [(row.text("material"), row.number("t_per_t")) for row in context.recipe(record, "input")]
        self._capacities: dict[int, float] = {}

    def capacity(self, year: int) -> float:
        """Usable capacity, with all that could be built by then."""
        found = self._capacities.get(year)
        if found is None:
            found = self._context.most_built(self.record, year)
            if self._context.exists(self.record, year):
                found += self.record.number("capacity_tpa", year)
            usable = self.record.number("offtake_share", year) * self.record.number("utilisation", year)
            # No limit on what can be built, of which nothing can be used, is nothing.
            found = self._capacities[year] = found * usable if usable else 0.0
        return found


class _Plants:
    """Plants, and groups of them: first input ("" for none), who uses it, and the least that one uses per tonne."""

    def __init__(self, plants: Sequence[_Plant]) -> None:
        self.plants = plants
        groups: dict[str, list[_Plant]] = defaultdict(list)
        for plant in plants:
            groups[plant.inputs[0][0] if plant.inputs else ""].append(plant)
        self.by_input = [
            (name, group, min(plant.inputs[0][1] for plant in group) if name else 0.0) for name, group in groups.items()
        ]


_NO_PLANTS = _Plants(())


class _Bounds:
    """Upper bounds on the supply of each material in a year."""

    def __init__(self, context: Context) -> None:
        self._world = context
        self._supply: dict[tuple[str, int], float] = {}
        self._locals: dict[tuple[str, str, int], float] = {}
        self._serving: dict[tuple[str, str], _Plants] = {}
        self._here: dict[tuple[str, str], _Plants] = {}
        self._makers: dict[str, list[_Plant]] = {
            material: [_Plant(context, facility) for facility in facilities]
            for material, facilities in context.makers.items()
        }
        self._everywhere = {material: _Plants(plants) for material, plants in self._makers.items()}
        self._hosts: dict[str, list[tuple[_Plant, float]]] = defaultdict(list)
        for plants in self._makers.values():
            for plant in plants:
                for row in context.recipe(plant.record, "coproduct"):
                    self._hosts[row.text("material")].append((plant, row.number("t_per_t")))
        self._savers: dict[tuple[str, str], list[_Plant]] = defaultdict(list)
        for facility in context.tables["facilities"]:
            if facility["kind"] == "substitution":
                self._savers[facility.text("output"), facility.text("region")].append(_Plant(context, facility))
        self._arisings: dict[tuple[str, str], dict[str, Record]] = defaultdict(dict)
        for row in context.tables["scrap"]:
            self._arisings[row.text("material"), row.text("region")][row.text("quantity")] = row
        self._returns: dict[str, list[Record]] = defaultdict(list)
        for row in context.tables["returns"]:
            self._returns[row.text("scrap")].append(row)
        self._stocks: dict[tuple[str, str], float] = defaultdict(float)
        for row in context.tables["stockpiles"]:
            released = min(row.number("initial_t"), row.number("max_release_tpa"))
            self._stocks[row.text("material"), row.text("region")] = released

    def supply_at(self, material: str, region: str, year: int) -> float:
        """Return the largest supply of a material to a region, including savings there."""
        whole = self._made(self._makers_for(material, region), year) + self._beside(material, year)
        at_hand = self._local(material, region, year) + self._arriving(material, region, year)
        return min(whole, at_hand) + self._saved(material, region, year)

    def capacity_at(self, material: str, region: str, year: int) -> float:
        """Return what the plants that can serve a region could make with unlimited inputs."""
        return sum(plant.capacity(year) for plant in self._makers_for(material, region).plants)

    def short_input(self, material: str, year: int) -> str:
        """Return the input that limits the plants of a material most."""
        ratios: dict[str, float] = {}
        for name, group, _ in self._everywhere.get(material, _NO_PLANTS).by_input:
            wanted = sum(plant.capacity(year) * plant.inputs[0][1] for plant in group) if name else 0.0
            if name and wanted > self.supply(name, year):
                ratios[name] = wanted - self.supply(name, year)
        return max(ratios, key=lambda name: ratios[name], default="")

    def supply(self, material: str, year: int) -> float:
        """Return the largest supply of a material in the whole network."""
        key = (material, year)
        if key not in self._supply:
            # A material that is needed to make itself sets no limit here: the bound stays a bound.
            self._supply[key] = math.inf
            self._supply[key] = self._made(self._everywhere.get(material, _NO_PLANTS), year)
            self._supply[key] += self._beside(material, year)
        return self._supply[key]

    def _makers_for(self, material: str, region: str) -> _Plants:
        if (material, region) not in self._serving:
            origins = {plant.region for plant in self._makers.get(material, [])}
            serving = {origin for origin in origins if region in self._world.reached(material, {origin})}
            self._serving[material, region] = self._in_regions(material, serving)
        return self._serving[material, region]

    def _in_regions(self, material: str, regions: Collection[str]) -> _Plants:
        return _Plants([plant for plant in self._makers.get(material, []) if plant.region in regions])

    def _made(self, plants: _Plants, year: int) -> float:
        """The most these plants can make, those with the same first input sharing it."""
        total = 0.0
        for name, group, least in plants.by_input:
            made = sum(self._run(plant, year) for plant in group)
            if name:
                made = min(made, self.supply(name, year) / least)
            total += made
        return total

    def _run(self, plant: _Plant, year: int) -> float:
        """The most one plant can make with the capacity and inputs there are."""
        most = plant.capacity(year)
        for material, per_tonne in plant.inputs:
            most = min(most, self.supply(material, year) / per_tonne)
        return most

    def _beside(self, material: str, year: int) -> float:
        """The most that comes as a coproduct, from scrap, or out of stocks."""
        taken = sum(plant.capacity(year) * per_tonne for plant, per_tonne in self._hosts[material])
        regions = self._world.origins.get(material, set())
        return taken + sum(self._scrap(material, r, year) + self._stocks[material, r] for r in sorted(regions))

    def _scrap(self, material: str, region: str, year: int) -> float:
        found = self._arisings[material, region]
        arisings = found["arisings"].years[year] if "arisings" in found else 0.0
        for row in self._returns[material]:
            delivered = self._world.demand.get((row.text("product"), region), {})
            arisings += row.number("t_per_t") * delivered.get(year - max(1, int(row.number("lifetime_years"))), 0.0)
        return arisings * (found["collection_rate"].years[year] if "collection_rate" in found else 1.0)

    def _local(self, material: str, region: str, year: int) -> float:
        """What a region has without its routes."""
        key = (material, region, year)
        if key not in self._locals:
            self._locals[key] = self._find_local(material, region, year)
        return self._locals[key]

    def _find_local(self, material: str, region: str, year: int) -> float:
        if (material, region) not in self._here:
            self._here[material, region] = self._in_regions(material, (region,))
        hosts = [(plant, share) for plant, share in self._hosts[material] if plant.region == region]
        taken = sum(plant.capacity(year) * share for plant, share in hosts)
        return (
            self._made(self._here[material, region], year)
            + taken
            + self._scrap(material, region, year)
            + self._stocks[material, region]
        )

    def _arriving(self, material: str, region: str, year: int) -> float:
        """What the routes into a region can carry of what there is at their origins; a port has what others send."""
        return sum(
            min(capacity, math.inf if self._is_port(origin) else self._local(material, origin, year))
            for origin, capacity in self._world.routes_into(region, material).items()
        )

    def _is_port(self, region: str) -> bool:
        return region in self._world.regions and bool(self._world.regions[region]["transit"])

    def _saved(self, material: str, region: str, year: int) -> float:
        return sum(plant.capacity(year) for plant in self._savers[material, region])
