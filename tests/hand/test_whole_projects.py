"""Projects that are built as a whole or not at all, by hand. A seller asks 400 USD/t, a mill makes at 100."""

from __future__ import annotations

import pytest

from tests.support.world_builder import make_world, market, project

WHOLE = {"whole_projects": "yes", "whole_projects_gap": 0}


def world(*mills, wanted=3000, settings=None, **sheets):
    return make_world(
        WHOLE | (settings or {}), demand=[{2030: wanted}], prices=[{2030: 400}],
        facilities=[market("seller"), *mills], **sheets,
    )  # fmt: skip


def mill(name="mill", capex=200, **row):
    """A mill of 5,000 t/yr that stands for the two years of the plan."""
    return project(name, **({"capacity_tpa": 5000, "life_years": 2, "hurdle_rate": 0, "capex_usd_per_tpa": capex,
                             "variable_usd_per_t": 100} | row))  # fmt: skip


def test_a_project_is_built_whole_and_its_gap_is_reported(solve):
    """The linear plan builds 3,000 of 5,000 t/yr: 3,000 * (2 * 100 + 200) = 1.2 million.

    The whole mill costs 5,000 * 200 and makes the same: 0.6 + 1.0 = 1.6 million; buying costs 2 * 3,000 * 400 = 2.4.
    """
    found = solve(world(mill()))
    assert found.each("build") == {"mill,2030,merchant": 5000}
    assert found.usd == pytest.approx(1_600_000)
    assert found.plan.whole.linear == pytest.approx(1.2)
    assert found.plan.whole.bound == pytest.approx(1.6)
    assert found.plan.whole.gap == pytest.approx(0)
    (linear,) = found.table("summary", measure="linear_objective")
    assert linear["value"] == pytest.approx(1.2)
    (gap,) = found.table("summary", measure="whole_projects_gap")
    assert gap["value"] == pytest.approx(0)


def test_a_project_that_is_too_large_is_not_built_at_all(solve):
    """A t/yr costs 400 to build: 3,000 * (200 + 400) = 1.8 million in part, but 0.6 + 2.0 = 2.6 as a whole.

    Buying costs 2.4.
    """
    found = solve(world(mill(capex=400)))
    assert found.each("build") == {}
    assert found.usd == pytest.approx(2_400_000)
    assert found.plan.whole.linear == pytest.approx(1.8)


def test_in_part_without_the_setting(solve):
    found = solve(world(mill(), settings={"whole_projects": "no"}))
    assert found.each("build") == {"mill,2030,merchant": 3000}
    assert found.plan.whole is None
    assert found.table("summary", measure="linear_objective") == []
    (built,) = found.table("builds")
    assert (built["t_per_year"], built["whole_t_per_year"]) == pytest.approx((3000, 5000))


def test_units_are_whole(solve):
    """A third unit of 1,400 t/yr would make 200 t a year: it would save 2 * 200 * 300 = 0.12 million for 0.28.

    Two make 2,800: 2 * 2,800 * 100 + 2,800 * 200 + 2 * 200 * 400 = 1.28 million.
    """
    found = solve(world(mill(unit_tpa=1400)))
    assert found.each("build") == {"mill,2030,merchant": 2800}
    assert found.usd == pytest.approx(1_280_000)


def test_the_home_buyer_takes_its_share_of_a_whole(solve):
    """Half of the mill can be contracted: a whole is 2,500 t/yr for it, and all of that is used."""
    found = solve(world(mill(offtake_share=0.5)))
    assert found.each("build") == {"mill,2030,merchant": 2500}
    assert found.usd == pytest.approx(2 * (2500 * 100 + 500 * 400) + 2500 * 200)


def test_a_programme_of_many_years_has_no_whole(solve):
    """Of 5,000 t/yr at most 1,000 may be decided in a year: it is built year by year, and in part.

    In 2030 1,000 t/yr; in 2031 one more year of 100 + 200 = 300 a tonne is still less than 400: 800 of 1,000 do.
    """
    found = solve(world(mill(max_new_tpa_per_year=1000, life_years=1), wanted=800))
    assert found.each("build") == {"mill,2030,merchant": 800, "mill,2031,merchant": 800}
    assert found.plan.whole is None


def test_one_way_of_financing_and_one_year(solve):
    """Whole at once: 1,000 t/yr in 2030, never 400 in 2030 and 600 in 2031, as demand would have it.

    In part: 400 * (400 - 100) * 2 saved for 400 * 200, then 600 * 300 for 600 * 200. As a whole 400 + 1,000 t save 300
    each, for 200,000; a year later 1,000 t save 300,000 for 200,000 * 1/2 (the plan sees one of two annuities).
    """
    found = solve(make_world(
        WHOLE, demand=[{2030: 400, 2031: 1000}], prices=[{2030: 400}],
        facilities=[market("seller"), mill(capacity_tpa=1000)],
    ))  # fmt: skip
    assert found.each("build") == {"mill,2030,merchant": 1000}
    assert found.usd == pytest.approx(400 * 100 + 1000 * 100 + 1000 * 200)
    assert found.plan.whole.linear == pytest.approx((400 * 100 + 1000 * 100 + 400 * 200 + 600 * 100) / 1e6)


def test_prices_are_those_of_the_projects_decided(solve):
    """With the mill of 5,000 t/yr standing half idle, a tonne more costs what it costs to make; linear: 100 + 100."""
    found = solve(world(mill()))
    prices = {row["year"]: row["value"] for row in found.table("shadow_prices", constraint="demand_balance")}
    assert prices == pytest.approx({2030: 100, 2031: 100})
