"""A small world for each rule on markets and plants over time in which the rule binds and has a price."""

from __future__ import annotations

from tests.support.sheets import Sheets
from tests.support.world_builder import Row, make_world, market, plant, project


def two_suppliers(
    north: float, home: float, last_year: int = 2031, settings: Row | None = None, **route: object
) -> Sheets:
    """100 t a year from Canada at `north`, with freight of 1, or made at home at `home`."""
    return make_world(
        {"last_year": last_year} | (settings or {}),
        demand=[{2030: 100}],
        facilities=[
            plant("north", region="CAN", capacity_tpa=100, variable_usd_per_t=north),
            plant("mill", variable_usd_per_t=home),
        ],
        routes=[{"from_region": "CAN"} | route],
    )


def outlet_world(most: float, settings: Row | None = None, **sheets: list[Row]) -> Sheets:
    """100 t of metal a year are made at 200, and 20 t of scrap beside them, which an outlet buys at 0.9 * 50."""
    return make_world(
        settings,
        demand=[{2030: 100}],
        prices=[{2030: 400}, {"material": "scrap", 2030: 50}],
        facilities=[plant("smelter", variable_usd_per_t=200), *sheets.pop("facilities", [])],
        recipes=[{"facility": "smelter", "material": "scrap", "role": "coproduct", "t_per_t": 0.2}],
        outlets=[{"material": "scrap", "region": "USA", 2030: most}],
        **sheets,
    )


def phased_world(wanted: float, settings: Row | None = None, size: float = 1, **first: object) -> Sheets:
    """A second phase of 100 t/yr at 50 requires a first of 50 t/yr at 300 with a fixed cost of 10; a seller asks 400.

    Both are `size` times as large.
    """
    return make_world(
        settings,
        demand=[{2030: wanted}],
        prices=[{2030: 400}],
        facilities=[
            market("seller"),
            project("first", capacity_tpa=50 * size, variable_usd_per_t=300, fixed_usd_per_tpa_year=10) | first,
            project("second", capacity_tpa=100 * size, variable_usd_per_t=50, requires="first"),
        ],
    )


def closing_world(settings: Row | None = None, **mill: object) -> Sheets:
    """A mill of 100 t/yr at 100, with a fixed cost of 50; a seller asks 120 in 2030 and 400 in 2031."""
    return make_world(
        settings,
        demand=[{2030: 100}],
        prices=[{2030: 120, 2031: 400}],
        facilities=[
            market("seller"),
            plant("mill", capacity_tpa=100, variable_usd_per_t=100, fixed_usd_per_tpa_year=50) | mill,
        ],
    )


def group_world(settings: Row | None = None, **limit: object) -> Sheets:
    """Two plants at home can be built at 10 a tonne; a seller abroad asks 399, with freight of 1."""
    years = limit.pop("years")
    return make_world(
        settings,
        demand=[{2030: 100}],
        prices=[{2030: 399}],
        facilities=[
            market("seller", region="CAN"),
            *(project(name, variable_usd_per_t=10) for name in ("acme", "zenith")),
        ],
        routes=[{"from_region": "CAN"}],
        group_limits=[{"limit": "know_how", "region": "USA"} | limit | years],
    )


def contract_in_force_world(settings: Row | None = None, **mill: object) -> Sheets:
    """A floor of 300 covers 60 t of the 100 t/yr of a mill at 150; the price is 100, a seller abroad asks 400."""
    return make_world(
        settings,
        demand=[{2030: 100}],
        prices=[{2030: 100}],
        facilities=[
            plant("mill", capacity_tpa=100, variable_usd_per_t=150) | mill,
            plant("north", region="CAN", variable_usd_per_t=399),
        ],
        routes=[{"from_region": "CAN"}],
        contracts_in_force=[
            {"contract": "signed", "facility": "mill", "form": "floor", "amount_usd_per_t": 300, "covered_tpa": 60,
             "first_year": 2030, "last_year": 2031},
        ],
    )  # fmt: skip


def rescued_world(settings: Row | None = None, **sheets: list[Row]) -> Sheets:
    """The world with a contract in force, in which 150 a tonne in an award would do as well as its 300."""
    made = contract_in_force_world(settings, commercial="yes", cfd_eligible="yes", hurdle_rate=0)
    return made | {"support_offers": [{"offer": "award", "form": "two_way", "term_years": 2}]} | sheets


def pot_world(settings: Row | None = None) -> Sheets:
    """The same without the contract in force; a pot pays the award on 40 t a year."""
    made = rescued_world(settings, support_budgets=[{"pot": "treasury", "view": "expected", 2030: 0.002}])
    del made["contracts_in_force"]
    return made


DISCOUNTED = {"social_discount_rate": 0.1}

PRICED: dict[str, Sheets] = {
    "route_growth_limit": two_suppliers(10, 100, settings=DISCOUNTED, growth=0.1, start_tpa=10),
    "route_decay_floor": two_suppliers(120, 100, settings=DISCOUNTED, flow_tpa=100, decay=0.2, switching_usd_per_t=50),
    "outlet_limit": outlet_world(15, DISCOUNTED),
    "outlet_origin_limit": outlet_world(
        30,
        DISCOUNTED,
        facilities=[plant("dump", region="CAN", output="scrap", variable_usd_per_t=10)],
        routes=[{"from_region": "CAN", "material": "scrap"}],
    ),
    "required_project_limit": phased_world(100_000, DISCOUNTED, 1000),
    "reopening_limit": closing_world(DISCOUNTED, reopens="no"),
    "group_growth_limit": group_world(DISCOUNTED, kind="growth", start_tpa=30, years={2030: 0.5}),
    "kept_capacity_limit": contract_in_force_world(DISCOUNTED, commercial="yes"),
    "uncovered_capacity_limit": rescued_world(DISCOUNTED | {"public_funds_excess_burden": 0.25}),
    "budget_limit": pot_world(DISCOUNTED),
    "honour_floor": contract_in_force_world(DISCOUNTED | {"public_funds_excess_burden": 0.25}),
    "group_capacity_limit": group_world(DISCOUNTED, kind="capacity", years={2030: 60}),
}
"""Constraint -> a world in which it has a price."""
