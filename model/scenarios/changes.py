"""Applying a row of the sheet `changes` to the values it selects."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from model.scenarios.selection import ChangeError, Target, Workspace, find_target, find_years
from model.scenarios.where import find_clauses, find_records
from model.workbook.cell_errors import LARGEST, CellError
from model.workbook.cells import parse
from model.workbook.formatting import shown
from model.workbook.schema import ALL, SETTING, Column, Kind, Value
from model.workbook.suggestions import listed, nearest
from model.workbook.tables import Record, Tables, YearPath
from model.workbook.values_as_text import describe_bounds

_ROUNDING = 1e-9
"""A product this close to a bound, relative to it, counts as the bound: 1.1 * 0.9090909090909091 is a share of 1."""


@dataclass(frozen=True)
class Change:
    """One touched cell of the workbook; `year` is None where the value does not depend on the year."""

    sheet: str
    record: str
    column: str
    year: int | None
    old: Value
    new: Value


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
    selectors = find_clauses(row, ("setting",))
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
    old = tables.value_of(setting)
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
    records = find_records(row, target, work, min(years or work.tables.horizon))
    for record in records:
        if record.unread:  # What its values are, or whether it is meant at all, is not known.
            if not record.active:
                _refuse_to_activate(record)
            continue
        if target.column is None:
            yield from _change_path(row, target, record, record.years, years)  # type: ignore[arg-type]
        else:
            yield from _change_column(row, target, record, work, years)
    if target.sheet.name == "facility_paths" and target.key == "active":
        for record in records:
            _attach(record, work)


def _refuse_to_activate(record: Record) -> None:
    cells = listed(sorted(record.cells.get(column, column) for column in record.unread))
    raise ChangeError(
        "E405", "where", f"it fits {record.sheet} row {record.row} ('{record.label}'), of which {cells} cannot be read",
        "an inactive row may be half filled in, but then it cannot be activated",
        "set its active to yes and --check the workbook to see what is wrong, or leave the change out",
    )  # fmt: skip


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
    """Return the value, or the setting that a blank stands for (`first_year` of `earliest_decision_year`)."""
    return tables.value_of(SETTING[column.default_text]) if value is None and column.default_text in SETTING else value


def _attach(path: Record, work: Workspace) -> None:
    """Let an activated path replace the column of its facility, or restore the column."""
    quantity = path.text("quantity")
    for facility in work.tables["facilities"]:
        if facility["facility"] == path["facility"]:
            scalar = work.scalars[(facility.text("facility"), quantity)]
            facility.values[quantity] = path.years if path.active else scalar  # type: ignore[assignment]


def _new_value(row: Record, rule: Column, old: Value, whose: str) -> Value:
    """Return the new value after the operation of a row."""
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
    """Return what to call a column in a message: the rule of year columns is `years`, which would mislead."""
    return rule.description if rule.key == "years" else rule.key


def _read(row: Record, rule: Column) -> Value:
    try:
        return parse(replace(rule, required=True, key=_name(rule)), row["value"])
    except CellError as error:
        raise ChangeError("E409", "value", error.found, error.rule, error.remedy) from error


def _within(rule: Column, number: float, found: str) -> float:
    """Return the number, moved to a bound that it misses by rounding only."""
    for bound in (rule.low, rule.high):
        if math.isfinite(bound) and math.isclose(number, bound, rel_tol=_ROUNDING, abs_tol=_ROUNDING):
            return bound
    if abs(number) > LARGEST:
        rule_text = f"no amount is above {LARGEST:g}"
        raise ChangeError("E411", "value", found, rule_text, "choose another value")
    whole = rule.kind is Kind.NUMBER or number.is_integer()
    if rule.low <= number <= rule.high and number > rule.above and whole:
        return number
    kind = "a number" if rule.kind is Kind.NUMBER else "a whole number"
    what = f"{_name(rule)} must be {kind} {describe_bounds(rule)}".strip()
    raise ChangeError("E411", "value", found, what, "choose another value")
