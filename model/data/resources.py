"""Resource limits in numbers. Solver units (thousand units of the resource).

Index letters: limit `x`, facility `f`, decision year `v`, way of financing `k`, year `t`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from model.data.adjacency import KILO, Adjacency
from model.data.capacity import Capacity
from model.data.facility import Facility
from model.data.lookup import Lookup, is_finite
from model.data.signed import Signed, share_left
from model.workbook.schema import ALL


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


INTENSITIES = {"waste": "waste_t_per_t", "co2": "co2_t_per_t", "water": "water_m3_per_t"}


def find_resources(lookup: Lookup, capacity: Capacity, signed: Signed | None = None) -> Resources:
    """Return what falls under each resource limit."""
    resources = Resources()
    active = set(capacity.ACTIVE)
    for record in lookup.tables["resource_limits"]:
        x, resource = record.text("limit"), record.text("resource")
        resources.price[x], resources.resource[x] = KILO * record.number("price_usd_per_unit"), resource
        there = [f for f in lookup.facilities.values() if record["region"] in (ALL, f.place)]
        for t in lookup.years:
            for f in there:
                if record["pathway"] != ALL and record["pathway"] != f.pathway(t):
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
