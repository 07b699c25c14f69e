"""The evidence behind numbers: the source that covers each, and its confidence.

A row may name two sources: `source`, and `source_costs` for the columns in `COST_COLUMNS`. A number has the confidence
of the source that covers it, a row that of its weakest number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from model.workbook.schema import CONFIDENCES, COST_COLUMNS, FACT_SHEETS, SHEET, Column
from model.workbook.tables import Record, Tables

NO_SOURCE = "no source"
"""The grade of numbers and rows that name no source."""

GRADES = (*CONFIDENCES, NO_SOURCE)
"""From firm to weak."""


class Grade(NamedTuple):
    """How many numbers, a path over years being one, and rows of the sheets of facts have a confidence."""

    confidence: str
    numbers: int
    rows: int


class Evidence:
    """The confidence of the sources, by the numbers and rows they cover."""

    def __init__(self, sources: Iterable[Record]) -> None:
        self._confidence = {record.text("source"): record.text("confidence") for record in sources}

    def source_of(self, record: Record, column: str) -> str:
        """Return the source that covers a number, "" where its row names none."""
        costs = column in COST_COLUMNS.get(record.sheet, ())
        return (_named(record, "source_costs") if costs else "") or _named(record, "source")

    def of(self, record: Record, column: str) -> str:
        """Return the confidence of a number, "" where its row names no source."""
        return self._confidence.get(self.source_of(record, column), "")

    def of_row(self, record: Record) -> str:
        """Return the weakest confidence of the numbers of a row, `NO_SOURCE` where one of them has none."""
        grades = [self.of(record, column) or NO_SOURCE for column in numbers_of(record)]
        grades = grades or [self.of(record, "") or NO_SOURCE]
        return max(grades, key=GRADES.index)

    def grades(self, tables: Tables) -> list[Grade]:
        """Return how many numbers and rows of the sheets of facts have each confidence."""
        records = [record for name in FACT_SHEETS for record in tables.of(name)]
        numbers = Counter(self.of(record, column) or NO_SOURCE for record in records for column in numbers_of(record))
        rows = Counter(self.of_row(record) for record in records)
        return [Grade(grade, numbers[grade], rows[grade]) for grade in GRADES]


def named_sources(record: Record) -> set[str]:
    """Return the sources a record names."""
    return {_named(record, column) for column in ("source", "source_costs")} - {""}


def numbers_of(record: Record) -> Iterator[str]:
    """The columns of a record that hold a number other than what a blank means; `years` is the path over the years."""
    if record.given or record.years:
        yield "years"
    for column in SHEET[record.sheet].columns:
        value = record.values.get(column.key)
        if column.is_number and isinstance(value, float) and value != _meant_by_blank(column, record):
            yield column.key


def _meant_by_blank(column: Column, record: Record) -> object:
    """Return the value that a blank in a column would have in a record."""
    if column.default_from is None:
        return column.default
    return column.default_from({key: value for key, value in record.values.items() if not isinstance(value, dict)})


def _named(record: Record, column: str) -> str:
    return str(record.values.get(column) or "")
