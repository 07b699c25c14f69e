"""Premiums, grants and loans, by hand: what they must be, what they pay, and what pots and burdens make of them."""

from __future__ import annotations

import pytest

from tests.support.world_builder import make_world, market, project

MILL = project("mill", commercial="yes", cfd_eligible="yes", capex_usd_per_tpa=600, variable_usd_per_t=40,
               life_years=10, hurdle_rate=0.08)  # fmt: skip
"""Needs 129.4176932 a tonne: 40 and an annuity of 89.4176932 on 600 over ten years at 8 %."""

TEN = 7.2468879
"""Ten payments of 1 at 8 %, the first not discounted."""


def support_world(*offers, price=60, mill=None, budgets=(), **settings):
    """100 t a year at `price`; at most 60 of them foreign, so that a home mill for the other 40 needs support."""
    return make_world(
        {"last_year": 2039} | settings,
        demand=[{2030: 100}],
        prices=[{2030: price}],
        facilities=[market("foreign", concern_share=1), MILL | (mill or {})],
        exposure_caps=[{2030: 0.6}],
        support_offers=[{"materials": "metal", "last_award_year": 2030, "term_years": 10} | offer for offer in offers],
        support_budgets=list(budgets),
    )


PREMIUM, GRANT = {"offer": "bonus", "form": "premium"}, {"offer": "grant", "form": "grant", "term_years": None}
LOAN = {"offer": "loan", "form": "loan", "loan_rate": 0.03}


def amount(found, offer):
    (row,) = found.table("break_even", decision_year=2030, offer=offer)
    return row


def test_premium_is_the_gap_to_the_strike(solve):
    """At a flat price of 60 the mill misses 129.4176932 - 60 on each tonne; 40 t of it are paid for ten years."""
    found = solve(support_world(PREMIUM, public_funds_excess_burden=0.25))
    assert amount(found, "bonus")["amount"] == pytest.approx(69.4176932, abs=1e-7)
    assert found.each("build") == {"mill,2030,bonus": 40}
    years = found.table("award_years")
    assert [row["paid_usd_million"] for row in years] == pytest.approx([40 * 69.4176932e-6] * 10)
    assert found.usd == pytest.approx(10 * (60 * 60 + 40 * 129.4176932 + 40 * 69.4176932 / 4))


def test_what_a_project_needs_is_found_anew_wherever_what_it_follows_from_is_another(solve):
    """The gap is 129.4176932 less the price that lenders count on; ten more of cost widen it by ten.

    The first world is solved again after each of the others: plans share what they have found for a facility.
    """
    others = (
        (support_world(PREMIUM, price=70), 59.4176932),
        (support_world(PREMIUM, mill={"variable_usd_per_t": 50}), 79.4176932),
        (support_world(PREMIUM, lender_price_haircut=0.1), 75.4176932),
        (support_world(PREMIUM | {"coverage": 0.5}), 138.8353864),
    )
    for world, premium in others:
        assert amount(solve(support_world(PREMIUM)), "bonus")["amount"] == pytest.approx(69.4176932, abs=1e-7)
        assert amount(solve(world), "bonus")["amount"] == pytest.approx(premium, abs=1e-7)


@pytest.mark.parametrize(
    ("offer", "premium"), [({"coverage": 0.5}, 138.8353864), ({"term_years": 5}, 69.4176932 * TEN / 4.3121268)]
)
def test_premium_on_half_the_output_or_for_half_the_life(solve, offer, premium):
    """The same gap on half the tonnes; or in the first five years, in which a tonne a year is worth 4.3121268."""
    found = solve(support_world(PREMIUM | offer))
    assert amount(found, "bonus")["amount"] == pytest.approx(premium, rel=1e-7)


def test_grant_is_the_share_of_capex_whose_annuity_is_the_gap(solve):
    """69.4176932 of 89.4176932 is 77.6330620 %: 40 * 600 of capex times that, in the year of the decision."""
    found = solve(support_world(GRANT, public_funds_excess_burden=0.25))
    assert amount(found, "grant")["amount"] == pytest.approx(0.776330620, abs=1e-9)
    (year,) = found.table("award_years")
    assert (year["year"], year["paid_usd_million"]) == (2030, pytest.approx(40 * 600 * 0.776330620e-6))
    assert found.usd == pytest.approx(10 * (60 * 60 + 40 * 129.4176932) + 40 * 600 * 0.776330620 / 4)


def test_loan_saves_what_the_owners_money_costs_more(solve):
    """At a price of 120 the gap is 9.4176932 a year, worth 9.4176932 * 7.2468879 = 68.2489669.

    Each dollar of the owners costs them P(8 %, 10) = 1.08; a dollar lent at 3 % is repaid with 0.1172305 a year, worth
    0.8495563. So a loan saves 0.2304437 on the dollar, and the gap takes 68.2489669/0.2304437 = 296.1633 of the 600:
    49.36056 %. The treasury lends 40 * 296.1633 in 2030 and gets 40 * 34.7194 back in each of ten years.
    """
    found = solve(support_world(LOAN, price=120))
    assert amount(found, "loan")["amount"] == pytest.approx(0.4936056, abs=1e-7)
    years = found.table("award_years")
    assert [row["lent_usd_million"] for row in years] == pytest.approx([40 * 296.1633e-6] + [0] * 9, rel=1e-6)
    assert not any(row["paid_usd_million"] for row in years)
    assert [row["back_usd_million"] for row in years] == pytest.approx([40 * 34.71939e-6] * 10, rel=1e-6)


