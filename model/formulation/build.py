"""The linear program, as a table of contents."""

from __future__ import annotations

import pyomo.environ as pyo

from model.data import PlanningData
from model.formulation.capacity import add_capacity, add_capacity_limits, add_dependence
from model.formulation.contracts import add_contracts_in_force, add_obligations, add_payments
from model.formulation.costs import add_costs
from model.formulation.demand import add_demand
from model.formulation.exposure import add_exposure, add_mix_targets, add_outputs
from model.formulation.groups import add_group_limits
from model.formulation.network import add_activities, add_balances
from model.formulation.outlets import add_outlet_limits, add_outlets
from model.formulation.recycling import add_recycling
from model.formulation.resources import add_resources
from model.formulation.stockpile import add_stockpile, add_stockpile_limits
from model.formulation.trade import add_trade, add_trade_limits, add_trade_pace
from model.memory import pause_garbage_collection


@pause_garbage_collection()
def build_model(data: PlanningData) -> pyo.ConcreteModel:
    """State the linear program of one scenario in kt and USD million."""
    m = pyo.ConcreteModel(name="lodeplan")
    # Decisions first: the balances and limits below refer to them.
    add_activities(m, data)
    add_capacity(m, data)
    add_trade(m, data)
    add_demand(m, data)
    add_outlets(m, data)
    add_recycling(m, data)
    add_stockpile(m, data)
    add_balances(m, data)
    add_capacity_limits(m, data)
    add_dependence(m, data)
    add_group_limits(m, data)
    add_trade_limits(m, data)
    add_trade_pace(m, data)
    add_outlet_limits(m, data)
    add_stockpile_limits(m, data)
    add_outputs(m, data)
    add_exposure(m, data)
    add_mix_targets(m, data)
    add_obligations(m, data)
    add_contracts_in_force(m, data)
    add_payments(m, data)
    add_resources(m, data)
    add_costs(m, data)
    return m
