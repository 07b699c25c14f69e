"""The workbook while it is written: what the tables, the summary and the charts share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from model.report.content import Content

HEAD = 3
"""Row of the keys (from 0) of every table: title, note and units stand above it, as in the input workbook."""

LISTS = "_lists"
"""Sheet of what the drop-downs offer; it is hidden."""


@dataclass
class ReportWorkbook:
    """A workbook being written: its formats, where each table stands, and what drop-downs offer."""

    file: xlsxwriter.Workbook
    content: Content
    placed: dict[str, pd.DataFrame] = field(default_factory=dict)
    _formats: dict[tuple[tuple[str, object], ...], Format] = field(default_factory=dict)
    _lists: Worksheet | None = None
    _listed: int = 0

    def format(self, **properties: object) -> Format:
        """A cell format; the same properties give the same format."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.file.add_format(properties)
        return self._formats[key]

    def column(self, sheet: str, key: str) -> str:
        """The cells of a column of a table that has rows, for a formula: `data!$A$5:$A$99`."""
        rows = self.placed[sheet]
        place = [str(column) for column in rows.columns].index(key)
        return f"{sheet}!{xl_range_abs(HEAD + 1, place, HEAD + len(rows), place)}"

    def list_words(self, words: Sequence[str] | Sequence[int]) -> str:
        """Write words (at least one) below each other on the hidden sheet; their cells, for a formula."""
        if self._lists is None:
            self._lists = self.file.add_worksheet(LISTS)
            self._lists.hide()
        for row, word in enumerate(words):
            if isinstance(word, str):
                self._lists.write_string(row, self._listed, word)
            else:
                self._lists.write_number(row, self._listed, word)
        cells = f"{LISTS}!{xl_range_abs(0, self._listed, len(words) - 1, self._listed)}"
        self._listed += 1
        return cells
