"""Why a scenario has no plan: the least amount by which its obligations are missed, and which of them conflict.

Idle stages and unmet demand satisfy caps, targets and budgets, so only obligations of stockpiles can be impossible.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from model.data import PlanningData
from model.formulation.rows import ROWS
from model.solver.highs import Session
from model.solver.program import Label, LinearProgram
from model.workbook.formatting import amount

OBLIGATIONS = {row.constraint: row.conflict for row in ROWS if row.conflict}
"""Rows that can make a plan impossible, and how they are described."""

_SMALLEST = 1e-6
"""A shortfall below a kilogram (in kt) is the solver's tolerance, of a material in ordinary amounts."""


def explain_conflict(data: PlanningData, program: LinearProgram) -> str:
    """Return why no plan satisfies all rules, in the planner's words."""
    missed = dict(_find_shortfalls(program))
    conflict = [program.rows[n] for n in Session(program).find_conflict()]
    # An obligation is listed once, whether it is missed, part of the conflict, or both.
    at_odds = dict.fromkeys(label for label in conflict if label[0] in OBLIGATIONS)
    lines = ["no plan satisfies every rule at once."]
    if at_odds:
        these = "these cannot hold together" if len(at_odds) > 1 else "this cannot hold"
        lines.append(f"  Given what can be made, bought and shipped, {these}:")
        lines += [f"    {_describe(data, label, missed.get(label))}" for label in at_odds]
    others = [label for label in missed if label not in at_odds]
    if others:
        lines.append("  The closest feasible plan would also miss:" if at_odds else "  Smallest possible shortfalls:")
        lines += [f"    {_describe(data, label, missed[label])}" for label in others]
    return "\n".join(lines)


def _find_shortfalls(program: LinearProgram) -> Iterator[tuple[Label, float]]:
    """Yield the least total by which obligations must be missed, obligation by obligation."""
    obligations = [n for n, (name, _) in enumerate(program.rows) if name in OBLIGATIONS]
    elastic = _with_slacks(program, obligations)
    solution = Session(elastic).solve()
    for n, missing in zip(obligations, solution.x[len(program.columns) :], strict=True):
        material = str(program.rows[n][1][0])
        if missing > _SMALLEST * program.units.get(material, 1.0):
            yield program.rows[n], float(missing)


def _with_slacks(program: LinearProgram, obligations: list[int]) -> LinearProgram:
    """Return the program in which each obligation may be missed, and missing is all that costs."""
    first = len(program.columns)
    index: list[int] = []
    value: list[float] = []
    start = [0]
    slack = {row: first + n for n, row in enumerate(obligations)}
    for row in range(len(program.rows)):
        part = slice(program.start[row], program.start[row + 1])
        index += program.index[part].tolist()
        value += program.value[part].tolist()
        if row in slack:
            index.append(slack[row])
            value.append(1.0 if np.isfinite(program.row_lower[row]) else -1.0)
        start.append(len(index))
    more = len(obligations)
    return replace(
        program,
        columns=program.columns + tuple(("missing", program.rows[n][1]) for n in obligations),
        cost=np.concatenate([np.zeros(first), np.ones(more)]),
        offset=0.0,
        lower=np.concatenate([program.lower, np.zeros(more)]),
        upper=np.concatenate([program.upper, np.full(more, np.inf)]),
        start=np.array(start, dtype=np.int32),
        index=np.array(index, dtype=np.int32),
        value=np.array(value, dtype=np.float64),
    )


def _describe(data: PlanningData, label: Label, missing: float | None) -> str:
    """Return the description of an obligation: its sheet, row and number, and by how many kt it is missed."""
    name, key = label
    i, r, t = key
    record = next(record for record in data.lookup.tables["stockpiles"] if record.key == (i, r))
    amounts: dict[str, float] = {
        "stock_cover_floor": data.stockpile.cover.get((str(i), str(r), int(t)), 0.0),
        "final_stock_floor": data.stockpile.final[str(i), str(r)],
        "stock_size_limit": data.stockpile.size[str(i), str(r)],
        "stock_release_limit": data.stockpile.release[str(i), str(r)],
    }
    sense, when = OBLIGATIONS[name]
    obligation = f"{sense} {amount(1e3 * amounts[name])} t {when.format(t=t)}"
    shortfall = f", missed by at least {amount(1e3 * missing)} t" if missing else ""
    return f"stockpiles row {record.row} ({i}, {r}): {obligation}{shortfall}"
