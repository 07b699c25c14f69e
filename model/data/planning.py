"""Everything the formulation knows about one scenario, in solver units, with exact and sparse index sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from model.data.capacity import Capacity, find_capacity, find_running
from model.data.contracts import Contracts, find_contracts
from model.data.costs import UnitCosts, find_unit_costs
from model.data.demand import Demand, find_demand
from model.data.dependence import Dependence, find_dependence
from model.data.exposure import Exposure, find_exposure
from model.data.financing import Financing, find_financing
from model.data.groups import Groups, find_groups
from model.data.in_force import InForce, find_in_force
from model.data.lookup import Lookup
from model.data.minerals import Minerals, find_minerals
from model.data.network import Network, find_balances, find_network
from model.data.outlets import Outlets, find_outlets
from model.data.reach import find_reach, find_routes
from model.data.recycling import Recycling, find_recycling
from model.data.resources import Resources, find_resources
from model.data.signed import MARGIN, Signed, emergency_price, keep_signed
from model.data.stockpile import Stockpile, find_stockpile
from model.data.trade import Trade, find_trade
from model.data.trade_pace import TradePace, find_trade_pace
from model.data.units import find_units
from model.workbook.tables import Tables

MISSABLE = (
    "stock_cover_floor", "final_stock_floor", "required_project_limit", "group_growth_limit", "obligation_floor",
    "honour_limit",
)  # fmt: skip
"""Constraints that a shock can make impossible, which are then missed at a price."""


@dataclass(frozen=True)
class PlanningData:
    """The knowns of the model; each theme of the formulation reads its own part.

    Attributes:
        lookup: the tables in the planner's units, for results and reports.
        financing: merchant tests and break-even strikes, also of facilities outside the network.
        minerals: how much of each mineral is wanted.
        network, trade, pace, demand, outlets, recycling, stockpile, capacity, dependence, groups, contracts, in_force,
            costs, exposure, resources: sets and coefficients of each theme, in kt and USD million.
        excess_burden: cost of raising one dollar of public money.
        units: identifier of what is small -> its unit, kt.
    """

    lookup: Lookup
    financing: Financing
    minerals: Minerals
    network: Network
    trade: Trade
    pace: TradePace
    demand: Demand
    outlets: Outlets
    recycling: Recycling
    stockpile: Stockpile
    capacity: Capacity
    dependence: Dependence
    groups: Groups
    contracts: Contracts
    in_force: InForce
    costs: UnitCosts
    exposure: Exposure
    resources: Resources
    excess_burden: float
    units: dict[str, float]

    @property
    def years(self) -> range:
        """The years of the plan."""
        return self.lookup.years

    @property
    def index_years(self) -> list[int]:
        """The years the exposure index counts: from frontier_from_year on."""
        first = self.lookup.tables.setting("frontier_from_year")
        return [t for t in self.years if first is None or t >= float(str(first))]

    def discount(self, t: int) -> float:
        """Present value, in first_year, of a dollar in `t`."""
        return self.lookup.discount(t)


def sign_decisions(
    data: PlanningData, known_from: int, duals: Mapping[str, Mapping[tuple[Any, ...], float]] | None = None
) -> Signed:
    """Return what the decisions a plan takes before a year are made on.

    Args:
        data: of the plan.
        known_from: first year in which decisions can react.
        duals: constraint -> index -> discounted, of the plan.
    """
    worth = {
        name: {key: abs(dual) / data.discount(int(key[-1])) for key, dual in (duals or {}).get(name, {}).items()}
        for name in MISSABLE
    }
    return Signed(
        known_from,
        data.lookup,
        replace(data.financing, new=data.contracts.new, existing=data.contracts.existing),
        frozenset(f for f, _ in data.capacity.ACTIVE),
        data.contracts.budget,
        data.resources.limit,
        data.stockpile.size,
        data.capacity.online,
        worth,
    )


def find_planning_data(tables: Tables, signed: Signed | None = None) -> PlanningData:
    """Turn checked, merged tables into the knowns of the model.

    Args:
        tables: merged tables.
        signed: of a shocked world, what was decided before the shock is known.
    """
    lookup = Lookup(tables.in_order())
    financing = (
        keep_signed(find_financing(lookup, signed.known_from), lookup, signed) if signed else find_financing(lookup)
    )
    routes = find_routes(lookup)
    running = find_running(lookup, financing)
    reach = find_reach(lookup, routes, running)
    demand = find_demand(lookup, reach)
    outlets = find_outlets(lookup, reach)
    network = find_network(lookup, reach, running, demand)
    trade = find_trade(lookup, reach, routes)
    recycling = find_recycling(lookup, reach, demand)
    stockpile = find_stockpile(lookup, reach, demand, trade)
    network.BALANCES = find_balances(lookup, network, trade, demand, recycling, stockpile, outlets)
    capacity = find_capacity(lookup, financing, network, signed)
    in_force = find_in_force(lookup, financing.retained, set(capacity.ACTIVE))
    if signed:
        stockpile = _find_shocked_stockpile(lookup, stockpile, signed)
    minerals = find_minerals(lookup, demand)
    return PlanningData(
        lookup=lookup,
        financing=financing,
        minerals=minerals,
        network=network,
        trade=trade,
        pace=find_trade_pace(lookup, routes, trade, demand),
        demand=demand,
        outlets=outlets,
        recycling=recycling,
        stockpile=stockpile,
        capacity=capacity,
        dependence=find_dependence(lookup, capacity, signed),
        groups=find_groups(lookup, capacity.online, signed),
        contracts=find_contracts(lookup, financing, capacity, in_force, signed),
        in_force=in_force,
        costs=find_unit_costs(lookup, capacity),
        exposure=find_exposure(lookup, network, capacity, demand, outlets),
        resources=find_resources(lookup, capacity, signed),
        excess_burden=tables.number("public_funds_excess_burden"),
        units=find_units(lookup, minerals, demand, outlets, stockpile, in_force),
    )


def _find_shocked_stockpile(lookup: Lookup, stockpile: Stockpile, signed: Signed) -> Stockpile:
    """Return the stocks after a shock: a price on every hard obligation, and a place for what is stored already."""
    priced = set(stockpile.COVER_BREACHES)
    hard = [key for key in stockpile.COVERS if key not in priced and key[2] >= signed.known_from]
    finals = [key for key in stockpile.FINALS if key[2] >= signed.known_from]
    worth: dict[tuple[str, str], float] = {}
    for i, r, t in hard:
        worth[i, r] = max(worth.get((i, r), 0.0), signed.worth_of("stock_cover_floor", i, r, t))
    final_price = {}
    for i, r, t in finals:
        # A final level that the workbook does not state can be restored after the plan by buying the material.
        wanted = signed.worth_of("final_stock_floor", i, r, t)
        restocked = stockpile.restocked.get((i, r))
        final_price[i, r] = emergency_price(lookup, wanted) if restocked is None else max(restocked, MARGIN * wanted)
    return replace(
        stockpile,
        COVER_BREACHES=stockpile.COVER_BREACHES + hard,
        cover_price=stockpile.cover_price | {place: emergency_price(lookup, most) for place, most in worth.items()},
        FINAL_BREACHES=finals,
        final_price=final_price,
        size={place: max(size, signed.stock_size.get(place, 0.0)) for place, size in stockpile.size.items()},
    )
