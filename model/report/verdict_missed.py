"""What the verdict says of what is missed: shortages, and caps, targets and covers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from model.report.content import Content
from model.report.prices import cap_name, good_at, target_name
from model.report.reasons import describe_own_reasons, describe_shared_reasons
from model.report.sentences import FEW, Sentence, VerdictTables, count_rest
from model.workbook.formatting import amount, counted, money, percent, spans


def report_shortages(known: VerdictTables, scenario: str) -> Iterator[Sentence]:
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
    yield Sentence("missed", f"{text}{money(worth.sum())}.", (*details, *count_rest(len(worth), "limit")), is_bad=True)


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
