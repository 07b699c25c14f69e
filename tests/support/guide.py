"""The guide in inputs/GUIDE.md: its edits made in the cells of the small workbook, and the numbers it promises."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from model.workbook.schema import SHEET

INPUTS = Path(__file__).parents[2] / "inputs"
GUIDE, EXAMPLE = INPUTS / "GUIDE.md", INPUTS / "small_example.xlsx"
KEY_ROW = 4
EXPECTED = ["plan", "table", "rows", "column", "number"]
REPEATS = re.compile(r"Make the edits of \*(.+?)\*")


@dataclass
class Task:
    """A task of the guide.

    Attributes:
        title: its heading.
        after: the task whose edits come first ("" for none).
        edits: sheet, and its new rows (column -> what is typed).
        expected: plan, table, rows, column and number of the results.
    """

    title: str
    after: str = ""
    edits: list[tuple[str, list[dict[str, str]]]] = field(default_factory=list)
    expected: list[dict[str, str]] = field(default_factory=list)


def read_guide() -> dict[str, Task]:
    """Read the tasks of the guide by their titles; those without a number to expect are text."""
    tasks = (_read_task(part) for part in GUIDE.read_text(encoding="utf-8").split("\n## ")[1:])
    return {task.title: task for task in tasks if task.expected}


def _read_task(text: str) -> Task:
    title, _, body = text.partition("\n")
    repeats = REPEATS.search(body)
    task = Task(title.strip(), repeats[1] if repeats else "")
    sheet = ""
    for block in body.split("\n\n"):
        name = re.fullmatch(r"`(\w+)`", block.strip())
        if name:
            sheet = name[1]
        elif block.startswith("|"):
            rows = _rows_of(block)
            if list(rows[0]) == EXPECTED:
                task.expected = rows
            elif sheet in SHEET:
                task.edits.append((sheet, rows))
                sheet = ""
    return task


def _rows_of(block: str) -> list[dict[str, str]]:
    lines = (line.strip().removeprefix("|").removesuffix("|").split("|") for line in block.strip().splitlines())
    head, _, *rows = ([cell.strip() for cell in line] for line in lines)
    return [dict(zip(head, row, strict=True)) for row in rows]


def type_edits(task: Task, tasks: dict[str, Task], target: Path) -> Path:
    """Type the edits of a task under the rows of the small workbook."""
    book = openpyxl.load_workbook(EXAMPLE)
    for sheet, rows in [*(tasks[task.after].edits if task.after else []), *task.edits]:
        page = book[sheet]
        places = {str(cell.value): cell.column for cell in page[KEY_ROW] if cell.value is not None}
        for row in rows:
            number = _next_row(page)
            for key, text in row.items():
                if text:
                    page.cell(number, places[key]).value = _typed(text)
    book.save(target)
    return target


def _next_row(page: Worksheet) -> int:
    filled = (row[0].row for row in page.iter_rows(max_col=1) if row[0].value is not None)
    return max(KEY_ROW, *filled) + 1


def _typed(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
