"""Projects and those that can replace them at no cost: ties put in order, joined, and named in a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

Ties = dict[str, tuple[str, ...]]
"""Facility -> the facilities that could be built instead."""


def merge_ties(every: Iterable[Mapping[str, tuple[str, ...]]]) -> Ties:
    """Return what is tied in any of several plans."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for ties in every:
        for f, others in ties.items():
            found[f].update(others)
    return sort_ties(found)


def sort_ties(found: Mapping[str, set[str]]) -> Ties:
    """Return ties in the order of names."""
    return {f: tuple(sorted(others)) for f, others in sorted(found.items())}


def name_ties(ties: Mapping[str, Iterable[str]], f: str) -> str:
    """Return the facilities that are tied with one, as a cell of a table; "" where none is.

    >>> name_ties({"east": ("north", "west")}, "east")
    'north, west'
    """
    return ", ".join(ties.get(f, ()))
