"""Demand for each mineral, the materials that contain it, and its weight in the exposure index. Solver units (kt).

Index letters: mineral `m`, demand row `d`, year `t`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from model.data.adjacency import Adjacency
from model.data.demand import Demand
from model.data.lookup import Lookup


@dataclass
class Minerals:
    """Demand for each mineral.

    Attributes:
        weight: m -> weight in the exposure index.
        wanted: (m, t) -> demand, kt of the mineral.
        holds: (m, t) -> (d, t of the mineral per t) of every demand that holds it.
    """

    weight: dict[str, float] = field(default_factory=dict)
    wanted: dict[tuple[str, int], float] = field(default_factory=dict)
    holds: Adjacency[tuple[str, float]] = field(default_factory=Adjacency)

    def wanted_in(self, m: str, years: Iterable[int]) -> float:
        """Demand for a mineral over some years, kt of it."""
        return sum(self.wanted.get((m, t), 0.0) for t in years)

    def weighed_in(self, years: Iterable[int]) -> dict[str, float]:
        """Mineral -> its part of the exposure index over some years: those with a weight and demand, adding up to 1."""
        span = list(years)
        counted = {m: w for m, w in self.weight.items() if w > 0 and self.wanted_in(m, span) > 0}
        return {m: w / sum(counted.values()) for m, w in counted.items()}


def find_minerals(lookup: Lookup, demand: Demand) -> Minerals:
    """Return the demand for each mineral, by the materials that contain it."""
    found = Minerals({record.text("mineral"): record.number("weight") for record in lookup.tables["minerals"]})
    for d, t in demand.DEMANDS:
        for m, content in lookup.minerals_in[demand.rows[d].material].items():
            found.holds.join((m, t), (d, content))
            found.wanted[m, t] = found.wanted.get((m, t), 0.0) + content * demand.amount[d, t]
    return found
