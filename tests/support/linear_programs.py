"""Linear programs written down by name, for the engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from model.solver.program import Floats, LinearProgram

Row = tuple[float, Mapping[str, float], float]
"""Lower bound, coefficients, upper bound."""


def program_of(columns: Sequence[str], cost: Mapping[str, float], rows: Mapping[str, Row]) -> LinearProgram:
    """A program over columns that are not negative."""
    place = {name: n for n, name in enumerate(columns)}
    index = [place[name] for _, terms, _ in rows.values() for name in terms]
    value = [c for _, terms, _ in rows.values() for c in terms.values()]
    return LinearProgram(
        columns=tuple((name, ()) for name in columns),
        rows=tuple((name, ()) for name in rows),
        cost=vector_of(columns, cost),
        offset=0.0,
        lower=np.zeros(len(columns)),
        upper=np.full(len(columns), np.inf),
        row_lower=np.array([low for low, _, _ in rows.values()]),
        row_upper=np.array([high for _, _, high in rows.values()]),
        start=np.cumsum([0, *(len(terms) for _, terms, _ in rows.values())], dtype=np.int32),
        index=np.array(index, dtype=np.int32),
        value=np.array(value, dtype=np.float64),
    )


def vector_of(columns: Sequence[str], terms: Mapping[str, float]) -> Floats:
    """Coefficients by name as an array."""
    return np.array([terms.get(name, 0.0) for name in columns])
