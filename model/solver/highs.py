"""HiGHS: the only module that knows the solver.

A `Session` keeps one program loaded, so that a solve after a change starts from the last basis. Numbers stay in the
units of the program (kt, USD million).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from model.errors import InfeasibleError, SolverLimitError
from model.solver.program import Floats, LinearProgram
from model.solver.scaling import find_scaling
from model.solver.start import Start, start_at

REDUCED_COST_TOLERANCE = 1e-7
"""HiGHS' own dual feasibility tolerance: a reduced cost below it is zero."""

FINE_TOLERANCE = 1e-10
"""The dual feasibility tolerance where small quantities stand beside large ones: their costs per unit are small too."""

FINEST_COEFFICIENT = 1e-12
"""Coefficients that HiGHS drops there; by default it drops those below 1e-9."""

NONE = np.zeros(0)
"""Stands for duals that were not asked for."""

DUAL_SIMPLEX, PRIMAL_SIMPLEX = 1, 4
"""HiGHS' numbers for its simplex methods; the primal one is better where only costs have changed."""

STILL = 1e-9
"""A distance to a bound, or an effect on a sum, below this counts as zero."""

_STATUS = highspy.HighsModelStatus
_STATUSES = tuple(highspy.HighsBasisStatus.__members__.values())
_BASIC = highspy.HighsBasisStatus.kBasic
_NO_PLAN = {_STATUS.kInfeasible, _STATUS.kUnboundedOrInfeasible}
_ANSWERED = {_STATUS.kOptimal, _STATUS.kModelEmpty, *_NO_PLAN}


@dataclass(frozen=True)
class Solution:
    """An optimal point, its duals, and how it was found.

    Attributes:
        x: value of each column.
        row_dual: change of the objective for one more unit on the right-hand side; empty where it was not wanted.
        reduced_cost: change of the objective for one more unit of a column; empty where it was not wanted.
        statistics: size of the program, effort of the solver (seconds, iterations), largest infeasibilities, options.
    """

    objective: float
    x: Floats
    row_dual: Floats
    reduced_cost: Floats
    statistics: dict[str, float | int | str]


@dataclass(frozen=True)
class WholeSolution:
    """A point of a program with columns that are whole numbers.

    Attributes:
        objective: at the point.
        x: value of each column.
        bound: the least objective that is not ruled out.
        nodes, seconds: effort of the solver.
    """

    objective: float
    x: Floats
    bound: float
    nodes: int
    seconds: float


