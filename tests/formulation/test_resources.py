"""Waste, emissions, water and workers (model/formulation/resources.py)."""

from __future__ import annotations

import pytest

from tests.support.algebra import Program, adds, says
from tests.support.sheets import Sheets
from tests.support.world_builder import make_world, plant, project


def world(*limits, last_year=2031) -> Sheets:
    return make_world(
        {"last_year": last_year},
        demand=[{2030: 100}],
        facilities=[
            plant("mill", waste_t_per_t=3, co2_t_per_t=2, water_m3_per_t=40),
            plant("north", region="CAN", waste_t_per_t=1),
            plant("thrift", kind="substitution", co2_t_per_t=0.5),
            project("new", lead_time_years=2, workers_per_ktpa=250),
        ],
        routes=[{"from_region": "CAN"}],
        resource_limits=list(limits),
    )


@pytest.mark.parametrize(
    ("resource", "use"),
    [
        ("waste", "3 make[mill,clear,2030] + make[north,clear,2030]"),
        ("co2", "2 make[mill,clear,2030] + 0.5 save[thrift,cars/metal/USA,2030]"),
        ("water", "40 make[mill,clear,2030]"),
    ],
)
def test_resource_limit_on_production(resource, use):
    p = Program(world({"limit": "cap", "resource": resource, 2030: 500}))
    assert p.rows("resource_limit") == p.members("resource_use") == {"cap,2030", "cap,2031"}
    assert p.expression("resource_use", "cap", 2030) == adds(use)
    assert p.row("resource_limit[cap,2030]") == says(f"{use} <= 0.5")


def test_workers_build_from_the_decision_to_the_year_before_output():
    """250 workers for a kt/yr, in both years of the lead time."""
    p = Program(world({"limit": "crews", "resource": "workers", 2030: 10}, last_year=2033))
    assert p.rows("resource_limit") == {"crews,2030", "crews,2031", "crews,2032"}
    assert p.row("resource_limit[crews,2030]") == says("0.25 build[new,2030,merchant] <= 0.01")
    assert p.row("resource_limit[crews,2031]") == says(
        "0.25 build[new,2030,merchant] + 0.25 build[new,2031,merchant] <= 0.01"
    )
    assert p.row("resource_limit[crews,2032]") == says("0.25 build[new,2031,merchant] <= 0.01")


def test_resource_limit_of_a_region_and_a_pathway():
    p = Program(
        world(
            {"limit": "home", "resource": "waste", "region": "USA", 2030: 1},
            {"limit": "friends", "resource": "waste", "pathway": "friendshore", 2030: 1},
            {"limit": "nobody", "resource": "waste", "pathway": "china", "price_usd_per_unit": 5, 2030: 1},
        )
    )
    assert p.expression("resource_use", "home", 2030) == adds("3 make[mill,clear,2030]")
    assert p.expression("resource_use", "friends", 2030) == adds("make[north,clear,2030]")
    assert "nobody,2030" not in p.members("resource_use")


def test_price_without_limit_has_no_row():
    p = Program(world({"limit": "tax", "resource": "co2", "price_usd_per_unit": 80, 2030: "none", 2031: 70}))
    assert p.rows("resource_limit") == {"tax,2031"}
    assert p.members("resource_use") == {"tax,2030", "tax,2031"}


def test_capital_is_spent_evenly_from_the_decision_to_the_first_output():
    """600 USD per t/yr over three years are 0.2 USD million a year for each kt/yr, in units of a thousand."""
    mill = project("mill", capex_usd_per_tpa=600, lead_time_years=2)
    limit = {"limit": "money", "resource": "capital", 2030: 50}
    sheets = make_world({"last_year": 2033}, demand=[{2030: 100}], facilities=[mill], resource_limits=[limit])
    p = Program(sheets)
    assert p.rows("resource_limit") == {f"money,{t}" for t in (2030, 2031, 2032, 2033)}
    assert p.row("resource_limit[money,2030]") == says("0.0002 build[mill,2030,merchant] <= 0.05")
    assert p.expression("resource_use", "money", 2033) == adds("0.0002 build[mill,2031,merchant]")


def test_capital_is_spent_while_it_is_built():
    """With one construction year, all of it in the year before the first output."""
    mill = project("mill", capex_usd_per_tpa=600, lead_time_years=2, construction_years=1)
    limit = {"limit": "money", "resource": "capital", 2030: 50}
    sheets = make_world({"last_year": 2033}, demand=[{2030: 100}], facilities=[mill], resource_limits=[limit])
    p = Program(sheets)
    assert p.expression("resource_use", "money", 2032) == adds("0.0006 build[mill,2031,merchant]")
