"""The hedged plan part by part: for more futures than one linear program should carry.

Benders' decomposition (Van Slyke and Wets 1969, doi 10.1137/0117061) over the futures `solve_hedged` takes. The
*master* is the program of the first future, with one column more for each other future: its cost. That cost is a convex
function of the decisions the future shares with the first one. Each time a future is answered for some decisions, what
its cost does around them becomes a row of the master, a *cut*. What is asked about lies between the best decisions
known and those the master proposes (in-out separation, Ben-Ameur and Neto 2007, doi 10.1002/net.20190), which takes
far fewer rounds than to follow the master.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.analyses.engine import add_up
from model.analyses.futures import (
    Future,
    Hedged,
    Places,
    cost_of,
    places_in,
    row_numbers,
    state_hedged,
    tail_mean,
)
from model.errors import InfeasibleError, SolverLimitError
from model.solver.highs import Session, Solution
from model.solver.program import Floats, LinearProgram

GAP = 1e-6
"""The search ends where no decisions can be better than the best known by more than this share of the cost."""

ROUNDS = 500
"""After so many rounds the search has failed."""

TOLD = 10
"""Rounds between two lines on how far the search is."""

STEP = 0.5
"""How far to go from the best decisions known towards those the master proposes."""

MISSED = 1e-6
"""Rows missed by less than this together (kt) count as met: that is the rounding of the solver."""


@dataclass(frozen=True)
class Cut:
    """What is learned of a future around some decisions: `cost >= constant + slopes @ decisions[columns]`.

    Attributes:
        constant, columns, slopes: of the row; `columns` counts those of the first future.
        is_on_cost: no: the future has no answer where the right-hand side is above 0.
    """

    constant: float
    columns: Places
    slopes: Floats
    is_on_cost: bool = True


@dataclass(frozen=True)
class Answer:
    """The best a future can do after some decisions; a cost without end where it can do nothing."""

    cost: float
    x: Floats
    cut: Cut
    solutions: tuple[Solution, ...]


class Recourse:
    """One future but the first, answered for one set of decisions after the other."""

    def __init__(self, trunk: LinearProgram, future: Future) -> None:
        program, own = future.program, ~future.common
        is_kept = np.bincount(row_numbers(program)[own[program.index]], minlength=len(program.rows)) > 0
        # A row on shared decisions alone is the first future's.
        self._program = replace(
            program,
            row_lower=np.where(is_kept, program.row_lower, -np.inf),
            row_upper=np.where(is_kept, program.row_upper, np.inf),
        )
        self._own = own
        self._place = places_in(trunk, future)
        self._shared = self._place >= 0
        self._session = Session(self._program)
        self._elastic: Session | None = None

    def answer(self, decisions: Floats) -> Answer:
        """The best answer to decisions of the first future."""
        held = np.where(self._shared, decisions[self._place], 0.0)
        self._hold(self._session, held)
        try:
            solution = self._session.solve()
        except InfeasibleError:
            return self._answer_elastic(held)
        return self._tell(solution, held, (solution,))

    def _hold(self, session: Session, held: Floats) -> None:
        lower = np.where(self._own, self._program.lower, held)
        upper = np.where(self._own, self._program.upper, held)
        slack = len(session.program.columns) - len(lower)
        session.change_bounds(np.append(lower, np.zeros(slack)), np.append(upper, np.full(slack, np.inf)))

    def _tell(self, solution: Solution, held: Floats, solutions: tuple[Solution, ...]) -> Answer:
        return Answer(solution.objective, solution.x, self._cut(solution, held), solutions)

    def _cut(self, solution: Solution, held: Floats, *, is_on_cost: bool = True) -> Cut:
        """The cost at the decisions, and its slopes there: what one more unit of a held column would add."""
        moves = self._shared & (solution.reduced_cost[: len(held)] != 0)
        slopes = solution.reduced_cost[: len(held)][moves]
        return Cut(solution.objective - float(slopes @ held[moves]), self._place[moves], slopes, is_on_cost)

    def _answer_elastic(self, held: Floats) -> Answer:
        """Where there is no answer, by how much rows are missed at least; a rounding is made good."""
        self._elastic = self._elastic or Session(_loosen(self._program))
        self._hold(self._elastic, held)
        missed = self._elastic.solve()
        if missed.objective > MISSED:
            return Answer(np.inf, np.zeros_like(held), self._cut(missed, held, is_on_cost=False), (missed,))
        program, rows = self._program, len(self._program.rows)
        below, above = np.split(missed.x[len(held) :], [rows])
        self._session.change_row_bounds(program.row_lower - below - MISSED, program.row_upper + above + MISSED)
        solution = self._session.solve()
        self._session.change_row_bounds(program.row_lower, program.row_upper)
        return self._tell(solution, held, (missed, solution))


def _loosen(program: LinearProgram) -> LinearProgram:
    """The program in which every row can be missed, from below or above, and nothing but that has a cost."""
    count, size = len(program.rows), len(program.columns)
    ends, each = program.start[1:], np.arange(count, dtype=np.int32)
    at = np.repeat(ends, 2)
    return replace(
        program,
        columns=(*program.columns, *((side, label[1]) for side in ("below", "above") for label in program.rows)),
        cost=np.append(np.zeros(size), np.ones(2 * count)),
        offset=0.0,
        lower=np.append(program.lower, np.zeros(2 * count)),
        upper=np.append(program.upper, np.full(2 * count, np.inf)),
        start=(program.start + 2 * np.arange(count + 1)).astype(np.int32),
        index=np.insert(program.index, at, np.stack([size + each, size + count + each], axis=1).ravel()),
        value=np.insert(program.value, at, np.tile([1.0, -1.0], count)),
    )


class Master:
    """The program of the first future; what each other one costs beyond its floor is a column that cuts bound."""

    def __init__(
        self, futures: Sequence[Future], floors: Sequence[float], cvar_weight: float, cvar_tail: float
    ) -> None:
        stand_ins = [_stand_in(future, floor) for future, floor in zip(futures[1:], floors, strict=True)]
        program, places = state_hedged([futures[0], *stand_ins], cvar_weight, cvar_tail)
        self._cost_above = [int(place[0]) for place in places[1:]]
        self._floors = floors
        self._size = len(futures[0].program.columns)
        self._session = Session(program)

    def propose(self) -> tuple[Solution, Floats]:
        """The best solution as far as is known, and its decisions."""
        solution = self._session.solve()
        return solution, solution.x[: self._size]

    def learn(self, n: int, cut: Cut) -> None:
        """Add what is known of the n-th future after the first."""
        constant, columns, coefficients = cut.constant, cut.columns, -cut.slopes
        if cut.is_on_cost:
            constant -= self._floors[n]
            columns, coefficients = np.append(columns, self._cost_above[n]), np.append(coefficients, 1.0)
        self._session.add_row(constant, columns, coefficients)


def _stand_in(future: Future, floor: float) -> Future:
    """A future as the master sees it: what it costs beyond its floor, which is small enough for the solver's digits."""
    none, empty = np.zeros(0), np.zeros(0, dtype=np.int32)
    program = LinearProgram(
        columns=(("cost_above", ()),), rows=(), cost=np.ones(1), offset=floor,
        lower=np.zeros(1), upper=np.full(1, np.inf), row_lower=none, row_upper=none,
        start=np.zeros(1, dtype=np.int32), index=empty, value=none,
    )  # fmt: skip
    return Future(future.name, future.probability, program, np.zeros(1, dtype=np.bool_))


