"""Caps on exposure and targets for the mix, by hand."""

from __future__ import annotations

import pytest

from tests.support.world_builder import make_world, plant


def only_china(**cap):
    """The only seller is Chinese, at 200 USD/t; at most 0.3 of 100 t may be exposed."""
    return make_world(
        demand=[{2030: 100}],
        facilities=[plant("east", region="CHN", variable_usd_per_t=199)],
        routes=[{"from_region": "CHN"}],
        exposure_caps=[{2030: 0.3} | cap],
    )


def test_hard_chain_cap_leaves_demand_unmet(solve):
    found = solve(only_china())
    assert found.t("unmet", "cars/metal/USA", 2030) == pytest.approx(70)
    assert found.usd == pytest.approx(2 * (30 * 200 + 70 * 5000))


def test_chain_cap_is_missed_where_that_is_cheaper(solve):
    """A tonne over the cap costs 200 + 1,000, a missing tonne 5,000."""
    found = solve(only_china(breach_usd_per_t=1000))
    assert found.each("cap_breach") == {"tin/chain/*,tin,2030": 70, "tin/chain/*,tin,2031": 70}
    assert found.usd == pytest.approx(2 * (100 * 200 + 70 * 1000))
    assert found.table("breaches", year=2030)[0]["cost_usd_million"] == pytest.approx(0.07)


def test_chain_cap_is_kept_where_missing_it_is_dearer_than_shortage(solve):
    found = solve(only_china(breach_usd_per_t=4801))
    assert found.usd == pytest.approx(2 * (30 * 200 + 70 * 5000))


def test_chain_cap_that_tightens(solve):
    """Home metal at 500 fills what Chinese metal may not: 30 t in 2030, 60 t in 2031."""
    world = only_china()
    world["exposure_caps"] = [{"mineral": "tin", "scope": "chain", 2030: 0.7, 2031: 0.4}]
    world["facilities"].append(plant("mill", output="metal", region="USA", variable_usd_per_t=500))
    found = solve(world)
    assert found.usd == pytest.approx(70 * 200 + 30 * 500 + 40 * 200 + 60 * 500)
    # A point more in 2031 replaces a tonne at 500 by one at 200.
    (row,) = found.table("exposure", stage="chain", segment="*", year=2031)
    assert row["price_usd_million_per_point"] == pytest.approx(300e-6)


def test_segment_cap_leaves_other_segments_alone(solve):
    """Defence takes home metal, cars Chinese."""
    world = only_china()
    world["demand"].append({"segment": "defence", "material": "metal", "region": "USA", 2030: 40})
    world["facilities"].append(plant("mill", output="metal", region="USA", variable_usd_per_t=500))
    world["exposure_caps"] = [{"mineral": "tin", "scope": "chain", "segment": "defence", 2030: 0}]
    assert solve(world).usd == pytest.approx(2 * (100 * 200 + 40 * 500))


def test_stage_cap_by_ownership(solve):
    """A mill half in foreign hands costs 100, a free one 300: 40 t of the former are 0.2 of the output."""
    found = solve(
        make_world(
            demand=[{2030: 100}],
            facilities=[
                plant("half", concern_share=0.5, variable_usd_per_t=100),
                plant("free", variable_usd_per_t=300),
            ],
            exposure_caps=[{"scope": "refining", 2030: 0.2}],
        )
    )
    assert found.t("activity", "half", 2030) == pytest.approx(40)
    assert found.usd == pytest.approx(2 * (40 * 100 + 60 * 300))


def two_stages(*caps):
    """30 t of ore are Chinese; 30 t of Canadian ore are refined by a Chinese owner: these are not the same tonnes."""
    return make_world(
        demand=[{2030: 100}],
        facilities=[
            plant("east_mine", region="CHN", output="ore", capacity_tpa=30),
            plant("north_mine", region="CAN", output="ore", capacity_tpa=70),
            plant("north_mill", region="CAN", capacity_tpa=30, concern_share=1),
            plant("home_mill", capacity_tpa=70),
        ],
        recipes=[{"facility": "north_mill"}, {"facility": "home_mill"}],
        routes=[
            {"from_region": "CHN", "material": "ore"},
            {"from_region": "CAN", "material": "ore"},
            {"from_region": "CAN", "material": "metal"},
        ],
        exposure_caps=list(caps),
    )


