"""One row of the sheet `changes`: what it selects, which years it touches, and what it does to a value."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from model import cells
from model.errors import Problem
from model.network import pathway
from model.schema import (
    ALL,
    DECISION_YEAR_COLUMNS,
    DERIVED_FACILITY_COLUMNS,
    OPERATING_YEAR_COLUMNS,
    SETTING,
    SHEET,
    SHEETS,
    Column,
    Kind,
    Sheet,
    Value,
)
from model.tables import Record, Tables, YearPath
from model.words import listed, nearest, shown

CHANGEABLE = tuple(sheet.name for sheet in SHEETS if sheet.name not in ("scenarios", "changes", "sources"))
"""The sheets a scenario may change."""

_FOR_THE_READER = ("source", "note", "unit", "description")
"""Columns that say something about the numbers; to change them would change nothing."""

_SPAN = re.compile(r"(\d{4})(?:\.0+)?(?:\s*[-\u2013]\s*(\d{4}))?")
"""A year, or two with a hyphen or an en dash between them."""

_ROUNDING = 1e-9
"""A product this close to a bound, relative to it, is on it: 1.1 * 0.9090909090909091 is a share of 1."""


@dataclass(frozen=True)
class Change:
    """One touched cell of the workbook; `year` is None where the value does not depend on the year."""

    sheet: str
    record: str
    column: str
    year: int | None
    old: Value
    new: Value


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


@dataclass
class Workspace:
    """What the rows of a scenario work on.

    Attributes:
        tables: the tables, interpolated.
        scalars: (facility, column) -> the value of the column itself, for when its path is taken away.
        problems: what was found on the way.
    """

    tables: Tables
    scalars: dict[tuple[str, str], Value | YearPath]
    problems: list[Problem]

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
        return self.column is None or self.key in OPERATING_YEAR_COLUMNS | DECISION_YEAR_COLUMNS

    def rule(self, record: Record) -> Column:
        """The rule for a value of this record."""
        if self.column is not None:
            return self.column
        assert self.sheet.years is not None
        word = record.values.get(self.sheet.years.depends_on) if self.sheet.years.depends_on else ""
        return self.sheet.years.rule(word)


def apply_to_settings(row: Record, tables: Tables, *, in_shock: bool) -> Iterator[Change]:
    """Apply a row that changes settings."""
    if in_shock:
        raise ChangeError(
            "E414", "sheet", f"the shock '{row.text('scenario')}' changes a setting",
            "a shock happens to the world, settings are the planner's own",
            "make the change in a plan, or in the sheet settings",
        )  # fmt: skip
    column = row.text("column")
    if column != "value":
        raise ChangeError(
            "E402", "column", f"'{column}'" if column else "blank", "of a setting only its value can be changed",
            "write value",
        )  # fmt: skip
    if row.text("years") != ALL:
        raise ChangeError(
            "E408", "years", f"'{row.text('years')}'", "a setting does not depend on the year", "leave years blank"
        )
    selectors = _selectors(row, ("setting",))
    if not selectors:
        raise ChangeError(
            "E403", "where", f"'{row.text('where')}'", "a change of a setting names the setting",
            "write setting=<name of the setting>",
        )  # fmt: skip
    for name in selectors[0][1]:
        if name not in SETTING:
            raise ChangeError(
                "E405", "where", f"'{name}'", "it is no setting, so the row changes nothing", nearest(name, SETTING)
            )
        yield _change_setting(row, tables, SETTING[name])


def _change_setting(row: Record, tables: Tables, setting: Column) -> Change:
    old = tables.setting(setting.key)
    meant = _meant(tables, setting, old)
    new = _new_value(row, setting, meant, f"setting {setting.key}")
    for record in tables["settings"]:
        if record.values["setting"] == setting.key:
            record.values["value"] = new
            break
    else:
        values: dict[str, Value | YearPath] = {"setting": setting.key, "value": new, "unit": "", "description": ""}
        tables["settings"].append(Record("settings", 0, values))
    return Change("settings", setting.key, "value", None, old, new)


def apply_to_records(row: Record, work: Workspace, known_from: int | None) -> Iterator[Change]:
    """Apply a row that changes anything but settings; a shock touches nothing before `known_from`."""
    target = find_target(row)
    years = find_years(row, target, work, known_from)
    records = _selected(row, target, work, min(years or work.tables.horizon))
    for record in records:
        if target.column is None:
            yield from _change_path(row, target, record, record.years, years)  # type: ignore[arg-type]
        else:
            yield from _change_column(row, target, record, work, years)
    if target.sheet.name == "facility_paths" and target.key == "active":
        for record in records:
            _attach(record, work)


def find_target(row: Record) -> Target:
    """The sheet and column a row of `changes` is about."""
    name, key = row.text("sheet"), row.text("column")
    if name not in CHANGEABLE:
        rule = "a scenario changes data" if name in SHEET else "there is no such sheet"
        raise ChangeError("E401", "sheet", f"'{name}'", rule, nearest(name, CHANGEABLE))
    sheet = SHEET[name]
    if not key and sheet.years:
        return Target(sheet, None)
    allowed = [column for column in sheet.by_key if column not in (*sheet.key, *_FOR_THE_READER)]
    if key in allowed:
        return Target(sheet, sheet.by_key[key])
    years = ", or leave it blank to change the numbers in the year columns" if sheet.years else ""
    if not key:
        found, rule, remedy = "blank", f"the sheet {name} has no year columns", f"name one of {listed(allowed)}"
    elif key in sheet.by_key:
        why = "identifies the row" if key in sheet.key else "is for the reader"
        found, rule = f"'{key}'", f"a scenario cannot change a column that {why}"
        remedy = f"change one of {listed(allowed)}{years}; for another row, add it with active no and set that to yes"
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
        able = sorted((OPERATING_YEAR_COLUMNS | DECISION_YEAR_COLUMNS) & set(target.sheet.by_key))
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
                "E406", "years", f"'{part}'", "years are written 2028, 2028-2031, as a comma list of these, or *",
                "write them like that",
            )  # fmt: skip
        inside = [year for year in range(first, last + 1) if year in horizon]
        years.update(inside)
        if not inside:
            outside.append(part)
    if not years:
        raise ChangeError("E407", "years", f"'{text}'", where, "choose years of the horizon")
    if outside:
        oddity = ChangeError(
            "W552", "years", listed(outside), f"{where}: nothing is changed there", "leave them out"
        )  # fmt: skip
        work.warn(row, oddity)
    return sorted(years)


def _selectors(row: Record, columns: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
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
                f"name a column first, one of {listed(columns)}",
            )  # fmt: skip
        if column not in columns:
            raise ChangeError(
                "E404", "where", f"'{column}'", f"the sheet {row.text('sheet')} has no such column",
                nearest(column, columns),
            )  # fmt: skip
        clauses.append((column, tuple(name.strip() for name in names.split(",") if name.strip()) or ("",)))
    return clauses


def _selected(row: Record, target: Target, work: Workspace, year: int) -> list[Record]:
    """The records a row selects, seen in `year`."""
    derived = DERIVED_FACILITY_COLUMNS if target.sheet.name == "facilities" else ()
    clauses = _selectors(row, (*target.sheet.by_key, *derived))
    every = work.tables[target.sheet.name]
    candidates = [record for record in every if record.active or target.key == "active"]
    lookup = _by_name(work.tables) if any(column in derived for column, _ in clauses) else {}
    seen = {id(record): _seen(record, clauses, lookup, year) for record in every}
    selected = [
        record
        for record in candidates
        if all(_fits(seen[id(record)][column], column, names, target) for column, names in clauses)
    ]
    if selected:
        for column, names in clauses:
            there = [seen[id(record)][column] for record in candidates]
            for name in names:
                if not any(_fits(value, column, (name,), target) for value in there):
                    rule = f"no row of {target.sheet.name} has this {column}"
                    work.warn(row, ChangeError("W554", "where", f"'{name}'", rule, nearest(name, _texts(there))))
        return selected
    idle = [r for r in every if all(_fits(seen[id(r)][column], column, names, target) for column, names in clauses)]
    if idle:
        found, remedy = f"it fits {listed(record.label for record in idle)}", "set active to yes in a row above"
        raise ChangeError("E405", "where", found, "inactive rows are not changed", remedy)
    for column, names in clauses:
        there = [seen[id(record)][column] for record in candidates]
        if not any(_fits(value, column, names, target) for value in there):
            found, rule = f"'{column}={','.join(names)}'", f"it fits no row of {target.sheet.name}"
            raise ChangeError("E405", "where", found, rule, nearest(names[0], _texts(there)))
    found = f"'{row.text('where')}'"
    rule = f"each part fits rows of {target.sheet.name}, no row fits all of them" if clauses else "the sheet is empty"
    raise ChangeError("E405", "where", found, rule, "correct it, or leave the row out")


def _by_name(tables: Tables) -> dict[tuple[str, str], Record]:
    """The records the derived columns of facilities come from, by sheet and name."""
    return {(sheet, record.key[0]): record for sheet in ("regions", "materials") for record in tables[sheet]}


def _seen(
    record: Record, clauses: list[tuple[str, tuple[str, ...]]], lookup: dict[tuple[str, str], Record], year: int
) -> dict[str, Value]:
    """What the columns of `clauses` say of a record in `year`."""
    return {
        column: record.at(column, year) if column in record.values else _derived(record, column, lookup, year)
        for column, _ in clauses
    }


def _derived(facility: Record, column: str, lookup: dict[tuple[str, str], Record], year: int) -> Value:
    """The pathway, mineral or stage of a facility; None where it refers to something that is not there."""
    if column == "pathway":
        region = lookup.get(("regions", facility.text("region")))
        return pathway(facility.text("kind"), str(region.at("standing", year))) if region else None
    material = lookup.get(("materials", facility.text("output")))
    return material.at(column, year) if material else None


def _singles(value: Value) -> tuple[Value, ...]:
    return tuple(value) if isinstance(value, tuple) else (value,)


def _texts(values: list[Value]) -> set[str]:
    return {shown(single) for value in values for single in _singles(value) if single not in (None, "")}


def _fits(value: Value, column: str, names: tuple[str, ...], target: Target) -> bool:
    """Whether a value, or one of a list, is one of `names`."""
    stands_for_itself = column in target.sheet.by_key and target.sheet.by_key[column].star
    return (ALL in names and not stands_for_itself) or any(
        _same(single, name) for single in _singles(value) for name in names
    )


def _same(value: Value, name: str) -> bool:
    if isinstance(value, bool):
        return shown(value) == name.lower()
    if isinstance(value, int | float) and math.isfinite(value):
        try:
            return float(name) == value
        except ValueError:
            return False
    return shown(value) == name


def _change_path(
    row: Record, target: Target, record: Record, path: YearPath, years: list[int] | None
) -> Iterator[Change]:
    """Change a value for each year in place: a facility and its path share the dictionary."""
    for year in list(path) if years is None else years:
        old = path.get(year)
        new = _new_value(row, target.rule(record), old, f"{record.label} in {year}")
        path[year] = new
        yield Change(record.sheet, record.label, target.key, year, old, new)


def _change_column(
    row: Record, target: Target, record: Record, work: Workspace, years: list[int] | None
) -> Iterator[Change]:
    value = record.values[target.key]
    if not isinstance(value, dict) and years is not None:
        value = dict.fromkeys(work.tables.horizon, value)
        record.values[target.key] = value
    if isinstance(value, dict):
        yield from _change_path(row, target, record, value, years)
        return
    rule = target.rule(record)
    new = _new_value(row, rule, _meant(work.tables, rule, value), record.label)
    record.values[target.key] = new
    yield Change(record.sheet, record.label, target.key, None, value, new)


def _meant(tables: Tables, column: Column, value: Value) -> Value:
    """The value, or the setting that a blank stands for (`first_year` of `earliest_decision_year`)."""
    return tables.setting(column.default_text) if value is None and column.default_text in SETTING else value


def _attach(path: Record, work: Workspace) -> None:
    """Let a path that was switched on replace the column of its facility, or give the column back."""
    quantity = path.text("quantity")
    for facility in work.tables["facilities"]:
        if facility["facility"] == path["facility"]:
            scalar = work.scalars[(facility.text("facility"), quantity)]
            facility.values[quantity] = path.years if path.active else scalar  # type: ignore[assignment]


def _new_value(row: Record, rule: Column, old: Value, whose: str) -> Value:
    """What the operation of a row makes of a value."""
    operation, raw = row.text("operation"), row["value"]
    if operation == "set":
        return _read(row, rule)
    if not rule.is_number or rule.many:
        raise ChangeError(
            "E410", "operation", f"{operation} for {rule.key} of {whose}", "only numbers can be added to or multiplied",
            "use set",
        )  # fmt: skip
    operand = _read(row, Column("value", "", Kind.NUMBER))
    assert isinstance(operand, int | float)
    if not isinstance(old, int | float) or math.isinf(old):
        return old  # Nothing can be added to `none`, and a blank without a default stays blank.
    new = old + operand if operation == "add" else old * operand
    if operation == "multiply" and rule.kind is not Kind.NUMBER:
        new = math.floor(new + 0.5)
    return _within(rule, float(new), f"{operation} {shown(raw)} makes {shown(old)} of {whose} {shown(new)}")


def _name(rule: Column) -> str:
    """What to call a column in a message: the rule of year columns is `years`, which would mislead."""
    return rule.description if rule.key == "years" else rule.key


def _read(row: Record, rule: Column) -> Value:
    try:
        return cells.parse(replace(rule, required=True, key=_name(rule)), row["value"])
    except cells.CellError as error:
        raise ChangeError("E409", "value", error.found, error.rule, error.remedy) from error


def _within(rule: Column, number: float, found: str) -> float:
    """The number, put on a bound it misses by rounding only."""
    for bound in (rule.low, rule.high):
        if math.isfinite(bound) and math.isclose(number, bound, rel_tol=_ROUNDING, abs_tol=_ROUNDING):
            return bound
    whole = rule.kind is Kind.NUMBER or number.is_integer()
    if rule.low <= number <= rule.high and number > rule.above and whole:
        return number
    kind = "a number" if rule.kind is Kind.NUMBER else "a whole number"
    what = f"{_name(rule)} must be {kind} {cells.describe_bounds(rule)}".strip()
    raise ChangeError("E411", "value", found, what, "choose another value")
