"""The twenty numbers of the shipped workbook that matter most, each against the program stated anew with it."""

from __future__ import annotations

import pytest

from model.results.influence import find_influence
from model.results.plan import solve_to_ask
from model.scenarios.merge import merge
from model.shipped import find_shipped_workbook
from model.study.reading import open_study
from tests.test_influence import nudged, slope, state

pytestmark = pytest.mark.slow

MOST = 20


def test_the_twenty_numbers_of_the_shipped_workbook_that_matter_most():
    tables = merge(open_study(find_shipped_workbook()).tables, "reference").tables
    solved = solve_to_ask(tables)
    x, y = solved.solved.x, solved.solved.first.row_dual
    found = [one for one in find_influence(solved) if not one.jumps][:MOST]
    assert len(found) == MOST
    for one in found:
        expected = 0.1 * slope(solved.stated.program, state(nudged(tables, one)), x, y)
        assert one.usd_million == pytest.approx(expected, rel=1e-3), one