def test_no_loan_closes_a_gap_that_all_of_the_capex_does_not(solve):
    """At 60 the gap is 69.4176932 * 7.2468879 = 503.0623, and lending all of 600 saves 600 * 0.2304437 = 138.27."""
    found = solve(support_world(LOAN))
    assert amount(found, "loan")["amount"] == pytest.approx(503.0623 / (600 * 0.2304437), rel=1e-6)
    assert amount(found, "loan")["status"] == "above the highest amount"
    assert found.t("unmet", "cars/metal/USA", 2030) == pytest.approx(40)


def test_a_loan_as_dear_as_the_owners_money_is_no_help(solve):
    found = solve(support_world(LOAN | {"loan_rate": 0.09}, price=120))
    row = amount(found, "loan")
    assert (row["amount"], row["status"]) == (None, "no amount is enough")


@pytest.mark.parametrize(("ceiling", "promised", "status"), [
    (0.7763, 0, "above the highest amount"), (0.7764, 0, "offered"),
    # A fifth of the annuity is granted already: 57.6330620 % are missing, and four fifths could be had.
    (0.5763, 0.2, "above the highest amount"), (0.5764, 0.2, "offered"),
])  # fmt: skip
def test_ceiling_of_a_grant_and_what_is_promised_already(solve, ceiling, promised, status):
    found = solve(support_world(GRANT | {"max_capex_share": ceiling}, mill={"grant_share": promised}))
    assert amount(found, "grant")["status"] == status
    assert amount(found, "grant")["amount"] == pytest.approx(0.776330620 - promised, abs=1e-9)


@pytest.mark.parametrize(("ceiling", "status"), [(69.4, "above the highest amount"), (69.42, "offered")])
def test_ceiling_of_a_premium(solve, ceiling, status):
    for column, value in (("max_strike_usd_per_t", ceiling), ("max_strike_multiple", ceiling / 60)):
        found = solve(support_world(PREMIUM | {column: value}))
        assert amount(found, "bonus")["status"] == status


