"""Making, taking up, saving and downgrading, and the balance of every material (model/formulation/network.py)."""

from __future__ import annotations

from tests.support.algebra import Program, adds, says
from tests.support.sheets import Sheets
from tests.support.world_builder import make_world, plant, project


def chain(**sheets) -> Sheets:
    """A smelter at home, a quarter of it in the hands of owners of concern, on Canadian and Chinese ore."""
    return make_world(
        demand=[{2030: 100}],
        facilities=[
            plant("north", region="CAN", output="ore"),
            plant("east", region="CHN", output="ore"),
            plant("smelter", concern_share=0.25),
        ],
        routes=[{"from_region": "CAN", "material": "ore"}, {"from_region": "CHN", "material": "ore"}],
        **({"recipes": [{"facility": "smelter", "t_per_t": 2}]} | sheets),
    )


def test_only_possible_provenances_are_made():
    p = Program(chain())
    # The feed of a mine is clear, even in China: what comes out is exposed.
    assert p.variables("make") == {
        f"{f},{t}" for t in (2030, 2031) for f in ("north,clear", "east,clear", "smelter,clear", "smelter,exposed")
    }
    assert not p.variables("take")
    assert not p.variables("save")
    assert not p.variables("downgrade")


def test_material_balance_splits_output_by_concern_share():
    p = Program(chain())
    assert p.row("material_balance[metal,USA,clear,2030]") == says(
        "0.75 make[smelter,clear,2030] == deliver[cars/metal/USA,clear,2030]"
    )
    assert p.row("material_balance[metal,USA,exposed,2030]") == says(
        "make[smelter,exposed,2030] + 0.25 make[smelter,clear,2030] == deliver[cars/metal/USA,exposed,2030]"
    )


def test_material_balance_of_inputs_and_trade():
    p = Program(chain())
    assert p.row("material_balance[ore,USA,clear,2031]") == says(
        "ship[CAN>USA:ore,clear,2031] == 2 make[smelter,clear,2031]"
    )
    assert p.row("material_balance[ore,USA,exposed,2031]") == says(
        "ship[CHN>USA:ore,exposed,2031] == 2 make[smelter,exposed,2031]"
    )
    assert p.row("material_balance[ore,CAN,clear,2031]") == says(
        "make[north,clear,2031] == ship[CAN>USA:ore,clear,2031]"
    )
    assert p.row("material_balance[ore,CHN,exposed,2031]") == says(
        "make[east,clear,2031] == ship[CHN>USA:ore,exposed,2031]"
    )


def test_material_balance_exists_only_where_goods_can_be():
    assert Program(chain()).rows("material_balance") == {
        f"{where},{t}"
        for t in (2030, 2031)
        for where in (
            "ore,CAN,clear", "ore,CHN,exposed", "ore,USA,clear", "ore,USA,exposed",
            "metal,USA,clear", "metal,USA,exposed",
        )
    }  # fmt: skip


def test_material_balance_of_scrap_and_stock():
    p = Program(
        make_world(
            demand=[{2030: 100}],
            facilities=[plant("melter", kind="recycling")],
            recipes=[{"facility": "melter", "material": "scrap"}],
            scrap=[{"quantity": "arisings", 2030: 10}],
            stockpiles=[{"initial_t": 5, "initial_concern_share": 1}],
        )
    )
    assert p.row("material_balance[scrap,USA,clear,2030]") == says("collect[scrap,USA,2030] == make[melter,clear,2030]")
    assert p.row("material_balance[metal,USA,clear,2030]") == says(
        "make[melter,clear,2030] + stock_out[metal,USA,clear,2030]"
        " == stock_in[metal,USA,clear,2030] + deliver[cars/metal/USA,clear,2030]"
    )
    assert p.row("material_balance[metal,USA,exposed,2030]") == says(
        "stock_out[metal,USA,exposed,2030] == stock_in[metal,USA,exposed,2030] + deliver[cars/metal/USA,exposed,2030]"
    )


def with_gold(**sheets) -> Sheets:
    """The chain, whose smelter yields a tenth of a tonne of gold a tonne."""
    return chain(
        minerals=[{"mineral": "gold"}],
        materials=[{"material": "gold", "mineral": "gold", "stage": "refining", "shortage_cost_usd_per_t": 9000}],
        recipes=[
            {"facility": "smelter", "t_per_t": 2},
            {"facility": "smelter", "material": "gold", "role": "coproduct", "t_per_t": 0.1},
        ],
        **sheets,
    )


