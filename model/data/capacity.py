"""Capacity in numbers: what exists, what can be built, and when. Solver units (kt/yr).

Index letters: facility `f`, decision year `v`, first delivery year `s`, way of financing `k`, year `t`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from model.data.adjacency import KILO, Adjacency
from model.data.awards import Award
from model.data.facility import Facility
from model.data.financing import MERCHANT, Financing
from model.data.in_force import find_kept
from model.data.lookup import Lookup, is_finite
from model.data.network import Network
from model.data.signed import Signed


@dataclass
class Capacity:
    """What exists, what can be built or kept open, and what it makes.

    Attributes:
        ACTIVE: (f, t) in which a facility can make, or save, something; `utilisation` as share.
        BUILDS: (f, v, k); RETAINS: (f, t); RESCUES: (f, s, k).
        EXISTING: (f, t) with existing capacity to keep open; `existing` in kt/yr.
        ramped: (f, t) -> (v, k, share of nameplate).
        online: (f, t) -> (v, k).
        rescued: (f, t) -> (s, k, share of the contracted nameplate that is there).
        unit: f -> kt/yr of facilities that are built in whole units; empty unless the workbook asks for whole projects.
        YEARLY_LIMITS: (f, v) of new capacity decided in a year; `yearly_limit` in kt/yr.
        SITE_LIMITS: (f, t) of new capacity that stands, in years no other year's row implies; `site_limit` in kt/yr.
        financed: (f, v) -> k; decided: f -> (v, k).
        RESERVES: f with a limited reserve; `reserve` in kt, `worked` f -> t.
    """

    ACTIVE: list[tuple[str, int]] = field(default_factory=list)
    BUILDS: list[tuple[str, int, str]] = field(default_factory=list)
    RETAINS: list[tuple[str, int]] = field(default_factory=list)
    RESCUES: list[tuple[str, int, str]] = field(default_factory=list)
    EXISTING: list[tuple[str, int]] = field(default_factory=list)
    YEARLY_LIMITS: list[tuple[str, int]] = field(default_factory=list)
    SITE_LIMITS: list[tuple[str, int]] = field(default_factory=list)
    RESERVES: list[str] = field(default_factory=list)
    utilisation: dict[tuple[str, int], float] = field(default_factory=dict)
    existing: dict[tuple[str, int], float] = field(default_factory=dict)
    yearly_limit: dict[tuple[str, int], float] = field(default_factory=dict)
    site_limit: dict[tuple[str, int], float] = field(default_factory=dict)
    unit: dict[str, float] = field(default_factory=dict)
    reserve: dict[str, float] = field(default_factory=dict)
    ramped: Adjacency[tuple[int, str, float]] = field(default_factory=Adjacency)
    online: Adjacency[tuple[int, str]] = field(default_factory=Adjacency)
    rescued: Adjacency[tuple[int, str, float]] = field(default_factory=Adjacency)
    financed: Adjacency[str] = field(default_factory=Adjacency)
    decided: Adjacency[tuple[int, str]] = field(default_factory=Adjacency)
    worked: Adjacency[int] = field(default_factory=Adjacency)


def find_running(lookup: Lookup, financing: Financing) -> dict[str, list[int]]:
    """Facility -> the years in which some of its capacity, existing or new, could be open and in use."""
    years: dict[str, set[int]] = {name: set() for name in lookup.facilities}
    for name, t in financing.retained:
        years[name].add(t)
    for name, t in find_kept(lookup):
        years[name].add(t)
    for award in financing.existing.values():
        years[award.facility].update(award.covered)
    for name, v in {*financing.merchant, *((award.facility, award.year) for award in financing.new.values())}:
        f = lookup.facilities[name]
        years[name].update(range(v + f.lead(v), v + f.lead(v) + f.life))
    return {
        name: [t for t in lookup.years if t in found and lookup.facilities[name].number("utilisation", t) > 0]
        for name, found in years.items()
    }


def find_capacity(lookup: Lookup, financing: Financing, net: Network, signed: Signed | None = None) -> Capacity:
    """Capacity of the facilities that have a place in the network."""
    capacity = Capacity()
    order = {f: n for n, f in enumerate(lookup.facilities)}
    active = {(f, t) for f, t in (*net.feeds, *net.saved)}
    capacity.ACTIVE = sorted(active, key=lambda key: (order[key[0]], key[1]))
    for f, t in capacity.ACTIVE:
        capacity.utilisation[f, t] = lookup.facilities[f].number("utilisation", t)
        if is_finite(lookup.facilities[f].number("reserve_t")):
            capacity.reserve[f] = KILO * lookup.facilities[f].number("reserve_t")
            capacity.worked.join((f,), t)
    capacity.RESERVES = list(capacity.reserve)
    # What was begun before a shock is paid for, even where the shock leaves it nothing to do.
    useful = {f for f, _ in capacity.ACTIVE} | (signed.active if signed else frozenset())
    open_years = financing.retained | set(find_kept(lookup))
    useful |= _required(lookup, useful)
    offers: Adjacency[str] = Adjacency()
    for (f, v, k), award in financing.new.items():
        if _can_deliver(award, lookup.years, active, signed):
            offers.join((f, v), k)
    rescues: Adjacency[tuple[int, str]] = Adjacency()
    for (f, s, k), award in financing.existing.items():
        if _can_deliver(award, lookup.years, active, signed):
            rescues.join((f,), (s, k))
    for f in lookup.facilities:
        if f in useful:
            _add_existing(lookup, f, financing, open_years, rescues[f,], capacity)
            _add_builds(lookup, f, financing, offers, capacity)
    return capacity


def _required(lookup: Lookup, facilities: set[str] | frozenset[str]) -> set[str]:
    """Return the facilities that others need to stand, and those that these need."""
    found: set[str] = set()
    asked = set(facilities)
    while asked:
        asked = {lookup.facilities[f].required for f in asked} - found - {""}
        found |= asked
    return found


def _can_deliver(award: Award, years: range, active: set[tuple[str, int]], signed: Signed | None) -> bool:
    """Whether a facility can make something in every year a contract asks for output; or it is signed already."""
    if signed and signed.is_signed(award):
        return True
    return all((award.facility, t) in active for t, covered in award.covered.items() if t in years and covered > 0)


def _add_existing(
    lookup: Lookup, f: str, financing: Financing, open_years: set[tuple[str, int]], rescues: list[tuple[int, str]],
    capacity: Capacity,
) -> None:  # fmt: skip
    facility = lookup.facilities[f]
    for t in lookup.years:
        if (f, t) in open_years:
            capacity.RETAINS.append((f, t))
    for s, k in rescues:
        award = financing.existing[f, s, k]
        capacity.RESCUES.append((f, s, k))
        for t in award.covered:
            capacity.rescued.join((f, t), (s, k, award.there.get(t, 1.0)))
    for t in lookup.years:
        if (f, t) in open_years or capacity.rescued[f, t]:
            capacity.EXISTING.append((f, t))
            capacity.existing[f, t] = KILO * facility.existing(t)


def _add_builds(lookup: Lookup, f: str, financing: Financing, offers: Adjacency[str], capacity: Capacity) -> None:
    facility = lookup.facilities[f]
    for v in lookup.years:
        ways = [MERCHANT] if (f, v) in financing.merchant else []
        ways += offers[f, v]
        for k in ways:
            capacity.BUILDS.append((f, v, k))
            capacity.financed.join((f, v), k)
            capacity.decided.join((f,), (v, k))
            start = v + facility.lead(v)
            for t in range(start, min(start + facility.life, lookup.years[-1] + 1)):
                capacity.ramped.join((f, t), (v, k, facility.ramp(t - start)))
                capacity.online.join((f, t), (v, k))
        if ways and is_finite(facility.number("max_new_tpa_per_year", v)):
            capacity.YEARLY_LIMITS.append((f, v))
            capacity.yearly_limit[f, v] = KILO * facility.contractable(v) * facility.number("max_new_tpa_per_year", v)
    if is_finite(facility.number("max_new_tpa")):
        _add_site(lookup, facility, capacity)
    unit = _find_unit(lookup, facility) if capacity.decided[f,] else None
    if unit is not None:
        capacity.unit[f] = KILO * min(facility.contractable(t) for t in lookup.years) * unit


def _add_site(lookup: Lookup, facility: Facility, capacity: Capacity) -> None:
    """The room on a site, in each year that no later year implies: one before some of it retires, or room shrinks."""
    f, later, room = facility.name, set[tuple[int, str]](), 0.0
    for t in reversed(lookup.years):
        standing, limit = set(capacity.online[f, t]), KILO * facility.room(t)
        if standing and not (standing <= later and limit >= room):
            capacity.SITE_LIMITS.append((f, t))
            capacity.site_limit[f, t] = limit
        later, room = standing, limit


def _find_unit(lookup: Lookup, facility: Facility) -> float | None:
    """Return the size of a unit, t/yr; None where capacity is divisible.

    A project without a unit is a unit itself, unless no single year allows all of it: then it is a programme, of which
    some is built every year.
    """
    if lookup.tables.setting("whole_projects") is not True:
        return None
    if facility.record["unit_tpa"] is not None:
        return facility.number("unit_tpa")
    most = facility.number("max_new_tpa")
    in_a_year = max(facility.number("max_new_tpa_per_year", v) for v in lookup.years)
    return most if is_finite(most) and most <= in_a_year else None
