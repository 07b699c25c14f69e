"""Building, keeping open, and what capacity allows (model/formulation/capacity.py)."""

from __future__ import annotations

import pytest

from tests.support.algebra import Program, adds, says
from tests.support.sheets import Sheets
from tests.support.world_builder import make_world, plant, project

YEARS = (2030, 2031, 2032, 2033)


def world(*facilities, **sheets) -> Sheets:
    return make_world({"last_year": 2033}, demand=[{2030: 100}], facilities=list(facilities), **sheets)


def test_capacity_limit_of_existing_capacity():
    p = Program(world(plant("mill", capacity_tpa=500, utilisation=0.9)))
    assert p.row("capacity_limit[mill,2030]") == says("make[mill,clear,2030] <= 0.9 retain[mill,2030]")
    assert p.rows("capacity_limit") == p.rows("existing_capacity_limit") == {f"mill,{t}" for t in YEARS}
    assert not p.variables("build")


def test_capacity_limit_of_new_capacity_with_lead_ramp_and_life():
    """Online from decision + 1 for 2 years, at half, then in full."""
    p = Program(world(project("mill", lead_time_years=1, ramp_years=1, life_years=2, utilisation=0.8)))
    assert p.variables("build") == {f"mill,{v},merchant" for v in (2030, 2031, 2032)}
    assert p.rows("capacity_limit") == {"mill,2031", "mill,2032", "mill,2033"}
    assert p.row("capacity_limit[mill,2031]") == says("make[mill,clear,2031] <= 0.4 build[mill,2030,merchant]")
    assert p.row("capacity_limit[mill,2032]") == says(
        "make[mill,clear,2032] <= 0.8 build[mill,2030,merchant] + 0.4 build[mill,2031,merchant]"
    )
    assert p.row("capacity_limit[mill,2033]") == says(
        "make[mill,clear,2033] <= 0.8 build[mill,2031,merchant] + 0.4 build[mill,2032,merchant]"
    )


def test_ramp_takes_equal_steps():
    p = Program(world(project("mill", ramp_years=2)))
    third = "make[mill,clear,2032] <= build[mill,2030,merchant] + 0.666666667 build[mill,2031,merchant]"
    assert p.row("capacity_limit[mill,2032]") == says(f"{third} + 0.333333333 build[mill,2032,merchant]")


def test_capacity_limit_of_an_expansion_adds_old_and_new():
    p = Program(world(plant("mill", capacity_tpa=500, max_new_tpa=100, lead_time_years=2)))
    assert p.row("capacity_limit[mill,2031]") == says("make[mill,clear,2031] <= retain[mill,2031]")
    assert p.row("capacity_limit[mill,2032]") == says(
        "make[mill,clear,2032] <= retain[mill,2032] + build[mill,2030,merchant]"
    )


def test_capacity_limit_of_substitution():
    p = Program(world(plant("thrift", kind="substitution")))
    assert p.row("capacity_limit[thrift,2030]") == says("save[thrift,cars/metal/USA,2030] <= retain[thrift,2030]")


def test_existing_capacity_limit_over_online_and_retire_year_and_paths():
    p = Program(
        world(
            plant("mill", online_year=2031, retire_year=2033),
            facility_paths=[{"facility": "mill", "quantity": "capacity_tpa", 2031: 500, 2032: 700}],
        )
    )
    assert p.rows("existing_capacity_limit") == p.variables("retain") == {"mill,2031", "mill,2032"}
    assert p.row("existing_capacity_limit[mill,2031]") == says("retain[mill,2031] <= 0.5")
    assert p.row("existing_capacity_limit[mill,2032]") == says("retain[mill,2032] <= 0.7")


def test_offtake_share_scales_existing_and_new_capacity_but_not_the_reserve():
    p = Program(
        world(plant("mill", capacity_tpa=500, max_new_tpa=100, max_new_tpa_per_year=40, offtake_share=0.5,
                    reserve_t=900))
    )  # fmt: skip
    assert p.row("existing_capacity_limit[mill,2030]") == says("retain[mill,2030] <= 0.25")
    assert p.row("site_limit[mill,2033]").constant == pytest.approx(0.05)
    assert p.row("yearly_build_limit[mill,2030]") == says("build[mill,2030,merchant] <= 0.02")
    assert p.row("reserve_limit[mill]").constant == pytest.approx(0.9)


def test_site_limit_of_a_candidate_is_its_capacity():
    """All that is built stands in the last year, so its row implies those before."""
    p = Program(world(project("mill", capacity_tpa=300, lead_time_years=2)))
    assert p.rows("site_limit") == {"mill,2033"}
    assert p.row("site_limit[mill,2033]") == says("build[mill,2030,merchant] + build[mill,2031,merchant] <= 0.3")
    assert not p.rows("yearly_build_limit")


