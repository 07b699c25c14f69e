"""The tables of what moves: where each mineral is made, and how it passes from place to place and step to step."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from model.report.content import Content
from model.report.demand_tables import LEAST_T, tabulate_parts

SUBSTITUTION = "Substitution"
SHORTAGE = "Not met"
FROM_STOCK = "From stock"
INTO_STOCK = "Into stock"


def made(content: Content) -> pd.DataFrame:
    """What each region makes of each mineral at each stage, in tonnes of the mineral, by year and provenance."""
    keys = ["scenario", "mineral", "stage", "year", "region", "provenance"]
    rows = content.rows("production")
    if not len(rows):
        return pd.DataFrame(columns=[*keys, "t"])
    rows = rows[rows["role"] != "saved"].drop(columns=["mineral", "stage"]).merge(tabulate_parts(content))
    rows["t"] = rows["t"] * rows["content"]
    summed = rows.groupby(keys, as_index=False)[["t"]].sum()
    return summed[summed["t"] > LEAST_T].reset_index(drop=True)


def flows(content: Content) -> pd.DataFrame:
    """Tonnes of each mineral from place to place and from step to step, by year and provenance.

    A step is drawn in what comes out of it, so what a step loses is the difference between the two sides of a node.
    """
    parts = [*_steps(content), *_shipments(content), *_deliveries(content), *_stocks(content)]
    keys = ["scenario", "mineral", "year", "from_node", "to_node", "provenance"]
    if not parts:
        return pd.DataFrame(columns=[*keys, "t"])
    every = pd.concat(parts, ignore_index=True)
    summed = every.groupby(keys, as_index=False).agg(t=("t", "sum"))
    return summed[summed["t"] > LEAST_T].reset_index(drop=True)


_FLOW = ["scenario", "mineral", "year", "from_node", "to_node", "provenance", "t"]


def _steps(content: Content) -> Iterator[pd.DataFrame]:
    """From each input of a facility to what it makes, in tonnes of the mineral in the output."""
    made = content.rows("production")
    if not len(made):
        return
    held = tabulate_parts(content)
    used = pd.DataFrame(content.inputs, columns=["scenario", "facility", "input", "used"])
    fed = used.merge(held.rename(columns={"material": "input"}).drop(columns="stage"), on=["scenario", "input"])
    fed["part"] = fed["used"] * fed["content"]
    keys = ["scenario", "facility", "mineral"]
    # Where several inputs bring the same mineral, each is drawn with its part of it.
    fed["part"] /= fed.groupby(keys)["part"].transform("sum")
    rows = made[made["role"] != "saved"].drop(columns=["mineral", "stage"]).merge(held, on=["scenario", "material"])
    rows = rows.merge(fed[[*keys, "input", "part"]], on=keys)
    rows["t"] = rows["t"] * rows["content"] * rows["part"]
    rows["from_node"] = _node(content, rows["input"], rows["region"])
    rows["to_node"] = _node(content, rows["material"], rows["region"])
    yield rows[_FLOW]


def _shipments(content: Content) -> Iterator[pd.DataFrame]:
    rows = content.rows("trade")
    if len(rows):
        rows = rows.merge(tabulate_parts(content), on=["scenario", "material"])
        rows["t"] = rows["t"] * rows["content"]
        rows["from_node"] = _node(content, rows["material"], rows["from_region"])
        rows["to_node"] = _node(content, rows["material"], rows["to_region"])
        yield rows[_FLOW]


def _deliveries(content: Content) -> Iterator[pd.DataFrame]:
    """From a material to the segments that use it; what is saved or not met comes from nowhere."""
    rows = content.rows("deliveries")
    if not len(rows):
        return
    rows = rows.drop(columns="mineral").merge(tabulate_parts(content), on=["scenario", "material"])
    rows["to_node"] = "Demand: " + rows["segment"].astype(str)
    place = _node(content, rows["material"], rows["region"])
    for column, provenance, origin in (
        ("clear_t", "clear", place),
        ("exposed_t", "exposed", place),
        ("saved_t", "saved", SUBSTITUTION),
        ("unmet_t", "unmet", SHORTAGE),
    ):
        yield rows.assign(from_node=origin, provenance=provenance, t=rows[column] * rows["content"])[_FLOW]


def _stocks(content: Content) -> Iterator[pd.DataFrame]:
    rows = content.rows("stockpiles")
    if not len(rows):
        return
    rows = rows.merge(tabulate_parts(content), on=["scenario", "material"])
    place = _node(content, rows["material"], rows["region"])
    yield rows.assign(from_node=FROM_STOCK, to_node=place, t=rows["out_t"] * rows["content"])[_FLOW]
    yield rows.assign(from_node=place, to_node=INTO_STOCK, t=rows["in_t"] * rows["content"])[_FLOW]


def _node(content: Content, materials: pd.Series[str], regions: pd.Series[str]) -> pd.Series[str]:
    """A material in a region, by name."""
    names = {material: good.short for material, good in content.materials.items()}
    return materials.map(names).fillna(materials).astype(str) + " · " + regions.astype(str)
