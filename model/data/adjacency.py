"""Lists of items by key, and the factor between the planner's and the solver's units."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

KILO = 1e-3
"""t -> kt, and USD per t -> USD million per kt."""

Key = tuple[Any, ...]
T = TypeVar("T")


class Adjacency(dict[Key, list[T]], Generic[T]):
    """Key -> what is joined to it; a key that is not there is joined to nothing, and asking does not add it."""

    def __missing__(self, key: Key) -> list[T]:
        return []

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (), None, None, iter(self.items())

    def join(self, key: Key, item: T) -> None:
        """Add an item to a key."""
        if key in self:
            self[key].append(item)
        else:
            self[key] = [item]
