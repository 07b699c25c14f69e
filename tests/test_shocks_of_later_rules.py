"""Laws of shocks on worlds with the later rules: a shock of nothing costs nothing, foresight never costs more."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.analyses.futures import keep_decisions, wait_and_see
from model.analyses.hedge import find_hedge
from model.analyses.inquiry import Inquiry
from model.analyses.pool import OneByOne
from model.analyses.shocked import decisions_of, find_shocks, meet_shock
from model.analyses.stress import find_stress
from model.results.plan import solve_linear_plan
from model.scenarios.lineage import shocks
from model.scenarios.merge import merge
from model.solver.highs import Session
from model.workbook import reader
from tests.independent import random_rules, random_worlds
from tests.support.inquiries import ask
from tests.support.sheets import Sheets
from tests.support.world_builder import make_world, market, project

pytestmark = pytest.mark.slow

SEEDS = (1, 2, 4, 11)


def shocked_world(seed: int) -> random_worlds.Sheets:
    """A world with later rules, a shock of nothing, and shocks to plants and to demand."""
    world = random_rules.world_with_rules(seed)
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


@pytest.mark.parametrize("seed", [6, 8, 13, 14, 26])
def test_a_shock_of_nothing_changes_nothing(seed, tmp_path: Path):
    """Among these worlds are some whose duties cost more than missing them does after a real shock."""
    random_worlds.write_folder(shocked_world(seed), tmp_path)
    tables = reader.read(tmp_path).tables
    plan = solve_linear_plan(merge(tables, "base").tables)
    near = 1e-6 * plan.objective
    [shock] = [shock for shock in find_shocks(tables, plan.data.years[0]) if shock.name == "nothing"]
    future = meet_shock(tables, "base", plan, shock).future
    kept = Session(keep_decisions(future, decisions_of(plan))).solve()
    assert kept.objective == pytest.approx(plan.objective, abs=near)
    assert wait_and_see(future).objective == pytest.approx(plan.objective, abs=near)


def with_shock_of_nothing(**sheets: object) -> Sheets:
    """100 t are wanted at home in 2030 and 2031, at a price of 400; a shock from 2031 on that changes nothing."""
    return make_world(
        demand=[{2030: 100}],
        prices=[{2030: 400}],
        scenarios=[
            {"scenario": "base"},
            {"scenario": "nothing", "kind": "shock", "known_from_year": 2031, "probability": 0.1},
        ],
        changes=[{"scenario": "nothing", "sheet": "demand", "years": "2031", "operation": "multiply", "value": 1}],
        **sheets,
    )


def test_a_shock_of_nothing_does_not_sell_the_stockpile():
    world = with_shock_of_nothing(facilities=[market("seller", premium=0.1)], stockpiles=[{"initial_t": 50}])
    [row] = find_stress(ask(world)).tables["stress"]
    assert row[2] == pytest.approx(0, abs=1e-9)


def test_foresight_needs_the_required_project():
    """The mill needs a dam that costs more than it saves: no plan has it, nor one that foresees a shock of nothing."""
    mill = project("mill", requires="dam", capacity_tpa=100, capex_usd_per_tpa=10, life_years=10, hurdle_rate=0)
    dam = project("dam", output="ore", capacity_tpa=100, capex_usd_per_tpa=1e6, hurdle_rate=0)
    world = with_shock_of_nothing(facilities=[market("seller"), mill, dam])
    [row] = find_stress(ask(world)).tables["regret"]
    assert row[2] == pytest.approx(0, abs=1e-9)