class Session:
    """One program in HiGHS, which can be changed and solved again from where it stands."""

    def __init__(
        self,
        program: LinearProgram,
        solver_log: Path | None = None,
        whole: NDArray[np.bool_] | None = None,
        time_limit: float = np.inf,
    ) -> None:
        """Load a program.

        Args:
            program: the program.
            solver_log: the file the solver writes its log to.
            whole: the columns that are whole numbers, where there are any.
            time_limit: seconds all solves of this session may take together.
        """
        self.program = program
        self._bounds, self._cost = bounds_of(program), program.cost
        self._highs = highspy.Highs()
        self._strategy = DUAL_SIMPLEX
        # The solver's words go to the log file alone: the console is the planner's.
        self._set("log_to_console", value=False)
        self._set("output_flag", value=solver_log is not None)
        self._time_limit = time_limit
        if np.isfinite(time_limit):
            self._set("time_limit", value=float(time_limit))
        if solver_log is not None:
            self._set("log_file", value=str(solver_log))
        self._units = find_scaling(program, whole)
        if program.units:
            self._set("dual_feasibility_tolerance", value=FINE_TOLERANCE)
            self._set("small_matrix_value", value=FINEST_COEFFICIENT)
            program = self._units.apply(program)
        self._do(self._highs.passModel(
            len(program.columns), len(program.rows), len(program.value), highspy.MatrixFormat.kRowwise.value,
            highspy.ObjSense.kMinimize.value, program.offset, program.cost, program.lower, program.upper,
            program.row_lower, program.row_upper, program.start, program.index, program.value,
            (np.zeros(len(program.columns)) if whole is None else whole).astype(np.int32),
        ))  # fmt: skip

    def solve(self, *, primal: bool = False, duals: bool = True) -> Solution:
        """Solve from the present basis.

        Args:
            primal: use the primal simplex (better where only costs have changed since the last solve).
            duals: whether duals and reduced costs are wanted; to fetch them takes as long as a short solve.

        Raises:
            InfeasibleError: no point satisfies all rows.
            SolverLimitError: the solver stopped before it was done.
        """
        self._strategy = PRIMAL_SIMPLEX if primal else DUAL_SIMPLEX
        self._set("simplex_strategy", value=self._strategy)
        began = time.perf_counter()
        self._highs.run()
        status = self._highs.getModelStatus()
        if status not in _ANSWERED and status != _STATUS.kTimeLimit:
            # Far from where it began, rounding can lead the simplex astray: from nothing it finds its way.
            self._highs.clearSolver()
            self._highs.run()
            status = self._highs.getModelStatus()
        if status in _NO_PLAN:
            raise InfeasibleError("no plan satisfies every rule at once")
        if status not in _ANSWERED:
            raise self._limit(status)
        return self._read_solution(time.perf_counter() - began, duals=duals)

    def solve_whole(self, gap: float, start: Floats) -> WholeSolution:
        """Solve a program with columns that are whole numbers.

        Args:
            gap: how far the cost may be above the bound, as a share of the cost.
            start: a point to start from.

        Raises:
            InfeasibleError, SolverLimitError: as for `solve`.
        """
        began = time.perf_counter()
        self._set("mip_rel_gap", value=gap)
        first = highspy.HighsSolution()
        first.col_value = (start / self._units.column).tolist()
        self._do(self._highs.setSolution(first))
        self._highs.run()
        status = self._highs.getModelStatus()
        if status in _NO_PLAN:
            raise InfeasibleError("no plan of whole projects satisfies every rule at once")
        if status not in _ANSWERED:
            raise self._limit(status)
        info = self._highs.getInfo()
        return WholeSolution(
            objective=float(info.objective_function_value) * self._units.objective,
            x=np.array(self._highs.getSolution().col_value) * self._units.column,
            bound=float(info.mip_dual_bound) * self._units.objective,
            nodes=int(info.mip_node_count),
            seconds=time.perf_counter() - began,
        )

    @property
    def money(self) -> float:
        """An amount of USD million that is small: one, and less where everything is small."""
        return self._units.objective

    def lift_time_limit(self) -> None:
        """Let later solves take the time they need."""
        self._set("time_limit", value=np.inf)

    def change_costs(self, cost: Floats) -> None:
        """Replace the objective; its constant becomes zero."""
        places = np.flatnonzero(cost != self._cost).astype(np.int32)
        unit = self._units.objective / self._units.column[places]
        self._do(self._highs.changeObjectiveOffset(0.0))
        self._do(self._highs.changeColsCost(len(places), places, cost[places] / unit))
        self._cost = cost.copy()

    def change_bounds(self, lower: Floats, upper: Floats) -> None:
        """Replace the bounds of all columns."""
        places = np.flatnonzero((lower != self._bounds.lower) | (upper != self._bounds.upper)).astype(np.int32)
        unit = self._units.column[places]
        self._do(self._highs.changeColsBounds(len(places), places, lower[places] / unit, upper[places] / unit))
        self._bounds = replace(self._bounds, lower=lower.copy(), upper=upper.copy())

    def change_row_bounds(self, lower: Floats, upper: Floats) -> None:
        """Replace the bounds of all rows of the program."""
        now = self._bounds
        places = np.flatnonzero((lower != now.row_lower) | (upper != now.row_upper)).astype(np.int32)
        unit = self._units.row[places]
        self._do(self._highs.changeRowsBounds(len(places), places, lower[places] / unit, upper[places] / unit))
        self._bounds = replace(now, row_lower=lower.copy(), row_upper=upper.copy())

    def change_all_bounds(self, bounds: Bounds) -> None:
        """Replace the bounds of all columns and rows."""
        self.change_bounds(bounds.lower, bounds.upper)
        self.change_row_bounds(bounds.row_lower, bounds.row_upper)

    def return_to(self, program: LinearProgram, basis: Any) -> None:
        """Go back to costs, bounds and a basis of before: the program that was loaded."""
        self.change_all_bounds(bounds_of(program))
        self.change_costs(program.cost)
        self._do(self._highs.changeObjectiveOffset(program.offset / self._units.objective))
        self.start_from(basis)

    def find_growing(self, groups: Sequence[NDArray[np.int64]]) -> list[bool]:
        """Of groups of columns, those whose sum might be larger within the bounds, as far as the present basis says.

        Where no column or row outside the basis that may move would raise a sum, it is as large as it can be (the test
        by which the simplex method ends). That takes a tenth of the time of a solve.
        """
        self.change_costs(np.zeros(len(self._cost)))
        self.solve(primal=True, duals=False)
        if self.program.units:  # The solver's basis is one of other units.
            return [True] * len(groups)
        basis, solution = self._highs.getBasis(), self._highs.getSolution()
        x, y = np.array(solution.col_value), np.array(solution.row_value)
        outside = np.array([status != _BASIC for status in basis.col_status])
        row_outside = np.array([status != _BASIC for status in basis.row_status])
        rises, falls = outside & (self._bounds.upper > x + STILL), outside & (self._bounds.lower < x - STILL)
        row_rises = row_outside & (self._bounds.row_upper > y + STILL)
        row_falls = row_outside & (self._bounds.row_lower < y - STILL)
        _, basic = self._highs.getBasicVariables()
        place = {int(column): n for n, column in enumerate(basic) if column >= 0}
        row = np.repeat(np.arange(len(y)), np.diff(self.program.start))
        found = []
        for columns in groups:
            step, unit = np.zeros(len(x)), np.zeros(len(y))
            for column in columns:
                if outside[column]:
                    step[column] = 1.0
                else:
                    unit[place[int(column)]] = 1.0
            _, row_step = self._highs.getBasisTransposeSolve(unit)
            step -= np.bincount(self.program.index, self.program.value * row_step[row], len(x))
            found.append(bool(
                np.any((step > STILL) & rises) or np.any((step < -STILL) & falls)
                or np.any((row_step > STILL) & row_rises) or np.any((row_step < -STILL) & row_falls)
            ))  # fmt: skip
        return found

    def keep_basis(self) -> Any:
        """Return the present basis, so that a later solve can start from it."""
        return self._highs.getBasis()

    def start_from(self, basis: Any) -> None:
        """Let the next solve start from a basis that was kept."""
        self._do(self._highs.setBasis(basis))

    def start_near(self, start: Start) -> None:
        """Let the next solve start where one of nearly the same program has ended; the solver repairs what is left."""
        basis = highspy.HighsBasis()
        basis.valid = basis.alien = True
        columns, rows = start.on(self.program)
        basis.col_status, basis.row_status = ([_STATUSES[n] for n in statuses] for statuses in (columns, rows))
        self._do(self._highs.setBasis(basis))

    def find_start(self, basis: Any) -> Start:
        """Return a basis that was kept as what a solve of nearly the same program can start from."""
        return start_at(self.program, basis.col_status, basis.row_status)

    def start_afresh(self) -> None:
        """Forget the basis: the next solve begins with presolve, the faster way where much has changed."""
        self._highs.clearSolver()

    def find_conflict(self) -> list[int]:
        """Rows of an irreducible infeasible subsystem of an infeasible program; empty where HiGHS finds none."""
        strategy = highspy.IisStrategy
        self._set("iis_strategy", value=strategy.kIisStrategyFromLp.value | strategy.kIisStrategyIrreducible.value)
        _, iis = self._highs.getIis()
        return [int(row) for row in iis.row_index_]

    def _describe_options(self) -> str:
        fine = f"dual_feasibility_tolerance {FINE_TOLERANCE:g}, small chains in units of their own, "
        own = fine if self.program.units else ""
        return f"HiGHS {self._highs.version()}, simplex_strategy {self._strategy}, {own}else defaults"

    def _limit(self, status: highspy.HighsModelStatus) -> SolverLimitError:
        if status == _STATUS.kTimeLimit:
            return SolverLimitError(f"the solver was stopped after {self._time_limit:g} s (--time-limit)")
        return SolverLimitError(f"the solver stopped: {self._highs.modelStatusToString(status)}")

    def _set(self, option: str, *, value: Any) -> None:
        self._do(self._highs.setOptionValue(option, value))

    def _do(self, status: highspy.HighsStatus) -> None:
        """Raise an error where the solver has rejected a change: it would solve another program."""
        if status == highspy.HighsStatus.kError:
            raise SolverLimitError("the solver refused what it was given")

    def _read_solution(self, seconds: float, *, duals: bool) -> Solution:
        found, info = self._highs.getSolution(), self._highs.getInfo()
        units = self._units
        row_dual = reduced_cost = NONE
        if duals:
            row_dual, reduced_cost = np.array(found.row_dual), np.array(found.col_dual)
            if self.program.units:  # What is a rounding in small units would look like a price in the program's own.
                row_dual, reduced_cost = _without_noise(row_dual), _without_noise(reduced_cost)
            row_dual = row_dual * (units.objective / units.row)
            reduced_cost = reduced_cost * (units.objective / units.column)
        return Solution(
            objective=float(info.objective_function_value) * units.objective,
            x=np.array(found.col_value) * units.column,
            row_dual=row_dual,
            reduced_cost=reduced_cost,
            statistics={
                "rows": len(self.program.rows),
                "columns": len(self.program.columns),
                "non_zeros": len(self.program.value),
                "iterations": int(info.simplex_iteration_count),
                "seconds": seconds,
                "largest_primal_infeasibility": float(info.max_primal_infeasibility),
                "largest_dual_infeasibility": float(info.max_dual_infeasibility),
                "solver_options": self._describe_options(),
            },
        )


