"""What the verdict says of cost: what a plan costs against another, and why."""

from __future__ import annotations

import math

from model.data.costs import kind_of
from model.report.content import Content
from model.report.scenario import Scenario
from model.report.terms import TERMS
from model.workbook.formatting import joined, money, percent


def report_cost(content: Content, scenario: Scenario, base: Scenario) -> str:
    """What goods and public money cost, how that differs from another plan, and why; penalties stand apart."""
    if not scenario.is_solved:
        return ""
    dollars = f" in dollars of {content.price_year}" if content.price_year else ""
    supply, public = (content.total(scenario.name, f"{kind}_cost") for kind in ("supply", "public"))
    burden = f", of which {money(public)} are the burden of public money" if public else ""
    text = f"The plan costs {money(supply + public)}, discounted to {scenario.first_year}{dollars}{burden}"
    whole = _whole_cost(content, scenario)
    if scenario.name == base.name or not base.is_solved:
        return f"{text}.{_report_penalties(content, scenario)}{whole}"
    if unlike := scenario.unlike(base):
        return (
            f"{text}, which is not compared with {base.title}: {unlike}.{_report_penalties(content, scenario)}{whole}"
        )
    before = content.total(base.name, "supply_cost") + content.total(base.name, "public_cost")
    penalties = _report_penalties(content, scenario, base)
    more = supply + public - before
    if abs(more) <= 1e-6 * abs(before):
        return f"{text}, the same as {base.title}.{penalties}{whole}"
    relative = f" ({percent(abs(more / before))})" if before else ""
    side = "more" if more > 0 else "less"
    reasons = _largest_terms(content, scenario, base)
    return f"{text}: {money(abs(more))}{relative} {side} than {base.title}{reasons}.{penalties}{whole}"


def _report_penalties(content: Content, scenario: Scenario, base: Scenario | None = None) -> str:
    """What the stated prices of shortage and of missed rules come to, which nobody is paid."""
    missed = content.total(scenario.name, "penalty_cost")
    before = content.total(base.name, "penalty_cost") if base else missed
    if not missed and not before:
        return ""
    more = missed - before
    changed = f", {money(abs(more))} {'more' if more > 0 else 'less'}" if abs(more) > 1e-6 * abs(before) else ""
    terms = [TERMS[term].word for term, cost in content.costs.get(scenario.name, {}).items()
             if kind_of(term) == "penalty" and cost]  # fmt: skip
    why = f" ({joined(terms)})" if terms else ""
    return f" Penalties for what is missed{why}, which nobody is paid, are valued at {money(missed)}{changed}."


def _whole_cost(content: Content, scenario: Scenario) -> str:
    """What building projects as a whole costs, and how sure that is; "" where they may be built in part."""
    linear = content.total(scenario.name, "linear_objective")
    if math.isnan(linear):
        return ""
    more, gap = content.total(scenario.name, "objective") - linear, content.total(scenario.name, "whole_projects_gap")
    return (
        f" Projects are built as a whole, which costs {money(more)} more than if they could be built in part; no plan "
        f"of whole projects is more than {percent(gap)} cheaper."
    )


def _largest_terms(content: Content, scenario: Scenario, base: Scenario) -> str:
    """The three cost terms that differ most, penalties aside."""
    mine, other = (content.costs.get(name, {}) for name in (scenario.name, base.name))
    every = [term for term in {**mine, **other} if kind_of(term) != "penalty"]
    more = {term: mine.get(term, 0.0) - other.get(term, 0.0) for term in every}
    largest = sorted(more, key=lambda term: -abs(more[term]))[:3]
    words = [
        f"{TERMS[term].word} {'+' if more[term] > 0 else '-'}{money(abs(more[term]))}" for term in largest if more[term]
    ]
    return f", mostly {joined(words)}" if words else ""
