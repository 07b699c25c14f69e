"""A Pyomo model as plain arrays: the one form every solve works on.

Only this module looks inside Pyomo's expressions. Compiling once and changing vectors is what makes sweeps fast.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.core.expr import numeric_expr as ne
from pyomo.repn import generate_standard_repn

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Label = tuple[str, tuple[str | int, ...]]
"""Name of a component and index of one of its members."""


_SUMS = (ne.LinearExpression, ne.SumExpression)
_PRODUCTS = (ne.MonomialTermExpression, ne.ProductExpression)


@dataclass(frozen=True)
class LinearProgram:
    """Minimise `cost @ x + offset` subject to `row_lower <= A x <= row_upper` and `lower <= x <= upper`.

    Attributes:
        columns, rows: label of each variable and constraint.
        cost, offset: USD million per unit of each column (kt, kt/yr), and a constant in USD million.
        lower, upper, row_lower, row_upper: bounds of columns and rows, infinite where there are none.
        start, index, value: A by rows (compressed sparse rows).
        units: identifier of what is small -> the unit the solver counts it in (model/solver/scaling.py), kt.
    """

    columns: tuple[Label, ...]
    rows: tuple[Label, ...]
    cost: Floats
    offset: float
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    start: Ints
    index: Ints
    value: Floats
    units: Mapping[str, float] = field(default_factory=dict)


def scale_columns(program: LinearProgram, size: Floats) -> LinearProgram:
    """Return the program in which column `j` is counted in units of `size[j]`."""
    return replace(
        program,
        cost=program.cost * size,
        lower=program.lower / size,
        upper=program.upper / size,
        value=program.value * size[program.index],
    )


class Compiled:
    """A Pyomo model and its arrays; `coefficients` compiles any other linear expression of the model."""

    def __init__(self, m: pyo.ConcreteModel, units: Mapping[str, float] | None = None) -> None:
        variables = [
            (name, key, member) for name, var in m.component_map(pyo.Var).items() for key, member in var.items()
        ]
        self._column = {id(member): n for n, (_, _, member) in enumerate(variables)}
        self._named: dict[int, tuple[dict[int, float], float]] = {}
        self._model = m  # keeps the variables alive, whose identities are the keys above
        objective = next(m.component_data_objects(pyo.Objective))
        cost, offset = self.coefficients(objective.expr)
        rows, bounds, start = [], [], [0]
        index: list[int] = []
        value: list[float] = []
        for name, constraint in m.component_map(pyo.Constraint).items():
            for key, member in constraint.items():
                low, body, high = member.to_bounded_expression(evaluate_bounds=True)
                terms, constant = self._linear_terms(body)
                rows.append((name, _as_tuple(key)))
                bounds.append((_bound(low, -np.inf) - constant, _bound(high, np.inf) - constant))
                index.extend(terms)
                value.extend(terms.values())
                start.append(len(index))
        self.program = LinearProgram(
            columns=tuple((name, _as_tuple(key)) for name, key, _ in variables),
            rows=tuple(rows),
            cost=cost,
            offset=offset,
            lower=np.array([_bound(member.lb, -np.inf) for *_, member in variables], dtype=np.float64),
            upper=np.array([_bound(member.ub, np.inf) for *_, member in variables], dtype=np.float64),
            row_lower=np.array([low for low, _ in bounds], dtype=np.float64),
            row_upper=np.array([high for _, high in bounds], dtype=np.float64),
            start=np.array(start, dtype=np.int32),
            index=np.array(index, dtype=np.int32),
            value=np.array(value, dtype=np.float64),
            units=units or {},
        )

    def coefficients(self, expression: Any) -> tuple[Floats, float]:
        """Coefficient of every column in a linear expression of the model, and its constant."""
        terms, constant = self._linear_terms(expression)
        dense = np.zeros(len(self._column))
        dense[list(terms)] = list(terms.values())
        return dense, constant

    def expressions(self) -> list[str]:
        """Names of the named expressions of the model."""
        return [expression.name for expression in self._model.component_objects(pyo.Expression)]

    def evaluate(self, component: str, x: Floats) -> dict[tuple[str | int, ...], float]:
        """Return the value of every member of a named expression at a solution."""
        found = {}
        for key, member in self._model.component(component).items():
            terms, constant = self._terms_of_named(member)
            found[_as_tuple(key)] = constant + float(sum(c * x[n] for n, c in terms.items()))
        return found

    def _linear_terms(self, expression: Any) -> tuple[dict[int, float], float]:
        terms: defaultdict[int, float] = defaultdict(float)
        constant, column = 0.0, self._column
        todo = [(1.0, expression)]
        while todo:
            factor, node = todo.pop()
            kind = type(node)
            if kind in pyo.native_numeric_types:
                constant += factor * node
            elif kind in _SUMS:
                for arg in node.args:
                    # Most of what is added up are coefficients times variables: they need no turn of their own.
                    if type(arg) is ne.MonomialTermExpression:
                        coefficient, variable = arg.args
                        terms[column[id(variable)]] += factor * coefficient
                    else:
                        todo.append((factor, arg))
            elif id(node) in column:
                terms[column[id(node)]] += factor
            elif kind is ne.MonomialTermExpression:
                coefficient, variable = node.args
                terms[column[id(variable)]] += factor * coefficient
            elif part := _single_part(kind, node):
                todo.append((factor * part[0], part[1]))
            else:
                known, offset = self._terms_of_named(node) if _is_named(kind, node) else self._fall_back(node)
                constant += factor * offset
                for n, coefficient in known.items():
                    terms[n] += factor * coefficient
        return terms if all(terms.values()) else {n: c for n, c in terms.items() if c != 0}, constant

    def _terms_of_named(self, expression: Any) -> tuple[dict[int, float], float]:
        """Return the terms of a named expression, which several rows and costs may use, and its constant."""
        if id(expression) not in self._named:
            self._named[id(expression)] = self._linear_terms(expression.expr)
        return self._named[id(expression)]

    def _fall_back(self, node: Any) -> tuple[dict[int, float], float]:
        """Pyomo's own, slower reading of an expression this module does not know: its terms and its constant."""
        standard = generate_standard_repn(node)
        assert standard.is_linear(), f"not linear: {node}"
        columns = (self._column[id(member)] for member in standard.linear_vars)
        return dict(zip(columns, standard.linear_coefs, strict=True)), float(standard.constant)


