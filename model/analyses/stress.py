"""Stress test: what each shock does to each plan, once what was decided before it is known can no longer be changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from model.analyses.findings import LOST, Failure, Findings, solved_entry
from model.analyses.futures import keep_decisions, wait_and_see
from model.analyses.inquiry import Inquiry
from model.analyses.linear_measures import difference, penalty_cost
from model.analyses.savings import EverydayWorth, HeldProgram, find_savings
from model.analyses.shocked import Shock, decisions_of, find_shocks, meet_shock
from model.errors import InfeasibleError, InputError, SolverLimitError
from model.results.by_mineral import exposed_shares, exposure_index, largest, unmet_shares
from model.results.columns import Row, TableName
from model.results.money import breaches, discounted_costs
from model.results.plan import Plan, read_plan, solve_linear_plan
from model.scenarios.lineage import shocks
from model.scenarios.merge import merge
from model.solver.highs import Session
from model.solver.in_order import solve_second
from model.solver.program import Label
from model.workbook.tables import Tables

TOGETHER = 4
"""Shocks that a plan is tested against in one task, so that it is solved once for them. Results do not depend on the
number of workers, because this does not."""

TABLES: tuple[TableName, ...] = ("stress", "stress_minerals", "regret", "stress_savings", "stress_breaches")


@dataclass(frozen=True)
class StressTask:
    """A plan, and some shocks to test it against."""

    tables: Tables
    scenario: str
    shocks: tuple[str, ...]


@dataclass
class Tested:
    """The effects of some shocks on a plan.

    Attributes:
        scenario, found: the plan, and the rows and entries there are to report.
        extra_cost: shock -> cost with it less the plan's without, and the penalties in it, USD million.
        regret: shock -> how much less it would have cost had the shock been known, and the penalties in it.
    """

    scenario: str
    found: Findings = field(default_factory=Findings)
    extra_cost: dict[str, tuple[float, float]] = field(default_factory=dict)
    regret: dict[str, tuple[float, float]] = field(default_factory=dict)


def find_stress(inquiry: Inquiry) -> Findings:
    """Test every plan against every shock.

    Returns:
        Tables `stress`, `stress_minerals`, `regret`, `stress_savings` and `stress_breaches`.
    """
    names = shocks(inquiry.tables)
    tasks = [
        StressTask(inquiry.tables, plan, tuple(names[n : n + TOGETHER]))
        for plan in inquiry.plans
        for n in range(0, len(names), TOGETHER)
    ]
    every = inquiry.pool.map(
        put_through, tasks, lambda n, tested: inquiry.show(_line(tested), n, len(tasks)), lost=_lose
    )
    found = Findings({name: [] for name in TABLES})
    for tested in every:
        found.add(tested.found)
    found.tables["regret"] = [row for plan in inquiry.plans for row in _regret_rows(plan, every)]
    return found


def put_through(task: StressTask) -> Tested:
    """Solve a plan and test it against some shocks."""
    try:
        plan = solve_linear_plan(merge(task.tables, task.scenario).tables)
    except (InfeasibleError, SolverLimitError) as error:
        return _fail(task, Failure.of(error))
    tested, decisions = Tested(task.scenario), decisions_of(plan)
    everyday = EverydayWorth(plan, decisions)
    for shock in find_shocks(task.tables, plan.data.years[0]):
        if shock.name not in task.shocks:
            continue
        try:
            _add_test(tested, task, plan, shock, decisions, everyday)
        except (InputError, InfeasibleError, SolverLimitError) as error:
            tested.found.add(Failure.of(error).findings(task.scenario, "stress", shock.name))
    return tested


def _fail(task: StressTask, failure: Failure) -> Tested:
    """Report that the plan itself has no solution."""
    return Tested(task.scenario, failure.findings(task.scenario, "stress", ", ".join(task.shocks)))


def _lose(task: StressTask) -> Tested:
    return _fail(task, LOST)


def _add_test(
    tested: Tested,
    task: StressTask,
    plan: Plan,
    shock: Shock,
    decisions: Mapping[Label, float],
    everyday: EverydayWorth,
) -> None:  # fmt: skip
    """Add what one shock does to the plan."""
    world = meet_shock(task.tables, task.scenario, plan, shock)
    future = world.future
    program = keep_decisions(future, decisions)
    session = Session(program)
    first = session.solve()
    penalties = penalty_cost(world.stated)
    held = HeldProgram(program, penalties.coefficients, session, first)
    savings = list(find_savings(world, held, everyday, plan))
    # As in a plan: among the cheapest answers the one with the least exposed deliveries.
    x = solve_second(session, program, first, world.second_cost).x
    answer = read_plan(world.data, world.compiled, first, x)
    foreseen = wait_and_see(future)
    extra = difference(answer.objective, plan.objective)
    missed = difference(discounted_costs(answer)["penalty"], discounted_costs(plan)["penalty"])
    tested.extra_cost[shock.name] = extra, missed
    late = difference(penalties.value(first.x), penalties.value(foreseen.x))
    tested.regret[shock.name] = difference(first.objective, foreseen.objective), late
    rows: dict[TableName, Iterable[Row]] = {
        "stress": [(extra, extra - missed, missed, *_measure(answer))],
        "stress_minerals": _minerals(answer),
        "stress_savings": savings,
        "stress_breaches": _new_breaches(answer, shock),
    }
    tested.found.add(
        Findings(
            {name: [(task.scenario, shock.name, *row) for row in part] for name, part in rows.items()},
            [
                solved_entry(task.scenario, "stress", of, solution.objective, solution.statistics)
                for of, solution in ((shock.name, first), (f"{shock.name}, foreseen", foreseen))
            ],
        )
    )


def _measure(answer: Plan) -> Row:
    """Exposure, shortage and outlay over the horizon."""
    paid = float(sum(amount for (t,), amount in answer.members("pay").items() if t in answer.data.years))
    index = exposure_index(answer, answer.data.index_years)
    return index, *largest(exposed_shares(answer)), *largest(unmet_shares(answer)), paid


def _minerals(answer: Plan) -> Iterator[Row]:
    """Yield the exposed and the unmet share of the demand for each mineral."""
    for (m, exposed), (_, unmet) in zip(exposed_shares(answer), unmet_shares(answer), strict=True):
        yield m, exposed, unmet


def _new_breaches(answer: Plan, shock: Shock) -> Iterator[Row]:
    """Caps, targets, covers and contracts that are missed once the shock is known."""
    for row in breaches(answer):
        if row.year >= shock.known_from:
            yield row


def _regret_rows(scenario: str, every: Sequence[Tested]) -> Iterator[Row]:
    """The regrets of a plan; the worst is of the shock it would most have liked to know of."""
    regrets = {
        shock: regret for tested in every if tested.scenario == scenario for shock, regret in tested.regret.items()
    }
    worst = max((regret for regret, _ in regrets.values()), default=np.nan)
    for shock, (regret, missed) in regrets.items():
        yield scenario, shock, regret, "yes" if regret == worst else "no", regret - missed, missed


def _line(tested: Tested) -> str:
    """Return the line that reports what each shock adds to the cost of the plan, or why that is not known."""
    costs = [
        f"{shock} {cost:+,.0f} m USD (penalties {missed:+,.0f})" for shock, (cost, missed) in tested.extra_cost.items()
    ]
    failures = [f"{model['of']} {model['status']}" for model in tested.found.models if model["status"] != "optimal"]
    return f"{tested.scenario}  {', '.join(costs + failures)}"
