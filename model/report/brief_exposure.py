"""What the brief says of exposure: the worst minerals, and what the frontier says of being safer."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from model.report.answers import WORST, Answer, Curve, Fact, not_made
from model.report.content import Content
from model.report.scenario import Scenario
from model.workbook.formatting import money, money_apart, percent
from model.workbook.schema import ALL, CHAIN

AHEAD = 5
"""Years from the first one in which exposure is looked at."""

STRAIGHT = 1e-6
"""A frontier that bends less than this share of its height is a straight line."""


def describe_exposures(content: Content, scenario: Scenario) -> Answer:
    """The minerals most exposed a few years ahead, the step of each, and what halving it costs on the frontier."""
    year = min(scenario.first_year + AHEAD, scenario.last_year)
    question = f"Where are we most exposed in {year}?"
    span = scenario.index_span(content.index_from)
    index = Fact(percent(content.total(scenario.name, "exposure_index")), f"exposure index of {span}")
    worst = find_exposures(content, scenario.name, year)
    if not len(worst):
        return Answer("exposure", question, (index,), (f"No demand depends on {content.concern_label} in {year}.",))
    lines = tuple(
        f"{content.name('minerals', str(row.mineral))}: {percent(float(str(row.share)))} of demand passes through "
        f"{content.concern_label}; most at {content.name('stages', str(row.stage))} "
        f"({percent(float(str(row.at_stage)))}){_halved(content, scenario.name, str(row.mineral))}."
        for row in worst.itertuples()
    )
    if not len(frontier_of(content, scenario.name)):
        lines = (*lines, not_made(content, "frontier", "What would halve them"))
    curves = tuple(_draw_exposure(content, scenario.name, str(mineral)) for mineral in worst["mineral"])
    return Answer("exposure", question, (index,), lines, curves=curves)


def _draw_exposure(content: Content, scenario: str, mineral: str) -> Curve:
    """The exposed share of the demand for a mineral over the years."""
    rows = content.of("exposure", scenario)
    rows = rows[(rows["mineral"] == mineral) & (rows["stage"] == CHAIN) & (rows["segment"] == ALL)].sort_values("year")
    years, shares = rows["year"].tolist(), rows["controlled_share"].fillna(0.0).tolist()
    first, last = percent(shares[0]), percent(shares[-1])
    name = content.name("minerals", mineral)
    words = f"exposed share of the demand for {name}: {first} in {years[0]}, {last} in {years[-1]}"
    return Curve(
        name, tuple(map(float, years)), tuple(shares), f"{first} in {years[0]}", f"{last} in {years[-1]}", words
    )


def find_exposures(content: Content, scenario: str, year: int) -> pd.DataFrame:
    """The minerals most exposed end to end in a year, with the step of their chain that is most exposed."""
    rows = content.of("exposure", scenario)
    columns = ["mineral", "share", "stage", "at_stage"]
    if not len(rows):
        return pd.DataFrame(columns=columns)
    rows = rows[(rows["year"] == year) & (rows["segment"] == ALL) & (rows["controlled_share"] > 0)]
    chain = rows[rows["stage"] == CHAIN].sort_values("controlled_share", ascending=False, kind="stable")
    steps = rows[rows["stage"].isin(content.steps)].sort_values("controlled_share", ascending=False, kind="stable")
    worst = steps.drop_duplicates("mineral")[["mineral", "stage", "controlled_share"]]
    named = chain[["mineral", "controlled_share"]].rename(columns={"controlled_share": "share"})
    return named.merge(worst.rename(columns={"controlled_share": "at_stage"}), on="mineral").head(WORST)[columns]


def _halved(content: Content, scenario: str, mineral: str) -> str:
    """The cheapest point of the frontier at which the mineral is half as exposed, at any size of the budgets."""
    points, costs = content.of("frontier_minerals", scenario), content.of("frontier", scenario)
    if not len(points) or not len(costs):
        return ""
    keys = ["budget_multiple", "point"]
    points = points[points["mineral"] == mineral].merge(
        costs[[*keys, "cost_usd_million", "penalties_usd_million"]], on=keys
    )
    now = points[points["budget_multiple"] == 1].sort_values("point")
    if not len(now):
        return ""
    enough = points[points["exposed_share"] <= now.iloc[0]["exposed_share"] / 2].sort_values("cost_usd_million")
    if not len(enough):
        best = points["exposed_share"].min()
        return f"; no point of the frontier halves it, the least is {percent(best)}"
    best = enough.iloc[0]
    more = [best[column] - now.iloc[0][column] for column in ("cost_usd_million", "penalties_usd_million")]
    multiple = best["budget_multiple"]
    budgets = "" if multiple == 1 else f" at {multiple:g} times the support budgets"
    return f"; halved on the frontier for {money_apart(*more)}{budgets}"


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
