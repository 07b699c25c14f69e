"""Two-stage stochastic programs over any linear programs: decisions futures share, and what each does later.

A future is a linear program with a probability. Its *common* columns are decided before it is known which future
comes; they are shared with the first future, by label. Nothing here knows minerals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.solver.highs import Session, Solution
from model.solver.program import Floats, Ints, Label, LinearProgram

Mask = NDArray[np.bool_]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Future:
    """One way the world may go.

    Attributes:
        name, probability: of the future.
        program: what it asks, in the units of the program.
        common: of each column, whether it is decided before it is known that this future comes.
    """

    name: str
    probability: float
    program: LinearProgram
    common: Mask


@dataclass(frozen=True)
class Hedged:
    """The decisions that are best for all futures together.

    Attributes:
        objective: expected cost, plus the weighted cost of the bad tail.
        points: of each future, the value of its columns.
        costs: cost in each future.
        statistics: size of the program and effort of the solver.
    """

    objective: float
    points: tuple[Floats, ...]
    costs: tuple[float, ...]
    statistics: dict[str, float | int | str]


def solve_hedged(futures: Sequence[Future], cvar_weight: float = 0.0, cvar_tail: float = 1.0) -> Hedged:
    """Minimise expected cost + `cvar_weight` x the mean cost of the worst `cvar_tail` of outcomes, as one program.

    The mean of the tail (conditional value at risk) is linear (Rockafellar and Uryasev 2000,
    doi 10.21314/JOR.2000.038): the least of `eta + sum_w probability[w] * max(0, cost[w] - eta) / tail` over `eta`.

    Raises:
        InfeasibleError, SolverLimitError: see model/errors.py.
    """
    program, places = state_hedged(futures, cvar_weight, cvar_tail)
    solution = Session(program).solve()
    points = tuple(np.where(place < 0, 0.0, solution.x[place]) for place in places)
    costs = tuple(cost_of(future.program, x) for future, x in zip(futures, points, strict=True))
    return Hedged(solution.objective, points, costs, solution.statistics)


def state_hedged(futures: Sequence[Future], cvar_weight: float, cvar_tail: float) -> tuple[LinearProgram, list[Places]]:
    """The program `solve_hedged` solves, and the place of each future's columns in it (-1: the column is 0)."""
    program, places = join(futures)
    if cvar_weight > 0:
        program = _add_tail(program, futures, places, cvar_weight, cvar_tail)
    return program, places


def places_in(trunk: LinearProgram, future: Future) -> Places:
    """The place of each of a future's common columns among those of the first future (-1: it is 0)."""
    place_of = {label: n for n, label in enumerate(trunk.columns)}
    shared = [place_of.get(label, -1) for label in future.program.columns]
    return np.where(future.common, np.array(shared, dtype=np.int64), -1)


def wait_and_see(future: Future) -> Solution:
    """Return the best that could be done if it were known that this future comes."""
    return Session(future.program).solve()


def keep_decisions(future: Future, decisions: Mapping[Label, float]) -> LinearProgram:
    """Return the program of a future in which the common columns are as decided (0 where nothing is said of one)."""
    decided = [decisions.get(label, 0.0) for label in future.program.columns]
    return hold(future.program, future.common, np.array(decided, dtype=np.float64))


def hold(program: LinearProgram, held: Mask, x: Floats) -> LinearProgram:
    """Return the program in which some columns have a given value.

    Rows in which nothing else is left are dropped: those decisions stand. A limit on later decisions that is used up,
    if only by rounding, admits nothing more, but does not make the program infeasible.
    """
    count = len(program.rows)
    row = row_numbers(program)
    is_held = held[program.index]
    taken = np.bincount(row, np.where(is_held, program.value * x[program.index], 0.0), count)
    free = np.bincount(row[~is_held], minlength=count) > 0
    # Which rows a later decision, none of which is negative, can bring up or down.
    may_be_negative = program.lower[program.index] < 0
    falls = np.bincount(row[~is_held & ((program.value < 0) | may_be_negative)], minlength=count) > 0
    rises = np.bincount(row[~is_held & ((program.value > 0) | may_be_negative)], minlength=count) > 0
    row_upper = np.where(falls, program.row_upper, np.maximum(program.row_upper, taken))
    row_lower = np.where(rises, program.row_lower, np.minimum(program.row_lower, taken))
    return replace(
        program,
        lower=np.where(held, x, program.lower),
        upper=np.where(held, x, program.upper),
        row_lower=np.where(free, row_lower, -np.inf),
        row_upper=np.where(free, row_upper, np.inf),
    )


