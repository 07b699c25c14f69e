"""Worlds of the tests, solved: through CSV files, the reader, the scenarios and the solver, as a planner's would be."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pandas as pd

from model import workbook
from model.plan import Plan, solve_plan
from model.results import find_tables
from model.scenarios import Merged, find_problems, merge
from tests.independent.random_worlds import random_world
from tests.worlds import Sheets, small_world, write_csv

SEEDS = (2, 3, 6, 7, 9)
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
    book = workbook.read(write_csv(sheets, folder))
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


def nudge(sheets: Sheets, *changes: dict[str, Any]) -> Sheets:
    """A world with a scenario `nudged` that makes the given changes."""
    nudged = deepcopy(sheets)
    nudged["scenarios"] = [*nudged.get("scenarios", []), {"scenario": "nudged", "kind": "plan"}]
    nudged["changes"] = [*nudged.get("changes", []), *({"scenario": "nudged", **change} for change in changes)]
    return nudged