def _is_named(kind: type, node: Any) -> bool:
    return kind not in _PRODUCTS and node.is_named_expression_type()


def _single_part(kind: type, node: Any) -> tuple[float, Any] | None:
    """Return a factor and the one expression it multiplies; None where the node is something else."""
    if kind is ne.NegationExpression:
        return -1.0, node.arg(0)
    if kind in _PRODUCTS and type(node.arg(0)) in pyo.native_numeric_types:
        return node.arg(0), node.arg(1)
    return None


def take_apart(m: pyo.ConcreteModel) -> None:
    """Empty a model that is no longer needed: its parts refer to each other, and are only freed in this way."""
    for component in list(m.component_objects((pyo.Var, pyo.Constraint, pyo.Expression, pyo.Objective))):
        m.del_component(component)
        component.clear()


def by_component(labels: Iterable[Label], values: Floats) -> dict[str, dict[tuple[str | int, ...], float]]:
    """Values of columns or rows by component and index."""
    found: dict[str, dict[tuple[str | int, ...], float]] = defaultdict(dict)
    for (name, key), value in zip(labels, values.tolist(), strict=True):
        found[name][key] = value
    return found


def _as_tuple(key: Any) -> tuple[str | int, ...]:
    return key if isinstance(key, tuple) else (key,)


def _bound(value: float | None, missing: float) -> float:
    return missing if value is None else float(value)
