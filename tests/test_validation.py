"""The page of validation is current, its claims have the place it gives them, and the findings hold on a run."""

from __future__ import annotations

import re

import pytest

from model.results.columns import RESULT_TABLES
from model.results.plan import Plan
from model.workbook import reader
from model.workbook.schema import SHEET
from model.workbook.tables import Tables
from tests.support import validation
from tests.support.published import (
    CHINA_SHARES,
    COPPER_DEPENDENCY,
    LITHIUM_SHORTFALL,
    NOT_SELF_SUFFICIENT,
    RELIANCES,
    SELF_SUFFICIENT,
)
from tests.support.validation import MARKETS, MORE_LITHIUM, PIPELINE

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def book() -> Tables:
    return reader.read(validation.SHIPPED).tables


@pytest.fixture(scope="module")
def plans(book) -> dict[str, Plan]:
    return validation.solve(book, (MARKETS, PIPELINE, MORE_LITHIUM))


# -- the page ---------------------------------------------------------------------------------------------------------
def test_claims_on_the_page_are_current():
    page = validation.PAGE.read_text(encoding="utf-8")
    assert page.endswith(validation.claims_section().strip() + "\n"), "run python -m tests.support.validation"


def test_page_has_its_sections_and_rows():
    page = validation.PAGE.read_text(encoding="utf-8")
    titles = re.findall("^## (.*)$", page, re.MULTILINE)
    assert titles == [
        "Net import reliance", "China's share by stage", f"The United States alone in {validation.TARGET_YEAR}",
        "If what is announced comes late", "What stands behind the base year", "Where each claim stands",
    ]  # fmt: skip
    rows = len(RELIANCES) + len(CHINA_SHARES) + len(validation.read_claims())
    rows += 5 + 8 + len(validation.LATE_MINERALS)  # findings, minerals
    assert len(re.findall("^[|] (?!---)", page, re.MULTILINE)) == rows + 6  # heads


# -- the claims -------------------------------------------------------------------------------------------------------
def test_every_claim_has_a_place_or_a_reason():
    claims = validation.read_claims()
    assert len(claims) == 111
    for row in claims:
        assert row["element"] in {"row", "scenario", "report", "none"}
        assert row["note"]
        assert bool(row["place"]) == (row["element"] != "none")
        assert bool(row["keys"]) == (row["element"] == "row")


@pytest.mark.parametrize(
    "row", [r for r in validation.read_claims() if r["element"] != "none"], ids=lambda r: r["claim"]
)
def test_place_of_a_claim_exists(row, book):
    if row["element"] == "scenario":
        assert row["place"] in {record.text("scenario") for record in book["scenarios"]}
    elif row["element"] == "report":
        assert row["place"] in RESULT_TABLES
    else:
        first = SHEET[row["place"]].key[0]
        assert set(row["keys"].split(";")) <= {r.text(first) for r in book[row["place"]] if r.active}


# -- the findings -----------------------------------------------------------------------------------------------------
def test_reliance_of_the_base_year_is_near_the_statistics(plans):
    """Copper and zinc within the statistics' own spread; those without any mine are imported whole."""
    agreeing = [
        item
        for item in RELIANCES
        if validation.agrees(
            validation.net_import_reliance(plans[MARKETS], item.mineral, item.materials, validation.BASE_YEAR),
            item.low, item.high,
        ) == "yes"
    ]  # fmt: skip
    assert {"copper", "zinc", "manganese", "graphite", "nickel", "silver"} <= {item.mineral for item in agreeing}
    assert len(agreeing) >= len(RELIANCES) - 3


@pytest.mark.parametrize("stage", ["mining", "refining", "manufacturing"])
def test_china_leads_every_step_of_magnets(plans, stage):
    """Between three fifths and all of it, as in the statistics."""
    assert 60 <= validation.china_share(plans[MARKETS], "ndpr", stage, validation.BASE_YEAR) <= 100


def test_mountain_pass_runs_and_takes_up_what_its_magnet_lines_need(plans):
    """In 2026 magnet makers outside China that sell to the USA need some of it, the lines of 2028 several kt."""
    assert made_of(plans[MARKETS], "mountain_pass_separation", 2026) > 500
    assert made_of(plans[MARKETS], "mountain_pass_separation", 2030) > 2500


def made_of(plan: Plan, facility: str, year: int) -> float:
    return 1e3 * sum(x for (f, _, t), x in plan.members("make").items() if (f, t) == (facility, year))


@pytest.mark.parametrize("mineral", [*SELF_SUFFICIENT, *NOT_SELF_SUFFICIENT])
def test_us_mines_meet_demand_only_where_the_report_says_so(plans, mineral):
    assert validation.finding_holds(plans[PIPELINE], mineral)


def test_copper_import_dependency(plans):
    """The report: 62 percent."""
    dependency = 100 - validation.mine_share(plans[PIPELINE], "copper")
    assert dependency == pytest.approx(COPPER_DEPENDENCY, abs=4)


def test_lithium_shortfall(plans):
    """The report: 282 percent, beyond the named pipeline; demand is more than three times what the country makes."""
    assert 200 < validation.lithium_shortfall(plans[PIPELINE]) < LITHIUM_SHORTFALL


def test_lithium_shortfall_is_reached_only_with_more_demand(plans):
    assert validation.lithium_shortfall(plans[MORE_LITHIUM]) == pytest.approx(LITHIUM_SHORTFALL, abs=5)
