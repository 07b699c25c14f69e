"""Shipping, and what limits it (model/formulation/trade.py)."""

from __future__ import annotations

import pytest

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


def paced(**route) -> Sheets:
    """Canada ships metal home from its mill of 1,000 t/yr, of which half is used."""
    return make_world(
        {"last_year": 2032},
        demand=[{2030: 100}],
        facilities=[plant("north", region="CAN", utilisation=0.5)],
        routes=[{"from_region": "CAN"} | route],
    )


def test_route_growth_limit_starts_from_the_flow_before():
    p = Program(paced(flow_tpa=30, growth=0.1, start_tpa=10))
    assert p.rows("route_growth_limit") == {f"CAN>USA:metal,{t}" for t in (2030, 2031, 2032)}
    assert p.row("route_growth_limit[CAN>USA:metal,2030]") == says("ship[CAN>USA:metal,clear,2030] <= 0.043")
    assert p.row("route_growth_limit[CAN>USA:metal,2031]") == says(
        "ship[CAN>USA:metal,clear,2031] <= 1.1 ship[CAN>USA:metal,clear,2030] + 0.01"
    )


def test_a_star_route_grows_material_by_material():
    sheets = paced(material="*", growth=0, start_tpa=10)
    sheets["facilities"].append(plant("pit", region="CAN", output="ore"))
    sheets["demand"].append({"segment": "cars", "material": "ore", "region": "USA", 2030: 1})
    p = Program(sheets)
    for good in ("metal", "ore"):
        assert p.row(f"route_growth_limit[CAN>USA:{good},2030]") == says(f"ship[CAN>USA:{good},clear,2030] <= 0.01")


def test_route_decay_floor_starts_from_the_flow_before():
    p = Program(paced(flow_tpa=30, decay=0.2, switching_usd_per_t=50))
    assert p.rows("route_decay_floor") == p.variables("drop") == {f"CAN>USA:metal,{t}" for t in (2030, 2031, 2032)}
    assert p.row("route_decay_floor[CAN>USA:metal,2030]") == says(
        "ship[CAN>USA:metal,clear,2030] + drop[CAN>USA:metal,2030] >= 0.024"
    )
    assert p.row("route_decay_floor[CAN>USA:metal,2031]") == says(
        "ship[CAN>USA:metal,clear,2031] + drop[CAN>USA:metal,2031] >= 0.8 ship[CAN>USA:metal,clear,2030]"
    )


def test_pace_has_no_rows_where_a_route_may_change_freely():
    """Neither without growth and decay, nor where a fall has no price, is free, or has nothing to start from."""
    for route in ({}, {"flow_tpa": 30, "start_tpa": 5}, {"decay": 0.2}, {"decay": 1, "switching_usd_per_t": 5}):
        p = Program(paced(**route))
        assert not p.rows("route_growth_limit")
        assert not p.rows("route_decay_floor")
        assert not p.variables("drop")
    assert Program(paced(decay=0.2, switching_usd_per_t=5)).rows("route_decay_floor") == {
        "CAN>USA:metal,2031", "CAN>USA:metal,2032",
    }  # fmt: skip


def share_kept(program: Program, year: int) -> float | None:
    """The share of the year before that a route is to keep; None where it may fall freely."""
    if f"CAN>USA:metal,{year}" not in program.rows("route_decay_floor"):
        return None
    terms = program.row(f"route_decay_floor[CAN>USA:metal,{year}]").terms
    return abs(terms.get(f"ship[CAN>USA:metal,clear,{year - 1}]", 0.0))


def changed(**edits) -> Program:
    sheets = paced(flow_tpa=30, decay=0.2, switching_usd_per_t=50)
    for sheet, rows in edits.items():
        if sheet == "north":
            sheets["facilities"][0] |= rows
        else:
            sheets[sheet] = rows
    return Program(sheets)


def test_a_ban_or_a_plant_that_is_gone_frees_the_fall():
    ban = [{"limit": "ban", "from_region": "CAN", "to_region": "*", "material": "*", 2030: "none", 2032: 0}]
    assert share_kept(changed(export_limits=ban), 2031) == pytest.approx(0.8)
    assert share_kept(changed(export_limits=ban), 2032) is None
    assert share_kept(changed(north={"retire_year": 2032}), 2031) == pytest.approx(0.8)
    assert share_kept(changed(north={"retire_year": 2032}), 2032) is None


def test_a_limit_that_shrinks_cuts_the_floor_in_proportion():
    """The mill could make 500 t; a quota of 100, then of 40 t leaves a fifth, then two fifths of that."""
    quota = [
        {"limit": "quota", "from_region": "CAN", "to_region": "*", "material": "*", 2030: "none", 2031: 100, 2032: 40}
    ]
    p = changed(export_limits=quota, demand=[{"segment": "cars", "material": "metal", "region": "USA", 2030: 500}])
    assert share_kept(p, 2031) == pytest.approx(0.8 * 100 / 500)
    assert share_kept(p, 2032) == pytest.approx(0.8 * 40 / 100)


def test_less_demand_at_the_end_of_the_route_cuts_the_floor():
    """100 t are wanted, then 50; where the metal may be stored, there is room for all of it."""
    demand = [{"segment": "cars", "material": "metal", "region": "USA", 2030: 100, 2031: 50}]
    assert share_kept(changed(demand=demand), 2031) == pytest.approx(0.4)
    stored = changed(demand=demand, stockpiles=[{"material": "metal", "region": "USA"}])
    assert share_kept(stored, 2031) == pytest.approx(0.8)


def test_the_flow_before_is_kept_as_far_as_there_is_room():
    """80 % of 30 t are 24, of which the plant can make 20."""
    p = changed(north={"capacity_tpa": 40})
    assert p.row("route_decay_floor[CAN>USA:metal,2030]").constant == pytest.approx(-0.02)


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
            scrap=[
                {"region": "CAN", "quantity": "arisings", 2030: 5},
                {"region": "CAN", "quantity": "collection_rate", 2030: 1},
            ],
            stockpiles=[{"material": "scrap", "region": "CAN"}, {"material": "metal", "region": "USA"}],
        )
    )
    assert p.row("origin_limit[scrap,CAN,2030]") == says(
        "ship[CAN>USA:scrap,clear,2030] + ship[CAN>USA:scrap,exposed,2030]"
        " <= take[smelter,scrap,clear,2030] + take[smelter,scrap,exposed,2030] + collect[scrap,CAN,2030]"
        " + stock_out[scrap,CAN,clear,2030] + stock_out[scrap,CAN,exposed,2030]"
    )
