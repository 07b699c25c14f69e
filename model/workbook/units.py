"""Units of row 3: whether the one found is the one asked, and if not, the factor that would put the numbers right.

A unit is read as a list of measures: `USD per t/yr and year` is money, mass a year, time. Two units with the same
measures differ by a factor. A share is mass over mass, so `t/t`, `share` and `%` can be compared.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple


class Unit(NamedTuple):
    """A unit as its measures and its size in base units (t, USD, yr, share, m3)."""

    measures: tuple[str, ...]
    size: float


# Pounds and short tons are exact by definition (international pound, 1959). A bare `ton` or `mt` is left out on
# purpose: it is a tonne to some and a short ton, or a million tonnes, to others.
_SIZES: dict[str, dict[str, float]] = {
    "mass": {
        "t": 1.0, "tonne": 1.0, "tonnes": 1.0, "metric ton": 1.0, "metric tons": 1.0, "kg": 1e-3, "g": 1e-6, "kt": 1e3,
        "million t": 1e6, "million tonnes": 1e6, "thousand t": 1e3, "thousand tonnes": 1e3, "lb": 0.00045359237,
        "lbs": 0.00045359237, "short ton": 0.90718474, "short tons": 0.90718474,
    },
    "money": {
        "usd": 1.0, "$": 1.0, "us$": 1.0, "usd million": 1e6, "million usd": 1e6, "usd m": 1e6, "m usd": 1e6,
        "musd": 1e6, "usdm": 1e6, "$m": 1e6, "$ m": 1e6, "$ million": 1e6, "million $": 1e6, "us$ million": 1e6,
        "million us$": 1e6, "kusd": 1e3, "usd thousand": 1e3, "thousand usd": 1e3, "$ thousand": 1e3,
        "usd billion": 1e9, "billion usd": 1e9, "usd bn": 1e9, "bn usd": 1e9, "$ billion": 1e9, "$bn": 1e9,
    },
    "time": {"yr": 1.0, "yrs": 1.0, "year": 1.0, "years": 1.0, "y": 1.0, "a": 1.0, "annum": 1.0},
    "days": {"days": 1.0, "day": 1.0, "d": 1.0, "weeks": 7.0, "week": 7.0},
    "share": {
        "share": 1.0, "fraction": 1.0, "multiple": 1.0, "%": 0.01, "percent": 0.01, "per cent": 0.01, "pct": 0.01,
    },
    "volume": {"m3": 1.0, "m^3": 1.0, "m³": 1.0, "cubic metres": 1.0, "litres": 1e-3, "l": 1e-3},
    "people": {"workers": 1.0, "worker": 1.0},
    "angle": {"degrees": 1.0, "degree": 1.0, "°": 1.0},
    "unit": {"unit": 1.0},
}  # fmt: skip
_MEASURE = {word: (measure, size) for measure, words in _SIZES.items() for word, size in words.items()}
# `Mt` is a million tonnes only when it is written so: `mt` and `MT` are metric tonnes to many.
_MEASURE_BY_CASE = {"Mt": ("mass", 1e6)}
_TONNES_A_YEAR = {"tpa": "t/yr", "tpy": "t/yr", "ktpa": "kt/yr", "ktpy": "kt/yr", "Mtpa": "Mt/yr", "Mtpy": "Mt/yr"}


def read_unit(text: str) -> Unit | None:
    """Read a unit, or None if it is not known.

    >>> read_unit("kt/yr")
    Unit(measures=('mass a year',), size=1000.0)
    >>> read_unit("bushels")
    """
    text = re.sub(r"\s+", " ", text).strip()
    text = _TONNES_A_YEAR.get(text) or _TONNES_A_YEAR.get(text.lower()) or text
    words = [text] if text.lower() in _MEASURE else re.split(r"\s*(/)\s*|\s+(per)(?! cent)\s+|\s+(and)\s+", text)
    factors: list[Unit] = []
    joint = ""
    for word in filter(None, words):
        if word in ("/", "per", "and"):
            joint = word
            continue
        measure = _MEASURE_BY_CASE.get(word) or _MEASURE.get(word.lower())
        if measure is None:
            return None
        unit = Unit((measure[0],), measure[1])
        # `USD per t/yr and year` has t/yr below the line, not t and then yr.
        if factors and joint != "and" and (factors[-1].measures, unit.measures) == (("mass",), ("time",)):
            unit = Unit(("mass a year",), factors.pop().size / unit.size)
        factors.append(unit)
    return _divided(factors) if factors else None


def _divided(factors: list[Unit]) -> Unit:
    """Return the first factor over all others."""
    size = factors[0].size / math.prod(factor.size for factor in factors[1:])
    measures = tuple(measure for factor in factors for measure in factor.measures)
    return Unit(("share",), size) if measures == ("mass", "mass") else Unit(measures, size)


def factor_between(found: str, asked: str) -> float | None:
    """Return what numbers in the unit found are multiplied by to be in the unit asked, or None if they do not compare.

    >>> factor_between("kt/yr", "t/yr"), factor_between("USD/kg", "USD/t"), factor_between("tpa", "t/yr")
    (1000.0, 1000.0, 1.0)
    >>> factor_between("EUR/t", "USD/t")
    """
    if found.strip().lower() == asked.lower():
        return 1.0
    here, there = read_unit(found), read_unit(asked)
    if here is None or there is None or here.measures != there.measures:
        return None
    return float(f"{here.size / there.size:.12g}")
