"""Every number in the results is the quantity of the model it claims to be; every table has its form."""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pandas as pd
import pytest
from pandas.api.types import is_numeric_dtype

from model.data.facility import Facility
from model.data.finance import capital_recovery
from model.data.lookup import Lookup
from model.results import PLAN_TABLES, find_tables, make_table, run_folder, tabulate
from model.results.columns import ANALYSIS_TABLES, RESULT_TABLES, TableName
from model.results.plan import Plan, solve_plan
from model.scenarios.merge import Merged
from model.study.run import run_study
from tests.support.sheets import small_world, write_csv
from tests.support.solved_worlds import merge_world, solve_tables, world_of
from tests.support.world_builder import make_world

SEEDS = (0, 3, 8)
"""Worlds with contracts for new and for existing capacity, stockpiles, coproducts, breaches and resource limits."""


class Solved(NamedTuple):
    """A scenario, its plan and its tables."""

    merged: Merged
    plan: Plan
    tables: dict[str, pd.DataFrame]


@pytest.fixture(scope="module", params=[(seed, name) for seed in SEEDS for name in ("base", "combined")], ids=str)
def solved(request, tmp_path_factory) -> Solved:
    seed, scenario = request.param
    merged = merge_world(world_of(seed), tmp_path_factory.mktemp("results"), scenario)
    plan = solve_plan(merged.tables)
    return Solved(merged, plan, find_tables(scenario, plan, merged))


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-9)


def indexed(table: pd.DataFrame, value: str) -> dict[Any, float]:
    """The numbers of a column by the labels in front of the first number."""
    numbers = [c.key for c in RESULT_TABLES[_name(table)] if c.key == value]
    keys = list(table.columns[1 : list(table.columns).index(numbers[0])])
    return {tuple(key): float(x) for *key, x in table[[*keys, value]].itertuples(index=False)}


def _name(table: pd.DataFrame) -> str:
    columns = list(table.columns[1:])
    return next(name for name, keys in RESULT_TABLES.items() if [key.key for key in keys] == columns)


def adds_up(plan: Plan, component: str, table: pd.DataFrame, column: str = "t") -> None:
    """All members of a component, in t, add up to a column."""
    assert table[column].sum() == pytest.approx(1e3 * sum(plan.members(component).values()), rel=1e-9, abs=1e-6)


# -- money ------------------------------------------------------------------------------------------------------------
def test_summary_starts_with_the_objective(solved):
    summary = solved.tables["summary"].set_index("measure")
    assert summary.loc["objective", "value"] == solved.plan.objective
    assert summary.loc["objective", "unit"] == "USD million"


def test_costs_are_the_cost_expressions(solved):
    plan, costs = solved.plan, solved.tables["costs"]
    rate = plan.data.lookup.tables.number("social_discount_rate")
    found = {(row.term, row.mineral, row.year): row for row in costs.itertuples()}
    for (term, mineral, t), amount in plan.members("cost").items():
        if amount != 0:
            row = found.pop((term, mineral, t))
            assert row.usd_million == amount
            assert row.discounted_usd_million == near(amount * (1 + rate) ** -(t - plan.data.years[0]))
    assert not found
    assert costs["discounted_usd_million"].sum() == pytest.approx(plan.objective, rel=1e-6)


def paid_per_tonne(f: Facility, price: float, t: int) -> float:
    """What a tonne of a facility costs, in worlds without sellers at a spread."""
    assert not f.sells_at_spread
    return (1 + f.number("premium", t)) * price if f.at_market_price else f.number("variable_usd_per_t", t)


def test_costs_of_goods_are_quantities_times_unit_costs(solved):
    """From the tables and the workbook alone."""
    book, tables = solved.plan.data.lookup, solved.tables
    cost: dict[tuple[str, int], float] = defaultdict(float)
    for row in tables["production"].itertuples():
        f = book.facilities[row.facility]
        if row.role != "coproduct":
            term = "market" if f.at_market_price else "variable"
            cost[term, row.year] += paid_per_tonne(f, book.price(row.material, row.year), row.year) * row.t
    for row in tables["deliveries"].itertuples():
        cost["shortage", row.year] += book.shortage_cost[row.material] * row.unmet_t
    for row in tables["capacity"].itertuples():
        is_open = row.new_t + row.retained_t + row.contracted_t
        cost["fixed", row.year] += book.facilities[row.facility].number("fixed_usd_per_tpa_year", row.year) * is_open
    for row in tables["trade"].itertuples():
        route = next(r for r in solved.plan.data.trade.routes.values()
                     if (r.origin, r.target, r.material) == (row.from_region, row.to_region, row.material))  # fmt: skip
        cost["freight", row.year] += route.record.number("freight_usd_per_t", row.year) * row.t
    for row in tables["stockpiles"].itertuples():
        record = next(r for r in book.tables["stockpiles"] if r.key == (row.material, row.region))
        cost["holding", row.year] += record.number("holding_usd_per_t") * row.stock_t
    found = tables["costs"].groupby(["term", "year"])["usd_million"].sum().to_dict()
    for key, usd in cost.items():
        assert found.get(key, 0.0) == pytest.approx(usd / 1e6, rel=1e-7, abs=1e-7), key
    breach = tables["breaches"].groupby("year")["cost_usd_million"].sum()
    for t in solved.plan.data.years:
        assert found.get(("breach", t), 0.0) == pytest.approx(breach.get(t, 0.0), rel=1e-9, abs=1e-9)
        priced = tables["resources"].query("year == @t")["price_usd_million"].sum()
        assert found.get(("resources", t), 0.0) == pytest.approx(priced, rel=1e-9, abs=1e-9)


