"""Limited foresight: the first plan decided year by year by someone who sees only a few years ahead.

Every number that depends on the year, prices, demand and rules alike, is known for the years that are seen and taken to
stay as it is in the last of these. Decisions are final: projects, awards, and the operation of each year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from model.analyses.findings import Findings, solved_entry
from model.analyses.futures import keep_decisions
from model.analyses.inquiry import Inquiry
from model.analyses.linear_measures import difference
from model.analyses.shocked import decisions_of, meet_tables
from model.data.planning import sign_decisions
from model.results.by_mineral import exposure_index, largest, unmet_shares
from model.results.columns import TONNES, Row
from model.results.money import discounted_costs
from model.results.plan import NOISE, Plan, read_plan, solve_linear_to_ask
from model.results.stand_ins import Ties, merge_ties, name_ties
from model.results.ties import find_ties_of, group_builds
from model.solver.in_order import Solved, solve_in_order
from model.workbook.tables import Tables

NOTABLE = 0.01
"""Sizes that differ by less than this share of the larger are the same."""


@dataclass(frozen=True)
class Build:
    """New capacity of a facility: t/yr over all years, and the year of its first decision."""

    tonnes: float
    year: int


def find_foresight(inquiry: Inquiry) -> Findings:
    """Return the cost of the first plan under limited foresight, and the decisions that are then taken too late."""
    name = inquiry.first_plan
    tables, seen = inquiry.merged(name), int(inquiry.tables.number("foresight_years"))
    stated = inquiry.stated(name)
    full = read_plan(stated.data, stated.compiled, *inquiry.optimum(name))
    full = replace(full, ties=find_ties_of(inquiry.solved(name), group_builds(stated.program.columns)))
    found = Findings({"foresight": [], "foresight_builds": []})
    limited = None
    for n, (t, plan) in enumerate(roll(tables, seen), 1):
        limited = plan
        found.models.append(solved_entry(name, "foresight", str(t), plan.objective, plan.statistics))
        inquiry.show(f"{name}  decided {t}, seeing to {min(t + seen, tables.horizon.stop) - 1}", n, len(tables.horizon))
    assert limited is not None
    found.tables["foresight"] = [(name, *row) for row in _compare(limited, full)]
    found.tables["foresight_builds"] = [(name, *row) for row in _compare_builds(limited, full)]
    return found


def roll(tables: Tables, seen: int) -> Iterator[tuple[int, Plan]]:
    """Decide year by year.

    Args:
        tables: of the plan.
        seen: years that are known, the present one included.

    Yields:
        The year, and the plan as it then stands: decided up to the year, expected beyond. The last is what happened.
    """
    first = tables.horizon[0]
    asked = solve_linear_to_ask(see(tables, first + seen - 1))
    plan = replace(asked.plan, ties=_find_ties_in(asked.solved, first))
    yield first, plan
    for t in tables.horizon[1:]:
        plan = _decide(see(tables, t + seen - 1), plan, t)
        yield t, plan


def see(tables: Tables, last: int) -> Tables:
    """Return the tables as seen by someone who knows the years up to `last` and expects later years to be like it."""
    looked = tables.copy()
    for record in looked:
        paths: list[dict[int, Any]] = [value for value in record.values.values() if isinstance(value, dict)]
        for path in (record.years, *paths):
            known = [year for year in path if year <= last]
            if known and max(known) < max(path):
                path.update({year: path[max(known)] for year in path if year > last})
    return looked


def _decide(tables: Tables, before: Plan, t: int) -> Plan:
    """Return the plan of a year: earlier decisions are held, and the rest is least cost with the tables as seen."""
    world = meet_tables(tables, sign_decisions(before.data, t, before.duals))
    program = keep_decisions(world.future, decisions_of(before))
    solved = solve_in_order(program, world.second_cost)
    plan = read_plan(world.data, world.compiled, solved.first, solved.x)
    return replace(plan, ties=merge_ties([before.ties, _find_ties_in(solved, t)]))


def _find_ties_in(solved: Solved, t: int) -> Ties:
    """Projects that could be decided in a year instead of others, as things look in that year."""
    return find_ties_of(solved, group_builds(solved.program.columns, years=[t]))


def _compare(limited: Plan, full: Plan) -> Iterator[Row]:
    """Return the measures under limited and full foresight."""
    for measure, unit, of in (
        ("cost", "USD million", lambda plan: plan.objective),
        ("penalties", "USD million", lambda plan: discounted_costs(plan)["penalty"]),
        ("exposure_index", "share", lambda plan: exposure_index(plan, plan.data.index_years)),
        ("most_short_share", "share", lambda plan: largest(unmet_shares(plan)).share),
    ):
        with_limited, with_full = of(limited), of(full)
        yield measure, with_limited, with_full, difference(with_limited, with_full), unit


def _builds_of(plan: Plan) -> Mapping[str, Build]:
    found: dict[str, Build] = {}
    for (f, v, _), amount in sorted(plan.members("build").items()):
        if amount > NOISE:
            known = found.get(str(f), Build(0.0, int(v)))
            found[str(f)] = Build(known.tonnes + TONNES * amount, min(known.year, int(v)))
    return found


def _compare_builds(limited: Plan, full: Plan) -> Iterator[Row]:
    """Return the projects decided later, earlier, or at another size; first those decided too late or never."""
    mine, others = _builds_of(limited), _builds_of(full)
    ties = merge_ties([limited.ties, full.ties])
    rows = []
    for f in {**mine, **others}:
        one, other = mine.get(f), others.get(f)
        size, whole = one.tonnes if one else 0.0, other.tonnes if other else 0.0
        late = one.year - other.year if one and other else None
        if late or abs(size - whole) > NOTABLE * max(size, whole):
            rows.append((f, size, whole, one.year if one else None, other.year if other else None, late,
                         name_ties(ties, f)))  # fmt: skip
    yield from sorted(rows, key=lambda row: (-(row[2] - row[1]) / max(row[1], row[2]), -(row[5] or 0), row[0]))
