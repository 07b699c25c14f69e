"""Cost against exposure: efficient plans from the least-cost one to the least exposed one, at several support budgets.

Under each multiple of the budgets, unmet demand (weighted by shortage cost, all years together) is never above that of
the least-cost plan under the same budgets: serving less demand does not count as less exposure. Every point is
efficient: nothing with its exposure costs less, and nothing at its cost is less exposed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from model.analyses import linear_measures
from model.analyses.engine import Criteria, Point, trace_frontier
from model.analyses.findings import LOST, Failure, Findings, failed_entry, solved_entry
from model.analyses.inquiry import Inquiry
from model.analyses.linear_measures import without_noise
from model.analyses.sweep import Criterion, objective_of
from model.data import PlanningData
from model.data.lookup import is_finite
from model.errors import InfeasibleError, SolverLimitError
from model.results.by_mineral import LEAST_SHARE, Share, largest
from model.results.columns import TONNES, Row
from model.results.plan import NOISE, Stated
from model.results.stand_ins import name_ties
from model.results.ties import Groups, group_builds
from model.solver.program import Floats, LinearProgram
from model.solver.start import Start

COST, EXPOSED, SHORTAGE = range(3)


@dataclass(frozen=True)
class FrontierTask:
    """One frontier: everything a worker needs, in arrays.

    Attributes:
        multiple: of the support budgets.
        program: with budgets multiplied.
        exposed, shortage: the criteria beside cost.
        points: how many points.
        builds: facility -> columns of its new capacity.
        start: the optimum of the plan.
    """

    multiple: float
    program: LinearProgram
    exposed: Criterion
    shortage: Criterion
    points: int
    builds: Groups
    start: Start


@dataclass(frozen=True)
class Traced:
    """The points of one frontier, each with its cap, or why there are none."""

    multiple: float
    points: tuple[tuple[float, Point], ...] = ()
    failure: Failure | None = None


def find_frontier(inquiry: Inquiry) -> Findings:
    """Return the frontier of the first plan at every multiple of the budgets."""
    plan = inquiry.first_plan
    stated = inquiry.stated(plan)
    start = inquiry.solved(plan).start
    tasks = [make_task(stated, multiple, start) for multiple in budget_multiples(stated.data)]
    found = inquiry.pool.map(
        trace, tasks, lambda n, traced: inquiry.show(_line(plan, traced), n, len(tasks)), lost=_lose
    )
    return Findings(
        {
            "frontier": [(plan, *row) for row in _rows(stated, found)],
            "frontier_minerals": [(plan, *row) for row in _mineral_rows(stated, found)],
            "frontier_plans": [(plan, *row) for row in _plan_rows(stated, found)],
        },
        [entry for traced in found for entry in _entries(plan, traced)],
    )


def _entries(plan: str, traced: Traced) -> Iterator[dict[str, object]]:
    of = f"budgets x {traced.multiple:g}"
    if traced.failure:
        yield failed_entry(plan, "frontier", of, traced.failure)
    for n, (_, point) in enumerate(traced.points, 1):
        yield solved_entry(plan, "frontier", f"{of}, point {n}", point.values[COST], point.statistics)


def budget_multiples(data: PlanningData) -> list[float]:
    """The multiples the workbook asks for, from the smallest up; a single one where no budget limits anything."""
    multiples = data.lookup.tables.setting("frontier_budgets")
    assert isinstance(multiples, tuple)
    return sorted({float(multiple) for multiple in multiples}) if data.contracts.BUDGETS else [1.0]


def make_task(stated: Stated, multiple: float, start: Start) -> FrontierTask:
    """Return a frontier with the support budgets multiplied, before contracts in force take theirs; none stays none."""
    program = stated.program
    row_upper = program.row_upper.copy()
    for n, (name, key) in enumerate(program.rows):
        if name == "budget_limit":
            pot, view, t = key
            row_upper[n] = stated.data.contracts.pots[str(pot), str(view), int(t)].left(multiple)
    points = int(stated.data.lookup.tables.number("frontier_points"))
    return FrontierTask(
        multiple,
        replace(program, row_upper=row_upper),
        linear_measures.exposure_index(stated).criterion,
        linear_measures.weighted_shortage(stated),
        points,
        group_builds(program.columns),
        start,
    )


def trace(task: FrontierTask) -> Traced:
    """Trace one frontier in one warm sequence of solves."""
    wanted = [objective_of(task.program), task.exposed, task.shortage]
    criteria = Criteria(task.program, wanted, (EXPOSED, SHORTAGE), task.builds)
    if task.multiple == 1:  # Under other budgets the optimum is far off, and a start from nothing is shorter.
        criteria.start_near(task.start)
    try:
        least_cost = criteria.minimise(COST, EXPOSED)
        criteria.set_cap(SHORTAGE, least_cost.values[SHORTAGE])
        return Traced(task.multiple, tuple(trace_frontier(criteria, COST, EXPOSED, task.points, least_cost)))
    except (InfeasibleError, SolverLimitError) as error:
        return Traced(task.multiple, failure=Failure.of(error))


def _lose(task: FrontierTask) -> Traced:
    return Traced(task.multiple, failure=LOST)


def _line(plan: str, traced: Traced) -> str:
    line = f"{plan}  frontier at budgets x {traced.multiple:g}"
    if traced.failure:
        return f"{line}  {traced.failure.status}"
    seconds = sum(float(point.statistics["seconds"]) for _, point in traced.points)
    return f"{line}  {len(traced.points)} points  {seconds:.1f} s"


def _rows(stated: Stated, found: Sequence[Traced]) -> Iterator[Row]:
    index, penalties = linear_measures.exposure_index(stated), linear_measures.penalty_cost(stated)
    outlay, by_mineral = linear_measures.outlay(stated), MineralShares(stated)
    for traced in found:
        budget = expected_budget(stated.data, traced.multiple)
        before: tuple[float, float, float] | None = None
        for n, (cap, point) in enumerate(traced.points, 1):
            cost, exposure = point.values[COST], index.value(point.x)
            missed, paid = (without_noise(measure.value(point.x)) for measure in (penalties, outlay))
            slopes: tuple[float | None, float | None] = None, None
            if before:
                fall = 100 * (before[2] - exposure)
                slopes = (cost - before[0]) / fall, (missed - before[1]) / fall
            worst = (*largest(by_mineral.exposed(point.x)), *largest(by_mineral.unmet(point.x)))
            yield (
                n,
                index.share(cap),
                exposure,
                *worst,
                cost,
                cost - missed,
                missed,
                budget,
                paid,
                *slopes,
                traced.multiple,
            )
            before = cost, missed, exposure


def _mineral_rows(stated: Stated, found: Sequence[Traced]) -> Iterator[Row]:
    by_mineral = MineralShares(stated)
    for traced in found:
        for n, (_, point) in enumerate(traced.points, 1):
            shares = zip(by_mineral.exposed(point.x), by_mineral.unmet(point.x), strict=True)
            for (m, exposed), (_, unmet) in shares:
                yield n, traced.multiple, m, exposed, unmet


class MineralShares:
    """The exposed and unmet shares of the demand for each mineral at a point of a program."""

    def __init__(self, stated: Stated) -> None:
        self._exposed, self._unmet = linear_measures.exposed_shares(stated), linear_measures.unmet_shares(stated)

    def exposed(self, x: Floats) -> list[Share]:
        """Exposed shares over the years the index counts, of every mineral in demand."""
        return [Share(m, _read(self._exposed[m], x) if m in self._exposed else 0.0) for m in self._unmet]

    def unmet(self, x: Floats) -> list[Share]:
        """Unmet shares over all years, of every mineral in demand."""
        return [Share(m, _read(share, x)) for m, share in self._unmet.items()]


def _read(share: Criterion, x: Floats) -> float:
    return without_noise(share.value(x), LEAST_SHARE)


def expected_budget(data: PlanningData, multiple: float) -> float | None:
    """Return the budgets of all years in the expected view, multiplied, USD million; None where none is limited."""
    pots = [pot for pot in data.lookup.tables["support_budgets"] if pot["view"] == "expected"]
    given = [pot.years[t] for pot in pots for t in data.years]
    limited = [amount for amount in given if is_finite(amount)]
    return multiple * sum(limited) if limited else None


def _plan_rows(stated: Stated, found: Sequence[Traced]) -> Iterator[Row]:
    """New capacity of each point against the first point of the budgets as they are, or else of the same budgets."""
    built = linear_measures.built_capacity(stated)
    solved = [traced for traced in found if traced.points]
    as_is = next((traced for traced in solved if traced.multiple == 1), None)
    for traced in solved:
        reference = (as_is or traced).points[0][1].x
        for n, (_, point) in enumerate(traced.points, 1):
            for f, capacity in built.items():
                here, there = capacity.value(point.x), capacity.value(reference)
                if max(here, there) > TONNES * NOISE:
                    less = without_noise(here - there, TONNES * NOISE)
                    yield n, traced.multiple, f, here, less, name_ties(point.ties, f)
