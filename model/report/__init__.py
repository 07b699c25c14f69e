"""The reports of a run: one page to read, one workbook to work on, a brief to paste elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from model.report.brief_docx import write_brief
from model.report.content import Content
from model.report.excel import write_workbook
from model.report.html import write_page
from model.report.verdict import Verdicts
from model.results.run_folder import write_file


def report_jobs(folder: Path, content: Content) -> list[Callable[[], Path]]:
    """What writes the reports to a results folder, the page first; each may be done in any process."""
    verdicts = Verdicts(content)
    return [
        partial(write_file, folder / "report.html", partial(write_page, content=content, verdicts=verdicts)),
        partial(write_file, folder / "report.xlsx", partial(write_workbook, content=content, verdicts=verdicts)),
        partial(write_file, folder / "brief.docx", partial(write_brief, content=content)),
    ]


def write_reports(folder: Path, content: Content) -> list[Path]:
    """Write the reports; the page comes first.

    Raises:
        OutputError: they could not be written.
    """
    return [write() for write in report_jobs(folder, content)]
