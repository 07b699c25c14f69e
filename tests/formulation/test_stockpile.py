"""Public stocks (model/formulation/stockpile.py)."""

from __future__ import annotations

from tests.support.algebra import Program, says
from tests.support.sheets import Sheets
from tests.support.world_builder import make_world, plant


def world(concern_share=0.0, **stock) -> Sheets:
    return make_world(
        demand=[{2030: 100}, {"segment": "grid", 2030: 46}],
        facilities=[plant("mill", concern_share=concern_share)],
        stockpiles=[stock],
    )


def test_stock_balance_opens_with_what_is_left_of_the_initial_level():
    """Of 40 t a quarter is exposed; a tenth is lost, in the first year too."""
    p = Program(world(initial_t=40, initial_concern_share=0.25, loss=0.1))
    assert p.row("stock_balance[metal,USA,clear,2030]") == says(
        "stock[metal,USA,clear,2030] == 0.027 + stock_in[metal,USA,clear,2030] - stock_out[metal,USA,clear,2030]"
    )
    assert p.row("stock_balance[metal,USA,exposed,2030]") == says(
        "stock[metal,USA,exposed,2030] == 0.009 + stock_in[metal,USA,exposed,2030] - stock_out[metal,USA,exposed,2030]"
    )


def test_stock_balance_carries_on():
    p = Program(world(initial_t=40, loss=0.1))
    assert p.row("stock_balance[metal,USA,clear,2031]") == says(
        "stock[metal,USA,clear,2031] == 0.9 stock[metal,USA,clear,2030]"
        " + stock_in[metal,USA,clear,2031] - stock_out[metal,USA,clear,2031]"
    )


def test_stock_balance_exists_for_provenances_that_can_be_there():
    clear = {"metal,USA,clear,2030", "metal,USA,clear,2031"}
    exposed = {"metal,USA,exposed,2030", "metal,USA,exposed,2031"}
    for name in ("stock", "stock_in", "stock_out"):
        assert Program(world()).variables(name) == clear
        assert Program(world(concern_share=0.5)).variables(name) == clear | exposed
    assert Program(world()).rows("stock_balance") == clear


def test_carried_stock_limit_where_goods_could_be_passed_on():
    """Metal from China could leave Canada again, with two tenths of the stock lost each year; home lets nothing out."""
    p = Program(
        make_world(
            demand=[{2030: 100}],
            facilities=[plant("east", region="CHN")],
            routes=[{"from_region": "CHN", "to_region": "CAN"}, {"from_region": "CAN"}],
            stockpiles=[{"region": "CAN", "initial_t": 50, "initial_concern_share": 1, "loss": 0.2}, {}],
        )
    )
    assert p.rows("carried_stock_limit") == {"metal,CAN,exposed,2030", "metal,CAN,exposed,2031"}
    assert p.row("carried_stock_limit[metal,CAN,exposed,2030]") == says("stock_out[metal,CAN,exposed,2030] <= 0.04")
    assert p.row("carried_stock_limit[metal,CAN,exposed,2031]") == says(
        "stock_out[metal,CAN,exposed,2031] <= 0.8 stock[metal,CAN,exposed,2030]"
    )


def test_stock_without_limits_and_duties_has_no_other_rows():
    p = Program(world(initial_t=40, final_t=0))
    for name in ("stock_size_limit", "stock_release_limit", "stock_cover_floor", "final_stock_floor"):
        assert not p.rows(name)
    assert not p.variables("cover_breach")


def test_stock_size_limit():
    p = Program(world(concern_share=0.5, max_t=70))
    assert p.rows("stock_size_limit") == {"metal,USA,2030", "metal,USA,2031"}
    assert p.row("stock_size_limit[metal,USA,2030]") == says(
        "stock[metal,USA,clear,2030] + stock[metal,USA,exposed,2030] <= 0.07"
    )


def test_stock_release_limit():
    p = Program(world(concern_share=0.5, max_release_tpa=20))
    assert p.rows("stock_release_limit") == {"metal,USA,2030", "metal,USA,2031"}
    assert p.row("stock_release_limit[metal,USA,2031]") == says(
        "stock_out[metal,USA,clear,2031] + stock_out[metal,USA,exposed,2031] <= 0.02"
    )


def test_stock_cover_floor_is_hard_without_a_price():
    """73 days of 146 t a year are 29.2 t."""
    p = Program(world(min_cover_days=73))
    assert p.rows("stock_cover_floor") == {"metal,USA,2030", "metal,USA,2031"}
    assert p.row("stock_cover_floor[metal,USA,2030]") == says("stock[metal,USA,clear,2030] >= 0.0292")
    assert not p.variables("cover_breach")


def test_stock_cover_floor_may_be_missed_at_a_price():
    p = Program(world(min_cover_days=73, cover_breach_usd_per_t=500))
    assert p.variables("cover_breach") == {"metal,USA,2030", "metal,USA,2031"}
    assert p.row("stock_cover_floor[metal,USA,2031]") == says(
        "stock[metal,USA,clear,2031] + cover_breach[metal,USA,2031] >= 0.0292"
    )


def test_no_stock_cover_floor_where_there_is_no_demand_to_cover():
    p = Program(world(region="CAN", min_cover_days=73, cover_breach_usd_per_t=5))
    assert not p.rows("stock_cover_floor")
    assert not p.variables("cover_breach")


def test_final_stock_floor_at_the_end_of_last_year():
    p = Program(world(concern_share=0.5, final_t=15))
    assert p.rows("final_stock_floor") == {"metal,USA,2031"}
    assert p.row("final_stock_floor[metal,USA,2031]") == says(
        "stock[metal,USA,clear,2031] + stock[metal,USA,exposed,2031] >= 0.015"
    )


def test_final_stock_floor_of_a_stock_that_says_nothing_is_what_would_be_left_of_it():
    """40 t, of which a tenth is lost in each of two years; at most what there is room for."""
    assert Program(world(initial_t=40, loss=0.1)).row("final_stock_floor[metal,USA,2031]") == says(
        "stock[metal,USA,clear,2031] >= 0.0324"
    )
    assert Program(world(initial_t=40, max_t=30)).row("final_stock_floor[metal,USA,2031]") == says(
        "stock[metal,USA,clear,2031] >= 0.03"
    )
    sheets = world(initial_t=40, salvage_share=0.5)
    sheets["prices"] = [{"material": "metal", 2030: 400}]
    assert not Program(sheets).rows("final_stock_floor")