def _without_noise(price: Floats) -> Floats:
    return np.where(np.abs(price) > REDUCED_COST_TOLERANCE, price, 0.0)


@dataclass(frozen=True)
class Bounds:
    """Bounds of columns and rows."""

    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats

    def at_optimum(self, solution: Solution) -> Bounds:
        """Bounds within which every point is as good as a solution.

        The optimal points are those that complement its duals: every column with a reduced cost and every row with a
        dual stays where it is. A column with a reduced cost sits at one of its bounds: the sign says at which.
        """
        lower, upper = _hold(self.lower, self.upper, solution.reduced_cost)
        row_lower, row_upper = _hold(self.row_lower, self.row_upper, solution.row_dual)
        return Bounds(lower, upper, row_lower, row_upper)


def _hold(lower: Floats, upper: Floats, price: Floats) -> tuple[Floats, Floats]:
    """Return bounds that fix whatever has a price; a price at a bound that does not exist is rounding."""
    at_lower = (price > REDUCED_COST_TOLERANCE) & np.isfinite(lower)
    at_upper = (price < -REDUCED_COST_TOLERANCE) & np.isfinite(upper)
    return np.where(at_upper, upper, lower), np.where(at_lower, lower, upper)


def bounds_of(program: LinearProgram) -> Bounds:
    """Return the bounds a program states."""
    return Bounds(program.lower, program.upper, program.row_lower, program.row_upper)
