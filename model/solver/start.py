"""Where the solve of a program has ended, so that a solve of nearly the same program can start from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.solver.program import Label, LinearProgram

Statuses = NDArray[np.int8]

AT_LOWER, BASIC = 0, 1
"""The solver's numbers for a column at its lower bound, and for a column or row in the basis."""


@dataclass(frozen=True)
class Start:
    """The basis of a program; its rows and columns are matched by label.

    Other than the solver's own basis it can be sent to another process.

    Attributes:
        columns, rows: labels of the program.
        column_status, row_status: the solver's numbers for what is in the basis, and what is at which bound.
    """

    columns: tuple[Label, ...]
    rows: tuple[Label, ...]
    column_status: Statuses
    row_status: Statuses

    def on(self, program: LinearProgram) -> tuple[list[int], list[int]]:
        """Return the statuses of a program's columns and rows: new columns at a bound, new rows slack."""
        columns = _match(self.columns, self.column_status, program.columns, AT_LOWER)
        return columns, _match(self.rows, self.row_status, program.rows, BASIC)


def start_at(program: LinearProgram, column_status: Sequence[int], row_status: Sequence[int]) -> Start:
    """Return the start at the statuses of a program's columns and rows."""
    return Start(program.columns, program.rows, _numbers(column_status), _numbers(row_status))


def _numbers(statuses: Sequence[int]) -> Statuses:
    return np.fromiter(map(int, statuses), np.int8, len(statuses))


def _match(labels: Sequence[Label], numbers: Statuses, wanted: Sequence[Label], missing: int) -> list[int]:
    statuses: list[int] = numbers.tolist()
    if labels == wanted:
        return statuses
    known = dict(zip(labels, statuses, strict=True))
    return [known.get(label, missing) for label in wanted]
