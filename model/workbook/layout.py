"""The layout of a sheet: the row of keys, the column of each key and year, and their problems."""

from __future__ import annotations

from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from model.errors import Problem
from model.workbook.cell_errors import UnsavedFormula
from model.workbook.formatting import spans
from model.workbook.grid import Grid, address
from model.workbook.headers import check_header, check_year_order, place, read_year, unknown_column
from model.workbook.schema import Sheet
from model.workbook.suggestions import closest
from model.workbook.units import factor_between, read_unit
from model.workbook.values_as_text import as_text

_ROWS_SEARCHED = 30
_LONGEST_UNIT = 24
"""Characters of `USD per t/yr and year`, the longest unit, and a few more."""


@dataclass(frozen=True)
class Layout:
    """Where the columns of a sheet are.

    Attributes:
        sheet: what the schema says of the sheet.
        key_row: number of the row of keys; data begins below it.
        columns: column key -> column number.
        years: year -> column number.
    """

    sheet: Sheet
    key_row: int
    columns: dict[str, int]
    years: dict[int, int]

    @property
    def numbers(self) -> set[int]:
        """Numbers of the columns that are read."""
        return {*self.columns.values(), *self.years.values()}


def find_layout(sheet: Sheet, grid: Grid) -> tuple[Layout | None, list[Problem]]:
    """Return the layout of a sheet, or None if it has no row of keys, and its problems."""
    key_row = _find_key_row(sheet, grid)
    if key_row is None:
        return None, [_no_key_row(sheet)]
    columns: dict[str, int] = {}
    years: dict[int, int] = {}
    problems: list[Problem] = []
    suggested: set[str] = set()
    for number, raw in sorted(grid.rows[key_row].items()):
        cell = address(key_row, number)
        if (broken := check_header(sheet, cell, raw)) is not None:
            problems.append(broken)
        elif (year := read_year(raw)) is not None and sheet.years:
            problems += place(years, year, number, sheet, cell)
        elif (key := as_text(raw)) in sheet.by_key:
            problems += place(columns, key, number, sheet, cell)
        elif not key.startswith("_"):
            near = closest(key, list(sheet.by_key))
            suggested.add(near)
            problems.append(unknown_column(sheet, cell, key, near, is_year=year is not None))
    problems += check_year_order(sheet, key_row, years)
    layout = Layout(sheet, key_row, columns, years)
    # A key that cannot be read may be the missing one.
    if not any(problem.code.startswith("E2") for problem in problems):
        problems += _check_missing(layout, suggested)
    problems += _check_units(layout, grid)
    problems += _check_nameless(layout, grid)
    problems += _check_merged(layout, grid)
    problems += _check_hidden(layout, grid)
    return layout, problems


def _find_key_row(sheet: Sheet, grid: Grid) -> int | None:
    """Return the row with the most known keys, the first of several."""
    best, most = None, 0
    for number in sorted(grid.rows)[:_ROWS_SEARCHED]:
        cells = grid.rows[number].values()
        keys = {as_text(raw) for raw in cells} & sheet.by_key.keys()
        years = sum(read_year(raw) is not None for raw in cells) if sheet.years else 0
        if keys and len(keys) + years > most:
            best, most = number, len(keys) + years
    return best


def _no_key_row(sheet: Sheet) -> Problem:
    return Problem(
        "E110",
        sheet.name,
        "",
        "",
        f"no row of column keys was found in the first {_ROWS_SEARCHED} rows",
        "one row holds the keys of the columns, and the data stands below it",
        f"write the keys in row 4: {', '.join(column.key for column in sheet.columns)}",
    )


def _check_missing(layout: Layout, suggested: set[str]) -> list[Problem]:
    sheet = layout.sheet
    needed = [column.key for column in sheet.columns if column.required]
    missing = [key for key in needed if key not in layout.columns and key not in suggested]
    problems = [
        Problem(
            "E112",
            sheet.name,
            "",
            key,
            f"the column {key} is missing",
            f"{sheet.name} needs it: {sheet.by_key[key].description}",
            f"add the key {key} in row {layout.key_row} and fill in the column",
        )
        for key in missing
    ]
    if sheet.years and not layout.years:
        problems.append(
            Problem(
                "E112",
                sheet.name,
                "",
                "",
                "there is no year column",
                f"{sheet.name} has its numbers in columns whose keys are years",
                f"add years such as 2030 in row {layout.key_row}",
            )
        )
    return problems


