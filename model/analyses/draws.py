"""Draws: the first plan in worlds drawn from the ranges of its numbers, anew and with its early decisions kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from model.analyses.findings import LOST, Failure, Findings, failed_entry, solved_entry
from model.analyses.futures import keep_decisions
from model.analyses.inquiry import Inquiry
from model.analyses.joint_program import Future
from model.analyses.linear_measures import difference, penalty_cost
from model.analyses.sampling import draw_hypercube, partial_correlations, rank_correlations
from model.analyses.shocked import decisions_of, meet_tables
from model.data.costs import kind_of
from model.errors import InfeasibleError, InputError, SolverLimitError
from model.results.by_mineral import exposure_index, largest, unmet_shares
from model.results.columns import TONNES, Row, TableName
from model.results.money import discounted_costs
from model.results.plan import NOISE, Plan, solve_linear_plan
from model.rules.checks import check
from model.scenarios.ranges import Input, draw_world, find_inputs
from model.scenarios.selection import ChangeError
from model.solver.highs import Session, Solution, bounds_of
from model.solver.program import Floats, Label
from model.workbook.tables import Tables

TOGETHER = 10
"""Draws in one task, so that the plan is solved once for them; it does not depend on the number of workers, so
that results do not either."""

OFTEN, SELDOM = 0.9, 0.1
"""A project built in at least the first share of draws is one of no regret; in less than the second, never built."""

WEAK = 0.2
"""Rank correlations below this are not listed."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
COLUMNS = ("cost_usd_million", "penalty_usd_million", "exposure_index", "most_short_share", "pays_usd_million",
           "kept_cost_usd_million", "kept_penalty_usd_million", "regret_usd_million",
           "regret_penalty_usd_million")  # fmt: skip
DRIVEN = tuple(column for column in COLUMNS if not column.startswith("kept"))
FANS = {"cost": "USD million", "penalties": "USD million", "exposure": "share", "outlay": "USD million"}
THIRD = 2
"""Place in the horizon of the first year whose decisions are free (the third), unless the workbook names a year."""


@dataclass(frozen=True)
class DrawTask:
    """A plan, and some draws of its inputs.

    Attributes:
        tables: of the plan.
        inputs: what is uncertain.
        numbers, drawn: of the draws; a row of `drawn` for each.
        commit_year: from which the plan's decisions are free.
    """

    tables: Tables
    inputs: tuple[Input, ...]
    numbers: tuple[int, ...]
    drawn: Floats
    commit_year: int


@dataclass(frozen=True)
class Drawn:
    """The result of a draw.

    Attributes:
        number: of the draw.
        measures: column of the table `draws` -> value.
        builds: facility -> t/yr, and first decision year.
        yearly: measure and year -> value.
        statistics: effort of the solver.
        failure: why there is no plan.
    """

    number: int
    measures: Mapping[str, float] = field(default_factory=dict)
    builds: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    yearly: Mapping[tuple[str, int], float] = field(default_factory=dict)
    statistics: Mapping[str, float | int | str] = field(default_factory=dict)
    failure: Failure | None = None


def find_draws(inquiry: Inquiry) -> Findings:
    """Draw worlds, solve each with and without the plan's early decisions, and report what holds in all of them."""
    name, tables = inquiry.first_plan, inquiry.merged(inquiry.first_plan)
    inputs = tuple(find_inputs(tables))
    count, seed = int(inquiry.tables.number("draws")), int(inquiry.tables.number("draws_seed"))
    drawn = draw_hypercube([one.name for one in inputs], count, seed)
    commit = commit_year(tables)
    tasks = [
        DrawTask(tables, inputs, tuple(range(n, min(n + TOGETHER, count))), drawn[n : n + TOGETHER], commit)
        for n in range(0, count, TOGETHER)
    ]
    found = inquiry.pool.map(
        draw_some, tasks, lambda n, some: inquiry.show(_line(name, some), n, len(tasks)), lost=_lose
    )
    every = [one for some in found for one in some]
    rows = _find_rows(inputs, drawn, every, list(inquiry.stated(name).data.lookup.facilities))
    return Findings(
        {table: [(name, *row) for row in part] for table, part in rows.items()}, [_entry(name, one) for one in every]
    )


