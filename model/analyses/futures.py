"""Two-stage stochastic programs over any linear programs: decisions futures share, and what each does later.

A future is a linear program with a probability. Its *common* columns are decided before it is known which future
comes; they are shared with the first future, by label. Nothing here knows minerals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from model.analyses.joint_program import Future, Mask, row_numbers, state_hedged
from model.results.stand_ins import Ties
from model.results.ties import Groups, find_ties_within
from model.solver.highs import Session, Solution, bounds_of
from model.solver.program import Floats, Label, LinearProgram


@dataclass(frozen=True)
class Hedged:
    """The decisions that are best for all futures together.

    Attributes:
        objective: expected cost, plus the weighted cost of the bad tail.
        points: of each future, the value of its columns.
        costs: cost in each future.
        statistics: size of the program and effort of the solver.
        ties: group of columns of the first future -> groups that can stand in for it at the same objective.
    """

    objective: float
    points: tuple[Floats, ...]
    costs: tuple[float, ...]
    statistics: dict[str, float | int | str]
    ties: Ties = field(default_factory=dict)


def solve_hedged(
    futures: Sequence[Future], cvar_weight: float = 0.0, cvar_tail: float = 1.0, groups: Groups | None = None
) -> Hedged:
    """Minimise expected cost + `cvar_weight` x the mean cost of the worst `cvar_tail` of outcomes, as one program.

    The mean of the tail (conditional value at risk) is linear (Rockafellar and Uryasev 2000,
    doi 10.21314/JOR.2000.038): the least of `eta + sum_w probability[w] * max(0, cost[w] - eta) / tail` over `eta`.

    Args:
        futures: the first is there in full.
        cvar_weight: weight of the bad tail.
        cvar_tail: share of outcomes that is the bad tail.
        groups: name -> columns of the first future; it is found which of them can stand in for one another.

    Raises:
        InfeasibleError, SolverLimitError: see model/errors.py.
    """
    program, places = state_hedged(futures, cvar_weight, cvar_tail)
    session = Session(program)
    solution = session.solve()
    face = bounds_of(program).at_optimum(solution)
    ties = find_ties_within(session, face, solution.x, groups) if groups else {}
    points = tuple(np.where(place < 0, 0.0, solution.x[place]) for place in places)
    costs = tuple(cost_of(future.program, x) for future, x in zip(futures, points, strict=True))
    return Hedged(solution.objective, points, costs, solution.statistics, ties)


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


def expected(costs: Sequence[float], futures: Sequence[Future]) -> float:
    """Expected cost."""
    return float(sum(future.probability * cost for future, cost in zip(futures, costs, strict=True)))


def cost_of(program: LinearProgram, x: Floats) -> float:
    """Cost of a point."""
    return float(program.cost @ x) + program.offset
