"""The brief: every number in it is arithmetic on rows of the tables, done here once more."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from model.report.answers import Answer
from model.report.assumptions import Assumption
from model.report.brief import Briefs
from model.report.brief_exposure import find_turn
from model.report.brief_money import find_without
from model.report.content import Content
from model.report.firmness import find_margins
from model.report.prices import price_sentences
from model.report.reasons import find_binding
from model.report.sparks import draw_curves
from model.report.support import describe_risk
from model.workbook.evidence import Grade
from model.workbook.formatting import amount, counted, money, percent
from tests.support.reports import analyses, read


@pytest.fixture(scope="module")
def content(reported) -> Content:
    return read(reported)


@pytest.fixture(scope="module")
def analysed(content) -> Content:
    return replace(content, tables={**content.tables, **analyses()})


def answer(content: Content, scenario: str, topic: str) -> Answer:
    return next(found for found in Briefs(content).of(scenario) if found.topic == topic)


def numbers(found: Answer) -> list[str]:
    return [fact.number for fact in found.facts]


def of(rows: pd.DataFrame, **wanted: object) -> pd.DataFrame:
    for key, value in wanted.items():
        rows = rows[rows[key] == value]
    return rows


def test_every_plan_has_seven_answers_and_a_scenario_without_a_plan_none(content):
    briefs = Briefs(content)
    topics = ["decide", "money", "exposure", "short", "frontier", "shock", "trust"]
    for scenario in ("base", "squeeze"):
        assert [found.topic for found in briefs.of(scenario)] == topics
        assert all(found.lines for found in briefs.of(scenario))
    assert briefs.of("never") == ()


def test_decisions_are_the_builds_of_the_first_year(content):
    builds = of(content.rows("builds"), scenario="base", decision_year=2026)
    found = answer(content, "base", "decide")
    backed = builds.loc[builds["financed_by"] != "merchant", "facility"].nunique()
    assert numbers(found) == [
        str(builds["facility"].nunique()), money(builds["capex_usd_million"].sum()), str(backed)
    ]  # fmt: skip
    refinery = of(builds, facility="home_refinery")
    award = of(content.rows("awards"), scenario="base", facility="home_refinery", award_year=2026)
    line = next(line for line in found.lines if money(refinery["capex_usd_million"].sum()) in line)
    assert f"{amount(refinery['t_per_year'].sum())} t/yr" in line
    assert f"of {amount(award['amount'].iloc[0])} USD/t" in line


def test_what_waiting_costs_is_said_of_each_project(content):
    """It costs 7 m USD, or nothing, or no plan is left; the costliest wait comes first."""
    for cost, missed, words in ((7.0, 0.0, "waiting a year costs 7 m USD."),
                                (7.0, 3.0, "waiting a year costs 7 m USD (penalties 3 m USD, all else 4 m USD)."),
                                (0.0, 0.0, "it can wait a year at no cost."),
                                (None, None, "it cannot wait: no later plan satisfies every rule.")):  # fmt: skip
        waits = pd.DataFrame({"scenario": ["base"], "facility": ["home_refinery"], "t_per_year": [680.0],
                              "wait_usd_million": pd.Series([cost], dtype=float),
                              "wait_penalties_usd_million": pd.Series([missed], dtype=float)})  # fmt: skip
        found = answer(replace(content, tables={**content.tables, "waits": waits}), "base", "decide")
        assert found.lines[0].endswith(words)
        last = "1 of the 1 looked at can wait" if cost == 0 else "None looked at can wait"
        assert found.lines[-1].startswith(last)


def test_money_is_what_support_moves_and_would_move_in_a_slump(content):
    found = answer(content, "base", "money")
    years = of(content.rows("award_years"), scenario="base")
    inside = years[years["year"] <= 2030]
    moved = [
        inside[f"{view}paid_usd_million"].sum() + inside[f"{view}lent_usd_million"].sum() for view in ("", "stress_")
    ]
    assert numbers(found) == [money(usd_million) for usd_million in moved]
    later = years.loc[years["year"] > 2030, "paid_usd_million"].sum()
    assert f"After 2030 another {money(later)} falls due." in found.lines


def with_changes(content: Content, sheet: str) -> Content:
    """The two plans differ by one cell of a sheet, and the second signs nothing."""
    changes = pd.DataFrame([("squeeze", sheet, "treasury/expected", "", 2026, "100", "0")],
                           columns=["scenario", "sheet", "record", "column", "year", "old", "new"])  # fmt: skip
    signed = of(content.rows("awards"), scenario="base")
    return replace(content, tables={**content.tables, "changes": changes, "awards": signed})


def test_the_plan_without_support_is_the_one_that_changes_nothing_else(content):
    base = content.scenarios[0]
    without = with_changes(content, "support_budgets")
    other = find_without(without, base)
    assert other is not None
    assert other.name == "squeeze"
    assert find_without(with_changes(content, "facilities"), base) is None
    cost = {name: content.total(name, "objective") for name in ("base", "squeeze")}
    index = {name: content.total(name, "exposure_index") for name in ("base", "squeeze")}
    line = next(line for line in answer(without, "base", "money").lines if line.startswith("Without support"))
    assert money(abs(cost["squeeze"] - cost["base"])) in line
    assert f"{percent(index['squeeze'])} rather than {percent(index['base'])}" in line


def test_an_award_that_neither_costs_nor_earns_is_insurance(content):
    """By the rule of the verdict: one that pays nothing and is paid back earns, and is none."""
    ending = "expected neither to cost nor to earn the treasury anything."
    for net, is_one in ((0.0, True), (-3.0, False), (3.0, False)):
        signed = content.rows("awards").assign(paid_usd_million=0.0, lent_usd_million=0.0, tail_usd_million=0.0,
                                               net_present_usd_million=net)  # fmt: skip
        idle = replace(content, tables={**content.tables, "awards": signed})
        assert answer(idle, "base", "money").lines[0].endswith(ending) == is_one
        found = "\n".join(describe_risk(of(signed, scenario="base"), idle.scenarios[0]))
        assert ("an insurance" in found) == is_one


def test_exposures_are_those_of_the_table_the_largest_first(content):
    found = answer(content, "base", "exposure")
    rows = of(content.rows("exposure"), scenario="base", year=2030, segment="*")
    chain = of(rows, stage="chain").sort_values("controlled_share", ascending=False, kind="stable")
    shares = [re.findall(r": (\d+ %) of demand", line)[0] for line in found.lines]
    assert shares == [percent(share) for share in chain["controlled_share"] if share > 0][:3]
    assert numbers(found) == [percent(content.total("base", "exposure_index"))]
    for line, mineral in zip(found.lines, chain["mineral"], strict=False):
        worst = of(rows[rows["stage"] != "chain"], mineral=mineral)["controlled_share"].max()
        assert f"({percent(worst)})" in line


def test_what_is_short_is_named_with_its_users_and_its_first_year(content):
    found = answer(content, "squeeze", "short")
    rows = of(content.rows("deliveries"), scenario="squeeze")
    short = rows[rows["unmet_t"] > 1e-6]
    wanted = short[["clear_t", "exposed_t", "saved_t", "unmet_t"]].sum().sum()
    assert found.is_bad
    assert numbers(found) == [str(short["material"].nunique()), str(short["year"].min())]
    assert f"{amount(short['unmet_t'].sum())} t" in found.lines[0]
    assert percent(short["unmet_t"].sum() / wanted) in found.lines[0]
    assert all(segment.replace("_", " ") in found.lines[0] for segment in short["segment"].unique())
    assert not answer(content, "base", "short").is_bad


def test_a_shortage_says_what_binds_or_that_it_was_not_computed(content):
    """No step was looked at in the second plan; with those of the first, the limit that saves most is named."""
    assert answer(content, "squeeze", "short").lines[-1] == (
        "What holds it back was not computed: set price_steps for this plan."
    )
    steps = of(content.rows("price_steps"), scenario="base").assign(scenario="squeeze")
    known = replace(content, tables={**content.tables, "price_steps": steps})
    line = answer(known, "squeeze", "short").lines[-1]
    binding = find_binding(known, price_sentences(known), "squeeze", set(known.years))
    assert len(binding)
    assert line.startswith("What binds: ")
    assert any(sentence in line for sentence in binding["sentence"])


def test_the_frontier_is_said_in_one_sentence(analysed):
    """Index 50, 40, 30, 20 %, cost 300, 320, 380, 480 m USD: half way along the chord the curve lies lowest."""
    found = answer(analysed, "base", "frontier")
    assert numbers(found) == ["50.0 % to 20.0 %", "180 m USD"]
    (line,) = found.lines
    assert line == (
        "50.0 % to 40.0 % costs 20 m USD, 2 m USD a percentage point; beyond that, each further point costs 8 m USD on "
        "average."
    )
    assert found.facts[0].words == "exposure index of 2026-2030"
    assert [curve.y for curve in found.curves] == [(0.0, 20.0, 80.0, 180.0)]


def test_a_frontier_turns_where_it_lies_farthest_below_its_chord():
    rows = pd.DataFrame({"exposure_index": [0.4, 0.3, 0.2, 0.1], "cost_usd_million": [0.0, 1.0, 2.0, 30.0]})
    assert find_turn(rows) == 2
    straight = rows.assign(cost_usd_million=[0.0, 10.0, 20.0, 30.0])
    assert find_turn(straight) == len(rows) - 1


def test_a_frontier_of_one_point_says_why(analysed):
    one = analysed.rows("frontier").query("point == 0")
    found = answer(replace(analysed, tables={**analysed.tables, "frontier": one}), "base", "frontier")
    assert found.lines == ("The frontier has one point: no plan is less exposed than the least-cost plan.",)


def test_the_worst_shock_is_the_costliest_of_the_table(analysed):
    shocks = {name: rows for name, rows in analysed.tables.items() if name != "failures"}
    found = answer(replace(analysed, tables=shocks), "base", "shock")
    rows = of(analysed.rows("stress"), scenario="base")
    assert numbers(found) == [money(rows["extra_cost_usd_million"].max())]
    assert any(money(5.5) in line for line in found.lines)
    saved = of(analysed.rows("stress_savings"), scenario="base", shock="ban")["saved_usd_million"].max()
    assert any(money(saved) in line for line in found.lines)


@pytest.mark.parametrize(("topic", "table"), [("frontier", "frontier"), ("exposure", "frontier"), ("shock", "stress"),
                                              ("shock", "failures"), ("trust", "draws")])  # fmt: skip
def test_what_was_not_asked_for_says_how_to_ask(content, topic, table):
    plain = replace(content, tables={name: rows for name, rows in content.tables.items() if name != table})
    assert any(line.endswith(f"run with --also {table}.") for line in answer(plain, "base", topic).lines)


def test_evidence_counts_the_numbers_that_are_assumed(content):
    sources = (Assumption("guess", "assumed", "", "", "", 30, ""),)
    grades = (Grade("published", 20, 4), Grade("derived", 0, 0), Grade("assumed", 70, 36), Grade("no source", 10, 10))
    found = answer(replace(content, assumptions=sources, grades=grades), "base", "trust")
    assert numbers(found) == [percent(0.8)]
    assert found.lines[:2] == (
        "Of the 100 numbers in the sheets of facts 20 % are published, 70 % are assumed and 10 % name no source.",
        "Of the 50 rows 8 % are published in all of their numbers.",
    )


def test_the_numbers_that_matter_most_are_named_with_what_ten_percent_do(content):
    found = answer(content, "base", "trust")
    rows = of(content.rows("influence"), scenario="base").dropna(subset=["rank"]).sort_values("rank").head(10)
    first = rows[~rows["confidence"].isin(["published", "derived"])].iloc[0]
    line = next(line for line in found.lines if line.startswith(f"Of the {len(rows)} numbers that matter most"))
    assert money(abs(first["usd_million_per_10_percent"])) in line
    assert str(first["sheet"]).replace("_", " ") in line


def test_margins_are_what_waiting_costs_over_the_own_costs_of_a_project(content):
    """Waiting costs 7 m USD for the refinery, whose costs are ten times 3 + 2 m USD, and 4 for the mine of 10 m USD.

    7 of 50 are 14 %, less than the 30 % by which what is assumed may be off; 4 of 10 are more. Its output is no cost.
    The substitution can wait at no cost.
    """
    waits = pd.DataFrame({"scenario": "base", "facility": ["home_refinery", "home_mine", "substitution"],
                          "wait_usd_million": [7.0, 4.0, 0.0], "wait_penalties_usd_million": 0.0})  # fmt: skip
    rows = [("facilities", "home_refinery", "capex_usd_per_tpa", 3.0),
            ("facilities", "home_mine", "capacity_tpa", -9.0),
            ("facility_paths", "home_refinery/variable_usd_per_t", "years", 2.0),
            ("facilities", "home_mine", "fixed_usd_per_tpa_year", 1.0)]  # fmt: skip
    influence = pd.DataFrame(rows, columns=["sheet", "record", "column", "usd_million_per_10_percent"])
    influence = influence.assign(scenario="base", rank=[1, 2, 3, 4], confidence="assumed")
    made = replace(content, tables={**content.tables, "waits": waits, "influence": influence})
    assert find_margins(made, "base") == pytest.approx({"home_refinery": 0.14, "home_mine": 0.4})
    name = content.plants["home_refinery"].name
    assert (
        "Of the 2 decisions of 2026 that cost something to put off, 1 holds for sure if the project's own costs are "
        f"30 % higher; the first that may not is {name}, from 14 % on."
    ) in answer(made, "base", "trust").lines


def test_draws_say_whether_another_guess_changes_the_advice(analysed):
    """Of the projects decided in 2026 only the mine is built in 95 % of draws; the regret of the draw is 10 m USD."""
    plan = of(analysed.rows("builds"), scenario="base", decision_year=2026)
    firm = int(plan["facility"].drop_duplicates().eq("home_mine").sum())
    line = answer(analysed, "base", "trust").lines[-1]
    assert line == (
        f"In 1 draw of the uncertain numbers {firm} of the {counted(plan['facility'].nunique(), 'project')} decided "
        "now are nearly always built, and keeping the early decisions costs 10 m USD more than deciding anew, in the "
        "median."
    )


def test_the_worst_event_is_the_costlier_of_shocks_and_failures(analysed):
    """The ban costs 55.5, the failure of the partners 90.5 m USD, and the stock of oxide steps in with 50 t."""
    found = answer(analysed, "base", "shock")
    worst = analysed.rows("failures")["extra_cost_usd_million"].max()
    assert numbers(found) == [money(worst)]
    assert found.lines[0].startswith("Worst of 2 failures tried: ")
    assert any("7.5 months" in line for line in found.lines)
    assert any(line.startswith("What steps in most: the stock of") and line.endswith("50 t.") for line in found.lines)
    assert found.lines[-1].startswith("The worst of the others:")
    assert money(55.5) in found.lines[-1]


def test_the_measure_that_pays_soonest_is_named_with_its_price(analysed):
    """A larger stock costs 2 m USD and saves 60; it pays from a probability of 2 / 62, sooner than trade does."""
    lines = answer(analysed, "base", "shock").lines
    (line,) = [line for line in lines if line.startswith("Cheapest against it:")]
    assert line.startswith("Cheapest against it: a stock of")
    assert line.endswith(
        "40 t more. It costs 2 m USD if nothing fails and saves 60 m USD (penalties 55 m USD, all else 5 m USD) if it "
        "does, and pays above a probability of 3 %."
    )
    trade = analysed.rows("failure_measures").query("measure == 'trade'")
    other = answer(replace(analysed, tables={**analysed.tables, "failure_measures": trade}), "base", "shock").lines
    assert any("other suppliers found" in line and money(40.0) in line for line in other)


def test_small_lines_are_the_exposures_of_the_table(content):
    found = answer(content, "base", "exposure")
    rows = of(content.rows("exposure"), scenario="base", segment="*", stage="chain")
    for curve, mineral in zip(found.curves, ("ndpr", "dysprosium"), strict=False):
        assert list(curve.y) == of(rows, mineral=mineral).sort_values("year")["controlled_share"].tolist()
        assert "<svg" in draw_curves(found.curves)


def test_what_is_free_and_can_wait_is_no_decision_of_this_year(content):
    builds = content.rows("builds").copy()
    builds.loc[builds["facility"] == "home_refinery", "capex_usd_million"] = 0.0
    waits = pd.DataFrame({"scenario": ["base"], "facility": ["home_refinery"], "t_per_year": [680.0],
                          "wait_usd_million": [0.0], "wait_penalties_usd_million": [0.0]})  # fmt: skip
    found = answer(replace(content, tables={**content.tables, "builds": builds, "waits": waits}), "base", "decide")
    assert not any("home_refinery" in line for line in found.lines[:-1])
    assert found.lines[-1].endswith("1 free measure could come in any year.")


def test_ties_are_marked(content):
    builds = content.rows("builds").assign(tied_with="home_recycler")
    found = answer(replace(content, tables={**content.tables, "builds": builds}), "base", "decide")
    assert "; interchangeable with " in found.lines[0]


def test_halving_is_looked_for_at_every_size_of_the_budgets(analysed):
    """Half of 50 % is reached at the last point only: at the budgets as they are for 180, at none of them for 150."""
    points = analysed.rows("frontier")[["scenario", "point", "budget_multiple", "exposure_index"]]
    minerals = points.rename(columns={"exposure_index": "exposed_share"}).assign(mineral="dysprosium", unmet_share=0.0)
    costs = analysed.rows("frontier").copy()
    costs.loc[costs["budget_multiple"] == 0, "cost_usd_million"] -= 30.0
    tables = {**analysed.tables, "frontier": costs, "frontier_minerals": minerals}
    line = answer(replace(analysed, tables=tables), "base", "exposure").lines[0]
    assert line.endswith("; halved on the frontier for 150 m USD at 0 times the support budgets.")
