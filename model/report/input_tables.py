"""The tables about the inputs: what scenarios change, and which numbers matter most."""

from __future__ import annotations

from typing import Any

import pandas as pd

from model.report.content import Content
from model.workbook.formatting import shown


def changed_cells(content: Content) -> pd.DataFrame:
    """What every scenario changed in the workbook: one row a cell, or a row of years where years changed.

    What a scenario changes as the base does is listed with the base only.
    """
    rows = content.rows("changes")
    columns = ["scenario", "sheet", "record", "column", "years", "old", "new"]
    if not len(rows):
        return pd.DataFrame(columns=columns)
    keys = ["scenario", "sheet", "record", "column"]
    found = rows.assign(column=rows["column"].fillna("")).groupby(keys, sort=False, dropna=False)
    return pd.DataFrame([(*key, *_describe_change(group)) for key, group in found], columns=columns)


def _describe_change(group: pd.DataFrame) -> tuple[str, str, str]:
    """Years, old and new value: the first and the last where they differ from year to year."""
    years = [int(year) for year in group["year"].dropna()]
    span = "" if not years else str(years[0]) if len(years) == 1 else f"{min(years)}-{max(years)}"
    return span, _first_and_last(group["old"]), _first_and_last(group["new"])


def _first_and_last(values: pd.Series[Any]) -> str:
    texts = ["" if value is pd.NA else shown(value) for value in values.tolist()]
    return texts[0] if len(set(texts)) == 1 else f"{texts[0]} ... {texts[-1]}"


def most_influential(content: Content, most: int) -> pd.DataFrame:
    """The numbers of each scenario whose influence is largest."""
    rows = content.rows("influence")
    return rows[rows["rank"] <= most].reset_index(drop=True) if len(rows) else rows
