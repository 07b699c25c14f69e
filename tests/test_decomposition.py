"""The hedged plan found part by part is the one found as one program."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo
import pytest

from model.analyses import hedge
from model.analyses.decomposition import GAP, TOLD, solve_in_parts
from model.analyses.futures import Future, cost_of, solve_hedged, wait_and_see
from model.analyses.hedge import find_hedge
from model.analyses.inquiry import Inquiry
from model.analyses.pool import OneByOne
from model.errors import InfeasibleError
from model.solver.program import Compiled
from model.workbook import reader
from tests.independent import random_worlds
from tests.test_futures import CROPS, farmer
from tests.test_stress import shocked_random_world

pytestmark = pytest.mark.slow


def floors(futures):
    return [wait_and_see(future).objective for future in futures[1:]]


@pytest.fixture(scope="module")
def farmers() -> list[Future]:
    found = []
    for name, factor in (("bad", 0.8), ("fair", 1.0), ("good", 1.2)):
        program = farmer(factor).program
        found.append(Future(name, 1 / 3, program, np.array([name == "acres" for name, _ in program.columns])))
    return found


def test_farmer(farmers):
    """Published: -108,390 with 170 acres of wheat, 80 of corn and 250 of beets."""
    told: list[str] = []
    hedged = solve_in_parts(farmers, floors(farmers), show=told.append)
    assert hedged.objective == pytest.approx(-108390, rel=GAP)
    acres = dict(zip(farmers[0].program.columns, hedged.points[0], strict=True))
    assert [acres["acres", (c,)] for c in CROPS] == pytest.approx([170, 80, 250], rel=1e-3)
    assert hedged.statistics["gap"] <= GAP
    assert len(told) == hedged.statistics["rounds"] // TOLD


@pytest.mark.parametrize(("weight", "tail"), [(0.5, 0.4), (5.0, 0.2)])
def test_farmer_who_minds_the_bad_tail(farmers, weight, tail):
    hedged = solve_in_parts(farmers, floors(farmers), weight, tail)
    assert hedged.objective == pytest.approx(solve_hedged(farmers, weight, tail).objective, rel=2 * GAP)


def test_points_are_answers_to_the_same_decisions(farmers):
    hedged = solve_in_parts(farmers, floors(farmers))
    for future, x, cost in zip(farmers, hedged.points, hedged.costs, strict=True):
        assert cost_of(future.program, x) == pytest.approx(cost)
        assert x[future.common] == pytest.approx(hedged.points[0][future.common])


def delivery(needed: float, late_price: float, late_limit: float) -> Compiled:
    """Order now at 1, or later at another price up to a limit, what is needed later."""
    m = pyo.ConcreteModel()
    m.now = pyo.Var((0,), bounds=(0, 8))
    m.late = pyo.Var((0,), bounds=(0, late_limit))
    m.enough = pyo.Constraint(expr=m.now[0] + m.late[0] >= needed)
    m.total = pyo.Objective(expr=m.now[0] + late_price * m.late[0])
    return Compiled(m)


def orders(*futures: tuple[float, float, float]) -> list[Future]:
    found = []
    for n, future in enumerate(futures):
        program = delivery(*future).program
        found.append(
            Future(str(n), 1 / len(futures), program, np.array([name == "now" for name, _ in program.columns]))
        )
    return found


def test_a_future_that_needs_more_is_learned_from():
    """The second future can only buy 1 late, so 6 of its 7 must be ordered now, whatever the first prefers.

    Nothing is needed in the first. Cost: 6 in the first, 6 + 0.5 in the second, each half.
    """
    futures = orders((0, 2, 9), (7, 0.5, 1))
    hedged = solve_in_parts(futures, floors(futures))
    assert hedged.points[0][0] == pytest.approx(6)
    assert hedged.objective == pytest.approx(6.25)


def test_futures_that_no_decision_serves():
    futures = orders((0, 2, 9), (10, 0.5, 1))
    with pytest.raises(InfeasibleError):
        solve_in_parts(futures, [0.0])


@pytest.mark.parametrize("seed", [0, 5, 28])
def test_shocks_of_a_workbook(seed, tmp_path, monkeypatch):
    """The same table, to the gap, whether the futures are carried by one program or not."""
    random_worlds.write_folder(shocked_random_world(seed), tmp_path)
    tables = reader.read(tmp_path).tables
    inquiry = Inquiry(tables, ("base",), OneByOne(), lambda *_: None)
    whole = find_hedge(inquiry)
    monkeypatch.setattr(hedge, "LARGEST", 0)
    parts = find_hedge(inquiry)
    assert "rounds" in parts.models[0]
    assert "rounds" not in whole.models[0]
    assert parts.models[0]["objective_usd_million"] == pytest.approx(
        whole.models[0]["objective_usd_million"], rel=2 * GAP, abs=2 * GAP
    )
