"""Outlets that buy excess output. Solver units (kt, USD million).

Index letters: material `i`, region `r`, provenance `o`, year `t`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from model.data.adjacency import KILO, Adjacency
from model.data.lookup import PROVENANCES, Lookup
from model.data.reach import Reach


@dataclass
class Outlets:
    """Buyers of what is in excess.

    Attributes:
        SELLS: (i, r, o, t).
        OUTLETS: (i, r, t) of outlets that buy something; `most` in kt/yr, `revenue` in USD million per kt.
        provenances: (i, r, t) -> o.
    """

    SELLS: list[tuple[str, str, str, int]] = field(default_factory=list)
    OUTLETS: list[tuple[str, str, int]] = field(default_factory=list)
    most: dict[tuple[str, str, int], float] = field(default_factory=dict)
    revenue: dict[tuple[str, str, int], float] = field(default_factory=dict)
    provenances: Adjacency[str] = field(default_factory=Adjacency)


def find_outlets(lookup: Lookup, reach: Reach) -> Outlets:
    """Outlets for what can be had in their region."""
    outlets = Outlets()
    for record in lookup.tables["outlets"]:
        i, r = record.key
        found = [o for o in PROVENANCES if (i, r, o) in reach.available]
        for t in lookup.years if found else ():
            if record.years[t] <= 0:
                continue
            key = (i, r, t)
            outlets.OUTLETS.append(key)
            outlets.most[key] = KILO * record.years[t]
            outlets.revenue[key] = KILO * record.number("price_share") * lookup.price(i, t)
            for o in found:
                outlets.SELLS.append((i, r, o, t))
                outlets.provenances.join(key, o)
    return outlets
