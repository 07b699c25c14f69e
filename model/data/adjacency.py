"""Lists of items by key, and the factor between the planner's and the solver's units."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Generic, TypeVar

KILO = 1e-3
"""t -> kt, and USD per t -> USD million per kt."""

Key = tuple[Any, ...]
T = TypeVar("T")


class Adjacency(defaultdict[Key, list[T]], Generic[T]):
    """Items by key; a missing key has none, and looking it up does not add it."""

    def __init__(self) -> None:
        super().__init__(list)

    def __getitem__(self, key: Key) -> list[T]:
        return self.get(key, [])

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (), None, None, iter(self.items())

    def join(self, key: Key, item: T) -> None:
        """Add an item to a key."""
        super().__getitem__(key).append(item)
