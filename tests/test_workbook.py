"""Reading: typed records, every problem in one go, and never a traceback."""

from __future__ import annotations

import datetime as dt
from difflib import get_close_matches

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook as Book

from model.errors import InputError
from model.study.reading import open_study
from model.workbook import reader, suggestions
from model.workbook.codes import CODES
from model.workbook.schema import NO_LIMIT, SHEET
from tests.support.edits import EDITS, Edit, edited, messages_of, place, problems_of, put, put_at, record_of
from tests.support.sheets import columns_of, small_world, write_csv, write_xlsx


@pytest.mark.slow
@pytest.mark.parametrize("code", EDITS)
def test_a_workbook_with_one_problem_says_just_that(code, tmp_path):
    assert messages_of(edited(tmp_path / "my.xlsx", EDITS[code])) == [CODES[code].example]


# --- Several problems, and what is read in spite of them -----------------------------------------------------------


def test_all_problems_are_reported_at_once(tmp_path):
    edits = [edit for code, edit in EDITS.items() if code.startswith("E2")]
    found = {problem.code for problem in problems_of(edited(tmp_path / "my.xlsx", *edits))}
    # Four of them are typed in one cell, and the last wins.
    assert found == {code for code in EDITS if code.startswith("E2")} - {"E208", "E217"}


def test_small_world_has_no_problems(tmp_path):
    assert messages_of(write_xlsx(small_world(), tmp_path / "my.xlsx")) == []


def test_a_bad_cell_does_not_hide_its_record(tmp_path):
    tables = reader.read(edited(tmp_path / "my.xlsx", EDITS["E203"], EDITS["E202"], EDITS["E201"])).tables
    assert record_of(tables, "facilities", "home_mine")["hurdle_rate"] == 0.08
    assert record_of(tables, "demand", "electric_vehicles/ndpr_oxide/USA").given == {2026: 900.0, 2030: 1500.0}
    assert record_of(tables, "regions", "CHN")["standing"] == "home"


def test_a_record_knows_what_of_it_could_not_be_read(tmp_path):
    tables = reader.read(edited(tmp_path / "my.xlsx", EDITS["E203"], EDITS["E202"])).tables
    assert record_of(tables, "facilities", "home_mine").unread == {"hurdle_rate"}
    assert record_of(tables, "demand", "electric_vehicles/ndpr_oxide/USA").unread == {"2028"}
    assert record_of(tables, "facilities", "partner_mine").unread == set()


def test_a_record_without_its_key_may_be_any(tmp_path):
    tables = reader.read(edited(tmp_path / "my.xlsx", EDITS["E211"])).tables
    assert tables.may_hold("minerals", mineral="ndpr")
    assert not tables.may_hold("minerals", mineral="ndpr", group="batteries")
    # One of two rows with the same key is about something else.
    tables = reader.read(edited(tmp_path / "my.xlsx", EDITS["E216"])).tables
    assert [record.key for record in tables["prices"]] == [("ndpr_concentrate",), ("",)]
    assert tables.may_hold("prices", material="ndpr_oxide")


def test_keys_that_are_not_read_are_not_said_to_repeat(tmp_path):
    edit = put("routes", 1, "material", "#REF!")
    assert [problem.code for problem in problems_of(edited(tmp_path / "my.xlsx", edit))] == ["E205"]


def test_rows_that_repeat_without_a_column_of_their_key(tmp_path):
    sheets = small_world()
    sheets["exposure_caps"] = [{"scope": "chain", 2026: 0.5}, {"scope": "chain", 2026: 0.6}]
    [problem] = problems_of(write_xlsx(sheets, tmp_path / "my.xlsx"))
    assert (problem.code, problem.cell, problem.column) == ("E216", "A3", "scope")


def test_settings_can_be_relied_on_whatever_is_wrong(tmp_path):
    for edit in (EDITS["E119"], put("settings", 4, "value", "soon"), lambda book: book.remove(book["settings"])):
        tables = reader.read(edited(tmp_path / "my.xlsx", edit)).tables
        assert tables.horizon == range(2026, 2031)
        assert tables.setting("frontier_budgets") == (0.0, 1.0, 2.0)


def test_required_settings_may_not_be_inactive(tmp_path):
    path = edited(tmp_path / "my.xlsx", put_at("settings", "C1", "active"), put_at("settings", "C4", "no"))
    assert messages_of(path) == [CODES["E119"].example]


# --- Inactive rows ---------------------------------------------------------------------------------------------------


def with_active(sheet: str, row: int, *edits: Edit) -> Edit:
    def edit(book: Book) -> None:
        column = len(columns_of(small_world()[sheet])) + 1
        book[sheet].cell(1, column).value = "active"
        book[sheet].cell(row, column).value = "No"
        for each in edits:
            each(book)

    return edit


def test_inactive_row_is_kept_inactive(tmp_path):
    read = reader.read(edited(tmp_path / "my.xlsx", with_active("facilities", 2)))
    assert not read.problems
    assert [record.active for record in read.tables["facilities"]] == [False, True, True, True, True]


def test_inactive_row_may_be_half_filled_in(tmp_path):
    read = reader.read(edited(tmp_path / "my.xlsx", with_active("facilities", 2, EDITS["E203"])))
    assert not read.problems
    assert (read.tables["facilities"][0].label, read.tables["facilities"][0].active) == ("home_mine", False)
    assert read.tables.is_whole


