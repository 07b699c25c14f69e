"""What the brief says of the numbers it rests on: how many are assumed, and how firm the plan is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from model.report.answers import Answer, Fact, Known, not_made
from model.report.content import Content
from model.report.firmness import find_margins
from model.report.scenario import Scenario
from model.workbook.evidence import NO_SOURCE
from model.workbook.formatting import counted, joined, money, percent

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
