"""Rules on numbers a thousand times off: kilograms for tonnes, dollars for thousands of dollars."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from statistics import median

from model.errors import Problem
from model.rules.context import Context, at, highest
from model.workbook.formatting import amount

_UNIT_SLIP = 300.0
"""Shortage costs are a few to a few dozen times the price; beyond this factor one is in other units."""

_TONNE = 1.0
_LEAST_RESOLVED = 1e-4
"""Tonnes a year above which a small chain beside larger ones has the same cost as alone, to four digits."""

_THOUSAND = 1000.0
_COST_OVER_PRICE = 100.0
_ENOUGH_TO_COMPARE = 3
_REMEDY = "kg or t? correct the number, or keep it if it is right"


def check_price_and_shortage(context: Context) -> Iterator[Problem]:
    """The price and the shortage cost of a material are in the same units."""
    for name, price in context.prices.items():
        material = context.materials.get(name)
        shortage = material.number("shortage_cost_usd_per_t") if material else 0.0
        for year in context.years:
            paid = price.years[year]
            if paid > 0 and shortage > 0 and not 1 / _UNIT_SLIP <= shortage / paid <= _UNIT_SLIP:
                yield at(
                    price, str(year), "W561",
                    f"{amount(paid)} USD/t in {year}, and the shortage cost of '{name}' is {amount(shortage)}",
                    f"they are more than a factor {_UNIT_SLIP:g} apart", _REMEDY,
                )  # fmt: skip
                break


def check_price_path(context: Context) -> Iterator[Problem]:
    """The prices of a material in two years are in the same units."""
    for name, price in context.prices.items():
        paid = {year: price.years[year] for year in context.years if price.years[year] > 0}
        if paid and max(paid.values()) >= _THOUSAND * min(paid.values()):
            low, high = min(paid, key=lambda year: paid[year]), max(paid, key=lambda year: paid[year])
            yield at(
                price, str(high), "W562",
                f"'{name}' is {amount(paid[high])} USD/t in {high} and {amount(paid[low])} in {low}",
                "one price is a thousand times the other", _REMEDY,
            )  # fmt: skip


def check_cost_and_price(context: Context) -> Iterator[Problem]:
    """The cost of a tonne is below a hundred times its price."""
    for facility in context.tables["facilities"]:
        price = context.prices.get(facility.text("output"))
        worth = max((price.years[year] for year in context.years), default=0.0) if price else 0.0
        cost = highest(facility, "variable_usd_per_t")
        if worth > 0 and cost > _COST_OVER_PRICE * worth:
            yield at(
                facility, "variable_usd_per_t", "W563", f"{amount(cost)} USD/t, and the price is {amount(worth)}",
                f"it is more than {_COST_OVER_PRICE:g} times the price", _REMEDY,
            )  # fmt: skip


def check_shortage_cost(context: Context) -> Iterator[Problem]:
    """Buying a demanded material is cheaper than leaving its demand unmet."""
    for name in dict.fromkeys(material for material, _ in context.demand):
        material, price = context.materials.get(name), context.prices.get(name)
        if material is None or price is None:
            continue
        shortage = material.number("shortage_cost_usd_per_t")
        year = max(context.years, key=lambda year: price.years[year])
        if shortage < price.years[year]:
            yield at(
                material, "shortage_cost_usd_per_t", "W564",
                f"{amount(shortage)} USD/t, and the price is {amount(price.years[year])} in {year}",
                "leaving demand unmet would be cheaper than buying", "raise it to several times the price",
            )  # fmt: skip
    for row in context.tables["demand"]:
        paid, own = context.prices.get(row.text("material")), row["shortage_cost_usd_per_t"]
        if paid is None or not isinstance(own, float):
            continue
        year = max(context.years, key=paid.years.__getitem__)
        if own < paid.years[year]:
            yield at(
                row, "shortage_cost_usd_per_t", "W564",
                f"{amount(own)} USD/t, and the price is {amount(paid.years[year])} in {year}",
                "to go without would be cheaper than to buy", "raise it to several times the price",
            )  # fmt: skip


def check_capacity_and_others(context: Context) -> Iterator[Problem]:
    """The capacities of facilities with the same output are of similar size."""
    capacities: dict[str, dict[str, float]] = defaultdict(dict)
    for facility in context.tables["facilities"]:
        size = highest(facility, "capacity_tpa") or facility.number("max_new_tpa")
        if 0 < size < math.inf:
            capacities[facility.text("output")][facility.label] = size
    for facility in context.tables["facilities"]:
        others = dict(capacities[facility.text("output")])
        size = others.pop(facility.label, 0.0)
        if size and len(others) >= _ENOUGH_TO_COMPARE:
            usual = median(others.values())
            if not usual / _THOUSAND < size < usual * _THOUSAND:
                yield at(
                    facility, "capacity_tpa", "W565",
                    f"{amount(size)} t/yr, and the median of {len(others)} others that make '{facility['output']}' is "
                    f"{amount(usual)}",
                    "they are a thousand times apart", _REMEDY,
                )  # fmt: skip


def check_small_demand(context: Context) -> Iterator[Problem]:
    """The solver cannot resolve a demand of grams beside demand of tonnes."""
    most = [(row, max(context.years, key=row.years.__getitem__)) for row in context.tables["demand"]]
    if all(row.years[year] < _TONNE for row, year in most):
        return
    for row, year in most:
        if 0 < row.years[year] < _LEAST_RESOLVED:
            yield at(
                row, str(year), "W636", f"{row.years[year]:.3g} t/yr is the most that is wanted",
                f"beside larger demand, less than {_LEAST_RESOLVED:g} t a year is not resolved exactly",
                "check the unit, or plan it in a workbook of its own",
            )  # fmt: skip


def check_capacity_and_demand(context: Context) -> Iterator[Problem]:
    """A facility is not a thousand times larger than all demand for its mineral."""
    wanted: dict[str, float] = defaultdict(float)
    for (name, _), demand in context.demand.items():
        for mineral, content in context.content.get(name, {}).items():
            wanted[mineral] += content * max(demand.values())
    for facility in context.tables["facilities"]:
        material = context.materials.get(facility.text("output"))
        mineral = material.text("mineral") if material else ""
        most = _THOUSAND * wanted.get(mineral, 0.0)
        size = highest(facility, "capacity_tpa") * context.content.get(facility.text("output"), {}).get(mineral, 0.0)
        if 0 < most < size < math.inf:
            yield at(
                facility, "capacity_tpa", "W566",
                f"{amount(size)} t/yr of '{mineral}', and all demand is {amount(wanted[mineral])}",
                "it is more than a thousand times all demand", _REMEDY,
            )  # fmt: skip