def test_builds_are_the_decisions_and_their_capex(solved):
    plan, builds = solved.plan, solved.tables["builds"]
    adds_up(plan, "build", builds, "t_per_year")
    annuities: dict[int, float] = defaultdict(float)
    for row in builds.itertuples():
        f = plan.data.lookup.facilities[row.facility]
        assert row.t_per_year == near(1e3 * plan.value("build", row.facility, row.decision_year, row.financed_by))
        assert row.online_year == row.decision_year + f.number("lead_time_years", row.decision_year)
        assert row.capex_usd_million == near(
            row.t_per_year * f.number("capex_usd_per_tpa", row.decision_year) / 1e6
        )  # fmt: skip
        recovery = capital_recovery(f.number("hurdle_rate", row.decision_year), f.life)
        for t in range(row.online_year, min(row.online_year + f.life, plan.data.years[-1] + 1)):
            annuities[t] += recovery * row.capex_usd_million
    found: dict[int, float] = defaultdict(float)
    for (term, _, t), x in plan.members("cost").items():
        found[t] += x if term == "annuity" else 0.0
    assert {t: x for t, x in found.items() if x} == pytest.approx(dict(annuities), rel=1e-9)


def test_contracts_contract_years_and_burden_agree(solved):
    plan, tables = solved.plan, solved.tables
    contracts, years = tables["awards"], tables["award_years"]
    last, burden = plan.data.years[-1], plan.data.lookup.tables.number("public_funds_excess_burden")
    by = ["facility", "offer", "award_year", "applies_to"]
    assert not contracts.duplicated(by).any()
    assert not years.duplicated([*by, "year"]).any()
    for key, rows in years.groupby(by):
        whole = contracts.set_index(by).loc[[key]]
        assert len(whole) >= 1
        inside, after = rows[rows["year"] <= last], rows[rows["year"] > last]
        assert whole["paid_usd_million"].sum() == near(inside["paid_usd_million"].sum())
        assert whole["back_usd_million"].sum() == near(inside["back_usd_million"].sum())
        assert whole["tail_usd_million"].sum() == near(after["paid_usd_million"].sum())
        assert (whole["first_year"].min(), whole["last_year"].max()) == (rows["year"].min(), rows["year"].max())
    assert set(years.groupby(by).groups) == set(contracts.groupby(by).groups)
    pays = years.groupby("year")["paid_usd_million"].sum()
    assert pays[pays > 0].to_dict() == pytest.approx({t: x for (t,), x in plan.members("pay").items() if x > 1e-12})
    found = {t: x for (term, _, t), x in plan.members("cost").items() if term == "burden_pay" and abs(x) > 1e-12}
    charged = [_charged(plan, rows[rows["year"] <= last]) for _, rows in years.groupby(by)]
    expected = pd.concat([*charged, pd.Series(dtype=float)]).groupby(level=0).sum() * burden
    assert found == pytest.approx({t: x for t, x in expected.items() if abs(x) > 1e-12}, rel=1e-9)
    for row in years.itertuples():
        assert row.reference_usd_per_t == near(plan.data.lookup.price(plan.data.lookup.facilities[row.facility].output,
                                                                    row.year))  # fmt: skip
        if _form(plan, row.offer) == "two_way":
            paid = row.t * (row.amount - row.reference_usd_per_t) / 1e6
            assert row.paid_usd_million - row.back_usd_million == near(paid)
    signed = [(f, k, v, capacity) for c, capacity in (("build", "new"), ("rescue", "existing"))
              for (f, v, k), x in plan.members(c).items() if x > 0 and k != "merchant"]  # fmt: skip
    assert sorted(signed) == sorted(contracts[by].itertuples(index=False, name=None))


def _charged(plan: Plan, rows: pd.DataFrame) -> pd.Series:
    """What a contract pays and is paid back in each year, the latter at most at what the former is worth."""
    rows = rows.set_index("year")
    pays, back = rows["paid_usd_million"], rows["back_usd_million"]
    rate = plan.data.lookup.tables.number("social_discount_rate")
    worth = pd.Series([(1 + rate) ** -(t - plan.data.years[0]) for t in rows.index], rows.index, dtype=float)
    counted = plan.data.lookup.tables.number("clawback_value")
    if (worth * back).sum() > 0:
        counted = min(counted, (worth * pays).sum() / (worth * back).sum())
    return pays - counted * back


def _form(plan: Plan, offer: str) -> str:
    return next(r.text("form") for r in plan.data.lookup.tables["support_offers"] if r.key == (offer,))


def test_covered_tonnes_are_a_share_of_nameplate(solved):
    plan = solved.plan
    nameplate = solved.tables["awards"].groupby(["facility", "offer", "award_year"])["t_per_year"].sum()
    for row in solved.tables["award_years"].itertuples():
        coverage = next(
            r.number("coverage") for r in plan.data.lookup.tables["support_offers"] if r.key == (row.offer,)
        )
        most = coverage * plan.data.lookup.facilities[row.facility].number("utilisation", row.year)
        assert row.t <= most * nameplate[row.facility, row.offer, row.award_year] + 1e-6
        if row.year in plan.data.years:
            made = 1e3 * plan.value("activity", row.facility, row.year)
            assert row.t <= made + 1e-3  # the obligation


def test_contracts_have_the_strike_of_the_break_even_table(solved):
    strikes = {(row.facility, row.offer, row.decision_year, row.applies_to): row
               for row in solved.tables["break_even"].itertuples() if row.status == "offered"}  # fmt: skip
    for row in solved.tables["awards"].itertuples():
        offered = strikes[row.facility, row.offer, row.award_year, row.applies_to]
        assert (row.amount, row.unit, row.form) == (near(offered.amount), offered.unit, offered.form)
        slump, expected = offered.stress_net_present_usd_per_tpa, offered.net_present_usd_per_tpa
        assert row.net_present_usd_million == near(expected * row.t_per_year / 1e6)
        assert row.stress_net_present_usd_million == near(slump * row.t_per_year / 1e6)


def test_instruments_are_sums_of_awards(solved):
    awards, found = solved.tables["awards"], solved.tables["instruments"]
    lookup = solved.plan.data.lookup
    awards = awards.assign(mineral=[lookup.facilities[name].mineral for name in awards["facility"]])
    for row in found.itertuples():
        mine = awards[(awards["form"] == row.form) & (awards["mineral"] == row.mineral)]
        assert row.projects == mine["facility"].nunique()
        assert row.net_present_usd_million == near(mine["net_present_usd_million"].sum())
        assert row.stress_net_present_usd_million == near(mine["stress_net_present_usd_million"].sum())
        if row.clear_t > 0:
            assert row.usd_per_clear_t == near(1e6 * row.net_present_usd_million / row.clear_t)
    assert set(zip(found["form"], found["mineral"], strict=True)) == set(
        zip(awards["form"], awards["mineral"], strict=True)
    )
    assert found["net_present_usd_million"].sum() == near(awards["net_present_usd_million"].sum())


