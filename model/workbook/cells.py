"""One cell: what is in it as the file holds it, and the typed value it stands for.

`parse` is the only place that says what a planner may type in a cell of a column; the reader uses it for every cell and
`scenarios` for the values of `changes`.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from dataclasses import dataclass

from model.workbook.formatting import closest
from model.workbook.schema import ALL, NO_LIMIT, Column, Kind, Value

EXCEL_ERRORS = frozenset({
    "#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!",
    "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "Err:502", "Err:504", "Err:508", "Err:522",
})  # fmt: skip

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_NUMBER_WITH_SEPARATORS = re.compile(r"[+-]?[1-9]\d{0,2}([,' \u00a0\u202f]\d{3})+(\.\d+)?", re.ASCII)
_NUMBER_WITH_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_PERCENTAGE = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*%", re.ASCII)
_NUMBER_AND_MORE = re.compile(r"[$€£~<>≈=]*\s*([+-]?\d+(?:\.\d+)?)\s*[$€£A-Za-z/ ]*", re.ASCII)
_AROUND_AN_ENTRY = re.compile(r"^[\s,]+|[\s,]+$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NO_VALUE = frozenset(
    {"na", "n/a", "n.a.", "nan", "-", "--", "\u2013", "\u2014", "?", "tbd", "null", "nil", "unknown", "x"}
)
_ENDLESS = frozenset({"inf", "+inf", "-inf", "infinity", "-infinity", "∞", "unlimited", "no limit", "n/l"})
_YES = frozenset({"yes", "y", "true"})
_NO = frozenset({"no", "n", "false"})


LARGEST = 1e15
"""No amount is larger, in any unit of the workbook, and the solver refuses larger ones."""

_TOTALS = frozenset({"total", "totals", "sum", "subtotal", "grand_total", "all"})


@dataclass(frozen=True)
class UnsavedFormula:
    """A formula whose value is not in the file."""

    formula: str


class DottedNumber(str):
    """A number such as 1.500 in a file that does not show whether the dot is a decimal point."""

    __slots__ = ()


class CellError(Exception):
    """A cell that does not hold what its column asks for."""

    def __init__(self, code: str, found: str, rule: str, remedy: str) -> None:
        super().__init__(f"{code}: {found}; {rule}; {remedy}")
        self.code, self.found, self.rule, self.remedy = code, found, rule, remedy


def clean(raw: object) -> object:
    """A raw cell without the spaces around its text and without unprintable characters; None for a blank one."""
    if not isinstance(raw, str) or isinstance(raw, DottedNumber):
        return raw
    return _CONTROL.sub("", raw.replace("\r\n", "\n").replace("\r", "\n")).strip() or None


def as_text(raw: object) -> str:
    """A raw cell as the text a planner sees in it.

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


def parse(column: Column, raw: object) -> Value:
    """The typed value of a cell, or the default of its column where it is blank.

    A number stored as text is read as the number it is: CSV files and the values of `changes` hold nothing else.

    Raises:
        CellError: the cell does not hold what the column asks for.
    """
    raw = clean(raw)
    refuse_broken(raw)
    if raw is None:
        if column.required:
            raise CellError("E201", "the cell is blank", f"{column.key} is required", f"type {_asked(column)}")
        return column.default
    if column.many:
        return _parse_list(column, raw)
    if raw == ALL and column.star:
        return ALL
    return _parse_one(column, raw)


def refuse_broken(raw: object) -> None:
    """Refuse what has no value in any cell.

    Raises:
        CellError: a formula without a saved value, or an Excel error.
    """
    if isinstance(raw, UnsavedFormula):
        raise CellError(
            "E206",
            f"the formula '{raw.formula}' has no saved value",
            "formulas are read by the value that was saved with them",
            "open the workbook in Excel or LibreOffice, let it calculate, and save it",
        )
    if isinstance(raw, str) and raw in EXCEL_ERRORS:
        raise CellError(
            "E205",
            f"the Excel error {raw}",
            "a cell must have a value",
            "correct the formula, or replace it by its value",
        )


def _parse_one(column: Column, raw: object) -> Value:
    if column.is_number:
        return _parse_number(column, raw)
    if column.kind is Kind.YES_NO:
        return _parse_yes_no(column, raw)
    if column.kind is Kind.TEXT:
        return as_text(raw)
    if column.kind is Kind.CHOICE:
        return _parse_choice(column, as_text(raw))
    if column.kind is Kind.REFERENCE:
        return _parse_reference(column, as_text(raw))
    return _parse_identifier(column, raw)


