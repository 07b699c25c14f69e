"""Demand against everything that could at most supply it, before anything is solved.

All bounds are generous: every plant runs at full capacity, is built as soon and as large as it may be, and has whatever
it shares with others to itself. What is put in stock in earlier years is not counted. Apart from that, demand above
such a bound is certain to stay unmet; demand below it may be met.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from model.errors import Problem
from model.rules.context import Context, at
from model.workbook.formatting import amount
from model.workbook.tables import Record

_NOTABLE = 1e-6
"""Shares of demand below this are rounding."""


def check_supply(context: Context) -> Iterator[Problem]:
    """Demand is not above what could at most be supplied; one message for each material and region, the worst year."""
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
    """Where the shortage comes from, if the plants that make a material would be large enough."""
    plants = bounds.capacity_at(material, region, year)
    short = bounds.short_input(material, year)
    if not short or plants <= bounds.supply_at(material, region, year) * (1 + _NOTABLE):
        return ""
    return (
        f" (plants could make {amount(plants)}, but there are only {amount(bounds.supply(short, year))} t of '{short}')"
    )


class _Bounds:
    """The most of each material that can be there in a year."""

    def __init__(self, context: Context) -> None:
        self._world = context
        self._supply: dict[tuple[str, int], float] = {}
        self._capacities: dict[tuple[str, int], float] = {}
        self._locals: dict[tuple[str, str, int], float] = {}
        self._serving: dict[tuple[str, str], list[Record]] = {}
        self._hosts: dict[str, list[tuple[Record, float]]] = defaultdict(list)
        for facilities in context.makers.values():
            for facility in facilities:
                for row in context.recipe(facility, "coproduct"):
                    self._hosts[row.text("material")].append((facility, row.number("t_per_t")))
        self._savers: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for facility in context.tables["facilities"]:
            if facility["kind"] == "substitution":
                self._savers[facility.text("output"), facility.text("region")].append(facility)
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
        """The most of a material for a region, with what is saved there."""
        whole = self._made(self._makers_for(material, region), year) + self._beside(material, year)
        at_hand = self._local(material, region, year) + self._arriving(material, region, year)
        return min(whole, at_hand) + self._saved(material, region, year)

    def capacity_at(self, material: str, region: str, year: int) -> float:
        """What the plants that can serve a region could make if they had all they need."""
        return sum(self._capacity(facility, year) for facility in self._makers_for(material, region))

    def short_input(self, material: str, year: int) -> str:
        """The input that holds back the plants of a material most."""
        ratios: dict[str, float] = {}
        for name, group in self._by_input(self._world.makers.get(material, [])).items():
            wanted = sum(self._capacity(facility, year) * per_tonne for facility, per_tonne in group)
            if name and wanted > self.supply(name, year):
                ratios[name] = wanted - self.supply(name, year)
        return max(ratios, key=lambda name: ratios[name], default="")

    def supply(self, material: str, year: int) -> float:
        """The most of a material that can be there in the whole network."""
        key = (material, year)
        if key not in self._supply:
            # A material that is needed to make itself sets no limit here: the bound stays a bound.
            self._supply[key] = math.inf
            self._supply[key] = self._made(self._world.makers.get(material, []), year) + self._beside(material, year)
        return self._supply[key]

    def _makers_for(self, material: str, region: str) -> list[Record]:
        if (material, region) not in self._serving:
            makers = self._world.makers.get(material, [])
            serving = [f for f in makers if region in self._world.reached(material, {f.text("region")})]
            self._serving[material, region] = serving
        return self._serving[material, region]

    def _capacity(self, facility: Record, year: int) -> float:
        key = (facility.text("facility"), year)
        if key not in self._capacities:
            capacity = self._world.most_built(facility, year)
            if self._world.exists(facility, year):
                capacity += facility.number("capacity_tpa", year)
            usable = facility.number("offtake_share", year) * facility.number("utilisation", year)
            # No limit on what can be built, of which nothing can be used, is nothing.
            self._capacities[key] = capacity * usable if usable else 0.0
        return self._capacities[key]

    def _by_input(self, facilities: list[Record]) -> dict[str, list[tuple[Record, float]]]:
        """Facilities by their first input, with how much of it they use per tonne ("" for none)."""
        groups = defaultdict(list)
        for facility in facilities:
            inputs = self._world.recipe(facility, "input")
            name = inputs[0].text("material") if inputs else ""
            groups[name].append((facility, inputs[0].number("t_per_t") if inputs else 0.0))
        return groups

    def _made(self, facilities: list[Record], year: int) -> float:
        """The most these facilities can make, those with the same first input sharing it."""
        total = 0.0
        for name, group in self._by_input(facilities).items():
            made = sum(self._run(facility, year) for facility, _ in group)
            if name:
                made = min(made, self.supply(name, year) / min(per_tonne for _, per_tonne in group))
            total += made
        return total

    def _run(self, facility: Record, year: int) -> float:
        """The most one facility can make with the capacity and inputs there are."""
        inputs = self._world.recipe(facility, "input")
        limits = [self.supply(row.text("material"), year) / row.number("t_per_t") for row in inputs]
        return min([self._capacity(facility, year), *limits])

    def _beside(self, material: str, year: int) -> float:
        """The most that comes as a coproduct, from scrap, or out of stocks."""
        taken = sum(self._capacity(facility, year) * per_tonne for facility, per_tonne in self._hosts[material])
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
        here = [f for f in self._world.makers.get(material, []) if f["region"] == region]
        hosts = [(f, share) for f, share in self._hosts[material] if f["region"] == region]
        taken = sum(self._capacity(facility, year) * share for facility, share in hosts)
        return self._made(here, year) + taken + self._scrap(material, region, year) + self._stocks[material, region]

    def _arriving(self, material: str, region: str, year: int) -> float:
        """What the routes into a region can carry of what there is at their origins; a port has what others send."""
        return sum(
            min(capacity, math.inf if self._is_port(origin) else self._local(material, origin, year))
            for origin, capacity in self._world.routes_into(region, material).items()
        )

    def _is_port(self, region: str) -> bool:
        return region in self._world.regions and bool(self._world.regions[region]["transit"])

    def _saved(self, material: str, region: str, year: int) -> float:
        return sum(self._capacity(facility, year) for facility in self._savers[material, region])