def test_summary_of_public_money_is_that_of_the_contracts(solved):
    summary = solved.tables["summary"]
    whole = summary[summary["year"].isna()].set_index("measure")["value"]
    contracts = solved.tables["awards"]
    for measure, column in (
        ("support_paid", "paid"),
        ("support_back", "back"),
        ("support_tail", "tail"),
        ("support_net_present", "net_present"),
        ("support_net_present_stress", "stress_net_present"),
    ):
        assert whole[measure] == near(contracts[f"{column}_usd_million"].sum())


# -- goods ------------------------------------------------------------------------------------------------------------
def test_production_is_every_activity(solved):
    plan, production = solved.plan, solved.tables["production"]
    for role, component in (("main", "make"), ("coproduct", "take"), ("saved", "save")):
        adds_up(plan, component, production[production["role"] == role])
    for row in production.itertuples():
        f = plan.data.lookup.facilities[row.facility]
        e = f.concern(row.year)
        assert (row.region, row.pathway) == (f.place, f.pathway(row.year))
        if row.role == "main":
            clear, exposed = (plan.value("make", row.facility, o, row.year) for o in ("clear", "exposed"))
            expected = (1 - e) * clear if row.provenance == "clear" else exposed + e * clear
            assert row.t == near(1e3 * expected)


def test_capacity_is_what_is_open(solved):
    plan, capacity = solved.plan, solved.tables["capacity"]
    adds_up(plan, "retain", capacity, "retained_t")
    for row in capacity.itertuples():
        f = plan.data.lookup.facilities[row.facility]
        assert row.existing_t == f.existing(row.year)
        new = sum(x for (g, v, _), x in plan.members("build").items()
                  if g == row.facility and v + f.lead(v) <= row.year < v + f.lead(v) + f.life)  # fmt: skip
        assert row.new_t == near(1e3 * new)
        assert row.retained_t + row.contracted_t <= row.existing_t + 1e-5
        is_open = row.new_t + row.retained_t + row.contracted_t
        if is_open > 0:
            used = 1e3 * plan.value("activity", row.facility, row.year)
            assert row.utilisation == near(used / is_open)
            assert row.utilisation <= f.number("utilisation", row.year) + 1e-6
        else:
            assert pd.isna(row.utilisation)


def test_contracted_capacity_is_that_of_the_contracts(solved):
    """Existing capacity under contract, year by year of the terms."""
    plan, tables = solved.plan, solved.tables
    under: dict[tuple[str, int], float] = defaultdict(float)
    for (f, s, k), amount in plan.members("rescue").items():
        signed = [row.last_year for row in tables["awards"].itertuples()
                  if (row.facility, row.award_year, row.offer, row.applies_to) == (f, s, k, "existing")]  # fmt: skip
        for t in range(int(s), int(max(signed)) + 1) if amount > 0 else ():
            under[str(f), t] += 1e3 * amount
    for row in tables["capacity"].itertuples():
        assert row.contracted_t == near(under[row.facility, row.year])


def test_deliveries_are_what_demand_gets(solved):
    plan, deliveries = solved.plan, solved.tables["deliveries"]
    adds_up(plan, "unmet", deliveries, "unmet_t")
    adds_up(plan, "save", deliveries, "saved_t")
    for row in deliveries.itertuples():
        d = f"{row.segment}/{row.material}/{row.region}"
        for o in ("clear", "exposed"):
            assert getattr(row, f"{o}_t") == 1e3 * plan.value("deliver", d, o, row.year)
        assert row.mineral == plan.data.lookup.mineral_of[row.material]


def test_balances_hold_every_flow(solved):
    plan, balances = solved.plan, solved.tables["balances"]
    for column, component in (("taken_t", "take"), ("collected_t", "collect"), ("shipped_in_t", "ship"),
                              ("released_t", "stock_out"), ("shipped_out_t", "ship"), ("delivered_t", "deliver"),
                              ("stocked_t", "stock_in")):  # fmt: skip
        adds_up(plan, component, balances, column)
    adds_up(plan, "downgrade", balances[balances["provenance"] == "exposed"], "downgraded_t")
    assert balances["downgraded_t"].sum() == pytest.approx(0.0, abs=1e-6)


def test_trade_is_every_shipment(solved):
    adds_up(solved.plan, "ship", solved.tables["trade"])
    for row in solved.tables["trade"].itertuples():
        route = f"{row.from_region}>{row.to_region}:{row.material}"
        assert row.t == 1e3 * solved.plan.value("ship", route, row.provenance, row.year)


def test_scrap_is_collected_within_what_there_is(solved):
    plan, scrap = solved.plan, solved.tables["scrap"]
    adds_up(plan, "collect", scrap, "collected_t")
    assert (scrap["collected_t"] <= scrap["available_t"] * (1 + 1e-9) + 1e-4).all()
    assert (scrap["available_t"] > 0).all()
    rows = {record.key: record for record in plan.data.lookup.tables["scrap"]}
    returns = plan.data.lookup.tables["returns"]
    for row in scrap.itertuples():
        arisings, rate = ((rows[key].years[row.year] if (key := (row.material, row.region, quantity)) in rows else base)
                          for quantity, base in (("arisings", 0.0), ("collection_rate", 1.0)))  # fmt: skip
        back = sum(
            r.number("t_per_t") * 1e3 * amount
            for r in returns
            for (d, _, t), amount in plan.members("deliver").items()
            if r["scrap"] == row.material and str(d).split("/")[1:] == [r["product"], row.region]
            and t == row.year - r.number("lifetime_years")
        )  # fmt: skip
        assert row.available_t == pytest.approx(rate * (arisings + back), rel=1e-9, abs=1e-6)