def _parse_list(column: Column, raw: object) -> Value:
    """A list; where both separators occur the semicolon separates, so `0,02; 0,05` is not read as four numbers."""
    text = as_text(raw)
    if column.is_number and _NUMBER_WITH_DECIMAL_COMMA.fullmatch(text):
        first, second = text.split(",")
        raise CellError(
            "E231", f"'{text}'", "it may be one number with a decimal comma, or a list of two",
            f"type {first}.{second} for the number, or {first}; {second} for the list",
        )  # fmt: skip
    parts = text.split(";" if ";" in text else ",")
    items = [item for part in parts if (item := _AROUND_AN_ENTRY.sub("", part))]
    if not items:
        raise _empty_list(column, text)
    if ALL in items:
        if not column.star:
            raise _star_refused(column)
        if len(items) > 1:
            raise CellError("E213", f"'{text}'", "'*' means all and stands alone", "type '*', or the names without '*'")
        return (ALL,)
    if column.is_number:
        numbers = [_parse_number(column, item) for item in items]
        if NO_LIMIT in numbers and len(numbers) > 1:
            raise CellError("E213", f"'{text}'", "'none' stands alone", "type 'none', or the numbers without it")
        return tuple(dict.fromkeys(numbers))
    return tuple(dict.fromkeys(items))


def _empty_list(column: Column, text: str) -> CellError:
    blank = "" if column.required else f"clear the cell ({_meaning_of_blank(column)}) or "
    return CellError(
        "E218",
        f"the text '{text}'",
        f"{column.key} is a list, and a list has at least one entry",
        f"{blank}type {_asked(column)}",
    )


def _star_refused(column: Column) -> CellError:
    return CellError("E213", "'*'", f"{column.key} cannot be '*' (all)", f"type {_asked(column)}")


def _parse_reference(column: Column, text: str) -> str:
    if text == ALL:
        raise _star_refused(column)
    if "," in text or ";" in text:
        raise CellError(
            "E214", f"the list '{text}'", f"{column.key} names one of {column.refers_to}", "use one row for each name"
        )
    return text


def _parse_identifier(column: Column, raw: object) -> str:
    if isinstance(raw, dt.date | dt.time | dt.timedelta):
        raise _date_refused(raw, "format the cell as text and type the identifier again")
    text = as_text(raw)
    if text == ALL:
        raise _star_refused(column)
    # Regions are ISO-3 codes, which are written in capitals.
    capitals = column.key == "region"
    pattern = r"[A-Za-z0-9_]+" if capitals else r"[a-z0-9_]+"
    if re.fullmatch(pattern, text):
        return text
    letters = "letters" if capitals else "small letters"
    better = suggest_identifier(text, capitals=capitals)
    if better.lower() in _TOTALS:
        raise CellError(
            "E211", f"'{text}'", f"an identifier has only {letters}, digits and underscores",
            "delete the row if it holds totals, which would count twice; else type another name",
        )  # fmt: skip
    raise CellError(
        "E211",
        f"'{text}'",
        f"an identifier has only {letters}, digits and underscores",
        f"type '{better}'" if better else f"type a word of {letters}, digits and underscores",
    )


