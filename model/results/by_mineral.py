"""Exposed and unmet demand of each mineral, and of all minerals together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from model.results.plan import Plan


class Share(NamedTuple):
    """A mineral, and a share of its demand."""

    mineral: str
    share: float


NONE = Share("", 0.0)
"""Stands for the largest share where no mineral has any."""

LEAST_SHARE = 1e-7
"""A share of demand below a tenth of a gram a tonne is the solver's rounding."""


def exposed_share(plan: Plan, m: str, years: Iterable[int]) -> float:
    """Exposed deliveries of a mineral over the demand for it in some years, t of the mineral in all that holds it."""
    return _share(plan, m, years, "deliver", "exposed")


def unmet_share(plan: Plan, m: str, years: Iterable[int]) -> float:
    """Unmet demand for a mineral over the demand for it in some years."""
    return _share(plan, m, years, "unmet")


def _share(plan: Plan, m: str, years: Iterable[int], component: str, *provenance: str) -> float:
    minerals, span = plan.data.minerals, list(years)
    whole = minerals.wanted_in(m, span)
    part = sum(content * plan.value(component, d, *provenance, t) for t in span for d, content in minerals.holds[m, t])
    return part / whole if whole > 0 else 0.0


def exposure_index(plan: Plan, years: Iterable[int]) -> float:
    """Return the weighted mean of the minerals' exposed shares over some years; 0 where none is counted."""
    span = list(years)
    weighed = plan.data.minerals.weighed_in(span)
    return sum(weight * exposed_share(plan, m, span) for m, weight in weighed.items())


def wanted_minerals(plan: Plan) -> list[str]:
    """The minerals there is demand for, in the order of the workbook."""
    return [m for m in plan.data.lookup.minerals if plan.data.minerals.wanted_in(m, plan.data.years) > 0]


def exposed_shares(plan: Plan) -> list[Share]:
    """Return the exposed share of every mineral in demand, over the years the index counts."""
    return [Share(m, exposed_share(plan, m, plan.data.index_years)) for m in wanted_minerals(plan)]


def unmet_shares(plan: Plan) -> list[Share]:
    """Return the share of every mineral's demand that is not met, over all years."""
    return [Share(m, unmet_share(plan, m, plan.data.years)) for m in wanted_minerals(plan)]


def largest(shares: Sequence[Share]) -> Share:
    """Return the largest share and its mineral, the first of equals."""
    found = max(shares, key=lambda one: round(one.share, 9), default=NONE)
    return found if found.share > LEAST_SHARE else NONE
