"""The tables behind the figures that are not results tables themselves: one function a table, from `Content`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from model.report.content import Content
from model.report.workbook_facts import Part
from model.workbook.formatting import shown

LEAST_T = 1e-6
"""A flow below a gram a year is not drawn."""


def comparison(content: Content) -> pd.DataFrame:
    """A row a scenario: exposure and shortage, cost by kind, public money, projects, pathway shares."""
    rows = []
    for scenario in content.scenarios:
        builds, awards = content.of("builds", scenario.name), content.of("awards", scenario.name)
        row: dict[str, object] = {"scenario": scenario.name, "title": scenario.title, "status": scenario.status}
        row |= {column: content.total(scenario.name, measure) for column, measure in COMPARED.items()}
        for kind, measure in (("exposed", "exposed_share"), ("short", "unmet_share")):
            shares = content.shares(scenario.name, measure)
            worst = next(iter(shares), "")
            row[f"most_{kind}"] = content.name("minerals", worst) if worst else ""
            row[f"most_{kind}_share"] = shares.get(worst, 0.0) if scenario.is_solved else math.nan
        row |= {
            "projects": builds["facility"].nunique() if len(builds) else 0,
            "capex_usd_million": builds["capex_usd_million"].sum() if len(builds) else 0.0,
            "awards": int((awards["applies_to"] != "in force").sum()) if len(awards) else 0,
        }
        rows.append(row)
    table = pd.DataFrame(rows)
    # A scenario without a plan built nothing and cost nothing: both would mislead.
    table.loc[table["status"] != "optimal", ["projects", "capex_usd_million", "awards"]] = pd.NA
    return table


COMPARED = {
    "exposure_index": "exposure_index",
    "supply_cost_usd_million": "supply_cost",
    "penalty_cost_usd_million": "penalty_cost",
    "public_cost_usd_million": "public_cost",
    "cost_usd_million": "objective",
    "support_paid_usd_million": "support_paid",
    "support_back_usd_million": "support_back",
    "support_tail_usd_million": "support_tail",
    "support_net_present_usd_million": "support_net_present",
    "support_net_present_stress_usd_million": "support_net_present_stress",
    "share_onshore": "share_onshore",
    "share_friendshore": "share_friendshore",
    "share_recycled": "share_recycled",
    "share_substituted": "share_substituted",
    "share_china": "share_china",
    "share_other": "share_other",
}
"""Column of the comparison -> measure of the summary."""


def mineral_shares(content: Content) -> pd.DataFrame:
    """Exposed and unmet shares of the demand for each mineral and its import reliance, the most exposed first."""
    rows = []
    for scenario in content.solved:
        exposed, unmet = (content.shares(scenario.name, measure) for measure in ("exposed_share", "unmet_share"))
        every = dict.fromkeys([*exposed, *unmet, *(m for m in content.names["minerals"])])
        rows += [
            (
                scenario.name,
                mineral,
                exposed.get(mineral, 0.0),
                unmet.get(mineral, 0.0),
                content.total(scenario.name, f"import_reliance_{mineral}"),
            )
            for mineral in every
            if not math.isnan(content.total(scenario.name, f"exposed_share_{mineral}"))
        ]
    return pd.DataFrame(rows, columns=["scenario", "mineral", "exposed_share", "unmet_share", "import_reliance"])


def cost_terms(content: Content) -> pd.DataFrame:
    """Discounted cost by scenario and term."""
    rows = [(scenario, *cost) for scenario, terms in content.costs.items() for cost in terms.items()]
    return pd.DataFrame(rows, columns=["scenario", "term", "usd_million"])


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


def award_years(content: Content) -> pd.DataFrame:
    """What support moves in every year, with all that is paid or lent in both views."""
    rows = content.rows("award_years").copy()
    if len(rows):
        rows["outlay_usd_million"] = rows["paid_usd_million"] + rows["lent_usd_million"]
        rows["stress_usd_million"] = rows["stress_paid_usd_million"] + rows["stress_lent_usd_million"]
    return rows


def budget_years(content: Content) -> pd.DataFrame:
    """What the support of a pot takes in each view and year, beside the budget of the pot."""
    keys = ["scenario", "pot", "view", "year"]
    budgets = pd.DataFrame(content.budgets, columns=[*keys[:3], "materials", "offers", "year", "budget"])
    if not len(budgets):
        return pd.DataFrame(columns=[*keys, "outlay_usd_million", "budget_usd_million"])
    paid = award_years(content)
    if len(paid):
        later = sorted(set(paid["year"]) - set(content.years))
        budgets = pd.concat([budgets, *_held_flat(budgets, later)], ignore_index=True)
    taken = _taken(content, budgets, paid)
    rows = budgets[[*keys, "budget"]].merge(taken, on=["scenario", "pot", "view", "year"], how="left")
    rows["outlay_usd_million"] = rows["outlay_usd_million"].fillna(0.0)
    rows = rows.rename(columns={"budget": "budget_usd_million"})
    return rows[[*keys, "outlay_usd_million", "budget_usd_million"]].sort_values(keys, ignore_index=True)


def _taken(content: Content, budgets: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    """What awards, and contracts in force, take from each pot in each view and year."""
    keys = ["scenario", "pot", "view", "year"]
    if not len(paid):
        return pd.DataFrame(columns=[*keys, "outlay_usd_million"])
    pots = budgets[["scenario", "pot", "view"]].drop_duplicates()
    named = budgets[[*keys[:3], "materials", "offers"]].drop_duplicates(keys[:3])
    named = named.explode("materials").explode("offers").rename(columns={"materials": "material", "offers": "offer"})
    is_signed = paid["applies_to"] == "in force"
    new, old = paid[~is_signed].copy(), paid[is_signed].copy()
    new["material"] = new["facility"].map({name: plant.output for name, plant in content.plants.items()})
    old["pot"] = [content.pots_in_force.get(key, "") for key in zip(old["scenario"], old["offer"], strict=True)]
    every = pd.concat([new.merge(named, on=["scenario", "material", "offer"]), old.merge(pots, on=["scenario", "pot"])])
    is_expected = every["view"] == "expected"
    every["outlay_usd_million"] = every["outlay_usd_million"].where(is_expected, every["stress_usd_million"])
    return every.groupby(keys, as_index=False)[["outlay_usd_million"]].sum()


def _held_flat(budgets: pd.DataFrame, later: Iterable[int]) -> Iterator[pd.DataFrame]:
    """Budgets bind after the last year as in it."""
    last = budgets[budgets["year"] == budgets.groupby("scenario")["year"].transform("max")]
    for year in later:
        yield last.assign(year=year)


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


def changed_cells(content: Content) -> pd.DataFrame:
    """What every scenario changed in the workbook: one row a cell, or a row of years where years changed.

    What a scenario changes as the base does is listed with the base only.
    """
    rows = content.rows("changes")
    columns = ["scenario", "sheet", "record", "column", "years", "old", "new"]
    if not len(rows):
        return pd.DataFrame(columns=columns)
    keys = ["scenario", "sheet", "record", "column"]
    found = rows.assign(column=rows["column"].fillna("")).groupby(keys, sort=False, dropna=False)
    return pd.DataFrame([(*key, *_describe_change(group)) for key, group in found], columns=columns)


def _describe_change(group: pd.DataFrame) -> tuple[str, str, str]:
    """Years, old and new value: the first and the last where they differ from year to year."""
    years = [int(year) for year in group["year"].dropna()]
    span = "" if not years else str(years[0]) if len(years) == 1 else f"{min(years)}-{max(years)}"
    return span, _first_and_last(group["old"]), _first_and_last(group["new"])


def _first_and_last(values: pd.Series[Any]) -> str:
    texts = ["" if value is pd.NA else shown(value) for value in values.tolist()]
    return texts[0] if len(set(texts)) == 1 else f"{texts[0]} ... {texts[-1]}"


def payments(content: Content) -> pd.DataFrame:
    """What the support of each facility takes and gives back in each year, in the expected and in the stress view."""
    keys = ["scenario", "facility", "year"]
    amounts = ["outlay_usd_million", "back_usd_million", "stress_usd_million"]
    rows = award_years(content)
    if not len(rows):
        return pd.DataFrame(columns=[*keys, *amounts])
    return rows.groupby(keys, as_index=False, sort=False)[amounts].sum()


def support_needs(content: Content) -> pd.DataFrame:
    """What every candidate would need under every offer, in the first year in which it could decide."""
    rows = content.rows("break_even")
    if not len(rows):
        return rows
    keys = ["scenario", "facility", "offer", "applies_to"]
    rows = rows[rows["offer"] != ""].sort_values("decision_year", kind="stable").drop_duplicates(keys).sort_index()
    output = {name: plant.output for name, plant in content.plants.items()}
    minerals = [content.materials[output[name]].mineral for name in rows["facility"]]
    return rows.assign(mineral=minerals)


SIDE_BY_SIDE = ("amount", "net_present_usd_per_tpa", "stress_net_present_usd_per_tpa")


def support_side_by_side(content: Content) -> pd.DataFrame:
    """A row a candidate: the least amount it needs under each form, and what that costs the treasury in both views."""
    rows = support_needs(content)
    keys = ["scenario", "facility", "mineral", "applies_to", "decision_year"]
    if not len(rows):
        return pd.DataFrame(columns=keys)
    rows = rows.sort_values(["form", "net_present_usd_per_tpa"], kind="stable").drop_duplicates([*keys, "form"])
    wide = rows.pivot_table(index=keys, columns="form", values=list(SIDE_BY_SIDE), aggfunc="first", sort=False)
    wide.columns = [f"{labels[1]}_{labels[0]}" for labels in wide.columns.to_flat_index()]
    return wide.reset_index()


def most_influential(content: Content, most: int) -> pd.DataFrame:
    """The numbers of each scenario whose influence is largest."""
    rows = content.rows("influence")
    return rows[rows["rank"] <= most].reset_index(drop=True) if len(rows) else rows
