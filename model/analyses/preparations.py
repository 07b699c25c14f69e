"""What blunts the worst failure: each measure is taken before it, and costs something also where nothing fails.

A measure is trade that is arranged anew, more new capacity of one project, or a larger stock. The plan is made again
with the failure known from its first year. What it then decides otherwise names the measures; each is tried alone, with
everything else the plan decided held. Trade and operation before the failure go along with every measure, as a stock
has to be bought and a supplier qualified.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from model.analyses.failure_points import FailureWorld
from model.analyses.futures import hold
from model.analyses.joint_program import Mask
from model.analyses.linear_measures import SOLVER_NOISE, difference, without_noise
from model.analyses.outages import Outage, stop
from model.analyses.shocked import decisions_of
from model.errors import InfeasibleError, SolverLimitError
from model.results.columns import TONNES, Row
from model.results.plan import NOISE
from model.solver.highs import Session
from model.solver.program import Floats

MOST = 4
"""Projects and stocks that are tried, those worth most at the shortage cost of what they make or hold."""

CAPACITY, STORE = ("build", "retain", "rescue"), ("stock", "stock_in", "stock_out")
"""Decisions that stay as the plan has them unless they are the measure."""


class Measure(NamedTuple):
    """A measure: trade, project or stock; its name; and how much more of it, kt or kt/yr."""

    kind: str
    name: str
    more: float


NOTHING = Outage("", "", frozenset())
"""No failure."""

TRADE = Measure("trade", "", 0.0)
"""Other suppliers, and buying ahead within the room that stocks have."""


def find_measures(at: FailureWorld, outage: Outage, extra: float, penalty: float, penalties: Floats) -> Iterator[Row]:
    """Yield what each measure costs without the failure, and saves with it, the cheapest for what it saves first.

    Args:
        at: the world in which things fail.
        outage: what fails.
        extra: what it costs without any measure, USD million.
        penalty: the penalties in it.
        penalties: the part of the cost that is a penalty, per unit of each column.

    Raises:
        InfeasibleError, SolverLimitError: the program itself has no answer.
    """
    trial = _Trial(at, outage, penalties)
    rows = []
    for measure in (TRADE, *trial.find_candidates()):
        try:
            premium, paid, with_it, missed = trial.take(measure)
        except (InfeasibleError, SolverLimitError):
            continue  # One measure less: the others do not hang on it.
        saved, less = difference(extra, with_it), difference(penalty, missed)
        if saved > 0:
            likely = premium / (premium + saved)
            rows.append((measure.kind, measure.name, TONNES * measure.more, premium, paid, saved, less, likely))
    yield from sorted(rows, key=lambda row: (row[-1], row[:2]))


class _Trial:
    """The plan's program with and without the failure, with some of what was decided before held."""

    def __init__(self, at: FailureWorld, outage: Outage, penalties: Floats) -> None:
        self._at, self._outage = at, outage
        self._program, self._before = at.world.program, at.world.future.common
        decided = decisions_of(at.plan)
        self._plan: Floats = np.array([decided.get(label, 0.0) for label in self._program.columns], dtype=np.float64)
        excused = list(outage.excused)
        self._penalties = penalties, penalties.copy()
        self._penalties[1][excused] = 0.0
        self._costs = self._program.cost, self._program.cost - penalties + self._penalties[1]
        self._missed = float(penalties @ self._plan)
        # One for the world without the failure and one for that with it: what each solves differs little from one
        # measure to the next, and much from one world to the other.
        self._sessions = Session(self._program), Session(self._program)
        self._sessions[0].start_near(at.start)

    def find_candidates(self) -> list[Measure]:
        """Find which projects and stocks are larger where the failure is known from the first year."""
        nothing = np.zeros(len(self._plan), dtype=np.bool_)
        x = self._solve(nothing, self._plan, fails=True)
        lookup, last = self._at.plan.data.lookup, self._at.window.first - 1
        more: defaultdict[tuple[str, str], float] = defaultdict(float)
        worth: defaultdict[tuple[str, str], float] = defaultdict(float)
        for n in np.flatnonzero(self._before).tolist():
            name, key = self._program.columns[n]
            what = self._name_of(n)
            if what and (name == "build" or (name == "stock" and key[-1] == last)):
                good = lookup.facilities[str(key[0])].output if name == "build" else str(key[0])
                change = float(x[n] - self._plan[n])
                more[what] += change
                worth[what] += change * lookup.shortage_cost[good]
        larger = sorted((what for what in more if more[what] > NOISE), key=lambda what: (-worth[what], what))
        return [Measure(*what, more[what]) for what in larger[:MOST]]

    def take(self, measure: Measure) -> tuple[float, float, float, float]:
        """Return the extra cost of a measure and the penalties in it, without the failure and with it."""
        places = np.flatnonzero(self._before).tolist()
        held = np.zeros(len(self._plan), dtype=np.bool_)
        held[[n for n in places if self._name_of(n) not in (None, measure[:2])]] = True
        failing = self._solve(held, self._plan, fails=True)
        usual = self._solve(self._before, failing, fails=False)
        return (*self._extra(usual, fails=False), *self._extra(failing, fails=True))

    def _extra(self, x: Floats, *, fails: bool) -> tuple[float, float]:
        cost = float(self._costs[fails] @ x) + self._program.offset
        missed = float(self._penalties[fails] @ x) - self._missed
        return difference(cost, self._at.plan.objective), without_noise(missed, SOLVER_NOISE * abs(cost))

    def _name_of(self, n: int) -> tuple[str, str] | None:
        """Return the measure a column belongs to; None for trade and operation."""
        name, key = self._program.columns[n]
        if name in CAPACITY:
            return "project", str(key[0])
        return ("stock", f"{key[0]}/{key[1]}") if name in STORE else None

    def _solve(self, held: Mask, x: Floats, *, fails: bool) -> Floats:
        session = self._sessions[fails]
        stop(session, hold(self._program, held, x), self._outage if fails else NOTHING)
        session.change_costs(self._costs[fails])
        return session.solve(duals=False).x
