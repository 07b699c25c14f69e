"""One row of a data sheet, with typed values and the cell each came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from model.workbook.schema import SHEET, Value

YearPath = dict[int, Value]
"""A value for each year of the horizon."""

Name_contra = TypeVar("Name_contra", bound=str, contravariant=True)
"""The names of a sheet's columns; of any sheet where it is left out (`Record` is `Record[Any]`)."""


@dataclass
class Record(Generic[Name_contra]):
    """One row of a data sheet.

    Attributes:
        sheet: name of the sheet.
        row: row number in the workbook or line number in the CSV file.
        values: column key -> value; a column a scenario made depend on the year, or that has a row in
            facility_paths, holds a `YearPath`.
        given: the years given in the row, as written (`none` is `NO_LIMIT`).
        years: the same for every year of the horizon, interpolated; empty on sheets without years.
        cells: column key, or year as text -> cell address; only what the sheet has.
        unread: columns, or years as text, whose cell could not be read; they hold something harmless instead.
    """

    sheet: str
    row: int
    values: dict[str, Value | YearPath]
    given: dict[int, float] = field(default_factory=dict)
    years: dict[int, float] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    def __getitem__(self, column: Name_contra) -> Value | YearPath:
        return self.values[column]

    def text(self, column: Name_contra) -> str:
        """Return the text in a column."""
        return str(self.values[column])

    def names(self, column: Name_contra) -> tuple[str, ...]:
        """Return the list in a column, one name being a list of one."""
        value = self.values[column]
        return tuple(str(name) for name in value) if isinstance(value, tuple) else (str(value),)

    def number(self, column: Name_contra, year: int | None = None) -> float:
        """Return the number in a column, in `year` where it depends on it."""
        value = self.values[column]
        if type(value) is float:  # by far the most common
            return value
        value = self.at(column, year)
        assert isinstance(value, int | float), f"{self.sheet} row {self.row}: {column} is no number: {value!r}"
        return float(value)

    def at(self, column: Name_contra, year: int | None = None) -> Value:
        """The value of a column in `year`; a year outside the horizon has the value of the nearest year."""
        value = self.values[column]
        if not isinstance(value, dict):
            return value
        if year in value:
            return value[year]
        assert year is not None, f"{self.sheet} row {self.row}: {column} depends on the year"
        return value[min(max(year, min(value)), max(value))]

    @property
    def active(self) -> bool:
        """Whether the row itself is active (rows it refers to may not be)."""
        return self.values.get("active") is not False

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios that bring the row; without any, it is there in any case."""
        value = self.values.get("scenario")
        return tuple(str(name) for name in value) if value and isinstance(value, tuple) else ()

    @property
    def key(self) -> tuple[str, ...]:
        """What identifies the record within its sheet."""
        return tuple([_key_part(self.values.get(column)) for column in SHEET[self.sheet].key])

    @property
    def label(self) -> str:
        """The key in one word, for tables and messages."""
        return "/".join(self.key) or f"row {self.row}"

    def copy(self) -> Record:
        """Return a copy whose values can be changed without changing this record."""
        values = self.values.copy()
        for column, value in values.items():
            if type(value) is dict:
                values[column] = value.copy()
        return Record(self.sheet, self.row, values, self.given.copy(), self.years.copy(), self.cells, self.unread)


def _key_part(value: Value | YearPath) -> str:
    """Return a part of a key as text: 5 years are `5`."""
    if type(value) is str:  # by far the most common
        return value
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
