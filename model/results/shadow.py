"""Shadow prices in the planner's units: undiscounted where the row has a year, present value where it has none.

Each is a slope at the plan, right for a small change; what real steps are worth is in the table `price_steps`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from model.results.flows import Row
from model.results.indicators import cap_price
from model.results.plan import Key, Plan

Price = tuple[str, str, int | None, float, str, str]
"""Constraint, key, year, value, unit, meaning."""

PER_TONNE = 1e3
"""USD million per kt -> USD per t."""


@dataclass(frozen=True)
class ShadowPrice:
    """How the dual of a constraint is described.

    Attributes:
        constraint: name of the constraint.
        sign: 1 where more on the right-hand side costs, -1 where it saves.
        scale: from USD million per unit of the program to `unit`.
        meaning: what it is the price of, in words.
        has_year: whether the last index is a year.
    """

    constraint: str
    sign: int
    scale: float
    unit: str
    meaning: str
    has_year: bool = True


SHADOW_PRICES = (
    ShadowPrice("material_balance", 1, PER_TONNE, "USD/t", "cost of one tonne more of the material there"),
    ShadowPrice("demand_balance", 1, PER_TONNE, "USD/t", "cost of one tonne more of demand, all caps as they are"),
    ShadowPrice("capacity_limit", -1, PER_TONNE, "USD per t/yr", "saved by one t/yr more of usable capacity"),
    ShadowPrice("existing_capacity_limit", -1, PER_TONNE, "USD per t/yr", "saved by one t/yr more that exists"),
    ShadowPrice("yearly_build_limit", -1, PER_TONNE, "USD per t/yr", "saved by one t/yr more of building that year"),
    ShadowPrice("reserve_limit", -1, PER_TONNE, "USD/t", "saved by one tonne more of reserve", has_year=False),
    ShadowPrice("route_limit", -1, PER_TONNE, "USD per t/yr", "saved by one t/yr more of route capacity"),
    ShadowPrice("export_limit", -1, PER_TONNE, "USD per t/yr", "saved by one t/yr more of export quota"),
    ShadowPrice("route_growth_limit", -1, PER_TONNE, "USD per t/yr", "saved by one t/yr more that may be added"),
    ShadowPrice("route_decay_floor", 1, PER_TONNE, "USD per t/yr", "cost of one t/yr more that is to be kept"),
    ShadowPrice("origin_limit", -1, PER_TONNE, "USD per t/yr", "saved by one t/yr passed on from elsewhere"),
    ShadowPrice("outlet_limit", -1, PER_TONNE, "USD per t/yr", "saved by one t/yr more that the outlet buys"),
    ShadowPrice("outlet_origin_limit", -1, PER_TONNE, "USD per t/yr", "saved by one t/yr sold that is made elsewhere"),
    ShadowPrice("required_project_limit", -1, 0.01, "USD million per point", "saved by one point without the other"),
    ShadowPrice("reopening_limit", -1, PER_TONNE, "USD per t/yr", "saved by one t/yr more that may reopen"),
    ShadowPrice("group_capacity_limit", -1, PER_TONNE, "USD per t/yr", "saved by one t/yr more of the group"),
    ShadowPrice("group_growth_limit", -1, PER_TONNE, "USD per t/yr", "saved by one t/yr more that may be added"),
    ShadowPrice("collection_limit", -1, PER_TONNE, "USD per t/yr", "saved by one t/yr more of collectable scrap"),
    ShadowPrice("stock_size_limit", -1, PER_TONNE, "USD/t", "saved by one tonne more of storage"),
    ShadowPrice("stock_release_limit", -1, PER_TONNE, "USD per t/yr", "saved by one t/yr more of release"),
    ShadowPrice("carried_stock_limit", -1, PER_TONNE, "USD per t/yr", "saved by one t/yr passed on through the stock"),
    ShadowPrice("stock_cover_floor", 1, PER_TONNE, "USD/t", "cost of one tonne more of cover"),
    ShadowPrice("final_stock_floor", 1, PER_TONNE, "USD/t", "cost of one tonne more left at the end"),
    # Pyomo states a floor with decisions on both sides as a limit: duty less output is at most 0.
    ShadowPrice("obligation_floor", -1, PER_TONNE, "USD/t", "cost of one tonne more of contracted output"),
    ShadowPrice("kept_capacity_limit", -1, PER_TONNE, "USD per t/yr", "saved by one t/yr more kept open by contract"),
    ShadowPrice("uncovered_capacity_limit", -1, PER_TONNE, "USD per t/yr", "saved by one t/yr less under contracts"),
    ShadowPrice("honour_floor", -1, PER_TONNE, "USD/t", "saved by one tonne more made without the contract in force"),
    ShadowPrice("budget_limit", -1, 1.0, "USD per USD", "saved by one dollar more of budget"),
    # A thousand units of the resource at USD million: USD 1,000 a unit.
    ShadowPrice("resource_limit", -1, PER_TONNE, "USD per unit", "saved by one unit more of the resource"),
)  # fmt: skip


def shadow_prices(plan: Plan) -> Iterator[Row]:
    """Every constraint that has a price, and every exposure cap and mix target by percentage point."""
    for name, key, t, value, unit, meaning in _all_prices(plan):
        if _counts(value):
            yield name, key, t, value, unit, f"{meaning} (slope at the plan)"


def _all_prices(plan: Plan) -> Iterator[Price]:
    yield from _prices(plan)
    yield from _site_prices(plan)
    yield from _cap_prices(plan)
    yield from _target_prices(plan)


def _prices(plan: Plan) -> Iterator[Price]:
    for kind in SHADOW_PRICES:
        for index, dual in plan.duals.get(kind.constraint, {}).items():
            t = int(index[-1]) if kind.has_year else None
            value = kind.sign * kind.scale * dual / (plan.data.discount(t) if t is not None else 1.0)
            yield kind.constraint, _key(index[:-1] if kind.has_year else index), t, value, kind.unit, kind.meaning


def _site_prices(plan: Plan) -> Iterator[Price]:
    """Room on a site, in present value: the rows of all years move together."""
    rooms: dict[str, float] = defaultdict(float)
    for (f, _), dual in plan.duals.get("site_limit", {}).items():
        rooms[str(f)] -= PER_TONNE * dual
    for f, value in rooms.items():
        yield "site_limit", f, None, value, "USD per t/yr", "saved by one t/yr more of room on the site"


def _cap_prices(plan: Plan) -> Iterator[Price]:
    for name in ("chain_exposure_limit", "stage_exposure_limit"):
        for c, m, t in plan.duals.get(name, {}):
            value = cap_price(plan, str(c), str(m), int(t))
            yield name, f"{c} ({m})", int(t), value, "USD million per point", "saved by one point more of the cap"


def _target_prices(plan: Plan) -> Iterator[Price]:
    for name, sign, meaning in (
        ("mix_target_floor", 1, "cost of one percentage point more of the target"),
        ("mix_target_limit", -1, "saved by one percentage point more of the target"),
    ):
        for index, dual in plan.duals.get(name, {}).items():
            x, m, g, t = index
            total = sum(
                out.content * plan.value("output", out.facility, out.material, t)
                for out in plan.data.exposure.outputs[m, g, t]
            )
            value = sign * 0.01 * total * dual / plan.data.discount(int(t))
            yield name, f"{x} ({m}, {g})", int(t), value, "USD million per point", meaning


def _counts(value: float) -> bool:
    """Whether a price is more than the solver's rounding: a hundredth of a cent per tonne, 100 USD per point."""
    return abs(value) > 1e-4


def _key(index: Key) -> str:
    return "/".join(str(part) for part in index)
