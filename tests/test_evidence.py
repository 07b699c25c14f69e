"""How firm numbers are: of each the source that covers it, of a row the weakest."""

from __future__ import annotations

import pytest

from model.scenarios.merge import merge
from model.scenarios.ranges import draw_world, find_inputs
from model.workbook.evidence import Evidence, Grade, numbers_of
from model.workbook.tables import Record, Tables
from tests.support.tables import tables_of
from tests.support.world_builder import make_world, project


@pytest.fixture
def tables() -> Tables:
    """The size of a mill is published, its costs are assumed; demand is published, prices name no source."""
    mill = project("mill", capacity_tpa=100, capex_usd_per_tpa=900, variable_usd_per_t=100, life_years=3,
                   source="survey", source_costs="guess")  # fmt: skip
    sheets = make_world({"last_year": 2032}, demand=[{2030: 100, "source": "survey"}], prices=[{2030: 400}],
                        facilities=[mill], scenarios=[{"scenario": "base"}])  # fmt: skip
    sheets["sources"] = [{"source": source, "confidence": confidence} for source, confidence in
                         (("survey", "published"), ("guess", "assumed"))]  # fmt: skip
    return merge(tables_of(sheets), "base").tables


def facility(tables: Tables) -> Record:
    return next(row for row in tables["facilities"] if row["facility"] == "mill")


def test_each_number_has_the_confidence_of_the_source_that_covers_it(tables):
    evidence, mill = Evidence(tables["sources"]), facility(tables)
    assert (evidence.source_of(mill, "capacity_tpa"), evidence.of(mill, "capacity_tpa")) == ("survey", "published")
    assert (evidence.source_of(mill, "life_years"), evidence.of(mill, "capex_usd_per_tpa")) == ("guess", "assumed")
    assert evidence.of_row(mill) == "assumed"
    assert evidence.of_row(tables["demand"][0]) == "published"
    assert evidence.of_row(tables["prices"][0]) == "no source"


def test_without_a_source_of_costs_one_source_covers_the_row(tables):
    facility(tables).values["source_costs"] = ""
    assert Evidence(tables["sources"]).of_row(facility(tables)) == "published"


def test_numbers_are_those_that_a_blank_would_not_mean(tables):
    mill = facility(tables)
    assert {"capacity_tpa", "capex_usd_per_tpa", "variable_usd_per_t", "life_years"} <= set(numbers_of(mill))
    assert {"online_year", "offtake_share", "grant_share", "max_new_tpa"}.isdisjoint(numbers_of(mill))
    assert list(numbers_of(tables["demand"][0])) == ["years"]


def test_every_number_and_row_of_the_sheets_of_facts_has_one_grade(tables):
    evidence, mill = Evidence(tables["sources"]), facility(tables)
    published, derived, assumed, _ = evidence.grades(tables)
    costs = sum(evidence.of(mill, column) == "assumed" for column in numbers_of(mill))
    assert (published.numbers, published.rows) == (1 + len(list(numbers_of(mill))) - costs, 1)
    assert (derived, assumed) == (Grade("derived", 0, 0), Grade("assumed", costs, 1))


def test_ranges_follow_the_source_of_each_number(tables):
    """A published size may be off by 5 %, an assumed cost by 30 %."""
    inputs = find_inputs(tables)
    mill = facility(draw_world(tables, inputs, [1.0] * len(inputs)))
    assert mill.number("max_new_tpa") == pytest.approx(105)
    assert mill.number("capex_usd_per_tpa") == pytest.approx(1170)
