"""Rules on slow trade, outlets, projects that require others, and groups: contradictions and cells without effect."""

from __future__ import annotations

import math
from collections.abc import Iterator

from model.errors import Problem
from model.rules.context import Context, at, highest
from model.workbook.formatting import shown
from model.workbook.pathways import pathway
from model.workbook.schema import ALL
from model.workbook.tables import Record


def check_growth_start(context: Context) -> Iterator[Problem]:
    """A route that grows by a share has a flow to grow from."""
    for route in context.tables["routes"]:
        if highest(route, "growth") < math.inf and not route.number("flow_tpa") and not highest(route, "start_tpa"):
            yield at(
                route, "growth", "W640",
                f"{shown(highest(route, 'growth'))}, and neither flow_tpa nor start_tpa is above 0",
                "trade grows from what was shipped the year before, plus start_tpa: nothing can ever be shipped",
                "fill in flow_tpa, start_tpa or both, or clear growth",
            )  # fmt: skip


def check_idle_pace(context: Context) -> Iterator[Problem]:
    """Some columns on the pace of trade have an effect only together with others."""
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


def check_sold_prices(context: Context) -> Iterator[Problem]:
    """Materials sold to an outlet, or with a salvage value, have a price."""
    sold: list[tuple[Record, str, str]] = [(row, "material", "an outlet pays") for row in context.tables["outlets"]]
    kept = [row for row in context.tables["stockpiles"] if row.number("salvage_share") > 0]
    sold += [(row, "salvage_share", "what is left is worth") for row in kept]
    for row, column, who in sold:
        if context.lacks_price(row["material"]):
            yield at(
                row, column, "E361", f"'{row['material']}' has no price",
                f"{who} a share of the reference price: the material needs a row in prices", "add the row",
            )  # fmt: skip


def check_outlet_place(context: Context) -> Iterator[Problem]:
    """An outlet buys what its region makes, and its revenue is the home buyer's."""
    for row in context.tables["outlets"]:
        region = context.regions.get(row.text("region"))
        if region is not None and all(region.at("standing", year) != "home" for year in context.years):
            yield at(
                row, "region", "W645", f"'{row['region']}' is not home",
                "revenue from an outlet lowers the cost of the plan, and abroad it is not the home buyer's",
                "move it, or keep that in mind",
            )  # fmt: skip


def check_outlet_supply(context: Context) -> Iterator[Problem]:
    """An outlet has something to buy."""
    made = {
        (material, facility.text("region"))
        for facilities in context.makers.values()
        for facility in facilities
        for material in context.outputs(facility)
    }
    for row in context.tables["outlets"]:
        if (row.text("material"), row.text("region")) not in made:
            yield at(
                row, "material", "W646", f"no facility in '{row['region']}' makes '{row['material']}'",
                "an outlet buys only what its region makes or recovers",
                "correct material or region, or delete the row",
            )  # fmt: skip


def check_requirements(context: Context) -> Iterator[Problem]:
    """What a project requires can exist, and both have a finite max_new_tpa to take shares of."""
    facilities = {facility.text("facility"): facility for facility in context.tables["facilities"]}
    for facility in context.tables["facilities"]:
        required = facilities.get(facility.text("requires"))
        if required is None:
            continue
        if required is facility:
            yield at(
                facility, "requires", "W642", f"'{facility.label}' requires itself",
                "a project requires another one, so the cell has no effect", "name another facility, or clear the cell",
            )  # fmt: skip
            continue
        for one in (facility, required):
            if math.isinf(one.number("max_new_tpa")):
                yield at(
                    facility, "requires", "E362", f"'{required.label}', and max_new_tpa of '{one.label}' is none",
                    "a project stands in the share of its max_new_tpa in which the one it requires stands",
                    f"type a number in max_new_tpa of '{one.label}'",
                )  # fmt: skip
        exists = any(context.exists(required, year) for year in context.years) and highest(required, "capacity_tpa") > 0
        if not exists and not required.number("max_new_tpa"):
            yield at(
                facility, "requires", "W643", f"'{required.label}' neither exists nor can be built",
                f"no new capacity of '{facility.label}' can stand without it",
                "correct requires, or give it max_new_tpa",
            )  # fmt: skip


def check_closing(context: Context) -> Iterator[Problem]:
    """Only existing capacity can be closed."""
    for facility in context.tables["facilities"]:
        if facility["status"] != "candidate":
            continue
        for column, has_effect in (("reopens", facility["reopens"] is False),
                                   ("idle_cost_share", facility.number("idle_cost_share") > 0)):  # fmt: skip
            if has_effect:
                value = "no" if column == "reopens" else shown(facility.number("idle_cost_share"))
                yield at(
                    facility, column, "W647", f"{value} for a candidate",
                    "it is about existing capacity that is closed, and a candidate has none", "clear the cell",
                )  # fmt: skip


def check_groups(context: Context) -> Iterator[Problem]:
    """A limit on a group has members, and only growth has a start."""
    for limit in context.tables["group_limits"]:
        if not any(_is_member(context, limit, facility) for facility in context.tables["facilities"]):
            yield at(
                limit, "limit", "W644", f"no facility falls under '{limit.label}'",
                "a group is chosen by materials, region and pathway", "correct them, or delete the row",
            )  # fmt: skip
        if limit["kind"] == "capacity" and limit.number("start_tpa") > 0:
            yield at(
                limit, "start_tpa", "W648", f"{shown(limit.number('start_tpa'))} of a limit of kind capacity",
                "only growth has a start", "clear the cell, or set kind to growth",
            )  # fmt: skip


def _is_member(context: Context, limit: Record, facility: Record) -> bool:
    region = context.regions.get(facility.text("region"))
    if region is None:
        return False
    pathways = {pathway(facility.text("kind"), str(region.at("standing", year))) for year in context.years}
    materials = limit.names("materials")
    return (
        (ALL in materials or facility.text("output") in materials)
        and limit["region"] in (ALL, region.label)
        and (limit["pathway"] == ALL or limit["pathway"] in pathways)
    )
