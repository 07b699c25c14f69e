"""Published instances and closed forms, through workbooks like a planner's."""

from __future__ import annotations

import pytest

from tests.support.solving import solve_xlsx
from tests.support.world_builder import make_world, market, plant, project


def test_dantzig_transport(tmp_path):
    """Dantzig (1963), chapter 3-3: cases of canned goods, 90 USD a case and thousand miles; 153,675 USD."""
    miles = {
        ("seattle", "new_york"): 2.5, ("seattle", "chicago"): 1.7, ("seattle", "topeka"): 1.8,
        ("san_diego", "new_york"): 2.5, ("san_diego", "chicago"): 1.8, ("san_diego", "topeka"): 1.4,
    }  # fmt: skip
    places = dict.fromkeys(place for pair in miles for place in pair)
    found = solve_xlsx(
        make_world(
            {"last_year": 2030},
            regions=[{"region": place, "standing": "partner"} for place in places],
            demand=[
                {"region": place, 2030: cases}
                for place, cases in (("new_york", 325), ("chicago", 300), ("topeka", 275))
            ],
            facilities=[
                plant(f"plant_{place}", region=place, capacity_tpa=cases)
                for place, cases in (("seattle", 350), ("san_diego", 600))
            ],
            routes=[
                {"from_region": origin, "to_region": target, "freight_usd_per_t": 90 * distance}
                for (origin, target), distance in miles.items()
            ],
        ),
        tmp_path,
    )
    assert found.usd == pytest.approx(153_675, rel=1e-9)
    assert not found.each("unmet")


FREIGHT = {
    "liverpool": {"newcastle": 0.5, "birmingham": 0.5, "london": 1.0, "exeter": 0.2, "c1": 1.0, "c3": 1.5, "c4": 2.0,
                  "c6": 1.0},
    "brighton": {"birmingham": 0.3, "london": 0.5, "exeter": 0.2, "c1": 2.0},
    "newcastle": {"c2": 1.5, "c3": 0.5, "c4": 1.5, "c6": 1.0},
    "birmingham": {"c1": 1.0, "c2": 0.5, "c3": 0.5, "c4": 1.0, "c5": 0.5},
    "london": {"c2": 1.5, "c3": 2.0, "c5": 0.5, "c6": 1.5},
    "exeter": {"c3": 0.2, "c4": 1.5, "c5": 0.5, "c6": 1.5},
}  # fmt: skip
THROUGHPUT = {"newcastle": 70_000, "birmingham": 50_000, "london": 100_000, "exeter": 40_000}
WANTED = {"c1": 50_000, "c2": 10_000, "c3": 40_000, "c4": 35_000, "c5": 60_000, "c6": 20_000}


def distribution(**sheets):
    """Williams, Model Building in Mathematical Programming, "Distribution": works, depots (ports here), customers."""
    places = [*FREIGHT, *WANTED]
    return make_world(
        {"last_year": 2030},
        regions=[
            {"region": place, "standing": "partner", "transit": "yes" if place in THROUGHPUT else "no"}
            for place in places
        ],
        demand=[{"region": place, 2030: tons} for place, tons in WANTED.items()],
        facilities=[
            plant("north_works", region="liverpool", capacity_tpa=150_000),
            plant("south_works", region="brighton", capacity_tpa=200_000, concern_share=1),
        ],
        routes=[
            {"from_region": origin, "to_region": target, "freight_usd_per_t": freight}
            for origin, targets in FREIGHT.items()
            for target, freight in targets.items()
        ],
        export_limits=[{"limit": f"depot_{depot}", "from_region": depot, 2030: tons}
                       for depot, tons in THROUGHPUT.items()],
        **sheets,
    )  # fmt: skip


def exposed(found) -> float:
    return sum(found.t("deliver", f"cars/metal/{place}", "exposed", 2030) for place in WANTED)


def test_williams_distribution(solve):
    """198,500, with duals of -0.2 and -0.3 on two depots; of many optima the one with 105,000 t from Brighton."""
    found = solve(distribution())
    assert found.usd == pytest.approx(198_500, rel=1e-9)
    assert exposed(found) == pytest.approx(105_000)
    saved = {row["key"]: row["value"] for row in found.table("shadow_prices", constraint="export_limit")}
    assert saved == pytest.approx({"depot_birmingham": 0.2, "depot_exeter": 0.3})


@pytest.mark.parametrize(("cap", "cost"), [(0.4, 202_300), (0.31, 206_170)])
def test_williams_distribution_with_an_exposure_cap(solve, cap, cost):
    """With Brighton of concern, each tonne less of it costs 0.2."""
    found = solve(distribution(exposure_caps=[{2030: cap}]))
    assert found.usd == pytest.approx(cost, rel=1e-9)
    assert exposed(found) == pytest.approx(cap * 215_000)
    (row,) = found.table("exposure", stage="chain", segment="*")
    assert row["price_usd_million_per_point"] == pytest.approx(0.2 * 2_150 * 1e-6)


STRIKE = 40 + 600 / 6.7100814
"""129.4176932: a tonne at 40 and 600 of investment over ten years at 8 %."""


