"""What a row of the sheet `changes` is about: which sheet and column, which years, which records."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from model.errors import Problem
from model.workbook.formatting import listed, nearest, shown
from model.workbook.over_time import DECISION_YEAR_COLUMNS, OPERATING_YEAR_COLUMNS
from model.workbook.pathways import pathway
from model.workbook.schema import (
    ALL,
    DERIVED_FACILITY_COLUMNS,
    SHEET,
    SHEETS,
    UNCHANGEABLE,
    Column,
    Sheet,
    Value,
)
from model.workbook.tables import Record, Tables, YearPath

CHANGEABLE = tuple(sheet.name for sheet in SHEETS if sheet.name not in UNCHANGEABLE)
"""The sheets a scenario may change."""

FOR_THE_READER = ("source", "source_costs", "note", "unit", "description")
"""Columns that say something about the numbers; to change them would change nothing."""

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
        """The same as a problem of `row`."""
        cell = row.cells.get(self.column, "")
        scenario = row.text("scenario")
        return Problem(self.code, "changes", cell, self.column, self.found, self.rule, self.remedy, scenario)


Clause = tuple[str, tuple[str, ...]]
"""A part of `where`: a column, and the values one of which it must have."""


@dataclass
class Workspace:
    """What the rows of a scenario work on.

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
        """Note something odd about a row that is applied all the same."""
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
        """The rule for a value of this record."""
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
    """The years of the horizon a row touches; None for all."""
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


def find_clauses(row: Record, columns: tuple[str, ...]) -> list[Clause]:
    """The clauses of `where`: column, and the values one of which it must have."""
    text = row.text("where").strip()
    clauses = []
    for part in (part.strip() for part in text.split(";")):
        if part in ("", ALL):
            continue
        column, equals, names = (piece.strip() for piece in part.partition("="))
        if not equals or not column:
            raise ChangeError(
                "E403", "where", f"'{part}'", "where is written column=value,value; column=value, or *",
                f"name a column first, such as {columns[0]}={part}",
            )  # fmt: skip
        if column not in columns:
            raise ChangeError(
                "E404", "where", f"'{column}'", f"the sheet {row.text('sheet')} has no such column",
                nearest(column, columns),
            )  # fmt: skip
        clauses.append((column, tuple(name.strip() for name in names.split(",") if name.strip()) or ("",)))
    return clauses


def find_records(row: Record, target: Target, work: Workspace, year: int) -> list[Record]:
    """The records a row selects, seen in `year`; among them those that may fit, for what could not be read."""
    derived = DERIVED_FACILITY_COLUMNS if target.sheet.name == "facilities" else ()
    clauses = find_clauses(row, (*target.sheet.by_key, *derived))
    every = work.tables.of(target.sheet.name)
    lookup = _by_name(work.tables) if any(column in derived for column, _ in clauses) else {}
    unsure = frozenset(derived) if any(record.unread for record in lookup.values()) else frozenset()
    fitting = every
    for column, names in clauses:
        wanted = _Wanted(target, column, names)
        fitting = [
            record
            for record in fitting
            if wanted.fits(_seen(record, column, lookup, year)) or column in _open_columns(record, unsure)
        ]
    selected = [record for record in fitting if record.active or target.key == "active"]
    able = [record for record in every if record.active or target.key == "active"]
    there = {column: {_seen(record, column, lookup, year) for record in able} for column, _ in clauses}
    if not selected and fitting and not work.is_whole:
        return []  # A row of changes that could not be read might activate them.
    if not selected:
        raise _nothing_fits(row, target, clauses, there, fitting)
    for column, names in clauses if work.knows_all_rows else ():
        for name in names:
            if name not in there[column] and not any(map(_Wanted(target, column, (name,)).fits, there[column])):
                rule = f"no row of {target.sheet.name} has this {column}"
                work.warn(row, ChangeError("W554", "where", f"'{name}'", rule, nearest(name, _texts(there[column]))))
    return selected


def _nothing_fits(
    row: Record, target: Target, clauses: list[Clause], there: dict[str, set[Value]], idle: list[Record]
) -> ChangeError:
    """Why a row selects nothing: only inactive rows fit, or a part fits no row, or no row fits all parts."""
    if idle:
        found, remedy = f"it fits {listed(record.label for record in idle)}", "set active to yes in a row above"
        return ChangeError("E405", "where", found, "inactive rows are not changed", remedy)
    for column, names in clauses:
        if not any(map(_Wanted(target, column, names).fits, there[column])):
            found, rule = f"'{column}={','.join(names)}'", f"it fits no row of {target.sheet.name}"
            return ChangeError("E405", "where", found, rule, nearest(names[0], _texts(there[column])))
    rule = f"each part fits rows of {target.sheet.name}, no row fits all of them" if clauses else "the sheet is empty"
    return ChangeError("E405", "where", f"'{row.text('where')}'", rule, "correct it, or leave the row out")


def _open_columns(record: Record, unsure: frozenset[str]) -> frozenset[str]:
    """The columns of which it is not known what they say; without its own cells, a facility's derived ones neither."""
    derived = DERIVED_FACILITY_COLUMNS if record.unread else ()
    return unsure.union(record.unread, derived)


def _by_name(tables: Tables) -> dict[tuple[str, str], Record]:
    """The records the derived columns of facilities come from, by sheet and name."""
    regions = {("regions", record.text("region")): record for record in tables["regions"]}
    return regions | {("materials", record.text("material")): record for record in tables["materials"]}


def _seen(record: Record, column: str, lookup: dict[tuple[str, str], Record], year: int) -> Value:
    """What a column says of a record in `year`."""
    return record.at(column, year) if column in record.values else _derived(record, column, lookup, year)


def _derived(facility: Record, column: str, lookup: dict[tuple[str, str], Record], year: int) -> Value:
    """The pathway, mineral or stage of a facility; None where it refers to something that is not there."""
    if column == "pathway":
        region = lookup.get(("regions", facility.text("region")))
        return pathway(facility.text("kind"), str(region.at("standing", year))) if region else None
    material = lookup.get(("materials", facility.text("output")))
    return material.at(column, year) if material else None


def _singles(value: Value) -> tuple[Value, ...]:
    return tuple(value) if isinstance(value, tuple) else (value,)


def _texts(values: set[Value]) -> set[str]:
    return {shown(single) for value in values for single in _singles(value) if single not in (None, "")}


class _Wanted:
    """The names of a clause, one of which a column must have."""

    def __init__(self, target: Target, column: str, names: tuple[str, ...]) -> None:
        stands_for_itself = column in target.sheet.by_key and target.sheet.by_key[column].star
        self._all = ALL in names and not stands_for_itself
        self._names = frozenset(names)

    def fits(self, value: Value) -> bool:
        """Whether a value, or one of a list, is one of the names."""
        if self._all or type(value) is str:  # by far the most common
            return self._all or value in self._names
        if isinstance(value, tuple):
            return any(map(self.fits, value))
        if isinstance(value, bool):
            return shown(value) in {name.lower() for name in self._names}
        if isinstance(value, int | float) and math.isfinite(value):
            return value in map(_number, self._names)
        return shown(value) in self._names


def _number(name: str) -> float:
    """The number a name spells; none fits a name that spells none."""
    try:
        return float(name)
    except ValueError:
        return math.nan
