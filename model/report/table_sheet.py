"""A sheet of report.xlsx with a table: title, note, units, keys, rows; and the sheet that explains all columns."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from model.report.palette import INK, PALE
from model.report.sheets import Shown
from model.report.terms import pathway_labels
from model.report.workbook_writer import HEAD, ReportWorkbook

_WIDEST = 48

_HEAD_WIDTH = 16
"""Characters of a column; a longer header is wrapped, a longer text makes the column wider up to the widest."""

_LONGEST = 32_000
"""Characters a cell can hold are 32,767; a longer text is cut."""

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML file can hold."""


def clean(text: str) -> str:
    """Text as a cell can hold it."""
    return _ILLEGAL.sub("", text)[:_LONGEST]


def write_table(book: ReportWorkbook, shown: Shown) -> None:
    """Write a table to a sheet of its own: title, note, units, keys, rows."""
    sheet = book.file.add_worksheet(shown.name)
    rows = shown.filled(book.content)
    units = {column.key: column.unit for column in shown.columns}
    sheet.write_string(0, 0, shown.title, book.format(bold=True, font_size=14, font_color=INK))
    sheet.write_string(1, 0, shown.note if len(rows) else f"{shown.note} There are none.", book.format(italic=True))
    labels = pathway_labels(book.content)
    for n, key in enumerate(rows.columns):
        unit = units.get(str(key), shown.years)
        sheet.write_string(HEAD - 1, n, unit, book.format(font_color="#595959", italic=True, text_wrap=True))
        _write_column(book, sheet, n, rows[key].map(labels) if key == "pathway" else rows[key], unit)
    _frame(book, sheet, shown.name, rows)
    book.placed[shown.name] = rows


def _frame(book: ReportWorkbook, sheet: Worksheet, name: str, rows: pd.DataFrame) -> None:
    """Headers that stay, a native table with filters, and a page that prints."""
    head = book.format(bold=True, bg_color=PALE, font_color=INK, bottom=1, text_wrap=True, valign="top")
    columns = [str(key) for key in rows.columns]
    if len(rows):
        sheet.add_table(HEAD, 0, HEAD + len(rows), len(columns) - 1, {
            "name": f"t_{name}", "style": "Table Style Light 1",
            "columns": [{"header": column, "header_format": head} for column in columns],
        })  # fmt: skip
    else:
        for n, column in enumerate(columns):
            sheet.write_string(HEAD, n, column, head)
    # Headers of a native table are text, those of years too.
    sheet.ignore_errors({"number_stored_as_text": f"A{HEAD + 1}:XFD{HEAD + 1}"})
    sheet.set_row(HEAD, 32)
    sheet.freeze_panes(HEAD + 1, 1 if columns and columns[0] == "scenario" else 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD)


def _write_column(book: ReportWorkbook, sheet: Worksheet, n: int, values: pd.Series[Any], unit: str) -> None:
    number = book.format(num_format=number_format(str(values.name), unit))
    width = min(len(str(values.name)), _HEAD_WIDTH)
    is_mixed = values.name in _MIXED
    for row, value in enumerate(values.tolist(), HEAD + 1):
        if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
            continue
        if isinstance(value, str):
            if is_mixed and _NUMBER.fullmatch(value):
                sheet.write_number(row, n, float(value))
            else:
                sheet.write_string(row, n, clean(value))
            width = max(width, len(value))
        elif isinstance(value, bool):
            sheet.write_string(row, n, "yes" if value else "no")
        else:
            sheet.write_number(row, n, float(value), number)
            width = max(width, 11)
    sheet.set_column(n, n, min(width + 2, _WIDEST))


_MIXED = frozenset({"value", "old", "new", "a", "b", "years", "date"})
"""Columns of text in which a number is meant as one."""

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?(?:e[+-]?\d{1,2})?")


def number_format(key: str, unit: str) -> str:
    """How a number of this column is shown.

    >>> number_format("year", ""), number_format("share", "share"), number_format("t", "t/yr")
    ('0', '0.0%', '#,##0')
    >>> number_format("usd_million", "USD million"), number_format("hhi", "index")
    ('#,##0.00', '#,##0')
    """
    if key.endswith("year") or not unit:
        return "0" if key.endswith("year") or key in _COUNTS else "#,##0.00"
    if unit.startswith("share"):
        return "0.0%"
    return "#,##0.00" if unit.startswith(("USD million", "see")) else "#,##0"


_COUNTS = ("projects", "awards", "rows", "point")


def write_dictionary(book: ReportWorkbook, shown: Sequence[Shown]) -> None:
    """Write what every column of every sheet means."""
    sheet = book.file.add_worksheet("dictionary")
    rows = [(table.name, column.key, column.unit, column.description) for table in shown for column in table.columns]
    rows += [(table.name, "years", table.years, table.note) for table in shown if table.years]
    sheet.write_string(0, 0, "Dictionary", book.format(bold=True, font_size=14, font_color=INK))
    sheet.write_string(1, 0, "What every column means, and its unit; `years` are the columns named after a year.",
                       book.format(italic=True))  # fmt: skip
    table = pd.DataFrame(rows, columns=["sheet", "column", "unit", "description"])
    for n, key in enumerate(table.columns):
        _write_column(book, sheet, n, table[key], "")
    sheet.set_column(3, 3, 90)
    _frame(book, sheet, "dictionary", table)
