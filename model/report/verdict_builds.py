"""What the verdict says of new capacity: what to build, and when."""

from __future__ import annotations

from typing import Any

import pandas as pd

from model.report.content import Content
from model.report.sentences import FEW, Sentence, VerdictTables, count_rest
from model.workbook.formatting import amount, counted, joined, money, spans

PART_TOLERANCE = 1e-6
"""A project that lacks less than this share of its size is whole."""


def report_projects(known: VerdictTables, scenario: str) -> Sentence:
    """What to build and when."""
    rows = known.of(known.timeline, scenario)
    if not len(rows):
        return Sentence("build", "Nothing new is built.")
    facilities = rows["facility"].nunique()
    partial = _built_in_part(rows)
    backed = rows.loc[rows["financed_by"] != "merchant", "facility"].nunique()
    text = (
        f"Build {counted(facilities, 'project')} for {money(rows['capex_usd_million'].sum())}, decided in "
        f"{spans(rows['decision_year'])}; {backed or 'none'} of them with a contract."
    )
    if partial:
        text += f" {counted(len(partial), 'project is', 'projects are')} built in part; whole_projects rules that out."
    tied = rows.loc[rows["tied_with"] != "", "facility"].nunique()
    if tied:
        text += f" For {counted(tied, 'project', 'projects')} another would do as well, at the same cost and exposure."
    worth = rows.groupby("facility")["capex_usd_million"].sum().sort_values(ascending=False, kind="stable")
    details = tuple(_report_project(known, rows[rows["facility"] == name]) for name in worth.index[:FEW])
    return Sentence("build", text, (*details, *count_rest(facilities, "project")))


def _report_project(known: VerdictTables, rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    return (
        f"{first['name']} ({known.content.materials[first['material']].short}, {first['region']}): "
        f"{amount(rows['t_per_year'].sum())}{_of_whole(rows)} t/yr, decide in {spans(rows['decision_year'])}, online "
        f"from {rows['online_year'].min()}, {money(rows['capex_usd_million'].sum())}{_instead(known.content, first)}"
    )


def _instead(content: Content, build: pd.Series[Any]) -> str:
    """What could be built instead of a project."""
    names = [content.plants[name].name for name in str(build["tied_with"]).split(", ") if name]
    return f"; {joined(names)} would do as well" if names else ""


def _built_in_part(rows: pd.DataFrame) -> list[str]:
    """The projects of which only a part is built."""
    return [str(name) for name, part in rows.groupby("facility", sort=False) if _of_whole(part)]


def _of_whole(rows: pd.DataFrame) -> str:
    """The size of the whole project, where less than that is built."""
    whole, built = rows["whole_t_per_year"].iloc[0], rows["t_per_year"].sum()
    return f" of {amount(whole)}" if built < (1 - PART_TOLERANCE) * whole else ""