def commit_year(tables: Tables) -> int:
    """Return the first year whose decisions are free in every draw."""
    stated = tables.setting("commit_year")
    return int(stated) if isinstance(stated, int | float) else tables.horizon[min(THIRD, len(tables.horizon) - 1)]


def draw_some(task: DrawTask) -> list[Drawn]:
    """Solve the plan in some drawn worlds."""
    try:
        plan = solve_linear_plan(task.tables)
    except (InfeasibleError, SolverLimitError) as error:
        return [Drawn(n, failure=Failure.of(error)) for n in task.numbers]
    decisions = decisions_of(plan)
    return [
        _draw_one(task, plan, decisions, n, row) for n, row in zip(task.numbers, task.drawn.tolist(), strict=True)
    ]  # fmt: skip


def _keep_projects(future: Future) -> Future:
    """The future in which projects and awards alone are decided before: operations follow the drawn world."""
    is_project = np.array([name in ("build", "rescue") for name, _ in future.program.columns], dtype=np.bool_)
    return replace(future, common=future.common & is_project)


def _draw_one(
    task: DrawTask, plan: Plan, decisions: Mapping[Label, float], number: int, draws: Sequence[float]
) -> Drawn:
    try:
        tables = _drawn_tables(task, draws)
        free = solve_linear_plan(tables)
        world = meet_tables(tables, plan, task.commit_year)
        best, kept = _decide_twice(_keep_projects(world.future), decisions)
    except (InputError, InfeasibleError, SolverLimitError) as error:
        return Drawn(number, failure=Failure.of(error))
    years = free.data.years
    penalty = penalty_cost(world.stated)
    missed = discounted_costs(free)["penalty"]
    measures = {
        "cost_usd_million": free.objective,
        "penalty_usd_million": missed,
        "exposure_index": exposure_index(free, free.data.index_years),
        "most_short_share": largest(unmet_shares(free)).share,
        "pays_usd_million": float(sum(x for (t,), x in free.members("pay").items() if t in years)),
        "kept_cost_usd_million": kept.objective,
        "kept_penalty_usd_million": penalty.value(kept.x),
        "regret_usd_million": difference(kept.objective, best.objective),
        "regret_penalty_usd_million": difference(penalty.value(kept.x), penalty.value(best.x)),
    }
    return Drawn(number, measures, _builds_of(free), dict(_years_of(free)), free.statistics)


def _decide_twice(world: Future, decisions: Mapping[Label, float]) -> tuple[Solution, Solution]:
    """Return the least cost in a drawn world, and the least cost with the early decisions held.

    Both in the same program, in which what the plan has been offered can still be taken: the difference is what the
    early decisions alone cost, and never negative.
    """
    session = Session(world.program)
    best = session.solve(duals=False)
    session.change_all_bounds(bounds_of(keep_decisions(world, decisions)))
    return best, session.solve(duals=False)


def _drawn_tables(task: DrawTask, draws: Sequence[float]) -> Tables:
    """Return the drawn tables, if they keep every rule.

    Raises:
        InputError: a range leads out of what a column allows, or the numbers together break a rule.
    """
    try:
        tables = draw_world(task.tables, task.inputs, draws)
    except ChangeError as error:
        raise InputError([]) from error
    problems = [problem for problem in check(tables) if problem.is_error]
    if problems:
        raise InputError(problems)
    return tables


def _builds_of(plan: Plan) -> dict[str, tuple[float, int]]:
    """Facility -> new capacity of all years, t/yr, and the year of its first decision."""
    found: dict[str, tuple[float, int]] = {}
    for (f, v, _), amount in sorted(plan.members("build").items()):
        if amount > NOISE:
            built, first = found.get(str(f), (0.0, int(v)))
            found[str(f)] = built + TONNES * amount, min(first, int(v))
    return found