def test_stockpiles_roll_forward(solved):
    plan = solved.plan
    for component, column in (("stock", "stock_t"), ("stock_in", "in_t"), ("stock_out", "out_t")):
        adds_up(plan, component, solved.tables["stockpiles"], column)
    rows = solved.tables["stockpiles"].set_index(["material", "region", "provenance", "year"])
    for record in plan.data.lookup.tables["stockpiles"]:
        for o in ("clear", "exposed"):
            exposed = record.number("initial_concern_share")
            level = record.number("initial_t") * (exposed if o == "exposed" else 1 - exposed)
            for t in plan.data.years:
                key = (*record.key, o, t)
                now, entered, left = rows.loc[key, ["stock_t", "in_t", "out_t"]] if key in rows.index else (0, 0, 0)
                assert now == pytest.approx((1 - record.number("loss")) * level + entered - left, rel=1e-9, abs=2e-4)
                level = now


def test_resources_are_intensity_times_activity(solved):
    plan, tables = solved.plan, solved.tables
    limits = {record.text("limit"): record for record in plan.data.lookup.tables["resource_limits"]}
    column = {"waste": "waste_t_per_t", "co2": "co2_t_per_t", "water": "water_m3_per_t"}
    for row in tables["resources"].itertuples():
        record = limits[row.limit]
        assert row.resource == record["resource"]
        used = 0.0
        for f in plan.data.lookup.facilities.values():
            if record["region"] not in ("*", f.place) or record["pathway"] not in ("*", f.pathway(row.year)):
                continue
            if row.resource in column:
                used += f.number(column[row.resource]) * 1e3 * plan.value("activity", f.name, row.year)
            else:
                used += sum(
                    f.number("workers_per_ktpa") * x for (g, v, _), x in plan.members("build").items()
                    if g == f.name and v <= row.year < v + f.lead(v)
                )  # fmt: skip
        assert row.used == pytest.approx(used, rel=1e-9, abs=1e-6)
        limit = record.years[row.year]
        assert (pd.isna(row.limit_value) and limit == float("inf")) or row.limit_value == near(limit)
        assert row.price_usd_million == near(row.used * record.number("price_usd_per_unit") / 1e6)


# -- shares -----------------------------------------------------------------------------------------------------------
def stage_outputs(solved: Solved) -> pd.DataFrame:
    """Output of every stage in tonnes of each mineral in it, from the production table."""
    book = solved.plan.data.lookup
    rows = []
    for row in solved.tables["production"].itertuples():
        f = book.facilities[row.facility]
        for mineral in book.minerals:
            content = book.content.get((row.material, mineral), 0.0)
            # A thrifted tonne has no place in the chain of another mineral, but counts as an output of its stage.
            rows.append((mineral, row.stage, row.year, row.pathway, row.region, content * row.t,
                         f.concern(row.year), f.region.at("standing", row.year) == "concern"))  # fmt: skip
    columns = ["mineral", "stage", "year", "pathway", "region", "t", "concern", "located"]
    table = pd.DataFrame(rows, columns=columns)
    return table[table["t"] > 0]


def taken_by_outlets(solved: Solved, mineral: str, stage: str, year: int) -> float:
    """What outlets buy of a mineral at a stage, and later beyond what was made there without it, t."""
    book, total = solved.plan.data.lookup, 0.0
    balances, production = solved.tables["balances"], solved.tables["production"]
    order = {record.text("stage"): record["order"] for record in book.tables["stages"]}
    sales = solved.plan.data.exposure.sales
    for region in sales.regions[mineral, stage, year]:
        later = 0.0
        for row in balances[(balances["region"] == region) & (balances["year"] == year)].itertuples():
            sold = row.sold_t * book.content.get((row.material, mineral), 0.0)
            at = order[book.stage_of[row.material]]
            if book.stage_of[row.material] == stage:
                total += sold
            elif at is not None and order[stage] is not None and at > order[stage]:
                later += sold
        for f, j, content in sales.beside[mineral, stage, region, year]:
            made = production[(production["facility"] == f) & (production["year"] == year)]
            later -= content * made.loc[made["material"] == j, "t"].sum()
        total += max(0.0, later)
    return total


def test_mix_is_the_output_by_pathway(solved):
    expected = stage_outputs(solved).groupby(["mineral", "stage", "year", "pathway"])["t"].sum()
    mix = solved.tables["mix"].set_index(["mineral", "stage", "year", "pathway"])
    assert mix["t"].to_dict() == pytest.approx(expected.to_dict(), rel=1e-9)
    assert mix.groupby(["mineral", "stage", "year"])["share"].sum().to_numpy() == pytest.approx(1.0)
    totals = expected.groupby(["mineral", "stage", "year"]).transform("sum")
    assert mix["share"].to_dict() == pytest.approx((expected / totals).to_dict(), rel=1e-9)


def test_concentration_is_over_regions(solved):
    expected = stage_outputs(solved).groupby(["mineral", "stage", "year", "region"])["t"].sum()
    for row in solved.tables["concentration"].itertuples():
        shares = expected[row.mineral, row.stage, row.year]
        shares = shares / shares.sum()
        assert row.hhi == near(10_000 * (shares**2).sum())
        assert row.top3_share == near(shares.sort_values(ascending=False).head(3).sum())
        assert 0 < row.hhi <= 10_000 + 1e-6
    assert len(solved.tables["concentration"]) == len(expected.groupby(["mineral", "stage", "year"]))


def test_exposure_of_stages_is_by_location_and_by_control(solved):
    outputs = stage_outputs(solved).groupby(["mineral", "stage", "year"])
    exposure = solved.tables["exposure"]
    stages = exposure[exposure["stage"] != "chain"]
    assert len(stages) == len(outputs)
    for row in stages.itertuples():
        rows = outputs.get_group((row.mineral, row.stage, row.year))
        left = rows["t"].sum() - taken_by_outlets(solved, row.mineral, row.stage, row.year)
        for share, part in (
            (row.controlled_share, (rows["t"] * rows["concern"]).sum()),
            (row.located_share, rows.loc[rows["located"], "t"].sum()),
        ):
            assert share == (near(part / left) if part < left else float(part > 0))
        assert row.controlled_share >= row.located_share - 1e-9


