"""What a field of the brief holds, and what the fields are made from."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from model.report.content import Content
from model.results.columns import TableName

WORST = 3
"""Exposures, shortages and users that are named."""


@dataclass(frozen=True)
class Fact:
    """A number that stands large, and what it is."""

    number: str
    words: str


@dataclass(frozen=True)
class Curve:
    """A small line beside the words.

    Attributes:
        name: what it is of.
        x, y: its points, in order.
        first, last: what is written at its ends.
        words: what it shows, for those who do not see it.
    """

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    first: str
    last: str
    words: str


@dataclass(frozen=True)
class Answer:
    """One field of the brief.

    Attributes:
        topic: decide, money, exposure, frontier, short, shock or trust.
        question: what it answers.
        facts: at most three numbers.
        lines: the sentences, the first of which says the most.
        is_bad: to be shown in red.
        curves: small multiples, drawn to the same height.
    """

    topic: str
    question: str
    facts: tuple[Fact, ...]
    lines: tuple[str, ...]
    is_bad: bool = False
    curves: tuple[Curve, ...] = ()


@dataclass(frozen=True)
class Known:
    """The tables several answers read, made once for all scenarios."""

    content: Content
    timeline: pd.DataFrame
    prices: pd.DataFrame

    def of(self, rows: pd.DataFrame, scenario: str) -> pd.DataFrame:
        """The rows of a scenario."""
        return rows[rows["scenario"] == scenario] if len(rows) else rows


def not_made(content: Content, analysis: TableName, what: str) -> str:
    """Why an analysis has nothing to say of this plan, and how to ask for it."""
    if len(content.rows(analysis)):
        return f"{what} of this run belongs to another plan."
    if analysis in content.waiting:
        return f"{what} was still being computed when this page was written."
    return f"{what} was not asked for: run with --also {analysis}."
