"""The stochastic engine on the farmer's problem (Birge and Louveaux 1997, chapter 1), in thousand dollars and acres.

500 acres of wheat, corn and sugar beets; planting costs 150, 230 and 260 $/acre. 200 t of wheat and 240 t of corn are
needed for cattle and can be bought at 238 and 210 $/t; the rest is sold at 170 and 150 $/t, beets at 36 $/t up to 6,000
t and at 10 $/t above. Yields of 2.5, 3 and 20 t/acre are 20 % lower or higher in a bad or good year, a third each.
Published: RP -108,390; EV -118,600; EEV -107,240; wait and see -115,405.56.
"""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo
import pytest

from model.analyses.futures import cost_of, expected, keep_decisions, solve_hedged, wait_and_see
from model.analyses.joint_program import Future, join
from model.analyses.tails import tail_mean
from model.solver.highs import Session
from model.solver.program import Compiled

CROPS = ("wheat", "corn", "beets")
PLANTING = {"wheat": 150, "corn": 230, "beets": 260}
YIELDS = {"wheat": 2.5, "corn": 3.0, "beets": 20.0}
NEEDED = {"wheat": 200, "corn": 240, "beets": 0}


def farmer(factor: float) -> Compiled:
    m = pyo.ConcreteModel()
    m.acres = pyo.Var(CROPS, within=pyo.NonNegativeReals)
    m.buy = pyo.Var(("wheat", "corn"), within=pyo.NonNegativeReals)
    m.sell = pyo.Var(CROPS, within=pyo.NonNegativeReals)
    m.sell_cheap = pyo.Var(("beets",), bounds=(0, None))
    m.land = pyo.Constraint(expr=sum(m.acres[c] for c in CROPS) <= 500)
    m.quota = pyo.Constraint(expr=m.sell["beets"] <= 6000)

    @m.Constraint(CROPS)
    def cattle(m, c):
        bought = m.buy[c] if c in ("wheat", "corn") else -m.sell_cheap[c]
        return factor * YIELDS[c] * m.acres[c] + bought - m.sell[c] >= NEEDED[c]

    m.total = pyo.Objective(
        expr=sum(PLANTING[c] * m.acres[c] for c in CROPS)
        + 238 * m.buy["wheat"] + 210 * m.buy["corn"]
        - 170 * m.sell["wheat"] - 150 * m.sell["corn"] - 36 * m.sell["beets"] - 10 * m.sell_cheap["beets"]
    )  # fmt: skip
    return Compiled(m)


@pytest.fixture(scope="module")
def futures() -> list[Future]:
    found = []
    for name, factor in (("bad", 0.8), ("fair", 1.0), ("good", 1.2)):
        program = farmer(factor).program
        common = np.array([component == "acres" for component, _ in program.columns])
        found.append(Future(name, 1 / 3, program, common))
    return found


def kept_cost(futures, decisions):
    return expected([Session(keep_decisions(f, decisions)).solve().objective for f in futures], futures)


def test_recourse_problem(futures):
    hedged = solve_hedged(futures)
    assert hedged.objective == pytest.approx(-108390, abs=0.01)
    acres = dict(zip(futures[0].program.columns, hedged.points[0], strict=True))
    assert [acres["acres", (c,)] for c in CROPS] == pytest.approx([170, 80, 250])
    assert expected(hedged.costs, futures) == pytest.approx(hedged.objective)


def test_value_of_perfect_information(futures):
    waited = expected([wait_and_see(future).objective for future in futures], futures)
    assert waited == pytest.approx(-115405.5555, abs=1e-3)
    assert solve_hedged(futures).objective - waited == pytest.approx(7015.56, abs=0.01)


def test_value_of_the_stochastic_solution(futures):
    mean = farmer(1.0).program  # the mean of the yields is that of the fair year
    planned = Session(mean).solve()
    assert planned.objective == pytest.approx(-118600, abs=0.01)
    kept = kept_cost(futures, dict(zip(mean.columns, planned.x.tolist(), strict=True)))
    assert kept == pytest.approx(-107240, abs=0.01)
    assert kept - solve_hedged(futures).objective == pytest.approx(1150, abs=0.01)


def test_hedge_against_the_bad_tail(futures):
    """Weight 5 on the worst fifth: expected -103,313, worst -57,640 instead of -48,820 (mpi-sppy test_cvar)."""
    hedged = solve_hedged(futures, cvar_weight=5.0, cvar_tail=0.2)
    assert expected(hedged.costs, futures) == pytest.approx(-103313, abs=1)
    assert max(hedged.costs) == pytest.approx(-57640, abs=1)
    assert max(solve_hedged(futures).costs) == pytest.approx(-48820, abs=1)
    tail = tail_mean(hedged.costs, [1 / 3] * 3, 0.2)
    assert hedged.objective == pytest.approx(expected(hedged.costs, futures) + 5 * tail)


def test_keeping_the_best_decisions_costs_the_optimum(futures):
    hedged = solve_hedged(futures)
    decisions = dict(zip(futures[0].program.columns, hedged.points[0].tolist(), strict=True))
    assert kept_cost(futures, decisions) == pytest.approx(hedged.objective)


def test_joined_program_shares_the_acres_and_the_land(futures):
    program, places = join(futures)
    assert len(program.columns) == 9 + 2 * 6
    assert len(program.rows) == 5 + 2 * 4
    assert places[1][:3].tolist() == places[0][:3].tolist()
    assert cost_of(program, np.zeros(len(program.columns))) == 0
