"""Cells that hold a number."""

from __future__ import annotations

import datetime as dt
import math
import re
from functools import partial

from model.workbook.cell_errors import LARGEST, CellError, DottedNumber
from model.workbook.schema import Column, Kind
from model.workbook.values_as_text import as_text, describe_bounds, describe_default

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)

_NUMBER_WITH_SEPARATORS = re.compile(r"[+-]?[1-9]\d{0,2}([,' \u00a0\u202f]\d{3})+(\.\d+)?", re.ASCII)

NUMBER_WITH_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)

_PERCENTAGE = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*%", re.ASCII)

_NUMBER_AND_MORE = re.compile(r"[$€£~<>≈=]*\s*([+-]?\d+(?:\.\d+)?)\s*[$€£A-Za-z/ ]*", re.ASCII)

_NO_VALUE = frozenset(
    {"na", "n/a", "n.a.", "nan", "-", "--", "\u2013", "\u2014", "?", "tbd", "null", "nil", "unknown", "x"}
)

_ENDLESS = frozenset({"inf", "+inf", "-inf", "infinity", "-infinity", "∞", "unlimited", "no limit", "n/l"})


def parse_number(column: Column, raw: object) -> float:
    """Return the number in a cell."""
    if isinstance(raw, bool):
        word = "TRUE" if raw else "FALSE"
        raise CellError("E208", f"the truth value {word}", f"{column.key} is {_kind(column)}", f"type {asked(column)}")
    if isinstance(raw, dt.date | dt.time | dt.timedelta):
        example = "the year, such as 2030" if column.kind is Kind.YEAR else "the number again"
        raise date_refused(raw, f"set the format of the cell to 'General' and type {example}")
    if isinstance(raw, int | float):
        number = _to_float(raw)
    else:
        if isinstance(raw, DottedNumber):
            raise _doubtful_dot(raw)
        text = as_text(raw)
        if text.casefold() == "none":
            return _no_limit(column)
        if not _NUMBER.fullmatch(text):
            raise _not_a_number(column, text)
        number = float(text)
    return _within_rule(column, number, as_text(raw))


def _doubtful_dot(text: DottedNumber) -> CellError:
    plain = text.replace(".", "")
    return CellError(
        "E230", f"the number {text} {text.where}",
        f"it may be {plain} (a dot between thousands)" + (f" or {float(text):g}" if text.count(".") == 1 else ""),
        f"type {plain}" + (f", or {text}0 if the dot is a decimal point" if text.count(".") == 1 else ""),
    )  # fmt: skip


def _to_float(raw: float) -> float:
    try:
        return float(raw)
    except OverflowError:
        return math.inf


def _no_limit(column: Column) -> float:
    if column.none is None:
        raise CellError(
            "E212",
            "the word 'none'",
            f"{column.key} must be a number: none (no limit) is not allowed",
            f"type {asked(column)}",
        )
    return column.none


def date_refused(raw: object, remedy: str) -> CellError:
    """Return the error of a date where a number or text is expected."""
    return CellError("E207", f"the date or time {as_text(raw)}", "dates are not accepted here", remedy)


def _not_a_number(column: Column, text: str) -> CellError:
    word = text.casefold()
    if word in _ENDLESS:
        remedy = "type none for no limit" if column.none is not None else f"type {asked(column)}"
        return CellError("E217", f"'{text}'", f"{column.key} is a finite number", remedy)
    rule = f"{column.key} is {_kind(column)}" + (f" ({column.unit})" if column.unit else "")
    if word in _NO_VALUE:
        number = f"type {_kind(column)}"
        blank = number if column.required else f"clear the cell ({meaning_of_blank(column)}) or {number}"
        return CellError("E202", f"the text '{text}'", rule, blank)
    return CellError("E202", f"the text '{text}'", rule, partial(_number_remedy, column, text))


def _kind(column: Column) -> str:
    """Return what a cell of numbers holds, in words."""
    return "a comma list of numbers" if column.many else "a number"


def _number_remedy(column: Column, text: str) -> str:
    items = text.split()
    # Groups of three digits are more likely to be one large number than a list.
    if column.many and len(items) > 1 and all(map(_NUMBER.fullmatch, items)) and not _is_grouped(text):
        return f"type {', '.join(items)} (with commas)"
    if _is_grouped(text):
        return f"type {re.sub(r'[^0-9.+-]', '', text)} (no thousands separators)"
    if NUMBER_WITH_DECIMAL_COMMA.fullmatch(text):
        return f"type {text.replace(',', '.')} (with a decimal point)"
    if percentage := _PERCENTAGE.fullmatch(text):
        share = float(percentage[1].replace(",", ".")) / 100
        return f"type {share:.10g} (as a number)"
    if more := _NUMBER_AND_MORE.fullmatch(text):
        return f"type {more[1]} (the number alone)"
    return f"type {asked(column)}"


def _is_grouped(text: str) -> bool:
    return _NUMBER_WITH_SEPARATORS.fullmatch(text) is not None


def meaning_of_blank(column: Column) -> str:
    """Return what a blank cell of the column means, in words."""
    return f"blank means {describe_default(column) or 'not given'}"


def _within_rule(column: Column, number: float, text: str) -> float:
    if not math.isfinite(number):
        raise CellError("E217", f"the number {text}", f"{column.key} is a finite number", f"type {asked(column)}")
    if abs(number) > LARGEST:
        raise CellError(
            "E232", f"the number {text}", f"no amount is above {LARGEST:g}", "check the number and its unit"
        )
    if column.kind in (Kind.WHOLE, Kind.YEAR) and not number.is_integer():
        what = "a year" if column.kind is Kind.YEAR else "a whole number"
        raise CellError(
            "E204", f"the number {text}", f"{column.key} is {what}", f"type {round(number)}, or another one"
        )
    if number <= column.above or not column.low <= number <= column.high:
        remedy = f"type a number {describe_bounds(column)}"
        if column.unit in ("share", "t/t") and column.high < number <= 1000.0:
            remedy += f"; for {text} percent type {number / 100:.10g}"
        raise CellError("E203", f"the number {text}", f"{column.key} must be {describe_bounds(column)}", remedy)
    return number


def asked(column: Column) -> str:
    """Return what a planner should type, in words."""
    if column.kind is Kind.CHOICE:
        words = [*column.choices, *(["*"] if column.star else [])]
        return f"one of {', '.join(words)}"
    if column.kind is Kind.REFERENCE:
        return f"the name of a row of {column.refers_to}"
    if column.kind is Kind.IDENTIFIER:
        return "an identifier of letters, digits and underscores"
    if column.is_number:
        if column.many:
            return f"{_kind(column)}, each {describe_bounds(column)}".removesuffix(", each ")
        what = {Kind.WHOLE: "a whole number", Kind.YEAR: "a year"}.get(column.kind, "a number")
        return f"{what} {describe_bounds(column)}".strip()
    return "a text"