def test_exposure_end_to_end_is_exposed_deliveries_over_demand(solved):
    plan = solved.plan
    content = plan.data.lookup.content
    demand = {record.key: record.years for record in plan.data.lookup.tables["demand"]}
    deliveries = solved.tables["deliveries"].set_index(["segment", "material", "region", "year"])
    exposure = solved.tables["exposure"]
    for row in exposure[exposure["stage"] == "chain"].itertuples():
        exposed = wanted = 0.0
        for (segment, material, region), path in demand.items():
            weight = content.get((material, row.mineral), 0.0)
            if weight and row.segment in ("*", segment):
                key = (segment, material, region, row.year)
                exposed += weight * (deliveries.loc[key, "exposed_t"] if key in deliveries.index else 0.0)
                wanted += weight * path[row.year]
        assert row.controlled_share == near(exposed / wanted)
        assert pd.isna(row.located_share)


def test_caps_hold_but_for_their_breach(solved):
    """The share that is shown is at most the cap that is shown, unless the breaches table says so."""
    missed = {(row.key.split("/")[1], row.year) for row in solved.tables["breaches"].itertuples()
              if row.constraint in ("chain_exposure_limit", "stage_exposure_limit")}  # fmt: skip
    for row in solved.tables["exposure"].itertuples():
        if (row.stage, row.year) not in missed and not pd.isna(row.cap):
            assert row.controlled_share <= row.cap + 1e-6


def test_summary_measures_are_those_of_the_tables(solved):
    plan, tables = solved.plan, solved.tables
    book = plan.data.lookup
    summary = summary_of(tables)
    production = tables["production"].assign(weight=lambda d: d["material"].map(book.shortage_cost) * d["t"])
    for t in (None, *plan.data.years):
        made = production if t is None else production[production["year"] == t]
        for pathway, part in made.groupby("pathway")["weight"].sum().items():
            assert summary[f"share_{pathway}", t] == near(part / made["weight"].sum())
    pathways = [value for (measure, t), value in summary.items() if measure.startswith("share_") and t is None]
    assert sum(pathways) == pytest.approx(1.0)


def summary_of(tables: dict[str, pd.DataFrame]) -> dict[tuple[str, int | None], float]:
    """Measure and year (None: whole horizon) -> value."""
    rows = tables["summary"].itertuples()
    return {(str(row.measure), None if pd.isna(row.year) else int(row.year)): float(row.value) for row in rows}


def share_of_demand(solved: Solved, m: str, column: str, years: list[int]) -> float | None:
    """A column of the deliveries over demand in some years, t of a mineral; None where there is no demand."""
    book = solved.plan.data.lookup
    rows = solved.tables["deliveries"]
    part = sum(book.content.get((row.material, m), 0) * getattr(row, column) for row in rows.itertuples()
               if row.year in years)  # fmt: skip
    wanted = sum(book.content.get((row["material"], m), 0) * sum(row.years[year] for year in years)
                 for row in book.tables["demand"])  # fmt: skip
    return part / wanted if wanted else None


def test_exposure_and_shortage_are_shares_of_the_demand_for_each_mineral(solved):
    """And the index is their mean by the weights of the minerals in demand."""
    plan, tables = solved.plan, solved.tables
    book, summary = plan.data.lookup, summary_of(tables)
    first = book.tables.setting("frontier_from_year") or plan.data.years[0]
    for t in (None, *plan.data.years):
        counted, weight = 0.0, 0.0
        for record in book.tables["minerals"]:
            m = record.text("mineral")
            shares = {
                measure: share
                for measure, since in (("exposed", first), ("unmet", 0))
                for years in [[year for year in plan.data.years if t in (None, year) and (t or year >= since)]]
                if (share := share_of_demand(solved, m, f"{measure}_t", years)) is not None
            }
            assert all(summary[f"{measure}_share_{m}", t] == near(share) for measure, share in shares.items())
            counted += record.number("weight") * shares.get("exposed", 0.0)
            weight += record.number("weight") * ("exposed" in shares)
        assert summary["exposure_index", t] == near(counted / weight)


def test_kinds_of_cost_add_up_to_the_objective(solved):
    summary, costs = summary_of(solved.tables), solved.tables["costs"]
    for kind, part in costs.groupby("kind")["discounted_usd_million"].sum().items():
        assert summary[f"{kind}_cost", None] == near(part)
    kinds = [summary[f"{kind}_cost", None] for kind in ("supply", "penalty", "public")]
    assert sum(kinds) == pytest.approx(solved.plan.objective, rel=1e-7, abs=1e-7)
    assert set(costs.loc[costs["kind"] == "penalty", "term"]) <= {"shortage", "breach"}
    assert (costs.loc[costs["kind"] == "public", "mineral"] == "").all()


def forms_of(book: Lookup, mineral: str) -> dict[str, float]:
    """Material -> content of a mineral: its own materials, and what is made of these step by step."""
    held = {i: share for (i, m), share in book.content.items() if m == mineral}
    found = {i for i in held if book.mineral_of[i] == mineral}
    for _ in book.mineral_of:
        found |= {j for f in book.facilities.values() if found & f.inputs.keys() for j in (f.output, *f.coproducts)}
        found &= held.keys()
    return {i: held[i] for i in found}


