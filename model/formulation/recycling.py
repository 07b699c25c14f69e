"""Collecting scrap: what arises by itself, and what comes back from earlier deliveries."""

from __future__ import annotations

import pyomo.environ as pyo

from model.data import PlanningData


def add_recycling(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add the collection of scrap."""
    recycling, demand = data.recycling, data.demand
    m.collect = pyo.Var(recycling.COLLECTS, within=pyo.NonNegativeReals, doc="scrap collected [kt/yr]")

    @m.Constraint(recycling.COLLECTS, doc="scrap that can be collected [kt/yr]")
    def collection_limit(m, i, r, t):
        """collect[i,r,t] <= rate[i,r,t] * (arisings[i,r,t]
        + sum_d t_per_t[d,i] * sum_o deliver[d,o,t-max(1,lifetime[d,i])]), d of products in r
        """
        back = sum(
            rate * m.deliver[d, o, sold] for d, sold, rate in recycling.returning[i, r, t]
            for o in demand.provenances[d, sold]
        )  # fmt: skip
        return m.collect[i, r, t] <= recycling.collectable[i, r, t] + back
