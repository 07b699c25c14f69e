"""Draws by hand: a project that pays in half of a range, ranges by confidence, and what drives a measure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.analyses.drawn_worlds import DrawTask, Early, draw_some, keep_projects
from model.analyses.draws import find_draws
from model.analyses.futures import keep_decisions
from model.analyses.register import run_analysis
from model.analyses.sampling import draw_hypercube, partial_correlations, rank_correlations
from model.analyses.shocked import meet_tables
from model.errors import InputError
from model.results.plan import solve_linear_plan
from model.scenarios.merge import merge
from model.scenarios.ranges import draw_world, find_inputs
from model.solver.highs import Session
from model.study.reading import open_study
from model.study.run import run_study
from tests.support.inquiries import LosingPool, ask, contract_world, rows_of, set_values
from tests.support.sheets import Sheets, write_csv
from tests.support.solved_worlds import base_of, merge_world
from tests.support.tables import tables_of
from tests.support.world_builder import make_world, market, plant, project

TABLES = ("draws", "draw_inputs", "draw_builds", "draw_drivers", "draw_years")
PRICE = {"range": "price", "sheet": "prices", "where": "material=metal", "operation": "set", "low": 300, "high": 500}


def world(*facilities, ranges=(PRICE,), settings=None, **sheets) -> Sheets:
    """100 t/yr in 2030 to 2032; a seller asks the price, 400 USD/t unless it is drawn."""
    return make_world(
        {"last_year": 2032, "draws": 10, "commit_year": 2030} | (settings or {}), demand=[{2030: 100}],
        prices=[{2030: 400}], facilities=[market("seller"), *facilities], scenarios=[{"scenario": "base"}],
        **({"uncertainty": list(ranges)} if ranges else {}), **sheets,
    )  # fmt: skip


def mill(name: str = "mill", capex: float = 900, **row):
    """A t/yr costs 300 in each of three years, and 100 a tonne: it pays where the price is above 400."""
    return project(name, capacity_tpa=100, life_years=3, hurdle_rate=0, capex_usd_per_tpa=capex,
                   variable_usd_per_t=100, **row)  # fmt: skip


def draws(sheets: Sheets) -> dict[str, pd.DataFrame]:
    found = find_draws(ask(sheets))
    return {name: rows_of(found, name) for name in TABLES}


def test_a_project_that_pays_in_half_of_a_range_is_built_in_half_the_draws():
    """Prices from 300 to 500 in ten equal parts, one draw each: five are above 400.

    It goes with the price by rank: -1, 1 and nothing else is uncertain. It is built whole or not at all.
    """
    found = draws(world(mill()))
    (row,) = found["draw_builds"].itertuples()
    assert (row.facility, row.built_share, row.depends_on) == ("mill", 0.5, "price")
    assert (row.low_t_per_year, row.high_t_per_year, row.decision_year) == (0, pytest.approx(100), 2030)
    assert found["draw_builds"]["class"].tolist() == ["depends"]
    assert row.correlation > 0.8


def test_cost_is_that_of_each_draw():
    """Without a project all is bought: 3 * 100 t at the drawn price, which is 300 + 200 u."""
    found = draws(world())
    prices = 300 + 200 * found["draw_inputs"]["u"]
    assert found["draws"]["cost_usd_million"].tolist() == pytest.approx((300e-6 * prices).tolist())
    (driver,) = found["draw_drivers"].itertuples()
    assert (driver.measure, driver.input, driver.correlation) == ("cost_usd_million", "price", pytest.approx(1))
    years = found["draw_years"]
    cost = years[(years["measure"] == "cost") & (years["year"] == 2031)].iloc[0]
    assert cost["p50"] == pytest.approx(float(np.quantile(100e-6 * prices, 0.5)))
    assert cost["p5"] < cost["p25"] < cost["p50"] < cost["p75"] < cost["p95"]


def test_no_regret_and_never():
    """One mill pays at any price from 300 on, one at none up to 500."""
    found = draws(world(mill("cheap", capex=300), mill("dear", capex=1500)))
    assert found["draw_builds"][["facility", "class", "built_share"]].to_numpy().tolist() == [
        ["cheap", "no regret", 1], ["dear", "never", 0],
    ]  # fmt: skip
    assert found["draw_builds"]["decision_year"].isna().tolist() == [False, True]


def test_what_a_project_depends_on_is_not_the_size_drawn_for_it():
    """The price decides whether the mill is built, and its drawn size, of 50 to 150 t/yr, only how large."""
    size = {"range": "size", "sheet": "facilities", "where": "facility=mill", "column": "max_new_tpa",
            "operation": "multiply", "low": 0.5, "high": 1.5}  # fmt: skip
    more = [{"segment": "planes", 2030: 100}]
    sheets = world(mill(max_new_tpa=100), ranges=(PRICE, size), settings={"draws": 20})
    sheets["demand"] += [sheets["demand"][0] | row for row in more]
    (row,) = draws(sheets)["draw_builds"].itertuples()
    assert (row.depends_on, row.built_share) == ("price", 0.5)
    assert row.high_t_per_year > 120


def test_what_chance_would_do_as_well_is_no_cause():
    """The price decides about the mill, and a correlation of 0.87 is beyond chance; that of an idle demand is not."""
    idle = {"range": "idle", "sheet": "routes", "where": "*", "column": "freight_usd_per_t", "operation": "set",
            "low": 1, "high": 2}  # fmt: skip
    found = draws(world(mill(), ranges=(PRICE, idle), routes=[{"from_region": "CAN"}], settings={"draws": 20}))
    assert found["draw_builds"]["depends_on"].tolist() == ["price"]
    drivers = found["draw_drivers"].set_index(["measure", "input"])["beyond_chance"]
    assert drivers["cost_usd_million", "price"] == "yes"
    assert drivers["cost_usd_million", "idle"] == "no"


def test_regret_is_what_keeping_the_plan_costs():
    """At 399 in the workbook the mill, at 400, is not built, and kept so in 2030; from 2031 on it is free.

    Where the price is drawn above 400, keeping the plan costs at most 300 a tonne of what the first year would save.
    A t/yr built in 2031 costs 300 in 2031 and 2032 and saves as much as one built in 2030 does in these years.
    """
    found = draws(world(mill(), settings={"commit_year": 2031}) | {"prices": [{"material": "metal", 2030: 399}]})
    prices = 300 + 200 * found["draw_inputs"]["u"]
    expected = 100e-6 * (prices - 400).clip(lower=0)
    assert found["draws"]["regret_usd_million"].tolist() == pytest.approx(expected.tolist(), abs=1e-9)


def test_only_projects_are_kept():
    """In the first years too what is bought follows the demand that is drawn: with nothing to build, no regret."""
    more = {"range": "demand", "sheet": "demand", "where": "*", "operation": "multiply", "low": 0.5, "high": 1.5}
    found = draws(world(ranges=(more,), settings={"commit_year": 2032}))
    assert found["draws"]["regret_usd_million"].tolist() == pytest.approx([0] * 10, abs=1e-9)
    assert found["draws"]["cost_usd_million"].max() > 1.3 * found["draws"]["cost_usd_million"].min()


def test_what_the_drawn_world_would_not_finance_is_no_negative_regret():
    """A mill that is paid back at 400 USD/t is financed at 500, the price of the workbook, and not below 400.

    The seller has 50 of the 100 t/yr, and a missing tonne costs 5,000. In the half of draws below 400 who decides anew
    has no mill and is short, and the plan, whose mill was financed before, costs 50 * (5,000 - 400) less in each year.
    That is the luck of the drawn world, not a regret: given the mill's chance of 2030, all would have taken it.
    """
    sheets = world(mill(commercial="yes", max_new_tpa=50), settings={"commit_year": 2031})
    sheets["facilities"][0]["capacity_tpa"] = 50
    sheets["prices"][0][2030] = 500
    found = draws(sheets)["draws"]
    luck = found["kept_cost_usd_million"] - found["cost_usd_million"]
    assert luck.sort_values().tolist() == pytest.approx(5 * [-3 * 50e-6 * 4600] + 5 * [0], abs=1e-9)
    assert found["regret_usd_million"].tolist() == pytest.approx([0] * 10, abs=1e-9)


def test_regret_is_never_negative_where_offers_depend_on_the_price():
    """A refinery that needs a contract: at a drawn price its strike, or whether it is offered one, is another."""
    sheets = set_values(contract_world(), draws=10, commit_year=2028)
    sheets["uncertainty"] = [{"range": "price", "sheet": "prices", "where": "*", "operation": "multiply",
                              "low": 0.3, "high": 1.5}]  # fmt: skip
    found = draws(sheets)["draws"]
    assert set(found["status"]) == {"optimal"}
    assert found["regret_usd_million"].min() >= 0
    assert found["regret_usd_million"].max() > 0


def test_ranges_that_share_a_draw():
    """Price and cost go up together: the mill at a quarter of the price is built in every draw."""
    cost = {"range": "cost", "sheet": "facilities", "where": "facility=mill", "column": "variable_usd_per_t",
            "operation": "set", "low": 75, "high": 125, "together": "market"}  # fmt: skip
    found = draws(world(mill(capex=60), ranges=[PRICE | {"together": "market"}, cost]))
    assert found["draw_inputs"]["input"].unique().tolist() == ["market"]
    assert found["draw_builds"]["built_share"].tolist() == [1]


def test_ranges_by_confidence():
    """Published demand may be off by 5 %, assumed costs by 30 %, what names no source as if assumed."""
    sheets = world(plant("old", variable_usd_per_t=50), mill(), ranges=())
    sheets["sources"] = [{"source": "survey", "confidence": "published"}]
    sheets["demand"][0]["source"] = "survey"
    tables = merge(tables_of(sheets), "base").tables
    inputs = find_inputs(tables)
    assert [one.name for one in inputs] == [
        f"{words} tin"
        for words in (
            "demand for", "price of", "capex of", "variable cost of", "size of projects for",
            "size of plants to come for", "lead time of",
        )
    ]  # fmt: skip
    highest = draw_world(tables, inputs, [1.0] * len(inputs))
    assert highest["demand"][0].years[2031] == pytest.approx(105)
    assert highest["prices"][0].years[2031] == pytest.approx(520)
    rows = {row.text("facility"): row for row in highest["facilities"]}
    assert rows["mill"].number("capex_usd_per_tpa") == pytest.approx(1170)
    assert rows["mill"].number("max_new_tpa") == pytest.approx(130)
    assert (rows["old"].number("variable_usd_per_t"), rows["old"].number("capacity_tpa")) == (pytest.approx(65), 1000)
    assert tables["demand"][0].years[2031] == 100, "the plan's own tables stay as they are"


def test_lead_times_stay_whole():
    tables = merge(tables_of(world(mill(lead_time_years=2), ranges=())), "base").tables
    inputs = find_inputs(tables)
    for u, lead in ((0.0, 1), (0.5, 2), (1.0, 3)):
        drawn = draw_world(tables, inputs, [u] * len(inputs))
        assert next(row for row in drawn["facilities"] if row["facility"] == "mill")["lead_time_years"] == lead


def test_a_draw_that_fails_is_counted_and_listed():
    """A share above 1 breaks a rule in half of the draws; the others are what the tables are about."""
    share = {"range": "share", "sheet": "facilities", "where": "facility=mill", "column": "utilisation",
             "operation": "multiply", "low": 0.5, "high": 1.5}  # fmt: skip
    found = find_draws(ask(world(mill(), ranges=[share])))
    status = rows_of(found, "draws")["status"].tolist()
    assert (status.count("optimal"), status.count("invalid")) == (5, 5)
    assert [model["status"] for model in found.models] == status


def test_a_group_that_is_lost_is_told():
    found = run_analysis("draws", ask(world(mill()), LosingPool()))
    assert {model["status"] for model in found.models} == {"lost"}


@pytest.mark.slow
def test_any_number_of_workers_finds_the_same(tmp_path: Path):
    sheets = world(mill(), ranges=(), settings={"draws": 12})
    book = write_csv(sheets, tmp_path / "book")
    runs = [run_study(book, tmp_path, out=tmp_path / str(n), workers=n) for n in (1, 2)]
    for name in TABLES:
        one, two = (pd.read_csv(run.folder / "data" / f"{name}.csv") for run in runs)
        pd.testing.assert_frame_equal(one, two)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 3, 8])
def test_a_draw_is_what_a_cold_solve_of_its_world_is(seed, tmp_path: Path):
    """In random worlds: the costs of a draw are those of programs that are stated and solved from nothing."""
    sheets = base_of(seed)
    tables = merge_world(sheets, tmp_path).tables
    plan, inputs = solve_linear_plan(tables), tuple(find_inputs(tables))
    early = Early.of(plan, tables.horizon[2])
    drawn = draw_hypercube([one.name for one in inputs], 4, 1)
    tried = 0
    for one in draw_some(DrawTask(tables, early, inputs, tuple(range(4)), drawn)):
        if one.failure:
            continue
        tried += 1
        world = draw_world(tables, inputs, drawn[one.number].tolist())
        assert one.measures["cost_usd_million"] == pytest.approx(solve_linear_plan(world).objective, rel=1e-9)
        future = keep_projects(meet_tables(world, early.signed).future)
        best = Session(future.program).solve().objective
        kept = Session(keep_decisions(future, early.projects)).solve().objective
        assert one.measures["kept_cost_usd_million"] == pytest.approx(kept, rel=1e-9)
        assert one.measures["regret_usd_million"] == pytest.approx(kept - best, rel=1e-6, abs=1e-9 * abs(kept))
    assert tried


@pytest.mark.parametrize(
    ("change", "code", "cell"),
    [({"low": 600}, "E432", "low"), ({"where": "material=gold"}, "E405", "where"),
     ({"sheet": "pricelist"}, "E401", "sheet"), ({"low": -5}, "E409", "low")],
)  # fmt: skip
def test_rows_that_cannot_be_drawn_from(change, code, cell, tmp_path: Path):
    with pytest.raises(InputError) as error:
        open_study(write_csv(world(ranges=[PRICE | change]), tmp_path / "book"))
    found = [problem for problem in error.value.problems if problem.sheet == "uncertainty"]
    assert [(problem.code, problem.column) for problem in found] == [(code, cell)]


# -- sampling ---------------------------------------------------------------------------------------------------------
def test_a_latin_hypercube_has_a_draw_in_every_part_and_depends_on_names_alone():
    drawn = draw_hypercube(["a", "b"], 20, 1)
    assert sorted((drawn[:, 0] * 20).astype(int)) == list(range(20))
    assert (draw_hypercube(["c", "b"], 20, 1)[:, 1] == drawn[:, 1]).all()
    assert not (draw_hypercube(["a", "b"], 20, 2)[:, 1] == drawn[:, 1]).any()


def test_partial_correlations_take_off_what_others_explain():
    """`y` follows `a` exactly; `b` goes with `a`, and with `y` only for that: what is left of it says nothing."""
    drawn = draw_hypercube(["a", "noise"], 200, 1)
    a, b = drawn[:, 0], drawn[:, 0] + 0.5 * drawn[:, 1]
    inputs, y = np.column_stack([a, b]), a**3
    correlations = rank_correlations(inputs, y)
    assert correlations[0] == pytest.approx(1)
    assert correlations[1] > 0.7
    partial = partial_correlations(inputs, y, correlations)
    assert partial[0] == pytest.approx(1)
    assert abs(partial[1]) < 1e-6


def test_what_does_not_vary_has_no_correlation():
    assert rank_correlations(np.ones((5, 1)), np.arange(5.0)).tolist() == [0]
