"""The support of a plan in sentences: who gets it in which form, what it moves, and at whose risk."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from model.report.content import Content
from model.report.scenario import Scenario
from model.workbook.formatting import amount, counted, joined, money, percent, spans
from model.workbook.schema import CAPITAL_FORMS

EVEN = 0.05
"""Support whose present value is below this, USD million, is expected to cost nothing and to earn nothing."""


def is_insurance(rows: pd.DataFrame) -> pd.Series[bool]:
    """Which awards are expected neither to cost the treasury anything nor to earn it anything, in present value."""
    return rows["net_present_usd_million"].abs() <= EVEN


def describe_support(rows: pd.DataFrame, years: pd.DataFrame, scenario: Scenario) -> str:
    """What the treasury pays, lends and is paid back, not discounted, and what it pays in the stress view."""
    inside = years[years["year"] <= scenario.last_year]
    peak = inside.groupby("year")["outlay_usd_million"].sum()
    at_most = f", at most {money(peak.max())} in {peak.idxmax()}" if len(peak) and peak.max() > 0 else ""
    later = years[years["year"] > scenario.last_year]
    after = (
        f"; after that it pays {money(later['outlay_usd_million'].sum())} and is paid back "
        f"{money(later['back_usd_million'].sum())}" if len(later) else ""
    )  # fmt: skip
    return (
        f"{_count_awards(rows)} Not discounted, the treasury {_paid_and_lent(inside)} up to "
        f"{scenario.last_year}{at_most}, and is paid back {money(inside['back_usd_million'].sum())}{after}. "
        f"With prices {percent(scenario.stress_drop)} lower it pays {money(inside['stress_usd_million'].sum())} up to "
        f"{scenario.last_year}."
    )


def describe_projects(content: Content, rows: pd.DataFrame, years: pd.DataFrame) -> list[str]:
    """The support of every project, the largest first."""
    due = rows.assign(due=rows[["paid_usd_million", "lent_usd_million", "tail_usd_million"]].sum(axis=1))
    worth = due.groupby("facility")["due"].sum().sort_values(ascending=False, kind="stable")
    return [_describe_project(content, rows[rows["facility"] == name], years) for name in worth.index]


def _count_awards(rows: pd.DataFrame) -> str:
    """How many projects get how many awards, and what for."""
    words = {"new": "to be built", "existing": "to stay open", "in force": "under a contract that is in force already"}
    counts = {what: rows.loc[rows["applies_to"] == what, "facility"].nunique() for what in words}
    aims = [f"{counts[what]} {aim}" for what, aim in words.items() if counts[what]]
    facilities, awards = rows["facility"].nunique(), int((rows["applies_to"] != "in force").sum())
    return (
        f"{counted(facilities, 'project has', 'projects have')} public support ({counted(awards, 'new award')}): "
        f"{joined(aims)}."
    )


def _paid_and_lent(years: pd.DataFrame) -> str:
    lent = years["lent_usd_million"].sum()
    lends = f" and lends {money(lent)}" if lent > 0 else ""
    return f"pays {money(years['paid_usd_million'].sum())}{lends}"


def describe_risk(rows: pd.DataFrame, scenario: Scenario) -> Iterator[str]:
    """Awards that are expected to cost money, to earn money, and to do neither, and what each does in a slump."""
    net, slump = rows["net_present_usd_million"], rows["stress_net_present_usd_million"]
    even = is_insurance(rows)
    groups = ((~even & (net > 0), "expected to cost the treasury"), (~even & (net < 0), "expected to earn it"),
              (even, "an insurance, expected neither to cost nor to earn anything"))  # fmt: skip
    for chosen, words in groups:
        if chosen.any():
            amount_now = "" if "neither" in words else f" {money(abs(net[chosen].sum()))}"
            later = slump[chosen].sum()
            who, ending = ("it", "s") if chosen.sum() == 1 else ("they", "")
            turn = f"cost{ending} {money(later)}" if later >= 0 else f"earn{ending} {money(-later)}"
            yield (
                f"{counted(int(chosen.sum()), 'award is', 'awards are')} {words}{amount_now} in present value; with "
                f"prices {percent(scenario.stress_drop)} lower {who} {turn}"
            )


def _describe_project(content: Content, rows: pd.DataFrame, years: pd.DataFrame) -> str:
    """The support of one project."""
    first = rows.iloc[0]
    covered = years[(years["facility"] == first["facility"]) & years["reference_usd_per_t"].notna()]
    beside = f" (reference price {covered['reference_usd_per_t'].mean():,.0f} on average)" if len(covered) else ""
    amounts = joined([_describe_amounts(str(form), part) for form, part in rows.groupby("form", sort=False)])
    paid, lent, tail, back = (rows[f"{what}_usd_million"].sum() for what in ("paid", "lent", "tail", "back"))
    parts = [f"pays {money(paid)}" if paid > 0 or lent == 0 else "", f"lends {money(lent)}" if lent > 0 else "",
             f"later {money(tail)}" if tail > 0 else ""]  # fmt: skip
    back += rows["tail_back_usd_million"].sum()
    returned = f"; is paid back {money(back)}" if back > 0 else ""
    offers = joined(sorted({str(offer) for offer in rows["offer"]}))
    return (
        f"{content.plants[first['facility']].name}: {amounts}{beside}, {amount(rows['t_per_year'].sum())} t/yr, "
        f"{offers}, awarded in {spans(rows['award_year'])}; {', '.join(filter(None, parts))}{returned}"
    )


def _describe_amounts(form: str, rows: pd.DataFrame) -> str:
    """The amounts of one form: `strike 129 USD/t`, `grant of 78 % of capex`."""
    ends = rows["amount"].min(), rows["amount"].max()
    if form in CAPITAL_FORMS:
        low, high = (percent(end) for end in ends)
        return f"{form} of {low if low == high else f'{low} to {high}'} of capex"
    low, high = (f"{end:,.0f}" for end in ends)
    word = "premium" if form == "premium" else "strike"
    return f"{word} {low if low == high else f'{low} to {high}'} USD/t"
