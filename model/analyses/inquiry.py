"""The input of an analysis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from model.analyses.pool import Pool
from model.results.plan import Stated, exposed_deliveries, state_plan
from model.scenarios.merge import merge
from model.solver.highs import Solution
from model.solver.in_order import Solved, solve_in_order
from model.solver.program import Floats
from model.workbook.tables import Tables


@dataclass
class Inquiry:
    """A workbook with its solved plans, and what an analysis needs to ask more about it.

    Attributes:
        tables: the workbook as read and checked.
        plans: the plans that have a solution, in the order of the workbook.
        pool: where independent solves run.
        show: receives the name of each finished part, and how many of how many are finished.
    """

    tables: Tables
    plans: tuple[str, ...]
    pool: Pool
    show: Callable[[str, int, int], None]
    _merged: dict[str, Tables] = field(default_factory=dict)
    _stated: dict[str, Stated] = field(default_factory=dict)
    _solved: dict[str, Solved] = field(default_factory=dict)

    @property
    def first_plan(self) -> str:
        """The plan that analyses of a single plan use: the first of the workbook that has a solution."""
        return self.plans[0]

    def merged(self, plan: str) -> Tables:
        """Return the tables of a plan."""
        if plan not in self._merged:
            self._merged[plan] = merge(self.tables, plan).tables
        return self._merged[plan]

    def stated(self, plan: str) -> Stated:
        """Return the program of a plan, compiled once for all analyses."""
        if plan not in self._stated:
            self._stated[plan] = state_plan(self.merged(plan))
        return self._stated[plan]

    def solved(self, plan: str) -> Solved:
        """Return the program of a plan, solved once for all analyses."""
        if plan not in self._solved:
            stated = self.stated(plan)
            second = exposed_deliveries(stated.m, stated.data, stated.compiled)
            self._solved[plan] = solve_in_order(stated.program, second)
        return self._solved[plan]

    def optimum(self, plan: str) -> tuple[Solution, Floats]:
        """Return a least-cost solution of a plan with its duals, and the columns of the plan that is reported."""
        solved = self.solved(plan)
        return solved.first, solved.x
