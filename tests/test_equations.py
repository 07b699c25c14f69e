"""The page of equations says what the code says, and links to the columns of the workbook and back."""

from __future__ import annotations

import importlib
import re
from dataclasses import is_dataclass
from typing import get_type_hints

import pytest

from model.data import PlanningData
from model.formulation.components import (
    FORMULATION,
    THEMES,
    find_components,
    find_cost_terms,
    find_equations,
    find_symbols,
)
from model.formulation.costs import COST_TERMS
from model.formulation.equations import INPUTS, PAGE, inputs_text, page_text
from model.formulation.rows import ROWS, Price
from model.formulation.symbols import INDICES, OUTSIDE, SYMBOLS, unit_of
from model.workbook.schema import SETTING, SHEET, SHEETS

RUN = "run python -m model.formulation.equations"
COMPONENTS = {c.name: c for theme in THEMES for c in find_components(FORMULATION / f"{theme}.py")}
EQUATIONS = find_equations()


def test_pages_are_current():
    assert PAGE.read_text(encoding="utf-8") == page_text(), RUN
    assert INPUTS.read_text(encoding="utf-8") == inputs_text(), RUN


def test_every_module_is_a_theme():
    others = {"__init__", "build", "equations", "components", "symbols", "rows"}
    assert {path.stem for path in FORMULATION.glob("*.py")} - others == set(THEMES)


def test_every_cost_term_is_described():
    assert dict(find_cost_terms()).keys() == COST_TERMS.keys()


def test_components_are_found_with_unit_and_equation():
    found = {component.name: component for component in find_components(FORMULATION / "trade.py")}
    assert found["ship"].kind == "Var"
    assert found["route_limit"].doc == "capacity of a route [kt/yr]"
    assert found["route_limit"].equation == "sum_o ship[l,o,t] <= capacity[l,t]"


# --- Symbols ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EQUATIONS)
def test_every_symbol_of_an_equation_is_in_the_table(name):
    known = {symbol.name for symbol in SYMBOLS} | COMPONENTS.keys()
    assert [found for found in find_symbols(EQUATIONS[name]) if found not in known] == [], "add it to symbols.py"


@pytest.mark.parametrize("name", EQUATIONS)
def test_every_index_letter_is_in_the_table(name):
    letters = {index.letter for index in INDICES} | {"j", "q"}
    for inside in re.findall(r"\w\[([^\[\]]*)\]", EQUATIONS[name]):
        words = set(re.findall(r"[a-z_]+", inside)) - {"clear", "exposed", "first_year", "last_year", "max", "term"}
        assert words <= letters, inside


def test_no_symbol_is_left_over():
    text = "\n".join([*EQUATIONS.values(), *(symbol.meaning for symbol in SYMBOLS)])
    assert [symbol.name for symbol in SYMBOLS if not re.search(rf"\b{symbol.name}\b", text)] == []
    assert len({symbol.name for symbol in SYMBOLS}) == len(SYMBOLS)


def test_symbols_are_in_the_code():
    """Parts of the planning data, members of classes of the room data, or names of its modules."""
    classes = {"Lookup": "lookup", "Facility": "facility", "Award": "awards", "ContractInForce": "in_force"}
    for code in [name for entry in (*SYMBOLS, *INDICES) for name in entry.code.split()]:
        owner, _, rest = code.rpartition(".")
        if owner.startswith("model."):
            found: object = importlib.import_module(owner)
        elif owner.startswith("data"):
            parts = owner.split(".")[1:]
            found = get_type_hints(PlanningData)[parts[0]] if parts else PlanningData
        else:
            found = getattr(importlib.import_module(f"model.data.{classes[owner]}"), owner)
        assert hasattr(found, rest) or (is_dataclass(found) and rest in found.__dataclass_fields__), code


def test_columns_of_symbols_exist_and_have_a_unit():
    for symbol in SYMBOLS:
        assert symbol.unit or symbol.sources, symbol.name
        for source in symbol.sources:
            unit_of(source)
    for index in INDICES:
        assert all(sheet in SHEET for sheet in index.sheet.split(", ") if sheet)


def test_every_column_with_a_number_is_in_an_equation_or_outside():
    columns = {f"{sheet.name}.{column.key}" for sheet in SHEETS for column in sheet.columns if column.is_number}
    columns |= {f"{sheet.name}.years" for sheet in SHEETS if sheet.years}
    used = {source for symbol in SYMBOLS for source in symbol.sources}
    assert sorted(columns - used - OUTSIDE) == [], "add a symbol to symbols.py, or the column to OUTSIDE"
    assert used & OUTSIDE == set()
    assert {name for name in OUTSIDE if name not in columns} == set()


def test_links_lead_to_anchors():
    """From an equation to its columns and back in one hop."""
    pages = {PAGE: page_text(), INPUTS: inputs_text()}
    anchors = {page: set(re.findall(r'<a id="([^"]*)">', text)) for page, text in pages.items()}
    for page, text in pages.items():
        anchors[page] |= {
            re.sub(r"[^\w ]", "", title).lower().replace(" ", "-")
            for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
        }
    for page, text in pages.items():
        for path, anchor in re.findall(r"\]\(([^)#]*)#([^)]*)\)", text):
            target = (page.parent / path).resolve() if path else page
            assert anchor in anchors[target], f"{page.name}: {anchor}"
    assert "[route_limit](../model/formulation/README.md#eq-route_limit)" in pages[INPUTS]
    assert "[routes.capacity_tpa](../../inputs/README.md#routes-capacity_tpa)" in pages[PAGE]


# --- Rows ------------------------------------------------------------------------------------------------------------


def test_every_constraint_states_its_price_and_its_conflict():
    constraints = [name for name, component in COMPONENTS.items() if component.kind == "Constraint"]
    assert sorted(row.constraint for row in ROWS) == sorted(constraints), "state it in model/formulation/rows.py"
    for row in ROWS:
        text = row.price.meaning if isinstance(row.price, Price) else row.price
        assert text.startswith(("saved by ", "cost of ", "none: ")), row.constraint


def test_the_page_shows_both_beside_the_equation():
    text = page_text()
    _, _, cover = text.partition('<a id="eq-stock_cover_floor">')
    assert "Shadow price: cost of one tonne more of cover [USD/t]. **It can make a plan impossible.**" in cover[:800]
    _, _, route = text.partition('<a id="eq-route_limit">')
    assert "Shadow price: saved by one t/yr more of route capacity [USD per t/yr]. A plan can always" in route[:800]


def test_settings_of_symbols_are_settings():
    used = [source for symbol in SYMBOLS for source in symbol.sources if source.startswith("settings.")]
    assert all(source.partition(".")[2] in SETTING for source in used)
