"""Owners, contracts and public money, by hand."""

from __future__ import annotations

import pytest

from tests.support.world_builder import make_world, market, plant, project

PRIVATE = {"commercial": "yes", "cfd_eligible": "yes", "hurdle_rate": 0}


def world(*facilities, settings=None, price=None, **sheets):
    return make_world(settings, demand=[{2030: 100}], prices=[price or {2030: 400}], facilities=list(facilities),
                      **sheets)  # fmt: skip


@pytest.mark.parametrize(("price", "built"), [(129.418, 100), (129.417, 0)])
def test_owners_build_where_they_earn_their_hurdle_rate(solve, price, built):
    """600 over ten years at 8 %, and 40 a tonne, need 129.4176932; the seller asks half as much again."""
    mill = project("mill", commercial="yes", capex_usd_per_tpa=600, variable_usd_per_t=40, life_years=10)
    found = solve(world(mill, market("seller", premium=0.5), price={2030: price}))
    assert found.t("build", "mill", 2030, "merchant") == pytest.approx(built)


@pytest.mark.parametrize(("haircut", "premium", "made"), [(0.2, 0, 0), (0.2, 0.25, 100), (0.1, 0, 0), (0, 0, 100)])
def test_lenders_haircut_and_premium(solve, haircut, premium, made):
    """At a price of 400 a mill that needs 400: 0.8 * 1.25 of the price is just enough."""
    mill = project("mill", commercial="yes", hurdle_rate=0, variable_usd_per_t=400, premium=premium)
    found = solve(world(mill, market("seller", premium=0.5), settings={"lender_price_haircut": haircut}))
    assert found.t("make", "mill", "clear", 2030) == pytest.approx(made)


@pytest.mark.parametrize(("price", "cost"), [(200, 200), (199.9, 1.5 * 199.9)])
def test_existing_plant_closes_where_its_margin_is_gone(solve, price, cost):
    """150 a tonne and 50 a t/yr: below 200 the mill closes, and the seller at half as much again steps in."""
    mill = plant("mill", variable_usd_per_t=150, fixed_usd_per_tpa_year=50, **PRIVATE)
    found = solve(world(mill, market("seller", premium=0.5), price={2030: price}))
    assert found.usd == pytest.approx(2 * 100 * cost)


def test_rescue_keeps_it_open_at_its_break_even_strike(solve):
    """Strike 200, price 180: 20 a tonne, whose burden is a quarter; the seller would ask 270."""
    mill = plant("mill", variable_usd_per_t=150, fixed_usd_per_tpa_year=50, **PRIVATE)
    found = solve(
        world(mill, market("seller", premium=0.5), price={2030: 180},
              settings={"public_funds_excess_burden": 0.25}, support_offers=[{"offer": "aid", "term_years": 2,
              "last_award_year": 2030}])
    )  # fmt: skip
    (contract,) = found.table("awards")
    assert contract["amount"] == pytest.approx(200)
    assert contract["paid_usd_million"] == pytest.approx(2 * 100 * 20e-6)
    assert found.usd == pytest.approx(2 * 100 * (200 + 5))


