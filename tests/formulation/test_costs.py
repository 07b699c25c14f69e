"""Every cost term, and their discounted sum (model/formulation/costs.py). Coefficients are USD million a kt."""

from __future__ import annotations

from collections import defaultdict

import pytest

from model.formulation.costs import COST_TERMS
from tests.support.algebra import Program, adds
from tests.support.sheets import Sheets
from tests.support.world_builder import make_world, market, plant, project


def world(*facilities, settings=None, **sheets) -> Sheets:
    return make_world(settings, **({"demand": [{2030: 100}], "facilities": list(facilities)} | sheets))


def terms_of(p: Program) -> set[str]:
    return {key.split(",")[0] for key in p.members("cost")}


def test_variable_follows_its_path():
    p = Program(
        world(
            plant("mill"),
            plant("thrift", kind="substitution", variable_usd_per_t=70),
            facility_paths=[{"facility": "mill", "quantity": "variable_usd_per_t", 2030: 300, 2031: 310}],
        )
    )
    assert p.expression("cost", "variable", 2031) == adds(
        "0.31 make[mill,clear,2031] + 0.07 save[thrift,cars/metal/USA,2031]"
    )


def test_market_pays_price_and_premium_and_no_other_cost():
    p = Program(world(market("seller", premium=0.05, variable_usd_per_t=99), prices=[{2030: 400, 2031: 500}]))
    assert p.expression("cost", "market", 2030) == adds("0.42 make[seller,clear,2030]")
    assert p.expression("cost", "market", 2031) == adds("0.525 make[seller,clear,2031]")
    assert "variable" not in terms_of(p)
    assert p.objective()["make[seller,clear,2030]"] == 0.42


def test_a_seller_is_paid_its_spread_and_no_other_cost():
    """400 a tonne less 1.5 t of ore at 120 are 220; in 2031 100 - 180 is less than its own cost of 30."""
    p = Program(
        world(
            plant("pit", output="ore"),
            plant("mill", cost_basis="spread", variable_usd_per_t=30, fixed_usd_per_tpa_year=20),
            prices=[{2030: 400, 2031: 100}, {"material": "ore", 2030: 120}],
            recipes=[{"facility": "mill", "t_per_t": 1.5}],
        )
    )
    assert p.expression("cost", "market", 2030) == adds("0.22 make[mill,clear,2030]")
    assert p.expression("cost", "market", 2031) == adds("0.03 make[mill,clear,2031]")
    assert not [label for label in p.objective() if label.startswith("retain[mill")]


def test_fixed_is_paid_on_open_nameplate():
    p = Program(
        world(plant("mill", fixed_usd_per_tpa_year=20, max_new_tpa=10, utilisation=0.5, life_years=1, capacity_tpa=5))
    )
    assert p.expression("cost", "fixed", 2031) == adds("0.02 retain[mill,2031] + 0.02 build[mill,2031,merchant]")


def test_annuity_is_paid_while_online_at_the_hurdle_rate():
    """600 a t/yr over ten years at 8 % are 600/6.7100814 = 89.4176932 a year."""
    p = Program(world(project("mill", capex_usd_per_tpa=600, life_years=10, lead_time_years=1)))
    assert p.expression("cost", "annuity", 2031) == adds("0.0894176932 build[mill,2030,merchant]")
    assert "annuity,tin,2030" not in p.members("cost")


@pytest.mark.parametrize(("rate", "life", "yearly"), [(0, 4, 150), (0.1, 1, 660)])
def test_annuity_without_interest_and_of_one_year(rate, life, yearly):
    p = Program(world(project("mill", capex_usd_per_tpa=600, life_years=life, hurdle_rate=rate)))
    assert p.expression("cost", "annuity", 2030) == adds(f"{yearly / 1000} build[mill,2030,merchant]")


ROUTE = {"from_region": "CAN", "freight_usd_per_t": 12, "tariff": 0.25}


