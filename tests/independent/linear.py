"""The oracle's linear program: columns, rows and named costs, and what HiGHS makes of them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import highspy
import numpy as np

from tests.independent.data import NONE, Key, Terms

ZERO_PRICE = 1e-7  # a dual or reduced cost below this is none, USD million per kt
COST_TERMS = (
    "variable", "market", "fixed", "annuity", "freight", "tariff", "collection", "holding",
    "shortage", "breach", "resources", "burden_pay", "burden_grants", "burden_credits",
    "switching", "outlet", "salvage",
)  # fmt: skip


class Program:
    """Columns, rows and named costs; HiGHS sees thousand tonnes and million dollars."""

    def __init__(self) -> None:
        self.columns: dict[Key, int] = {}
        self.rows: list[tuple[Key, Terms, float, float]] = []
        self.costs: dict[str, Terms] = {term: defaultdict(float) for term in COST_TERMS}
        self.constants: Terms = defaultdict(float)

    def declare(self, *key: Any) -> None:
        """A variable, continuous and not negative."""
        self.columns.setdefault(key, len(self.columns))

    def limit(self, name: Key, terms: Mapping[Key, float], upper: float) -> None:
        """``terms <= upper``, unless there is no limit."""
        if upper < NONE:
            self.rows.append((name, dict(terms), -NONE, upper))

    def equal(self, name: Key, terms: Mapping[Key, float], value: float) -> None:
        """``terms == value``."""
        self.rows.append((name, dict(terms), value, value))

    def charge(self, term: str, key: Key, usd: float) -> None:
        """Discounted dollars per unit of a variable."""
        self.costs[term][key] += usd

    def fixed_cost(self, term: str, usd: float) -> None:
        """Discounted dollars that no decision changes."""
        self.costs[term]  # it is one of the named terms
        self.constants[term] += usd

    def objective(self) -> Terms:
        """The sum of all cost terms."""
        total: Terms = defaultdict(float)
        for terms in self.costs.values():
            for key, usd in terms.items():
                total[key] += usd
        return total

    def vector(self, terms: Mapping[Key, float]) -> np.ndarray:
        """Coefficients over all columns."""
        dense = np.zeros(len(self.columns))
        for key, value in terms.items():
            dense[self.columns[key]] += value
        return dense

    def arrays(self) -> highspy.HighsLp:
        """The program as HiGHS takes it."""
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.columns), len(self.rows)
        lp.col_cost_ = self.vector(self.objective()) / 1e3
        lp.offset_ = sum(self.constants.values()) / 1e6
        lp.col_lower_ = np.zeros(lp.num_col_)
        lp.col_upper_ = np.full(lp.num_col_, highspy.kHighsInf)
        lp.row_lower_ = np.array([lower for _, _, lower, _ in self.rows]) / 1e3
        lp.row_upper_ = np.array([upper for _, _, _, upper in self.rows]) / 1e3
        starts = np.cumsum([0, *(len(terms) for _, terms, _, _ in self.rows)])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = starts
        lp.a_matrix_.index_ = np.array([self.columns[k] for _, terms, _, _ in self.rows for k in terms])
        lp.a_matrix_.value_ = np.array([x for _, terms, _, _ in self.rows for x in terms.values()])
        return lp


def started(lp: Program) -> highspy.Highs:
    """HiGHS with the program in it."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    highs.setOptionValue("primal_feasibility_tolerance", 1e-9)
    highs.setOptionValue("dual_feasibility_tolerance", 1e-9)
    highs.passModel(lp.arrays())
    return highs


def least_cost(lp: Program, bounds: Mapping[Key, tuple[float, float]]) -> tuple[str, float, np.ndarray]:
    """Least cost within bounds on some columns, in tonnes: status, cost, tonnes."""
    highs = started(lp)
    for key, (low, high) in bounds.items():
        highs.changeColBounds(lp.columns[key], low / 1e3, high / 1e3)
    highs.run()
    status = highs.modelStatusToString(highs.getModelStatus())
    return status, highs.getObjectiveValue(), np.array(highs.getSolution().col_value) * 1e3


def least(lp: Program, weights: Mapping[Key, float], rows: list[tuple[Terms, float]]) -> float:
    """Least weighted sum of decisions, in thousands, under rows ``terms <= upper`` beside those of the program."""
    asked = Program()
    asked.columns = lp.columns
    asked.rows = [*lp.rows, *((("asked", n), terms, -NONE, upper) for n, (terms, upper) in enumerate(rows))]
    highs = started(asked)
    every = np.arange(len(lp.columns), dtype=np.int32)
    highs.changeColsCost(len(every), every, lp.vector(weights))
    highs.run()
    status = highs.modelStatusToString(highs.getModelStatus())
    if status != "Optimal":
        raise ValueError(status)
    return float(highs.getObjectiveValue())


def least_cost_then(lp: Program, tie: Terms) -> tuple[str, float, np.ndarray, set[Key]]:
    """Least cost, then least tie value on the optimal face: status, cost, tonnes, binding rows.

    By complementary slackness the optimal face is where every column with a reduced cost stays at
    zero and every row with a dual stays at its bound, so no slack on the objective is needed.
    """
    highs = started(lp)
    highs.run()
    status = highs.modelStatusToString(highs.getModelStatus())
    solution = highs.getSolution()
    if status != "Optimal":
        return status, math.nan, np.full(len(lp.columns), math.nan), set()
    objective = highs.getObjectiveValue()
    columns = np.flatnonzero(np.abs(solution.col_dual) > ZERO_PRICE)
    rows = np.flatnonzero(np.abs(solution.row_dual) > ZERO_PRICE)
    for column in columns.tolist():
        highs.changeColBounds(column, 0.0, 0.0)
    for row in rows.tolist():
        _, _, lower, upper = lp.rows[row]
        bound = (upper if math.isfinite(upper) else lower) / 1e3
        highs.changeRowBounds(row, bound, bound)
    every = np.arange(len(lp.columns), dtype=np.int32)
    highs.changeColsCost(len(every), every, lp.vector(tie) / 1e3)
    highs.run()
    status = highs.modelStatusToString(highs.getModelStatus())
    values = np.array(highs.getSolution().col_value) * 1e3
    return status, objective, values, {lp.rows[row][0] for row in rows.tolist()}
