"""The cost of waiting: the plan is solved again with no decision on a project in its first year."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from model.errors import InfeasibleError, SolverLimitError
from model.results.columns import TONNES, Row
from model.results.money import penalty_part
from model.results.plan import NOISE, Plan, SolvedPlan
from model.results.plan_parts import Wait

MOST = 24
"""Projects that are looked at."""

SMALLEST = 1e-4
"""A change of the cost below a hundred dollars (in USD million) is rounding."""


def waits(plan: Plan) -> Iterator[Row]:
    """Yield the cost of waiting a year, project by project."""
    for wait in plan.waits:
        yield wait.facility, wait.tonnes, wait.cost, wait.penalties


def find_waits(asked: SolvedPlan, *, wanted: bool = True) -> tuple[Wait, ...]:
    """Solve the plan again without the first-year decision on each project that has one.

    The project may be decided a year later, or not at all. A plan of whole projects has no waits: its new capacity is
    held.
    """
    plan, solved = asked.plan, asked.solved
    if plan.whole or not wanted:
        return ()
    session = solved.session
    session.return_to(solved.program, solved.basis)
    penalties, _ = penalty_part(asked.stated)
    found = []
    for f, columns in _choose(asked):
        upper = solved.program.upper.copy()
        upper[columns] = solved.program.lower[columns]
        session.change_bounds(solved.program.lower, upper)
        session.start_from(solved.basis)
        tonnes = TONNES * float(solved.x[columns].sum())
        try:
            later = session.solve(duals=False)
        except (InfeasibleError, SolverLimitError):
            found.append(Wait(f, tonnes, None, None))
            continue
        cost, missed = later.objective - solved.first.objective, float(penalties @ (later.x - solved.first.x))
        found.append(Wait(f, tonnes, cost, missed) if cost > SMALLEST else Wait(f, tonnes, 0.0, 0.0))
    session.return_to(solved.program, solved.basis)
    return tuple(found)


def _choose(asked: SolvedPlan) -> list[tuple[str, list[int]]]:
    """First-year projects with their columns: the largest investment of each mineral, then the second of each."""
    data, x = asked.plan.data, asked.solved.x
    first = data.years[0]
    columns: defaultdict[str, list[int]] = defaultdict(list)
    for n, (name, key) in enumerate(asked.solved.program.columns):
        if name == "build" and int(key[1]) == first:
            columns[str(key[0])].append(n)
    worth = {
        f: float(np.sum(x[places])) * data.lookup.facilities[f].number("capex_usd_per_tpa", first)
        for f, places in columns.items()
        if np.sum(x[places]) > NOISE
    }
    turns: Counter[str] = Counter()
    turn = {}
    for f in sorted(worth, key=lambda f: (-worth[f], f)):
        mineral = data.lookup.facilities[f].mineral
        turn[f] = turns[mineral]
        turns[mineral] += 1
    return [(f, columns[f]) for f in sorted(worth, key=lambda f: (turn[f], -worth[f], f))[:MOST]]
