"""What else is nearly as cheap as the least-cost plan, and how far a measure can go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from model.analyses.sweep import Criterion, Statistics, Sweep, add_row, add_up, objective_of
from model.solver.program import Floats, LinearProgram
from model.solver.start import Start

SHARE_TOLERANCE = 1e-9
"""A share that moves by less than this from one solve to the next is found."""


@dataclass(frozen=True)
class Share:
    """A share as its two sides, both linear and neither negative."""

    part: Criterion
    whole: Criterion

    def value(self, x: Floats) -> float:
        """Return the share at a point, 0 of nothing."""
        whole = self.whole.value(x)
        return self.part.value(x) / whole if whole > 0 else 0.0


@dataclass(frozen=True)
class Extreme:
    """The lowest or highest value of a measure, where it is reached, and the effort."""

    value: float
    x: Floats
    statistics: Statistics


def find_extreme(sweep: Sweep, measure: Criterion | Share, start: Floats, *, highest: bool) -> Extreme:
    """Return the lowest or highest value of a measure over the program that is loaded, looked for from a point of it.

    A share takes Dinkelbach's method (1967, doi 10.1287/mnsc.13.7.492): where `part - s * whole`, 0 at a point with
    share `s`, can be improved on, the point that does it has a better share, which is the next `s`; where it cannot,
    no point has one. Only costs change, so every solve but the first is short.
    """
    sign = -1.0 if highest else 1.0
    x, solutions = start, []
    while True:
        value = measure.value(x)
        solutions.append(sweep.minimise(sign * _slope(measure, value)))
        gain = sign * (value - measure.value(solutions[-1].x))
        x = solutions[-1].x if gain > 0 else x
        if gain <= SHARE_TOLERANCE or isinstance(measure, Criterion):
            return Extreme(measure.value(x), x, add_up(solutions))


def _slope(measure: Criterion | Share, value: float) -> Floats:
    """Return what has to fall or rise for a measure to do so from a value."""
    if isinstance(measure, Criterion):
        return measure.coefficients
    return measure.part.coefficients - value * measure.whole.coefficients


@dataclass(frozen=True)
class Range:
    """How far a measure can go within a slack."""

    slack: float
    lowest: Extreme
    highest: Extreme


class NearOptimal:
    """A program of which only points are looked at that are hardly worse than the best.

    Attributes:
        statistics: size of the program, effort and accuracy of the solve that found the best.
    """

    def __init__(self, program: LinearProgram, slacks: Sequence[float], start: Start | None = None) -> None:
        self._cost = objective_of(program)
        self._slacks = sorted(slacks)
        self._sweep = Sweep(add_row(program, ("near_optimal_limit", ()), program.cost))
        if start:
            self._sweep.start_near(start)
        least_cost = self._sweep.minimise(program.cost)
        self._best = least_cost.x
        self.statistics = add_up([least_cost])
        self._basis = self._sweep.keep_basis()

    def find_ranges(self, measure: Criterion | Share) -> list[Range]:
        """Return how far a measure can go within each slack, from the smallest slack up."""
        lowest, highest = self._find_extremes(measure, highest=False), self._find_extremes(measure, highest=True)
        return [Range(*one) for one in zip(self._slacks, lowest, highest, strict=True)]

    def _find_extremes(self, measure: Criterion | Share, *, highest: bool) -> list[Extreme]:
        """Return the extremes of a measure, each looked for from the one at the slack before."""
        found: list[Extreme] = []
        for slack in self._slacks:
            self._allow(slack)
            if not found and isinstance(measure, Share):
                # Every tonne of a sector counts: its extremes are far from the least-cost plan.
                self._sweep.start_afresh()
            elif not found:
                self._sweep.start_from(self._basis)
            found.append(find_extreme(self._sweep, measure, found[-1].x if found else self._best, highest=highest))
        return found

    def _allow(self, slack: float) -> None:
        least = self._cost.value(self._best)
        row_upper = self._sweep.bounds.row_upper.copy()
        row_upper[-1] = least + slack * abs(least) - self._cost.constant
        self._sweep.set_bounds(replace(self._sweep.bounds, row_upper=row_upper))