def test_inactive_row_without_a_name_is_left_out_silently(tmp_path):
    read = reader.read(
        edited(tmp_path / "my.xlsx", with_active("facilities", 2, put("facilities", 2, "facility", "?")))
    )
    assert not read.problems
    assert read.tables["facilities"][0].label == "home_refinery"


def test_inactive_row_may_repeat_a_key(tmp_path):
    rename = put("facilities", 2, "facility", "home_refinery")
    read = reader.read(edited(tmp_path / "my.xlsx", with_active("facilities", 2, rename)))
    assert not read.problems
    assert [record.row for record in read.tables["facilities"]] == [3, 4, 5, 6]


# --- Years -----------------------------------------------------------------------------------------------------------


def test_years_outside_the_horizon_are_given_too(tmp_path):
    sheets = small_world()
    sheets["prices"] = [{"material": "ndpr_oxide", 2020: 50000, 2045: "70000"}]
    read = reader.read(write_xlsx(sheets, tmp_path / "my.xlsx"))
    assert not read.problems
    assert read.tables["prices"][0].given == {2020: 50000.0, 2045: 70000.0}


def test_rules_of_years_that_depend_on_the_row(tmp_path):
    sheets = small_world()
    sheets["facility_paths"] = [
        {"facility": "home_mine", "quantity": "utilisation", 2026: 0.5, 2027: 50},
        {"facility": "home_mine", "quantity": "max_new_tpa_per_year", 2026: 500, 2027: "none"},
    ]
    read = reader.read(write_xlsx(sheets, tmp_path / "my.xlsx"))
    assert [(problem.code, problem.cell) for problem in read.problems] == [("E203", "D2")]
    assert read.tables["facility_paths"][0].given == {2026: 0.5}
    assert read.tables["facility_paths"][1].given == {2026: 500.0, 2027: NO_LIMIT}


def test_an_unreadable_year_is_not_also_a_missing_one(tmp_path):
    assert [
        problem.code for problem in problems_of(edited(tmp_path / "my.xlsx", put("support_budgets", 2, 2026, "?")))
    ] == ["E202"]


def test_defaults_of_a_row_may_come_from_its_other_cells(tmp_path):
    tables = reader.read(write_xlsx(small_world(), tmp_path / "my.xlsx")).tables
    assert record_of(tables, "facilities", "home_mine")["max_new_tpa"] == 1500.0
    assert record_of(tables, "facilities", "partner_mine")["max_new_tpa"] == 0.0


# --- Never a traceback -----------------------------------------------------------------------------------------------

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(min_value=dt.datetime(1950, 1, 1), max_value=dt.datetime(2100, 1, 1)),  # noqa: DTZ001
    st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=("Cs", "Cc")), max_size=12),
    st.sampled_from(["#REF!", "#N/A", "=A1", "none", "*", "NA", "1,200", "5 %", "yes", "USA", "ndpr_oxide", "2026"]),
)
PLACES = [
    (sheet, row, column)
    for sheet, rows in small_world().items()
    for row in range(1, len(rows) + 2)
    for column in columns_of(rows)
]


@pytest.mark.slow
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(corruptions=st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=6))
def test_corrupted_cells_are_read_or_located(corruptions, tmp_path):
    edits = [put(*where, value) for where, value in corruptions]
    read = reader.read(edited(tmp_path / "my.xlsx", *edits))
    for problem in read.problems:
        assert problem.code in CODES
        assert problem.sheet in small_world()
    for record in read.tables:
        assert set(record.values) == set(SHEET[record.sheet].by_key)
    assert len(read.tables.horizon) >= 0
    read.tables.interpolate()


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    where=st.sampled_from([place for place in PLACES if place[1] > 1]),
    junk=st.one_of(st.just("#REF!"), st.just("=A1")),
)
def test_broken_formulas_are_located_wherever_they_stand(where, junk, tmp_path):
    (problem, *_) = problems_of(edited(tmp_path / "my.xlsx", put(*where, junk)))
    row, column = place(*where)
    assert (problem.code, problem.sheet, problem.cell) == (
        "E205" if junk == "#REF!" else "E206",
        where[0],
        f"{get_column_letter(column)}{row}",
    )


def test_suggestions_are_looked_for_only_as_long_as_problems_are_listed(monkeypatch, tmp_path):
    """Of 150 names that are not there the first 100 get a suggestion, out of 50 names that begin or end alike each."""
    compared = []

    def count(word, names, **limits):
        compared.append(len(names))
        return get_close_matches(word, names, **limits)

    monkeypatch.setattr(suggestions, "get_close_matches", count)
    sheets = small_world()
    mine = sheets["facilities"][0]
    sheets["facilities"] += [{**mine, "facility": f"plant_{n}", "requires": f"plnat_{n}"} for n in range(150)]
    with pytest.raises(InputError) as caught:
        open_study(write_csv(sheets, tmp_path))
    said = [problem for problem in caught.value.problems if problem.code == "E311"]
    assert [problem.remedy for problem in said[:2]] == ["did you mean 'plant_0'?", "did you mean 'plant_1'?"]
    assert said[100].found == "and 50 more like these"
    assert len(compared) == 100
    assert max(compared) <= 100
