"""What real steps are worth, by hand: 100 t/yr are wanted in 2030 and 2031, and a seller asks 400 USD/t."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.results.plan import solve_to_ask
from model.results.plan_parts import PriceStep
from model.results.steps import find_steps
from model.scenarios.merge import merge
from model.study.run import open_study
from model.study.scenario_outcome import solve_scenario
from tests.support.sheets import Sheets, write_csv
from tests.support.world_builder import make_world, market, plant


def steps_of(sheets: Sheets, folder: Path) -> dict[tuple[str, str], PriceStep]:
    """The steps of a world, by constraint and key."""
    study = open_study(write_csv(sheets, folder / "world"))
    found = find_steps(solve_to_ask(merge(study.tables, study.scenarios[0]).tables))
    return {(step.constraint, step.key): step for step in found}


def world(*facilities, settings=None, **sheets) -> Sheets:
    return make_world(
        settings, demand=[{2030: 100_000}], prices=[{2030: 400}],
        facilities=[market("seller", capacity_tpa=1_000_000), *facilities], **sheets,
    )  # fmt: skip


def mill(capacity_tpa: float, **row):
    return plant("mill", capacity_tpa=capacity_tpa, variable_usd_per_t=100, **row)


def test_a_step_of_capacity_is_worth_what_it_replaces(tmp_path):
    """A mill of 60,000 t/yr makes at 100: 6,000 t/yr more save 300 each in both years, 3.6 million USD."""
    found = steps_of(world(mill(60_000)), tmp_path)
    step = found["capacity_limit", "mill"]
    assert (step.step, step.unit, step.first_year, step.last_year) == (pytest.approx(6000), "t/yr", 2030, 2031)
    assert (step.up, step.slope, step.price) == pytest.approx((3.6, 3.6, 300))
    assert step.down is None


def test_a_step_apart_from_the_penalties_in_it(tmp_path):
    """The seller's 40,000 t and the mill's 50,000 leave 10,000 short, at 5,000 each.

    5,000 t/yr more make at 100 what was short: 24.5 million USD a year, 25 of it penalties.
    """
    sheets = world(mill(50_000))
    sheets["facilities"][0]["capacity_tpa"] = 40_000
    step = steps_of(sheets, tmp_path)["capacity_limit", "mill"]
    assert (step.up, step.up_penalties) == pytest.approx((49, 50))


def test_a_step_that_is_more_than_can_be_used(tmp_path):
    """A mill of 98,000 t/yr leaves 2,000 to buy: 9,800 more save 2,000 * 300 a year, 1.2 million; the slope says 5.88.

    9,800 t/yr less cost 9,800 * 300 a year: the slope is right on that side.
    """
    found = steps_of(world(mill(98_000)), tmp_path)
    step = found["capacity_limit", "mill"]
    assert (step.up, step.slope, step.down) == pytest.approx((1.2, 5.88, 5.88))
    assert step.price == pytest.approx(1.2e6 / (2 * 9800))


def test_two_bans_of_which_easing_one_saves_nothing(tmp_path):
    """The mill at home saves 300 of 400 USD/t with ore and coke from abroad, both banned: it needs both.

    So the 300 are the price of one ban or the other. (They come at next to no freight: with freight, a corner of the
    dual may value the second good at nothing or at its freight, and the first at 300 less one freight or two.) Easing
    one saves nothing; a step is 1 % of what is made of the good, 100 t/yr.
    """
    found = steps_of(
        world(
            mill(50_000),
            plant("mine", region="CAN", output="ore", capacity_tpa=20_000),
            plant("oven", region="CAN", output="coke", capacity_tpa=20_000),
            plant("foreign_mill", region="CAN", capacity_tpa=10_000),
            materials=[{"material": "coke", "mineral": "tin", "stage": "mining", "shortage_cost_usd_per_t": 5000}],
            recipes=[{"facility": name, "material": good} for name in ("mill", "foreign_mill")
                     for good in ("ore", "coke")],
            routes=[{"from_region": "CAN", "material": good, "freight_usd_per_t": freight}
                    for good, freight in (("ore", 1e-6), ("coke", 1e-6), ("metal", 1))],
            export_limits=[{"limit": f"no_{good}", "from_region": "CAN", "to_region": "USA", "material": good, 2030: 0}
                           for good in ("ore", "coke")],
        ),
        tmp_path,
    )  # fmt: skip
    bans = [step for (constraint, _), step in found.items() if constraint == "export_limit"]
    assert [step.slope for step in bans] == pytest.approx([2 * 100 * 300e-6])
    assert [step.step for step in bans] == pytest.approx([100] * len(bans))
    assert [step.up for step in bans] == [0] * len(bans)


def test_discounting_and_price_of_demand(tmp_path):
    """1 % more demand is bought: 1,000 t at 400 in 2030 and in 2031, at 10 % 0.4 + 0.364 million USD, 400 USD/t."""
    found = steps_of(world(settings={"social_discount_rate": 0.1}), tmp_path)
    step = found["demand_balance", "metal/USA"]
    assert step.step == pytest.approx(1000)
    assert step.up == pytest.approx(0.4 + 0.4 / 1.1)
    assert step.price == pytest.approx(400)


def test_a_point_of_a_cap(tmp_path):
    """At most 30 % may come from China at 300 USD/t; a point is 1,000 t a year, and saves 99 of the 400 elsewhere."""
    found = steps_of(
        world(
            market("china", region="CHN", premium=-0.25, capacity_tpa=1_000_000),
            routes=[{"from_region": "CHN"}],
            exposure_caps=[{2030: 0.3}],
        ),
        tmp_path,
    )
    step = found["chain_exposure_limit", "tin/chain/* (tin)"]
    assert (step.step, step.unit, step.price) == (1, "points", None)
    assert step.up == pytest.approx(2 * 0.099)


def test_steps_leave_the_plan_as_it_was(tmp_path):
    study = open_study(write_csv(world(mill(60_000)), tmp_path / "world"))
    asked = solve_to_ask(merge(study.tables, study.scenarios[0]).tables)
    assert find_steps(asked)
    solved = asked.solved
    solved.session.return_to(solved.program, solved.basis)
    again = solved.session.solve()
    assert again.objective == pytest.approx(solved.first.objective, rel=1e-12)
    assert again.x == pytest.approx(solved.first.x)


@pytest.mark.parametrize(("asked", "looked_at"), [(None, ["one"]), (0, []), (1, ["one", "two"])])
def test_the_first_plan_is_looked_at_or_as_many_as_are_asked_for(asked, looked_at, tmp_path):
    settings = {} if asked is None else {"price_steps": asked}
    sheets = world(mill(60_000, earliest_decision_year=2030), settings=settings)
    sheets["scenarios"] = [{"scenario": "one"}, {"scenario": "two"}]
    tables = open_study(write_csv(sheets, tmp_path / "world")).tables
    found = {name: solve_scenario(tables, name).tables for name in ("one", "two")}
    assert [name for name in found if len(found[name]["price_steps"])] == looked_at
    assert all(len(found[name]["waits"]) == 0 for name in found if name not in looked_at)
