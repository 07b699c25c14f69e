"""Caps on dependence on regions of concern, end to end and by stage, and targets for the mix."""

from __future__ import annotations

import pyomo.environ as pyo

from model.data import PlanningData
from model.data.adjacency import Adjacency
from model.data.lookup import PROVENANCES


def add_outputs(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add what each stage makes, and what of it outlets take instead of demand."""
    exposure, takes, sales = data.exposure, set(data.network.TAKES), data.exposure.sales
    main, later = {name: f.output for name, f in data.lookup.facilities.items()}, set(exposure.PASSED)

    @m.Expression(exposure.OUTPUTS, doc="what a facility gives of a material, main product or coproduct [kt/yr]")
    def output(m, f, j, t):
        """output[f,j,t] = sum_o make[f,o,t] + sum_d save[f,d,t] of the main product,
        sum_o take[f,j,o,t] of a coproduct
        """
        if main[f] == j:
            return m.activity[f, t]
        return sum(m.take[f, j, o, t] for o in PROVENANCES if (f, j, o, t) in takes)

    def bought(m, materials, r, t):
        """What outlets of a region buy of materials, in the mineral they hold."""
        return sum(content * m.sell[i, r, o, t] for i, content in materials for o in data.outlets.provenances[i, r, t])

    m.passed = pyo.Var(
        exposure.PASSED, within=pyo.NonNegativeReals,
        doc="what outlets buy at later stages and passed this one [kt of the mineral]",
    )  # fmt: skip

    @m.Constraint(exposure.PASSED, doc="what outlets buy at later stages passed this one [kt of the mineral]")
    def passed_floor(m, mineral, g, r, t):
        """passed[m,g,r,t] >= sum_{i later than g} content[i,m] * sum_o sell[i,r,o,t]
        - sum_{f in r, j later than g} content[j,m] * output[f,j,t]; f of which no feed passed g, such as recyclers of
        scrap: what they make is taken to be sold first
        """
        beside = sum(content * m.output[f, j, t] for f, j, content in sales.beside[mineral, g, r, t])
        return bought(m, sales.later[mineral, g, r, t], r, t) - beside - m.passed[mineral, g, r, t] <= 0

    @m.Expression(exposure.SOLD, doc="what of a stage's output outlets take [kt of the mineral]")
    def sold(m, mineral, g, t):
        """sold[m,g,t] = sum_r (sum_{i of g} content[i,m] * sum_o sell[i,r,o,t] + passed[m,g,r,t]); 0 where
        sales_count_in_stages
        """
        return sum(
            bought(m, sales.here[mineral, g, r, t], r, t) + _where_known(m.passed, later, (mineral, g, r, t))
            for r in sales.regions[mineral, g, t]
        )

    m.counted_sold = pyo.Var(
        exposure.COUNTED_SOLD, within=pyo.NonNegativeReals,
        doc="what outlets take of the output that a target counts [kt of the mineral]",
    )  # fmt: skip

    @m.Constraint(exposure.COUNTED_SOLD, doc="outlets take what a target does not count first [kt of the mineral]")
    def counted_sold_floor(m, x, mineral, g, r, t):
        """counted_sold[x,m,g,r,t] >= sum_{i of g} content[i,m] * sum_o sell[i,r,o,t] + passed[m,g,r,t]
        - sum_{f in r not counted} content[j,m] * output[f,j,t]
        """
        others = sum(
            out.content * m.output[out.facility, out.material, t] for out in exposure.uncounted[x, mineral, g, r, t]
        )
        gone = bought(m, sales.here[mineral, g, r, t], r, t) + _where_known(m.passed, later, (mineral, g, r, t))
        return gone - others - m.counted_sold[x, mineral, g, r, t] <= 0


def add_exposure(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add exposure caps."""
    exposure, sold = data.exposure, set(data.exposure.SOLD)
    breaches = set(exposure.CAP_BREACHES)
    m.cap_breach = pyo.Var(
        exposure.CAP_BREACHES, within=pyo.NonNegativeReals, doc="how far an exposure cap is missed [kt of the mineral]"
    )

    @m.Constraint(exposure.CHAIN_CAPS, doc="end-to-end exposure, against demand [kt of the mineral]")
    def chain_exposure_limit(m, c, mineral, t):
        """sum_d content[d,m] * deliver[d,exposed,t] <= kappa[c,t] * sum_d content[d,m] * D[d,t] + cap_breach[c,m,t];
        measured on demand, so that serving less never looks like less exposure
        """
        exposed = sum(content * m.deliver[d, "exposed", t] for d, content in exposure.capped[c, mineral, t])
        allowed = exposure.cap[c, mineral, t] * exposure.capped_demand[c, mineral, t]
        return exposed - _where_known(m.cap_breach, breaches, (c, mineral, t)) <= allowed

    @m.Constraint(exposure.STAGE_CAPS, doc="exposure of what a stage makes for demand [kt of the mineral]")
    def stage_exposure_limit(m, c, mineral, t):
        """sum_f e[f,t] * content[j,m] * output[f,j,t]
        <= kappa[c,t] * (sum_f content[j,m] * output[f,j,t] - sold[m,g,t]) + cap_breach[c,m,t]; what outlets take
        serves others, so that selling more never looks like less exposure
        """
        cap, stage = exposure.cap[c, mineral, t], exposure.stage_of[c]
        excess = sum(
            (out.concern - cap) * out.content * m.output[out.facility, out.material, t]
            for out in exposure.outputs[mineral, stage, t]
        )
        excess += cap * _where_known(m.sold, sold, (mineral, stage, t))
        return excess - _where_known(m.cap_breach, breaches, (c, mineral, t)) <= 0


def add_mix_targets(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """Add the targets for the mix."""
    exposure, sold = data.exposure, set(data.exposure.SOLD)
    breaches = set(exposure.TARGET_BREACHES)
    m.target_breach = pyo.Var(
        exposure.TARGET_BREACHES, within=pyo.NonNegativeReals, doc="how far a mix target is missed [kt of the mineral]"
    )

    counted_sold: Adjacency[str] = Adjacency()
    for x, mineral, g, r, t in exposure.COUNTED_SOLD:
        counted_sold.join((x, mineral, g, t), r)

    def surplus(m, x, mineral, g, t):
        """Output that counts, less the target's share of all output for demand."""
        counted = sum(o.content * m.output[o.facility, o.material, t] for o in exposure.counts[x, mineral, g, t])
        total = sum(o.content * m.output[o.facility, o.material, t] for o in exposure.outputs[mineral, g, t])
        total -= _where_known(m.sold, sold, (mineral, g, t))
        return counted - exposure.target[x, mineral, g, t] * total

    @m.Constraint(exposure.FLOOR_TARGETS, doc="share of a stage's output that must come from somewhere [kt of mineral]")
    def mix_target_floor(m, x, mineral, g, t):
        """sum_{f counted} content[j,m] * output[f,j,t] - sum_r counted_sold[x,m,g,r,t] + target_breach[x,m,g,t]
        >= phi[x,t] * (sum_f content[j,m] * output[f,j,t] - sold[m,g,t])
        """
        gone = sum(m.counted_sold[x, mineral, g, r, t] for r in counted_sold[x, mineral, g, t])
        missed = _where_known(m.target_breach, breaches, (x, mineral, g, t))
        return surplus(m, x, mineral, g, t) - gone + missed >= 0

    @m.Constraint(exposure.LIMIT_TARGETS, doc="share of a stage's output that may come from somewhere [kt of mineral]")
    def mix_target_limit(m, x, mineral, g, t):
        """sum_{f counted} content[j,m] * output[f,j,t]
        <= phi[x,t] * (sum_f content[j,m] * output[f,j,t] - sold[m,g,t]) + target_breach[x,m,g,t]
        """
        return surplus(m, x, mineral, g, t) - _where_known(m.target_breach, breaches, (x, mineral, g, t)) <= 0


def _where_known(component: pyo.Component, known: set[tuple[str | int, ...]], key: tuple[str | int, ...]) -> object:
    """A member of a component that has one for some keys only; nothing for others, such as the breach of a hard row."""
    return component[key] if key in known else 0.0
