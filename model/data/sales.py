"""What outlets take of a stage's output: sold at the stage or, made into something else, at a later one.

Index letters: mineral `m`, stage `g`, region `r`, material `i` or `j`, facility `f`, year `t`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from model.data.adjacency import Adjacency
from model.data.lookup import Lookup
from model.data.outlets import Outlets


@dataclass
class Sales:
    """What outlets take, as a stage sees it.

    Attributes:
        regions: (m, g, t) -> r whose outlets buy what may have passed the stage.
        here: (m, g, r, t) -> (i, t of mineral per t) sold at the stage.
        later: (m, g, r, t) -> (i, t of mineral per t) sold at a later stage.
        beside: (m, g, r, t) -> (f, j, t of mineral per t) made in the region at a later stage from a feed of which
            nothing passed the stage, such as scrap.
    """

    regions: Adjacency[str] = field(default_factory=Adjacency)
    here: Adjacency[tuple[str, float]] = field(default_factory=Adjacency)
    later: Adjacency[tuple[str, float]] = field(default_factory=Adjacency)
    beside: Adjacency[tuple[str, str, float]] = field(default_factory=Adjacency)


def find_sales(lookup: Lookup, outlets: Outlets, outputs: Iterable[tuple[str, str, int]]) -> Sales:
    """Return what outlets take of each stage; `outputs` are the (f, j, t) of what facilities give."""
    sales = Sales()
    for i, r, t in outlets.OUTLETS:
        for m, content in lookup.minerals_in[i].items():
            for g in lookup.stages:
                if g == lookup.stage_of[i]:
                    sales.here.join((m, g, r, t), (i, content))
                elif lookup.is_later(lookup.stage_of[i], g):
                    sales.later.join((m, g, r, t), (i, content))
                else:
                    continue
                if r not in sales.regions[m, g, t]:
                    sales.regions.join((m, g, t), r)
    if sales.later:
        _add_beside(lookup, outputs, sales)
    return sales


def _add_beside(lookup: Lookup, outputs: Iterable[tuple[str, str, int]], sales: Sales) -> None:
    passed = cache(lambda m, g: _find_passed(lookup, m, g))
    wanted: Adjacency[tuple[str, str]] = Adjacency()
    for m, g, r, t in sales.later:
        wanted.join((r, t), (m, g))
    for name, j, t in outputs:
        f = lookup.facilities[name]
        for m, g in wanted[f.place, t] if not f.saves else ():
            content = lookup.minerals_in[j].get(m, 0.0)
            if content > 0 and lookup.is_later(lookup.stage_of[j], g) and name not in passed(m, g):
                sales.beside.join((m, g, f.place, t), (name, j, content))


def _find_passed(lookup: Lookup, m: str, g: str) -> frozenset[str]:
    """Return the facilities whose feed may hold what passed a stage."""
    holding = {i for i, minerals in lookup.minerals_in.items() if m in minerals}
    passed = {i for i in holding if lookup.stage_of[i] == g}
    found: set[str] = set()
    while True:
        more = {name for name, f in lookup.facilities.items() if name not in found and passed.intersection(f.inputs)}
        if not more:
            return frozenset(found)
        found |= more
        for name in more:
            f = lookup.facilities[name]
            passed |= holding.intersection((f.output, *f.coproducts))
