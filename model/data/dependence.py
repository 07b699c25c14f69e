"""What new and existing capacity depends on besides room: another project, and not having been closed. Solver units.

Index letters: facility `f`, the facility it requires `q`, decision year `v`, first delivery year `s`, way of financing
`k`, year `t`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from model.data.adjacency import KILO, Adjacency
from model.data.capacity import Capacity
from model.data.facility import Facility
from model.data.lookup import Lookup
from model.data.signed import Signed, emergency_price

YEARLY = "max_new_tpa_per_year"
"""Column of the most that may be decided in a year."""


@dataclass
class Dependence:
    """Projects that require another, and plants that cannot reopen.

    Attributes:
        REQUIRED: (f, t) of projects in years in which what they require does not exist already.
        BREACHES: (f, t) of projects built before a shock that could be left without what they require; `breach_price`
            in USD million per kt/yr.
        shares: (f, t) -> (v, k, share of the room for f that a kt/yr takes); `share` of any kt/yr.
        required_shares: (f, t) -> (q, v, k, share of the room for q that a kt/yr takes).
        REOPENINGS: (f, t) of plants that stay closed once they are; `arriving` kt/yr that come into being in `t`.
        rescues: (f, t) -> (s, k, share of the rescued nameplate open in `t` less that open the year before).
    """

    REQUIRED: list[tuple[str, int]] = field(default_factory=list)
    REOPENINGS: list[tuple[str, int]] = field(default_factory=list)
    BREACHES: list[tuple[str, int]] = field(default_factory=list)
    breach_price: dict[tuple[str, int], float] = field(default_factory=dict)
    share: dict[tuple[str, int], float] = field(default_factory=dict)
    shares: Adjacency[tuple[int, str, float]] = field(default_factory=Adjacency)
    required_shares: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)
    arriving: dict[tuple[str, int], float] = field(default_factory=dict)
    rescues: Adjacency[tuple[int, str, float]] = field(default_factory=Adjacency)


def find_dependence(lookup: Lookup, capacity: Capacity, signed: Signed | None = None) -> Dependence:
    """Return what each project and plant depends on.

    What was built or rescued before a shock goes on, whatever the shock does to what it depends on.
    """
    found, known = Dependence(), signed.known_from if signed else lookup.years[0]
    for f in lookup.facilities.values():
        if f.required:
            _add_required(lookup, f, capacity, signed, found)
        if f.record["reopens"] is False:
            _add_reopening(lookup, f, capacity, known, found)
    return found


def _add_required(lookup: Lookup, f: Facility, capacity: Capacity, signed: Signed | None, found: Dependence) -> None:
    q = lookup.facilities[f.required]
    for t in lookup.years:
        key, standing = (f.name, t), capacity.online[f.name, t]
        if signed and _is_excused(f, q, t, capacity, signed):
            standing = [(v, k) for v, k in standing if v >= signed.known_from]
        if q.existing(t) > 0 or not standing or f.room(t) <= 0:
            continue
        found.REQUIRED.append(key)
        found.share[key] = _share(f, t)
        for v, k in standing:
            found.shares.join(key, (v, k, _share(_as_known(f, v, signed), t)))
        for v, k in capacity.online[q.name, t]:
            if _share(_as_known(q, v, signed), t) > 0:
                found.required_shares.join(key, (q.name, v, k, _share(_as_known(q, v, signed), t)))
        if signed and t >= signed.known_from and any(v < signed.known_from for v, _ in standing):
            found.BREACHES.append(key)
            worth = found.share[key] * signed.worth_of("required_project_limit", *key)
            found.breach_price[key] = emergency_price(lookup, worth)


def _share(f: Facility, t: int) -> float:
    """Return the share of the room for a project that a kt/yr of it takes; 0 where it has no room."""
    return 1 / (KILO * f.room(t)) if f.room(t) > 0 else 0.0


def _as_known(f: Facility, v: int, signed: Signed | None) -> Facility:
    """Return a project as those knew it who decided on it."""
    return signed.lookup.facilities[f.name] if signed and v < signed.known_from else f


def _is_excused(f: Facility, q: Facility, t: int, capacity: Capacity, signed: Signed) -> bool:
    """Whether a shock leaves less of a project, or less choice in building it, than those knew who relied on it."""
    known, before_shock = signed.known_from, signed.lookup.facilities
    if f.name not in before_shock or before_shock[f.name].required != q.name:
        return True
    was = before_shock[q.name]
    before = [(v, k) for v, k in signed.online[q.name, t] if v >= known]
    return (
        was.existing(t) > q.existing(t)
        or was.room(t) > q.room(t)
        or not set(before) <= set(capacity.online[q.name, t])
        or any(was.number(YEARLY, v) > q.number(YEARLY, v) for v, _ in before)
    )


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
