"""Which facilities matter most: those the least-cost plan builds, then those it came nearest to building."""

from __future__ import annotations

from collections import Counter

from model.analyses import linear_measures
from model.results.columns import TONNES
from model.results.plan import NOISE, Stated
from model.solver.highs import Solution
from model.solver.program import Floats, by_component


def find_relevant(stated: Stated, first: Solution, x: Floats, count: int) -> list[str]:
    """The facilities with the largest builds, by worth at shortage cost; the rest of `count` are the nearest others.

    The minerals take turns, each with its largest build first: by worth alone, a mineral used by the million tonnes
    would leave no place to those that are scarce. A facility that is not built is the nearer, the less its build would
    have to become cheaper, in shares of its cost.
    """
    lookup = stated.data.lookup
    built = {f: capacity.value(x) for f, capacity in linear_measures.built_capacity(stated).items()}
    worth = {f: amount * lookup.shortage_cost[lookup.facilities[f].output] for f, amount in built.items()}
    turns: Counter[str] = Counter()
    place: dict[str, tuple[int, float]] = {}
    for f in sorted((f for f in built if built[f] > TONNES * NOISE), key=lambda f: (-worth[f], f)):
        mineral = lookup.facilities[f].mineral
        place[f] = (turns[mineral], -worth[f])
        turns[mineral] += 1
    distance = find_distances(stated, first)
    others = sorted((f for f in built if f not in place), key=lambda f: (distance[f], f))
    return (sorted(place, key=lambda f: (place[f], f)) + others)[:count]


def find_rents(stated: Stated, first: Solution, x: Floats) -> dict[str, float]:
    """Facility -> the value of its new capacity in its first year online: an estimate for a year before that."""
    duals = by_component(stated.program.rows, first.row_dual).get("capacity_limit", {})
    columns, sets = by_component(stated.program.columns, x), stated.data.capacity
    rents: dict[str, float] = {}
    for f, t in sets.ACTIVE:
        online = sum(columns["build"].get((f, v, k), 0.0) for v, k in sets.online[f, t])
        if f not in rents and online > NOISE:
            rents[f] = -duals.get((f, t), 0.0) * sets.utilisation[f, t] * online
    return rents


def find_distances(stated: Stated, first: Solution) -> dict[str, float]:
    """Facility -> the least share by which the cost of a build would have to fall for it to pay."""
    found: dict[str, float] = {}
    for (name, key), cost, reduced in zip(
        stated.program.columns, stated.program.cost.tolist(), first.reduced_cost.tolist(), strict=True
    ):
        if name == "build":
            share = max(0.0, reduced) / cost if cost > 0 else 0.0
            found[str(key[0])] = min(share, found.get(str(key[0]), share))
    return found
