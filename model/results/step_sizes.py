"""What a step of each limit, and of demand, is: which rows it is made in, and by how much."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from model.data.lookup import is_finite
from model.results.columns import TONNES
from model.results.flows import output_for_demand
from model.results.plan import NOISE, Key, Plan
from model.solver.in_order import Solved
from model.solver.program import LinearProgram

LIMIT_STEP = 0.1
"""A step of a limit is a tenth of it: of a plant, about as much as debottlenecking gives (assumed)."""

DEMAND_STEP = 0.01
"""A step of demand, and of the output of a good whose limit is zero."""

POINT = 0.01
"""A step of a share: a percentage point."""

BUDGET_STEP = 10.0
"""A step of a budget of nothing, USD million."""

OPEN = ""
"""The mineral of limits on all of them."""


@dataclass(frozen=True)
class StepKind:
    """How a step of a constraint is stated.

    Attributes:
        unit: of the step, in the planner's words.
        scale: from units of the program to `unit`.
        has_year: whether the last index is a year; the step is then made in every year.
        is_share: whether a step is a percentage point.
    """

    unit: str
    scale: float = TONNES
    has_year: bool = True
    is_share: bool = False


STEP_KINDS: Mapping[str, StepKind] = {
    "demand_balance": StepKind("t/yr"),
    "capacity_limit": StepKind("t/yr"),
    "yearly_build_limit": StepKind("t/yr"),
    "site_limit": StepKind("t/yr"),
    "reserve_limit": StepKind("t", has_year=False),
    "route_limit": StepKind("t/yr"),
    "route_growth_limit": StepKind("t/yr"),
    "export_limit": StepKind("t/yr"),
    "outlet_limit": StepKind("t/yr"),
    "group_capacity_limit": StepKind("t/yr"),
    "group_growth_limit": StepKind("t/yr"),
    "collection_limit": StepKind("t/yr"),
    "stock_size_limit": StepKind("t"),
    "stock_release_limit": StepKind("t/yr"),
    "stock_cover_floor": StepKind("t"),
    "final_stock_floor": StepKind("t"),
    "budget_limit": StepKind("USD million", 1.0),
    "resource_limit": StepKind("units"),
    "chain_exposure_limit": StepKind("points", is_share=True),
    "stage_exposure_limit": StepKind("points", is_share=True),
    "mix_target_floor": StepKind("points", is_share=True),
    "mix_target_limit": StepKind("points", is_share=True),
}
"""Constraints a planner can ease, with the step that is asked about."""


OF_PLANTS = ("capacity_limit", "yearly_build_limit", "site_limit", "reserve_limit")
"""Constraints on one facility."""


@dataclass
class Group:
    """A limit, or the demand for a good in a place, with its rows of all years.

    Attributes:
        constraint, key, mineral: what it is; `mineral` is OPEN where it concerns several.
        rows: row of the program -> its index.
        amounts: row of the program -> the step, in units of the program.
    """

    constraint: str
    key: str
    mineral: str
    rows: dict[int, Key] = field(default_factory=dict)
    amounts: dict[int, float] = field(default_factory=dict)


def find_groups(plan: Plan, solved: Solved) -> list[Group]:
    """Return every limit that has a price in some year, and every demand, with the step to make in each year."""
    return [group for group in _find_priced(plan, solved) if _set_amounts(plan, solved.program, group)]


def _find_priced(plan: Plan, solved: Solved) -> list[Group]:
    """Return every limit with a price in some year, and every demand, with the rows of all its years."""
    found: dict[tuple[str, str], Group] = {}
    priced: set[tuple[str, str]] = set()
    for n, (name, index) in enumerate(solved.program.rows):
        if name not in STEP_KINDS:
            continue
        key = _key_of(name, index)
        if (name, key) not in found:
            found[name, key] = Group(name, key, _mineral_of(plan, name, index))
        found[name, key].rows[n] = index
        if abs(solved.first.row_dual[n]) > NOISE:
            priced.add((name, key))
    return [group for place, group in found.items() if place in priced]


def _key_of(name: str, index: Key) -> str:
    """Return what a row is about, whatever the year; segments of demand are taken together."""
    if name == "demand_balance":
        return str(index[0]).partition("/")[2]
    if name in ("chain_exposure_limit", "stage_exposure_limit"):
        return f"{index[0]} ({index[1]})"
    if name.startswith("mix_target"):
        return f"{index[0]} ({index[1]}, {index[2]})"
    return "/".join(map(str, index[:-1] if STEP_KINDS[name].has_year else index))


def _mineral_of(plan: Plan, name: str, index: Key) -> str:
    lookup = plan.data.lookup
    first = str(index[0])
    if name in OF_PLANTS:
        return lookup.facilities[first].mineral
    if "exposure_limit" in name or name.startswith("mix_target"):
        return str(index[1])
    if name in ("budget_limit", "resource_limit"):
        return OPEN
    minerals = {lookup.mineral_of[i] for i in _materials_of(plan, name, index)}
    return minerals.pop() if len(minerals) == 1 else OPEN


def _materials_of(plan: Plan, name: str, index: Key) -> list[str]:
    """The materials a demand, route, export limit, stock or collection is about."""
    trade, first = plan.data.trade, str(index[0])
    if name == "demand_balance":
        return [plan.data.demand.rows[first].material]
    if name in ("route_limit", "route_growth_limit"):
        return [trade.routes[first].material]
    if name in ("group_capacity_limit", "group_growth_limit"):
        return [plan.data.lookup.facilities[f].output for f, *_ in plan.data.groups.standing[index]]
    if name == "export_limit":
        return [trade.routes[route].material for route in trade.export_routes[first]]
    return [first]


def _set_amounts(plan: Plan, program: LinearProgram, group: Group) -> bool:
    """Decide the step of every row; whether there is one."""
    for n, index in group.rows.items():
        amount = _share_step(plan, group.constraint, index)
        if amount is None:
            break
        group.amounts[n] = amount
    else:
        return any(group.amounts.values())
    step = LIMIT_STEP * max(_size(plan, program, group, n, index) for n, index in group.rows.items())
    if step <= NOISE:
        step = _small_step(plan, group)
    group.amounts = dict.fromkeys(group.rows, step)
    return step > NOISE


def _share_step(plan: Plan, name: str, index: Key) -> float | None:
    """Return the step of demand and of shares, which differs from year to year; None of a limit."""
    exposure = plan.data.exposure
    if name == "demand_balance":
        return DEMAND_STEP * plan.data.demand.amount[index]
    if name == "chain_exposure_limit":
        return POINT * exposure.capped_demand[index]
    if name == "stage_exposure_limit":
        c, m, t = index
        return POINT * output_for_demand(plan, m, exposure.stage_of[c], t)
    if name.startswith("mix_target"):
        return POINT * output_for_demand(plan, *index[1:])
    return None


def _size(plan: Plan, program: LinearProgram, group: Group, n: int, index: Key) -> float:
    """Return how large a limit is in a year, in units of the program."""
    if group.constraint == "capacity_limit":
        f, t = index
        room = plan.data.lookup.facilities[f].room(t) / TONNES
        there = plan.data.capacity.existing.get((f, t), 0.0)
        return max(plan.value("activity", f, t), there, room if is_finite(room) else 0.0)
    if group.constraint == "collection_limit":
        return plan.value("collect", *index)
    sizes = [abs(bound) for bound in (program.row_lower[n], program.row_upper[n]) if np.isfinite(bound)]
    return float(max(sizes, default=0.0))


def _small_step(plan: Plan, group: Group) -> float:
    """Return the step of a limit of zero: a share of all that is made of the goods it is on."""
    index = next(iter(group.rows.values()))
    if group.constraint == "budget_limit":
        return BUDGET_STEP
    if group.constraint == "resource_limit":
        return DEMAND_STEP * max((plan.value("resource_use", *row) for row in group.rows.values()), default=0.0)
    if group.constraint in OF_PLANTS:
        return 0.0
    made: dict[int, float] = defaultdict(float)
    materials = set(_materials_of(plan, group.constraint, index))
    for (_, j, t), amount in plan.members("output").items():
        if j in materials:
            made[t] += amount
    return DEMAND_STEP * max(made.values(), default=0.0)