def suggest_identifier(text: str, *, capitals: bool) -> str:
    """The identifier nearest to a text.

    >>> suggest_identifier("NdPr oxide (99 %)", capitals=False), suggest_identifier("Côte d'Ivoire", capitals=True)
    ('ndpr_oxide_99', 'Cote_d_Ivoire')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "_", plain if capitals else plain.lower()).strip("_")


def _parse_choice(column: Column, text: str) -> str:
    for choice in column.choices:
        if text.casefold() == choice:
            return choice
    if text == ALL:
        raise _star_refused(column)
    near = closest(text, column.choices)
    raise CellError(
        "E210",
        f"'{text}'",
        f"{column.key} is one of {', '.join(column.choices)}",
        f"did you mean '{near}'?" if near else "type one of them",
    )


def _parse_yes_no(column: Column, raw: object) -> bool:
    word = as_text(raw).casefold()
    if word not in _YES | _NO:
        raise CellError("E209", f"'{as_text(raw)}'", f"{column.key} is yes or no", "type yes or no")
    return word in _YES


def _parse_number(column: Column, raw: object) -> float:
    if isinstance(raw, bool):
        word = "TRUE" if raw else "FALSE"
        raise CellError("E208", f"the truth value {word}", f"{column.key} is {_kind(column)}", f"type {_asked(column)}")
    if isinstance(raw, dt.date | dt.time | dt.timedelta):
        example = "the year, such as 2030" if column.kind is Kind.YEAR else "the number again"
        raise _date_refused(raw, f"set the format of the cell to 'General' and type {example}")
    if isinstance(raw, int | float):
        number = _to_float(raw)
    else:
        text = as_text(raw)
        if isinstance(text, DottedNumber):
            raise _doubtful_dot(text)
        if text.casefold() == "none":
            return _no_limit(column)
        if not _NUMBER.fullmatch(text):
            raise _not_a_number(column, text)
        number = float(text)
    return _within_rule(column, number, as_text(raw))


def _doubtful_dot(text: str) -> CellError:
    plain = text.replace(".", "")
    return CellError(
        "E230", f"the number {text} in a file separated by semicolons",
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
            f"type {_asked(column)}",
        )
    return column.none


def _date_refused(raw: object, remedy: str) -> CellError:
    return CellError("E207", f"the date or time {as_text(raw)}", "dates are not accepted here", remedy)


def _not_a_number(column: Column, text: str) -> CellError:
    word = text.casefold()
    if word in _ENDLESS:
        remedy = "type none for no limit" if column.none is not None else f"type {_asked(column)}"
        return CellError("E217", f"'{text}'", f"{column.key} is a finite number", remedy)
    rule = f"{column.key} is {_kind(column)}" + (f" ({column.unit})" if column.unit else "")
    if word in _NO_VALUE:
        number = f"type {_kind(column)}"
        blank = number if column.required else f"clear the cell ({_meaning_of_blank(column)}) or {number}"
        return CellError("E202", f"the text '{text}'", rule, blank)
    return CellError("E202", f"the text '{text}'", rule, _number_remedy(column, text))


def _kind(column: Column) -> str:
    """What a cell of numbers holds, in words."""
    return "a comma list of numbers" if column.many else "a number"


def _number_remedy(column: Column, text: str) -> str:
    items = text.split()
    # Groups of three digits are more likely to be one large number than a list.
    if column.many and len(items) > 1 and all(map(_NUMBER.fullmatch, items)) and not _is_grouped(text):
        return f"type {', '.join(items)} (with commas)"
    if _is_grouped(text):
        return f"type {re.sub(r'[^0-9.+-]', '', text)} (no thousands separators)"
    if _NUMBER_WITH_DECIMAL_COMMA.fullmatch(text):
        return f"type {text.replace(',', '.')} (with a decimal point)"
    if percentage := _PERCENTAGE.fullmatch(text):
        share = float(percentage[1].replace(",", ".")) / 100
        return f"type {share:.10g} (as a number)"
    if more := _NUMBER_AND_MORE.fullmatch(text):
        return f"type {more[1]} (the number alone)"
    return f"type {_asked(column)}"


def _is_grouped(text: str) -> bool:
    return _NUMBER_WITH_SEPARATORS.fullmatch(text) is not None


def _meaning_of_blank(column: Column) -> str:
    return f"blank means {describe_default(column) or 'not given'}"


def _within_rule(column: Column, number: float, text: str) -> float:
    if not math.isfinite(number):
        raise CellError("E217", f"the number {text}", f"{column.key} is a finite number", f"type {_asked(column)}")
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


def describe_bounds(column: Column) -> str:
    """The bounds of a number in words; "" where it has none.

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
    """What a blank means, in words; "" for nothing."""
    if column.default_text:
        return column.default_text
    return write_value(column, column.default)


def write_value(column: Column, value: Value) -> str:
    """A value as a planner would type it; "" for a blank."""
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
    """A list as `_parse_list` reads it back: separated by semicolons where an entry itself has a comma.

    >>> _write_list(["copper", "zinc"]), _write_list(["a, b", "c"]), _write_list(["a, b"])
    ('copper, zinc', 'a, b; c', 'a, b;')
    """
    if not any("," in item for item in items):
        return ", ".join(items)
    return "; ".join(items) if len(items) > 1 else f"{items[0]};"


def _asked(column: Column) -> str:
    """What a planner should type, in words."""
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
