"""Exposure caps and mix targets (model/formulation/exposure.py)."""

from __future__ import annotations

from typing import Any

from tests.support.algebra import Program, adds, says
from tests.support.sheets import Sheets
from tests.support.world_builder import make_world, plant


def world(**sheets: Any) -> Sheets:
    """Half a tonne of tin in a tonne of metal, made at home (a fifth of concern), in Canada and in China."""
    return make_world(
        materials=[{"material": "metal", "content": 0.5}],
        demand=[{2030: 100}, {"segment": "grid", 2030: 60, 2031: 0}],
        facilities=[
            plant("mill", concern_share=0.2),
            plant("north", region="CAN"),
            plant("east", region="CHN"),
            plant("melter", kind="recycling"),
            plant("thrift", kind="substitution"),
        ],
        recipes=[{"facility": "melter", "material": "scrap"}],
        scrap=[{"quantity": "arisings", 2030: 9}],
        routes=[{"from_region": "CAN"}, {"from_region": "CHN"}],
        **sheets,
    )


SAVED = "save[thrift,cars/metal/USA,2030] + 0.5 save[thrift,grid/metal/USA,2030]"
EXPOSED = "0.5 deliver[cars/metal/USA,exposed,2030] + 0.5 deliver[grid/metal/USA,exposed,2030]"


def test_chain_exposure_limit_of_all_segments_against_demand():
    """0.3 of half of 160 t."""
    p = Program(world(exposure_caps=[{2030: 0.3}]))
    assert p.rows("chain_exposure_limit") == {f"tin/chain/*,tin,{t}" for t in (2030, 2031)}
    assert p.row("chain_exposure_limit[tin/chain/*,tin,2030]") == says(f"{EXPOSED} <= 0.024")
    assert p.row("chain_exposure_limit[tin/chain/*,tin,2031]") == says(
        "0.5 deliver[cars/metal/USA,exposed,2031] <= 0.015"
    )
    assert not p.variables("cap_breach")


def test_chain_exposure_limit_of_a_segment_with_a_price():
    p = Program(world(exposure_caps=[{"segment": "grid", "breach_usd_per_t": 700, 2030: 0.1}]))
    # There is no demand of the grid in 2031, so there is nothing to cap.
    assert p.rows("chain_exposure_limit") == p.variables("cap_breach") == {"tin/chain/grid,tin,2030"}
    assert p.row("chain_exposure_limit[tin/chain/grid,tin,2030]") == says(
        "0.5 deliver[grid/metal/USA,exposed,2030] <= 0.003 + cap_breach[tin/chain/grid,tin,2030]"
    )


def test_chain_exposure_limit_counts_other_minerals_in_a_material():
    p = Program(
        world(
            minerals=[{"mineral": "gold"}, {"mineral": "lead"}],
            contents=[{"material": "metal", "mineral": "gold", "t_per_t": 0.01}],
            exposure_caps=[{"mineral": "*", 2030: 0.5, 2031: "none"}],
        )
    )
    assert p.rows("chain_exposure_limit") == {"*/chain/*,tin,2030", "*/chain/*,gold,2030"}
    assert p.row("chain_exposure_limit[*/chain/*,gold,2030]") == says(
        "0.01 deliver[cars/metal/USA,exposed,2030] + 0.01 deliver[grid/metal/USA,exposed,2030] <= 0.0008"
    )


def test_no_chain_exposure_limit_where_it_cannot_bind():
    for share in (1, "none"):
        p = Program(world(exposure_caps=[{"breach_usd_per_t": 1, 2030: share}]))
        assert not p.rows("chain_exposure_limit")
        assert not p.variables("cap_breach")
    clear = world(exposure_caps=[{"breach_usd_per_t": 1, 2030: 0.1}])
    clear["facilities"] = [f for f in clear["facilities"] if f["facility"] in {"north", "thrift"}]
    clear["recipes"] = []
    p = Program(clear)
    assert not p.rows("chain_exposure_limit")
    assert not p.variables("cap_breach")


def test_stage_exposure_limit_weighs_output_by_concern():
    """Output of concern less a tenth of all output: half a tonne of tin a tonne."""
    p = Program(world(exposure_caps=[{"scope": "refining", "segment": "grid", 2030: 0.1, 2031: "none"}]))
    assert p.rows("stage_exposure_limit") == {"tin/refining/grid,tin,2030"}
    assert p.row("stage_exposure_limit[tin/refining/grid,tin,2030]") == says(
        "0.45 make[east,clear,2030] + 0.05 make[mill,clear,2030] - 0.05 make[north,clear,2030]"
        " - 0.05 make[melter,clear,2030]"
        " - 0.05 save[thrift,cars/metal/USA,2030] - 0.05 save[thrift,grid/metal/USA,2030] <= 0"
    )


def test_stage_exposure_limit_may_be_missed_at_a_price():
    p = Program(world(exposure_caps=[{"scope": "refining", "breach_usd_per_t": 9, 2030: 0}]))
    assert p.row("stage_exposure_limit[tin/refining/*,tin,2030]") == says(
        "0.5 make[east,clear,2030] + 0.1 make[mill,clear,2030] <= cap_breach[tin/refining/*,tin,2030]"
    )


