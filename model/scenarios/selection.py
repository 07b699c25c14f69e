"""What a row of the sheet `changes` selects: the sheet and column, the years, the records."""

from __future__ import annotations

import re
from dataclasses import dataclass

from model.errors import Problem
from model.workbook.over_time import DECISION_YEAR_COLUMNS, OPERATING_YEAR_COLUMNS
from model.workbook.schema import (
    ALL,
    SHEET,
    SHEETS,
    UNCHANGEABLE,
    Column,
    Sheet,
    Value,
)
from model.workbook.suggestions import listed, nearest
from model.workbook.tables import Record, Tables, YearPath

CHANGEABLE = tuple(sheet.name for sheet in SHEETS if sheet.name not in UNCHANGEABLE)
"""The sheets a scenario may change."""

FOR_THE_READER = ("source", "source_costs", "note", "unit", "description")
"""Columns that describe the numbers; changing them would have no effect."""

REFUSED = (*FOR_THE_READER, "scenario")
"""Columns no scenario changes, beside those that identify a row."""

_BY_YEAR = frozenset(OPERATING_YEAR_COLUMNS | DECISION_YEAR_COLUMNS)

_SPAN = re.compile(r"(\d{4})(?:\.0+)?(?:\s*[-\u2013]\s*(\d{4}))?")
"""A year, or two with a hyphen or an en dash between them."""


class ChangeError(Exception):
    """A row of `changes` that cannot be applied."""

    def __init__(self, code: str, column: str, found: str, rule: str, remedy: str) -> None:
        super().__init__(found)
        self.code, self.column, self.found, self.rule, self.remedy = code, column, found, rule, remedy

    def problem(self, row: Record) -> Problem:
        """Return the same as a problem of `row`."""
        cell = row.cells.get(self.column, "")
        scenario = row.text("scenario")
        return Problem(self.code, "changes", cell, self.column, self.found, self.rule, self.remedy, scenario)


@dataclass
class Workspace:
    """The state that the rows of a scenario change.

    Attributes:
        tables: the tables, interpolated.
        scalars: (facility, column) -> the value of the column itself, for when its path is taken away.
        problems: what was found on the way.
        is_whole: whether every row of the scenario could be read.
    """

    tables: Tables
    scalars: dict[tuple[str, str], Value | YearPath]
    problems: list[Problem]
    is_whole: bool = True

    def __post_init__(self) -> None:
        self._unread = [record for record in self.tables if record.unread]

    @property
    def knows_all_rows(self) -> bool:
        """Whether every cell of every active row could be read."""
        return not any(record.active for record in self._unread)

    def warn(self, row: Record, oddity: ChangeError) -> None:
        """Note a warning about a row that is applied nevertheless."""
        self.problems.append(oddity.problem(row))


@dataclass(frozen=True)
class Target:
    """What a row changes: a column, or the year columns (`column` is None) of a sheet."""

    sheet: Sheet
    column: Column | None

    @property
    def key(self) -> str:
        """The key of the column as it is logged ("" for year columns)."""
        return self.column.key if self.column else ""

    @property
    def takes_years(self) -> bool:
        """Whether years may be given."""
        return self.column is None or self.key in _BY_YEAR

    def rule(self, record: Record) -> Column:
        """Return the rule for a value of this record."""
        if self.column is not None:
            return self.column
        assert self.sheet.years is not None
        word = record.values.get(self.sheet.years.depends_on) if self.sheet.years.depends_on else ""
        return self.sheet.years.rule(word)


def find_target(row: Record) -> Target:
    """The sheet and column a row of `changes` is about."""
    name, key = row.text("sheet"), row.text("column")
    if name not in CHANGEABLE:
        rule = "a scenario changes data" if name in SHEET else "there is no such sheet"
        raise ChangeError("E401", "sheet", f"'{name}'", rule, nearest(name, CHANGEABLE))
    sheet = SHEET[name]
    if not key and sheet.years:
        return Target(sheet, None)
    allowed = [column for column in sheet.by_key if column not in (*sheet.key, *REFUSED)]
    if key in allowed:
        return Target(sheet, sheet.by_key[key])
    years = ", or leave it blank to change the numbers in the year columns" if sheet.years else ""
    if not key:
        found, rule, remedy = "blank", f"the sheet {name} has no year columns", f"name one of {listed(allowed)}"
    elif key in sheet.by_key:
        why = "identifies the row" if key in sheet.key else "is for the reader"
        why = "says which scenarios bring the row" if key == "scenario" else why
        found, rule = f"'{key}'", f"a scenario cannot change a column that {why}"
        remedy = (
            f"change one of {listed(allowed)}{years}; another row is added with its scenario in the column scenario"
        )
    else:
        found, rule, remedy = f"'{key}'", f"the sheet {name} has no such column", nearest(key, allowed) + years
    raise ChangeError("E402", "column", found, rule, remedy)


def find_years(row: Record, target: Target, work: Workspace, known_from: int | None) -> list[int] | None:
    """Return the years of the horizon a row touches; None for all."""
    horizon = work.tables.horizon
    text = row.text("years").strip()
    if text in ("", ALL):
        if known_from is not None and known_from > horizon[0]:
            raise ChangeError(
                "E413", "years", f"'{text or ALL}' in a shock known from {known_from}",
                f"a shock needs years, none before {known_from}",
                f"write {known_from}-{horizon[-1]}" if target.takes_years
                else f"change a column that may depend on the year: {target.key} cannot",
            )  # fmt: skip
        return None
    if not target.takes_years:
        able = sorted(_BY_YEAR & set(target.sheet.by_key))
        raise ChangeError(
            "E408", "years", f"'{text}' for the column {target.key}",
            f"of {target.sheet.name}, {'only ' + ', '.join(able) if able else 'no column'} may depend on the year",
            "leave years blank",
        )  # fmt: skip
    years = _years_in_horizon(row, text, work)
    if known_from is not None and years[0] < known_from:
        raise ChangeError(
            "E412", "years", f"'{text}' in a shock known from {known_from}",
            "a shock cannot touch a year before its known_from_year",
            f"start in {known_from}, or give an earlier known_from_year",
        )  # fmt: skip
    return years


def _years_in_horizon(row: Record, text: str, work: Workspace) -> list[int]:
    horizon = work.tables.horizon
    where = f"the horizon is {horizon[0]} to {horizon[-1]}"
    years: set[int] = set()
    outside = []
    for part in (part.strip() for part in text.split(",")):
        span = _SPAN.fullmatch(part)
        first, last = (int(span[1]), int(span[2] or span[1])) if span else (1, 0)
        if first > last:
            raise ChangeError(
                "E406", "years", f"'{part}'", "years are a year (2028), a span (2028-2031), a list of these, or *",
                "correct it",
            )  # fmt: skip
        inside = [year for year in range(first, last + 1) if year in horizon]
        years.update(inside)
        if len(inside) < last - first + 1:
            outside.append(part)
    if not years:
        raise ChangeError("E407", "years", f"'{text}'", where, "choose years of the horizon")
    if outside:
        oddity = ChangeError(
            "W552", "years", listed(outside), f"{where}: nothing is changed there", "leave them out"
        )  # fmt: skip
        work.warn(row, oddity)
    return sorted(years)
