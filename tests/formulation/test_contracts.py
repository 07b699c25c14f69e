"""Contracts for Difference: obligations, payments and budgets (model/formulation/contracts.py).

The mill to be built asks no interest (hurdle rate 0): 1,000 a t/yr over two years of life are 500 a year, and with
0.8 t made a year it needs 100 + 500/0.8 = 725 a tonne. The reference price is 400. Nothing is paid before 2030.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.algebra import Program, adds, says
from tests.support.sheets import Sheets
from tests.support.world_builder import make_world, plant, project

NEW_MILL = project(
    "mill", commercial="yes", cfd_eligible="yes", hurdle_rate=0, capex_usd_per_tpa=1000, life_years=2,
    variable_usd_per_t=100, utilisation=0.8,
)  # fmt: skip
OLD_MILL = plant("old", commercial="yes", cfd_eligible="yes", hurdle_rate=0, variable_usd_per_t=450)
"""An old mill with 450 of cost a tonne, which at 400 would close."""


def world(*facilities, price=400, offer: dict[str, Any] | None = None, **sheets) -> Sheets:
    return make_world(
        sheets.pop("settings", {}),
        demand=sheets.pop("demand", [{2030: 100}]),
        prices=[{2030: price}],
        facilities=list(facilities),
        support_offers=[{"offer": "cfd", "term_years": 2} | (offer or {})],
        **sheets,
    )


def test_obligation_floor_of_new_capacity():
    p = Program(world(NEW_MILL))
    assert p.variables("build") == {"mill,2030,cfd", "mill,2031,cfd"}
    assert p.rows("obligation_floor") == {"mill,2030", "mill,2031"}
    assert p.row("obligation_floor[mill,2030]") == says("make[mill,clear,2030] >= 0.8 build[mill,2030,cfd]")
    assert p.row("obligation_floor[mill,2031]") == says(
        "make[mill,clear,2031] >= 0.8 build[mill,2030,cfd] + 0.8 build[mill,2031,cfd]"
    )


def test_obligation_floor_covers_a_share_during_the_term_and_the_ramp():
    """Half is covered, for one year of the life of two; at first the mill runs at half of 0.8."""
    p = Program(world(NEW_MILL | {"ramp_years": 1}, offer={"coverage": 0.5, "term_years": 1}))
    assert p.row("obligation_floor[mill,2031]") == says("make[mill,clear,2031] >= 0.2 build[mill,2031,cfd]")


def test_obligation_floor_of_existing_capacity():
    p = Program(world(OLD_MILL))
    assert p.variables("rescue") == {"old,2030,cfd", "old,2031,cfd"}
    assert p.row("obligation_floor[old,2031]") == says(
        "make[old,clear,2031] >= rescue[old,2030,cfd] + rescue[old,2031,cfd]"
    )


def test_obligation_floor_of_substitution_counts_saved_tonnes():
    p = Program(world(OLD_MILL | {"kind": "substitution"}))
    assert p.row("obligation_floor[old,2030]") == says("save[old,cars/metal/USA,2030] >= rescue[old,2030,cfd]")


def test_no_obligation_floor_without_contract():
    for facilities, offer in (
        ([plant("old"), project("mill")], {}),  # not commercial
        ([NEW_MILL | {"cfd_eligible": "no"}], {}),
        ([NEW_MILL], {"materials": "ore"}),
        ([NEW_MILL], {"max_strike_usd_per_t": 724.9, "materials": "metal"}),
        ([NEW_MILL], {"max_strike_multiple": 1.8}),
        ([NEW_MILL], {"coverage": 0}),
    ):
        p = Program(world(*facilities, offer=offer))
        assert not p.rows("obligation_floor")
        assert not p.members("pay")
        assert not {key for key in p.variables("build") if key.endswith(",cfd")}


def test_merchants_have_no_contracts():
    p = Program(world(NEW_MILL, price=725))
    assert p.variables("build") == {"mill,2030,merchant", "mill,2031,merchant"}
    assert not p.rows("obligation_floor")


def test_award_years_bound_the_contracts():
    p = Program(world(NEW_MILL, OLD_MILL, offer={"first_award_year": 2031, "last_award_year": 2031}))
    assert p.variables("build") == {"mill,2031,cfd"}
    assert p.variables("rescue") == {"old,2031,cfd"}


def test_pay_is_the_gap_to_the_strike_also_after_last_year():
    """725 - 400 = 325 for each of 0.8 t; the old mill 50."""
    p = Program(world(NEW_MILL, OLD_MILL))
    assert p.members("pay") == {"2030", "2031", "2032"}
    assert p.expression("pay", 2030) == adds("0.26 build[mill,2030,cfd] + 0.05 rescue[old,2030,cfd]")
    assert p.expression("pay", 2032) == adds("0.26 build[mill,2031,cfd] + 0.05 rescue[old,2031,cfd]")


def test_back_and_charged_of_a_two_way_contract():
    """Strike 500 at prices 600 and 250: of 2030's award 100 * 0.8 come back, and 250 * 0.8 are paid.

    At half their worth the charge is -40 and 200. An award of 2031 pays after the plan too, which is not charged.
    """
    sheets = world(NEW_MILL | {"capex_usd_per_tpa": 640}, settings={"clawback_value": 0.5})
    sheets["prices"] = [{"material": "metal", 2030: 600, 2031: 250}]
    p = Program(sheets)
    assert p.members("back") == {"2030"}
    assert p.expression("back", 2030) == adds("0.08 build[mill,2030,cfd]")
    assert p.members("charged") == {"2030", "2031"}
    assert p.expression("charged", 2030) == adds("- 0.04 build[mill,2030,cfd]")
    assert p.expression("charged", 2031) == adds("0.2 build[mill,2030,cfd] + 0.2 build[mill,2031,cfd]")


def test_charged_is_at_least_nothing_over_the_contract():
    """Strike 500 at prices 600 and 450: 80 come back in 2030, 40 are paid in 2031.

    At 10 % the 40 are worth 40/1.1 in 2030, and no more than that counts of the 80.
    """
    sheets = world(NEW_MILL | {"capex_usd_per_tpa": 640}, settings={"social_discount_rate": 0.1,
                                                                     "lender_price_haircut": 0.3})  # fmt: skip
    sheets["prices"] = [{"material": "metal", 2030: 600, 2031: 450}]
    p = Program(sheets)
    assert p.expression("charged", 2030) == adds(f"- {0.04 / 1.1:.12f} build[mill,2030,cfd]")
    assert p.expression("charged", 2031)["build[mill,2030,cfd]"] == pytest.approx(0.04)


def test_pay_leaves_out_claw_back():
    """Strike 100 + 320/0.8 = 500 at prices 600 and 250: 100 back in 2030, 250 paid in 2031 and in 2032."""
    sheets = world(NEW_MILL | {"capex_usd_per_tpa": 640}, price=600)
    sheets["prices"] = [{"material": "metal", 2030: 600, 2031: 250}]
    p = Program(sheets)
    assert p.members("pay") == {"2031", "2032"}
    assert p.expression("pay", 2031) == adds("0.2 build[mill,2030,cfd] + 0.2 build[mill,2031,cfd]")


def test_budget_limit_in_the_expected_view_runs_on_after_last_year():
    p = Program(world(NEW_MILL, OLD_MILL, support_budgets=[{2030: 30, 2031: 20}]))
    assert p.rows("budget_limit") == {f"treasury,expected,{t}" for t in (2030, 2031, 2032)}
    assert p.row("budget_limit[treasury,expected,2030]") == says(
        "0.26 build[mill,2030,cfd] + 0.05 rescue[old,2030,cfd] <= 30"
    )
    assert p.row("budget_limit[treasury,expected,2032]") == says(
        "0.26 build[mill,2031,cfd] + 0.05 rescue[old,2031,cfd] <= 20"
    )


def test_budget_limit_in_the_stress_view_keeps_the_strike():
    """At 0.7 x 400 = 280 the gap to 725 is 445, for 0.8 t 356."""
    p = Program(world(NEW_MILL, support_budgets=[{"view": "stress", 2030: 9}]))
    assert p.row("budget_limit[treasury,stress,2030]") == says("0.356 build[mill,2030,cfd] <= 9")
    assert p.expression("pay", 2030) == adds("0.26 build[mill,2030,cfd]")


def test_budget_limit_of_a_pot_counts_its_materials():
    sheets = world(
        NEW_MILL,
        OLD_MILL | {"output": "ore"},
        demand=[{2030: 100}, {"material": "ore", 2030: 10}],
        support_budgets=[{"pot": "ores", "materials": "ore", 2030: 3}, {"pot": "every", 2030: 7}],
    )
    sheets["prices"].append({"material": "ore", 2030: 400})
    p = Program(sheets)
    assert p.row("budget_limit[ores,expected,2030]") == says("0.05 rescue[old,2030,cfd] <= 3")
    assert p.row("budget_limit[every,expected,2030]") == says(
        "0.26 build[mill,2030,cfd] + 0.05 rescue[old,2030,cfd] <= 7"
    )


def test_no_budget_limit_where_nothing_is_paid_or_none_is_set():
    assert not Program(world(plant("old"), support_budgets=[{2030: 5}])).rows("budget_limit")
    p = Program(world(NEW_MILL, support_budgets=[{2030: "none", 2031: 5}]))
    assert p.rows("budget_limit") == {"treasury,expected,2031", "treasury,expected,2032"}


def test_floor_with_share_pays_below_and_takes_above():
    """An award of 2030 has the strike K with (600 - (600 - K)/4) + K = 2 * 500, one of 2031 the strike 500."""
    sheets = world(NEW_MILL | {"capex_usd_per_tpa": 640}, offer={"form": "floor_with_share", "upside_share": 0.25})
    sheets["prices"] = [{"material": "metal", 2030: 600, 2031: 250}]
    p = Program(sheets)
    award = p.data.contracts.new["mill", 2030, "cfd"]
    assert award.amount == pytest.approx(440)
    assert p.expression("pay", 2031) == adds("0.152 build[mill,2030,cfd] + 0.2 build[mill,2031,cfd]")


def test_pay_and_charged_of_a_grant():
    """NEW_MILL misses 725 - 400 = 325 on 0.8 t in both years of its life: 520, which is 52 % of 1,000."""
    p = Program(world(NEW_MILL | {"lead_time_years": 1}, offer={"form": "grant", "term_years": None}))
    assert p.data.contracts.new["mill", 2030, "cfd"].amount == pytest.approx(0.52)
    assert p.members("pay") == p.members("charged") == {"2030"}
    assert p.expression("pay", 2030) == p.expression("charged", 2030) == adds("0.52 build[mill,2030,cfd]")
    assert p.rows("obligation_floor") == set()


def test_back_and_charged_of_a_loan():
    """At 10 % a mill of 100 of capex and one year needs 110 a t/yr; it earns 105, and misses 5.

    A dollar lent for a year at 5 % is repaid with 1.05 at once, where the owners ask 1.1: it saves 0.05, so all of the
    100 is lent. Of 105 due a fifth is lost: 84 come back, and 16 are the cost of the loan.
    """
    mill = NEW_MILL | {"hurdle_rate": 0.1, "capex_usd_per_tpa": 100, "life_years": 1, "utilisation": 1}
    offer = {"form": "loan", "term_years": 3, "loan_rate": 0.05, "loan_loss_share": 0.2, "last_award_year": 2030}
    p = Program(world(mill, price=205, offer=offer))
    assert p.data.contracts.new["mill", 2030, "cfd"].amount == pytest.approx(1)
    assert p.expression("pay", 2030) == adds("0.1 build[mill,2030,cfd]")
    assert p.expression("back", 2030) == adds("0.084 build[mill,2030,cfd]")
    assert p.expression("charged", 2030) == adds("0.016 build[mill,2030,cfd]")


def test_budget_limit_of_a_pot_counts_its_offers():
    pots = [{"pot": "grants", "offers": "grant", 2030: 3}, {"pot": "every", 2030: 7}]
    sheets = world(NEW_MILL, offer={"last_award_year": 2030}, support_budgets=pots)
    sheets["support_offers"].append({"offer": "grant", "form": "grant", "last_award_year": 2030})
    p = Program(sheets)
    assert p.row("budget_limit[grants,expected,2030]") == says("0.52 build[mill,2030,grant] <= 3")
    assert p.row("budget_limit[every,expected,2030]") == says(
        "0.52 build[mill,2030,grant] + 0.26 build[mill,2030,cfd] <= 7"
    )
    assert p.row("budget_limit[every,expected,2031]") == says("0.26 build[mill,2030,cfd] <= 7")


FLOOR = {"facility": "old", "amount_usd_per_t": 500, "covered_tpa": 60}
"""A floor of 500 under 60 t/yr of the old mill, which at 400 would close."""


def in_force(*facilities, contract=None, more=(), **sheets) -> Sheets:
    return world(*facilities, contracts_in_force=[FLOOR | (contract or {}), *more], **sheets)


def test_honour_and_kept_capacity_limit_of_a_plant_that_would_close():
    """At a utilisation of 0.8 it takes 75 t/yr of nameplate to make the 60 t; nothing else keeps it open."""
    p = Program(in_force(OLD_MILL | {"utilisation": 0.8}, offer={"materials": "ore"}))
    assert p.variables("honour") == {"floor,2030", "floor,2031"}
    assert p.rows("cover_limit") == p.rows("honour_limit") == set()  # it pays: the program honours no more than it must
    assert p.variables("retain") == p.rows("kept_capacity_limit") == {"old,2030", "old,2031"}
    assert p.row("kept_capacity_limit[old,2030]") == says("retain[old,2030] <= 0.075")
    assert p.rows("honour_floor") == {"old,2030", "old,2031"}
    assert p.row("honour_floor[old,2030]") == says("honour[floor,2030] >= make[old,clear,2030]")


def test_uncovered_capacity_limit_of_rescues():
    """Of 1,000 t/yr the contract covers 60: an award can keep the other 940 open."""
    p = Program(in_force(OLD_MILL))
    assert p.rows("uncovered_capacity_limit") == {"old,2030", "old,2031"}
    assert p.row("uncovered_capacity_limit[old,2031]") == says("rescue[old,2030,cfd] + rescue[old,2031,cfd] <= 0.94")
    assert Program(in_force(OLD_MILL, offer={"materials": "ore"})).rows("uncovered_capacity_limit") == set()


def test_cover_limit_and_honour_limit_where_a_contract_is_paid_back():
    """Above 500 a two-way contract is worth being stretched: to 60 t, and to what is made."""
    p = Program(in_force(OLD_MILL, contract={"form": "two_way"}, price=600))
    assert p.rows("cover_limit") == {"floor,2030", "floor,2031"}
    assert p.row("cover_limit[floor,2030]") == says("honour[floor,2030] <= 0.06")
    assert p.rows("honour_limit") == {"old,2030", "old,2031"}
    assert p.row("honour_limit[old,2030]") == says("honour[floor,2030] <= make[old,clear,2030]")
    assert p.rows("honour_floor") == set()


def test_no_honour_where_the_floor_pays_nothing():
    assert not Program(in_force(OLD_MILL, price=500)).variables("honour")


def test_two_contracts_of_one_plant_have_their_cover_limit_each():
    p = Program(in_force(OLD_MILL, offer={"materials": "ore"}, more=[FLOOR | {"contract": "other", "covered_tpa": 40}]))
    assert p.rows("cover_limit") == {f"{name},{t}" for name in ("floor", "other") for t in (2030, 2031)}
    assert p.row("kept_capacity_limit[old,2030]") == says("retain[old,2030] <= 0.1")
    assert p.row("honour_floor[old,2030]") == says("honour[floor,2030] + honour[other,2030] >= make[old,clear,2030]")


def test_honour_floor_leaves_out_rescues_and_new_capacity():
    mill = OLD_MILL | {"max_new_tpa": 50, "capex_usd_per_tpa": 1000, "life_years": 2, "ramp_years": 1}
    p = Program(in_force(mill))
    assert p.row("honour_floor[old,2030]") == says(
        "honour[floor,2030] + 0.5 build[old,2030,cfd] + rescue[old,2030,cfd] >= make[old,clear,2030]"
    )
    assert p.row("honour_limit[old,2030]") == says(
        "honour[floor,2030] + 0.5 build[old,2030,cfd] + rescue[old,2030,cfd] <= make[old,clear,2030]"
    )


def test_a_plant_that_earns_its_keep_makes_first_what_the_contract_does_not_cover():
    """At 460 all of its 1,000 t/yr stay open; 940 of them are not covered."""
    p = Program(in_force(OLD_MILL, price=460))
    assert p.rows("kept_capacity_limit") == set()
    assert p.row("honour_floor[old,2030]") == says("honour[floor,2030] >= make[old,clear,2030] - 0.94")


def test_no_rows_of_contracts_in_force_where_none_runs():
    for contract in ({"last_year": 2029}, {"first_year": 2032}, {"covered_tpa": 0}):
        p = Program(in_force(OLD_MILL, contract=contract, offer={"materials": "ore"}))
        assert not p.variables("honour")
        assert not p.rows("honour_floor")
        assert not p.rows("honour_limit")
        assert not p.rows("kept_capacity_limit")
        assert not p.rows("cover_limit")


def test_pay_back_and_charged_of_a_contract_in_force():
    """A two-way contract at 500: 100 are paid at 400; at 600 100 come back, which the first year covers."""
    sheets = in_force(OLD_MILL, contract={"form": "two_way"}, offer={"materials": "ore"},
                      settings={"clawback_value": 0.5})  # fmt: skip
    sheets["prices"] = [{"material": "metal", 2030: 400, 2031: 600}]
    p = Program(sheets)
    assert p.expression("pay", 2030) == p.expression("charged", 2030) == adds("0.1 honour[floor,2030]")
    assert p.expression("back", 2031) == adds("0.1 honour[floor,2031]")
    assert p.expression("charged", 2031) == adds("- 0.05 honour[floor,2031]")


@pytest.mark.parametrize(("view", "left"), [("expected", 4.0), ("stress", 0.0)])
def test_budget_limit_is_what_contracts_in_force_leave(view, left):
    """At 400 the floor takes 60 t at 100, 6,000 USD of the 10,000; at 280 it takes 13,200, and nothing is left."""
    p = Program(in_force(NEW_MILL, OLD_MILL, contract={"pot": "treasury"}, offer={"last_award_year": 2030},
                         support_budgets=[{"view": view, 2030: 0.01}]))  # fmt: skip
    assert p.data.contracts.budget["treasury", view, 2031] == pytest.approx(left * 1e-3)
    rate = {"expected": "0.26 build[mill,2030,cfd] + 0.05 rescue[old,2030,cfd]",
            "stress": "0.356 build[mill,2030,cfd] + 0.17 rescue[old,2030,cfd]"}[view]  # fmt: skip
    assert p.row(f"budget_limit[treasury,{view},2031]") == says(f"{rate} <= {left / 1e3}")
