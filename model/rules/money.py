"""Rules on prices that the model needs, and on contracts that can be signed."""

from __future__ import annotations

from collections.abc import Iterator

from model.errors import Problem
from model.rules.context import Context, at, highest
from model.workbook.schema import ALL
from model.workbook.suggestions import listed
from model.workbook.tables import Record


def check_output_prices(context: Context) -> Iterator[Problem]:
    """The output of commercial facilities, and of those that sell at the price, has a price."""
    for facility in context.tables["facilities"]:
        sells = facility["cost_basis"] in ("market", "spread")
        if not context.lacks_price(facility["output"]) or not (sells or facility["commercial"]):
            continue
        why = f"has cost_basis {facility['cost_basis']}" if sells else "is commercial"
        yield at(
            facility, "output", "E323", f"'{facility['output']}' has no price",
            f"'{facility.label}' {why}: its output needs a row in prices", "add the row",
        )  # fmt: skip


def check_recipe_prices(context: Context) -> Iterator[Problem]:
    """All inputs and coproducts of a commercial facility, or of a seller at a spread, have a price."""
    for facility in context.tables["facilities"]:
        sells = facility["cost_basis"] == "spread"
        if not sells and not facility["commercial"]:
            continue
        depends = "what home pays to" if sells else "the return of"
        for row in context.recipe(facility):
            if context.lacks_price(row["material"]):
                yield at(
                    row, "material", "E324", f"'{row['material']}' has no price",
                    f"{depends} '{facility.label}' depends on it: its {row['role']} needs a row in prices",
                    "add the row",
                )  # fmt: skip


def check_tariff_prices(context: Context) -> Iterator[Problem]:
    """A material that pays a duty has a price."""
    is_unread = context.every.may_hold("settings", setting="tariffs_count_as_cost")
    all_count = bool(context.tables.setting("tariffs_count_as_cost")) and not is_unread
    own_rows = {route.key for route in context.every["routes"]}
    for route in context.tables["routes"]:
        if highest(route, "tariff") == 0 or not (all_count or _levied_abroad(context, route)):
            continue
        if route["material"] != ALL:
            if context.lacks_price(route["material"]):
                yield at(
                    route, "tariff", "E325", f"a tariff on '{route['material']}', which has no price",
                    "a duty is a share of the reference price", "add the material to prices, or clear the tariff",
                )  # fmt: skip
            continue
        origin, target, _ = route.key
        free = [
            name
            for name, regions in context.origins.items()
            if context.lacks_price(name) and origin in regions and (origin, target, name) not in own_rows
        ]
        if free:
            yield at(
                route, "tariff", "W546", f"{listed(sorted(free))} can travel here and have no price",
                "a duty is a share of the reference price: none is counted on these", "add them to prices",
            )  # fmt: skip


def _levied_abroad(context: Context, route: Record) -> bool:
    """Whether a country other than home levies a duty in some year; it is a cost whatever the setting says."""
    target = context.regions.get(route.text("to_region"))
    return target is not None and any(target.at("standing", year) != "home" for year in context.years)
