"""The boat example of RELOG (Argonne National Laboratory): boats from wood and nails, and used boats back into both.

The data are those of `test/fixtures/boat_example.json` in ANL-CEEESA/RELOG, in `tests/cases/relog/relog_boats.xlsx` as
a planner would type them. RELOG chooses which centers to open; here the published openings stand, and their cost is
added. RELOG counts what is sold as revenue, and here what is not sold is a shortage at the price of a boat.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from model.results.plan import solve_plan
from model.scenarios.merge import merge
from model.study.run import open_study
from tests.independent import plan
from tests.support.solving import Solved

BOATS = Path(__file__).parent.parent / "cases" / "relog" / "relog_boats.xlsx"

PUBLISHED = 4_454_165.9359
"""Objective of RELOG, USD."""

OPENINGS = 600_000 + 1_875_000 + 6_250_000
"""Opening and fixed cost of the two plants in Dallas, and operation of the centers, USD."""

REVENUE_OF_ALL = 10 * 5 * 100 * 12_000
"""Ten cities that want 100 boats in each of five years, at 12,000 USD."""


@pytest.fixture(scope="module")
def found() -> Solved:
    study = open_study(BOATS)
    return Solved(solve_plan(merge(study.tables, study.scenarios[0]).tables))


def test_published_objective(found):
    assert found.usd + OPENINGS - REVENUE_OF_ALL == pytest.approx(PUBLISHED, abs=1e-3)


def test_boats_sold_and_returned(found):
    """Nails are short: 3 t a year can be bought, a boat takes 0.05, and a used boat gives 0.025 back.

    So s = 60 + 0.5 * u, and of the boats sold 10 % come back at once, 25 % after a year and 10 % after two.
    """
    sold: list[float] = []
    for _ in range(5):
        later = 0.25 * sum(sold[-1:]) + 0.1 * sum(sold[-2:-1])
        sold.append((60 + 0.5 * later) / (1 - 0.5 * 0.1))
    assert sold == pytest.approx([63.15789, 71.46814, 75.88570, 76.90434, 77.27087], abs=5e-6)
    years = range(2001, 2006)
    assert [found.t("activity", "boat_factory", t) for t in years] == pytest.approx(sold, rel=1e-7)
    used = [sum(found.t("activity", f"sort{lag}", t) for lag in range(3)) for t in years]
    assert used == pytest.approx([6.31579, 22.93629, 31.77140, 33.80867, 34.54174], abs=5e-6)


def test_independent_program_finds_the_same(tmp_path):
    for sheet in load_workbook(BOATS):
        with (tmp_path / f"{sheet.title}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(sheet.iter_rows(values_only=True))
    objective = 1e6 * plan.solve(tmp_path, "base").objective
    assert objective + OPENINGS - REVENUE_OF_ALL == pytest.approx(PUBLISHED, abs=1e-3)
