"""Stress tests of worlds small enough for arithmetic; laws of stress tests and hedged plans on random worlds."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from model.analyses.hedge import find_hedge, find_trunk
from model.analyses.inquiry import Inquiry
from model.analyses.pool import OneByOne
from model.analyses.shocked import find_shocks, meet_shock
from model.analyses.stress import find_stress
from model.data.financing import find_financing
from model.data.lookup import Lookup
from model.results import tabulate
from model.results.columns import RESULT_TABLES
from model.results.plan import solve_plan, state_plan
from model.scenarios.lineage import shocks
from model.scenarios.merge import merge
from model.workbook import reader
from tests.independent import random_worlds
from tests.support.inquiries import ask
from tests.support.sheets import Sheets, small_world
from tests.support.tables import tables_of
from tests.support.world_builder import make_world, market, plant, project

pytestmark = pytest.mark.slow


def tiny_world(**more: list[dict[str, Any]]) -> Sheets:
    """One good, wanted at home, 100 kt a year for three years; no discounting, no excess burden, no haircut.

    A partner sells it at 100 USD/t and 10 USD/t of freight. The shock `stop`: in 2028 the partner sells nothing.
    Whatever is missing costs 1,000 USD/t.
    """
    settings = {"first_year": 2026, "last_year": 2028, "social_discount_rate": 0, "public_funds_excess_burden": 0,
                "lender_price_haircut": 0}  # fmt: skip
    world: Sheets = {
        "settings": [{"setting": key, "value": value} for key, value in settings.items()],
        "regions": [{"region": "USA", "standing": "home"}, {"region": "PTN", "standing": "partner"}],
        "stages": [{"stage": "refining", "order": 1}],
        "minerals": [{"mineral": "ndpr"}],
        "materials": [{"material": "oxide", "mineral": "ndpr", "stage": "refining", "shortage_cost_usd_per_t": 1000}],
        "demand": [{"segment": "all", "material": "oxide", "region": "USA", 2026: 100_000}],
        "prices": [{"material": "oxide", 2026: 100}],
        "facilities": [{"facility": "partner", "region": "PTN", "output": "oxide", "capacity_tpa": 100_000,
                        "variable_usd_per_t": 100}],
        "routes": [{"from_region": "PTN", "to_region": "USA", "material": "*", "freight_usd_per_t": 10}],
        "scenarios": [
            {"scenario": "base"},
            {"scenario": "stop", "kind": "shock", "probability": 0.25, "known_from_year": 2028},
        ],
        "changes": [{"scenario": "stop", "sheet": "facilities", "where": "region=PTN", "column": "capacity_tpa",
                     "years": "2028", "operation": "set", "value": 0}],
    }  # fmt: skip
    for sheet, rows in more.items():
        world[sheet] = [*world.get(sheet, []), *rows]
    return world


def test(world: Sheets) -> dict[str, dict[tuple[str, ...], Any]]:
    """Stress tables of the plan `base`: table -> labels -> number."""
    found = find_stress(ask(world))
    assert all(model["status"] == "optimal" for model in found.models)
    stress = tabulate("stress", found.tables["stress"]).set_index("shock")
    return {
        "extra_cost": stress["extra_cost_usd_million"].to_dict(),
        "penalties": stress["extra_penalties_usd_million"].to_dict(),
        "unmet": stress["most_short_share"].to_dict(),
        "cfd": stress["support_usd_million"].to_dict(),
        "regret": {row[1]: row[2] for row in found.tables["regret"]},
        "worst": {row[1]: row[3] for row in found.tables["regret"]},
        "saved": {row[1:4]: row[4] for row in found.tables["stress_savings"]},
        "saved_penalties": {row[1:4]: row[6] for row in found.tables["stress_savings"]},
        "regret_penalties": {row[1]: row[5] for row in found.tables["regret"]},
        "breaches": {row[1:5]: row[5] for row in found.tables["stress_breaches"]},
    }


test.__test__ = False  # type: ignore[attr-defined]


def idle_plant(**more: Any) -> dict[str, Any]:
    return {"facility": "home", "region": "USA", "output": "oxide", "capacity_tpa": 60_000, "variable_usd_per_t": 300,
            **more}  # fmt: skip


def test_an_idle_plant_steps_in():
    """2028: 60 kt at 300 and 40 kt missing at 1,000 instead of 100 kt at 110: 18 + 40 - 11 = 47 USD million.

    Without the plant 100 - 11 = 89, and it does nothing otherwise, so it saves 42: 60 of penalties less the 18 that
    its output costs. Known before, nothing would be different: regret 0.
    """
    found = test(tiny_world(facilities=[idle_plant()]))
    assert found["extra_cost"] == {"stop": pytest.approx(47)}
    assert found["penalties"] == {"stop": pytest.approx(40)}
    assert found["unmet"] == {"stop": pytest.approx(40 / 300)}
    assert found["saved"] == {("stop", "facility", "home"): pytest.approx(42)}
    assert found["saved_penalties"] == {("stop", "facility", "home"): pytest.approx(60)}
    assert found["regret"] == {"stop": pytest.approx(0)}
    assert found["worst"] == {"stop": "yes"}
    assert found["breaches"] == {}


def new_supplier(**change: Any) -> Sheets:
    """Another supplier at 200 and 10 of freight, of which 20 kt more can be qualified each year."""
    return tiny_world(
        regions=[{"region": "ALT", "standing": "partner"}],
        facilities=[{"facility": "other", "region": "ALT", "output": "oxide", "capacity_tpa": 100_000,
                     "variable_usd_per_t": 200}],
        routes=[{"from_region": "ALT", "to_region": "USA", "material": "oxide", "freight_usd_per_t": 10, "growth": 0,
                 "start_tpa": 20_000}],
        changes=[{"scenario": "stop", "sheet": "routes", "where": "from_region=ALT", "years": "2028",
                  "operation": "set", **change}] if change else [],
    )  # fmt: skip


def test_a_new_supplier_cannot_be_qualified_overnight():
    """2028: 20 kt at 210 and 80 kt missing at 1,000 instead of 100 kt at 110: 4.2 + 80 - 11 = 73.2 USD million.

    Known before, 20 kt in 2026 and 40 kt in 2027 would have been bought at 100 more, so that 60 kt come in 2028:
    40 * 790 less 60 * 100 are 25.6 of regret, 40 of penalties less 14.4 that these goods cost.
    """
    found = test(new_supplier())
    assert found["extra_cost"] == {"stop": pytest.approx(73.2)}
    assert found["regret"] == {"stop": pytest.approx(25.6)}
    assert found["regret_penalties"] == {"stop": pytest.approx(40)}


def test_a_shock_may_state_an_emergency_growth():
    """60 kt at 210 and 40 kt missing: 12.6 + 40 - 11."""
    assert test(new_supplier(column="start_tpa", value=60_000))["extra_cost"] == {"stop": pytest.approx(41.6)}


def test_what_was_built_stands_when_what_it_requires_is_gone():
    """60 kt at 50 were built beside a hub of 1 kt; in 2028 hub and partner stop: 60 * 50 + 40 * 1,000.

    Without the shock 60 * 50 + 40 * 110: 35.6 less.
    """
    hub = idle_plant(facility="hub", capacity_tpa=1000, variable_usd_per_t=900)
    plant = idle_plant(status="candidate", variable_usd_per_t=50, requires="hub")
    gone = {"scenario": "stop", "sheet": "facilities", "where": "facility=hub", "column": "capacity_tpa",
            "years": "2028", "operation": "set", "value": 0}  # fmt: skip
    assert test(tiny_world(facilities=[hub, plant], changes=[gone]))["extra_cost"] == {"stop": pytest.approx(35.6)}


def test_a_stock_that_is_not_stated_to_be_left_steps_in():
    """30 kt lie there: in 2028 they are released and could be bought back at 110, 70 kt are missing.

    70 + 3.3 instead of 11. Without the stock 100, and it would have to be bought back all the same; without the shock
    too: it saves 30 - 3.3.
    """
    found = test(tiny_world(stockpiles=[{"material": "oxide", "region": "USA", "initial_t": 30_000}]))
    assert found["extra_cost"] == {"stop": pytest.approx(62.3)}
    assert found["saved"] == {("stop", "stock", "oxide/USA"): pytest.approx(26.7)}


def test_a_plant_that_is_taken_away_is_not_built_again():
    """60 kt at 50 and 10 of fixed cost are built in 2026; without them in 2028 60 kt more are missing: 60 * 950 = 57.

    Without the shock the partner would step in: 60 * (110 - 50) = 3.6.
    """
    plant = idle_plant(status="candidate", variable_usd_per_t=50, fixed_usd_per_tpa_year=10)
    assert test(tiny_world(facilities=[plant]))["saved"] == {("stop", "facility", "home"): pytest.approx(57 - 3.6)}


def test_a_plant_that_is_taken_away_is_gone_in_both_worlds():
    """60 kt at 105. In 2027 the partner stops, in 2028 nobody wants any: the plant saves 60 * 895 = 53.7.

    Without the shock it would save 60 * 5 = 0.3 in each of the two years.
    """
    world = with_shock(
        tiny_world(facilities=[idle_plant(variable_usd_per_t=105)]),
        {"sheet": "facilities", "where": "region=PTN", "column": "capacity_tpa", "years": "2027", "operation": "set",
         "value": 0},
        {"sheet": "demand", "years": "2028", "operation": "set", "value": 0},
    )  # fmt: skip
    assert test(world)["saved"] == {("shock", "facility", "home"): pytest.approx(53.7 - 0.6)}


def test_a_stock_that_must_be_there_at_the_end_is_not_touched():
    """20 kt in store could serve demand at 1,000 USD/t, but missing final_t costs ten times as much: 100 - 11 = 89."""
    held = test(tiny_world(stockpiles=[{"material": "oxide", "region": "USA", "initial_t": 20_000, "final_t": 20_000}]))
    assert held["extra_cost"] == {"stop": pytest.approx(89)}
    assert held["breaches"] == {}


def test_cover_is_held_through_a_shock():
    """20 kt in store are 73 days of cover, worth ten times the shortage cost: they stay, 100 - 11 = 89.

    With no demand left in 2028 there is nothing to cover or to deliver: -11.
    """
    stock = {"material": "oxide", "region": "USA", "initial_t": 20_000, "min_cover_days": 73}
    world = tiny_world(stockpiles=[stock])
    assert test(world)["extra_cost"] == {"stop": pytest.approx(89)}
    world["changes"].append({"scenario": "stop", "sheet": "demand", "where": "*", "years": "2028", "operation": "set",
                             "value": 0})  # fmt: skip
    assert test(world)["extra_cost"] == {"stop": pytest.approx(-11)}


def test_cover_that_a_shock_makes_impossible_is_missed_at_the_emergency_price():
    """36.5 days of cover are 10 kt, bought in 2026 and held; in 2028 demand is 30 times as large, 300 kt to be covered.

    What the partner can make, 110 kt, goes into the cover, which is worth ten times the shortage cost: 180 kt of cover
    are missed at 10,000 USD/t, 3,000 kt of demand at 1,000, and 110 kt are bought at 110 instead of 100.
    """
    world = tiny_world(
        stockpiles=[{"material": "oxide", "region": "USA", "min_cover_days": 36.5}],
        scenarios=[{"scenario": "surge", "kind": "shock", "known_from_year": 2028}],
        changes=[{"scenario": "surge", "sheet": "demand", "where": "*", "years": "2028", "operation": "multiply",
                  "value": 30}],
    )  # fmt: skip
    world["facilities"][0]["capacity_tpa"] = 110_000
    found = test(world)
    assert found["breaches"]["surge", "stock_cover_floor", "oxide/USA", 2028] == pytest.approx(180_000)
    assert found["unmet"]["surge"] == pytest.approx(3_000 / 3_200)
    assert found["penalties"]["surge"] == pytest.approx(1800 + 3000)
    assert found["extra_cost"]["surge"] == pytest.approx(1800 + 3000 + 110 * 0.11 - 11)


CONTRACT = {
    "support_offers": [{"offer": "cfd", "form": "two_way", "term_years": 3, "max_strike_multiple": 3}],
    "support_budgets": [{"pot": "pot", "view": "expected", 2026: 5.0}],
    "facilities": [
        {"facility": "home", "region": "USA", "output": "oxide", "status": "candidate", "capacity_tpa": 50_000,
         "life_years": 3, "fixed_usd_per_tpa_year": 200, "commercial": "yes", "cfd_eligible": "yes", "hurdle_rate": 0,
         "variable_usd_per_t": 0},
    ],
    "mix_targets": [
        {"target": "home", "mineral": "ndpr", "stage": "refining", "region": "USA", "sense": "min", 2026: 0.5},
    ],
}  # fmt: skip
"""Half must be made at home: 50 kt/yr at 200 USD/t, under a contract with strike 200 against a price of 100.

