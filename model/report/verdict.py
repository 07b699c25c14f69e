"""The verdict on a scenario in sentences with numbers: what to build, what it costs, what is left, what is short."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from model.data.costs import kind_of
from model.report import figures
from model.report.analysis_sentences import describe_analyses
from model.report.content import Content
from model.report.prices import cap_name, good_at, price_sentences, target_name
from model.report.reasons import describe_own_reasons, describe_shared_reasons
from model.report.scenario import Scenario
from model.report.support import describe_projects, describe_risk, describe_support
from model.report.terms import TERMS
from model.workbook.formatting import amount, counted, joined, money, percent, spans
from model.workbook.schema import ALL, CHAIN

FEW = 8
"""Projects or minerals a sentence lists; the tables list all."""


PART_TOLERANCE = 1e-6
"""A project that lacks less than this share of its size is whole."""

MOST_EXPOSED = 5
"""Minerals the sentence on exposure names."""

HALF = 0.5


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
class ShortMaterial:
    """The tables the verdict reads, made once for all scenarios."""

    content: Content
    timeline: pd.DataFrame
    award_years: pd.DataFrame
    shortages: pd.DataFrame
    prices: pd.DataFrame

    def of(self, rows: pd.DataFrame, scenario: str) -> pd.DataFrame:
        """The rows of a scenario."""
        return rows[rows["scenario"] == scenario] if len(rows) else rows


def find_verdict(known: ShortMaterial, scenario: Scenario) -> list[Sentence]:
    """Every sentence on a scenario but what it costs against another; what is bad comes first."""
    if not scenario.is_solved:
        words = "has no plan" if scenario.status == "infeasible" else "was not solved to the end"
        return [Sentence("short", f"{scenario.title} {words}.", tuple(scenario.message.splitlines()), is_bad=True)]
    return [
        *report_shortages(known, scenario.name),
        *report_breaches(known.content, scenario.name),
        report_projects(known, scenario.name),
        report_exposure(known.content, scenario),
        report_support(known, scenario),
        *report_analyses(known.content, scenario.name),
    ]


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


def report_projects(known: ShortMaterial, scenario: str) -> Sentence:
    """What to build and when."""
    rows = known.of(known.timeline, scenario)
    if not len(rows):
        return Sentence("build", "Nothing new is built.")
    facilities = rows["facility"].nunique()
    partial = _built_in_part(rows)
    backed = rows.loc[rows["financed_by"] != "merchant", "facility"].nunique()
    text = (
        f"Build {counted(facilities, 'project')} for {money(rows['capex_usd_million'].sum())}, decided in "
        f"{spans(rows['decision_year'])}; {backed or 'none'} of them with a contract."
    )
    if partial:
        text += f" {counted(len(partial), 'project is', 'projects are')} built in part; whole_projects rules that out."
    tied = rows.loc[rows["tied_with"] != "", "facility"].nunique()
    if tied:
        text += f" For {counted(tied, 'project', 'projects')} another would do as well, at the same cost and exposure."
    worth = rows.groupby("facility")["capex_usd_million"].sum().sort_values(ascending=False, kind="stable")
    details = tuple(_report_project(known, rows[rows["facility"] == name]) for name in worth.index[:FEW])
    return Sentence("build", text, (*details, *_rest(facilities, "project")))


def _report_project(known: ShortMaterial, rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    return (
        f"{first['name']} ({known.content.materials[first['material']].short}, {first['region']}): "
        f"{amount(rows['t_per_year'].sum())}{_of_whole(rows)} t/yr, decide in {spans(rows['decision_year'])}, online "
        f"from {rows['online_year'].min()}, {money(rows['capex_usd_million'].sum())}{_instead(known.content, first)}"
    )


def _instead(content: Content, build: pd.Series[Any]) -> str:
    """What could be built instead of a project."""
    names = [content.plants[name].name for name in str(build["tied_with"]).split(", ") if name]
    return f"; {joined(names)} would do as well" if names else ""


def _built_in_part(rows: pd.DataFrame) -> list[str]:
    """The projects of which only a part is built."""
    return [str(name) for name, part in rows.groupby("facility", sort=False) if _of_whole(part)]


def _of_whole(rows: pd.DataFrame) -> str:
    """The size of the whole project, where less than that is built."""
    whole, built = rows["whole_t_per_year"].iloc[0], rows["t_per_year"].sum()
    return f" of {amount(whole)}" if built < (1 - PART_TOLERANCE) * whole else ""


def _rest(number: int, what: str) -> tuple[str, ...]:
    return (f"and {counted(number - FEW, f'more {what}')}",) if number > FEW else ()


def report_exposure(content: Content, scenario: Scenario) -> Sentence:
    """Which minerals depend most on regions of concern, and where in their chain."""
    shares = content.shares(scenario.name, "exposed_share")
    span = f"{max(content.index_from, scenario.first_year)}-{scenario.last_year}"
    if not shares:
        return Sentence("exposure", f"No demand depends on regions of concern ({content.concern_label}) in {span}.")
    named = [f"{content.name('minerals', m)} ({percent(share)})" for m, share in list(shares.items())[:MOST_EXPOSED]]
    many = sum(share > HALF for share in shares.values())
    text = (
        f"Most exposed to regions of concern ({content.concern_label}) at some step of their chain: {joined(named)} of "
        f"demand in {span}. {counted(many, 'mineral depends', 'minerals depend').capitalize()} on them for more than "
        f"half of demand. The exposure index, the weighted mean of all minerals, is "
        f"{percent(content.total(scenario.name, 'exposure_index'))}{_at_end(content, scenario)}."
    )
    return Sentence("exposure", text, tuple(_report_exposed_minerals(content, scenario.name, scenario.last_year)))


def _at_end(content: Content, scenario: Scenario) -> str:
    """The exposure index of the last year."""
    yearly = content.of("summary", scenario.name)
    at_end = yearly.loc[(yearly["measure"] == "exposure_index") & (yearly["year"] == scenario.last_year), "value"]
    return f", {percent(float(at_end.iloc[0]))} in {scenario.last_year}" if len(at_end) else ""


def _report_exposed_minerals(content: Content, scenario: str, year: int) -> Iterator[str]:
    """The most exposed minerals, and the most exposed step of the chain of each."""
    rows = content.of("exposure", scenario)
    if not len(rows):
        return
    rows = rows[(rows["year"] == year) & (rows["segment"] == ALL) & (rows["controlled_share"] > 0)]
    chain = rows[rows["stage"] == CHAIN].sort_values("controlled_share", ascending=False, kind="stable")
    for row in chain.head(FEW).itertuples():
        stages = rows[(rows["mineral"] == row.mineral) & rows["stage"].isin(content.steps)]
        worst = stages.sort_values("controlled_share", ascending=False, kind="stable").head(1)
        share = percent(float(str(row.controlled_share)))
        text = f"{content.name('minerals', str(row.mineral))}: {share} end to end in {year}"
        for stage in worst.itertuples():
            text += (
                f", most at {content.name('stages', str(stage.stage))} ({percent(float(str(stage.controlled_share)))})"
            )
        yield text


def report_support(known: ShortMaterial, scenario: Scenario) -> Sentence:
    """Which projects need support in which form, and what the treasury pays, lends and is paid back."""
    rows = known.content.of("awards", scenario.name)
    if not len(rows):
        return Sentence("support", "No support is awarded: the treasury pays nothing.")
    years = known.of(known.award_years, scenario.name)
    projects = describe_projects(known.content, rows, years)
    details = (*describe_risk(rows, scenario), *projects[:FEW], *_rest(len(projects), "project"))
    return Sentence("support", describe_support(rows, years, scenario), details)


def report_shortages(known: ShortMaterial, scenario: str) -> Iterator[Sentence]:
    """What is short and why. Which segment goes short is a tie where all pay the same, so it is not named."""
    rows = known.of(known.shortages, scenario)
    if not len(rows):
        return
    deliveries = known.content.of("deliveries", scenario)
    wanted = deliveries.groupby(["material", "year"])[["clear_t", "exposed_t", "saved_t", "unmet_t"]].sum().sum(axis=1)
    for material, short in rows.groupby("material", sort=False):
        good, yearly = known.content.materials[str(material)], short.groupby("year")["unmet_t"].sum()
        share = yearly / wanted[material].reindex(yearly.index)
        text = (
            f"Short of {good.short}: {amount(yearly.sum())} t in {spans(yearly.index)}, up to {percent(share.max())} "
            f"of all that is wanted in {share.idxmax()}."
        )
        reasons = tuple(
            f"what binds: {reason}"
            for reason in describe_own_reasons(known.content, known.prices, scenario, str(material), set(yearly.index))
        )
        yield Sentence("short", text, reasons, is_bad=True)
    shared = tuple(describe_shared_reasons(known.content, known.prices, scenario, set(rows["year"])))
    if shared:
        text = "What also limits several materials at once:"
        yield Sentence("short", text, shared, is_bad=True)


def report_breaches(content: Content, scenario: str) -> Iterator[Sentence]:
    """Caps, targets and covers that are missed."""
    rows = content.of("breaches", scenario)
    if not len(rows):
        return
    worth = rows.groupby(["constraint", "key"], sort=False)["cost_usd_million"].sum()
    worth = worth.sort_values(ascending=False, kind="stable")
    details = tuple(
        _report_breach(content, rows[(rows["constraint"] == constraint) & (rows["key"] == key)])
        for constraint, key in worth.index[:FEW]
    )
    text = f"Missed: {counted(len(worth), 'cap, target or cover', 'caps, targets and covers')}, at breach prices of "
    yield Sentence("missed", f"{text}{money(worth.sum())}.", (*details, *_rest(len(worth), "limit")), is_bad=True)


def _report_breach(content: Content, missed: pd.DataFrame) -> str:
    worst = missed.sort_values("amount", ascending=False, kind="stable").iloc[0]
    name = BREACHES[str(worst["constraint"])](content, str(worst["key"]))
    mineral = str(worst["unit"]).removeprefix("t of ")
    unit = "t" if worst["unit"] == "t" else f"t of {content.name('minerals', mineral)}"
    return (
        f"{name} in {spans(missed['year'])}, by up to {amount(float(worst['amount']))} {unit} in {worst['year']}, at "
        f"{money(missed['cost_usd_million'].sum())}"
    )


BREACHES: dict[str, Callable[[Content, str], str]] = {
    "chain_exposure_limit": cap_name,
    "stage_exposure_limit": cap_name,
    "mix_target_floor": lambda content, key: f"target {target_name(content, key)}",
    "mix_target_limit": lambda content, key: f"target {target_name(content, key)}",
    "stock_cover_floor": lambda content, key: f"cover of {good_at(content, key)}",
}
"""Constraints that can be missed -> their name by the key of the row."""


def report_analyses(content: Content, scenario: str) -> Iterator[Sentence]:
    """The worst of the shocks and failures, and what a hedged plan is worth."""
    found = list(describe_analyses(content, scenario))
    if found:
        yield Sentence("shocks", " ".join(found))


class Verdicts:
    """The verdict on every scenario of a run."""

    def __init__(self, content: Content) -> None:
        self._content = content
        known = ShortMaterial(
            content, figures.timeline(content), figures.award_years(content), figures.shortages(content),
            price_sentences(content),
        )  # fmt: skip
        self._found = {scenario.name: find_verdict(known, scenario) for scenario in content.scenarios}
        self._scenarios = {scenario.name: scenario for scenario in content.scenarios}

    def of(self, scenario: str, base: str) -> list[Sentence]:
        """Every sentence, what is bad first, then what it costs against the base."""
        found = self._found[scenario]
        if not self._scenarios[scenario].is_solved:
            return found
        cost = report_cost(self._content, self._scenarios[scenario], self._scenarios[base])
        bad = [sentence for sentence in found if sentence.is_bad]
        build, *rest = [sentence for sentence in found if not sentence.is_bad]
        return [*bad, build, Sentence("cost", cost), *rest]
