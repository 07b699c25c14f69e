"""Linear measures of a plan: what `results` reports, as coefficients of the program's columns."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from model.analyses.engine import Criterion, Share
from model.data import PlanningData
from model.results.flows import TONNES
from model.results.plan import NOISE, Stated
from model.solver.program import Floats


@dataclass(frozen=True)
class ExposureIndex:
    """A criterion in kt and what it is taken of, so that `criterion / whole` is a share.

    The solver minimises kt: a share of all demand of all years would drown in its tolerances.
    """

    criterion: Criterion
    whole: float

    def value(self, x: Floats) -> float:
        """The share at a point."""
        return self.share(self.criterion.value(x))

    def share(self, amount: float) -> float:
        """An amount of the criterion as a share."""
        return amount / self.whole if self.whole > 0 else 0.0


def without_noise(value: float, noise: float = NOISE) -> float:
    """A measure without the last digits a solver leaves of nothing."""
    return 0.0 if abs(value) < noise else value


SOLVER_NOISE = 1e-10
"""Relative difference of two objectives that is only the order in which the solver adds up."""


def difference(objective: float, other: float) -> float:
    """How much larger an objective is than another."""
    return without_noise(objective - other, SOLVER_NOISE * abs(objective))


def exposure_index(stated: Stated) -> ExposureIndex:
    """Exposed deliveries over demand from frontier_from_year on, both weighted by shortage cost."""
    demand, years = stated.data.demand, set(stated.data.index_years)
    weight = _weights(stated.data)
    exposed = sum(
        weight[d] * stated.m.deliver[d, o, t] for d, o, t in demand.DELIVERIES if o == "exposed" and t in years
    )
    return ExposureIndex(_criterion(stated, exposed), sum(weight[d] * demand.amount[d, t] for d, t in demand.DEMANDS
                                                  if t in years))  # fmt: skip


def weighted_shortage(stated: Stated) -> Criterion:
    """Unmet demand of all years, weighted by shortage cost, in kt of the dearest material."""
    weight = _weights(stated.data)
    return _criterion(stated, sum(weight[d] * stated.m.unmet[d, t] for d, t in stated.data.demand.DEMANDS))


def unmet_demand(stated: Stated) -> Criterion:
    """Unmet demand of all years, t."""
    return _criterion(stated, sum(TONNES * stated.m.unmet[d, t] for d, t in stated.data.demand.DEMANDS))


def outlay(stated: Stated) -> Criterion:
    """What the treasury pays on contracts up to last_year, not discounted, USD million."""
    inside = [t for t in stated.data.contracts.PAY_YEARS if t <= stated.data.years[-1]]
    return _criterion(stated, sum(stated.m.pay[t] for t in inside))


def built_capacity(stated: Stated) -> dict[str, Criterion]:
    """Facility -> new capacity over all decision years and ways of financing, t/yr."""
    builds: dict[str, list[Any]] = defaultdict(list)
    for f, v, k in stated.data.capacity.BUILDS:
        builds[f].append(TONNES * stated.m.build[f, v, k])
    return {f: _criterion(stated, sum(terms)) for f, terms in builds.items()}


def pathway_share(stated: Stated, pathway: str) -> Share:
    """A pathway's share of all output of all years, every tonne weighted by its shortage cost."""
    lookup = stated.data.lookup
    dearest = max(lookup.shortage_cost.values(), default=0.0) or 1.0
    parts, wholes = [], []
    for f, j, t in stated.data.exposure.OUTPUTS:
        worth = lookup.shortage_cost[j] / dearest * stated.m.output[f, j, t]
        wholes.append(worth)
        if lookup.facilities[f].pathway(t) == pathway:
            parts.append(worth)
    return Share(_criterion(stated, sum(parts)), _criterion(stated, sum(wholes)))


def _weights(data: PlanningData) -> dict[str, float]:
    """Shortage cost of each demand row over that of the dearest."""
    dearest = max(data.demand.shortage_cost.values(), default=0.0) or 1.0
    return {d: cost / dearest for d, cost in data.demand.shortage_cost.items()}


def _criterion(stated: Stated, expression: Any) -> Criterion:
    return Criterion(*stated.compiled.coefficients(expression))
