"""One tidy table of what a plan does: a row for each scenario, mineral, stage and year, ready for a pivot table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.report import demand_tables
from model.report.content import Content
from model.report.matrix import MEASURES, find_matrix
from model.results.columns import ResultColumn
from model.workbook.schema import ALL, CHAIN, PATHWAYS

KEYS = ("scenario", "mineral", "stage", "year")
MADE = tuple(f"{pathway}_t" for pathway in PATHWAYS)
MET = ("clear_t", "exposed_t", "saved_t", "unmet_t")
TONNES = "t/yr of the mineral"

COLUMNS = (
    *(ResultColumn(*fact) for fact in (
        ("mineral", "", "mineral"),
        ("stage", "", "stage; chain: the mineral from end to end, all stages together"),
        ("year", "", "calendar year"),
    )),
    *(ResultColumn(column, TONNES, f"output of the stage by the pathway {column.removesuffix('_t')}; blank: none")
      for column in MADE),
    *(ResultColumn(column, TONNES, f"demand at the stage that is {words}; blank: none")
      for column, words in zip(MET, ("met and clear", "met and exposed", "saved", "unmet"), strict=True)),
    ResultColumn("exposed_share", "share", "of the stage's output, with sales_count_in_stages = no less what "
                 "outlets take; for chain: exposed deliveries over demand"),
    ResultColumn("cap", "share", "tightest cap on it; blank: none"),
    *(ResultColumn(measure.key, measure.unit, f"{measure.description} (chain only)") for measure in MEASURES[1:]),
)  # fmt: skip


def find_tidy(content: Content) -> pd.DataFrame:
    """Make the table, in the order of the workbook; rows and cells in which nothing happens are left out."""
    whole = find_matrix(content).assign(stage=CHAIN)
    parts = [_made(content), _met(content), _exposure(content)]
    stages = [part.set_index(list(KEYS)) for part in parts if len(part)]
    chain = whole.drop(columns="exposed_share").set_index(list(KEYS))
    table = pd.concat([*stages, chain], axis=1) if stages else chain
    table = table.reindex(columns=[column.key for column in COLUMNS if column.key not in KEYS])
    amounts = [*MADE, *MET, "cost_usd_million", "outlay_usd_million", "cost_change_usd_million"]
    table[amounts] = table[amounts].astype(float).mask(table[amounts].abs() < demand_tables.LEAST_T)
    table = table.dropna(how="all").reset_index()
    places = {
        "scenario": [scenario.name for scenario in content.scenarios],
        "mineral": list(content.names["minerals"]),
        "stage": [*content.names["stages"], CHAIN],
    }
    order = [table[key].map({name: n for n, name in enumerate(names)}) for key, names in places.items()]
    return table.iloc[np.lexsort([table["year"], *reversed(order)])].reset_index(drop=True)


def _made(content: Content) -> pd.DataFrame:
    rows = content.rows("mix")
    if not len(rows):
        return rows
    wide = rows.pivot_table(index=list(KEYS), columns="pathway", values="t", aggfunc="sum")
    return wide.rename(columns="{}_t".format).reset_index()


def _met(content: Content) -> pd.DataFrame:
    return demand_tables.needs(content).groupby(list(KEYS), as_index=False)[list(MET)].sum()


def _exposure(content: Content) -> pd.DataFrame:
    rows = content.rows("exposure")
    if not len(rows):
        return rows
    rows = rows[rows["segment"] == ALL].rename(columns={"controlled_share": "exposed_share"})
    return rows[[*KEYS, "exposed_share", "cap"]]
