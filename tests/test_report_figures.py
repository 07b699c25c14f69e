"""The tables behind the figures: every number is one of the results tables' or arithmetic on them."""

from __future__ import annotations

import pandas as pd
import pytest

from model.formulation.costs import COST_TERMS
from model.report import demand_tables, flow_tables, input_tables, project_tables, scenario_tables, support_tables
from model.report.content import Content
from model.report.prices import price_sentences
from model.report.terms import TERMS
from tests.support.reports import read


@pytest.fixture(scope="module")
def content(reported) -> Content:
    return read(reported)


def total(rows: pd.DataFrame, column: str, **wanted: object) -> float:
    for key, value in wanted.items():
        rows = rows[rows[key] == value]
    return float(rows[column].sum())


def test_comparison_repeats_the_summary_and_counts_projects(content):
    rows = scenario_tables.comparison(content).set_index("scenario")
    summary = content.of("summary", "squeeze")
    whole = summary[summary["year"].isna()].set_index("measure")["value"]
    for column, measure in scenario_tables.COMPARED.items():
        assert rows.loc["squeeze", column] == whole[measure]
    assert rows.loc["squeeze", "projects"] == content.of("builds", "squeeze")["facility"].nunique()
    assert rows.loc["squeeze", "awards"] == len(content.of("awards", "squeeze"))
    assert pd.isna(rows.loc["never", "projects"])
    assert pd.isna(rows.loc["never", "cost_usd_million"])


def test_cost_terms_add_up_to_the_objective(content):
    terms = scenario_tables.cost_terms(content)
    for scenario in content.solved:
        assert total(terms, "usd_million", scenario=scenario.name) == pytest.approx(
            content.total(scenario.name, "objective"), rel=1e-9
        )


def test_needs_are_deliveries_in_tonnes_of_the_mineral(content):
    """The one product demanded is oxide: 0.857 t of its own mineral in a tonne, and 0.01 t of dysprosium."""
    deliveries, needs = content.rows("deliveries"), demand_tables.needs(content)
    for column in ("clear_t", "exposed_t", "saved_t", "unmet_t"):
        assert total(needs, column, mineral="ndpr") == pytest.approx(0.857 * deliveries[column].sum())
        assert total(needs, column, mineral="dysprosium") == pytest.approx(0.01 * deliveries[column].sum())


def test_shortages_say_what_share_is_short(content):
    """In the squeeze, 230 t are not met over all years; the share is of that demand."""
    short = demand_tables.shortages(content)
    unmet = content.of("deliveries", "squeeze")["unmet_t"].sum()
    assert total(short, "unmet_t", scenario="squeeze") == pytest.approx(unmet) == pytest.approx(230.0)
    first = short.iloc[0]
    row = content.rows("deliveries")
    for key in ("scenario", "segment", "material", "region", "year"):
        row = row[row[key] == first[key]]
    wanted = row[["clear_t", "exposed_t", "saved_t", "unmet_t"]].sum(axis=1).iloc[0]
    assert first["share"] == pytest.approx(first["unmet_t"] / wanted)


def test_contracts_pay_what_the_strike_is_above_the_lower_price(content):
    """At 30 % lower prices a covered tonne costs the strike less 0.7 x the reference price, if that is positive."""
    rows = support_tables.award_years(content)
    row = rows.iloc[0]
    gap = max(0.0, row["amount"] - 0.7 * row["reference_usd_per_t"])
    assert row["stress_usd_million"] == pytest.approx(1e-6 * row["t"] * gap)
    assert (rows["stress_usd_million"] >= rows["outlay_usd_million"] - 1e-12).all()


def test_pots_pay_all_contracts_and_budgets_are_held_flat(content):
    """One pot for all materials pays every contract; 2031 is after the plan and has the budget of 2030."""
    budgets, paid = support_tables.budget_years(content), support_tables.award_years(content)
    for view, column in (("expected", "outlay_usd_million"), ("stress", "stress_usd_million")):
        assert total(budgets, "outlay_usd_million", scenario="base", view=view) == pytest.approx(
            total(paid, column, scenario="base")
        )
    assert total(budgets, "budget_usd_million", scenario="base", view="stress", year=2031) == 400


def test_payments_by_facility_add_up(content):
    assert total(support_tables.payments(content), "outlay_usd_million", scenario="base") == pytest.approx(
        total(content.rows("award_years"), "paid_usd_million", scenario="base")
    )


def test_the_timeline_names_plants_and_strikes(content):
    rows = project_tables.timeline(content)
    assert len(rows) == len(content.rows("builds"))
    backed = rows[rows["financed_by"] != "merchant"]
    assert set(backed["amount"]) == set(content.rows("awards")["amount"])
    assert rows.loc[rows["financed_by"] == "merchant", "amount"].isna().all()


def test_supply_mix_across_years_keeps_every_tonne(content):
    keys = ["scenario", "mineral", "stage", "pathway"]
    wide = project_tables.years_across(content.rows("mix"), keys, "t", content.years)
    years = [str(year) for year in content.years]
    assert wide[years].to_numpy().sum() == pytest.approx(content.rows("mix")["t"].sum())


