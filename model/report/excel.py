"""report.xlsx: the summary, a sheet with charts, one sheet a table, and a dictionary of every column."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from model.memory import pause_garbage_collection
from model.report.book_sheets import find_book_sheets
from model.report.content import COMPARED_TABLES, Content
from model.report.explore import write_explore
from model.report.figures_sheet import write_figures
from model.report.matrix_sheet import write_matrix
from model.report.summary_sheet import write_summary
from model.report.table_sheet import clean, write_dictionary, write_table
from model.report.verdict import Verdicts
from model.report.workbook_writer import ReportWorkbook

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
        write_dictionary(book, shown)
        write_summary(book, summary, verdicts)
        write_matrix(book, matrix)
        write_explore(book, explore)
        write_figures(book, figures)
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
