"""Rows that a scenario brings: where they are there, what follows them, and what is said of those that do not fit."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from model.analyses.stress import find_stress
from model.notebook import read_workbook
from model.results.columns import RESULT_TABLES
from model.results.plan import solve_plan
from model.scenarios.changes import Change
from model.scenarios.merge import find_problems, merge
from model.workbook import reader
from model.workbook.codes import CODES
from tests.support.inquiries import ask
from tests.support.sheets import Sheets, small_world, write_csv
from tests.support.tables import tables_of
from tests.support.world_builder import make_world, market, plant
from tests.test_stress import tiny_world


def world(*, brought: str = "mine", **sheets: list[dict[str, Any]]) -> Sheets:
    """100 t of metal at 1,000 from China; a scenario brings a plant at home, 600 a tonne beside ore at 300."""
    return make_world(
        demand=[{2030: 100}],
        prices=[{2030: 1000}, {"material": "ore", 2030: 300}],
        facilities=[
            market("east", region="CHN"),
            plant("smelter", variable_usd_per_t=600, scenario=brought),
            market("pit", output="ore"),
            *sheets.pop("facilities", []),
        ],
        recipes=[{"facility": "smelter"}],
        routes=[{"from_region": "CHN"}],
        scenarios=[{"scenario": "plan"}, {"scenario": "mine"}, {"scenario": "more", "based_on": "mine"}],
        **sheets,
    )


def solved(sheets: Sheets, scenario: str) -> tuple[float, dict[str, float]]:
    """The cost in USD, and what each facility makes in a year of two that are alike, t."""
    plan = solve_plan(merge(tables_of(sheets), scenario).tables)
    made: dict[str, float] = {}
    for key, kt in plan.members("make").items():
        made[str(key[0])] = made.get(str(key[0]), 0) + round(500 * kt, 3)
    return 1e6 * plan.objective, {name: t for name, t in made.items() if t}


def test_a_row_is_there_in_the_scenario_that_brings_it_and_in_those_based_on_it():
    """Two years of 100 t: bought at 1,000 and 1 of freight; or made at 600 of ore at 300. Its recipe comes with it."""
    assert solved(world(), "plan") == (pytest.approx(200 * 1001), {"east": 100})
    for scenario in ("mine", "more"):
        assert solved(world(), scenario) == (pytest.approx(200 * 900), {"smelter": 100, "pit": 100})


def test_the_order_of_rows_decides_nothing():
    sheets = world()
    shuffled = {
        name: rows if name in ("scenarios", "changes") else random.Random(1).sample(rows, len(rows))
        for name, rows in sheets.items()
    }
    assert solved(shuffled, "more") == solved(sheets, "more")
    first, second = (merge(tables_of(each), "more").touched for each in (sheets, shuffled))
    assert first == second


def test_rows_that_are_brought_are_listed_with_the_changes_and_can_be_changed():
    change = {"sheet": "facilities", "where": "facility=smelter", "column": "variable_usd_per_t", "value": 500}
    sheets = world(changes=[{"scenario": "more", **change}])
    merged = merge(tables_of(sheets), "more")
    assert not merged.problems
    assert Change("facilities", "smelter", "variable_usd_per_t", None, None, 500.0) in merged.touched
    assert Change("recipes", "smelter/ore/input", "material", None, None, "ore") in merged.touched
    assert merge(tables_of(sheets), "plan").touched == ()


def test_two_scenarios_may_bring_a_row_each_with_the_same_key():
    sheets = world()
    sheets["facilities"].append(sheets["facilities"][1] | {"variable_usd_per_t": 100, "scenario": "plan"})
    assert solved(sheets, "plan")[0] == pytest.approx(200 * 400)
    assert solved(sheets, "more")[0] == pytest.approx(200 * 900)


def test_a_scenario_may_bring_a_row_in_place_of_an_inactive_one():
    sheets = world()
    sheets["facilities"].append(sheets["facilities"][1] | {"variable_usd_per_t": 1, "scenario": None, "active": "no"})
    assert solved(sheets, "mine")[0] == pytest.approx(200 * 900)
    assert solved(sheets, "plan")[0] == pytest.approx(200 * 1001)


# --- Shocks ---------------------------------------------------------------------------------------------------------


def shocked(**more: list[dict[str, Any]]) -> Sheets:
    """The tiny world of the stress test, with a shock that changes nothing but may bring rows."""
    sheets = tiny_world(**more)
    del sheets["changes"]
    return sheets


def extra_cost(sheets: Sheets) -> float:
    [row] = find_stress(ask(sheets)).tables["stress"]
    return dict(zip([column.key for column in RESULT_TABLES["stress"]], row[1:], strict=True))["extra_cost_usd_million"]  # type: ignore[return-value]


BAN = {"limit": "ban", "from_region": "PTN", "scenario": "stop", 2027: "none", 2028: 0}
RELIEF = {"facility": "relief", "region": "USA", "output": "oxide", "capacity_tpa": 100_000, "scenario": "stop",
          "variable_usd_per_t": 400}  # fmt: skip


def test_a_shock_may_bring_a_ban():
    """In 2028 100 kt are missing at 1,000 instead of bought at 110: 89 million more."""
    assert extra_cost(shocked(export_limits=[BAN])) == pytest.approx(89)


def test_what_a_shock_makes_possible_is_not_used_before():
    """A plant that would have saved 10 a tonne in every year saves it in 2028 only, when it is known."""
    assert extra_cost(shocked(facilities=[RELIEF | {"variable_usd_per_t": 100}])) == pytest.approx(-1)


def test_a_shock_may_bring_a_ban_and_relief():
    """In 2028 100 kt at 400 instead of 110, 29 million more."""
    assert extra_cost(shocked(export_limits=[BAN], facilities=[RELIEF])) == pytest.approx(29)


# --- Messages -------------------------------------------------------------------------------------------------------


def small(**more: list[dict[str, Any]]) -> Sheets:
    """The small world with a plan `mine` and more rows."""
    sheets = small_world()
    sheets["scenarios"].append({"scenario": "mine", "based_on": "base"})
    for sheet, rows in more.items():
        sheets[sheet] = [*sheets.get(sheet, []), *rows]
    return sheets


def new_mine(**more: Any) -> dict[str, Any]:
    return {"facility": "new_mine", "region": "USA", "output": "ndpr_concentrate", "capacity_tpa": 100, **more}


TRIGGERS = {
    "E416": small(
        scenarios=[{"scenario": "also", "based_on": "mine"}],
        facilities=[new_mine(scenario="mine"), new_mine(scenario="also")],
    ),
    "E417": small(export_limits=[{"limit": "stop", "from_region": "CHN", "scenario": "ban", 2026: 500, 2028: 0}]),
    "E418": small(stockpiles=[{"material": "ndpr_oxide", "region": "USA", "scenario": "ban"}]),
}


@pytest.mark.parametrize("code", TRIGGERS)
def test_every_code_is_located_and_says_what_to_do(code):
    found = find_problems(tables_of(TRIGGERS[code]))
    assert [str(problem) for problem in found if problem.code == code] == [CODES[code].example]


def test_a_scenario_that_is_not_there():
    found = find_problems(tables_of(small(facilities=[new_mine(scenario="mines")])))
    assert "".join(str(problem) for problem in found if problem.is_error) == (
        "E311 facilities!O7 (scenario): 'mines' was not found; scenario must be one of the names in the sheet "
        "scenarios; did you mean 'mine'?"
    )


def test_a_name_that_dangles_in_a_row_of_a_scenario_names_the_scenario():
    found = find_problems(tables_of(small(facilities=[new_mine(output="gold", scenario="mine")])))
    [error] = [str(problem) for problem in found if problem.is_error]
    assert error.startswith("E311 facilities!C7 (output) [scenario mine]: 'gold' was not found; ")


def test_a_row_that_exists_already_is_changed_by_changes(tmp_path: Path):
    sheets = small(prices=[{"material": "ndpr_oxide", "scenario": "mine", 2026: 1}])
    [error] = [str(problem) for problem in reader.read(write_csv(sheets, tmp_path / "world")).problems]
    assert error == (
        "E216 prices!A4 (material): 'ndpr_oxide' stands in row 3 already; every row has a key of its own; change the "
        "row that stands already by the sheet changes, or let this one have a key of its own"
    )


def test_rows_of_an_inactive_scenario_are_left_out():
    sheets = small(facilities=[new_mine(output="gold", scenario="mine")])
    sheets["scenarios"][-1]["active"] = "no"
    assert not [problem for problem in find_problems(tables_of(sheets)) if problem.is_error]


# --- Files and Python -----------------------------------------------------------------------------------------------


def test_a_workbook_keeps_its_rows_of_scenarios_when_it_is_written(tmp_path: Path):
    book = read_workbook(write_csv(world(), tmp_path / "world"))
    again = reader.read(book.write(tmp_path / "again.xlsx")).tables
    assert [record.scenarios for record in again["facilities"]] == [(), ("mine",), ()]


def test_a_scenario_made_in_python_brings_rows(tmp_path: Path):
    """Half the price from a second seller: 200 t at 500 and 1 of freight."""
    book = read_workbook(write_csv(world(), tmp_path / "world")).with_scenario(
        "cheap", rows={"facilities": [market("west", region="CHN", premium=-0.5, output="metal")]}
    )
    result = solve_plan(merge(book.tables, "cheap").tables)
    assert 1e6 * result.objective == pytest.approx(200 * 501)
    assert 1e6 * solve_plan(merge(book.tables, "plan").tables).objective == pytest.approx(200 * 1001)
    assert next(change.record for change in merge(book.tables, "cheap").touched) == "west"
