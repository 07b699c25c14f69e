"""The small and the random worlds, whole: through CSV files, the reader and the solver, and with one cell nudged."""

from __future__ import annotations

import math
from copy import deepcopy
from pathlib import Path
from typing import Any

import pandas as pd

from model.data import find_planning_data
from model.errors import InfeasibleError
from model.formulation.build import build_model
from model.results import find_tables
from model.results.plan import Plan, solve_plan
from model.scenarios.merge import Merged, find_problems, merge
from model.solver.highs import Session
from model.solver.program import Compiled
from model.workbook import reader
from model.workbook.tables import Tables as WorkbookTables
from tests.independent.random_worlds import random_world
from tests.support.sheets import Sheets, small_world, write_csv

SEEDS = (2, 3, 6, 9)
"""Random worlds in which, between them, every kind of constraint binds."""

Tables = dict[str, pd.DataFrame]


def world_of(seed: int | None) -> Sheets:
    """A random world, or the small one, as a copy that can be changed."""
    return deepcopy(small_world() if seed is None else random_world(seed))


def base_of(seed: int | None) -> Sheets:
    """A world without its scenarios: the workbook as it stands."""
    sheets = world_of(seed)
    sheets.pop("changes", None)
    sheets["scenarios"] = [{"scenario": "base"}]
    return sheets


def merge_world(sheets: Sheets, folder: Path, scenario: str = "base") -> Merged:
    """Write, read, check and merge a world."""
    book = reader.read(write_csv(sheets, folder))
    errors = [str(problem) for problem in book.problems if problem.is_error]
    errors += [str(problem) for problem in find_problems(book.tables) if problem.is_error]
    assert not errors, errors
    return merge(book.tables, scenario)


def solve_world(sheets: Sheets, folder: Path, scenario: str = "base") -> Plan:
    """Solve one scenario of a world."""
    return solve_plan(merge_world(sheets, folder, scenario).tables)


def solve_tables(sheets: Sheets, folder: Path, scenario: str = "base") -> tuple[Plan, Tables]:
    """Solve one scenario, and make its tables."""
    merged = merge_world(sheets, folder, scenario)
    plan = solve_plan(merged.tables)
    return plan, find_tables(scenario, plan, merged)


def least_cost(tables: WorkbookTables) -> float:
    """The least cost alone, without the second objective and the tables; infinite where there is no plan."""
    try:
        return Session(Compiled(build_model(find_planning_data(tables))).program).solve().objective
    except InfeasibleError:
        return math.inf


def nudged_cost(sheets: Sheets, folder: Path, change: dict[str, Any]) -> float:
    """The least cost of a world with one change."""
    book = reader.read(write_csv(nudge(sheets, change), folder))
    merged = merge(book.tables, "nudged")
    assert len(merged.touched) == 1, f"{change} touched {merged.touched}, {merged.problems}"
    return least_cost(merged.tables)


def nudge(sheets: Sheets, *changes: dict[str, Any]) -> Sheets:
    """A world with a scenario `nudged` that makes the given changes."""
    nudged = deepcopy(sheets)
    nudged["scenarios"] = [*nudged.get("scenarios", []), {"scenario": "nudged", "kind": "plan"}]
    nudged["changes"] = [*nudged.get("changes", []), *({"scenario": "nudged", **change} for change in changes)]
    return nudged
