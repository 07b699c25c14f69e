"""report.xlsx: the summary, a sheet with charts, one sheet a table, and a dictionary of every column."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from model.memory import pause_garbage_collection
from model.report import charts
from model.report.book_sheets import find_book_sheets
from model.report.content import COMPARED_TABLES, Content
from model.report.explore import write_explore
from model.report.matrix_sheet import write_matrix
from model.report.palette import BAD, INK, PALE
from model.report.sheets import Shown
from model.report.terms import pathway_labels
from model.report.verdict import Verdicts
from model.report.workbook_writer import HEAD, ReportWorkbook

_WIDEST = 48
_HEAD_WIDTH = 16
"""Characters of a column; a longer header is wrapped, a longer text makes the column wider up to the widest."""
_LONGEST = 32_000
"""Characters a cell can hold are 32,767; a longer text is cut."""

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML file can hold."""


READ = ("summary", "matrix", "explore", "figures")
"""Sheets to read, before those with a table each."""

GROUPS: dict[str, tuple[str, frozenset[str]]] = {
    "read": ("#1A1A1A", frozenset(READ)),
    "compare": ("#CC79A7", frozenset({*COMPARED_TABLES, "comparison", "minerals", "cost_terms"})),
    "plan": ("#0072B2", frozenset({"data", "shortages", "breaches", "projects", "waits", "prices"})),
    "support": ("#E69F00", frozenset({"instruments", "which_support", "awards", "award_pays", "budgets"})),
    "analyses": ("#009E73", frozenset()),
    "inputs": ("#999999", frozenset({
        "influence", "changed_cells", "grades", "assumptions", "warnings", "run", "dictionary",
    })),
}  # fmt: skip
"""Groups of sheets in their order -> the colour of their tabs, and the sheets; those of the analyses are the others."""

_GROUP_NAMES = list(GROUPS)


def group_of(sheet: str) -> str:
    """The group a sheet belongs to."""
    return next((group for group, (_, names) in GROUPS.items() if sheet in names), "analyses")


@pause_garbage_collection()
def write_workbook(path: Path, content: Content, verdicts: Verdicts) -> Path:
    """Write report.xlsx to `path`."""
    # Text stays text: nothing is taken for a formula, a link or a number.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with _report_as_system_error(), xlsxwriter.Workbook(str(path), options) as file:
        file.set_properties({"title": clean(content.title), "comments": "Written by lodeplan"})
        book = ReportWorkbook(file, content)
        summary, matrix, explore, figures = map(file.add_worksheet, READ)
        shown = sorted(find_book_sheets(content), key=lambda table: _GROUP_NAMES.index(group_of(table.name)))
        for table in shown:
            write_table(book, table)
        _write_dictionary(book, shown)
        _write_summary(book, summary, verdicts)
        write_matrix(book, matrix)
        write_explore(book, explore)
        charts.draw(book, figures)
        for sheet in file.worksheets():
            sheet.set_tab_color(GROUPS[group_of(sheet.name)][0])
        summary.activate()
    return path


@contextmanager
def _report_as_system_error() -> Iterator[None]:
    """Raise the error of the system where a file cannot be written, not that of xlsxwriter."""
    try:
        yield
    except FileCreateError as error:
        raise OSError(*error.args[0].args if isinstance(error.args[0], OSError) else error.args) from error


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


def _write_dictionary(book: ReportWorkbook, shown: Sequence[Shown]) -> None:
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


def _write_summary(book: ReportWorkbook, sheet: Worksheet, verdicts: Verdicts) -> None:
    """Write the summary: what is bad in red, the comparison, then the verdict on every scenario."""
    content = book.content
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, _FIRST_WIDTH)
    sheet.set_column(1, _ACROSS, _OTHER_WIDTH)
    text = book.format(text_wrap=True, valign="top")
    detail = book.format(text_wrap=True, valign="top", indent=2, font_color="#404040")
    bad = book.format(text_wrap=True, valign="top", font_color=BAD, bold=True)
    heading = book.format(bold=True, font_size=13, font_color=INK, bottom=1)
    page = _Lines(sheet)
    page.write(content.title, book.format(bold=True, font_size=18, font_color=INK), height=26)
    page.write(subtitle(content), book.format(italic=True, text_wrap=True))
    page.write("Scenarios compared", heading, height=22)
    page.row = _write_compared(book, sheet, page.row)
    if content.warnings:
        page.write(f"{len(content.warnings)} warnings about the workbook: see the sheet warnings.", bad)
    for scenario in content.scenarios:
        page.write(f"{scenario.title} ({scenario.name})", heading, height=22)
        for sentence in verdicts.of(scenario.name, content.base):
            page.write(sentence.text, bad if sentence.is_bad else text)
            for line in sentence.details:
                page.write(line, bad if sentence.is_bad and not scenario.is_solved else detail)
    page.write("Other sheets", heading, height=22)
    page.write(_CONTENTS, text)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


