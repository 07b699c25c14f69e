"""What a shock adds to the program, and what signed decisions become (model/data/signed.py).

The mill of test_contracts needs 725 a tonne at a reference price of 400 and runs at 0.8; the old one needs 450. The
shock is known from 2031.
"""

from __future__ import annotations

from typing import Any

import pytest

from model.data import find_planning_data
from model.data.planning import sign_decisions
from model.formulation.build import build_model
from model.scenarios.merge import merge
from model.solver.program import Compiled
from tests.support.algebra import Program, adds, says
from tests.support.sheets import Sheets
from tests.support.tables import tables_of
from tests.support.world_builder import make_world, plant, project

NEW_MILL = project(
    "mill", commercial="yes", cfd_eligible="yes", hurdle_rate=0, capex_usd_per_tpa=1000, life_years=2,
    variable_usd_per_t=100, utilisation=0.8, workers_per_ktpa=1000,
)  # fmt: skip
OLD_MILL = plant("old", commercial="yes", cfd_eligible="yes", hurdle_rate=0, variable_usd_per_t=450)


class ShockedProgram(Program):
    """The program of a made world after its shock."""

    def __init__(self, sheets: Sheets) -> None:
        super().__init__(sheets)
        tables = merge(tables_of(sheets), "base", "shock").tables
        self.data = find_planning_data(tables, sign_decisions(self.data, 2031))
        self._model = build_model(self.data)
        self._compiled = Compiled(self._model)
        program = self._compiled.program
        self._columns = [f"{name}[{','.join(map(str, key))}]" for name, key in program.columns]
        self._rows = {f"{name}[{','.join(map(str, key))}]": n for n, (name, key) in enumerate(program.rows)}


def world(*facilities, changes: list[dict[str, Any]], **sheets) -> Sheets:
    return make_world(
        demand=[{2030: 100}],
        prices=[{2030: 400}],
        facilities=list(facilities),
        support_offers=[{"offer": "cfd", "term_years": 2}],
        scenarios=[{"scenario": "base"}, {"scenario": "shock", "kind": "shock", "known_from_year": 2031}],
        changes=[{"scenario": "shock", "where": "*", "years": "2031", "operation": "set", **row} for row in changes],
        **sheets,
    )


CHEAP = {"sheet": "prices", "value": 300}


def test_shortfall_of_new_capacity():
    sheets = world(NEW_MILL, changes=[CHEAP])
    assert Program(sheets).variables("shortfall") == set()
    assert Program(sheets).rows("shortfall_limit") == set()
    p = ShockedProgram(sheets)
    assert p.variables("shortfall") == p.rows("shortfall_limit") == {"new,mill,2030,cfd,2031"}
    assert p.row("shortfall_limit[new,mill,2030,cfd,2031]") == says(
        "shortfall[new,mill,2030,cfd,2031] <= 0.8 build[mill,2030,cfd]"
    )
    new = "0.8 build[mill,2031,cfd]"
    assert p.row("obligation_floor[mill,2031]") == says(
        f"make[mill,clear,2031] + shortfall[new,mill,2030,cfd,2031] >= 0.8 build[mill,2030,cfd] + {new}"
    )


def test_payment_at_the_shocked_price_for_what_is_made():
    """Strike 725 stays; 0.8 t at 725 - 300 = 425 is 340 a t/yr, and a tonne that is missing is not paid its 425.

    An award of 2031 needs 725 as well.
    """
    p = ShockedProgram(world(NEW_MILL, changes=[CHEAP]))
    assert p.expression("pay", 2030) == adds("0.26 build[mill,2030,cfd]")
    assert p.expression("pay", 2031) == adds(
        "0.34 build[mill,2030,cfd] + 0.34 build[mill,2031,cfd] - 0.425 shortfall[new,mill,2030,cfd,2031]"
    )


