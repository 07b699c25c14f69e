"""Trade that changes slowly: columns that contradict each other or have no effect."""

from __future__ import annotations

import math
from collections.abc import Iterator

from model.errors import Problem
from model.rules.context import Context, at, highest
from model.workbook.formatting import shown


def check_growth_start(context: Context) -> Iterator[Problem]:
    """A route that grows by a share has something to grow from."""
    for route in context.tables["routes"]:
        if highest(route, "growth") < math.inf and not route.number("flow_tpa") and not highest(route, "start_tpa"):
            yield at(
                route, "growth", "W640",
                f"{shown(highest(route, 'growth'))}, and neither flow_tpa nor start_tpa is above 0",
                "trade grows from what was shipped the year before, plus start_tpa: nothing can ever be shipped",
                "fill in flow_tpa, start_tpa or both, or clear growth",
            )  # fmt: skip


def check_idle_pace(context: Context) -> Iterator[Problem]:
    """Columns on the pace of trade have an effect together with others only."""
    for route in context.tables["routes"]:
        grows, falls = highest(route, "growth") < math.inf, highest(route, "decay") < math.inf
        priced = highest(route, "switching_usd_per_t") < math.inf
        if falls != priced:
            given, missing = ("decay", "switching_usd_per_t") if falls else ("switching_usd_per_t", "decay")
            yield at(
                route, given, "W641", f"{shown(highest(route, given))}, and {missing} is blank",
                "a fall faster than decay costs switching_usd_per_t, so that one has no effect without the other",
                f"fill in {missing}, or clear the cell",
            )  # fmt: skip
        if highest(route, "start_tpa") > 0 and not grows:
            yield at(
                route, "start_tpa", "W641", f"{shown(highest(route, 'start_tpa'))}, and growth is blank",
                "trade may be added freely where growth is blank, so start_tpa has no effect",
                "fill in growth, or clear the cell",
            )  # fmt: skip
