"""Groups: the total capacity of the facilities of a stage, region or pathway, and how fast it grows."""

from __future__ import annotations

import pyomo.environ as pyo

from model.data import PlanningData


def add_group_limits(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add limits on the new capacity of groups."""
    groups, breaches = data.groups, set(data.groups.BREACHES)
    m.growth_breach = pyo.Var(
        groups.BREACHES, within=pyo.NonNegativeReals,
        doc="how far what was decided before a shock misses a limit on growth [kt/yr]",
    )  # fmt: skip

    def counted(m, x, t):
        """New capacity of a group as its limit counts it."""
        return sum(share * m.build[f, v, k] for f, v, k, share in groups.standing[x, t])

    @m.Constraint(groups.CAPACITIES, doc="most capacity of a group of facilities [kt/yr]")
    def group_capacity_limit(m, x, t):
        """sum_{f in group} sum_{v,k online in t} build[f,v,k] <= max(0, limit[x,t] - sum_{f in group} E[f,t])"""
        return counted(m, x, t) <= groups.room[x, t]

    @m.Constraint(groups.GROWTHS, doc="largest growth of the capacity of a group of facilities [kt/yr]")
    def group_growth_limit(m, x, t):
        """sum_{f in group} sum_{v,k online in t} build[f,v,k]
        <= (1 + growth[x,t]) * sum_{f in group} sum_{v,k online in t-1} build[f,v,k]
        + max(0, (1 + growth[x,t]) * sum_{f in group} E[f,t-1] + start_tpa[x] - sum_{f in group} E[f,t]);
        after a shock: + growth_breach[x,t], at ten times the largest shortage cost; where the shock makes the limit
        stricter, what was decided before is no increase
        """
        missed = m.growth_breach[x, t] if (x, t) in breaches else 0.0
        return counted(m, x, t) <= groups.room[x, t] + missed
