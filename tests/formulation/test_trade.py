"""Shipping, and what limits it (model/formulation/trade.py)."""

from __future__ import annotations

from tests.support.algebra import Program, says
from tests.support.sheets import Sheets
from tests.support.world_builder import make_world, plant


def world(**sheets) -> Sheets:
    """China and Canada sell metal to each other and home; home could sell to Canada."""
    routes = [
        {"from_region": "CHN", "to_region": "USA"},
        {"from_region": "CHN", "to_region": "CAN"},
        {"from_region": "CAN", "to_region": "USA", "capacity_tpa": 60},
    ]
    return make_world(
        demand=[{2030: 100}],
        facilities=[plant("north", region="CAN"), plant("east", region="CHN")],
        routes=routes,
        **sheets,
    )


def test_ship_exists_for_each_provenance_that_can_be_there():
    assert Program(world()).variables("ship") == {
        f"{route},{t}"
        for t in (2030, 2031)
        for route in (
            "CHN>USA:metal,exposed", "CHN>CAN:metal,exposed", "CAN>USA:metal,clear", "CAN>USA:metal,exposed",
        )
    }  # fmt: skip


def test_no_ship_to_where_nothing_is_wanted():
    sheets = world()
    sheets["routes"] = [{"from_region": "CHN", "to_region": "CAN", "material": "metal", "freight_usd_per_t": 1}]
    assert not Program(sheets).variables("ship")


def test_star_route_serves_every_material_that_has_no_row_of_its_own():
    sheets = world()
    sheets["routes"] = [
        {"from_region": "CAN", "to_region": "USA", "material": "metal", "freight_usd_per_t": 1, "capacity_tpa": 7},
        {"from_region": "CAN", "to_region": "USA", "material": "*", "freight_usd_per_t": 1},
    ]
    sheets["facilities"].append(plant("pit", region="CAN", output="ore"))
    sheets["demand"].append({"segment": "cars", "material": "ore", "region": "USA", 2030: 1})
    p = Program(sheets)
    assert {key.split(",")[0] for key in p.variables("ship")} == {"CAN>USA:metal", "CAN>USA:ore"}
    assert p.rows("route_limit") == {"CAN>USA:metal,2030", "CAN>USA:metal,2031"}


def test_route_limit_holds_for_both_provenances_together():
    p = Program(world())
    assert p.rows("route_limit") == {"CAN>USA:metal,2030", "CAN>USA:metal,2031"}
    assert p.row("route_limit[CAN>USA:metal,2031]") == says(
        "ship[CAN>USA:metal,clear,2031] + ship[CAN>USA:metal,exposed,2031] <= 0.06"
    )


def test_export_limit_sums_over_the_routes_it_names():
    p = Program(
        world(
            export_limits=[
                {"limit": "quota", "from_region": "CHN", 2030: "none", 2031: 20},
                {"limit": "to_home", "to_region": "USA", "material": "metal", 2030: 90},
                {"limit": "idle", "from_region": "USA", 2030: 0},
                {"limit": "free", "from_region": "CHN", 2030: "none"},
            ]
        )
    )
    assert p.rows("export_limit") == {"quota,2031", "to_home,2030", "to_home,2031"}
    assert p.row("export_limit[quota,2031]") == says(
        "ship[CHN>USA:metal,exposed,2031] + ship[CHN>CAN:metal,exposed,2031] <= 0.02"
    )
    assert p.row("export_limit[to_home,2030]") == says(
        "ship[CHN>USA:metal,exposed,2030] + ship[CAN>USA:metal,clear,2030] + ship[CAN>USA:metal,exposed,2030] <= 0.09"
    )


def test_origin_limit_where_goods_arrive_and_leave():
    p = Program(world())
    assert p.rows("origin_limit") == {"metal,CAN,2030", "metal,CAN,2031"}
    assert p.row("origin_limit[metal,CAN,2030]") == says(
        "ship[CAN>USA:metal,clear,2030] + ship[CAN>USA:metal,exposed,2030] <= make[north,clear,2030]"
    )


def test_origin_limit_exempts_ports():
    assert not Program(world(regions=[{"region": "CAN", "transit": "yes"}])).rows("origin_limit")


def test_origin_limit_counts_coproducts_scrap_and_releases_as_own():
    """Ore smelted in Canada yields scrap there, some is collected, some released; Chinese scrap arrives too."""
    p = Program(
        make_world(
            demand=[{"material": "scrap", 2030: 100}],
            facilities=[
                plant("smelter", region="CAN", concern_share=0.4),
                plant("pit", region="CAN", output="ore"),
                plant("east", region="CHN", output="scrap"),
            ],
            recipes=[
                {"facility": "smelter"},
                {"facility": "smelter", "material": "scrap", "role": "coproduct", "t_per_t": 0.2},
            ],
            routes=[
                {"from_region": "CHN", "to_region": "CAN", "material": "scrap"},
                {"from_region": "CAN", "material": "scrap"},
                {"from_region": "CAN", "material": "metal"},
            ],
            scrap=[{"region": "CAN", "quantity": "arisings", 2030: 5}],
            stockpiles=[{"material": "scrap", "region": "CAN"}, {"material": "metal", "region": "USA"}],
        )
    )
    assert p.row("origin_limit[scrap,CAN,2030]") == says(
        "ship[CAN>USA:scrap,clear,2030] + ship[CAN>USA:scrap,exposed,2030]"
        " <= take[smelter,scrap,clear,2030] + take[smelter,scrap,exposed,2030] + collect[scrap,CAN,2030]"
        " + stock_out[scrap,CAN,clear,2030] + stock_out[scrap,CAN,exposed,2030]"
    )
