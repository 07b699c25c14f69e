"""The matrix of minerals and scenarios: every number is arithmetic on rows of the tables, done here once more."""

from __future__ import annotations

import pandas as pd
import pytest

from model.report.content import Content
from model.report.matrix import MEASURES, find_matrix
from tests.support.reports import read

AMOUNTS = ["clear_t", "exposed_t", "saved_t", "unmet_t"]


@pytest.fixture(scope="module")
def content(reported) -> Content:
    return read(reported)


@pytest.fixture(scope="module")
def matrix(content) -> pd.DataFrame:
    return find_matrix(content)


def cell(rows: pd.DataFrame, scenario: str, mineral: str, year: int) -> pd.DataFrame:
    return rows[(rows["scenario"] == scenario) & (rows["mineral"] == mineral) & (rows["year"] == year)]


def test_there_is_a_row_for_each_plan_mineral_and_year(content, matrix):
    keys = matrix[["scenario", "mineral", "year"]]
    assert keys.drop_duplicates().shape[0] == len(matrix) == 2 * 2 * len(content.years)
    assert list(matrix.columns) == ["scenario", "mineral", "year", *(column.key for column in MEASURES)]
    assert list(matrix["scenario"].unique()) == [scenario.name for scenario in content.solved]


@pytest.mark.parametrize("scenario", ["base", "squeeze"])
def test_the_cells_of_ndpr_are_those_of_the_tables(content, matrix, scenario):
    """NdPr is in oxide only, half of which it need not be: what is short is a share of tonnes of oxide."""
    for year in content.years:
        found = cell(matrix, scenario, "ndpr", year).iloc[0]
        deliveries = cell(content.rows("deliveries"), scenario, "ndpr", year)
        assert found["unmet_share"] == pytest.approx(deliveries["unmet_t"].sum() / deliveries[AMOUNTS].sum().sum())
        assert found["exposed_share"] == pytest.approx(
            deliveries["exposed_t"].sum() / deliveries[AMOUNTS].sum().sum(), abs=1e-9
        )
        supply = content.rows("costs").query("kind == 'supply'")
        costs = cell(supply, scenario, "ndpr", year)["usd_million"].sum()
        assert found["cost_usd_million"] == pytest.approx(costs)
        before = cell(supply, "base", "ndpr", year)["usd_million"].sum()
        assert found["cost_change_usd_million"] == pytest.approx(costs - before, abs=1e-9)
        sources = cell(content.rows("import_reliance"), scenario, "ndpr", year).iloc[0]
        home = (sources["mined_t"] + sources["recycled_t"]) / sources["consumption_t"]
        assert found["home_share"] == pytest.approx(home, abs=1e-9)


def test_outlay_is_all_that_is_paid_and_lent_in_the_plan(content, matrix):
    years = content.rows("award_years")
    inside = years[years["year"].isin(content.years)]
    assert matrix["outlay_usd_million"].sum() == pytest.approx(
        inside["paid_usd_million"].sum() + inside["lent_usd_million"].sum()
    )
    assert matrix["outlay_usd_million"].sum() > 0


def test_costs_under_minerals_add_up_to_those_of_the_table(content, matrix):
    costs = content.rows("costs").query("kind == 'supply' and mineral != ''")
    assert matrix["cost_usd_million"].sum() == pytest.approx(costs["usd_million"].sum())


def test_scenarios_have_short_titles_and_none_is_cut(content):
    assert content.short_titles["base"] == "Base plan"
    assert content.short_titles["squeeze"] == "squeeze"
