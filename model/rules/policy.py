"""Rules on routes, caps, targets, stocks and returns: contradictions, and rows that apply to nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product

from model.errors import Problem
from model.rules.context import Context, at
from model.workbook.formatting import amount, in_years, shown
from model.workbook.pathways import pathway
from model.workbook.schema import ALL, CHAIN
from model.workbook.tables import Record


def check_route_ends(context: Context) -> Iterator[Problem]:
    """A route leads from one region to another."""
    for route in context.tables["routes"]:
        if route["from_region"] == route["to_region"]:
            yield at(
                route, "to_region", "E328", f"from '{route['from_region']}' to itself",
                "a route leads to another region; within a region nothing needs one", "delete the row",
            )  # fmt: skip


def check_weights(context: Context) -> Iterator[Problem]:
    """At least one mineral has a weight in the exposure index."""
    minerals = context.tables["minerals"]
    if len(minerals) > 0 and all(row.number("weight") == 0 for row in minerals):
        yield at(
            minerals[0], "weight", "W582", "every mineral has the weight 0",
            "the exposure index is the weighted mean of the minerals, and is 0 without any weight",
            "give a weight to the minerals that are to count, or leave it blank for 1",
        )  # fmt: skip


def check_cap_materials(context: Context) -> Iterator[Problem]:
    """An exposure cap applies to some material."""
    for cap in context.tables["exposure_caps"]:
        mineral, scope = cap.text("mineral"), cap.text("scope")
        if mineral == ALL:
            continue
        mine = [name for name, contents in context.content.items() if contents.get(mineral, 0.0) > 0]
        if scope == CHAIN:
            found = any(name in mine for name, _ in context.demand)
            rule = "a chain cap limits deliveries, and no material with this mineral is demanded"
        else:
            found = any(context.materials[name]["stage"] == scope for name in mine if name in context.materials)
            rule = f"the cap limits the stage '{scope}', and no material with this mineral is made there"
        if not found:
            yield at(
                cap, "mineral", "W550", f"a cap on '{mineral}'", rule, "correct mineral or scope, or delete the row"
            )


def check_target_possible(context: Context) -> Iterator[Problem]:
    """A minimum share can be met otherwise than by an idle stage."""
    for target in context.tables["mix_targets"]:
        if target["sense"] != "min" or not any(0 < share < math.inf for share in target.years.values()):
            continue
        if not any(
            _counts_for(context, target, facility, output)
            for facility in context.tables["facilities"]
            for output in context.outputs(facility)
        ):
            yield at(
                target, "target", "W556", f"no facility counts for '{target.label}'",
                "a least share that nothing can supply is met only by an idle stage",
                "correct what it selects, or add the facilities",
            )  # fmt: skip


def _counts_for(context: Context, target: Record, facility: Record, name: str) -> bool:
    """Whether some output of a facility can count towards a target."""
    material, region = context.materials.get(name), context.regions.get(facility.text("region"))
    if material is None or region is None:
        return False
    kind, years = facility.text("kind"), context.years
    return (
        target["mineral"] in (ALL, *context.content.get(material.label, {}))
        and target["stage"] in (ALL, material["stage"])
        and target["region"] in (ALL, region.label)
        and (
            target["pathway"] == ALL
            or any(pathway(kind, str(region.at("standing", t))) == target["pathway"] for t in years)
        )
    )


def check_target_pairs(context: Context) -> Iterator[Problem]:
    """A minimum share is not above the maximum share of the same selection."""
    targets = context.tables["mix_targets"]
    lows, highs = ([t for t in targets if t["sense"] == sense] for sense in ("min", "max"))
    for low, high in product(lows, highs):
        if any(low[column] != high[column] for column in ("mineral", "stage", "pathway", "region")):
            continue
        years = [year for year in context.years if high.years[year] < low.years[year] < math.inf]
        if years:
            yield at(
                low, "target", "W557",
                f"at least {shown(low.years[years[0]])} by '{low.label}' and at most {shown(high.years[years[0]])} by "
                f"'{high.label}'{in_years(years, context.years)}",
                "both are on the same selection, so only an idle stage meets both", "correct one of the two",
            )  # fmt: skip


def check_final_stock(context: Context) -> Iterator[Problem]:
    """A stock has room for what must be in it."""
    for stock in context.tables["stockpiles"]:
        most = stock.number("max_t")
        if stock["final_t"] is not None and stock.number("final_t") > most:
            yield at(
                stock, "final_t", "E329", f"{shown(stock.number('final_t'))} t, and max_t {shown(most)}",
                "the stock must have room for its final level", "lower final_t, or raise max_t",
            )  # fmt: skip
        if stock.number("initial_t") > most:
            yield at(
                stock, "initial_t", "W558", f"{shown(stock.number('initial_t'))} t, and max_t {shown(most)}",
                "the excess has to be released in the first year", "lower initial_t, or raise max_t",
            )  # fmt: skip


def check_cover(context: Context) -> Iterator[Problem]:
    """A stock has room for the days of demand it must cover."""
    for stock in context.tables["stockpiles"]:
        demand = context.demand.get((stock.text("material"), stock.text("region")), {})
        # 365 days as in the cover rule of the model.
        cover = {year: stock.number("min_cover_days") / 365 * tonnes for year, tonnes in demand.items()}
        worst = max(cover, key=lambda year: cover[year], default=None)
        if worst is None or cover[worst] <= stock.number("max_t"):
            continue
        hard = math.isinf(stock.number("cover_breach_usd_per_t"))
        days, most = shown(stock.number("min_cover_days")), shown(stock.number("max_t"))
        yield at(
            stock, "min_cover_days", "E330" if hard else "W559",
            f"{days} days of demand are {amount(cover[worst])} t in {worst}, and max_t is {most}",
            "the stock must have room for its cover" if hard else "the cover is missed and its breach price paid",
            "lower min_cover_days, or raise max_t",
        )  # fmt: skip


def check_cover_of_nothing(context: Context) -> Iterator[Problem]:
    """A stock that must cover days of demand holds a material that is demanded in its region."""
    for stock in context.tables["stockpiles"]:
        place = (stock.text("material"), stock.text("region"))
        if stock.number("min_cover_days") > 0 and not any(context.demand.get(place, {}).values()):
            days = shown(stock.number("min_cover_days"))
            yield at(
                stock, "min_cover_days", "W572",
                f"{days} days of demand for '{place[0]}' in '{place[1]}', of which there is none",
                "a stock covers days of demand, and inputs of plants are no demand",
                "store a material that is demanded, or state max_t and final_t instead",
            )  # fmt: skip


def check_returned_products(context: Context) -> Iterator[Problem]:
    """Only delivered products return as scrap."""
    demanded = {material for material, _ in context.demand}
    for row in context.tables["returns"]:
        if row["product"] not in demanded:
            yield at(
                row, "product", "W560", f"'{row['product']}' is demanded nowhere",
                "only delivered products come back as scrap", "correct product, or delete the row",
            )  # fmt: skip
