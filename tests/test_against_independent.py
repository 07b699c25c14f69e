"""The product and the independent implementation agree on random worlds: same optimum, same contracts, same exposure.

The optimum of a linear program is one number, its decisions need not be: so the product's plan is also handed to the
independent program, which must find it feasible and as cheap as its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from model.results.plan import Plan, solve_plan
from model.scenarios.merge import merge
from model.workbook import reader
from tests.independent import measures, plan, random_rules, random_worlds, rules
from tests.support.solving import Solved

pytestmark = pytest.mark.slow

PLAIN = range(24)
WITH_RULES = range(24)
SCENARIOS = ("base", "combined")

SLACK = 2e-3
"""How far a decision may be moved when a plan is judged, t: twice the solver's tolerance on a row."""

TABLE_T, TABLE_USD_MILLION = 1e-3, 1e-6
"""How far numbers in tables may be apart."""


@dataclass(frozen=True)
class Both:
    """One scenario of one world, planned twice."""

    mine: Plan
    case: plan.Case
    theirs: plan.Solution


def plan_twice(sheets: random_worlds.Sheets, scenario: str, folder: Path) -> Both:
    random_worlds.write_folder(sheets, folder)
    book = reader.read(folder)
    assert not [problem for problem in book.problems if problem.is_error]
    merged = merge(book.tables, scenario)
    assert not [problem for problem in merged.problems if problem.is_error]
    case = plan.Case(folder, scenario)
    return Both(solve_plan(merged.tables), case, case.solve())


def decisions_of(mine: Plan) -> dict[tuple[Any, ...], float]:
    """The product's decisions under the names of the independent program, t."""
    found = {}
    for name in ("make", "take", "downgrade", "build", "retain", "rescue", "collect", "stock", "stock_in", "stock_out",
                 "sell"):  # fmt: skip
        found |= {(name, *key): 1e3 * x for key, x in mine.members(name).items()}
    for (route, o, t), x in mine.members("ship").items():
        ends, material = route.split(":")
        found["ship", (*ends.split(">"), material), o, t] = 1e3 * x
    for name in ("save", "deliver", "unmet"):
        for key, x in mine.members(name).items():
            renamed = [tuple(part.split("/")) if "/" in str(part) else part for part in key]
            found[name, *renamed] = 1e3 * x
    return found


def assert_alike(both: Both) -> None:
    mine, theirs = both.mine, both.theirs
    assert theirs.status == "Optimal"
    assert mine.objective == pytest.approx(theirs.objective, rel=1e-6)
    assert sum(mine.values["cost"][key] * mine.data.discount(key[-1]) for key in mine.values["cost"]) == pytest.approx(
        sum(theirs.costs.values()), rel=1e-6
    )
    strikes = {
        (row.facility, row.offer, row.applies_to, row.year): row.amount for row in mine.data.financing.break_even
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
    judged = both.case.judge(decisions_of(mine), SLACK)
    assert judged.status == "Optimal", "the plan breaks a rule of the independent program"
    assert judged.objective == pytest.approx(theirs.objective, rel=1e-4)
    assert_tables_agree(Solved(mine), both.case, both.case.read(decisions_of(mine)))


def assert_tables_agree(found: Solved, case: plan.Case, theirs: plan.Solution) -> None:
    """What is reported of the plan is what the independent program reads from its decisions."""
    production = {
        (row["facility"], row["material"], row["role"], row["provenance"], row["year"]): row["t"]
        for row in found.table("production")
    }
    assert_close(production, theirs.production, TABLE_T)
    lots = ("clear", "exposed", "saved", "unmet")
    deliveries = {
        (row["segment"], row["material"], row["region"], row["year"], lot): row[f"{lot}_t"]
        for row in found.table("deliveries")
        for lot in lots
    }
    by_lot = {(*key, lot): t for key, row in theirs.deliveries.items() for lot, t in zip(lots, row, strict=True)}
    assert_close(deliveries, by_lot, TABLE_T)
    signed_before = found.table("award_years", applies_to="in force")
    assert_in_force_paid(signed_before, case)
    contracts = [row for row in found.table("award_years") if row not in signed_before]
    for column, cash in (("paid_usd_million", theirs.payments), ("back_usd_million", theirs.clawback)):
        paid = {
            (row["facility"], row["offer"], row["applies_to"], row["award_year"], row["year"]): row[column]
            + (row["lent_usd_million"] if column == "paid_usd_million" else 0.0)
            for row in contracts
        }
        assert_close(paid, cash, TABLE_USD_MILLION)
    reliance = {
        (row["mineral"], row["year"], part): row[f"{part}_t"]
        for row in found.table("import_reliance")
        for part in ("imported", "exported", "mined", "recycled", "released")
    }
    parts = measures.import_reliance(case.world, theirs.flows)
    theirs_of = {(*key, part): t for key, row in parts.items() for part, t in row.items()}
    assert_close(reliance, theirs_of, TABLE_T)
    assert_close(
        {(row["region"], row["mineral"], row["year"]): row["usd_million"] for row in found.table("rents")},
        measures.rents(case.world, theirs.flows),
        TABLE_USD_MILLION,
    )
    (index,) = [row["value"] for row in found.table("summary", measure="exposure_index") if row["year"] is None]
    assert index == pytest.approx(plan.exposure_index(case.world, theirs.deliveries)[0], abs=1e-7)


def assert_in_force_paid(rows: list[dict[str, Any]], case: plan.Case) -> None:
    """Contracts in force pay what their form says, on no more than they cover."""
    contracts = {row["contract"]: row for row in case.world.tables["contracts_in_force"]}
    for row in rows:
        contract = contracts[row["offer"]]
        assert row["t"] <= contract["covered_tpa"] + TABLE_T
        out, back = rules.settled(case.world, contract, row["year"])
        assert row["paid_usd_million"] == pytest.approx(row["t"] * out / 1e6, abs=1e-6)
        assert row["back_usd_million"] == pytest.approx(row["t"] * back / 1e6, abs=1e-6)


def assert_close(mine: dict[Any, Any], theirs: dict[Any, float], tolerance: float) -> None:
    """Two tables whose rows of zero may be left out."""
    off = {
        key: (mine.get(key, 0.0), theirs.get(key, 0.0))
        for key in mine.keys() | theirs.keys()
        if abs(mine.get(key, 0.0) - theirs.get(key, 0.0)) > tolerance + 1e-6 * abs(theirs.get(key, 0.0))
    }
    assert not off


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("seed", PLAIN)
def test_plans_of_plain_worlds_agree(seed, scenario, tmp_path):
    assert_alike(plan_twice(random_worlds.random_world(seed), scenario, tmp_path))


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("seed", WITH_RULES)
def test_plans_of_worlds_with_later_rules_agree(seed, scenario, tmp_path):
    assert_alike(plan_twice(random_rules.world_with_rules(seed), scenario, tmp_path))
