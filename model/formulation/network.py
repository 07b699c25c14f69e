"""Making, taking up and using materials, and the balance that ties every flow together."""

from __future__ import annotations

import pyomo.environ as pyo

from model.data import PlanningData


def add_activities(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add what facilities decide: how much to make on which feed, and which coproducts to take up."""
    net = data.network
    m.make = pyo.Var(
        net.MAKES, within=pyo.NonNegativeReals, doc="activity on feed of a provenance, in main output [kt/yr]"
    )
    m.take = pyo.Var(net.TAKES, within=pyo.NonNegativeReals, doc="coproduct recovered, by its own provenance [kt/yr]")
    m.save = pyo.Var(net.SAVES, within=pyo.NonNegativeReals, doc="substituted tonnes of a demand row [kt/yr]")
    m.downgrade = pyo.Var(
        net.DOWNGRADES, within=pyo.NonNegativeReals, doc="clear tonnes used where provenance does not matter [kt/yr]"
    )

    @m.Expression(data.capacity.ACTIVE, doc="what a facility makes or saves in a year [kt/yr]")
    def activity(m, f, t):
        """activity[f,t] = sum_o make[f,o,t] + sum_d save[f,d,t]"""
        return sum(m.make[f, o, t] for o in net.feeds[f, t]) + sum(m.save[f, d, t] for d in net.saved[f, t])

    @m.Constraint(net.TAKES, doc="a coproduct comes with the main output, and inherits its provenance [kt/yr]")
    def coproduct_limit(m, f, j, o, t):
        """take[f,j,clear,t] <= b[f,j] * (1-e[f,t]) * make[f,clear,t];
        take[f,j,exposed,t] <= b[f,j] * (make[f,exposed,t] + e[f,t] * make[f,clear,t])
        """
        return m.take[f, j, o, t] <= sum(b * m.make[f, feed, t] for feed, b in net.yields[f, j, o, t])


def add_balances(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add the balance of every material, region, provenance and year."""
    net, trade, demand, stockpile = data.network, data.trade, data.demand, data.stockpile
    sells = set(data.outlets.SELLS)
    downgrades, collects, stocks = set(net.DOWNGRADES), set(data.recycling.COLLECTS), set(stockpile.STOCKS)

    @m.Constraint(net.BALANCES, doc="what comes in goes out, by provenance [kt/yr]")
    def material_balance(m, i, r, o, t):
        """made[i,r,o,t] + sum_l ship[l,o,t] + collect[i,r,t] (clear) + stock_out[i,r,o,t] + downgrade[i,r,t] (exposed)
        = sum_f a[f,i] * make[f,o,t] + sum_l ship[l,o,t] + sum_d deliver[d,o,t] + sell[i,r,o,t] + stock_in[i,r,o,t]
        + downgrade[i,r,t] (clear), routes to r on the left and from r on the right. Only what can be traced to a
        source (a facility without inputs, scrap, an initial stock) is there at all: what could only be made from
        itself is not made
        """
        supply = sum(share * m.make[f, feed, t] for f, feed, share in net.makers[i, r, o, t])
        supply += sum(m.take[f, i, o, t] for f in net.takers[i, r, o, t])
        supply += sum(m.ship[route, o, t] for route in trade.arriving[i, r, o, t])
        use = sum(a * m.make[f, o, t] for f, a in net.users[i, r, o, t])
        use += sum(m.ship[route, o, t] for route in trade.leaving[i, r, o, t])
        use += sum(m.deliver[d, o, t] for d in demand.delivered[i, r, o, t])
        if (i, r, t) in collects and o == "clear":
            supply += m.collect[i, r, t]
        if (i, r, o, t) in sells:
            use += m.sell[i, r, o, t]
        if (i, r, o, t) in stocks:
            supply += m.stock_out[i, r, o, t] - m.stock_in[i, r, o, t]
        if (i, r, t) in downgrades:
            supply += m.downgrade[i, r, t] if o == "exposed" else -m.downgrade[i, r, t]
        # All on one side: a row without any supply would else be stated the other way round, and so its price.
        return supply - use == 0
