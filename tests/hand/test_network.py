"""Recipes, provenance, coproducts and shortage, by hand."""

from __future__ import annotations

import pytest

from tests.support.world_builder import make_world, market, plant


def test_several_inputs_with_downgrade(solve):
    """Metal of ore and Canadian flux, at most 0.4 exposed.

    40 t on Chinese ore at 100, 60 t on Canadian ore at 150, 100 t of flux at 50, of which 40 t join Chinese ore;
    freight of 1 on 200 t.
    """
    found = solve(
        make_world(
            materials=[{"material": "flux", "mineral": "tin", "stage": "mining", "shortage_cost_usd_per_t": 1}],
            demand=[{2030: 100}],
            facilities=[
                plant("east", region="CHN", output="ore", variable_usd_per_t=100),
                plant("north", region="CAN", output="ore", variable_usd_per_t=150),
                plant("fluxer", region="CAN", output="flux", variable_usd_per_t=50),
                plant("mill"),
            ],
            recipes=[{"facility": "mill"}, {"facility": "mill", "material": "flux"}],
            routes=[
                {"from_region": "CHN", "material": "ore"},
                {"from_region": "CAN", "material": "ore"},
                {"from_region": "CAN", "material": "flux"},
            ],
            exposure_caps=[{2030: 0.4}],
        )
    )
    assert found.each("downgrade") == {"flux,USA,2030": 40, "flux,USA,2031": 40}
    assert found.t("deliver", "cars/metal/USA", "exposed", 2030) == pytest.approx(40)
    assert found.usd == pytest.approx(2 * (40 * 100 + 60 * 150 + 100 * 50 + 200))


def test_recipe_takes_more_than_a_tonne(solve):
    """1.5 t of ore at 80 and 30 of smelting make 150 USD/t."""
    found = solve(
        make_world(
            demand=[{2030: 100}],
            facilities=[plant("pit", output="ore", variable_usd_per_t=80), plant("mill", variable_usd_per_t=30)],
            recipes=[{"facility": "mill", "t_per_t": 1.5}],
        )
    )
    assert found.t("make", "pit", "clear", 2030) == pytest.approx(150)
    assert found.usd == pytest.approx(2 * 100 * 150)


def test_coproduct_is_taken_or_wasted(solve):
    """10 t of gold a year come with 100 t of metal; 6 are wanted, then 15, of which 5 are bought at 700."""
    found = solve(
        make_world(
            minerals=[{"mineral": "gold"}],
            materials=[{"material": "gold", "mineral": "gold", "stage": "refining", "shortage_cost_usd_per_t": 9000}],
            demand=[{2030: 100}, {"material": "gold", 2030: 6, 2031: 15}],
            facilities=[plant("mill", variable_usd_per_t=100), plant("digger", output="gold", variable_usd_per_t=700)],
            recipes=[{"facility": "mill", "material": "gold", "role": "coproduct", "t_per_t": 0.1}],
        )
    )
    assert found.each("take") == {"mill,gold,clear,2030": 6, "mill,gold,clear,2031": 10}
    assert found.usd == pytest.approx(2 * 100 * 100 + 5 * 700)


def test_main_product_is_never_made_for_the_bin(solve):
    """Gold worth 9,000 would come with unwanted metal: only the 100 t that are wanted are made."""
    found = solve(
        make_world(
            minerals=[{"mineral": "gold"}],
            materials=[{"material": "gold", "mineral": "gold", "stage": "refining", "shortage_cost_usd_per_t": 9000}],
            demand=[{2030: 100}, {"material": "gold", 2030: 12}],
            facilities=[plant("mill", variable_usd_per_t=100)],
            recipes=[{"facility": "mill", "material": "gold", "role": "coproduct", "t_per_t": 0.1}],
        )
    )
    assert found.usd == pytest.approx(2 * (100 * 100 + 2 * 9000))


def test_market_premium_and_shortage(solve):
    """60 t at 1.1 times the price of 400, then 500; the other 40 t at the shortage cost of 5,000."""
    found = solve(
        make_world(
            demand=[{2030: 100}],
            prices=[{2030: 400, 2031: 500}],
            facilities=[market("seller", capacity_tpa=60, premium=0.1)],
        )
    )
    assert found.each("unmet") == {"cars/metal/USA,2030": 40, "cars/metal/USA,2031": 40}
    assert found.cost("market", 2031) == pytest.approx(60 * 550)
    assert found.usd == pytest.approx(60 * 440 + 60 * 550 + 2 * 40 * 5000)


def chain_of_sellers(*, premium=0, pit_cost=50, mill_cost=30, **sheets):
    """A Canadian mine sells ore to a mill in China, which sells metal to the home country; both at the price."""
    return make_world(
        demand=[{2030: 100}],
        prices=[{2030: 400}, {"material": "ore", 2030: 120}],
        facilities=[
            plant("pit", region="CAN", output="ore", cost_basis="spread", variable_usd_per_t=pit_cost,
                  fixed_usd_per_tpa_year=10),
            plant("mill", region="CHN", cost_basis="spread", variable_usd_per_t=mill_cost, premium=premium),
        ],
        recipes=[{"facility": "mill", "t_per_t": 1.5}],
        routes=[{"from_region": "CAN", "to_region": "CHN", "material": "ore"}, {"from_region": "CHN"}],
        **sheets,
    )  # fmt: skip


