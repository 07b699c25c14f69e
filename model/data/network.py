"""What is made, recovered, saved and downgraded where, and the balances that tie it. Solver units (kt).

Index letters: facility `f`, material `i` or `j`, region `r`, demand row `d`, provenance `o`, year `t`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from model.data.adjacency import Adjacency
from model.data.demand import Demand
from model.data.facility import Facility
from model.data.lookup import PROVENANCES, Lookup
from model.data.outlets import Outlets
from model.data.reach import Reach, can_feed
from model.data.recycling import Recycling
from model.data.stockpile import Stockpile
from model.data.trade import Trade


@dataclass
class Network:
    """Making, taking up, saving and downgrading, and where each shows in the balances.

    Attributes:
        MAKES: (f, o, t) with o the provenance of the feed.
        TAKES: (f, j, o, t) with o the provenance of the coproduct.
        SAVES: (f, d, t).
        DOWNGRADES: (i, r, t).
        BALANCES: (i, r, o, t).
        makers: (i, r, o, t) -> (f, provenance of the feed, share of its output that is o).
        takers: (i, r, o, t) -> f.
        yields: (f, j, o, t) -> (provenance of the feed, t of the coproduct with provenance o per t of activity).
        users: (i, r, o, t) -> (f, t of input per t of activity).
        feeds: (f, t) -> provenances it can be fed with.
        saved: (f, t) -> d.
    """

    MAKES: list[tuple[str, str, int]] = field(default_factory=list)
    TAKES: list[tuple[str, str, str, int]] = field(default_factory=list)
    SAVES: list[tuple[str, str, int]] = field(default_factory=list)
    DOWNGRADES: list[tuple[str, str, int]] = field(default_factory=list)
    BALANCES: list[tuple[str, str, str, int]] = field(default_factory=list)
    makers: Adjacency[tuple[str, str, float]] = field(default_factory=Adjacency)
    takers: Adjacency[str] = field(default_factory=Adjacency)
    yields: Adjacency[tuple[str, float]] = field(default_factory=Adjacency)
    users: Adjacency[tuple[str, float]] = field(default_factory=Adjacency)
    feeds: Adjacency[str] = field(default_factory=Adjacency)
    saved: Adjacency[str] = field(default_factory=Adjacency)


def find_network(lookup: Lookup, reach: Reach, running: dict[str, list[int]], demand: Demand) -> Network:
    """Return where facilities can run, on which inputs, and what they yield."""
    net = Network()
    for f in lookup.facilities.values():
        for t in running[f.name]:
            if f.saves:
                _add_saving(f, t, demand, net)
            elif (f.output, f.place) in reach.useful:
                _add_making(f, t, reach, net)
    used = {(i, r, t) for i, r, o, t in net.users if o == "exposed"}
    net.DOWNGRADES = [
        (i, r, t) for i, r in sorted(reach.mixed) for t in lookup.years
        if (i, r, t) in used and (i, r, "clear") in reach.available
    ]  # fmt: skip
    return net


def _add_saving(f: Facility, t: int, demand: Demand, net: Network) -> None:
    for d, row in demand.rows.items():
        if (row.material, row.region) == (f.output, f.place) and (d, t) in demand.amount:
            net.SAVES.append((f.name, d, t))
            net.saved.join((f.name, t), d)
            demand.savers.join((d, t), f.name)


def _add_making(f: Facility, t: int, reach: Reach, net: Network) -> None:
    concern = f.concern(t)
    for feed in PROVENANCES:
        if not can_feed(f, feed, reach.available):
            continue
        net.MAKES.append((f.name, feed, t))
        net.feeds.join((f.name, t), feed)
        shares = {"clear": 1 - concern, "exposed": concern} if feed == "clear" else {"exposed": 1.0}
        for o, share in shares.items():
            if share > 0:
                net.makers.join((f.output, f.place, o, t), (f.name, feed, share))
                for j, b in f.coproducts.items():
                    net.yields.join((f.name, j, o, t), (feed, b * share))
        for i, a in f.inputs.items():
            net.users.join((i, f.place, feed, t), (f.name, a))
    for j in f.coproducts:
        for o in PROVENANCES:
            if net.yields[f.name, j, o, t] and (j, f.place) in reach.useful:
                net.TAKES.append((f.name, j, o, t))
                net.takers.join((j, f.place, o, t), f.name)


def find_balances(lookup: Lookup, net: Network, trade: Trade, demand: Demand, recycling: Recycling,
                  stockpile: Stockpile, outlets: Outlets) -> list[tuple[str, str, str, int]]:  # fmt: skip
    """Return every (i, r, o, t) that some flow touches, the rows of a mineral together."""
    touched = {key for group in (net.makers, net.takers, net.users, trade.arriving, trade.leaving, demand.delivered)
               for key in group}  # fmt: skip
    touched |= {(i, r, "clear", t) for i, r, t in recycling.COLLECTS}
    touched |= {*stockpile.STOCKS, *outlets.SELLS}
    touched |= {(i, r, o, t) for i, r, t in net.DOWNGRADES for o in PROVENANCES}
    return sorted(touched, key=lambda key: (lookup.block_of[str(key[0])], *map(str, key)))
