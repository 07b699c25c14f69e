"""Cells of the workbooks that are written with openpyxl."""

from __future__ import annotations

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

_LINK = Font(color="FF0563C1", underline="single")


def cell_at(page: Worksheet, row: int, column: int) -> Cell:
    """Return a cell of a page without merged cells."""
    cell = page.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def write_text(cell: Cell, text: str) -> None:
    """Write text that stays text, even where it looks like a formula or an error."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"


def link(cell: Cell, sheet: str, address: str = "A1") -> None:
    """Make a cell jump to a cell of a sheet."""
    quoted = sheet.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{address}")
    cell.font = _LINK
