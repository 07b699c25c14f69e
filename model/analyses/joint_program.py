"""One program for all futures: decisions taken before the future is known are common to all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.solver.program import Ints, LinearProgram

Mask = NDArray[np.bool_]

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Future:
    """One way the world may go.

    Attributes:
        name, probability: of the future.
        program: what it asks, in the units of the program.
        common: of each column, whether it is decided before it is known that this future comes.
    """

    name: str
    probability: float
    program: LinearProgram
    common: Mask


def state_hedged(futures: Sequence[Future], cvar_weight: float, cvar_tail: float) -> tuple[LinearProgram, list[Places]]:
    """The program `solve_hedged` solves, and the place of each future's columns in it (-1: the column is 0)."""
    program, places = join(futures)
    if cvar_weight > 0:
        program = _add_tail(program, futures, places, cvar_weight, cvar_tail)
    return program, places


def places_in(trunk: LinearProgram, future: Future) -> Places:
    """The place of each of a future's common columns among those of the first future (-1: it is 0)."""
    place_of = {label: n for n, label in enumerate(trunk.columns)}
    shared = [place_of.get(label, -1) for label in future.program.columns]
    return np.where(future.common, np.array(shared, dtype=np.int64), -1)


def join(futures: Sequence[Future]) -> tuple[LinearProgram, list[Places]]:
    """One program of all futures, and the place of each future's columns in it (-1: the column is 0).

    The first future is there in full. Of the others come the columns that are not common, and the rows these are in:
    a row on common decisions alone is the first future's. A common column the first future does not have is 0.
    """
    trunk = futures[0].program
    places, parts = [np.arange(len(trunk.columns))], [trunk]
    size = len(trunk.columns)
    for future in futures[1:]:
        own = ~future.common
        place = np.where(own, size + np.cumsum(own) - 1, places_in(trunk, future))
        size += int(own.sum())
        places.append(place)
        parts.append(_own_part(future, place))
    cost = np.zeros(size)
    for future, place in zip(futures, places, strict=True):
        np.add.at(cost, place[place >= 0], future.probability * future.program.cost[place >= 0])
    return LinearProgram(
        columns=tuple(label for part in parts for label in part.columns),
        rows=tuple(label for part in parts for label in part.rows),
        cost=cost,
        offset=sum(future.probability * future.program.offset for future in futures),
        lower=np.concatenate([part.lower for part in parts]),
        upper=np.concatenate([part.upper for part in parts]),
        row_lower=np.concatenate([part.row_lower for part in parts]),
        row_upper=np.concatenate([part.row_upper for part in parts]),
        start=_starts(np.concatenate([np.diff(part.start) for part in parts])),
        index=np.concatenate([part.index for part in parts]),
        value=np.concatenate([part.value for part in parts]),
        units=trunk.units,
    ), places


def _own_part(future: Future, place: Places) -> LinearProgram:
    """Return the columns and rows a future adds; `index` already counts the columns of the joint program."""
    program, own = future.program, ~future.common
    row = row_numbers(program)
    kept = np.bincount(row[own[program.index]], minlength=len(program.rows)) > 0
    entry = kept[row] & (place[program.index] >= 0)
    lengths = np.bincount(row[entry], minlength=len(program.rows))[kept]
    return LinearProgram(
        columns=tuple((future.name, label) for label, mine in zip(program.columns, own, strict=True) if mine),  # type: ignore[misc]
        rows=tuple((future.name, label) for label, mine in zip(program.rows, kept, strict=True) if mine),  # type: ignore[misc]
        cost=program.cost[own],
        offset=0.0,
        lower=program.lower[own],
        upper=program.upper[own],
        row_lower=program.row_lower[kept],
        row_upper=program.row_upper[kept],
        start=_starts(lengths),
        index=place[program.index[entry]].astype(np.int32),
        value=program.value[entry],
    )


def _add_tail(
    program: LinearProgram, futures: Sequence[Future], places: Sequence[Places], weight: float, tail: float
) -> LinearProgram:
    """Return the program with the weighted mean cost of the bad tail in its objective.

    Columns: eta, the cost the tail begins at [USD million]; for each future, by how much it costs more.
    Rows: cost[w] - eta - excess[w] <= 0 [USD million].
    """
    eta, count = len(program.columns), len(futures)
    index, value = [program.index], [program.value]
    for n, (future, place) in enumerate(zip(futures, places, strict=True)):
        used = np.flatnonzero((future.program.cost != 0) & (place >= 0))
        index.append(np.concatenate([place[used], [eta, eta + 1 + n]]).astype(np.int32))
        value.append(np.concatenate([future.program.cost[used], [-1.0, -1.0]]))
    probability = np.array([future.probability for future in futures])
    names = [future.name for future in futures]
    return replace(
        program,
        columns=(*program.columns, ("tail_start", ()), *(("tail_excess", (name,)) for name in names)),
        rows=(*program.rows, *(("tail_excess_floor", (name,)) for name in names)),
        cost=np.concatenate([program.cost, [weight], weight / tail * probability]),
        lower=np.concatenate([program.lower, [-np.inf], np.zeros(count)]),
        upper=np.concatenate([program.upper, np.full(count + 1, np.inf)]),
        row_lower=np.concatenate([program.row_lower, np.full(count, -np.inf)]),
        row_upper=np.concatenate([program.row_upper, [-future.program.offset for future in futures]]),
        start=_starts(np.concatenate([np.diff(program.start), [len(part) for part in index[1:]]])),
        index=np.concatenate(index),
        value=np.concatenate(value),
    )


def _starts(lengths: Places) -> Ints:
    """Return where rows of these lengths begin."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)


def row_numbers(program: LinearProgram) -> Places:
    """The row each entry of the matrix is in."""
    return np.repeat(np.arange(len(program.rows)), np.diff(program.start))
