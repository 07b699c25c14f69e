"""What the brief says of public money: what it moves, as expected and in a slump, and what the plan is without it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from model.report.answers import Answer, Fact
from model.report.content import Content
from model.report.scenario import Scenario
from model.report.support import is_insurance
from model.workbook.formatting import counted, money, percent

SUPPORT = ("support_offers", "support_budgets")
"""Sheets a scenario without support changes, and no others."""

ASKED = (
    "price_steps", "influence", "frontier_points", "frontier_budgets", "stress_test", "failure_years",
    "failure_candidates", "failure_pairs", "draws", "draws_seed", "commit_year",
    "foresight_years", "hedged_plan", "near_optimal_slack",
)  # fmt: skip
"""Settings that ask for more to be looked at: they leave the plan as it is."""


def describe_money(content: Content, scenario: Scenario) -> Answer:
    """What the treasury pays, as expected and in a slump, and what the plan would be without support."""
    question = "What does public money buy?"
    signed = content.of("awards", scenario.name)
    if not len(signed):
        return Answer("money", question, (Fact(money(0.0), "paid and lent"),),
                      ("No support is awarded in this plan.", *_without(content, scenario)))  # fmt: skip
    facts = (
        Fact(money(signed["paid_usd_million"].sum() + signed["lent_usd_million"].sum()),
             f"paid and lent up to {scenario.last_year}"),
        Fact(money(signed["stress_paid_usd_million"].sum() + signed["stress_lent_usd_million"].sum()),
             f"if prices are {percent(scenario.stress_drop)} lower"),
    )  # fmt: skip
    projects, awards, idle = signed["facility"].nunique(), len(signed), int(is_insurance(signed).sum())
    text = f"{counted(projects, 'project has', 'projects have')} support"
    if idle:
        verb = "is an insurance" if idle == 1 else "are insurance"
        which = "The award" if awards == 1 else f"{idle} of the {awards} awards"
        text += f". {which} {verb}, expected neither to cost nor to earn the treasury anything"
    text += "."
    net, slump = (signed[f"{view}net_present_usd_million"].sum() for view in ("", "stress_"))
    worth = f"In present value, less what comes back, it is {money(net)} as expected and {money(slump)} in the slump."
    returned, after = signed["back_usd_million"].sum(), signed["tail_usd_million"].sum()
    back = (f"{money(returned)} is paid back up to {scenario.last_year}.",) if returned > 0 else ()
    later = (f"After {scenario.last_year} another {money(after)} falls due.",) if after > 0 else ()
    return Answer("money", question, facts, (text, *_without(content, scenario), worth, *back, *later))


def _without(content: Content, scenario: Scenario) -> Iterator[str]:
    """What the same plan without new support, if the run has one, costs more and leaves exposed and short."""
    other = find_without(content, scenario)
    if other is None:
        if len(_new_awards(content, scenario.name)):
            yield "This run has no plan without support to compare with."
        return
    more = content.total(other.name, "objective") - content.total(scenario.name, "objective")
    before, after = (content.total(name, "exposure_index") for name in (other.name, scenario.name))
    side = "more" if more > 0 else "less"
    parts = ", ".join(
        f"{words} {money(abs(change))} {'more' if change > 0 else 'less'}"
        for words, measure in (("goods", "supply_cost"), ("penalties", "penalty_cost"))
        if abs(change := content.total(other.name, measure) - content.total(scenario.name, measure)) > 1
    )
    inside = f" ({parts})" if parts else ""
    owed = content.of("awards", other.name)
    new = "new " if len(owed) else ""
    if len(owed):
        now, slump = (
            sum(owed[f"{view}{what}_usd_million"].sum() for what in ("paid", "lent")) for view in ("", "stress_")
        )
        yield f"Of it {money(now)} is owed by contracts in force, {money(slump)} in the slump."
    yield (
        f"Without {new}support the plan costs {money(abs(more))} {side}{inside}, and the exposure index of "
        f"{scenario.index_span(content.index_from)} is {percent(before)} rather than {percent(after)}."
    )


def find_without(content: Content, scenario: Scenario) -> Scenario | None:
    """A plan of the run that differs from this one by its support only, and signs nothing new."""
    mine = _changed(content, scenario.name)
    for other in content.solved:
        if other.name == scenario.name or len(_new_awards(content, other.name)) or scenario.unlike(other):
            continue
        changed = mine ^ _changed(content, other.name)
        if changed and all(sheet in SUPPORT for sheet, *_ in changed):
            return other
    return None


def _new_awards(content: Content, scenario: str) -> pd.DataFrame:
    """The awards of a plan, without the contracts that were in force before it."""
    rows = content.of("awards", scenario)
    return rows[rows["applies_to"] != "in force"] if len(rows) else rows


def _changed(content: Content, scenario: str) -> set[tuple[str, ...]]:
    rows = content.of("changes", scenario)
    if not len(rows):
        return set()
    rows = rows[(rows["sheet"] != "settings") | ~rows["record"].isin(ASKED)]
    columns = rows[["sheet", "record", "column", "year", "new"]].astype(str)
    return set(columns.itertuples(index=False, name=None))
