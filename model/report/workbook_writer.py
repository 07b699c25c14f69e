"""The workbook while it is written: what the tables, the summary and the charts share."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format

from model.report.content import Content

HEAD = 3
"""Row of the keys (from 0) of every table: title, note and units stand above it, as in the input workbook."""


@dataclass
class ReportWorkbook:
    """A workbook being written: its formats, and where each table stands."""

    file: xlsxwriter.Workbook
    content: Content
    placed: dict[str, pd.DataFrame] = field(default_factory=dict)
    _formats: dict[tuple[tuple[str, object], ...], Format] = field(default_factory=dict)

    def format(self, **properties: object) -> Format:
        """A cell format; the same properties give the same format."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.file.add_format(properties)
        return self._formats[key]
