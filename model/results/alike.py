"""Demand rows that nothing in the program distinguishes share deliveries, savings and shortage by their demand.

Where rows of one material and region have the same shortage cost and no exposure cap of their own, any way to split
their tonnes costs and counts the same, and the solver picks a corner: one segment all clear, another all exposed.
Sharing in proportion changes no row of the program and no number but those of the segments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from model.data import PlanningData
from model.data.lookup import PROVENANCES

Key = tuple[Any, ...]
Members = MutableMapping[Key, float]


def share_alike(data: PlanningData, values: Mapping[str, Members]) -> None:
    """Share the decisions of similar rows in proportion to their demand, in place.

    Args:
        data: what the model knows.
        values: component -> index -> decision, kt.
    """
    for rows, t in find_alike(data):
        parts = {d: data.demand.amount[d, t] for d in rows}
        first = rows[0]
        for f in data.demand.savers[first, t]:
            _share(values["save"], {(f, d, t): part for d, part in parts.items()})
        for o in data.demand.provenances[first, t]:
            _share(values["deliver"], {(d, o, t): part for d, part in parts.items()})
        _share(values["unmet"], {(d, t): part for d, part in parts.items()})


def find_alike(data: PlanningData) -> Iterator[tuple[list[str], int]]:
    """Return the groups of demand rows of a year that differ only in their size."""
    capped: dict[tuple[str, int], set[tuple[str, str]]] = defaultdict(set)
    for c, m, t in data.exposure.CHAIN_CAPS:
        for d, _ in data.exposure.capped[c, m, t]:
            capped[d, t].add((c, m))
    groups: dict[Key, list[str]] = defaultdict(list)
    for d, t in data.demand.DEMANDS:
        row = data.demand.rows[d]
        served = tuple(o for o in PROVENANCES if o in data.demand.provenances[d, t])
        savers = tuple(data.demand.savers[d, t])
        cost, caps = data.demand.shortage_cost[d], frozenset(capped[d, t])
        groups[row.material, row.region, t, cost, caps, served, savers].append(d)
    for key, rows in groups.items():
        if len(rows) > 1:
            yield rows, key[2]


def _share(members: Members, parts: Mapping[Key, float]) -> None:
    """Share the sum of some decisions in proportion."""
    total, whole = sum(members[key] for key in parts), sum(parts.values())
    for key, part in parts.items():
        members[key] = total * part / whole
