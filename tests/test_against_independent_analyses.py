"""Frontier, near-optimal ranges, stress test and hedge of random worlds, asked again of the independent program."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.analyses.alternatives import find_alternatives
from model.analyses.frontier import find_frontier
from model.analyses.futures import keep_decisions
from model.analyses.hedge import find_hedge
from model.analyses.inquiry import Inquiry
from model.analyses.pool import OneByOne
from model.analyses.shocked import decisions_of as decisions_of_the_product
from model.analyses.shocked import find_shocks, meet_shock
from model.analyses.stress import find_stress
from model.results.plan import Plan, solve_linear_plan
from model.solver.highs import Session
from model.workbook import reader
from tests.independent import plan, random_rules, random_worlds
from tests.independent.contracts import PER_TONNE, Block, covered_tonnes, obliges, public_cash
from tests.independent.data import OLD_NAMES, Key, Terms, World
from tests.independent.linear import Program, least, least_cost
from tests.independent.rules import online
from tests.support.inquiries import ask, rows_of
from tests.test_against_independent import SLACK, decisions_of

pytestmark = pytest.mark.slow

SEEDS = (0, 3, 8)


def sheets_of(seed: int) -> random_worlds.Sheets:
    """A world with later rules, with a short frontier and one slack."""
    sheets = random_rules.world_with_rules(seed)
    asked = {"frontier_points": 4, "frontier_budgets": 1, "near_optimal_slack": 0.03}
    sheets["settings"] += [{"setting": name, "value": value} for name, value in asked.items()]
    return {OLD_NAMES.get(name, name): rows for name, rows in sheets.items() if not name.startswith("_")}


@pytest.fixture(params=SEEDS)
def world(request) -> random_worlds.Sheets:
    return sheets_of(request.param)


def case_of(sheets: random_worlds.Sheets, folder: Path) -> tuple[plan.Case, float]:
    """The independent program of a world, and its least cost in USD million."""
    random_worlds.write_folder(sheets, folder)
    case = plan.Case(folder, "base")
    return case, case.solve().objective


def usd(case: plan.Case) -> tuple[Terms, float]:
    """The cost as USD thousand over decisions in tonnes, and what no decision changes, in USD million."""
    constant = sum(case.program.constants.values()) / 1e6
    return {key: x / 1e3 for key, x in case.program.objective().items()}, constant


def test_frontier(world, tmp_path):
    found = rows_of(find_frontier(ask(world)), "frontier").set_index("point")
    case, least_cost = case_of(world, tmp_path)
    cost, constant = usd(case)
    exposure = {key: 1e3 * x for key, x in case.exposure().items()}
    within_cost = (cost, 1e3 * (least_cost - constant) * (1 + 1e-8))
    shortage = {key: x / 1e3 for key, x in case.shortage().items()}
    least_shortage = least(case.program, shortage, [within_cost])
    served = (shortage, 1e3 * least_shortage + 1e-4 * abs(least_shortage) + 1e-6)
    lowest = least(case.program, exposure, [served])
    assert found["cap"].iloc[-1] == pytest.approx(lowest, abs=1e-5)
    for _, point in found.iterrows():
        allowed = (exposure, 1e3 * max(lowest, point["exposure_index"]) + 1e-4)
        at_least = least(case.program, cost, [served, allowed]) + constant
        assert point["cost_usd_million"] == pytest.approx(at_least, rel=2e-5)


def test_ranges(world, tmp_path):
    found = rows_of(find_alternatives(ask(world)), "alternatives").set_index("measure")
    case, least_cost = case_of(world, tmp_path)
    cost, constant = usd(case)
    within = (cost, 1e3 * (1.03 * least_cost - constant))
    for measure, row in found.iterrows():
        kind, _, name = str(measure).partition("share_")
        if name:
            assert_extreme_share(case, name, row, within)
        elif str(measure).startswith("new_capacity "):
            assert_extreme_capacity(case, str(measure).removeprefix("new_capacity "), row, within)
        else:
            assert kind


def assert_extreme_share(case: plan.Case, pathway: str, row: pd.Series, within: tuple[Terms, float]) -> None:
    """No plan has a share below the lowest or above the highest: part less share times whole does not cross zero."""
    part, whole = ({key: x / 1e3 for key, x in terms.items()} for terms in case.pathway_share(pathway))
    scale = least(case.program, whole, [within])
    for sign, share in ((1, row["lowest"]), (-1, row["highest"])):
        apart = {key: sign * (part[key] - share * x) for key, x in whole.items()}
        assert least(case.program, apart, [within]) == pytest.approx(0, abs=1e-5 * scale)


def assert_extreme_capacity(case: plan.Case, facility: str, row: pd.Series, within: tuple[Terms, float]) -> None:
    built = {b.key: 1.0 for b in case.blocks if b.facility == facility and b.applies_to == "new"}
    assert built or not online(case.blocks, facility, case.world.last)
    assert row["lowest"] == pytest.approx(1e3 * least(case.program, built, [within]), abs=0.02, rel=1e-5)
    highest = -least(case.program, dict.fromkeys(built, -1.0), [within])
    assert row["highest"] == pytest.approx(1e3 * highest, abs=0.02, rel=1e-5)


# -- shocks -----------------------------------------------------------------------------------------------------------
CHANCE = 0.3
"""Probability of the shock."""

UNSHAKEN = tuple(
    rule
    for rule in random_rules.RULES
    if rule not in ("requires", "group_limits", "contracts_in_force", "support_forms")
)
"""Rules of which nothing is missed after a shock that takes plants away."""


@dataclass(frozen=True)
class Shaken:
    """A world with a shock to demand and to Chinese plants, planned by both.

    Attributes:
        inquiry: of the product.
        plan: its plan without the shock.
        calm, shaken: the independent programs without and with the shock.
        known: first year in which decisions can react.
    """

    inquiry: Inquiry
    plan: Plan
    calm: plan.Case
    shaken: plan.Case
    known: int

    def is_decided_before(self, key: Key) -> bool:
        """Whether a decision of the independent program is taken before the shock is known."""
        year = key[2] if key[0] in ("build", "rescue") else key[-1]
        return isinstance(year, int) and year < self.known


DEMAND = ("demand", "*", "", 1.3)
CHINA = ("facilities", "region=CHN", "capacity_tpa", 0.4)


@pytest.fixture(params=[*((seed, False) for seed in (1, 3, 5)), *((seed, True) for seed in (2, 6, 8, 9, 16, 23))])
def shaken(request, tmp_path) -> Shaken:
    """Two shocks in worlds where nothing is missed; in worlds of all rules more demand, which makes none stricter.

    More demand leaves projects that require others, groups and stated final stocks as they were: all of it can still be
    kept, at less than the price of missing it. Contracts on exposed tonnes are missed where a cap makes that cheaper.
    """
    seed, has_all_rules = request.param
    return shake(tmp_path, seed, has_all_rules=has_all_rules)


def shake(folder: Path, seed: int, *, has_all_rules: bool) -> Shaken:
    """The world of a seed with its shock, planned by both."""
    sheets = random_rules.world_with_rules(seed, None if has_all_rules else UNSHAKEN)
    sheets = {OLD_NAMES.get(name, name): rows for name, rows in sheets.items() if not name.startswith("_")}
    sheets.pop("changes", None)
    if not has_all_rules:
        sheets.pop("support_offers", None)
        sheets.pop("support_budgets", None)
        for stock in sheets.get("stockpiles", []):
            stock["final_t"] = 0
    settings = {row["setting"]: row["value"] for row in sheets["settings"]}
    known, last = int(str(settings["first_year"])) + 2, int(str(settings["last_year"]))
    sheets["scenarios"] = [
        {"scenario": "base"}, {"scenario": "shaken"},
        {"scenario": "shock", "kind": "shock", "known_from_year": known, "probability": CHANCE},
    ]  # fmt: skip
    sheets["changes"] = [
        {"scenario": scenario, "sheet": sheet, "where": where, "column": column, "operation": "multiply",
         "value": value, "years": f"{known}-{last}"}
        for scenario in ("shaken", "shock")
        for sheet, where, column, value in ((DEMAND,) if has_all_rules else (DEMAND, CHINA))
    ]  # fmt: skip
    random_worlds.write_folder(sheets, folder)
    inquiry = Inquiry(reader.read(folder).tables, ("base",), OneByOne(), lambda *_: None)
    mine = solve_linear_plan(inquiry.merged("base"))
    calm, after = plan.Case(folder, "base"), plan.Case(folder, "shaken")
    let_stocks_be_bought_back(calm, after, sheets)
    let_contracts_be_missed(calm, after, known)
    return Shaken(inquiry, mine, calm, after, known)


MARGIN = 1.000001
"""What is missed costs this many times what it is worth to the plan."""

STEP = 10.0
"""Tonnes by which a level is lowered to see what it is worth."""


def let_stocks_be_bought_back(calm: plan.Case, after: plan.Case, sheets: random_worlds.Sheets) -> None:
    """After a shock a level to leave that is not stated can be missed.

    A tonne costs its price with the highest freight and duty there, and more than the level is worth to the plan.
    """
    rows = [("final_stock", row["material"], row["region"]) for row in sheets.get("stockpiles", [])
            if row.get("final_t") in (None, "")]  # fmt: skip
    last = after.world.last
    prices = {row: max(cost_of_restocking(after, *row[1:]), MARGIN * worth_of(calm, row, last)) for row in rows}
    for case in (calm, after):
        for n, (label, terms, lower, upper) in enumerate(case.program.rows):
            if label in prices:
                missed = ("bought_back", *label[1:], last)
                case.program.declare(*missed)
                case.program.charge("breach", missed, case.world.delta(last) * prices[label])
                case.program.rows[n] = (label, {**terms, missed: -1.0}, lower, upper)


def cost_of_restocking(case: plan.Case, material: str, region: str) -> float:
    w, last = case.world, case.world.last
    price = w.price(material, last) or w.materials[material]["shortage_cost_usd_per_t"]
    ways = [
        w.at(row, "freight_usd_per_t", last) + w.at(row, "tariff", last) * price
        for (_, to, good), row in w.routes.items()
        if (to, good) == (region, material)
    ]
    return price + max(ways, default=0.0)


def let_contracts_be_missed(calm: plan.Case, after: plan.Case, known: int) -> None:
    """Of a contract signed before a shock, tonnes are missed at a price and not paid for.

    The price is what a tonne is short for, what the contract makes of it, or what the obligation is worth to the plan.
    """
    per_tonne = [
        block for block in after.signable
        if block.decided < known and after.world.offers[block.financing]["form"] in PER_TONNE
    ]  # fmt: skip
    owed = {(b, t) for b in per_tonne for t in after.world.years if t >= known and obliges(after.world, b, t)}
    rows = {("obligation", block.facility, t) for block, t in owed}
    worth = {row: worth_of(calm, row, row[-1]) for row in sorted(rows)}
    for case in (calm, after):
        by_label = {label: n for n, (label, *_) in enumerate(case.program.rows)}
        for block, t in sorted(owed, key=lambda one: (one[0].key, one[1])):
            row, missed = ("obligation", block.facility, t), ("missed", *block.key, t)
            case.program.declare(*missed)
            label, terms, lower, upper = case.program.rows[by_label[row]]
            case.program.rows[by_label[row]] = (label, {**terms, missed: -1.0}, lower, upper)
            contracted = {missed: 1.0, block.key: -covered_tonnes(case.world, block, t)}
            case.program.limit(missed, contracted, 0.0)
            burden = burden_per_tonne(case.world, block, t)
            price = max(price_of_missing(case.world, block, t), MARGIN * (worth[row] + max(0.0, burden)))
            case.program.charge("breach", missed, case.world.delta(t) * price)
            case.program.charge("burden_pay", missed, -case.world.delta(t) * burden)


def price_of_missing(w: World, block: Block, t: int) -> float:
    """USD per contracted tonne that is not made: the shortage cost of the output, or what the contract makes of it."""
    output = w.facilities[block.facility]["output"]
    earned = block.strike + (w.price(output, t) if w.offers[block.financing]["form"] == "premium" else 0.0)
    return max(w.materials[output]["shortage_cost_usd_per_t"], earned)


def burden_per_tonne(w: World, block: Block, t: int) -> float:
    """Excess burden of what a contracted tonne is paid; what it pays back counts up to all that is paid."""
    paid = back = 0.0
    for year in (year for year in w.years if block.start <= year < block.term_stop):
        out, returned = public_cash(w, block, year)
        paid, back = paid + w.delta(year) * out, back + w.delta(year) * returned
    counted = min(w.setting("clawback_value"), paid / back) if back > 0 else 0.0
    out, returned = public_cash(w, block, t)
    return w.setting("public_funds_excess_burden") * (out - counted * returned) / covered_tonnes(w, block, t)


def worth_of(case: plan.Case, row: Key, t: int) -> float:
    """What a tonne less in a row saves the plan, USD of a year."""
    rows = case.program.rows
    lowered = [(label, terms, lower, upper + STEP * (label == row)) for label, terms, lower, upper in rows]
    _, cost, _ = least_cost(case.program, {})
    case.program.rows = lowered
    _, less, _ = least_cost(case.program, {})
    case.program.rows = rows
    return 1e6 * (cost - less) / STEP / case.world.delta(t)


def cost_with_held(shaken: Shaken, *, may_miss: bool = True) -> float:
    """The independent cost with the shock, once what was decided before is held to within 2 kg."""
    decided = decisions_of(shaken.plan)
    held = {
        key: (max(0.0, decided.get(key, 0.0) - SLACK), decided.get(key, 0.0) + SLACK)
        for key in shaken.shaken.program.columns
        if shaken.is_decided_before(key) and key[0] not in plan.OWN_WORDS
    }
    if not may_miss:
        held |= {key: (0.0, 0.0) for key in shaken.shaken.program.columns if key[0] == "missed"}
    status, cost, _ = least_cost(shaken.shaken.program, held)
    assert status == "Optimal"
    return cost


def test_a_contract_is_missed_after_a_shock_where_to_keep_it_costs_more(tmp_path):
    """In this world more demand meets a cap on exposure, and one contract on exposed tonnes is cheaper missed.

    Both programs agree on what that costs, and on what it costs where every contract must be kept.
    """
    shaken = shake(tmp_path, 8, has_all_rules=True)
    found = find_stress(shaken.inquiry)
    assert "obligation_floor" in {row[2] for row in found.tables["stress_breaches"]}
    (shock,) = find_shocks(shaken.inquiry.tables, shaken.known)
    world = meet_shock(shaken.inquiry.tables, "base", shaken.plan, shock).future
    program = keep_decisions(world, decisions_of_the_product(shaken.plan))
    kept = replace(program, upper=np.array(
        [0.0 if name == "shortfall" else upper for (name, _), upper in zip(program.columns, program.upper, strict=True)]
    ))  # fmt: skip
    missed, all_kept = (Session(one).solve().objective for one in (program, kept))
    assert missed < all_kept - 0.1
    assert missed == pytest.approx(cost_with_held(shaken), rel=1e-6)
    assert all_kept == pytest.approx(cost_with_held(shaken, may_miss=False), rel=1e-6)


def test_stress_and_regret(shaken):
    """What was decided before is held to within 2 kg, the rest decided anew; or all of it, by someone who knew."""
    found = find_stress(shaken.inquiry)
    extra = rows_of(found, "stress")["extra_cost_usd_million"].item()
    regret = rows_of(found, "regret")["regret_usd_million"].item()
    assert shaken.plan.objective + extra == pytest.approx(cost_with_held(shaken), rel=1e-4)
    assert shaken.plan.objective + extra - regret == pytest.approx(shaken.shaken.solve().objective, rel=1e-6)


def test_hedge(shaken):
    """One program of both futures, which share what is decided before the shock is known."""
    found = rows_of(find_hedge(shaken.inquiry), "hedge").set_index("measure")["value"]
    joint = Program()
    for n, (case, chance) in enumerate(((shaken.calm, 1 - CHANCE), (shaken.shaken, CHANCE))):
        name = {key: key if shaken.is_decided_before(key) else ("in", n, *key) for key in case.program.columns}
        for key in name.values():
            joint.declare(*key)
        joint.rows += [
            (label, {name[key]: x for key, x in terms.items()}, lower, upper)
            for label, terms, lower, upper in case.program.rows
        ]
        for term, terms in case.program.costs.items():
            for key, usd in terms.items():
                joint.charge(term, name[key], chance * usd)
        for term, usd in case.program.constants.items():
            joint.fixed_cost(term, chance * usd)
    status, cost, _ = least_cost(joint, {})
    assert status == "Optimal"
    # What a level to leave is worth is found by a step here, and is exact there.
    assert found["hedged_expected_cost"] == pytest.approx(cost, rel=3e-6)
    foreseen = (1 - CHANCE) * shaken.calm.solve().objective + CHANCE * shaken.shaken.solve().objective
    assert found["value_of_perfect_information"] == pytest.approx(cost - foreseen, abs=3e-6 * cost)
