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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from model.analyses.decomposition import solve_in_parts
from model.analyses.findings import Failure, Findings, solved_entry
from model.analyses.futures import (
    Future,
    Hedged,
    expected,
    keep_decisions,
    solve_hedged,
    tail_mean,
    wait_and_see,
)
from model.analyses.inquiry import Inquiry
from model.analyses.linear_measures import difference
from model.analyses.shocked import Shock, decided_in, decisions_of, find_shocks, meet_shock
from model.data.financing import MERCHANT
from model.errors import InputError
from model.results.flows import TONNES, Row
from model.results.plan import NOISE, Plan, read_plan
from model.solver.highs import Session, Solution
from model.solver.program import Floats, Label, LinearProgram

NO_SHOCK = "no shock"

LARGEST = 500_000
"""Columns the shocks may add to one program; beyond, the hedged plan is found part by part."""

Decision = tuple[str, str, int]
"""Kind (build, support, stock), facility or material/region, and year."""


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


def find_hedge(inquiry: Inquiry) -> Findings:
    """Find the hedged plan of the first plan's world.

    Returns:
        Tables `hedge` and `hedge_decisions`; empty where no shock has a probability.
    """
    scenario = inquiry.first_plan
    stated = inquiry.stated(scenario)
    every = find_shocks(inquiry.tables, stated.data.years[0])
    shocks = [shock for shock in every if shock.probability > 0]
    if not shocks:
        return Findings({"hedge": [], "hedge_decisions": []})
    plan = read_plan(stated.data, stated.compiled, *inquiry.optimum(scenario))
    merged = inquiry.merged(scenario)
    weight, tail = merged.number("hedge_cvar_weight"), merged.number("hedge_cvar_tail")
    steps, last_step = count(1), len(shocks) + 2

    def show(line: str) -> None:
        inquiry.show(f"{scenario}  {line}", min(next(steps), last_step), last_step)

    futures = [find_trunk(stated.program, shocks)]
    for shock in shocks:
        try:
            futures.append(meet_shock(inquiry.tables, scenario, plan, shock).future)
        except InputError as error:
            return Failure.of(error).findings(scenario, "hedge", shock.name)
        show(f"hedge: {shock.name}  {np.sum(~futures[-1].common):,} decisions of its own")
    outlook = look_ahead(futures, decisions_of(plan), weight, tail, show)
    last = max(shock.known_from for shock in shocks)
    return Findings(
        {
            "hedge": [(scenario, *row) for row in _measures(outlook, weight, tail)],
            "hedge_decisions": [(scenario, *row) for row in _compare(outlook, plan, last)],
        },
        [
            solved_entry(scenario, "hedge", "hedged", outlook.hedged.objective, outlook.hedged.statistics),
            *(solved_entry(scenario, "hedge", f"foreseen {future.name}", solution.objective, solution.statistics)
              for future, solution in zip(outlook.futures, outlook.foreseen, strict=True)),
        ],
    )  # fmt: skip


def find_trunk(program: LinearProgram, shocks: Sequence[Shock]) -> Future:
    """The world without a shock, with the probability that is left."""
    left = max(0.0, 1.0 - sum(shock.probability for shock in shocks))
    return Future(NO_SHOCK, left, program, np.ones(len(program.columns), dtype=np.bool_))


def look_ahead(
    futures: Sequence[Future], decisions: Mapping[Label, float], cvar_weight: float, cvar_tail: float,
    show: Callable[[str], None] = lambda _line: None,
) -> Outlook:  # fmt: skip
    """Solve the hedged plan, and what it is compared with.

    Args:
        futures: the first is the one the decisions are made for.
        decisions: those of the plan for the first future.
        cvar_weight: weight of the bad tail.
        cvar_tail: share of outcomes that is the bad tail.
        show: receives a line for everything that is found.
    """
    foreseen = [wait_and_see(future) for future in futures]
    floors = [solution.objective for solution in foreseen]
    show(f"hedge: with foresight  {expected(floors, futures):,.0f} m USD expected")
    if sum(int((~future.common).sum()) for future in futures[1:]) <= LARGEST:
        hedged = solve_hedged(futures, cvar_weight, cvar_tail)
    else:
        hedged = solve_in_parts(futures, floors[1:], cvar_weight, cvar_tail, show)
    show(f"hedge: hedged plan  {expected(hedged.costs, futures):,.0f} m USD expected")
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
    yield "value_of_stochastic_solution", difference(valued["plan"], valued["hedged"]), "USD million"
    yield "value_of_perfect_information", difference(valued["hedged"], valued["foreseen"]), "USD million"
    if futures[0].probability > 0:
        yield "plan_cost_without_shock", outlook.kept[0], "USD million"
        yield "insurance_premium", difference(outlook.hedged.costs[0], outlook.kept[0]), "USD million"
    yield "cvar_weight", weight, "weight"
    yield "cvar_tail", tail, "share"
    for n, future in enumerate(futures):
        if future.probability == 0:
            continue  # One shock or another is sure to come: of a world without any, nothing is weighed.
        yield f"probability: {future.name}", future.probability, "share"
        for way, costs in ways.items():
            yield f"{way}_cost: {future.name}", costs[n], "USD million"


def _compare(outlook: Outlook, plan: Plan, before: int) -> Iterator[Row]:
    """What the hedged plan decides before the last shock is known, and what plans made for one future decide.

    In years in which some shocks are known already, these are the decisions of those whom none has met.
    """
    hedged = _find_decisions(outlook.futures[0].program.columns, outlook.hedged.points[0])
    # For the first future the plan itself: the solution here may be another of the same cost.
    planned = decisions_of(plan)
    alone = [
        _find_decisions(list(planned), np.array(list(planned.values()))),
        *(_find_decisions(future.program.columns, solution.x)
          for future, solution in zip(outlook.futures[1:], outlook.foreseen[1:], strict=True)),
    ]  # fmt: skip
    for key in sorted({key for found in (hedged, *alone) for key in found if key[2] < before}):
        single = [found.get(key, 0.0) for found in alone]
        yield *key, TONNES * hedged.get(key, 0.0), TONNES * max(single), TONNES * expected(single, outlook.futures)


def _find_decisions(columns: Sequence[Label], x: Floats) -> dict[Decision, float]:
    """New capacity without and with support, rescues, and levels of stock, in kt."""
    found: dict[Decision, float] = defaultdict(float)
    for label, amount in zip(columns, x.tolist(), strict=True):
        name, key = label
        if name not in ("build", "rescue", "stock") or amount <= NOISE:
            continue
        year = decided_in(label)
        if name == "stock":
            found["stock", f"{key[0]}/{key[1]}", year] += amount
        else:
            found["build" if key[2] == MERCHANT else "support", str(key[0]), year] += amount
    return dict(found)
