"""A small world for each rule on markets and plants over time in which the rule binds and has a price."""

from __future__ import annotations

from tests.support.sheets import Sheets
from tests.support.world_builder import Row, make_world, plant


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


DISCOUNTED = {"social_discount_rate": 0.1}

PRICED: dict[str, Sheets] = {
    "route_growth_limit": two_suppliers(10, 100, settings=DISCOUNTED, growth=0.1, start_tpa=10),
    "route_decay_floor": two_suppliers(
        120, 100, settings=DISCOUNTED, flow_tpa=100, decay=0.2, switching_usd_per_t=50
    ),
}  # fmt: skip
"""Constraint -> a world in which it has a price."""
