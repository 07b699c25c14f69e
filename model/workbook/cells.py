"""One cell: what is in it as the file holds it, and the typed value it stands for.

`parse` is the only place that says what a planner may type in a cell of a column; the reader uses it for every cell and
`scenarios` for the values of `changes`.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import partial

from model.workbook.cell_errors import EXCEL_ERRORS, CellError, DottedNumber, UnsavedFormula
from model.workbook.cell_numbers import NUMBER_WITH_DECIMAL_COMMA, asked, date_refused, meaning_of_blank, parse_number
from model.workbook.schema import ALL, NO_LIMIT, Column, Kind, Value
from model.workbook.suggestions import closest
from model.workbook.values_as_text import as_text

_AROUND_AN_ENTRY = re.compile(r"^[\s,]+|[\s,]+$")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

_YES = frozenset({"yes", "y", "true"})

_NO = frozenset({"no", "n", "false"})

TOTALS = frozenset({"total", "totals", "sum", "subtotal", "grand_total", "all"})
"""Words that planners put before numbers that add up those above."""


def clean(raw: object) -> object:
    """Return a raw cell without the spaces around its text and without unprintable characters; None for a blank one."""
    if not isinstance(raw, str) or isinstance(raw, DottedNumber):
        return raw
    return _CONTROL.sub("", raw.replace("\r\n", "\n").replace("\r", "\n")).strip() or None


def parse(column: Column, raw: object) -> Value:
    """Return the typed value of a cell, or the default of its column where it is blank.

    A number stored as text is read as the number it is: CSV files and the values of `changes` hold nothing else.

    Raises:
        CellError: the cell does not hold what the column asks for.
    """
    raw = clean(raw)
    refuse_broken(raw)
    if raw is None:
        if column.required:
            raise CellError("E201", "the cell is blank", f"{column.key} is required", f"type {asked(column)}")
        return column.default
    if column.many:
        return _parse_list(column, raw)
    if raw == ALL and column.star:
        return ALL
    return _parse_one(column, raw)


def refuse_broken(raw: object) -> None:
    """Reject cells that have no value in any column.

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
        return parse_number(column, raw)
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
    if column.is_number and NUMBER_WITH_DECIMAL_COMMA.fullmatch(text):
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
        numbers = [parse_number(column, item) for item in items]
        if NO_LIMIT in numbers and len(numbers) > 1:
            raise CellError("E213", f"'{text}'", "'none' stands alone", "type 'none', or the numbers without it")
        return tuple(dict.fromkeys(numbers))
    return tuple(dict.fromkeys(items))


def _empty_list(column: Column, text: str) -> CellError:
    blank = "" if column.required else f"clear the cell ({meaning_of_blank(column)}) or "
    return CellError(
        "E218",
        f"the text '{text}'",
        f"{column.key} is a list, and a list has at least one entry",
        f"{blank}type {asked(column)}",
    )


def _star_refused(column: Column) -> CellError:
    return CellError("E213", "'*'", f"{column.key} cannot be '*' (all)", f"type {asked(column)}")


def _parse_reference(column: Column, text: str) -> str:
    if text == ALL:
        raise _star_refused(column)
    if "," in text or ";" in text:
        raise CellError(
            "E214",
            f"the list '{text}'",
            f"{column.key} must be one name from {column.refers_to}",
            "use one row for each name",
        )
    return text


def _parse_identifier(column: Column, raw: object) -> str:
    if isinstance(raw, dt.date | dt.time | dt.timedelta):
        raise date_refused(raw, "format the cell as text and type the identifier again")
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
    if better.lower() in TOTALS:
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
    """Return the identifier nearest to a text.

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
    raise CellError(
        "E210", f"'{text}'", f"{column.key} is one of {', '.join(column.choices)}", partial(_suggest, column, text)
    )


def _suggest(column: Column, text: str) -> str:
    near = closest(text, column.choices)
    return f"did you mean '{near}'?" if near else "type one of them"


def _parse_yes_no(column: Column, raw: object) -> bool:
    word = as_text(raw).casefold()
    if word not in _YES | _NO:
        raise CellError("E209", f"'{as_text(raw)}'", f"{column.key} is yes or no", "type yes or no")
    return word in _YES
