"""What the brief says of this year's decisions: which projects, with which support, and what waiting costs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from model.report.answers import Answer, Fact, Known
from model.report.content import Content
from model.report.scenario import Scenario
from model.workbook.formatting import amount, counted, joined, money, money_apart, percent

FEW = 4
"""Projects the brief names; the tables list all."""


def describe_decisions(known: Known, scenario: Scenario) -> Answer:
    """The projects that are decided in the first year, with their support, and what a year's wait costs."""
    content, year = known.content, scenario.first_year
    question = f"What must be decided in {year}?"
    rows = known.of(known.timeline, scenario.name)
    rows = rows[rows["decision_year"] == year] if len(rows) else rows
    signed = content.of("awards", scenario.name)
    signed = signed[signed["award_year"] == year] if len(signed) else signed
    kept = signed.loc[signed["applies_to"] == "existing", "facility"].nunique() if len(signed) else 0
    if not len(rows):
        text = f"No project is decided in {year}." + _describe_kept(kept)
        return Answer("decide", question, (Fact("0", "projects"),), (text,))
    worth = rows.groupby("facility")["capex_usd_million"].sum().sort_values(ascending=False, kind="stable")
    waits = _waits(content, scenario.name)
    # What costs nothing and can wait is not a decision of this year: the plan may date it as it likes.
    free = [name for name, usd_million in worth.items() if not usd_million and name in waits and not waits[name].cost]
    worth, rows = worth.drop(free), rows[~rows["facility"].isin(free)]
    order = _mix_minerals(
        content, sorted(map(str, worth.index), key=lambda name: -waits[name].cost if name in waits else 0.0)
    )
    backed = rows.loc[rows["financed_by"] != "merchant", "facility"].nunique()
    facts = (
        Fact(str(len(worth)), "projects" if len(worth) > 1 else "project"),
        Fact(money(worth.sum()), "of investment"),
        Fact(str(backed), "with support"),
    )
    named = tuple(_describe_project(known, rows[rows["facility"] == name], waits) for name in order[:FEW])
    rest = f"{counted(len(worth) - FEW, 'more project')} under Capacity timeline." if len(worth) > FEW else ""
    dated = f" {counted(len(free), 'free measure')} could come in any year." if free else ""
    last = f"{rest}{_describe_kept(kept)} {_describe_waits(waits)}{dated}".strip()
    return Answer("decide", question, facts, (*named, last))


def _mix_minerals(content: Content, facilities: list[str]) -> list[str]:
    """Projects in order, the first of each mineral before the others: four copper mines are one piece of news."""
    minerals = [content.materials[content.plants[name].output].mineral for name in facilities]
    return sorted(
        facilities, key=lambda name: minerals.index(minerals[facilities.index(name)]) != facilities.index(name)
    )


def _describe_kept(kept: int) -> str:
    return f" {counted(kept, 'existing plant stays', 'existing plants stay')} open by a contract." if kept else ""


class _Waiting(NamedTuple):
    """What a year's wait costs, without end where no plan then keeps every rule, and the penalties in it."""

    cost: float
    penalties: float


def _waits(content: Content, scenario: str) -> dict[str, _Waiting]:
    """Facility -> what a year's wait for its decision costs."""
    rows = content.of("waits", scenario)
    if not len(rows):
        return {}
    costs = rows[["wait_usd_million", "wait_penalties_usd_million"]].fillna(math.inf).to_numpy().tolist()
    return {str(f): _Waiting(*cost) for f, cost in zip(rows["facility"], costs, strict=True)}


def _describe_waits(waits: Mapping[str, _Waiting]) -> str:
    """How many of the decisions can wait at no cost."""
    if not waits:
        return "What a year of waiting costs was not computed."
    idle = sum(1 for waiting in waits.values() if not waiting.cost)
    which = "None" if not idle else f"{idle} of the {len(waits)}"
    return f"{which} looked at can wait a year at no cost."


def _describe_project(known: Known, rows: pd.DataFrame, waits: Mapping[str, _Waiting]) -> str:
    first = rows.iloc[0]
    offers = sorted({str(offer) for offer in rows["financed_by"]} - {"merchant"})
    given = rows.dropna(subset=["amount"])
    support = (
        f"with {joined(offers)}{_describe_amount(given.iloc[0]) if len(given) else ''}" if offers else "no support"
    )
    waiting = _describe_wait(waits.get(str(first["facility"])))
    good = known.content.materials[str(first["material"])].short
    capex = rows["capex_usd_million"].sum()
    investment = money(capex) if capex else "no investment"
    return (
        f"{first['name']}: {amount(rows['t_per_year'].sum())} t/yr of {good}, {investment}, "
        f"{support}{waiting}{_describe_ties(known.content, rows)}."
    )


def _describe_ties(content: Content, rows: pd.DataFrame) -> str:
    """The projects that could be built instead at the same cost and exposure."""
    names = sorted({name for tied in rows["tied_with"] for name in str(tied).split(", ") if name})
    return f"; interchangeable with {joined([content.plants[name].name for name in names])}" if names else ""


def _describe_amount(award: pd.Series[Any]) -> str:
    """A strike or a premium by the tonne, a grant or a loan as a share of the investment."""
    if award["unit"] == "USD/t":
        return f" of {amount(float(award['amount']))} USD/t"
    return f" of {percent(float(award['amount']))} of the investment"


def _describe_wait(waiting: _Waiting | None) -> str:
    if waiting is None:
        return ""
    if math.isinf(waiting.cost):
        return "; it cannot wait: no later plan satisfies every rule"
    return f"; waiting a year costs {money_apart(*waiting)}" if waiting.cost else "; it can wait a year at no cost"
