"""Freight, tariffs, export limits and origin, by hand."""

from __future__ import annotations

import pytest

from tests.support.market_worlds import two_suppliers
from tests.support.world_builder import make_world, market, plant


@pytest.mark.parametrize(
    ("tariff", "counted", "cost"),
    [(0.25, "yes", 395), (0.5, "yes", 410), (0.5, "no", 320)],
    ids=["small tariff", "high tariff", "high tariff that is a transfer"],
)
def test_freight_and_tariff_decide_the_source(solve, tariff, counted, cost):
    """Canada delivers at 380 + 30; China sells at 300 + 20 + tariff * 300, which is 395 or 470."""
    found = solve(
        make_world(
            {"tariffs_count_as_cost": counted},
            demand=[{2030: 100}],
            prices=[{2030: 300}],
            facilities=[plant("north", region="CAN", variable_usd_per_t=380), market("east", region="CHN")],
            routes=[
                {"from_region": "CAN", "freight_usd_per_t": 30},
                {"from_region": "CHN", "freight_usd_per_t": 20, "tariff": tariff},
            ],
        )
    )
    assert found.usd == pytest.approx(2 * 100 * cost)


@pytest.mark.parametrize(("counted", "cost"), [("yes", 160), ("no", 145)])
def test_home_duties_can_be_a_transfer_and_duties_of_others_never_are(solve, counted, cost):
    """Canada smelts Chinese ore: 50 a tonne and a Canadian duty of 0.3 * 100 = 30, 63 of smelting, freight 1 + 1.

    Home levies 0.1 * 150 = 15 on the metal: 160 where duties count, 145 where home's are a transfer.
    """
    found = solve(
        make_world(
            {"tariffs_count_as_cost": counted},
            demand=[{2030: 100}],
            prices=[{2030: 150}, {"material": "ore", 2030: 100}],
            facilities=[
                plant("pit", region="CHN", output="ore", variable_usd_per_t=50),
                plant("mill", region="CAN", variable_usd_per_t=63),
            ],
            recipes=[{"facility": "mill"}],
            routes=[
                {"from_region": "CHN", "to_region": "CAN", "material": "ore", "tariff": 0.3},
                {"from_region": "CAN", "tariff": 0.1},
            ],
        )
    )
    assert found.usd == pytest.approx(2 * 100 * cost)


def test_route_capacity(solve):
    """70 t come cheap, the rest from the dear mill at home."""
    found = solve(
        make_world(
            demand=[{2030: 100}],
            facilities=[plant("north", region="CAN", variable_usd_per_t=99), plant("mill", variable_usd_per_t=300)],
            routes=[{"from_region": "CAN", "capacity_tpa": 70}],
        )
    )
    assert found.usd == pytest.approx(2 * (70 * 100 + 30 * 300))


def detour(transit: str, **sheets):
    """China may send 20 t home; Canada makes 30 t and has a route from China."""
    return make_world(
        regions=[{"region": "CAN", "transit": transit}],
        demand=[{2030: 100}],
        facilities=[
            plant("east", region="CHN", variable_usd_per_t=100),
            plant("north", region="CAN", capacity_tpa=30, variable_usd_per_t=350),
        ],
        routes=[
            {"from_region": "CHN", "freight_usd_per_t": 5},
            {"from_region": "CHN", "to_region": "CAN", "freight_usd_per_t": 10},
            {"from_region": "CAN", "freight_usd_per_t": 10},
        ],
        export_limits=[{"limit": "quota", "from_region": "CHN", "to_region": "USA", 2030: 20}],
        **sheets,
    )


def test_export_limit_is_not_dodged_through_a_third_country(solve):
    """20 t at 105, 30 t of Canada's own at 360, 50 t unmet."""
    found = solve(detour("no"))
    assert found.t("ship", "CHN>CAN:metal", "exposed", 2030) == 0
    assert found.usd == pytest.approx(2 * (20 * 105 + 30 * 360 + 50 * 5000))


def test_a_port_may_pass_goods_on(solve):
    """20 t at 105 and 80 t through Canada at 120; they stay exposed."""
    found = solve(detour("yes"))
    assert found.t("deliver", "cars/metal/USA", "exposed", 2030) == pytest.approx(100)
    assert found.usd == pytest.approx(2 * (20 * 105 + 80 * 120))


def test_export_ban_from_a_year_on(solve):
    world = detour("no")
    world["export_limits"] = [{"limit": "ban", "from_region": "CHN", 2030: "none", 2031: 0}]
    found = solve(world)
    assert found.usd == pytest.approx(100 * 105 + 30 * 360 + 70 * 5000)