def test_freight_and_tariff_on_every_shipment():
    p = Program(world(plant("north", region="CAN", concern_share=0.5), routes=[ROUTE], prices=[{2030: 400}]))
    both = "{0} ship[CAN>USA:metal,clear,2030] + {0} ship[CAN>USA:metal,exposed,2030]"
    assert p.expression("cost", "freight", 2030) == adds(both.format(0.012))
    assert p.expression("cost", "tariff", 2030) == adds(both.format(0.1))


def test_tariff_is_left_out_where_it_is_a_transfer():
    p = Program(
        world(plant("north", region="CAN"), routes=[ROUTE], prices=[{2030: 400}],
              settings={"tariffs_count_as_cost": "no"})
    )  # fmt: skip
    assert "tariff" not in terms_of(p)


def test_switching_is_paid_by_the_tonne_dropped():
    route = ROUTE | {"decay": 0.2, "switching_usd_per_t": 50}
    p = Program(world(plant("north", region="CAN"), routes=[route], prices=[{2030: 400}]))
    assert p.expression("cost", "switching", 2031) == adds("0.05 drop[CAN>USA:metal,2031]")


def test_a_tariff_that_others_levy_is_always_a_cost():
    """China pays a quarter of the price of 400 on metal from Canada; home keeps what it levies itself."""
    p = Program(
        world(
            plant("north", region="CAN"),
            plant("east", region="CHN", output="wire"),
            materials=[{"material": "wire", "mineral": "tin", "stage": "refining", "shortage_cost_usd_per_t": 900}],
            demand=[{2030: 100}, {"material": "wire", 2030: 10}],
            recipes=[{"facility": "east", "material": "metal"}],
            routes=[ROUTE, {**ROUTE, "to_region": "CHN"}, {"from_region": "CHN", "material": "wire"}],
            prices=[{2030: 400}],
            settings={"tariffs_count_as_cost": "no"},
        )
    )
    assert p.expression("cost", "tariff", 2030) == adds("0.1 ship[CAN>CHN:metal,clear,2030]")


def test_what_is_left_is_worth_a_share_of_the_last_price():
    p = Program(
        world(plant("mill", concern_share=0.5), stockpiles=[{"salvage_share": 0.25}], prices=[{2030: 400, 2031: 300}])
    )
    assert p.expression("cost", "salvage", "tin", 2031) == adds(
        "-0.075 stock[metal,USA,clear,2031] - 0.075 stock[metal,USA,exposed,2031]"
    )
    assert "salvage,tin,2030" not in p.members("cost")


def test_outlet_pays_a_share_of_the_price_of_the_year():
    outlet = {"material": "metal", "region": "USA", 2030: 5}
    p = Program(world(plant("mill"), outlets=[outlet], prices=[{2030: 400, 2031: 300}]))
    assert p.expression("cost", "outlet", "tin", 2031) == adds("-0.27 sell[metal,USA,clear,2031]")
    p = Program(world(plant("mill"), outlets=[outlet | {"price_share": 0.5}], prices=[{2030: 400}]))
    assert p.expression("cost", "outlet", "tin", 2030) == adds("-0.2 sell[metal,USA,clear,2030]")


def test_shortage_costs_what_the_row_says_else_what_the_material_says():
    sheets = world(plant("mill"))
    sheets["demand"].append({"segment": "defence", "material": "metal", "region": "USA", 2030: 5,
                             "shortage_cost_usd_per_t": 9000})  # fmt: skip
    found = Program(sheets).expression("cost", "shortage", "tin", 2030)
    assert found["unmet[defence/metal/USA,2030]"] == pytest.approx(9)
    assert {x for label, x in found.items() if "defence" not in label} == {5}


def test_fixed_cost_of_what_stands_idle():
    """20 a t/yr for what is open, 5 for what is not of the 1,000 t/yr there are; the other plant pays nothing."""
    p = Program(world(plant("mill", fixed_usd_per_tpa_year=20, idle_cost_share=0.25), plant("other")))
    assert p.expression("cost", "fixed", "tin", 2030) == adds("0.005 + 0.015 retain[mill,2030]")


