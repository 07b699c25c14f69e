"""A folder of CSV files as grids."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from model.errors import InputError, Problem
from model.workbook.cell_errors import DottedNumber, doubt_dots
from model.workbook.cells import clean
from model.workbook.grid import HEAD, Grid, cannot_open, read_bytes, refusal


def csv_files(folder: Path) -> list[Path]:
    """Return the CSV files of a folder that are read, by name."""
    return sorted(file for file in folder.iterdir() if file.suffix.lower() == ".csv" and file.name[0] != ".")


def read_folder(folder: Path) -> list[Grid]:
    """Read the CSV files of a folder, one grid for each."""
    try:
        files = csv_files(folder)
    except OSError as error:
        raise cannot_open(folder, error) from None
    if not files:
        raise refusal(
            "E106",
            f"the folder '{folder.name}' holds no CSV file",
            "a folder holds one CSV file for each sheet, such as facilities.csv",
            "check the path; the sheets are listed in inputs/README.md",
        )
    _refuse_doubles(files)
    return [_csv_grid(file) for file in files]


def _refuse_doubles(files: list[Path]) -> None:
    """Reject two files for one sheet: one of them would be ignored.

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
        # Excel separates with semicolons where the comma is the decimal sign, and there the dot separates thousands.
        doubt_dots(rows, DottedNumber)
    return Grid(file.stem, rows, problems=problems)


def _decode(file: Path, content: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of a CSV file; Excel writes UTF-8 only when asked to."""
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
    """Return the separator of a CSV file: Excel uses the semicolon where the comma is the decimal sign.

    It is the one that leaves the most words or years in one of the first lines: in the keys, that is, whatever stands
    above them.
    """
    lines = text.splitlines()[:HEAD]
    return max(",;\t", key=lambda mark: max((len(_words(line.split(mark))) for line in lines), default=0))


def _words(parts: list[str]) -> list[str]:
    return [part for part in parts if part.strip(' "').isidentifier() or part.strip(' "').isdecimal()]
