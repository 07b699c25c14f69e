"""Limits on what a group of facilities has together, and on how fast it grows. Solver units (kt/yr).

Index letters: limit `x`, facility `f`, decision year `v`, way of financing `k`, year `t`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from model.data.adjacency import KILO, Adjacency
from model.data.facility import Facility
from model.data.lookup import Lookup, is_finite
from model.data.signed import Signed, emergency_price
from model.workbook.schema import ALL
from model.workbook.tables import Record

Online = Adjacency[tuple[int, str]]
"""(f, t) -> (v, k) of what could be built and stands."""


@dataclass
class Groups:
    """Limits on groups of facilities.

    Attributes:
        CAPACITIES: (x, t) of limits on capacity; `room` in kt/yr for new capacity beside what exists.
        GROWTHS: (x, t) of limits on growth; `room` in kt/yr that may be added in any case.
        standing: (x, t) -> (f, v, k, kt/yr that a kt/yr counts).
        BREACHES: (x, t) of limits on growth that what was decided before a shock could miss; `breach_price` in USD
            million per kt/yr.
    """

    CAPACITIES: list[tuple[str, int]] = field(default_factory=list)
    GROWTHS: list[tuple[str, int]] = field(default_factory=list)
    room: dict[tuple[str, int], float] = field(default_factory=dict)
    standing: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)
    BREACHES: list[tuple[str, int]] = field(default_factory=list)
    breach_price: dict[tuple[str, int], float] = field(default_factory=dict)


def find_groups(lookup: Lookup, online: Online, signed: Signed | None = None) -> Groups:
    """Return what falls under each limit on a group.

    Of what was built before a shock, a limit on growth that the shock makes stricter counts no increase.
    """
    groups = Groups()
    before = find_groups(signed.lookup, signed.online) if signed else groups
    for record in lookup.tables["group_limits"]:
        for t in lookup.years:
            if is_finite(record.years[t]):
                members = [f for f in lookup.facilities.values() if _is_member(record, f, t)]
                if record["kind"] == "capacity":
                    _add_capacity(record, members, t, online, groups)
                else:
                    _add_growth(record, members, t, online, groups)
                    if signed:
                        _excuse_growth(lookup, (record.text("limit"), t), before, signed, groups)
    return groups


def _is_member(record: Record, f: Facility, t: int) -> bool:
    materials = record.names("materials")
    return (
        (ALL in materials or f.output in materials)
        and record["region"] in (ALL, f.place)
        and record["pathway"] in (ALL, f.pathway(t))
    )


def _add_capacity(record: Record, members: list[Facility], t: int, online: Online, groups: Groups) -> None:
    key = (record.text("limit"), t)
    for f in members:
        for v, k in online[f.name, t]:
            groups.standing.join(key, (f.name, v, k, 1.0))
    if groups.standing[key]:
        groups.CAPACITIES.append(key)
        groups.room[key] = KILO * max(0.0, record.years[t] - sum(f.existing(t) for f in members))


def _add_growth(record: Record, members: list[Facility], t: int, online: Online, groups: Groups) -> None:
    key, allowed = (record.text("limit"), t), 1 + record.years[t]
    is_new = False
    for f in members:
        now, before = set(online[f.name, t]), set(online[f.name, t - 1])
        for v, k in sorted(now | before):
            counted = float((v, k) in now) - allowed * ((v, k) in before)
            is_new = is_new or counted > 0
            if counted != 0:
                groups.standing.join(key, (f.name, v, k, counted))
    if is_new:  # Only what is added can be too much.
        there, was = (sum(f.existing(year) for f in members) for year in (t, t - 1))
        groups.GROWTHS.append(key)
        groups.room[key] = KILO * max(0.0, allowed * was + record.number("start_tpa") - there)


def _excuse_growth(lookup: Lookup, key: tuple[str, int], before: Groups, signed: Signed, groups: Groups) -> None:
    """Let what was decided before a shock stand: free of charge where the shock made the limit stricter."""
    known = signed.known_from
    if key not in groups.room or not any(v < known and counted > 0 for _, v, _, counted in groups.standing[key]):
        return
    if key[1] < known or not _is_stricter(key, before, groups):
        if key[1] >= known:
            groups.BREACHES.append(key)
            groups.breach_price[key] = emergency_price(lookup, signed.worth_of("group_growth_limit", *key))
        return
    kept = [(f, v, k, min(0.0, counted) if v < known else counted) for f, v, k, counted in groups.standing[key]]
    groups.standing[key][:] = [part for part in kept if part[-1] != 0]
    if not any(counted > 0 for *_, counted in kept):
        groups.GROWTHS.remove(key)


def _is_stricter(key: tuple[str, int], before: Groups, now: Groups) -> bool:
    """Return whether a limit on growth allows less than those knew who decided before a shock."""
    if key not in before.room or before.room[key] > now.room[key]:
        return True
    was = {part[:3]: part[-1] for part in before.standing[key]}
    counted = {part[:3]: part[-1] for part in now.standing[key]}
    return any(counted.get(part, 0.0) > was.get(part, 0.0) for part in {**was, **counted})
