"""The value of a real step of a limit or of demand: the plan is solved again with one step more or less.

A shadow price is the slope at the plan. It can end after the first kilogram: an export limit of 0 t with a price of
1,000 USD/t may save nothing at 1,000 t. So a planner reads what whole steps save, for the few limits that matter most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from model.errors import InfeasibleError, SolverLimitError
from model.results.columns import Row
from model.results.money import penalty_part
from model.results.plan import Plan, SolvedPlan
from model.results.plan_parts import PriceStep
from model.results.step_sizes import STEP_KINDS, Group, find_groups
from model.solver.in_order import Solved
from model.solver.program import Floats
from model.workbook.tables import Tables

SMALLEST = 1e-3
"""What a step is worth at the plan, USD million, below which it is not looked at: a thousand dollars."""

USUAL = 2
"""Number of limits of each mineral to look at, where the workbook gives none."""

PRICED = ("t", "t/yr")
"""Units for which a price is shown."""

BENT = 0.9
"""If a step is worth less than this share of its slope, the step in the other direction is solved too."""


def price_steps(plan: Plan) -> Iterator[Row]:
    """Yield the price steps that were found."""
    for found in plan.steps:
        yield (found.constraint, found.key, found.mineral, found.step, found.unit, found.first_year, found.last_year,
               found.up, found.up_penalties, found.down, found.down_penalties, found.slope, found.price)  # fmt: skip


def find_wanted_steps(tables: Tables, *, is_first: bool) -> int:
    """Return how many limits of each mineral to look at.

    Args:
        tables: of the plan, with the setting `price_steps`.
        is_first: whether it is the first plan of the workbook, which alone is looked at where the setting is blank.
    """
    stated = tables.setting("price_steps")
    return int(stated) if isinstance(stated, int | float) else USUAL if is_first else 0


def find_steps(asked: SolvedPlan, most: int = USUAL) -> tuple[PriceStep, ...]:
    """Solve the plan again with one step more of the limits that matter most, a number of them for each mineral."""
    plan, solved = asked.plan, asked.solved
    if not most:
        return ()
    stepper = _Stepper(solved, penalty_part(asked.stated)[0])
    found = (_make_step(plan, stepper, group) for group in _choose(find_groups(plan, solved), stepper, most))
    return tuple(step for step in found if step)


class _Stepper:
    """A program that is solved again with other right-hand sides, always from the basis of the plan."""

    def __init__(self, solved: Solved, penalties: Floats) -> None:
        self.program, self.first = solved.program, solved.first
        self._penalties = penalties
        self._session, self._basis = solved.session, solved.basis
        self._session.return_to(solved.program, solved.basis)

    def slope(self, amounts: Mapping[int, float]) -> float:
        """Return what the duals say a step changes the cost by, USD million."""
        return sum(
            float(self.first.row_dual[n]) * amount * (-1.0 if self._is_floor(n) else 1.0)
            for n, amount in amounts.items()
        )

    def cost_of(self, amounts: Mapping[int, float], sign: float) -> tuple[float, float]:
        """By how much a step changes the cost, and the penalties in it, USD million.

        A step is more room in every row (of an equation, more of it).
        """
        lower, upper = self.program.row_lower.copy(), self.program.row_upper.copy()
        for n, amount in amounts.items():
            self._ease(lower, upper, n, sign * amount)
        self._session.change_row_bounds(lower, upper)
        self._session.start_from(self._basis)
        solution = self._session.solve(duals=False)
        change = solution.objective - self.first.objective
        if abs(change) <= SMALLEST / 10:
            return 0.0, 0.0
        return change, float(self._penalties @ (solution.x - self.first.x))

    def room(self, n: int) -> float:
        """Return how far the right-hand side of a row is from zero."""
        bound = self.program.row_lower[n] if self._is_floor(n) else self.program.row_upper[n]
        return abs(float(bound))

    def _is_floor(self, n: int) -> bool:
        return not np.isfinite(self.program.row_upper[n])

    def _ease(self, lower: Floats, upper: Floats, n: int, amount: float) -> None:
        if self._is_floor(n):
            lower[n] -= amount
            return
        upper[n] += amount
        if np.isfinite(lower[n]):
            lower[n] += amount


def _choose(groups: Sequence[Group], stepper: _Stepper, most: int) -> Iterator[Group]:
    """Of each mineral, and of what concerns several, the demand, caps and plants that matter most at the plan."""
    by_mineral: dict[tuple[str, str], list[tuple[float, Group]]] = defaultdict(list)
    for group in groups:
        worth = abs(stepper.slope(group.amounts))
        if worth > SMALLEST:
            by_mineral[group.mineral, _sort_of(group)].append((worth, group))
    for (_, sort), found in by_mineral.items():
        ranked = sorted(found, key=lambda one: (-one[0], one[1].constraint, one[1].key))
        yield from (group for _, group in ranked[: 1 if sort == "demand" else most])


def _sort_of(group: Group) -> str:
    """Return whether a step is of demand, of a share that policy sets, or of anything else."""
    if group.constraint == "demand_balance":
        return "demand"
    return "share" if STEP_KINDS[group.constraint].is_share else "limit"


def _make_step(plan: Plan, stepper: _Stepper, group: Group) -> PriceStep | None:
    """Solve with a step more and, where the result differs much from the slope, with a step less."""
    kind, is_demand = STEP_KINDS[group.constraint], group.constraint == "demand_balance"
    sign = 1.0 if is_demand else -1.0
    try:
        up, up_penalties = (sign * change for change in stepper.cost_of(group.amounts, 1.0))
        slope = sign * stepper.slope(group.amounts)
    except (InfeasibleError, SolverLimitError):
        return None
    is_straight = BENT * slope <= up <= slope / BENT
    down, down_penalties = (None, None) if is_straight else _step_down(plan, stepper, group, sign)
    years = sorted({int(index[-1]) for index in group.rows.values()}) if kind.has_year else []
    span = len(years) or 1
    weighed = sum(
        amount * (plan.data.discount(int(group.rows[n][-1])) if kind.has_year else 1.0)
        for n, amount in group.amounts.items()
    )
    return PriceStep(
        group.constraint, group.key, group.mineral,
        1.0 if kind.is_share else kind.scale * sum(group.amounts.values()) / span, kind.unit,
        years[0] if years else None, years[-1] if years else None,
        up, down, slope, 1e6 * up / (kind.scale * weighed) if kind.unit in PRICED else None,
        up_penalties, down_penalties,
    )  # fmt: skip


def _step_down(plan: Plan, stepper: _Stepper, group: Group, sign: float) -> tuple[float, float] | tuple[None, None]:
    """Return what a step less costs in years whose limit is that large; None without any, or if nothing is left."""
    amounts = {n: amount for n, amount in group.amounts.items() if _has_room(plan, stepper, group, n)}
    if not amounts:
        return None, None
    try:
        down, penalties = stepper.cost_of(amounts, -1.0)
    except (InfeasibleError, SolverLimitError):
        return None, None
    return -sign * down, -sign * penalties


def _has_room(plan: Plan, stepper: _Stepper, group: Group, n: int) -> bool:
    if group.constraint == "capacity_limit":
        return plan.value("activity", *group.rows[n]) >= group.amounts[n]
    if group.constraint == "collection_limit":
        return plan.value("collect", *group.rows[n]) >= group.amounts[n]
    if STEP_KINDS[group.constraint].is_share:
        return True
    return stepper.room(n) >= group.amounts[n]
