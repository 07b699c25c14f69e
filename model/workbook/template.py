"""Writing: a workbook that can be read, blank or filled with tables, with drop-downs and the data dictionary.

`python -m model.workbook.template` writes model/workbook/names.py anew.
"""

from __future__ import annotations

import math
from itertools import count
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from model.errors import OutputError
from model.workbook.cells import as_text, write_value
from model.workbook.dictionary import Entry, entries, split_columns
from model.workbook.openpyxl_cells import cell_at, link, write_text
from model.workbook.schema import ALL, SETTING, SETTINGS, SHEET, SHEETS, Column, Kind, Sheet, Value
from model.workbook.tables import Record, Tables, YearPath
from model.workbook.typed_names import write_names

_UNIT_ROW, _KEY_ROW, _FIRST_ROW = 3, 4, 5
_LAST_ROW = 2000
"""Last row with drop-downs, and the last row the drop-downs look for names in."""
_BLANK_HORIZON = range(2026, 2041)

_TITLE = Font(bold=True, size=14)
_BOLD = Font(bold=True)
_WHITE = Font(bold=True, color="FFFFFFFF")
_QUIET = Font(italic=True, color="FF595959")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_RULE = Border(bottom=Side(style="thin", color="FF7F7F7F"))
_REQUIRED_FILL = PatternFill("solid", fgColor="FF1F3864")
_OPTIONAL_FILL = PatternFill("solid", fgColor="FF8EA9DB")
_YEARS_FILL = PatternFill("solid", fgColor="FFC6E0B4")
_LEGEND = (
    ("required", _REQUIRED_FILL, _WHITE, "must be filled in"),
    ("optional", _OPTIONAL_FILL, _BOLD, "a blank means the default, see _dictionary"),
    ("2030", _YEARS_FILL, _BOLD, "the number of that year; blank years are interpolated"),
)
# Large numbers with thousands separators, small ones as they are: a fixed number of decimals would hide some.
_AMOUNT_FORMAT = "[>=1000]#,##0;General"
_TEXT_FORMAT = "@"
_WIDTHS = {
    Kind.TEXT: 24, Kind.IDENTIFIER: 24, Kind.REFERENCE: 20, Kind.CHOICE: 15, Kind.YES_NO: 11, Kind.NUMBER: 15,
    Kind.WHOLE: 12, Kind.YEAR: 12,
}  # fmt: skip
_YEAR_WIDTH = 11

_HOW_TO = (
    "One subject a sheet, one record a row, years across. Fill in the sheets from left to right.",
    "Row 3 holds the units, row 4 the keys of the columns: leave both as they are. Data begins in row 5.",
    "A blank cell means the default; none means no limit; * means all. Every column is explained in _dictionary.",
    "Years left blank are interpolated between those given, and held flat before the first and after the last.",
    "active = no leaves a row out, with everything that refers to it. source names a row of the sheet sources.",
    "scenario = name of a scenario: the row is there in that scenario only, with everything that refers to it.",
    "A facility with cost_basis market has no inputs in recipes, no fixed cost and no capex: its price covers them.",
    (
        "A foreign plant that sells at the price has cost_basis spread: it keeps its inputs in recipes, so that their "
        "origin counts, and home pays the price of what it delivers."
    ),
    (
        "Three facilities, each a row: a mine makes concentrate; a refinery makes oxide, with concentrate as its input "
        "in recipes; a recycler (kind recycling) makes oxide too, with scrap as its input. All have cost_basis cost."
    ),
    "Sheets and columns whose name starts with _ are yours: they are not read.",
    "Formulas are welcome; save the workbook in Excel or LibreOffice so that their values are in the file.",
    "python run.py this.xlsx --check reads the workbook and marks everything that is wrong with it in a copy.",
)


def write(path: Path, tables: Tables | None = None) -> None:
    """Write a workbook: blank, or filled with tables as they were read.

    Raises:
        OutputError: the file cannot be written.
    """
    book = Workbook()
    _write_read_me(book.worksheets[0])
    for sheet in SHEETS:
        _write_sheet(book.create_sheet(sheet.name), sheet, tables)
    _write_lists(book)
    _write_dictionary(book.create_sheet("_dictionary"))
    for page in book.worksheets:
        _set_up_print(page)
    temporary = path.with_name(f"~{path.name}")
    try:
        book.save(temporary)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OutputError(f"the workbook '{path}' cannot be written ({error.strerror})") from error


