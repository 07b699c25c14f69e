"""The page of validation is current, its claims have the place it gives them, and the findings hold on a run."""

from __future__ import annotations

import re

import pytest

from model.results.columns import RESULT_TABLES
from model.results.plan import Plan
from model.workbook import reader
from model.workbook.schema import SHEET
from model.workbook.tables import Tables
from tests.support import audit, validation
from tests.support.published import (
    CHINA_SHARES,
    COPPER_DEPENDENCY,
    IEA_CHINA,
    LITHIUM_SHORTFALL,
    NOT_SELF_SUFFICIENT,
    ORIGINS,
    OUTPUT_2025,
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


def test_grades_on_the_page_are_those_of_the_workbook():
    page = validation.PAGE.read_text(encoding="utf-8")
    assert validation.assumptions_section() in page, "run python -m tests.support.validation"


def test_page_has_its_sections_and_rows():
    page = validation.PAGE.read_text(encoding="utf-8")
    titles = re.findall("^## (.*)$", page, re.MULTILINE)
    assert titles == [
        "Read first", "Net import reliance", "Origins of imports", "China's share by stage",
        f"China's share in 2030 and {validation.TARGET_YEAR}", "NdPr oxide for US demand, plant by plant",
        "Output by plant",
        f"The United States alone in {validation.TARGET_YEAR}", "If projects come as announced",
        "Results of the first edition that were unbelievable", "Hindcast", "What stands behind the base year",
        "Where each claim stands",
    ]  # fmt: skip
    rows = len(RELIANCES) + len(ORIGINS) + len(CHINA_SHARES) + len(IEA_CHINA) + len(OUTPUT_2025)
    rows += len(validation.read_claims()) + len(validation.LATE_MINERALS) + len(audit.AUDITED)
    rows += 7 + 5 + 8 + 20 + 2 + 3  # summary, findings, minerals, hindcast and its series, grades
    plants = page.split("\n## NdPr oxide for US demand")[1].split("\n## ")[0]
    rows += plants.count("\n| ") - 2
    assert plants.count("`)") >= 10
    assert len(re.findall("^[|] (?!---)", page, re.MULTILINE)) == rows + 15  # heads


def test_summary_counts_the_verdicts_of_the_page():
    page = validation.PAGE.read_text(encoding="utf-8")
    yes, no = validation.count_verdicts(page.split("\n## Where each claim stands")[0])
    assert f"Of {yes + no} comparisons {yes} agree and {no} do not." in page


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
    compared = [item for item in RELIANCES if "over" not in item.published]
    agreeing = [
        item
        for item in compared
        if validation.agrees(
            validation.net_import_reliance(plans[MARKETS], item.mineral, item.materials, validation.BASE_YEAR),
            item.low, item.high,
        ) == "yes"
    ]  # fmt: skip
    assert {"copper", "zinc", "manganese", "graphite", "nickel", "silver", "molybdenum"} <= {
        item.mineral for item in agreeing
    }
    assert len(agreeing) >= len(compared) - 3


@pytest.mark.parametrize("stage", ["metal", "manufacturing", "goods"])
def test_china_leads_the_steps_after_separation(plans, stage):
    """Between three fifths and all of it, as in the statistics."""
    assert 60 <= validation.china_share(plans[MARKETS], "ndpr", stage, validation.BASE_YEAR) <= 100


@pytest.mark.parametrize(
    ("mineral", "stage", "least"),
    [
        ("ndpr", "refining", 71),
        ("lithium", "refining", 60),
        ("graphite", "manufacturing", 60),
        ("cobalt", "refining", 50),
    ],
)
def test_what_is_inside_imported_goods_counts_in_the_stages_before(plans, mineral, stage, least):
    """Four fifths of imported cells, and most magnets in goods, are Chinese, and so is what they are made of."""
    assert least <= validation.china_share(plans[MARKETS], mineral, stage, validation.BASE_YEAR) <= 100


@pytest.mark.parametrize("item", ORIGINS, ids=lambda item: f"{item.mineral}, {item.form}")
def test_imports_of_the_base_year_come_from_where_they_came(plans, item):
    """Four fifths of what the USGS names."""
    assert audit.overlap(plans[MARKETS], item, validation.BASE_YEAR) >= 80


def test_mountain_pass_makes_what_it_can(plans):
    """It made 2.6 kt in 2025; what home does not use is sold, so that it runs full at the pace of its ramp."""
    assert made_of(plans[MARKETS], "mountain_pass_separation", 2026) > 2500
    assert made_of(plans[MARKETS], "mountain_pass_separation", 2030) > 5000


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
