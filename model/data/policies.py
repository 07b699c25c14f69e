"""Exposure caps, mix targets and resource limits in numbers. Solver units (kt of the mineral; thousand resource units).

Index letters: cap `c`, target or limit `x`, mineral `m`, stage `g`, facility `f`, material `j`, year `t`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from model.data.adjacency import KILO, Adjacency
from model.data.capacity import Capacity
from model.data.demand import Demand
from model.data.facility import Facility
from model.data.lookup import Lookup, is_finite
from model.data.network import Network
from model.data.signed import Signed, share_left
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
        CAP_BREACHES, TARGET_BREACHES: those that may be missed; `breach_price` c or x -> USD million per kt.
    """

    OUTPUTS: list[tuple[str, str, int]] = field(default_factory=list)
    outputs: Adjacency[Output] = field(default_factory=Adjacency)
    CHAIN_CAPS: list[tuple[str, str, int]] = field(default_factory=list)
    STAGE_CAPS: list[tuple[str, str, int]] = field(default_factory=list)
    FLOOR_TARGETS: list[tuple[str, str, str, int]] = field(default_factory=list)
    LIMIT_TARGETS: list[tuple[str, str, str, int]] = field(default_factory=list)
    CAP_BREACHES: list[tuple[str, str, int]] = field(default_factory=list)
    TARGET_BREACHES: list[tuple[str, str, str, int]] = field(default_factory=list)
    cap: dict[tuple[str, str, int], float] = field(default_factory=dict)
    stage_of: dict[str, str] = field(default_factory=dict)
    capped: Adjacency[tuple[str, float]] = field(default_factory=Adjacency)
    capped_demand: dict[tuple[str, str, int], float] = field(default_factory=dict)
    target: dict[tuple[str, str, str, int], float] = field(default_factory=dict)
    counts: Adjacency[Output] = field(default_factory=Adjacency)
    breach_price: dict[str, float] = field(default_factory=dict)


@dataclass
class Resources:
    """What production and building use up.

    Attributes:
        USES: (x, t) of limits and prices that something falls under.
        LIMITS: (x, t) of finite limits; `limit` in thousand units.
        activities: (x, t) -> (f, thousand units per kt of activity).
        sites: (x, t) -> (f, v, k, thousand units per kt/yr built).
        price: x -> USD million per thousand units.
        resource: x -> its name.
        excused: (x, t) -> (f, v, k, thousand units per kt/yr built) that a limit lowered by a shock does not count.
    """

    USES: list[tuple[str, int]] = field(default_factory=list)
    LIMITS: list[tuple[str, int]] = field(default_factory=list)
    limit: dict[tuple[str, int], float] = field(default_factory=dict)
    activities: Adjacency[tuple[str, float]] = field(default_factory=Adjacency)
    sites: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)
    price: dict[str, float] = field(default_factory=dict)
    resource: dict[str, str] = field(default_factory=dict)
    excused: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)


def find_exposure(lookup: Lookup, net: Network, capacity: Capacity, demand: Demand) -> Exposure:
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
    _add_caps(lookup, demand, exposure)
    _add_targets(lookup, exposure)
    return exposure


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


INTENSITIES = {"waste": "waste_t_per_t", "co2": "co2_t_per_t", "water": "water_m3_per_t"}


def find_resources(lookup: Lookup, capacity: Capacity, signed: Signed | None = None) -> Resources:
    """Return what falls under each resource limit."""
    resources = Resources()
    active = set(capacity.ACTIVE)
    for record in lookup.tables["resource_limits"]:
        x, resource = record.text("limit"), record.text("resource")
        resources.price[x], resources.resource[x] = KILO * record.number("price_usd_per_unit"), resource
        for t in lookup.years:
            for f in lookup.facilities.values():
                if record["region"] not in (ALL, f.place) or record["pathway"] not in (ALL, f.pathway(t)):
                    continue
                if resource in SITE_RESOURCES:
                    _add_sites(f, x, t, capacity, resources)
                elif (f.name, t) in active and f.number(INTENSITIES[resource]) > 0:
                    resources.activities.join((x, t), (f.name, f.number(INTENSITIES[resource])))
            if resources.activities[x, t] or resources.sites[x, t]:
                resources.USES.append((x, t))
                if is_finite(record.years[t]):
                    resources.LIMITS.append((x, t))
                    resources.limit[x, t] = KILO * record.years[t]
                    if signed:
                        _excuse_sites(x, t, signed, resources)
    return resources


def _add_sites(f: Facility, x: str, t: int, capacity: Capacity, resources: Resources) -> None:
    """What new capacity takes up in a year while it is built."""
    for v, k in capacity.decided[f.name,]:
        rate = SITE_RESOURCES[resources.resource[x]](f, v, t)
        if rate > 0:
            resources.sites.join((x, t), (f.name, v, k, rate))


def _workers(f: Facility, v: int, t: int) -> float:
    """Thousand workers for each kt/yr, busy from the decision until the year before first output."""
    return KILO * f.number("workers_per_ktpa") if v <= t < v + f.lead(v) else 0.0


def _capital(f: Facility, v: int, t: int) -> float:
    """Thousand USD million for each kt/yr, without interest."""
    years = f.spending(v)
    return KILO * KILO * f.number("capex_usd_per_tpa", v) / len(years) if t in years else 0.0


SITE_RESOURCES: dict[str, Callable[[Facility, int, int], float]] = {"workers": _workers, "capital": _capital}
"""Resource that building takes up -> how much of it in a year, for a decision of a year."""


def _excuse_sites(x: str, t: int, signed: Signed, resources: Resources) -> None:
    """Sites begun before a shock fill no larger share of a limit it has lowered, so that they always fit."""
    gone = 1 - share_left(resources.limit[x, t], signed.resource_limit.get((x, t), float("inf")))
    for f, v, k, rate in resources.sites[x, t]:
        if v < signed.known_from and gone > 0:
            resources.excused.join((x, t), (f, v, k, gone * rate))
