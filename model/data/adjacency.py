"""Keys joined to lists of what belongs to them, and the factor between planner's and solver's units."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Generic, TypeVar

KILO = 1e-3
"""t -> kt, and USD per t -> USD million per kt."""

Key = tuple[Any, ...]
T = TypeVar("T")


class Adjacency(defaultdict[Key, list[T]], Generic[T]):
    """Key -> what is joined to it; a key that is not there is joined to nothing, and asking does not add it."""

    def __init__(self) -> None:
        super().__init__(list)

    def __getitem__(self, key: Key) -> list[T]:
        return self.get(key, [])

    def join(self, key: Key, item: T) -> None:
        """Add an item to a key."""
        super().__getitem__(key).append(item)
