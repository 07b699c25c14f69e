"""Public stocks: filling, holding and releasing them, with provenance."""

from __future__ import annotations

import pyomo.environ as pyo

from model.data import PlanningData


def add_stockpile(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add stock levels and flows."""
    stockpile = data.stockpile
    m.stock = pyo.Var(stockpile.STOCKS, within=pyo.NonNegativeReals, doc="level at year end, by provenance [kt]")
    m.stock_in = pyo.Var(stockpile.STOCKS, within=pyo.NonNegativeReals, doc="put into stock [kt/yr]")
    m.stock_out = pyo.Var(stockpile.STOCKS, within=pyo.NonNegativeReals, doc="released from stock [kt/yr]")
    m.cover_breach = pyo.Var(
        stockpile.COVER_BREACHES, within=pyo.NonNegativeReals, doc="how far a stock misses its cover [kt]"
    )
    m.final_breach = pyo.Var(
        stockpile.FINAL_BREACHES, within=pyo.NonNegativeReals,
        doc="how far a shock makes a stock miss the level to leave [kt]",
    )  # fmt: skip

    def carried_over(m, i, r, o, t):
        """What is left of the initial level, and of last year's."""
        left = sum(kept * m.stock[i, r, o, before] for before, kept in stockpile.carried[i, r, o, t])
        return stockpile.opening.get((i, r, o, t), 0.0), left

    @m.Constraint(
        stockpile.STOCKS, doc="a stock is what is left of last year's, plus what goes in, less what goes out [kt]"
    )
    def stock_balance(m, i, r, o, t):
        """stock[i,r,o,t] = (1-loss[i,r]) * stock[i,r,o,t-1] + stock_in[i,r,o,t] - stock_out[i,r,o,t];
        before first_year: initial_t[i,r] by its shares
        """
        opening, left = carried_over(m, i, r, o, t)
        return m.stock[i, r, o, t] == opening + left + m.stock_in[i, r, o, t] - m.stock_out[i, r, o, t]

    @m.Constraint(stockpile.CARRIED, doc="a stock releases what lay in it when the year began [kt/yr]")
    def carried_stock_limit(m, i, r, o, t):
        """stock_out[i,r,o,t] <= (1-loss[i,r]) * stock[i,r,o,t-1], before first_year initial_t[i,r] by its shares;
        otherwise goods would be passed on through a stock as the region's own. Only where goods both arrive and leave:
        elsewhere what goes in and out in one year cancels out
        """
        opening, left = carried_over(m, i, r, o, t)
        return m.stock_out[i, r, o, t] <= opening + left


def add_stockpile_limits(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add what a stock can hold and release, and what it must cover and leave."""
    stockpile = data.stockpile
    breaches, final_breaches = set(stockpile.COVER_BREACHES), set(stockpile.FINAL_BREACHES)

    @m.Constraint(stockpile.SIZES, doc="most that can be stored [kt]")
    def stock_size_limit(m, i, r, t):
        """sum_o stock[i,r,o,t] <= max_t[i,r]"""
        return sum(m.stock[i, r, o, t] for o in stockpile.provenances[i, r, t]) <= stockpile.size[i, r]

    @m.Constraint(stockpile.RELEASES, doc="most that can be released in a year [kt/yr]")
    def stock_release_limit(m, i, r, t):
        """sum_o stock_out[i,r,o,t] <= max_release_tpa[i,r]"""
        return sum(m.stock_out[i, r, o, t] for o in stockpile.provenances[i, r, t]) <= stockpile.release[i, r]

    @m.Constraint(stockpile.COVERS, doc="days of demand a stock must cover [kt]")
    def stock_cover_floor(m, i, r, t):
        """sum_o stock[i,r,o,t] + cover_breach[i,r,t] >= min_cover_days[i,r] / 365 * sum_{d of i in r} D[d,t]"""
        level = sum(m.stock[i, r, o, t] for o in stockpile.provenances[i, r, t])
        missed = m.cover_breach[i, r, t] if (i, r, t) in breaches else 0.0
        return level + missed >= stockpile.cover[i, r, t]

    @m.Constraint(stockpile.FINALS, doc="level to leave at the end of last_year [kt]")
    def final_stock_floor(m, i, r, t):
        """sum_o stock[i,r,o,last_year] + final_breach[i,r,last_year] >= final_t[i,r], where that is blank what would be
        left of an untouched stock (at most max_t; 0 with a salvage_share); final_breach after a shock only, at ten
        times the largest shortage cost, where final_t is blank at what buying it back costs (the reference price with
        the highest freight and duty there)
        """
        level = sum(m.stock[i, r, o, t] for o in stockpile.provenances[i, r, t])
        missed = m.final_breach[i, r, t] if (i, r, t) in final_breaches else 0.0
        return level + missed >= stockpile.final[i, r]
