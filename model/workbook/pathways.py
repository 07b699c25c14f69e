"""Which pathway a facility belongs to."""

from __future__ import annotations


def pathway(kind: str, standing: str) -> str:
    """Return the pathway of a facility of this kind in a region of this standing, one of `schema.PATHWAYS`.

    >>> pathway("primary", "partner")
    'friendshore'
    >>> pathway("recycling", "home"), pathway("recycling", "concern")
    ('recycled', 'china')
    """
    if standing == "concern":
        return "china"
    if standing == "other":
        return "other"
    if kind == "recycling":
        return "recycled"
    if kind == "substitution":
        return "substituted"
    return "onshore" if standing == "home" else "friendshore"
