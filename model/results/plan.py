"""One scenario solved: from checked tables to the decisions, their duals and their cost."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo

from model.data import PlanningData, find_planning_data
from model.errors import InfeasibleError
from model.formulation.build import build_model
from model.memory import pause_garbage_collection
from model.results.alike import share_alike
from model.results.conflict import explain_conflict
from model.results.plan_parts import Influence, PriceStep, Wait
from model.solver.highs import Session, Solution
from model.solver.in_order import Solved, solve_in_order, solve_in_units
from model.solver.program import Compiled, Floats, LinearProgram, by_component
from model.solver.scaling import find_scaling
from model.workbook.tables import Tables

Key = tuple[Any, ...]

NOT_WHOLE = (
    "no plan of whole projects satisfies every rule at once, although one that builds projects in part does; give the "
    "projects that a stock depends on a unit_tpa, or its cover a breach price"
)
"""Why there is no plan where only whole projects stand in the way."""

NOISE = 1e-8
"""A decision below ten grams a year (in kt), a tenth of the solver's tolerance, is zero."""


@dataclass(frozen=True)
class Whole:
    """What it takes to build projects as a whole.

    Attributes:
        linear: discounted cost of the plan that may build projects in part, USD million; no whole plan costs less.
        bound: the least cost of whole projects that is not ruled out, USD million.
        gap: how far the plan may be above the least cost of whole projects, as a share of its cost.
    """

    linear: float
    bound: float
    gap: float


@dataclass(frozen=True)
class Plan:
    """The least-cost plan of a scenario; among these, the one with the least exposed deliveries.

    Attributes:
        data: what the model knew.
        values: component -> index -> value of each decision and named expression, in kt or USD million.
        duals: constraint -> index -> change of the objective for one more unit on its right-hand side.
        objective: discounted cost, USD million.
        statistics: size of the program and effort of the solver.
        whole: how a plan of whole projects compares; None where projects may be built in part. The duals are then those
            of the linear program with all new capacity held.
        influence: what ten percent more of each number does to the cost, where that was asked.
        ties: facility -> what could be built instead at the same cost and exposure, where that was asked.
        steps: what real steps of demand and limits are worth, where that was asked.
        waits: what a year's wait for a decision costs, where that was asked.
    """

    data: PlanningData
    values: dict[str, dict[Key, float]]
    duals: dict[str, dict[Key, float]]
    objective: float
    statistics: dict[str, float | int | str]
    whole: Whole | None = None
    steps: tuple[PriceStep, ...] = ()
    waits: tuple[Wait, ...] = ()
    influence: tuple[Influence, ...] = ()
    ties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def members(self, component: str) -> dict[Key, float]:
        """Return all decisions of a component, or all values of a named expression."""
        return self.values.get(component, {})

    def value(self, component: str, *index: str | int) -> float:
        """Return a decision, 0 where it does not exist."""
        members = self.values.get(component)
        return members.get(index, 0.0) if members else 0.0

    def dual(self, constraint: str, *index: str | int) -> float:
        """Return a dual, 0 where the row does not exist."""
        return self.duals.get(constraint, {}).get(index, 0.0)


@dataclass(frozen=True)
class Stated:
    """A scenario as a linear program that is not solved yet.

    Attributes:
        data: what the model knows.
        m: the model, to name decisions and expressions by.
        compiled: its arrays.
    """

    data: PlanningData
    m: pyo.ConcreteModel
    compiled: Compiled

    @property
    def program(self) -> LinearProgram:
        """The arrays."""
        return self.compiled.program


@pause_garbage_collection()
def state_plan(tables: Tables) -> Stated:
    """State the linear program of one merged and checked scenario."""
    data = find_planning_data(tables)
    m = build_model(data)
    return Stated(data, m, Compiled(m, data.units))


@dataclass(frozen=True)
class SolvedPlan:
    """A plan with the program it solves, so that more can be asked about it."""

    stated: Stated
    plan: Plan
    solved: Solved


def solve_plan(tables: Tables, solver_log: Path | None = None, time_limit: float = math.inf) -> Plan:
    """Solve one merged and checked scenario, with whole projects where the workbook asks for them.

    Args:
        tables: merged tables (interpolated, without inactive rows).
        solver_log: file the solver writes its log to.
        time_limit: seconds the solver may take; a search for whole projects may take as long again.

    Raises:
        InfeasibleError, SolverLimitError: see model/errors.py.
    """
    return solve_to_ask(tables, solver_log, time_limit).plan


