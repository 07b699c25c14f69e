"""Tables as compact JSON that is safe to embed in a page."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from model.report.figure import DIGITS


def embed(data: Mapping[str, object]) -> str:
    """Data as JSON that nothing in it can leave: `<`, `>` and `&` are written as escapes."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def encode(table: pd.DataFrame, digits: int = DIGITS) -> dict[str, object]:
    """A table by columns: numbers as they are; words and years as codes into the list of each.

    Where it is shorter, the codes are written as runs or as ramps, each as its first code and its length: in a run a
    code stands several times, in a ramp each code is one more than the last, as of years in a row.
    """
    return {"length": len(table), "columns": {str(key): _encode_column(table[key], digits) for key in table.columns}}


def _encode_column(values: pd.Series[Any], digits: int) -> object:
    if pd.api.types.is_float_dtype(values):
        return [_number(value, digits) for value in values.tolist()]
    is_number = pd.api.types.is_numeric_dtype(values)
    found, words = pd.factorize(values if is_number else values.fillna("").astype(str), use_na_sentinel=False)
    codes = found.tolist()
    ways = {"codes": codes, "runs": _join(codes, 0), "ramps": _join(codes, 1)}
    way = min(ways, key=lambda name: len(ways[name]))
    return {"words": [_number(word, digits) if is_number else word for word in words.tolist()], way: ways[way]}


def _join(codes: Sequence[int], step: int) -> list[int]:
    """The first code and the length of each piece in which every code is a step more than the one before it."""
    starts = [n for n in range(len(codes)) if n == 0 or codes[n] != codes[n - 1] + step]
    ends = [*starts[1:], len(codes)] if starts else []
    return [part for start, end in zip(starts, ends, strict=True) for part in (codes[start], end - start)]


def in_series(table: pd.DataFrame) -> pd.DataFrame:
    """Bring the rows of each series over the years together, so that the page holds what they share once."""
    keys = [column for column in table.columns if column != "year" and not pd.api.types.is_float_dtype(table[column])]
    return table.sort_values([*keys, "year"], kind="stable", ignore_index=True) if "year" in table else table


def _number(value: Any, digits: int) -> float | int | None:
    """A number with the digits a reader can use; nothing where there is none."""
    if value is None or value is pd.NA:
        return None
    if isinstance(value, int):
        return value
    number = float(f"{value:.{digits}g}")
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else number
