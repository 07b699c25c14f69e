"""Records which sheets a rule reads, so that a rule is not repeated for scenarios in which these are the same.

The problems that a rule finds follow from what it reads and from nothing else. Where all of that is the same in two
scenarios, the problems are the same too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar, overload

from model.workbook.schema import SHEETS
from model.workbook.tables import Record, Tables

Value_co = TypeVar("Value_co", covariant=True)


class Watch:
    """Notes what is read: the names of sheets, and of other facts a scenario decides."""

    def __init__(self) -> None:
        self._open: list[set[str]] = [set()]

    def note(self, facts: Iterable[str]) -> None:
        """Note that something was read."""
        self._open[-1].update(facts)

    @contextmanager
    def look(self) -> Iterator[set[str]]:
        """Collect what is read inside; whoever looks around it has read it too."""
        facts: set[str] = set()
        self._open.append(facts)
        try:
            yield facts
        finally:
            self._open.pop()
            self.note(facts)


class _WatchedRecords(dict[str, list[Record]]):
    def __init__(self, tables: Tables, watch: Watch) -> None:
        super().__init__({sheet.name: tables.of(sheet.name) for sheet in SHEETS})
        self._watch = watch

    def __getitem__(self, sheet: str) -> list[Record]:
        self._watch.note((sheet,))
        return super().__getitem__(sheet)

    def items(self) -> Any:
        """Return all sheets, which are read then."""
        self._watch.note(self)
        return super().items()

    def values(self) -> Any:
        """Return the records of all sheets, which are read then."""
        self._watch.note(self)
        return super().values()


class WatchedTables(Tables):
    """Tables that note which of their sheets are read."""

    def __init__(self, tables: Tables, watch: Watch) -> None:
        super().__init__({})
        self._records = _WatchedRecords(tables, watch)


class Watched:
    """Something that has a watch, and knows what followed from what was read.

    Attributes:
        watch: notes what is read.
        known: name of a shared property -> its value, and all that was read to find it.
    """

    def __init__(self) -> None:
        self.watch = Watch()
        self.known: dict[str, tuple[Any, frozenset[str]]] = {}


class shared(Generic[Value_co]):  # noqa: N801 - used as `property` is
    """A property that is found once; whoever asks for it has read all it was found from."""

    def __init__(self, find: Callable[[Any], Value_co]) -> None:
        self._find, self._name, self.__doc__ = find, find.__name__, find.__doc__

    @overload
    def __get__(self, owner: None, kind: type) -> shared[Value_co]: ...
    @overload
    def __get__(self, owner: Watched, kind: type) -> Value_co: ...
    def __get__(self, owner: Watched | None, kind: type) -> shared[Value_co] | Value_co:
        """Return the value, found where nobody has asked for it before."""
        if owner is None:
            return self
        if self._name not in owner.known:
            with owner.watch.look() as facts:
                value = self._find(owner)
            owner.known[self._name] = value, frozenset(facts)
        value, read = owner.known[self._name]
        owner.watch.note(read)
        return value
