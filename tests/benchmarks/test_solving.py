"""Compiling and solving again, beside the other ways to do it, in the same run on the shipped workbook."""

from __future__ import annotations

import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from pyomo.repn.plugins.lp_writer import LPWriter

from model.memory import pause_garbage_collection
from model.results.plan import Stated, state_plan
from model.scenarios.merge import merge
from model.solver.highs import Session
from model.solver.program import Compiled
from model.workbook import reader

pytestmark = pytest.mark.slow

SHIPPED = Path(__file__).parents[2] / "inputs" / "us_critical_minerals.xlsx"


@pytest.fixture(scope="module")
def reference() -> Stated:
    return state_plan(merge(reader.read(SHIPPED).tables, "reference").tables)


def seconds(do: Callable[[], object]) -> float:
    began = time.process_time()
    do()
    return time.process_time() - began


def test_one_pass_compiles_faster_than_pyomo_writes_a_file_for_a_solver(reference: Stated):
    """Measured twice as fast, without the solver's reading of the file."""
    with pause_garbage_collection():
        ours = seconds(lambda: Compiled(reference.m))
        written = seconds(lambda: LPWriter().write(reference.m, StringIO()))
    print(f"LP file / one pass = {written / ours:.1f}")  # noqa: T201 - pytest -s shows it
    assert ours < written


def test_a_warm_sweep_takes_a_fraction_of_a_cold_one(reference: Stated):
    """Six steps of a tenth on the budgets, from the last basis and from nothing: measured ten times as fast."""
    program = reference.program
    is_budget = np.array([name == "budget_limit" for name, _ in program.rows])
    uppers = [np.where(is_budget, program.row_upper * factor, program.row_upper) for factor in np.arange(0.4, 1.0, 0.1)]
    session = Session(program)
    session.solve()

    def solve_all(*, warm: bool) -> list[float]:
        costs = []
        for upper in uppers:
            if not warm:
                session.start_afresh()
            session.change_row_bounds(program.row_lower, upper)
            costs.append(session.solve().objective)
        return costs

    costs: dict[bool, list[float]] = {}
    spent = {warm: seconds(lambda warm=warm: costs.update({warm: solve_all(warm=warm)})) for warm in (True, False)}
    print(f"cold / warm = {spent[False] / spent[True]:.1f}")  # noqa: T201 - pytest -s shows it
    assert costs[True] == pytest.approx(costs[False], rel=1e-9)
    assert spent[True] < spent[False]
