"""What the plan costs the home buyer and the treasury, every term once.

Each function of `COST_TERMS` yields the amounts of one term with the year they fall in, real and not discounted
[USD million]. Payments, grants and credits are transfers: only the excess burden of raising them is a cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import pyomo.environ as pyo

from model.data import PlanningData

Amounts = Iterator[tuple[int, object]]


def add_costs(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add every cost term and the objective."""
    amounts: dict[tuple[str, int], list[object]] = defaultdict(list)
    for term, find_amounts in COST_TERMS.items():
        for t, amount in find_amounts(m, data):
            amounts[term, t].append(amount)

    @m.Expression(list(amounts), doc="a cost term in a year, not discounted [USD million]")
    def cost(m, term, t):  # noqa: ARG001 - Pyomo hands it the model
        """cost[term,t]: see the cost terms below"""
        return sum(amounts[term, t])

    @m.Objective(sense=pyo.minimize, doc="discounted cost to home buyer and treasury [USD million]")
    def total_cost(m):
        """sum_t delta[t] * sum_terms cost[term,t], with delta[t] = (1 + social_discount_rate)^-(t - first_year)"""
        return sum(data.discount(t) * m.cost[term, t] for term, t in m.cost)


def variable(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """variable[f,t] * sum_o make[f,o,t], of facilities at their own cost"""
    for (f, t), cost in data.costs.variable.items():
        yield t, cost * m.activity[f, t]


def market(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """(1 + premium[f,t]) * p[i,t] * sum_o make[f,o,t], of facilities at the market price; of sellers at a spread
    max(variable[f,t], (1 + premium[f,t]) * p[i,t] - sum_j a[f,j] * p[j,t]) * sum_o make[f,o,t]
    + sum_j p[j,t] * sum_o take[f,j,o,t]
    """
    for (f, t), price in data.costs.market.items():
        yield t, price * m.activity[f, t]
    for f, j, o, t in data.network.TAKES if data.costs.coproduct else ():
        if (f, j, t) in data.costs.coproduct:
            yield t, data.costs.coproduct[f, j, t] * m.take[f, j, o, t]


def fixed(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """fixed[f,t] * (retain[f,t] + sum_{s,k active} rescue[f,s,k] + sum_{v,k online} build[f,v,k]), on nameplate"""
    costs, capacity = data.costs.fixed, data.capacity
    for f, t in capacity.EXISTING:
        yield t, costs[f, t] * m.kept_open[f, t]
    for (f, t), builds in capacity.online.items():
        yield t, sum(costs[f, t] * m.build[f, v, k] for v, k in builds)


def annuity(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """crf(h[f,v], life[f]) * capex[f,v] * build[f,v,k] in every online year, grants included"""
    for (f, t), builds in data.capacity.online.items():
        yield t, sum(data.costs.annuity[f, v] * m.build[f, v, k] for v, k in builds)


def freight(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """freight[l,t] * ship[l,o,t]"""
    for route, o, t in data.trade.SHIPS:
        yield t, data.trade.freight[route, t] * m.ship[route, o, t]


def tariff(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """tariff[l,t] * p[i,t] * ship[l,o,t], if tariffs_count_as_cost"""
    for route, o, t in data.trade.SHIPS:
        if data.trade.tariff[route, t] > 0:
            yield t, data.trade.tariff[route, t] * m.ship[route, o, t]


def collection(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """collection_usd_per_t[i,r,t] * collect[i,r,t]"""
    for i, r, t in data.recycling.COLLECTS:
        yield t, data.recycling.cost[i, r, t] * m.collect[i, r, t]


def holding(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """holding[i,r] * stock[i,r,o,t]"""
    for i, r, o, t in data.stockpile.STOCKS:
        yield t, data.stockpile.holding[i, r] * m.stock[i, r, o, t]


def shortage(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """shortage_cost[i] * unmet[d,t]"""
    for d, t in data.demand.DEMANDS:
        yield t, data.demand.shortage_cost[d] * m.unmet[d, t]


def breach(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """Price * breach, of caps, targets and covers; after a shock also of final stocks and of contracts not fulfilled"""
    for c, mineral, t in data.exposure.CAP_BREACHES:
        yield t, data.exposure.breach_price[c] * m.cap_breach[c, mineral, t]
    for x, mineral, g, t in data.exposure.TARGET_BREACHES:
        yield t, data.exposure.breach_price[x] * m.target_breach[x, mineral, g, t]
    for i, r, t in data.stockpile.COVER_BREACHES:
        yield t, data.stockpile.cover_price[i, r] * m.cover_breach[i, r, t]
    for i, r, t in data.stockpile.FINAL_BREACHES:
        yield t, data.stockpile.final_price[i, r] * m.final_breach[i, r, t]
    for key in data.contracts.SHORTFALLS:
        yield key[-1], data.contracts.shortfall_price[key] * m.shortfall[key]


def resources(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """price[x] * use[x,t], on every unit used"""
    for x, t in data.resources.USES:
        if data.resources.price[x] > 0:
            yield t, data.resources.price[x] * m.resource_use[x, t]


def burden_pay(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """public_funds_excess_burden * pay[t], also after last_year"""
    for t in data.contracts.PAY_YEARS:
        yield t, data.excess_burden * m.pay[t]


def burden_grants(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """public_funds_excess_burden * grant_share[f,v] * annuity[f,v] * build[f,v,k] in every online year"""
    for (f, t), builds in data.capacity.online.items():
        granted = [(v, k) for v, k in builds if data.costs.grant[f, v] > 0]
        if granted:
            yield t, sum(data.excess_burden * data.costs.grant[f, v] * m.build[f, v, k] for v, k in granted)


def burden_credits(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """public_funds_excess_burden * credit[f,t] * sum_o make[f,o,t]"""
    for (f, t), credit in data.costs.credit.items():
        if credit > 0:
            yield t, data.excess_burden * credit * m.activity[f, t]


COST_TERMS: dict[str, Callable[[pyo.ConcreteModel, PlanningData], Amounts]] = {
    term.__name__: term
    for term in (
        variable, market, fixed, annuity, freight, tariff, collection, holding, shortage, breach, resources,
        burden_pay, burden_grants, burden_credits,
    )
}  # fmt: skip
"""Name of each cost term -> what it adds up."""
