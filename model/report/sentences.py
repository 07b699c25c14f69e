"""A sentence of the verdict, and the tables that the verdict reads."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from model.report.content import Content
from model.workbook.formatting import counted

FEW = 8
"""Projects or minerals a sentence lists; the tables list all."""


@dataclass(frozen=True)
class Sentence:
    """One finding.

    Attributes:
        topic: short, missed, build, cost, exposure, support or shocks.
        text: the sentence.
        details: what it is about, one by one.
        is_bad: to be shown in red.
    """

    topic: str
    text: str
    details: tuple[str, ...] = ()
    is_bad: bool = False


@dataclass(frozen=True)
class VerdictTables:
    """The tables the verdict reads, made once for all scenarios."""

    content: Content
    timeline: pd.DataFrame
    award_years: pd.DataFrame
    shortages: pd.DataFrame
    prices: pd.DataFrame

    def of(self, rows: pd.DataFrame, scenario: str) -> pd.DataFrame:
        """The rows of a scenario."""
        return rows[rows["scenario"] == scenario] if len(rows) else rows


def count_rest(number: int, what: str) -> tuple[str, ...]:
    """How many more there are than a sentence lists, if any."""
    return (f"and {counted(number - FEW, f'more {what}')}",) if number > FEW else ()
