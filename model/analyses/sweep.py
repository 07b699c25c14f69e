"""A linear program that is solved again and again, and linear measures of it. Nothing here knows minerals.

It is loaded once; what follows changes vectors and starts from the last basis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.results.stand_ins import Ties
from model.results.ties import Groups, find_ties_within
from model.solver.highs import Bounds, Session, Solution, bounds_of
from model.solver.program import Floats, Label, LinearProgram
from model.solver.start import Start

Statistics = dict[str, float | int | str]


def add_row(
    program: LinearProgram, label: Label, coefficients: Floats, lower: float = -np.inf, upper: float = np.inf
) -> LinearProgram:
    """Return the program with one more row, `lower <= coefficients @ x <= upper`."""
    index = np.flatnonzero(coefficients).astype(np.int32)
    return replace(
        program,
        rows=(*program.rows, label),
        row_lower=np.append(program.row_lower, lower),
        row_upper=np.append(program.row_upper, upper),
        start=np.append(program.start, np.int32(program.start[-1] + len(index))),
        index=np.concatenate([program.index, index]),
        value=np.concatenate([program.value, coefficients[index]]),
    )


@dataclass(frozen=True)
class Criterion:
    """A linear measure of a program, `coefficients @ x + constant`."""

    coefficients: Floats
    constant: float = 0.0

    def value(self, x: Floats) -> float:
        """Return the measure at a point."""
        return float(self.coefficients @ x) + self.constant


def objective_of(program: LinearProgram) -> Criterion:
    """Return a program's own objective."""
    return Criterion(program.cost, program.offset)


class Sweep:
    """A program that is solved repeatedly with other costs and bounds, each time from the last basis."""

    def __init__(self, program: LinearProgram) -> None:
        self.bounds = bounds_of(program)
        self._session = Session(program)
        self._cost: Floats | None = program.cost
        self._is_primal = False

    def set_bounds(self, bounds: Bounds) -> None:
        """Replace all bounds."""
        self.bounds = bounds
        self._session.change_all_bounds(bounds)
        self._is_primal = False

    def narrow_to(self, solution: Solution) -> None:
        """Restrict the program to points that are as good as the last solution, which stays feasible."""
        is_primal = self._is_primal
        self.set_bounds(self.bounds.at_optimum(solution))
        self._is_primal = is_primal

    def find_ties(self, groups: Groups, solution: Solution) -> Ties:
        """Return which groups of columns can stand in for one another in points as good as the last solution."""
        bounds, basis = self.bounds, self._session.keep_basis()
        ties = find_ties_within(self._session, bounds.at_optimum(solution), solution.x, groups)
        self._session.change_all_bounds(bounds)
        self._session.start_from(basis)
        self._cost = None
        return ties

    def keep_basis(self) -> Any:
        """Return the present basis, so that a later solve can start from it."""
        return self._session.keep_basis()

    def start_from(self, basis: Any) -> None:
        """Let the next solve start from a basis that was kept, whose point the present bounds allow."""
        self._session.start_from(basis)
        self._is_primal = True

    def start_near(self, start: Start) -> None:
        """Let the next solve start where one of nearly the same program has ended."""
        self._session.start_near(start)
        self._is_primal = False

    def return_to(self, basis: Any) -> None:
        """Let the next solve start from a basis that was kept, whose point the present bounds may exclude."""
        self._session.start_from(basis)
        self._is_primal = False

    def start_afresh(self) -> None:
        """Let the next solve start without a basis, which is faster where the optimum is far away."""
        self._session.start_afresh()
        self._is_primal = False

    def minimise(self, cost: Floats) -> Solution:
        """Minimise `cost @ x`.

        Raises:
            InfeasibleError, SolverLimitError: see model/errors.py.
        """
        if cost is not self._cost:
            self._session.change_costs(cost)
            self._cost = cost
        # The last point is still one of the program where only costs have changed: the primal simplex goes on from it.
        solution = self._session.solve(primal=self._is_primal)
        self._is_primal = True
        return solution


def add_up(solutions: Sequence[Solution]) -> Statistics:
    """Size of the program, and effort and accuracy of several solves of it."""
    each = [solution.statistics for solution in solutions]
    return {
        **each[-1],
        "solves": len(each),
        "iterations": sum(int(one["iterations"]) for one in each),
        "seconds": sum(float(one["seconds"]) for one in each),
        **{
            key: max(float(one[key]) for one in each)
            for key in ("largest_primal_infeasibility", "largest_dual_infeasibility")
        },
    }