def test_import_reliance_is_net_imports_over_apparent_consumption(solved):
    """From the tables alone: what home plants make without the mineral in their inputs, scrap, trade and stocks."""
    plan, tables = solved.plan, solved.tables
    book = plan.data.lookup
    home = next(r.text("region") for r in book.tables["regions"] if r.at("standing", 2030) == "home")
    for row in tables["import_reliance"].itertuples():
        held = forms_of(book, row.mineral)
        now = {name: rows[rows["year"] == row.year].itertuples() for name, rows in tables.items() if "year" in rows}
        trade = list(now["trade"])
        imported = sum(held.get(x.material, 0.0) * x.t for x in trade if x.to_region == home)
        exported = sum(held.get(x.material, 0.0) * x.t for x in trade if x.from_region == home)
        exported += sum(held.get(x.material, 0.0) * x.sold_t for x in now["balances"] if x.region == home)
        first = [
            (held.get(x.material, 0.0) * x.t, book.facilities[x.facility].recycles)
            for x in now["production"]
            if x.region == home and x.role != "saved" and not held.keys() & book.facilities[x.facility].inputs
        ]
        mined = sum(amount for amount, recycles in first if not recycles)
        recycled = sum(held.get(x.material, 0.0) * x.collected_t for x in now["scrap"] if x.region == home)
        recycled += sum(amount for amount, recycles in first if recycles)
        released = sum(held.get(x.material, 0.0) * (x.out_t - x.in_t) for x in now["stockpiles"] if x.region == home)
        parts = [imported, exported, mined, recycled, released]
        found = [row.imported_t, row.exported_t, row.mined_t, row.recycled_t, row.released_t]
        assert found == pytest.approx(parts, rel=1e-9, abs=1e-6)
        net = imported - exported + released
        assert row.consumption_t == pytest.approx(mined + recycled + net, rel=1e-9, abs=1e-6)
        assert row.share == near(row.consumption_t and net / (mined + recycled + net))
        assert summary_of(tables)[f"import_reliance_{row.mineral}", row.year] == row.share


def test_reliance_of_a_country_with_a_mine_scrap_trade_and_a_stock(tmp_path):
    """100 t of metal a year: 30 t of home ore make 30 t, 20 t come of old scrap, 50 t are imported, 10 t go into stock.

    Of the ore mined 40 t, 10 t leave. Net imports are 60 - 10 - 10 = 40 t, apparent consumption is 40 + 20 + 40 = 100,
    reliance 40 %; the new scrap of the smelter, 3 t, is no supply.
    """
    sheets = make_world(
        {"last_year": 2030},
        demand=[{2030: 100}, {"segment": "smelting", "material": "ore", "region": "CAN", 2030: 10}],
        prices=[{2030: 1000}],
        materials=[{"material": "swarf", "mineral": "tin", "stage": "scrap", "shortage_cost_usd_per_t": 1}],
        facilities=[
            {"facility": "pit", "region": "USA", "output": "ore", "capacity_tpa": 40},
            {"facility": "mill", "region": "USA", "output": "metal", "capacity_tpa": 30},
            {"facility": "melter", "region": "USA", "output": "metal", "kind": "recycling", "capacity_tpa": 20},
            {"facility": "north", "region": "CAN", "output": "metal", "capacity_tpa": 1000, "variable_usd_per_t": 900},
        ],
        recipes=[
            {"facility": "mill", "material": "ore"},
            {"facility": "mill", "material": "swarf", "role": "coproduct", "t_per_t": 0.1},
            {"facility": "melter", "material": "scrap"},
        ],
        routes=[{"from_region": "CAN"}, {"from_region": "USA", "to_region": "CAN", "material": "ore"}],
        scrap=[{"quantity": "arisings", 2030: 20}, {"quantity": "collection_rate", 2030: 1}],
        stockpiles=[{"final_t": 10}],
    )
    _, tables = solve_tables(sheets, tmp_path)
    [row] = tables["import_reliance"].itertuples()
    assert (row.imported_t, row.exported_t, row.released_t) == (near(60.0), near(10.0), near(-10.0))
    assert (row.mined_t, row.recycled_t, row.consumption_t) == (near(40.0), near(20.0), near(100.0))
    assert row.share == near(0.4)


def test_new_scrap_is_not_supply(tmp_path):
    """A recycler recovers 20 t of metal and 8 t of zinc from scrap, a quarter of which is new; 80 t are imported.

    Old scrap is 15 t of the metal and 6 t of zinc: reliance on the metal is 80 / 95, and zinc is not mined.
    """
    sheets = make_world(
        {"last_year": 2030},
        demand=[{2030: 100}, {"segment": "galvanising", "material": "zinc", "region": "USA", 2030: 8}],
        prices=[{2030: 1000}, {"material": "zinc", 2030: 500}],
        minerals=[{"mineral": "zinc"}],
        materials=[{"material": "zinc", "mineral": "zinc", "stage": "refining", "shortage_cost_usd_per_t": 9000}],
        facilities=[
            {"facility": "melter", "region": "USA", "output": "metal", "kind": "recycling", "capacity_tpa": 20},
            {"facility": "north", "region": "CAN", "output": "metal", "capacity_tpa": 1000, "variable_usd_per_t": 900},
        ],
        recipes=[
            {"facility": "melter", "material": "scrap"},
            {"facility": "melter", "material": "zinc", "role": "coproduct", "t_per_t": 0.4},
        ],
        routes=[{"from_region": "CAN"}],
        scrap=[{"quantity": quantity, 2030: value} for quantity, value in
               (("arisings", 20), ("collection_rate", 1), ("new_share", 0.25))],
    )  # fmt: skip
    _, tables = solve_tables(sheets, tmp_path)
    metal, zinc = sorted(tables["import_reliance"].itertuples(), key=lambda row: row.mineral)
    assert (metal.mined_t, metal.recycled_t, metal.share) == (near(0.0), near(15.0), near(80 / 95))
    assert (zinc.mined_t, zinc.recycled_t) == (near(0.0), near(6.0))


def test_breaches_are_priced_decisions(solved):
    plan, breaches = solved.plan, solved.tables["breaches"]
    for constraints, component in (
        (["chain_exposure_limit", "stage_exposure_limit"], "cap_breach"),
        (["mix_target_floor", "mix_target_limit"], "target_breach"),
        (["stock_cover_floor"], "cover_breach"),
    ):
        adds_up(plan, component, breaches[breaches["constraint"].isin(constraints)], "amount")
    assert (breaches["amount"] > 0).all()


def test_shadow_prices_are_undiscounted_duals(solved):
    plan, prices = solved.plan, solved.tables["shadow_prices"]
    for row in prices[prices["constraint"] == "demand_balance"].itertuples():
        dual = plan.dual("demand_balance", row.key, row.year)
        # USD million per kt is USD 1,000 per t.
        assert row.value == near(1e3 * dual / plan.data.discount(row.year))
    for row in prices[prices["constraint"] == "site_limit"].itertuples():
        assert pd.isna(row.year)
        assert row.value == near(-1e3 * sum(plan.dual("site_limit", row.key, t) for t in plan.data.years))


