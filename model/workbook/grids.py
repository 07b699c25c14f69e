"""Files as they are: an Excel workbook or a folder of CSV files becomes one grid of raw cells for each sheet.

Nothing here knows what the sheets mean; what cannot be opened at all is an InputError with a way out.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import column_index_from_string

from model.errors import InputError, Problem
from model.workbook.cells import DottedNumber, UnsavedFormula, clean

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_OLE_HEADER = bytes.fromhex("D0CF11E0A1B11AE1")
"""What every file in Microsoft's older container starts with: .xls, and any encrypted workbook."""

_DOTTED_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+", re.ASCII)
_DECIMAL_POINT = re.compile(r"[+-]?(0?\.\d+|\d+\.(\d{1,2}|\d{4,})|\d{4,}\.\d+)", re.ASCII)

_CALCULATE_ON_LOAD = re.compile(rb"<(?:\w+:)?calcPr[^>]*\bfullCalcOnLoad\s*=\s*[\"'](?:1|true)[\"']")

_HEAD = 30
"""Lines of a CSV file among which its keys are looked for to find its separator."""


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet.

    Attributes:
        name: name of the sheet.
        rows: row number -> column number -> raw value; blank cells are left out.
        merged: merged ranges as (first row, first column, last row, last column).
        hidden: whether the sheet itself is hidden.
        hidden_rows, hidden_columns: numbers of those that are.
        problems: what is wrong with the file it is from.
    """

    name: str
    rows: dict[int, dict[int, object]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    problems: tuple[Problem, ...] = field(default=())

    def is_merged_away(self, row: int, column: int) -> bool:
        """Whether a cell is in a merged range, and not its first one, so that nothing can be typed in it."""
        return any(
            top <= row <= bottom and left <= column <= right and (row, column) != (top, left)
            for top, left, bottom, right in self.merged
        )


def address(row: int, column: int) -> str:
    """The address of a cell.

    >>> address(7, 3)
    'C7'
    """
    return f"{get_column_letter(column)}{row}"


def read_grids(path: Path) -> list[Grid]:
    """Every sheet of a workbook, or every CSV file of a folder.

    Raises:
        InputError: nothing can be read at all.
    """
    if path.is_dir():
        return _read_folder(path)
    return _read_excel(path)


def _refusal(code: str, found: str, rule: str, remedy: str) -> InputError:
    return InputError([Problem(code, "", "", "", found, rule, remedy)])


def read_bytes(path: Path) -> bytes:
    """The content of a file.

    Raises:
        InputError: it is not there, or another program holds it.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise _cannot_open(path, error) from None


def _cannot_open(path: Path, error: OSError) -> InputError:
    if isinstance(error, FileNotFoundError):
        return _refusal(
            "E101",
            f"'{path}' is not there",
            "the input is an Excel workbook or a folder of CSV files",
            "check the path; run.py --template makes a blank workbook",
        )
    return _refusal(
        "E105",
        f"'{path.name}' cannot be opened ({error.strerror})",
        "the file must be readable",
        "close it in other programs, or ask for the right to read it",
    )


# --- Excel ---------------------------------------------------------------------------------------------------------


def open_workbook(path: Path, *, values: bool) -> Workbook:
    """A workbook with its saved values, or with its formulas.

    Raises:
        InputError: it is no Excel workbook, or protected by a password.
    """
    content = read_bytes(path)
    _refuse_other_formats(path, content)
    try:
        # openpyxl warns of drawings and extensions it does not know; they hold no data.
        with warnings.catch_warnings(action="ignore"):
            return load_workbook(io.BytesIO(content), data_only=values)
    except Exception as error:  # A damaged file makes openpyxl raise anything from KeyError to ParseError.
        raise _refusal(
            "E102",
            f"'{path.name}' cannot be read as an Excel workbook ({type(error).__name__})",
            "the input is an .xlsx workbook or a folder of CSV files",
            "open it in Excel or LibreOffice and save it as 'Excel workbook (.xlsx)'",
        ) from error


