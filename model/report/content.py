"""Everything a report shows, gathered from the tables of a run, its manifest and the workbook."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, get_args

import pandas as pd

from model.report.assumptions import Assumption, find_assumptions
from model.results.by_mineral import LEAST_SHARE
from model.results.columns import TableName
from model.scenarios.merge import merge
from model.workbook.evidence import Evidence, Grade
from model.workbook.pathways import pathway
from model.workbook.schema import ALL, SHEET, SHEETS
from model.workbook.tables import Record, Tables

FIRST, SECOND = "a", "b"
"""What the names of the scenarios of the two runs begin with."""

ComparedTable = Literal["input_changes", "mineral_changes", "project_changes", "award_changes", "result_changes"]
"""Tables of a comparison of two runs."""

ReportedTable = TableName | ComparedTable

COMPARED_TABLES: tuple[ComparedTable, ...] = get_args(ComparedTable)

SHORT = 30
"""Characters of a title that fits into a figure."""

EVERY_FIFTH = 5
"""Years apart that a report shows where the workbook names none."""


@dataclass(frozen=True)
class MaterialInfo:
    """A material: its name, stage, mineral, and every mineral in it."""

    name: str
    mineral: str
    stage: str
    minerals: tuple[str, ...]

    @property
    def short(self) -> str:
        """The name without what it says in brackets."""
        return self.name.partition(" (")[0]


@dataclass(frozen=True)
class Plant:
    """A facility: its name, where it stands, and what it makes."""

    name: str
    owner: str
    region: str
    pathway: str
    output: str


class Budget(NamedTuple):
    """What a pot may pay in a year of a scenario."""

    scenario: str
    pot: str
    view: str
    materials: tuple[str, ...]
    offers: tuple[str, ...]
    year: int
    usd_million: float


class Part(NamedTuple):
    """Tonnes of a mineral in a tonne of a material, in a scenario."""

    scenario: str
    material: str
    stage: str
    mineral: str
    content: float


class Input(NamedTuple):
    """Tonnes of a material a facility uses for a tonne of its main output, in a scenario."""

    scenario: str
    facility: str
    material: str
    used: float


@dataclass(frozen=True)
class Scenario:
    """A plan as the report shows it.

    Attributes:
        name, title: its identifier and what it is called.
        status: optimal, infeasible, limit or lost.
        message: why there is no plan ("" where there is one).
        stress_drop: how far prices fall in the stress view of its budgets.
        first_year, last_year: of its horizon.
        discount_rate: at which its cost is discounted.
        price_year: year whose dollars its money is in, if it is stated.
    """

    name: str
    title: str
    status: str
    message: str
    stress_drop: float
    first_year: int
    last_year: int
    discount_rate: float = 0.0
    price_year: int | None = None

    @property
    def is_solved(self) -> bool:
        """Whether there is a plan to show."""
        return self.status == "optimal"

    def index_span(self, index_from: int) -> str:
        """The years the exposure index of the plan covers, with the first year it counts."""
        return f"{max(index_from, self.first_year)}-{self.last_year}"

    @property
    def yardstick(self) -> dict[str, str]:
        """What two plans must share for their costs to be comparable."""
        return {
            "horizon": f"{self.first_year}-{self.last_year}",
            "discount rate": f"{100 * self.discount_rate:.10g} %",
            "price year": str(self.price_year or "not stated"),
        }

    def unlike(self, other: Scenario) -> str:
        """Why the costs of two plans cannot be compared ("" where they can)."""
        mine, theirs = self.yardstick, other.yardstick
        return "; ".join(
            f"the {what} is {mine[what]}, not {theirs[what]}" for what in mine if mine[what] != theirs[what]
        )


@dataclass(frozen=True)
class Content:
    """What the reports of one run are made from.

    Attributes:
        title: name of the study.
        years: of the plan (of the longest scenario).
        report_years: the years tables are shown for where all would be too many.
        index_from: first year the exposure index counts.
        price_year: year whose dollars all money is in, if it is stated.
        concern_label: label of the pathway through regions of concern.
        scenarios: in the order of the workbook.
        tables: results table -> rows of all scenarios.
        names: sheet -> identifier -> name in full, in the order of the workbook.
        places: region -> longitude and latitude, where the workbook states them.
        short_titles: scenario or shock -> its title where there is little room.
        steps: stages with a place in the chain; scrap has none.
        goods: material -> what it is.
        plants: facility -> what it is.
        limited: export limit -> the materials it is about.
        parts: what materials hold, in every scenario.
        inputs: what facilities use, in every scenario.
        budgets: of every scenario, pot, view and year of the horizon.
        pots_in_force: (scenario, contract in force) -> the pot that pays it.
        assumptions: sources, the weakest first.
        grades: how many numbers and rows of the sheets of facts are published, derived and assumed.
        warnings: what the checks found odd.
        manifest: about the run.
    """

    title: str
    years: tuple[int, ...]
    report_years: tuple[int, ...]
    index_from: int
    price_year: int | None
    concern_label: str
    scenarios: tuple[Scenario, ...]
    tables: Mapping[str, pd.DataFrame]
    names: Mapping[str, Mapping[str, str]]
    places: Mapping[str, tuple[float, float]]
    short_titles: Mapping[str, str]
    steps: frozenset[str]
    goods: Mapping[str, MaterialInfo]
    plants: Mapping[str, Plant]
    limited: Mapping[str, tuple[str, ...]]
    parts: tuple[Part, ...]
    inputs: tuple[Input, ...]
    budgets: tuple[Budget, ...]
    pots_in_force: Mapping[tuple[str, str], str]
    assumptions: tuple[Assumption, ...]
    grades: tuple[Grade, ...]
    warnings: tuple[str, ...]
    manifest: Mapping[str, object]

    @property
    def solved(self) -> tuple[Scenario, ...]:
        """The scenarios that have a plan."""
        return tuple(scenario for scenario in self.scenarios if scenario.is_solved)

    @property
    def base(self) -> str:
        """The scenario the others are compared with, unless the reader picks another: the first that has a plan."""
        return self.solved[0].name if self.solved else ""

    @property
    def first(self) -> str:
        """The scenario a page opens with: where two runs are compared, that of the second run."""
        second = [scenario.name for scenario in self.solved if scenario.name.startswith(f"{SECOND}/")]
        return second[0] if self.is_comparison and second else self.base

    @property
    def is_comparison(self) -> bool:
        """Whether these are two runs side by side."""
        return "input_changes" in self.tables

    def name(self, sheet: str, key: str) -> str:
        """The name in full of a row, or its identifier where it has none."""
        return self.names[sheet].get(key) or key

    def rows(self, table: ReportedTable) -> pd.DataFrame:
        """A table, empty where the run did not make it."""
        return self.tables.get(table, pd.DataFrame())

    def of(self, table: ReportedTable, scenario: str) -> pd.DataFrame:
        """The rows of a table that belong to a scenario."""
        rows = self.rows(table)
        return rows[rows["scenario"] == scenario] if len(rows) else rows

    def total(self, scenario: str, measure: str) -> float:
        """A measure of the summary over the whole horizon (not a number where it was not measured)."""
        return self._totals.get((scenario, measure), math.nan)

    def shares(self, scenario: str, measure: str) -> dict[str, float]:
        """Mineral -> a share of its demand over the horizon (`exposed_share` or `unmet_share`), the largest first.

        Minerals without such a share are left out.
        """
        prefix = f"{measure}_"
        found = {
            key.removeprefix(prefix): value
            for (name, key), value in self._totals.items()
            if name == scenario and key.startswith(prefix) and value > LEAST_SHARE
        }
        return dict(sorted(found.items(), key=lambda share: -share[1]))

    @cached_property
    def _totals(self) -> dict[tuple[str, str], float]:
        rows = self.rows("summary")
        if not len(rows):
            return {}
        whole = rows[rows["year"].isna()].drop_duplicates(["scenario", "measure"])
        keys = whole[["scenario", "measure"]].itertuples(index=False, name=None)
        return dict(zip(keys, whole["value"].tolist(), strict=True))

    @cached_property
    def costs(self) -> dict[str, dict[str, float]]:
        """Discounted cost of every scenario by term, in USD million."""
        found: dict[str, dict[str, float]] = {}
        rows = self.rows("costs")
        if len(rows):
            summed = rows.groupby(["scenario", "term"], sort=False)["discounted_usd_million"].sum()
            for scenario, term, usd_million in summed.reset_index().itertuples(index=False, name=None):
                found.setdefault(scenario, {})[term] = usd_million
        return found


class Solved(NamedTuple):
    """What became of a scenario, as far as the report is concerned."""

    name: str
    status: str
    message: str


def find_content(
    base: Tables,
    solved: Sequence[Solved],
    tables: Mapping[str, pd.DataFrame],
    warnings: Iterable[str] = (),
    manifest: Mapping[str, object] | None = None,
) -> Content:
    """Gather the content of a report.

    Args:
        base: the workbook as it was read.
        solved: what became of every scenario.
        tables: results table -> rows of all scenarios.
        warnings: what the checks found odd.
        manifest: about the run.
    """
    merged = {outcome.name: merge(base, outcome.name).tables for outcome in solved}
    titles = {record.text("scenario"): record.text("title") for record in base["scenarios"]}
    years = sorted({year for world in merged.values() for year in world.horizon} or set(base.horizon))
    return Content(
        title=str(base.setting("title")),
        years=tuple(years),
        report_years=_report_years(base, years),
        index_from=_index_from(base, years),
        price_year=_price_year(base),
        concern_label=str(base.setting("concern_label")),
        scenarios=tuple(
            Scenario(name, titles.get(name, "") or name, status, message,
                     merged[name].number("cfd_stress_price_drop"), merged[name].horizon[0], merged[name].horizon[-1],
                     merged[name].number("social_discount_rate"), _price_year(merged[name]))
            for name, status, message in solved
        ),
        tables=dict(tables),
        names={
            "scenarios": {name: words or name for name, words in titles.items()},
            **{sheet.name: _names(base, sheet.name) for sheet in SHEETS if "name" in sheet.by_key},
        },
        places={
            record.text("region"): (record.number("longitude"), record.number("latitude"))
            for record in base["regions"]
            if None not in (record["longitude"], record["latitude"])
        },
        short_titles={record.text("scenario"): _short_title(record) for record in base["scenarios"]},
        steps=frozenset(record.text("stage") for record in base["stages"] if record["order"] is not None),
        goods=_goods(base),
        plants=_plants(base, years[0]),
        limited={record.text("limit"): _selected(base, record) for record in base["export_limits"]},
        parts=tuple(part for name, world in merged.items() for part in _parts(name, world)),
        inputs=tuple(used for name, world in merged.items() for used in _inputs(name, world)),
        budgets=tuple(budget for name, world in merged.items() for budget in _budgets(name, world)),
        pots_in_force={
            (name, record.text("contract")): record.text("pot")
            for name, world in merged.items()
            for record in world["contracts_in_force"]
        },
        assumptions=tuple(find_assumptions(base)),
        grades=tuple(Evidence(base["sources"]).grades(base)),
        warnings=tuple(warnings),
        manifest=dict(manifest or {}),
    )  # fmt: skip


def _price_year(tables: Tables) -> int | None:
    year = tables.setting("price_year")
    return int(year) if isinstance(year, int | float) else None


def _short_title(record: Record) -> str:
    """The short title as typed; without it the title where it is short, or the identifier: never a title cut off."""
    title, name = str(record["title"] or ""), record.text("scenario")
    return str(record["short_title"] or "") or (title if 0 < len(title) <= SHORT else name.replace("_", " "))


def _report_years(base: Tables, years: Sequence[int]) -> tuple[int, ...]:
    asked = base.setting("report_years")
    chosen = {int(year) for year in asked} if isinstance(asked, tuple) else set()
    shown = chosen.intersection(years) or {years[0], years[-1], *(year for year in years if year % EVERY_FIFTH == 0)}
    return tuple(sorted(shown))


def _index_from(base: Tables, years: Sequence[int]) -> int:
    first = base.setting("frontier_from_year")
    return int(first) if isinstance(first, int | float) else years[0]


def _names(base: Tables, sheet: str) -> dict[str, str]:
    return {record.key[0]: str(record["name"] or "") for record in base.of(sheet)}


def _goods(base: Tables) -> dict[str, MaterialInfo]:
    minerals = {record.text("material"): [record.text("mineral")] for record in base["materials"]}
    for record in base["contents"]:
        minerals[record.text("material")].append(record.text("mineral"))
    return {
        record.text("material"): MaterialInfo(
            str(record["name"] or record["material"]), record.text("mineral"), record.text("stage"),
            tuple(minerals[record.text("material")]),
        )
        for record in base["materials"]
    }  # fmt: skip


def _plants(base: Tables, year: int) -> dict[str, Plant]:
    standing = {record.text("region"): str(record.at("standing", year)) for record in base["regions"]}
    return {
        record.text("facility"): Plant(
            str(record["name"] or record["facility"]), str(record["owner"] or ""), record.text("region"),
            pathway(record.text("kind"), standing.get(record.text("region"), "other")), record.text("output"),
        )
        for record in base["facilities"]
    }  # fmt: skip


def _parts(scenario: str, world: Tables) -> Iterable[Part]:
    stage = {record.text("material"): record.text("stage") for record in world["materials"]}
    for sheet, column in (("materials", "content"), ("contents", "t_per_t")):
        for record in world.of(sheet):
            material, held = record.text("material"), record.number(column)
            if held > 0:
                yield Part(scenario, material, stage[material], record.text("mineral"), held)


def _inputs(scenario: str, world: Tables) -> Iterable[Input]:
    for record in world["recipes"]:
        if record["role"] == "input":
            yield Input(scenario, record.text("facility"), record.text("material"), record.number("t_per_t"))


def _budgets(scenario: str, world: Tables) -> Iterable[Budget]:
    names = tuple(record.text("offer") for record in world["support_offers"])
    for record in world["support_budgets"]:
        offers = names if ALL in record.names("offers") else record.names("offers")
        for year in world.horizon:
            yield Budget(scenario, record.text("pot"), record.text("view"), _selected(world, record), offers, year,
                         record.years[year])  # fmt: skip


def _selected(world: Tables, record: Record) -> tuple[str, ...]:
    """The materials a row is about."""
    named = record.names("materials" if "materials" in SHEET[record.sheet].by_key else "material")
    return tuple(other.text("material") for other in world["materials"]) if ALL in named else named
