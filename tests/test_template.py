"""Writing: the blank workbook is complete, and what is written is read as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook as Book

from model.errors import OutputError
from model.workbook import reader, template
from model.workbook.cell_errors import CellError
from model.workbook.cells import parse
from model.workbook.codes import CODES
from model.workbook.dictionary import readme_text
from model.workbook.schema import SETTING, SETTINGS, SHEETS, Column, Kind, Sheet
from model.workbook.tables import Record, Tables
from model.workbook.template_styles import THEMES
from tests.support.edits import record_of, values_of
from tests.support.sheets import small_world, write_xlsx
from tests.support.tables import tables_of

SHEETS_WITH_YEARS = [sheet for sheet in SHEETS if sheet.years]


@pytest.fixture(scope="module")
def blank(tmp_path_factory) -> Book:
    path = tmp_path_factory.mktemp("template") / "blank.xlsx"
    template.write(path)
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def blank_tables(tmp_path_factory) -> Tables:
    path = tmp_path_factory.mktemp("template") / "blank.xlsx"
    template.write(path)
    return reader.read(path).tables


def keys_of(book: Book, sheet: str) -> list[Any]:
    return [cell.value for cell in book[sheet][4]]


# --- The blank workbook ----------------------------------------------------------------------------------------------


def test_blank_workbook_is_read_without_problems(tmp_path):
    template.write(tmp_path / "blank.xlsx")
    read = reader.read(tmp_path / "blank.xlsx")
    assert read.problems == ()
    assert read.tables.horizon == range(2026, 2041)
    assert {record.sheet for record in read.tables} == {"settings"}


def test_sheets_are_all_there_and_visible(blank):
    assert blank.sheetnames == ["read_me", *(sheet.name for sheet in SHEETS), "_lists", "_dictionary"]
    assert {page.sheet_state for page in blank.worksheets} == {"visible"}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_head_of_a_sheet(blank, sheet):
    page, keys = blank[sheet.name], keys_of(blank, sheet.name)
    assert page["A1"].value == f"{sheet.title}: {sheet.purpose}"
    assert [key for key in keys if isinstance(key, str)] == [column.key for column in sheet.columns]
    assert [key for key in keys if isinstance(key, int)] == (list(range(2026, 2041)) if sheet.years else [])
    for place, key in enumerate(keys, 1):
        if isinstance(key, str):
            assert page.cell(2, place).value == sheet.by_key[key].description
            assert (page.cell(3, place).value or "") == sheet.by_key[key].unit
        else:
            assert (page.cell(3, place).value or "") == sheet.years.unit
        assert page.cell(4, place).font.bold
        assert page.column_dimensions[page.cell(4, place).column_letter].width > 9


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_keys_stay_in_sight(blank, sheet):
    page = blank[sheet.name]
    assert keys_of(blank, sheet.name)[: len(sheet.key)] == list(sheet.key)
    assert page.freeze_panes == f"{'ABCD'[len(sheet.key)]}5"
    assert page.auto_filter.ref.startswith("A4:")
    assert range_boundaries(page.auto_filter.ref)[2] == len(keys_of(blank, sheet.name))


def test_every_setting_is_there_with_its_default(blank):
    rows = {row[0].value: [cell.value for cell in row[1:4]] for row in blank["settings"].iter_rows(min_row=5)}
    assert list(rows) == [setting.key for setting in SETTINGS]
    assert rows["social_discount_rate"] == [0.03, "share", SETTING["social_discount_rate"].description]
    assert rows["frontier_budgets"][0] == "0, 1, 2"
    assert rows["stress_test"][0] == "yes"
    assert (rows["first_year"][0], rows["last_year"][0], rows["price_year"][0]) == (2026, 2040, None)


def test_read_me_tells_what_a_market_facility_has_not(blank):
    lines = [row[0].value for row in blank["read_me"].iter_rows(min_col=2, max_col=2)]
    assert any(line and line.startswith("A facility with cost_basis market has no inputs") for line in lines)
    [example] = [line for line in lines if line and line.startswith("Three facilities")]
    assert all(word in example for word in ("mine", "refinery", "recycler", "recipes", "scrap"))


def validations_of(book: Book, sheet: str) -> dict[str, Any]:
    """Named range and strictness of the drop-down in the first data row of each column."""
    page = book[sheet]
    found = {}
    for validation in page.data_validations.dataValidation:
        for cells in validation.sqref.ranges:
            if cells.min_row == 5 and cells.max_row > 5:
                found[page.cell(4, cells.min_col).value] = validation
    return found


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_drop_downs_refer_to_named_ranges(blank, sheet):
    found = validations_of(blank, sheet.name)
    wanted = [column for column in sheet.columns if column.kind in (Kind.CHOICE, Kind.YES_NO, Kind.REFERENCE)]
    assert set(found) == {column.key for column in wanted}
    for column in wanted:
        target = blank.defined_names[found[column.key].formula1].attr_text
        if column.kind is Kind.REFERENCE:
            assert target.startswith(f"'{column.refers_to}'!$A$5:INDEX(")
        else:
            first, last = target.removeprefix("'_lists'!").split(":")
            words = [row[0].value for row in blank["_lists"][f"{first}:{last}"]]
            yes_no = column.kind is Kind.YES_NO
            assert words == (["yes", "no"] if yes_no else [*column.choices, *(["*"] if column.star else [])])


def test_names_that_are_referred_to_stand_in_the_first_column():
    for sheet in SHEETS:
        for column in sheet.columns:
            if column.refers_to:
                target = next(each for each in SHEETS if each.name == column.refers_to)
                assert target.key == (target.columns[0].key,)


def test_read_me_links_to_every_sheet(blank):
    links = [row[0].hyperlink.location for row in blank["read_me"].iter_rows() if row[0].hyperlink]
    assert links == [f"'{name}'!A1" for name in blank.sheetnames if name != "read_me"]


def test_dictionary_has_every_column_and_setting(blank):
    rows = {(row[0].value, row[1].value) for row in blank["_dictionary"].iter_rows(min_row=2)}
    assert {(sheet.name, column.key) for sheet in SHEETS for column in sheet.columns} <= rows
    assert {("settings", setting.key) for setting in SETTINGS} <= rows
    assert {(sheet.name, "years") for sheet in SHEETS_WITH_YEARS} <= rows


def test_file_that_cannot_be_written(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        template.write(tmp_path / "no" / "such" / "folder.xlsx")


# --- Filled workbooks ------------------------------------------------------------------------------------------------


def written(tables: Tables, folder: Path) -> Book:
    template.write(folder / "written.xlsx", tables)
    return openpyxl.load_workbook(folder / "written.xlsx")


def test_small_world_there_and_back(tmp_path):
    before = reader.read(write_xlsx(small_world(), tmp_path / "my.xlsx")).tables
    written(before, tmp_path)
    after = reader.read(tmp_path / "written.xlsx")
    assert after.problems == ()
    assert values_of(after.tables) == values_of(before)


def test_only_what_is_not_a_default_is_written(tmp_path):
    sheets = small_world()
    sheets["facilities"][2] |= {"status": "operating", "utilisation": 1, "reserve_t": "none", "max_new_tpa": 0}
    book = written(reader.read(write_xlsx(sheets, tmp_path / "my.xlsx")).tables, tmp_path)
    keys = keys_of(book, "facilities")
    row = {key: cell.value for key, cell in zip(keys, book["facilities"][7], strict=True) if cell.value is not None}
    assert row == {
        "facility": "partner_mine",
        "region": "PTN",
        "output": "ndpr_concentrate",
        "capacity_tpa": 800,
        "variable_usd_per_t": 18000,
    }


def test_years_are_written_as_given(tmp_path):
    sheets = small_world()
    sheets["exposure_caps"][0] |= {2045: 0.1}
    tables = reader.read(write_xlsx(sheets, tmp_path / "my.xlsx")).tables
    tables.interpolate()
    book = written(tables, tmp_path)
    assert keys_of(book, "exposure_caps")[4:10] == [2026, 2027, 2028, 2029, 2030, 2045]
    assert [cell.value for cell in book["exposure_caps"][5]][4:10] == ["none", None, 0.6, None, None, 0.1]


def test_words_of_lists_and_answers(tmp_path):
    book = written(reader.read(write_xlsx(small_world(), tmp_path / "my.xlsx")).tables, tmp_path)
    offer = dict(zip(keys_of(book, "support_offers"), [cell.value for cell in book["support_offers"][5]], strict=True))
    mine = dict(zip(keys_of(book, "facilities"), [cell.value for cell in book["facilities"][5]], strict=True))
    assert offer["materials"] == "ndpr_concentrate, ndpr_oxide"
    assert (mine["commercial"], mine["active"]) == ("yes", None)


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    sheets = small_world()
    sheets["facilities"][0]["note"] = "see there"
    tables = reader.read(write_xlsx(sheets, tmp_path / "my.xlsx")).tables
    tables["facilities"][0].values["note"] = "=1+1"
    book = written(tables, tmp_path)
    cell = book["facilities"].cell(5, keys_of(book, "facilities").index("note") + 1)
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert reader.read(tmp_path / "written.xlsx").tables["facilities"][0]["note"] == "=1+1"


TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0xFFFD, exclude_categories=("Cs", "Cc")), max_size=20)
WORD = st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True)


def raw_cells(column: Column) -> st.SearchStrategy[Any]:
    """Anything a planner may type in a cell of a column."""
    words = [*column.choices, *(["*"] if column.star else []), *(["none"] if column.none is not None else [])]
    kinds: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.YES_NO: st.booleans(),
        Kind.CHOICE: st.sampled_from(column.choices or ("",)),
        Kind.TEXT: TEXT | st.sampled_from(["=A1", "0.10", "1e3", "2026", "'quoted'", "a, b"]),
        Kind.WHOLE: st.integers(0, 100),
        Kind.YEAR: st.integers(1900, 2200),
        # Excel shows 15 digits and openpyxl writes 16: the last bit of a number nobody typed may be lost.
        Kind.NUMBER: (st.floats(0, 1) | st.floats(0, 1e12)).map(lambda number: float(f"{number:.15g}"))
        | st.integers(0, 10**6),
    }
    cells = kinds.get(column.kind, WORD)
    if column.many:
        cells = st.lists(cells, min_size=1, max_size=3).map(lambda items: ", ".join(map(str, items)))
    if words:
        cells |= st.sampled_from(words)
    return cells if column.required else cells | st.none()


def is_readable(column: Column, raw: object) -> bool:
    try:
        parse(column, raw)
    except CellError:
        return False
    return True


@st.composite
def records(draw, sheet: Sheet, row: int) -> Record:
    values: dict[str, Any] = {}
    for column in sheet.columns:
        raw = draw(raw_cells(column).filter(lambda raw, column=column: is_readable(column, raw)))
        values[column.key] = parse(column, raw)
        if column.default_from and raw is None:
            values[column.key] = column.default_from(values)
    given_years: dict[int, float] = {}
    if sheet.years:
        rule = sheet.years.rule(values.get(sheet.years.depends_on))
        numbers = raw_cells(rule).filter(lambda raw: raw is not None and is_readable(rule, raw))
        years = draw(st.dictionaries(st.integers(2020, 2050), numbers, min_size=1, max_size=4))
        given_years = {year: float(parse(rule, years[year])) for year in sorted(years)}  # type: ignore[arg-type]
    return Record(sheet.name, row, values, given_years)


@st.composite
def filled_sheets(draw) -> tuple[str, list[Record]]:
    """A sheet with any rows it can hold, whether or not they make sense together."""
    sheet = draw(st.sampled_from(SHEETS[1:]))
    rows = st.lists(records(sheet, 0), min_size=1, max_size=3, unique_by=lambda record: record.key or id(record))
    return sheet.name, draw(rows)


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(filled=filled_sheets())
def test_any_sheet_there_and_back(filled, blank_tables, tmp_path):
    tables = Tables({"settings": blank_tables["settings"], filled[0]: filled[1]})
    template.write(tmp_path / "one.xlsx", tables)
    read = reader.read(tmp_path / "one.xlsx")
    assert [str(problem) for problem in read.problems] == []
    assert values_of(read.tables) == values_of(tables)


@pytest.mark.slow
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(data=st.data(), setting=st.sampled_from([setting for setting in SETTINGS if not setting.required]))
def test_any_setting_there_and_back(data, setting, blank_tables, tmp_path):
    tables = blank_tables.copy()
    raw = data.draw(raw_cells(setting).filter(lambda raw: is_readable(setting, raw)))
    record_of(tables, "settings", setting.key).values["value"] = parse(setting, raw)
    template.write(tmp_path / "one.xlsx", tables)
    assert values_of(reader.read(tmp_path / "one.xlsx").tables) == values_of(tables)


# --- The page --------------------------------------------------------------------------------------------------------


def test_page_has_every_sheet_setting_and_code():
    text = readme_text()
    for sheet in SHEETS:
        assert f"\n### {sheet.name}\n" in text
        assert all(f"| `{column.key}` |" in text for column in sheet.columns)
    assert all(f"| `{setting.key}` |" in text for setting in SETTINGS)
    assert all(code.example in text for code in CODES.values())


def test_tabs_are_grouped_by_theme_and_coloured(tmp_path):
    assert [name for _, names in THEMES.values() for name in names] == [sheet.name for sheet in SHEETS]
    sheets = small_world()
    sheets["facilities"][0]["facility"] = "a_facility_with_a_name_of_forty_letters_"
    template.write(tmp_path / "new.xlsx", tables_of(sheets))
    book = openpyxl.load_workbook(tmp_path / "new.xlsx")
    for colour, names in THEMES.values():
        assert {book[name].sheet_properties.tabColor.rgb for name in names} == {colour}
    assert book["facilities"].column_dimensions["A"].width > 40
