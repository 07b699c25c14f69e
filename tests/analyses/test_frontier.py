"""The frontier of cost and exposure: by hand, and the laws it obeys."""

from __future__ import annotations

from itertools import pairwise

import pytest

from model.analyses.frontier import find_frontier, make_task
from model.analyses.register import exit_code_of_findings
from model.results.by_mineral import exposed_share
from model.results.money import discounted_costs
from model.results.plan import solve_plan
from model.scenarios.merge import merge
from tests.support.inquiries import ask, contract_world, rows_of, set_values, two_supplier_world
from tests.support.sheets import Sheets
from tests.support.tables import tables_of


def test_frontier_of_two_suppliers_by_hand():
    """All from China costs 100 t x 10,000 = 1.0 USD million; with 60 t from the partner it is 0.4 + 1.8 = 2.2.

    A point costs 1.2 / 60 = 0.02 USD million. Below 40 % only unmet demand would do, and there is none to begin with.
    """
    found = rows_of(find_frontier(ask(two_supplier_world())), "frontier")
    assert found["point"].tolist() == [1, 2, 3]
    assert found["cap"].tolist() == pytest.approx([1.0, 0.7, 0.4])
    assert found["exposure_index"].tolist() == pytest.approx([1.0, 0.7, 0.4])
    assert found["cost_usd_million"].tolist() == pytest.approx([1.0, 1.6, 2.2])
    assert found["usd_million_per_point"].tolist()[1:] == pytest.approx([0.02, 0.02])
    assert found["usd_million_per_point"].isna().tolist() == [True, False, False]
    assert found["most_exposed"].tolist() == ["gallium"] * 3
    assert found["most_exposed_share"].tolist() == pytest.approx([1.0, 0.7, 0.4])
    assert found["most_short"].tolist() == [""] * 3
    assert found["most_short_share"].tolist() == [0, 0, 0]
    assert found["budget_multiple"].tolist() == [1, 1, 1]
    assert found["support_budget_usd_million"].isna().all()


def test_contracts_in_force_take_theirs_of_multiplied_budgets_too():
    """Of 5 million in force take 2 at full cover: 3 are left, of twice the budget 8, of nothing nothing."""
    world = contract_world()
    world["contracts_in_force"] = [
        {"contract": "old", "facility": "partner_refinery", "form": "premium", "amount_usd_per_t": 20_000,
         "covered_tpa": 100, "last_year": 2060, "pot": "treasury"}
    ]  # fmt: skip
    inquiry = ask(world)
    stated, start = inquiry.stated("base"), inquiry.solved("base").start
    for multiple, left in ((1, 3.0), (2, 8.0), (0, 0.0)):
        program = make_task(stated, multiple, start).program
        rows = [n for n, (name, _) in enumerate(program.rows) if name == "budget_limit"]
        assert rows
        assert [program.row_upper[n] for n in rows] == pytest.approx([left] * len(rows))


def test_unmet_demand_is_no_way_out_of_exposure():
    """Half of the demand can be met: unmet demand stays 50 t at every point, 60 t of it could not."""
    world = two_supplier_world()
    world["facilities"][0]["capacity_tpa"] = 30
    world["facilities"][1]["capacity_tpa"] = 20
    found = rows_of(find_frontier(ask(world)), "frontier")
    assert found["most_short_share"].tolist() == pytest.approx([0.5])
    # 50 t at the shortage cost of 100,000.
    assert found["penalties_usd_million"].tolist() == pytest.approx([5.0])
    assert found["without_penalties_usd_million"].tolist() == pytest.approx(found["cost_usd_million"] - 5.0)
    assert found["exposure_index"].tolist() == pytest.approx([0.3])


def two_mineral_world(**weights: float) -> Sheets:
    """Beside gallium 100,000 t of copper from China at 10 USD/t, or, at most 60,000 t, from a partner at 11."""
    world = two_supplier_world()
    world["minerals"] = [{"mineral": m, "weight": weights.get(m, 1)} for m in ("gallium", "copper")]
    world["materials"] = [
        *world["materials"],
        {"material": "cathode", "mineral": "copper", "stage": "refining", "shortage_cost_usd_per_t": 100},
    ]
    world["demand"] += [{"segment": "wire", "material": "cathode", "region": "USA", 2026: 100_000}]
    world["prices"] += [{"material": "cathode", 2026: 9}]
    world["facilities"] += [
        {
            "facility": "china_copper",
            "region": "CHN",
            "output": "cathode",
            "capacity_tpa": 500_000,
            "cost_basis": "market",
        },
        {
            "facility": "partner_copper",
            "region": "PTN",
            "output": "cathode",
            "capacity_tpa": 60_000,
            "variable_usd_per_t": 10,
        },
    ]
    world["routes"] += [
        {"from_region": origin, "to_region": "USA", "material": "cathode", "freight_usd_per_t": 1}
        for origin in ("CHN", "PTN")
    ]
    return world  # fmt: skip


def test_a_mineral_counts_by_its_weight_not_by_its_tonnes():
    """Both are 100 % exposed and can be 40 %: the index falls from 1 to 0.4, first where a point is cheaper.

    60 % of copper less exposed cost 60,000 USD, 60 % of gallium 1.2 USD million. At the cap of 0.7, halfway, all of
    the copper has changed and none of the gallium: their mean is (0.4 + 1) / 2.
    """
    findings = find_frontier(ask(two_mineral_world()))
    found, minerals = rows_of(findings, "frontier"), rows_of(findings, "frontier_minerals")
    assert found["exposure_index"].tolist() == pytest.approx([1.0, 0.7, 0.4])
    assert found["cost_usd_million"].tolist() == pytest.approx([2.0, 2.06, 3.26])
    # Of equals the first by name.
    assert found["most_exposed"].tolist() == ["copper", "gallium", "copper"]
    by_point = minerals.pivot_table(index="point", columns="mineral", values="exposed_share")
    assert by_point["copper"].tolist() == pytest.approx([1.0, 0.4, 0.4])
    assert by_point["gallium"].tolist() == pytest.approx([1.0, 1.0, 0.4])


