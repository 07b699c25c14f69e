"""One sheet as it was read: cells by row and column, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from openpyxl.utils import get_column_letter

from model.errors import InputError, Problem
from model.workbook.archive import Range

HEAD = 30
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
    merged: tuple[Range, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    problems: tuple[Problem, ...] = field(default=())

    def is_merged_away(self, row: int, column: int) -> bool:
        """Return whether a cell is in a merged range, and not its first one, so that nothing can be typed in it."""
        return any(
            top <= row <= bottom and left <= column <= right and (row, column) != (top, left)
            for top, left, bottom, right in self.merged
        )


def address(row: int, column: int) -> str:
    """Return the address of a cell.

    >>> address(7, 3)
    'C7'
    """
    return f"{get_column_letter(column)}{row}"


def refusal(code: str, found: str, rule: str, remedy: str) -> InputError:
    """Return the error of a file that cannot be read as a workbook."""
    return InputError([Problem(code, "", "", "", found, rule, remedy)])


def read_bytes(path: Path) -> bytes:
    """Return the content of a file.

    Raises:
        InputError: it is not there, or another program holds it.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise cannot_open(path, error) from None


def cannot_open(path: Path, error: OSError) -> InputError:
    """Return the error of a file that cannot be opened, with a remedy."""
    if isinstance(error, FileNotFoundError):
        return refusal(
            "E101",
            f"'{path}' was not found",
            "the input is an Excel workbook or a folder of CSV files",
            "check the path; run.py --template makes a blank workbook",
        )
    return refusal(
        "E105",
        f"'{path.name}' cannot be opened ({error.strerror})",
        "the file must be readable",
        "close it in other programs, or ask for the right to read it",
    )
