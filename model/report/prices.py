"""What steps of demand and of limits are worth, in sentences: each is a plan that was solved again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pandas as pd

from model.report.content import Content
from model.workbook.formatting import amount, money, money_apart
from model.workbook.schema import ALL, CHAIN

MONEY = ("up_usd_million", "up_penalties_usd_million", "down_usd_million", "down_penalties_usd_million",
         "slope_usd_million", "usd_per_t")  # fmt: skip
"""Columns of the table `price_steps` that stand beside a sentence."""

COLUMNS = ("scenario", "kind", "constraint", "key", "mineral", "sentence", *MONEY)


class Wording(NamedTuple):
    """How a step of a constraint is described.

    Attributes:
        more, less: the step up and down, with STEP for its size and a word of `_NAMES` for what the key stands for.
    """

    more: str
    less: str


def price_sentences(content: Content) -> pd.DataFrame:
    """Every step that was looked at, by scenario and mineral, what matters most first; `mineral` "" concerns all."""
    rows = content.rows("price_steps")
    if not len(rows):
        return pd.DataFrame(columns=list(COLUMNS))
    found = [
        (row.scenario, "demand" if row.constraint == "demand_balance" else "limit", row.constraint, row.key, mineral,
         describe_step(content, row), *(getattr(row, column) for column in MONEY))
        for row in rows.itertuples()
        for mineral in minerals_of(content, str(row.constraint), str(row.key))
    ]  # fmt: skip
    table = pd.DataFrame(found, columns=list(COLUMNS))
    table = table.sort_values("up_usd_million", ascending=False, kind="stable")
    return table.sort_values(["scenario", "kind", "mineral"], kind="stable", ignore_index=True)


def describe_step(content: Content, row: Any) -> str:
    """What a step more saves or costs over the whole plan, and a step less where that is another thing."""
    wording, constraint, key = WORDINGS[str(row.constraint)], str(row.constraint), str(row.key)
    verbs = ("costs", "saves") if constraint == "demand_balance" else ("saves", "costs")
    per_tonne = "" if pd.isna(row.usd_per_t) else f" ({amount(row.usd_per_t)} USD/t)"
    up = _worth(row.up_usd_million, row.up_penalties_usd_million)
    text = f"{_fill(content, wording.more, key, row)} {verbs[0]} {up}{per_tonne}"
    if pd.isna(row.down_usd_million):
        return text
    down = _worth(row.down_usd_million, row.down_penalties_usd_million)
    return f"{text}; {_fill(content, wording.less, key, row)} {verbs[1]} {down}"


def _worth(usd_million: float, penalties: float) -> str:
    return money_apart(usd_million, penalties) if usd_million else "nothing"


def _fill(content: Content, words: str, key: str, row: Any) -> str:
    """The words with the size of the step and what the key stands for in place, and its years."""
    for word, name in _NAMES.items():
        if word in words:
            words = words.replace(word, name(content, key))
    step = f"{money(row.step)} a year" if row.unit == "USD million" else f"{amount(row.step)} {row.unit}"
    words = words.replace("STEP", step)
    first, last = row.first_year, row.last_year
    if pd.isna(first) or (int(first), int(last)) == (content.years[0], content.years[-1]):
        return words
    return f"{words} in {int(first)}" if first == last else f"{words} in {int(first)}-{int(last)}"


def minerals_of(content: Content, constraint: str, key: str) -> tuple[str, ...]:
    """The minerals a row concerns; ("",) where it concerns all."""
    if constraint in _BY_FACILITY:
        return _minerals(content, content.plants[key].output)
    if constraint in _BY_MATERIAL:
        return _minerals(content, key.partition("/")[0])
    if constraint in ("route_limit", "route_growth_limit"):
        return _minerals(content, key.rpartition(":")[2])
    if constraint == "export_limit":
        named = {mineral for good in content.limited.get(key, ()) for mineral in _minerals(content, good)}
        return tuple(named) or ("",)
    # Caps and targets end with their mineral in brackets.
    mineral = key.rpartition("(")[2].rstrip(")").split(",")[0]
    return (mineral if mineral in content.names["minerals"] else "",)


def _minerals(content: Content, material: str) -> tuple[str, ...]:
    good = content.materials.get(material)
    return good.minerals if good else ("",)


def _good(content: Content, material: str) -> str:
    return content.materials[material].short if material in content.materials else material


def good_at(content: Content, key: str) -> str:
    """A material and where: `metal/USA`."""
    material, _, region = key.partition("/")
    return f"{_good(content, material)} in {content.name('regions', region)}"


def _route(content: Content, key: str) -> str:
    places, _, material = key.rpartition(":")
    return f"{places} for {_good(content, material)}"


def cap_name(content: Content, key: str) -> str:
    """An exposure cap by what it is on: `*/chain/defence (ndpr)` is a row of the workbook and a mineral."""
    row, _, mineral = key.removesuffix(")").rpartition(" (")
    _, scope, segment = row.split("/")
    step = "end-to-end" if scope == CHAIN else content.name("stages", scope)
    whose = "" if segment == ALL else f" for {segment.replace('_', ' ')}"
    return f"{step} cap on {content.name('minerals', mineral)}{whose}"


def target_name(content: Content, key: str) -> str:
    """A mix target with the mineral and stage it holds for: `home (ndpr, mining)`."""
    target, _, place = key.removesuffix(")").rpartition(" (")
    mineral, _, stage = place.partition(", ")
    return f"{target} ({content.name('minerals', mineral)}, {content.name('stages', stage)})"


_NAMES: dict[str, Callable[[Content, str], str]] = {
    "PLANT": lambda content, key: content.plants[key].name,
    "GOOD": good_at,
    "ROUTE": _route,
    "CAP": cap_name,
    "TARGET": target_name,
    "KEY": lambda _, key: key,
}
"""What the key of a row stands for, in words."""


_BY_FACILITY = ("capacity_limit", "yearly_build_limit", "site_limit", "reserve_limit")
_BY_MATERIAL = ("demand_balance", "outlet_limit", "collection_limit", "stock_size_limit", "stock_release_limit",
                "stock_cover_floor", "final_stock_floor")  # fmt: skip

WORDINGS: dict[str, Wording] = {
    "demand_balance": Wording("1 % more demand for GOOD (STEP)", "1 % less"),
    "capacity_limit": Wording("STEP more usable capacity at PLANT", "as much less"),
    "yearly_build_limit": Wording("STEP more that may be decided at PLANT in a year", "as much less"),
    "site_limit": Wording("STEP more room for new capacity at PLANT", "as much less"),
    "reserve_limit": Wording("STEP more in the ground at PLANT", "as much less"),
    "route_limit": Wording("STEP more room on the route ROUTE", "as much less"),
    "route_growth_limit": Wording("STEP more growth on the route ROUTE (faster qualification)", "as much less"),
    "export_limit": Wording("STEP more under the export limit KEY", "as much less"),
    "outlet_limit": Wording("STEP more of GOOD that its outlet buys", "as much less"),
    "group_capacity_limit": Wording("STEP more under the group limit KEY", "as much less"),
    "group_growth_limit": Wording("STEP more growth under the group limit KEY", "as much less"),
    "collection_limit": Wording("STEP more collectable GOOD", "as much less"),
    "stock_size_limit": Wording("STEP more room for GOOD", "as much less"),
    "stock_release_limit": Wording("STEP more releases of GOOD", "as much less"),
    "stock_cover_floor": Wording("STEP less cover of GOOD", "as much more"),
    "final_stock_floor": Wording("STEP less of GOOD to be left at the end", "as much more"),
    "budget_limit": Wording("STEP more in the budget KEY", "as much less"),
    "resource_limit": Wording("STEP more under the resource limit KEY", "as much less"),
    "chain_exposure_limit": Wording("one percentage point more of the CAP", "one point less"),
    "stage_exposure_limit": Wording("one percentage point more of the CAP", "one point less"),
    "mix_target_floor": Wording("one percentage point less of the least share TARGET", "one point more"),
    "mix_target_limit": Wording("one percentage point more of the highest share TARGET", "one point less"),
}
"""Constraint -> how its step is described."""

SHARED = ("budget_limit", "export_limit", "resource_limit")
"""Limits on many goods at once: a step is worth what it is to the goods that gain most by it."""
