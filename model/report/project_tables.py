"""The tables about new capacity and output, and tables whose years stand across."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from model.report.content import Content


def timeline(content: Content) -> pd.DataFrame:
    """New capacity: decision, construction, online, and the support that carries it."""
    rows = content.rows("builds").copy()
    if not len(rows):
        return rows
    plants, materials = content.plants, content.materials
    rows["name"] = rows["facility"].map(lambda name: plants[name].name)
    rows["region"] = rows["facility"].map(lambda name: plants[name].region)
    rows["pathway"] = _pathways(content, rows)
    rows["material"] = rows["facility"].map(lambda name: plants[name].output)
    rows["mineral"] = rows["material"].map(lambda name: materials[name].mineral)
    rows["stage"] = rows["material"].map(lambda name: materials[name].stage)
    awards = content.rows("awards")
    keys = {"offer": "financed_by", "award_year": "decision_year"}
    if not len(awards):
        return rows.assign(form="", amount=math.nan, unit="")
    # Support that keeps existing capacity open builds nothing.
    awards = awards[awards["applies_to"] == "new"].rename(columns=keys)
    return rows.merge(awards[["scenario", "facility", *keys.values(), "form", "amount", "unit"]], how="left")


def _pathways(content: Content, builds: pd.DataFrame) -> list[str]:
    """The pathway of each project when it first makes something; where it never does, that of the workbook."""
    made = content.rows("production")
    if len(made):
        made = made.sort_values("year", kind="stable").drop_duplicates(["scenario", "facility"])
    first = {(row.scenario, row.facility): str(row.pathway) for row in made.itertuples()}
    return [
        first.get(key, content.plants[key[1]].pathway)
        for key in builds[["scenario", "facility"]].itertuples(index=False, name=None)
    ]


def output(content: Content) -> pd.DataFrame:
    """What every facility makes, years across."""
    keys = ["scenario", "facility", "mineral", "stage", "material", "region"]
    return years_across(content.rows("production"), keys, "t", content.years)


def years_across(rows: pd.DataFrame, keys: Sequence[str], value: str, years: Sequence[int]) -> pd.DataFrame:
    """A table with a row for each combination of keys and a column for each year; 0 where there is nothing."""
    if not len(rows):
        return pd.DataFrame(columns=[*keys, *map(str, years)])
    wide = rows.pivot_table(index=list(keys), columns="year", values=value, aggfunc="sum", sort=False)
    wide = wide.reindex(columns=list(years))
    wide.columns = pd.Index([str(year) for year in wide.columns])
    return wide.fillna(0.0).reset_index()


def exposure_across(content: Content) -> pd.DataFrame:
    """Exposure and caps, years across; blank where there is no number."""
    rows = content.rows("exposure")
    keys = ["scenario", "mineral", "stage", "segment"]
    if not len(rows):
        return pd.DataFrame(columns=[*keys, "measure", *map(str, content.years)])
    long = rows.melt([*keys, "year"], ["controlled_share", "located_share", "cap"], "measure", "value")
    wide = long.pivot_table(index=[*keys, "measure"], columns="year", values="value", aggfunc="first", sort=False)
    wide = wide.reindex(columns=list(content.years))
    wide.columns = pd.Index([str(year) for year in wide.columns])
    return wide.reset_index()
