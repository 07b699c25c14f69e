"""The value of one year less of lead time, facility by facility.

A shorter lead time changes which decisions exist and which strikes they need, so these programs are stated anew. It
can even do harm: what is decided within the award years of an offer then comes online a year sooner, at the prices and
with the strike of that year, and what would come online when it did before is decided after the last award.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from model.analyses import linear_measures
from model.analyses.findings import LOST, Failure, Findings, failed_entry, solved_entry
from model.analyses.inquiry import Inquiry
from model.analyses.linear_measures import difference
from model.analyses.relevance import find_relevant, find_rents
from model.errors import InfeasibleError, SolverLimitError
from model.results.columns import Row
from model.results.plan import Stated, state_plan
from model.solver.highs import Session, Solution
from model.solver.program import Floats
from model.solver.start import Start
from model.workbook.tables import Record, Tables

FACILITIES = 10
"""How many facilities are looked at."""


@dataclass(frozen=True)
class LeadTimeTask:
    """A plan in which one facility can be built a year sooner, and the optimum of the plan to start from."""

    tables: Tables
    facility: str
    start: Start


@dataclass(frozen=True)
class Sooner:
    """The least cost with a shorter lead time and what is built then, or why there is none."""

    facility: str
    cost: float = 0.0
    penalties: float = 0.0
    built: float = 0.0
    statistics: dict[str, float | int | str] | None = None
    failure: Failure | None = None


def find_lead_time_values(inquiry: Inquiry) -> Findings:
    """Return the value of one year less of lead time of the facilities of the first plan that matter most."""
    plan = inquiry.first_plan
    stated = inquiry.stated(plan)
    first, x = inquiry.optimum(plan)
    delayed, start = find_delayed(stated, first, x)[:FACILITIES], inquiry.solved(plan).start
    tasks = [LeadTimeTask(inquiry.merged(plan), f, start) for f in delayed]
    found = inquiry.pool.map(
        solve_sooner, tasks, lambda n, sooner: inquiry.show(_line(plan, sooner), n, len(tasks)), lost=_lose
    )
    return Findings(
        {"lead_times": [(plan, *row) for row in _rows(stated, first, x, found)]},
        [_entry(plan, sooner) for sooner in found],
    )


def find_delayed(stated: Stated, first: Solution, x: Floats) -> list[str]:
    """Facilities with a lead time: those with the largest rent first, then in order of relevance."""
    rents = find_rents(stated, first, x)
    every = find_relevant(stated, first, x, len(stated.data.lookup.facilities))
    every.sort(key=lambda f: -rents.get(f, 0.0))
    start = stated.data.years[0]
    return [f for f in every if stated.data.lookup.facilities[f].lead(start) >= 1]


def shorten(tables: Tables, facility: str) -> Tables:
    """Return the tables with one year less of lead time, in every decision year, where there is one."""
    shorter = tables.copy()
    record = next(record for record in shorter["facilities"] if record["facility"] == facility)
    _take_a_year_off(record)
    return shorter


def _take_a_year_off(record: Record) -> None:
    lead = record.values["lead_time_years"]
    if isinstance(lead, dict):
        record.values["lead_time_years"] = {
            year: max(0.0, record.number("lead_time_years", year) - 1) for year in lead
        }  # fmt: skip
    else:
        record.values["lead_time_years"] = max(0.0, record.number("lead_time_years") - 1)


def solve_sooner(task: LeadTimeTask) -> Sooner:
    """State and solve the plan with the shorter lead time."""
    stated = state_plan(shorten(task.tables, task.facility))
    try:
        session = Session(stated.program)
        session.start_near(task.start)
        solution = session.solve(duals=False)
    except (InfeasibleError, SolverLimitError) as error:
        return Sooner(task.facility, failure=Failure.of(error))
    built = linear_measures.built_capacity(stated)
    amount = built[task.facility].value(solution.x) if task.facility in built else 0.0
    penalties = linear_measures.penalty_cost(stated).value(solution.x)
    return Sooner(task.facility, solution.objective, penalties, amount, solution.statistics)


def _lose(task: LeadTimeTask) -> Sooner:
    return Sooner(task.facility, failure=LOST)


def _line(plan: str, sooner: Sooner) -> str:
    costs = f"costs {sooner.cost - sooner.penalties:,.0f} m USD, penalties {sooner.penalties:,.0f}"
    return f"{plan}  {sooner.facility} a year sooner  {sooner.failure.status if sooner.failure else costs}"


def _entry(plan: str, sooner: Sooner) -> dict[str, object]:
    if sooner.statistics is None:
        return failed_entry(plan, "lead_times", sooner.facility, sooner.failure or LOST)
    return solved_entry(plan, "lead_times", sooner.facility, sooner.cost, sooner.statistics)


def _rows(stated: Stated, first: Solution, x: Floats, found: Sequence[Sooner]) -> Iterator[Row]:
    """Most valuable first."""
    built = linear_measures.built_capacity(stated)
    start, penalties = stated.data.years[0], linear_measures.penalty_cost(stated).value(x)
    for sooner in sorted(found, key=lambda one: one.cost):
        if sooner.statistics is not None:
            lead = stated.data.lookup.facilities[sooner.facility].lead(start)
            saved = difference(first.objective, sooner.cost)
            missed = difference(penalties, sooner.penalties)
            yield sooner.facility, lead, built[sooner.facility].value(x), sooner.built, saved, saved - missed, missed
