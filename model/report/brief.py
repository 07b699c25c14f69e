"""The brief: the seven answers a decision needs, in a few numbers and sentences each, made from the tables alone."""

from __future__ import annotations

from collections.abc import Iterator

from model.report import project_tables
from model.report.answers import Answer, Known
from model.report.brief_decisions import describe_decisions
from model.report.brief_evidence import describe_evidence
from model.report.brief_exposure import describe_exposures, describe_frontier
from model.report.brief_money import describe_money
from model.report.brief_shock import describe_shock
from model.report.brief_shortage import describe_shortage
from model.report.content import Content
from model.report.prices import price_sentences
from model.report.scenario import Scenario


class Briefs:
    """The brief on every scenario of a run that has a plan, or on some of them."""

    def __init__(self, content: Content, scenarios: tuple[Scenario, ...] = ()) -> None:
        known = Known(content, project_tables.timeline(content), price_sentences(content))
        self._found = {scenario.name: tuple(_answer_all(known, scenario)) for scenario in scenarios or content.solved}

    def of(self, scenario: str) -> tuple[Answer, ...]:
        """The answers of a scenario, none where it has no plan."""
        return self._found.get(scenario, ())


def _answer_all(known: Known, scenario: Scenario) -> Iterator[Answer]:
    yield describe_decisions(known, scenario)
    yield describe_money(known.content, scenario)
    yield describe_exposures(known.content, scenario)
    yield describe_shortage(known, scenario)
    yield describe_frontier(known.content, scenario)
    yield describe_shock(known.content, scenario)
    yield describe_evidence(known, scenario)
