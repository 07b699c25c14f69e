"""What a year less of lead time is worth."""

from __future__ import annotations

import pytest

from model.analyses.lead_times import find_lead_time_values, shorten
from tests.support.inquiries import ask, contract_world, rows_of, two_supplier_world
from tests.support.tables import tables_of


def test_a_year_sooner_by_hand():
    """A home plant of 50 t/yr, two years from decision, free to build, makes at 4,000 USD/t what else costs 10,000.

    In 2026 to 2028 it runs from 2028. A year sooner it runs in 2027 too: 50 t x 6,000 USD, discounted at 3 %.
    """
    world = two_supplier_world()
    world["settings"][1]["value"] = 2028
    world["facilities"].append({
        "facility": "home", "region": "USA", "output": "metal", "status": "candidate", "capacity_tpa": 50,
        "lead_time_years": 2, "capex_usd_per_tpa": 0.001, "hurdle_rate": 0.1, "variable_usd_per_t": 4_000,
    })  # fmt: skip
    found = find_lead_time_values(ask(world))
    rows = rows_of(found, "lead_times")
    assert rows["facility"].tolist() == ["home"]
    assert rows["lead_time_years"].tolist() == [2]
    assert rows[["t_per_year", "t_per_year_sooner"]].to_numpy().tolist() == [pytest.approx([50, 50])]
    assert rows["usd_million"].tolist() == pytest.approx([0.3 / 1.03], rel=1e-6)
    assert rows["penalties_usd_million"].tolist() == [0]
    assert [(model["of"], model["status"]) for model in found.models] == [("home", "optimal")]


def test_what_is_no_longer_short_stands_apart():
    """As above, with the partner's 60 t alone: the home plant replaces 40 t short at 100,000 and 10 t at 30,000."""
    world = two_supplier_world()
    world["settings"][1]["value"] = 2028
    world["facilities"][0] = {
        "facility": "home", "region": "USA", "output": "metal", "status": "candidate", "capacity_tpa": 50,
        "lead_time_years": 2, "capex_usd_per_tpa": 0.001, "hurdle_rate": 0.1, "variable_usd_per_t": 4_000,
    }  # fmt: skip
    [row] = rows_of(find_lead_time_values(ask(world)), "lead_times").itertuples()
    assert row.usd_million == pytest.approx((4 + 0.3 - 0.2) / 1.03, rel=1e-6)
    assert row.penalties_usd_million == pytest.approx(4 / 1.03)
    assert row.without_penalties_usd_million == pytest.approx(0.1 / 1.03, rel=1e-5)


def test_the_most_valuable_year_comes_first():
    rows = rows_of(find_lead_time_values(ask(contract_world())), "lead_times")
    assert set(rows["facility"]) == {"home_mine", "home_refinery"}
    assert rows["usd_million"].is_monotonic_decreasing
    assert rows["usd_million"].iloc[-1] >= -1e-6


def test_a_lead_time_that_depends_on_the_year_loses_a_year_in_each():
    tables = tables_of(contract_world())
    mine = next(record for record in tables["facilities"] if record["facility"] == "home_mine")
    mine.values["lead_time_years"] = {2026: 3.0, 2027: 0.0}
    shorter = next(r for r in shorten(tables, "home_mine")["facilities"] if r["facility"] == "home_mine")
    assert shorter.values["lead_time_years"] == {2026: 2.0, 2027: 0.0}
    assert mine.values["lead_time_years"] == {2026: 3.0, 2027: 0.0}
