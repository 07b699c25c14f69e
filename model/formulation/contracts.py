"""Contracts for Difference: what they oblige the plant to, what they pay, and the budgets that carry them.

The awards themselves are `build[f,v,k]` and `rescue[f,s,k]` for `k` an offer. Strikes are data
(model/data/contracts.py), so payments are linear in the awards.
"""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from model.data import PlanningData
from model.data.financing import EXISTING


def add_contracts(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add obligations, payments and budgets."""
    contracts, active = data.contracts, set(data.capacity.ACTIVE)
    m.shortfall = pyo.Var(
        contracts.SHORTFALLS, within=pyo.NonNegativeReals,
        doc="output of a contract signed before a shock that is not made, nor paid for [kt/yr]",
    )  # fmt: skip

    @m.Constraint(contracts.OBLIGED, doc="contracted output is made [kt/yr]")
    def obligation_floor(m, f, t):
        """sum_o make[f,o,t] >= sum_{v,k in term} coverage * y_n * build[f,v,k]
        + sum_{s,k in term} coverage * u * rescue[f,s,k] - sum_{signed before a shock} shortfall[f,.,k,t]
        """
        due = sum(covered * m.build[f, v, k] for v, k, covered in contracts.new_duties[f, t])
        due += sum(covered * m.rescue[f, s, k] for s, k, covered in contracts.existing_duties[f, t])
        due -= sum(m.shortfall[a, f, y, k, t] for a, y, k in contracts.short[f, t])
        made = m.activity[f, t] if (f, t) in active else 0.0
        return made >= due

    @m.Constraint(contracts.SHORTFALLS, doc="no more can be missing than is contracted [kt/yr]")
    def shortfall_limit(m, a, f, y, k, t):
        """shortfall[f,v,k,t] <= coverage * y_n * build[f,v,k]; shortfall[f,s,k,t] <= coverage * u * rescue[f,s,k]"""
        award = m.rescue[f, y, k] if a == EXISTING else m.build[f, y, k]
        return m.shortfall[a, f, y, k, t] <= contracts.owed[a, f, y, k, t] * award

    @m.Expression(contracts.PAY_YEARS, doc="gross outlay of the treasury on contracts, expected view [USD million]")
    def pay(m, t):
        """pay[t] = sum_awards (covered tonnes - shortfall) * max(0, payment per covered tonne at p[i,t])"""
        made = _sum_payments(m, contracts.new_pays[t,], contracts.existing_pays[t,])
        return made - _sum_missing(m, t, contracts.unpaid[t,])

    @m.Expression(contracts.BACK_YEARS, doc="paid back to the treasury on contracts, expected view [USD million]")
    def back(m, t):
        """back[t] = sum_awards (covered tonnes - shortfall) * max(0, -payment per covered tonne at p[i,t])"""
        made = _sum_payments(m, contracts.new_backs[t,], contracts.existing_backs[t,])
        return made - _sum_missing(m, t, contracts.unreturned[t,])

    @m.Expression(contracts.CHARGE_YEARS, doc="outlay the excess burden of contracts is charged on [USD million]")
    def charged(m, t):
        """charged[t] = sum_awards (pay[t] - w * back[t]) of the award, t <= last_year, with
        w = min(clawback_value, present value of its pay / present value of its back), so that no award is a gain
        """
        made = _sum_payments(m, contracts.new_charges[t,], contracts.existing_charges[t,])
        return made - _sum_missing(m, t, contracts.uncharged[t,])

    @m.Constraint(contracts.BUDGETS, doc="a pot pays no more than its budget, in its view of prices [USD million]")
    def budget_limit(m, pot, view, t):
        """pay[t] of the pot's materials <= budget[pot,t], at p (expected) or (1 - cfd_stress_price_drop) * p (stress),
        also after last_year
        """
        key = (pot, view, t)
        return _sum_payments(m, contracts.new_claims[key], contracts.existing_claims[key]) <= contracts.budget[key]


def _sum_payments(m: pyo.ConcreteModel, new: list[tuple[str, int, str, float]],
                  existing: list[tuple[str, int, str, float]]) -> Any:  # fmt: skip
    """Payments on awards for new and for existing capacity."""
    return sum(rate * m.build[f, v, k] for f, v, k, rate in new) + sum(
        rate * m.rescue[f, s, k] for f, s, k, rate in existing
    )


def _sum_missing(m: pyo.ConcreteModel, t: int, missing: list[tuple[str, str, int, str, float]]) -> Any:
    """Payments on contracted output that is not made."""
    return sum(rate * m.shortfall[a, f, y, k, t] for a, f, y, k, rate in missing)
