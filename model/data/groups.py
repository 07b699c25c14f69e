"""Limits on what a group of facilities has together, and on how fast it grows. Solver units (kt/yr).

Index letters: limit `x`, facility `f`, decision year `v`, way of financing `k`, year `t`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from model.data.adjacency import KILO, Adjacency
from model.data.capacity import Capacity
from model.data.facility import Facility
from model.data.lookup import Lookup, is_finite
from model.data.signed import Signed
from model.workbook.schema import ALL
from model.workbook.tables import Record


@dataclass
class Groups:
    """Limits on groups of facilities.

    Attributes:
        CAPACITIES: (x, t) of limits on capacity; `room` in kt/yr for new capacity beside what exists.
        GROWTHS: (x, t) of limits on growth; `room` in kt/yr that may be added in any case.
        standing: (x, t) -> (f, v, k, kt/yr that a kt/yr counts).
    """

    CAPACITIES: list[tuple[str, int]] = field(default_factory=list)
    GROWTHS: list[tuple[str, int]] = field(default_factory=list)
    room: dict[tuple[str, int], float] = field(default_factory=dict)
    standing: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)


def find_groups(lookup: Lookup, capacity: Capacity, signed: Signed | None = None) -> Groups:
    """What falls under each limit on a group; of what was built before a shock, a growth limit counts no increase."""
    groups, known = Groups(), signed.known_from if signed else lookup.years[0]
    for record in lookup.tables["group_limits"]:
        for t in lookup.years:
            if is_finite(record.years[t]):
                members = [f for f in lookup.facilities.values() if _is_member(record, f, t)]
                if record["kind"] == "capacity":
                    _add_capacity(record, members, t, capacity, groups)
                else:
                    _add_growth(record, members, t, capacity, known, groups)
    return groups


def _is_member(record: Record, f: Facility, t: int) -> bool:
    materials = record.names("materials")
    return (
        (ALL in materials or f.output in materials)
        and record["region"] in (ALL, f.place)
        and record["pathway"] in (ALL, f.pathway(t))
    )


def _add_capacity(record: Record, members: list[Facility], t: int, capacity: Capacity, groups: Groups) -> None:
    key = (record.text("limit"), t)
    for f in members:
        for v, k in capacity.online[f.name, t]:
            groups.standing.join(key, (f.name, v, k, 1.0))
    if groups.standing[key]:
        groups.CAPACITIES.append(key)
        groups.room[key] = KILO * max(0.0, record.years[t] - sum(f.existing(t) for f in members))


def _add_growth(
    record: Record, members: list[Facility], t: int, capacity: Capacity, known: int, groups: Groups
) -> None:
    key, allowed = (record.text("limit"), t), 1 + record.years[t]
    is_new = False
    for f in members:
        now, before = set(capacity.online[f.name, t]), set(capacity.online[f.name, t - 1])
        for v, k in sorted(now | before):
            counted = float((v, k) in now) - allowed * ((v, k) in before)
            if v < known:
                counted = min(0.0, counted)
            is_new = is_new or counted > 0
            if counted != 0:
                groups.standing.join(key, (f.name, v, k, counted))
    if is_new:  # Only what is added can be too much.
        there, was = (sum(f.existing(year) for f in members) for year in (t, t - 1))
        groups.GROWTHS.append(key)
        groups.room[key] = KILO * max(0.0, allowed * was + record.number("start_tpa") - there)
