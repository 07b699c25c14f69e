"""A program solved beyond its optimum: a second objective among the optimal points, and whole multiples of units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import InfeasibleError, SolverLimitError
from model.solver.highs import Session, Solution, WholeSolution, bounds_of
from model.solver.program import Floats, LinearProgram, scale_columns
from model.solver.start import Start

COST_TOLERANCE = 1e-6
"""A point whose cost differs by less than this share is as good as the best."""

WHOLE_TOLERANCE = 1e-6
"""HiGHS' own integrality tolerance: a number this close to a whole one is whole."""

NEAR_EFFORT = 0.25
"""Share of the gap that the search near the linear optimum aims at: it is short, so it can be thorough."""


@dataclass(frozen=True)
class Solved:
    """A program solved in order: its optimum, and the point that a second objective chooses among the optimal ones.

    Attributes:
        program, session: what was solved, and where; `return_to` takes the session back to the optimum.
        first: the optimum, whose duals are the shadow prices.
        basis: at the optimum.
        second: the point, and the duals of the second objective; the optimum itself where there is no better point.
    """

    program: LinearProgram
    session: Session
    first: Solution
    basis: Any
    second: Solution

    @property
    def x(self) -> Floats:
        """Value of each column at the point."""
        return self.second.x

    @property
    def start(self) -> Start:
        """What a solve of nearly the same program can start from."""
        return self.session.find_start(self.basis)


def solve_in_order(
    program: LinearProgram, second_cost: Floats, solver_log: Path | None = None, time_limit: float = np.inf
) -> Solved:
    """Solve a program, then, among its optimal points, minimise a second objective.

    Raises:
        InfeasibleError, SolverLimitError: see model/errors.py.
    """
    session = Session(program, solver_log, time_limit=time_limit)
    first = session.solve()
    session.lift_time_limit()  # It is the plan's: what is asked of the plan afterwards takes moments.
    basis = session.keep_basis()
    return Solved(program, session, first, basis, solve_second(session, program, first, second_cost))


def solve_in_units(
    program: LinearProgram,
    unit: Floats,
    gap: float,
    linear: Solution,
    solver_log: Path | None = None,
    time_limit: float = np.inf,
) -> tuple[LinearProgram, WholeSolution]:
    """Solve a program in which some columns are whole multiples of a unit.

    The linear optimum is the first bound, and most often a point near it is good enough: only what the linear optimum
    uses is looked at first (relaxation enforced neighbourhood search, Berthold 2014, doi 10.1016/j.orl.2013.10.007),
    and everything else only where that is not within the gap.

    Args:
        program: the linear program.
        unit: unit of each column; 0 where it is divisible.
        gap: how far the cost may be above the bound, as a share of the cost.
        linear: the optimum of the linear program.
        solver_log: the file the solver writes its log to.
        time_limit: seconds each of the two searches may take.

    Returns:
        The program in which these columns are held at the multiples found, and how they were found.

    Raises:
        InfeasibleError, SolverLimitError: see model/errors.py.
    """
    whole = unit > 0
    size = np.where(whole, unit, 1.0)
    counted = scale_columns(program, size)
    start = linear.x / size
    unused = whole & (start < WHOLE_TOLERANCE)
    start = np.where(whole, np.floor(start + WHOLE_TOLERANCE), start)
    near = hold_columns(counted, unused, np.zeros_like(size))
    found = _search(Session(near, solver_log, whole, time_limit), NEAR_EFFORT * gap, start)
    if found is None or found.objective - linear.objective > gap * abs(found.objective):
        session = Session(counted, solver_log, whole, time_limit)
        found = session.solve_whole(gap, start if found is None else found.x)
    else:
        found = replace(found, bound=linear.objective)
    x = np.where(whole, np.round(found.x), found.x) * size
    return hold_columns(program, whole, x), found


def _search(session: Session, gap: float, start: Floats) -> WholeSolution | None:
    """Return a point of whole columns; None where there is none."""
    try:
        return session.solve_whole(gap, start)
    except InfeasibleError:
        return None


def hold_columns(program: LinearProgram, held: NDArray[np.bool_], x: Floats) -> LinearProgram:
    """Return the program in which some columns have a given value."""
    return replace(program, lower=np.where(held, x, program.lower), upper=np.where(held, x, program.upper))


def solve_second(session: Session, program: LinearProgram, first: Solution, second_cost: Floats) -> Solution:
    """Return the point at which a second objective is least, among those as good as a solution, and the duals there.

    The solve starts from the basis of the first. Where it fails or would move the cost, the solution itself is as good
    an answer as any.

    Args:
        session: has just found the solution; its bounds and costs are changed.
        program: what it has solved.
        first: the solution.
        second_cost: the second objective.
    """
    session.change_all_bounds(bounds_of(program).at_optimum(first))
    session.change_costs(second_cost)
    try:
        second = session.solve(primal=True)
    except (InfeasibleError, SolverLimitError):
        return first
    drift = abs(float(program.cost @ second.x) + program.offset - first.objective)
    return second if drift <= COST_TOLERANCE * max(session.money, abs(first.objective)) else first
