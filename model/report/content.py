"""Everything a report shows, gathered from the tables of a run, its manifest and the workbook."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import pandas as pd

from model.report.assumptions import Assumption, find_assumptions
from model.report.scenario import Scenario, Solved, find_price_year
from model.report.workbook_facts import (
    Budget,
    Input,
    MaterialInfo,
    Part,
    Plant,
    find_budgets,
    find_inputs,
    find_materials,
    find_parts,
    find_plants,
    find_selected,
)
from model.results.by_mineral import LEAST_SHARE
from model.results.columns import TableName
from model.scenarios.merge import merge
from model.workbook.evidence import Evidence, Grade
from model.workbook.schema import SHEETS
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
        materials: material -> what it is.
        plants: facility -> what it is.
        limited: export limit -> the materials it is about.
        parts: what materials hold, in every scenario.
        inputs: what facilities use, in every scenario.
        budgets: of every scenario, pot, view and year of the horizon.
        pots_in_force: (scenario, contract in force) -> the pot that pays it.
        assumptions: sources, the weakest first.
        grades: how many numbers and rows of the sheets of facts are published, derived and assumed.
        range_assumed: how far assumed numbers may be off, as a share.
        warnings: what the checks found odd.
        manifest: about the run.
        waiting: names of the analyses that are still to come, where the report is written before they are done.
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
    materials: Mapping[str, MaterialInfo]
    plants: Mapping[str, Plant]
    limited: Mapping[str, tuple[str, ...]]
    parts: tuple[Part, ...]
    inputs: tuple[Input, ...]
    budgets: tuple[Budget, ...]
    pots_in_force: Mapping[tuple[str, str], str]
    assumptions: tuple[Assumption, ...]
    grades: tuple[Grade, ...]
    range_assumed: float
    warnings: tuple[str, ...]
    manifest: Mapping[str, object]
    waiting: tuple[str, ...] = ()

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


def find_content(
    base: Tables,
    solved: Sequence[Solved],
    tables: Mapping[str, pd.DataFrame],
    warnings: Iterable[str] = (),
    manifest: Mapping[str, object] | None = None,
    waiting: Sequence[str] = (),
) -> Content:
    """Gather the content of a report.

    Args:
        base: the workbook as it was read.
        solved: what became of every scenario.
        tables: results table -> rows of all scenarios.
        warnings: what the checks found odd.
        manifest: about the run.
        waiting: names of the analyses that are still to come.
    """
    merged = {outcome.name: merge(base, outcome.name).tables for outcome in solved}
    titles = {record.text("scenario"): record.text("title") for record in base["scenarios"]}
    years = sorted({year for world in merged.values() for year in world.horizon} or set(base.horizon))
    return Content(
        title=str(base.setting("title")),
        years=tuple(years),
        report_years=_report_years(base, years),
        index_from=_index_from(base, years),
        price_year=find_price_year(base),
        concern_label=str(base.setting("concern_label")),
        scenarios=tuple(
            Scenario(name, titles.get(name, "") or name, status, message,
                     merged[name].number("cfd_stress_price_drop"), merged[name].horizon[0], merged[name].horizon[-1],
                     merged[name].number("social_discount_rate"), find_price_year(merged[name]))
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
        materials=find_materials(base),
        plants=find_plants(base, years[0]),
        limited={record.text("limit"): find_selected(base, record) for record in base["export_limits"]},
        parts=tuple(part for name, world in merged.items() for part in find_parts(name, world)),
        inputs=tuple(used for name, world in merged.items() for used in find_inputs(name, world)),
        budgets=tuple(budget for name, world in merged.items() for budget in find_budgets(name, world)),
        pots_in_force={
            (name, record.text("contract")): record.text("pot")
            for name, world in merged.items()
            for record in world["contracts_in_force"]
        },
        assumptions=tuple(find_assumptions(base)),
        grades=tuple(Evidence(base["sources"]).grades(base)),
        range_assumed=base.number("range_assumed"),
        warnings=tuple(warnings),
        manifest=dict(manifest or {}),
        waiting=tuple(waiting),
    )  # fmt: skip


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