def tariff_and_stock(last_year, **stock):
    """China makes metal at 10; a duty of 5 times the price of 80 is levied on it, none on what comes from Canada."""
    return make_world(
        {"last_year": last_year},
        demand=[{2030: 100}],
        prices=[{2030: 80}],
        facilities=[plant("east", region="CHN", variable_usd_per_t=10)],
        routes=[
            {"from_region": "CHN", "tariff": 5},
            {"from_region": "CHN", "to_region": "CAN"},
            {"from_region": "CAN"},
        ],
        stockpiles=[{"region": "CAN", "holding_usd_per_t": 50, "max_t": 0, **stock}],
    )


@pytest.mark.parametrize("most", [0, 1000])
def test_a_stock_in_a_third_country_does_not_dodge_a_tariff(solve, most):
    """100 t at 10 + 1 + 400. In and out of a stock in Canada in one year they would cost 12."""
    assert solve(tariff_and_stock(2030, max_t=most)).usd == pytest.approx(41_100)


def test_what_has_lain_in_a_stock_over_a_year_end_is_the_countrys_own(solve):
    """100 t pay the duty in 2030; as many go into the stock and leave it in 2031: 10 + 1 + 50 + 1."""
    found = solve(tariff_and_stock(2031, max_t=1000))
    assert found.usd == pytest.approx(41_100 + 6_200)


def test_a_new_supplier_is_qualified_step_by_step(solve):
    """10 t, then 10 % more and 10 t: 21, then 33.1 t at 11; the rest is made at 100."""
    found = solve(two_suppliers(10, 100, 2032, growth=0.1, start_tpa=10))
    assert found.each("ship") == {
        f"CAN>USA:metal,clear,{t}": x for t, x in ((2030, 10), (2031, 21), (2032, 33.1))
    }  # fmt: skip
    assert found.usd == pytest.approx(64.1 * 11 + 235.9 * 100)


def test_growth_starts_from_what_was_shipped_before(solve):
    """40 t before: 44 + 10 = 54 t, then 59.4 + 10 = 69.4 t."""
    found = solve(two_suppliers(10, 100, growth=0.1, start_tpa=10, flow_tpa=40))
    assert found.usd == pytest.approx(123.4 * 11 + 76.6 * 100)


def test_growth_is_bought_ahead_of_need(solve):
    """The cheap mill at home closes after 2030, so Canada's 21 t in 2031 need 10 t at 61 more a tonne in 2030.

    Worth it: each of the 10 t gives 1.1 t in 2031, which saves 5,000 - 81 of a shortage.
    """
    world = two_suppliers(80, 20, growth=0.1, start_tpa=10)
    world["facilities"][1]["retire_year"] = 2031
    found = solve(world)
    assert found.usd == pytest.approx(10 * 81 + 90 * 20 + 21 * 81 + 79 * 5000)


@pytest.mark.parametrize(("price", "cost"), [(50, 200 * 100 + 21 * (80 + 64)), (30, 200 * 100 + 30 * 80)])
def test_an_old_supplier_is_not_dropped_at_once(solve, price, cost):
    """100 t came from Canada, now at 121 against 100 at home; a fifth a year may be given up for nothing.

    80, then 64 t are kept at 21 more. A tonne dropped at once saves 21 in 2030 and 21 on 0.8 t in 2031, 37.8 in all:
    for 50 it is kept, for 30 all 80 t are dropped.
    """
    found = solve(two_suppliers(120, 100, flow_tpa=100, decay=0.2, switching_usd_per_t=price))
    assert found.usd == pytest.approx(cost)
    assert found.t("drop", "CAN>USA:metal", 2030) == pytest.approx(0 if price == 50 else 80)


@pytest.mark.parametrize("gone", ["ban", "plant"])
def test_who_cannot_deliver_is_dropped_for_nothing(solve, gone):
    """80 t in 2030 at 21 more; in 2031 Canada lets nothing out, or its plant is gone."""
    world = two_suppliers(120, 100, flow_tpa=100, decay=0.2, switching_usd_per_t=50)
    if gone == "ban":
        world["export_limits"] = [{"limit": "ban", "from_region": "CAN", 2030: "none", 2031: 0}]
    else:
        world["facilities"][0]["retire_year"] = 2031
    found = solve(world)
    assert found.usd == pytest.approx(200 * 100 + 21 * 80)
    assert found.cost("switching", 2031) == 0


def test_work_done_abroad_is_no_detour(solve):
    """Chinese ore smelted in Canada leaves as Canada's own metal, and is exposed."""
    found = solve(
        make_world(
            demand=[{2030: 100}],
            facilities=[
                plant("east", region="CHN", output="ore", variable_usd_per_t=100),
                plant("north", region="CAN", variable_usd_per_t=50),
            ],
            recipes=[{"facility": "north"}],
            routes=[{"from_region": "CHN", "to_region": "CAN", "material": "ore"}, {"from_region": "CAN"}],
        )
    )
    assert found.t("deliver", "cars/metal/USA", "exposed", 2030) == pytest.approx(100)
    assert found.usd == pytest.approx(2 * 100 * (100 + 1 + 50 + 1))
