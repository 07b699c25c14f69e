"""Projects that can replace one another: another plan with less of one and more of the other costs the same.

Neither cost nor exposure then decides which of them is built, and the plan's choice is arbitrary. A project may be
built instead of others only if its new capacity has no reduced cost, at the optimum of cost and of exposure among its
optimal points; each such project is then made as large as the optimal points allow: it can replace those that shrink.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from model.errors import InfeasibleError, SolverLimitError
from model.results.plan import SolvedPlan
from model.results.stand_ins import Ties, sort_ties
from model.solver.highs import REDUCED_COST_TOLERANCE, Bounds, Session, bounds_of
from model.solver.in_order import Solved
from model.solver.program import Floats, Label

WIDE = 0.01
"""A project is tied where its size can change by more than this share of it."""

Groups = Mapping[str, NDArray[np.int64]]
"""Facility -> its columns of new capacity."""


def find_ties(asked: SolvedPlan) -> Ties:
    """Facility -> the facilities whose new capacity can stand in for its own, or it for theirs, at no cost.

    A plan of whole projects has none: what else would cost the same is not known.
    """
    return {} if asked.plan.whole else find_ties_of(asked.solved, group_builds(asked.solved.program.columns))


def find_ties_of(solved: Solved, builds: Groups) -> Ties:
    """Return the ties of a program solved in order, as far as they concern some columns.

    Args:
        solved: what was solved; its session stands at the point.
        builds: facility -> columns.
    """
    return find_ties_within(solved.session, _narrow(solved), solved.x, builds)


def _narrow(solved: Solved) -> Bounds:
    """Return the bounds within which every point is as good; the session stands at the point, or goes back to it."""
    bounds = bounds_of(solved.program).at_optimum(solved.first)
    if solved.second is solved.first:
        solved.session.return_to(solved.program, solved.basis)
        return bounds
    return bounds.at_optimum(solved.second)


def find_ties_within(session: Session, bounds: Bounds, x: Floats, builds: Groups) -> Ties:
    """Return the ties among points that are as good as one.

    Args:
        session: stands at the point; its costs and bounds are changed.
        bounds: within which every point is as good.
        x: the point.
        builds: facility -> columns.
    """
    face = _Face(session, bounds, x, builds)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for f in face.find_candidates():
        for other in face.find_replaced(f):
            found[f].add(other)
            found[other].add(f)
    return sort_ties(found)


class _Face:
    """The points that are as good as one point."""

    def __init__(self, session: Session, bounds: Bounds, x: Floats, builds: Groups) -> None:
        self._session, self._bounds, self._x, self._builds = session, bounds, x, builds
        session.change_all_bounds(bounds)
        self._basis = session.keep_basis()

    def find_candidates(self) -> list[str]:
        """Return the facilities of which more could be built at no cost, judging by reduced costs and the basis."""
        found = [
            f for f, columns in self._builds.items()
            if np.any(self._bounds.upper[columns] - self._x[columns] > REDUCED_COST_TOLERANCE)
        ]  # fmt: skip
        grows = self._session.find_growing([self._builds[f] for f in found]) if found else []
        return [f for f, can in zip(found, grows, strict=True) if can]

    def find_replaced(self, f: str) -> list[str]:
        """Return the facilities that are smaller where a facility is as large as it can be."""
        cost = np.zeros(len(self._x))
        cost[self._builds[f]] = -1.0
        self._session.change_costs(cost)
        self._session.start_from(self._basis)
        try:
            x = self._session.solve(primal=True, duals=False).x
        except (InfeasibleError, SolverLimitError):
            return []
        if not _is_wide(self._size(f, x), self._size(f, self._x)):
            return []
        return [g for g in self._builds if g != f and self._shrinks(g, x)]

    def _size(self, f: str, x: Floats) -> float:
        return float(x[self._builds[f]].sum())

    def _shrinks(self, f: str, x: Floats) -> bool:
        return _is_wide(self._size(f, self._x), self._size(f, x))


def _is_wide(large: float, small: float) -> bool:
    return large - small > max(WIDE * large, REDUCED_COST_TOLERANCE)


def group_builds(columns: Iterable[Label], years: Container[int] | None = None) -> dict[str, NDArray[np.int64]]:
    """Facility -> its columns of new capacity, of all decision years or of some."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for n, (name, key) in enumerate(columns):
        if name == "build" and (years is None or key[1] in years):
            found[str(key[0])].append(n)
    return {f: np.array(places, dtype=np.int64) for f, places in found.items()}
