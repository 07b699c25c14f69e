"""The tables of report.xlsx: those of a report, without what stands in data/*.csv row for row, and a tidy one."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from model.report.content import Content
from model.report.sheets import COMPARED_RUNS, SCENARIO, Shown, find_shown
from model.report.tidy import COLUMNS, find_tidy

TIDY = Shown(
    "data", "Data", "A row for each scenario, mineral, stage and year; the stage chain holds what is of the whole "
    "mineral. Ready for a pivot table; the sheets explore and matrix draw on it.", (SCENARIO, *COLUMNS), find_tidy,
)  # fmt: skip

ONLY_AS_FILES = frozenset({
    "costs", "supply_mix", "demand", "exposure", "import_reliance", "concentration", "rents", "award_years",
    "break_even", "output", "flows", "draws", "draw_inputs",
})  # fmt: skip
"""Tables that report.xlsx leaves out: they are in its sheet `data`, or stand in data/*.csv row for row."""

OF_THE_BASE = frozenset({"which_support"})
"""Tables of which report.xlsx has the base scenario only."""


def find_book_sheets(content: Content) -> list[Shown]:
    """The tables of report.xlsx, the tidy one first."""
    compared = [shown for shown in find_shown(content) if shown in COMPARED_RUNS]
    others = [shown for shown in find_shown(content) if shown not in COMPARED_RUNS and shown.name not in ONLY_AS_FILES]
    shorter = {"changed_cells": _beyond_base, **dict.fromkeys(OF_THE_BASE, _of_base)}
    return [*compared, *(shorter.get(shown.name, replace)(shown) for shown in others), TIDY]


def _beyond_base(shown: Shown) -> Shown:
    def rows(content: Content) -> pd.DataFrame:
        table = shown.rows(content)
        columns = list(table.columns[1:])
        in_base = pd.MultiIndex.from_frame(table.loc[table["scenario"] == content.base, columns])
        is_base = table["scenario"] == content.base
        return table[is_base | ~pd.MultiIndex.from_frame(table[columns]).isin(in_base)]

    return replace(shown, note=f"{shown.note} What the base changes too is listed there only.", rows=rows)


def _of_base(shown: Shown) -> Shown:
    def rows(content: Content) -> pd.DataFrame:
        table = shown.rows(content)
        return table[table["scenario"] == content.base] if len(table) else table

    return replace(shown, note=f"{shown.note} Of the base scenario.", rows=rows)
