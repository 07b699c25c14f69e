"""The cost of the plan to the home buyer and the treasury, every term once.

Each function of `COST_TERMS` yields the amounts of one term with the mineral they are spent on and the year they fall
in, real and not discounted [USD million]. Payments, grants and credits are transfers: only the excess burden of raising
them is a cost, and it is charged to no mineral.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import pyomo.environ as pyo

from model.data import PlanningData

Amounts = Iterator[tuple[str, int, object]]

EVERY_MINERAL = ""
"""In place of a mineral where an amount is of none alone."""


def add_costs(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add every cost term and the objective."""
    amounts: dict[tuple[str, str, int], list[object]] = defaultdict(list)
    for term, find_amounts in COST_TERMS.items():
        for mineral, t, amount in find_amounts(m, data):
            amounts[term, mineral, t].append(amount)

    @m.Expression(list(amounts), doc="a cost term of a mineral in a year, not discounted [USD million]")
    def cost(m, term, mineral, t):  # noqa: ARG001 - Pyomo hands it the model
        """cost[term,m,t]: see the cost terms below"""
        return sum(amounts[term, mineral, t])

    @m.Objective(sense=pyo.minimize, doc="discounted cost to home buyer and treasury [USD million]")
    def total_cost(m):
        """sum_t delta[t] * sum_terms,m cost[term,m,t], with delta[t] = (1 + social_discount_rate)^-(t - first_year)"""
        return sum(data.discount(t) * m.cost[term, mineral, t] for term, mineral, t in m.cost)


