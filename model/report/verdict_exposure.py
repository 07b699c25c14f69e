"""What the verdict says of exposure: which minerals depend on regions of concern, and where in their chain."""

from __future__ import annotations

from collections.abc import Iterator

from model.report.content import Content
from model.report.scenario import Scenario
from model.report.sentences import FEW, Sentence
from model.workbook.formatting import counted, joined, percent
from model.workbook.schema import ALL, CHAIN

MOST_EXPOSED = 5
"""Minerals the sentence on exposure names."""

HALF = 0.5


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
