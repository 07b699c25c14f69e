"""report.xlsx opened again: sheets, headers, totals equal to the tables, charts over numbers, harmless text."""

from __future__ import annotations

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

from model.report.content import Content
from model.report.excel import HEAD, write_workbook
from model.report.sheets import INPUTS, find_shown
from model.report.verdict import Verdicts
from tests.support.reports import FORMULA, SCRIPT, analyses, make_run, read


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return make_run(tmp_path_factory.mktemp("excel"))


@pytest.fixture(scope="module")
def content(run) -> Content:
    found = read(run)
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
    assert book.sheetnames == ["summary", "figures", *(table.name for table in find_shown(content)), "dictionary"]
    assert book.active.title == "summary"
    assert {"frontier", "stress", "alternatives"} <= set(book.sheetnames)


def test_every_table_has_its_headers_frozen_and_is_native(book, content):
    for shown in find_shown(content):
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
        ("costs", "costs", "discounted_usd_million"), ("awards", "awards", "paid_usd_million"),
        ("awards", "awards", "t_per_year"), ("projects", "builds", "capex_usd_million"),
        ("award_years", "award_years", "paid_usd_million"), ("breaches", "breaches", "cost_usd_million"),
        ("shortages", "deliveries", "unmet_t"), ("import_reliance", "import_reliance", "imported_t"),
        ("concentration", "concentration", "hhi"), ("frontier", "frontier", "cost_usd_million"),
        ("stress", "stress", "extra_cost_usd_million"), ("alternatives", "alternatives", "highest"),
    ],
)  # fmt: skip
def test_totals_equal_the_tables(book, content, sheet, table, column):
    """Every column adds up to what data/*.csv adds up to."""
    told = sum(row[column] or 0.0 for row in rows_of(book[sheet]))
    assert told == pytest.approx(content.rows(table)[column].sum(), rel=1e-12)
    assert told != 0


@pytest.mark.parametrize(
    ("sheet", "table", "column"), [("supply_mix", "mix", "t"), ("output", "production", "t"),
                                   ("award_pays", "award_years", "paid_usd_million")],
)  # fmt: skip
def test_years_across_add_up_to_the_tables(book, content, sheet, table, column):
    told = sum(row[year] or 0.0 for row in rows_of(book[sheet]) for year in row if str(year).isdigit())
    assert told == pytest.approx(content.rows(table)[column].sum(), rel=1e-12)


def test_the_csv_files_are_what_is_shown(run):
    """The same from the files of the run itself."""
    costs = pd.read_csv(run.folder / "data" / "costs.csv")
    own = openpyxl.load_workbook(run.folder / "report.xlsx")["costs"]
    assert sum(row["usd_million"] for row in rows_of(own)) == pytest.approx(costs["usd_million"].sum(), rel=1e-11)


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
    told = {(row["sheet"], row["column"]): row for row in rows_of(book["dictionary"])}
    for shown in find_shown(content):
        for cell in book[shown.name][HEAD + 1]:
            key = "years" if str(cell.value).isdigit() else cell.value
            assert told[shown.name, key]["description"], (shown.name, key)


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
    for title in ("Discounted cost", "Cost by term", "Supply mix", "Exposure", "Support by project",
                  "Budget treasury", "New capacity", "Cost, with penalties, against exposure",
                  "Extra cost under"):  # fmt: skip
        assert title in titles


def test_text_stays_text(path, book):
    """No cell is a formula, no link leads out, and the harmful names are there as they were written."""
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if cell.hyperlink]
    assert FORMULA in {cell.value for cell in cells}
    with zipfile.ZipFile(path) as files:
        sheets = [files.read(name).decode() for name in files.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(re.search(r"<f[ >]", text) for text in sheets)
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
    assert "There are none." in book["costs"]["A2"].value


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is missing: apt-get install libreoffice-calc")
def test_libreoffice_draws_every_sheet(tmp_path, path):
    """Calc opens the workbook and lays it out: a page for every table that has rows, and one for four charts."""
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    drawn = (tmp_path / "report.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page[^s]", drawn)) > 30


def test_solves_are_told_by_scenario_and_analysis(content):
    """Not one by one: a run with analyses has hundreds."""
    entry = {"scenario": "base", "analysis": "stress", "status": "optimal", "seconds": 1.5}
    models = [
        {**entry, "largest_primal_infeasibility": 1e-9, "largest_dual_infeasibility": 2e-8},
        entry,
        {**entry, "seconds": None, "status": "limit"},
    ]
    told = replace(content, manifest={"models": models})
    shown = next(table for table in INPUTS if table.name == "run").filled(told)
    assert shown.to_numpy().tolist() == [
        ["solves base stress", "3 solves, 3.0 s, largest infeasibility 2e-08, 1 limit"]
    ]
