"""The guide: the edits it asks for are made in the cells, and its numbers come out."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from model.notebook import Results, read_workbook
from tests.support.guide import Task, read_guide, type_edits

TASKS = read_guide()


def found(results: Results, expected: dict[str, str]) -> float:
    """The number a row of the guide is about, which exactly one row of the results holds."""
    rows = results[expected["table"]]
    rows = rows[rows["scenario"] == expected["plan"]]
    for clause in expected["rows"].split(";"):
        column, _, value = clause.strip().partition("=")
        rows = rows[rows[column].astype(str) == value] if value else rows[rows[column].isna()]
    [number] = rows[expected["column"]]
    return float(number)


@cache
def solved(title: str, folder: Path) -> Results:
    path = type_edits(TASKS[title], TASKS, folder / "my.xlsx")
    return read_workbook(path).solve()


def test_the_guide_has_every_task():
    words = ("mine", "partner", "mineral", "ban", "budget", "support", "scenario", "stockpile")
    assert all(any(word in title for title in TASKS) for word in words)
    assert all(task.edits for title, task in TASKS.items() if title != "Without any edit")


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS.values(), ids=lambda task: task.title)
def test_a_task_does_what_the_guide_promises(task: Task, tmp_path: Path):
    results = solved(task.title, tmp_path)
    promised = {str(row): row["number"] for row in task.expected}
    assert {str(row): written(found(results, row), row["number"]) for row in task.expected} == promised


def written(number: float, like: str) -> str:
    """A number with the decimals and separators of another."""
    _, _, decimals = like.partition(".")
    return f"{number:,.{len(decimals)}f}" if "," in like else f"{number:.{len(decimals)}f}"


def test_numbers_are_read_as_they_are_written():
    assert (written(0.63636, "0.64"), written(1234.5, "1,234"), written(2027, "2027")) == ("0.64", "1,234", "2027")
    assert pd.isna(float("nan"))
