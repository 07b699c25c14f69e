"""report.xlsx opened again: sheets, headers, totals equal to the tables, charts over numbers, harmless text."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from model.report.book_sheets import find_book_sheets
from model.report.content import Content
from model.report.excel import GROUPS, READ, group_of, write_workbook
from model.report.sheets import INPUTS
from model.report.tidy import KEYS, MADE
from model.report.verdict import Verdicts
from model.report.workbook_writer import HEAD
from model.results.columns import ANALYSIS_TABLES
from tests.support.reports import FORMULA, SCRIPT, analyses, read


@pytest.fixture(scope="module")
def content(reported) -> Content:
    found = read(reported)
    return replace(found, tables={**found.tables, **analyses()})


@pytest.fixture(scope="module")
def path(tmp_path_factory, content) -> Path:
    return write_workbook(tmp_path_factory.mktemp("book") / "report.xlsx", content, Verdicts(content))


@pytest.fixture(scope="module")
def book(path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def rows_of(sheet: Worksheet) -> list[dict[str, Any]]:
    """The records of a table, by header."""
    heads = [cell.value for cell in sheet[HEAD + 1]]
    return [
        dict(zip(heads, values, strict=True)) for values in sheet.iter_rows(min_row=HEAD + 2, values_only=True)
        if any(value is not None for value in values)
    ]  # fmt: skip


def test_sheets_stand_in_order(book, content):
    named = {*READ, *(table.name for table in find_book_sheets(content)), "dictionary", "_lists"}
    assert set(book.sheetnames) == named
    assert book.active.title == "summary"
    assert book["_lists"].sheet_state == "hidden"


def test_sheets_of_a_group_stand_together_and_have_its_colour(book):
    shown = [name for name in book.sheetnames if name != "_lists"]
    groups = [group_of(name) for name in shown]
    assert [group for group, _ in itertools.groupby(groups)] == [group for group in GROUPS if group in groups]
    colours = {group_of(name): book[name].sheet_properties.tabColor.rgb[2:] for name in shown}
    assert colours == {group: colour.removeprefix("#") for group, (colour, _) in GROUPS.items() if group in groups}


def test_every_sheet_that_is_no_table_of_an_analysis_is_in_a_group(content):
    named = {name for _, names in GROUPS.values() for name in names}
    assert {table.name for table in find_book_sheets(content)} - set(ANALYSIS_TABLES) <= named


def test_the_tables_of_the_analyses_are_there(book):
    assert {"frontier", "stress", "alternatives"} <= set(book.sheetnames)


def test_every_table_has_its_headers_frozen_and_is_native(book, content):
    for shown in find_book_sheets(content):
        sheet = book[shown.name]
        heads = [cell.value for cell in sheet[HEAD + 1]]
        assert heads[: len(shown.columns)] == [column.key for column in shown.columns]
        assert sheet.freeze_panes in {f"A{HEAD + 2}", f"B{HEAD + 2}"}
        if len(shown.filled(content)):
            (table,) = sheet.tables.values()
            assert table.ref.startswith(f"A{HEAD + 1}:")
            assert [column.name for column in table.tableColumns] == heads


@pytest.mark.parametrize(
    ("sheet", "table", "column"),
    [
        ("awards", "awards", "paid_usd_million"),
        ("awards", "awards", "t_per_year"), ("projects", "builds", "capex_usd_million"),
        ("breaches", "breaches", "cost_usd_million"),
        ("shortages", "deliveries", "unmet_t"), ("frontier", "frontier", "cost_usd_million"),
        ("stress", "stress", "extra_cost_usd_million"), ("alternatives", "alternatives", "highest"),
    ],
)  # fmt: skip
def test_totals_equal_the_tables(book, content, sheet, table, column):
    """Every column adds up to what data/*.csv adds up to."""
    summed = sum(row[column] or 0.0 for row in rows_of(book[sheet]))
    assert summed == pytest.approx(content.rows(table)[column].sum(), rel=1e-12)
    assert summed != 0


@pytest.mark.parametrize(
    ("sheet", "table", "column"),
    [("award_pays", "award_years", "paid_usd_million")],
)
def test_years_across_add_up_to_the_tables(book, content, sheet, table, column):
    summed = sum(row[year] or 0.0 for row in rows_of(book[sheet]) for year in row if str(year).isdigit())
    assert summed == pytest.approx(content.rows(table)[column].sum(), rel=1e-12)


def test_the_csv_files_are_what_is_shown(reported):
    """The same from the files of the run itself: output by pathway, and the supply cost under the minerals."""
    costs, mix = (pd.read_csv(reported.folder / "data" / f"{name}.csv") for name in ("costs", "mix"))
    rows = rows_of(openpyxl.load_workbook(reported.folder / "report.xlsx")["data"])
    summed = sum(row["cost_usd_million"] or 0.0 for row in rows)
    supply = costs.query("kind == 'supply' and mineral.notna()")
    assert summed == pytest.approx(supply["usd_million"].sum(), rel=1e-9)
    assert sum(row[column] or 0.0 for row in rows for column in MADE) == pytest.approx(mix["t"].sum(), rel=1e-9)
    assert len({tuple(row[key] for key in KEYS) for row in rows}) == len(rows)


def test_comparison_tells_the_change_against_the_base(book, content):
    rows = {row["scenario"]: row for row in rows_of(book["comparison"])}
    change = content.total("squeeze", "objective") - content.total("base", "objective")
    assert rows["squeeze"]["cost_change_usd_million"] == pytest.approx(change)
    assert rows["base"]["cost_change_usd_million"] == 0
    assert rows["never"]["status"] == "infeasible"
    assert rows["never"]["cost_usd_million"] is None


def test_summary_begins_with_what_matters(book):
    lines = [str(row[0]) for row in book["summary"].iter_rows(values_only=True) if row[0]]
    assert lines[0] == f"Small world {SCRIPT}"
    assert any(line.startswith("Short of @oxide") for line in lines)
    assert "Cannot be has no plan." in lines
    cell = next(cell for (cell, *_) in book["summary"].iter_rows() if str(cell.value).startswith("Short of"))
    assert cell.font.color.rgb == "FFB00020"


def test_numbers_have_formats(book):
    sheet = book["comparison"]
    heads = {cell.value: cell.column for cell in sheet[HEAD + 1]}
    formats = {key: sheet.cell(HEAD + 2, heads[key]).number_format for key in ("cost_usd_million", "exposure_index")}
    assert formats == {"cost_usd_million": "#,##0.00", "exposure_index": "0.0%"}


def test_the_dictionary_explains_every_column(book, content):
    described = {(row["sheet"], row["column"]): row for row in rows_of(book["dictionary"])}
    for shown in find_book_sheets(content):
        for cell in book[shown.name][HEAD + 1]:
            key = "years" if str(cell.value).isdigit() else cell.value
            assert described[shown.name, key]["description"], (shown.name, key)


def chart_ranges(path: Path) -> list[str]:
    """Every range of cells a chart takes its names, categories or values from."""
    with zipfile.ZipFile(path) as files:
        charts = [name for name in files.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
        texts = [files.read(name).decode() for name in charts]
    return [found for text in texts for found in re.findall(r"<c:f>(.*?)</c:f>", text)]


def test_charts_point_at_numbers(path, book):
    """No range is empty; values hold at least one number that is not a header."""
    ranges = chart_ranges(path)
    assert len(ranges) > 60
    for found in ranges:
        sheet, _, cells = found.partition("!")
        left, top, right, bottom = range_boundaries(cells.replace("$", ""))
        rows = book[sheet.strip("'")].iter_rows(top, bottom, left, right, values_only=True)
        assert any(value is not None for row in rows for value in row), found
        assert top >= HEAD + 1, found


def test_every_kind_of_chart_is_there(path):
    with zipfile.ZipFile(path) as files:
        charts = [files.read(name).decode() for name in files.namelist() if name.startswith("xl/charts/chart")]
    titles = " ".join(re.findall(r"<a:t>(.*?)</a:t>", " ".join(charts)))
    for title in ("Discounted cost", "Cost by term", "Exposure index", "Treasury pays and lends", "Support by form",
                  "Cost, with penalties, against exposure: Base plan",
                  "Extra cost under each shock, no penalties: squeeze"):  # fmt: skip
        assert title in titles
    for title in ("Supply of the mineral", "How the demand is met", "New capacity", "Support by project", "Mined and"):
        assert title in titles


def test_text_stays_text(path, book):
    """Only matrix and explore hold formulas, our own; no link leads out, and harmful names are there as written."""
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    formulas = [cell for cell in cells if cell.data_type == "f"]
    assert {cell.parent.title for cell in formulas} == {"matrix", "explore"}
    known = re.compile(r"=[A-Za-z0-9_$.,:;!&()+<>=\"/ -]*")
    assert not [cell.value for cell in formulas if not known.fullmatch(cell.value) or "cmd" in cell.value]
    assert not [cell for cell in cells if cell.hyperlink]
    assert FORMULA in {cell.value for cell in cells}
    with zipfile.ZipFile(path) as files:
        assert not [name for name in files.namelist() if "externalLink" in name or "vba" in name.lower()]


def test_characters_no_file_can_hold_are_left_out(tmp_path, content):
    odd = replace(content, title="a\x00b\x1f\ud800c" + "x" * 40_000, warnings=("W1 \x0b",))
    path = write_workbook(tmp_path / "odd.xlsx", odd, Verdicts(odd))
    text = openpyxl.load_workbook(path)["summary"]["A1"].value
    assert text.startswith("abc")


def test_a_run_without_any_plan_still_reports(tmp_path, content):
    gone = tuple(replace(scenario, status="infeasible", message="why") for scenario in content.scenarios)
    empty = replace(content, scenarios=gone, tables={})
    book = openpyxl.load_workbook(write_workbook(tmp_path / "none.xlsx", empty, Verdicts(empty)))
    assert "There are none." in book["data"]["A2"].value
    assert {book[name]["A2"].value for name in ("matrix", "explore")} == {"There is no plan to look at."}


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is missing: apt-get install libreoffice-calc")
def test_libreoffice_draws_every_sheet(tmp_path, path):
    """Calc opens the workbook and lays it out: a page for every table that has rows, and one for four charts."""
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    drawn = (tmp_path / "report.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page[^s]", drawn)) > 30


def test_numbers_are_numbers(book):
    """No cell below the headers holds a number as text, but for names."""
    number = re.compile(r"-?\d+(\.\d+)?")
    texts = [
        cell.coordinate for sheet in book for row in sheet.iter_rows(min_row=HEAD + 2) for cell in row
        if isinstance(cell.value, str) and number.fullmatch(cell.value)
    ]  # fmt: skip
    assert not texts
    changed = rows_of(book["changed_cells"])
    assert 300 in [row["new"] for row in changed]


def test_the_first_choice_has_its_values(path, content):
    """Viewers that do not calculate show the numbers of the tables."""
    sheet = openpyxl.load_workbook(path, data_only=True)["explore"]
    rows = {row[0]: row[1:] for row in sheet.iter_rows(values_only=True) if row[0]}
    met = content.rows("deliveries").query("scenario == 'base' and mineral == 'ndpr' and year == 2026")
    assert rows["clear"][0] == pytest.approx(met["clear_t"].sum() * 0.857)


def choose(path: Path, target: Path, cell: str, old: str, new: str) -> None:
    """Type another word in a cell of `explore` as a planner would, and forget what the formulas gave before."""
    with zipfile.ZipFile(path) as files, zipfile.ZipFile(target, "w") as out:
        names = re.findall(r'<sheet name="(\w+)"', files.read("xl/workbook.xml").decode())
        words = re.findall(r"<si><t[^>]*>(.*?)</t></si>", files.read("xl/sharedStrings.xml").decode(), re.DOTALL)
        for name in files.namelist():
            text = files.read(name)
            if name == f"xl/worksheets/sheet{names.index('explore') + 1}.xml":
                typed = re.sub(rf'(<c r="{cell}"[^>]*><v>){words.index(old)}</v>', rf"\g<1>{words.index(new)}</v>",
                               text.decode())  # fmt: skip
                assert typed != text.decode()
                text = re.sub(r"</f><v>.*?</v>", "</f>", typed).encode()
            out.writestr(name, text)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is missing: apt-get install libreoffice-calc")
def test_charts_follow_the_scenario_that_is_chosen(tmp_path, path, content):
    """In LibreOffice, with `squeeze` instead of `base` in the yellow cell."""
    choose(path, tmp_path / "chosen.xlsx", "B4", "base", "squeeze")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "out")]
    subprocess.run([*command, str(tmp_path / "chosen.xlsx")], check=True, capture_output=True, timeout=900)
    sheet = openpyxl.load_workbook(tmp_path / "out" / "chosen.xlsx", data_only=True)["explore"]
    rows = {row[0]: row[1:] for row in sheet.iter_rows(values_only=True) if row[0]}
    for place, year in enumerate(content.years):
        here = content.rows("deliveries").query(f"scenario == 'squeeze' and mineral == 'ndpr' and year == {year}")
        for how in ("clear", "exposed", "unmet"):
            assert rows[how][place] == pytest.approx(here[f"{how}_t"].sum() * 0.857, abs=1e-6)
    assert not [value for row in rows.values() for value in row if str(value).startswith("#")]


def test_solves_are_told_by_scenario_and_analysis(content):
    """Not one by one: a run with analyses has hundreds."""
    entry = {"scenario": "base", "analysis": "stress", "status": "optimal", "seconds": 1.5}
    models = [
        {**entry, "largest_primal_infeasibility": 1e-9, "largest_dual_infeasibility": 2e-8},
        entry,
        {**entry, "seconds": None, "status": "limit"},
    ]
    many = replace(content, manifest={"models": models})
    shown = next(table for table in INPUTS if table.name == "run").filled(many)
    assert shown.to_numpy().tolist() == [
        ["solves base stress", "3 solves, 3.0 s, largest infeasibility 2e-08, 1 limit"]
    ]
