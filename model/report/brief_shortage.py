"""What the brief says of shortage: what is not delivered, to whom, from when on, and why."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from model.report import demand_tables
from model.report.answers import WORST, Answer, Fact, Known
from model.report.content import Content
from model.report.reasons import describe_own_reasons, describe_shared_reasons
from model.report.scenario import Scenario
from model.workbook.formatting import amount, counted, joined, percent, spans


def describe_shortage(known: Known, scenario: Scenario) -> Answer:
    """What is not delivered, to whom, from when on, and why."""
    content = known.content
    question = "What is short, and who goes without?"
    rows = find_shortages(content, scenario.name)
    if not len(rows):
        return Answer("short", question, (Fact("0", "materials short"),), ("All demand is met in every year.",))
    goods = rows.groupby("material", sort=False)["unmet_t"].sum()
    share = {good: goods[good] / rows.loc[rows["material"] == good, "wanted_t"].sum() for good in goods.index}
    order = sorted(goods.index, key=lambda good: -share[good])
    facts = (
        Fact(str(len(goods)), "materials short" if len(goods) > 1 else "material short"),
        Fact(str(rows["year"].min()), _describe_notice(int(rows["year"].min()) - scenario.first_year)),
    )
    lines = [_describe_short(content, rows[rows["material"] == good]) for good in order[:WORST]]
    lines += _describe_reasons(known, scenario.name, str(order[0]), set(rows["year"]))
    if len(order) > WORST:
        lines.append(f"{counted(len(order) - WORST, 'more material is', 'more materials are')} short: see the verdict.")
    return Answer("short", question, facts, tuple(lines), is_bad=True)


def _describe_notice(years: int) -> str:
    """How long before it the first shortage is known, to those who decide by this plan."""
    return f"first year, known {counted(years, 'year')} before" if years else "first year: this one"


def _describe_reasons(known: Known, scenario: str, material: str, years: set[int]) -> Iterator[str]:
    """The first limit that binds while the good that is shortest is short."""
    if not len(known.content.of("price_steps", scenario)):
        yield "What holds it back was not computed: set price_steps for this plan."
        return
    own = describe_own_reasons(known.content, known.prices, scenario, material, years)
    shared = describe_shared_reasons(known.content, known.prices, scenario, years)
    for reason in [*own, *shared][:1]:
        yield f"What binds: {reason}."


def find_shortages(content: Content, scenario: str) -> pd.DataFrame:
    """Demand that is not met by material, segment and year, beside what is wanted in all of that segment's year."""
    rows = content.of("deliveries", scenario)
    keys, amounts = ["material", "segment", "year"], ["clear_t", "exposed_t", "saved_t", "unmet_t"]
    if not len(rows):
        return pd.DataFrame(columns=[*keys, "unmet_t", "wanted_t"])
    found = rows.groupby(keys, as_index=False, sort=False)[amounts].sum()
    found = found.assign(wanted_t=found[amounts].sum(axis=1))
    return found.loc[found["unmet_t"] > demand_tables.LEAST_T, [*keys, "unmet_t", "wanted_t"]]


def _describe_short(content: Content, rows: pd.DataFrame) -> str:
    good = content.materials[str(rows["material"].iloc[0])].short
    users = rows.groupby("segment", sort=False)["unmet_t"].sum().sort_values(ascending=False, kind="stable")
    named = joined([str(segment).replace("_", " ") for segment in users.index[:WORST]])
    more = f" and {len(users) - WORST} more" if len(users) > WORST else ""
    share = rows["unmet_t"].sum() / rows["wanted_t"].sum()
    return (
        f"{good}: {amount(rows['unmet_t'].sum())} t in {spans(sorted(set(rows['year'])))}, {percent(share)} of what "
        f"these users want then: {named}{more}."
    )
