"""What each constraint means to a planner: its shadow price, and whether it can make a plan impossible.

The page of equations shows this beside each equation. A test asks for an entry for every constraint.
"""

from __future__ import annotations

from typing import NamedTuple

PER_TONNE = 1e3
"""USD million per kt -> USD per t."""

PER_POINT = 0.01
"""USD million per share of one -> USD million per percentage point."""


class Price(NamedTuple):
    """The shadow price of a constraint.

    Attributes:
        meaning: what it is the price of.
        unit: its unit.
        scale: from USD million per unit of the program to `unit`; negative where more on the right-hand side saves.
        has_year: whether the last index of the constraint is a year; otherwise the price is a present value.
        measure: what the dual is multiplied by besides, "" for nothing: `years` added up, the `cap` or the `target`.
    """

    meaning: str
    unit: str
    scale: float
    has_year: bool = True
    measure: str = ""


class Conflict(NamedTuple):
    """How a constraint that can make a plan impossible is described: at least or at most a number, and when."""

    sense: str
    when: str


class Facts(NamedTuple):
    """A constraint: its shadow price, or why it has none; and the conflict it can cause, if it can."""

    constraint: str
    price: Price | str
    conflict: Conflict | None = None


def _saved(meaning: str, unit: str = "USD per t/yr", scale: float = PER_TONNE) -> Price:
    return Price(f"saved by {meaning}", unit, -scale)


def _cost(meaning: str, unit: str = "USD/t") -> Price:
    return Price(f"cost of {meaning}", unit, PER_TONNE)


ROWS = (
    Facts("coproduct_limit", "none: a ratio of the recipe; the table influence says what a larger yield is worth"),
    Facts("material_balance", _cost("one tonne more of the material there")),
    Facts("demand_balance", _cost("one tonne more of demand, all caps as they are")),
    Facts("outlet_limit", _saved("one t/yr more that the outlet buys")),
    Facts("outlet_origin_limit", _saved("one t/yr sold that is made elsewhere")),
    Facts("capacity_limit", _saved("one t/yr more of usable capacity")),
    Facts("existing_capacity_limit", _saved("one t/yr more that exists")),
    Facts("yearly_build_limit", _saved("one t/yr more of building that year")),
    # The rows of all years move together.
    Facts("site_limit", _saved("one t/yr more of room on the site")._replace(measure="years")),
    Facts("reserve_limit", Price("saved by one tonne more of reserve", "USD/t", -PER_TONNE, has_year=False)),
    Facts("required_project_limit", _saved("one point without the other", "USD million per point", PER_POINT)),
    Facts("reopening_limit", _saved("one t/yr more that may reopen")),
    Facts("group_capacity_limit", _saved("one t/yr more of the group")),
    Facts("group_growth_limit", _saved("one t/yr more that may be added")),
    Facts("route_limit", _saved("one t/yr more of route capacity")),
    Facts("export_limit", _saved("one t/yr more of export quota")),
    Facts("origin_limit", _saved("one t/yr passed on from elsewhere")),
    Facts("route_growth_limit", _saved("one t/yr more that may be added")),
    Facts("route_decay_floor", _cost("one t/yr more that is to be kept", "USD per t/yr")),
    Facts("collection_limit", _saved("one t/yr more of collectable scrap")),
    Facts("stock_balance", "none: what lies in stock has the price of its material_balance"),
    Facts("carried_stock_limit", _saved("one t/yr passed on through the stock")),
    Facts("stock_size_limit", _saved("one tonne more of storage", "USD/t"), Conflict("at most", "at the end of {t}")),
    Facts("stock_release_limit", _saved("one t/yr more of release"), Conflict("at most", "released in {t}")),
    Facts("stock_cover_floor", _cost("one tonne more of cover"), Conflict("at least", "in {t}, its cover")),
    Facts("final_stock_floor", _cost("one tonne more left at the end"), Conflict("at least", "at the end of {t}")),
    Facts("passed_floor", "none: what it is worth not to sell has the price of the caps and targets"),
    Facts("counted_sold_floor", "none: what it is worth not to sell has the price of the target"),
    Facts("chain_exposure_limit", Price("saved by one point more of the cap", "USD million per point", 1.0,
                                      measure="cap")),
    Facts("stage_exposure_limit", Price("saved by one point more of the cap", "USD million per point", 1.0,
                                      measure="cap")),
    Facts("mix_target_floor", Price("cost of one percentage point more of the target", "USD million per point",
                                  PER_POINT, measure="target")),
    Facts("mix_target_limit", Price("saved by one percentage point more of the target", "USD million per point",
                                  -PER_POINT, measure="target")),
    # Pyomo states a floor with decisions on both sides as a limit: obligation less output is at most 0.
    Facts("obligation_floor", Price("cost of one tonne more of contracted output", "USD/t", -PER_TONNE)),
    Facts("shortfall_limit", "none: it only exists after a shock, and analyses report costs"),
    Facts("kept_capacity_limit", _saved("one t/yr more kept open by contract")),
    Facts("uncovered_capacity_limit", _saved("one t/yr less under contracts")),
    Facts("cover_limit", "none: the contract is signed and cannot be made larger"),
    Facts("honour_limit", "none: what a contract in force takes from the plant has the price of its capacity_limit"),
    Facts("honour_floor", _saved("one tonne more made without the contract in force", "USD/t")),
    Facts("budget_limit", _saved("one dollar more of budget", "USD per USD", 1.0)),
    # A thousand units of the resource at USD million: USD 1,000 a unit.
    Facts("resource_limit", _saved("one unit more of the resource", "USD per unit")),
)  # fmt: skip
"""In the order of the equations."""

ROW = {row.constraint: row for row in ROWS}
