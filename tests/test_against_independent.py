"""The product and the independent implementation agree on random worlds: same optimum, same strikes, same exposure."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from model.results.plan import Plan, solve_plan
from model.scenarios.merge import merge
from model.workbook import reader
from tests.independent import program, random_worlds

SEEDS = range(24)
SCENARIOS = ("base", "combined")


@pytest.fixture(params=[(seed, name) for seed in SEEDS for name in SCENARIOS], ids=lambda p: f"{p[0]}-{p[1]}")
def both(request, tmp_path: Path) -> tuple[Plan, program.Solution]:
    seed, scenario = request.param
    random_worlds.write_folder(random_worlds.random_world(seed), tmp_path)
    book = reader.read(tmp_path)
    assert not [problem for problem in book.problems if problem.is_error]
    merged = merge(book.tables, scenario)
    assert not [problem for problem in merged.problems if problem.is_error]
    return solve_plan(merged.tables), program.solve(tmp_path, scenario)


def test_plans_agree(both):
    mine, theirs = both
    assert mine.objective == pytest.approx(theirs.objective, rel=1e-6)
    assert sum(mine.values["cost"][key] * mine.data.discount(key[1]) for key in mine.values["cost"]) == pytest.approx(
        sum(theirs.costs.values()), rel=1e-6
    )
    strikes = {
        (row.facility, row.offer, row.applies_to, row.year): row.strike for row in mine.data.financing.break_even
    }
    # The independent implementation leaves out what is not eligible, and says infinite where no strike is enough.
    assert {key: strikes[key] for key in theirs.break_even} == pytest.approx(
        {key: strike if math.isfinite(strike) else None for key, strike in theirs.break_even.items()}, abs=1e-6
    )
    offered = {(a.facility, a.offer, a.applies_to, a.year) for a in mine.data.financing.new.values()}
    offered |= {(a.facility, a.offer, a.applies_to, a.year) for a in mine.data.financing.existing.values()}
    assert offered == theirs.admissible
    exposed = sum(
        mine.data.demand.shortage_cost[d] * amount
        for (d, o, _), amount in mine.members("deliver").items()
        if o == "exposed"
    )
    assert exposed == pytest.approx(theirs.exposed_shortage_value, rel=1e-5, abs=1e-5)
