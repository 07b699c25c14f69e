"""Outlets, segments that matter more, offtake, required projects, closing, groups, capital and returns, by hand."""

from __future__ import annotations

import pytest

from tests.support.market_worlds import closing_world, group_world, outlet_world, phased_world
from tests.support.world_builder import make_world, market, plant, project


def test_an_outlet_buys_what_is_in_excess(solve):
    """100 t at 200 a year, and 15 of the 20 t of scrap at 45."""
    found = solve(outlet_world(15))
    assert found.usd == pytest.approx(2 * (100 * 200 - 15 * 45))
    assert [row["sold_t"] for row in found.table("balances", material="scrap", year=2030)] == [pytest.approx(15)]


def test_an_outlet_buys_nothing_from_elsewhere(solve):
    """Scrap from Canada at 10 + 1 would be sold at 45: only the 20 t made at home are."""
    found = solve(
        outlet_world(
            30,
            facilities=[plant("dump", region="CAN", output="scrap", variable_usd_per_t=10)],
            routes=[{"from_region": "CAN", "material": "scrap"}],
        )
    )
    assert found.usd == pytest.approx(2 * (100 * 200 - 20 * 45))


def test_a_segment_that_would_miss_it_more_is_served_first(solve):
    """80 t for 100 t of cars and 50 t of defence: 70 t of cars are unmet at the 5,000 of the material."""
    found = solve(
        make_world(
            demand=[{2030: 100}, {"segment": "defence", "shortage_cost_usd_per_t": 9000, 2030: 50}],
            facilities=[plant("mill", capacity_tpa=80)],
        )
    )
    assert found.each("unmet") == {"cars/metal/USA,2030": 70, "cars/metal/USA,2031": 70}
    assert found.usd == pytest.approx(2 * 70 * 5000)


def test_a_partner_whose_own_demand_grows(solve):
    """Half of 200 t/yr may be contracted in 2030, three tenths in 2031: 40 t are unmet then."""
    found = solve(
        make_world(
            demand=[{2030: 100}],
            facilities=[plant("north", region="CAN", capacity_tpa=200)],
            facility_paths=[{"facility": "north", "quantity": "offtake_share", 2030: 0.5, 2031: 0.3}],
            routes=[{"from_region": "CAN"}],
        )
    )
    assert found.usd == pytest.approx((100 + 60) * 1 + 40 * 5000)


@pytest.mark.parametrize(("wanted", "first"), [(100, 50), (40, 20)])
def test_a_second_phase_stands_in_the_share_of_the_first(solve, wanted, first):
    """All, or two fifths, of the 100 t at 50 with as much of the 50 t/yr at a fixed cost of 10."""
    found = solve(phased_world(wanted))
    assert found.each("build") == {"first,2030,merchant": first, "second,2030,merchant": wanted}
    assert found.usd == pytest.approx(2 * (wanted * 50 + first * 10))


def test_a_phase_that_exists_need_not_be_built(solve):
    """The first phase exists in 2030 only; in 2031 all 50 t/yr of it are built again."""
    found = solve(phased_world(100, status="operating", retire_year=2031, max_new_tpa=50))
    assert found.usd == pytest.approx(200 * 50 + 50 * 10)


def test_a_plant_that_cannot_reopen_is_kept(solve):
    """Bought at 120 in 2030 and made at 150 in 2031, if it reopens; else made in both years, not bought at 400."""
    assert solve(closing_world()).usd == pytest.approx(100 * 120 + 100 * 150)
    assert solve(closing_world(reopens="no")).usd == pytest.approx(200 * 150)


def test_what_stands_idle_pays_a_share_of_its_fixed_cost(solve):
    """Two fifths of 50 in 2030, beside the 120 a tonne."""
    assert solve(closing_world(idle_cost_share=0.4)).usd == pytest.approx(100 * (120 + 20) + 100 * 150)


def test_know_how_grows_in_a_country_not_in_a_plant(solve):
    """30 t/yr, then half more and 30: 75 in both plants together at 10; the rest is bought at 400."""
    found = solve(group_world(kind="growth", start_tpa=30, years={2030: 0.5}))
    assert found.usd == pytest.approx(105 * 10 + 95 * 400)


def test_a_group_has_room_for_so_much(solve):
    found = solve(group_world(kind="capacity", years={2030: 60}))
    assert found.usd == pytest.approx(2 * (60 * 10 + 40 * 400))


def test_capital_is_limited_year_by_year(solve):
    """0.05 USD million a year build 50 t/yr at 1,000; over 20 years without interest they cost 50 a t/yr."""
    found = solve(
        make_world(
            demand=[{2030: 100}],
            prices=[{2030: 400}],
            facilities=[market("seller"), project("mill", capex_usd_per_tpa=1000, hurdle_rate=0)],
            resource_limits=[{"limit": "money", "resource": "capital", 2030: 0.05}],
        )
    )
    assert found.each("build") == {"mill,2030,merchant": 50, "mill,2031,merchant": 50}
    assert found.usd == pytest.approx(50 * 50 + 50 * 400 + 100 * 50)
    used = [row["used"] for row in found.table("resources", limit="money")]
    assert used == [pytest.approx(0.05), pytest.approx(0.05)]


def test_products_come_back_over_several_years(solve):
    """Of 100 t a year, bought at 400, 20 come back in the next year and 50 after two; melted at 5."""
    found = solve(
        make_world(
            {"last_year": 2032},
            demand=[{2030: 100}],
            prices=[{2030: 400}],
            facilities=[market("seller"), plant("melter", kind="recycling", variable_usd_per_t=5)],
            recipes=[{"facility": "melter", "material": "scrap"}],
            returns=[{"lifetime_years": 0, "t_per_t": 0.2}, {"lifetime_years": 2, "t_per_t": 0.5}],
        )
    )
    assert found.usd == pytest.approx(100 * 400 + (80 * 400 + 20 * 5) + (30 * 400 + 70 * 5))


def test_what_can_only_be_made_from_itself_is_not_made(solve):
    """Ore from metal and metal from ore, and nothing to begin with."""
    found = solve(
        make_world(
            demand=[{2030: 100}],
            facilities=[plant("smelter"), plant("crusher", output="ore")],
            recipes=[{"facility": "smelter"}, {"facility": "crusher", "material": "metal"}],
        )
    )
    assert found.each("make") == {}
    assert found.usd == pytest.approx(2 * 100 * 5000)
