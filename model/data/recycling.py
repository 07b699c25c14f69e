"""Scrap that can be collected. Solver units (kt, USD million).

Index letters: scrap material `i`, region `r`, demand row `d`, year `t`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from model.data.adjacency import KILO, Adjacency
from model.data.demand import Demand
from model.data.lookup import Lookup
from model.data.reach import Reach
from model.workbook.tables import Record


@dataclass
class Recycling:
    """Scrap that can be collected.

    Attributes:
        COLLECTS: (i, r, t).
        collectable: (i, r, t) -> rate x arisings, kt/yr.
        returning: (i, r, t) -> (d, year of delivery, rate x scrap per t of product).
        cost: (i, r, t) -> USD million per kt.
    """

    COLLECTS: list[tuple[str, str, int]] = field(default_factory=list)
    collectable: dict[tuple[str, str, int], float] = field(default_factory=dict)
    returning: Adjacency[tuple[str, int, float]] = field(default_factory=Adjacency)
    cost: dict[tuple[str, str, int], float] = field(default_factory=dict)


def time_in_use(returns: Record) -> int:
    """Years from delivery to return: what has a lifetime of 0 comes back in the next year."""
    return max(1, int(returns.number("lifetime_years")))


def find_recycling(lookup: Lookup, reach: Reach, demand: Demand) -> Recycling:
    """Scrap of use: what arises by itself, and what comes back from deliveries of earlier years."""
    paths: dict[tuple[str, str], dict[str, Record]] = {}
    for record in lookup.tables["scrap"]:
        paths.setdefault((record.text("material"), record.text("region")), {})[record.text("quantity")] = record
    returns: Adjacency[tuple[str, int, float]] = Adjacency()
    for back in lookup.tables["returns"]:
        for d, row in demand.rows.items():
            if row.material == back["product"]:
                returned = (d, time_in_use(back), back.number("t_per_t"))
                returns.join((back.text("scrap"), row.region), returned)
                paths.setdefault((back.text("scrap"), row.region), {})
    recycling = Recycling()
    for (i, r), path in sorted(paths.items()):
        for t in lookup.years if (i, r) in reach.useful else ():
            rate = path["collection_rate"].years[t] if "collection_rate" in path else 1.0
            arisings = path["arisings"].years[t] if "arisings" in path else 0.0
            cost = path["collection_usd_per_t"].years[t] if "collection_usd_per_t" in path else 0.0
            due = [
                (d, t - lifetime, rate * t_per_t) for d, lifetime, t_per_t in returns[i, r]
                if demand.provenances[d, t - lifetime] and rate * t_per_t > 0
            ]  # fmt: skip
            if rate * arisings > 0 or due:
                recycling.COLLECTS.append((i, r, t))
                recycling.collectable[i, r, t] = KILO * rate * arisings
                recycling.cost[i, r, t] = KILO * cost
                for item in due:
                    recycling.returning.join((i, r, t), item)
    return recycling