def test_coproduct_limit_inherits_provenance():
    world = with_gold(stockpiles=[{"material": "gold"}])
    p = Program(world)
    assert p.row("coproduct_limit[smelter,gold,clear,2030]") == says(
        "take[smelter,gold,clear,2030] <= 0.075 make[smelter,clear,2030]"
    )
    assert p.row("coproduct_limit[smelter,gold,exposed,2030]") == says(
        "take[smelter,gold,exposed,2030] <= 0.1 make[smelter,exposed,2030] + 0.025 make[smelter,clear,2030]"
    )
    assert (
        p.rows("coproduct_limit")
        == p.variables("take")
        == {f"smelter,gold,{o},{t}" for o in ("clear", "exposed") for t in (2030, 2031)}
    )
    assert p.row("material_balance[gold,USA,clear,2030]") == says(
        "take[smelter,gold,clear,2030] + stock_out[gold,USA,clear,2030] == stock_in[gold,USA,clear,2030]"
    )


def test_coproduct_limit_is_absent_where_nobody_wants_the_coproduct():
    p = Program(with_gold())
    assert not p.rows("coproduct_limit")
    assert not p.variables("take")


def test_wholly_owned_by_concern_has_no_clear_output():
    world = chain()
    next(f for f in world["facilities"] if f["facility"] == "smelter")["concern_share"] = 1
    p = Program(world)
    assert p.variables("deliver") == {"cars/metal/USA,exposed,2030", "cars/metal/USA,exposed,2031"}
    assert p.row("material_balance[metal,USA,exposed,2030]") == says(
        "make[smelter,exposed,2030] + make[smelter,clear,2030] == deliver[cars/metal/USA,exposed,2030]"
    )


def test_activity_adds_up_feeds():
    p = Program(chain())
    assert p.expression("activity", "smelter", 2030) == adds("make[smelter,clear,2030] + make[smelter,exposed,2030]")
    assert p.expression("activity", "east", 2030) == adds("make[east,clear,2030]")


def test_activity_of_substitution_is_what_it_saves():
    p = Program(
        make_world(
            demand=[{2030: 100}, {"segment": "grid", 2030: 50}, {"material": "ore", 2030: 10}],
            facilities=[plant("thrift", kind="substitution")],
        )
    )
    assert p.variables("save") == {f"thrift,{d}/metal/USA,{t}" for d in ("cars", "grid") for t in (2030, 2031)}
    assert p.expression("activity", "thrift", 2031) == adds(
        "save[thrift,cars/metal/USA,2031] + save[thrift,grid/metal/USA,2031]"
    )
    assert not p.variables("make")


def two_inputs(flux_region: str) -> Sheets:
    """A smelter that also needs flux from a region."""
    world = chain(
        recipes=[{"facility": "smelter"}, {"facility": "smelter", "material": "flux", "t_per_t": 0.5}],
        materials=[{"material": "flux", "mineral": "tin", "stage": "mining", "shortage_cost_usd_per_t": 1}],
    )
    world["facilities"].append(plant("fluxer", output="flux", region=flux_region))
    world["routes"].append({"from_region": "CAN", "to_region": "USA", "material": "flux", "freight_usd_per_t": 1})
    return world


def test_downgrade_lets_clear_inputs_join_exposed_ones():
    p = Program(two_inputs("CAN"))
    assert p.variables("downgrade") == {f"{i},USA,{t}" for i in ("ore", "flux") for t in (2030, 2031)}
    assert p.row("material_balance[flux,USA,clear,2030]") == says(
        "ship[CAN>USA:flux,clear,2030] == 0.5 make[smelter,clear,2030] + downgrade[flux,USA,2030]"
    )
    assert p.row("material_balance[flux,USA,exposed,2030]") == says(
        "downgrade[flux,USA,2030] == 0.5 make[smelter,exposed,2030]"
    )
    assert p.row("material_balance[ore,USA,exposed,2030]") == says(
        "ship[CHN>USA:ore,exposed,2030] + downgrade[ore,USA,2030] == make[smelter,exposed,2030]"
    )


def test_no_downgrade_where_all_inputs_come_clear():
    world = two_inputs("CAN")
    world["facilities"] = [f for f in world["facilities"] if f["facility"] != "east"]
    p = Program(world)
    assert not p.variables("downgrade")
    assert not {key for key in p.variables("make") if ",exposed," in key}


def test_nothing_is_made_that_nobody_can_use():
    world = chain()
    world["facilities"] += [
        plant("stranded", output="metal", region="CAN"),
        plant("late", output="ore", region="CAN", online_year=2031),
        project("never", output="ore", region="CAN", lead_time_years=2),
    ]
    made = Program(world).variables("make")
    assert {key for key in made if key.startswith(("stranded", "late", "never"))} == {"late,clear,2031"}