@pytest.mark.parametrize(
    ("clawback_value", "charged"), [(1, (140, 140, 140)), (0.5, (180, 140, 156)), (0, (220, 140, 172))]
)
@pytest.mark.parametrize(
    ("form", "strike", "back", "pays"),
    [("two_way", 420, 80, 220), ("floor", 340, 0, 140), ("floor_with_share", 372, 32, 172)],
)
def test_three_forms_of_contract(solve, form, strike, back, pays, clawback_value, charged):
    """A mill needs 2 * (100 + 640/2) = 840 in two years of 500 and 200.

    two_way K + K = 840; floor 500 + K = 840; with a quarter of the upside 500 - (500 - K)/4 + K = 840.
    The seller asks double. At a full clawback_value each form costs the treasury 140 net, and that is what the burden
    is charged on; at 0.5 it is 220 - 80/2 = 180 and 172 - 32/2 = 156; at 0 the claw-back counts for nothing.
    """
    mill = project("mill", capex_usd_per_tpa=640, life_years=2, variable_usd_per_t=100, **PRIVATE)
    offer = {"offer": "cfd", "form": form, "term_years": 2, "last_award_year": 2030}
    if form == "floor_with_share":
        offer["upside_share"] = 0.25
    found = solve(
        world(mill, market("seller", premium=1), price={2030: 500, 2031: 200}, support_offers=[offer],
              settings={"public_funds_excess_burden": 0.5, "clawback_value": clawback_value})
    )  # fmt: skip
    first, second = found.table("award_years")
    assert first["amount"] == pytest.approx(strike)
    assert first["back_usd_million"] == pytest.approx(back * 1e-4)
    assert second["paid_usd_million"] == pytest.approx(pays * 1e-4)
    assert first["paid_usd_million"] == second["back_usd_million"] == 0
    burden = dict(zip(("two_way", "floor", "floor_with_share"), charged, strict=True))[form]
    assert found.usd == pytest.approx(100 * 840 + 0.5 * 100 * burden)


@pytest.mark.parametrize(("later", "paid", "back"), [(450, 0, 110), (390, 30, 80), (300, 120, 80)])
def test_no_contract_is_a_source_of_money(solve, later, paid, back):
    """Lenders count on four fifths of the price, so the mill needs its strike of 420 even at 500 and 450.

    At 500 and 450 it pays back 80 + 30 and is never paid; at 500 and 390 it is paid 30 and pays back 80: no burden,
    and no gain. At 500 and 300 the treasury is out of pocket by 120 - 80 = 40, of which the burden is a half.
    """
    mill = project("mill", capex_usd_per_tpa=640, life_years=2, variable_usd_per_t=100, **PRIVATE)
    found = solve(
        world(mill, market("seller", premium=1), price={2030: 500, 2031: later},
              support_offers=[{"offer": "cfd", "term_years": 2, "last_award_year": 2030}],
              settings={"public_funds_excess_burden": 0.5, "lender_price_haircut": 0.2})
    )  # fmt: skip
    (contract,) = found.table("awards")
    assert (contract["paid_usd_million"], contract["back_usd_million"]) == pytest.approx((paid * 1e-4, back * 1e-4))
    assert found.usd == pytest.approx(100 * 840 + 0.5 * 100 * max(0, paid - back))


def test_contracted_output_is_made_even_where_it_is_dear(solve):
    """The mill is wanted in 2030 only (the seller is gone until 2031), but its contract runs two years.

    At 400 + 50 of capex against 5,000 of shortage it is built; in 2031 it runs at 400 though the seller asks 100.
    """
    mill = project("mill", capex_usd_per_tpa=100, life_years=2, variable_usd_per_t=400, **PRIVATE)
    found = solve(world(mill, market("seller", online_year=2031), price={2030: 100}, support_offers=[{"offer": "cfd"}]))
    assert found.t("make", "mill", "clear", 2031) == pytest.approx(100)
    assert found.usd == pytest.approx(2 * 100 * 450)


def tail(budget):
    """Decided in 2030, half output in 2031, full in 2032, after the plan: strike 1,050/1.5 = 700, price 400.

    A t/yr is paid 150 in 2031 and 300 in 2032, in the stress view (price 280) 210 and 420. Nobody else sells.
    """
    mill = project("mill", lead_time_years=1, ramp_years=1, capex_usd_per_tpa=900, life_years=2,
                   variable_usd_per_t=100, **PRIVATE)  # fmt: skip
    return world(mill, support_offers=[{"offer": "cfd"}], support_budgets=[budget],
                 settings={"public_funds_excess_burden": 0.25})  # fmt: skip


