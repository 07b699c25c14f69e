"""Numbers, years and lists as a sentence says them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence


def money(usd_million: float) -> str:
    """An amount of money.

    >>> money(4210.0), money(310.4), money(0.42), money(0.0), money(-1500.0)
    ('4.21 bn USD', '310 m USD', '0.42 m USD', '0 USD', '-1.50 bn USD')
    """
    size = abs(usd_million)
    if size >= 1e3:
        return f"{usd_million / 1e3:,.2f} bn USD"
    if size >= 10:
        return f"{usd_million:,.0f} m USD"
    return f"{usd_million:.2g} m USD" if size > 0 else "0 USD"


def tonnes(t: float) -> str:
    """An amount of goods.

    >>> tonnes(73460.2), tonnes(12.34), tonnes(0.0)
    ('73,460 t', '12.3 t', '0 t')
    """
    return f"{t:,.0f} t" if abs(t) >= 100 or t == 0 else f"{t:.3g} t"


def percent(share: float) -> str:
    """A share; small ones are not rounded to nothing.

    >>> percent(0.384), percent(0.004), percent(0.0), percent(1.0)
    ('38 %', '0.4 %', '0 %', '100 %')
    """
    points = 100 * share
    return f"{points:.0f} %" if abs(points) >= 1 or points == 0 else f"{points:.1g} %"


def spans(years: Iterable[int]) -> str:
    """Years as spans.

    >>> spans([2030, 2026, 2027, 2028]), spans([])
    ('2026-2028, 2030', '')
    """
    found: list[list[int]] = []
    for year in sorted(set(years)):
        if found and found[-1][-1] == year - 1:
            found[-1].append(year)
        else:
            found.append([year])
    return ", ".join(f"{span[0]}-{span[-1]}" if len(span) > 1 else str(span[0]) for span in found)


def joined(parts: Sequence[str]) -> str:
    """Parts of a sentence.

    >>> joined(["a"]), joined(["a", "b"]), joined(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def counted(number: int, one: str, many: str = "") -> str:
    """A number of things.

    >>> counted(1, "project"), counted(2, "project"), counted(0, "facility", "facilities")
    ('1 project', '2 projects', 'no facilities')
    """
    word = one if number == 1 else many or f"{one}s"
    return f"{number or 'no'} {word}"


def is_number(value: object) -> bool:
    """Whether there is a number at all."""
    return isinstance(value, int | float) and not math.isnan(value)
