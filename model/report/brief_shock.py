"""What the brief says of shocks and failures: the single event that hurts most, and what softens it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from model.report.analysis_sentences import failure_name
from model.report.answers import Answer, Fact, not_made
from model.report.content import Content
from model.report.scenario import Scenario
from model.results.columns import TableName
from model.workbook.formatting import amount, counted, money, money_apart, percent


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
