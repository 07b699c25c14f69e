"""A plan as the reports show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from model.workbook.tables import Tables


class Solved(NamedTuple):
    """What became of a scenario, as far as the report is concerned."""

    name: str
    status: str
    message: str


@dataclass(frozen=True)
class Scenario:
    """A plan as the report shows it.

    Attributes:
        name, title: its identifier and what it is called.
        status: optimal, infeasible, limit or lost.
        message: why there is no plan ("" where there is one).
        stress_drop: how far prices fall in the stress view of its budgets.
        first_year, last_year: of its horizon.
        discount_rate: at which its cost is discounted.
        price_year: year whose dollars its money is in, if it is stated.
    """

    name: str
    title: str
    status: str
    message: str
    stress_drop: float
    first_year: int
    last_year: int
    discount_rate: float = 0.0
    price_year: int | None = None

    @property
    def is_solved(self) -> bool:
        """Whether there is a plan to show."""
        return self.status == "optimal"

    def index_span(self, index_from: int) -> str:
        """The years the exposure index of the plan covers, with the first year it counts."""
        return f"{max(index_from, self.first_year)}-{self.last_year}"

    @property
    def yardstick(self) -> dict[str, str]:
        """What two plans must share for their costs to be comparable."""
        return {
            "horizon": f"{self.first_year}-{self.last_year}",
            "discount rate": f"{100 * self.discount_rate:.10g} %",
            "price year": str(self.price_year or "not stated"),
        }

    def unlike(self, other: Scenario) -> str:
        """Why the costs of two plans cannot be compared ("" where they can)."""
        mine, theirs = self.yardstick, other.yardstick
        return "; ".join(
            f"the {what} is {mine[what]}, not {theirs[what]}" for what in mine if mine[what] != theirs[what]
        )


def find_price_year(tables: Tables) -> int | None:
    """Return the year whose dollars all money is in, if it is stated."""
    year = tables.setting("price_year")
    return int(year) if isinstance(year, int | float) else None
