"""What fills the sheets of report.xlsx that are not tables of results as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from model.data.costs import KINDS, kind_of
from model.report import flow_tables, project_tables, scenario_tables, support_tables
from model.report.assumptions import Assumption
from model.report.content import Content
from model.report.terms import TERMS
from model.results.columns import TableName
from model.workbook.evidence import Grade
from model.workbook.formatting import counted
from model.workbook.schema import PATHWAYS


def compare_scenarios(content: Content) -> pd.DataFrame:
    """The comparison, with the change against the base scenario, for plans whose costs can be compared with its."""
    table = scenario_tables.comparison(content)
    if not content.base:
        return table
    base = table[table["scenario"] == content.base].iloc[0]
    alike = [not scenario.unlike(content.solved[0]) for scenario in content.scenarios]
    for change, column in CHANGES.items():
        table[change] = (table[column] - base[column]).where(alike)
    return table


CHANGES = {
    "exposure_change": "exposure_index",
    "supply_cost_change_usd_million": "supply_cost_usd_million",
    "penalty_cost_change_usd_million": "penalty_cost_usd_million",
    "cost_change_usd_million": "cost_usd_million",
    "support_paid_change_usd_million": "support_paid_usd_million",
}
"""Column of the comparison -> the column it is the change of."""


def spread_costs(content: Content) -> pd.DataFrame:
    """Discounted cost, terms across."""
    terms = scenario_tables.cost_terms(content)
    wide = (
        terms.pivot_table(index="scenario", columns="term", values="usd_million", sort=False) if len(terms) else terms
    )
    order = [scenario.name for scenario in content.solved]
    wide = wide.reindex(order).reindex(columns=list(TERMS)).fillna(0.0)
    sums = {kind: wide[[term for term in TERMS if kind_of(term) == kind]].sum(axis=1) for kind in KINDS}
    wide = wide.assign(total=wide.sum(axis=1), **sums)
    return wide.reset_index()


def spread_mix(content: Content) -> pd.DataFrame:
    """The supply mix, years across."""
    keys = ["scenario", "mineral", "stage", "pathway"]
    wide = project_tables.years_across(content.rows("mix"), keys, "t", content.years)
    return _in_order(wide, content, mineral=content.names["minerals"], stage=content.names["stages"], pathway=PATHWAYS)


def _in_order(rows: pd.DataFrame, content: Content, **orders: Iterable[str]) -> pd.DataFrame:
    """Rows in the order of the scenarios, then of the words that are named."""
    every = {"scenario": [scenario.name for scenario in content.scenarios], **orders}
    places = {column: {word: n for n, word in enumerate(order)} for column, order in every.items()}
    return rows.sort_values(
        list(places), key=lambda words: words.map(places[str(words.name)]), kind="stable", ignore_index=True
    )


def spread_payments(content: Content) -> pd.DataFrame:
    """Support by project, years across, the largest first."""
    rows = support_tables.award_years(content)
    years = sorted(set(content.years).union(int(year) for year in rows["year"])) if len(rows) else content.years
    wide = project_tables.years_across(rows, ("scenario", "facility"), "outlay_usd_million", years)
    wide["name"] = _plant_names(content, wide["facility"])
    largest = wide[[str(year) for year in years]].sum(axis=1).sort_values(ascending=False, kind="stable").index
    return _in_order(wide.loc[largest], content)


def _plant_names(content: Content, facilities: pd.Series[str]) -> pd.Series[str]:
    return facilities.map({name: plant.name for name, plant in content.plants.items()}).fillna(facilities)


def name_facilities(content: Content, table: TableName) -> pd.DataFrame:
    """A table with the names of its facilities."""
    rows = content.rows(table)
    return rows.assign(name=_plant_names(content, rows["facility"])) if len(rows) else rows


def order_projects(content: Content) -> pd.DataFrame:
    """Projects by mineral and decision year, with the lengths a Gantt chart is made of."""
    rows = project_tables.timeline(content)
    if not len(rows):
        return rows
    rows["construction_years"] = rows["online_year"] - rows["decision_year"]
    rows["online_years"] = max(content.years) + 1 - rows["online_year"]
    rows = rows.sort_values(["decision_year", "online_year", "facility"], kind="stable")
    return _in_order(rows, content, mineral=content.names["minerals"])


def set_side_by_side(content: Content) -> pd.DataFrame:
    """The forms of support side by side, with the names of the facilities."""
    rows = support_tables.support_side_by_side(content)
    return rows.assign(name=_plant_names(content, rows["facility"])) if len(rows) else rows


def spread_output(content: Content) -> pd.DataFrame:
    """The output of every facility, years across, with its name."""
    rows = project_tables.output(content)
    rows["name"] = _plant_names(content, rows["facility"])
    return rows


def choose_flows(content: Content) -> pd.DataFrame:
    """Flows of the years a report shows: all years would be too many rows to read."""
    rows = flow_tables.flows(content)
    return rows[rows["year"].isin(content.report_years)]


def list_sources(content: Content) -> pd.DataFrame:
    """The sources the numbers rest on."""
    return pd.DataFrame(content.assumptions, columns=list(Assumption._fields))


def list_grades(content: Content) -> pd.DataFrame:
    """How firm the numbers are."""
    return pd.DataFrame(content.grades, columns=list(Grade._fields))


def list_warnings(content: Content) -> pd.DataFrame:
    """The warnings of the checks, each with its code."""
    return pd.DataFrame({"code": [text.partition(" ")[0] for text in content.warnings], "warning": content.warnings})


def list_run(content: Content) -> pd.DataFrame:
    """The manifest as rows of a name and a value; of the solves of a scenario only how many there are and how long."""
    kept = {key: value for key, value in content.manifest.items() if key not in ("warnings", "models")}
    rows = [row for key, value in kept.items() for row in _flat(key, value)]
    return pd.DataFrame([*rows, *_solves(content)], columns=["item", "value"])


def _solves(content: Content) -> Iterator[tuple[str, str]]:
    """The solves of each scenario and analysis: how many, their seconds, and the largest infeasibility of all."""
    entries = content.manifest.get("models")
    if not isinstance(entries, list) or not entries:
        return
    models = pd.DataFrame(entries).reindex(columns=["scenario", "analysis", "status", "seconds", *_INFEASIBILITIES])
    for (scenario, analysis), part in models.groupby(["scenario", "analysis"], sort=False):
        largest = part[list(_INFEASIBILITIES)].max().max()
        text = f"{counted(len(part), 'solve')}, {part['seconds'].sum():.1f} s"
        text += "" if pd.isna(largest) else f", largest infeasibility {largest:.1g}"
        failed = part.loc[part["status"] != "optimal", "status"].value_counts()
        text += "".join(f", {count} {status}" for status, count in failed.items())
        yield f"solves {scenario} {analysis}", text


_INFEASIBILITIES = ("largest_primal_infeasibility", "largest_dual_infeasibility")


def _flat(name: str, value: object) -> Sequence[tuple[str, str]]:
    if isinstance(value, dict):
        return [row for key, inner in value.items() for row in _flat(f"{name} {key}", inner)]
    if isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        return [row for n, inner in enumerate(value, 1) for row in _flat(f"{name} {n}", inner)]
    if isinstance(value, list):
        return [(name, " ".join(map(str, value)))]
    return [(name, f"{value:.9g}" if isinstance(value, float | np.floating) else str(value))]
