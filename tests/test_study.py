"""What a study says before it solves: plans that are not there, nothing to run, nothing to serve."""

from __future__ import annotations

from pathlib import Path

from model.errors import InputError
from model.study import run as study
from model.workbook.codes import CODES
from tests.support.sheets import small_world, write_csv


def opened(sheets, folder: Path, only=()) -> list[str]:
    write_csv(sheets, folder)
    try:
        return [str(problem) for problem in study.open_study(folder, only).problems]
    except InputError as error:
        return [str(problem) for problem in error.problems]


def test_a_plan_that_is_not_there(tmp_path):
    assert CODES["E420"].example in opened(small_world(), tmp_path, ["bas"])


def test_nothing_to_run(tmp_path):
    sheets = small_world()
    for scenario in sheets["scenarios"]:
        scenario["run"] = "no"
    assert CODES["E421"].example in opened(sheets, tmp_path)


def test_no_demand(tmp_path):
    sheets = small_world()
    for row in sheets["demand"]:
        row["active"] = "no"
    assert CODES["W568"].example in opened(sheets, tmp_path)


def test_analyses_of_whole_projects(tmp_path):
    sheets = small_world()
    off = {"hedged_plan": "no", "near_optimal_slack": "none", "whole_projects": "yes"}
    sheets["settings"] += [{"setting": key, "value": value} for key, value in off.items()]
    assert CODES["W571"].example in opened(sheets, tmp_path)
    sheets["settings"][-1]["value"] = "no"
    assert CODES["W571"].example not in opened(sheets, tmp_path)


def test_a_plan_named_twice_is_solved_once(tmp_path):
    write_csv(small_world(), tmp_path)
    assert study.open_study(tmp_path, ["base", "base"]).scenarios == ["base"]


def test_a_plan_that_is_not_marked_run_is_solved_where_it_is_named(tmp_path):
    sheets = small_world()
    sheets["scenarios"].append({"scenario": "idle", "run": "no"})
    write_csv(sheets, tmp_path)
    assert "idle" not in study.open_study(tmp_path).scenarios
    assert study.open_study(tmp_path, ["idle"]).scenarios == ["idle"]
