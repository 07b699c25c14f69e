"""The workbook as it was before markets, support and plants over time got their rules keeps its plans.

`tests/cases/first_edition.xlsx` is the shipped workbook of that day; `first_edition.json` holds objectives and builds
that the program of that day found for it, with the later corrections out of the way: no burden on public money (it did
not end with the horizon, and did not count what is paid back), every plant in service for the whole plan (`max_new_tpa`
was a sum over all years), and stocks that may be used up.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from model.data import find_planning_data
from model.formulation.build import build_model
from model.memory import pause_garbage_collection
from model.scenarios.merge import merge
from model.solver.highs import Session
from model.solver.program import Compiled
from model.workbook import reader
from model.workbook.tables import Tables

CASES = Path(__file__).parent / "cases"
KEPT = json.loads((CASES / "first_edition.json").read_text(encoding="utf-8"))
KILOGRAM = 1e-6
"""In kt; builds are kept to the kilogram."""

pytestmark = pytest.mark.slow


def without_corrections(tables: Tables) -> Tables:
    """The workbook with what the corrections are about out of the way."""
    for record in tables["settings"]:
        if record["setting"] == "public_funds_excess_burden":
            record.values["value"] = 0.0
    for record in tables["facilities"]:
        record.values["life_years"] = max(15.0, record.number("life_years"))
    for record in tables["stockpiles"]:
        if record["final_t"] is None:
            record.values["final_t"] = 0.0
    return tables


@pytest.fixture(scope="module")
def first_edition() -> Tables:
    return without_corrections(reader.read(CASES / "first_edition.xlsx").tables)


@pytest.mark.parametrize("scenario", KEPT)
def test_the_first_edition_keeps_its_plan(scenario, first_edition):
    """The same least cost, and it is that of the same builds: of projects that tie, others may be built as well."""
    with pause_garbage_collection():
        program = Compiled(build_model(find_planning_data(merge(first_edition, scenario).tables))).program
    session = Session(program)
    assert session.solve().objective == pytest.approx(KEPT[scenario]["objective"], rel=1e-9)
    lower, upper = program.lower.copy(), program.upper.copy()
    built = {tuple(key.split("/")): 1e-3 * tonnes for key, tonnes in KEPT[scenario]["builds"].items()}
    for n, (name, key) in enumerate(program.columns):
        if name == "build":
            amount = built.pop(tuple(map(str, key)), 0.0)
            lower[n], upper[n] = max(0.0, amount - KILOGRAM), amount + KILOGRAM
    assert not built, "builds that are no longer possible"
    session.change_bounds(lower, upper)
    assert session.solve().objective == pytest.approx(KEPT[scenario]["objective"], rel=1e-7)
