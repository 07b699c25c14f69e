"""The marked copy: every problem at its cell and in a list, and nothing of the original lost."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.workbook import Workbook as Book

from model.errors import OutputError, Problem
from model.workbook import marking
from tests.support.edits import EDITS, edited, problems_of, put
from tests.support.sheets import small_world, write_csv

RED, YELLOW = "FFFF9999", "FFFFEB84"


def checked(path: Path) -> Book:
    return openpyxl.load_workbook(marking.write_checked_copy(path, problems_of(path)))


def fill_of(book: Book, sheet: str, address: str) -> str:
    return book[sheet][address].fill.fgColor.rgb


def test_offending_cells_are_marked(tmp_path):
    path = edited(tmp_path / "my.xlsx", EDITS["E202"], EDITS["W503"])
    before = path.read_bytes()
    book = checked(path)
    assert (tmp_path / "my_checked.xlsx").exists()
    assert path.read_bytes() == before
    assert (fill_of(book, "demand", "E3"), fill_of(book, "facilities", "E1")) == (RED, YELLOW)
    assert book["demand"]["E3"].comment.text == (
        "E202: the text '1,200'; demand is a number (t/yr); type 1200 (no thousands separators)"
    )


def test_all_problems_are_listed_in_front_with_links(tmp_path):
    book = checked(edited(tmp_path / "my.xlsx", EDITS["E202"], EDITS["E119"]))
    page = book.worksheets[0]
    assert page.title == "_problems"
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows[0] == ["code", "scenario", "sheet", "cell", "column", "found", "rule", "remedy"]
    assert [(row[0], row[2], row[3], row[4]) for row in rows[1:]] == [
        ("E202", "demand", "E3", "2028"),
        ("E119", "settings", None, "setting"),
    ]
    assert page["D2"].hyperlink.location == "'demand'!E3"
    assert page["D3"].hyperlink is None


def test_nothing_of_the_original_is_lost(tmp_path):
    def decorate(book: Book) -> None:
        book["facilities"]["E3"] = "=750*2"
        book["facilities"]["A2"].font = Font(bold=True)
        book["facilities"].column_dimensions["A"].width = 33
        book["demand"]["E3"].comment = Comment("ask Ann", "Bob")
        book.create_sheet("_mine")["A1"] = "=1+1"

    path = edited(tmp_path / "my.xlsx", EDITS["E202"], decorate)
    book, original = checked(path), openpyxl.load_workbook(path)
    for page in original.worksheets:
        assert [[cell.value for cell in row] for row in page] == [
            [cell.value for cell in row] for row in book[page.title]
        ]
    assert book["facilities"]["A2"].font.bold
    assert book["facilities"].column_dimensions["A"].width == 33
    assert book["demand"]["E3"].comment.text.endswith("ask Ann")


def test_a_corrected_copy_loses_its_marks(tmp_path):
    copy = marking.write_checked_copy(
        edited(tmp_path / "my.xlsx", EDITS["E202"]), problems_of(edited(tmp_path / "my.xlsx", EDITS["E202"]))
    )
    assert [problem.code for problem in problems_of(copy)] == ["E202"]
    book = openpyxl.load_workbook(copy)
    book["demand"]["E3"] = 1200
    book.save(copy)
    assert problems_of(copy) == []
    book = checked(copy)
    assert book.sheetnames.count("_problems") == 1
    assert fill_of(book, "demand", "E3") == "00000000"
    assert book["demand"]["E3"].comment is None


def test_merged_cells_and_cells_that_are_not_there(tmp_path):
    path = edited(tmp_path / "my.xlsx", EDITS["E115"])
    elsewhere = [
        Problem("E301", sheet, cell, "", "found", "rule", "remedy")
        for sheet, cell in (("facilities", "D3"), ("nowhere", "A1"), ("facilities", ""), ("facilities", "row 7"))
    ]
    book = openpyxl.load_workbook(marking.write_checked_copy(path, [*problems_of(path), *elsewhere]))
    assert fill_of(book, "facilities", "D2") == RED
    assert book.worksheets[0].max_row == 6


def test_csv_folder_becomes_a_marked_workbook(tmp_path):
    folder = write_csv(small_world(), tmp_path / "my")
    (folder / "stages.csv").write_text('stage,order,note\nmining,1,"=1+1"\nrefining,two,\n')
    book = checked(folder)
    assert (tmp_path / "my_checked.xlsx").exists()
    assert fill_of(book, "stages", "B3") == RED
    assert (book["stages"]["C2"].value, book["stages"]["C2"].data_type) == ("=1+1", "s")


def test_a_copy_that_is_open_elsewhere_gets_another_name(tmp_path, monkeypatch):
    path = edited(tmp_path / "my.xlsx", put("demand", 2, 2026, "x"))
    (tmp_path / "my_checked.xlsx").write_bytes(b"open in Excel")
    save = Book.save

    def refuse(book, target):
        if Path(target).name == "my_checked.xlsx":
            raise PermissionError(13, "Permission denied")
        save(book, target)

    monkeypatch.setattr(Book, "save", refuse)
    assert marking.write_checked_copy(path, problems_of(path)).name == "my_checked_2.xlsx"


def test_a_copy_that_cannot_be_written(tmp_path, monkeypatch):
    def refuse(_book, _target):
        raise PermissionError(13, "Permission denied")

    path = edited(tmp_path / "my.xlsx")
    monkeypatch.setattr(Book, "save", refuse)
    with pytest.raises(OutputError, match=r"my_checked\.xlsx' cannot be written"):
        marking.write_checked_copy(path, [])
