"""Files as they are: an Excel workbook or a folder of CSV files becomes one grid of raw cells for each sheet.

Nothing here knows what the sheets mean; what cannot be opened at all is an InputError with a remedy.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils.cell import column_index_from_string

from model.errors import InputError
from model.workbook.archive import Range, lighten, open_archive
from model.workbook.cell_errors import DottedText, UnsavedFormula, doubt_dots
from model.workbook.cells import clean
from model.workbook.csv_grids import read_folder
from model.workbook.grid import Grid, read_bytes, refusal

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_OLE_HEADER = bytes.fromhex("D0CF11E0A1B11AE1")
"""What every file in Microsoft's older container starts with: .xls, and any encrypted workbook."""

_LAST_COLUMN = 16384
"""The last column Excel has."""


def read_grids(path: Path) -> list[Grid]:
    """Return every sheet of a workbook, or every CSV file of a folder.

    Raises:
        InputError: nothing can be read at all.
    """
    if path.is_dir():
        return read_folder(path)
    return _read_excel(path)


def open_to_mark(path: Path) -> Workbook:
    """Return a workbook with its formulas and formats, to write a copy of it.

    Raises:
        InputError: it is not an Excel workbook, or protected by a password.
    """
    content = read_bytes(path)
    with _as_workbook(path, content):
        return load_workbook(io.BytesIO(lighten(content)))


@contextmanager
def _as_workbook(path: Path, content: bytes) -> Iterator[None]:
    """Reject what is not a workbook, before or while it is read.

    Raises:
        InputError: names the reason and what to do.
    """
    _refuse_other_formats(path, content)
    try:
        # openpyxl warns of drawings and extensions it does not know; they hold no data.
        with warnings.catch_warnings(action="ignore"):
            yield
    except InputError:
        raise
    except Exception as error:  # A damaged file makes openpyxl raise anything from KeyError to ParseError.
        raise refusal(
            "E102",
            f"'{path.name}' cannot be read as an Excel workbook",
            "the input is an .xlsx workbook or a folder of CSV files",
            "open it in Excel or LibreOffice and save it as 'Excel workbook (.xlsx)'",
        ) from error


def _refuse_other_formats(path: Path, content: bytes) -> None:
    if content.startswith(_OLE_HEADER) and "EncryptedPackage".encode("utf-16-le") in content:
        raise refusal(
            "E103",
            f"'{path.name}' is protected by a password",
            "an encrypted workbook cannot be read",
            "in Excel: File, Info, Protect Workbook, Encrypt with Password, clear the password and save",
        )
    if content.startswith(_OLE_HEADER) or path.suffix.lower() in (".xls", ".xlsb", ".ods", ".csv", ".numbers"):
        single = " (or give the folder the CSV files are in)" if path.suffix.lower() == ".csv" else ""
        raise refusal(
            "E104",
            f"'{path.name}' is not an .xlsx workbook",
            "the input is an .xlsx workbook or a folder of CSV files",
            f"save it as 'Excel workbook (.xlsx)'{single}",
        )


def _read_excel(path: Path) -> list[Grid]:
    content = read_bytes(path)
    with _as_workbook(path, content):
        archive = open_archive(path.name, content)
        formulas = load_workbook(io.BytesIO(archive.content))
        has_formulas = any(cell.data_type == "f" for sheet in formulas.worksheets for cell in filled_cells(sheet))
        if not has_formulas:
            return [_excel_grid(sheet, sheet, archive.merged) for sheet in formulas.worksheets]
        # A program that writes formulas without calculating them asks for it at the next opening, and leaves 0 as their
        # values. Saved values need a second look at the file: openpyxl shows a formula or its value, not both.
        values = load_workbook(io.BytesIO(archive.content), data_only=True) if archive.is_calculated else None
        return [
            _excel_grid(values[sheet.title] if values else None, sheet, archive.merged) for sheet in formulas.worksheets
        ]


def filled_cells(sheet: Worksheet) -> Iterator[Cell]:
    """Yield the cells of a sheet that are in the file and hold something, in order."""
    # The public iterators make a cell for every gap up to the last row, which may be row 1048576.
    cells = sheet._cells  # noqa: SLF001
    for place in sorted(cells):
        cell = cells[place]
        if isinstance(cell, Cell) and cell.value is not None:
            yield cell


def _excel_grid(values: Worksheet | None, formulas: Worksheet, merged: Mapping[str, tuple[Range, ...]]) -> Grid:
    """The grid of a sheet; `values` is the sheet with the saved values of its formulas, None where there are none."""
    rows: dict[int, dict[int, object]] = {}
    for cell in filled_cells(formulas):
        raw = _value_of_formula(cell, values) if cell.data_type == "f" else clean(cell.value)
        if raw is not None:
            rows.setdefault(cell.row, {})[cell.column] = raw
    doubt_dots(rows, DottedText)
    return Grid(
        name=formulas.title,
        rows=rows,
        merged=merged.get(formulas.title, ()),
        hidden=formulas.sheet_state != "visible",
        hidden_rows=frozenset(
            row for row in rows if row in formulas.row_dimensions and formulas.row_dimensions[row].hidden
        ),
        hidden_columns=_hidden_columns(formulas),
    )


def _value_of_formula(cell: Cell, values: Worksheet | None) -> object:
    """Return the saved value of a formula, None where that is a blank."""
    saved = values.cell(cell.row, cell.column) if values else None
    # The type is text for a formula whose saved value is "", a blank; without any value it is the default.
    if saved is None or (saved.value is None and saved.data_type == "n"):
        return UnsavedFormula(_formula_text(cell.value))
    return clean(saved.value)


def _formula_text(value: object) -> str:
    """The text of a formula; those of arrays and data tables are objects."""
    return str(value) if isinstance(value, str) else str(getattr(value, "text", None) or "{...}")


def _hidden_columns(sheet: Worksheet) -> frozenset[int]:
    hidden: set[int] = set()
    for letter, dimension in sheet.column_dimensions.items():
        if dimension.hidden:
            first = dimension.min or column_index_from_string(letter)
            hidden.update(range(first, min(dimension.max or first, _LAST_COLUMN) + 1))
    return frozenset(hidden)
