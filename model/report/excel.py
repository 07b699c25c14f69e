"""report.xlsx: the summary, a sheet with charts, one sheet a table, and a dictionary of every column."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from model.report import charts
from model.report.content import Content
from model.report.palette import BAD, INK, PALE
from model.report.sheets import Shown, find_shown
from model.report.verdict import Sentence, Verdicts

HEAD = 3
"""Row of the keys (from 0): title, note and units stand above it, as in the input workbook."""

_WIDEST = 48
_LONGEST = 32_000
"""Characters a cell can hold are 32,767; a longer text is cut."""

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML file can hold."""


@dataclass
class Book:
    """A workbook being written: its formats, and where each table stands."""

    file: xlsxwriter.Workbook
    content: Content
    placed: dict[str, pd.DataFrame] = field(default_factory=dict)

    def format(self, **properties: object) -> Format:
        """A cell format; the same properties give the same format."""
        return self._format(tuple(sorted(properties.items())))

    @lru_cache(maxsize=256)  # noqa: B019 - a book lives as long as its file is written
    def _format(self, properties: tuple[tuple[str, object], ...]) -> Format:
        return self.file.add_format(dict(properties))

    def __hash__(self) -> int:
        return id(self)


def write_workbook(path: Path, content: Content, verdicts: Verdicts) -> Path:
    """Write report.xlsx to `path`."""
    # Text stays text: nothing is taken for a formula, a link or a number.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as file:
        file.set_properties({"title": clean(content.title), "comments": "Written by lodeplan"})
        book = Book(file, content)
        summary, figures = file.add_worksheet("summary"), file.add_worksheet("figures")
        shown = find_shown(content)
        for table in shown:
            write_table(book, table)
        _write_dictionary(book, shown)
        _write_summary(book, summary, verdicts)
        charts.draw(book, figures)
        summary.activate()
    return path


def clean(text: str) -> str:
    """Text as a cell can hold it."""
    return _ILLEGAL.sub("", text)[:_LONGEST]


def write_table(book: Book, shown: Shown) -> None:
    """Write a table to a sheet of its own: title, note, units, keys, rows."""
    sheet = book.file.add_worksheet(shown.name)
    rows = shown.filled(book.content)
    units = {column.key: column.unit for column in shown.columns}
    sheet.write_string(0, 0, shown.title, book.format(bold=True, font_size=14, font_color=INK))
    sheet.write_string(1, 0, shown.note if len(rows) else f"{shown.note} There are none.", book.format(italic=True))
    for n, key in enumerate(rows.columns):
        unit = units.get(str(key), shown.years)
        sheet.write_string(HEAD - 1, n, unit, book.format(font_color="#595959", italic=True, text_wrap=True))
        _write_column(book, sheet, n, rows[key], unit)
    _frame(book, sheet, shown.name, rows)
    book.placed[shown.name] = rows


def _frame(book: Book, sheet: Worksheet, name: str, rows: pd.DataFrame) -> None:
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
    sheet.freeze_panes(HEAD + 1, 1 if columns and columns[0] == "scenario" else 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD)


def _write_column(book: Book, sheet: Worksheet, n: int, values: pd.Series[Any], unit: str) -> None:
    number = book.format(num_format=number_format(str(values.name), unit))
    width = len(str(values.name))
    for row, value in enumerate(values.tolist(), HEAD + 1):
        if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
            continue
        if isinstance(value, str):
            sheet.write_string(row, n, clean(value))
            width = max(width, len(value))
        elif isinstance(value, bool):
            sheet.write_string(row, n, "yes" if value else "no")
        else:
            sheet.write_number(row, n, float(value), number)
            width = max(width, 11)
    sheet.set_column(n, n, min(width + 2, _WIDEST))


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
    return "#,##0.00" if unit.startswith("USD million") else "#,##0"


_COUNTS = ("projects", "contracts", "rows", "point")


def _write_dictionary(book: Book, shown: Sequence[Shown]) -> None:
    """Write what every column of every sheet means."""
    sheet = book.file.add_worksheet("dictionary")
    rows = [
        (table.name, column.key, column.unit, column.description) for table in shown for column in table.columns
    ]
    rows += [(table.name, "years", table.years, table.note) for table in shown if table.years]
    sheet.write_string(0, 0, "Dictionary", book.format(bold=True, font_size=14, font_color=INK))
    sheet.write_string(1, 0, "What every column means, and its unit; `years` stands for the columns named after a year.",
                       book.format(italic=True))  # fmt: skip
    table = pd.DataFrame(rows, columns=["sheet", "column", "unit", "description"])
    for n, key in enumerate(table.columns):
        _write_column(book, sheet, n, table[key], "")
    sheet.set_column(3, 3, 90)
    _frame(book, sheet, "dictionary", table)


def _write_summary(book: Book, sheet: Worksheet, verdicts: Verdicts) -> None:
    """Write the summary: title, what is bad in red, the comparison, the verdict on every scenario."""
    content = book.content
    sheet.set_column(0, 0, 110)
    sheet.hide_gridlines(2)
    text = book.format(text_wrap=True, valign="top")
    bad = book.format(text_wrap=True, valign="top", font_color=BAD, bold=True)
    heading = book.format(bold=True, font_size=13, font_color=INK, bottom=1)
    lines: list[tuple[str, Format]] = [
        (content.title, book.format(bold=True, font_size=18, font_color=INK)),
        (subtitle(content), book.format(italic=True, text_wrap=True)),
    ]
    for scenario in content.scenarios:
        lines.append((f"{scenario.title} ({scenario.name})", heading))
        for sentence in verdicts.of(scenario.name, content.base):
            lines.append((sentence.text, bad if sentence.is_bad else text))
            lines += [(f"    {detail}", text) for detail in sentence.details]
    lines += [("Other sheets", heading), (_CONTENTS, text)]
    for row, (line, style) in enumerate(lines):
        sheet.write_string(row, 0, clean(line), style)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


_CONTENTS = (
    "figures holds charts; every other sheet holds one table with its units in row 3 and its keys in row 4; dictionary "
    "says what the columns mean. Numbers are values, not formulas. The folder data beside this file holds every table in "
    "full as CSV, also those that are left out here (production, trade, balances, all shadow prices)."
)


def subtitle(content: Content) -> str:
    """What the report is about, in a line."""
    dollars = f"money in dollars of {content.price_year}; " if content.price_year else ""
    began = str(content.manifest.get("began", ""))[:16].replace("T", " ")
    book = content.manifest.get("workbook", {})
    source = f"workbook {book.get('name', '')}, " if isinstance(book, dict) and book else ""
    made = f"; {source}run of {began} UTC" if began else ""
    return f"{content.years[0]} to {content.years[-1]}; {dollars}tonnes are metric{made}"


def has_bad(sentences: Sequence[Sentence]) -> bool:
    """Whether something is to be shown in red."""
    return any(sentence.is_bad for sentence in sentences)
