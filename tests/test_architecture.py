"""The shape of the house: imports point one way, the solver has one door, and modules stay small enough to read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parent.parent

FLOORS: tuple[tuple[str, ...], ...] = (
    ("model.errors", "model.memory"),
    ("model.workbook",),
    ("model.rules",),
    ("model.scenarios",),
    ("model.data", "model.solver"),
    ("model.formulation",),
    ("model.results",),
    ("model.analyses",),
    ("model.report",),
    ("model.study",),
    ("model.arguments", "model.console", "model.notebook", "model.shipped"),
    ("model.command",),
    ("run",),
)
"""The rooms, lowest floor first: a module imports from its own room and from the floors below it."""

MOST_LINES = 450
USUAL_LINES, LARGE_LINES = 120, 260
"""The median and the ninetieth percentile of the lines of modules are at most these."""

LONGEST_FUNCTION = 60
"""Lines of a function, without its signature and docstring."""

REGISTERS = {"model.workbook.schema", "model.workbook.codes", "model.results.columns", "model.workbook.names"}
"""Statements of fact, one after the other: they grow with what there is to state, not with how it is done."""


def modules() -> dict[str, Path]:
    """Every module of the product by its name."""
    paths = [*(ROOT / "model").rglob("*.py"), ROOT / "run.py"]
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths)
    return dict(sorted(zip(names, paths, strict=True)))


MODULES = modules()


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


@cache
def imported(name: str) -> frozenset[str]:
    """Full names of everything a module imports, wherever in it."""
    found = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {part if part in MODULES else str(node.module) for part in whole}
    return frozenset(found)


def floor_of(name: str) -> int:
    """The place of a module, or of the package it is in; the package itself only names what is in it."""
    if name == "model":
        return -1
    for n, floor in enumerate(FLOORS):
        if any(name == part or name.startswith(f"{part}.") for part in floor):
            return n
    pytest.fail(f"{name} stands on no floor: add it to FLOORS where it belongs")


def package_of(name: str) -> str:
    return ".".join(name.split(".")[:2])


def arrows() -> Iterator[tuple[str, str]]:
    for name in MODULES:
        for other in sorted(imported(name) & MODULES.keys() - {"model"}):
            if name != "model":
                yield name, other


def test_imports_point_one_way():
    wrong = [
        f"{name} imports {other}"
        for name, other in arrows()
        if floor_of(other) >= floor_of(name) and package_of(name) != package_of(other)
    ]
    assert wrong == []


def test_every_room_is_there():
    assert [part for floor in FLOORS for part in floor if part not in MODULES] == []
    assert all(name == "model" or floor_of(name) >= 0 for name in MODULES)


def test_there_is_no_cycle():
    graph = {name: imported(name) & MODULES.keys() - {"model"} for name in MODULES}
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)


def test_only_the_solver_module_knows_the_solver():
    assert [name for name in MODULES if any(other.split(".")[0] == "highspy" for other in imported(name))] == [
        "model.solver.highs"
    ]


def test_only_the_program_is_written_in_pyomo():
    users = {package_of(name) for name in MODULES if any(o.split(".")[0] == "pyomo" for o in imported(name))}
    assert users == {"model.formulation", "model.results", "model.solver"}


def test_excel_is_read_and_written_at_the_edges():
    users = {package_of(name) for name in MODULES if any(o.split(".")[0] == "openpyxl" for o in imported(name))}
    assert users == {"model.workbook"}


def test_themes_meet_on_the_model_only():
    """No theme of the formulation, and no group of rules, imports another."""
    listing = {
        "model.rules.checks",
        "model.formulation.build",
        "model.formulation.components",
        "model.formulation.equations",
    }
    for package in ("model.formulation", "model.rules"):
        shared = {"model.rules.context", "model.rules.watched"}
        inside = [
            (name, other) for name, other in arrows() if all(part.startswith(f"{package}.") for part in (name, other))
        ]
        assert [(name, other) for name, other in inside if name not in listing and other not in shared] == []


def test_nothing_is_printed_but_by_the_command():
    for name in MODULES:
        calls = [node for node in ast.walk(tree(name)) if isinstance(node, ast.Call)]
        prints = [node.lineno for node in calls if isinstance(node.func, ast.Name) and node.func.id == "print"]
        assert name == "model.command" or prints == [], f"{name} prints in {prints}"


def test_nothing_asks_the_planner():
    for name in MODULES:
        calls = [node for node in ast.walk(tree(name)) if isinstance(node, ast.Call)]
        asked = [node.lineno for node in calls if isinstance(node.func, ast.Name) and node.func.id == "input"]
        assert asked == [], f"{name} asks in {asked}"


def test_modules_are_small_enough_to_read():
    lines = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name: n for name, n in lines.items() if n > MOST_LINES and name not in REGISTERS} == {}
    assert median(lines.values()) <= USUAL_LINES
    assert sorted(lines.values())[int(0.9 * len(lines))] <= LARGE_LINES


def test_functions_are_small_enough_to_read():
    functions = [(name, node) for name in MODULES for node in ast.walk(tree(name)) if isinstance(node, ast.FunctionDef)]
    first = {(name, node): node.body[1 if ast.get_docstring(node) and node.body[1:] else 0] for name, node in functions}
    lines = {f"{name}.{node.name}": node.end_lineno - start.lineno + 1 for (name, node), start in first.items()}
    assert {name: n for name, n in lines.items() if n > LONGEST_FUNCTION} == {}


def test_modules_say_what_they_are_for():
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
    assert [name for name in MODULES if vague & set(name.split("."))] == []
    assert [name for name in MODULES if not ast.get_docstring(tree(name))] == []


def test_the_distribution_lists_every_package():
    packages = {
        ".".join(path.parent.relative_to(ROOT).parts) for path in MODULES.values() if path.name == "__init__.py"
    }
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert [package for package in packages if f'"{package}"' not in text] == []


@pytest.mark.parametrize("name", MODULES)
def test_no_work_is_done_by_importing(name):
    """At the top of a module stand definitions and constants, and calls only where a constant needs one."""
    allowed = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.Expr, ast.If)
    for node in tree(name).body:
        assert isinstance(node, allowed), f"{name} line {node.lineno}"
        if isinstance(node, ast.Expr):
            assert isinstance(node.value, ast.Constant), f"{name} line {node.lineno}"
        if isinstance(node, ast.If):
            assert ast.unparse(node.test) in ("__name__ == '__main__'", "TYPE_CHECKING"), f"{name} line {node.lineno}"
