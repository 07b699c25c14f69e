"""The keys in the header row of a sheet: columns and years."""

from __future__ import annotations

from typing import TypeVar

from openpyxl.utils import get_column_letter

from model.errors import Problem
from model.workbook.cell_errors import CellError
from model.workbook.cells import refuse_broken
from model.workbook.grid import address
from model.workbook.schema import Sheet

Key = TypeVar("Key", str, int)


def read_year(raw: object) -> int | None:
    """The year a key stands for, or None: `2026`, `2026.0` and the text `2026` are the same year.

    >>> read_year("2026"), read_year(2026.0), read_year("2026.5"), read_year(12), read_year(10**400)
    (2026, 2026, None, None, None)
    """
    year = 0.0
    if isinstance(raw, str):
        year = float(raw) if raw.isascii() and raw.isdecimal() and len(raw) == 4 else 0.0
    elif isinstance(raw, int | float) and not isinstance(raw, bool):
        year = raw
    # Numbers that are no year of a plan are left to the message about unknown columns.
    return int(year) if 1900 <= year <= 2200 and int(year) == year else None


def check_header(sheet: Sheet, cell: str, raw: object) -> Problem | None:
    """Return what is wrong with a cell of the header row."""
    try:
        refuse_broken(raw)
    except CellError as error:
        return Problem(error.code, sheet.name, cell, "", error.found, error.rule, error.remedy)
    return None


def place(places: dict[Key, int], key: Key, number: int, sheet: Sheet, cell: str) -> list[Problem]:
    """Note where a key stands; a key that stands twice is a problem."""
    if key not in places:
        places[key] = number
        return []
    return [
        Problem(
            "E113",
            sheet.name,
            cell,
            str(key),
            f"the key {key} stands here a second time",
            f"column {get_column_letter(places[key])} has this key already",
            "delete one of the columns, or put '_' before its key",
        )
    ]


def check_year_order(sheet: Sheet, key_row: int, years: dict[int, int]) -> list[Problem]:
    """Check that years ascend from left to right; one that does not is most likely a typing error (2023 for 2032)."""
    in_order = sorted(years, key=lambda year: years[year])
    ascending = set(_longest_ascent(in_order))
    problems = []
    for n, year in enumerate(in_order):
        if year in ascending:
            continue
        left = max((other for other in in_order[:n] if other in ascending), default=None)
        right = min((other for other in in_order[n + 1 :] if other in ascending), default=None)
        beside = " and ".join(str(other) for other in (left, right) if other is not None)
        meant = left + 1 if left is not None and right in (None, left + 2) else None
        problems.append(Problem(
            "W634", sheet.name, address(key_row, years[year]), str(year),
            f"the year {year} stands {'between' if left and right else 'beside'} {beside}",
            "years ascend from left to right",
            f"did you mean {meant}?" if meant else "correct the year, or move the column",
        ))  # fmt: skip
    return problems


def _longest_ascent(years: list[int]) -> list[int]:
    """Return the longest ascending part of a list, its members not necessarily side by side.

    >>> _longest_ascent([2026, 2031, 2023, 2033])
    [2026, 2031, 2033]
    """
    best: list[list[int]] = []
    for year in years:
        before = max((ascent for ascent in best if ascent[-1] < year), key=len, default=[])
        best.append([*before, year])
    return max(best, key=len, default=[])


def unknown_column(sheet: Sheet, cell: str, key: str, near: str, *, is_year: bool) -> Problem:
    """Return the problem of a key that is not a column of the sheet."""
    if is_year:
        rule = f"{sheet.name} has no year columns"
        remedy = "put '_' before the key; facility columns that change over the years stand in facility_paths"
    else:
        rule = f"{sheet.name} has the columns in inputs/README.md; those that start with '_' are ignored"
        remedy = f"did you mean '{near}'?" if near else "rename it, or put '_' before its key"
    return Problem("E111", sheet.name, cell, key, f"the column '{key}' is not known", rule, remedy)