def test_charged_counts_what_is_made():
    """At 900 the strike of 725 gives 175 back on each of 0.8 t; nothing was paid in 2031, so 260 of 2030 cover it."""
    p = ShockedProgram(world(NEW_MILL, changes=[{"sheet": "prices", "value": 900}]))
    assert p.expression("back", 2031) == adds("0.14 build[mill,2030,cfd] - 0.175 shortfall[new,mill,2030,cfd,2031]")
    assert p.expression("charged", 2031) == adds(
        "- 0.14 build[mill,2030,cfd] + 0.175 shortfall[new,mill,2030,cfd,2031]"
    )


def test_breach_cost_of_a_shortfall_is_the_shortage_cost_of_the_output():
    p = ShockedProgram(world(NEW_MILL, changes=[CHEAP]))
    assert p.expression("cost", "breach", 2031) == adds("5 shortfall[new,mill,2030,cfd,2031]")


def test_budget_limit_counts_signed_contracts_as_when_signed():
    """Signed at 400 it claims 0.8 * 325 = 260; the shocked price asks 340 of a new award."""
    p = ShockedProgram(world(NEW_MILL, changes=[CHEAP], support_budgets=[{2030: 10}]))
    assert p.row("budget_limit[treasury,expected,2031]") == says(
        "0.26 build[mill,2030,cfd] + 0.34 build[mill,2031,cfd] <= 10"
    )


def test_budget_limit_of_a_smaller_pot_leaves_signed_contracts_their_share():
    p = ShockedProgram(
        world(NEW_MILL, changes=[{"sheet": "support_budgets", "value": 5}], support_budgets=[{2030: 10}])
    )
    assert p.row("budget_limit[treasury,expected,2031]") == says(
        "0.13 build[mill,2030,cfd] + 0.26 build[mill,2031,cfd] <= 5"
    )


def test_a_signed_plant_that_can_make_nothing_is_all_shortfall_and_still_paid_for():
    idle = {"sheet": "facilities", "column": "utilisation", "value": 0}
    p = ShockedProgram(world(NEW_MILL | {"fixed_usd_per_tpa_year": 10}, changes=[idle]))
    assert p.row("obligation_floor[mill,2031]") == says("shortfall[new,mill,2030,cfd,2031] >= 0.8 build[mill,2030,cfd]")
    assert p.expression("cost", "annuity", 2031) == adds("0.5 build[mill,2030,cfd]")
    assert p.expression("cost", "fixed", 2031) == adds("0.01 build[mill,2030,cfd]")


def test_a_rescue_shrinks_with_its_plant():
    """A quarter of the 100 t is left."""
    less = {"sheet": "facilities", "column": "capacity_tpa", "operation": "multiply", "value": 0.25}
    p = ShockedProgram(world(OLD_MILL, changes=[less]))
    assert p.expression("kept_open", "old", 2031) == adds("0.25 rescue[old,2030,cfd] + rescue[old,2031,cfd]")
    assert p.row("shortfall_limit[existing,old,2030,cfd,2031]") == says(
        "shortfall[existing,old,2030,cfd,2031] <= 0.25 rescue[old,2030,cfd]"
    )


def test_decisions_before_the_shock_are_those_of_before():
    """At 800 the mill earns its keep without a contract; known from 2031, a decision of 2030 cannot know."""
    p = ShockedProgram(world(NEW_MILL, changes=[{"sheet": "prices", "value": 900}]))
    assert p.variables("build") == {"mill,2030,cfd", "mill,2031,merchant"}


def test_final_breach():
    stock = [{"initial_t": 10, "final_t": 10}]
    sheets = world(OLD_MILL, changes=[CHEAP], stockpiles=stock)
    assert Program(sheets).variables("final_breach") == set()
    p = ShockedProgram(sheets)
    assert p.variables("final_breach") == {"metal,USA,2031"}
    assert p.row("final_stock_floor[metal,USA,2031]") == says(
        "stock[metal,USA,clear,2031] + final_breach[metal,USA,2031] >= 0.01"
    )
    # Ten times the largest shortage cost, 5,000 USD/t.
    assert p.expression("cost", "breach", 2031)["final_breach[metal,USA,2031]"] == pytest.approx(50)