def _check_units(layout: Layout, grid: Grid) -> list[Problem]:
    """Check the row of units above the keys; a CSV file whose keys are its first row has none."""
    sheet, row = layout.sheet, layout.key_row - 1
    units = grid.rows.get(row, {})
    problems: list[Problem] = []
    if _are_sentences(layout, units):
        return problems
    for key, number in layout.columns.items():
        asked = sheet.by_key[key].unit
        if number in units and asked:
            problems += check_unit(sheet, address(row, number), key, as_text(units[number]), asked)
    if sheet.years and sheet.years.unit:
        by_unit: dict[str, list[int]] = {}
        for year in sorted(layout.years):
            if layout.years[year] in units:
                by_unit.setdefault(as_text(units[layout.years[year]]), []).append(year)
        for found, years in by_unit.items():
            cell = address(row, layout.years[years[0]])
            name = str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
            problems += check_unit(sheet, cell, name, found, sheet.years.unit)
    return problems


def _are_sentences(layout: Layout, cells: dict[int, object]) -> bool:
    """Whether the row above the keys describes the columns: none of it is a unit, and some is too long for one."""
    texts = [as_text(raw) for number, raw in cells.items() if number in layout.numbers]
    is_long = any(len(text) > _LONGEST_UNIT for text in texts)
    return is_long and all(read_unit(text) is None for text in texts)


def check_unit(sheet: Sheet, cell: str, column: str, found: str, asked: str) -> list[Problem]:
    """Return what is wrong with a unit cell: the factor that would put the numbers right, where there is one."""
    factor = factor_between(found, asked)
    if factor == 1.0:
        return []
    rule = f"the numbers are in {asked}"
    if factor is None:
        remedy = f"put the numbers in {asked} and write {asked} here"
        return [Problem("E117", sheet.name, cell, column, f"the unit '{found}' is not known", rule, remedy)]
    remedy = f"multiply the numbers by {factor:.10g} and write {asked} here"
    return [Problem("E116", sheet.name, cell, column, f"the unit '{found}'", rule, remedy)]


def _check_nameless(layout: Layout, grid: Grid) -> list[Problem]:
    """Report data in columns without a key, which would be lost silently."""
    keyed = grid.rows[layout.key_row]
    first: dict[int, int] = {}
    for row in sorted(grid.rows):
        if row > layout.key_row:
            for number in grid.rows[row].keys() - keyed.keys():
                first.setdefault(number, row)
    return [
        Problem(
            "E114",
            layout.sheet.name,
            address(row, number),
            "",
            f"'{_shown(grid.rows[row][number])}' stands in a column without a key",
            f"every column with data has a key in row {layout.key_row}",
            f"write a key in {address(layout.key_row, number)} ('_...' for a column of your own), or clear the column",
        )
        for number, row in sorted(first.items())
    ]


def _shown(raw: object) -> str:
    text = raw.formula if isinstance(raw, UnsavedFormula) else as_text(raw)
    return text if len(text) <= 40 else f"{text[:40]}..."


def _check_merged(layout: Layout, grid: Grid) -> list[Problem]:
    """Report merged cells below the keys, which keep the value of the first cell only."""
    problems = []
    for top, left, bottom, right in sorted(grid.merged):
        if bottom >= layout.key_row and layout.numbers.intersection(range(left, right + 1)):
            found = f"the cells {address(top, left)}:{address(bottom, right)} are merged"
            rule = "every record needs cells of its own"
            remedy = "unmerge them and fill in each cell"
            problems.append(Problem("E115", layout.sheet.name, address(top, left), "", found, rule, remedy))
    return problems


def _check_hidden(layout: Layout, grid: Grid) -> list[Problem]:
    name = layout.sheet.name
    problems = []
    rows = [row for row in sorted(grid.hidden_rows) if row > layout.key_row and grid.rows[row].keys() & layout.numbers]
    columns = sorted(grid.hidden_columns & layout.numbers)
    if grid.hidden:
        found, rule = "the sheet is hidden", "hidden sheets are read like others"
        problems.append(
            Problem("W501", name, "", "", found, rule, "unhide it, or put '_' before its name to leave it out")
        )
    if rows:
        found, rule = f"hidden rows: {spans(rows)}", "hidden and filtered rows are read like others"
        remedy = "unhide them, or set active to no to leave them out"
        problems.append(Problem("W502", name, f"A{rows[0]}", "", found, rule, remedy))
    if columns:
        letters = [get_column_letter(number) for number in columns]
        found, rule = f"hidden columns: {', '.join(letters)}", "hidden columns are read like others"
        remedy = "unhide them, or put '_' before their keys to leave them out"
        problems.append(Problem("W503", name, address(layout.key_row, columns[0]), "", found, rule, remedy))
    return problems
