"""The sheet `summary` of report.xlsx: the scenarios side by side, and the verdict on each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from model.report.content import Content
from model.report.palette import BAD, INK, PALE
from model.report.table_sheet import clean
from model.report.verdict import Verdicts
from model.report.workbook_writer import ReportWorkbook


def write_summary(book: ReportWorkbook, sheet: Worksheet, verdicts: Verdicts) -> None:
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
