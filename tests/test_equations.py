"""The page of equations says what the code says."""

from __future__ import annotations

from model.formulation.costs import COST_TERMS
from model.formulation.equations import FORMULATION, PAGE, THEMES, find_components, find_cost_terms, page_text


def test_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page_text(), "run python -m model.formulation.equations"


def test_every_module_is_a_theme():
    assert {path.stem for path in FORMULATION.glob("*.py")} - {"__init__", "build", "equations"} == set(THEMES)


def test_every_cost_term_is_told():
    assert dict(find_cost_terms()).keys() == COST_TERMS.keys()


def test_components_are_found_with_unit_and_equation():
    found = {component.name: component for component in find_components(FORMULATION / "trade.py")}
    assert found["ship"].kind == "Var"
    assert found["route_limit"].doc == "capacity of a route [kt/yr]"
    assert found["route_limit"].equation == "sum_o ship[l,o,t] <= capacity[l,t]"
