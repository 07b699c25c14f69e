"""The verdict in sentences: every number in it is arithmetic on a few rows."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from model.report.content import Content, find_content
from model.report.scenario import Solved
from model.report.sheets import find_shown
from model.report.verdict import Verdicts
from model.report.verdict_cost import report_cost
from tests.support.sheets import small_world
from tests.support.tables import tables_of

YEARS = range(2026, 2031)


def summary(name: str, **totals: float) -> list[tuple[object, ...]]:
    measures = {"objective": 0.0, "supply_cost": 0.0, "penalty_cost": 0.0, "public_cost": 0.0,
                "exposure_index": 0.0, "exposed_share_ndpr": 0.0, "support_paid": 0.0, "support_back": 0.0,
                "support_tail": 0.0} | totals  # fmt: skip
    rows: list[tuple[object, ...]] = [(name, measure, None, value, "") for measure, value in measures.items()]
    return [*rows, (name, "exposure_index", 2030, 0.125, "share")]


def frame(columns: str, *rows: tuple[object, ...]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=["scenario", *columns.split()])
    if "year" in table:
        table["year"] = table["year"].astype("Int64")
    return table


BUILDS = "facility financed_by decision_year online_year t_per_year capex_usd_million whole_t_per_year tied_with"
AWARDS = (
    "facility offer form applies_to award_year first_year last_year t_per_year amount unit paid_usd_million "
    "lent_usd_million back_usd_million tail_usd_million tail_back_usd_million net_present_usd_million "
    "stress_net_present_usd_million"
)
AWARD_YEARS = (
    "facility offer form applies_to award_year year t amount unit reference_usd_per_t paid_usd_million "
    "lent_usd_million back_usd_million stress_paid_usd_million stress_lent_usd_million stress_back_usd_million"
)
STRIKE = ("dear", "home_refinery", "strike", "two_way", "new", 2026)
OF_STRIKE = (100.0, 90000.0, "USD/t")


STEPS = (
    "constraint key mineral step unit first_year last_year up_usd_million up_penalties_usd_million down_usd_million "
    "down_penalties_usd_million slope_usd_million usd_per_t"
)


@pytest.fixture
def content() -> Content:
    tables = {
        "summary": frame("measure year value unit",
                         *summary("base", objective=1000.0, supply_cost=1000.0, exposure_index=0.25),
                         *summary("dear", objective=1500.0, supply_cost=600.0, penalty_cost=900.0, support_paid=3.0,
                                  support_tail=2.0, exposure_index=0.375, exposed_share_ndpr=0.625)),
        "costs": frame("term kind mineral year usd_million discounted_usd_million",
                       ("base", "market", "supply", "ndpr", 2026, 1000.0, 1000.0),
                       ("dear", "market", "supply", "ndpr", 2026, 600.0, 600.0),
                       ("dear", "shortage", "penalty", "ndpr", 2026, 900.0, 900.0)),
        "builds": frame(BUILDS, ("dear", "home_mine", "merchant", 2026, 2027, 500.0, 20.0, 5000.0, ""),
                        ("dear", "home_mine", "merchant", 2027, 2028, 200.0, 8.0, 5000.0, ""),
                        ("dear", "home_refinery", "strike", 2026, 2028, 100.0, 6.0, 100.0, "partner_refinery")),
        "awards": frame(AWARDS, (*STRIKE, 2028, 2037, *OF_STRIKE, 3.0, 0.0, 0.0, 2.0, 0.0, 4.5, 9.0)),
        "award_years": frame(AWARD_YEARS, (*STRIKE, 2028, *OF_STRIKE, 75000.0, 1.5, 0.0, 0.0, 3.75, 0.0, 0.0),
                             (*STRIKE, 2029, *OF_STRIKE, 77500.0, 1.5, 0.0, 0.0, 3.575, 0.0, 0.0)),
        "deliveries": frame(
            "segment mineral material region year clear_t exposed_t saved_t unmet_t",
            ("dear", "defence", "ndpr", "ndpr_oxide", "USA", 2026, 75.0, 0.0, 0.0, 25.0),
            ("dear", "defence", "ndpr", "ndpr_oxide", "USA", 2027, 50.0, 0.0, 0.0, 50.0)),
        "exposure": frame("mineral stage segment year located_share controlled_share cap",
                          ("dear", "ndpr", "chain", "*", 2030, None, 0.4, None),
                          ("dear", "ndpr", "refining", "*", 2030, 0.5, 0.6, None),
                          ("dear", "ndpr", "scrap", "*", 2030, 0.9, 0.9, None)),
        "shadow_prices": frame(
            "constraint key year value unit meaning",
            ("dear", "capacity_limit", "partner_refinery", 2026, 400.0, "USD per t/yr", ""),
            ("dear", "capacity_limit", "partner_refinery", 2027, 600.0, "USD per t/yr", "")),
        "price_steps": frame(STEPS, (
            "dear", "capacity_limit", "partner_refinery", "ndpr", 60.0, "t/yr", 2026, 2030, 0.125, 0.0, None, None,
            0.15, 500.0)),
        "breaches": frame("constraint key year amount unit cost_usd_million",
                          ("dear", "chain_exposure_limit", "ndpr/chain/* (ndpr)", 2028, 10.0, "t of ndpr", 1.0),
                          ("dear", "chain_exposure_limit", "ndpr/chain/* (ndpr)", 2029, 20.0, "t of ndpr", 2.0)),
    }  # fmt: skip
    sheets = small_world()
    sheets["scenarios"] = [{"scenario": "base", "title": "Base plan"}, {"scenario": "dear", "title": "Dear"}]
    sheets["changes"] = []
    sheets["stages"].append({"stage": "scrap", "name": "Scrap"})
    solved = [Solved("base", "optimal", ""), Solved("dear", "optimal", "")]
    return find_content(tables_of(sheets), solved, tables)


def told(content: Content, scenario: str, topic: str) -> str:
    """The one sentence on a topic, its details in the lines below."""
    (said,) = [said for said in Verdicts(content).of(scenario, "base") if said.topic == topic]
    return "\n".join([said.text, *said.details])


def test_cost_is_told_against_the_base(content):
    """600 is 400 or 40 % less than 1,000, all of it purchases; the shortage of 900 is valued, not paid."""
    base, dear = content.scenarios
    assert report_cost(content, dear, base) == (
        "The plan costs 600 m USD, discounted to 2026 in dollars of 2025: 400 m USD (40 %) less than Base plan, "
        "mostly purchases -400 m USD. Penalties for what is missed (shortage), which nobody is paid, are valued at "
        "900 m USD, 900 m USD more."
    )
    assert report_cost(content, base, base) == "The plan costs 1.00 bn USD, discounted to 2026 in dollars of 2025."
    later = replace(base, first_year=2028)
    assert report_cost(content, later, base) == "The plan costs 1.00 bn USD, discounted to 2028 in dollars of 2025."


def test_plans_of_another_yardstick_are_not_compared(content):
    """Neither a year more, nor another discount rate, nor dollars of another year make a plan dearer."""
    base, dear = content.scenarios
    last = dear.last_year
    assert not dear.unlike(base)
    longer = replace(dear, last_year=last + 2, discount_rate=0.075)
    assert report_cost(content, longer, base) == (
        "The plan costs 600 m USD, discounted to 2026 in dollars of 2025, which is not compared with Base plan: the "
        f"horizon is 2026-{last + 2}, not 2026-{last}; the discount rate is 7.5 %, not 3 %. Penalties for what is "
        "missed (shortage), which nobody is paid, are valued at 900 m USD."
    )
    assert replace(dear, price_year=2020).unlike(base) == "the price year is 2020, not 2025"
    changes = find_shown_table(replace(content, scenarios=(base, longer)), "comparison")["cost_change_usd_million"]
    assert changes.isna().tolist() == [False, True]


def find_shown_table(content: Content, name: str) -> pd.DataFrame:
    """A table as the Excel report shows it."""
    (shown,) = [shown for shown in find_shown(content) if shown.name == name]
    return shown.filled(content)


def test_projects_are_told_with_year_and_size(content):
    assert told(content, "dear", "build") == (
        "Build 2 projects for 34 m USD, decided in 2026-2027; 1 of them with a contract. 1 project is built in part; "
        "whole_projects rules that out. For 1 project another would do as well, at the same cost and exposure.\n"
        "home_mine (NdPr in concentrate, USA): 700 of 5,000 t/yr, decide in 2026-2027, online from 2027, 28 m USD\n"
        "home_refinery (NdPr oxide, USA): 100 t/yr, decide in 2026, online from 2028, 6 m USD; partner_refinery "
        "would do as well"
    )
    assert told(content, "base", "build") == "Nothing new is built."


def test_exposure_leads_with_the_most_exposed_minerals(content):
    assert told(content, "dear", "exposure") == (
        "Most exposed to regions of concern (china) at some step of their chain: Neodymium-praseodymium (62 %) of "
        "demand in 2026-2030. 1 mineral depends on them for more than half of demand. The exposure index, the weighted "
        "mean of all minerals, is 38 %, 12 % in 2030.\n"
        "Neodymium-praseodymium: 40 % end to end in 2030, most at Refining (60 %)"
    )
    assert told(content, "base", "exposure") == "No demand depends on regions of concern (china) in 2026-2030."


def test_support_is_reported_with_amount_payments_and_risk(content):
    assert told(content, "dear", "support") == (
        "1 project has public support (1 new award): 1 to be built. Not discounted, the treasury pays 3 m USD up to "
        "2030, at most 1.5 m USD in 2028, and is paid back 0 m USD. With prices 30 % lower it pays 7.3 m USD up to "
        "2030.\n"
        "1 award is expected to cost the treasury 4.5 m USD in present value; with prices 30 % lower it costs 9 m USD\n"
        "home_refinery: strike 90,000 USD/t (reference price 76,250 on average), 100 t/yr, strike, awarded in 2026; "
        "pays 3 m USD, later 2 m USD"
    )
    assert told(content, "base", "support") == "No support is awarded: the treasury pays nothing."


def test_grants_and_loans_are_reported_as_shares_of_capex(content):
    awards = frame(
        AWARDS,
        ("dear", "home_refinery", "grant", "grant", "new", 2026, 2026, 2027, 100.0, 0.5, "share of capex", 3.0, 0.0,
         0.0, 0.0, 0.0, 2.9, 2.9),
        ("dear", "home_mine", "loan", "loan", "new", 2026, 2026, 2036, 100.0, 0.25, "share of capex", 0.0, 8.0, 2.0,
         0.0, 7.0, -0.4, -0.4),
        ("dear", "home_mine", "floor", "floor", "in force", 2026, 2026, 2030, 100.0, 50000.0, "USD/t", 0.0, 0.0, 0.0,
         0.0, 0.0, 0.0, 5.0),
    )  # fmt: skip
    text = told(replace(content, tables={**content.tables, "awards": awards}), "dear", "support")
    assert text.startswith(
        "2 projects have public support (2 new awards): 2 to be built and 1 under a contract that is in force already."
    )
    assert "1 award is expected to cost the treasury 2.9 m USD in present value" in text
    assert (
        "1 award is expected to earn it 0.4 m USD in present value; with prices 30 % lower it earns 0.4 m USD" in text
    )
    assert (
        "1 award is an insurance, expected neither to cost nor to earn anything in present value; with prices 30 % "
        "lower it costs 5 m USD"
    ) in text
    assert "home_mine: loan of 25 % of capex and strike 50,000 USD/t, 200 t/yr, floor and loan" in text
    assert "lends 8 m USD; is paid back 9 m USD" in text
    assert "grant of 50 % of capex" in text


def test_shortage_comes_first_and_says_why(content):
    """75 t are short, half of the demand of 2027; 60 t/yr more at the refinery save 500 USD/t."""
    first = Verdicts(content).of("dear", "base")[0]
    assert first.is_bad
    assert first.text == "Short of NdPr oxide: 75 t in 2026-2027, up to 50 % of all that is wanted in 2027."
    (why,) = first.details
    assert why == (
        "what binds: 60 t/yr more usable capacity at partner_refinery saves 0.12 m USD (500 USD/t), over the whole plan"
    )


def test_missed_caps_are_told(content):
    assert told(content, "dear", "missed") == (
        "Missed: 1 cap, target or cover, at breach prices of 3 m USD.\n"
        "end-to-end cap on Neodymium-praseodymium in 2028-2029, by up to 20 t of Neodymium-praseodymium in 2029, at "
        "3 m USD"
    )


def test_a_scenario_without_a_plan_says_so(content):
    gone = replace(content.scenarios[1], status="infeasible", message="no plan\n  a cannot hold")
    found = Verdicts(replace(content, scenarios=(content.scenarios[0], gone))).of("dear", "base")
    assert [(said.text, said.details, said.is_bad) for said in found] == [
        ("Dear has no plan.", ("no plan", "  a cannot hold"), True)
    ]


def test_payments_after_the_plan_go_both_ways(content):
    later = frame(AWARD_YEARS, (*STRIKE, 2031, *OF_STRIKE, 70000.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0),
                  (*STRIKE, 2032, *OF_STRIKE, 95000.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0))  # fmt: skip
    years = pd.concat([content.rows("award_years"), later], ignore_index=True)
    awards = content.rows("awards").assign(tail_back_usd_million=0.5)
    changed = {**content.tables, "award_years": years, "awards": awards}
    text = told(replace(content, tables=changed), "dear", "support")
    assert "; after that it pays 2 m USD and is paid back 0.5 m USD." in text
    assert text.endswith("later 2 m USD; is paid back 0.5 m USD")


def test_limits_on_everything_are_told_once_a_plan(content):
    """A quota on all goods is worth what its best good is, which says nothing of the oxide that is short.

    A limit with a price of which a step saves nothing is no reason.
    """
    slopes = frame("constraint key year value unit meaning",
                   ("dear", "export_limit", "all_imports", 2027, 40_000_000.0, "USD per t/yr", ""),
                   ("dear", "export_limit", "ores", 2027, 1000.0, "USD per t/yr", ""),
                   ("dear", "budget_limit", "treasury/expected", 2027, 38.5, "USD per USD", ""))  # fmt: skip
    steps = frame(
        STEPS,
        ("dear", "export_limit", "all_imports", "", 5.0, "t/yr", 2027, 2027, 40.0, 30.0, 90.0, 0.0, 200.0, 8_000_000.0),
        ("dear", "export_limit", "ores", "", 5.0, "t/yr", 2027, 2027, 0.0, 0.0, None, None, 0.005, 0.0),
        (
            "dear",
            "budget_limit",
            "treasury/expected",
            "",
            10.0,
            "USD million",
            2026,
            2030,
            385.0,
            0.0,
            None,
            None,
            385.0,
            None,
        ),
    )
    tables = {
        "shadow_prices": pd.concat([content.rows("shadow_prices"), slopes], ignore_index=True),
        "price_steps": pd.concat([content.rows("price_steps"), steps], ignore_index=True),
    }
    priced = replace(content, tables={**content.tables, **tables})
    short, shared, *_ = Verdicts(priced).of("dear", "base")
    assert len(short.details) == 1
    assert shared.text.startswith("What also limits several materials at once")
    assert shared.details == (
        "10 m USD a year more in the budget treasury/expected saves 385 m USD, over the whole plan",
        (
            "5 t/yr more under the export limit all_imports in 2027 saves 40 m USD (penalties 30 m USD, all else 10 m "
            "USD) (8,000,000 USD/t); as much less in 2027 costs 90 m USD, over the whole plan"
        ),
    )


def test_the_costliest_failure_is_told(content):
    columns = "rank kind name first_year last_year extra_cost_usd_million penalty_usd_million worst_mineral months_lost"
    rows = frame(columns, ("dear", 1, "pair", "PTN & CHN", 2028, 2029, 90.0, 80.0, "ndpr", 7.5),
                 ("dear", 2, "material", "ndpr_oxide/PTN", 2028, 2029, 50.0, 40.0, "ndpr", 4.25),
                 ("dear", 3, "facility", "partner_mine", 2028, 2029, 6.0, 0.0, "", 0.0))  # fmt: skip
    assert told(replace(content, tables={**content.tables, "failures": rows}), "dear", "shocks") == (
        "Of 2 single failures in 2028-2029 the costliest is that of all NdPr oxide from Partner, which adds 50 m "
        "USD (penalties 40 m USD, all else 10 m USD), 4.25 months of demand for Neodymium-praseodymium."
    )


def test_what_draws_come_to(content):
    tables = {
        "draws": frame("draw status regret_usd_million regret_penalty_usd_million", ("dear", 1, "optimal", 0.0, 0.0),
                       ("dear", 2, "optimal", 12.0, 9.0), ("dear", 3, "optimal", 2.0, 0.0),
                       ("dear", 4, "infeasible", None, None)),
        "draw_builds": frame("facility class", ("dear", "home_mine", "no regret"), ("dear", "home_refinery", "depends"),
                             ("dear", "partner_mine", "depends")),
    }  # fmt: skip
    assert told(replace(content, tables={**content.tables, **tables}), "dear", "shocks") == (
        "In 3 draws of the uncertain numbers, 1 project is built nearly always, and 2 depend on what is drawn; keeping "
        "the plan's early decisions costs 2 m USD more than deciding anew in the median draw, and up to 12 m "
        "USD (penalties 9 m USD, all else 3 m USD)."
    )


def test_what_looking_ahead_is_worth(content):
    rows = frame("measure limited full difference unit", ("dear", "cost", 1540.0, 1500.0, 40.0, "USD million"),
                 ("dear", "penalties", 30.0, 0.0, 30.0, "USD million"))  # fmt: skip
    assert told(replace(content, tables={**content.tables, "foresight": rows}), "dear", "shocks") == (
        "Deciding year by year with limited foresight would add 40 m USD (penalties 30 m USD, all else 10 m USD) to "
        "the cost of the plan."
    )


def test_what_shocks_and_a_hedge_come_to(content):
    tables = {
        "stress": frame("shock extra_cost_usd_million extra_penalties_usd_million",
                        ("dear", "ban", 12.0, 0.0), ("dear", "war", 40.0, 30.0)),
        "regret": frame("shock regret_usd_million is_worst penalties_usd_million",
                        ("dear", "ban", 9.0, "yes", 0.0), ("dear", "war", 1.0, "no", 1.0)),
        "hedge": frame("measure value unit penalties_usd_million", ("dear", "insurance_premium", 1050.0, "", 0.0),
                       ("dear", "value_of_stochastic_solution", 6510.0, "", 6000.0)),
    }  # fmt: skip
    assert told(replace(content, tables={**content.tables, **tables}), "dear", "shocks") == (
        "The costliest shock is 'war': it adds 40 m USD (penalties 30 m USD, all else 10 m USD). Knowing 'ban' in "
        "advance would save most, 9 m USD. A plan hedged against all shocks adds 1.05 bn USD without a shock and saves "
        "6.51 bn USD (penalties 6.00 bn USD, all else 510 m USD) on average over all futures."
    )
