"""What two runs decide differently: projects and awards that come, go and move, and the minerals' shares, by name."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from model.report.content import FIRST, SECOND, Content
from model.results.by_mineral import LEAST_SHARE
from model.workbook.formatting import amount, money

ALIKE = 0.01
"""Sizes and amounts of two plans that differ by a smaller share are the same."""

LEAST_T = 1e-3
"""Tonnes a year that are none."""

SHARES = {
    "exposed_share": "exposed share of demand",
    "unmet_share": "unmet share of demand",
    "import_reliance": "net import reliance",
}

_DECISIONS = ["scenario", "name", "facility", "change", FIRST, SECOND]


def mineral_changes(first: Content, second: Content) -> pd.DataFrame:
    """Shares of every mineral over the years, of the plans and minerals both runs have; the largest change first."""
    rows = []
    for scenario in _in_both(first, second):
        for measure, words in SHARES.items():
            for mineral in first.names["minerals"]:
                a, b = (content.total(scenario, f"{measure}_{mineral}") for content in (first, second))
                if not math.isnan(a) and not math.isnan(b) and max(a, b) > LEAST_SHARE:
                    change = b - a if abs(b - a) > LEAST_SHARE else 0.0
                    rows.append((scenario, second.name("minerals", mineral), words, a, b, change))
    table = pd.DataFrame(rows, columns=["scenario", "mineral", "measure", FIRST, SECOND, "change"])
    place = pd.factorize(table["scenario"] + table["measure"])[0]
    order = pd.DataFrame({"place": place, "size": -table["change"].abs()}).sort_values(["place", "size"], kind="stable")
    return table.loc[order.index].reset_index(drop=True)


def project_changes(first: Content, second: Content) -> pd.DataFrame:
    """New capacity that comes, goes, moves, grows or shrinks from one run to the other."""
    rows = [row for scenario in _in_both(first, second) for row in _changed_projects(first, second, scenario)]
    return pd.DataFrame(rows, columns=_DECISIONS)


def _changed_projects(first: Content, second: Content, scenario: str) -> Iterator[tuple[str, ...]]:
    sides = [_projects(content, scenario) for content in (first, second)]
    for facility in dict.fromkeys([*sides[0], *sides[1]]):
        before, after = (side.get(facility) for side in sides)
        if before is None or after is None:
            change = "comes" if before is None else "goes"
        elif before[0] != after[0]:
            change = "comes later" if before[0] < after[0] else "comes earlier"
        else:
            change = _size(before[1], after[1])
        if change:
            shown = ("not built" if side is None else f"{amount(side[1])} t/yr, decided in {side[0]}"
                    for side in (before, after))  # fmt: skip
            yield scenario, _plant_name(facility, first, second), facility, change, *shown


def _projects(content: Content, scenario: str) -> dict[str, tuple[int, float]]:
    """Facility -> the first year in which new capacity is decided, and all of it in t/yr."""
    rows = content.of("builds", scenario)
    if not len(rows):
        return {}
    found = rows.groupby("facility", sort=False).agg({"decision_year": "min", "t_per_year": "sum"})
    return {str(name): (int(year), t) for name, year, t in found.itertuples(name=None) if t > LEAST_T}


def award_changes(first: Content, second: Content) -> pd.DataFrame:
    """Awards of support that come, go or change from one run to the other."""
    rows = [row for scenario in _in_both(first, second) for row in _changed_awards(first, second, scenario)]
    return pd.DataFrame(rows, columns=_DECISIONS)


def _changed_awards(first: Content, second: Content, scenario: str) -> Iterator[tuple[str, ...]]:
    sides = [_awards(content, scenario) for content in (first, second)]
    for facility in dict.fromkeys([*sides[0], *sides[1]]):
        before, after = (side.get(facility) for side in sides)
        if before is None or after is None:
            change = "comes" if before is None else "goes"
        elif before["offer"] != after["offer"]:
            change = "another offer"
        elif before["award_year"] != after["award_year"]:
            change = "signed later" if before["award_year"] < after["award_year"] else "signed earlier"
        else:
            change = _size(before["t_per_year"], after["t_per_year"])
            change = change or _size(before["amount"], after["amount"], "higher amount", "lower amount")
        if change:
            shown = ("none" if side is None else _report_award(side) for side in (before, after))
            yield scenario, _plant_name(facility, first, second), facility, change, *shown


def _awards(content: Content, scenario: str) -> dict[str, pd.Series[Any]]:
    """Facility -> its awards together: offers, first year, tonnes, mean amount, and what is paid."""
    rows = content.of("awards", scenario)
    rows = rows[rows["t_per_year"] > LEAST_T] if len(rows) else rows
    if not len(rows):
        return {}
    rows = rows.assign(amount=rows["amount"] * rows["t_per_year"])
    found = rows.groupby("facility", sort=False).agg({
        "offer": _together, "award_year": "min", "t_per_year": "sum", "amount": "sum",
        "unit": "first", "paid_usd_million": "sum", "lent_usd_million": "sum",
    })  # fmt: skip
    found["amount"] /= found["t_per_year"]
    return {str(name): row for name, row in found.iterrows()}


def _together(names: pd.Series[str]) -> str:
    return ", ".join(sorted(set(names)))


def _report_award(award: pd.Series[Any]) -> str:
    signed = "" if pd.isna(award["award_year"]) else f", signed in {int(award['award_year'])}"
    paid = money(award["paid_usd_million"] + award["lent_usd_million"])
    size = f"{amount(award['amount'])} {award['unit']} for {amount(award['t_per_year'])} t/yr"
    return f"{award['offer'] or 'in force'}{signed}: {size}, takes {paid}"


def _size(before: float, after: float, more: str = "larger", less: str = "smaller") -> str:
    """Which of two numbers is larger ("" where they are alike)."""
    if math.isclose(before, after, rel_tol=ALIKE):
        return ""
    return more if after > before else less


def _in_both(first: Content, second: Content) -> list[str]:
    """The plans that both runs solved."""
    solved = {scenario.name for scenario in second.solved}
    return [scenario.name for scenario in first.solved if scenario.name in solved]


def _plant_name(facility: str, first: Content, second: Content) -> str:
    plant = second.plants.get(facility) or first.plants.get(facility)
    return plant.name if plant else facility