_ACROSS = 11
"""Last column (from 0) a line of the summary runs across."""

_FIRST_WIDTH, _OTHER_WIDTH = 34, 15
_TO_A_LINE = 155
"""Characters a line of the summary holds, with some to spare: a wrapped line must not be cut."""


@dataclass
class _Lines:
    """Lines of text one below the other, each across the page and as high as it needs."""

    sheet: Worksheet
    row: int = 0

    def write(self, text: str, style: Format, height: float = 0) -> None:
        """Write one line."""
        words = clean(text)
        self.sheet.merge_range(self.row, 0, self.row, _ACROSS, "", style)
        self.sheet.write_string(self.row, 0, words, style)
        self.sheet.set_row(self.row, height or 15.5 * math.ceil(max(1, len(words)) / _TO_A_LINE))
        self.row += 1


def _write_compared(book: ReportWorkbook, sheet: Worksheet, row: int) -> int:
    """Write the scenarios side by side; the row after them."""
    compared = book.placed["comparison"]
    head = book.format(bold=True, bg_color=PALE, font_color=INK, text_wrap=True, valign="top", bottom=1)
    for n, (_, title, _) in enumerate(_COMPARED):
        sheet.write_string(row, n, title, head)
    sheet.set_row(row, 48)
    for record in compared.to_dict("records"):
        row += 1
        sheet.set_row(row, 15.5 * math.ceil(max(1, len(record["title"])) / _FIRST_WIDTH))
        for n, (key, _, form) in enumerate(_COMPARED):
            value = record[key]
            if isinstance(value, str):
                sheet.write_string(row, n, clean(value), book.format(bold=n == 0, text_wrap=True))
            elif isinstance(value, int | float) and not math.isnan(value):
                is_bad = key == "most_short_share" and value > 0
                style = {"num_format": form} | ({"font_color": BAD, "bold": True} if is_bad else {})
                sheet.write_number(row, n, float(value), book.format(**style))
        if record["status"] != "optimal":
            sheet.write_string(row, 1, f"no plan ({record['status']})", book.format(font_color=BAD, bold=True))
    return row + 2


_COMPARED = (
    ("title", "Scenario", ""),
    ("most_exposed", "Most exposed mineral", ""),
    ("most_exposed_share", "Its exposed share of demand", "0%"),
    ("exposure_index", "Exposure index", "0.0%"),
    ("most_short", "Mineral most short", ""),
    ("most_short_share", "Its share of demand not met", "0.0%"),
    ("supply_cost_usd_million", "Discounted supply cost, USD million", "#,##0"),
    ("supply_cost_change_usd_million", "Change against the base, USD million", "+#,##0;-#,##0;0"),
    ("penalty_cost_usd_million", "Discounted penalties, USD million", "#,##0"),
    ("support_paid_usd_million", "Treasury pays and lends, USD million", "#,##0"),
    ("support_tail_usd_million", "Falls due after the plan, USD million", "#,##0"),
    ("projects", "Projects", "0"),
)
"""Column of the comparison, its header on the summary, its number format."""

_CONTENTS = (
    "matrix sets minerals and scenarios side by side, explore draws any scenario and mineral you pick, figures compares"
    " the scenarios. Every other sheet holds one table, its units in row 3 and its keys in row 4; dictionary says what "
    "the columns mean, and data is ready for a pivot table. The folder data beside this file holds every table in full "
    "as CSV, also those that are left out here (costs, production, trade, balances, flows, all shadow prices)."
)


def subtitle(content: Content) -> str:
    """What the report is about, in a line."""
    dollars = f"money in dollars of {content.price_year}; " if content.price_year else ""
    runs = [content.manifest] if "began" in content.manifest else list(content.manifest.values())
    made = "".join(f"; {_made(run)}" for run in runs if isinstance(run, Mapping) and "began" in run)
    return f"{content.years[0]} to {content.years[-1]}; {dollars}tonnes are metric{made}"


def _made(manifest: Mapping[str, object]) -> str:
    """Which workbook was run when."""
    book = manifest.get("workbook")
    name = book.get("name", "") if isinstance(book, Mapping) else ""
    return f"workbook {name}, run of {str(manifest['began'])[:16].replace('T', ' ')} UTC"