def test_exposure_shows_the_price_of_its_caps(solved):
    """The price of a mineral and scope is that of all its caps together, as in the table of shadow prices."""
    prices = solved.tables["shadow_prices"]
    caps = prices[prices["constraint"].str.contains("exposure")]
    shown = solved.tables["exposure"]["price_usd_million_per_point"].fillna(0.0)
    assert shown[shown > 1e-4].sum() == pytest.approx(caps["value"].sum(), rel=1e-6, abs=1e-3)


# -- form -------------------------------------------------------------------------------------------------------------
ORDER = {
    "summary": "measure, year, value, unit",
    "costs": "term, kind, mineral, year, usd_million, discounted_usd_million",
    "production": "facility, mineral, stage, material, region, pathway, provenance, role, year, t",
    "capacity": "facility, year, existing_t, new_t, retained_t, contracted_t, utilisation",
    "builds": "facility, financed_by, decision_year, online_year, t_per_year, capex_usd_million, whole_t_per_year, "
    "tied_with",
    "awards": "facility, offer, form, applies_to, award_year, first_year, last_year, t_per_year, amount, unit, "
    "paid_usd_million, lent_usd_million, back_usd_million, tail_usd_million, tail_back_usd_million, "
    "stress_paid_usd_million, stress_lent_usd_million, stress_back_usd_million, stress_tail_usd_million, "
    "stress_tail_back_usd_million, net_present_usd_million, stress_net_present_usd_million, tied_with",
    "award_years": "facility, offer, form, applies_to, award_year, year, t, amount, unit, reference_usd_per_t, "
    "paid_usd_million, lent_usd_million, back_usd_million, stress_paid_usd_million, stress_lent_usd_million, "
    "stress_back_usd_million",
    "instruments": "form, mineral, projects, t_per_year, clear_t, net_present_usd_million, "
    "stress_net_present_usd_million, usd_per_clear_t, stress_usd_per_clear_t",
    "break_even": "facility, offer, form, applies_to, decision_year, amount, unit, reference_usd_per_t, "
    "merchant_npv_usd_per_tpa, status, net_present_usd_per_tpa, stress_net_present_usd_per_tpa",
    "deliveries": "segment, mineral, material, region, year, clear_t, exposed_t, saved_t, unmet_t",
    "balances": "material, region, provenance, year, made_t, taken_t, collected_t, shipped_in_t, released_t, "
    "downgraded_t, used_t, shipped_out_t, delivered_t, stocked_t, sold_t",
    "mix": "mineral, stage, year, pathway, t, share",
    "exposure": "mineral, stage, segment, year, located_share, controlled_share, cap, price_usd_million_per_point",
    "trade": "from_region, to_region, material, provenance, year, t",
    "scrap": "material, region, year, collected_t, available_t",
    "stockpiles": "material, region, provenance, year, stock_t, in_t, out_t",
    "resources": "limit, resource, year, used, limit_value, price_usd_million",
    "shadow_prices": "constraint, key, year, value, unit, meaning",
    "influence": "rank, sheet, record, column, value, source, confidence, usd_million_per_10_percent, jumps",
    "price_steps": "constraint, key, mineral, step, unit, first_year, last_year, up_usd_million, "
    "up_penalties_usd_million, down_usd_million, down_penalties_usd_million, slope_usd_million, usd_per_t",
    "waits": "facility, t_per_year, wait_usd_million, wait_penalties_usd_million",
    "changes": "sheet, record, column, year, old, new",
    "breaches": "constraint, key, year, amount, unit, cost_usd_million",
}
"""The promise to whoever reads the tables by machine: names and columns, in this order."""


@pytest.mark.parametrize("name", ORDER)
def test_columns_are_as_promised(solved, name):
    assert list(solved.tables[name].columns) == ["scenario", *ORDER[name].split(", ")]


def test_every_table_is_filled_and_described():
    assert {*PLAN_TABLES, "changes", *ANALYSIS_TABLES} == set(RESULT_TABLES) == set(get_args(TableName))
    assert all(table.title and table.note for table in RESULT_TABLES.values() if table.of_analysis)
    for columns in RESULT_TABLES.values():
        for column in columns:
            assert column.description

            assert column.unit or not re.search(r"_t$|^t$|usd|_share$", column.key)


def test_units_in_the_name_agree_with_the_unit():
    for table, columns in RESULT_TABLES.items():
        for column in columns:
            if column.key.endswith("usd_million"):
                assert column.unit == "USD million", (table, column.key)
            if column.key.endswith("_usd_per_t"):
                assert column.unit == "USD/t", (table, column.key)
            if column.key == "t" or (column.key.endswith("_t") and "per" not in column.key):
                assert column.unit in {"t", "t/yr"}, (table, column.key)


def test_rows_are_sorted_and_none_is_repeated(solved):
    for name, table in solved.tables.items():
        if name == "changes":
            continue
        labels = [c for c in table.columns if not is_numeric_dtype(table[c]) or c.endswith("year")]
        labels = [c for c in labels if c not in ("unit", "meaning", "status", "online_year", "first_year", "last_year")]
        rows = list(table[labels].fillna(0).itertuples(index=False, name=None))
        assert len(rows) == len(set(rows)), name
    for name, keys in (("production", 1), ("costs", 4), ("deliveries", 1), ("trade", 5), ("shadow_prices", 2)):
        rows = list(solved.tables[name].iloc[:, 1 : keys + 1].itertuples(index=False, name=None))
        assert all(a <= b for a, b in pairwise(rows)), name


def test_sorting_does_not_depend_on_the_order_of_rows():
    rows = [("b", "m", "", 2027, 1.0, 1.0), ("a", "m", "", 2028, 2.0, 2.0), ("a", "m", "", 2026, 3.0, 3.0)]
    tables = [make_table("costs", "base", order) for order in (rows, rows[::-1])]
    pd.testing.assert_frame_equal(*tables)
    assert tables[0]["year"].tolist() == [2026, 2028, 2027]


