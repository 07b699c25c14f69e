"""Waste, emissions, water, workers and capital: their use and its limits."""

from __future__ import annotations

import pyomo.environ as pyo

from model.data import PlanningData


def add_resources(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add resource use and its limits."""
    resources = data.resources

    @m.Expression(resources.USES, doc="use of a resource under a limit [thousand units]")
    def resource_use(m, x, t):
        """resource_use[x,t] = sum_f intensity[f] * sum_o make[f,o,t]; of workers:
        sum_{v <= t < v+lead} workers[f] * build[f,v,k]; of capital:
        sum_f capex[f,v] * build[f,v,k], spread evenly over the last construction_years[f] of lead[f,v], where that is 0
        over v .. v+lead
        """
        running = sum(rate * m.activity[f, t] for f, rate in resources.activities[x, t])
        return running + sum(rate * m.build[f, v, k] for f, v, k, rate in resources.sites[x, t])

    @m.Constraint(resources.LIMITS, doc="most that may be used [thousand units]")
    def resource_limit(m, x, t):
        """resource_use[x,t] <= limit[x,t]; sites begun before a shock fill no larger share of a limit it has lowered"""
        excused = sum(rate * m.build[f, v, k] for f, v, k, rate in resources.excused[x, t])
        return m.resource_use[x, t] - excused <= resources.limit[x, t]
