"""What is measured of a plan in a drawn world."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from model.data.costs import kind_of
from model.results.by_mineral import exposure_index, largest, unmet_shares
from model.results.columns import TONNES
from model.results.money import discounted_costs
from model.results.plan import NOISE, Plan


def measure(plan: Plan) -> dict[str, float]:
    """Return columns of the table `draws`."""
    return {
        "cost_usd_million": plan.objective,
        "penalty_usd_million": discounted_costs(plan)["penalty"],
        "exposure_index": exposure_index(plan, plan.data.index_years),
        "most_short_share": largest(unmet_shares(plan)).share,
        "pays_usd_million": float(sum(x for (t,), x in plan.members("pay").items() if t in plan.data.years)),
    }


def builds_of(plan: Plan) -> dict[str, tuple[float, int]]:
    """Facility -> new capacity of all years, t/yr, and the year of its first decision."""
    found: dict[str, tuple[float, int]] = {}
    for (f, v, _), amount in sorted(plan.members("build").items()):
        if amount > NOISE:
            built, first = found.get(str(f), (0.0, int(v)))
            found[str(f)] = built + TONNES * amount, min(first, int(v))
    return found


def years_of(plan: Plan) -> Iterator[tuple[tuple[str, int], float]]:
    """Cost without penalties, penalties, exposure and outlay of every year."""
    costs: defaultdict[tuple[str, int], float] = defaultdict(float)
    for (term, _, t), amount in plan.members("cost").items():
        costs["penalties" if kind_of(str(term)) == "penalty" else "cost", int(t)] += amount
    for t in plan.data.years:
        yield ("cost", t), costs["cost", t]
        yield ("penalties", t), costs["penalties", t]
        yield ("exposure", t), exposure_index(plan, [t])
        yield ("outlay", t), plan.value("pay", t)
