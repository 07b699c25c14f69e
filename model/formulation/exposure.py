"""Caps on dependence on regions of concern, end to end and by stage, and targets for the mix."""

from __future__ import annotations

import pyomo.environ as pyo

from model.data import PlanningData
from model.data.lookup import PROVENANCES


def add_exposure(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add exposure caps."""
    exposure, takes = data.exposure, set(data.network.TAKES)
    breaches = set(exposure.CAP_BREACHES)
    main = {name: f.output for name, f in data.lookup.facilities.items()}
    m.cap_breach = pyo.Var(
        exposure.CAP_BREACHES, within=pyo.NonNegativeReals, doc="how far an exposure cap is missed [kt of the mineral]"
    )

    @m.Expression(exposure.OUTPUTS, doc="what a facility gives of a material, main product or coproduct [kt/yr]")
    def output(m, f, j, t):
        """output[f,j,t] = sum_o make[f,o,t] + sum_d save[f,d,t] of the main product,
        sum_o take[f,j,o,t] of a coproduct
        """
        if main[f] == j:
            return m.activity[f, t]
        return sum(m.take[f, j, o, t] for o in PROVENANCES if (f, j, o, t) in takes)

    @m.Constraint(exposure.CHAIN_CAPS, doc="end-to-end exposure, against demand [kt of the mineral]")
    def chain_exposure_limit(m, c, mineral, t):
        """sum_d content[d,m] * deliver[d,exposed,t] <= kappa[c,t] * sum_d content[d,m] * D[d,t] + cap_breach[c,m,t];
        measured on demand, so that serving less never looks like less exposure
        """
        exposed = sum(content * m.deliver[d, "exposed", t] for d, content in exposure.capped[c, mineral, t])
        allowed = exposure.cap[c, mineral, t] * exposure.capped_demand[c, mineral, t]
        return exposed - _missed(m.cap_breach, breaches, (c, mineral, t)) <= allowed

    @m.Constraint(exposure.STAGE_CAPS, doc="exposure of a stage's output [kt of the mineral]")
    def stage_exposure_limit(m, c, mineral, t):
        """sum_f e[f,t] * content[j,m] * output[f,j,t]
        <= kappa[c,t] * sum_f content[j,m] * output[f,j,t] + cap_breach[c,m,t]
        """
        cap = exposure.cap[c, mineral, t]
        excess = sum(
            (out.concern - cap) * out.content * m.output[out.facility, out.material, t]
            for out in exposure.outputs[mineral, exposure.stage_of[c], t]
        )
        return excess - _missed(m.cap_breach, breaches, (c, mineral, t)) <= 0


def add_mix_targets(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add the targets for the mix."""
    exposure = data.exposure
    breaches = set(exposure.TARGET_BREACHES)
    m.target_breach = pyo.Var(
        exposure.TARGET_BREACHES, within=pyo.NonNegativeReals, doc="how far a mix target is missed [kt of the mineral]"
    )

    def surplus(m, x, mineral, g, t):
        """Output that counts, less the target's share of all output."""
        counted = sum(o.content * m.output[o.facility, o.material, t] for o in exposure.counts[x, mineral, g, t])
        total = sum(o.content * m.output[o.facility, o.material, t] for o in exposure.outputs[mineral, g, t])
        return counted - exposure.target[x, mineral, g, t] * total

    @m.Constraint(exposure.FLOOR_TARGETS, doc="share of a stage's output that must come from somewhere [kt of mineral]")
    def mix_target_floor(m, x, mineral, g, t):
        """sum_{f counted} content[j,m] * output[f,j,t] + target_breach[x,m,g,t]
        >= phi[x,t] * sum_f content[j,m] * output[f,j,t]
        """
        return surplus(m, x, mineral, g, t) + _missed(m.target_breach, breaches, (x, mineral, g, t)) >= 0

    @m.Constraint(exposure.LIMIT_TARGETS, doc="share of a stage's output that may come from somewhere [kt of mineral]")
    def mix_target_limit(m, x, mineral, g, t):
        """sum_{f counted} content[j,m] * output[f,j,t]
        <= phi[x,t] * sum_f content[j,m] * output[f,j,t] + target_breach[x,m,g,t]
        """
        return surplus(m, x, mineral, g, t) - _missed(m.target_breach, breaches, (x, mineral, g, t)) <= 0


def _missed(breach: pyo.Var, priced: set[tuple[str | int, ...]], key: tuple[str | int, ...]) -> object:
    """The breach of a row that has a price; a row without one is hard."""
    return breach[key] if key in priced else 0.0
