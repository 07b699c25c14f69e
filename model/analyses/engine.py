"""Several linear criteria of a program, with caps on them, and the efficient points between two of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from model.analyses.sweep import Criterion, Statistics, Sweep, add_row, add_up
from model.results.stand_ins import Ties
from model.results.ties import Groups
from model.solver.highs import REDUCED_COST_TOLERANCE, Solution
from model.solver.program import Floats, LinearProgram
from model.solver.start import Start

DOMINANT = 100.0
"""How many times the value of a second criterion the first one counts in a sum in which it counts nearly alone."""


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
