"""Parts of a plan that are found by solving again: price steps, waits and influence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PriceStep:
    """What a step of demand or of a limit is worth, present value over the whole plan.

    Attributes:
        constraint, key, mineral: of the limit or demand; `mineral` is "" where it concerns several.
        step, unit: size of the step, on average over its years.
        first_year, last_year: in which it is made (None: in no year of its own).
        up: what a step more saves (of demand: costs), USD million.
        down: what a step less costs (of demand: saves), USD million; None where it was not looked at.
        slope: what the shadow prices say of the step, USD million.
        price: `up` per unit and year, USD; None of a share.
        up_penalties, down_penalties: the parts of `up` and `down` that are penalties.
    """

    constraint: str
    key: str
    mineral: str
    step: float
    unit: str
    first_year: int | None
    last_year: int | None
    up: float
    down: float | None
    slope: float
    price: float | None
    up_penalties: float
    down_penalties: float | None


@dataclass(frozen=True)
class Wait:
    """What it costs to decide on a project a year later than the plan does.

    Attributes:
        facility: the project.
        tonnes: new capacity the plan decides in its first year, t/yr.
        cost: what the plan costs more without that decision, present value, USD million; None where no plan then
            satisfies every rule.
        penalties: the part of it that is penalties.
    """

    facility: str
    tonnes: float
    cost: float | None
    penalties: float | None


@dataclass(frozen=True)
class Influence:
    """What ten percent more of a number of the workbook does to the cost.

    Attributes:
        rank: 1 for the most influential; None of numbers that only jump.
        sheet, record, column: where the number stands; `years` of a path over the years.
        value: the number, or the mean of the path.
        source, confidence: what it rests on ("" where the row names no source).
        usd_million: change of the discounted cost, by its slope; None of numbers that only jump.
        jumps: it also decides something that jumps, such as who can be financed, which the slope leaves aside.
    """

    rank: int | None
    sheet: str
    record: str
    column: str
    value: float | None
    source: str
    confidence: str
    usd_million: float | None
    jumps: bool
