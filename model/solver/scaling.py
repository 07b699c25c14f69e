"""A program as the solver sees it where some of its quantities are tiny: each in a unit of its own.

Units are powers of two, so that neither the program nor its solution loses a digit. In ordinary programs all are 1, and
the solver sees the program as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.solver.program import Floats, Label, LinearProgram, scale_columns

_PARTS = re.compile(r"[/:>]")
"""Separators between the identifiers of a route or of a row of demand."""


@dataclass(frozen=True)
class Scaling:
    """Units of columns and rows, as factors of those of the program, and of the objective.

    Attributes:
        column: one unit of a column is so many kt.
        row: one unit of a row is so much in the row's own unit.
        objective: one unit of the objective is so many USD million.
    """

    column: Floats
    row: Floats
    objective: float

    def apply(self, program: LinearProgram) -> LinearProgram:
        """Return the program in these units."""
        counted = scale_columns(program, self.column)
        return replace(
            counted,
            cost=counted.cost / self.objective,
            offset=program.offset / self.objective,
            row_lower=program.row_lower / self.row,
            row_upper=program.row_upper / self.row,
            value=counted.value / np.repeat(self.row, np.diff(program.start)),
        )


def find_scaling(program: LinearProgram, whole: NDArray[np.bool_] | None = None) -> Scaling:
    """Return the units of a program.

    A row that names something small has its unit. One that names nothing small, such as a budget, has the largest unit
    of its columns, and the objective that of all columns.

    Args:
        program: the program, with the units of what is small in it.
        whole: columns that are whole numbers, which keep their unit.
    """
    if not program.units:
        return Scaling(np.ones(len(program.columns)), np.ones(len(program.rows)), 1.0)
    column = np.array([_find_unit(label, program.units, 1.0) for label in program.columns])
    if whole is not None:
        column = np.where(whole, 1.0, column)
    largest = [
        float(column[program.index[first:after]].max()) if after > first else 1.0
        for first, after in zip(program.start[:-1], program.start[1:], strict=True)
    ]
    row = np.array([
        _find_unit(label, program.units, other) for label, other in zip(program.rows, largest, strict=True)
    ])  # fmt: skip
    return Scaling(column, row, float(column.max(initial=0.0)) or 1.0)


def _find_unit(label: Label, units: Mapping[str, float], otherwise: float) -> float:
    """Return the smallest unit of what a label names."""
    return min((units[name] for name in _names(label) if name in units), default=otherwise)


def _names(label: Any) -> Iterator[str]:
    """Yield every identifier in a label."""
    if isinstance(label, str):
        yield from _PARTS.split(label)
    elif isinstance(label, tuple):
        for part in label:
            yield from _names(part)