AMOUNTS = {
    "costs": ["usd_million"], "production": ["t"], "builds": ["t_per_year"], "awards": ["t_per_year"],
    "trade": ["t"], "mix": ["t"], "breaches": ["amount"], "stockpiles": ["stock_t", "in_t", "out_t"],
    "deliveries": ["clear_t", "exposed_t", "saved_t", "unmet_t"], "shadow_prices": ["value"],
    "capacity": ["existing_t", "new_t"], "balances": list(ORDER["balances"].split(", ")[4:]),
}  # fmt: skip
"""Columns that are not all zero in a row that is written."""


def test_rows_of_zeros_are_left_out(solved):
    for name, columns in AMOUNTS.items():
        table = solved.tables[name]
        empty = table[(table[columns].fillna(0.0) == 0).all(axis=1)]
        assert empty.empty, f"{name}\n{empty.to_string()}"


def test_no_number_is_negative_zero_or_infinite(solved):
    for name, table in solved.tables.items():
        for column in table.select_dtypes("float"):
            values = table[column].dropna()
            assert values.abs().max() != float("inf"), (name, column)
            assert not any(str(x) == "-0.0" for x in values), (name, column)


# -- files ------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("files")
    return run_study(write_csv(world_of(3), place / "world"), place / "results").folder


@pytest.mark.slow
def test_csv_keeps_nine_digits(folder, tmp_path):
    world = world_of(3)
    merged = merge_world(world, tmp_path)
    tables = find_tables("base", solve_plan(merged.tables), merged)
    for name in ("costs", "production", "shadow_prices", "exposure"):
        read = pd.read_csv(folder / "data" / f"{name}.csv")
        read = read[read["scenario"] == "base"].reset_index(drop=True)
        for column in tables[name].select_dtypes("float"):
            assert read[column].to_numpy() == pytest.approx(tables[name][column].to_numpy(), rel=1e-9, nan_ok=True)
    with (folder / "data" / "costs.csv").open(encoding="utf-8") as file:
        digits = [re.sub(r"\D", "", row["usd_million"]).lstrip("0") for row in csv.DictReader(file)]
    assert max(map(len, digits)) >= 11


@pytest.mark.slow
def test_whole_numbers_and_blanks_look_like_it(folder):
    text = (folder / "data" / "summary.csv").read_text(encoding="utf-8")
    assert re.search(r"^base,objective,,[\d.]+,USD million$", text, re.MULTILINE)
    assert re.search(r"^base,unmet_share_ndpr,2026,", text, re.MULTILINE)
    assert "nan" not in text.lower()


def test_scenarios_follow_one_another_in_the_order_of_the_workbook(folder):
    for path in (folder / "data").glob("*.csv"):
        table = pd.read_csv(path)
        if "scenario" in table.columns and path.stem not in ("changes", "builds", "breaches", "awards"):
            seen = list(dict.fromkeys(table["scenario"]))
            order = [row["scenario"] for row in world_of(3)["scenarios"]]
            assert seen == [name for name in order if name in seen], path.stem


def test_the_dictionary_describes_every_column(folder):
    dictionary = pd.read_csv(folder / "data" / "dictionary.csv", keep_default_na=False)
    described = {(row.table, row.column) for row in dictionary.itertuples()}
    for path in (folder / "data").glob("*.csv"):
        if path.stem != "dictionary":
            columns = pd.read_csv(path, nrows=0).columns
            assert {(path.stem, c) for c in columns if c != "scenario"} <= described


def test_changes_tell_old_and_new(tmp_path):
    sheets = small_world()
    sheets["scenarios"].append({"scenario": "dear", "kind": "plan"})
    sheets["changes"] += [
        {"scenario": "dear", "sheet": "demand", "where": "segment=defence", "years": "2027", "operation": "multiply",
         "value": 2},
        {"scenario": "dear", "sheet": "facilities", "where": "facility=home_mine", "column": "capex_usd_per_tpa",
         "operation": "set", "value": 50000},
        {"scenario": "dear", "sheet": "facilities", "where": "facility=home_mine", "column": "capex_usd_per_tpa",
         "operation": "add", "value": 1},
    ]  # fmt: skip
    run = run_study(write_csv(sheets, tmp_path / "world"), tmp_path / "results")
    # A sheet with years across names no column.
    changes = pd.read_csv(run.folder / "data" / "changes.csv", dtype=str, keep_default_na=False)
    found = list(changes.itertuples(index=False, name=None))
    assert found[0] == ("dear", "demand", "defence/ndpr_oxide/USA", "", "2027", "110", "220")
    assert found[1] == ("dear", "facilities", "home_mine", "capex_usd_per_tpa", "", "40000", "50001")
    assert len(found) == 2


def test_numbers_are_numbers_where_a_plan_has_none():
    """A plan without caps comes first: its blanks make no words of the numbers of the next."""
    columns = ("ndpr", "chain", "*", 2026, None, 0.5)
    parts = [tabulate("exposure", [(name, *columns, cap, None)]) for name, cap in (("open", None), ("capped", 0.4))]
    joined = pd.concat(parts, ignore_index=True)
    assert joined["cap"].dtype == "float64"
    assert joined["cap"].tolist()[1] == 0.4


def test_a_table_is_written_as_pandas_writes_it(tmp_path):
    """Texts with separators, blanks of every kind, and numbers at the ends of their range."""
    table = pd.DataFrame({
        "text": ["x,y", 'q"r', None, " sp", "l\nm", "c\rd", ""],
        "number": [1.5, math.nan, math.inf, -0.0, 1e-300, 123456789012345.0, 0.1],
        "year": pd.array([1, None, 3, 4, 5, 6, 7], dtype="Int64"),
        "mixed": [True, False, None, 1.5, 2, "z", math.nan],
        "count": range(7),
    })  # fmt: skip
    for name, each in (("table", table), ("empty", table.iloc[:0])):
        (tmp_path / "data").mkdir(exist_ok=True)
        written = run_folder.write_table(tmp_path, name, each).read_bytes()
        assert written.decode() == each.to_csv(index=False, float_format="%.12g", lineterminator="\n")
