"""Engines over any linear program: several criteria with caps on them, and ranges of linear measures and shares.

Nothing here knows minerals. A program is loaded once; what follows changes vectors and starts from the last basis.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from model.results.ties import Groups, Ties, find_ties_within
from model.solver.highs import REDUCED_COST_TOLERANCE, Bounds, Session, Solution, Start, bounds_of
from model.solver.program import Floats, Label, LinearProgram

Statistics = dict[str, float | int | str]

DOMINANT = 100.0
"""How many times the value of a second criterion the first one counts in a sum in which it counts nearly alone."""

SHARE_TOLERANCE = 1e-9
"""A share that moves by less than this from one solve to the next is found."""


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


@dataclass(frozen=True)
class Point:
    """A point a search has found.

    Attributes:
        x: value of each column.
        values: value of each criterion.
        prices: what one unit more of the cap on each criterion would save of what was minimised first; 0 without a cap.
        statistics: size of the program, effort and accuracy of the solves it took.
        ties: name of a group of columns -> groups that can stand in for it in points that are as good.
    """

    x: Floats
    values: tuple[float, ...]
    prices: tuple[float, ...]
    statistics: Statistics
    ties: Ties = field(default_factory=dict)


class Criteria:
    """A program with several linear criteria, all wanted small, some with a cap that can be moved.

    Args:
        program: the program.
        criteria: what is wanted small.
        capped: places of the criteria that can have a cap.
        groups: name -> columns; which of them can stand in for one another is found at every point.
    """

    def __init__(
        self, program: LinearProgram, criteria: Sequence[Criterion], capped: Sequence[int], groups: Groups | None = None
    ) -> None:
        self.criteria, self._groups = tuple(criteria), groups
        self._cap_row = {n: len(program.rows) + place for place, n in enumerate(capped)}
        for n in capped:
            program = add_row(program, ("criterion_cap", (n,)), criteria[n].coefficients)
        self._sweep = Sweep(program)

    def set_cap(self, n: int, cap: float) -> None:
        """Limit a criterion to at most `cap`."""
        row_upper = self._sweep.bounds.row_upper.copy()
        row_upper[self._cap_row[n]] = cap - self.criteria[n].constant
        self._sweep.set_bounds(replace(self._sweep.bounds, row_upper=row_upper))

    def start_near(self, start: Start) -> None:
        """Let the next search start where a solve of nearly the same program has ended."""
        self._sweep.start_near(start)

    def approach(self, first: int, second: int, best: Point) -> None:
        """Let the next search start near the point that is best on a criterion, and on a second one after it.

        A sum of both in which the first counts nearly alone ends beside that point, sooner than the first alone.

        Args:
            first: the criterion.
            second: the one after it.
            best: a point whose values say how the two are weighed.
        """
        self._sweep.start_afresh()
        weight = DOMINANT * abs(best.values[second]) / abs(best.values[first]) if best.values[first] else DOMINANT
        self._sweep.minimise(weight * self.criteria[first].coefficients + self.criteria[second].coefficients)

    def keep_basis(self) -> Any:
        """Return the present basis, to come back to."""
        return self._sweep.keep_basis()

    def return_to(self, basis: Any) -> None:
        """Let the next search start from a basis that was kept, whatever has changed since."""
        self._sweep.return_to(basis)

    def minimise(self, *order: int) -> Point:
        """Minimise criteria one after the other, each among the optimal points of those before it.

        A criterion whose cap has a price is at its cap in every optimal point, so no solve is spent on it: where
        every capped criterion has one, the first solve is efficient already. This is the augmented epsilon-constraint
        method (Mavrotas 2009, doi 10.1016/j.amc.2009.03.037) with the weight of its augmentation in the limit of zero.

        Raises:
            InfeasibleError, SolverLimitError: see model/errors.py.
        """
        bounds = self._sweep.bounds
        solutions = [self._sweep.minimise(self.criteria[order[0]].coefficients)]
        prices = tuple(self._price(solutions[0], n) for n in range(len(self.criteria)))
        for n in order[1:]:
            if prices[n] <= REDUCED_COST_TOLERANCE:
                self._sweep.narrow_to(solutions[-1])
                solutions.append(self._sweep.minimise(self.criteria[n].coefficients))
        ties = self._sweep.find_ties(self._groups, solutions[-1]) if self._groups else {}
        if len(solutions) > 1:
            self._sweep.set_bounds(bounds)
        x = solutions[-1].x
        return Point(x, tuple(criterion.value(x) for criterion in self.criteria), prices, add_up(solutions), ties)

    def _price(self, solution: Solution, n: int) -> float:
        return max(0.0, -float(solution.row_dual[self._cap_row[n]])) if n in self._cap_row else 0.0


def trace_frontier(
    criteria: Criteria, first: int, second: int, points: int, best: Point | None = None
) -> Iterator[tuple[float, Point]]:
    """Efficient points of two criteria, from the best on the first to the best on the second, evenly spaced on it.

    Args:
        criteria: without a cap on the second criterion.
        first: the criterion that is minimised.
        second: the criterion that is capped.
        points: how many.
        best: the best point on the first criterion, where it is known.

    Yields:
        The cap on the second criterion, and the point. A single one where the criteria do not conflict.
    """
    best = best or criteria.minimise(first, second)
    basis = criteria.keep_basis()
    criteria.approach(second, first, best)
    last = criteria.minimise(second, first)
    caps = np.linspace(best.values[second], last.values[second], points)
    yield float(caps[0]), best
    if np.isclose(caps[0], caps[-1], rtol=1e-7, atol=1e-9):
        return
    # On from the best point: only a cap becomes tighter, which the dual simplex follows.
    criteria.return_to(basis)
    for cap in caps[1:-1]:
        criteria.set_cap(second, float(cap))
        yield float(cap), criteria.minimise(first, second)
    criteria.set_cap(second, np.inf)
    yield float(caps[-1]), last
