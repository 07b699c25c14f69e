"""Reading: an Excel workbook or a folder of CSV files becomes tables of typed records, with every problem found.

A cell that cannot be read is reported and replaced by its default, or by a harmless value of its type, so that
the later checks can look at everything else in the same go.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from model.errors import MOST_ALIKE, Problem
from model.workbook.cell_errors import CellError
from model.workbook.cells import parse
from model.workbook.grid import Grid, address
from model.workbook.grids import read_grids
from model.workbook.layout import Layout, check_unit, find_layout
from model.workbook.repeated import drop_repeated
from model.workbook.schema import OLD_SHEETS, SETTING, SETTINGS, SHEET, SHEETS, Column, Kind, Value
from model.workbook.sheet_names import check_sheet_names, old_sheet, rename_old_sheets
from model.workbook.suggestions import closest
from model.workbook.tables import Record, Tables, YearPath

_HARMLESS = ("E114", "E116", "E117", "E118", "E119")
"""Codes of the form of a workbook that leave its rows what they are."""

_NO_ROW = 0
"""The row number of a setting that is not in the workbook and has its default."""


@dataclass(frozen=True)
class Workbook:
    """A workbook after reading: what it says, and what is wrong with it."""

    path: Path
    tables: Tables
    problems: tuple[Problem, ...]


def read(path: Path) -> Workbook:
    """Read a workbook (.xlsx, .xlsm) or a folder of CSV files.

    Raises:
        InputError: nothing can be read at all (no such file, no Excel workbook, a password, ...).
    """
    grids, problems = rename_old_sheets(read_grids(path))
    by_name = {grid.name: grid for grid in grids}
    problems += check_sheet_names(grids)
    records: dict[str, list[Record]] = {}
    for sheet in SHEETS:
        if sheet.name in by_name:
            grid = by_name[sheet.name]
            problems += grid.problems
            layout, of_layout = find_layout(sheet, grid)
            problems += of_layout
            if layout is not None:
                records[sheet.name], found = _read_records(layout, grid)
                is_sound = not any(map(is_of_the_form, of_layout))
                # Keys and years may stand in a column that was not found.
                problems += [problem for problem in found if is_sound or problem.code not in ("E215", "E216")]
    if not any(problem.sheet == "settings" and is_of_the_form(problem) for problem in problems):
        problems += _check_settings(records)
    problems += _rename_in_changes(records.get("changes", []))
    _complete_settings(records)
    _doubt_facilities(records)
    return Workbook(path, Tables(records), tuple(problems))


def _rename_in_changes(changes: list[Record]) -> list[Problem]:
    """Let changes name sheets by what they are called now."""
    problems = []
    for record in changes:
        old = record.text("sheet")
        if old in OLD_SHEETS:
            record.values["sheet"] = OLD_SHEETS[old]
            if record.active:
                problems.append(old_sheet(old, "changes", record.cells.get("sheet", ""), "sheet"))
    return problems


def is_of_the_form(problem: Problem) -> bool:
    """Whether a problem is one of sheets and columns, so that rules about their rows would judge what is not meant."""
    of_keys = problem.is_error and bool(problem.cell) and not problem.column
    return (problem.code.startswith("E1") or of_keys) and problem.code not in _HARMLESS


class _Row:
    """One row while it is read: where its cells are, and the problems found so far."""

    def __init__(self, layout: Layout, grid: Grid, number: int, alike: Counter[str]) -> None:
        self.layout, self.grid, self.number, self.alike = layout, grid, number, alike
        self.raw = grid.rows[number]
        self.problems: list[Problem] = []
        self.unread: set[str] = set()

    def cell(self, column: str) -> str:
        """Return the address of the cell of a column, "" where the sheet does not have it."""
        place = self.layout.columns.get(column)
        return "" if place is None else address(self.number, place)

    def parse(self, column: Column, place: int, name: str) -> Value:
        """Return the value of a cell, or what stands in for it; `name` is what messages call the column."""
        try:
            return parse(column, self.raw.get(place))
        except CellError as error:
            if self.grid.is_merged_away(self.number, place):
                self.unread.add(name)  # The merged cells have been reported; nothing can be typed here.
            else:
                self.report(error, address(self.number, place), name)
            return _stand_in(column)

    def report(self, error: CellError, cell: str, column: str) -> None:
        """Note a problem of this row."""
        self.unread.add(column)
        # What is not listed any more needs no suggestion.
        remedy = error.remedy if self.alike[error.code] < MOST_ALIKE else "correct it"
        self.problems.append(Problem(error.code, self.layout.sheet.name, cell, column, error.found, error.rule, remedy))


def _read_records(layout: Layout, grid: Grid) -> tuple[list[Record], list[Problem]]:
    records, problems, alike = [], [], Counter[str]()
    has_key = all(key in layout.columns or not layout.sheet.by_key[key].required for key in layout.sheet.key)
    read_row = _read_setting if layout.sheet.name == "settings" else _read_row
    for number in sorted(grid.rows):
        if number <= layout.key_row or not grid.rows[number].keys() & layout.numbers:
            continue
        row = _Row(layout, grid, number, alike)
        record = read_row(row)
        if record.active:
            problems += row.problems
            alike.update(problem.code for problem in row.problems)
        record.unread.update(row.unread)
        # An inactive row without its key cannot be identified, and nothing refers to it.
        if has_key and (record.active or row.unread.isdisjoint(layout.sheet.key)):
            records.append(record)
    return drop_repeated(records, problems)


def _read_row(row: _Row) -> Record:
    layout = row.layout
    values: dict[str, Value] = {}
    for column in layout.sheet.columns:
        place = layout.columns.get(column.key)
        if place is not None:
            values[column.key] = row.parse(column, place, column.key)
        else:
            values[column.key] = _stand_in(column) if column.required else column.default
    for column in layout.sheet.columns:
        blank = row.raw.get(layout.columns.get(column.key, 0)) is None
        if column.default_from is not None and (blank or column.key in row.unread):
            values[column.key] = column.default_from(values)
    return _record(row, values, _read_years(row, values))


def _record(row: _Row, values: dict[str, Value], given: dict[int, float]) -> Record:
    layout = row.layout
    places: dict[str, int] = {**layout.columns, **{str(year): place for year, place in layout.years.items()}}
    cells = {name: address(row.number, place) for name, place in places.items()}
    # The cast is a copy: a scenario may later put a path where there is a value now.
    typed: dict[str, Value | YearPath] = dict(values)
    return Record(layout.sheet.name, row.number, typed, given, cells=cells)


def _read_years(row: _Row, values: dict[str, Value]) -> dict[int, float]:
    years = row.layout.sheet.years
    if years is None:
        return {}
    rule = years.rule(values.get(years.depends_on))
    rule = replace(rule, key=rule.description, default_text="interpolated between the other years")
    given: dict[int, float] = {}
    written = [(year, place) for year, place in sorted(row.layout.years.items()) if row.raw.get(place) is not None]
    for year, place in written:
        value = row.parse(rule, place, str(year))
        if isinstance(value, float) and str(year) not in row.unread:
            given[year] = value
    # Without year columns the sheet has been reported, and every row would say the same again.
    if not written and row.layout.years:
        _report_no_year(row)
    if not given:
        given[min(row.layout.years, default=2026)] = float(max(0.0, rule.low))
    return given


def _report_no_year(row: _Row) -> None:
    year, place = min(row.layout.years.items())
    error = CellError(
        "E215",
        "no year has a value",
        "a row needs the value of at least one year",
        "fill in a year, set active to no, or delete the row",
    )
    row.report(error, address(row.number, place), str(year))


def _stand_in(column: Column) -> Value:
    """Return a value that does no harm in place of one that could not be read."""
    if not column.required:
        return column.default
    if column.kind is Kind.CHOICE:
        return column.choices[0]
    return max(0.0, column.low, column.above + 1.0) if column.is_number else ""


def _read_setting(row: _Row) -> Record:
    record = _read_row(row)
    name = record.text("setting")
    place = row.layout.columns.get("value")
    if "setting" in row.unread or place is None:
        record.values["value"] = None
        _explain_unknown_setting(row)
        return record
    # Read as any text above; what the setting asks for counts.
    row.problems = [problem for problem in row.problems if problem.column != "value"]
    row.unread.discard("value")
    value = row.parse(SETTING[name], place, "value")
    record.values["value"] = None if "value" in row.unread else value
    if record["unit"] and SETTING[name].unit:
        row.problems += check_unit(row.layout.sheet, row.cell("unit"), "unit", record.text("unit"), SETTING[name].unit)
    return record


def _explain_unknown_setting(row: _Row) -> None:
    """Say which setting was meant, instead of listing all of them."""
    for place, problem in enumerate(row.problems):
        if problem.code == "E210":
            near = closest(problem.found.strip("'"), list(SETTING))
            row.problems[place] = replace(
                problem,
                code="E118",
                rule="settings have the names in inputs/README.md",
                remedy=f"did you mean '{near}'?" if near else "delete the row",
            )


def _check_settings(records: dict[str, list[Record]]) -> list[Problem]:
    """Report required settings that are missing, unless the sheet is missing too or a similar name was reported."""
    found = {record.text("setting") for record in records.get("settings", []) if record.active}
    if "" in found:
        return []
    return [
        Problem(
            "E119",
            "settings",
            "",
            "setting",
            f"the setting {setting.key} is missing",
            f"a plan needs it: {setting.description}",
            f"add a row with {setting.key} and its value",
        )
        for setting in SETTINGS
        if setting.required and setting.key not in found and "settings" in records
    ]


def _complete_settings(records: dict[str, list[Record]]) -> None:
    """Add the settings that are left out (or not active), so that a scenario can change them."""
    settings = records["settings"] = [record for record in records.get("settings", []) if record.active]
    by_name = {record.text("setting"): record for record in settings}
    years = [year for rows in records.values() for record in rows for year in record.given]
    horizon = {"first_year": min(years, default=2026), "last_year": max(years, default=2040)}
    for setting in SETTINGS:
        if setting.key not in by_name:
            blank: dict[str, Value | YearPath] = {column.key: column.default for column in SHEET["settings"].columns}
            values = {**blank, "setting": setting.key, "value": setting.default}
            by_name[setting.key] = Record("settings", _NO_ROW, values)
            settings.append(by_name[setting.key])
        record = by_name[setting.key]
        record.values["unit"] = record["unit"] or setting.unit
        record.values["description"] = record["description"] or setting.description
        if setting.required and record["value"] is None:
            record.values["value"] = float(horizon[setting.key])
            record.unread.add("value")


def _doubt_facilities(records: dict[str, list[Record]]) -> None:
    """Mark the column of a facility as unknown where the path that replaces it could not be read."""
    for path in records.get("facility_paths", []):
        for facility in records.get("facilities", []) if path.unread and path.active else ():
            if "facility" in path.unread or facility["facility"] == path["facility"]:
                facility.unread.add(path.text("quantity"))
