"""Sheets under the names they had before: still read, with a warning that says what they are called now."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from model.scenarios.merge import merge
from model.workbook import marking, reader
from tests.support.sheets import Sheets, small_world, write_csv, write_xlsx

OLD = {"support_offers": "cfd_offers", "support_budgets": "cfd_budgets"}


def old_world() -> Sheets:
    """The small world under old names, also in a change."""
    found = {OLD.get(name, name): rows for name, rows in small_world().items()}
    found["scenarios"].append({"scenario": "rich", "title": "A larger pot"})
    found["changes"].append({"scenario": "rich", "sheet": "cfd_budgets", "where": "pot=treasury", "value": 500})
    return found


@pytest.mark.parametrize("write", [write_xlsx, write_csv])
def test_old_names_are_read_with_a_warning(write, tmp_path: Path):
    book = reader.read(write(old_world(), tmp_path / ("my.xlsx" if write is write_xlsx else "my")))
    assert sorted((problem.code, problem.sheet) for problem in book.problems) == [
        ("W591", "changes"), ("W591", "support_budgets"), ("W591", "support_offers")
    ]  # fmt: skip
    assert all(problem.rule.startswith("the sheet is now called support_") for problem in book.problems)
    assert [record.key for record in book.tables["support_offers"]] == [("strike",)]
    (pot,) = merge(book.tables, "rich").tables["support_budgets"]
    assert pot.years[2028] == 500


def test_both_names_at_once_are_an_error(tmp_path: Path):
    sheets = small_world()
    sheets["cfd_offers"] = sheets["support_offers"]
    found = reader.read(write_xlsx(sheets, tmp_path / "my.xlsx")).problems
    assert [problem.code for problem in found] == ["E109"]


def test_the_marked_copy_marks_the_sheet_that_is_there(tmp_path: Path):
    sheets = old_world()
    sheets["cfd_offers"][0]["coverage"] = 2
    path = write_xlsx(sheets, tmp_path / "my.xlsx")
    problems = reader.read(path).problems
    (wrong,) = (problem for problem in problems if problem.code == "E203")
    book = openpyxl.load_workbook(marking.write_checked_copy(path, problems))
    assert book["cfd_offers"][wrong.cell].fill.fgColor.rgb == "FFFF9999"
