"""Near-optimal alternatives: how far a plan can differ and still cost little more than the least-cost plan.

Shares are those of the summary, both sides free to move: not shares of the least-cost plan's output.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from model.analyses import linear_measures
from model.analyses.findings import LOST, Failure, Findings, failed_entry, solved_entry
from model.analyses.inquiry import Inquiry
from model.analyses.linear_measures import difference, without_noise
from model.analyses.near_optimal import NearOptimal, Range, Share
from model.analyses.relevance import find_relevant
from model.analyses.sweep import Criterion, Statistics, objective_of
from model.errors import InfeasibleError, SolverLimitError
from model.results.columns import Row
from model.results.plan import Stated
from model.solver.highs import Solution
from model.solver.program import Floats, LinearProgram
from model.solver.start import Start
from model.workbook.schema import PATHWAYS

FACILITIES = 20
"""Number of facilities whose capacity is explored."""

TOGETHER = 4
"""Amounts explored in one warm sequence; a share, which takes ten times longer, has one to itself. It does not
depend on the number of workers, so that results do not either."""


@dataclass(frozen=True)
class Measure:
    """A measure to explore: its name, unit and form."""

    name: str
    unit: str
    form: Criterion | Share


@dataclass(frozen=True)
class RangeTask:
    """A group of measures to explore on one program, and the optimum to start from."""

    program: LinearProgram
    start: Start
    slacks: tuple[float, ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Explored:
    """The ranges of each measure of a task, or the reason why there are none."""

    task: RangeTask
    ranges: tuple[tuple[Measure, Range], ...] = ()
    least_cost: Statistics | None = None
    failure: Failure | None = None

    @property
    def names(self) -> str:
        """Names of the measures of the task."""
        return ", ".join(measure.name for measure in self.task.measures)


def find_alternatives(inquiry: Inquiry) -> Findings:
    """Return the range of every measure of the first plan within every slack."""
    plan = inquiry.first_plan
    stated = inquiry.stated(plan)
    first, x = inquiry.optimum(plan)
    slacks = slacks_of(stated)
    groups = group_measures(find_measures(stated, first, x))
    start = inquiry.solved(plan).start
    tasks = [RangeTask(stated.program, start, slacks, group) for group in groups]
    found = inquiry.pool.map(
        explore, tasks, lambda n, explored: inquiry.show(_line(plan, explored), n, len(tasks)), lost=_lose
    )
    return Findings(
        {"alternatives": [(plan, *row) for row in _rows(stated, found, slacks, x)]},
        [entry for explored in found for entry in _entries(plan, explored, stated.program, first.objective)],
    )


def slacks_of(stated: Stated) -> tuple[float, ...]:
    """Return the slacks the workbook asks for, from the smallest up."""
    slacks = stated.data.lookup.tables.setting("near_optimal_slack")
    assert isinstance(slacks, tuple)
    return tuple(sorted({float(slack) for slack in slacks}))


def group_measures(every: Iterable[Measure]) -> list[tuple[Measure, ...]]:
    """Return the groups of measures explored in one sequence: each share alone, amounts `TOGETHER` at a time."""
    listed = list(every)
    amounts = [measure for measure in listed if isinstance(measure.form, Criterion)]
    groups = [(measure,) for measure in listed if isinstance(measure.form, Share)]
    return groups + [tuple(amounts[n : n + TOGETHER]) for n in range(0, len(amounts), TOGETHER)]


def find_measures(stated: Stated, first: Solution, x: Floats) -> Iterator[Measure]:
    """The share of every pathway there is, the treasury's outlay, and the new capacity of the relevant facilities."""
    for pathway in PATHWAYS:
        share = linear_measures.pathway_share(stated, pathway)
        if share.part.coefficients.any():
            yield Measure(f"share_{pathway}", "share", share)
    yield Measure("support_paid", "USD million", linear_measures.outlay(stated))
    built = linear_measures.built_capacity(stated)
    for f in find_relevant(stated, first, x, FACILITIES):
        yield Measure(f"new_capacity {f}", "t/yr", built[f])


def explore(task: RangeTask) -> Explored:
    """Explore some measures in one warm sequence of solves."""
    try:
        near = NearOptimal(task.program, task.slacks, task.start)
        found = [(measure, one) for measure in task.measures for one in near.find_ranges(measure.form)]
    except (InfeasibleError, SolverLimitError) as error:
        return Explored(task, failure=Failure.of(error))
    return Explored(task, tuple(found), near.statistics)


def _lose(task: RangeTask) -> Explored:
    return Explored(task, failure=LOST)


def _line(plan: str, explored: Explored) -> str:
    if explored.failure:
        return f"{plan}  alternatives: {explored.names}  {explored.failure.status}"
    seconds = sum(float(end.statistics["seconds"]) for _, r in explored.ranges for end in (r.lowest, r.highest))
    return f"{plan}  alternatives: {explored.names}  {seconds:.1f} s"


def _rows(stated: Stated, found: Sequence[Explored], slacks: Sequence[float], x: Floats) -> Iterator[Row]:
    cost, penalties = objective_of(stated.program), linear_measures.penalty_cost(stated)

    def more(end: Floats) -> tuple[float, float]:
        """Return the additional supply cost and penalties of a plan over the least-cost plan."""
        missed = difference(penalties.value(end), penalties.value(x))
        return difference(cost.value(end), cost.value(x)) - missed, missed

    for slack in slacks:
        for explored in found:
            for measure, one in explored.ranges:
                if one.slack == slack:
                    values = (one.lowest.value, one.highest.value, measure.form.value(x))
                    ends = (*more(one.lowest.x), *more(one.highest.x))
                    yield slack, measure.name, *map(without_noise, values), measure.unit, *ends


def _entries(plan: str, explored: Explored, program: LinearProgram, least: float) -> Iterator[dict[str, object]]:
    if explored.failure:
        yield failed_entry(plan, "alternatives", explored.names, explored.failure)
    if explored.least_cost:
        of = f"least cost, before {explored.names}"
        yield solved_entry(plan, "alternatives", of, least, explored.least_cost)
    for measure, one in explored.ranges:
        for end, extreme in (("lowest", one.lowest), ("highest", one.highest)):
            of = f"{end} {measure.name} at {one.slack:g}"
            cost = float(program.cost @ extreme.x) + program.offset
            yield solved_entry(plan, "alternatives", of, cost, extreme.statistics)