def test_fixed_cost_of_what_cannot_open():
    """A commercial plant whose margin does not pay stays closed, and costs a quarter of 20."""
    closed = plant("mill", fixed_usd_per_tpa_year=20, idle_cost_share=0.25, commercial="yes", variable_usd_per_t=500)
    p = Program(world(closed, plant("other"), prices=[{2030: 400}]))
    assert p.expression("cost", "fixed", "tin", 2030) == {"": pytest.approx(0.005)}


def test_collection_is_paid_by_the_tonne():
    p = Program(
        world(
            plant("melter", kind="recycling"),
            recipes=[{"facility": "melter", "material": "scrap"}],
            scrap=[{"quantity": "arisings", 2030: 5}, {"quantity": "collection_usd_per_t", 2030: 30, 2031: 50}],
        )
    )
    assert p.expression("cost", "collection", 2031) == adds("0.05 collect[scrap,USA,2031]")


def test_holding_is_paid_at_year_end():
    p = Program(world(plant("mill", concern_share=0.5), stockpiles=[{"holding_usd_per_t": 8}]))
    assert p.expression("cost", "holding", 2030) == adds(
        "0.008 stock[metal,USA,clear,2030] + 0.008 stock[metal,USA,exposed,2030]"
    )


def test_shortage_cost_of_the_material():
    p = Program(world(demand=[{2030: 100}, {"material": "ore", 2030: 1}],
                      materials=[{"material": "ore", "shortage_cost_usd_per_t": 900}]))  # fmt: skip
    assert p.expression("cost", "shortage", 2030) == adds("5 unmet[cars/metal/USA,2030] + 0.9 unmet[cars/ore/USA,2030]")


def test_breach_of_caps_targets_and_covers():
    p = Program(
        world(
            plant("mill", concern_share=0.5),
            exposure_caps=[{"breach_usd_per_t": 10, 2030: 0.1}, {"scope": "refining", "breach_usd_per_t": 20, 2030: 0}],
            mix_targets=[{"target": "few", "pathway": "onshore", "sense": "max", "breach_usd_per_t": 30, 2030: 0.5}],
            stockpiles=[{"min_cover_days": 30, "cover_breach_usd_per_t": 40}],
        )
    )
    assert p.expression("cost", "breach", 2030) == adds(
        "0.01 cap_breach[tin/chain/*,tin,2030] + 0.02 cap_breach[tin/refining/*,tin,2030]"
        " + 0.03 target_breach[few,tin,refining,2030] + 0.04 cover_breach[metal,USA,2030]"
    )


def test_resources_have_their_price_on_every_unit():
    p = Program(
        world(
            plant("mill", co2_t_per_t=2, waste_t_per_t=9),
            resource_limits=[
                {"limit": "tax", "resource": "co2", "price_usd_per_unit": 80, 2030: 7},
                {"limit": "free", "resource": "waste", 2030: 7},
            ],
        )
    )
    assert p.expression("cost", "resources", 2030) == adds("0.16 make[mill,clear,2030]")


BURDEN = {"public_funds_excess_burden": 0.25}


def test_annuity_bears_interest_during_construction():
    """200 spent in the year before the first output at 10 % are 220 then, repaid with 242 at the end of one year."""
    mill = project(
        "mill", hurdle_rate=0.1, capex_usd_per_tpa=200, life_years=1, lead_time_years=1, construction_years=1
    )
    p = Program(world(mill))
    assert p.expression("cost", "annuity", 2031) == adds("0.242 build[mill,2030,merchant]")


def test_burden_pay_ends_with_the_plan():
    """Strike 450 + 200/2 = 550 at a price of 400: 150 a t/yr, of which the burden is a quarter."""
    mill = project("mill", commercial="yes", cfd_eligible="yes", hurdle_rate=0, capex_usd_per_tpa=200, life_years=2,
                   variable_usd_per_t=450)  # fmt: skip
    p = Program(world(mill, prices=[{2030: 400}], support_offers=[{"offer": "cfd"}], settings=BURDEN))
    assert p.expression("cost", "burden_pay", 2031) == adds("0.0375 build[mill,2030,cfd] + 0.0375 build[mill,2031,cfd]")
    assert set(p.members("pay")) == {"2030", "2031", "2032"}
    assert {key for key in p.members("cost") if key.endswith(",2032")} == set()