def contract_world(offer=None, budget=None, price=None, **settings):
    """100 t a year at 60; at most 60 of them foreign, so that a home mill for the other 40 needs a contract."""
    return make_world(
        {"last_year": 2039} | settings,
        demand=[{2030: 100}],
        prices=[price or {2030: 60}],
        facilities=[
            market("foreign", concern_share=1),
            project("mill", commercial="yes", cfd_eligible="yes", capex_usd_per_tpa=600, variable_usd_per_t=40,
                    life_years=10, hurdle_rate=0.08),
        ],
        exposure_caps=[{2030: 0.6}],
        support_offers=[{"offer": "cfd", "materials": "metal", "last_award_year": 2030} | (offer or {})],
        support_budgets=[budget] if budget else [],
    )  # fmt: skip


def test_break_even_strike_and_what_it_costs(tmp_path):
    """40 t at 129.4176932 - 60 are 2,776.7077 a year."""
    found = solve_xlsx(contract_world(), tmp_path)
    years = found.table("award_years")
    assert [row["year"] for row in years] == list(range(2030, 2040))
    assert years[0]["amount"] == pytest.approx(129.4176932, abs=1e-7)
    assert [row["paid_usd_million"] for row in years] == pytest.approx([2_776.7077e-6] * 10, rel=1e-7)
    assert found.usd == pytest.approx(10 * (60 * 60 + 40 * 129.4176932))


@pytest.mark.parametrize(
    ("view", "usd", "enough"),
    [
        ("expected", 2_775.7, False), ("expected", 2_777.7, True),
        # At 0.7 * 60 = 42 the same strike costs 40 * 87.4176932 = 3,496.7077.
        ("stress", 3_495.7, False), ("stress", 3_497.7, True),
    ],
)  # fmt: skip
def test_budget_that_is_a_dollar_short(solve, view, usd, enough):
    found = solve(contract_world(budget={"view": view, 2030: usd / 1e6}))
    need = 40 * (STRIKE - (60 if view == "expected" else 42))
    assert found.t("build", "mill", 2030, "cfd") == pytest.approx(40 if enough else 40 * usd / need, rel=1e-6)
    assert bool(found.each("unmet")) is not enough


@pytest.mark.parametrize(
    ("offer", "signed"),
    [
        ({"max_strike_usd_per_t": 129.0}, False), ({"max_strike_usd_per_t": 129.4177}, True),
        # 129.4176932/60 = 2.15696155
        ({"max_strike_multiple": 2.1569}, False), ({"max_strike_multiple": 2.157}, True),
        ({"max_strike_usd_per_t": 129.4177, "max_strike_multiple": 2.1569}, False),
        ({"max_strike_usd_per_t": 129.0, "max_strike_multiple": 2.157}, False),
    ],
)  # fmt: skip
def test_strike_ceilings(solve, offer, signed):
    found = solve(contract_world(offer))
    (row,) = found.table("break_even", decision_year=2030)
    assert row["status"] == ("offered" if signed else "above the highest amount")
    assert found.t("unmet", "cars/metal/USA", 2030) == pytest.approx(0 if signed else 40)


FALLING = {2030: 150, 2031: 140, 2032: 130, 2033: 90, 2034: 60}


def test_floor_under_a_falling_price(solve):
    """The strike 122.4995525 pays nothing for three years, then 40 * 32.4995525, then 40 * 62.4995525.

    At 3 % that is worth 13,187.69 a year before the first delivery; a burden of 1 puts all of it into the cost.
    """
    found = solve(
        contract_world({"form": "floor"}, price=FALLING, social_discount_rate=0.03, public_funds_excess_burden=1)
    )
    years = found.table("award_years")
    assert years[0]["amount"] == pytest.approx(122.4995525, abs=1e-7)
    assert [1e6 * row["paid_usd_million"] for row in years] == pytest.approx(
        [0, 0, 0, 1_299.9821] + [2_499.9821] * 6, abs=1e-4
    )
    burden = sum(found.cost("burden_pay", t) / 1.03 ** (t - 2030) for t in range(2030, 2040))
    assert burden == pytest.approx(13_187.69 * 1.03, abs=0.01)


@pytest.mark.parametrize(
    ("lead", "construction", "strike"),
    [
        # 8,000 at 12 % over 20 years are 1,071.0302 a year.
        (0, 0, 1_471.0302),
        (10, 0, 1_471.0302),
        # Spent over four years it grows to 8,000 * (1.12 + 1.2544 + 1.404928 + 1.57351936)/4 = 10,705.694.
        (10, 4, 400 + 1_071.0302 * 1.33821184),
    ],
)
def test_interest_during_construction(solve, lead, construction, strike):
    """A mine of 8,000 USD per t/yr at 12 %, 400 a tonne: the strike bears interest until the first output.

    The plan pays the same annuity that the strike allows for, so 80 t cost 80 * strike in the first year online.
    """
    found = solve(
        make_world(
            {"last_year": 2060},
            demand=[{2030: 100}],
            prices=[{2030: 1000}],
            facilities=[
                market("imports", concern_share=1),
                project("mine", commercial="yes", cfd_eligible="yes", capex_usd_per_tpa=8000, variable_usd_per_t=400,
                        life_years=20, hurdle_rate=0.12, lead_time_years=lead, construction_years=construction),
            ],
            exposure_caps=[{2030: 1, 2040: 0.2}],
            support_offers=[{"offer": "cfd", "term_years": 20}],
        )
    )  # fmt: skip
    row = found.table("break_even", decision_year=2030)[0]
    assert row["amount"] == pytest.approx(strike, abs=1e-3)
    assert found.cost("annuity", 2040) == pytest.approx(80 * (strike - 400), rel=1e-6)
    (built, *_) = found.table("builds")
    assert built["capex_usd_million"] == pytest.approx(built["t_per_year"] * 8000e-6)
