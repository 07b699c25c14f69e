"""Components and symbols of the program, as its own code states them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from model.formulation.symbols import INDICES

FORMULATION = Path(__file__).parent

THEMES = (
    "network", "demand", "outlets", "capacity", "groups", "trade", "recycling", "stockpile", "exposure", "contracts",
    "resources", "costs",
)  # fmt: skip
"""Modules of the formulation, in reading order."""

KINDS = {"Var": "Decisions", "Expression": "Expressions", "Constraint": "Constraints", "Objective": "Objective"}

_NAME = re.compile(r"[A-Za-z_]\w*")

_OPERATOR = r"(?:\*|/|\+|<=|>=|=| - |\(1-)"

_BESIDE_OPERATOR = re.compile(rf"{_OPERATOR} ?([A-Za-z_]\w*)|([A-Za-z_]\w*) ?{_OPERATOR}")

LETTERS = frozenset({*(index.letter for index in INDICES), "j", "q"})

_WORDS = LETTERS - {"y"} | {"max", "min", "sum", "mean"}


@dataclass(frozen=True)
class Component:
    """A component of the model as the code states it."""

    kind: str
    name: str
    doc: str
    equation: str


def find_components(path: Path) -> Iterator[Component]:
    """The components a module of the formulation adds, in the order of its code."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
            kind = _kind_of(node.value)
            if kind:
                yield Component(kind, node.targets[0].attr, _doc_of(node.value), "")
        elif isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                kind = _kind_of(decorator)
                if kind:
                    yield Component(kind, node.name, _doc_of(decorator), ast.get_docstring(node) or "")


def _kind_of(node: ast.expr) -> str:
    """The kind of component a call makes, "" where it makes none."""
    is_component = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in KINDS
    return node.func.attr if is_component else ""  # type: ignore[attr-defined]


def _doc_of(call: ast.expr) -> str:
    assert isinstance(call, ast.Call)
    return next((ast.literal_eval(word.value) for word in call.keywords if word.arg == "doc"), "")


def find_cost_terms(path: Path = FORMULATION / "costs.py") -> Iterator[tuple[str, str]]:
    """Name and equation of every cost term."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and ast.unparse(node.returns or ast.Constant(None)) == "Amounts":
            yield node.name, ast.get_docstring(node) or ""


def find_symbols(equation: str) -> list[str]:
    """Return the names of the symbols in an equation: what has indices, an underscore, or an operator beside it.

    >>> find_symbols("sum_o ship[l,o,t] <= capacity[l,t]; what a port ships")
    ['ship', 'capacity']
    """
    found = [
        match.group()
        for match in _NAME.finditer(equation)
        if equation[match.end() :].startswith("[") or "_" in match.group()
    ]
    found += [before or after for before, after in _BESIDE_OPERATOR.findall(equation)]
    return [name for name in dict.fromkeys(found) if name not in _WORDS and not name.startswith(("sum_", "mean_"))]


def find_equations() -> dict[str, str]:
    """Return the equation of every expression, constraint, objective and cost term by its name."""
    found = {
        component.name: component.equation
        for theme in THEMES
        for component in find_components(FORMULATION / f"{theme}.py")
        if component.equation
    }
    return found | dict(find_cost_terms())
