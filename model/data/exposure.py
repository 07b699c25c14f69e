"""Exposure caps and mix targets in numbers. Solver units (kt of the mineral).

Index letters: cap `c`, target `x`, mineral `m`, stage `g`, facility `f`, material `j`, year `t`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from model.data.adjacency import KILO, Adjacency
from model.data.capacity import Capacity
from model.data.demand import Demand
from model.data.lookup import Lookup, is_finite
from model.data.network import Network
from model.data.outlets import Outlets
from model.data.sales import Sales, find_sales
from model.workbook.schema import ALL, CHAIN


@dataclass(frozen=True)
class Output:
    """What a facility makes of one material in a year, and how the policies count it."""

    facility: str
    material: str
    content: float
    concern: float
    pathway: str
    region: str


@dataclass
class Exposure:
    """Caps on exposure, targets for the mix, and what they are measured on.

    Attributes:
        OUTPUTS: (f, j, t), main products and coproducts that can be recovered.
        outputs: (m, g, t) -> Output, every material of the stage that holds the mineral.
        CHAIN_CAPS, STAGE_CAPS: (c, m, t) that can bind; `cap` as share, `stage_of` c -> g.
        capped: (c, m, t) -> (d, t of mineral per t) of deliveries that can be exposed.
        capped_demand: (c, m, t) -> demand, kt of the mineral.
        FLOOR_TARGETS, LIMIT_TARGETS: (x, m, g, t) of minima and maxima that can bind; `target` as share, `counts`
            (x, m, g, t) -> Output that counts.
        sales: what outlets take of each stage; nothing where sales count in its output.
        SOLD: (m, g, t) of stages under a cap or target of which outlets take something.
        PASSED: (m, g, r, t) of those where outlets of a region buy at a later stage.
        COUNTED_SOLD: (x, m, g, r, t) of minima that count what a region makes whose outlets buy; `uncounted` -> Output
            of the stage there that does not count.
        CAP_BREACHES, TARGET_BREACHES: those that may be missed; `breach_price` c or x -> USD million per kt.
    """

    OUTPUTS: list[tuple[str, str, int]] = field(default_factory=list)
    outputs: Adjacency[Output] = field(default_factory=Adjacency)
    CHAIN_CAPS: list[tuple[str, str, int]] = field(default_factory=list)
    STAGE_CAPS: list[tuple[str, str, int]] = field(default_factory=list)
    FLOOR_TARGETS: list[tuple[str, str, str, int]] = field(default_factory=list)
    LIMIT_TARGETS: list[tuple[str, str, str, int]] = field(default_factory=list)
    SOLD: list[tuple[str, str, int]] = field(default_factory=list)
    PASSED: list[tuple[str, str, str, int]] = field(default_factory=list)
    COUNTED_SOLD: list[tuple[str, str, str, str, int]] = field(default_factory=list)
    CAP_BREACHES: list[tuple[str, str, int]] = field(default_factory=list)
    TARGET_BREACHES: list[tuple[str, str, str, int]] = field(default_factory=list)
    cap: dict[tuple[str, str, int], float] = field(default_factory=dict)
    stage_of: dict[str, str] = field(default_factory=dict)
    capped: Adjacency[tuple[str, float]] = field(default_factory=Adjacency)
    capped_demand: dict[tuple[str, str, int], float] = field(default_factory=dict)
    target: dict[tuple[str, str, str, int], float] = field(default_factory=dict)
    counts: Adjacency[Output] = field(default_factory=Adjacency)
    uncounted: Adjacency[Output] = field(default_factory=Adjacency)
    breach_price: dict[str, float] = field(default_factory=dict)
    sales: Sales = field(default_factory=Sales)


def find_exposure(lookup: Lookup, net: Network, capacity: Capacity, demand: Demand, outlets: Outlets) -> Exposure:
    """Return what each cap and target is measured on, and which of them can bind."""
    exposure = Exposure()
    taken = {(f, j, t) for f, j, _, t in net.TAKES}
    for name, t in capacity.ACTIVE:
        f = lookup.facilities[name]
        for j in (f.output, *(j for j in f.coproducts if (name, j, t) in taken)):
            exposure.OUTPUTS.append((name, j, t))
            for m, content in lookup.minerals_in[j].items():
                output = Output(name, j, content, f.concern(t), f.pathway(t), f.place)
                exposure.outputs.join((m, lookup.stage_of[j], t), output)
    if lookup.tables.setting("sales_count_in_stages") is not True:
        exposure.sales = find_sales(lookup, outlets, exposure.OUTPUTS)
    _add_caps(lookup, demand, exposure)
    _add_targets(lookup, exposure)
    _add_sold(exposure)
    return exposure


def _add_sold(exposure: Exposure) -> None:
    """Add what outlets take of the stages under a cap or target."""
    sales = exposure.sales
    measured = [(m, exposure.stage_of[c], t) for c, m, t in exposure.STAGE_CAPS]
    measured += [(m, g, t) for _, m, g, t in (*exposure.FLOOR_TARGETS, *exposure.LIMIT_TARGETS)]
    exposure.SOLD = [key for key in dict.fromkeys(measured) if sales.regions[key]]
    exposure.PASSED = [
        (m, g, r, t) for m, g, t in exposure.SOLD for r in sales.regions[m, g, t] if sales.later[m, g, r, t]
    ]
    for x, m, g, t in exposure.FLOOR_TARGETS:
        counts = set(exposure.counts[x, m, g, t])
        for r in sales.regions[m, g, t]:
            if any(output.region == r for output in counts):
                exposure.COUNTED_SOLD.append((x, m, g, r, t))
                for output in exposure.outputs[m, g, t]:
                    if output.region == r and output not in counts:
                        exposure.uncounted.join((x, m, g, r, t), output)


def _add_caps(lookup: Lookup, demand: Demand, exposure: Exposure) -> None:
    holding: Adjacency[tuple[str, float]] = Adjacency()
    for d, row in demand.rows.items():
        for m, content in lookup.minerals_in[row.material].items():
            holding.join((m,), (d, content))
    for record in lookup.tables["exposure_caps"]:
        mineral, scope, segment = record.key
        c, price = record.label, KILO * record.number("breach_usd_per_t")
        exposure.stage_of[c], exposure.breach_price[c] = scope, price
        minerals = lookup.minerals if mineral == ALL else (mineral,)
        for key in ((c, m, t) for m in minerals for t in lookup.years if record.years[t] < 1):
            exposure.cap[key] = record.years[key[2]]
            binds = (
                _add_chain_cap(key, segment, holding, demand, exposure)
                if scope == CHAIN
                else _add_stage_cap(key, exposure)
            )
            if binds and is_finite(price):
                exposure.CAP_BREACHES.append(key)


def _add_chain_cap(
    key: tuple[str, str, int], segment: str, holding: Adjacency[tuple[str, float]], demand: Demand, exposure: Exposure
) -> bool:
    """Add what a cap is measured on; `holding` (m,) -> (d, t of mineral per t) of the demand that holds a mineral."""
    _, m, t = key
    for d, content in holding[m,]:
        if segment in (ALL, demand.rows[d].segment) and (d, t) in demand.amount:
            exposure.capped_demand[key] = exposure.capped_demand.get(key, 0.0) + content * demand.amount[d, t]
            if "exposed" in demand.provenances[d, t]:
                exposure.capped.join(key, (d, content))
    if exposure.capped[key]:
        exposure.CHAIN_CAPS.append(key)
    return bool(exposure.capped[key])


def _add_stage_cap(key: tuple[str, str, int], exposure: Exposure) -> bool:
    c, m, t = key
    binds = any(output.concern > exposure.cap[key] for output in exposure.outputs[m, exposure.stage_of[c], t])
    if binds:
        exposure.STAGE_CAPS.append(key)
    return binds


def _add_targets(lookup: Lookup, exposure: Exposure) -> None:
    for record in lookup.tables["mix_targets"]:
        x, mineral, stage = (record.text(column) for column in ("target", "mineral", "stage"))
        exposure.breach_price[x] = KILO * record.number("breach_usd_per_t")
        for m in lookup.minerals if mineral == ALL else (mineral,):
            for g in lookup.stages if stage == ALL else (stage,):
                for t in lookup.years:
                    share = record.years[t]
                    outputs = exposure.outputs[m, g, t]
                    counts = [o for o in outputs if record["pathway"] in (ALL, o.pathway)
                              and record["region"] in (ALL, o.region)]  # fmt: skip
                    # A minimum binds where something does not count, a maximum where something does.
                    if record["sense"] == "min":
                        targets, binds = exposure.FLOOR_TARGETS, share > 0 and len(counts) < len(outputs)
                    else:
                        targets, binds = exposure.LIMIT_TARGETS, share < 1 and len(counts) > 0
                    if is_finite(share) and binds:
                        targets.append((x, m, g, t))
                        _add_target(exposure, (x, m, g, t), share, counts)


def _add_target(exposure: Exposure, key: tuple[str, str, str, int], share: float, counts: list[Output]) -> None:
    exposure.target[key] = share
    for output in counts:
        exposure.counts.join(key, output)
    if is_finite(exposure.breach_price[key[0]]):
        exposure.TARGET_BREACHES.append(key)
