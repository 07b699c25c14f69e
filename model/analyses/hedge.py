"""Hedged plan: the decisions that are best before it is known which shock comes, if any.

One linear program over the plan's world without a shock and its world after each shock. Up to the year a shock becomes
known, its world shares every decision with the world without it; from then on each answers for itself. What is compared
with it: keeping the plan made for no shock (value of the stochastic solution), and knowing the future (value of perfect
information).

Shocks change which decisions exist, so there is no world of expected numbers to plan for: the plan made for no shock
takes the place of the expected-value plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

import numpy as np

from model.analyses.findings import Failure, Findings, solved_entry
from model.analyses.futures import Hedged, expected, keep_decisions, solve_hedged, wait_and_see
from model.analyses.inquiry import Inquiry
from model.analyses.joint_program import Future
from model.analyses.linear_measures import difference, penalty_cost, without_noise
from model.analyses.shocked import Shock, decided_in, decisions_of, find_shocks, meet_shock
from model.analyses.sweep import Criterion
from model.analyses.tails import tail_weights
from model.data.financing import MERCHANT
from model.errors import InputError
from model.results.columns import TONNES, Row
from model.results.plan import NOISE, Plan, read_plan
from model.results.stand_ins import name_ties
from model.results.ties import Groups, group_builds
from model.solver.highs import Session, Solution
from model.solver.program import Floats, Label, LinearProgram

NO_SHOCK = "no shock"

Decision = tuple[str, str, int]
"""Kind (build, support, stock), facility or material/region, and year."""


@dataclass(frozen=True)
class Outlook:
    """What the futures cost under each way of deciding.

    Attributes:
        hedged: the decisions best for all futures together.
        kept: the best in each future with the decisions that the plan for no shock takes before the shock is known.
        foreseen: the best in each future, were it known to come.
    """

    futures: Sequence[Future]
    hedged: Hedged
    kept: Sequence[Solution]
    foreseen: Sequence[Solution]


class Money(NamedTuple):
    """An amount of money, and the part of it that is penalties, USD million."""

    cost: float
    penalties: float

    def __sub__(self, other: Money) -> Money:
        return Money(difference(self.cost, other.cost), difference(self.penalties, other.penalties))


def weigh(amounts: Sequence[Money], weights: Sequence[float]) -> Money:
    """Weighted sum of amounts."""
    return Money(*(float(np.dot(weights, part)) for part in zip(*amounts, strict=True)))


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

    futures, penalties = [find_trunk(stated.program, shocks)], [penalty_cost(stated)]
    for shock in shocks:
        try:
            world = meet_shock(inquiry.tables, scenario, plan, shock)
        except InputError as error:
            return Failure.of(error).findings(scenario, "hedge", shock.name)
        futures.append(world.future)
        penalties.append(penalty_cost(world.stated))
        show(f"hedge: {shock.name}  {np.sum(~futures[-1].common):,} decisions of its own")
    last = max(shock.known_from for shock in shocks)
    builds = group_builds(stated.program.columns, years=range(stated.data.years[0], last))
    outlook = look_ahead(futures, decisions_of(plan), weight, tail, show, builds)
    return Findings(
        {
            "hedge": [(scenario, *row) for row in _measures(outlook, penalties, weight, tail)],
            "hedge_decisions": [(scenario, *row) for row in _compare(outlook, plan, last)],
        },
        [
            solved_entry(scenario, "hedge", "hedged", outlook.hedged.objective, outlook.hedged.statistics),
            *(solved_entry(scenario, "hedge", f"foreseen {future.name}", solution.objective, solution.statistics)
              for future, solution in zip(outlook.futures, outlook.foreseen, strict=True)),
        ],
    )  # fmt: skip


def find_trunk(program: LinearProgram, shocks: Sequence[Shock]) -> Future:
    """Return the world without a shock, with the probability that is left."""
    left = max(0.0, 1.0 - sum(shock.probability for shock in shocks))
    return Future(NO_SHOCK, left, program, np.ones(len(program.columns), dtype=np.bool_))


def look_ahead(
    futures: Sequence[Future], decisions: Mapping[Label, float], cvar_weight: float, cvar_tail: float,
    show: Callable[[str], None] = lambda _line: None, builds: Groups | None = None,
) -> Outlook:  # fmt: skip
    """Solve the hedged plan, and what it is compared with.

    Args:
        futures: the first is the one the decisions are made for.
        decisions: those of the plan for the first future.
        cvar_weight: weight of the bad tail.
        cvar_tail: share of outcomes that is the bad tail.
        show: receives a line for everything that is found.
        builds: facility -> columns of the first future; it is found which can stand in for one another.
    """
    foreseen = [wait_and_see(future) for future in futures]
    show("hedge: every future is solved with foresight")
    hedged = solve_hedged(futures, cvar_weight, cvar_tail, builds)
    show("hedge: the hedged plan is solved")
    kept = [Session(keep_decisions(future, decisions)).solve() for future in futures]
    return Outlook(futures, hedged, kept, foreseen)


def _measures(outlook: Outlook, penalties: Sequence[Criterion], weight: float, tail: float) -> Iterator[Row]:
    """Expected costs, their bad tails, and the values of hedging and of knowing; penalties apart."""
    futures = outlook.futures
    probabilities = [future.probability for future in futures]
    points = {
        "hedged": list(zip(outlook.hedged.costs, outlook.hedged.points, strict=True)),
        "plan": [(solution.objective, solution.x) for solution in outlook.kept],
        "foreseen": [(solution.objective, solution.x) for solution in outlook.foreseen],
    }
    ways = {
        way: [Money(cost, part.value(x)) for (cost, x), part in zip(found, penalties, strict=True)]
        for way, found in points.items()
    }
    valued = {}
    for way, amounts in ways.items():
        mean = weigh(amounts, probabilities)
        bad = weigh(amounts, tail_weights([one.cost for one in amounts], probabilities, tail))
        valued[way] = weigh([mean, bad], [1.0, weight])
        yield _row(f"{way}_expected_cost", mean)
        yield _row(f"{way}_tail_cost", bad)
    yield _row("value_of_stochastic_solution", valued["plan"] - valued["hedged"])
    yield _row("value_of_perfect_information", valued["hedged"] - valued["foreseen"])
    if futures[0].probability > 0:
        yield _row("plan_cost_without_shock", ways["plan"][0])
        yield _row("insurance_premium", ways["hedged"][0] - ways["plan"][0])
    yield "cvar_weight", weight, "weight", None, None
    yield "cvar_tail", tail, "share", None, None
    for n, future in enumerate(futures):
        if future.probability == 0:
            continue  # One shock or another is sure to come: of a world without any, nothing is weighed.
        yield f"probability: {future.name}", future.probability, "share", None, None
        for way, amounts in ways.items():
            yield _row(f"{way}_cost: {future.name}", amounts[n])


def _row(measure: str, amount: Money) -> Row:
    missed = without_noise(amount.penalties)
    return measure, amount.cost, "USD million", amount.cost - missed, missed


def _compare(outlook: Outlook, plan: Plan, before: int) -> Iterator[Row]:
    """Yield what the hedged plan decides before the last shock is known, and what plans made for one future decide.

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
        tied = "" if key[0] == "stock" else name_ties(outlook.hedged.ties, key[1])
        yield (*key, TONNES * hedged.get(key, 0.0), TONNES * max(single),
               TONNES * expected(single, outlook.futures), tied)  # fmt: skip


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
