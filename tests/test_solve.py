"""What is done where the solver balks."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from model.errors import SolverLimitError
from model.solver.highs import Bounds, Session
from model.solver.in_order import solve_second
from tests.support.linear_programs import program_of, vector_of

INF = float("inf")
COLUMNS = ("near", "far")
PROGRAM = program_of(COLUMNS, {"near": 1, "far": 1}, {"demand": (10, {"near": 1, "far": 1}, INF)})


def test_a_change_that_is_refused_is_not_solved_past():
    session = Session(PROGRAM)
    with pytest.raises(SolverLimitError, match="refused"):
        session.change_bounds(np.array([INF, 5.0]), np.array([INF, 5.0]))


def test_a_price_at_a_bound_that_is_not_there_holds_nothing():
    session = Session(PROGRAM)
    first = replace(session.solve(), reduced_cost=np.array([-1e-6, 0.0]))
    bounds = Bounds(PROGRAM.lower, PROGRAM.upper, PROGRAM.row_lower, PROGRAM.row_upper).at_optimum(first)
    assert bounds.lower.tolist() == [0, 0]


def test_a_second_objective_chooses_among_equals():
    session = Session(PROGRAM)
    first = session.solve()
    assert solve_second(session, PROGRAM, first, vector_of(COLUMNS, {"far": 1})).x == pytest.approx([10, 0])
    assert solve_second(session, PROGRAM, first, vector_of(COLUMNS, {"near": 1})).x == pytest.approx([0, 10])


def test_a_second_objective_that_has_no_optimum_leaves_the_first_answer():
    """Nothing is paid for `near` or `far` here, so that there is no end to either."""
    program = replace(PROGRAM, cost=np.zeros(2))
    session = Session(program)
    first = session.solve()
    assert solve_second(session, program, first, vector_of(COLUMNS, {"far": -1})).x.tolist() == first.x.tolist()


def test_a_solve_starts_where_one_of_nearly_the_same_program_has_ended():
    """The same program is at its optimum at once, also after a trip to another process.

    Another has its columns the other way round, a third, costly one less, and a cheaper new one of at most 4 units.
    """
    names = ("near", "far", "gone")
    rows = {"demand": (10, dict.fromkeys(names, 1.0), INF), "limit": (-INF, {"near": 1}, 6)}
    program = program_of(names, {"near": 1, "far": 2, "gone": 3}, rows)
    session = Session(program)
    session.solve()
    start = pickle.loads(pickle.dumps(session.find_start(session.keep_basis())))  # noqa: S301 - made here
    again = Session(program)
    again.start_near(start)
    assert again.solve().statistics["iterations"] == 0
    names = ("new", "far", "near")
    rows = {"roof": (-INF, {"new": 1}, 4), "demand": (10, dict.fromkeys(names, 1.0), INF),
            "limit": (-INF, {"near": 1}, 6)}  # fmt: skip
    other = Session(program_of(names, {"near": 1, "far": 2, "new": 0.5}, rows))
    other.start_near(start)
    assert other.solve().x == pytest.approx([4, 0, 6])