def join(futures: Sequence[Future]) -> tuple[LinearProgram, list[Places]]:
    """One program of all futures, and the place of each future's columns in it (-1: the column is 0).

    The first future is there in full. Of the others come the columns that are not common, and the rows these are in:
    a row on common decisions alone is the first future's. A common column the first future does not have is 0.
    """
    trunk = futures[0].program
    places, parts = [np.arange(len(trunk.columns))], [trunk]
    size = len(trunk.columns)
    for future in futures[1:]:
        own = ~future.common
        place = np.where(own, size + np.cumsum(own) - 1, places_in(trunk, future))
        size += int(own.sum())
        places.append(place)
        parts.append(_own_part(future, place))
    cost = np.zeros(size)
    for future, place in zip(futures, places, strict=True):
        np.add.at(cost, place[place >= 0], future.probability * future.program.cost[place >= 0])
    return LinearProgram(
        columns=tuple(label for part in parts for label in part.columns),
        rows=tuple(label for part in parts for label in part.rows),
        cost=cost,
        offset=sum(future.probability * future.program.offset for future in futures),
        lower=np.concatenate([part.lower for part in parts]),
        upper=np.concatenate([part.upper for part in parts]),
        row_lower=np.concatenate([part.row_lower for part in parts]),
        row_upper=np.concatenate([part.row_upper for part in parts]),
        start=_starts(np.concatenate([np.diff(part.start) for part in parts])),
        index=np.concatenate([part.index for part in parts]),
        value=np.concatenate([part.value for part in parts]),
        units=trunk.units,
    ), places


def _own_part(future: Future, place: Places) -> LinearProgram:
    """Return the columns and rows a future adds; `index` already counts the columns of the joint program."""
    program, own = future.program, ~future.common
    row = row_numbers(program)
    kept = np.bincount(row[own[program.index]], minlength=len(program.rows)) > 0
    entry = kept[row] & (place[program.index] >= 0)
    lengths = np.bincount(row[entry], minlength=len(program.rows))[kept]
    return LinearProgram(
        columns=tuple((future.name, label) for label, mine in zip(program.columns, own, strict=True) if mine),  # type: ignore[misc]
        rows=tuple((future.name, label) for label, mine in zip(program.rows, kept, strict=True) if mine),  # type: ignore[misc]
        cost=program.cost[own],
        offset=0.0,
        lower=program.lower[own],
        upper=program.upper[own],
        row_lower=program.row_lower[kept],
        row_upper=program.row_upper[kept],
        start=_starts(lengths),
        index=place[program.index[entry]].astype(np.int32),
        value=program.value[entry],
    )


def _add_tail(
    program: LinearProgram, futures: Sequence[Future], places: Sequence[Places], weight: float, tail: float
) -> LinearProgram:
    """Return the program with the weighted mean cost of the bad tail in its objective.

    Columns: eta, the cost the tail begins at [USD million]; for each future, by how much it costs more.
    Rows: cost[w] - eta - excess[w] <= 0 [USD million].
    """
    eta, count = len(program.columns), len(futures)
    index, value = [program.index], [program.value]
    for n, (future, place) in enumerate(zip(futures, places, strict=True)):
        used = np.flatnonzero((future.program.cost != 0) & (place >= 0))
        index.append(np.concatenate([place[used], [eta, eta + 1 + n]]).astype(np.int32))
        value.append(np.concatenate([future.program.cost[used], [-1.0, -1.0]]))
    probability = np.array([future.probability for future in futures])
    names = [future.name for future in futures]
    return replace(
        program,
        columns=(*program.columns, ("tail_start", ()), *(("tail_excess", (name,)) for name in names)),
        rows=(*program.rows, *(("tail_excess_floor", (name,)) for name in names)),
        cost=np.concatenate([program.cost, [weight], weight / tail * probability]),
        lower=np.concatenate([program.lower, [-np.inf], np.zeros(count)]),
        upper=np.concatenate([program.upper, np.full(count + 1, np.inf)]),
        row_lower=np.concatenate([program.row_lower, np.full(count, -np.inf)]),
        row_upper=np.concatenate([program.row_upper, [-future.program.offset for future in futures]]),
        start=_starts(np.concatenate([np.diff(program.start), [len(part) for part in index[1:]]])),
        index=np.concatenate(index),
        value=np.concatenate(value),
    )


def tail_mean(costs: Sequence[float], probabilities: Sequence[float], tail: float) -> float:
    """Mean cost of the worst `tail` of outcomes (conditional value at risk).

    >>> tail_mean([10.0, 20.0, 30.0, 40.0], [0.25] * 4, 0.4)
    36.25
    """
    return float(np.dot(tail_weights(costs, probabilities, tail), costs))


def tail_weights(costs: Sequence[float], probabilities: Sequence[float], tail: float) -> list[float]:
    """Return what each outcome counts in the mean of the worst share of outcomes.

    >>> tail_weights([10.0, 20.0, 30.0, 40.0], [0.25] * 4, 0.5)
    [0.0, 0.0, 0.5, 0.5]
    """
    left, weights = tail, [0.0] * len(costs)
    for n in sorted(range(len(costs)), key=lambda n: (costs[n], probabilities[n]), reverse=True):
        weights[n] = min(left, probabilities[n])
        left -= weights[n]
    return [weight / (tail - left) for weight in weights]


def expected(costs: Sequence[float], futures: Sequence[Future]) -> float:
    """Expected cost."""
    return float(sum(future.probability * cost for future, cost in zip(futures, costs, strict=True)))


def cost_of(program: LinearProgram, x: Floats) -> float:
    """Cost of a point."""
    return float(program.cost @ x) + program.offset


def _starts(lengths: Places) -> Ints:
    """Return where rows of these lengths begin."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)


def row_numbers(program: LinearProgram) -> Places:
    """The row each entry of the matrix is in."""
    return np.repeat(np.arange(len(program.rows)), np.diff(program.start))
