"""Where a material can come from, and where it is of use: a route between the two carries something or nothing."""

from __future__ import annotations

from tests.independent.contracts import merchant_builds
from tests.independent.data import World

Place = tuple[str, str]
"""A material in a region."""


def scrap_places(w: World) -> set[Place]:
    """Where scrap can be collected: rows of `scrap`, and returns of products demanded there."""
    places = {(i, r) for i, r, _ in w.scrap}
    for row in w.tables["returns"]:
        places |= {(row["scrap"], r) for _, i, r in w.demand if i == row["product"]}
    return places


def standing(w: World) -> list[str]:
    """Facilities that make something in some year, or could."""
    built = {block.facility for block in merchant_builds(w)}
    return [
        f
        for f, row in w.facilities.items()
        if row["kind"] != "substitution" and (f in built or any(w.existing(f, t) > 0 for t in w.years))
    ]


def available(w: World) -> tuple[set[Place], set[Place]]:
    """Where a material can be had, and where it is the region's own (or passes through a port)."""
    plants = standing(w)
    own = scrap_places(w) | set(w.stockpiles)
    had = set(own)
    while True:
        size = len(had) + len(own)
        for f in plants:
            r = w.facilities[f]["region"]
            if all((i, r) in had for i in w.materials_of(f, "input")):
                own |= {(i, r) for i in (w.facilities[f]["output"], *w.materials_of(f, "coproduct"))}
        own |= {(i, r) for i, r in had if w.regions[r]["transit"] == "yes"}
        had |= own | {(i, target) for origin, target, i in w.routes if (i, origin) in own}
        if len(had) + len(own) == size:
            return had, own


def useful(w: World) -> set[Place]:
    """Where a material is demanded, stored, sold, or used for something that is of use itself."""
    places = {d[1:] for d in w.demand} | set(w.stockpiles) | set(w.outlets)
    plants = standing(w)
    while True:
        size = len(places)
        for f in plants:
            r = w.facilities[f]["region"]
            if any((i, r) in places for i in (w.facilities[f]["output"], *w.materials_of(f, "coproduct"))):
                places |= {(i, r) for i in w.materials_of(f, "input")}
        places |= {(i, origin) for origin, target, i in w.routes if (i, target) in places}
        if len(places) == size:
            return places


def living_routes(w: World) -> set[tuple[str, str, str]]:
    """Routes that can carry something to where it is of use."""
    _, own = available(w)
    wanted = useful(w)
    return {(origin, target, i) for origin, target, i in w.routes if (i, origin) in own and (i, target) in wanted}
