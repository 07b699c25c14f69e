"""Stocks, contracts and plants that a plan has before a shock, and how much more they supply during it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from model.analyses.shocked import ShockedWorld
from model.data.financing import MERCHANT
from model.data.lookup import PROVENANCES
from model.results.plan import Plan
from model.solver.program import Floats, Label
from model.workbook.schema import CAPITAL_FORMS


@dataclass
class Asset:
    """Something a plan has when a shock comes.

    Attributes:
        kind, name: stock, contract or facility, and which.
        columns: columns that are 0 without it.
        rows: rows whose right-hand side is 0 without it.
    """

    kind: str
    name: str
    columns: set[Label] = field(default_factory=set)
    rows: set[Label] = field(default_factory=set)


def find_stocks(world: ShockedWorld, x: Floats) -> Iterator[Asset]:
    """Yield the stocks held at the end of the year before the shock is known."""
    known = world.shock.known_from
    found: dict[str, Asset] = {}
    for n, label in enumerate(world.program.columns):
        name, key = label
        if name == "stock" and key[3] == known - 1 and x[n] > 0:
            place = f"{key[0]}/{key[1]}"
            found.setdefault(place, Asset("stock", place)).columns.add(label)
    # Where the shock is known from the start, the stock is what the first balance opens with.
    for key, amount in world.data.stockpile.opening.items():
        if key[3] == known and amount > 0:
            place = f"{key[0]}/{key[1]}"
            found.setdefault(place, Asset("stock", place)).rows.update({
                ("stock_balance", key), ("carried_stock_limit", key),
            })  # fmt: skip
    yield from found.values()


def find_plants(world: ShockedWorld, x: Floats) -> Iterator[Asset]:
    """Contracts signed, and capacity built or there without one, outside regions of concern."""
    known, facilities = world.shock.known_from, world.data.lookup.facilities
    found: dict[tuple[str, str], Asset] = {}
    for n, label in enumerate(world.program.columns):
        name, key = label
        if name not in ("build", "rescue", "retain") or x[n] <= 0:
            continue
        f, year = str(key[0]), int(key[1])
        if facilities[f].region.at("standing", known) == "concern" or (year < known) == (name == "retain"):
            continue
        kind, owner = _kind_of(world, name, key)
        found.setdefault((kind, owner), Asset(kind, owner)).columns.add(label)
    for label in world.program.columns:  # Closed is closed, also in years in which it would only have been needed then.
        name, key = label
        if name == "retain" and int(key[1]) >= known and _kind_of(world, name, key) in found:
            found[_kind_of(world, name, key)].columns.add(label)
    yield from found.values()


def _kind_of(world: ShockedWorld, name: str, key: tuple[Any, ...]) -> tuple[str, str]:
    """Return the kind and name of the asset that capacity belongs to: of a contract, facility and offer or contract."""
    f, in_force = str(key[0]), world.data.in_force
    if name == "retain" and (f, world.shock.known_from) in in_force.KEPT:
        return "contract", f"{f}/{in_force.keepers[f, world.shock.known_from][0]}"
    award = world.data.contracts.new.get(key) if name == "build" else None
    # A grant or a loan is spent: what it leaves is a plant like any other.
    if name == "retain" or key[2] == MERCHANT or (award and award.form in CAPITAL_FORMS):
        return "facility", f
    return "contract", f"{f}/{key[2]}"


def total_output(world: ShockedWorld, x: Floats) -> dict[str, float]:
    """Return what facilities make or save, and stocks release, from the year on in which the shock is known."""
    found: dict[str, float] = defaultdict(float)
    for n in np.flatnonzero(x):
        name, key = world.program.columns[n]
        if name in ("make", "save", "stock_out") and int(key[-1]) >= world.shock.known_from:
            found[f"{key[0]}/{key[1]}" if name == "stock_out" else str(key[0])] += float(x[n])
    return found


def more_output(world: ShockedWorld, asset: Asset, output: Mapping[str, float], plan: Plan) -> float:
    """Return how much more a plant makes, or a stock releases, than without the shock, in terms of shortage cost."""
    years = [t for t in world.data.years if t >= world.shock.known_from]
    lookup = world.data.lookup
    if asset.kind == "stock":
        i, _, r = asset.name.partition("/")
        usual = sum(plan.value("stock_out", i, r, o, t) for o in PROVENANCES for t in years)
        return lookup.shortage_cost[i] * (output.get(asset.name, 0.0) - usual)
    f = asset.name.partition("/")[0]
    usual = sum(plan.value("activity", f, t) for t in years)
    return lookup.shortage_cost[lookup.facilities[f].output] * (output.get(f, 0.0) - usual)
