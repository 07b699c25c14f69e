"""The page of equations, read from the formulation's own code: `python -m model.formulation.equations` writes it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FORMULATION = Path(__file__).parent
PAGE = FORMULATION / "README.md"

THEMES = (
    "network", "demand", "outlets", "capacity", "groups", "trade", "recycling", "stockpile", "exposure", "contracts",
    "resources", "costs",
)  # fmt: skip
"""Modules of the formulation, in reading order."""

KINDS = {"Var": "Decisions", "Expression": "Expressions", "Constraint": "Constraints", "Objective": "Objective"}

_HEAD = """# The linear program

Generated from the docstrings of this folder by `python -m model.formulation.equations`; do not edit. Inside the program
amounts are kt and money is USD million. Index letters: `f` facility, `i`/`j` material, `m` mineral, `g` stage, `r`
region, `l` route, `d` demand row, `o` provenance (clear, exposed), `t` year, `v` decision year, `s` first delivery
year, `k` way of financing, `c` exposure cap, `x` other limit or target. All decisions are continuous and not negative;
a decision or row exists only where it can matter.
"""


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


def page_text() -> str:
    """The page of equations."""
    parts = [_HEAD]
    for theme in THEMES:
        path = FORMULATION / f"{theme}.py"
        title = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").splitlines()[0]
        parts.append(f"## {theme.capitalize()}\n\n{title}\n")
        components = list(find_components(path))
        for kind, heading in KINDS.items():
            chosen = [component for component in components if component.kind == kind]
            if chosen:
                parts.append(f"**{heading}**\n")
                parts += [_tell(component) for component in chosen]
    parts.append("**Cost terms**\n")
    parts += [f"- `{name}`: `{' '.join(equation.split())}`\n" for name, equation in find_cost_terms()]
    return "\n".join(parts)


def _tell(component: Component) -> str:
    line = f"- `{component.name}`: {component.doc}\n"
    return f"{line}\n  ```\n{_indent(component.equation)}\n  ```\n" if component.equation else line


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


if __name__ == "__main__":
    PAGE.write_text(page_text(), encoding="utf-8")
