"""What every component of the formulation must have: a name that asserts, a unit, an equation, a test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from model.formulation.costs import COST_TERMS

TESTS = Path(__file__).parent
FORMULATION = TESTS.parents[1] / "model" / "formulation"
KINDS = {"Constraint", "Var", "Expression", "Objective"}


@dataclass(frozen=True)
class Found:
    """A component as the source states it; `equation` is None where no rule states one."""

    theme: str
    kind: str
    name: str
    doc: str
    equation: str | None

    @property
    def where(self) -> str:
        """Module and name."""
        return f"{self.theme}.{self.name}"


def scan(path: Path) -> Iterator[Found]:
    """Every call that makes a component, wherever it stands."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {id(call): (rule.name, ast.get_docstring(rule) or "") for rule in ast.walk(tree)
             if isinstance(rule, ast.FunctionDef) for call in rule.decorator_list}  # fmt: skip
    named |= {id(node.value): (node.targets[0].attr, None) for node in ast.walk(tree)
              if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute)}  # fmt: skip
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in KINDS:
            assert id(call) in named, f"{path.name}:{call.lineno}: a component without a name of its own"
            name, equation = named[id(call)]
            doc = next((ast.literal_eval(word.value) for word in call.keywords if word.arg == "doc"), "")
            yield Found(path.stem, call.func.attr, name, doc, equation)


EVERY = [found for path in sorted(FORMULATION.glob("*.py")) for found in scan(path)]
CONSTRAINTS = [found for found in EVERY if found.kind == "Constraint"]
ALL_TESTS = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.glob("test_*.py") if path != Path(__file__))


def test_the_scan_finds_the_model():
    assert {found.kind for found in EVERY} == KINDS
    assert len({found.name for found in EVERY}) == len(EVERY)
    assert len(CONSTRAINTS) >= 20


@pytest.mark.parametrize("found", EVERY, ids=lambda found: found.where)
def test_component_says_what_it_is_with_its_unit(found):
    assert re.search(r"\S.* \[[^\[\]]+\]$", found.doc), "doc='what it is [unit]'"


@pytest.mark.parametrize("found", [f for f in EVERY if f.kind != "Var"], ids=lambda found: found.where)
def test_rule_states_its_equation(found):
    assert found.equation, "the rule's docstring is its equation"
    relation = {"Constraint": r"<=|>=|=", "Expression": r"=|:"}.get(found.kind, r"\S")
    assert re.search(relation, found.equation)


@pytest.mark.parametrize("found", CONSTRAINTS, ids=lambda found: found.where)
def test_constraint_is_named_after_what_it_asserts(found):
    sign = {"balance": r"[^<>]= ", "limit": r"<= ", "floor": r">= "}
    ending = found.name.rsplit("_", 1)[-1]
    assert ending in sign, "a constraint ends in _balance, _limit or _floor"
    assert re.search(sign[ending], found.equation), f"{found.name} does not state its {sign[ending]}"


@pytest.mark.parametrize("found", CONSTRAINTS, ids=lambda found: found.where)
def test_constraint_has_a_row_test(found):
    """Some test states a row of it as an equation, and some test says where its rows are, or are not."""
    assert re.search(rf'row\(f?"{found.name}\[', ALL_TESTS), f"no test states a row of {found.name}"
    assert f'"{found.name}"' in ALL_TESTS, f"no test says where {found.name} exists"


@pytest.mark.parametrize("found", [f for f in EVERY if f.kind == "Var"], ids=lambda found: found.where)
def test_variable_is_tested(found):
    assert f"{found.name}[" in ALL_TESTS
    assert f'"{found.name}"' in ALL_TESTS, f"no test says where {found.name} exists"


@pytest.mark.parametrize("found", [f for f in EVERY if f.kind == "Expression"], ids=lambda found: found.where)
def test_expression_is_tested(found):
    assert re.search(rf'expression\("{found.name}"', ALL_TESTS)


@pytest.mark.parametrize("term", COST_TERMS)
def test_cost_term_is_tested(term):
    assert f'expression("cost", "{term}"' in ALL_TESTS
