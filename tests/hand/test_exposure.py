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


def mix(target):
    """Home metal at 300, Canadian at 100 delivered."""
    return make_world(
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
