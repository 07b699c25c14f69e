"""The map of the page: where regions stand, and what is made there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.report import flow_tables
from model.report.content import Content
from model.report.outlines import find_outlines, project
from tests.support.reports import read


@pytest.fixture(scope="module")
def content(reported) -> Content:
    return read(reported)


def test_a_region_stands_where_it_is_typed_or_where_its_country_is(content):
    places = find_outlines(content)["places"]
    assert places["PTN"] == project(135.0, -25.0)
    x, y = places["CHN"]
    assert 70 < x < 110
    assert 25 < y < 45
    assert "PTN" not in find_outlines(replace(content, places={}))["places"]


def test_outlines_are_closed_and_small(content):
    outlines = find_outlines(content)
    assert outlines["land"].count("M") == outlines["land"].count("Z") > 50
    assert len(outlines["land"]) + len(outlines["borders"]) < 60_000


def test_what_is_made_is_the_production_in_tonnes_of_the_mineral(content):
    """Oxide and concentrate of the small world hold NdPr by their content."""
    made = flow_tables.made(content)
    parts = {(part.scenario, part.material, part.mineral): part.content for part in content.parts}
    rows = content.rows("production")
    rows = rows[(rows["scenario"] == "base") & (rows["role"] != "saved")]
    whole = sum(
        t * parts.get(("base", material, "ndpr"), 0.0) for material, t in zip(rows["material"], rows["t"], strict=True)
    )
    mine = made[(made["scenario"] == "base") & (made["mineral"] == "ndpr")]
    assert mine["t"].sum() == pytest.approx(whole)