def _years_of(plan: Plan) -> Iterator[tuple[tuple[str, int], float]]:
    """Cost without penalties, penalties, exposure and outlay of every year."""
    costs: defaultdict[tuple[str, int], float] = defaultdict(float)
    for (term, _, t), amount in plan.members("cost").items():
        costs["penalties" if kind_of(str(term)) == "penalty" else "cost", int(t)] += amount
    for t in plan.data.years:
        yield ("cost", t), costs["cost", t]
        yield ("penalties", t), costs["penalties", t]
        yield ("exposure", t), exposure_index(plan, [t])
        yield ("outlay", t), plan.value("pay", t)


def _lose(task: DrawTask) -> list[Drawn]:
    return [Drawn(n, failure=LOST) for n in task.numbers]


def _line(plan: str, some: Sequence[Drawn]) -> str:
    failed = sum(one.failure is not None for one in some)
    return f"{plan}  draws {some[0].number + 1} to {some[-1].number + 1}" + (f"  {failed} failed" if failed else "")


def _entry(plan: str, one: Drawn) -> dict[str, object]:
    if one.failure:
        return failed_entry(plan, "draws", str(one.number + 1), one.failure)
    return solved_entry(plan, "draws", str(one.number + 1), one.measures["cost_usd_million"], one.statistics)


def _find_rows(
    inputs: Sequence[Input], drawn: Floats, every: Sequence[Drawn], facilities: Sequence[str]
) -> dict[TableName, list[Row]]:
    """Return the tables; statistics over all draws are over those that have a plan."""
    solved = [one for one in every if not one.failure]
    heights = drawn[[one.number for one in solved]]
    names = [one.name for one in inputs]
    return {
        "draws": [
            (one.number + 1, one.failure.status if one.failure else "optimal",
             *(one.measures.get(column) for column in COLUMNS))
            for one in every
        ],
        "draw_inputs": [(n + 1, name, float(row[k])) for n, row in enumerate(drawn) for k, name in enumerate(names)],
        "draw_builds": list(_build_rows(solved, heights, names, facilities)),
        "draw_drivers": list(_driver_rows(solved, heights, names)),
        "draw_years": list(_year_rows(solved)),
    }  # fmt: skip


def _build_rows(
    solved: Sequence[Drawn], heights: Floats, names: Sequence[str], facilities: Sequence[str]
) -> Iterator[Row]:
    """Yield every project that some draw builds, those of no regret first."""
    found = []
    for f in facilities if solved else ():
        sizes = np.array([one.builds.get(f, (0.0, 0))[0] for one in solved])
        share = float((sizes > 0).mean())
        if share > 0:
            years = [one.builds[f][1] for one in solved if f in one.builds]
            correlations = rank_correlations(heights, sizes)
            best = int(np.argmax(np.abs(correlations))) if len(names) else -1
            strong = best >= 0 and abs(correlations[best]) >= WEAK and share < OFTEN
            kind = "no regret" if share >= OFTEN else "never" if share < SELDOM else "depends"
            low, middle, high = (float(x) for x in np.quantile(sizes, (QUANTILES[0], 0.5, QUANTILES[-1])))
            found.append((f, kind, share, low, middle, high, int(np.median(years)), names[best] if strong else "",
                          float(correlations[best]) if strong else None))  # fmt: skip
    yield from sorted(found, key=lambda row: (-row[2], row[0]))


def _driver_rows(solved: Sequence[Drawn], heights: Floats, names: Sequence[str]) -> Iterator[Row]:
    """Yield the inputs correlated with each measure, the strongest first."""
    for measure in DRIVEN if len(solved) > 1 else ():
        values = np.array([one.measures[measure] for one in solved])
        correlations = rank_correlations(heights, values)
        partial = partial_correlations(heights, values, correlations)
        for n in np.argsort(-np.abs(correlations), kind="stable").tolist():
            if correlations[n] != 0:
                yield measure, names[n], float(correlations[n]), partial.get(n)


def _year_rows(solved: Sequence[Drawn]) -> Iterator[Row]:
    """Yield how cost, penalties, exposure and outlay of each year spread over the draws."""
    years = sorted({t for one in solved for _, t in one.yearly})
    for measure, unit in FANS.items():
        for t in years:
            values = np.array([one.yearly[measure, t] for one in solved])
            yield measure, t, *(float(x) for x in np.quantile(values, QUANTILES)), unit
