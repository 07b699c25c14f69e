"""Shadow prices in the planner's units: undiscounted where the row has a year, present value where it has none.

Each is a slope at the plan, valid for a small change; the table `price_steps` has the value of real steps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from model.formulation.rows import ROWS, Price
from model.results.columns import Row
from model.results.flows import output_for_demand
from model.results.indicators import cap_price
from model.results.plan import Key, Plan

SHADOW_PRICES: dict[str, Price] = {row.constraint: row.price for row in ROWS if isinstance(row.price, Price)}
"""Constraint -> its price."""


def shadow_prices(plan: Plan) -> Iterator[Row]:
    """Yield every constraint that has a price, and every exposure cap and mix target by percentage point."""
    for constraint, price in SHADOW_PRICES.items():
        for key, t, value in _values(plan, constraint, price):
            if _counts(value):
                yield constraint, key, t, value, price.unit, f"{price.meaning} (slope at the plan)"


def _values(plan: Plan, constraint: str, price: Price) -> Iterator[tuple[str, int | None, float]]:
    """Key, year and value of every row of a constraint."""
    duals = plan.duals.get(constraint, {})
    if price.measure == "years":
        yield from _added_up(duals, price)
        return
    for index, dual in duals.items():
        t = int(index[-1]) if price.has_year else None
        worth = price.scale * dual / (plan.data.discount(t) if t is not None else 1.0)
        if price.measure == "cap":
            c, m, _ = index
            yield f"{c} ({m})", t, cap_price(plan, str(c), str(m), int(index[-1]))
        elif price.measure == "target":
            x, m, g, _ = index
            yield f"{x} ({m}, {g})", t, worth * output_for_demand(plan, *index[1:])
        elif _counts(worth):
            yield _key(index[:-1] if price.has_year else index), t, worth


def _added_up(duals: Mapping[Key, float], price: Price) -> Iterator[tuple[str, None, float]]:
    """Yield the present value of what moves in all years together."""
    total: dict[str, float] = defaultdict(float)
    for index, dual in duals.items():
        total[_key(index[:-1])] += price.scale * dual
    for key, value in total.items():
        yield key, None, value


def _counts(value: float) -> bool:
    """Return whether a price is more than the solver's rounding: a hundredth of a cent per tonne, 100 USD per point."""
    return abs(value) > 1e-4


def _key(index: Key) -> str:
    return "/".join(str(part) for part in index)