def test_exposure_across_years_keeps_every_share(content):
    wide = project_tables.exposure_across(content)
    long = content.rows("exposure")
    row = long[(long["scenario"] == "base") & (long["stage"] == "chain") & (long["segment"] == "*")]
    mine = wide[(wide["scenario"] == "base") & (wide["stage"] == "chain") & (wide["segment"] == "*")]
    row, mine = row[row["mineral"] == "ndpr"], mine[mine["mineral"] == "ndpr"]
    mine = mine.set_index("measure")
    for measure in ("controlled_share", "cap"):
        expected = row.set_index("year")[measure]
        for year in content.years:
            assert mine.loc[measure, str(year)] == pytest.approx(expected[year], nan_ok=True)


def flows_of(content: Content, **wanted: object) -> pd.DataFrame:
    rows = flow_tables.flows(content)
    for key, value in ({"mineral": "ndpr"} | wanted).items():
        rows = rows[rows[key] == value]
    return rows


def test_flows_into_demand_are_the_deliveries(content):
    """Every tonne demanded ends in a segment, by provenance, in tonnes of the mineral."""
    deliveries = content.of("deliveries", "squeeze")
    flows = flows_of(content, scenario="squeeze")
    into = flows[flows["to_node"].str.startswith("Demand: ")]
    for column, provenance in (("clear_t", "clear"), ("exposed_t", "exposed"), ("unmet_t", "unmet")):
        assert total(into, "t", provenance=provenance) == pytest.approx(0.857 * deliveries[column].sum())


def test_flows_between_places_are_the_trade(content):
    """Concentrate holds 1 t and oxide 0.857 t of the mineral in a tonne."""
    flows, trade = flows_of(content, scenario="base"), content.of("trade", "base")
    parts = flows["from_node"].str.split(" · ", expand=True)
    ends = flows["to_node"].str.split(" · ", expand=True)
    shipped = flows[(parts[0] == ends[0]) & (parts[1] != ends[1])]
    contents = trade["material"].map({"ndpr_concentrate": 1.0, "ndpr_oxide": 0.857})
    assert shipped["t"].sum() == pytest.approx((trade["t"] * contents).sum())


def test_flows_through_steps_are_what_the_steps_make(content):
    """Three plants have an input; what each makes is drawn once, in tonnes of the mineral, by its provenance."""
    flows = flows_of(content, scenario="base")
    steps = flows[flows["from_node"].str.startswith(("NdPr in concentrate", "Scrap"))]
    steps = steps[steps["to_node"].str.startswith("@oxide")]
    made = content.of("production", "base")
    made = made[made["facility"].isin(["home_refinery", "partner_refinery", "home_recycler"])]
    for provenance in ("clear", "exposed"):
        assert total(steps, "t", provenance=provenance) == pytest.approx(
            0.857 * total(made, "t", provenance=provenance)
        )


def test_flows_out_of_stock_are_releases(content):
    released = content.of("stockpiles", "base")["out_t"].sum()
    assert released > 0
    assert total(flows_of(content, scenario="base"), "t", from_node=flow_tables.FROM_STOCK) == pytest.approx(
        0.857 * released
    )


def test_every_place_balances_where_nothing_is_lost(content):
    """Oxide in the home country: made, shipped in and out of stock is shipped out, delivered, and put into stock."""
    flows = flows_of(content, scenario="squeeze")
    place = next(node for node in flows["to_node"] if node.startswith("@oxide") and node.endswith("USA"))
    assert total(flows, "t", to_node=place) == pytest.approx(total(flows, "t", from_node=place))


def test_changed_cells_are_one_line_for_all_years(content):
    """The squeeze sets the Chinese capacity to 300 t/yr; the third scenario changes two cells without years."""
    rows = input_tables.changed_cells(content)
    assert [tuple(row) for row in rows.itertuples(index=False)] == [
        ("squeeze", "facilities", "china_market", "capacity_tpa", "", "5000", "300"),
        ("never", "stockpiles", "ndpr_oxide/USA", "max_t", "", "100", "90000"),
        ("never", "stockpiles", "ndpr_oxide/USA", "final_t", "", "", "90000"),
    ]


def test_prices_are_steps_of_demand_and_of_limits(content):
    """Every step that was looked at, in the first plan only, is of the main mineral, and is described once for it."""
    rows, raw = price_sentences(content), content.rows("price_steps")
    for kind, wanted in (
        ("demand", raw["constraint"] == "demand_balance"),
        ("limit", raw["constraint"] != "demand_balance"),
    ):
        steps = raw[wanted]
        told = rows[(rows["kind"] == kind) & (rows["mineral"] == "ndpr")]
        assert len(steps) == len(told) > 0
        assert set(told["up_usd_million"]) == set(steps["up_usd_million"])
    assert rows["sentence"].str.startswith("1 % more demand for").any()


def test_every_cost_term_has_its_words():
    assert TERMS.keys() == COST_TERMS.keys()
