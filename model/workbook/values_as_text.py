"""Values, bounds and defaults of columns as text."""

from __future__ import annotations

import datetime as dt
import math

from model.workbook.schema import Column, Value


def as_text(raw: object) -> str:
    """Return a raw cell as the text a planner sees in it.

    >>> as_text(2026.0), as_text(0.15), as_text(True)
    ('2026', '0.15', 'yes')
    """
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    if isinstance(raw, dt.datetime) and raw.time() == dt.time():
        return raw.date().isoformat()
    return raw if isinstance(raw, str) else str(raw)


def describe_bounds(column: Column) -> str:
    """Return the bounds of a number in words; "" where it has none.

    >>> from model.workbook.schema import Kind
    >>> describe_bounds(Column("loss", "", Kind.NUMBER, low=0.0, high=1.0))
    'from 0 to 1'
    """
    high = "" if math.isinf(column.high) else f"{column.high:g}"
    if not math.isinf(column.above):
        return f"greater than {column.above:g}" + (f" and at most {high}" if high else "")
    if not math.isinf(column.low):
        return f"from {column.low:g} to {high}" if high else f"at least {column.low:g}"
    return f"at most {high}" if high else ""


def describe_default(column: Column) -> str:
    """Return what a blank means, in words; "" for nothing."""
    if column.default_text:
        return column.default_text
    return write_value(column, column.default)


def write_value(column: Column, value: Value) -> str:
    """Return a value as a planner would type it; "" for a blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return _write_list([write_value(column, item) for item in value])
    if column.is_number and isinstance(value, float) and value == column.none:
        return "none"
    return as_text(value)


def _write_list(items: list[str]) -> str:
    """Return a list as `_parse_list` reads it back: separated by semicolons where an entry itself has a comma.

    >>> _write_list(["copper", "zinc"]), _write_list(["a, b", "c"]), _write_list(["a, b"])
    ('copper, zinc', 'a, b; c', 'a, b;')
    """
    if not any("," in item for item in items):
        return ", ".join(items)
    return "; ".join(items) if len(items) > 1 else f"{items[0]};"
