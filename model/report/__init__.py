"""The reports of a run: one page to read, one workbook to work on."""

from __future__ import annotations

from pathlib import Path

from model import output
from model.report.content import Content
from model.report.excel import write_workbook
from model.report.html import write_page
from model.report.verdict import Verdicts


def write_reports(folder: Path, content: Content) -> list[Path]:
    """Write report.html and report.xlsx to a results folder; the page comes first.

    Raises:
        OutputError: they could not be written.
    """
    verdicts = Verdicts(content)
    return [
        output.write_file(folder / "report.html", lambda path: write_page(path, content, verdicts)),
        output.write_file(folder / "report.xlsx", lambda path: write_workbook(path, content, verdicts)),
    ]