@pytest.mark.parametrize(("view", "usd"), [("expected", 15_000), ("stress", 21_000)])
def test_budget_binds_after_last_year(solve, view, usd):
    """The budget of 2031 allows 100 t/yr in 2031, but only 50 in 2032.

    25 t made at 100, 50 * 450 of annuity, 175 t unmet. Burden and benefit end together: a quarter of the 50 * 150 of
    2031; the 50 * 300 of 2032 fall due when the plan counts no benefit any more.
    """
    found = solve(tail({"view": view, 2030: "none", 2031: usd / 1e6}))
    assert found.each("build") == {"mill,2030,cfd": 50}
    (contract,) = found.table("awards")
    assert contract["last_year"] == 2032
    assert contract["paid_usd_million"] == pytest.approx(7_500e-6)
    assert contract["tail_usd_million"] == pytest.approx(15_000e-6)
    assert found.usd == pytest.approx(2_500 + 22_500 + 175 * 5000 + 7_500 / 4)


def test_grants_and_credits_cost_their_burden(solve):
    """100 + 100 of annuity, and a quarter of half the annuity and of a credit of 40: 222.5, below the seller's 250."""
    mill = project("mill", hurdle_rate=0, capex_usd_per_tpa=200, life_years=2, variable_usd_per_t=100,
                   grant_share=0.5, credit_usd_per_t=40)  # fmt: skip
    found = solve(world(mill, market("seller"), price={2030: 250}, settings={"public_funds_excess_burden": 0.25}))
    assert found.usd == pytest.approx(2 * 100 * 222.5)
    assert found.cost("burden_grants", 2030) == pytest.approx(0.25 * 100 * 50)
    assert found.cost("burden_credits", 2031) == pytest.approx(0.25 * 100 * 40)


@pytest.mark.parametrize(("price", "built"), [(110, 100), (109.9, 0)])
def test_grants_and_credits_help_owners(solve, price, built):
    """100 - 40 + half of 100: 110 is enough."""
    mill = project("mill", hurdle_rate=0, capex_usd_per_tpa=200, life_years=2, variable_usd_per_t=100,
                   grant_share=0.5, credit_usd_per_t=40, commercial="yes")  # fmt: skip
    found = solve(world(mill, market("seller", premium=1.5), price={2030: price}))
    assert found.t("build", "mill", 2030, "merchant") == pytest.approx(built)


def test_contract_of_a_programme_that_runs_out_of_demand(solve):
    """Saving 450 a tonne at a price of 400 needs a contract; there is none to save in 2031, so none can be signed."""
    thrift = plant("thrift", kind="substitution", variable_usd_per_t=450, **PRIVATE)
    sheets = world(thrift, support_offers=[{"offer": "cfd", "term_years": 2}])
    sheets["demand"] = [{"segment": "cars", "material": "metal", "region": "USA", 2030: 100, 2031: 0}]
    found = solve(sheets)
    assert not found.each("rescue")
    assert found.usd == pytest.approx(100 * 5000)


def in_force(**contract):
    """A mill of 100 t/yr at 90,000 a tonne, of which a floor of 110 USD/kg covers 60 t; the seller asks double.

    The price is 60 USD/kg in 2030, when the mill would close, and 120 in 2031.
    """
    row = {"facility": "mill", "amount_usd_per_t": 110_000, "covered_tpa": 60, "pot": "treasury"} | contract
    return world(plant("mill", capacity_tpa=100, variable_usd_per_t=90_000, commercial="yes"),
                 market("seller", premium=1), price={2030: 60_000, 2031: 120_000}, contracts_in_force=[row],
                 settings={"public_funds_excess_burden": 0.25}, support_budgets=[{2030: 5}],
                 materials=[{"material": "metal", "shortage_cost_usd_per_t": 500_000}])  # fmt: skip