def test_cover_breach_of_a_hard_cover_once_the_shock_is_known():
    sheets = world(OLD_MILL, changes=[CHEAP], stockpiles=[{"min_cover_days": 36.5}])
    assert Program(sheets).variables("cover_breach") == set()
    p = ShockedProgram(sheets)
    assert p.variables("cover_breach") == {"metal,USA,2031"}
    assert p.expression("cost", "breach", 2031)["cover_breach[metal,USA,2031]"] == pytest.approx(50)


def test_resource_limit_lowered_by_a_shock_finds_sites_begun_before_excused():
    """A site is busy for the two years before the mill runs; a fifth of the limit is left in 2031."""
    limit = {"limit": "crews", "resource": "workers", 2030: 1000}
    slow = NEW_MILL | {"lead_time_years": 2}
    lower = {"sheet": "resource_limits", "value": 200}
    sheets = world(slow, changes=[lower], resource_limits=[limit])
    sheets["settings"] = [row | {"value": 2032} if row["setting"] == "last_year" else row for row in sheets["settings"]]
    assert Program(sheets).row("resource_limit[crews,2031]") == says("build[mill,2030,cfd] <= 1")
    assert ShockedProgram(sheets).row("resource_limit[crews,2031]") == says("0.2 build[mill,2030,cfd] <= 0.2")


def test_final_breach_of_a_level_that_is_not_stated_costs_what_buying_it_back_costs():
    """10 t lie there, and nothing is said of the end; a tonne costs 300 after the shock."""
    p = ShockedProgram(world(OLD_MILL, changes=[CHEAP], stockpiles=[{"initial_t": 10}]))
    assert p.expression("cost", "breach", "tin", 2031)["final_breach[metal,USA,2031]"] == pytest.approx(0.3)


def long_world(*facilities, changes: list[dict[str, Any]], term: int = 2, **sheets) -> Sheets:
    """The world with a third year."""
    made = world(*facilities, changes=changes, **sheets)
    made["settings"] = [row | {"value": 2032} if row["setting"] == "last_year" else row for row in made["settings"]]
    made["support_offers"][0]["term_years"] = term
    return made


FIRST, SECOND = project("first", capacity_tpa=100), project("second", capacity_tpa=40, requires="first")
BOTH = "10 build[first,2030,merchant] + 10 build[first,2031,merchant]"
ALL_OF_SECOND = "25 build[second,2030,merchant] + 25 build[second,2031,merchant]"


def test_required_project_limit_holds_through_a_shock_to_something_else():
    """As a last resort it is missed at ten times the largest shortage cost, 5,000 USD/t."""
    sheets = world(FIRST, SECOND, changes=[CHEAP])
    assert Program(sheets).row("required_project_limit[second,2031]") == says(f"{ALL_OF_SECOND} <= {BOTH}")
    assert Program(sheets).variables("required_breach") == set()
    p = ShockedProgram(sheets)
    assert p.rows("required_project_limit") == {"second,2030", "second,2031"}
    assert p.row("required_project_limit[second,2030]") == says(
        "25 build[second,2030,merchant] <= 10 build[first,2030,merchant]"
    )
    assert p.row("required_project_limit[second,2031]") == says(
        f"{ALL_OF_SECOND} <= {BOTH} + 25 required_breach[second,2031]"
    )
    assert p.expression("cost", "breach", 2031)["required_breach[second,2031]"] == pytest.approx(50)


