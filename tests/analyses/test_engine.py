"""The engines against published and hand-made answers."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from model.analyses.engine import Criteria, trace_frontier
from model.analyses.near_optimal import NearOptimal, Share
from model.analyses.sweep import Criterion, objective_of
from model.errors import InfeasibleError
from model.solver.program import LinearProgram
from tests.support.linear_programs import program_of, vector_of

INF = float("inf")
ENERGY_COLUMNS = (
    "LIGN", "LIGN1", "LIGN2", "OIL", "OIL2", "OIL3", "NG", "NG1", "NG2", "NG3", "RES", "RES1", "RES3",
)  # fmt: skip


def energy_program() -> LinearProgram:
    """The power sector of Mavrotas (2009), section 5: lignite, oil, gas, renewables; base, middle and peak load."""
    rows = {
        "lignite": (0, {"LIGN": 1, "LIGN1": -1, "LIGN2": -1}, 0),
        "oil": (0, {"OIL": 1, "OIL2": -1, "OIL3": -1}, 0),
        "gas": (0, {"NG": 1, "NG1": -1, "NG2": -1, "NG3": -1}, 0),
        "renewables": (0, {"RES": 1, "RES1": -1, "RES3": -1}, 0),
        "lignite_limit": (-INF, {"LIGN": 1}, 31_000),
        "oil_limit": (-INF, {"OIL": 1}, 15_000),
        "gas_limit": (-INF, {"NG": 1}, 22_000),
        "renewables_limit": (-INF, {"RES": 1}, 10_000),
        "base_load": (38_400, {"LIGN1": 1, "NG1": 1, "RES1": 1}, INF),
        "middle_load": (19_200, {"LIGN2": 1, "OIL2": 1, "NG2": 1}, INF),
        "peak_load": (6_400, {"OIL3": 1, "NG3": 1, "RES3": 1}, INF),
    }
    return program_of(ENERGY_COLUMNS, {"LIGN": 30, "OIL": 75, "NG": 60, "RES": 90}, rows)


def energy_criteria() -> Criteria:
    """Cost, emissions, imports."""
    program = energy_program()
    emissions = Criterion(vector_of(ENERGY_COLUMNS, {"LIGN": 1.44, "OIL": 0.72, "NG": 0.45}))
    imports = Criterion(vector_of(ENERGY_COLUMNS, {"OIL": 1, "NG": 1}))
    return Criteria(program, [objective_of(program), emissions, imports], capped=(1, 2))


def test_payoff_table_is_the_published_one():
    """For each criterion the best point on it, and among these the best on the others in their order."""
    criteria = energy_criteria()
    found = [criteria.minimise(n, *(other for other in range(3) if other != n)).values for n in range(3)]
    assert found[0] == pytest.approx((3_075_000, 62_460, 33_000))
    assert found[1] == pytest.approx((3_855_000, 45_180, 37_000))
    assert found[2] == pytest.approx((3_225_000, 55_260, 23_000))


def test_cost_falls_by_15_for_each_unit_of_import_cap():
    """Lignite is full at 31,000: oil at 75 gives way to renewables at 90, one for one."""
    points = list(trace_frontier(energy_criteria(), 0, 2, 11))
    assert [cap for cap, _ in points] == pytest.approx(list(range(33_000, 22_999, -1_000)))
    for cap, point in points:
        assert point.values[2] == pytest.approx(cap)
        assert point.values[0] == pytest.approx(3_075_000 + 15 * (33_000 - cap))
    for _, point in points[1:-1]:
        assert point.prices[2] == pytest.approx(15)


def test_imports_cannot_fall_below_23000():
    criteria = energy_criteria()
    criteria.set_cap(2, 22_999)
    with pytest.raises(InfeasibleError):
        criteria.minimise(0)


def test_every_point_is_efficient_on_all_three_criteria():
    """No point of a grid of caps on emissions and imports is as good as another on all criteria and better on one."""
    criteria = energy_criteria()
    found = set()
    for emissions in np.linspace(62_460, 45_180, 7):
        for imports in np.linspace(37_000, 23_000, 7):
            criteria.set_cap(1, float(emissions))
            criteria.set_cap(2, float(imports))
            try:
                point = criteria.minimise(0, 1, 2)
            except InfeasibleError:
                continue
            found.add(tuple(round(value, 4) for value in point.values))
    assert len(found) > 10
    for a in found:
        assert not any(b != a and all(theirs <= ours for theirs, ours in zip(b, a, strict=True)) for b in found)


def toy_program() -> LinearProgram:
    """Max x1, max 3 x1 + 4 x2 with x1 <= 20, x2 <= 40, 5 x1 + 4 x2 <= 200 (two-objective example of Mavrotas)."""
    rows = {
        "first": (-INF, {"x1": 1}, 20),
        "second": (-INF, {"x2": 1}, 40),
        "both": (-INF, {"x1": 5, "x2": 4}, 200),
    }
    return program_of(("x1", "x2"), {"x1": -1}, rows)


def test_points_that_tie_on_the_first_criterion_are_not_on_the_frontier():
    """(20, 60) ties with (20, 160) on x1; the frontier runs from (20, 160) to (8, 184) with slope -1/2."""
    program = toy_program()
    second = Criterion(vector_of(("x1", "x2"), {"x1": -3, "x2": -4}))
    points = [point for _, point in trace_frontier(Criteria(program, [objective_of(program), second], (1,)), 0, 1, 5)]
    assert [tuple(-v for v in point.values) for point in points] == [
        pytest.approx(pair) for pair in ((20, 160), (17, 166), (14, 172), (11, 178), (8, 184))
    ]


def test_criteria_that_do_not_conflict_have_one_point():
    program = toy_program()
    same = Criterion(2 * program.cost)
    assert len(list(trace_frontier(Criteria(program, [objective_of(program), same], (1,)), 0, 1, 5))) == 1


def supply_program() -> LinearProgram:
    """Ten tonnes from home at 3 or abroad at 2, at most 8 of each; scrap as a by-product of use, free."""
    rows = {
        "demand": (10, {"home": 1, "abroad": 1}, INF),
        "home_limit": (-INF, {"home": 1}, 8),
        "abroad_limit": (-INF, {"abroad": 1}, 8),
    }
    return program_of(("home", "abroad"), {"home": 3, "abroad": 2}, rows)


def test_ranges_of_amounts_and_shares_within_a_slack():
    """Least cost is 2 x 3 + 8 x 2 = 22, home's share 20 %.

    With 5 % more, 23.1, home rises to h with 3 h + 2 (10 - h) = 23.1, h = 3.1; more than ten tonnes in all bring
    the lowest share: 8 abroad, 2 at home is all the demand lets go, so the lowest stays 20 %. Home alone without less
    abroad, 3 h + 16 = 23.1, is h = 2.37 of 10.37, less than 3.1 of 10.
    """
    program = supply_program()
    home, both = Criterion(np.array([1.0, 0.0])), Criterion(np.array([1.0, 1.0]))
    near = NearOptimal(program, (0.05, 0.0))
    ranges = {(one.slack, n): (one.lowest.value, one.highest.value)
              for n, measure in enumerate((home, Share(home, both))) for one in near.find_ranges(measure)}  # fmt: skip
    assert ranges[0.0, 0] == pytest.approx((2, 2))
    assert ranges[0.0, 1] == pytest.approx((0.2, 0.2))
    assert ranges[0.05, 0] == pytest.approx((2, 3.1))
    assert ranges[0.05, 1] == pytest.approx((0.2, 0.31))


@pytest.mark.parametrize("seed", range(5))
def test_ranges_widen_with_slack_and_hold_the_optimum(seed):
    rng = np.random.default_rng(seed)
    names = [f"x{n}" for n in range(8)]
    rows = {f"r{k}": (float(rng.uniform(1, 5)), dict(zip(names, rng.uniform(0, 1, 8).tolist(), strict=True)), INF)
            for k in range(5)}  # fmt: skip
    program = program_of(names, dict(zip(names, rng.uniform(1, 2, 8).tolist(), strict=True)), rows)
    share = Share(Criterion(vector_of(names, {"x0": 1.0, "x1": 2.0})), Criterion(np.ones(8)))
    found = [(r.lowest.value, r.highest.value) for r in NearOptimal(program, (0.0, 0.01, 0.05, 0.2)).find_ranges(share)]
    for (low, high), (wider_low, wider_high) in pairwise(found):
        assert wider_low <= low + 1e-9
        assert wider_high >= high - 1e-9
        assert low <= high + 1e-9
