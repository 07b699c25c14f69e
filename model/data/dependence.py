"""What new and existing capacity depends on beside room: another project, and not having been closed. Solver units.

Index letters: facility `f`, the facility it requires `q`, decision year `v`, first delivery year `s`, way of financing
`k`, year `t`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from model.data.adjacency import KILO, Adjacency
from model.data.capacity import Capacity
from model.data.facility import Facility
from model.data.lookup import Lookup
from model.data.signed import Signed


@dataclass
class Dependence:
    """Projects that require another, and plants that cannot reopen.

    Attributes:
        REQUIRED: (f, t) of projects in years in which what they require does not exist already.
        shares: (f, t) -> (v, k, share of the room for f that a kt/yr takes).
        required_shares: (f, t) -> (q, v, k, share of the room for q that a kt/yr takes).
        REOPENINGS: (f, t) of plants that stay closed once they are; `arriving` kt/yr that come into being in `t`.
        rescues: (f, t) -> (s, k, share of the rescued nameplate open in `t` less that open the year before).
    """

    REQUIRED: list[tuple[str, int]] = field(default_factory=list)
    REOPENINGS: list[tuple[str, int]] = field(default_factory=list)
    shares: Adjacency[tuple[int, str, float]] = field(default_factory=Adjacency)
    required_shares: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)
    arriving: dict[tuple[str, int], float] = field(default_factory=dict)
    rescues: Adjacency[tuple[int, str, float]] = field(default_factory=Adjacency)


def find_dependence(lookup: Lookup, capacity: Capacity, signed: Signed | None = None) -> Dependence:
    """What each project and plant depends on.

    What was built or rescued before a shock goes on, whatever the shock does to what it depends on.
    """
    found, known = Dependence(), signed.known_from if signed else lookup.years[0]
    for f in lookup.facilities.values():
        if f.required:
            _add_required(lookup, f, capacity, known, found)
        if f.record["reopens"] is False:
            _add_reopening(lookup, f, capacity, known, found)
    return found


def _add_required(lookup: Lookup, f: Facility, capacity: Capacity, known: int, found: Dependence) -> None:
    q = lookup.facilities[f.required]
    for t in lookup.years:
        standing = [(v, k) for v, k in capacity.online[f.name, t] if v >= known]
        if q.existing(t) > 0 or not standing or f.room(t) <= 0:
            continue
        found.REQUIRED.append((f.name, t))
        for v, k in standing:
            found.shares.join((f.name, t), (v, k, 1 / (KILO * f.room(t))))
        for v, k in capacity.online[q.name, t] if q.room(t) > 0 else ():
            found.required_shares.join((f.name, t), (q.name, v, k, 1 / (KILO * q.room(t))))


def _add_reopening(lookup: Lookup, f: Facility, capacity: Capacity, known: int, found: Dependence) -> None:
    existing = set(capacity.EXISTING)
    for t in lookup.years[1:]:
        key = (f.name, t)
        if key not in existing:
            continue
        found.REOPENINGS.append(key)
        found.arriving[key] = KILO * max(0.0, f.existing(t) - f.existing(t - 1))
        before = {(s, k): there for s, k, there in capacity.rescued[f.name, t - 1]}
        now = {(s, k): there for s, k, there in capacity.rescued[f.name, t]}
        for s, k in before | now:
            change = now.get((s, k), 0.0) - before.get((s, k), 0.0)
            if s < known and (s, k) in before:
                change = min(0.0, change)
            if change != 0:
                found.rescues.join(key, (s, k, change))