def test_burden_of_a_loan_is_charged_on_its_subsidy_cost(solve):
    """296.1633 lent; at a social rate of 1 % the ten repayments of 34.71939, the first at once, are worth 332.12.

    That is more than was lent: no burden. With a third lost they are worth 221.41: a quarter of the other 74.75.
    """
    lent, level = 296.1633, 34.71939
    worth = level * sum(1.01**-n for n in range(10))
    for lost in (0, 1 / 3):
        found = solve(support_world(LOAN | {"loan_loss_share": lost}, price=120, social_discount_rate=0.01,
                                    public_funds_excess_burden=0.25))  # fmt: skip
        burden = sum(found.cost("burden_pay", t) / 1.01 ** (t - 2030) for t in range(2030, 2040))
        assert burden == pytest.approx(40 * max(0, lent - (1 - lost) * worth) / 4, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(("offer", "budget", "built"), [
    # 40 t need 40 * 465.80 of grant, or 40 * 296.16 of loan, in 2030.
    (GRANT, 18_632, 40), (GRANT, 9_316, 20), (LOAN, 11_846.54, 40), (LOAN, 5_923.27, 20), (PREMIUM, 2_776.708, 40),
])  # fmt: skip
def test_pots_count_grants_as_spent_and_loans_as_lent(solve, offer, budget, built):
    """In the stress view, at 0.7 of the price, they take no more than in the expected view."""
    price = 120 if offer is LOAN else 60
    for view in ("expected", "stress"):
        found = solve(support_world(offer, price=price, budgets=[{"view": view, 2030: budget / 1e6}]))
        assert found.t("build", "mill", 2030, offer["offer"]) == pytest.approx(built, rel=1e-4)


def test_pots_pay_the_offers_they_name(solve):
    """The pot of the grant is empty, that of the premium pays 20 t: the rest stays unmet."""
    pots = [{"pot": "capital", "offers": "grant", 2030: 0}, {"pot": "yearly", "offers": "bonus", 2030: 1_388.354e-6}]
    found = solve(support_world(PREMIUM, GRANT, budgets=pots))
    assert found.each("build") == {"mill,2030,bonus": 20}


@pytest.mark.parametrize(("lead", "years"), [(0, [2030]), (1, [2030]), (3, [2030, 2031, 2032])])
def test_a_grant_is_spent_evenly_until_the_first_output(solve, lead, years):
    found = solve(support_world(GRANT, mill={"lead_time_years": lead}))
    rows = found.table("award_years")
    assert [row["year"] for row in rows] == years
    share = amount(found, "grant")["amount"]
    assert [row["paid_usd_million"] for row in rows] == pytest.approx([40 * 600e-6 * share / len(years)] * len(years))


def test_a_grant_bears_interest_during_construction(solve):
    """600 spent in the last of three years are 648 at the first output; the share is of that."""
    found = solve(support_world(GRANT, mill={"lead_time_years": 3, "construction_years": 1}))
    share = 1 - 20 / (89.4176932 * 1.08)
    assert amount(found, "grant")["amount"] == pytest.approx(share, rel=1e-7)
    assert sum(row["paid_usd_million"] for row in found.table("award_years")) == pytest.approx(
        40 * 648e-6 * share, rel=1e-6
    )


@pytest.mark.parametrize(("offer", "made"), [(GRANT, 0), (PREMIUM, 40)])
def test_a_grant_obliges_to_nothing(solve, offer, made):
    """From 2031 on there is no cap, and the seller asks 60 where the mill needs 75: with a grant it stands still."""
    sheets = support_world(offer, price=100, mill={"variable_usd_per_t": 75})
    sheets["facilities"][0] |= {"premium": -0.4}
    sheets["exposure_caps"] = [{"mineral": "tin", "scope": "chain", 2030: 0.6, 2031: 1}]
    found = solve(sheets)
    assert found.t("make", "mill", "clear", 2030) == pytest.approx(40)
    assert found.t("make", "mill", "clear", 2031) == pytest.approx(made)


def test_existing_capacity_takes_premiums_only(solve):
    """An old mill at 75 a tonne needs 15 at a price of 60; there is no capex to grant or to lend."""
    old = MILL | {"status": "operating", "capex_usd_per_tpa": 0, "variable_usd_per_t": 75}
    found = solve(support_world(PREMIUM | {"term_years": 2}, GRANT, LOAN, mill=old, last_year=2031))
    assert {row["offer"] for row in found.table("break_even")} == {"bonus"}
    assert found.each("rescue") == {"mill,2030,bonus": 40}
    assert amount(found, "bonus")["amount"] == pytest.approx(15)


def test_the_cheapest_form_is_chosen_where_all_are_on_offer(solve):
    """Burdens of a quarter, at a price of 120 and no discounting: the loan costs the treasury nothing.

    The premium would cost 10 * 9.4176932 = 94.2 a t/yr, the grant 600 * 9.4176932/89.4176932 = 63.2, the loan gets
    347.2 back for 296.2.
    """
    found = solve(support_world(PREMIUM, GRANT, LOAN, price=120, public_funds_excess_burden=0.25))
    assert found.each("build") == {"mill,2030,loan": 40}
    assert found.cost("burden_pay", 2030) == 0
    found = solve(support_world(PREMIUM, GRANT, price=120, public_funds_excess_burden=0.25))
    assert found.each("build") == {"mill,2030,grant": 40}


FORMS = [{"offer": "cfd", "form": "two_way"}, {"offer": "cfd", "form": "floor"}, PREMIUM, GRANT, LOAN]


@pytest.mark.parametrize("offer", FORMS, ids=lambda offer: offer["form"])
def test_where_public_money_is_free_the_form_changes_no_build(solve, offer):
    """Without burden and budget every form carries the same 40 t/yr at the same cost; they differ in what is paid."""
    found = solve(support_world(offer, price=120))
    assert found.each("build") == {f"mill,2030,{offer['offer']}": 40}
    assert found.usd == pytest.approx(10 * (60 * 120 + 40 * 129.4176932))


@pytest.mark.parametrize("offer", FORMS, ids=lambda offer: offer["form"])
def test_a_slump_moves_contracts_only(solve, offer):
    """At 30 % less, 84, a strike of 129.4176932 pays 36 a tonne more; premium, grant and loan what they paid before."""
    found = solve(support_world(offer, price=120))
    (award,) = found.table("awards")
    more = 1e6 * (award["stress_net_present_usd_million"] - award["net_present_usd_million"])
    assert more == pytest.approx(10 * 40 * 36 if offer["offer"] == "cfd" else 0, abs=1e-6)


def test_instruments_and_needs_side_by_side(solve):
    """All forms on offer at 120 and no discounting: the plan takes one; the table of needs has them all.

    A t/yr costs the treasury 94.18 under a premium, 600 * 0.1053225 = 63.19 as a grant, and as a loan 296.16 less
    347.19: it earns 51.03.
    """
    found = solve(support_world(*FORMS[1:], price=120, public_funds_excess_burden=0.25))
    needs = {row["form"]: row["net_present_usd_per_tpa"] for row in found.table("break_even", decision_year=2030)}
    assert needs == pytest.approx(
        {"floor": 94.176932, "premium": 94.176932, "grant": 63.1935, "loan": -51.0306}, rel=1e-5
    )
    (row,) = found.table("instruments")
    assert (row["form"], row["mineral"], row["projects"]) == ("loan", "tin", 1)
    assert (row["t_per_year"], row["clear_t"]) == (pytest.approx(40), pytest.approx(400))
    assert row["net_present_usd_million"] == pytest.approx(-40 * 51.0306e-6, rel=1e-5)
    assert row["usd_per_clear_t"] == pytest.approx(-5.10306, rel=1e-5)