It pays 50 * (200 - 100) = 5 USD million a year, all of the budget.
"""


def with_shock(world: Sheets, *changes: dict[str, Any]) -> Sheets:
    shock = {"scenario": "shock", "kind": "shock", "known_from_year": 2027}
    return world | {
        "scenarios": [world["scenarios"][0], shock],
        "changes": [{"scenario": "shock", "where": "*", **change} for change in changes],
    }


def test_a_signed_contract_keeps_its_strike_and_is_paid_at_the_shocked_price():
    """The price falls to 50 in 2027: 5 in 2026, then 50 * (200 - 50) = 7.5 a year, beyond the budget of 5."""
    world = with_shock(
        tiny_world(**CONTRACT), {"sheet": "prices", "years": "2027-2028", "operation": "set", "value": 50}
    )
    found = test(world)
    assert found["cfd"] == {"shock": pytest.approx(5 + 2 * 7.5)}
    assert found["extra_cost"] == {"shock": pytest.approx(0)}
    assert found["breaches"] == {}


def test_a_contract_in_force_keeps_its_plant_open_under_a_shock():
    """A floor of 100 under 50 kt at home, made at 100 a tonne; the partner sells at 110 and is gone from 2027.

    At a price of 100 nothing is paid. At 40 the plant would close and 50 kt more would be missing, at 1,000 a tonne;
    so it is paid 50 * 60 = 3 a year, and only 50 kt that the partner delivered are missing: 2 * 50 * (1,000 - 110).
    What it saves: without it another 50 kt would be missing, 2 * 50 * (1,000 - 100) = 90; without the shock the partner
    would deliver them at 110, 2 * 50 * 10 = 1 more.
    """
    world = with_shock(
        tiny_world(
            facilities=[{"facility": "home", "region": "USA", "output": "oxide", "capacity_tpa": 50_000,
                         "commercial": "yes", "variable_usd_per_t": 100}],
            contracts_in_force=[{"contract": "floor", "facility": "home", "form": "floor", "amount_usd_per_t": 100,
                                 "covered_tpa": 50_000, "last_year": 2030}],
        ),
        {"sheet": "prices", "years": "2027-2028", "operation": "set", "value": 40},
        {"sheet": "facilities", "where": "region=PTN", "column": "capacity_tpa", "years": "2027-2028",
         "operation": "set", "value": 0},
    )  # fmt: skip
    found = test(world)
    assert found["cfd"] == {"shock": pytest.approx(2 * 3)}
    assert found["unmet"] == {"shock": pytest.approx(1 / 3)}
    assert found["extra_cost"] == {"shock": pytest.approx(2 * 50 * 0.89)}
    assert found["saved"]["shock", "contract", "home/floor"] == pytest.approx(89)


def test_contracted_tonnes_that_cannot_be_made_are_missing_and_not_paid():
    """The plant stands still in 2028: 50 kt are missing at 1,000 USD/t, and 5 are paid in 2026 and 2027 each.

    The mix target allows 0 home output only with 0 output in all (it is hard): 100 kt are unmet, the partner's cost of
    50 * 110 = 5.5 falls away: 50 + 100 - 5.5 = 144.5.
    """
    world = with_shock(
        tiny_world(**CONTRACT),
        {"sheet": "facilities", "where": "facility=home", "column": "utilisation", "years": "2028", "operation": "set",
         "value": 0},
    )  # fmt: skip
    found = test(world)
    assert found["breaches"] == {("shock", "obligation_floor", "home/cfd/2026", 2028): pytest.approx(50_000)}
    assert found["cfd"] == {"shock": pytest.approx(10)}
    assert found["unmet"] == {"shock": pytest.approx(100 / 300)}
    assert found["extra_cost"] == {"shock": pytest.approx(144.5)}


SUPPORTED = CONTRACT["facilities"][0] | {"capex_usd_per_tpa": 300, "fixed_usd_per_tpa_year": 100}
"""100 of annuity and 100 of fixed cost a t/yr and year, at a price of 100: 100 a year are missing."""


@pytest.mark.parametrize(
    ("offer", "paid"),
    [
        # 50 kt at 100 a tonne in each of three years; half the capex of 15; all but nothing more to lend at 0 %.
        ({"form": "premium"}, 15.0),
        ({"form": "grant"}, 15.0),
        ({"form": "two_way"}, 5 + 2 * 7.5),
    ],
)
def test_a_slump_moves_what_contracts_pay_and_nothing_else(offer, paid):
    """The price falls from 100 to 50 in 2027: a two-way contract at 200 pays 7.5 a year instead of 5."""
    sheets = CONTRACT | {"facilities": [SUPPORTED], "support_budgets": []}
    sheets["support_offers"] = [{"offer": "aid", "term_years": 3} | offer]
    world = with_shock(tiny_world(**sheets), {"sheet": "prices", "years": "2027-2028", "operation": "set", "value": 50})
    found = test(world)
    assert found["cfd"] == {"shock": pytest.approx(paid)}
    assert found["extra_cost"] == {"shock": pytest.approx(0)}


def test_a_premium_is_paid_on_what_is_made_and_a_grant_is_spent():
    """The plant stands still in 2028: 5 million of premium are not paid; the grant of 15 was spent in 2026.

    The premium obliges to the 50 kt that are missing; a grant asks for none.
    """
    still = {"sheet": "facilities", "where": "facility=home", "column": "utilisation", "years": "2028",
             "operation": "set", "value": 0}  # fmt: skip
    for form, paid in (("premium", 10), ("grant", 15)):
        sheets = CONTRACT | {"facilities": [SUPPORTED], "support_budgets": []}
        sheets["support_offers"] = [{"offer": "aid", "form": form, "term_years": 3}]
        found = test(with_shock(tiny_world(**sheets), still))
        assert found["cfd"] == {"shock": pytest.approx(paid)}
        missing = (
            {("shock", "obligation_floor", "home/aid/2026", 2028): pytest.approx(50_000)} if form == "premium" else {}
        )
        assert found["breaches"] == missing


def test_budgets_bind_new_awards_only():
    """Budgets of nothing from 2027: the contract of 2026 goes on as it was."""
    world = with_shock(
        tiny_world(**CONTRACT), {"sheet": "support_budgets", "years": "2027-2028", "operation": "set", "value": 0}
    )
    found = test(world)
    assert found["cfd"] == {"shock": pytest.approx(15)}
    assert found["extra_cost"] == {"shock": pytest.approx(0)}


def test_what_is_signed_keeps_its_share_of_a_pot_that_is_cut():
    """At 150 the contract takes 50 * 50 = 2.5 instead of 5; of the pot of 2.5 its share of all is all of it.

    So nothing is left for a second plant where the partner sells nothing any more: 2 * 50 * (1,000 - 110) = 89.
    """
    late = {**CONTRACT["facilities"][0], "facility": "late", "earliest_decision_year": 2027}
    world = with_shock(
        tiny_world(**CONTRACT | {"facilities": [*CONTRACT["facilities"], late]}),
        {"sheet": "prices", "years": "2027-2028", "operation": "set", "value": 150},
        {"sheet": "support_budgets", "years": "2027-2028", "operation": "multiply", "value": 0.5},
        {"sheet": "facilities", "where": "region=PTN", "column": "capacity_tpa", "years": "2027-2028",
         "operation": "set", "value": 0},
    )  # fmt: skip
    found = test(world)
    assert found["cfd"] == {"shock": pytest.approx(5 + 2 * 2.5)}
    assert found["extra_cost"] == {"shock": pytest.approx(89)}


@pytest.mark.parametrize("order", [(2030, 2031), (2031, 2030)])
def test_financing_from_a_year_on_is_a_part_of_that_of_all_years(order):
    """A mill and a mine that pay their way can be built or kept open in any of three years, whichever is asked first.

    Nobody else has asked: the mine's cost is one of no other test.
    """
    tables = merge(tables_of(make_world(
        {"last_year": 2032}, demand=[{2030: 100}], prices=[{2030: 400}], scenarios=[{"scenario": "base"}],
        facilities=[market("seller"), plant("mine", variable_usd_per_t=order[0] / 100),
                    project("mill", commercial="yes")],
    )), "base").tables  # fmt: skip
    found = {first: find_financing(Lookup(tables.in_order()), first) for first in order}
    for first, own in found.items():
        years = range(first, 2033)
        assert {v for f, v in own.merchant if f == "mill"} == set(years)
        assert {t for f, t in own.retained if f == "mine"} == set(years)
        assert {amount.year for amount in own.break_even if amount.facility == "mill"} == set(years)


def test_a_merchant_plant_that_is_built_stays_and_is_paid_for():
    """Price 250 at first, so the plant of 200 USD/t is built without a contract in 2026; 100 from 2027.

    It would not be built then, but it is there and costs 50 * 200 = 10 a year whether it runs or not.
    """
    world = with_shock(
        tiny_world(facilities=CONTRACT["facilities"], mix_targets=CONTRACT["mix_targets"]),
        {"sheet": "prices", "years": "2027-2028", "operation": "set", "value": 100},
    )
    world["prices"] = [{"material": "oxide", 2026: 250}]
    tables = tables_of(world)
    plan = solve_plan(merge(tables, "base").tables)
    assert plan.value("build", "home", 2026, "merchant") == pytest.approx(50)
    assert test(world)["extra_cost"] == {"shock": pytest.approx(0)}
    shocked = merge(tables, "base", "shock").tables
    assert not solve_plan(shocked).members("build")


def test_a_rescue_shrinks_with_the_capacity():
    """50 kt exist at home at 200 USD/t, open under a contract only; in 2028 half of it is gone.

    So is half of the payment of 5: 12.5 in all, and nothing counts as missing. The mix target is hard: 25 kt at home
    allow 25 kt from the partner, 50 kt are unmet. The fixed cost halves.
    """
    existing = {**CONTRACT["facilities"][0], "status": "operating"}
    world = with_shock(
        tiny_world(**CONTRACT | {"facilities": [existing]}),
        {"sheet": "facilities", "where": "facility=home", "column": "capacity_tpa", "years": "2028",
         "operation": "multiply", "value": 0.5},
    )  # fmt: skip
    found = test(world)
    assert found["cfd"] == {"shock": pytest.approx(12.5)}
    assert found["breaches"] == {}
    assert found["extra_cost"] == {"shock": pytest.approx(50 - 25 * 0.11 - 25 * 0.2)}


def test_what_a_shock_adds_is_not_in_a_plan():
    tables = tables_of(tiny_world(**CONTRACT))
    plan = solve_plan(merge(tables, "base").tables)
    world = meet_shock(tables, "base", plan, find_shocks(tables, tables.horizon[0])[0])
    shocked = {name for name, _ in world.program.columns} | {name for name, _ in world.program.rows}
    assert {"shortfall", "shortfall_limit"} <= shocked
    assert not {"shortfall", "final_breach", "shortfall_limit"} & {*plan.values, *plan.duals}


def test_a_shock_that_changes_nothing_costs_nothing():
    world = with_shock(small_world(), {"sheet": "prices", "years": "2027-2030", "operation": "multiply", "value": 1})
    found = test(world)
    assert found["extra_cost"] == {"shock": pytest.approx(0, abs=1e-6)}
    assert found["regret"] == {"shock": pytest.approx(0, abs=1e-6)}


@pytest.mark.parametrize("names", [("base", "twin"), ("twin", "base")])
def test_plans_with_the_same_builds_have_the_same_regret(names):
    """Whatever they are called, and in whichever order they stand: 25.6 each, as for the plan alone."""
    world = new_supplier()
    world["scenarios"] = [*({"scenario": name} for name in names), world["scenarios"][-1]]
    regret = {row[0]: row[2:] for row in find_stress(ask(world)).tables["regret"]}
    assert list(regret) == list(names)
    assert regret["base"] == regret["twin"]
    assert regret["base"][0] == pytest.approx(25.6)


def test_plan_and_shock_that_break_a_rule_together_are_told():
    world = with_shock(
        tiny_world(),
        {"sheet": "facilities", "column": "utilisation", "years": "2027", "operation": "add", "value": 0.4},
    )
    world["facilities"][0]["utilisation"] = 0.5
    world["scenarios"].insert(0, {"scenario": "better"})
    world["changes"].append({"scenario": "better", "sheet": "facilities", "where": "*", "column": "utilisation",
                             "operation": "set", "value": 0.9})  # fmt: skip
    found = find_stress(ask(world))
    assert {row[0] for row in found.tables["stress"]} == {"base"}
    assert found.problems
    assert [model["status"] for model in found.models if model["scenario"] == "better"] == ["invalid"]


def test_rows_have_the_columns_of_their_tables():
    for found in (find_stress(ask(small_world())), find_hedge(ask(small_world()))):
        for name, rows in found.tables.items():
            assert {len(row) for row in rows} <= {1 + len(RESULT_TABLES[name])}


def test_hedged_plan_buys_what_no_plan_for_one_future_does():
    """Home capacity of 60 kt can be built for 2028 at 2.4 USD million, decided before the shock is known.

    Without it the stop of 2028 costs 60 * (1,000 - 300) = 42 more; a probability of 0.25 makes that 10.5 > 2.4, so the
    hedged plan builds it: 2.4 for sure. The plan for no shock does not build; foresight builds in a quarter of cases.
    Value of the stochastic solution 10.5 - 2.4 = 8.1, of perfect information 2.4 * 0.75 = 1.8. In the first are 15 of
    penalties for what would be short, in the second none.
    """
    plant = idle_plant(status="candidate", lead_time_years=1, earliest_decision_year=2027, fixed_usd_per_tpa_year=40)
    found = find_hedge(ask(tiny_world(facilities=[plant])))
    value = {row[1]: row[2] for row in found.tables["hedge"]}
    assert value["value_of_stochastic_solution"] == pytest.approx(8.1)
    assert value["value_of_perfect_information"] == pytest.approx(1.8)
    assert value["insurance_premium"] == pytest.approx(2.4)
    apart = {row[1]: row[4:] for row in found.tables["hedge"]}
    assert apart["value_of_stochastic_solution"] == pytest.approx((8.1 - 15, 15))
    assert apart["value_of_perfect_information"] == pytest.approx((1.8, 0))
    assert apart["plan_cost: stop"] == pytest.approx((22, 100))
    assert apart["hedged_cost: stop"] == pytest.approx((42.4, 40))
    assert apart["cvar_tail"] == (None, None)
    assert found.tables["hedge_decisions"] == [
        ("base", "build", "home", 2027, *map(pytest.approx, (60_000, 60_000, 15_000)), "")
    ]


def test_aversion_to_the_bad_tail_buys_more_insurance():
    """As above with a probability of 0.05: 2.1 < 2.4 is not worth it, but with weight 1 on the worst 5 % it is."""
    plant = idle_plant(status="candidate", lead_time_years=1, earliest_decision_year=2027, fixed_usd_per_tpa_year=40)
    world = tiny_world(facilities=[plant])
    world["scenarios"][1]["probability"] = 0.05
    averse = {**world, "settings": [*world["settings"], {"setting": "hedge_cvar_weight", "value": 1},
                                    {"setting": "hedge_cvar_tail", "value": 0.05}]}  # fmt: skip
    built = []
    for sheets in (world, averse):
        found = find_hedge(ask(sheets))
        built.append(sum(row[4] for row in found.tables["hedge_decisions"]))
        value = {row[1]: row[2] for row in found.tables["hedge"]}
        assert value["value_of_stochastic_solution"] >= -1e-9
    assert built == [pytest.approx(0), pytest.approx(60_000)]


def shocked_random_world(seed: int) -> random_worlds.Sheets:
    """A random world with shocks to supply, prices, demand and budgets."""
    world, draw = random_worlds.random_world(seed), random.Random(seed)
    settings = {row["setting"]: row["value"] for row in world["settings"]}
    first, last = int(str(settings["first_year"])), int(str(settings["last_year"]))
    changes = {
        "cut": ("facilities", "region=CHN", "capacity_tpa", 0.3),
        "idle": ("facilities", "*", "utilisation", 0.5),
        "crash": ("prices", "*", "", 0.6),
        "surge": ("demand", "*", "", 1.5),
        "broke": ("support_budgets", "*", "", 0.2),
    }
    for name, (sheet, where, column, factor) in changes.items():
        if world.get(sheet):
            known = first + draw.choice((1, 2))
            world["scenarios"].append(
                {"scenario": name, "kind": "shock", "known_from_year": known, "probability": 0.15}
            )
            world["changes"].append({"scenario": name, "sheet": sheet, "where": where, "column": column,
                                     "operation": "multiply", "value": factor, "years": f"{known}-{last}"})  # fmt: skip
    return world


@pytest.mark.parametrize("seed", [0, 2, 5, 23, 28, 30])
def test_laws(seed, tmp_path: Path):
    """A stress test always has an answer, and costs no less than foresight; so does a hedged plan.

    The hedged plan costs no more than keeping the plan. A shock that leaves everyone's finances alone costs no less
    than the best plan of the shocked world.
    """
    random_worlds.write_folder(shocked_random_world(seed), tmp_path)
    tables = reader.read(tmp_path).tables
    plan = solve_plan(merge(tables, "base").tables)
    near = 1e-6 * max(1.0, plan.objective)
    inquiry = Inquiry(tables, ("base",), OneByOne(), lambda *_: None)
    found, hedge = find_stress(inquiry), find_hedge(inquiry)
    assert {model["status"] for model in (*found.models, *hedge.models)} == {"optimal"}
    assert [row[1] for row in found.tables["stress"]] == shocks(tables)
    assert min(row[2] for row in found.tables["regret"]) >= -near
    extra = {row[1]: row[2] for row in found.tables["stress"]}
    for name in ("cut", "surge"):
        best = solve_plan(merge(tables, "base", name).tables).objective
        assert plan.objective + extra[name] >= best - near
    value = {row[1]: row[2] for row in hedge.tables["hedge"]}
    assert value["foreseen_expected_cost"] - near <= value["hedged_expected_cost"]
    assert value["hedged_expected_cost"] <= value["plan_expected_cost"] + near
    for name, cost in extra.items():
        assert value[f"plan_cost: {name}"] == pytest.approx(plan.objective + cost, rel=1e-6)


def test_a_shock_that_is_sure_to_come():
    """The plant of 2.4 USD million pays, for 100 - 60 * 0.3 = 42 less of loss; of a world without the shock nothing."""
    plant = idle_plant(status="candidate", lead_time_years=1, earliest_decision_year=2027, fixed_usd_per_tpa_year=40)
    world = tiny_world(facilities=[plant])
    world["scenarios"][1]["probability"] = 1
    value = {row[1]: row[2] for row in find_hedge(ask(world)).tables["hedge"]}
    assert value["value_of_stochastic_solution"] == pytest.approx(42 - 2.4)
    assert value["value_of_perfect_information"] == 0
    assert "insurance_premium" not in value
    assert not any("no shock" in measure for measure in value)


def test_a_shock_without_a_year_is_known_from_the_first_year_of_the_plan():
    """The plan `early` begins in 2025: the stop of its first year finds nothing that was decided before."""
    world = with_shock(
        tiny_world(), {"sheet": "facilities", "column": "capacity_tpa", "years": "*", "operation": "set", "value": 0}
    )
    world["scenarios"][-1]["known_from_year"] = None
    world["scenarios"].insert(0, {"scenario": "early"})
    world["changes"].append({"scenario": "early", "sheet": "settings", "where": "setting=first_year",
                             "column": "value", "operation": "set", "value": 2025})  # fmt: skip
    found = find_stress(ask(world))
    costs = {row[0]: row[2] for row in found.tables["stress"]}
    assert costs == {"early": pytest.approx(4 * (100 - 11)), "base": pytest.approx(3 * (100 - 11))}


def test_futures_share_what_is_decided_before():
    tables = tables_of(small_world())
    stated = state_plan(merge(tables, "base").tables)
    (shock,) = find_shocks(tables, tables.horizon[0])
    trunk = find_trunk(stated.program, [shock])
    branch = meet_shock(tables, "base", solve_plan(merge(tables, "base").tables), shock).future
    assert [trunk.probability, branch.probability] == pytest.approx([0.9, 0.1])
    shared = [label for label, common in zip(branch.program.columns, branch.common, strict=True) if common]
    assert ("build", ("home_mine", 2027, "merchant")) in shared
    assert all(label in trunk.program.columns for label in shared)
