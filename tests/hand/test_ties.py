"""Projects that can stand in for one another, by hand. 100 t/yr are wanted; a seller asks 400 USD/t."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.results import ties
from model.results.awards import awards
from model.results.plan import solve_to_ask
from model.results.ties import Ties, find_ties
from model.scenarios.merge import merge
from model.study.run import open_study
from model.workbook import reader
from tests.independent.random_worlds import random_world, write_folder
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


@pytest.mark.parametrize("order", [("east", "west"), ("west", "east")])
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
    face = ties._Face(asked)
    grows = asked.solved.session.find_growing(list(face._builds.values()))
    assert not all(grows)
    for f, can in zip(face._builds, grows, strict=True):
        cost = np.zeros(len(asked.solved.x))
        cost[face._builds[f]] = -1.0
        asked.solved.session.change_costs(cost)
        most = -asked.solved.session.solve(duals=False).objective
        assert can or most == pytest.approx(face._size(f, asked.solved.x), abs=1e-7)
