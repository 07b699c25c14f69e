"""The tables about demand: how it is met in tonnes of each mineral, and what is short."""

from __future__ import annotations

import pandas as pd

from model.report.content import Content
from model.report.workbook_facts import Part

LEAST_T = 1e-6
"""A flow below a gram a year is not drawn."""


def tabulate_parts(content: Content) -> pd.DataFrame:
    """Tonnes of each mineral in a tonne of each material, with the stage of the material."""
    return pd.DataFrame(content.parts, columns=list(Part._fields))


def needs(content: Content) -> pd.DataFrame:
    """How the demand for each mineral is met, in tonnes of the mineral, by stage and segment."""
    amounts = ["clear_t", "exposed_t", "saved_t", "unmet_t"]
    keys = ["scenario", "mineral", "stage", "segment", "year"]
    rows = content.rows("deliveries")
    if not len(rows):
        return pd.DataFrame(columns=[*keys, *amounts])
    rows = rows.drop(columns="mineral").merge(tabulate_parts(content), on=["scenario", "material"])
    for amount in amounts:
        rows[amount] = rows[amount] * rows["content"]
    return rows.groupby(keys, as_index=False)[amounts].sum()


def shortages(content: Content) -> pd.DataFrame:
    """Demand that is not met, and its share of demand."""
    rows = content.rows("deliveries")
    columns = ["scenario", "mineral", "material", "segment", "region", "year", "unmet_t", "share"]
    if not len(rows):
        return pd.DataFrame(columns=columns)
    rows = rows[rows["unmet_t"] > LEAST_T].copy()
    rows["share"] = rows["unmet_t"] / rows[["clear_t", "exposed_t", "saved_t", "unmet_t"]].sum(axis=1)
    return rows[columns]
