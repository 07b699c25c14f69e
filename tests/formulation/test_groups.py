"""Limits on groups of facilities (model/formulation/groups.py)."""

from __future__ import annotations

from tests.support.algebra import Program, says
from tests.support.sheets import Sheets
from tests.support.world_builder import make_world, plant, project


def world(*limits) -> Sheets:
    """At home a mill of 200 t/yr exists and another can be built; so can one in Canada and a mine."""
    return make_world(
        {"last_year": 2032},
        demand=[{2030: 100}, {"material": "ore", 2030: 1}],
        facilities=[
            plant("old", capacity_tpa=200),
            project("new"),
            project("north", region="CAN", lead_time_years=1),
            project("pit", output="ore"),
        ],
        routes=[{"from_region": "CAN"}],
        group_limits=list(limits),
    )


REFINING = {"limit": "refining", "materials": "metal"}


def test_group_capacity_limit_leaves_room_beside_what_exists():
    p = Program(world(REFINING | {"region": "USA", "kind": "capacity", 2030: "none", 2031: 500, 2032: 150}))
    assert p.rows("group_capacity_limit") == {"refining,2031", "refining,2032"}
    assert p.row("group_capacity_limit[refining,2031]") == says(
        "build[new,2030,merchant] + build[new,2031,merchant] <= 0.3"
    )
    assert p.row("group_capacity_limit[refining,2032]").constant == 0
    assert not p.rows("group_growth_limit")


def test_group_growth_limit_counts_what_exists_and_what_stands():
    p = Program(world(REFINING | {"kind": "growth", "start_tpa": 30, 2030: 0.1}))
    assert p.rows("group_growth_limit") == {f"refining,{t}" for t in (2030, 2031, 2032)}
    assert p.row("group_growth_limit[refining,2030]") == says("build[new,2030,merchant] <= 0.05")
    assert p.row("group_growth_limit[refining,2031]") == says(
        "build[new,2030,merchant] + build[new,2031,merchant] + build[north,2030,merchant]"
        " <= 1.1 build[new,2030,merchant] + 0.05"
    )


def test_group_growth_limit_of_a_pathway_leaves_out_others():
    p = Program(world(REFINING | {"pathway": "friendshore", "kind": "growth", "start_tpa": 30, 2030: 0.1}))
    assert p.rows("group_growth_limit") == {"refining,2031", "refining,2032"}
    assert p.row("group_growth_limit[refining,2031]") == says("build[north,2030,merchant] <= 0.03")


def test_what_exists_may_grow_in_any_case():
    """The old mill grows by more than the group may: nothing can be added, but nothing is asked for either."""
    sheets = world(REFINING | {"region": "USA", "kind": "growth", 2030: 0.1})
    sheets["facility_paths"] = [{"facility": "old", "quantity": "capacity_tpa", 2030: 200, 2031: 400}]
    assert Program(sheets).row("group_growth_limit[refining,2031]") == says(
        "build[new,2030,merchant] + build[new,2031,merchant] <= 1.1 build[new,2030,merchant]"
    )


def test_no_group_limit_where_nothing_can_be_built():
    p = Program(world({"limit": "scrap", "materials": "scrap", "kind": "growth", 2030: 0}))
    assert not p.rows("group_growth_limit")
    assert not p.rows("group_capacity_limit")
