"""How values and names are put into messages."""

from __future__ import annotations

import math
from collections.abc import Iterable
from difflib import get_close_matches

from model.schema import Value

_MANY = 8
"""A list of names in a message is cut after so many: more are not read."""


def shown(value: Value | dict[int, Value]) -> str:
    """A value as it would stand in a cell.

    >>> shown(True), shown(2.0), shown(0.125), shown(math.inf), shown(("a", "b")), shown(None)
    ('yes', '2', '0.125', 'none', 'a, b', '')
    >>> shown(123456789.0), shown(0.1 + 0.2)
    ('123456789', '0.3')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{year}: {shown(single)}" for year, single in value.items())
    if isinstance(value, tuple):
        return ", ".join(shown(single) for single in value)
    if isinstance(value, str):
        return value
    return "none" if math.isinf(value) else f"{value:.12g}"


def listed(names: Iterable[str]) -> str:
    """Names in quotes, cut where they are too many to read.

    >>> listed(["a", "b"])
    "'a', 'b'"
    """
    every = list(names)
    rest = f" and {len(every) - _MANY} more" if len(every) > _MANY else ""
    return ", ".join(f"'{name}'" for name in every[:_MANY]) + rest


def nearest(name: str, names: Iterable[str]) -> str:
    """What to say when `name` is none of `names`: the nearest one, or what there is.

    >>> nearest("refinning", ["mining", "refining"])
    "did you mean 'refining'?"
    >>> nearest("x", ["mining", "refining"])
    "there are 'mining', 'refining'"
    >>> nearest("x", [])
    'there are none'
    """
    every = sorted(set(names))
    by_lower = {candidate.lower(): candidate for candidate in reversed(every)}
    close = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{by_lower[close[0]]}'?"
    return f"there are {listed(every)}" if every else "there are none"


def amount(number: float) -> str:
    """A quantity or a price to read, not to calculate with.

    >>> amount(1234567.8), amount(12.345), amount(0.0123456), amount(math.inf)
    ('1,234,568', '12.3', '0.0123', 'unlimited')
    """
    if math.isinf(number):
        return "unlimited"
    return f"{number:,.0f}" if abs(number) >= 100 or number == 0 else f"{number:.3g}"


def in_years(years: Iterable[int], horizon: range) -> str:
    """When something holds, to put behind it: nothing where it always does.

    >>> in_years([2026, 2027, 2029], range(2026, 2031)), in_years([2026, 2027], range(2026, 2028))
    (' in 2026-2027, 2029', '')
    """
    every = sorted(years)
    if every == list(horizon):
        return ""
    spans: list[list[int]] = []
    for year in every:
        if spans and spans[-1][-1] == year - 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    texts = (f"{span[0]}-{span[-1]}" if len(span) > 1 else str(span[0]) for span in spans)
    return " in " + ", ".join(texts)
