"""Writing: a workbook that can be read, blank or filled with tables, with drop-downs and the data dictionary.

`python -m model.workbook.template` writes model/workbook/names.py anew.
"""

from __future__ import annotations

import math
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from model.errors import OutputError
from model.workbook.dictionary import split_columns
from model.workbook.drop_downs import add_drop_down, drop_down, write_lists
from model.workbook.openpyxl_cells import cell_at, write_text
from model.workbook.schema import SETTING, SETTINGS, SHEET, SHEETS, Column, Kind, Sheet, Value
from model.workbook.tables import Record, Tables, YearPath
from model.workbook.template_pages import write_dictionary, write_read_me
from model.workbook.template_styles import (
    BOLD,
    FIRST_ROW,
    KEY_ROW,
    OPTIONAL_FILL,
    OTHER_TABS,
    QUIET,
    REQUIRED_FILL,
    RULE,
    TAB_COLOURS,
    TITLE,
    UNIT_ROW,
    WHITE,
    WRAPPED,
    YEARS_FILL,
)
from model.workbook.typed_names import write_names
from model.workbook.values_as_text import as_text, write_value

_BLANK_HORIZON = range(2026, 2041)

# Large numbers with thousands separators, small ones as they are: a fixed number of decimals would hide some.
_AMOUNT_FORMAT = "[>=1000]#,##0;General"

_TEXT_FORMAT = "@"

_WIDTHS = {
    Kind.TEXT: 24, Kind.IDENTIFIER: 24, Kind.REFERENCE: 20, Kind.CHOICE: 15, Kind.YES_NO: 11, Kind.NUMBER: 15,
    Kind.WHOLE: 12, Kind.YEAR: 12,
}  # fmt: skip

_YEAR_WIDTH = 11

_WIDEST = 60
"""Characters of the first column, however long a name is."""


def write(path: Path, tables: Tables | None = None) -> None:
    """Write a workbook: blank, or filled with tables as they were read.

    Raises:
        OutputError: the file cannot be written.
    """
    book = Workbook()
    write_read_me(book.worksheets[0])
    for sheet in SHEETS:
        _write_sheet(book.create_sheet(sheet.name), sheet, tables)
    write_lists(book)
    write_dictionary(book.create_sheet("_dictionary"))
    for page in book.worksheets:
        set_up_page(page)
    temporary = path.with_name(f"~{path.name}")
    try:
        book.save(temporary)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OutputError(f"the workbook '{path}' cannot be written ({error.strerror})") from error


def set_up_page(page: Worksheet) -> None:
    """Let a sheet print across, all columns on a page; colour its tab by its theme, and show its first column whole."""
    page.sheet_properties.tabColor = TAB_COLOURS.get(page.title, OTHER_TABS)
    if page.title in SHEET:
        longest = max(len(str(page.cell(row, 1).value or "")) for row in range(KEY_ROW, page.max_row + 1))
        first = page.column_dimensions["A"]
        first.width = min(_WIDEST, max(first.width, 1.1 * longest + 2))
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if page.title in SHEET:
        page.print_title_rows = f"1:{KEY_ROW}"


def _write_sheet(page: Worksheet, sheet: Sheet, tables: Tables | None) -> None:
    before, closing = split_columns(sheet)
    years = _years_of(sheet, tables)
    keys: list[str | int] = [*(column.key for column in before), *years, *(column.key for column in closing)]
    places = {key: place for place, key in enumerate(keys, 1)}
    _write_head(page, sheet, places)
    if sheet.name == "settings":
        _write_settings(page, places, tables)
    elif tables is not None:
        for row, record in enumerate(tables.of(sheet.name), FIRST_ROW):
            _write_record(page, row, record, places)
    page.freeze_panes = f"{get_column_letter(len(sheet.key) + 1)}{FIRST_ROW}"
    page.auto_filter.ref = f"A{KEY_ROW}:{get_column_letter(len(places))}{max(page.max_row, FIRST_ROW)}"


def _years_of(sheet: Sheet, tables: Tables | None) -> list[int]:
    """Return the years of the horizon, and the given ones outside it."""
    if sheet.years is None:
        return []
    if tables is None:
        return list(_BLANK_HORIZON)
    return sorted({*tables.horizon, *(year for record in tables.of(sheet.name) for year in record.given)})


def _write_head(page: Worksheet, sheet: Sheet, places: dict[str | int, int]) -> None:
    page["A1"] = f"{sheet.title}: {sheet.purpose}"
    page["A1"].font = TITLE
    lines = 1
    first_year = min((key for key in places if not isinstance(key, str)), default=0)
    for key, place in places.items():
        letter = get_column_letter(place)
        width = _YEAR_WIDTH
        if isinstance(key, int):
            assert sheet.years is not None
            text, unit = sheet.years.description if key == first_year else "", sheet.years.unit
            page.column_dimensions[letter].number_format = _AMOUNT_FORMAT
        else:
            column = sheet.by_key[key]
            text, unit, width = column.description, column.unit, max(_WIDTHS[column.kind], len(key) + 4)
            page.column_dimensions[letter].number_format = _format_of(sheet, column)
            add_drop_down(page, sheet, column, letter)
        page.column_dimensions[letter].width = width
        lines = max(lines, math.ceil(len(text) * 1.15 / width))
        _write_heading(page, sheet, key, place, text, unit)
    page.row_dimensions[2].height = 15 * min(lines, 8)


