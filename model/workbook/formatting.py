"""Formatting of values, names, numbers and years for people."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence

from model.workbook.schema import Value


def shown(value: Value | dict[int, Value]) -> str:
    """Return a value as it would stand in a cell.

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


LOOK_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0406\u0408\u0405"
    "\u03bf\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "aeopcyxijsdhABEKMHOPCTXIJSoABEZHIKMNOPTYX",
)
"""Letters of the Cyrillic and the Greek script -> the Latin letters they look like."""


def find_look_alike(text: str) -> str:
    """The letter in a Latin word that only looks Latin, with its script; "" where there is none.

    >>> find_look_alike("US\u0410"), find_look_alike("USA"), find_look_alike("\u041d\u043e\u0440\u0434")
    ("'\u0410' is Cyrillic", '', '')
    """
    foreign = [letter for letter in text if ord(letter) in LOOK_ALIKE]
    if not foreign or not text.translate(LOOK_ALIKE).isascii():
        return ""
    return f"'{foreign[0]}' is {unicodedata.name(foreign[0]).split()[0].capitalize()}"


def amount(number: float) -> str:
    """Return a quantity or a price to read, not to calculate with.

    >>> amount(1234567.8), amount(12.345), amount(0.0123456), amount(math.inf)
    ('1,234,568', '12.3', '0.0123', 'unlimited')
    """
    if math.isinf(number):
        return "unlimited"
    return f"{number:,.0f}" if abs(number) >= 100 or number == 0 else f"{number:.3g}"


def money(usd_million: float) -> str:
    """Return an amount of money.

    >>> money(4210.0), money(310.4), money(0.42), money(0.0), money(-1500.0)
    ('4.21 bn USD', '310 m USD', '0.42 m USD', '0 m USD', '-1.50 bn USD')
    """
    size = abs(usd_million)
    if size >= 1e3:
        return f"{usd_million / 1e3:,.2f} bn USD"
    if size >= 10:
        return f"{usd_million:,.0f} m USD"
    return f"{usd_million:.2g} m USD"


def money_apart(usd_million: float, penalties: float) -> str:
    """Return an amount of money with the penalties in it, where there are any, apart from all else.

    >>> money_apart(40.0, 30.0), money_apart(40.0, 0.0)
    ('40 m USD (penalties 30 m USD, all else 10 m USD)', '40 m USD')
    """
    if not abs(penalties) > LEAST_PENALTY * abs(usd_million):
        return money(usd_million)
    return f"{money(usd_million)} (penalties {money(penalties)}, all else {money(usd_million - penalties)})"


LEAST_PENALTY = 1e-6
"""Penalties below this share of an amount are rounding."""


def percent(share: float) -> str:
    """A share; small ones are not rounded to nothing.

    >>> percent(0.384), percent(0.004), percent(0.0), percent(1.0)
    ('38 %', '0.4 %', '0 %', '100 %')
    """
    points = 100 * share
    return f"{points:.0f} %" if abs(points) >= 1 or points == 0 else f"{points:.1g} %"


def spans(numbers: Iterable[int]) -> str:
    """Years or rows, those that follow each other drawn together.

    >>> spans([2030, 2026, 2027, 2028]), spans([])
    ('2026-2028, 2030', '')
    """
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][-1] == number - 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ", ".join(f"{span[0]}-{span[-1]}" if len(span) > 1 else str(span[0]) for span in found)


def in_years(years: Iterable[int], horizon: range) -> str:
    """Return the years in which something holds, to append to a sentence; "" where it holds in all of them.

    >>> in_years([2026, 2027, 2029], range(2026, 2031)), in_years([2026, 2027], range(2026, 2028))
    (' in 2026-2027, 2029', '')
    """
    every = sorted(years)
    return "" if every == list(horizon) else f" in {spans(every)}"


def joined(parts: Sequence[str]) -> str:
    """Parts of a sentence.

    >>> joined(["a"]), joined(["a", "b"]), joined(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number of things.

    >>> counted(1, "project"), counted(2, "project"), counted(0, "facility", "facilities")
    ('1 project', '2 projects', 'no facilities')
    """
    word = one if number == 1 else many or f"{one}s"
    return f"{number or 'no'} {word}"
