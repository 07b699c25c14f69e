"""What the keys of results are called in a report."""

from __future__ import annotations

from typing import NamedTuple

from model.report.content import Content
from model.workbook.schema import PATHWAYS


class Term(NamedTuple):
    """A cost term: in a word, and what it is."""

    word: str
    description: str


TERMS = {
    "variable": Term("operation", "cost of operation, without inputs"),
    "market": Term("purchases", "purchases at the reference price"),
    "fixed": Term("fixed cost", "yearly cost of open capacity"),
    "annuity": Term("investment", "annuities on investment"),
    "freight": Term("freight", "freight"),
    "tariff": Term("tariffs", "tariffs"),
    "switching": Term("switching of suppliers", "cost of giving up trade faster than by its decay"),
    "collection": Term("collection of scrap", "collection of scrap"),
    "holding": Term("holding of stocks", "holding of stocks"),
    "salvage": Term("worth of final stocks", "worth of what is left in stocks at the end (below zero)"),
    "outlet": Term("sales of what is in excess", "sales to outlets (below zero)"),
    "shortage": Term("shortage", "shortage cost of unmet demand"),
    "breach": Term("missed caps and targets", "breach prices of caps, targets and covers"),
    "resources": Term("resources", "resource prices"),
    "burden_pay": Term("burden of support", "excess burden of what the treasury pays on support"),
    "burden_grants": Term("burden of grants", "excess burden of grants"),
    "burden_credits": Term("burden of credits", "excess burden of production credits"),
}
"""The cost terms, in the order they are shown."""


KIND_WORDS = {"supply": "supply", "penalty": "penalties", "public": "burden of public money"}
"""The kinds of cost, in the order they are shown."""


def pathway_labels(content: Content) -> dict[str, str]:
    """What the pathways are called: that through regions of concern as the planner says."""
    return {name: name for name in PATHWAYS} | {"china": content.concern_label}