def test_floor_in_force_pays_below_it_and_nothing_above(solve):
    """In 2030 only the covered 60 t are made: 60 * 50,000 are paid, and 40 t bought at 120,000.

    In 2031 all 100 t are made, and the treasury pays nothing.
    """
    found = solve(in_force())
    assert (found.t("make", "mill", "clear", 2030), found.t("make", "mill", "clear", 2031)) == (60, 100)
    (row,) = found.table("awards")
    assert (row["offer"], row["applies_to"], row["paid_usd_million"]) == ("floor", "in force", pytest.approx(3))
    assert [year["paid_usd_million"] for year in found.table("award_years")][:3] == pytest.approx([3, 0, 0])
    assert found.usd == pytest.approx(60 * 90_000 + 40 * 120_000 + 100 * 90_000 + 3e6 / 4)


def test_two_way_in_force_takes_back_what_it_covers(solve):
    """Of 120 USD/kg in 2031 the treasury takes 10 on each of 60 t; of the 3 million paid 0.6 come back."""
    found = solve(in_force(form="two_way"))
    assert [year["back_usd_million"] for year in found.table("award_years")][:2] == pytest.approx([0, 0.6])
    assert found.usd == pytest.approx(60 * 90_000 + 40 * 120_000 + 100 * 90_000 + 2.4e6 / 4)


def test_premium_in_force_is_paid_whatever_the_price(solve):
    found = solve(in_force(form="premium", amount_usd_per_t=1000))
    assert [year["paid_usd_million"] for year in found.table("award_years")][:2] == pytest.approx([0.06, 0.06])


def test_claw_back_of_a_contract_in_force_is_reported_where_it_costs_nothing(solve):
    """Without an excess burden the plan gains nothing by what comes back; the treasury does."""
    sheets = in_force(form="two_way")
    sheets["settings"] = [row | {"value": 0} if row["setting"] == "public_funds_excess_burden" else row
                          for row in sheets["settings"]]  # fmt: skip
    found = solve(sheets)
    assert [year["back_usd_million"] for year in found.table("award_years")][:2] == pytest.approx([0, 0.6])


@pytest.mark.parametrize(("budget", "rescued"), [(5, 40), (3.9, 20), (3, 0), (1, 0)])
def test_contracts_in_force_come_first_in_their_pot(solve, budget, rescued):
    """The floor takes 3 million in 2030; a rescue at 105,000 a tonne gets 45,000 from what is left, if anything is."""
    sheets = in_force()
    sheets["facilities"].append(
        plant("old", region="USA", output="metal", capacity_tpa=100, variable_usd_per_t=105_000, commercial="yes",
              cfd_eligible="yes")
    )  # fmt: skip
    sheets["support_offers"] = [{"offer": "aid", "form": "two_way", "term_years": 1, "last_award_year": 2030}]
    sheets["support_budgets"] = [{"pot": "treasury", "view": "expected", 2030: budget}]
    found = solve(sheets)
    assert found.t("rescue", "old", 2030, "aid") == pytest.approx(rescued)
    assert found.t("honour", "floor", 2030) == pytest.approx(60)
    assert found.table("award_years", offer="floor", year=2031)[0]["t"] == pytest.approx(60)


def test_no_award_takes_the_place_of_a_contract_in_force(solve):
    """The covered 60 t are paid 50,000 a tonne by the floor, though a rescue would do with 30,000; it gets 40 t."""
    sheets = in_force(pot="")
    sheets["facilities"][0]["cfd_eligible"] = "yes"
    sheets["support_offers"] = [{"offer": "aid", "form": "two_way", "term_years": 1, "last_award_year": 2030}]
    found = solve(sheets)
    assert found.each("rescue") == {"mill,2030,aid": 40}
    assert found.t("honour", "floor", 2030) == pytest.approx(60)
    paid = {row["offer"]: row["paid_usd_million"] for row in found.table("awards")}
    assert paid == pytest.approx({"floor": 3, "aid": 40 * 0.03})
