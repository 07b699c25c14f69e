"""Near-optimal alternatives: by hand, and the laws they obey."""

from __future__ import annotations

import pytest

from model.analyses.alternatives import find_alternatives
from model.results.indicators import summary
from model.results.plan import solve_plan
from model.scenarios.merge import merge
from tests.support.inquiries import ask, contract_world, rows_of, set_values, two_supplier_world
from tests.support.tables import tables_of


def test_shares_of_two_suppliers_by_hand():
    """Least cost is 1.0 USD million, all from China; 20 % more pays for 10 t from the partner at 0.02 a tonne extra.

    A tenth of the output is then from the partner; China's 90 % can be no higher than all.
    """
    world = set_values(two_supplier_world(), near_optimal_slack="0.2")
    found = rows_of(find_alternatives(ask(world)), "alternatives").set_index("measure")
    share = found.loc["share_friendshore"]
    assert (share["lowest"], share["highest"], share["at_least_cost"]) == pytest.approx((0, 0.1, 0))
    share = found.loc["share_china"]
    assert (share["lowest"], share["highest"], share["at_least_cost"]) == pytest.approx((0.9, 1, 1))


def test_what_an_alternative_costs_apart_from_what_it_leaves_short():
    """As above, but of the 20 % or 0.2, 5 t from the partner take 0.1, and the rest leaves 0.1 / 0.09 t unmet.

    Of the most exposed plan nothing costs more.
    """
    world = set_values(two_supplier_world(), near_optimal_slack="0.2")
    world["facilities"][1]["capacity_tpa"] = 5
    china = rows_of(find_alternatives(ask(world)), "alternatives").set_index("measure").loc["share_china"]
    unmet = 0.1 / 0.09
    assert china["lowest"] == pytest.approx((95 - unmet) / (100 - unmet))
    assert china["lowest_penalties_usd_million"] == pytest.approx(0.1 * unmet)
    assert china["lowest_without_penalties_usd_million"] == pytest.approx(0.2 - 0.1 * unmet)
    assert china["highest_penalties_usd_million"] == pytest.approx(0)


@pytest.fixture(scope="module")
def explored():
    return find_alternatives(ask(contract_world()))


def test_ranges_hold_the_least_cost_plan_and_widen_with_slack(explored):
    found = rows_of(explored, "alternatives")
    tolerance = 1e-6 * found["at_least_cost"].abs().clip(lower=1)
    assert (found["lowest"] <= found["at_least_cost"] + tolerance).all()
    assert (found["highest"] >= found["at_least_cost"] - tolerance).all()
    for _, rows in found.groupby("measure"):
        assert rows["slack"].tolist() == [0, 0.02, 0.05]
        assert (rows["lowest"].diff().dropna() <= 1e-6).all()
        assert (rows["highest"].diff().dropna() >= -1e-6).all()


def test_measures_are_those_of_the_summary(explored):
    plan = solve_plan(merge(tables_of(contract_world()), "base").tables)
    reported = {measure: value for measure, year, value, _ in summary(plan) if year is None}
    found = rows_of(explored, "alternatives")
    found = found[found["slack"] == 0].set_index("measure")["at_least_cost"]
    for measure in ("share_onshore", "share_friendshore", "share_china", "support_paid"):
        assert found[measure] == pytest.approx(reported[measure], abs=1e-9)
    built = sum(amount for (f, *_), amount in plan.members("build").items() if f == "home_refinery")
    assert found["new_capacity home_refinery"] == pytest.approx(1e3 * built)


def test_every_end_is_in_the_manifest_and_within_its_slack(explored):
    plan = solve_plan(merge(tables_of(contract_world()), "base").tables)
    ends = [model for model in explored.models if not model["of"].startswith("least cost")]
    assert len(ends) == 2 * len(rows_of(explored, "alternatives"))
    for model in ends:
        slack = float(model["of"].rpartition(" at ")[2])
        assert model["objective_usd_million"] <= (1 + slack) * plan.objective * (1 + 1e-7)
