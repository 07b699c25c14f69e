"""The matrix: how every mineral fares in every scenario and year, to be read across."""

from __future__ import annotations

import pandas as pd

from model.report import demand_tables, support_tables
from model.report.content import Content
from model.results.columns import ResultColumn
from model.workbook.schema import ALL, CHAIN

KEYS = ("scenario", "mineral", "year")

MEASURES = (
    ResultColumn("exposed_share", "share", "exposed deliveries over demand in the year"),
    ResultColumn("unmet_share", "share", "demand not met in the year"),
    ResultColumn("cost_usd_million", "USD million", "supply cost of the year under the mineral, without penalties, "
                 "not discounted; what belongs to all minerals together is left out"),
    ResultColumn("cost_change_usd_million", "USD million", "its change against the base; blank: not comparable"),
    ResultColumn("home_share", "share", "mined and recycled at home over apparent consumption (1 less net import "
                 "reliance); above 1: net exporter"),
    ResultColumn("outlay_usd_million", "USD million", "treasury pays and lends for plants that make the mineral"),
)  # fmt: skip
"""What a cell of the matrix can show."""


def find_matrix(content: Content) -> pd.DataFrame:
    """Make a row for each scenario with a plan, mineral in demand and year, with a column for each of `MEASURES`.

    Minerals are in the order of the workbook. A share of nothing is blank.
    """
    table = _demand(content)
    for column in (_costs(content), _home(content), _outlay(content)):
        table = table.merge(column, on=list(KEYS), how="left")
    table = table.fillna({"cost_usd_million": 0.0, "outlay_usd_million": 0.0})
    base = table.loc[table["scenario"] == content.base, [*KEYS[1:], "cost_usd_million"]]
    before = table[list(KEYS[1:])].merge(base, on=list(KEYS[1:]), how="left")["cost_usd_million"]
    first = content.solved[:1]
    alike = {scenario.name for scenario in content.solved if not scenario.unlike(first[0])}
    change = table["cost_usd_million"] - before
    table["cost_change_usd_million"] = change.where(table["scenario"].isin(alike))
    order = {mineral: n for n, mineral in enumerate(content.names["minerals"])}
    scenarios = {scenario.name: n for n, scenario in enumerate(content.scenarios)}
    table = table.sort_values(
        list(KEYS), key=lambda words: words.map({"scenario": scenarios, "mineral": order}.get(str(words.name), {}))
        if words.name != "year" else words, kind="stable", ignore_index=True,
    )  # fmt: skip
    return table[[*KEYS, *(column.key for column in MEASURES)]]


def _demand(content: Content) -> pd.DataFrame:
    """What of the demand for a mineral is exposed, and what is not met."""
    amounts = ["clear_t", "exposed_t", "saved_t", "unmet_t"]
    needs = demand_tables.needs(content).groupby(list(KEYS), as_index=False)[amounts].sum()
    whole = needs[amounts].sum(axis=1)
    needs["unmet_share"] = (needs["unmet_t"] / whole).where(whole > demand_tables.LEAST_T)
    exposure = content.rows("exposure")
    if not len(exposure):
        return needs[[*KEYS, "unmet_share"]].assign(exposed_share=float("nan"))
    chain = exposure[(exposure["stage"] == CHAIN) & (exposure["segment"] == ALL)]
    chain = chain[[*KEYS, "controlled_share"]].rename(columns={"controlled_share": "exposed_share"})
    return needs[[*KEYS, "unmet_share"]].merge(chain, on=list(KEYS), how="left")


def _costs(content: Content) -> pd.DataFrame:
    """Supply cost: penalties would hide it, and what they stand for is in the measure of what is not met."""
    rows = content.rows("costs")
    supply = rows[rows["kind"] == "supply"] if len(rows) else rows
    return _summed(supply, "usd_million").rename(columns={"usd_million": "cost_usd_million"})


def _home(content: Content) -> pd.DataFrame:
    rows = content.rows("import_reliance")
    if not len(rows):
        return pd.DataFrame(columns=[*KEYS, "home_share"])
    return rows.assign(home_share=1.0 - rows["share"])[[*KEYS, "home_share"]]


def _outlay(content: Content) -> pd.DataFrame:
    rows = support_tables.award_years(content)
    if not len(rows):
        return pd.DataFrame(columns=[*KEYS, "outlay_usd_million"])
    minerals = {name: content.materials[plant.output].mineral for name, plant in content.plants.items()}
    return _summed(rows.assign(mineral=rows["facility"].map(minerals)), "outlay_usd_million")


def _summed(rows: pd.DataFrame, amount: str) -> pd.DataFrame:
    if not len(rows):
        return pd.DataFrame(columns=[*KEYS, amount])
    return rows.groupby(list(KEYS), as_index=False)[[amount]].sum()
