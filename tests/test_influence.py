"""What ten percent more of a number does to the cost: by hand, and against the program stated anew with the number."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from model.data import find_planning_data
from model.formulation.build import build_model
from model.results.influence import find_influence
from model.results.plan import SolvedPlan, solve_to_ask
from model.results.plan_parts import Influence
from model.scenarios.merge import merge
from model.solver.program import Compiled, LinearProgram
from model.study.reading import open_study
from model.workbook.tables import Tables
from tests.support.influence import nudged
from tests.support.sheets import Sheets, write_csv
from tests.support.solved_worlds import base_of, merge_world
from tests.support.world_builder import make_world, market, plant, project

STEP = 1e-6
SEEDS = (0, 2, 3, 6, 9, 14)
OF_EACH = 2
"""Numbers tried of each column in each world."""


def asked(sheets: Sheets, folder: Path) -> SolvedPlan:
    study = open_study(write_csv(sheets, folder / "world"))
    return solve_to_ask(merge(study.tables, study.scenarios[0]).tables)


def influence_of(sheets: Sheets, folder: Path) -> dict[tuple[str, str, str], float | None]:
    found = find_influence(asked(sheets, folder))
    return {(one.sheet, one.record, one.column): one.usd_million for one in found}


# -- by hand ----------------------------------------------------------------------------------------------------------
def world(*facilities, settings=None, **sheets) -> Sheets:
    """100,000 t/yr in 2030 and 2031; a seller asks 400 USD/t."""
    return make_world(
        settings, demand=[{2030: 100_000}], prices=[{2030: 400}],
        facilities=[market("seller", capacity_tpa=1_000_000), *facilities], **sheets,
    )  # fmt: skip


def mill(**row):
    return plant("mill", **({"capacity_tpa": 60_000, "variable_usd_per_t": 100} | row))


def test_demand_costs_what_its_delivery_costs_and_capacity_earns_its_rent(tmp_path):
    """10 % more demand: 10,000 t at 400 in each of two years, 8 million. 10 % more of the mill: 6,000 * 300 less, 3.6.

    Its variable cost: 60,000 * 10 more in each year, 1.2. The price: 40,000 t bought at 40 more, 3.2.
    """
    found = influence_of(world(mill()), tmp_path)
    assert found["demand", "cars/metal/USA", "years"] == pytest.approx(8)
    assert found["facilities", "mill", "capacity_tpa"] == pytest.approx(-3.6)
    assert found["facilities", "mill", "variable_usd_per_t"] == pytest.approx(1.2)
    assert found["prices", "metal", "years"] == pytest.approx(3.2)
    assert found["facilities", "mill", "utilisation"] == pytest.approx(-3.6)
    assert ("facilities", "seller", "capacity_tpa") not in found


def test_a_route_with_a_duty(tmp_path):
    """60,000 t come from Canada at 50 of freight and 10 % of duty on 400: 10 % more are 0.3 and 0.24 a year."""
    found = influence_of(
        world(mill(region="CAN"), routes=[{"from_region": "CAN", "freight_usd_per_t": 50, "tariff": 0.1}]), tmp_path
    )
    assert found["routes", "CAN/USA/metal", "freight_usd_per_t"] == pytest.approx(0.6)
    assert found["routes", "CAN/USA/metal", "tariff"] == pytest.approx(0.48)
    assert found["prices", "metal", "years"] == pytest.approx(3.2 + 0.48)


def test_a_recipe_costs_its_ore(tmp_path):
    """The mill needs 2 t of ore, of which a tonne is bought at 60: 10 % more ore are 0.2 * 60,000 * 60 a year, 1.44."""
    found = influence_of(
        world(
            mill(),
            market("mine", output="ore", capacity_tpa=1_000_000),
            recipes=[{"facility": "mill", "t_per_t": 2}],
            materials=[{"material": "ore", "content": 0.5}],
        ) | {"prices": [{"material": "metal", 2030: 400}, {"material": "ore", 2030: 60}]},
        tmp_path,
    )  # fmt: skip
    assert found["recipes", "mill/ore/input", "t_per_t"] == pytest.approx(1.44)
    assert found["prices", "ore", "years"] == pytest.approx(1.44)


def test_a_later_year_counts_less_at_a_higher_rate(tmp_path):
    """At 10 % the 40 million of 2031 are worth 36.36; at 11 % 36.04, by the slope 40 * 0.01 / 1.1^2 = 0.33 less."""
    found = influence_of(world(settings={"social_discount_rate": 0.1}), tmp_path)
    assert found["settings", "social_discount_rate", "value"] == pytest.approx(-40 * 0.01 / 1.1**2)


def test_numbers_that_decide_who_is_financed_have_no_slope(tmp_path):
    """The capex of a commercial mill has one, for what it costs, and is marked: it also decides whether it is built."""
    commercial = project("mill", capacity_tpa=50_000, commercial="yes", hurdle_rate=0.1, life_years=10,
                         capex_usd_per_tpa=600, variable_usd_per_t=100)  # fmt: skip
    found = {(one.record, one.column): one for one in find_influence(asked(world(commercial), tmp_path))}
    assert found["mill", "hurdle_rate"].usd_million is None
    assert found["lender_price_haircut", "value"].jumps
    assert found["mill", "capex_usd_per_tpa"].jumps
    assert found["mill", "capex_usd_per_tpa"].usd_million > 0
    assert not found["mill", "max_new_tpa"].jumps


def test_most_influential_first_with_source_and_confidence(tmp_path):
    sheets = world(mill())
    sheets["sources"] = [{"source": "survey", "confidence": "published"}]
    sheets["demand"][0]["source"] = "survey"
    found = find_influence(asked(sheets, tmp_path))
    assert (found[0].rank, found[0].sheet, found[0].source, found[0].confidence) == (1, "demand", "survey", "published")
    assert found[0].value == 100_000
    sizes = [abs(one.usd_million) for one in found if one.usd_million is not None]
    assert sizes == sorted(sizes, reverse=True)


def test_none_where_none_is_asked_for(tmp_path):
    assert influence_of(world(mill(), settings={"influence": "no"}), tmp_path) == {}


# -- against the program stated anew ----------------------------------------------------------------------------------
def state(tables: Tables) -> LinearProgram:
    return Compiled(build_model(find_planning_data(tables))).program


def slope(before: LinearProgram, after: LinearProgram, x: np.ndarray, y: np.ndarray) -> float:
    """`dc'x - y'(dA x - db)` between two programs of the same form."""
    assert before.columns == after.columns
    assert before.rows == after.rows
    cost = (after.cost - before.cost) @ x + after.offset - before.offset
    return float(cost - y @ (activity(after, x) - activity(before, x) - (bound(after) - bound(before)))) / STEP


def activity(program: LinearProgram, x: np.ndarray) -> np.ndarray:
    rows = np.repeat(np.arange(len(program.rows)), np.diff(program.start))
    return np.bincount(rows, program.value * x[program.index], len(program.rows))


def bound(program: LinearProgram) -> np.ndarray:
    return np.where(np.isfinite(program.row_upper), program.row_upper, program.row_lower)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_every_formula_is_what_stating_the_program_anew_gives(seed, tmp_path):
    """Exact wherever the plan stands: no solve is needed, and no kink is in the way."""
    tables = merge_world(base_of(seed), tmp_path).tables
    solved = solve_to_ask(tables)
    x, y = solved.solved.x, solved.solved.first.row_dual
    by_column: dict[tuple[str, str], list[Influence]] = defaultdict(list)
    for one in find_influence(solved):
        if not one.jumps:
            by_column[one.sheet, one.column].append(one)
    assert len(by_column) > 15
    for found in by_column.values():
        for one in found[:OF_EACH]:
            expected = 0.1 * slope(solved.stated.program, state(nudged(tables, one, STEP)), x, y)
            assert one.usd_million == pytest.approx(expected, rel=1e-3, abs=2e-4), one


def test_formulas_are_tried_on_every_kind_of_number(tmp_path: Path):
    seen = set()
    for seed in SEEDS:
        found = find_influence(solve_to_ask(merge_world(base_of(seed), tmp_path / str(seed)).tables))
        seen |= {(one.sheet, one.column) for one in found if one.usd_million is not None and not one.jumps}
    assert len(seen) >= 30