def test_site_limit_frees_the_room_of_what_has_retired():
    """Two years of service: each pair of decisions in a row stands together, and the last but one for itself."""
    p = Program(world(project("mill", capacity_tpa=300, life_years=2)))
    assert p.rows("site_limit") == {"mill,2031", "mill,2032", "mill,2033"}
    assert p.row("site_limit[mill,2031]") == says("build[mill,2030,merchant] + build[mill,2031,merchant] <= 0.3")
    assert p.row("site_limit[mill,2033]") == says("build[mill,2032,merchant] + build[mill,2033,merchant] <= 0.3")


def test_site_limit_is_absent_where_none_is_set():
    p = Program(world(project("mill", max_new_tpa="none", max_new_tpa_per_year=50)))
    assert not p.rows("site_limit")
    assert p.rows("yearly_build_limit") == {f"mill,{v}" for v in YEARS}


def test_yearly_build_limit_follows_its_path():
    p = Program(
        world(
            project("mill"),
            facility_paths=[{"facility": "mill", "quantity": "max_new_tpa_per_year", 2030: 0, 2031: 20, 2032: "none"}],
        )
    )
    assert p.variables("build") == {f"mill,{v},merchant" for v in (2031, 2032, 2033)}
    assert p.rows("yearly_build_limit") == {"mill,2031"}
    assert p.row("yearly_build_limit[mill,2031]") == says("build[mill,2031,merchant] <= 0.02")


def test_build_keeps_to_earliest_decision_year_and_horizon():
    p = Program(world(project("mill", earliest_decision_year=2031, lead_time_years=1)))
    assert p.variables("build") == {"mill,2031,merchant", "mill,2032,merchant"}


@pytest.mark.parametrize(("cap", "built"), [(1, False), (2, True), ("none", True)])
def test_build_keeps_to_the_lead_time_cap(cap, built):
    p = Program(world(project("mill", lead_time_years=2), minerals=[{"mineral": "tin", "lead_time_cap_years": cap}]))
    assert bool(p.variables("build")) is built


def test_reserve_limit_adds_up_all_years():
    p = Program(world(plant("mine", reserve_t=250), plant("other")))
    assert p.rows("reserve_limit") == {"mine"}
    assert p.row("reserve_limit[mine]") == says(
        "make[mine,clear,2030] + make[mine,clear,2031] + make[mine,clear,2032] + make[mine,clear,2033] <= 0.25"
    )


def commercial_mill(**mill) -> Sheets:
    """Prices 400 in 2030, 100 from 2031; variable cost 150, fixed 50: open in 2030 only without a contract."""
    return world(
        plant("mill", commercial="yes", variable_usd_per_t=150, fixed_usd_per_tpa_year=50, **mill),
        prices=[{2030: 400, 2031: 100}],
        support_offers=[{"offer": "aid", "term_years": 2, "last_award_year": 2032}],
    )


def test_retain_needs_a_margin_that_covers_fixed_cost():
    p = Program(commercial_mill())
    assert p.variables("retain") == {"mill,2030"}
    assert not p.variables("rescue")


@pytest.mark.parametrize(("price", "kept"), [(200, True), (199.99, False)])
def test_retain_at_the_edge_of_the_margin(price, kept):
    sheets = commercial_mill()
    sheets["prices"] = [{"material": "metal", 2030: price}]
    assert bool(Program(sheets).variables("retain")) is kept


@pytest.mark.parametrize(("variable", "kept"), [(225, True), (225.1, False)])
def test_retain_counts_premium_and_coproducts(variable, kept):
    """1.1 * (200 + 0.5 * 100) = 275 a tonne, of which 50 are fixed cost."""
    sheets = commercial_mill()
    sheets["facilities"][0] |= {"premium": 0.1, "variable_usd_per_t": variable}
    sheets["recipes"] = [{"facility": "mill", "material": "ore", "role": "coproduct", "t_per_t": 0.5}]
    sheets["prices"] = [{"material": "metal", 2030: 200}, {"material": "ore", 2030: 100}]
    assert bool(Program(sheets).variables("retain")) is kept


def test_rescue_covers_its_term_and_shares_capacity_with_retain():
    p = Program(commercial_mill(cfd_eligible="yes"))
    # A term of two years from 2030 holds a year that fails; so does every later one.
    assert p.variables("rescue") == {"mill,2030,aid", "mill,2031,aid", "mill,2032,aid"}
    assert p.expression("kept_open", "mill", 2030) == adds("retain[mill,2030] + rescue[mill,2030,aid]")
    assert p.expression("kept_open", "mill", 2031) == adds("rescue[mill,2030,aid] + rescue[mill,2031,aid]")
    assert p.row("existing_capacity_limit[mill,2031]") == says("rescue[mill,2030,aid] + rescue[mill,2031,aid] <= 1")
    assert p.row("capacity_limit[mill,2033]") == says("make[mill,clear,2033] <= rescue[mill,2032,aid]")


