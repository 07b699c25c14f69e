"""Sheets: keys are found where they stand, units are checked, and nothing is lost without a word."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl.workbook import Workbook as Book

from model.workbook import reader
from tests.support.edits import (
    Edit,
    drop_years,
    edited,
    messages_of,
    place,
    problems_of,
    put,
    put_at,
    values_of,
    with_units,
)
from tests.support.sheets import small_world, write_xlsx

# --- Where things may stand ------------------------------------------------------------------------------------------


def test_rows_above_the_keys_do_no_harm(tmp_path):
    def insert(book: Book) -> None:
        for page in book.worksheets:
            page.insert_rows(1, 7)
            page["A1"], page["A3"] = f"{page.title}: what the sheet is for", "more words"
            page.merge_cells("A1:C2")

    path = edited(tmp_path / "my.xlsx", insert)
    assert messages_of(path) == []
    plain = reader.read(write_xlsx(small_world(), tmp_path / "plain.xlsx"))
    assert values_of(reader.read(path).tables) == values_of(plain.tables)
    assert reader.read(path).tables["demand"][0].cells["2026"] == "D9"


@pytest.mark.parametrize("key", [2026, 2026.0, "2026", " 2026 "])
def test_year_keys_may_be_numbers_or_text(key, tmp_path):
    read = reader.read(edited(tmp_path / "my.xlsx", put("demand", 1, 2026, key)))
    assert not read.problems
    assert read.tables["demand"][0].given[2026] == 100.0


def test_year_column_on_a_sheet_without_years(tmp_path):
    assert messages_of(edited(tmp_path / "my.xlsx", put_at("minerals", "D1", 2030))) == [
        (
            "E111 minerals!D1 (2030): the column '2030' is not known; minerals has no year columns; "
            "put '_' before the key; facility columns that change over the years stand in facility_paths"
        )
    ]


def test_sheet_without_its_year_columns(tmp_path):
    assert messages_of(edited(tmp_path / "my.xlsx", drop_years)) == [
        (
            "E112 prices: there is no year column; prices has its numbers in columns whose keys are years; "
            "add years such as 2030 in row 1"
        )
    ]


def test_misspelt_key_column_is_one_message(tmp_path):
    assert [
        problem.code
        for problem in problems_of(edited(tmp_path / "my.xlsx", put("facilities", 1, "facility", "Facility")))
    ] == ["E111"]


@pytest.mark.parametrize(("key", "code"), [("=D1+1", "E206"), ("#REF!", "E205")])
def test_broken_year_key(key, code, tmp_path):
    found = problems_of(edited(tmp_path / "my.xlsx", put("demand", 1, 2030, key)))
    assert [(problem.code, problem.cell) for problem in found] == [(code, "G1")]


def test_own_sheets_and_columns_are_ignored(tmp_path):
    def add(book: Book) -> None:
        for name in ("_lists", "_my notes", "read_me", "Read_Me"):
            if name.lower() not in (title.lower() for title in book.sheetnames):
                book.create_sheet(name)["A1"] = "#REF!"
        book.create_sheet("Sheet1")
        book["minerals"]["D1"], book["minerals"]["D2"], book["minerals"]["D9"] = "_check", "=1/0", "a note"

    assert messages_of(edited(tmp_path / "my.xlsx", add)) == []


def test_blank_rows_are_skipped(tmp_path):
    def blank(book: Book) -> None:
        book["regions"].insert_rows(3)
        book["regions"]["A3"], book["regions"]["B3"] = "   ", "\t\n"

    read = reader.read(edited(tmp_path / "my.xlsx", blank))
    assert not read.problems
    assert [record.row for record in read.tables["regions"]] == [2, 4, 5]


@pytest.mark.parametrize(
    ("was", "typed"), [("capex_usd_per_tpa", "capex"), ("lead_time_years", "Lead time"), ("hurdle_rate", "rate")]
)
def test_a_key_of_which_a_part_is_typed(was, typed, tmp_path):
    (problem,) = problems_of(edited(tmp_path / "my.xlsx", put("facilities", 1, was, typed)))
    assert (problem.code, problem.remedy) == ("E111", f"did you mean '{was}'?")


def test_a_sheet_whose_name_is_nearly_that_of_another(tmp_path):
    def add(book: Book) -> None:
        book.create_sheet("Facility")["A1"] = "facility"

    (problem,) = problems_of(edited(tmp_path / "my.xlsx", add))
    assert (problem.code, problem.remedy) == (
        "E109",
        "did you mean 'facilities'? move its rows to that sheet, or put '_' before its name",
    )


def test_a_required_sheet_with_another_name_is_one_message(tmp_path):
    (problem,) = problems_of(
        edited(tmp_path / "my.xlsx", lambda book: setattr(book["facilities"], "title", "Facility"))
    )
    assert (problem.code, problem.remedy) == (
        "E109",
        "did you mean 'facilities'? rename the sheet, or put '_' before its name",
    )


@pytest.mark.parametrize(("sheet", "cells"), [("facilities", "B2:B3"), ("settings", "B3:B4"), ("prices", "B2:C3")])
def test_merged_cells_are_one_message(sheet, cells, tmp_path):
    """The blanks that Excel leaves below the first cell are not reported a second time."""
    found = problems_of(edited(tmp_path / "my.xlsx", lambda book: book[sheet].merge_cells(cells)))
    assert [(problem.code, problem.sheet, problem.cell) for problem in found] == [("E115", sheet, cells[:2])]


def test_a_blank_first_cell_of_merged_ones_is_told(tmp_path):
    def merge(book: Book) -> None:
        book["facilities"]["B2"] = None
        book["facilities"].merge_cells("B2:B3")

    assert [(p.code, p.cell) for p in problems_of(edited(tmp_path / "my.xlsx", merge))] == [
        ("E115", "B2"),
        ("E201", "B2"),
    ]


# --- Units -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "column", "found", "factor"),
    [
        ("demand", 2026, "kg/yr", "0.001"),
        ("demand", 2026, "Mt/yr", "1000000"),
        ("demand", 2026, "ktpa", "1000"),
        ("prices", 2026, "USD/kg", "1000"),
        ("prices", 2026, "$ / lb", "2204.622622"),
        ("facilities", "hurdle_rate", "%", "0.01"),
        ("facilities", "capex_usd_per_tpa", "million USD per kt/yr", "1000"),
        ("recipes", "t_per_t", "kg/t", "0.001"),
        ("support_budgets", 2026, "USD", "1e-06"),
        ("support_budgets", 2026, "billion USD", "1000"),
    ],
)
def test_another_unit_names_the_factor(sheet, column, found, factor, tmp_path):
    (problem,) = problems_of(edited(tmp_path / "my.xlsx", with_unit(sheet, column, found)))
    assert (problem.code, problem.sheet, problem.column) == ("E116", sheet, str(column))
    assert problem.remedy.startswith(f"multiply the numbers by {factor} and write ")


@pytest.mark.parametrize(
    ("sheet", "column", "found"),
    [
        ("demand", 2026, "t/yr"),
        ("demand", 2026, "T / Yr"),
        ("demand", 2026, "tpa"),
        ("demand", 2026, "tonnes per year"),
        ("prices", 2026, "US$/tonne"),
        ("support_budgets", 2026, "million USD"),
        ("recipes", "t_per_t", "t per t"),
        ("facilities", "facility", "any words: the column has no unit"),
    ],
)
def test_the_same_unit_in_other_words_is_accepted(sheet, column, found, tmp_path):
    assert messages_of(edited(tmp_path / "my.xlsx", with_unit(sheet, column, found))) == []


@pytest.mark.parametrize("found", ["mt/yr", "EUR/t", "ton/yr", "t", "?"])
def test_a_unit_without_factor_is_an_error(found, tmp_path):
    assert [problem.code for problem in problems_of(edited(tmp_path / "my.xlsx", with_units(found)))] == ["E117"]


def test_the_same_unit_over_all_years_is_one_message(tmp_path):
    def edit(book: Book) -> None:
        with_units("kt/yr")(book)
        for column in (4, 5, 7):
            book["demand"].cell(1, column).value = "kt/yr"

    (problem,) = problems_of(edited(tmp_path / "my.xlsx", edit))
    assert (problem.cell, problem.column) == ("D1", "2026 to 2030")


def with_unit(sheet: str, column: Any, found: str) -> Edit:
    def edit(book: Book) -> None:
        book[sheet].insert_rows(1)
        book[sheet].cell(*place(sheet, 1, column)).value = found

    return edit


def test_unit_of_a_setting(tmp_path):
    def edit(book: Book) -> None:
        book["settings"]["C1"] = "unit"
        book["settings"].append(["lender_price_haircut", 0.5, "%"])

    assert messages_of(edited(tmp_path / "my.xlsx", edit)) == [
        (
            "E116 settings!C7 (unit): the unit '%'; the numbers are in share; "
            "multiply the numbers by 0.01 and write share here"
        )
    ]
