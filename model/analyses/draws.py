"""Draws: the first plan in worlds drawn from the ranges of its numbers, anew and with its early decisions kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from model.analyses.drawn_worlds import Drawn, DrawTask, Early, draw_some
from model.analyses.findings import LOST, Findings, failed_entry, solved_entry
from model.analyses.inquiry import Inquiry
from model.analyses.sampling import draw_hypercube, highest_by_chance, partial_correlations, rank_correlations
from model.results.columns import Row, TableName
from model.results.plan import read_plan
from model.results.ties import group_builds
from model.scenarios.ranges import Input, find_inputs
from model.solver.program import Floats
from model.workbook.tables import Tables

TOGETHER = 10
"""Draws that are sent to a worker in one go."""

OFTEN, SELDOM = 0.9, 0.1
"""A project built in at least the first share of draws is one of no regret; in less than the second, never built."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
COLUMNS = ("cost_usd_million", "penalty_usd_million", "exposure_index", "most_short_share", "pays_usd_million",
           "kept_cost_usd_million", "kept_penalty_usd_million", "regret_usd_million",
           "regret_penalty_usd_million")  # fmt: skip
DRIVEN = tuple(column for column in COLUMNS if not column.startswith("kept"))
FANS = {"cost": "USD million", "penalties": "USD million", "exposure": "share", "outlay": "USD million"}
THIRD = 2
"""Place in the horizon of the first year whose decisions are free (the third), unless the workbook names a year."""


def find_draws(inquiry: Inquiry) -> Findings:
    """Draw worlds, solve each with and without the plan's early decisions, and report what holds in all of them."""
    name, tables = inquiry.first_plan, inquiry.merged(inquiry.first_plan)
    inputs = tuple(find_inputs(tables))
    count, seed = int(inquiry.tables.number("draws")), int(inquiry.tables.number("draws_seed"))
    drawn = draw_hypercube([one.name for one in inputs], count, seed)
    stated = inquiry.stated(name)
    plan = read_plan(stated.data, stated.compiled, *inquiry.optimum(name))
    early = Early.of(plan, commit_year(tables))
    tasks = [
        DrawTask(tables, early, inputs, tuple(range(n, min(n + TOGETHER, count))), drawn[n : n + TOGETHER])
        for n in range(0, count, TOGETHER)
    ]
    found = inquiry.pool.map(
        draw_some, tasks, lambda n, some: inquiry.show(_line(name, some), n, len(tasks)), lost=_lose
    )
    every = [one for some in found for one in some]
    rows = _find_rows(inputs, drawn, every, list(group_builds(stated.program.columns)))
    return Findings(
        {table: [(name, *row) for row in part] for table, part in rows.items()}, [_entry(name, one) for one in every]
    )


def commit_year(tables: Tables) -> int:
    """Return the first year whose decisions are free in every draw."""
    stated = tables.setting("commit_year")
    return int(stated) if isinstance(stated, int | float) else tables.horizon[min(THIRD, len(tables.horizon) - 1)]


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
    """Yield every project that could be built, those of no regret first.

    Args:
        solved: the draws that have a plan.
        heights: their draws of the inputs.
        names: of the inputs.
        facilities: those the plan could build; draws may open others.
    """
    found = []
    for f in sorted({*facilities, *(f for one in solved for f in one.builds)}) if solved else ():
        sizes = np.array([one.builds.get(f, (0.0, 0))[0] for one in solved])
        share = float((sizes > 0).mean())
        years = [one.builds[f][1] for one in solved if f in one.builds]
        kind = "no regret" if share >= OFTEN else "never" if share < SELDOM else "depends"
        low, middle, high = (float(x) for x in np.quantile(sizes, (QUANTILES[0], 0.5, QUANTILES[-1])))
        depends = _find_cause(heights, np.sign(sizes), names) if share < OFTEN else ("", None)
        year = int(np.median(years)) if years else None
        found.append((f, kind, share, low, middle, high, year, *depends, *_ties_of(solved, f)))
    yield from sorted(found, key=lambda row: (-row[2], row[0]))


def _find_cause(heights: Floats, built: Floats, names: Sequence[str]) -> tuple[str, float | None]:
    """Return the input that goes most with whether a project is built; "" where that may be chance.

    Whether, not in which size: that goes with the size that is drawn for it in any case.
    """
    correlations = rank_correlations(heights, built)
    best = int(np.argmax(np.abs(correlations))) if len(names) else -1
    if best < 0 or abs(correlations[best]) < highest_by_chance(*heights.shape):
        return "", None
    return names[best], float(correlations[best])


def _ties_of(solved: Sequence[Drawn], f: str) -> tuple[float, str]:
    """Return the share of draws in which others could be built instead of a project, and these others."""
    counts = Counter(other for one in solved for other in one.ties.get(f, ()))
    often = sorted(other for other, count in counts.items() if count >= SELDOM * len(solved))
    return sum(f in one.ties for one in solved) / len(solved), ", ".join(often)


def _driver_rows(solved: Sequence[Drawn], heights: Floats, names: Sequence[str]) -> Iterator[Row]:
    """Yield the inputs correlated with each measure, the strongest first."""
    chance = highest_by_chance(*heights.shape)
    for measure in DRIVEN if len(solved) > 1 else ():
        values = np.array([one.measures[measure] for one in solved])
        correlations = rank_correlations(heights, values)
        partial = partial_correlations(heights, values, correlations)
        for n in np.argsort(-np.abs(correlations), kind="stable").tolist():
            if correlations[n] != 0:
                is_beyond = abs(correlations[n]) >= chance
                yield measure, names[n], float(correlations[n]), partial.get(n), "yes" if is_beyond else "no"


def _year_rows(solved: Sequence[Drawn]) -> Iterator[Row]:
    """Yield how cost, penalties, exposure and outlay of each year spread over the draws."""
    years = sorted({t for one in solved for _, t in one.yearly})
    for measure, unit in FANS.items():
        for t in years:
            values = np.array([one.yearly[measure, t] for one in solved])
            yield measure, t, *(float(x) for x in np.quantile(values, QUANTILES)), unit