def _refuse_other_formats(path: Path, content: bytes) -> None:
    if content.startswith(_OLE_HEADER) and "EncryptedPackage".encode("utf-16-le") in content:
        raise _refusal(
            "E103",
            f"'{path.name}' is protected by a password",
            "an encrypted workbook cannot be read",
            "in Excel: File, Info, Protect Workbook, Encrypt with Password, clear the password and save",
        )
    if content.startswith(_OLE_HEADER) or path.suffix.lower() in (".xls", ".xlsb", ".ods", ".csv", ".numbers"):
        single = " (or give the folder the CSV files are in)" if path.suffix.lower() == ".csv" else ""
        raise _refusal(
            "E104",
            f"'{path.name}' is not an .xlsx workbook",
            "the input is an .xlsx workbook or a folder of CSV files",
            f"save it as 'Excel workbook (.xlsx)'{single}",
        )


def _read_excel(path: Path) -> list[Grid]:
    formulas = open_workbook(path, values=False)
    has_formulas = any(cell.data_type == "f" for sheet in formulas.worksheets for cell in filled_cells(sheet))
    if not has_formulas:
        return [_excel_grid(sheet, sheet) for sheet in formulas.worksheets]
    # A program that writes formulas without calculating them asks for it at the next opening, and leaves 0 as their
    # values. Saved values need a second look at the file: openpyxl shows a formula or its value, not both.
    values = None if _was_never_calculated(read_bytes(path)) else open_workbook(path, values=True)
    return [_excel_grid(values[sheet.title] if values else None, sheet) for sheet in formulas.worksheets]


