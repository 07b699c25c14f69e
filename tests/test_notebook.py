"""lodeplan from Python: what a notebook does on the small world, and README.md on the shipped workbook."""

from __future__ import annotations

import doctest
import json
import logging
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import model
from model.study.reading import open_study
from model.study.verify import verify
from tests.support.sheets import small_world, write_csv, write_xlsx

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def book(tmp_path) -> model.Workbook:
    return model.read_workbook(write_csv(small_world(), tmp_path / "world"))


def with_more_demand(book: model.Workbook) -> model.Workbook:
    more = model.change("demand", value=2, where="segment=defence", years="2028-2030", operation="multiply")
    return book.with_scenario("more", [more], based_on="base", title="More for defence")


def test_a_workbook_shows_what_is_in_it(book):
    assert (book.plans, book.shocks) == (["base"], ["ban"])
    demand = book.sheet("demand")
    assert list(demand["segment"]) == ["defence", "electric_vehicles"]
    assert demand[2030].tolist() == [140.0, 1500.0]


@pytest.mark.slow
def test_a_scenario_in_code_does_what_its_rows_would_do(book, tmp_path):
    sheets = small_world()
    sheets["scenarios"].append({"scenario": "more", "based_on": "base", "title": "More for defence"})
    sheets["changes"].append({"scenario": "more", "sheet": "demand", "where": "segment=defence", "years": "2028-2030",
                              "operation": "multiply", "value": 2})  # fmt: skip
    typed = model.read_workbook(write_csv(sheets, tmp_path / "typed")).solve("more")
    coded = with_more_demand(book).solve("more")
    assert coded.status == {"more": "optimal"}
    for name, table in coded.tables.items():
        pd.testing.assert_frame_equal(table, typed[name])
    assert book.plans == ["base"]  # the workbook itself has not changed


@pytest.mark.slow
def test_plans_analyses_and_reports(book, tmp_path):
    results = with_more_demand(book).solve("base", "more").analyse("frontier", "stress")
    assert set(results["costs"]["scenario"]) == {"base", "more"}
    assert len(results["frontier"]) > 1
    assert set(results["stress"]["scenario"]) == {"base", "more"}
    page = results.write(tmp_path / "out")
    assert page == tmp_path / "out" / "report.html"
    assert (tmp_path / "out" / "report.xlsx").exists()
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert {entry["analysis"] for entry in manifest["models"]} >= {"plan", "frontier", "stress"}
    # The workbook that is kept has the scenario, so that the folder can be verified.
    assert "more" in open_study(tmp_path / "out" / "inputs" / "world.xlsx").scenarios
    assert verify(tmp_path / "out", lambda _line: None)


def test_a_workbook_that_did_not_change_is_kept_as_it_is(tmp_path):
    path = write_xlsx(small_world(), tmp_path / "my.xlsx")
    model.read_workbook(path).solve().write(tmp_path / "out")
    assert (tmp_path / "out" / "inputs" / "my.xlsx").read_bytes() == path.read_bytes()


def test_a_plan_without_a_solution_says_why(book):
    doomed = book.with_scenario("doomed", [model.change("exposure_caps", value=0), model.change(
        "exposure_caps", "breach_usd_per_t", "none"), model.change("facilities", "concern_share", 1)])  # fmt: skip
    results = doomed.solve("doomed")
    if results.status["doomed"] == "infeasible":
        assert "exposure_caps" in results.messages["doomed"]
    assert set(results["changes"]["scenario"]) == {"doomed"}


def test_mistakes_are_named(book, tmp_path):
    with pytest.raises(model.LodeplanError, match="unknown plan 'bse'; choose from base"):
        book.solve("bse")
    with pytest.raises(model.LodeplanError, match="unknown sheet 'demnd'; choose from settings"):
        book.sheet("demnd")
    with pytest.raises(model.LodeplanError, match="there is a scenario 'base' already"):
        book.with_scenario("base", [])
    with pytest.raises(model.InputError, match=r"E210 changes \(operation\): 'plus'"):
        book.with_scenario("wrong", [model.change("demand", value=1, operation="plus")])
    with pytest.raises(model.InputError, match=r"E111 changes \(colum\): the column 'colum' is not known"):
        book.with_scenario("wrong", [{"sheet": "demand", "colum": "x", "value": 1}])
    with pytest.raises(model.InputError, match="E405 changes"):
        book.with_scenario("wrong", [model.change("demand", value=1, where="segment=none_such")]).solve("wrong")
    sheets = small_world()
    sheets["facilities"][0]["hurdle_rate"] = 8
    with pytest.raises(model.InputError, match="E203 facilities"):
        model.read_workbook(write_csv(sheets, tmp_path / "wrong"))


def test_unknown_tables_and_analyses_are_named(book):
    results = book.solve()
    with pytest.raises(model.LodeplanError, match="unknown results table 'cost'; choose from summary, costs"):
        results["cost"]
    with pytest.raises(model.LodeplanError, match="unknown analysis 'frontiers'; choose from frontier"):
        results.analyse("frontiers")


def test_what_happens_is_logged(book, caplog):
    with caplog.at_level(logging.INFO, logger="model"):
        book.solve()
    assert [record.message for record in caplog.records if record.name == "model.study.run"] != []


def test_every_exported_name_is_there():
    assert all(getattr(model, name).__doc__ for name in model.__all__)
    with pytest.raises(AttributeError, match="'model' has no attribute 'solve'"):
        model.solve  # noqa: B018 - asking for it is the test


LIGHT = {
    "import model": {"pandas", "pyomo", "highspy", "openpyxl", "numpy", "rich"},
    "from model.arguments import parse_arguments; parse_arguments([])": {
        "pandas",
        "pyomo",
        "highspy",
        "openpyxl",
        "rich",
    },
    "from model.command import main; main(['world', '--check'])": {"pandas", "pyomo", "highspy", "rich"},
}
"""Statement -> what it must not wait for."""


@pytest.mark.parametrize("statement", LIGHT)
def test_nothing_is_imported_that_is_not_used(statement, tmp_path):
    write_csv(small_world(), tmp_path / "world")
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert LIGHT[statement] & set(done.stdout.split()) == set()


@pytest.mark.slow
def test_the_example_of_the_readme_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = doctest.testfile(str(ROOT / "README.md"), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert found.attempted > 5
    assert found.failed == 0