def test_no_stage_exposure_limit_where_no_concern_share_is_above_it():
    world_of_mill = world(exposure_caps=[{"scope": "refining", 2030: 0.2}])
    world_of_mill["facilities"] = [f for f in world_of_mill["facilities"] if f["facility"] != "east"]
    assert not Program(world_of_mill).rows("stage_exposure_limit")
    assert not Program(world(exposure_caps=[{"scope": "mining", 2030: 0}])).rows("stage_exposure_limit")


def test_mix_target_floor_of_a_pathway():
    """Onshore at least 0.4: only the mill counts."""
    p = Program(world(mix_targets=[{"target": "home", "pathway": "onshore", "sense": "min", 2030: 0.4}]))
    assert p.rows("mix_target_floor") == {f"home,tin,refining,{t}" for t in (2030, 2031)}
    assert p.row("mix_target_floor[home,tin,refining,2030]") == says(
        "0.3 make[mill,clear,2030] >= 0.2 make[north,clear,2030] + 0.2 make[east,clear,2030]"
        " + 0.2 make[melter,clear,2030]"
        " + 0.2 save[thrift,cars/metal/USA,2030] + 0.2 save[thrift,grid/metal/USA,2030]"
    )
    assert not p.variables("target_breach")
    assert not p.rows("mix_target_limit")


def test_mix_target_floor_may_be_missed_at_a_price():
    p = Program(
        world(
            mix_targets=[{"target": "saved", "pathway": "substituted", "sense": "min", "breach_usd_per_t": 5, 2030: 1}]
        )
    )
    assert p.row("mix_target_floor[saved,tin,refining,2031]") == says(
        "target_breach[saved,tin,refining,2031] >= 0.5 make[mill,clear,2031] + 0.5 make[north,clear,2031]"
        " + 0.5 make[east,clear,2031] + 0.5 make[melter,clear,2031]"
    )


def test_mix_target_limit_of_a_region():
    p = Program(
        world(mix_targets=[{"target": "few", "region": "CHN", "sense": "max", "breach_usd_per_t": 5, 2030: 0.25}])
    )
    assert p.rows("mix_target_limit") == p.variables("target_breach") == {f"few,tin,refining,{t}" for t in (2030, 2031)}
    assert p.row("mix_target_limit[few,tin,refining,2030]") == says(
        "0.375 make[east,clear,2030] <= target_breach[few,tin,refining,2030]"
        " + 0.125 make[mill,clear,2030] + 0.125 make[north,clear,2030] + 0.125 make[melter,clear,2030]"
        " + 0.125 save[thrift,cars/metal/USA,2030] + 0.125 save[thrift,grid/metal/USA,2030]"
    )
    assert not p.rows("mix_target_floor")


def test_mix_target_of_pathway_and_region_counts_where_both_fit():
    p = Program(world(mix_targets=[
        {"target": "both", "region": "USA", "pathway": "recycled", "sense": "max", 2030: 0.5},
    ]))  # fmt: skip
    terms = p.row("mix_target_limit[both,tin,refining,2030]").terms
    assert [label for label, value in terms.items() if value > 0] == ["make[melter,clear,2030]"]


def test_no_mix_target_where_it_cannot_bind():
    p = Program(
        world(
            mix_targets=[
                {"target": "zero", "pathway": "onshore", "sense": "min", 2030: 0},
                {"target": "one", "pathway": "onshore", "sense": "max", "breach_usd_per_t": 1, 2030: 1},
                {"target": "all", "sense": "min", "breach_usd_per_t": 1, 2030: 0.5},
                {"target": "nobody", "pathway": "other", "sense": "max", 2030: 0},
                {"target": "unset", "pathway": "onshore", "sense": "min", 2030: "none"},
                {"target": "idle", "stage": "mining", "pathway": "onshore", "sense": "min", 2030: 1},
            ]
        )
    )
    assert not p.rows("mix_target_floor")
    assert not p.rows("mix_target_limit")
    assert not p.variables("target_breach")


def test_output_of_main_product_and_coproduct():
    p = Program(
        make_world(
            demand=[{2030: 100}, {"material": "ore", 2030: 5}],
            facilities=[plant("mill", concern_share=0.5), plant("idle", output="scrap")],
            recipes=[{"facility": "mill", "role": "coproduct", "material": "ore", "t_per_t": 0.1}],
            exposure_caps=[{"scope": "mining", 2030: 0.2}],
        )
    )
    assert p.members("output") == {f"mill,{j},{t}" for j in ("metal", "ore") for t in (2030, 2031)}
    assert p.expression("output", "mill", "metal", 2030) == adds("make[mill,clear,2030]")
    assert p.expression("output", "mill", "ore", 2030) == adds(
        "take[mill,ore,clear,2030] + take[mill,ore,exposed,2030]"
    )
    assert p.row("stage_exposure_limit[tin/mining/*,tin,2030]") == says(
        "0.3 take[mill,ore,clear,2030] + 0.3 take[mill,ore,exposed,2030] <= 0"
    )


