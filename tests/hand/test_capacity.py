"""Least-cost capacity, by hand. 100 t/yr are wanted; a seller asks the price, 400 USD/t unless it says otherwise."""

from __future__ import annotations

import pytest

from tests.support.world_builder import make_world, market, plant, project


def world(*facilities, settings=None, price=None, **sheets):
    return make_world(
        settings, demand=[{2030: 100}], prices=[price or {2030: 400}],
        facilities=[market("seller"), *facilities], **sheets,
    )  # fmt: skip


def test_lead_time_and_ramp(solve):
    """A t/yr built in 2030 costs 200 in 2031 and 2032 and saves 300 of half a tonne, then of one: 450 > 400.

    Built in 2031 it would cost 200 and save 150; more than 100 t would save only 150 in 2031.
    2030: 100 * 400; 2031: 50 * 400 + 50 * 100 + 100 * 200; 2032: 100 * 100 + 100 * 200.
    """
    mill = project("mill", lead_time_years=1, ramp_years=1, life_years=3, hurdle_rate=0, capex_usd_per_tpa=600,
                   variable_usd_per_t=100)  # fmt: skip
    found = solve(world(mill, settings={"last_year": 2032}))
    assert found.each("build") == {"mill,2030,merchant": 100}
    assert found.each("make") == {
        "seller,clear,2030": 100, "seller,clear,2031": 50, "mill,clear,2031": 50, "mill,clear,2032": 100,
    }  # fmt: skip
    assert found.usd == pytest.approx(40_000 + 45_000 + 30_000)


def test_retirement_and_life(solve):
    """The old mill (50 USD/t) closes in 2031; a new one lasts a year and costs 150 + 50, still less than 400."""
    found = solve(
        world(
            plant("old", variable_usd_per_t=50, retire_year=2031),
            project("new", life_years=1, hurdle_rate=0, capex_usd_per_tpa=150, variable_usd_per_t=50),
            settings={"last_year": 2032},
        )
    )
    assert found.each("build") == {"new,2031,merchant": 100, "new,2032,merchant": 100}
    assert found.usd == pytest.approx(100 * 50 + 2 * 100 * 200)


def test_reserve_is_kept_for_the_dear_year(solve):
    """150 t of reserve at 100 USD/t save 300 in 2030, or 400/1.1 = 364 in 2031: 100 t wait."""
    found = solve(
        world(
            plant("mine", variable_usd_per_t=100, reserve_t=150),
            price={2030: 400, 2031: 500},
            settings={"social_discount_rate": 0.1},
        )
    )
    assert found.t("activity", "mine", 2030) == pytest.approx(50)
    assert found.usd == pytest.approx(50 * 100 + 50 * 400 + 100 * 100 / 1.1)


def test_offtake_share_scales_use_and_fixed_cost(solve):
    """Of 100 t/yr 40 can be had, at 100 + 10 of fixed cost."""
    found = solve(
        world(plant("mill", capacity_tpa=100, offtake_share=0.4, variable_usd_per_t=100, fixed_usd_per_tpa_year=10))
    )
    assert found.t("activity", "mill", 2031) == pytest.approx(40)
    assert found.usd == pytest.approx(2 * (40 * 110 + 60 * 400))


def test_utilisation_raises_fixed_cost_per_tonne(solve):
    """At 80 % a tonne needs 1.25 t/yr open: 100 + 1.25 * 20 = 125."""
    found = solve(world(plant("mill", utilisation=0.8, variable_usd_per_t=100, fixed_usd_per_tpa_year=20)))
    assert found.t("retain", "mill", 2030) == pytest.approx(125)
    assert found.usd == pytest.approx(2 * 100 * 125)


def test_yearly_build_limit(solve):
    """30 t/yr each year at 100 + 100 a tonne: 30 t in 2030, 60 t in 2031."""
    mill = project("mill", max_new_tpa_per_year=30, life_years=2, hurdle_rate=0, capex_usd_per_tpa=200,
                   variable_usd_per_t=100)  # fmt: skip
    found = solve(world(mill))
    assert found.each("build") == {"mill,2030,merchant": 30, "mill,2031,merchant": 30}
    assert found.usd == pytest.approx(30 * 200 + 70 * 400 + 60 * 200 + 40 * 400)


@pytest.mark.parametrize(("cap", "cost"), [(0, 80_000), (1, 40_000 + 10_000)])
def test_lead_time_cap_stops_slow_projects(solve, cap, cost):
    """A free mill with a year of lead time saves 300 a tonne in 2031, if a year is not too long."""
    found = solve(
        world(
            project("mill", lead_time_years=1, variable_usd_per_t=100),
            minerals=[{"mineral": "tin", "lead_time_cap_years": cap}],
        )
    )
    assert found.usd == pytest.approx(cost)


def test_annuities_stop_with_the_horizon(solve):
    """100 a t/yr for ten years, of which the plan sees two."""
    found = solve(world(project("mill", life_years=10, hurdle_rate=0, capex_usd_per_tpa=1000)))
    assert found.usd == pytest.approx(2 * 100 * 100)


def test_unused_plant_costs_nothing_and_is_closed(solve):
    found = solve(world(plant("dear", variable_usd_per_t=450, fixed_usd_per_tpa_year=9)))
    assert found.t("retain", "dear", 2030) == found.t("make", "dear", "clear", 2031) == 0
    assert found.usd == pytest.approx(80_000)


def test_a_plant_is_renewed_after_its_life(solve):
    """100 t/yr serve 20 of 35 years; then the site is free again.

    The annuity of 100 USD at 5 % over 20 years is 8.024259 a t/yr in each of 35 years.
    """
    found = solve(
        make_world(
            {"first_year": 2026, "last_year": 2060},
            demand=[{2026: 100}],
            facilities=[project("mine", capacity_tpa=100, capex_usd_per_tpa=100, hurdle_rate=0.05)],
        )
    )
    assert found.each("unmet") == {}
    assert sum(found.each("build").values()) == pytest.approx(200)
    assert found.usd == pytest.approx(35 * 100 * 8.024259, rel=1e-6)
