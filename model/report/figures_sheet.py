"""The sheet `figures` of report.xlsx: the charts of every figure that is drawn there."""

from __future__ import annotations

from collections.abc import Iterator

from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from model.report.figures import find_figures
from model.report.palette import INK
from model.report.workbook_writer import ReportWorkbook

WIDTH, HEIGHT = 620, 330
"""Pixels of a chart; two stand side by side."""

_ROWS_EACH = 18
_COLUMNS_EACH = 10
_ROWS_A_PAGE = 2


def write_figures(book: ReportWorkbook, sheet: Worksheet) -> None:
    """Draw every chart this run has numbers for, two in a row."""
    sheet.write_string(0, 0, "Figures", book.format(bold=True, font_size=14, font_color=INK))
    sheet.write_string(1, 0, "All scenarios side by side, then each by itself; explore draws any of them in detail.",
                       book.format(italic=True))  # fmt: skip
    sheet.hide_gridlines(2)
    n = -1
    for n, chart in enumerate(_find_charts(book)):
        chart.set_size({"width": WIDTH, "height": HEIGHT})
        sheet.insert_chart(3 + _ROWS_EACH * (n // 2), _COLUMNS_EACH * (n % 2), chart, {"y_offset": 6})
    # No chart is cut by the end of a page.
    sheet.set_h_pagebreaks([3 + _ROWS_EACH * row for row in range(_ROWS_A_PAGE, n // 2 + 1, _ROWS_A_PAGE)])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _find_charts(book: ReportWorkbook) -> Iterator[Chart]:
    """The charts of all figures that have any, in the order of the page."""
    for figure in find_figures(book.content):
        if figure.charts:
            yield from figure.charts(book)