def outlet_world(outlet: str, **sheets: Any) -> Sheets:
    """Ore from home and from China, each half tin; metal at home, of ore or scrap; an outlet of 40 t of `outlet`."""
    return make_world(
        settings={"sales_count_in_stages": "no"},
        materials=[{"material": "ore", "content": 0.5}],
        demand=[{2030: 100}],
        prices=[{2030: 400}, {"material": "ore", 2030: 100}],
        facilities=[
            plant("pit", output="ore"),
            plant("east", region="CHN", output="ore"),
            plant("mill"),
            plant("melter", kind="recycling"),
        ],
        recipes=[{"facility": "mill", "t_per_t": 2}, {"facility": "melter", "material": "scrap"}],
        routes=[{"from_region": "CHN", "material": "ore"}],
        scrap=[{"quantity": "arisings", 2030: 9}, {"quantity": "collection_rate", 2030: 1}],
        outlets=[{"material": outlet, "region": "USA", 2030: 40, 2031: 0}],
        **sheets,
    )


SOLD = "sell[metal,USA,clear,2030] + sell[metal,USA,exposed,2030]"


def test_passed_floor_counts_later_sales_beyond_what_recyclers_make():
    p = Program(outlet_world("metal", exposure_caps=[{"scope": "mining", 2030: 0.4}]))
    assert p.rows("passed_floor") == p.variables("passed") == {"tin,mining,USA,2030"}
    assert p.row("passed_floor[tin,mining,USA,2030]") == says(
        f"{SOLD} - make[melter,clear,2030] - passed[tin,mining,USA,2030] <= 0"
    )
    assert p.row("stage_exposure_limit[tin/mining/*,tin,2030]") == says(
        "0.3 make[east,clear,2030] <= 0.2 make[pit,clear,2030] - 0.4 passed[tin,mining,USA,2030]"
    )
    assert p.row("stage_exposure_limit[tin/mining/*,tin,2031]") == says(
        "0.3 make[east,clear,2031] <= 0.2 make[pit,clear,2031]"
    )
    assert p.expression("sold", "tin", "mining", 2030) == adds("passed[tin,mining,USA,2030]")


def test_what_is_sold_at_a_stage_is_no_part_of_it():
    p = Program(outlet_world("ore", exposure_caps=[{"scope": "mining", 2030: 0.4}]))
    assert not p.rows("passed_floor")
    assert p.row("stage_exposure_limit[tin/mining/*,tin,2030]") == says(
        "0.3 make[east,clear,2030] <= 0.2 make[pit,clear,2030] - 0.2 sell[ore,USA,clear,2030]"
        " - 0.2 sell[ore,USA,exposed,2030]"
    )


def test_nothing_is_sold_where_nothing_is_asked_of_the_stage():
    p = Program(outlet_world("ore", exposure_caps=[{"scope": "refining", 2030: 0.4}]))
    assert not p.members("sold")
    assert not Program(outlet_world("metal", exposure_caps=[{2030: 0.4}])).variables("passed")


def test_counted_sold_floor_takes_what_is_not_counted_first():
    p = Program(
        outlet_world("metal", mix_targets=[{"target": "home", "pathway": "onshore", "sense": "min", 2030: 0.3}])
    )
    assert p.rows("counted_sold_floor") == p.variables("counted_sold") == {"home,tin,refining,USA,2030"}
    assert p.row("counted_sold_floor[home,tin,refining,USA,2030]") == says(
        f"{SOLD} - make[melter,clear,2030] - counted_sold[home,tin,refining,USA,2030] <= 0"
    )
    assert p.row("mix_target_floor[home,tin,refining,2030]") == says(
        "0.7 make[mill,clear,2030] + 0.7 make[mill,exposed,2030] - counted_sold[home,tin,refining,USA,2030]"
        " + 0.3 sell[metal,USA,clear,2030] + 0.3 sell[metal,USA,exposed,2030] >= 0.3 make[melter,clear,2030]"
    )


def test_mix_target_limit_is_taken_of_what_is_not_sold():
    p = Program(
        outlet_world("metal", mix_targets=[{"target": "few", "pathway": "recycled", "sense": "max", 2030: 0.3}])
    )
    assert not p.rows("counted_sold_floor")
    assert p.row("mix_target_limit[few,tin,refining,2030]") == says(
        "0.7 make[melter,clear,2030] + 0.3 sell[metal,USA,clear,2030] + 0.3 sell[metal,USA,exposed,2030]"
        " <= 0.3 make[mill,clear,2030] + 0.3 make[mill,exposed,2030]"
    )


def test_sales_count_in_stages_unless_a_setting_leaves_them_out():
    world = outlet_world("metal", exposure_caps=[{"scope": "mining", 2030: 0.4}])
    world["settings"] = [row for row in world["settings"] if row["setting"] != "sales_count_in_stages"]
    p = Program(world)
    assert not p.rows("passed_floor") | p.variables("passed") | p.members("sold")
    assert p.row("stage_exposure_limit[tin/mining/*,tin,2030]") == says(
        "0.3 make[east,clear,2030] <= 0.2 make[pit,clear,2030]"
    )
