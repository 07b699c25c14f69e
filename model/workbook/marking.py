"""The marked copy: the workbook again, with every problem at its cell and in a list in front."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from model.errors import OutputError, Problem
from model.workbook.grids import open_to_mark, read_grids
from model.workbook.openpyxl_cells import cell_at, link, write_text
from model.workbook.schema import OLD_SHEETS
from model.workbook.values_as_text import as_text

PROBLEMS_SHEET = "_problems"
_AUTHOR = "lodeplan"
_RED = PatternFill("solid", fgColor="FFFF9999")
_YELLOW = PatternFill("solid", fgColor="FFFFEB84")
_HEADER = PatternFill("solid", fgColor="FFD9D9D9")
_COLUMNS = {"code": 8, "scenario": 14, "sheet": 16, "cell": 8, "column": 22, "found": 45, "rule": 50, "remedy": 55}
_NO_TITLE = re.compile(r"[\[\]:*?/\\]")
"""Characters that the name of a file can have, and that of a sheet cannot."""

_SEAL = b"lodeplan marked copy"
"""Comment of the archive of a marked copy, by which a later check knows that nobody has worked on it."""

_TRIES = 100


def write_checked_copy(path: Path, problems: Sequence[Problem]) -> Path:
    """Write `<name>_checked.xlsx` beside a workbook or folder, its problems marked; the original stays as it is.

    Raises:
        OutputError: no copy can be written there.
    """
    book = _copy_of_folder(path) if path.is_dir() else open_to_mark(path)
    _remove_old_marks(book)
    _list_problems(book, problems)
    by_cell: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        by_cell.setdefault((_title(book, problem.sheet), problem.cell), []).append(problem)
    for (sheet, address), found in by_cell.items():
        if _has_cell(book, sheet, address):
            _mark(book[sheet], address, found)
    return _save(book, path)


def _copy_of_folder(folder: Path) -> Workbook:
    """CSV files as sheets, every line in the row of its number."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for grid in read_grids(folder):
        sheet = book.create_sheet(_NO_TITLE.sub("_", grid.name)[:31])
        for row, cells in grid.rows.items():
            for column, raw in cells.items():
                write_text(cell_at(sheet, row, column), as_text(raw))
    return book


def _remove_old_marks(book: Workbook) -> None:
    """A copy that was corrected and checked again keeps no mark of the last time."""
    if PROBLEMS_SHEET in book.sheetnames:
        del book[PROBLEMS_SHEET]
    for sheet in book.worksheets:
        for cell in list(sheet._cells.values()):  # noqa: SLF001  (the public iterators make cells for all gaps)
            if isinstance(cell, Cell) and cell.comment is not None and cell.comment.author == _AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()


def _list_problems(book: Workbook, problems: Sequence[Problem]) -> None:
    sheet = book.create_sheet(PROBLEMS_SHEET, 0)
    for column, (name, width) in enumerate(_COLUMNS.items(), 1):
        header = sheet.cell(1, column, name)
        header.font, header.fill = Font(bold=True), _HEADER
        sheet.column_dimensions[header.column_letter].width = width
    for row, problem in enumerate(problems, 2):
        for column, name in enumerate(_COLUMNS, 1):
            cell = cell_at(sheet, row, column)
            write_text(cell, str(getattr(problem, name)))
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(row, 1).fill = _RED if problem.is_error else _YELLOW
        title = _title(book, problem.sheet)
        if _has_cell(book, title, problem.cell):
            link(cell_at(sheet, row, list(_COLUMNS).index("cell") + 1), title, problem.cell)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:H{len(problems) + 1}"
    book.active = 0
    for other in book.worksheets[1:]:
        # Excel selects all sheets that were active when saved, and would type into all of them at once.
        other.sheet_view.tabSelected = False


def _title(book: Workbook, name: str) -> str:
    """Return what a sheet is called in the book: it may still have an old name."""
    old = (old for old, new in OLD_SHEETS.items() if new == name and old in book.sheetnames)
    return name if name in book.sheetnames else next(old, name)


def _has_cell(book: Workbook, sheet: str, address: str) -> bool:
    return sheet in book.sheetnames and bool(re.fullmatch(r"[A-Z]{1,3}[1-9][0-9]{0,6}", address))


def _mark(sheet: Worksheet, address: str, problems: list[Problem]) -> None:
    cell = sheet[address]
    cell.fill = _RED if any(problem.is_error for problem in problems) else _YELLOW
    if not isinstance(cell, Cell):
        # All but the first cell of a merged range can be coloured only.
        return
    text = "\n\n".join(f"{problem.code}: {problem.found}; {problem.rule}; {problem.remedy}" for problem in problems)
    author = _AUTHOR
    if cell.comment is not None:
        text, author = f"{text}\n\n{cell.comment.text}", cell.comment.author
    cell.comment = Comment(ILLEGAL_CHARACTERS_RE.sub("", text), author, height=140, width=360)


def _is_untouched(copy: Path) -> bool:
    """Return whether a marked copy is as it was written: another program that saves it drops the seal."""
    try:
        with zipfile.ZipFile(copy) as archive:
            return archive.comment == _SEAL
    except (OSError, zipfile.BadZipFile):
        return False


def _save(book: Workbook, path: Path) -> Path:
    """Save under the first name that is free, or that holds a copy nobody has changed since it was written here."""
    for number in count(1):
        ending = "" if number == 1 else f"_{number}"
        target = path.with_name(f"{path.name if path.is_dir() else path.stem}_checked{ending}.xlsx")
        if number < _TRIES and target.exists() and not _is_untouched(target):
            continue
        try:
            book.save(target)
            with zipfile.ZipFile(target, "a") as archive:
                archive.comment = _SEAL
        except PermissionError as error:
            if number < _TRIES and target.exists():
                continue
            raise OutputError(f"the marked copy '{target}' cannot be written ({error.strerror})") from error
        except OSError as error:
            raise OutputError(f"the marked copy '{target}' cannot be written ({error.strerror})") from error
        return target
    raise AssertionError
