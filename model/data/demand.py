"""Demand by place, and the provenances in which it can be served. Solver units (kt, USD million).

Index letters: demand row `d`, material `i`, region `r`, provenance `o`, year `t`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from model.data.adjacency import KILO, Adjacency
from model.data.lookup import PROVENANCES, Lookup
from model.data.reach import Reach


@dataclass(frozen=True)
class DemandRow:
    """A row of the demand sheet."""

    name: str
    segment: str
    material: str
    region: str


@dataclass
class Demand:
    """What is wanted.

    Attributes:
        rows: by name.
        DEMANDS: (d, t) with demand; `amount` in kt/yr, `shortage_cost` d -> USD million per kt.
        DELIVERIES: (d, o, t).
        delivered: (i, r, o, t) -> d.
        provenances: (d, t) -> o.
        savers: (d, t) -> f.
    """

    rows: dict[str, DemandRow]
    DEMANDS: list[tuple[str, int]] = field(default_factory=list)
    DELIVERIES: list[tuple[str, str, int]] = field(default_factory=list)
    amount: dict[tuple[str, int], float] = field(default_factory=dict)
    shortage_cost: dict[str, float] = field(default_factory=dict)
    delivered: Adjacency[str] = field(default_factory=Adjacency)
    provenances: Adjacency[str] = field(default_factory=Adjacency)
    savers: Adjacency[str] = field(default_factory=Adjacency)


def find_demand(lookup: Lookup, reach: Reach) -> Demand:
    """Demand rows, and the provenances they can be served in."""
    records = sorted(lookup.tables["demand"], key=lambda record: lookup.block_of[record.text("material")])
    demand = Demand({
        record.label: DemandRow(record.label, record.text("segment"), record.text("material"), record.text("region"))
        for record in records
    })  # fmt: skip
    for record in records:
        d, row = record.label, demand.rows[record.label]
        own = record["shortage_cost_usd_per_t"]
        cost = lookup.shortage_cost[row.material] if own is None else record.number("shortage_cost_usd_per_t")
        demand.shortage_cost[d] = KILO * cost
        for t in lookup.years:
            if record.years[t] <= 0:
                continue
            demand.DEMANDS.append((d, t))
            demand.amount[d, t] = KILO * record.years[t]
            for o in PROVENANCES:
                if (row.material, row.region, o) in reach.available:
                    demand.DELIVERIES.append((d, o, t))
                    demand.provenances.join((d, t), o)
                    demand.delivered.join((row.material, row.region, o, t), d)
    return demand