def test_rescue_is_cut_where_capacity_retires():
    p = Program(commercial_mill(cfd_eligible="yes", retire_year=2032))
    assert p.variables("rescue") == {"mill,2030,aid", "mill,2031,aid"}
    assert p.expression("kept_open", "mill", 2031) == adds("rescue[mill,2030,aid] + rescue[mill,2031,aid]")
    assert p.members("kept_open") == {"mill,2030", "mill,2031"}


def test_facility_outside_the_network_has_no_capacity():
    p = Program(world(plant("mill"), plant("stranded", region="CAN", max_new_tpa=5)))
    assert {key.split(",")[0] for name in ("retain", "build") for key in p.variables(name)} == {"mill"}


def test_offtake_share_may_follow_a_path():
    """Half of the partner's plant may be contracted in 2030, three tenths from 2031 on."""
    p = Program(
        world(
            plant("mill", capacity_tpa=500, max_new_tpa=100, max_new_tpa_per_year=40),
            facility_paths=[{"facility": "mill", "quantity": "offtake_share", 2030: 0.5, 2031: 0.3}],
        )
    )
    assert p.row("existing_capacity_limit[mill,2030]") == says("retain[mill,2030] <= 0.25")
    assert p.row("existing_capacity_limit[mill,2031]") == says("retain[mill,2031] <= 0.15")
    assert p.row("yearly_build_limit[mill,2030]") == says("build[mill,2030,merchant] <= 0.02")
    assert p.rows("site_limit") == {"mill,2033"}
    assert p.row("site_limit[mill,2033]").constant == pytest.approx(0.03)


def test_site_limit_of_a_year_in_which_less_can_be_contracted():
    p = Program(
        world(
            project("mill", capacity_tpa=100),
            facility_paths=[{"facility": "mill", "quantity": "offtake_share", 2031: 0.3, 2032: 0.8}],
        )
    )
    assert p.rows("site_limit") == {"mill,2031", "mill,2033"}
    assert p.row("site_limit[mill,2031]") == says("build[mill,2030,merchant] + build[mill,2031,merchant] <= 0.03")


def two_phases(**second) -> Sheets:
    return world(
        project("first", capacity_tpa=100, lead_time_years=1),
        project("second", capacity_tpa=40, requires="first", **second),
    )


def test_required_project_limit_in_shares_of_the_room():
    """The first phase stands from 2031, so that nothing of the second can stand in 2030."""
    p = Program(two_phases(life_years=2))
    assert p.rows("required_project_limit") == {f"second,{t}" for t in YEARS}
    assert p.row("required_project_limit[second,2030]") == says("25 build[second,2030,merchant] <= 0")
    assert p.row("required_project_limit[second,2031]") == says(
        "25 build[second,2030,merchant] + 25 build[second,2031,merchant] <= 10 build[first,2030,merchant]"
    )


def test_no_required_project_limit_while_it_exists_already():
    sheets = two_phases()
    sheets["facilities"][0] |= {"status": "operating", "retire_year": 2032, "max_new_tpa": 100}
    assert Program(sheets).rows("required_project_limit") == {"second,2032", "second,2033"}
    assert not Program(world(project("alone"))).rows("required_project_limit")


def test_a_required_project_may_be_built_without_a_use_of_its_own():
    """Nobody wants what the port in Canada makes, but the mill cannot stand without it."""
    p = Program(world(project("port", region="CAN", output="ore"), project("mill", requires="port")))
    assert "port,2030,merchant" in p.variables("build")


def test_reopening_limit_from_the_second_year_on():
    p = Program(
        world(
            plant("mill", capacity_tpa=500, reopens="no"),
            plant("other"),
            facility_paths=[{"facility": "mill", "quantity": "capacity_tpa", 2031: 500, 2032: 700}],
        )
    )
    assert p.rows("reopening_limit") == {f"mill,{t}" for t in (2031, 2032, 2033)}
    assert p.row("reopening_limit[mill,2031]") == says("retain[mill,2031] <= retain[mill,2030]")
    assert p.row("reopening_limit[mill,2032]") == says("retain[mill,2032] <= retain[mill,2031] + 0.2")


def test_reopening_limit_counts_rescued_capacity():
    """Without a contract the mill of `commercial_mill` is open in 2030 only."""
    p = Program(commercial_mill(cfd_eligible="yes", reopens="no"))
    assert p.row("reopening_limit[mill,2031]") == says(
        "rescue[mill,2030,aid] + rescue[mill,2031,aid] <= retain[mill,2030] + rescue[mill,2030,aid]"
    )
    assert p.row("reopening_limit[mill,2033]") == says(
        "rescue[mill,2032,aid] <= rescue[mill,2031,aid] + rescue[mill,2032,aid]"
    )
