"""What a year's wait costs, by hand: 100,000 t/yr are wanted in 2030 and 2031, and a seller asks 400 USD/t."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.report.firmness import find_margins
from model.report.saved import read_run
from model.results.plan import solve_to_ask
from model.results.waits import find_waits
from model.scenarios.merge import merge
from model.study.run import open_study, run_study
from tests.support.sheets import Sheets, write_csv
from tests.support.world_builder import make_world, market, project


def waits_of(sheets: Sheets, folder: Path) -> dict[str, tuple[float, float | None]]:
    """Facility -> the capacity the plan decides in the first year, and what waiting costs."""
    study = open_study(write_csv(sheets, folder / "world"))
    found = find_waits(solve_to_ask(merge(study.tables, study.scenarios[0]).tables))
    return {wait.facility: (wait.tonnes, wait.cost) for wait in found}


def mill(name: str, capacity_tpa: float = 100_000, **row):
    """100 USD/t of investment and 100 USD/t of operation in each year."""
    return project(name, capacity_tpa=capacity_tpa, life_years=2, hurdle_rate=0, capex_usd_per_tpa=200,
                   variable_usd_per_t=100, **row)  # fmt: skip


def world(*mills, settings=None, seller=1_000_000, **sheets) -> Sheets:
    sellers = [market("seller", capacity_tpa=seller)] if seller else []
    return make_world(settings, demand=[{2030: 100_000}], prices=[{2030: 400}], facilities=[*sellers, *mills], **sheets)


def test_waiting_a_year_means_buying_for_a_year(tmp_path):
    """A mill saves 200 USD/t from 2030 on; decided in 2031 it saves only in 2031: 100,000 t * 200 are lost."""
    assert waits_of(world(mill("mill")), tmp_path) == {"mill": pytest.approx((100_000, 20.0))}


def test_what_is_short_while_waiting_stands_apart(tmp_path):
    """Without the seller 100,000 t are short in 2030, at 5,000 each: 500, less 20 that the mill does not cost."""
    study = open_study(write_csv(world(mill("mill"), seller=0), tmp_path / "world"))
    [wait] = find_waits(solve_to_ask(merge(study.tables, study.scenarios[0]).tables))
    assert (wait.cost, wait.penalties) == pytest.approx((480, 500))


def test_where_another_project_does_as_well_waiting_costs_nothing(tmp_path):
    """Either mill can make all that is wanted, so whichever is built can wait."""
    found = waits_of(world(mill("east"), mill("west")), tmp_path)
    assert found
    assert {cost for _, cost in found.values()} == {0.0}


def test_two_that_are_both_needed_each_cost_their_own(tmp_path):
    """60,000 and 40,000 t/yr, each 200 USD/t cheaper than the seller."""
    found = waits_of(world(mill("large", 60_000), mill("small", 40_000)), tmp_path)
    assert found == {"large": pytest.approx((60_000, 12.0)), "small": pytest.approx((40_000, 8.0))}


def test_a_project_of_a_later_year_has_no_wait(tmp_path):
    """Nothing is built in 2030, when the seller asks 50 USD/t."""
    sheets = world(mill("mill"))
    sheets["prices"] = [{"material": "metal", 2030: 50, 2031: 400}]
    assert waits_of(sheets, tmp_path) == {}


def test_new_capacity_that_is_held_as_a_whole_has_no_wait(tmp_path):
    assert waits_of(world(mill("mill"), settings={"whole_projects": "yes"}), tmp_path) == {}


def test_a_project_no_plan_can_do_without_has_no_cost(tmp_path):
    """The stock must hold 1,000 t at the end of 2030, at no breach price, and the mill alone makes the metal."""
    stock = [{"max_t": 1000, "min_cover_days": 3.65, "holding_usd_per_t": 0}]
    found = waits_of(world(mill("mill"), seller=0, stockpiles=stock), tmp_path)
    assert found["mill"][1] is None


@pytest.mark.parametrize(("more", "builds"), [(0.49, True), (1.01, False)])
def test_a_decision_holds_while_costs_rise_by_less_than_waiting_costs(more, builds, tmp_path):
    """Waiting costs 20 m USD, and the mill costs 40 in two years: half as much again leaves it best to decide now.

    In fact it stays best until the mill costs what the seller asks, twice as much: what waits also costs more then.
    """
    run = run_study(write_csv(world(mill("mill")), tmp_path / "world"), tmp_path)
    assert find_margins(read_run(run.folder)[0], "base") == {"mill": pytest.approx(0.5)}
    dearer = mill("mill") | {"capex_usd_per_tpa": 200 * (1 + more), "variable_usd_per_t": 100 * (1 + more)}
    assert bool(waits_of(world(dearer), tmp_path)) == builds
