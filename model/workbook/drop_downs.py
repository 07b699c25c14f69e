"""Drop-downs of the blank workbook, and the lists behind them."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from model.workbook.openpyxl_cells import cell_at, write_text
from model.workbook.schema import ALL, SHEETS, Column, Kind, Sheet
from model.workbook.template_styles import (
    BOLD,
    FIRST_ROW,
    LAST_ROW,
    OPTIONAL_FILL,
)


def write_lists(book: Workbook) -> None:
    """The words of all drop-downs, each list a named range, and the names of the records others refer to."""
    sheet = book.create_sheet("_lists")
    for place, (name, words) in enumerate(_choice_lists().items(), 1):
        letter = get_column_letter(place)
        header = sheet.cell(1, place, name)
        header.font, header.fill = BOLD, OPTIONAL_FILL
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
    """Return the first column of a sheet down to its last record: blanks in a list would let every word pass."""
    column = f"'{sheet}'!$A${FIRST_ROW}:$A${LAST_ROW}"
    return f"'{sheet}'!$A${FIRST_ROW}:INDEX({column},MAX(1,COUNTA({column})))"


def add_drop_down(page: Worksheet, sheet: Sheet, column: Column, letter: str) -> None:
    """Add the drop-down of a column to its cells, if it has one."""
    if column.kind is Kind.YES_NO:
        validation = drop_down("list_yes_no", f"{column.key} is yes or no", strict=True)
    elif column.kind is Kind.CHOICE:
        validation = drop_down(_words_of(sheet, column), f"{column.key} is one of the list", strict=True)
    elif column.kind is Kind.REFERENCE:
        # Lists, * and names that are added later are fine: the reader checks them.
        validation = drop_down(_names_of(column.refers_to), "", strict=False)
    else:
        return
    validation.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
    page.add_data_validation(validation)


def drop_down(name: str, message: str, *, strict: bool) -> DataValidation:
    """Return a drop-down that offers the words of a named range."""
    return DataValidation(
        type="list", formula1=name, allow_blank=True, showErrorMessage=strict, errorTitle="lodeplan", error=message
    )
