"""Whole runs with analyses: what is asked is done, wherever it is solved, and the results are the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from model.analyses.questions import QUESTIONS
from model.analyses.register import ANALYSES, exit_code_of_findings, run_analysis
from model.arguments import parse_arguments
from model.study.run import Run, run_study
from model.workbook import reader
from tests.support.inquiries import LosingPool, ask, contract_world, set_values
from tests.support.sheets import write_csv

pytestmark = pytest.mark.slow

TABLES = ("frontier", "frontier_plans", "stress", "regret", "stress_savings", "hedge", "alternatives", "lead_times")


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    return write_csv(contract_world(), tmp_path_factory.mktemp("book") / "world")


@pytest.fixture(scope="module")
def alone(book, tmp_path_factory) -> Run:
    """A run in one process, which the others have to equal."""
    root = tmp_path_factory.mktemp("alone")
    return run_study(book, root, out=root / "out", ask=["lead_times"])


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        yield cluster.scheduler_address


def table_of(done: Run, name: str) -> pd.DataFrame:
    return pd.read_csv(done.folder / "data" / f"{name}.csv")


def test_every_question_has_an_answer():
    assert list(ANALYSES) == [question.name for question in QUESTIONS]


def test_tables_and_manifest_hold_every_analysis(alone):
    assert alone.exit_code == 0
    for name in TABLES:
        assert len(table_of(alone, name)) > 0
    manifest = json.loads((alone.folder / "manifest.json").read_text(encoding="utf-8"))
    assert {model["analysis"] for model in manifest["models"]} >= {"plan", "frontier", "alternatives", "lead_times"}
    assert list(alone.seconds)[:3] == ["read and check", "solve", "trace the frontier"]
    assert {"explore alternatives", "value lead times", "write"} <= set(alone.seconds)


def assert_same(done: Run, alone: Run) -> None:
    for name in (*TABLES, "summary", "builds"):
        pd.testing.assert_frame_equal(table_of(done, name), table_of(alone, name))


def test_two_processes_find_the_same(book, alone, tmp_path):
    assert_same(run_study(book, tmp_path, out=tmp_path / "out", ask=["lead_times"], workers=2), alone)


def test_a_cluster_of_two_workers_finds_the_same(book, alone, scheduler, tmp_path):
    assert_same(run_study(book, tmp_path, out=tmp_path / "out", ask=["lead_times"], cluster=scheduler), alone)


@pytest.mark.parametrize("analysis", ["frontier", "alternatives", "lead_times", "stress", "draws"])
def test_a_lost_item_is_told_and_the_others_are_kept(analysis):
    world = contract_world()
    world["scenarios"].append({"scenario": "again"})
    # Draws are shared out ten at a time, so that ten are lost with the first task.
    found = run_analysis(analysis, ask(set_values(world, draws=11), LosingPool()))
    assert [model["status"] for model in found.models].count("lost") == (10 if analysis == "draws" else 1)
    assert [model["status"] for model in found.models].count("optimal") >= 1
    assert len(found.tables[analysis]) > 0
    assert exit_code_of_findings(found) == 3


def test_analyses_can_be_left_out(book, tmp_path):
    done = run_study(book, tmp_path, out=tmp_path / "out", skip=list(ANALYSES))
    assert done.findings == []
    assert all(len(table_of(done, name)) == 0 for name in TABLES)


def test_an_analysis_the_workbook_leaves_out_can_be_asked_for(tmp_path):
    """By the default of its setting, which is what the workbook has where it says nothing."""
    sheets = contract_world()
    off = {"frontier_budgets": "none", "near_optimal_slack": "none", "stress_test": "no", "hedged_plan": "no"}
    sheets["settings"] = [row for row in sheets["settings"] if row["setting"] not in off]
    on = run_study(write_csv(sheets, tmp_path / "on"), tmp_path, out=tmp_path / "a", skip=["stress", "hedge"])
    sheets["settings"] += [{"setting": key, "value": value} for key, value in off.items()]
    asked = run_study(write_csv(sheets, tmp_path / "off"), tmp_path, out=tmp_path / "b", ask=["frontier"])
    assert [found.models[0]["analysis"] for found in asked.findings] == ["frontier"]
    pd.testing.assert_frame_equal(table_of(asked, "frontier"), table_of(on, "frontier"))
    assert len(table_of(asked, "alternatives")) == 0


def test_the_command_line_names_what_it_leaves_out(capsys):
    assert parse_arguments(["--skip", "frontier, alternatives"]).skip == ["frontier", "alternatives"]
    with pytest.raises(SystemExit):
        parse_arguments(["--skip", "frontiers"])
    assert "unknown analysis 'frontiers'; choose from frontier, " in capsys.readouterr().err


@pytest.mark.parametrize("setting", ["frontier_budgets", "near_optimal_slack"])
def test_none_asks_for_no_analysis(setting, tmp_path):
    sheets = contract_world()
    sheets["settings"] = [row for row in sheets["settings"] if row["setting"] != setting]
    sheets["settings"].append({"setting": setting, "value": "none"})
    tables = reader.read(write_csv(sheets, tmp_path / "world")).tables
    assert [question.name for question in QUESTIONS if question.setting == setting and question.is_wanted(tables)] == []
