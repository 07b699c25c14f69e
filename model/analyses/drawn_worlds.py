"""One drawn world: the plan made anew in it, and made again once the projects decided early stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from model.analyses.draw_measures import builds_of, measure, years_of
from model.analyses.findings import Failure
from model.analyses.futures import keep_decisions
from model.analyses.joint_program import Future
from model.analyses.linear_measures import difference, penalty_cost
from model.analyses.shocked import decisions_of, meet_tables
from model.data.planning import sign_decisions
from model.data.signed import Signed
from model.errors import InfeasibleError, InputError, SolverLimitError
from model.memory import pause_garbage_collection
from model.results.plan import Plan, SolvedPlan, solve_linear_to_ask
from model.results.stand_ins import Ties
from model.results.ties import find_ties
from model.rules.checks import check
from model.scenarios.ranges import Input, draw_world
from model.scenarios.selection import ChangeError
from model.solver.highs import Session, Solution, bounds_of
from model.solver.program import Floats, Label, take_apart
from model.workbook.tables import Tables

PROJECTS = ("build", "rescue")
"""Decisions that are kept: projects and awards. What is made and bought follows the drawn world."""


@dataclass(frozen=True)
class Early:
    """What a plan has decided before the year from which decisions are free.

    Attributes:
        signed: what these decisions were made on.
        projects: new capacity and awards, kt.
    """

    signed: Signed
    projects: Mapping[Label, float]

    @classmethod
    def of(cls, plan: Plan, commit_year: int) -> Early:
        """Return the early decisions of a plan."""
        projects = {label: amount for label, amount in decisions_of(plan).items() if label[0] in PROJECTS}
        return cls(sign_decisions(plan.data, commit_year, plan.duals), projects)


@dataclass(frozen=True)
class DrawTask:
    """A plan, and some draws of its inputs.

    Attributes:
        tables: of the plan.
        early: what the plan decides early.
        inputs: what is uncertain.
        numbers, drawn: of the draws; a row of `drawn` for each.
    """

    tables: Tables
    early: Early
    inputs: tuple[Input, ...]
    numbers: tuple[int, ...]
    drawn: Floats


@dataclass(frozen=True)
class Drawn:
    """What comes of a draw.

    Attributes:
        number: of the draw.
        measures: column of the table `draws` -> value.
        builds: facility -> t/yr, and first decision year.
        ties: facility -> what could be built instead at the same cost and exposure.
        yearly: measure and year -> value.
        statistics: effort of the solver.
        failure: why there is no plan.
    """

    number: int
    measures: Mapping[str, float] = field(default_factory=dict)
    builds: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    ties: Ties = field(default_factory=dict)
    yearly: Mapping[tuple[str, int], float] = field(default_factory=dict)
    statistics: Mapping[str, float | int | str] = field(default_factory=dict)
    failure: Failure | None = None


def draw_some(task: DrawTask) -> list[Drawn]:
    """Plan in some drawn worlds."""
    return [_draw_one(task, n, row) for n, row in zip(task.numbers, task.drawn.tolist(), strict=True)]


@pause_garbage_collection(then_search=True)
def _draw_one(task: DrawTask, number: int, draws: Sequence[float]) -> Drawn:
    try:
        tables = _drawn_tables(task, draws)
        asked = solve_linear_to_ask(tables)
        kept = _keep_early(task.early, tables, asked)
    except (InputError, InfeasibleError, SolverLimitError) as error:
        return Drawn(number, failure=Failure.of(error))
    free, ties = asked.plan, find_ties(asked)
    take_apart(asked.stated.m)
    return Drawn(number, measure(free) | kept, builds_of(free), ties, dict(years_of(free)), free.statistics)


def _keep_early(early: Early, tables: Tables, asked: SolvedPlan) -> dict[str, float]:
    """Return what the drawn world costs once the early decisions stand, and how much of that is regret.

    Args:
        early: the decisions.
        tables: of the drawn world.
        asked: the plan made anew in it, from whose basis the search starts.
    """
    world = meet_tables(tables, early.signed)
    penalty = penalty_cost(world.stated)
    best, kept = decide_twice(keep_projects(world.future), early.projects, asked)
    take_apart(world.stated.m)
    return {
        "kept_cost_usd_million": kept.objective,
        "kept_penalty_usd_million": penalty.value(kept.x),
        "regret_usd_million": difference(kept.objective, best.objective),
        "regret_penalty_usd_million": difference(penalty.value(kept.x), penalty.value(best.x)),
    }


def keep_projects(future: Future) -> Future:
    """The future in which projects and awards alone are decided before: operations follow the drawn world."""
    is_project = np.array([name in PROJECTS for name, _ in future.program.columns], dtype=np.bool_)
    return replace(future, common=future.common & is_project)


def decide_twice(world: Future, projects: Mapping[Label, float], near: SolvedPlan) -> tuple[Solution, Solution]:
    """The best that can be done in a drawn world, and the best that is left once the early decisions stand.

    Both in the same program, in which what the plan has been offered can still be taken: the difference is what the
    early decisions alone cost, and never negative. The first starts from the basis of a plan of nearly the same
    program, and the second from the first: that takes half the time.
    """
    session = Session(world.program)
    session.start_near(near.solved.start)
    best = session.solve(duals=False)
    session.change_all_bounds(bounds_of(keep_decisions(world, projects)))
    return best, session.solve(duals=False)


def _drawn_tables(task: DrawTask, draws: Sequence[float]) -> Tables:
    """Return the drawn tables, if they keep every rule.

    Raises:
        InputError: a range leads out of what a column allows, or the numbers together break a rule.
    """
    try:
        tables = draw_world(task.tables, task.inputs, draws)
    except ChangeError as error:
        raise InputError([]) from error
    problems = [problem for problem in check(tables) if problem.is_error]
    if problems:
        raise InputError(problems)
    return tables
