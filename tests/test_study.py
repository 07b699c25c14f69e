"""What a study says before it solves: plans that are not there, nothing to run, nothing to serve."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.errors import InputError, Problem, cut_short
from model.study import run as study
from model.study.reading import open_study
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


def test_many_problems_alike_are_cut_short_and_counted():
    """Of 250 wrong cells of a sheet a hundred are listed; those of another kind or sheet are all there."""
    alike = [Problem("E202", "demand", f"D{n}", "2026", "the text 'x'", "a number", "type one") for n in range(250)]
    other = Problem("E202", "prices", "D1", "2026", "the text 'x'", "a number", "type one")
    listed = cut_short([*alike, other])
    assert listed[:101] == [*alike[:100], other]
    assert (
        str(listed[-1]) == "E202 demand: and 150 more like these; a number; correct the first of them and check again"
    )
    assert len(listed) == 102


def test_a_letter_that_only_looks_latin_is_named(tmp_path):
    """A Cyrillic A in USA: the message shows what no eye can see, and what was meant."""
    sheets = small_world()
    sheets["demand"][0]["region"] = "US\u0410"
    with pytest.raises(InputError) as refused:
        open_study(write_csv(sheets, tmp_path / "world"))
    (message,) = [str(problem) for problem in refused.value.problems if problem.sheet == "demand" and problem.is_error]
    assert "'US\u0410' was not found (its letter '\u0410' is Cyrillic); " in message
    assert message.endswith("did you mean 'USA'?")
