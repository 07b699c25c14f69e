"""Outlets: excess output is sold, below the reference price."""

from __future__ import annotations

import pyomo.environ as pyo

from model.data import PlanningData
from model.data.lookup import PROVENANCES


def add_outlets(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add what outlets buy."""
    m.sell = pyo.Var(data.outlets.SELLS, within=pyo.NonNegativeReals, doc="sold to an outlet, by provenance [kt/yr]")


def add_outlet_limits(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add how much outlets buy, and from whom."""
    net, outlets = data.network, data.outlets

    @m.Constraint(outlets.OUTLETS, doc="most that an outlet buys [kt/yr]")
    def outlet_limit(m, i, r, t):
        """sum_o sell[i,r,o,t] <= outlet[i,r,t]"""
        return sum(m.sell[i, r, o, t] for o in outlets.provenances[i, r, t]) <= outlets.most[i, r, t]

    @m.Constraint(outlets.OUTLETS, doc="an outlet buys what its region makes and takes up only [kt/yr]")
    def outlet_origin_limit(m, i, r, t):
        """sum_o sell[i,r,o,t] <= sum_o made[i,r,o,t]; nothing is bought elsewhere to be sold there"""
        own = sum(share * m.make[f, feed, t] for o in PROVENANCES for f, feed, share in net.makers[i, r, o, t])
        own += sum(m.take[f, i, o, t] for o in PROVENANCES for f in net.takers[i, r, o, t])
        return sum(m.sell[i, r, o, t] for o in outlets.provenances[i, r, t]) <= own
