"""What an analysis is given and gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from model.analyses.findings import Failure, Findings
from model.analyses.pool import Pool
from model.errors import InfeasibleError, InputError, SolverLimitError
from model.results.plan import Stated, exposed_deliveries, state_plan
from model.scenarios.merge import merge
from model.solver.highs import Solution, solve_in_order
from model.solver.program import Floats
from model.workbook.schema import NO_LIMIT
from model.workbook.tables import Tables


@dataclass
class Inquiry:
    """A workbook whose plans are solved, and what helps to ask more of it.

    Attributes:
        tables: the workbook as read and checked.
        plans: the plans that have a solution, in the order of the workbook.
        pool: where independent solves run.
        tell: progress: what is done, how many of how many.
    """

    tables: Tables
    plans: tuple[str, ...]
    pool: Pool
    tell: Callable[[str, int, int], None]
    _merged: dict[str, Tables] = field(default_factory=dict)
    _stated: dict[str, Stated] = field(default_factory=dict)
    _optimum: dict[str, tuple[Solution, Floats]] = field(default_factory=dict)

    @property
    def first_plan(self) -> str:
        """The plan that analyses of a single plan take: the first of the workbook that has a solution."""
        return self.plans[0]

    def merged(self, plan: str) -> Tables:
        """The tables of a plan."""
        if plan not in self._merged:
            self._merged[plan] = merge(self.tables, plan).tables
        return self._merged[plan]

    def stated(self, plan: str) -> Stated:
        """The program of a plan, compiled once for all analyses."""
        if plan not in self._stated:
            self._stated[plan] = state_plan(self.merged(plan))
        return self._stated[plan]

    def optimum(self, plan: str) -> tuple[Solution, Floats]:
        """A least-cost solution of a plan with its duals, and the columns of the plan that is reported."""
        if plan not in self._optimum:
            stated = self.stated(plan)
            second = exposed_deliveries(stated.m, stated.data, stated.compiled)
            self._optimum[plan] = solve_in_order(stated.program, second)
        return self._optimum[plan]


@dataclass(frozen=True)
class Analysis:
    """An analysis a workbook can ask for.

    Attributes:
        name: its name on the command line and in the manifest.
        title: what it is about, for the console.
        setting: the setting that asks for it by not being empty, no or 0; "" where only the command line does.
        find: does it.
        meets_shocks: whether it looks at the shocks of the workbook.
    """

    name: str
    title: str
    setting: str
    find: Callable[[Inquiry], Findings]
    meets_shocks: bool = False

    def is_wanted(self, tables: Tables) -> bool:
        """Whether the workbook asks for it."""
        asked = tables.setting(self.setting) if self.setting else False
        return bool(asked) and asked != (NO_LIMIT,)

    def ask(self, tables: Tables) -> Tables:
        """The tables of a workbook that asks for it: by the default of its setting, if not of itself."""
        return tables if self.is_wanted(tables) or not self.setting else tables.with_default(self.setting)

    def run(self, inquiry: Inquiry) -> Findings:
        """Do it; where the solver gives up, say so and lose nothing else."""
        try:
            return self.find(inquiry)
        except (InfeasibleError, SolverLimitError) as error:
            return Failure.of(error).findings(inquiry.first_plan, self.name)


def exit_code_of(findings: Findings) -> int:
    """A program without a plan is an answer; tables that break a rule, or a solver that gives up, are not."""
    codes = {"invalid": InputError.exit_code, "limit": SolverLimitError.exit_code, "lost": SolverLimitError.exit_code}
    return max((codes.get(str(model["status"]), 0) for model in findings.models), default=0)
