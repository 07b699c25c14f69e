"""Stress test: what each shock does to each plan, once what was decided before it is known can no longer be changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from model.analyses.findings import Findings, describe_failure
from model.analyses.futures import keep_decisions, wait_and_see
from model.analyses.measures import difference
from model.analyses.savings import EverydayWorth, HeldProgram, find_savings
from model.analyses.shocked import Shock, decisions_of, find_shocks, meet_shock
from model.errors import InfeasibleError, InputError, SolverLimitError
from model.plan import Plan, read_plan, solve_plan
from model.program import Label
from model.results.flows import TONNES, Row
from model.results.measures import exposure_index
from model.results.money import breaches
from model.scenarios import merge
from model.solve import Session, bounds_of
from model.tables import Tables


def stress_test(tables: Tables, plans: Mapping[str, Plan]) -> Findings:
    """Put every plan through every shock.

    Args:
        tables: the workbook as it was read.
        plans: scenario -> its plan.

    Returns:
        Tables `stress`, `regret`, `stress_savings` and `stress_breaches`.
    """
    found = Findings({"stress": [], "regret": [], "stress_savings": [], "stress_breaches": []})
    for scenario, plan in plans.items():
        decisions = decisions_of(plan)
        everyday = EverydayWorth(plan, decisions)
        regrets: dict[str, float] = {}
        for shock in find_shocks(tables):
            try:
                part, regrets[shock.name] = _test(tables, scenario, plan, shock, decisions, everyday)
            except (InputError, InfeasibleError, SolverLimitError) as error:
                part = describe_failure(_entry(scenario, shock), error)
                regrets.pop(shock.name, None)
            found.add(part)
        found.tables["regret"] += list(_regret_rows(scenario, regrets))
    return found


def stress_scenario(tables: Tables, scenario: str) -> Findings:
    """Solve one plan and put it through every shock, in one go, for a worker of its own.

    Raises:
        InfeasibleError, SolverLimitError: the plan itself has no solution.
    """
    return stress_test(tables, {scenario: solve_plan(merge(tables, scenario).tables)})


def _test(
    tables: Tables, scenario: str, plan: Plan, shock: Shock, decisions: Mapping[Label, float],
    everyday: EverydayWorth,
) -> tuple[Findings, float]:  # fmt: skip
    """What one shock does to one plan, and how much less it would have cost had the shock been known."""
    world = meet_shock(tables, scenario, plan, shock)
    future = world.future
    program = keep_decisions(future, decisions)
    session = Session(program)
    first = session.solve()
    savings = list(find_savings(world, HeldProgram(program, session, first), everyday, plan))
    # As in a plan: among the cheapest answers the one with the least exposed deliveries.
    session.change_all_bounds(bounds_of(program).at_optimum(first))
    session.change_costs(world.second_cost)
    answer = read_plan(world.data, world.compiled, first, session.solve(primal=True).x)
    foreseen = wait_and_see(future)
    found = Findings(
        tables={
            "stress": [(scenario, shock.name, *_measure(plan, answer))],
            "stress_savings": [(scenario, shock.name, *row) for row in savings],
            "stress_breaches": [(scenario, shock.name, *row) for row in _new_breaches(answer, shock)],
        },
        models=[
            _entry(scenario, shock) | {"status": "optimal", "objective_usd_million": solution.objective}
            | {"question": question, **solution.statistics}
            for question, solution in (("stress", first), ("foreseen", foreseen))
        ],
    )  # fmt: skip
    return found, difference(first.objective, foreseen.objective)


def _entry(scenario: str, shock: Shock) -> dict[str, object]:
    return {"scenario": scenario, "analysis": "stress", "shock": shock.name}


def _measure(plan: Plan, answer: Plan) -> tuple[float, float, float, float]:
    """Extra cost, shortage, exposure and outlay over the horizon."""
    paid = float(sum(amount for (t,), amount in answer.members("pay").items() if t in answer.data.years))
    unmet = TONNES * sum(answer.members("unmet").values())
    return answer.objective - plan.objective, unmet, exposure_index(answer), paid


def _new_breaches(answer: Plan, shock: Shock) -> Iterator[Row]:
    """Caps, targets, duties and contracts that are missed once the shock is known."""
    for row in breaches(answer):
        if int(str(row[2])) >= shock.known_from:
            yield row


def _regret_rows(scenario: str, regrets: Mapping[str, float]) -> Iterator[Row]:
    worst = max(regrets.values(), default=np.nan)
    for shock, regret in regrets.items():
        yield scenario, shock, regret, "yes" if regret == worst else "no"
