"""Shadow prices as sentences: what a tonne more would cost, and which limits would be worth most to ease."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from model.report.content import Content
from model.workbook.schema import ALL, CHAIN

TOP = 6
"""Limits told for each scenario, mineral and year: the dearest ones."""

PRICE_TOLERANCE = 1.0
"""Prices of segments less than a dollar apart are the same."""

COLUMNS = ("scenario", "kind", "constraint", "mineral", "year", "lead", "value", "tail")


@dataclass(frozen=True)
class Telling:
    """How the price of a constraint is told.

    Attributes:
        subject: what one more of it is, with a word of `_NAMES` for what the key of the row stands for.
        verb: what it does.
        tail: unit, and for how long.
        kind: demand (what a tonne more costs) or limit (what easing it saves).
    """

    subject: str
    verb: str
    tail: str
    kind: str = "limit"


def tell_price(year: object, lead: str, value: float, tail: str) -> str:
    """The sentence for one price.

    >>> tell_price(2030, "one tonne more of demand for magnets costs", 81234.5, "USD")
    'In 2030, one tonne more of demand for magnets costs 81,234 USD.'
    >>> tell_price(None, "one t/yr more of new capacity at Mine A saves", 12.345, "USD")
    'Over the whole plan, one t/yr more of new capacity at Mine A saves 12.3 USD.'
    """
    number = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    when = "Over the whole plan" if year is None or pd.isna(year) else f"In {year}"  # type: ignore[call-overload]
    return f"{when}, {lead} {number} {tail}."


def price_sentences(content: Content) -> pd.DataFrame:
    """Lead, value and tail of every price worth telling, by scenario, mineral and year; `mineral` "" concerns all."""
    rows = content.rows("shadow_prices")
    if not len(rows):
        return pd.DataFrame(columns=list(COLUMNS))
    rows = rows[rows["constraint"].isin(TELLINGS)]
    pairs = rows[["constraint", "key"]].drop_duplicates()
    told = pd.DataFrame(
        [
            (name, key, TELLINGS[name].kind, mineral, lead(content, name, key), TELLINGS[name].tail)
            for name, key in pairs.itertuples(index=False)
            for mineral in minerals_of(content, name, key)
        ],
        columns=["constraint", "key", "kind", "mineral", "lead", "tail"],
    )
    rows = _without_segments(rows.merge(told, on=["constraint", "key"]))
    rows = rows.sort_values("value", key=lambda value: -value.abs(), kind="stable")
    is_limit = rows["kind"] == "limit"
    # Prices per tonne are compared with each other; those per point of a cap or per dollar stand for themselves.
    limits = rows[is_limit].groupby(["scenario", "mineral", "year", "tail"], dropna=False, sort=False).head(TOP)
    found = pd.concat([rows[~is_limit], limits])[list(COLUMNS)]
    return found.sort_values(["scenario", "kind", "mineral", "year"], kind="stable", ignore_index=True)


def _without_segments(rows: pd.DataFrame) -> pd.DataFrame:
    """One row for a material in a place: what its dearest segment costs; most often all segments cost the same."""
    is_demand = rows["kind"] == "demand"
    demand = rows[is_demand].sort_values("value", ascending=False, kind="stable")
    keys = ["scenario", "mineral", "year", "lead"]
    same = demand.groupby(keys)["value"]
    demand.loc[same.transform("max") - same.transform("min") > PRICE_TOLERANCE, "lead"] += " up to"
    demand = demand.drop_duplicates(keys)
    return pd.concat([demand, rows[~is_demand]], ignore_index=True)


def lead(content: Content, constraint: str, key: str) -> str:
    """The sentence up to the number."""
    telling = TELLINGS[constraint]
    word = next(word for word in _NAMES if word in telling.subject)
    return f"{telling.subject.replace(word, _NAMES[word](content, key))} {telling.verb}"


def minerals_of(content: Content, constraint: str, key: str) -> tuple[str, ...]:
    """The minerals a row concerns; ("",) where it concerns all."""
    if constraint in _BY_FACILITY:
        return _minerals(content, content.plants[key].output)
    if constraint in _BY_MATERIAL:
        return _minerals(content, key.partition("/")[0])
    if constraint == "demand_balance":
        return _minerals(content, key.split("/")[1])
    if constraint in ("route_limit", "route_growth_limit"):
        return _minerals(content, key.rpartition(":")[2])
    if constraint == "export_limit":
        named = {mineral for good in content.limited.get(key, ()) for mineral in _minerals(content, good)}
        return tuple(named) or ("",)
    # Caps and targets end with their mineral in brackets.
    mineral = key.rpartition("(")[2].rstrip(")").split(",")[0]
    return (mineral if mineral in content.names["minerals"] else "",)


def _minerals(content: Content, material: str) -> tuple[str, ...]:
    good = content.goods.get(material)
    return good.minerals if good else ("",)


def _good(content: Content, material: str) -> str:
    return content.goods[material].short if material in content.goods else material


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
    "WANTED": lambda content, key: good_at(content, key.partition("/")[2]),
    "GOOD": good_at,
    "ROUTE": _route,
    "CAP": cap_name,
    "TARGET": target_name,
    "KEY": lambda _, key: key,
}
"""What the key of a row stands for, in words."""


_BY_FACILITY = ("capacity_limit", "yearly_build_limit", "site_limit", "reserve_limit")
_BY_MATERIAL = ("collection_limit", "stock_size_limit", "stock_release_limit", "stock_cover_floor", "final_stock_floor")

TELLINGS: dict[str, Telling] = {
    "demand_balance": Telling("one tonne more of demand for WANTED", "costs", "USD", "demand"),
    "capacity_limit": Telling("one t/yr more of usable capacity at PLANT", "saves", "USD a year"),
    "yearly_build_limit": Telling("one t/yr more that may be decided at PLANT that year", "saves", "USD"),
    "site_limit": Telling("one t/yr more of room for new capacity at PLANT", "saves", "USD"),
    "reserve_limit": Telling("one tonne more in the ground at PLANT", "saves", "USD"),
    "route_limit": Telling("one t/yr more of room on the route ROUTE", "saves", "USD a year"),
    "route_growth_limit": Telling("one t/yr more of growth on the route ROUTE (faster qualification)", "saves", "USD"),
    "export_limit": Telling("one t/yr more under the export limit KEY", "saves", "USD a year"),
    "collection_limit": Telling("one t/yr more of collectable GOOD", "saves", "USD a year"),
    "stock_size_limit": Telling("one tonne more of room for GOOD", "saves", "USD"),
    "stock_release_limit": Telling("one t/yr more of releases of GOOD", "saves", "USD a year"),
    "stock_cover_floor": Telling("one tonne less of cover of GOOD", "saves", "USD"),
    "final_stock_floor": Telling("one tonne less of GOOD to be left at the end", "saves", "USD"),
    "budget_limit": Telling("one dollar more of the budget KEY", "saves", "USD per dollar"),
    "resource_limit": Telling("one unit more under the resource limit KEY", "saves", "USD"),
    "chain_exposure_limit": Telling("one percentage point more of the CAP", "saves", "USD million"),
    "stage_exposure_limit": Telling("one percentage point more of the CAP", "saves", "USD million"),
    "mix_target_floor": Telling("one percentage point less of the least share TARGET", "saves", "USD million"),
    "mix_target_limit": Telling("one percentage point more of the highest share TARGET", "saves", "USD million"),
}
"""Constraint -> how its price is told; others tell a planner nothing of their own."""

SHARED = ("budget_limit", "export_limit", "resource_limit")
"""Limits on many goods at once: their price is what easing them is worth to the one that gains most by it."""
