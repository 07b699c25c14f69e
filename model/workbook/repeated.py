"""Rows of a sheet that stand twice."""

from __future__ import annotations

from model.errors import Problem
from model.workbook.schema import SHEET
from model.workbook.tables import Record


def drop_repeated(records: list[Record], problems: list[Problem]) -> tuple[list[Record], list[Problem]]:
    """Keep the key of its first record only; an inactive row may repeat the key of another, and is left out.

    Two scenarios may each bring a row with the same key, also instead of an inactive one.
    """
    first: dict[tuple[str, ...], list[Record]] = {}
    kept = set()
    for record in sorted(records, key=lambda record: (not record.active, record.scenarios != ())):
        nameless = not record.key or not record.unread.isdisjoint(SHEET[record.sheet].key)
        same = next((other for other in first.get(record.key, ()) if _meet(record, other)), None)
        if record.active or nameless or same is None:
            kept.add(record.row)
        if nameless:
            _forget_key(record, record.unread)
        elif same is None:
            first.setdefault(record.key, []).append(record)
        elif record.active:
            problems.append(_repeated(record, same))
            _forget_key(record, set(SHEET[record.sheet].key))
    return [record for record in records if record.row in kept], problems


def _meet(record: Record, other: Record) -> bool:
    """Return whether a row is there in a scenario in which another with its key is."""
    if not record.active and not record.scenarios:
        return not other.scenarios
    return not record.scenarios or not other.scenarios or not set(record.scenarios).isdisjoint(other.scenarios)


def _forget_key(record: Record, unread: set[str]) -> None:
    """Leave blank an identifier that is not known: it may be that of any other row, and must not be taken for one."""
    for column in unread.intersection(SHEET[record.sheet].key):
        record.values[column] = ""
        record.unread.add(column)


def _repeated(record: Record, first: Record) -> Problem:
    column = next(column for column in SHEET[record.sheet].key if column in record.cells)
    return Problem(
        "E216",
        record.sheet,
        record.cells[column],
        column,
        f"'{', '.join(record.key)}' stands in row {first.row} already",
        "every row has a key of its own",
        "change the row that stands already by the sheet changes, or let this one have a key of its own"
        if record.scenarios and not first.scenarios
        else "delete one of the two rows, change its key, or set its active to no",
    )
