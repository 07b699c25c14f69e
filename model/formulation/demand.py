"""Serving demand, or leaving it unmet at its shortage cost."""

from __future__ import annotations

import pyomo.environ as pyo

from model.data import PlanningData


def add_demand(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add deliveries and unmet demand."""
    demand = data.demand
    m.deliver = pyo.Var(demand.DELIVERIES, within=pyo.NonNegativeReals, doc="demand served from the network [kt/yr]")
    m.unmet = pyo.Var(demand.DEMANDS, within=pyo.NonNegativeReals, doc="demand not served [kt/yr]")

    @m.Constraint(demand.DEMANDS, doc="demand is served, saved or unmet [kt/yr]")
    def demand_balance(m, d, t):
        """sum_o deliver[d,o,t] + sum_f save[f,d,t] + unmet[d,t] = D[d,t]"""
        served = sum(m.deliver[d, o, t] for o in demand.provenances[d, t])
        saved = sum(m.save[f, d, t] for f in demand.savers[d, t])
        return served + saved + m.unmet[d, t] == demand.amount[d, t]
