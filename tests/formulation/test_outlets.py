"""Outlets for what is in excess (model/formulation/outlets.py)."""

from __future__ import annotations

from tests.support.algebra import Program, says
from tests.support.sheets import Sheets
from tests.support.world_builder import Row, make_world, plant


def world(years: Row, **outlet: str) -> Sheets:
    """A smelter at home recovers ore beside its metal, from Chinese or Canadian ore; ore is wanted by nobody."""
    return make_world(
        demand=[{2030: 100}],
        prices=[{2030: 400}, {"material": "scrap", 2030: 50}],
        facilities=[
            plant("smelter", concern_share=0.4),
            plant("east", region="CHN", output="ore"),
        ],
        recipes=[
            {"facility": "smelter"},
            {"facility": "smelter", "material": "scrap", "role": "coproduct", "t_per_t": 0.2},
        ],
        routes=[{"from_region": "CHN", "material": "ore"}],
        outlets=[{"material": "scrap", "region": "USA"} | outlet | years],
    )


def test_sell_exists_in_years_in_which_the_outlet_buys():
    p = Program(world({2030: 0, 2031: 7}))
    assert p.variables("sell") == {"scrap,USA,exposed,2031"}
    assert p.rows("outlet_limit") == p.rows("outlet_origin_limit") == {"scrap,USA,2031"}
    assert p.row("outlet_limit[scrap,USA,2031]") == says("sell[scrap,USA,exposed,2031] <= 0.007")


def test_no_outlet_for_what_cannot_be_there():
    p = Program(world({2030: 7}, material="metal", region="CAN"))
    assert not p.variables("sell")
    assert not p.rows("outlet_limit")


def test_outlet_makes_a_coproduct_worth_recovering():
    p = Program(world({2030: 7}))
    assert p.row("material_balance[scrap,USA,exposed,2030]") == says(
        "take[smelter,scrap,exposed,2030] - sell[scrap,USA,exposed,2030] == 0"
    )
    sheets = world({2030: 7})
    del sheets["outlets"]
    assert not Program(sheets).variables("take")


def test_outlet_origin_limit_counts_what_is_made_and_recovered_there():
    p = Program(world({2030: 7}))
    assert p.row("outlet_origin_limit[scrap,USA,2030]") == says(
        "sell[scrap,USA,exposed,2030] <= take[smelter,scrap,exposed,2030]"
    )
    p = Program(world({2030: 7}, material="metal"))
    assert p.row("outlet_origin_limit[metal,USA,2030]") == says(
        "sell[metal,USA,exposed,2030] <= make[smelter,exposed,2030]"
    )
