"""Shipping, and what limits it."""

from __future__ import annotations

import pyomo.environ as pyo

from model.data import PlanningData
from model.data.lookup import PROVENANCES


def add_trade(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add shipments over routes."""
    m.ship = pyo.Var(data.trade.SHIPS, within=pyo.NonNegativeReals, doc="trade on a route, by provenance [kt/yr]")


def add_trade_pace(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add how fast trade on a route may grow and fall."""
    trade, pace = data.trade, data.pace
    m.drop = pyo.Var(pace.FALLS, within=pyo.NonNegativeReals, doc="trade given up faster than by its decay [kt/yr]")

    def shipped(m, route, t):
        """What a route carries in a year."""
        return sum(m.ship[route, o, t] for o in trade.provenances[route, t])

    @m.Constraint(pace.GROWTHS, doc="largest growth of trade on a route [kt/yr]")
    def route_growth_limit(m, route, t):
        """sum_o ship[l,o,t] <= (1 + growth[l,t]) * sum_o ship[l,o,t-1] + start_tpa[l,t]; in first_year of
        flow_tpa[l]
        """
        before = sum(allowed * shipped(m, route, last) for last, allowed in pace.grown[route, t])
        return shipped(m, route, t) - before <= pace.start[route, t]

    @m.Constraint(pace.FALLS, doc="largest fall of trade on a route that costs nothing [kt/yr]")
    def route_decay_floor(m, route, t):
        """sum_o ship[l,o,t] + drop[l,t] >= (1 - decay[l,t]) * stays[l,t] * sum_o ship[l,o,t-1]; in first_year
        min((1 - decay[l,t]) * flow_tpa[l], room[l,t]) or more. stays[l,t] = min(1, room[l,t] / room[l,t-1]), 0 where
        only room[l,t-1] has no limit; room[l,t] is the least of the route's capacity, its export limits, what plants
        at its origin could make and what plants and demand at its target could use (no limit in ports, and
        where there is scrap or a stock). So a ban, a limit, a closed region or a plant that is gone frees the fall
        """
        kept = sum(share * shipped(m, route, last) for last, share in pace.kept[route, t])
        return shipped(m, route, t) + m.drop[route, t] - kept >= pace.held[route, t]


def add_trade_limits(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add route capacities, export limits and the rule that a region ships its own goods only."""
    net, trade, stockpile = data.network, data.trade, data.stockpile
    collects = set(data.recycling.COLLECTS)

    @m.Constraint(trade.ROUTE_LIMITS, doc="capacity of a route [kt/yr]")
    def route_limit(m, route, t):
        """sum_o ship[l,o,t] <= capacity[l,t]"""
        return sum(m.ship[route, o, t] for o in trade.provenances[route, t]) <= trade.capacity[route, t]

    @m.Constraint(trade.EXPORT_LIMITS, doc="quota or ban on the routes it names [kt/yr]")
    def export_limit(m, x, t):
        """sum_{l named} sum_o ship[l,o,t] <= limit[x,t]"""
        shipped = sum(m.ship[route, o, t] for route in trade.export_routes[x] for o in trade.provenances[route, t])
        return shipped <= trade.export_limit[x, t]

    @m.Constraint(trade.ORIGINS, doc="a region ships only what it makes, recovers, collects or releases [kt/yr]")
    def origin_limit(m, i, r, t):
        """sum_{l from r, o} ship[l,o,t] <= sum_o made[i,r,o,t] + collect[i,r,t] + sum_o stock_out[i,r,o,t]; otherwise
        a tariff or a ban between two countries would be dodged through a third. What a stock releases lay in it when
        the year began (carried_stock_limit)
        """
        shipped = sum(m.ship[route, o, t] for o in PROVENANCES for route in trade.leaving[i, r, o, t])
        own = sum(share * m.make[f, feed, t] for o in PROVENANCES for f, feed, share in net.makers[i, r, o, t])
        own += sum(m.take[f, i, o, t] for o in PROVENANCES for f in net.takers[i, r, o, t])
        own += sum(m.stock_out[i, r, o, t] for o in stockpile.provenances[i, r, t])
        own += m.collect[i, r, t] if (i, r, t) in collects else 0.0
        return shipped <= own
