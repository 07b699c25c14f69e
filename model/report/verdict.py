"""The verdict on a scenario in sentences with numbers: what to build, what it costs, what is left, what is short."""

from __future__ import annotations

from collections.abc import Iterator

from model.report import demand_tables, project_tables, support_tables
from model.report.analysis_sentences import describe_analyses
from model.report.content import Content
from model.report.prices import price_sentences
from model.report.scenario import Scenario
from model.report.sentences import FEW, Sentence, VerdictTables, count_rest
from model.report.support import describe_projects, describe_risk, describe_support
from model.report.verdict_builds import report_projects
from model.report.verdict_cost import report_cost
from model.report.verdict_exposure import report_exposure
from model.report.verdict_missed import report_breaches, report_shortages


def find_verdict(known: VerdictTables, scenario: Scenario) -> list[Sentence]:
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


def report_support(known: VerdictTables, scenario: Scenario) -> Sentence:
    """Which projects need support in which form, and what the treasury pays, lends and is paid back."""
    rows = known.content.of("awards", scenario.name)
    if not len(rows):
        return Sentence("support", "No support is awarded: the treasury pays nothing.")
    years = known.of(known.award_years, scenario.name)
    projects = describe_projects(known.content, rows, years)
    details = (*describe_risk(rows, scenario), *projects[:FEW], *count_rest(len(projects), "project"))
    return Sentence("support", describe_support(rows, years, scenario), details)


def report_analyses(content: Content, scenario: str) -> Iterator[Sentence]:
    """The worst of the shocks and failures, and what a hedged plan is worth."""
    found = list(describe_analyses(content, scenario))
    if found:
        yield Sentence("shocks", " ".join(found))


class Verdicts:
    """The verdict on every scenario of a run."""

    def __init__(self, content: Content) -> None:
        self._content = content
        known = VerdictTables(
            content, project_tables.timeline(content), support_tables.award_years(content),
            demand_tables.shortages(content), price_sentences(content),
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
