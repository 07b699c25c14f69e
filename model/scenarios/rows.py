"""Rows that belong to scenarios: which of them apply, and their problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from model.errors import Problem
from model.scenarios.changes import Change
from model.workbook.formatting import shown
from model.workbook.schema import NO_LIMIT, SHEET, Kind
from model.workbook.suggestions import nearest
from model.workbook.tables import Record, Tables

_MEANS_NOTHING = {
    "demand": 0.0, "outlets": 0.0, "export_limits": NO_LIMIT, "exposure_caps": NO_LIMIT, "mix_targets": NO_LIMIT,
    "group_limits": NO_LIMIT, "resource_limits": NO_LIMIT, "support_budgets": NO_LIMIT,
}  # fmt: skip
"""Sheet -> the value of its year columns in a year in which a row has no effect."""

_HOLDS_NOTHING = frozenset({
    "regions", "stages", "minerals", "materials", "facilities", "routes", "scrap", "returns", "support_offers",
})  # fmt: skip
"""Sheets whose rows only make something possible: earlier decisions do not depend on them."""


def bring_rows(base: Tables, owners: Mapping[str, str], problems: list[Problem]) -> Tables:
    """Return a copy of the workbook with the rows that are always there and those of some scenarios.

    Args:
        base: the workbook as it was read.
        owners: the scenario and its ancestors -> the one for whose sake they apply.
        problems: where to note a row that two of them bring.
    """
    tables = base.in_scenarios(owners).copy()
    for sheet in SHEET:
        brought = {record.key: record for record in tables.of(sheet) if record.scenarios and _is_known(record)}
        if not brought or not SHEET[sheet].key:
            continue
        staying = []
        for record in tables.of(sheet):
            other = brought.get(record.key, record)
            if other is record or (record.active and not record.scenarios):
                staying.append(record)
            elif _is_known(record):
                problems.append(_brought_twice(other, record, owners))
        tables.of(sheet)[:] = staying
    return tables


def _is_known(record: Record) -> bool:
    return record.active and record.unread.isdisjoint(SHEET[record.sheet].key)


def _brought_twice(kept: Record, other: Record, owners: Mapping[str, str]) -> Problem:
    column = SHEET[kept.sheet].key[0]
    first, second = (next(name for name in record.scenarios if name in owners) for record in (other, kept))
    return Problem(
        "E416", kept.sheet, kept.cells.get(column, ""), column,
        f"'{kept.label}' is brought by '{second}', and by '{first}' in row {other.row}",
        "scenarios that apply together bring a row once",
        "give the row to one of them, and change it for the other by the sheet changes", list(owners.values())[-1],
    )  # fmt: skip


def list_rows(base: Tables, tables: Tables) -> list[Change]:
    """List the cells of the rows that are there in a scenario only, blank ones left out.

    Args:
        base: the workbook as it was read.
        tables: those of the scenario, interpolated.
    """
    if not any(record.scenarios for record in tables):
        return []  # Rows that refer to one of a scenario are there only with it.
    always = {(record.sheet, record.row, record.key) for record in base.in_scenarios(())}
    rows = [
        record
        for record in tables
        if record.sheet != "settings" and (record.sheet, record.row, record.key) not in always
    ]
    return [
        change
        for record in sorted(rows, key=lambda record: (list(SHEET).index(record.sheet), record.key))
        for change in _list_cells(record)
    ]


def _list_cells(record: Record) -> Iterator[Change]:
    """List the cells of a row, those that say how it is read left out."""
    for column in SHEET[record.sheet].columns:
        value = record.values[column.key]
        if (
            column.key not in ("active", "source", "source_costs", "note")
            and value != column.default
            and not isinstance(value, dict)
        ):
            yield Change(record.sheet, record.label, column.key, None, None, value)
    for year, number in record.years.items():
        yield Change(record.sheet, record.label, "", year, None, number)


def check_scenario_names(base: Tables) -> Iterator[Problem]:
    """Return the problems of rows that name an unknown scenario."""
    if any("scenario" in record.unread for record in base["scenarios"]):
        return
    known = {record.text("scenario") for record in base["scenarios"]}
    for record in base:
        for name in record.scenarios if record.active and record.sheet != "scenarios" else ():
            if name not in known:
                yield Problem(
                    "E311", record.sheet, record.cells.get("scenario", ""), "scenario", f"'{name}' was not found",
                    "scenario must be one of the names in the sheet scenarios", nearest(name, known),
                )  # fmt: skip


def check_shock_rows(tables: Tables, known_from: Mapping[str, int]) -> Iterator[Problem]:
    """Problems of rows of a shock that reach back to years before it is known.

    Args:
        tables: of the scenario, interpolated.
        known_from: each shock that applies -> the first year in which decisions can react to it.
    """
    if not known_from:
        return
    brought = {(record.sheet, record.key[0]) for record in tables if record.scenarios and len(record.key) == 1}
    for record in tables:
        names = [name for name in record.scenarios if name in known_from]
        if names and record.active and not record.unread:
            known = max(known_from[name] for name in names)
            problem = _check_shock_row(record, known, brought)
            if problem is not None and known > tables.horizon[0]:
                yield replace(problem, scenario=names[0])


def _check_shock_row(record: Record, known: int, brought: set[tuple[str, str]]) -> Problem | None:
    nothing = _MEANS_NOTHING.get(record.sheet)
    early = [year for year, number in record.years.items() if year < known and number != nothing]
    cell = record.cells.get("scenario", "")
    if nothing is not None and early:
        word = shown(nothing)
        return Problem(
            "E417", record.sheet, record.cells.get(str(early[0]), cell), str(early[0]),
            f"{shown(record.years[early[0]])} in {early[0]}, in a row of a shock known from {known}",
            "a shock cannot touch a year before its known_from_year",
            f"type {word} in the column {known - 1}, and in every year before it that is filled in",
        )  # fmt: skip
    if nothing is not None or record.sheet in _HOLDS_NOTHING or _refers_to(record, brought):
        return None
    return Problem(
        "E418", record.sheet, cell, "scenario", f"a shock known from {known} brings a row of {record.sheet}",
        "it would hold in years before the shock is known too, unless it belongs to a row that the shock brings",
        "let a plan bring it, or a shock known from the first year",
    )  # fmt: skip


def _refers_to(record: Record, brought: set[tuple[str, str]]) -> bool:
    return any(
        (column.refers_to, name) in brought
        for column in SHEET[record.sheet].columns
        if column.kind is Kind.REFERENCE and column.key not in ("scenario", "source")
        for name in record.names(column.key)
    )
