"""Everything the formulation knows about one scenario, in solver units, with exact and sparse index sets."""

from __future__ import annotations

from dataclasses import dataclass

from model.data.book import Book
from model.data.capacity import (
    Capacity,
    Contracts,
    UnitCosts,
    find_capacity,
    find_contracts,
    find_running,
    find_unit_costs,
)
from model.data.contracts import Financing, find_financing
from model.data.flows import (
    Demand,
    Network,
    Recycling,
    Stockpile,
    Trade,
    find_balances,
    find_demand,
    find_network,
    find_recycling,
    find_stockpile,
    find_trade,
)
from model.data.policies import Exposure, Resources, find_exposure, find_resources
from model.data.reach import find_reach, find_routes
from model.tables import Tables


@dataclass(frozen=True)
class PlanningData:
    """The knowns of the model; each theme of the formulation reads its own part.

    Attributes:
        book: the tables in the planner's units, for results and reports.
        financing: merchant tests and break-even strikes, also of facilities outside the network.
        excess_burden: cost of raising one dollar of public money.
    """

    book: Book
    financing: Financing
    network: Network
    trade: Trade
    demand: Demand
    recycling: Recycling
    stockpile: Stockpile
    capacity: Capacity
    contracts: Contracts
    costs: UnitCosts
    exposure: Exposure
    resources: Resources
    excess_burden: float

    @property
    def years(self) -> range:
        """The years of the plan."""
        return self.book.years

    def discount(self, t: int) -> float:
        """Present value, in first_year, of a dollar in `t`."""
        return float((1 + self.book.tables.number("social_discount_rate")) ** -(t - self.years[0]))


def find_planning_data(tables: Tables) -> PlanningData:
    """Turn checked, merged tables into the knowns of the model."""
    book = Book(tables)
    financing = find_financing(book)
    routes = find_routes(book)
    running = find_running(book, financing)
    reach = find_reach(book, routes, running)
    demand = find_demand(book, reach)
    network = find_network(book, reach, running, demand)
    trade = find_trade(book, reach, routes)
    recycling = find_recycling(book, reach, demand)
    stockpile = find_stockpile(book, reach, demand)
    network.BALANCES = find_balances(book, network, trade, demand, recycling, stockpile)
    capacity = find_capacity(book, financing, network)
    return PlanningData(
        book=book,
        financing=financing,
        network=network,
        trade=trade,
        demand=demand,
        recycling=recycling,
        stockpile=stockpile,
        capacity=capacity,
        contracts=find_contracts(book, financing, capacity),
        costs=find_unit_costs(book, capacity),
        exposure=find_exposure(book, network, capacity, demand),
        resources=find_resources(book, capacity),
        excess_burden=tables.number("public_funds_excess_burden"),
    )