def _write_heading(page: Worksheet, sheet: Sheet, key: str | int, place: int, text: str, unit: str) -> None:
    description = page.cell(2, place, text or None)
    description.font, description.alignment, description.number_format = QUIET, WRAPPED, "General"
    units = page.cell(UNIT_ROW, place, unit or None)
    units.font, units.number_format = QUIET, "General"
    header = page.cell(KEY_ROW, place, key)
    header.font, header.border, header.number_format = BOLD, RULE, "General"
    if isinstance(key, int):
        header.fill = YEARS_FILL
    elif sheet.by_key[key].required:
        header.fill, header.font = REQUIRED_FILL, WHITE
    else:
        header.fill = OPTIONAL_FILL


def _format_of(sheet: Sheet, column: Column) -> str:
    if sheet.name == "changes" and column.key in ("where", "years"):
        # Excel would take 2028-2031 for a date and region=CHN for a formula that lost its sign.
        return _TEXT_FORMAT
    if column.kind is Kind.NUMBER and column.unit not in ("share", "t/t"):
        return _AMOUNT_FORMAT
    return "General"


def _write_settings(page: Worksheet, places: dict[str | int, int], tables: Tables | None) -> None:
    """All settings, those that were not given with their defaults."""
    given = {record.text("setting"): record for record in tables["settings"]} if tables is not None else {}
    names = [*given, *(setting.key for setting in SETTINGS if setting.key not in given)]
    for row, name in enumerate(names, FIRST_ROW):
        setting = SETTING[name]
        _write_record(page, row, given.get(name) or _blank_setting(setting), places)
        cell = cell_at(page, row, places["value"])
        cell.alignment = Alignment(horizontal="left")
        # A list typed in a cell of another format can become one large number.
        cell.number_format = _TEXT_FORMAT if setting.many else "General"
        page.cell(row, places["description"]).alignment = WRAPPED
        if setting.kind is Kind.YES_NO:
            validation = drop_down("list_yes_no", f"{setting.key} is yes or no", strict=True)
            validation.add(cell.coordinate)
            page.add_data_validation(validation)
    page.column_dimensions[get_column_letter(places["description"])].width = 70


def _blank_setting(setting: Column) -> Record:
    horizon = {"first_year": float(_BLANK_HORIZON[0]), "last_year": float(_BLANK_HORIZON[-1])}
    values: dict[str, Value | YearPath] = {column.key: column.default for column in SHEET["settings"].columns}
    values |= {"setting": setting.key, "value": horizon.get(setting.key, setting.default)}
    values |= {"unit": setting.unit, "description": setting.description}
    return Record("settings", 0, values)


def _write_record(page: Worksheet, row: int, record: Record, places: dict[str | int, int]) -> None:
    sheet = SHEET[record.sheet]
    for column in sheet.columns:
        value = record.values[column.key]
        if column.key in sheet.key or value != _blank_means(column, record.values):
            cell = cell_at(page, row, places[column.key])
            cell.number_format = _format_of(sheet, column)
            if (record.sheet, column.key) == ("changes", "value"):
                _write_typed(cell, str(value))
            elif (record.sheet, column.key) == ("settings", "value"):
                _write_value(cell, SETTING[record.text("setting")], value)
            else:
                _write_value(cell, column, value)
    if sheet.years is not None:
        rule = sheet.years.rule(record.values.get(sheet.years.depends_on))
        for year, number in record.given.items():
            cell = cell_at(page, row, places[year])
            cell.number_format = _AMOUNT_FORMAT
            _write_value(cell, rule, number)


def _blank_means(column: Column, values: dict[str, Value | YearPath]) -> Value:
    if column.default_from is None:
        return column.default
    return column.default_from({key: value for key, value in values.items() if not isinstance(value, dict)})


def _write_value(cell: Cell, column: Column, value: Value | YearPath) -> None:
    """Write a value as a planner would type it; a path has its own sheet and leaves the cell blank."""
    if value is None or isinstance(value, dict):
        return
    if isinstance(value, float) and math.isfinite(value):
        cell.value = int(value) if value.is_integer() and abs(value) < 1e15 else value
    elif text := write_value(column, value):
        write_text(cell, text)


def _write_typed(cell: Cell, text: str) -> None:
    """Write a number as a number where it is read back as the same text, so that Excel does not complain of text."""
    try:
        number: float | None = float(text)
    except ValueError:
        number = None
    if number is not None and math.isfinite(number) and as_text(number) == text:
        cell.value = number
    else:
        write_text(cell, text)


if __name__ == "__main__":
    write_names()
