"""Linear measures of a plan: what `results` reports, as coefficients of the program's columns."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from model.analyses.near_optimal import Share
from model.analyses.sweep import Criterion
from model.data import PlanningData
from model.results.columns import TONNES
from model.results.money import penalty_part
from model.results.plan import NOISE, Stated
from model.solver.program import Floats


@dataclass(frozen=True)
class ExposureIndex:
    """A criterion and what it is taken of, so that `criterion / whole` is a share.

    The solver minimises the criterion: a share of all demand of all years would drown in its tolerances.
    """

    criterion: Criterion
    whole: float

    def value(self, x: Floats) -> float:
        """Return the share at a point."""
        return self.share(self.criterion.value(x))

    def share(self, amount: float) -> float:
        """Return an amount of the criterion as a share."""
        return amount / self.whole if self.whole > 0 else 0.0


def without_noise(value: float, noise: float = NOISE) -> float:
    """Return a measure without the last digits a solver leaves of nothing."""
    return 0.0 if abs(value) < noise else value


SOLVER_NOISE = 1e-10
"""Relative difference of two objectives that is only the order in which the solver adds up."""


def difference(objective: float, other: float) -> float:
    """Return how much larger an objective is than another."""
    return without_noise(objective - other, SOLVER_NOISE * abs(objective))


def exposure_index(stated: Stated) -> ExposureIndex:
    """Return the weighted mean of the minerals' exposed shares of demand from frontier_from_year on.

    The criterion is scaled so that a kt of the mineral with the most demand counts little and one of that with the
    least counts much, about as far from 1 either way.
    """
    minerals, years = stated.data.minerals, stated.data.index_years
    per_kt = {m: weight / minerals.wanted_in(m, years) for m, weight in minerals.weighed_in(years).items()}
    scale = (min(per_kt.values()) * max(per_kt.values())) ** -0.5 if per_kt else 1.0
    exposed = sum(scale * per_kt[m] * _exposed(stated, m) for m in per_kt)
    return ExposureIndex(_criterion(stated, exposed), scale if per_kt else 0.0)


def exposed_shares(stated: Stated) -> dict[str, Criterion]:
    """Mineral -> exposed share of the demand for it from frontier_from_year on."""
    minerals, years = stated.data.minerals, stated.data.index_years
    whole = {m: minerals.wanted_in(m, years) for m in stated.data.lookup.minerals}
    return {m: _criterion(stated, 1 / whole[m] * _exposed(stated, m)) for m in whole if whole[m] > 0}


def unmet_shares(stated: Stated) -> dict[str, Criterion]:
    """Mineral -> share of the demand for it that is not met, over all years."""
    minerals, years = stated.data.minerals, stated.data.years
    whole = {m: minerals.wanted_in(m, years) for m in stated.data.lookup.minerals}
    return {
        m: _criterion(
            stated,
            sum(content / whole[m] * stated.m.unmet[d, t] for t in years for d, content in minerals.holds[m, t]),
        )
        for m in whole if whole[m] > 0
    }  # fmt: skip


def _exposed(stated: Stated, m: str) -> Any:
    """Exposed deliveries from frontier_from_year on, kt of a mineral."""
    provenances = stated.data.demand.provenances
    return sum(
        content * stated.m.deliver[d, "exposed", t]
        for t in stated.data.index_years
        for d, content in stated.data.minerals.holds[m, t]
        if "exposed" in provenances[d, t]
    )


def penalty_cost(stated: Stated) -> Criterion:
    """Return the part of the discounted cost that is prices of shortage and of what is missed, USD million."""
    return Criterion(*penalty_part(stated))


def weighted_shortage(stated: Stated) -> Criterion:
    """Unmet demand of all years, weighted by shortage cost, in kt of the costliest material."""
    weight = _weights(stated.data)
    return _criterion(stated, sum(weight[d] * stated.m.unmet[d, t] for d, t in stated.data.demand.DEMANDS))


def outlay(stated: Stated) -> Criterion:
    """Return what the treasury pays on contracts up to last_year, not discounted, USD million."""
    inside = [t for t in stated.data.contracts.PAY_YEARS if t <= stated.data.years[-1]]
    return _criterion(stated, sum(stated.m.pay[t] for t in inside))


def built_capacity(stated: Stated) -> dict[str, Criterion]:
    """Facility -> new capacity over all decision years and ways of financing, t/yr."""
    builds: dict[str, list[Any]] = defaultdict(list)
    for f, v, k in stated.data.capacity.BUILDS:
        builds[f].append(TONNES * stated.m.build[f, v, k])
    return {f: _criterion(stated, sum(terms)) for f, terms in builds.items()}


def pathway_share(stated: Stated, pathway: str) -> Share:
    """Return a pathway's share of all output of all years, every tonne weighted by its shortage cost."""
    lookup = stated.data.lookup
    costliest = max(lookup.shortage_cost.values(), default=0.0) or 1.0
    parts, wholes = [], []
    for f, j, t in stated.data.exposure.OUTPUTS:
        worth = lookup.shortage_cost[j] / costliest * stated.m.output[f, j, t]
        wholes.append(worth)
        if lookup.facilities[f].pathway(t) == pathway:
            parts.append(worth)
    return Share(_criterion(stated, sum(parts)), _criterion(stated, sum(wholes)))


def _weights(data: PlanningData) -> dict[str, float]:
    """Shortage cost of each demand row over that of the costliest."""
    costliest = max(data.demand.shortage_cost.values(), default=0.0) or 1.0
    return {d: cost / costliest for d, cost in data.demand.shortage_cost.items()}


def _criterion(stated: Stated, expression: Any) -> Criterion:
    return Criterion(*stated.compiled.coefficients(expression))
