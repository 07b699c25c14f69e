"""Which records the cell `where` of a change selects."""

from __future__ import annotations

import math

from model.scenarios.selection import ChangeError, Target, Workspace
from model.workbook.formatting import shown
from model.workbook.pathways import pathway
from model.workbook.schema import (
    ALL,
    DERIVED_FACILITY_COLUMNS,
    Value,
)
from model.workbook.suggestions import listed, nearest
from model.workbook.tables import Record, Tables

Clause = tuple[str, tuple[str, ...]]
"""A part of `where`: a column, and the values one of which it must have."""


def find_clauses(row: Record, columns: tuple[str, ...]) -> list[Clause]:
    """Return the clauses of `where`: column, and the values one of which it must have."""
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
    """Return the records a row selects, seen in `year`; among them those that may fit, for what could not be read."""
    derived = DERIVED_FACILITY_COLUMNS if target.sheet.name == "facilities" else ()
    clauses = find_clauses(row, (*target.sheet.by_key, *derived))
    every = work.tables.of(target.sheet.name)
    lookup = _by_name(work.tables) if any(column in derived for column, _ in clauses) else {}
    unsure = frozenset(derived) if any(record.unread for record in lookup.values()) else frozenset()
    fitting = every
    for column, names in clauses:
        fits = _Wanted(target, column, names).fits
        fitting = [
            record
            for record in fitting
            if fits(_seen(record, column, lookup, year))
            or ((unsure or record.unread) and _may_be(record, column, unsure))
        ]
    selected = [record for record in fitting if record.active or target.key == "active"]
    if not selected and fitting and not work.is_whole:
        return []  # A row of changes that could not be read might activate them.

    def find_there(column: str) -> set[Value]:
        """Return all values of a column that a row could select."""
        able = (record for record in every if record.active or target.key == "active")
        return {_seen(record, column, lookup, year) for record in able}

    if not selected:
        there = {column: find_there(column) for column, _ in clauses}
        raise _nothing_fits(row, target, clauses, there, fitting, work.tables)
    for column, names in clauses if work.knows_all_rows else ():
        if not {_seen(record, column, lookup, year) for record in selected}.issuperset(names):
            _warn_of_idle_names(row, target, (column, names), find_there(column), work)
    return selected


def _warn_of_idle_names(row: Record, target: Target, clause: Clause, there: set[Value], work: Workspace) -> None:
    """Warn of names that no row has; another name of the clause selects some."""
    column, names = clause
    for name in names:
        if name not in there and not any(map(_Wanted(target, column, (name,)).fits, there)):
            rule = f"no row of {target.sheet.name} has this {column}"
            work.warn(row, ChangeError("W554", "where", f"'{name}'", rule, nearest(name, _texts(there))))


def _nothing_fits(
    row: Record, target: Target, clauses: list[Clause], there: dict[str, set[Value]], idle: list[Record], tables: Tables
) -> ChangeError:
    """Return why a row selects nothing: a clause, or all clauses together, match no row or only inactive ones."""
    if idle:
        found, remedy = f"it fits {listed(record.label for record in idle)}", "set active to yes in a row above"
        return ChangeError("E405", "where", found, "inactive rows are not changed", remedy)
    for column, names in clauses:
        if not any(map(_Wanted(target, column, names).fits, there[column])):
            found, rule = f"'{column}={','.join(names)}'", f"it fits no row of {target.sheet.name}"
            rule_of = target.sheet.by_key.get(column)
            named = target.sheet.name if column in target.sheet.key else ""
            sheet = (rule_of.refers_to if rule_of else "") or named
            meant = tables.called(sheet, names[0]) if sheet else ""
            remedy = f"did you mean '{meant}'?" if meant else nearest(names[0], _texts(there[column]))
            return ChangeError("E405", "where", found, rule, remedy)
    rule = f"each part fits rows of {target.sheet.name}, no row fits all of them" if clauses else "the sheet is empty"
    return ChangeError("E405", "where", f"'{row.text('where')}'", rule, "correct it, or leave the row out")


def _may_be(record: Record, column: str, unsure: frozenset[str]) -> bool:
    """Whether it is not known what a column says; without its own cells, a facility's derived ones neither."""
    return column in unsure or (bool(record.unread) and (column in record.unread or column in DERIVED_FACILITY_COLUMNS))


def _by_name(tables: Tables) -> dict[tuple[str, str], Record]:
    """Return the records the derived columns of facilities come from, by sheet and name."""
    regions = {("regions", record.text("region")): record for record in tables["regions"]}
    return regions | {("materials", record.text("material")): record for record in tables["materials"]}


def _seen(record: Record, column: str, lookup: dict[tuple[str, str], Record], year: int) -> Value:
    """Return what a column says of a record in `year`."""
    if column not in record.values:
        return _derived(record, column, lookup, year)
    value = record.values[column]
    return record.at(column, year) if isinstance(value, dict) else value


def _derived(facility: Record, column: str, lookup: dict[tuple[str, str], Record], year: int) -> Value:
    """Return the pathway, mineral or stage of a facility; None where it refers to something that is not there."""
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
        """Return whether a value, or one of a list, is one of the names."""
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
    """Return the number a name spells; none fits a name that spells none."""
    try:
        return float(name)
    except ValueError:
        return math.nan
