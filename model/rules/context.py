"""What the rules read: the merged tables of one scenario, with lookups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from model.errors import Problem
from model.rules.watched import Watched, WatchedTables, shared
from model.workbook.schema import ALL, NO_LIMIT
from model.workbook.tables import Record, Tables

SUM_TOLERANCE = 1e-3

Rule = Callable[["Context"], Iterator[Problem]]


def at(record: Record, column: str, code: str, found: str, rule: str, remedy: str) -> Problem:
    """Return a problem in a cell of a record, or in its first cell where the sheet does not have the column."""
    cell = record.cells.get(column) or next(iter(record.cells.values()), "")
    return Problem(code, record.sheet, cell, column, found, rule, remedy)


class Context(Watched):
    """The tables of one scenario with the lookups the rules share. Unknown names are simply not found.

    Attributes:
        every: all rows, including those with a cell that could not be read.
        tables: the rows that could be read, so that what stands in them can be relied on.
        years: the years of the plan.
    """

    def __init__(self, tables: Tables, scenario: str = "") -> None:
        super().__init__()
        self.every: Tables = WatchedTables(tables, self.watch)
        self.tables: Tables = WatchedTables(tables.without_unread(), self.watch)
        self.years = tables.horizon
        kinds = {record.text("scenario"): record["kind"] for record in tables["scenarios"] if not record.unread}
        self._facts = {"is_scenario": scenario != "", "in_shock": kinds.get(scenario) == "shock"}
        self._decision_years: dict[str, list[int]] = {}

    @property
    def is_scenario(self) -> bool:
        """Whether the tables are those of a scenario, not of the workbook as it stands."""
        return self.fact("is_scenario")

    @property
    def in_shock(self) -> bool:
        """Whether the scenario is a shock, in which some rules of ordinary years do not apply."""
        return self.fact("in_shock")

    def fact(self, name: str) -> bool:
        """Return a fact about the scenario itself."""
        self.watch.note((name,))
        return self._facts[name]

    @shared
    def regions(self) -> dict[str, Record]:
        """The regions by name."""
        return {record.text("region"): record for record in self.tables["regions"]}

    @shared
    def materials(self) -> dict[str, Record]:
        """The materials by name."""
        return {record.text("material"): record for record in self.tables["materials"]}

    @shared
    def prices(self) -> dict[str, Record]:
        """The reference prices by material."""
        return {record.text("material"): record for record in self.tables["prices"]}

    def lacks_price(self, material: object) -> bool:
        """Whether a material that is there has no price, not even one that could not be read or has a wrong name."""
        known = material in self.materials and material not in self.prices
        return known and not self._has_stray_price and not self.every.may_hold("prices", material=str(material))

    @shared
    def _has_stray_price(self) -> bool:
        """Whether a price is for a material that is not there, so that it may be meant for any other."""
        return not self.prices.keys() <= {record.text("material") for record in self.every["materials"]}

    @shared
    def makers(self) -> dict[str, list[Record]]:
        """The facilities that make a material as their main output; substitution makes nothing."""
        found = defaultdict(list)
        for facility in self.tables["facilities"]:
            if facility["kind"] != "substitution":
                found[facility.text("output")].append(facility)
        return found

    @shared
    def _recipes(self) -> dict[tuple[str, str], list[Record]]:
        found = defaultdict(list)
        for row in self.tables["recipes"]:
            found[row.text("facility"), row.text("role")].append(row)
        return found

    def recipe(self, facility: Record, role: str = "") -> list[Record]:
        """The recipe rows of a facility, or those with a role."""
        name = facility.text("facility")
        if role:
            return self._recipes.get((name, role), [])
        return [*self._recipes.get((name, "input"), ()), *self._recipes.get((name, "coproduct"), ())]

    def outputs(self, facility: Record) -> list[str]:
        """What a facility makes: its main output and its coproducts."""
        return [facility.text("output"), *(row.text("material") for row in self.recipe(facility, "coproduct"))]

    @shared
    def content(self) -> dict[str, dict[str, float]]:
        """Tonnes of each mineral in a tonne of a material, its own and others."""
        found: dict[str, dict[str, float]] = {
            name: {record.text("mineral"): record.number("content")} for name, record in self.materials.items()
        }
        for row in self.tables["contents"]:
            found.setdefault(row.text("material"), {}).setdefault(row.text("mineral"), row.number("t_per_t"))
        return found

    @shared
    def demand(self) -> dict[tuple[str, str], dict[int, float]]:
        """(material, region) -> demand of each year, all segments together."""
        found: dict[tuple[str, str], dict[int, float]] = defaultdict(lambda: dict.fromkeys(self.years, 0.0))
        for row in self.tables["demand"]:
            total = found[row.text("material"), row.text("region")]
            for year in self.years:
                total[year] += row.years[year]
        return dict(found)

    @shared
    def origins(self) -> dict[str, set[str]]:
        """Regions in which each material originates: made, recovered, collected, or in an initial stock."""
        found: dict[str, set[str]] = defaultdict(set)
        for facilities in self.makers.values():
            for facility in facilities:
                for material in self.outputs(facility):
                    found[material].add(facility.text("region"))
        for row in self.tables["scrap"]:
            found[row.text("material")].add(row.text("region"))
        for back in self.tables["returns"]:
            found[back.text("scrap")].update(region for product, region in self.demand if product == back["product"])
        for stock in self.tables["stockpiles"]:
            if stock.number("initial_t") > 0:
                found[stock.text("material")].add(stock.text("region"))
        return found

    @shared
    def uses(self) -> dict[str, set[str]]:
        """Regions in which each material is used: demanded, an input, stored, or sold to an outlet."""
        found: dict[str, set[str]] = defaultdict(set)
        for material, region in self.demand:
            found[material].add(region)
        for facility in self.tables["facilities"]:
            for row in self.recipe(facility, "input"):
                found[row.text("material")].add(facility.text("region"))
        takers: list[Record] = [*self.tables["stockpiles"], *self.tables["outlets"]]
        for taker in takers:
            found[taker.text("material")].add(taker.text("region"))
        return found

    @shared
    def _routes(self) -> dict[tuple[str, str], set[str]]:
        """(from region, material or `*`) -> where it can be shipped."""
        found = defaultdict(set)
        for row in self.tables["routes"]:
            found[row.text("from_region"), row.text("material")].add(row.text("to_region"))
        return found

    def reached(self, material: str, regions: set[str]) -> set[str]:
        """Return the regions a material from these regions can reach: themselves, their routes, and on from ports."""
        found, sending = set(regions), list(regions)
        while sending:
            region = sending.pop()
            arrived = self._routes.get((region, material), set()) | self._routes.get((region, ALL), set())
            sending += [r for r in arrived - found if r in self.regions and self.regions[r]["transit"]]
            found |= arrived
        return found

    def routes_into(self, region: str, material: str) -> dict[str, float]:
        """Origin -> what its route can carry of a material; the material's own row replaces the `*` row of a pair."""
        capacities: dict[str, float] = {}
        for name in (ALL, material):
            for row in self._routes_into[region, name]:
                capacities[row.text("from_region")] = highest(row, "capacity_tpa")
        return capacities

    @shared
    def _routes_into(self) -> dict[tuple[str, str], list[Record]]:
        found = defaultdict(list)
        for row in self.tables["routes"]:
            found[row.text("to_region"), row.text("material")].append(row)
        return found

    def has_origin(self, material: str) -> bool:
        """Whether a material originates anywhere."""
        return bool(self.origins.get(material))

    def is_eligible(self, facility: Record, offer: Record) -> bool:
        """Whether a facility may be offered a contract."""
        materials = offer.names("materials")
        covered = ALL in materials or facility.text("output") in materials
        return covered and bool(facility["commercial"]) and bool(facility["cfd_eligible"])

    def exists(self, facility: Record, year: int) -> bool:
        """Whether a facility has capacity in `year` without a decision."""
        online, retire = facility.number("online_year"), facility.number("retire_year")
        return facility["status"] != "candidate" and online <= year < retire

    def most_built(self, facility: Record, year: int) -> float:
        """The most new capacity of a facility that can be online in `year`, each lead time in its decision year."""
        total = 0.0
        for decision in self.decision_years(facility) if facility.number("max_new_tpa") > 0 else ():
            online = decision + facility.number("lead_time_years", decision)
            if online <= year < online + facility.number("life_years"):
                total += facility.number("max_new_tpa_per_year", decision)
        return min(total, facility.number("max_new_tpa"))

    def decision_years(self, facility: Record) -> list[int]:
        """The years in which new capacity can be decided that comes online by the last year."""
        name = facility.text("facility")
        materials, caps = self.materials, self._lead_time_caps  # Whoever asks has read them, also from the second time.
        if name not in self._decision_years:
            material = materials.get(facility.text("output"))
            cap = caps.get(material.text("mineral"), NO_LIMIT) if material else NO_LIMIT
            self._decision_years[name] = self._find_decision_years(facility, cap)
        return self._decision_years[name]

    def _find_decision_years(self, facility: Record, cap: float) -> list[int]:
        earliest = facility["earliest_decision_year"]
        first = earliest if isinstance(earliest, int | float) else self.years[0]
        return [
            year
            for year in self.years
            if year >= first
            and facility.number("lead_time_years", year) <= cap
            and year + facility.number("lead_time_years", year) <= self.years[-1]
        ]

    @shared
    def _lead_time_caps(self) -> dict[str, float]:
        return {row.text("mineral"): row.number("lead_time_cap_years") for row in self.tables["minerals"]}


def highest(record: Record, column: str) -> float:
    """The highest value of a numeric column over the years."""
    value = record[column]
    numbers = value.values() if isinstance(value, dict) else [value]
    return max((float(number) for number in numbers if isinstance(number, int | float)), default=0.0)