def test_a_chain_is_more_exposed_than_any_of_its_stages(solve):
    """Each stage is exposed by 0.3, end to end it is 0.6."""
    found = solve(two_stages({"scope": "mining", 2030: 0.3}, {"scope": "refining", 2030: 0.3}))
    shares = {row["stage"]: row["controlled_share"] for row in found.table("exposure", year=2030, segment="*")}
    assert shares == pytest.approx({"mining": 0.3, "refining": 0.3, "chain": 0.6})
    assert not found.each("unmet")


def test_a_chain_cap_sees_what_stage_caps_do_not(solve):
    """At a chain cap of 0.5 ten of the 60 exposed tonnes must go.

    5 t less are refined in Canada; their ore replaces 5 t of Chinese ore at home, whose mill is full.
    """
    found = solve(two_stages({2030: 0.5}))
    assert found.each("unmet") == {"cars/metal/USA,2030": 5, "cars/metal/USA,2031": 5}


def mix(target, settings=None):
    """Home metal at 300, Canadian at 100 delivered."""
    return make_world(
        settings=settings,
        demand=[{2030: 100}],
        facilities=[plant("mill", variable_usd_per_t=300), plant("north", region="CAN", variable_usd_per_t=99)],
        routes=[{"from_region": "CAN"}],
        mix_targets=[{"target": "asked", 2030: 0.5} | target],
    )


@pytest.mark.parametrize(
    ("target", "onshore", "breach"),
    [
        ({"sense": "min", "pathway": "onshore"}, 50, 0),
        ({"sense": "min", "region": "USA", 2031: 0.5}, 50, 0),
        ({"sense": "max", "pathway": "friendshore", 2030: 0.2}, 80, 0),
        ({"sense": "min", "pathway": "onshore", "breach_usd_per_t": 150}, 0, 50 * 150),
        ({"sense": "min", "pathway": "onshore", "breach_usd_per_t": 250}, 50, 0),
        ({"sense": "max", "pathway": "friendshore", "breach_usd_per_t": 10}, 0, 50 * 10),
    ],
    ids=["min", "min of a region", "max", "missed min", "dear min", "missed max"],
)
def test_mix_target(solve, target, onshore, breach):
    """A tonne at home costs 200 more; a missed tonne its breach price. Hard where there is none."""
    found = solve(mix(target))
    assert found.t("activity", "mill", 2030) == pytest.approx(onshore)
    assert found.usd == pytest.approx(2 * (onshore * 300 + (100 - onshore) * 100 + breach))


def test_hard_minimum_that_nothing_fills_idles_the_stage(solve):
    """All output must be recycled, and nothing is: a share of no output is no miss, all demand is unmet."""
    found = solve(mix({"sense": "min", "pathway": "recycled", 2030: 1}))
    assert found.usd == pytest.approx(2 * 100 * 5000)


OUTLET = {"material": "metal", "region": "USA", "price_share": 1}
LEFT_OUT = {"sales_count_in_stages": "no"}


@pytest.mark.parametrize(
    ("counted", "cost", "price"), [("no", 50 * 200 + 50 * 300, 100e-6), ("yes", 100 * 200 + 100 * 20, 80e-6)]
)
def test_what_is_sold_abroad_dilutes_a_stage_cap_only_where_it_counts(solve, counted, cost, price):
    """Half of the metal may be Chinese, at 200; the other half is made at home at 300.

    An outlet buys at 280. Where sales count, 100 t made at home and sold for a loss of 20 let all 100 t be Chinese,
    which saves 50 * 100 - 100 * 20 a year. A point more is a tonne at 200 instead of 300 where they do not count; else
    it is a point of 200 t, and lets 4 t less be made at home and sold.
    """
    world = only_china() | {
        "exposure_caps": [{"mineral": "tin", "scope": "refining", 2030: 0.5}],
        "prices": [{"material": "metal", 2030: 280}],
        "outlets": [OUTLET | {2030: 150}],
    }
    world["facilities"].append(plant("mill", output="metal", region="USA", variable_usd_per_t=300))
    world["settings"].append({"setting": "sales_count_in_stages", "value": counted})
    found = solve(world)
    assert found.usd == pytest.approx(2 * cost)
    (row,) = found.table("exposure", stage="refining", year=2030)
    assert row["controlled_share"] == row["located_share"] == pytest.approx(0.5)
    assert row["price_usd_million_per_point"] == pytest.approx(price)


