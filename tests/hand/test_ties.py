"""Projects that can stand in for one another, by hand. 100 t/yr are wanted; a seller asks 400 USD/t."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.analyses.draws import find_draws
from model.analyses.findings import Findings
from model.analyses.foresight import find_foresight, roll
from model.analyses.frontier import find_frontier
from model.analyses.hedge import find_hedge
from model.results import ties
from model.results.awards import awards
from model.results.plan import solve_to_ask
from model.results.stand_ins import Ties
from model.results.ties import find_ties, group_builds
from model.scenarios.merge import merge
from model.study.run import open_study
from model.workbook import reader
from tests.independent.random_worlds import random_world, write_folder
from tests.support.inquiries import ask, rows_of
from tests.support.sheets import Sheets, write_csv
from tests.support.world_builder import make_world, market, project


def ties_of(sheets: Sheets, folder: Path) -> Ties:
    study = open_study(write_csv(sheets, folder / "world"))
    return find_ties(solve_to_ask(merge(study.tables, study.scenarios[0]).tables))


def mill(name: str, capacity_tpa: float = 60, capex: float = 200, **row):
    """100 + 100 USD/t in each year of the plan, and so less than the price."""
    return project(name, capacity_tpa=capacity_tpa, life_years=2, hurdle_rate=0, capex_usd_per_tpa=capex,
                   variable_usd_per_t=100, **row)  # fmt: skip


def world(*mills, settings=None, **sheets) -> Sheets:
    return make_world(
        settings, demand=[{2030: 100}], prices=[{2030: 400}], facilities=[market("seller"), *mills], **sheets
    )


ORDERS = pytest.mark.parametrize("order", [("east", "west"), ("west", "east")])
PAIR = {"east": "west", "west": "east"}


@ORDERS
def test_a_pair_is_tied_from_rows_in_either_order(order, tmp_path):
    """Of two mills of 60 t/yr at one cost, 100 t/yr are built: each could be anything from 40 to 60."""
    assert ties_of(world(*(mill(name) for name in order)), tmp_path) == {"east": ("west",), "west": ("east",)}


def test_awards_of_a_tied_pair_are_marked(tmp_path):
    """Each costs 450 USD/t, more than the price of 400 and less than the seller's 640: both need a contract."""
    mills = [
        mill(name, commercial="yes", cfd_eligible="yes") | {"variable_usd_per_t": 350} for name in ("east", "west")
    ]
    sheets = world(*mills, support_offers=[{"offer": "cfd", "term_years": 2}])
    sheets["facilities"][0]["premium"] = 0.6
    study = open_study(write_csv(sheets, tmp_path / "world"))
    asked = solve_to_ask(merge(study.tables, study.scenarios[0]).tables)
    found = {row[0]: row[-1] for row in awards(replace(asked.plan, ties=find_ties(asked)))}
    assert found == {"east": "west", "west": "east"}


def test_a_mill_that_is_a_dollar_dearer_is_not_tied(tmp_path):
    assert ties_of(world(mill("east"), mill("west", capex=202)), tmp_path) == {}


def test_mills_that_are_both_needed_are_not_tied(tmp_path):
    """50 + 50 t/yr make the 100 that are wanted."""
    assert ties_of(world(mill("east", 50), mill("west", 50)), tmp_path) == {}


def test_one_that_is_not_built_can_stand_in(tmp_path):
    """One mill of 100 t/yr does; which of the three is chance."""
    ties = ties_of(world(*(mill(name, 100) for name in ("east", "north", "west"))), tmp_path)
    assert set(ties) == {"east", "north", "west"}
    built = next(f for f, others in ties.items() if len(others) == 2)
    assert all(built in others for f, others in ties.items() if f != built)


def test_exposure_breaks_a_tie(tmp_path):
    """Half of the western mill belongs to owners of concern: at the same cost the eastern one is better."""
    assert ties_of(world(mill("east", 100), mill("west", 100, concern_share=0.5)), tmp_path) == {}


def test_a_year_is_no_tie(tmp_path):
    """A project that may be decided in either year, at the same cost, is the same project."""
    free = mill("east", 100, capex=0)
    assert ties_of(world(free, settings={"last_year": 2031}), tmp_path) == {}


def test_whole_projects_have_no_ties_that_are_known(tmp_path):
    assert ties_of(world(mill("east"), mill("west"), settings={"whole_projects": "yes"}), tmp_path) == {}


