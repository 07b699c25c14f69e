"""Public stocks, by hand."""

from __future__ import annotations

import pytest

from model.errors import InfeasibleError
from tests.support.world_builder import make_world, plant


def only_stock(wanted, stock, **sheets):
    """A stock and nothing that could fill it: the only plant is far away."""
    return make_world(demand=[{2030: wanted}], facilities=[plant("far", region="CAN")], stockpiles=[stock], **sheets)


def test_stock_keeps_its_provenance_and_loses_some(solve):
    """100 t, of which 40 exposed, lose a tenth a year; 50 t a year are wanted, 15 of them at most exposed.

    2030: 54 clear and 36 exposed are left; 35 and 15 go out. 2031: 0.9 * 19 = 17.1 clear are left, and 15 exposed
    of 0.9 * 21. So 17.9 t are unmet in 2031: to keep one more clear tonne would lose a tenth of it.
    """
    found = solve(
        only_stock(
            50, {"initial_t": 100, "initial_concern_share": 0.4, "loss": 0.1, "final_t": 0}, exposure_caps=[{2030: 0.3}]
        )
    )
    assert found.t("stock_out", "metal", "USA", "clear", 2030) == pytest.approx(35)
    assert found.each("unmet") == {"cars/metal/USA,2031": 17.9}
    assert found.usd == pytest.approx(17.9 * 5000)


def test_release_and_size(solve):
    """30 t of 100 t may go out in a year, so 70 t stay at first: with room for 60 t there is no plan.

    Of 50 t a year 20 are unmet; 70 t, then 40 t are held over year ends at 2.
    """
    stock = {"initial_t": 100, "max_release_tpa": 30, "max_t": 70, "holding_usd_per_t": 2, "final_t": 0}
    found = solve(only_stock(50, stock))
    assert found.usd == pytest.approx(2 * 20 * 5000 + 70 * 2 + 40 * 2)
    with pytest.raises(InfeasibleError, match="at most 60 t"):
        solve(only_stock(50, stock | {"max_t": 60}))


def covered(**stock):
    """73 t a year at 100 USD/t; 50 days of it are 10 t, and 30 t are to be left; holding costs 8."""
    return make_world(
        demand=[{2030: 73}],
        facilities=[plant("mill", variable_usd_per_t=100)],
        stockpiles=[{"min_cover_days": 50, "final_t": 30, "holding_usd_per_t": 8} | stock],
    )


def test_cover_and_final_level(solve):
    """176 t are made in all; 10 t are held over the end of 2030, 30 t over that of 2031."""
    found = solve(covered())
    assert found.each("stock") == {"metal,USA,clear,2030": 10, "metal,USA,clear,2031": 30}
    assert found.usd == pytest.approx(103 * 100 + 73 * 100 + 40 * 8)


@pytest.mark.parametrize(("price", "missed"), [(7, 10), (9, 0)])
def test_cover_is_missed_where_holding_is_dearer(solve, price, missed):
    """The tonne that covers 2030 is needed in 2031 anyway: only its holding, 8, is at stake."""
    found = solve(covered(cover_breach_usd_per_t=price))
    assert found.t("cover_breach", "metal", "USA", 2030) == pytest.approx(missed)
    assert found.usd == pytest.approx(176 * 100 + 30 * 8 + 10 * min(8, price))


def test_stock_carries_cheap_years_into_dear_ones(solve):
    """Metal at 100, then 300; a tonne kept costs 20, and a fifth is lost.

    To have a tonne in 2031, 1.25 t go into stock in 2030 and are held: 125 + 25 = 150 < 300.
    """
    found = solve(
        make_world(
            demand=[{2030: 100}],
            facilities=[plant("mill")],
            facility_paths=[{"facility": "mill", "quantity": "variable_usd_per_t", 2030: 100, 2031: 300}],
            stockpiles=[{"loss": 0.2, "holding_usd_per_t": 20}],
        )
    )
    assert found.t("stock_in", "metal", "USA", "clear", 2030) == pytest.approx(125)
    assert found.usd == pytest.approx(100 * 100 + 125 * 120)


def test_a_level_nothing_can_fill_has_no_plan(solve):
    with pytest.raises(InfeasibleError, match=r"stockpiles row 2 \(metal, USA\): at least 30 t at the end of 2031"):
        solve(only_stock(5, {"final_t": 30}))


def test_a_stock_is_not_sold_in_the_last_year(solve):
    """40 t lie there and nothing is said of the end: 100 t a year are made at 100, none taken from the stock."""
    world = make_world(
        demand=[{2030: 100}], facilities=[plant("mill", variable_usd_per_t=100)], stockpiles=[{"initial_t": 40}]
    )
    assert solve(world).usd == pytest.approx(200 * 100)


def test_of_a_stock_that_shrinks_what_an_untouched_one_would_hold_is_left(solve):
    """A tenth of 100 t is lost each year, and nothing can fill it: all of 90, then 81 t stay, 5 t a year are unmet."""
    found = solve(only_stock(5, {"initial_t": 100, "loss": 0.1}))
    assert found.each("unmet") == {"cars/metal/USA,2030": 5, "cars/metal/USA,2031": 5}


@pytest.mark.parametrize(("share", "left"), [(0.7, 40), (0.5, 0)])
def test_what_is_left_may_be_worth_something(solve, share, left):
    """A tonne left is worth 0.7 or 0.5 of 160, a tonne made in its stead costs 100."""
    world = make_world(
        demand=[{2030: 100}],
        prices=[{2030: 160}],
        facilities=[plant("mill", capacity_tpa=100, variable_usd_per_t=100)],
        stockpiles=[{"initial_t": 40, "salvage_share": share}],
    )
    found = solve(world)
    assert found.t("stock", "metal", "USA", "clear", 2031) == pytest.approx(left)
    assert found.usd == pytest.approx(200 * 100 - (share * 160 * 40 if left else 40 * 100))