def _set_up_print(page: Worksheet) -> None:
    """Let a sheet print across, all columns on a page."""
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if page.title in SHEET:
        page.print_title_rows = f"1:{_KEY_ROW}"


# --- The sheets for people ------------------------------------------------------------------------------------------


def _write_read_me(sheet: Worksheet) -> None:
    sheet.title = "read_me"
    sheet.column_dimensions["A"].width = 20
    sheet.column_dimensions["B"].width = 110
    sheet["A1"], sheet["A1"].font = "lodeplan input workbook", _TITLE
    rows = count(3)
    for line in _HOW_TO:
        sheet.cell(next(rows), 2, line).alignment = _WRAPPED
    next(rows)
    sheet.cell(next(rows), 1, "Colours of row 4").font = _BOLD
    for word, fill, font, meaning in _LEGEND:
        cell = cell_at(sheet, next(rows), 1)
        cell.value, cell.fill, cell.font = word, fill, font
        sheet.cell(cell.row, 2, meaning)
    next(rows)
    sheet.cell(next(rows), 1, "Sheets").font = _BOLD
    for name, purpose in _sheet_list():
        cell = cell_at(sheet, next(rows), 1)
        cell.value = name
        link(cell, name)
        sheet.cell(cell.row, 2, purpose).alignment = _WRAPPED


def _sheet_list() -> list[tuple[str, str]]:
    own = [("_lists", "The words the drop-downs offer."), ("_dictionary", "Every column: type, unit, default, limits.")]
    return [*((sheet.name, sheet.purpose) for sheet in SHEETS), *own]


def _write_dictionary(sheet: Worksheet) -> None:
    for column, (name, width) in enumerate(zip(Entry._fields, (16, 26, 20, 20, 12, 26, 50, 80), strict=True), 1):
        cell = sheet.cell(1, column, name)
        cell.font, cell.fill = _BOLD, _OPTIONAL_FILL
        sheet.column_dimensions[cell.column_letter].width = width
    last = 1
    for last, entry in enumerate(entries(), 2):
        for column, text in enumerate(entry, 1):
            if text:
                write_text(cell_at(sheet, last, column), text)
                cell_at(sheet, last, column).alignment = _WRAPPED
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(Entry._fields))}{last}"


# --- Drop-downs -----------------------------------------------------------------------------------------------------


def _write_lists(book: Workbook) -> None:
    """The words of all drop-downs, each list a named range, and the names of the records others refer to."""
    sheet = book.create_sheet("_lists")
    for place, (name, words) in enumerate(_choice_lists().items(), 1):
        letter = get_column_letter(place)
        header = sheet.cell(1, place, name)
        header.font, header.fill = _BOLD, _OPTIONAL_FILL
        sheet.column_dimensions[letter].width = max(len(word) for word in (name, *words)) + 3
        for row, word in enumerate(words, 2):
            write_text(cell_at(sheet, row, place), word)
        target = f"'_lists'!${letter}$2:${letter}${len(words) + 1}"
        book.defined_names[name] = DefinedName(name, attr_text=target)
    for target_sheet in sorted({column.refers_to for each in SHEETS for column in each.columns if column.refers_to}):
        name = _names_of(target_sheet)
        book.defined_names[name] = DefinedName(name, attr_text=_filled_part(target_sheet))
    sheet.freeze_panes = "A2"


def _choice_lists() -> dict[str, tuple[str, ...]]:
    lists: dict[str, tuple[str, ...]] = {"list_yes_no": ("yes", "no")}
    for sheet in SHEETS:
        for column in sheet.columns:
            if column.kind is Kind.CHOICE:
                lists[_words_of(sheet, column)] = (*column.choices, *([ALL] if column.star else []))
    return lists


def _words_of(sheet: Sheet, column: Column) -> str:
    return f"list_{sheet.name}_{column.key}"


def _names_of(sheet: str) -> str:
    return f"names_{sheet}"


