"""Public support: what awards oblige plants to, what they pay and give back, and the budgets that carry them.

The awards themselves are `build[f,v,k]` and `rescue[f,s,k]` for `k` an offer. Amounts are data (model/data/awards.py),
so payments are linear in the awards.
"""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from model.data import PlanningData
from model.data.awards import EXISTING
from model.data.contracts import Contracts


def add_obligations(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add what awards oblige to."""
    contracts, active = data.contracts, set(data.capacity.ACTIVE)
    m.shortfall = pyo.Var(
        contracts.SHORTFALLS, within=pyo.NonNegativeReals,
        doc="output of a contract signed before a shock that is not made, nor paid for [kt/yr]",
    )  # fmt: skip

    @m.Constraint(contracts.OBLIGED, doc="contracted output is made [kt/yr]")
    def obligation_floor(m, f, t):
        """sum_o make[f,o,t] >= sum_{v,k in term} coverage[k] * y[f,n] * build[f,v,k]
        + sum_{s,k in term} coverage[k] * u[f,t] * rescue[f,s,k] - sum_{signed before a shock} shortfall[f,.,k,t]
        """
        made = m.activity[f, t] if (f, t) in active else 0.0
        return made >= _sum_obligations(m, contracts, f, t)

    @m.Constraint(contracts.SHORTFALLS, doc="no more can be missing than is contracted [kt/yr]")
    def shortfall_limit(m, a, f, y, k, t):
        """shortfall[f,v,k,t] <= coverage[k] * y[f,n] * build[f,v,k];
        shortfall[f,s,k,t] <= coverage[k] * u[f,t] * rescue[f,s,k]
        """
        award = m.rescue[f, y, k] if a == EXISTING else m.build[f, y, k]
        return m.shortfall[a, f, y, k, t] <= contracts.owed[a, f, y, k, t] * award


def add_contracts_in_force(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add what contracts signed before the plan keep open and honour."""
    in_force, contracts, ramped, rescued = data.in_force, data.contracts, data.capacity.ramped, data.capacity.rescued
    kept, obliged = set(in_force.KEPT), set(contracts.OBLIGED)
    m.honour = pyo.Var(
        in_force.HONOURS,
        within=pyo.NonNegativeReals,
        doc="output a contract in force pays for or takes back from [kt/yr]",
    )

    @m.Constraint(in_force.KEPT, doc="existing capacity that only contracts in force keep open [kt/yr]")
    def kept_capacity_limit(m, f, t):
        """retain[f,t] <= min(E[f,t], sum_z covered_tpa[z] / u[f,t])"""
        return m.retain[f, t] <= in_force.kept[f, t]

    @m.Constraint([key for key in in_force.kept if rescued[key]],
                  doc="what contracts in force cover is not rescued by an award [kt/yr]")  # fmt: skip
    def uncovered_capacity_limit(m, f, t):
        """sum_{s,k active} rescue[f,s,k] <= E[f,t] - min(E[f,t], sum_z covered_tpa[z] / u[f,t])"""
        rescues = sum(there * m.rescue[f, s, k] for s, k, there in rescued[f, t])
        return rescues <= data.capacity.existing[f, t] - in_force.kept[f, t]

    @m.Constraint(in_force.COVERED, doc="a contract in force covers so much and no more [kt/yr]")
    def cover_limit(m, c, t):
        """honour[z,t] <= min(covered_tpa[z], u[f,t] * E[f,t])"""
        return m.honour[c, t] <= in_force.cover[c, t]

    @m.Constraint(sorted({*in_force.RETURNING, *(key for key in in_force.PAYING if key in obliged)}),
                  doc="what is honoured is made, and not owed to other contracts [kt/yr]")  # fmt: skip
    def honour_limit(m, f, t):
        """sum_z honour[z,t] <= sum_o make[f,o,t], less what the awards of the facility oblige to (obligation_floor)"""
        honoured = sum(m.honour[c, t] for c in in_force.honours[f, t])
        return honoured + _sum_obligations(m, contracts, f, t) <= m.activity[f, t]

    @m.Constraint(in_force.PAYING, doc="what the rest of the plant cannot make is honoured [kt/yr]")
    def honour_floor(m, f, t):
        """sum_z honour[z,t] >= sum_o make[f,o,t] - u[f,t] * (other[f,t] + sum_{v,k online} ramp[f,n] * build[f,v,k]);
        other: E[f,t] less what the contracts keep open where it earns its keep, else sum_{s,k active} rescue[f,s,k]
        """
        other = in_force.free_capacity[f, t] + sum(share * m.build[f, v, k] for v, k, share in ramped[f, t])
        if (f, t) in kept:
            other += sum(there * m.rescue[f, s, k] for s, k, there in rescued[f, t])
        honoured = sum(m.honour[c, t] for c in in_force.honours[f, t])
        return honoured >= m.activity[f, t] - data.capacity.utilisation[f, t] * other


def add_payments(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add what the treasury pays and is paid back, and the budgets."""
    contracts = data.contracts

    @m.Expression(contracts.PAY_YEARS, doc="what the treasury pays and lends, expected view [USD million]")
    def pay(m, t):
        """pay[t] = sum_{v,k} (coverage[k] * y[f,n] * build[f,v,k] - shortfall[f,v,k,t]) * max(0, payment[f,v,k,t])
        and of rescue[f,s,k] with u[f,t] for y[f,n]; + sum_z honour[z,t] * max(0, payment[z,t]); of grants and loans
        K[f,v,k] * capex[f,v] * build[f,v,k], spread evenly over v .. v+lead-1 (v where lead is 0)
        """
        made = _sum_payments(m, contracts.new_pays[t,], contracts.existing_pays[t,])
        made += sum(rate * m.honour[c, t] for c, rate in data.in_force.pays[t,])
        return made - _sum_missing(m, t, contracts.unpaid[t,])

    @m.Expression(contracts.BACK_YEARS, doc="what the treasury is paid back, expected view [USD million]")
    def back(m, t):
        """back[t] = sum_{v,k} (coverage[k] * y[f,n] * build[f,v,k] - shortfall[f,v,k,t]) * max(0, -payment[f,v,k,t])
        and of rescue[f,s,k] with u[f,t] for y[f,n]; + sum_z honour[z,t] * max(0, -payment[z,t]); of a loan
        (1 - loan_loss_share[k]) * crf(loan_rate[k], term[k]) * K[f,v,k] * capex[f,v] * build[f,v,k] in its term
        """
        made = _sum_payments(m, contracts.new_backs[t,], contracts.existing_backs[t,])
        made += sum(rate * m.honour[c, t] for c, rate in data.in_force.backs[t,])
        return made - _sum_missing(m, t, contracts.unreturned[t,])

    @m.Expression(contracts.CHARGE_YEARS, doc="outlay the excess burden of support is charged on [USD million]")
    def charged(m, t):
        """charged[t] = pay[t] - w * back[t], contract by contract, up to last_year; w is clawback_value, or the present
        value of its pay over that of its back where that is less, so that no contract is a gain; of a loan it is pay[t]
        times the share of its present value that is not paid back
        """
        made = _sum_payments(m, contracts.new_charges[t,], contracts.existing_charges[t,])
        made += sum(rate * m.honour[c, t] for c, rate in data.in_force.charges[t,])
        return made - _sum_missing(m, t, contracts.uncharged[t,])

    @m.Constraint(contracts.BUDGETS, doc="a pot pays no more than its budget, in its view of prices [USD million]")
    def budget_limit(m, pot, view, t):
        """pay[t] <= budget[pot,view,t], of the materials and offers of the pot only, at p[i,t] (expected) or at
        (1 - cfd_stress_price_drop) * p[i,t] (stress), also after last_year; budget: what contracts in force leave of it
        at full cover; after a shock covered tonnes count in full: what a shortfall is not paid stays set aside
        """
        key = (pot, view, t)
        return _sum_payments(m, contracts.new_claims[key], contracts.existing_claims[key]) <= contracts.budget[key]


def _sum_obligations(m: pyo.ConcreteModel, contracts: Contracts, f: str, t: int) -> Any:
    """Output the awards of a facility oblige it to, less what may be missing after a shock."""
    due = sum(covered * m.build[f, v, k] for v, k, covered in contracts.new_obligations[f, t])
    due += sum(covered * m.rescue[f, s, k] for s, k, covered in contracts.existing_obligations[f, t])
    return due - sum(m.shortfall[a, f, y, k, t] for a, y, k in contracts.short[f, t])


def _sum_payments(m: pyo.ConcreteModel, new: list[tuple[str, int, str, float]],
                  existing: list[tuple[str, int, str, float]]) -> Any:  # fmt: skip
    """Payments on awards for new and for existing capacity."""
    return sum(rate * m.build[f, v, k] for f, v, k, rate in new) + sum(
        rate * m.rescue[f, s, k] for f, s, k, rate in existing
    )


def _sum_missing(m: pyo.ConcreteModel, t: int, missing: list[tuple[str, str, int, str, float]]) -> Any:
    """Payments on contracted output that is not made."""
    return sum(rate * m.shortfall[a, f, y, k, t] for a, f, y, k, rate in missing)
