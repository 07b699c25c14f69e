"""Limits and prices on resources, by hand: a dirty mill (100 USD/t, 2 t of CO2) and a clean one (300, 0.5)."""

from __future__ import annotations

import pytest

from tests.support.world_builder import make_world, market, plant, project


def world(limit):
    return make_world(
        demand=[{2030: 100}],
        facilities=[
            plant("dirty", variable_usd_per_t=100, co2_t_per_t=2),
            plant("clean", variable_usd_per_t=300, co2_t_per_t=0.5),
        ],
        resource_limits=[{"limit": "carbon", "resource": "co2"} | limit],
    )


def test_limit_shares_out_output(solve):
    """2 x + 0.5 (100 - x) = 125 at x = 50."""
    found = solve(world({2030: 125}))
    assert found.t("activity", "dirty", 2030) == pytest.approx(50)
    assert found.usd == pytest.approx(2 * 100 * 200)
    # A tonne more of CO2 moves 1/1.5 t from 300 to 100.
    (row,) = found.table("shadow_prices", constraint="resource_limit", year=2030)
    assert row["value"] == pytest.approx(200 / 1.5)


@pytest.mark.parametrize(("price", "cost"), [(80, 100 + 160), (200, 300 + 100)])
def test_price_is_paid_on_every_unit(solve, price, cost):
    found = solve(world({"price_usd_per_unit": price, 2030: "none"}))
    assert found.usd == pytest.approx(2 * 100 * cost)


def test_a_limit_below_any_output_leaves_demand_unmet(solve):
    """20 t of CO2 are 40 t of clean metal."""
    found = solve(world({2030: 20}))
    assert found.usd == pytest.approx(2 * (40 * 300 + 60 * 5000))


def test_workers_are_busy_in_every_construction_year(solve):
    """500 workers a kt/yr for two years, 30 at hand: 60 t/yr can be under way. Decided in 2030, online from 2032.

    2030 and 2031: 100 * 400; 2032 and 2033: 60 * 100 + 40 * 400.
    """
    found = solve(
        make_world(
            {"last_year": 2033},
            demand=[{2030: 100}],
            prices=[{2030: 400}],
            facilities=[
                market("seller"),
                project("mill", lead_time_years=2, workers_per_ktpa=500, variable_usd_per_t=100),
            ],
            resource_limits=[{"limit": "crews", "resource": "workers", 2030: 30}],
        )
    )
    assert found.each("build") == {"mill,2030,merchant": 60}
    assert found.usd == pytest.approx(2 * 40_000 + 2 * (6_000 + 16_000))
