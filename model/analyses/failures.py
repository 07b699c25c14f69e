"""Points of failure: the cost of an outage of one region, facility, route or source of a material for some years.

It is known when it happens, and decisions before are held, as in the stress test. Only what carries flow in the plan is
tried, and of facilities, routes and sources only those that matter to a stage or material.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from model.analyses.alike_failures import find_alike, rank_failures
from model.analyses.failure_points import FailureWorld, Window, choose_largest, find_outages
from model.analyses.findings import LOST, Findings, failed_entry, solved_entry
from model.analyses.findings import Failure as NoAnswer
from model.analyses.futures import keep_decisions
from model.analyses.inquiry import Inquiry
from model.analyses.linear_measures import difference
from model.analyses.outages import Endured, Outage, OutageTask, Places, endure, pair_up
from model.analyses.preparations import find_measures
from model.analyses.shocked import decisions_of, meet_nothing
from model.errors import InfeasibleError, SolverLimitError
from model.results.columns import TONNES, Row, TableName
from model.results.money import penalty_part
from model.results.plan import NOISE, read_plan
from model.solver.program import Ints

THIRD = 2
"""Place of the first year of a failure in the horizon: the third."""

TOGETHER = 30
"""Failures solved in one warm sequence, whatever the number of workers, so that results do not depend on it."""

WORST = 10
"""Failures whose pairs are tried."""

HELPERS = 3
"""Number of helpers that are named."""

MONTHS = 12

PAIR = "pair"
"""Kind of a failure of two things."""


def find_failures(inquiry: Inquiry) -> Findings:
    """Return what single failures, and pairs of the worst where they are asked for, do to the first plan."""
    name = inquiry.first_plan
    at = _set_up(inquiry)
    watch = _Watch(at)
    outages = list(find_outages(at))
    most = inquiry.tables.setting("failure_candidates")
    if isinstance(most, int | float):
        outages = choose_largest(at, outages, int(most))
    found = _endure_all(inquiry, watch, outages)
    if inquiry.tables.setting("failure_pairs") is True:
        ranked = _singles(found)
        alike = find_alike(ranked)
        worst = [one.outage for place, one in enumerate(ranked) if place not in alike][:WORST]
        found += _endure_all(inquiry, watch, pair_up(worst))
    tables = _find_rows(at, watch, found)
    tables["failure_measures"] = list(_find_measures(at, watch, found))
    return Findings(
        {table: [(name, *row) for row in rows] for table, rows in tables.items()},
        [_entry(name, at, one) for one in found],
    )


def _set_up(inquiry: Inquiry) -> FailureWorld:
    name = inquiry.first_plan
    stated = inquiry.stated(name)
    first, x = inquiry.optimum(name)
    plan = read_plan(stated.data, stated.compiled, first, x)
    years = plan.data.years
    begin = years[min(THIRD, len(years) - 1)]
    window = Window(begin, min(years[-1], begin + int(inquiry.tables.number("failure_years")) - 1))
    world = meet_nothing(plan, begin)
    program = keep_decisions(world.future, decisions_of(plan))
    return FailureWorld(window, world, program, plan, inquiry.solved(name).start)


def _endure_all(inquiry: Inquiry, watch: _Watch, outages: Sequence[Outage]) -> list[Endured]:
    """Solve every outage, in parallel where there are workers."""
    tasks = [watch.task(tuple(outages[n : n + TOGETHER])) for n in range(0, len(outages), TOGETHER)]
    found = inquiry.pool.map(
        _endure_group, tasks, lambda n, group: inquiry.show(_line(inquiry.first_plan, group), n, len(tasks)), lost=_lose
    )
    return [one for group in found for one in group]


def _endure_group(task: OutageTask) -> list[Endured]:
    try:
        return endure(task)
    except (InfeasibleError, SolverLimitError) as error:
        return [Endured(outage, failure=str(error)) for outage in task.outages]


def _lose(task: OutageTask) -> list[Endured]:
    return [Endured(outage, failure=LOST.message) for outage in task.outages]


def _line(plan: str, group: Sequence[Endured]) -> str:
    worst = max(group, key=lambda one: one.cost)
    costs = f"{worst.cost:+,.0f} m USD, penalties {worst.penalty:+,.0f}"
    return f"{plan}  {len(group)} failures, the worst of them {worst.outage.name} {costs}"


def _entry(plan: str, at: FailureWorld, one: Endured) -> dict[str, object]:
    of = f"{one.outage.kind} {one.outage.name}"
    if one.statistics is None:
        return failed_entry(
            plan, "failures", of, NoAnswer("lost" if one.failure == LOST.message else "limit", one.failure)
        )
    return solved_entry(plan, "failures", of, at.plan.objective + one.cost, one.statistics)


class _Watch:
    """What is read off each solve: unmet demand, and who makes or releases more in the years of failure."""

    def __init__(self, at: FailureWorld) -> None:
        self._at = at
        columns, lookup = at.program.columns, at.plan.data.lookup
        self.unmet: Places = np.array([n for n, (name, _) in enumerate(columns) if name == "unmet"], dtype=np.int64)
        self.groups: dict[tuple[str, str], int] = {}
        self._goods: list[str] = []
        group: Ints = np.full(len(columns), -1, dtype=np.int32)
        for n, (name, key) in enumerate(columns):
            if name in ("make", "save", "stock_out") and key[-1] in at.window:
                is_stock = name == "stock_out"
                who = ("stock", f"{key[0]}/{key[1]}") if is_stock else ("facility", str(key[0]))
                if who not in self.groups:
                    self.groups[who] = len(self.groups)
                    good = str(key[0]) if is_stock else lookup.facilities[str(key[0])].output
                    self._goods.append(good)
                group[n] = self.groups[who]
        self._group = group
        self.penalty, _ = penalty_part(at.world.stated)

    def task(self, outages: tuple[Outage, ...]) -> OutageTask:
        """Return a task for a worker."""
        return OutageTask(self._at.program, self._at.start, outages, self.penalty, self.unmet, self._group)

    def helpers(self, one: Endured) -> list[tuple[str, str, float]]:
        """Return who steps in: kind, name and by how many tonnes, worth most first."""
        assert one.groups is not None
        lookup, missing = self._at.plan.data.lookup, self._minerals_of(one.outage)
        more = [
            (kind, name, TONNES * float(one.groups[n]), lookup.shortage_cost[self._goods[n]])
            for (kind, name), n in self.groups.items()
            if missing & self._minerals_in(self._goods[n])
        ]
        best = sorted((row for row in more if row[2] > TONNES * NOISE), key=lambda row: (-row[2] * row[3], row[:2]))
        return [row[:3] for row in best[:HELPERS]]

    def _minerals_of(self, outage: Outage) -> set[str]:
        """Return the minerals that the failed columns make or ship: only plants of these minerals can replace them."""
        plan, columns = self._at.plan, self._at.program.columns
        found: set[str] = set()
        for n in outage.columns:
            name, key = columns[n]
            if plan.value(name, *key) <= NOISE:
                continue
            if name == "ship":
                found |= self._minerals_in(plan.data.trade.routes[str(key[0])].material)
            else:
                good = str(key[1]) if name == "take" else plan.data.lookup.facilities[str(key[0])].output
                found |= self._minerals_in(good)
        return found

    def _minerals_in(self, good: str) -> set[str]:
        lookup = self._at.plan.data.lookup
        return {m for m in lookup.minerals if lookup.content.get((good, m), 0.0) > 0}


def _singles(found: Sequence[Endured]) -> list[Endured]:
    return rank_failures(one for one in found if one.outage.kind != PAIR)


def _find_rows(at: FailureWorld, watch: _Watch, found: Sequence[Endured]) -> dict[TableName, list[Row]]:
    """Return the tables, the worst failure first."""
    tables: dict[TableName, list[Row]] = {"failures": [], "failure_minerals": [], "failure_helpers": []}
    answered, wanted = rank_failures(found), _yearly_demand(at)
    singles = _singles(found)
    alike = {singles[place].outage: head.outage.name for place, head in find_alike(singles).items()}
    for rank, one in enumerate(answered, 1):
        kind, name = one.outage.kind, one.outage.name
        short = _find_short(at, watch, one)
        months = {m: MONTHS * short[m] / wanted[m] for m in short}
        worst = max(months, key=lambda m: months[m], default="")
        cost, penalty = (difference(at.plan.objective + more, at.plan.objective) for more in (one.cost, one.penalty))
        years = at.window.first, at.window.last
        tables["failures"].append(
            (rank, kind, name, *years, cost, penalty, worst, months.get(worst, 0.0), alike.get(one.outage, ""))
        )
        tables["failure_minerals"] += [(kind, name, m, TONNES * short[m], months[m]) for m in sorted(short)]
        tables["failure_helpers"] += [(kind, name, *helper) for helper in watch.helpers(one)]
    return tables


def _find_measures(at: FailureWorld, watch: _Watch, found: Sequence[Endured]) -> Iterator[Row]:
    """Yield what blunts the worst single failure; nothing where the solver gives up."""
    worst = next(iter(_singles(found)), None)
    if worst is not None and worst.cost > 0:
        try:
            rows = find_measures(at, worst.outage, worst.cost, worst.penalty, watch.penalty)
            yield from ((worst.outage.kind, worst.outage.name, *row) for row in rows)
        except (InfeasibleError, SolverLimitError):
            return


def _find_short(at: FailureWorld, watch: _Watch, one: Endured) -> dict[str, float]:
    """Mineral -> how much more of its demand is not met over all years, kt, where it is anything."""
    assert one.watched is not None
    lookup, demand = at.plan.data.lookup, at.plan.data.demand
    short: defaultdict[str, float] = defaultdict(float)
    for n, more in zip(watch.unmet.tolist(), one.watched.tolist(), strict=True):
        if abs(more) > NOISE:
            material = demand.rows[str(at.program.columns[n][1][0])].material
            for m in lookup.minerals:
                short[m] += more * lookup.content.get((material, m), 0.0)
    return {m: amount for m, amount in short.items() if amount > NOISE}


def _yearly_demand(at: FailureWorld) -> dict[str, float]:
    """Mineral -> mean demand in the years of failure, kt/yr in all that holds it."""
    data = at.plan.data
    found: defaultdict[str, float] = defaultdict(float)
    for (d, t), amount in data.demand.amount.items():
        if t in at.window:
            for m in data.lookup.minerals:
                content = data.lookup.content.get((data.demand.rows[d].material, m), 0.0)
                found[m] += content * amount / at.window.years
    return found
