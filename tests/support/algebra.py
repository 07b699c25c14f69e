"""Rows of the linear program as equations: `row == says("make[mine,clear,2030] <= 0.9 retain[mine,2030]")`.

Only the equation counts, not its spelling: variables are gathered on the left, the constant on the right, `>=` is
turned round, and an equation that is multiplied by -1 is the same. Amounts are in kt and USD million.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from model.data import PlanningData, find_planning_data
from model.formulation.build import build_model
from model.rules.checks import check
from model.scenarios.merge import merge
from model.solver.program import Compiled
from tests.support.sheets import Sheets
from tests.support.tables import tables_of

Terms = dict[str, float]

_TERM_AND_YEAR = 2


@dataclass(frozen=True)
class Equation:
    """Terms, `<=` or `==`, and the constant."""

    terms: Terms
    sense: str
    constant: float


class Program:
    """The linear program of a made world, as text and numbers."""

    def __init__(self, sheets: Sheets) -> None:
        merged = merge(tables_of(sheets), "base")
        assert not [str(problem) for problem in check(merged.tables) if problem.is_error]
        self.data: PlanningData = find_planning_data(merged.tables)
        self._model = build_model(self.data)
        self._compiled = Compiled(self._model)
        program = self._compiled.program
        self._columns = [_label(*column) for column in program.columns]
        self._rows = {_label(*row): n for n, row in enumerate(program.rows)}

    def variables(self, name: str) -> set[str]:
        """Index of every variable of a component, as text."""
        return {_index(label) for label in self._columns if label.startswith(f"{name}[")}

    def rows(self, name: str) -> set[str]:
        """Index of every row of a constraint, as text."""
        return {_index(label) for label in self._rows if label.startswith(f"{name}[")}

    def members(self, name: str) -> set[str]:
        """Index of every member of a named expression, as text."""
        return {_index(_label(name, _as_tuple(key))) for key in self._model.component(name)}

    def row(self, label: str) -> Equation:
        """A row by its label."""
        program, n = self._compiled.program, self._rows[label]
        part = slice(program.start[n], program.start[n + 1])
        terms = {
            self._columns[column]: float(value)
            for column, value in zip(program.index[part], program.value[part], strict=True)
        }
        low, high = float(program.row_lower[n]), float(program.row_upper[n])
        if low == high:
            return _equation(terms, "==", low)
        assert math.isinf(low) or math.isinf(high), f"{label} is a range"
        return _equation(terms, "<=", high) if math.isinf(low) else _equation(terms, ">=", low)

    def expression(self, name: str, *index: str | int) -> Terms:
        """Terms of a named expression; its constant under the empty label. A cost without a mineral is of all."""
        component = self._model.component(name)
        if name == "cost" and len(index) == _TERM_AND_YEAR:
            parts = [member for (term, _, t), member in component.items() if (term, t) == index]
            assert parts, f"no cost {index}"
            return self._terms(sum(parts))
        return self._terms(component[index if len(index) > 1 else index[0]])

    def objective(self) -> Terms:
        """Terms of the objective."""
        return self._terms(self._model.total_cost.expr)

    def _terms(self, expression: object) -> Terms:
        found, constant = self._compiled.coefficients(expression)
        terms = dict(zip(self._columns, found.tolist(), strict=True)) | {"": constant}
        return _rounded(terms)


def says(text: str) -> Equation:
    """The equation a text states."""
    for sense in ("<=", ">=", "=="):
        left, found, right = text.partition(f" {sense} ")
        if found:
            terms: defaultdict[str, float] = defaultdict(float)
            for sign, side in ((1.0, left), (-1.0, right)):
                for label, value in _read_sum(side).items():
                    terms[label] += sign * value
            return _equation(terms, sense, -terms.pop("", 0.0))
    raise AssertionError(f"no equation: {text}")


def adds(text: str) -> Terms:
    """The terms of a sum."""
    return _rounded(_read_sum(text))


def _read_sum(text: str) -> Terms:
    """Label -> coefficient; the constant under the empty label."""
    terms: defaultdict[str, float] = defaultdict(float)
    sign, factor, pending = 1.0, 1.0, False
    for word in [*text.split(), "+"]:
        if word in {"+", "-"}:
            if pending:
                terms[""] += sign * factor
            sign, factor, pending = (1.0 if word == "+" else -1.0), 1.0, False
        elif "[" in word:
            terms[word] += sign * factor
            pending = False
        else:
            factor, pending = float(word), True
    return dict(terms)


def _equation(terms: Mapping[str, float], sense: str, constant: float) -> Equation:
    found = _rounded(terms)
    turned = sense == ">=" or (sense == "==" and found and found[min(found)] < 0)
    sign = -1.0 if turned else 1.0
    return Equation(
        {label: sign * value for label, value in found.items()},
        "==" if sense == "==" else "<=",
        _round(sign * constant),
    )


def _rounded(terms: Mapping[str, float]) -> Terms:
    found = {label: _round(value) for label, value in terms.items()}
    return {label: value for label, value in sorted(found.items()) if value != 0}


def _round(value: float) -> float:
    """Nine significant digits; numbers that differ by less are the same."""
    return float(f"{value:.9g}") if abs(value) > 1e-12 else 0.0


def _label(name: str, index: tuple[str | int, ...]) -> str:
    return f"{name}[{','.join(map(str, index))}]"


def _index(label: str) -> str:
    return label[label.index("[") + 1 : -1]


def _as_tuple(key: object) -> tuple[str | int, ...]:
    return key if isinstance(key, tuple) else (key,)  # type: ignore[return-value]