def _filled_part(sheet: str) -> str:
    """The first column of a sheet down to its last record: blanks in a list would let every word pass."""
    column = f"'{sheet}'!$A${_FIRST_ROW}:$A${_LAST_ROW}"
    return f"'{sheet}'!$A${_FIRST_ROW}:INDEX({column},MAX(1,COUNTA({column})))"


def _add_drop_down(page: Worksheet, sheet: Sheet, column: Column, letter: str) -> None:
    if column.kind is Kind.YES_NO:
        validation = _drop_down("list_yes_no", f"{column.key} is yes or no", strict=True)
    elif column.kind is Kind.CHOICE:
        validation = _drop_down(_words_of(sheet, column), f"{column.key} is one of the list", strict=True)
    elif column.kind is Kind.REFERENCE:
        # Lists, * and names that are added later are fine: the reader checks them.
        validation = _drop_down(_names_of(column.refers_to), "", strict=False)
    else:
        return
    validation.add(f"{letter}{_FIRST_ROW}:{letter}{_LAST_ROW}")
    page.add_data_validation(validation)


def _drop_down(name: str, message: str, *, strict: bool) -> DataValidation:
    return DataValidation(
        type="list", formula1=name, allow_blank=True, showErrorMessage=strict, errorTitle="lodeplan", error=message
    )


# --- The sheets with data -------------------------------------------------------------------------------------------


def _write_sheet(page: Worksheet, sheet: Sheet, tables: Tables | None) -> None:
    before, closing = split_columns(sheet)
    years = _years_of(sheet, tables)
    keys: list[str | int] = [*(column.key for column in before), *years, *(column.key for column in closing)]
    places = {key: place for place, key in enumerate(keys, 1)}
    _write_head(page, sheet, places)
    if sheet.name == "settings":
        _write_settings(page, places, tables)
    elif tables is not None:
        for row, record in enumerate(tables.of(sheet.name), _FIRST_ROW):
            _write_record(page, row, record, places)
    page.freeze_panes = f"{get_column_letter(len(sheet.key) + 1)}{_FIRST_ROW}"
    page.auto_filter.ref = f"A{_KEY_ROW}:{get_column_letter(len(places))}{max(page.max_row, _FIRST_ROW)}"


def _years_of(sheet: Sheet, tables: Tables | None) -> list[int]:
    """The years of the horizon, and the given ones outside it."""
    if sheet.years is None:
        return []
    if tables is None:
        return list(_BLANK_HORIZON)
    return sorted({*tables.horizon, *(year for record in tables.of(sheet.name) for year in record.given)})


def _write_head(page: Worksheet, sheet: Sheet, places: dict[str | int, int]) -> None:
    page["A1"] = f"{sheet.title}: {sheet.purpose}"
    page["A1"].font = _TITLE
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
            _add_drop_down(page, sheet, column, letter)
        page.column_dimensions[letter].width = width
        lines = max(lines, math.ceil(len(text) * 1.15 / width))
        _write_heading(page, sheet, key, place, text, unit)
    page.row_dimensions[2].height = 15 * min(lines, 8)


def _write_heading(page: Worksheet, sheet: Sheet, key: str | int, place: int, text: str, unit: str) -> None:
    description = page.cell(2, place, text or None)
    description.font, description.alignment, description.number_format = _QUIET, _WRAPPED, "General"
    units = page.cell(_UNIT_ROW, place, unit or None)
    units.font, units.number_format = _QUIET, "General"
    header = page.cell(_KEY_ROW, place, key)
    header.font, header.border, header.number_format = _BOLD, _RULE, "General"
    if isinstance(key, int):
        header.fill = _YEARS_FILL
    elif sheet.by_key[key].required:
        header.fill, header.font = _REQUIRED_FILL, _WHITE
    else:
        header.fill = _OPTIONAL_FILL


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
    for row, name in enumerate(names, _FIRST_ROW):
        setting = SETTING[name]
        _write_record(page, row, given.get(name) or _blank_setting(setting), places)
        cell = cell_at(page, row, places["value"])
        cell.alignment = Alignment(horizontal="left")
        # A list typed in a cell of another format can become one large number.
        cell.number_format = _TEXT_FORMAT if setting.many else "General"
        page.cell(row, places["description"]).alignment = _WRAPPED
        if setting.kind is Kind.YES_NO:
            validation = _drop_down("list_yes_no", f"{setting.key} is yes or no", strict=True)
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