@pytest.mark.parametrize("seed", range(4))
def test_what_the_basis_says_cannot_grow_does_not_grow(seed, tmp_path):
    """In random worlds: made as large as it can be, no project is larger that the basis says cannot be."""
    write_folder(random_world(seed), tmp_path / "world")
    asked = solve_to_ask(merge(reader.read(tmp_path / "world").tables, "").tables)
    builds = group_builds(asked.solved.program.columns)
    face = ties._Face(asked.solved.session, ties._narrow(asked.solved), asked.solved.x, builds)
    grows = asked.solved.session.find_growing(list(builds.values()))
    assert not all(grows)
    for f, can in zip(builds, grows, strict=True):
        cost = np.zeros(len(asked.solved.x))
        cost[builds[f]] = -1.0
        asked.solved.session.change_costs(cost)
        most = -asked.solved.session.solve(duals=False).objective
        assert can or most == pytest.approx(face._size(f, asked.solved.x), abs=1e-7)


# -- in the tables of analyses ----------------------------------------------------------------------------------------
def tied_in(found: Findings, table: str, name: str = "facility") -> dict[str, str]:
    rows = rows_of(found, table)
    return dict(zip(rows[name], rows["tied_with"], strict=True))


@ORDERS
def test_ties_of_the_points_of_a_frontier(order):
    """The seller is exposed and cheaper: the points lead from no mill to 100 t/yr of the two, at 500 USD/t.

    At the last point either may have 40 to 60 t/yr; in between, at 25, 50 and 75 t/yr, either may have it all up to 60.
    """
    sheets = world(*(mill(name, capex=800) for name in order), settings={"frontier_points": 5})
    sheets["facilities"][0]["region"] = "CHN"
    sheets["routes"] = [{"from_region": "CHN", "to_region": "USA", "material": "metal", "freight_usd_per_t": 1}]
    rows = rows_of(find_frontier(ask(sheets)), "frontier_plans")
    assert sorted(rows["point"].unique()) == [2, 3, 4, 5]
    assert all(row.tied_with == PAIR[row.facility] for row in rows.itertuples())
    dear = sheets | {"facilities": [row | {"capex_usd_per_tpa": 820} if row["facility"] == "west" else row
                                    for row in sheets["facilities"]]}  # fmt: skip
    assert set(rows_of(find_frontier(ask(dear)), "frontier_plans")["tied_with"]) == {""}


@ORDERS
def test_ties_over_draws(order):
    """The price is drawn from 300 to 500, and mills cost 400: in the half in which they are built, they are tied.

    In the other half, nothing is built, and to build either instead of the other changes nothing.
    """
    price = {"range": "price", "sheet": "prices", "where": "*", "operation": "set", "low": 300, "high": 500}
    sheets = world(
        *(mill(name, capex=600) for name in order), settings={"draws": 10}, uncertainty=[price],
        scenarios=[{"scenario": "base"}],
    )  # fmt: skip
    found = find_draws(ask(sheets))
    assert tied_in(found, "draw_builds") == {f: PAIR[f] for f in tied_in(found, "draw_builds")}
    assert rows_of(found, "draw_builds")["tied_share"].tolist() == [0.5, 0.5]


@ORDERS
def test_ties_with_limited_foresight(order):
    """60 t/yr are wanted in 2030, which one mill makes, and 120 in 2031, for which the other is decided too.

    Which is decided first is chance, with limited and with full foresight: if the two differ, both rows are marked.
    """
    sheets = world(*(mill(name, capex=200) for name in order), settings={"last_year": 2031, "foresight_years": 1})
    sheets["demand"][0] |= {2030: 60, 2031: 120}
    inquiry = ask(sheets | {"scenarios": [{"scenario": "base"}]})
    *_, (_, plan) = roll(inquiry.merged("base"), 1)
    assert plan.ties == {"east": ("west",), "west": ("east",)}
    assert tied_in(find_foresight(inquiry), "foresight_builds") in (PAIR, {})


@ORDERS
def test_ties_of_hedged_decisions(order):
    """With a probability of one half the seller stops in 2031: 100 t/yr of the two mills insure against it.

    A tonne then costs 350 + 100 instead of 400, and without them 5,000. Decided in 2030, 40 to 60 t/yr of either do.
    """
    sheets = world(
        *(mill(name, capex=700, lead_time_years=1) for name in order),
        settings={"last_year": 2031},
        scenarios=[{"scenario": "base"}, {"scenario": "stop", "kind": "shock", "known_from_year": 2031,
                                          "probability": 0.5}],
        changes=[{"scenario": "stop", "sheet": "facilities", "where": "facility=seller", "column": "capacity_tpa",
                  "years": "2031", "operation": "set", "value": 0}],
    )  # fmt: skip
    found = tied_in(find_hedge(ask(sheets)), "hedge_decisions", "name")
    assert found == PAIR
