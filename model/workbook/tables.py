"""The workbook after parsing: records with typed values, defaults filled in, and the cell each came from.

`workbook` makes the tables, `scenarios` changes copies of them, `rules` checks them, `data` turns them into numbers
for the model. Nothing here knows Excel.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from model.workbook.names import SettingName, Sheets
from model.workbook.record import Record, YearPath
from model.workbook.schema import ALL, SETTING, SHEET, SHEETS, Column, Kind, Value

__all__ = ["Record", "Tables", "YearPath", "interpolated"]

_ORDER_HAS_MEANING = frozenset({"scenarios", "changes"})
"""Sheets whose rows are read from top to bottom."""


class Tables(Sheets):
    """All records of a workbook, by sheet in sheet order; a sheet that is not there has none."""

    def __init__(self, records: Mapping[str, list[Record]]) -> None:
        self._records = {sheet.name: list(records.get(sheet.name, [])) for sheet in SHEETS}

    def __iter__(self) -> Iterator[Record]:
        for records in self._records.values():
            yield from records

    def copy(self) -> Tables:
        """Return a copy that shares nothing changeable with this."""
        return Tables({name: [record.copy() for record in records] for name, records in self._records.items()})

    def without_unread(self) -> Tables:
        """The tables without the rows that have a cell that could not be read (of a setting: with its default)."""
        return Tables({
            name: [record for record in records if name == "settings" or not record.unread]
            for name, records in self._records.items()
        })  # fmt: skip

    def in_order(self) -> Tables:
        """The tables with the rows of each sheet in the order of their keys, so that the order of rows decides nothing.

        Scenarios and changes stay as they are: their order has a meaning.
        """
        return Tables({
            name: list(records) if name in _ORDER_HAS_MEANING else sorted(records, key=lambda record: record.key)
            for name, records in self._records.items()
        })  # fmt: skip

    @property
    def is_whole(self) -> bool:
        """Whether every cell of every active row could be read."""
        return not any(record.unread and record.active for record in self)

    def may_hold(self, sheet: str, **values: Value) -> bool:
        """Return whether a row that could not be read may be the one with these values."""
        return any(
            all(column in record.unread or record[column] == value for column, value in values.items())
            for record in self.of(sheet)
            if record.unread and record.active
        )

    def called(self, sheet: str, words: str) -> str:
        """The identifier of the row of a sheet with these words in its column `name` ("" where there is none)."""
        said = words.casefold().strip()
        keys = (row.key[0] for row in self.of(sheet) if str(row.values.get("name") or "").casefold().strip() == said)
        return next(keys, "") if said and "name" in SHEET[sheet].by_key else ""

    def setting(self, key: SettingName) -> Value:
        """Return the value of a setting, or its default."""
        return self.value_of(SETTING[key])

    def value_of(self, setting: Column) -> Value:
        """Return the value of a setting that the schema gives, or its default."""
        for record in self["settings"]:
            if record.values["setting"] == setting.key and record.values["value"] is not None:
                value = record.values["value"]
                return None if isinstance(value, dict) else value
        return setting.default

    def with_setting(self, key: SettingName, value: Value) -> Tables:
        """Return a copy in which a setting has a value, or its default for None."""
        copy = self.copy()
        for record in copy["settings"]:
            if record.values["setting"] == key:
                record.values["value"] = value
        return copy

    def number(self, key: SettingName) -> float:
        """Return the value of a numeric setting."""
        value = self.setting(key)
        assert isinstance(value, int | float), f"setting {key} is no number: {value!r}"
        return float(value)

    @property
    def horizon(self) -> range:
        """The years of the plan."""
        return range(int(self.number("first_year")), int(self.number("last_year")) + 1)

    @property
    def knows_horizon(self) -> bool:
        """Whether the first and the last year could be read."""
        unread = [record for record in self["settings"] if not record.unread.isdisjoint(("setting", "value"))]
        return not any(record["setting"] in ("first_year", "last_year", "") for record in unread)

    def interpolate(self) -> None:
        """Fill in every year of the horizon, and let facility paths replace the columns they name."""
        for record in self:
            if record.given:
                record.years = interpolated(record.given, self.horizon)
        by_name = {record.text("facility"): record for record in self["facilities"]}
        for path in self["facility_paths"]:
            facility = by_name.get(path.text("facility"))
            if facility is not None and path.active and path.years:
                # One dictionary for both: a change to the path is a change to the column.
                facility.values[path.text("quantity")] = path.years  # type: ignore[assignment]

    def without_inactive(self) -> Tables:
        """Return the tables without inactive rows, and without the rows that refer to one."""
        return self._of_rows(lambda record: record.active)

    def in_scenarios(self, names: Collection[str]) -> Tables:
        """Return the tables without the rows that other scenarios bring, and without the rows that refer to one."""
        return self._of_rows(lambda record: not record.scenarios or any(name in names for name in record.scenarios))

    def _of_rows(self, is_meant: Callable[[Record], bool]) -> Tables:
        gone: dict[str, set[str]] = {}
        left = self._records
        kept = {name: [record for record in records if is_meant(record)] for name, records in left.items()}
        while any(len(kept[name]) < len(records) for name, records in left.items()):
            for name, records in left.items():
                if len(kept[name]) < len(records) and len(SHEET[name].key) == 1:
                    lost = {record.key[0] for record in records} - {record.key[0] for record in kept[name]}
                    gone.setdefault(name, set()).update(lost)
            left, kept = (
                kept,
                {name: _standing(records, _columns_naming(gone, name), gone) for name, records in kept.items()},
            )
        # A list loses the names that are gone; copies, because the scenario may be merged again.
        return Tables({
            name: [_without_names(record, columns, gone) for record in records] if columns else records
            for name, records in kept.items()
            for columns in [_columns_naming(gone, name)]
        })  # fmt: skip


def interpolated(given: Mapping[int, float], horizon: range) -> dict[int, float]:
    """Return a value for every year: linear between given years, held flat outside and beside `none`.

    >>> interpolated({2026: 1.0, 2030: 3.0}, range(2025, 2032))
    {2025: 1.0, 2026: 1.0, 2027: 1.5, 2028: 2.0, 2029: 2.5, 2030: 3.0, 2031: 3.0}
    >>> interpolated({2026: math.inf, 2028: 5.0}, range(2026, 2029))
    {2026: inf, 2027: inf, 2028: 5.0}
    """
    known = sorted(given)
    place, last = 0, len(known) - 1
    path = {}
    for year in horizon:
        while place < last and known[place + 1] <= year:
            place += 1
        before, low = known[place], given[known[place]]
        if year <= before or place == last or math.isinf(low) or math.isinf(high := given[known[place + 1]]):
            path[year] = low
        else:
            path[year] = low + (high - low) * (year - before) / (known[place + 1] - before)
    return path


def _columns_naming(gone: Mapping[str, set[str]], sheet: str) -> list[Column]:
    """Return the columns of a sheet in which a name that is gone may stand."""
    return [column for column in SHEET[sheet].columns if column.kind is Kind.REFERENCE and gone.get(column.refers_to)]


def _standing(records: list[Record], columns: Sequence[Column], gone: Mapping[str, set[str]]) -> list[Record]:
    """Return the records that refer to nothing that is gone."""
    return [record for record in records if not _leans_on(record, columns, gone)] if columns else records


def _leans_on(record: Record, columns: Sequence[Column], gone: Mapping[str, set[str]]) -> bool:
    """Return whether a record refers to one that is gone (a list only where nothing of it is left)."""
    for column in columns:
        names, value = gone[column.refers_to], record.values.get(column.key)
        if isinstance(value, tuple):
            if column.key != "based_on" and value and all(name in names for name in value):
                return True
        elif value in names and value != ALL:
            return True
    return False


def _without_names(record: Record, columns: Sequence[Column], gone: Mapping[str, set[str]]) -> Record:
    for column in columns:
        names, value = gone[column.refers_to], record.values.get(column.key)
        if isinstance(value, tuple) and names.intersection(map(str, value)):
            left = tuple(str(name) for name in value if name not in names)
            return replace(record, values={**record.values, column.key: left})
    return record
