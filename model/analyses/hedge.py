"""Hedged plan: the decisions that are best before it is known which shock comes, if any.

One linear program over the plan's world without a shock and its world after each shock. Up to the year a shock becomes
known, its world shares every decision with the world without it; from then on each answers for itself. Where that is
more than one program should carry, the same is found by decomposition. What is compared with it: keeping the plan made
for no shock (value of the stochastic solution), and knowing the future (value of perfect information).

Shocks change which decisions exist, so there is no world of expected numbers to plan for: the plan made for no shock
takes the place of the expected-value plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.analyses.decomposition import solve_in_parts
from model.analyses.findings import Findings, describe_failure
from model.analyses.futures import (
    Future,
    Hedged,
    expected,
    keep_decisions,
    solve_hedged,
    tail_mean,
    wait_and_see,
)
from model.analyses.shocked import Shock, decided_in, decisions_of, find_shocks, meet_shock
from model.build import build_model
from model.data.contracts import MERCHANT
from model.errors import InfeasibleError, InputError, SolverLimitError
from model.plan import NOISE, Plan
from model.program import Compiled, Floats, Label
from model.results.flows import TONNES, Row
from model.solve import Session, Solution
from model.tables import Tables

NO_SHOCK = "no shock"

LARGEST = 500_000
"""Columns the shocks may add to one program; beyond, the hedged plan is found part by part."""

Decision = tuple[str, str, int]
"""Kind (build, contract, stock), facility or material/region, and year."""


@dataclass(frozen=True)
class Outlook:
    """What the futures cost under each way of deciding.

    Attributes:
        hedged: the decisions best for all futures together.
        kept: cost in each future of keeping what the plan for no shock decides before the shock is known.
        foreseen: the best in each future, were it known to come.
    """

    futures: Sequence[Future]
    hedged: Hedged
    kept: Sequence[float]
    foreseen: Sequence[Solution]


def hedge_plan(tables: Tables, plans: Mapping[str, Plan]) -> Findings:
    """Find the hedged plan of the first plan's world.

    Args:
        tables: the workbook as it was read.
        plans: scenario -> its plan; the first is hedged, all are compared with it.

    Returns:
        Tables `hedge` and `hedge_decisions`; empty where no shock has a probability.
    """
    found = Findings({"hedge": [], "hedge_decisions": []})
    scenario = next(iter(plans), "")
    shocks = [shock for shock in find_shocks(tables) if shock.probability > 0]
    if not shocks or not scenario:
        return found
    plan, settings = plans[scenario], plans[scenario].data.book.tables
    weight, tail = settings.number("hedge_cvar_weight"), settings.number("hedge_cvar_tail")
    entry: dict[str, object] = {"scenario": scenario, "analysis": "hedge"}
    try:
        outlook = look_ahead(find_futures(tables, scenario, plan, shocks), decisions_of(plan), weight, tail)
    except (InputError, InfeasibleError, SolverLimitError) as error:
        found.add(describe_failure(entry, error))
        return found
    found.tables["hedge"] = [(scenario, *row) for row in _measures(outlook, weight, tail)]
    last = max(shock.known_from for shock in shocks)
    found.tables["hedge_decisions"] = [(scenario, *row) for row in _compare(outlook, list(plans.values()), last)]
    found.models = [
        entry | {"question": "hedged", "status": "optimal", "objective_usd_million": outlook.hedged.objective}
        | outlook.hedged.statistics,
        *(entry | {"question": f"foreseen {future.name}", "status": "optimal",
                   "objective_usd_million": solution.objective} | solution.statistics
          for future, solution in zip(outlook.futures, outlook.foreseen, strict=True)),
    ]  # fmt: skip
    return found


def find_futures(tables: Tables, scenario: str, plan: Plan, shocks: Sequence[Shock]) -> list[Future]:
    """The world without a shock, with the probability that is left, and the world after each shock."""
    trunk = Compiled(build_model(plan.data)).program
    left = max(0.0, 1.0 - sum(shock.probability for shock in shocks))
    every = np.ones(len(trunk.columns), dtype=np.bool_)
    return [
        Future(NO_SHOCK, left, trunk, every),
        *(meet_shock(tables, scenario, plan, shock).future for shock in shocks),
    ]


def look_ahead(
    futures: Sequence[Future], decisions: Mapping[Label, float], cvar_weight: float, cvar_tail: float
) -> Outlook:
    """Solve the hedged plan, and what it is compared with.

    Args:
        futures: the first is the one the decisions are made for.
        decisions: those of the plan for the first future.
        cvar_weight: weight of the bad tail.
        cvar_tail: share of outcomes that is the bad tail.
    """
    foreseen = [wait_and_see(future) for future in futures]
    if sum(int((~future.common).sum()) for future in futures[1:]) <= LARGEST:
        hedged = solve_hedged(futures, cvar_weight, cvar_tail)
    else:
        hedged = solve_in_parts(futures, [solution.objective for solution in foreseen[1:]], cvar_weight, cvar_tail)
    kept = [Session(keep_decisions(future, decisions)).solve().objective for future in futures]
    return Outlook(futures, hedged, kept, foreseen)


def _measures(outlook: Outlook, weight: float, tail: float) -> Iterator[Row]:
    """Expected costs, their bad tails, and the values of hedging and of knowing."""
    futures = outlook.futures
    probabilities = [future.probability for future in futures]
    ways = {
        "hedged": outlook.hedged.costs,
        "plan": outlook.kept,
        "foreseen": [solution.objective for solution in outlook.foreseen],
    }
    mean = {way: expected(costs, futures) for way, costs in ways.items()}
    bad = {way: tail_mean(costs, probabilities, tail) for way, costs in ways.items()}
    valued = {way: mean[way] + weight * bad[way] for way in ways}
    for way in ways:
        yield f"{way}_expected_cost", mean[way], "USD million"
        yield f"{way}_tail_cost", bad[way], "USD million"
    yield "value_of_stochastic_solution", valued["plan"] - valued["hedged"], "USD million"
    yield "value_of_perfect_information", valued["hedged"] - valued["foreseen"], "USD million"
    yield "plan_cost_without_shock", outlook.kept[0], "USD million"
    yield "insurance_premium", outlook.hedged.costs[0] - outlook.kept[0], "USD million"
    yield "cvar_weight", weight, "weight"
    yield "cvar_tail", tail, "share"
    for n, future in enumerate(futures):
        yield f"probability: {future.name}", future.probability, "share"
        for way, costs in ways.items():
            yield f"{way}_cost: {future.name}", costs[n], "USD million"


def _compare(outlook: Outlook, plans: Sequence[Plan], before: int) -> Iterator[Row]:
    """What the hedged plan decides before the last shock is known, and what plans made for one future decide.

    In years in which some shocks are known already, these are the decisions of those whom none has met.
    """
    hedged = _find_decisions(outlook.futures[0].program.columns, outlook.hedged.points[0])
    # The first future's plan is the first of the plans: its solution here may be another of the same cost.
    single = [_find_decisions(list(values), np.array(list(values.values()))) for values in map(decisions_of, plans)]
    foreseen = [
        _find_decisions(future.program.columns, solution.x)
        for future, solution in zip(outlook.futures[1:], outlook.foreseen[1:], strict=True)
    ]
    alone = [single[0], *foreseen]
    every = sorted({key for found in (hedged, *single, *foreseen) for key in found if key[2] < before})
    for key in every:
        most = max(found.get(key, 0.0) for found in (*single, *foreseen))
        mean = expected([found.get(key, 0.0) for found in alone], outlook.futures)
        yield *key, TONNES * hedged.get(key, 0.0), TONNES * most, TONNES * mean


def _find_decisions(columns: Sequence[Label], x: Floats) -> dict[Decision, float]:
    """New capacity without and under a contract, rescues, and levels of stock, in kt."""
    found: dict[Decision, float] = defaultdict(float)
    for label, amount in zip(columns, x.tolist(), strict=True):
        name, key = label
        if name not in ("build", "rescue", "stock") or amount <= NOISE:
            continue
        year = decided_in(label)
        if name == "stock":
            found["stock", f"{key[0]}/{key[1]}", year] += amount
        else:
            found["build" if key[2] == MERCHANT else "contract", str(key[0]), year] += amount
    return dict(found)