def test_a_mineral_without_weight_is_shown_and_not_counted():
    """Copper weighs nothing: its exposure stays as it is least cost, that of gallium alone makes the index."""
    findings = find_frontier(ask(two_mineral_world(copper=0)))
    found, minerals = rows_of(findings, "frontier"), rows_of(findings, "frontier_minerals")
    assert found["exposure_index"].tolist() == pytest.approx([1.0, 0.7, 0.4])
    assert found["cost_usd_million"].tolist() == pytest.approx([2.0, 2.6, 3.2])
    assert minerals.query("mineral == 'copper'")["exposed_share"].tolist() == pytest.approx([1.0, 1.0, 1.0])
    assert found["most_exposed"].tolist() == ["copper", "copper", "copper"]


def test_exposure_counts_from_frontier_from_year():
    world = set_values(two_supplier_world(), last_year=2027, frontier_from_year=2027)
    found = rows_of(find_frontier(ask(world)), "frontier")
    # 2026 is all from China at every point; its 1.0 USD million is in every cost, 2027's is discounted at 3 %.
    assert found["exposure_index"].tolist() == pytest.approx([1.0, 0.7, 0.4])
    assert found["cost_usd_million"].tolist() == pytest.approx([1 + cost / 1.03 for cost in (1.0, 1.6, 2.2)])


@pytest.fixture(scope="module")
def small_frontier():
    return find_frontier(ask(contract_world()))


def test_frontier_starts_at_the_least_cost_plan(small_frontier):
    plan = solve_plan(merge(tables_of(contract_world()), "base").tables)
    found = rows_of(small_frontier, "frontier")
    first = found[(found["budget_multiple"] == 1) & (found["point"] == 1)].iloc[0]
    assert first["cost_usd_million"] == pytest.approx(plan.objective)
    assert first["most_exposed_share"] == pytest.approx(exposed_share(plan, "ndpr", plan.data.index_years))
    assert first["penalties_usd_million"] == pytest.approx(discounted_costs(plan)["penalty"])


def test_frontier_is_monotone_convex_and_serves_no_less(small_frontier):
    found = rows_of(small_frontier, "frontier")
    assert set(found["budget_multiple"]) == {0, 1, 2}
    for multiple, points in found.groupby("budget_multiple"):
        assert len(points) == (1 if multiple == 0 else 6)
        assert points["exposure_index"].is_monotonic_decreasing
        assert points["cost_usd_million"].is_monotonic_increasing
        slopes = points["usd_million_per_point"].dropna().tolist()
        assert all(low <= high * (1 + 1e-7) for low, high in pairwise(slopes))
        assert points["most_short_share"].max() <= points["most_short_share"].iloc[0] + 1e-9
        assert (points["exposure_index"] - points["cap"]).abs().max() < 1e-9


def test_more_budget_brings_exposure_further_down(small_frontier):
    lowest = rows_of(small_frontier, "frontier").groupby("budget_multiple")["exposure_index"].min()
    assert lowest[0] >= lowest[1] - 1e-9
    assert lowest[1] >= lowest[2] - 1e-9


def test_no_budget_means_no_contract_that_pays(small_frontier):
    found = rows_of(small_frontier, "frontier").groupby("budget_multiple")
    assert found["support_usd_million"].max()[0] == 0
    assert found["support_usd_million"].max()[2] > 0
    # 5 USD million in each of five years.
    assert found["support_budget_usd_million"].first().tolist() == [0, 25, 50]


def test_plans_behind_the_points(small_frontier):
    found = rows_of(small_frontier, "frontier_plans")
    first = found[(found["budget_multiple"] == 1) & (found["point"] == 1)]
    assert (first["difference_t_per_year"] == 0).all()
    last = found[(found["budget_multiple"] == 2) & (found["point"] == 6)].set_index("facility")
    assert last["difference_t_per_year"].abs().max() > 0


def test_every_point_is_in_the_manifest_with_its_solves(small_frontier):
    points = rows_of(small_frontier, "frontier")
    assert len(small_frontier.models) == len(points)
    for model, cost in zip(small_frontier.models, points["cost_usd_million"], strict=True):
        assert (model["analysis"], model["status"]) == ("frontier", "optimal")
        assert model["objective_usd_million"] == pytest.approx(cost)
        assert {"rows", "columns", "non_zeros", "iterations", "seconds", "largest_primal_infeasibility"} <= set(model)


def test_infeasible_budgets_leave_the_other_frontiers():
    """A stock that only contracts can fill has no plan without them; the frontier with budgets is still there."""
    world = contract_world()
    world["facilities"] = [row for row in world["facilities"] if row["facility"] in ("home_mine", "home_refinery")]
    world["stockpiles"] = [{"material": "ndpr_oxide", "region": "USA", "final_t": 100}]
    found = find_frontier(ask(set_values(world, frontier_points=3, frontier_budgets="0, 1")))
    assert found.models[0]["status"] == "infeasible"
    assert set(rows_of(found, "frontier")["budget_multiple"]) == {1}
    assert exit_code_of_findings(found) == 0
