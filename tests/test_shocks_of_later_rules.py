"""Laws of shocks on worlds with the later rules: a shock of nothing costs nothing, foresight never costs more."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.analyses.hedge import find_hedge
from model.analyses.inquiry import Inquiry
from model.analyses.pool import OneByOne
from model.analyses.stress import find_stress
from model.results.plan import solve_linear_plan
from model.scenarios.merge import merge, shocks
from model.workbook import reader
from tests.independent import random_rules, random_worlds
from tests.test_against_independent import RULES

pytestmark = pytest.mark.slow

SEEDS = (1, 2, 4, 11)


def shocked_world(seed: int) -> random_worlds.Sheets:
    """A world with later rules, a shock of nothing, and shocks to plants and to demand."""
    world = random_rules.world_with_rules(seed, RULES)
    settings = {row["setting"]: row["value"] for row in world["settings"]}
    known, last = int(str(settings["first_year"])) + 1 + seed % 2, int(str(settings["last_year"]))
    events = {
        "nothing": ("demand", "", 1),
        "cut": ("facilities", "capacity_tpa", 0.4),
        "surge": ("demand", "", 1.4),
    }
    for name, (sheet, column, factor) in events.items():
        world["scenarios"].append({"scenario": name, "kind": "shock", "known_from_year": known, "probability": 0.2})
        where = "region=CHN" if sheet == "facilities" else "*"
        change = {"scenario": name, "sheet": sheet, "where": where, "column": column, "operation": "multiply"}
        world["changes"].append({**change, "value": factor, "years": f"{known}-{last}"})
    return world


@pytest.mark.parametrize("seed", SEEDS)
def test_laws_of_shocks(seed, tmp_path: Path):
    random_worlds.write_folder(shocked_world(seed), tmp_path)
    tables = reader.read(tmp_path).tables
    plan = solve_linear_plan(merge(tables, "base").tables)
    near = 1e-6 * max(1.0, plan.objective)
    inquiry = Inquiry(tables, ("base",), OneByOne(), lambda *_: None)
    found, hedge = find_stress(inquiry), find_hedge(inquiry)
    assert {model["status"] for model in (*found.models, *hedge.models)} == {"optimal"}
    assert [row[1] for row in found.tables["stress"]] == shocks(tables)
    extra = {row[1]: row[2] for row in found.tables["stress"]}
    assert extra["nothing"] == pytest.approx(0, abs=near)
    regret = {row[1]: row[2] for row in found.tables["regret"]}
    assert regret["nothing"] == pytest.approx(0, abs=near)
    assert min(regret.values()) >= -near
    for name in ("cut", "surge"):
        best = solve_linear_plan(merge(tables, "base", name).tables).objective
        assert plan.objective + extra[name] >= best - near
    value = {row[1]: row[2] for row in hedge.tables["hedge"]}
    assert value["foreseen_expected_cost"] - near <= value["hedged_expected_cost"]
    assert value["hedged_expected_cost"] <= value["plan_expected_cost"] + near
    for name, cost in extra.items():
        assert value[f"plan_cost: {name}"] == pytest.approx(plan.objective + cost, rel=1e-6)
