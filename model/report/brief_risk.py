"""What the brief says around a plan: the frontier, the worst shock, and what the numbers rest on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from model.report.analysis_sentences import failure_name
from model.report.answers import Answer, Curve, Fact, Known
from model.report.content import Content
from model.report.firmness import find_margins
from model.report.scenario import Scenario
from model.results.columns import TableName
from model.workbook.evidence import NO_SOURCE
from model.workbook.formatting import amount, counted, joined, money, money_apart, percent

STRAIGHT = 1e-6
"""A frontier that bends less than this share of its height is a straight line."""


def describe_frontier(content: Content, scenario: Scenario) -> Answer:
    """How much exposure can fall, for how much, and where it becomes expensive."""
    question = "How much safer could we be, at what price?"
    rows = frontier_of(content, scenario.name)
    if not len(rows):
        return Answer("frontier", question, (), (not_made(content, "frontier", "The frontier"),))
    least, most = rows.iloc[0], rows.iloc[-1]
    index = f"exposure index of {scenario.index_span(content.index_from)}"
    if len(rows) == 1:
        text = "The frontier has one point: no plan is less exposed than the least-cost plan."
        return Answer("frontier", question, (Fact(_points(least["exposure_index"]), index),), (text,))
    turn = rows.iloc[find_turn(rows)]
    facts = (
        Fact(f"{_points(least['exposure_index'])} to {_points(most['exposure_index'])}", index),
        Fact(money(most["cost_usd_million"] - least["cost_usd_million"]), "for all of it"),
    )
    more = money_apart(*(turn[column] - least[column] for column in ("cost_usd_million", "penalties_usd_million")))
    text = (
        f"{_points(least['exposure_index'])} to {_points(turn['exposure_index'])} costs {more}, "
        f"{money(_per_point(least, turn)[0])} a percentage point"
    )
    if turn["point"] != most["point"]:
        text += f"; beyond that, each further point costs {money_apart(*_per_point(turn, most))} on average"
    return Answer("frontier", question, facts, (f"{text}.",), curves=(_draw_frontier(rows),))


def _draw_frontier(rows: pd.DataFrame) -> Curve:
    """Cost above the least against the fall of exposure."""
    fall = (rows["exposure_index"].iloc[0] - rows["exposure_index"]).tolist()
    more = (rows["cost_usd_million"] - rows["cost_usd_million"].iloc[0]).tolist()
    ends = [_points(rows["exposure_index"].iloc[end]) for end in (0, -1)]
    words = (
        f"the least cost against the exposure index, from {ends[0]} at no extra cost to {ends[1]} at {money(more[-1])}"
    )
    return Curve("Cost against exposure", tuple(fall), tuple(more), ends[0], f"{ends[1]}: +{money(more[-1])}", words)


def frontier_of(content: Content, scenario: str) -> pd.DataFrame:
    """The points at the budgets as they are, from the least-cost plan on."""
    rows = content.of("frontier", scenario)
    return rows[rows["budget_multiple"] == 1].sort_values("point", ignore_index=True) if len(rows) else rows


def find_turn(rows: pd.DataFrame) -> int:
    """The row where the frontier bends most: farthest below the straight line from its first to its last point."""
    x, y = rows["exposure_index"].to_numpy(), rows["cost_usd_million"].to_numpy()
    if x[0] == x[-1]:
        return len(rows) - 1
    below = y[0] + (y[-1] - y[0]) * (x - x[0]) / (x[-1] - x[0]) - y
    return int(below.argmax()) if below.max() > STRAIGHT * abs(y[-1] - y[0]) else len(rows) - 1


def _per_point(first: pd.Series[Any], last: pd.Series[Any]) -> tuple[float, float]:
    """What a percentage point less costs between two points, and the penalties in it."""
    fall = 100 * (first["exposure_index"] - last["exposure_index"])
    cost, penalties = (
        float((last[column] - first[column]) / fall) if fall else math.nan
        for column in ("cost_usd_million", "penalties_usd_million")
    )
    return cost, penalties


def _points(share: float) -> str:
    """A share with a digit more: points of the frontier lie close together."""
    return f"{100 * share:.1f} %"


def not_made(content: Content, analysis: TableName, what: str) -> str:
    """Why an analysis has nothing to say of this plan, and how to ask for it."""
    if len(content.rows(analysis)):
        return f"{what} of this run belongs to another plan."
    return f"{what} was not asked for: run with --also {analysis}."


def describe_shock(content: Content, scenario: Scenario) -> Answer:
    """The shock or the failure that costs most, what it leaves short, and what softens it most."""
    question = "Which single event hurts most?"
    failures = content.of("failures", scenario.name)
    events: dict[TableName, pd.DataFrame] = {
        "stress": content.of("stress", scenario.name),
        "failures": failures[failures["kind"] != "pair"] if len(failures) else failures,
    }
    missing = tuple(not_made(content, table, WORDS_OF[table]) for table, rows in events.items() if not len(rows))
    found = [_describe_worst(content, scenario.name, table, rows) for table, rows in events.items() if len(rows)]
    if not found:
        return Answer("shock", question, (), missing)
    cost, lines = max(found, key=lambda event: event[0])
    others = tuple(f"The worst of the others: {least[0]}" for less, least in found if less < cost)
    return Answer("shock", question, (Fact(money(cost), "more than without it"),), (*lines, *others, *missing))


WORDS_OF = {"stress": "The stress test", "failures": "The failure of single regions, plants and routes"}
"""Analyses of events, by their table."""


def _describe_worst(content: Content, scenario: str, table: str, rows: pd.DataFrame) -> tuple[float, tuple[str, ...]]:
    """What the costliest event of an analysis costs, and what is to be said of it."""
    worst = rows.sort_values("extra_cost_usd_million", kind="stable").iloc[-1]
    is_shock = table == "stress"
    penalties = worst["extra_penalties_usd_million" if is_shock else "penalty_usd_million"]
    apart = money_apart(worst["extra_cost_usd_million"], penalties)
    if is_shock:
        lines = [f"{content.name('scenarios', str(worst['shock']))}: {apart}."]
        if worst["most_short"]:
            mineral = content.name("minerals", str(worst["most_short"]))
            lines.append(f"Most short: {mineral}, {percent(worst['most_short_share'])} of its demand over all years.")
        lines += _softened(content, scenario, str(worst["shock"]))
    else:
        name = failure_name(content, str(worst["name"]))
        when = f"{worst['first_year']}-{worst['last_year']}"
        lines = [f"Worst of {counted(len(rows), 'failure')} tried: {name} out in {when}, {apart}."]
        if worst["worst_mineral"]:
            mineral = content.name("minerals", str(worst["worst_mineral"]))
            lines.append(f"It loses {amount(worst['months_lost'])} months of the demand for {mineral}.")
        lines += _stepped_in(content, scenario, str(worst["kind"]), str(worst["name"]))
        lines += _blunted(content, scenario, str(worst["kind"]), str(worst["name"]))
    return float(worst["extra_cost_usd_million"]), tuple(lines)


def _stepped_in(content: Content, scenario: str, kind: str, name: str) -> Iterator[str]:
    """Who steps in for most while something stands still."""
    rows = content.of("failure_helpers", scenario)
    rows = rows[(rows["kind"] == kind) & (rows["name"] == name)] if len(rows) else rows
    if len(rows):
        best = rows.sort_values("t", kind="stable").iloc[-1]
        stock = "the stock of " if best["helper"] == "stock" else ""
        yield f"What steps in most: {stock}{_part_name(content, str(best['helper_name']))}, {amount(best['t'])} t."


def _blunted(content: Content, scenario: str, kind: str, name: str) -> Iterator[str]:
    """The measure that blunts a failure most cheaply, with its price where nothing fails."""
    rows = content.of("failure_measures", scenario)
    rows = rows[(rows["kind"] == kind) & (rows["name"] == name)] if len(rows) else rows
    if len(rows):
        best = rows.sort_values("worth_from", kind="stable").iloc[0]
        saved, premium = (
            money_apart(best[f"{what}_usd_million"], best[f"{what}_penalties_usd_million"])
            for what in ("saved", "premium")
        )
        yield (
            f"Cheapest against it: {measure_name(content, best)}. It costs {premium} if nothing fails and saves "
            f"{saved} if it does, and pays above a probability of {percent(best['worth_from'])}."
        )


def measure_name(content: Content, row: pd.Series[Any]) -> str:
    """What is done before a failure, in words."""
    if row["measure"] == "trade":
        return "other suppliers found, and stocks filled, in the years before"
    if row["measure"] == "project":
        return f"{content.plants[str(row['measure_name'])].name}, {amount(row['more_t'])} t/yr more"
    return f"a stock of {_part_name(content, str(row['measure_name']))}, {amount(row['more_t'])} t more"


def _softened(content: Content, scenario: str, shock: str) -> Iterator[str]:
    rows = content.of("stress_savings", scenario)
    rows = rows[(rows["shock"] == shock) & (rows["saved_usd_million"] > 0)] if len(rows) else rows
    if len(rows):
        best = rows.sort_values("saved_usd_million", kind="stable").iloc[-1]
        yield (
            f"What the plan has that softens it most: {_part_name(content, str(best['name']))} "
            f"({best['kind']}), {money_apart(best['saved_usd_million'], best['penalties_usd_million'])}."
        )


def _part_name(content: Content, key: str) -> str:
    """A stock as material/region, a contract as facility/offer, or a facility, by name."""
    first, *rest = key.split("/")
    plants = {name: plant.name for name, plant in content.plants.items()}
    goods = {name: good.short for name, good in content.materials.items()}
    return ", ".join([(goods | plants).get(first, first), *rest])


_WORDS = {
    "published": "are published", "derived": "are derived from published ones", "assumed": "are assumed",
    NO_SOURCE: "name no source",
}  # fmt: skip


def describe_evidence(known: Known, scenario: Scenario) -> Answer:
    """How many numbers of the workbook are assumed, which of them matter most, and how firm the plan is."""
    content, question = known.content, "Which of the numbers are guesses?"
    matter = (
        *_describe_influence(content, scenario.name),
        *_describe_margins(content, scenario),
        *_describe_draws(known, scenario),
    )
    if not any(row.rows for row in content.assumptions) or not any(grade.numbers for grade in content.grades):
        return Answer("trust", question, (), ("No row of the workbook names a source.", *matter))
    weak = sum(grade.numbers for grade in content.grades if grade.confidence in ("assumed", NO_SOURCE))
    firm = sum(grade.rows for grade in content.grades if grade.confidence == "published")
    numbers, rows = sum(grade.numbers for grade in content.grades), sum(grade.rows for grade in content.grades)
    shares = {grade.confidence: grade.numbers / numbers for grade in content.grades if grade.numbers}
    parts = [f"{percent(share)} {_WORDS[confidence]}" for confidence, share in shares.items()]
    lines = [
        f"Of the {numbers:,} numbers in the sheets of facts {joined(parts)}.",
        f"Of the {rows:,} rows {percent(firm / rows)} are published in all of their numbers.",
    ]
    return Answer("trust", question, (Fact(percent(weak / numbers), "of the numbers are assumed"),), (*lines, *matter))


MOST = 10
"""Influential numbers that are counted."""


def _describe_influence(content: Content, scenario: str) -> Iterator[str]:
    """How many of the numbers that matter most are assumed, and the first of these."""
    rows = content.of("influence", scenario)
    rows = rows.dropna(subset=["rank"]).sort_values("rank").head(MOST) if len(rows) else rows
    guessed = rows[~rows["confidence"].isin(("published", "derived"))] if len(rows) else rows
    if len(guessed):
        first = guessed.iloc[0]
        more = first["usd_million_per_10_percent"]
        yield (
            f"Of the {len(rows)} numbers that matter most {len(guessed)} are assumed; the first: "
            f"{describe_number(content, first)}, of which ten percent more "
            f"{'adds' if more > 0 else 'saves'} {money(abs(more))}."
        )


def describe_number(content: Content, row: pd.Series[Any]) -> str:
    """Where a number stands, in words: its sheet, the row it is in, and its column."""
    words = {name: good.short for name, good in content.materials.items()}
    words |= {name: plant.name for name, plant in content.plants.items()}
    record = ", ".join(words.get(part, part.replace("_", " ")) for part in str(row["record"]).split("/"))
    column = "" if row["column"] in ("years", "value") else f", {row['column']}"
    return f"{str(row['sheet']).replace('_', ' ')} of {record}{column}"


def _describe_margins(content: Content, scenario: Scenario) -> Iterator[str]:
    """How many decisions stand for sure if their projects cost more than assumed, and which is the first to fall."""
    margins = find_margins(content, scenario.name)
    if margins:
        firm = sum(1 for margin in margins.values() if margin >= content.range_assumed)
        hold = f"{firm} {'holds' if firm == 1 else 'hold'} for sure"
        text = (
            f"Of the {counted(len(margins), 'decision')} of {scenario.first_year} that cost something to put off, "
            f"{hold} if the project's own costs are {percent(content.range_assumed)} higher"
        )
        weakest = min(margins, key=lambda name: margins[name])
        if margins[weakest] < content.range_assumed:
            text += f"; the first that may not is {content.plants[weakest].name}, from {percent(margins[weakest])} on"
        yield f"{text}."


def _describe_draws(known: Known, scenario: Scenario) -> Iterator[str]:
    """Whether the decisions of the first year hold where uncertain numbers are drawn anew."""
    rows = known.content.of("draws", scenario.name)
    solved = rows[rows["status"] == "optimal"] if len(rows) else rows
    if not len(solved):
        yield not_made(known.content, "draws", "What all guesses together may change")
        return
    builds, plan = known.content.of("draw_builds", scenario.name), known.of(known.timeline, scenario.name)
    now = set(plan.loc[plan["decision_year"] == scenario.first_year, "facility"]) if len(plan) else set()
    firm = set(builds.loc[builds["class"] == "no regret", "facility"]) if len(builds) else set()
    text = f"In {counted(len(solved), 'draw')} of the uncertain numbers"
    if now:
        text += f" {len(now & firm)} of the {counted(len(now), 'project')} decided now are nearly always built, and"
    regret = float(solved["regret_usd_million"].median())
    yield f"{text} keeping the early decisions costs {money(regret)} more than deciding anew, in the median."