def ore_of_two(outlet: float, *more, **sheets):
    """Half of the ore of 100 t of metal may be Chinese, at 11; home ore costs 100. An outlet buys metal at 80."""
    return make_world(
        settings=LEFT_OUT,
        demand=[{2030: 100}],
        prices=[{2030: 80}],
        facilities=[
            plant("east_mine", region="CHN", output="ore", variable_usd_per_t=10),
            plant("home_mine", output="ore", variable_usd_per_t=100),
            plant("mill"),
            *more,
        ],
        recipes=[{"facility": "mill"}, *sheets.pop("recipes", [])],
        routes=[{"from_region": "CHN", "material": "ore"}],
        outlets=[OUTLET | {2030: outlet}],
        exposure_caps=[{"scope": "mining", 2030: 0.5}],
        **sheets,
    )


def test_what_is_sold_at_a_later_stage_dilutes_no_stage_cap(solve):
    """Metal of 100 t of home ore, sold for a loss of 20, would else let all ore of home's metal be Chinese."""
    found = solve(ore_of_two(100))
    assert found.usd == pytest.approx(2 * (50 * 11 + 50 * 100))
    assert not found.each("sell")


def test_what_recyclers_make_is_sold_first(solve):
    """30 t of metal of scrap are worth 80 abroad, more than the 55.5 of the mixed ore they could replace."""
    found = solve(
        ore_of_two(
            30,
            plant("melter", kind="recycling", capacity_tpa=30),
            recipes=[{"facility": "melter", "material": "scrap"}],
            scrap=[{"quantity": "arisings", 2030: 30}, {"quantity": "collection_rate", 2030: 1}],
        )
    )
    assert found.usd == pytest.approx(2 * (50 * 11 + 50 * 100 - 30 * 80))
    (row,) = found.table("exposure", stage="mining", year=2030)
    assert row["controlled_share"] == pytest.approx(0.5)


def test_where_nearly_all_is_sold_a_share_is_at_most_one(solve):
    """60 t of Chinese ore and 40 t of home ore; 90 t of the metal are sold: the 60 t are more than the 10 t left."""
    world = ore_of_two(90)
    world["demand"] = [{"segment": "cars", "material": "metal", "region": "USA", 2030: 10}]
    del world["exposure_caps"]
    world["facilities"][0]["capacity_tpa"] = 60
    world["facilities"][1] |= {"variable_usd_per_t": 20, "capacity_tpa": 40}
    (row,) = solve(world).table("exposure", stage="mining", year=2030)
    assert row["located_share"] == 1


def test_what_is_sold_abroad_fills_no_mix_target(solve):
    """Half at home, at 300, half Canadian at 100; selling home metal at 280 would else let home use Canadian only."""
    world = mix({"sense": "min", "pathway": "onshore"}, LEFT_OUT) | {
        "prices": [{"material": "metal", 2030: 280}],
        "outlets": [OUTLET | {2030: 100}],
    }
    assert solve(world).usd == pytest.approx(2 * (50 * 300 + 50 * 100))


def test_what_a_target_does_not_count_is_sold_first(solve):
    """30 t of recycled metal at 250 are sold at 280; half of the other 100 t is made at home."""
    world = mix({"sense": "min", "pathway": "onshore"}, LEFT_OUT) | {
        "prices": [{"material": "metal", 2030: 280}],
        "outlets": [OUTLET | {2030: 30}],
        "recipes": [{"facility": "melter", "material": "scrap", "role": "input", "t_per_t": 1}],
        "scrap": [
            {"material": "scrap", "region": "USA", "quantity": "arisings", 2030: 30},
            {"material": "scrap", "region": "USA", "quantity": "collection_rate", 2030: 1},
        ],
    }
    world["facilities"].append(
        plant("melter", region="USA", output="metal", kind="recycling", capacity_tpa=30, variable_usd_per_t=250)
    )
    assert solve(world).usd == pytest.approx(2 * (50 * 300 + 50 * 100 - 30 * 30))
