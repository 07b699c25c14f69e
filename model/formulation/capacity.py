"""What is built, kept open and rescued, and how much output that allows."""

from __future__ import annotations

import pyomo.environ as pyo

from model.data import PlanningData


def add_capacity(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add the decisions that give capacity."""
    capacity = data.capacity
    m.build = pyo.Var(
        capacity.BUILDS, within=pyo.NonNegativeReals,
        doc="new capacity, by decision year and way of financing; under whole_projects a whole number of units [kt/yr]",
    )  # fmt: skip
    m.retain = pyo.Var(
        capacity.RETAINS, within=pyo.NonNegativeReals, doc="existing capacity kept open on market terms [kt/yr]"
    )
    m.rescue = pyo.Var(
        capacity.RESCUES, within=pyo.NonNegativeReals, doc="existing capacity kept open by a contract [kt/yr]"
    )
    retains = set(capacity.RETAINS)

    @m.Expression(capacity.EXISTING, doc="existing capacity that is open, nameplate [kt/yr]")
    def kept_open(m, f, t):
        """kept_open[f,t] = retain[f,t] + sum_{s,k active} rescue[f,s,k]; of contracts signed before a shock, the share
        of rescue[f,s,k] that the shock has left
        """
        rescued = sum(there * m.rescue[f, s, k] for s, k, there in capacity.rescued[f, t])
        return rescued + m.retain[f, t] if (f, t) in retains else rescued


def add_capacity_limits(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add what capacity allows, and what may be built."""
    capacity = data.capacity
    existing = set(capacity.EXISTING)

    @m.Constraint(capacity.ACTIVE, doc="output stays within open capacity [kt/yr]")
    def capacity_limit(m, f, t):
        """sum_o make[f,o,t] <= u[f,t] * (retain[f,t] + sum_{s,k active} rescue[f,s,k]
        + sum_{v,k online} ramp[f,n] * build[f,v,k])
        """
        new = sum(share * m.build[f, v, k] for v, k, share in capacity.ramped[f, t])
        there = m.kept_open[f, t] if (f, t) in existing else 0.0
        return m.activity[f, t] <= capacity.utilisation[f, t] * (there + new)

    @m.Constraint(capacity.EXISTING, doc="only what exists can be kept open [kt/yr]")
    def existing_capacity_limit(m, f, t):
        """retain[f,t] + sum_{s,k active} rescue[f,s,k] <= E[f,t]"""
        return m.kept_open[f, t] <= capacity.existing[f, t]

    @m.Constraint(capacity.YEARLY_LIMITS, doc="new capacity decided in one year [kt/yr]")
    def yearly_build_limit(m, f, v):
        """sum_k build[f,v,k] <= max_new_tpa_per_year[f,v]"""
        return sum(m.build[f, v, k] for k in capacity.financed[f, v]) <= capacity.yearly_limit[f, v]

    @m.Constraint(capacity.SITE_LIMITS, doc="new capacity that stands on a site at a time [kt/yr]")
    def site_limit(m, f, t):
        """sum_{v,k online in t} build[f,v,k] <= max_new_tpa[f], so that a plant can be renewed after its life; only in
        years that no later year's row implies
        """
        return sum(m.build[f, v, k] for v, k in capacity.online[f, t]) <= capacity.site_limit[f, t]

    @m.Constraint(capacity.RESERVES, doc="a deposit is worked once [kt]")
    def reserve_limit(m, f):
        """sum_t sum_o make[f,o,t] <= reserve_t[f]"""
        return sum(m.activity[f, t] for t in capacity.worked[f,]) <= capacity.reserve[f]


def add_dependence(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add what capacity depends on beside room: another project, and not having been closed."""
    dependence, retains, breaches = data.dependence, set(data.capacity.RETAINS), set(data.dependence.BREACHES)
    m.required_breach = pyo.Var(
        dependence.BREACHES, within=pyo.NonNegativeReals,
        doc="what a shock leaves without the project it requires [kt/yr]",
    )  # fmt: skip

    @m.Constraint(dependence.REQUIRED, doc="a project stands only with the one it requires [share of the room for it]")
    def required_project_limit(m, f, t):
        """sum_{v,k online in t} build[f,v,k] / max_new_tpa[f] <= sum_{v,k online in t} build[q,v,k] / max_new_tpa[q]
        for q = requires[f], in years in which E[q,t] is 0; after a shock: + required_breach[f,t] / max_new_tpa[f], at
        ten times the largest shortage cost; where the shock takes q away, what was decided before does not count
        """
        shares = sum(share * m.build[f, v, k] for v, k, share in dependence.shares[f, t])
        missed = dependence.share[f, t] * m.required_breach[f, t] if (f, t) in breaches else 0.0
        required = sum(share * m.build[q, v, k] for q, v, k, share in dependence.required_shares[f, t])
        return shares <= required + missed

    @m.Constraint(dependence.REOPENINGS, doc="existing capacity that is closed stays closed [kt/yr]")
    def reopening_limit(m, f, t):
        """retain[f,t] + sum_{s,k active} rescue[f,s,k] <= retain[f,t-1] + sum_{s,k active in t-1} rescue[f,s,k]
        + max(0, E[f,t] - E[f,t-1]), of facilities that do not reopen; open before first_year
        """
        opened = sum(change * m.rescue[f, s, k] for s, k, change in dependence.rescues[f, t])
        opened += m.retain[f, t] if (f, t) in retains else 0.0
        opened -= m.retain[f, t - 1] if (f, t - 1) in retains else 0.0
        return opened <= dependence.arriving[f, t]
