"""The workbook while it is written: what the tables, the summary and the charts share."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format

from model.report.content import Content


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