def test_burden_grants_and_credits():
    """A tenth of an annuity of 100, and 40 a tonne: a quarter of each."""
    mill = project("mill", hurdle_rate=0, capex_usd_per_tpa=200, life_years=2, grant_share=0.1, credit_usd_per_t=40)
    p = Program(world(mill, settings=BURDEN))
    assert p.expression("cost", "burden_grants", 2031) == adds(
        "0.0025 build[mill,2030,merchant] + 0.0025 build[mill,2031,merchant]"
    )
    assert p.expression("cost", "burden_credits", 2031) == adds("0.01 make[mill,clear,2031]")
    # Grants lower what owners must earn, not what the mill costs.
    assert p.expression("cost", "annuity", 2030) == adds("0.1 build[mill,2030,merchant]")


def test_terms_that_cannot_arise_are_absent():
    mills = plant("mill", variable_usd_per_t=1), project("new")
    assert terms_of(Program(world(*mills))) == {"variable", "fixed", "annuity", "shortage"}


def test_amounts_are_of_the_mineral_they_are_spent_on():
    """The mill makes tin of tungsten ore: its cost is of tin, freight of the ore and the mine are of tungsten."""
    p = Program(
        world(
            plant("pit", region="CAN", output="scheelite", variable_usd_per_t=40),
            plant("mill", variable_usd_per_t=70),
            minerals=[{"mineral": "tungsten"}],
            materials=[
                {"material": "scheelite", "mineral": "tungsten", "stage": "mining", "shortage_cost_usd_per_t": 900}
            ],
            recipes=[{"facility": "mill", "material": "scheelite"}],
            routes=[{"from_region": "CAN", "material": "scheelite"}],
        )
    )
    assert p.expression("cost", "variable", "tin", 2030) == adds("0.07 make[mill,clear,2030]")
    assert p.expression("cost", "variable", "tungsten", 2030) == adds("0.04 make[pit,clear,2030]")
    assert p.expression("cost", "freight", "tungsten", 2030) == adds("0.001 ship[CAN>USA:scheelite,clear,2030]")
    assert {key for key in p.members("cost") if key.startswith("shortage")} == {
        "shortage,tin,2030", "shortage,tin,2031",
    }  # fmt: skip


def rich_world() -> Sheets:
    """Something of every cost term."""
    return world(
        market("seller"),
        plant("north", region="CAN", concern_share=0.5, variable_usd_per_t=10, fixed_usd_per_tpa_year=5, co2_t_per_t=1),
        plant("melter", kind="recycling"),
        project("mill", commercial="yes", cfd_eligible="yes", capex_usd_per_tpa=900, variable_usd_per_t=450,
                grant_share=0.1, credit_usd_per_t=1),
        settings={"social_discount_rate": 0.1} | BURDEN,
        prices=[{2030: 400}],
        routes=[ROUTE | {"decay": 0.2, "switching_usd_per_t": 50}],
        recipes=[{"facility": "melter", "material": "scrap"}],
        scrap=[{"quantity": "arisings", 2030: 5}, {"quantity": "collection_usd_per_t", 2030: 30}],
        stockpiles=[{"holding_usd_per_t": 8, "salvage_share": 0.1}],
        outlets=[{"material": "metal", "region": "USA", 2030: 5}],
        exposure_caps=[{"breach_usd_per_t": 10, 2030: 0.1}],
        resource_limits=[{"limit": "tax", "resource": "co2", "price_usd_per_unit": 80, 2030: "none"}],
        support_offers=[{"offer": "cfd", "term_years": 5}],
    )  # fmt: skip


def test_total_cost_is_the_discounted_sum_of_every_term():
    p = Program(rich_world())
    assert terms_of(p) == set(COST_TERMS)
    total: defaultdict[str, float] = defaultdict(float)
    for key in p.members("cost"):
        term, mineral, t = key.split(",")
        for label, value in p.expression("cost", term, mineral, int(t)).items():
            total[label] += value / 1.1 ** (int(t) - 2030)
    assert p.objective() == pytest.approx(dict(total), rel=1e-8)