@pytest.mark.parametrize(("premium", "paid"), [(0, 400), (0.1, 440)])
def test_a_chain_of_sellers_costs_the_price_of_what_it_delivers(solve, premium, paid):
    """Ore is paid 1.5 * 120 = 180 for a tonne of metal, the mill's step 400 - 180 = 220 (260 with the premium of 0.1).

    Together 400 (440) a tonne, whatever mine and mill spend themselves; freight is 1 on 1.5 t of ore and on the metal.
    The metal is exposed through the mill, and the ore is still traced.
    """
    found = solve(chain_of_sellers(premium=premium))
    assert found.cost("market", 2030) == pytest.approx(100 * paid)
    assert found.usd == pytest.approx(2 * (100 * paid + 100 * 2.5))
    assert found.t("make", "pit", "clear", 2030) == pytest.approx(150)
    assert found.t("deliver", "cars/metal/USA", "exposed", 2030) == pytest.approx(100)


def test_what_sellers_keep_is_their_rent(solve):
    """The mine keeps 120 - 50 - 10 = 60 on 150 t of ore, the mill 220 - 30 = 190 on 100 t of metal."""
    rents = solve(chain_of_sellers()).table("rents", year=2030)
    assert [(row["region"], row["mineral"], row["usd_million"]) for row in rents] == [
        ("CAN", "tin", pytest.approx(0.009)),
        ("CHN", "tin", pytest.approx(0.019)),
    ]


def test_a_seller_below_its_own_cost_is_paid_that_cost(solve):
    """The mill would have to smelt for 220 and needs 300: metal costs 180 + 300, and the mill keeps nothing."""
    found = solve(chain_of_sellers(mill_cost=300))
    assert found.usd == pytest.approx(2 * (100 * 480 + 100 * 2.5))
    assert [row["region"] for row in found.table("rents", year=2030)] == ["CAN"]


def test_a_seller_is_paid_the_price_for_a_coproduct(solve):
    """10 t of gold come with 100 t of metal; the 4 t that are wanted cost 700 each, less than the 900 of a mine."""
    found = solve(
        make_world(
            minerals=[{"mineral": "gold"}],
            materials=[{"material": "gold", "mineral": "gold", "stage": "refining", "shortage_cost_usd_per_t": 9000}],
            demand=[{2030: 100}, {"material": "gold", 2030: 4}],
            prices=[{2030: 400}, {"material": "gold", 2030: 700}],
            facilities=[
                plant("mill", cost_basis="spread", variable_usd_per_t=100),
                plant("digger", output="gold", variable_usd_per_t=900),
            ],
            recipes=[{"facility": "mill", "material": "gold", "role": "coproduct", "t_per_t": 0.1}],
        )
    )
    assert found.each("take") == {"mill,gold,clear,2030": 4, "mill,gold,clear,2031": 4}
    assert found.usd == pytest.approx(2 * (100 * 400 + 4 * 700))
    assert found.table("rents") == []  # At home nothing is paid to foreigners.


def test_price_where_nothing_comes_in(solve):
    """In 2030 nobody can supply metal yet: a tonne of it there would save the shortage cost of 5,000, as in 2031."""
    found = solve(make_world(demand=[{2030: 100}], facilities=[plant("mill", capacity_tpa=60, online_year=2031)]))
    rows = found.table("shadow_prices", constraint="material_balance", key="metal/USA/clear")
    assert {row["year"]: row["value"] for row in rows} == {2030: pytest.approx(5000), 2031: pytest.approx(5000)}


def test_shortage_is_cheaper_than_what_costs_more(solve):
    found = solve(
        make_world(
            materials=[{"material": "metal", "shortage_cost_usd_per_t": 250}],
            demand=[{2030: 100}],
            facilities=[plant("mill", variable_usd_per_t=300)],
        )
    )
    assert found.usd == pytest.approx(2 * 100 * 250)


def test_least_exposed_of_equally_cheap_plans(solve):
    """Chinese and Canadian metal cost the same; the plan is Canadian."""
    found = solve(
        make_world(
            demand=[{2030: 100}],
            facilities=[
                plant("east", region="CHN", variable_usd_per_t=100),
                plant("north", region="CAN", capacity_tpa=70, variable_usd_per_t=100),
            ],
            routes=[{"from_region": "CHN"}, {"from_region": "CAN"}],
        )
    )
    assert found.t("deliver", "cars/metal/USA", "clear", 2030) == pytest.approx(70)
    assert found.usd == pytest.approx(2 * 100 * 101)


@pytest.mark.parametrize(("shortage", "costliest"), [(9000, "wire"), (3000, "metal")])
def test_scarce_clear_lots_go_where_shortage_is_costliest(solve, shortage, costliest):
    """50 t of clear metal, 50 t of exposed: of metal (5,000) and wire the one that is dearer to lack is clear."""
    found = solve(
        make_world(
            materials=[
                {"material": "wire", "mineral": "tin", "stage": "refining", "shortage_cost_usd_per_t": shortage}
            ],
            demand=[{2030: 50}, {"material": "wire", 2030: 50}],
            facilities=[
                plant("drawer", output="wire"),
                plant("mill", capacity_tpa=50),
                plant("east", concern_share=1),
            ],
            recipes=[{"facility": "drawer", "material": "metal"}],
        )
    )
    assert found.t("deliver", f"cars/{costliest}/USA", "clear", 2030) == pytest.approx(50)
    assert found.t("deliver", f"cars/{costliest}/USA", "exposed", 2030) == 0