@dataclass(frozen=True)
class _Asked:
    """Decisions, what follows from them in each future, and what they are worth."""

    decisions: Floats
    answers: tuple[Answer, ...]
    costs: tuple[float, ...]
    objective: float


def solve_in_parts(
    futures: Sequence[Future],
    floors: Sequence[float],
    cvar_weight: float = 0.0,
    cvar_tail: float = 1.0,
    show: Callable[[str], None] = lambda _line: None,
) -> Hedged:
    """What `solve_hedged` finds, to `GAP`, without ever loading more than one future at a time with the first.

    Args:
        futures: the first is the one whose program the master is.
        floors: of each future after the first, a cost it cannot go below: that of foresight.
        cvar_weight: weight of the mean cost of the worst `cvar_tail` of outcomes.
        cvar_tail: share of outcomes that is the bad tail.
        show: receives every `TOLD` rounds how far apart the bounds are, relatively.

    Raises:
        InfeasibleError, SolverLimitError: see model/errors.py.
    """
    trunk = futures[0].program
    parts = [Recourse(trunk, future) for future in futures[1:]]
    master = Master(futures, floors, cvar_weight, cvar_tail)
    solutions: list[Solution] = []

    def ask(decisions: Floats) -> _Asked:
        answers = tuple(part.answer(decisions) for part in parts)
        for n, answer in enumerate(answers):
            master.learn(n, answer.cut)
            solutions.extend(answer.solutions)
        costs = (cost_of(trunk, decisions), *(answer.cost for answer in answers))
        return _Asked(decisions, answers, costs, _value(futures, costs, cvar_weight, cvar_tail))

    best: _Asked | None = None
    for count in range(ROUNDS):
        bound, proposed = master.propose()
        solutions.append(bound)
        gap = np.inf if best is None else (best.objective - bound.objective) / max(1.0, abs(best.objective))
        if count % TOLD == 0 and best is not None:
            show(f"hedge: round {count}  within {gap:.1e} of the least cost")
        if best is not None and gap <= GAP:
            return _as_hedged(_choose(best, ask(proposed)), count, gap, solutions)
        asked = ask(proposed if best is None else best.decisions + STEP * (proposed - best.decisions))
        if np.isfinite(asked.objective) and (best is None or asked.objective < best.objective):
            best = asked
    raise SolverLimitError(f"the hedged plan was not found in {ROUNDS} rounds")


def _value(futures: Sequence[Future], costs: Sequence[float], weight: float, tail: float) -> float:
    if not np.isfinite(costs).all():
        return np.inf
    probabilities = [future.probability for future in futures]
    return float(np.dot(probabilities, costs)) + (weight * tail_mean(costs, probabilities, tail) if weight > 0 else 0.0)


def _choose(best: _Asked, proposed: _Asked) -> _Asked:
    """The last proposal where it is as good: it is a corner, and decides fewer things by halves."""
    return proposed if proposed.objective - best.objective <= GAP * abs(best.objective) else best


def _as_hedged(found: _Asked, rounds: int, gap: float, solutions: Sequence[Solution]) -> Hedged:
    points = (found.decisions, *(answer.x for answer in found.answers))
    statistics = add_up(solutions) | {"rounds": rounds, "gap": float(gap)}
    return Hedged(found.objective, points, found.costs, statistics)
