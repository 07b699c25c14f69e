"""Suggestions for a word that is not known."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

from model.workbook.formatting import LOOK_ALIKE

_MANY = 8
"""A list of names in a message is cut after so many: more are not read."""

_ALIKE = 0.75
"""Two words this alike (0 to 1) differ by a typing error."""

_NEIGHBOURS = 50
"""Of so many names, those that begin as a word does and those that end as it does are compared with it."""

_MOST_KEPT = 1000
"""Words whose nearest name is remembered: the same wrong word is often typed in a whole column."""

_SHORTEST_PART = 3
"""A shorter text is the beginning of too many names to suggest one."""


def listed(names: Iterable[str]) -> str:
    """Names in quotes, cut where they are too many to read.

    >>> listed(["a", "b"])
    "'a', 'b'"
    """
    every = list(names)
    rest = f" and {len(every) - _MANY} more" if len(every) > _MANY else ""
    return ", ".join(f"'{name}'" for name in every[:_MANY]) + rest


def closest(word: str, known: Iterable[str]) -> str:
    """Return the known name nearest to a word, or "" where none is near.

    >>> closest("Facilites", ["facilities", "routes"])
    'facilities'
    >>> closest("plnat_77", [f"plant_{number}" for number in range(5000)])
    'plant_77'
    >>> closest("capex", ["capex_usd_per_tpa", "capacity_tpa"]), closest("hurdle rate (%)", ["hurdle_rate"])
    ('capex_usd_per_tpa', 'hurdle_rate')
    """
    return _vocabulary(frozenset(known)).closest(word)


@lru_cache(maxsize=8)
def _vocabulary(known: frozenset[str]) -> _Vocabulary:
    return _Vocabulary(known)


class _Vocabulary:
    """Known names, in which a word is looked for; of many names only its neighbours are compared letter by letter."""

    def __init__(self, known: frozenset[str]) -> None:
        self._by_fold = {name.casefold(): name for name in sorted(known, reverse=True)}
        self._forwards = sorted(self._by_fold)
        self._backwards = sorted(name[::-1] for name in self._by_fold)
        self._found: dict[str, str] = {}

    def closest(self, word: str) -> str:
        """Return the name nearest to a word, "" where none is near."""
        if word not in self._found:
            if len(self._found) >= _MOST_KEPT:
                self._found.clear()
            self._found[word] = self._search(word)
        return self._found[word]

    def _search(self, word: str) -> str:
        typed = word.translate(LOOK_ALIKE).casefold().replace(" ", "_")
        names = self._neighbours(typed)
        # A matching part of a name is better evidence than a bare likeness.
        near = get_close_matches(typed, names, n=1, cutoff=_ALIKE) or _completions(typed, names)
        near = near or get_close_matches(typed, names, n=1)
        return self._by_fold[near[0]] if near else ""

    def _neighbours(self, typed: str) -> list[str]:
        if len(self._forwards) <= 2 * _NEIGHBOURS:
            return list(self._by_fold)
        begin = _around(self._forwards, typed)
        return list(dict.fromkeys([*begin, *(name[::-1] for name in _around(self._backwards, typed[::-1]))]))


def _around(ordered: list[str], word: str) -> list[str]:
    place = bisect(ordered, word)
    return ordered[max(0, place - _NEIGHBOURS // 2) : place + _NEIGHBOURS // 2]


def _completions(typed: str, names: Iterable[str]) -> list[str]:
    """The names of which only a part was typed, the nearest first: those that begin with it, or the one that has it."""
    if len(typed) < _SHORTEST_PART:
        return []
    begun = [name for name in names if name.startswith(typed)]
    within = [name for name in names if f"_{typed}_" in f"_{name}_"]
    if begun:
        return get_close_matches(typed, begun, n=1, cutoff=0.0)
    return within if len(within) == 1 else []


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a hint for a `name` that is not one of `names`: the nearest one, or the list of names.

    >>> nearest("refinning", ["mining", "refining"])
    "did you mean 'refining'?"
    >>> nearest("x", ["mining", "refining"])
    "there are 'mining', 'refining'"
    >>> nearest("x", [])
    'there are none'
    """
    every = frozenset(names)
    near = closest(name, every)
    if near:
        return f"did you mean '{near}'?"
    return f"there are {listed(sorted(every))}" if every else "there are none"


_LETTERS_ENOUGH = 4
"""Shorter words differ by a letter and both mean something: `ev`, `hev`."""


def is_typing_error(word: str, other: str) -> bool:
    """Whether two identifiers differ by one letter, or by two that are exchanged, in one of their words.

    >>> is_typing_error("dfeence", "defence"), is_typing_error("electric_vehicle", "electric_vehicles")
    (True, True)
    >>> is_typing_error("plant_a", "plant_b"), is_typing_error("phase_2030", "phase_2035")
    (False, False)
    """
    parts, others = word.split("_"), other.split("_")
    if len(parts) != len(others):
        return word.replace("_", "") == other.replace("_", "")
    differing = [pair for pair in zip(parts, others, strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and _differ_by_one(*differing[0])


def _differ_by_one(one: str, other: str) -> bool:
    """Whether words of letters differ by one that is wrong, missing or too many, or by two that are exchanged."""
    short, long = sorted((one, other), key=len)
    if len(short) < _LETTERS_ENOUGH or len(long) > len(short) + 1 or not (one + other).isalpha():
        return False
    start = next((at for at, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    is_exchanged = short[start : start + 2] == long[start : start + 2][::-1] and short[start + 2 :] == long[start + 2 :]
    return is_exchanged or short[start + 1 :] == long[start + 1 :]
