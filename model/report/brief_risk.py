"""What the brief says around a plan: the frontier, the worst shock, and what the numbers rest on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from model.report.answers import Answer, Fact
from model.report.content import Content, Scenario
from model.workbook.evidence import NO_SOURCE
from model.workbook.formatting import joined, money, money_apart, percent

STRAIGHT = 1e-6
"""A frontier that bends less than this share of its height is a straight line."""


def describe_frontier(content: Content, scenario: Scenario) -> Answer:
    """How much exposure can fall, for how much, and where it becomes expensive."""
    question = "How much safer could we be, at what price?"
    rows = frontier_of(content, scenario.name)
    if not len(rows):
        return Answer("frontier", question, (), (_not_made(content, "frontier", "The frontier"),))
    least, most = rows.iloc[0], rows.iloc[-1]
    if len(rows) == 1:
        text = "The frontier has one point: no plan is less exposed than the least-cost plan."
        return Answer("frontier", question, (Fact(_points(least["exposure_index"]), "exposure index"),), (text,))
    turn = rows.iloc[find_turn(rows)]
    facts = (
        Fact(f"{_points(least['exposure_index'])} to {_points(most['exposure_index'])}", "exposure index at most"),
        Fact(money(most["cost_usd_million"] - least["cost_usd_million"]), "for all of it"),
    )
    more = money_apart(*(turn[column] - least[column] for column in ("cost_usd_million", "penalties_usd_million")))
    first = (
        f"Down to {_points(turn['exposure_index'])} it costs {more}, {money(_per_point(least, turn)[0])} a percentage "
        "point."
    )
    lines = [first]
    if turn["point"] != most["point"]:
        lines.append(f"Beyond that, each further point costs {money_apart(*_per_point(turn, most))} on average.")
    return Answer("frontier", question, facts, tuple(lines))


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


def _not_made(content: Content, analysis: str, what: str) -> str:
    """Why an analysis has nothing to say of this plan, and how to ask for it."""
    if len(content.rows(analysis)):
        return f"{what} of this run belongs to another plan."
    return f"{what} was not asked for: run with --also {analysis}."


def describe_shock(content: Content, scenario: Scenario) -> Answer:
    """The shock that costs most, what it leaves short, and what softens it most."""
    question = "Which single event hurts most?"
    rows = content.of("stress", scenario.name)
    if not len(rows):
        return Answer("shock", question, (), (_not_made(content, "stress", "The stress test"),))
    worst = rows.sort_values("extra_cost_usd_million", kind="stable").iloc[-1]
    shock = str(worst["shock"])
    lines = [f"{content.name('scenarios', shock)}."]
    penalties = worst["extra_penalties_usd_million"]
    if penalties > 0:
        lines.append(f"{money(penalties)} of it are penalties for what is missed, which nobody is paid.")
    if worst["most_short"]:
        mineral = content.name("minerals", str(worst["most_short"]))
        lines.append(f"Most short: {mineral}, {percent(worst['most_short_share'])} of its demand over all years.")
    lines += _softened(content, scenario.name, shock)
    return Answer("shock", question, (Fact(money(worst["extra_cost_usd_million"]), "more than without it"),),
                  tuple(lines))  # fmt: skip


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
    goods = {name: good.short for name, good in content.goods.items()}
    return ", ".join([(goods | plants).get(first, first), *rest])


_WORDS = {
    "published": "are published", "derived": "are derived from published ones", "assumed": "are assumed",
    NO_SOURCE: "name no source",
}  # fmt: skip


def describe_evidence(content: Content) -> Answer:
    """How many numbers of the workbook are published, derived and assumed, and how firm the plan is."""
    question = "Which of the numbers are guesses?"
    if not any(row.rows for row in content.assumptions) or not any(grade.numbers for grade in content.grades):
        return Answer("trust", question, (), ("No row of the workbook names a source.",))
    weak = sum(grade.numbers for grade in content.grades if grade.confidence in ("assumed", NO_SOURCE))
    firm = sum(grade.rows for grade in content.grades if grade.confidence == "published")
    numbers, rows = sum(grade.numbers for grade in content.grades), sum(grade.rows for grade in content.grades)
    shares = {grade.confidence: grade.numbers / numbers for grade in content.grades if grade.numbers}
    parts = [f"{percent(share)} {_WORDS[confidence]}" for confidence, share in shares.items()]
    lines = [
        f"Of the {numbers:,} numbers in the sheets of facts {joined(parts)}.",
        f"Of the {rows:,} rows {percent(firm / rows)} are published in all of their numbers.",
    ]
    assumed = [row for row in content.assumptions if row.confidence == "assumed" and row.rows]
    if assumed:
        largest = max(assumed, key=lambda row: row.rows)
        lines.append(f"The one most used: {largest.source.replace('_', ' ')} ({largest.rows:,} rows).")
    if not len(content.rows("alternatives")):
        lines.append("Whether other plans cost nearly as little was not asked for: run with --also alternatives.")
    return Answer("trust", question, (Fact(percent(weak / numbers), "of the numbers are assumed"),), tuple(lines))