def test_required_project_limit_excuses_what_was_built_before_the_project_it_needs_is_taken_away():
    """Half of the room for the first is gone in 2031; of the second only what is decided then needs it.

    What was built of the first in 2030 counts by the room it had.
    """
    less = {"sheet": "facilities", "where": "facility=first", "column": "offtake_share", "value": 0.5}
    p = ShockedProgram(world(FIRST, SECOND, changes=[less]))
    assert p.row("required_project_limit[second,2031]") == says(
        "25 build[second,2031,merchant] <= 10 build[first,2030,merchant] + 20 build[first,2031,merchant]"
    )
    assert p.variables("required_breach") == set()


def test_required_project_limit_counts_what_was_built_before_by_the_room_it_had():
    """Half of the room for the second is gone in 2031: what stands of it asks for no more of the first than before."""
    less = {"sheet": "facilities", "where": "facility=second", "column": "offtake_share", "value": 0.5}
    p = ShockedProgram(world(FIRST, SECOND, changes=[less]))
    assert p.row("required_project_limit[second,2031]") == says(
        f"25 build[second,2030,merchant] + 50 build[second,2031,merchant] <= {BOTH} + 50 required_breach[second,2031]"
    )


def test_reopening_limit_lets_a_rescued_plant_come_back_with_its_capacity():
    """A quarter of the plant is left in 2031, all of it in 2032: the contract of 2030 needs no other capacity."""
    less = {"sheet": "facilities", "column": "capacity_tpa", "operation": "multiply", "value": 0.25}
    p = ShockedProgram(long_world(OLD_MILL | {"reopens": "no"}, changes=[less], term=3))
    assert p.row("reopening_limit[old,2031]") == says("rescue[old,2031,cfd] <= 0.75 rescue[old,2030,cfd]")
    assert p.row("reopening_limit[old,2032]") == says("rescue[old,2032,cfd] <= 0.75")


def growing_world(*changes: dict[str, Any]) -> Sheets:
    """What is decided on the mill in 2030 stands from 2031 on; beside 100 t/yr the group grows by a tenth and 20."""
    group = {"limit": "all", "kind": "growth", "start_tpa": 20, 2030: 0.1}
    return long_world(
        plant("old", capacity_tpa=100), project("mill", lead_time_years=1), changes=list(changes), group_limits=[group]
    )


def test_group_growth_limit_holds_through_a_shock_to_something_else():
    sheets = growing_world(CHEAP)
    assert Program(sheets).row("group_growth_limit[all,2031]") == says("build[mill,2030,merchant] <= 0.03")
    assert Program(sheets).variables("growth_breach") == set()
    p = ShockedProgram(sheets)
    assert p.row("group_growth_limit[all,2031]") == says("build[mill,2030,merchant] <= 0.03 + growth_breach[all,2031]")
    assert p.row("group_growth_limit[all,2032]") == says(
        "build[mill,2030,merchant] + build[mill,2031,merchant] <= 1.1 build[mill,2030,merchant] + 0.03"
    )
    assert p.expression("cost", "breach", "", 2031)["growth_breach[all,2031]"] == pytest.approx(50)


def test_group_growth_limit_made_stricter_counts_no_increase_that_was_decided_before():
    p = ShockedProgram(growing_world({"sheet": "group_limits", "years": "2031-2032", "value": 0.05}))
    assert p.rows("group_growth_limit") == {"all,2032"}
    assert p.row("group_growth_limit[all,2032]") == says(
        "build[mill,2031,merchant] <= 0.05 build[mill,2030,merchant] + 0.025"
    )
    assert p.variables("growth_breach") == set()


def test_route_growth_limit_follows_a_change_of_the_shock():
    emergency = {"sheet": "routes", "column": "growth", "value": 3}
    route = {"from_region": "CAN", "growth": 0.1, "start_tpa": 10}
    sheets = world(plant("north", region="CAN"), changes=[emergency], routes=[route])
    assert ShockedProgram(sheets).row("route_growth_limit[CAN>USA:metal,2031]") == says(
        "ship[CAN>USA:metal,clear,2031] <= 4 ship[CAN>USA:metal,clear,2030] + 0.01"
    )
