"""Routes, caps, targets, stocks and returns that contradict themselves or hold of nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product

from model.errors import Problem
from model.pathways import pathway
from model.rules.world import World, at
from model.schema import ALL, CHAIN
from model.tables import Record
from model.words import amount, in_years, shown


def check_route_ends(world: World) -> Iterator[Problem]:
    """A route leads from one region to another."""
    for route in world.tables["routes"]:
        if route["from_region"] == route["to_region"]:
            yield at(
                route, "to_region", "E328", f"from '{route['from_region']}' to itself",
                "a route leads to another region; within a region nothing needs one", "delete the row",
            )  # fmt: skip


def check_cap_materials(world: World) -> Iterator[Problem]:
    """There is something that an exposure cap limits."""
    for cap in world.tables["exposure_caps"]:
        mineral, scope = cap.text("mineral"), cap.text("scope")
        if mineral == ALL:
            continue
        mine = [name for name, contents in world.content.items() if contents.get(mineral, 0.0) > 0]
        if scope == CHAIN:
            found = any(name in mine for name, _ in world.demand)
            rule = "a chain cap limits deliveries, and no material with this mineral is demanded"
        else:
            found = any(world.materials[name]["stage"] == scope for name in mine if name in world.materials)
            rule = f"the cap limits the stage '{scope}', and no material with this mineral is made there"
        if not found:
            yield at(
                cap, "mineral", "W550", f"a cap on '{mineral}'", rule, "correct mineral or scope, or delete the row"
            )


def check_target_possible(world: World) -> Iterator[Problem]:
    """A least share can be met by something other than an idle stage."""
    for target in world.tables["mix_targets"]:
        if target["sense"] != "min" or not any(0 < share < math.inf for share in target.years.values()):
            continue
        if not any(
            _counts_for(world, target, facility, output)
            for facility in world.tables["facilities"]
            for output in world.outputs(facility)
        ):
            yield at(
                target, "target", "W556", f"no facility counts for '{target.label}'",
                "a least share that nothing can supply is met only by an idle stage",
                "correct what it selects, or add the facilities",
            )  # fmt: skip


def _counts_for(world: World, target: Record, facility: Record, name: str) -> bool:
    """Whether something a facility makes can count for a target."""
    material, region = world.materials.get(name), world.regions.get(facility.text("region"))
    if material is None or region is None:
        return False
    pathways = {pathway(facility.text("kind"), str(region.at("standing", year))) for year in world.years}
    return (
        target["mineral"] in (ALL, *world.content.get(material.label, {}))
        and target["stage"] in (ALL, material["stage"])
        and (target["pathway"] == ALL or target["pathway"] in pathways)
        and target["region"] in (ALL, region.label)
    )


def check_target_pairs(world: World) -> Iterator[Problem]:
    """A least share is not above the highest share of the same selection."""
    targets = world.tables["mix_targets"]
    lows, highs = ([t for t in targets if t["sense"] == sense] for sense in ("min", "max"))
    for low, high in product(lows, highs):
        if any(low[column] != high[column] for column in ("mineral", "stage", "pathway", "region")):
            continue
        years = [year for year in world.years if high.years[year] < low.years[year] < math.inf]
        if years:
            yield at(
                low, "target", "W557",
                f"at least {shown(low.years[years[0]])} by '{low.label}' and at most {shown(high.years[years[0]])} by "
                f"'{high.label}'{in_years(years, world.years)}",
                "both are on the same selection, so only an idle stage meets both", "correct one of the two",
            )  # fmt: skip


def check_final_stock(world: World) -> Iterator[Problem]:
    """A stock has room for what must be in it."""
    for stock in world.tables["stockpiles"]:
        most = stock.number("max_t")
        if stock.number("final_t") > most:
            yield at(
                stock, "final_t", "E329", f"{shown(stock.number('final_t'))} t, and max_t {shown(most)}",
                "the stock must have room for its final level", "lower final_t, or raise max_t",
            )  # fmt: skip
        if stock.number("initial_t") > most:
            yield at(
                stock, "initial_t", "W558", f"{shown(stock.number('initial_t'))} t, and max_t {shown(most)}",
                "what is too much must leave in the first year", "lower initial_t, or raise max_t",
            )  # fmt: skip


def check_cover(world: World) -> Iterator[Problem]:
    """A stock has room for the days of demand it must cover."""
    for stock in world.tables["stockpiles"]:
        demand = world.demand.get((stock.text("material"), stock.text("region")), {})
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


def check_returned_products(world: World) -> Iterator[Problem]:
    """What comes back has been delivered."""
    demanded = {material for material, _ in world.demand}
    for row in world.tables["returns"]:
        if row["product"] not in demanded:
            yield at(
                row, "product", "W560", f"'{row['product']}' is demanded nowhere",
                "only delivered products come back as scrap", "correct product, or delete the row",
            )  # fmt: skip
