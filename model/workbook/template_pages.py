"""The sheets of the blank workbook that are read by people: read_me and _dictionary."""

from __future__ import annotations

from itertools import count

from openpyxl.styles import Border, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from model.workbook.dictionary import Entry, entries
from model.workbook.openpyxl_cells import cell_at, link, write_text
from model.workbook.schema import SHEETS
from model.workbook.template_styles import (
    BOLD,
    OPTIONAL_FILL,
    OTHER_TABS,
    REQUIRED_FILL,
    TAB_COLOURS,
    TITLE,
    WHITE,
    WRAPPED,
    YEARS_FILL,
)

_LEGEND = (
    ("required", REQUIRED_FILL, WHITE, "must be filled in"),
    ("optional", OPTIONAL_FILL, BOLD, "a blank means the default, see _dictionary"),
    ("2030", YEARS_FILL, BOLD, "the number of that year; blank years are interpolated"),
)

_HOW_TO = (
    "One subject a sheet, one record a row, years across. Fill in the sheets from left to right.",
    "Row 3 holds the units, row 4 the keys of the columns: leave both as they are. Data begins in row 5.",
    "A blank cell means the default; none means no limit; * means all. Every column is explained in _dictionary.",
    "Years left blank are interpolated between those given, and held flat before the first and after the last.",
    "active = no leaves a row out, with everything that refers to it. source names a row of the sheet sources.",
    "Where a sheet has source_costs, that is the source of costs, times and shares, and source that of the rest.",
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
    "inputs/GUIDE.md shows which cells to type to add a mine, a partner, a mineral, a ban, a scenario and more.",
    "Formulas are welcome; save the workbook in Excel or LibreOffice so that their values are in the file.",
    "python run.py this.xlsx --check reads the workbook and marks everything that is wrong with it in a copy.",
)


def write_read_me(sheet: Worksheet) -> None:
    """Write the sheet that explains the workbook."""
    sheet.title = "read_me"
    sheet.column_dimensions["A"].width = 20
    sheet.column_dimensions["B"].width = 110
    sheet["A1"], sheet["A1"].font = "lodeplan input workbook", TITLE
    rows = count(3)
    for line in _HOW_TO:
        sheet.cell(next(rows), 2, line).alignment = WRAPPED
    next(rows)
    sheet.cell(next(rows), 1, "Colours of row 4").font = BOLD
    for word, fill, font, meaning in _LEGEND:
        cell = cell_at(sheet, next(rows), 1)
        cell.value, cell.fill, cell.font = word, fill, font
        sheet.cell(cell.row, 2, meaning)
    next(rows)
    sheet.cell(next(rows), 1, "Sheets").font = BOLD
    for name, purpose in _sheet_list():
        cell = cell_at(sheet, next(rows), 1)
        cell.value = name
        link(cell, name)
        cell.border = Border(left=Side(style="thick", color=TAB_COLOURS.get(name, OTHER_TABS)))
        sheet.cell(cell.row, 2, purpose).alignment = WRAPPED


def _sheet_list() -> list[tuple[str, str]]:
    own = [("_lists", "The words the drop-downs offer."), ("_dictionary", "Every column: type, unit, default, limits.")]
    return [*((sheet.name, sheet.purpose) for sheet in SHEETS), *own]


def write_dictionary(sheet: Worksheet) -> None:
    """Write the sheet that lists every column."""
    for column, (name, width) in enumerate(zip(Entry._fields, (16, 26, 20, 20, 12, 26, 50, 80), strict=True), 1):
        cell = sheet.cell(1, column, name)
        cell.font, cell.fill = BOLD, OPTIONAL_FILL
        sheet.column_dimensions[cell.column_letter].width = width
    last = 1
    for last, entry in enumerate(entries(), 2):
        for column, text in enumerate(entry, 1):
            if text:
                write_text(cell_at(sheet, last, column), text)
                cell_at(sheet, last, column).alignment = WRAPPED
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(Entry._fields))}{last}"