def solve_linear_plan(tables: Tables) -> Plan:
    """Solve one merged and checked scenario with divisible projects, as all analyses do.

    Raises:
        InfeasibleError, SolverLimitError: see model/errors.py.
    """
    return solve_linear_to_ask(tables).plan


def solve_linear_to_ask(tables: Tables) -> SolvedPlan:
    """Solve a scenario as `solve_linear_plan` does, and keep the program."""
    return _solve_linear(state_plan(tables))


def solve_to_ask(tables: Tables, solver_log: Path | None = None, time_limit: float = math.inf) -> SolvedPlan:
    """Solve a scenario as `solve_plan` does, and keep the program."""
    stated = state_plan(tables)
    solve = _solve_whole if stated.data.capacity.unit else _solve_linear
    return solve(stated, solver_log, time_limit)


def _solve_linear(stated: Stated, solver_log: Path | None = None, time_limit: float = math.inf) -> SolvedPlan:
    data, compiled = stated.data, stated.compiled
    try:
        second = exposed_deliveries(stated.m, data, compiled)
        solved = solve_in_order(compiled.program, second, solver_log, time_limit)
    except InfeasibleError as error:
        raise InfeasibleError(explain_conflict(data, compiled.program)) from error
    return SolvedPlan(stated, read_plan(data, compiled, solved.first, solved.x), solved)


def _solve_whole(stated: Stated, solver_log: Path | None, time_limit: float) -> SolvedPlan:
    """Return the linear plan, then the whole projects nearest to least cost, then the linear plan with these held."""
    data, compiled, program = stated.data, stated.compiled, stated.program
    try:
        linear = Session(program, solver_log, time_limit=time_limit).solve()
    except InfeasibleError as error:
        raise InfeasibleError(explain_conflict(data, program)) from error
    size = data.capacity.unit
    unit = np.array([size.get(str(key[0]), 0.0) if name == "build" else 0.0 for name, key in program.columns])
    gap = data.lookup.tables.number("whole_projects_gap")
    try:
        held, found = solve_in_units(program, unit, gap, linear, solver_log, time_limit)
    except InfeasibleError as error:
        raise InfeasibleError(NOT_WHOLE) from error
    solved = solve_in_order(held, exposed_deliveries(stated.m, data, compiled), solver_log)
    objective, bound = solved.first.objective, max(found.bound, linear.objective)
    whole = Whole(linear.objective, bound, _relative_gap(objective, bound))
    effort = {"whole_seconds": found.seconds, "whole_nodes": found.nodes, "linear_objective_usd_million": whole.linear,
              "bound_usd_million": whole.bound, "gap": whole.gap}  # fmt: skip
    plan = read_plan(data, compiled, solved.first, solved.x)
    return SolvedPlan(stated, replace(plan, whole=whole, statistics={**plan.statistics, **effort}), solved)


def _relative_gap(objective: float, bound: float) -> float:
    """How far an objective is above a bound, as a share; nothing where it is the order in which the solver adds up."""
    gap = (objective - bound) / abs(objective) if objective else 0.0
    return gap if gap > NOISE else 0.0


def read_plan(data: PlanningData, compiled: Compiled, solution: Solution, x: Floats) -> Plan:
    """The plan at a point: objective, duals and effort are those of the solution, decisions those of the point.

    Demand rows that nothing distinguishes share what they get in proportion to their demand.
    """
    program = compiled.program
    x = np.where(np.abs(x) < NOISE * find_scaling(program).column, 0.0, x)
    # Within its tolerance the solver leaves bounds, and no quantity is negative.
    x = np.clip(x, program.lower, program.upper)
    values = defaultdict(dict, by_component(program.columns, x))
    share_alike(data, values)
    for name in compiled.expressions():
        values[name] = compiled.evaluate(name, x)
    return Plan(
        data=data,
        values=dict(values),
        duals=by_component(compiled.program.rows, solution.row_dual),
        objective=solution.objective,
        statistics=solution.statistics,
    )


def exposed_deliveries(m: pyo.ConcreteModel, data: PlanningData, compiled: Compiled) -> Floats:
    """Exposed deliveries weighted by shortage cost: the second objective, not discounted.

    Routing of clear and exposed lots is often a tie, and exposure would otherwise be noise.
    """
    weighted = (
        data.demand.shortage_cost[d] * m.deliver[d, o, t] for d, o, t in data.demand.DELIVERIES if o == "exposed"
    )
    return compiled.coefficients(sum(weighted))[0]