def _was_never_calculated(content: bytes) -> bool:
    """Whether a workbook asks to be calculated when it is opened (openpyxl shows the default of this mark, not it)."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [name for name in archive.namelist() if name.endswith("workbook.xml")]
        return any(_CALCULATE_ON_LOAD.search(archive.read(part)) for part in parts)


def filled_cells(sheet: Worksheet) -> Iterator[Cell]:
    """The cells of a sheet that are in the file and hold something, in order."""
    # The public iterators make a cell for every gap up to the last row, which may be row 1048576.
    cells = sheet._cells  # noqa: SLF001
    for place in sorted(cells):
        cell = cells[place]
        if isinstance(cell, Cell) and cell.value is not None:
            yield cell


def _excel_grid(values: Worksheet | None, formulas: Worksheet) -> Grid:
    """The grid of a sheet; `values` is the sheet with the saved values of its formulas, None where there are none."""
    rows: dict[int, dict[int, object]] = {}
    for cell in filled_cells(formulas):
        raw = _value_of_formula(cell, values) if cell.data_type == "f" else clean(cell.value)
        if raw is not None:
            rows.setdefault(cell.row, {})[cell.column] = raw
    return Grid(
        name=formulas.title,
        rows=rows,
        merged=tuple((r.min_row, r.min_col, r.max_row, r.max_col) for r in formulas.merged_cells.ranges),
        hidden=formulas.sheet_state != "visible",
        hidden_rows=frozenset(
            row for row in rows if row in formulas.row_dimensions and formulas.row_dimensions[row].hidden
        ),
        hidden_columns=_hidden_columns(formulas),
    )


def _value_of_formula(cell: Cell, values: Worksheet | None) -> object:
    """The saved value of a formula, None where that is a blank."""
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
            hidden.update(range(first, (dimension.max or first) + 1))
    return frozenset(hidden)


# --- CSV -----------------------------------------------------------------------------------------------------------


def csv_files(folder: Path) -> list[Path]:
    """The CSV files of a folder that are read, by name."""
    return sorted(file for file in folder.iterdir() if file.suffix.lower() == ".csv" and file.name[0] != ".")


def _read_folder(folder: Path) -> list[Grid]:
    try:
        files = csv_files(folder)
    except OSError as error:
        raise _cannot_open(folder, error) from None
    if not files:
        raise _refusal(
            "E106",
            f"the folder '{folder.name}' holds no CSV file",
            "a folder holds one CSV file for each sheet, such as facilities.csv",
            "check the path; the sheets are listed in inputs/README.md",
        )
    _refuse_doubles(files)
    return [_csv_grid(file) for file in files]


def _refuse_doubles(files: list[Path]) -> None:
    """Refuse two files for one sheet: one of them would be ignored.

    Raises:
        InputError: names every such pair.
    """
    first: dict[str, Path] = {}
    problems = []
    for file in files:
        other = first.setdefault(file.stem, file)
        if other is not file:
            problems.append(Problem(
                "E120", file.stem, "", "", f"the files '{other.name}' and '{file.name}' hold the same sheet",
                "a folder holds one CSV file for each sheet", "delete one of them, or rename it to start with '_'",
            ))  # fmt: skip
    if problems:
        raise InputError(problems)


def _csv_grid(file: Path) -> Grid:
    text, problems = _decode(file, read_bytes(file))
    delimiter = _delimiter(text)
    rows: dict[int, dict[int, object]] = {}
    # Strict: without it, a quote that never ends takes in the rest of the file without a word.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    first_line = 1
    try:
        for record in reader:
            cells = {column: raw for column, item in enumerate(record, 1) if (raw := clean(item)) is not None}
            if cells:
                rows[first_line] = cells
            first_line = reader.line_num + 1
    except csv.Error as error:
        lines = f"line {first_line}" if reader.line_num <= first_line else f"lines {first_line} to {reader.line_num}"
        quote = (
            "; a quotation mark may be missing"
            if reader.line_num > first_line or "expected after" in str(error)
            else ""
        )
        problems = (*problems, _broken_csv(file, f"{lines} cannot be read ({error}){quote}"))
    if delimiter == ";":
        _doubt_dots(rows)
    return Grid(file.stem, rows, problems=problems)


def _doubt_dots(rows: dict[int, dict[int, object]]) -> None:
    """Mark numbers such as 1.500, where nothing in the file shows whether the dot is a decimal point.

    Excel separates with semicolons where the comma is the decimal sign, and there the dot separates thousands. A number
    that can only have a decimal point (0.5, 12.25) anywhere in the file settles it.
    """
    texts = [(cells, column, raw) for cells in rows.values() for column, raw in cells.items() if isinstance(raw, str)]
    if any(_DECIMAL_POINT.fullmatch(raw) for _, _, raw in texts):
        return
    for cells, column, raw in texts:
        if _DOTTED_THOUSANDS.fullmatch(raw):
            cells[column] = DottedNumber(raw)


def _decode(file: Path, content: bytes) -> tuple[str, tuple[Problem, ...]]:
    """The text of a CSV file; Excel writes UTF-8 only when asked to."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), ()
    if b"\x00" in content:
        return "", (_broken_csv(file, "the file is not text"),)
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    warning = Problem(
        "W504",
        file.stem,
        "",
        "",
        f"line {line} is not UTF-8",
        "the file was read as Windows-1252 (Western European)",
        "check its accented letters, or save it as 'CSV UTF-8'",
    )
    return content.decode("cp1252", errors="replace"), (warning,)


def _broken_csv(file: Path, found: str) -> Problem:
    return Problem(
        "E107", file.stem, "", "", found, "a CSV file is plain text, one record a line", "save the sheet as 'CSV UTF-8'"
    )


def _delimiter(text: str) -> str:
    """The separator of a CSV file: Excel uses the semicolon where the comma is the decimal sign.

    It is the one that leaves the most words or years in one of the first lines: in the keys, that is, whatever stands
    above them.
    """
    lines = text.splitlines()[:_HEAD]
    return max(",;\t", key=lambda mark: max((len(_words(line.split(mark))) for line in lines), default=0))


def _words(parts: list[str]) -> list[str]:
    return [part for part in parts if part.strip(' "').isidentifier() or part.strip(' "').isdecimal()]
