"""Draws and what drives them: Latin hypercubes and rank correlations. Nothing here knows minerals."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from model.solver.program import Floats

ROUNDING = 1e-18
"""Relative square of a residual that is the rounding of the fit."""

DOUBT = 0.05
"""How often the strongest of correlations that mean nothing may pass for one that means something."""

MINIMUM = 2
"""Draws without which nothing correlates."""

STRONGEST = 10
"""Inputs of which a partial correlation is found: with more, chance would explain too much."""


def draw_hypercube(names: Sequence[str], count: int, seed: int) -> Floats:
    """A Latin hypercube: of each input one draw in each of `count` equal parts of 0 to 1, in an order of its own.

    An input's draws depend on its name and the seed alone, so that another input more changes none of them
    (McKay, Beckman and Conover 1979, doi 10.2307/1268522).

    Returns:
        Draws as rows, inputs as columns.
    """
    drawn = np.empty((count, len(names)))
    for n, name in enumerate(names):
        chance = np.random.default_rng([seed, zlib.crc32(name.encode("utf-8"))])
        drawn[:, n] = (chance.permutation(count) + chance.random(count)) / count
    return drawn


def rank(values: Floats) -> Floats:
    """Ranks of values, equals at the mean of theirs.

    >>> rank(np.array([3.0, 1.0, 3.0, 2.0])).tolist()
    [2.5, 0.0, 2.5, 1.0]
    """
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray(last - (counts + 1) / 2, dtype=np.float64)[place]


def rank_correlations(inputs: Floats, measure: Floats) -> Floats:
    """Rank correlation of a measure with each input (a column of `inputs`); 0 where one of the two does not vary."""
    ranks = np.column_stack([rank(column) for column in inputs.T]) if inputs.size else inputs
    return np.array([_correlation(column, rank(measure)) for column in ranks.T])


def highest_by_chance(draws: int, inputs: int) -> float:
    """Return what the strongest of the rank correlations with inputs that mean nothing stays below in 19 of 20 cases.

    Without any relation a rank correlation has the standard deviation `1 / sqrt(draws - 1)` and is about normal; with
    many inputs the strongest looks like a cause (the correction of Bonferroni).

    With few draws it is above 1: any correlation may be chance.

    >>> round(highest_by_chance(100, 1), 2), round(highest_by_chance(100, 119), 2), highest_by_chance(6, 119) > 1
    (0.2, 0.35, True)
    """
    if draws < MINIMUM or not inputs:
        return math.inf
    return NormalDist().inv_cdf(1 - DOUBT / (2 * inputs)) / math.sqrt(draws - 1)


def partial_correlations(inputs: Floats, measure: Floats, correlations: Floats) -> dict[int, float]:
    """Rank correlation of a measure with each of its strongest inputs, the others of these held.

    What the others explain by a straight line through the ranks is taken off both sides.

    Returns:
        Place of the input -> its partial correlation.
    """
    order = [int(n) for n in np.argsort(-np.abs(correlations), kind="stable") if correlations[n] != 0][:STRONGEST]
    if len(measure) < len(order) + 2:
        return {}
    ranks, target = np.column_stack([rank(inputs[:, n]) for n in order]) if order else np.empty(0), rank(measure)
    found = {}
    for place, n in enumerate(order):
        others = np.column_stack([np.ones(len(measure)), np.delete(ranks, place, axis=1)])
        found[n] = _correlation(_residual(others, ranks[:, place]), _residual(others, target))
    return found


def _residual(others: Floats, values: Floats) -> Floats:
    """Return what is left of values after a least-squares fit by others; nothing where only rounding is left."""
    solution, *_ = np.linalg.lstsq(others, values, rcond=None)
    left = np.asarray(values - others @ solution, dtype=np.float64)
    return left if float(left @ left) > ROUNDING * float(values @ values) else np.zeros_like(left)


def _correlation(first: Floats, second: Floats) -> float:
    one, other = first - first.mean(), second - second.mean()
    size = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / size if size > 1e-12 * (1 + float(np.abs(first).max() * np.abs(second).max())) else 0.0
