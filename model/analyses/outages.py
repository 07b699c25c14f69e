"""A program solved again with some columns held at zero, always from the same basis. Nothing here knows minerals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import InfeasibleError, SolverLimitError
from model.solver.highs import Bounds, Session, Solution, bounds_of
from model.solver.program import Floats, Ints, LinearProgram
from model.solver.start import Start

Places = NDArray[np.int64]

Bits = NDArray[np.uint8]

IDLE = 1e-7
"""The solver's tolerance: a column below it is 0."""


@dataclass(frozen=True)
class Outage:
    """Something that fails.

    Attributes:
        kind, name: what.
        columns: columns that are 0.
        rows: rows that no longer hold.
        excused: columns whose penalty is not charged.
    """

    kind: str
    name: str
    columns: frozenset[int]
    rows: frozenset[int] = frozenset()
    excused: frozenset[int] = frozenset()

    def with_other(self, other: Outage) -> Outage:
        """Return the outage of both at the same time."""
        return Outage(
            "pair", f"{self.name} & {other.name}", self.columns | other.columns, self.rows | other.rows,
            self.excused | other.excused,
        )  # fmt: skip


@dataclass(frozen=True)
class OutageTask:
    """Outages of a program, and what to report of each.

    Attributes:
        program: in which everything goes on.
        start: near its optimum.
        outages: one at a time.
        penalty: the part of the cost that is a penalty, per unit of each column.
        watched: columns whose values are wanted.
        group: of each column, the group it is added up in (-1: none).
    """

    program: LinearProgram
    start: Start
    outages: tuple[Outage, ...]
    penalty: Floats
    watched: Places
    group: Ints


@dataclass(frozen=True)
class Endured:
    """The effects of an outage: differences from the solve without it.

    Attributes:
        outage: what stands still.
        cost, penalty: USD million.
        watched: the watched columns.
        groups: sums over the groups of columns.
        idle: the columns that are 0, not compared, in packed bits.
        statistics: effort of the solver.
        failure: why there is no answer ("" where there is one).
    """

    outage: Outage
    cost: float = 0.0
    penalty: float = 0.0
    watched: Floats | None = None
    groups: Floats | None = None
    idle: Bits | None = None
    statistics: dict[str, float | int | str] | None = None
    failure: str = ""


def endure(task: OutageTask) -> list[Endured]:
    """Solve the program once as it is, and once with each outage, from the basis of the first.

    Raises:
        InfeasibleError, SolverLimitError: the program itself has no answer.
    """
    session = Session(task.program)
    session.start_near(task.start)
    usual = session.solve(duals=False)
    basis = session.keep_basis()
    return [_endure_one(task, session, basis, usual, outage) for outage in task.outages]


def _endure_one(task: OutageTask, session: Session, basis: Any, usual: Solution, outage: Outage) -> Endured:
    excused = list(outage.excused)
    penalty = task.penalty.copy()
    penalty[excused] = 0.0
    cost = task.program.cost - task.penalty + penalty
    session.change_all_bounds(_free_rows(task.program, outage))
    session.change_costs(cost)
    session.start_from(basis)
    try:
        if outage.rows or outage.excused:
            # The usual point still holds under fewer rows and other costs, so the primal simplex goes on from it, and
            # the dual simplex from there. In one go neither would fit: that takes ten times the iterations.
            session.solve(primal=True, duals=False)
        stop(session, task.program, outage)
        answer = session.solve(duals=False)
    except (InfeasibleError, SolverLimitError) as error:
        return Endured(outage, failure=str(error))
    more = answer.x - usual.x
    return Endured(
        outage,
        float(cost @ answer.x - task.program.cost @ usual.x),
        float(penalty @ answer.x - task.penalty @ usual.x),
        more[task.watched],
        add_up_groups(task.group, more),
        np.packbits(answer.x < IDLE),
        answer.statistics,
    )


def add_up_groups(group: Ints, values: Floats) -> Floats:
    """Return the sums of values by the group of their column."""
    counted = group >= 0
    return np.bincount(group[counted], values[counted]).astype(np.float64)


def stop(session: Session, program: LinearProgram, outage: Outage) -> None:
    """Give a session the bounds of a program in which something stands still."""
    columns, bounds = list(outage.columns), _free_rows(program, outage)
    lower, upper = bounds.lower.copy(), bounds.upper.copy()
    lower[columns] = upper[columns] = 0.0
    session.change_all_bounds(replace(bounds, lower=lower, upper=upper))


def _free_rows(program: LinearProgram, outage: Outage) -> Bounds:
    """Return the bounds of a program in which the rows of an outage no longer hold."""
    rows = list(outage.rows)
    row_lower, row_upper = program.row_lower.copy(), program.row_upper.copy()
    row_lower[rows], row_upper[rows] = -np.inf, np.inf
    return replace(bounds_of(program), row_lower=row_lower, row_upper=row_upper)


def pair_up(outages: Sequence[Outage]) -> list[Outage]:
    """Return every pair of outages of which neither is part of the other."""
    return [
        first.with_other(second)
        for n, first in enumerate(outages)
        for second in outages[n + 1 :]
        if not (first.columns <= second.columns or second.columns <= first.columns)
    ]
