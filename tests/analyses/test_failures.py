"""Points of failure, by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from model.analyses import failures as failures_of_plans
from model.analyses.failures import find_failures
from model.analyses.register import exit_code_of_findings, run_analysis
from tests.support.inquiries import LosingPool, ask, rows_of
from tests.support.sheets import Sheets
from tests.support.world_builder import make_world, plant, project


def world(*facilities, settings=None, **sheets) -> Sheets:
    """100 t/yr from 2030 to 2034; a tonne that is missing costs 5,000 USD; things fail in 2032."""
    return make_world(
        {"last_year": 2034, "failure_years": 1} | (settings or {}), demand=[{2030: 100}], prices=[{2030: 400}],
        facilities=list(facilities), scenarios=[{"scenario": "base"}], **sheets,
    )  # fmt: skip


def mill(name: str, **row):
    return plant(name, **({"capacity_tpa": 60, "variable_usd_per_t": 100} | row))


def failures(sheets: Sheets) -> dict[str, pd.DataFrame]:
    found = find_failures(ask(sheets))
    assert all(model["status"] == "optimal" for model in found.models)
    return {name: rows_of(found, name) for name in ("failures", "failure_minerals", "failure_helpers")}


def test_two_suppliers_of_sixty_and_a_demand_of_a_hundred():
    """Either fails: 40 t are short, at 5,000 USD, and 40 t less are made at 100: 196,000 USD, and 40 % of 12 months.

    The pair fails, which is all metal of the region: 100 t are short for 490,000 USD, a year of demand. In the plan
    one makes 60 and one 40 t: what is left makes up for 20 t of the one that made 60.
    """
    found = failures(world(mill("east"), mill("west"), settings={"failure_pairs": "yes"}))
    rows = found["failures"].set_index("name")
    assert rows["rank"].tolist() == [1, 2, 3, 4]
    assert rows["kind"].tolist()[:2] == ["pair", "material"]
    for name in ("east", "west"):
        assert rows.loc[name, "extra_cost_usd_million"] == pytest.approx(0.196)
        assert rows.loc[name, "penalty_usd_million"] == pytest.approx(0.2)
        assert (rows.loc[name, "first_year"], rows.loc[name, "last_year"]) == (2032, 2032)
        assert (rows.loc[name, "worst_mineral"], rows.loc[name, "months_lost"]) == ("tin", pytest.approx(4.8))
    for name in ("east & west", "metal/USA"):
        assert rows.loc[name, "extra_cost_usd_million"] == pytest.approx(0.49)
        assert rows.loc[name, "months_lost"] == pytest.approx(12)
    assert sorted(found["failure_minerals"]["unmet_t"]) == pytest.approx([40, 40, 100, 100])
    (helper,) = found["failure_helpers"].itertuples()
    assert (helper.helper, helper.t) == ("facility", pytest.approx(20))


def test_what_only_fills_the_room_is_no_help():
    """Water that the eastern mill leaves makes lead, which is short at 4,900 USD: that does not stand in for tin."""
    water = {"water_m3_per_t": 1}
    sheets = world(
        mill("east", **water), mill("lead_works", output="lead", **water),
        minerals=[{"mineral": "lead"}],
        materials=[{"material": "lead", "mineral": "lead", "stage": "refining", "shortage_cost_usd_per_t": 4900}],
        resource_limits=[{"limit": "river", "resource": "water", 2030: 60}],
    )  # fmt: skip
    sheets["demand"].append({"segment": "cars", "material": "lead", "region": "USA", 2030: 50})
    sheets["prices"].append({"material": "lead", 2030: 400})
    found = failures(sheets)
    row = found["failures"].set_index("name").loc["east"]
    assert row["extra_cost_usd_million"] == pytest.approx((60 * 4900 - 50 * 4800) / 1e6)
    assert len(found["failure_helpers"]) == 0


def test_a_stock_steps_in_before_demand_goes_short():
    """Making costs a dollar more each year, so that the stock of 30 t is never sold to be bought again.

    It bridges 30 of 40 t: 10 are short at 5,000. 40 t less are made at 102; it is full again by 20 t at 103 and 10 at
    104, which is what the mills can make beyond demand.
    """
    rising = [{"facility": name, "quantity": "variable_usd_per_t", 2030: 100, 2034: 104} for name in ("east", "west")]
    stock = {"initial_t": 30, "max_t": 30, "final_t": 30}
    found = failures(world(mill("east"), mill("west"), stockpiles=[stock], facility_paths=rising))
    rows = found["failures"].set_index("name")["extra_cost_usd_million"]
    for name in ("east", "west"):
        assert rows[name] == pytest.approx((10 * 5000 - 40 * 102 + 20 * 103 + 10 * 104) / 1e6)
    helpers = found["failure_helpers"]
    stocks = helpers[(helpers["helper"] == "stock") & (helpers["name"] != "metal/USA")]
    assert stocks["t"].tolist() == pytest.approx([30, 30])


def test_what_fails_abroad():
    """A mill in Canada, and its route: the region, the facility and the route each cost the 60 t it sends.

    A tonne of it costs 100 and 1 of freight: 60 * (5,000 - 101) for the region and the route; a route that stands still
    does not stop the mill, but its metal is of no use elsewhere.
    """
    found = failures(world(
        mill("home", capacity_tpa=40), mill("abroad", region="CAN"), routes=[{"from_region": "CAN"}],
    ))  # fmt: skip
    rows = found["failures"].set_index(["kind", "name"])["extra_cost_usd_million"]
    for key in (("facility", "abroad"), ("region", "CAN"), ("route", "CAN>USA:metal")):
        assert rows[key] == pytest.approx(60 * (5000 - 101) / 1e6)
    assert rows["facility", "home"] == pytest.approx(40 * (5000 - 100) / 1e6)
    assert len(rows) == 4


def test_what_stands_still_with_a_worse_failure_is_the_same():
    """All Canada has is a mill and its route: one of the three stands for all. Two mills at home are two things."""
    found = failures(world(
        *(mill(name, capacity_tpa=20) for name in ("east", "west")), mill("abroad", region="CAN"),
        routes=[{"from_region": "CAN"}], settings={"failure_pairs": "yes"},
    ))  # fmt: skip
    singles = found["failures"][found["failures"]["kind"] != "pair"].set_index("name")["same_as"]
    abroad = singles[["CAN", "CAN>USA:metal", "abroad"]]
    (head,) = abroad.index[abroad == ""]
    assert set(abroad) == {"", head}
    assert singles[["east", "west", "metal/USA"]].tolist() == ["", "", ""]
    pairs = found["failures"].loc[found["failures"]["kind"] == "pair", "name"]
    assert sorted(pairs) == sorted([f"{head} & metal/USA", f"{head} & east", f"{head} & west", "east & west"])


def test_all_that_a_region_makes_of_a_material():
    """Two mills in Canada fail together as its metal: 100 t; each alone 50 t. The home region itself never fails."""
    found = failures(world(
        *(mill(name, region="CAN", capacity_tpa=50) for name in ("north", "south")), routes=[{"from_region": "CAN"}],
    ))  # fmt: skip
    rows = found["failures"].set_index(["kind", "name"])["extra_cost_usd_million"]
    assert rows["material", "metal/CAN"] == pytest.approx(100 * (5000 - 101) / 1e6)
    assert rows["facility", "north"] == rows["facility", "south"] == pytest.approx(50 * (5000 - 101) / 1e6)
    assert ("region", "USA") not in rows.index


def test_decisions_before_are_held_and_those_after_are_not():
    """A new mill takes a year; decided in 2032 when the old one fails for two years, it helps in 2033.

    It costs 600 a t/yr for each of its years, 2033 and 2034 in the plan, and makes at 100: worth it in 2033 alone.
    """
    new = project("new", capacity_tpa=100, lead_time_years=1, life_years=10, hurdle_rate=0, capex_usd_per_tpa=6000,
                  variable_usd_per_t=100)  # fmt: skip
    found = failures(world(mill("old", capacity_tpa=100), new, settings={"failure_years": 2}))
    (row,) = found["failures"].itertuples()
    assert (row.name, row.last_year) == ("old", 2033)
    assert row.extra_cost_usd_million == pytest.approx(100 * (5000 - 100) / 1e6 + 100 * 2 * 600 / 1e6)
    helpers = found["failure_helpers"].itertuples()
    assert [(row.helper_name, row.t) for row in helpers] == [("new", pytest.approx(100))]


def test_a_contract_is_excused_while_its_plant_stands_still():
    """What a signed contract asks for is not made and not owed: what is short is demand alone, 100 t at 5,000 USD.

    Making them would have cost 100 a tonne.
    """
    offer = {"offer": "strike", "term_years": 5, "coverage": 1}
    commercial = project("mill", capacity_tpa=100, life_years=5, commercial="yes", cfd_eligible="yes", hurdle_rate=0.1,
                         capex_usd_per_tpa=1500, variable_usd_per_t=100)  # fmt: skip
    found = failures(world(commercial, cfd_offers=[offer]))
    (row,) = found["failures"].itertuples()
    assert row.name == "mill"
    assert row.months_lost == pytest.approx(12)
    assert row.extra_cost_usd_million == pytest.approx(100 * (5000 - 100) / 1e6)
    assert row.penalty_usd_million == pytest.approx(0.5)


def test_a_lost_group_is_told_and_the_others_are_kept(monkeypatch):
    """Three failures, in groups of two."""
    monkeypatch.setattr(failures_of_plans, "TOGETHER", 2)
    found = run_analysis("failures", ask(world(mill("east"), mill("west")), LosingPool()))
    assert sorted(model["status"] for model in found.models) == ["lost", "lost", "optimal"]
    assert len(found.tables["failures"]) == 1
    assert exit_code_of_findings(found) == 3


def test_a_group_that_is_lost_is_told():
    found = run_analysis("failures", ask(world(mill("east"), mill("west")), LosingPool()))
    assert {model["status"] for model in found.models} == {"lost"}
    assert found.tables["failures"] == []


def measures(sheets: Sheets) -> pd.DataFrame:
    return rows_of(find_failures(ask(sheets)), "failure_measures")


def abroad(**row) -> list[dict[str, object]]:
    return [mill("home", capacity_tpa=100), mill("abroad", region="CAN", **({"variable_usd_per_t": 300} | row))]


def test_a_store_that_is_filled_before_blunts_the_worst_failure():
    """The mill at home makes all 100 t at 100 USD; one abroad could send 30 t at 301. The one at home fails in 2032.

    70 t are short. A store of 40 t, filled by 10 t of 2030 and 30 t of 2031 at 301 and held for 50 t-years at 1 USD,
    costs 12,090 USD. If nothing fails, 40 t less are made in 2032: the premium is 8,090. If the mill fails, 40 t fewer
    are short: 200,000 - 12,090 are saved. It pays from a probability of 8,090 / 196,000. Trade alone saves nothing.
    """
    sheets = world(*abroad(capacity_tpa=30), routes=[{"from_region": "CAN"}],
                   stockpiles=[{"initial_t": 0, "max_t": 40, "holding_usd_per_t": 1}])  # fmt: skip
    (row,) = measures(sheets).itertuples()
    assert (row.kind, row.name, row.measure, row.measure_name) == ("facility", "home", "stock", "metal/USA")
    assert row.more_t == pytest.approx(40)
    assert row.premium_usd_million == pytest.approx(0.00809)
    assert row.saved_usd_million == pytest.approx(0.18791)
    assert (row.premium_penalties_usd_million, row.saved_penalties_usd_million) == (0, pytest.approx(0.2))
    assert row.worth_from == pytest.approx(8090 / 196_000)


def test_trade_that_was_begun_before_blunts_the_worst_failure():
    """20 t more can come from abroad each year, at 201 USD instead of 100 at home: 20 t in 2032 if none came before.

    Begun in 2030 with 20 t and 40 t in 2031, which costs 60 * 101 = 6,060 USD, 60 t come in 2032: 40 t fewer are short,
    which saves 40 * (5,000 - 201) - 6,060 = 185,900 USD.
    """
    route = {"from_region": "CAN", "growth": 0, "start_tpa": 20}
    (row,) = measures(world(*abroad(capacity_tpa=100, variable_usd_per_t=200), routes=[route])).itertuples()
    assert (row.measure, row.measure_name, row.more_t) == ("trade", "", 0)
    assert row.premium_usd_million == pytest.approx(0.00606)
    assert row.saved_usd_million == pytest.approx(0.1859)


def test_a_project_that_is_built_before_blunts_the_worst_failure():
    """The old mill fails in 2032. A new one of 100 t, decided in 2031, makes at the same 100 USD.

    It costs 600 USD a t/yr in each of its three years: the premium is 180,000, and 100 * 4,900 less that are saved.
    """
    new = project("new", capacity_tpa=100, lead_time_years=1, life_years=10, hurdle_rate=0, capex_usd_per_tpa=6000,
                  variable_usd_per_t=100)  # fmt: skip
    (row,) = measures(world(mill("old", capacity_tpa=100), new)).itertuples()
    assert (row.measure, row.measure_name, row.more_t) == ("project", "new", pytest.approx(100))
    assert row.premium_usd_million == pytest.approx(0.18)
    assert row.saved_usd_million == pytest.approx(0.49 - 0.18)


def test_only_the_largest_candidates_are_tried_where_the_workbook_says_how_many():
    """Mills of 60 and 40 t: by output the region's metal is the largest, and the mill of 60 t the next."""
    found = failures(world(mill("east"), mill("west", variable_usd_per_t=200), settings={"failure_candidates": 2}))
    assert sorted(found["failures"]["name"]) == ["east", "metal/USA"]
