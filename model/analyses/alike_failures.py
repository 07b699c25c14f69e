"""Failures that say nearly the same: one that stands still with a worse one, and costs hardly less."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from model.analyses.outages import Endured

ALIKE = 0.9
"""A failure says nearly the same as a worse one that takes it along, where it costs at least this share of it."""


def rank_failures(found: Iterable[Endured]) -> list[Endured]:
    """Return the failures that have an answer, the worst first."""
    return sorted((one for one in found if not one.failure), key=lambda one: (-one.cost, one.outage.name))


def find_alike(ranked: Sequence[Endured]) -> dict[int, Endured]:
    """Find what says nearly the same as a worse failure.

    Where all Chilean copper is shipped on one route, the failure of that route is most of that of Chile, and the only
    plant that makes a good fails with its route. A failure stands still with a worse one if nothing it stops moves in
    the answer to that one.

    Returns:
        Place in the ranking -> the worse failure, which stands for itself.
    """
    heads: list[Endured] = []
    alike = {}
    for place, one in enumerate(ranked):
        head = next((head for head in heads if one.cost >= ALIKE * head.cost and _takes_along(head, one)), None)
        if head is None:
            heads.append(one)
        else:
            alike[place] = head
    return alike


def _takes_along(worse: Endured, other: Endured) -> bool:
    assert worse.idle is not None
    columns = np.fromiter(other.outage.columns, np.int64, len(other.outage.columns))
    return bool(np.unpackbits(worse.idle)[columns].all())
