"""The numbers of the shipped workbook that matter most: each against the program stated anew, and a few solved anew.

`python -m tests.support.influence` solves anew with each of the twenty.
"""

from __future__ import annotations

import pytest

from tests.support.influence import MOST, find_most_influential, find_slopes, nudged
from tests.test_influence import STEP, slope, state

pytestmark = pytest.mark.slow

EVERY = 7
"""Of the twenty numbers every so many is solved anew."""


def test_the_twenty_numbers_of_the_shipped_workbook_that_matter_most():
    tables, asked, numbers = find_most_influential(MOST)
    x, y = asked.solved.x, asked.solved.first.row_dual
    assert len(numbers) == MOST
    for one in numbers:
        expected = 0.1 * slope(asked.stated.program, state(nudged(tables, one, STEP)), x, y)
        assert one.usd_million == pytest.approx(expected, rel=1e-3), one
    for found in find_slopes(tables, asked, numbers[::EVERY]):
        assert found.is_between, found