def variable(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """variable[f,t] * sum_o make[f,o,t], of facilities at their own cost"""
    minerals = data.lookup.mineral_made
    for (f, t), cost in data.costs.variable.items():
        yield minerals[f], t, cost * m.activity[f, t]


def market(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """(1 + premium[f,t]) * p[i,t] * sum_o make[f,o,t], of facilities at the market price; of sellers at a spread
    max(variable[f,t], (1 + premium[f,t]) * p[i,t] - sum_j a[f,j] * p[j,t]) * sum_o make[f,o,t]
    + sum_j p[j,t] * sum_o take[f,j,o,t]
    """
    minerals = data.lookup.mineral_made
    for (f, t), price in data.costs.market.items():
        yield minerals[f], t, price * m.activity[f, t]
    for f, j, o, t in data.network.TAKES if data.costs.coproduct else ():
        if (f, j, t) in data.costs.coproduct:
            yield minerals[f], t, data.costs.coproduct[f, j, t] * m.take[f, j, o, t]


def fixed(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """fixed[f,t] * (retain[f,t] + sum_{s,k active} rescue[f,s,k] + sum_{v,k online} build[f,v,k]), on nameplate;
    + idle_cost_share[f] * fixed[f,t] * (E[f,t] - retain[f,t] - sum_{s,k active} rescue[f,s,k])
    """
    costs, capacity, minerals = data.costs.fixed, data.capacity, data.lookup.mineral_made
    existing = set(capacity.EXISTING)
    for (f, t), rate in data.costs.idle.items():
        is_open = m.kept_open[f, t] if (f, t) in existing else 0.0
        yield minerals[f], t, rate * (data.costs.idle_capacity[f, t] - is_open)
    for f, t in capacity.EXISTING:
        yield minerals[f], t, costs[f, t] * m.kept_open[f, t]
    for (f, t), builds in capacity.online.items():
        yield minerals[f], t, sum(costs[f, t] * m.build[f, v, k] for v, k in builds)


def annuity(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """crf(h[f,v], life[f]) * capex[f,v] * build[f,v,k] in every online year, grants included; capex with its
    interest during construction, which multiplies it by mean_{n=1..construction_years[f]} (1 + h[f,v])^n
    """
    for (f, t), builds in data.capacity.online.items():
        yield data.lookup.mineral_made[f], t, sum(data.costs.annuity[f, v] * m.build[f, v, k] for v, k in builds)


def freight(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """freight[l,t] * ship[l,o,t]"""
    minerals = _minerals_shipped(data)
    for route, o, t in data.trade.SHIPS:
        yield minerals[route], t, data.trade.freight[route, t] * m.ship[route, o, t]


def tariff(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """tariff[l,t] * p[i,t] * ship[l,o,t]; without tariffs_count_as_cost only what others than home levy"""
    minerals = _minerals_shipped(data)
    for route, o, t in data.trade.SHIPS:
        if data.trade.tariff[route, t] > 0:
            yield minerals[route], t, data.trade.tariff[route, t] * m.ship[route, o, t]


def switching(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """switching_usd_per_t[l,t] * drop[l,t]"""
    for route, t in data.pace.FALLS:
        yield data.lookup.mineral_of[data.pace.material[route]], t, data.pace.price[route, t] * m.drop[route, t]


def collection(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """collection_usd_per_t[i,r,t] * collect[i,r,t]"""
    for i, r, t in data.recycling.COLLECTS:
        yield data.lookup.mineral_of[i], t, data.recycling.cost[i, r, t] * m.collect[i, r, t]


def holding(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """holding[i,r] * stock[i,r,o,t]"""
    for i, r, o, t in data.stockpile.STOCKS:
        yield data.lookup.mineral_of[i], t, data.stockpile.holding[i, r] * m.stock[i, r, o, t]


def salvage(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """-salvage_share[i,r] * p[i,last_year] * stock[i,r,o,last_year]"""
    last = data.years[-1]
    for (i, r), worth in data.stockpile.salvage.items():
        for o in data.stockpile.provenances[i, r, last]:
            yield data.lookup.mineral_of[i], last, -worth * m.stock[i, r, o, last]


def outlet(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """-price_share[i,r] * p[i,t] * sell[i,r,o,t]"""
    for i, r, o, t in data.outlets.SELLS:
        yield data.lookup.mineral_of[i], t, -data.outlets.revenue[i, r, t] * m.sell[i, r, o, t]


def shortage(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """shortage_cost[d] * unmet[d,t], of the demand row, else of its material"""
    for d, t in data.demand.DEMANDS:
        yield data.lookup.mineral_of[data.demand.rows[d].material], t, data.demand.shortage_cost[d] * m.unmet[d, t]


def breach(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """penalty[c] * cap_breach[c,m,t] + penalty[x] * target_breach[x,m,g,t] + penalty[i,r] * cover_breach[i,r,t];
    after a shock also penalty[i,r] * final_breach[i,r,t] + penalty[f] * shortfall[f,y,k,t]
    + penalty[f,t] * required_breach[f,t] + penalty[x,t] * growth_breach[x,t]
    """
    for c, mineral, t in data.exposure.CAP_BREACHES:
        yield mineral, t, data.exposure.breach_price[c] * m.cap_breach[c, mineral, t]
    for x, mineral, g, t in data.exposure.TARGET_BREACHES:
        yield mineral, t, data.exposure.breach_price[x] * m.target_breach[x, mineral, g, t]
    for i, r, t in data.stockpile.COVER_BREACHES:
        yield data.lookup.mineral_of[i], t, data.stockpile.cover_price[i, r] * m.cover_breach[i, r, t]
    for i, r, t in data.stockpile.FINAL_BREACHES:
        yield data.lookup.mineral_of[i], t, data.stockpile.final_price[i, r] * m.final_breach[i, r, t]
    for f, t in data.dependence.BREACHES:
        yield data.lookup.mineral_made[f], t, data.dependence.breach_price[f, t] * m.required_breach[f, t]
    for x, t in data.groups.BREACHES:
        yield EVERY_MINERAL, t, data.groups.breach_price[x, t] * m.growth_breach[x, t]
    for key in data.contracts.SHORTFALLS:
        yield data.lookup.mineral_made[key[1]], key[-1], data.contracts.shortfall_price[key] * m.shortfall[key]


def resources(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """price[x] * resource_use[x,t], on every unit used"""
    sets, minerals = data.resources, data.lookup.mineral_made
    for x, t in sets.USES:
        for f, rate in sets.activities[x, t] if sets.price[x] > 0 else ():
            yield minerals[f], t, sets.price[x] * rate * m.activity[f, t]
        for f, v, k, rate in sets.sites[x, t] if sets.price[x] > 0 else ():
            yield minerals[f], t, sets.price[x] * rate * m.build[f, v, k]


def burden_pay(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """public_funds_excess_burden * charged[t]: payments up to last_year, less what paybacks are worth"""
    for t in data.contracts.CHARGE_YEARS:
        yield EVERY_MINERAL, t, data.excess_burden * m.charged[t]


def burden_grants(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """public_funds_excess_burden * grant_share[f,v] * annuity[f,v] * build[f,v,k] in every online year"""
    for (f, t), builds in data.capacity.online.items():
        granted = [(v, k) for v, k in builds if data.costs.grant[f, v] > 0]
        if granted:
            amount = sum(data.excess_burden * data.costs.grant[f, v] * m.build[f, v, k] for v, k in granted)
            yield EVERY_MINERAL, t, amount


def burden_credits(m: pyo.ConcreteModel, data: PlanningData) -> Amounts:
    """public_funds_excess_burden * credit[f,t] * sum_o make[f,o,t]"""
    for (f, t), credit in data.costs.credit.items():
        if credit > 0:
            yield EVERY_MINERAL, t, data.excess_burden * credit * m.activity[f, t]


def _minerals_shipped(data: PlanningData) -> dict[str, str]:
    """Route -> own mineral of what it ships."""
    return {name: data.lookup.mineral_of[route.material] for name, route in data.trade.routes.items()}


COST_TERMS: dict[str, Callable[[pyo.ConcreteModel, PlanningData], Amounts]] = {
    term.__name__: term
    for term in (
        variable, market, fixed, annuity, freight, tariff, switching, collection, holding, salvage, outlet, shortage,
        breach, resources, burden_pay, burden_grants, burden_credits,
    )
}  # fmt: skip
"""Name of each cost term -> what it adds up."""
