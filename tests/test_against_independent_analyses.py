"""The frontier and the near-optimal ranges of random worlds, asked again of the independent program."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from model.analyses.alternatives import find_alternatives
from model.analyses.frontier import find_frontier
from tests.independent import plan, random_rules, random_worlds
from tests.independent.data import OLD_NAMES, Terms
from tests.independent.linear import least
from tests.independent.rules import online
from tests.support.inquiries import ask, rows_of

pytestmark = pytest.mark.slow

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
