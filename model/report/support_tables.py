"""The tables about public support: what it moves each year, against its budgets, and what projects would need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from model.report.content import Content


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
