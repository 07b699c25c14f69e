"""Cells: what a planner types, what it means, and what is said when it means nothing."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.workbook.cell_errors import CellError
from model.workbook.cells import parse
from model.workbook.schema import NO_LIMIT, SETTING, SETTINGS, SHEET, SHEETS, Column, Kind
from model.workbook.values_as_text import as_text, write_value

FACILITIES = SHEET["facilities"].by_key
CAPACITY, STATUS, COMMERCIAL, PREMIUM = (FACILITIES[key] for key in ("capacity_tpa", "status", "commercial", "premium"))
LEAD_TIME, ONLINE_YEAR, RESERVE, REGION = (
    FACILITIES[key] for key in ("lead_time_years", "online_year", "reserve_t", "region")
)
NOTE, NAME = FACILITIES["note"], FACILITIES["facility"]
MATERIALS = SHEET["support_offers"].by_key["materials"]
SLACKS = Column("slacks", "", Kind.NUMBER, "share", many=True, low=0.0, high=1.0)
ALL_COLUMNS = [*(column for sheet in SHEETS for column in sheet.columns), *SETTINGS]


@pytest.mark.parametrize(
    ("column", "raw", "value"),
    [
        (CAPACITY, 1200, 1200.0),
        (CAPACITY, " 1200 ", 1200.0),
        (CAPACITY, "1.2e3", 1200.0),
        (CAPACITY, None, 0.0),
        (CAPACITY, "  ", 0.0),
        (RESERVE, "none", NO_LIMIT),
        (RESERVE, "None", NO_LIMIT),
        (RESERVE, None, NO_LIMIT),
        (ONLINE_YEAR, "none", -NO_LIMIT),
        (ONLINE_YEAR, 2026.0, 2026.0),
        (COMMERCIAL, True, True),
        (COMMERCIAL, "Yes", True),
        (COMMERCIAL, "N", False),
        (COMMERCIAL, "false", False),
        (COMMERCIAL, None, False),
        (STATUS, "Candidate ", "candidate"),
        (STATUS, None, "operating"),
        (NOTE, 2026.0, "2026"),
        (NOTE, True, "yes"),
        (NOTE, dt.datetime(2026, 3, 1), "2026-03-01"),  # noqa: DTZ001
        (NOTE, "a\r\nb\x07", "a\nb"),
        (NAME, 2026, "2026"),
        (REGION, " USA\u00a0", "USA"),
        (MATERIALS, "*", ("*",)),
        (MATERIALS, None, ("*",)),
        (MATERIALS, "a, b;", ("a, b",)),
        (MATERIALS, "a, b,", ("a", "b")),
        (MATERIALS, "a; b; a", ("a", "b")),
        (SLACKS, "0.02, 0.05", (0.02, 0.05)),
        (SLACKS, 0.02, (0.02,)),
    ],
)
def test_what_a_cell_means(column, raw, value):
    assert parse(column, raw) == value


@pytest.mark.parametrize(
    ("column", "raw", "code", "remedy"),
    [
        (CAPACITY, "1,200", "E202", "type 1200 (no thousands separators)"),
        (CAPACITY, "1 200 000", "E202", "type 1200000 (no thousands separators)"),
        (CAPACITY, "1'200.5", "E202", "type 1200.5 (no thousands separators)"),
        (CAPACITY, "0,150", "E202", "type 0.150 (with a decimal point)"),
        (CAPACITY, "12,5", "E202", "type 12.5 (with a decimal point)"),
        (PREMIUM, "12%", "E202", "type 0.12 (as a number)"),
        (PREMIUM, "7,5 %", "E202", "type 0.075 (as a number)"),
        (CAPACITY, "500 t/yr", "E202", "type 500 (the number alone)"),
        (CAPACITY, "~500", "E202", "type 500 (the number alone)"),
        (CAPACITY, "NA", "E202", "clear the cell (blank means 0) or type a number"),
        (CAPACITY, "n/a", "E202", "clear the cell (blank means 0) or type a number"),
        (CAPACITY, "-", "E202", "clear the cell (blank means 0) or type a number"),
        (CAPACITY, "many", "E202", "type a number at least 0"),
        (CAPACITY, "\uff11\uff12", "E202", "type a number at least 0"),
        (CAPACITY, "1_000", "E202", "type a number at least 0"),
        (RESERVE, "inf", "E217", "type none for no limit"),
        (CAPACITY, "∞", "E217", "type a number at least 0"),
        (CAPACITY, "nan", "E202", "clear the cell (blank means 0) or type a number"),
        (CAPACITY, math.nan, "E217", "type a number at least 0"),
        (CAPACITY, 10**400, "E217", "type a number at least 0"),
        (CAPACITY, "1e999", "E217", "type a number at least 0"),
        (CAPACITY, -1, "E203", "type a number at least 0"),
        (PREMIUM, -1, "E203", "type a number greater than -1 and at most 5"),
        (CAPACITY, False, "E208", "type a number at least 0"),
        (CAPACITY, dt.time(12), "E207", "set the format of the cell to 'General' and type the number again"),
        (ONLINE_YEAR, dt.date(2026, 1, 1), "E207",
         "set the format of the cell to 'General' and type the year, such as 2030"),
        (ONLINE_YEAR, 2026.5, "E204", "type 2026, or another one"),
        (LEAD_TIME, "none", "E212", "type a whole number from 0 to 200"),
        (COMMERCIAL, 1, "E209", "type yes or no"),
        (STATUS, "candidat", "E210", "did you mean 'candidate'?"),
        (STATUS, "???", "E210", "type one of them"),
        (STATUS, "*", "E213", "type one of operating, committed, candidate"),
        (NAME, "Côte d'Or mine", "E211", "type 'cote_d_or_mine'"),
        (NAME, "中国", "E211", "type a word of small letters, digits and underscores"),
        (NAME, dt.date(2026, 1, 2), "E207", "format the cell as text and type the identifier again"),
        (MATERIALS, "*, a", "E213", "type '*', or the names without '*'"),
        (SETTING["frontier_budgets"], "none, 1", "E213", "type 'none', or the numbers without it"),
        (SHEET["scenarios"].by_key["based_on"], "*", "E213", "type the name of a row of scenarios"),
        (SETTING["frontier_budgets"], "0 1 2", "E202", "type 0, 1, 2 (with commas)"),
        (SETTING["frontier_budgets"], "0; 1 2", "E202", "type 1, 2 (with commas)"),
        (SETTING["frontier_budgets"], "0, 1 and 2", "E202", "type a comma list of numbers, each at least 0"),
        (SETTING["frontier_budgets"], True, "E202", "type a comma list of numbers, each at least 0"),
        (SETTING["frontier_budgets"], "10 000", "E202", "type 10000 (no thousands separators)"),
        (SETTING["frontier_budgets"], "-", "E202",
         "clear the cell (blank means 0, 1, 2) or type a comma list of numbers"),
        (MATERIALS, ";", "E218", "clear the cell (blank means *) or type the name of a row of materials"),
        (MATERIALS, " , ,", "E218", "clear the cell (blank means *) or type the name of a row of materials"),
        (SETTING["report_years"], ";;", "E218",
         "clear the cell (blank means every fifth) or type a comma list of numbers, each from 1900 to 2200"),
        (SETTING["near_optimal_slack"], ",", "E218",
         "clear the cell (blank means 0.02, 0.05) or type a comma list of numbers, each from 0 to 1"),
        (REGION, "USA; CHN", "E214", "use one row for each name"),
        (SLACKS, "0,02; 0,05", "E202", "type 0.02 (with a decimal point)"),
        (SHEET["exposure_caps"].years.rule(""), 30, "E203", "type a number from 0 to 1; for 30 percent type 0.3"),
        (SETTING["near_optimal_slack"], "0,02", "E231", "type 0.02 for the number, or 0; 02 for the list"),
        (SETTING["frontier_budgets"], "0,5", "E231", "type 0.5 for the number, or 0; 5 for the list"),
        (SETTING["near_optimal_slack"], "2", "E203", "type a number from 0 to 1; for 2 percent type 0.02"),
        (PREMIUM, 10, "E203", "type a number greater than -1 and at most 5; for 10 percent type 0.1"),
        (SHEET["routes"].by_key["tariff"], 25, "E203", "type a number from 0 to 10; for 25 percent type 0.25"),
        (CAPACITY, "1e308", "E232", "check the number and its unit"),
        (NAME, "Total", "E211", "delete the row if it holds totals, which would count twice; else type another name"),
        (COMMERCIAL, "oui", "E209", "type yes or no"),
        (NOTE, "#N/A", "E205", "correct the formula, or replace it by its value"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_cell(column, raw, code, remedy):
    with pytest.raises(CellError) as raised:
        parse(column, raw)
    assert (raised.value.code, raised.value.remedy) == (code, remedy)


@pytest.mark.parametrize("column", [column for column in ALL_COLUMNS if column.many], ids=lambda column: column.key)
@pytest.mark.parametrize("text", [";", ",", " ; ,", ",,", ";\n;"])
def test_no_list_is_read_as_empty(column, text):
    with pytest.raises(CellError):
        parse(column, text)


@pytest.mark.parametrize("value", [("a",), ("a", "b"), ("a, b",), ("a, b", "c"), ("*",)])
def test_a_list_is_read_as_it_was_written(value):
    assert parse(MATERIALS, write_value(MATERIALS, value)) == value


def test_a_comma_list_is_called_one():
    with pytest.raises(CellError) as raised:
        parse(SETTING["frontier_budgets"], "0 1 2")
    assert str(raised.value) == (
        "E202: the text '0 1 2'; frontier_budgets is a comma list of numbers; type 0, 1, 2 (with commas)"
    )


@pytest.mark.parametrize(
    ("sheet", "word"), [("exposure_caps", None), ("mix_targets", None), ("scrap", "collection_rate")]
)
def test_a_share_in_a_year_column_may_be_meant_in_percent(sheet, word):
    with pytest.raises(CellError) as raised:
        parse(SHEET[sheet].years.rule(word), 30)
    assert raised.value.remedy == "type a number from 0 to 1; for 30 percent type 0.3"


@given(
    column=st.sampled_from(ALL_COLUMNS),
    raw=st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.datetimes(), st.dates(), st.times(),
        st.timedeltas(), st.from_regex(r"[-+$~]?[0-9.,' ]{1,9}\s?[%a-z]?"),
    ),
)  # fmt: skip
def test_any_cell_has_a_value_or_a_message(column, raw):
    try:
        value = parse(column, raw)
    except CellError as error:
        parts = [error.code, error.found, error.rule, error.remedy]
    else:
        parts = ["read"]
        # What is written for a value is read as the value.
        assert parse(column, write_value(column, value)) == value
    assert all(parts)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_survive_as_text(number):
    assert float(as_text(number)) == number
