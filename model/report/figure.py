"""What a figure is: where it stands on the page, the tables it reads, and what draws it there and in report.xlsx."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from xlsxwriter.chart import Chart

from model.report.content import Content
from model.report.workbook_writer import ReportWorkbook
from model.results.columns import ResultColumn

DIGITS = 9
"""Significant digits of a number on the page."""

ENOUGH = 6
"""Digits that tonnes and shares of a series need."""


@dataclass(frozen=True)
class PageTable:
    """A table that the page holds, for figures to draw from.

    Attributes:
        name: by which the script reads it.
        rows: what fills it.
        digits: significant digits of its numbers.
        is_series: its rows are series over the years.
        columns: what its columns mean, for a table that is not one of results and has no sheet in report.xlsx.
    """

    name: str
    rows: Callable[[Content], pd.DataFrame]
    digits: int = DIGITS
    is_series: bool = False
    columns: tuple[ResultColumn, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A picture that needs no script of its own: the first table of its figure as lines or as bars.

    It shows the chosen scenario and, where the table has such columns, the chosen mineral; bars also the chosen year.

    Attributes:
        kind: lines over the years, or bars one below the other.
        value: column of the numbers.
        by: column that names each line or bar.
    """

    kind: Literal["lines", "bars"]
    value: str
    by: str


@dataclass(frozen=True)
class Figure:
    """A figure: a row of pictures, a table of their numbers, and what saves both.

    On the page the function of its id in `templates/page` draws it; without one it is drawn as `picture` says, or is
    its first table alone.

    Attributes:
        id: the name by which a link and the script know it.
        title, note: over it.
        tables: all it reads, the one that it shows first.
        key: the key of colours above it ("" for none).
        open: whether its table is open from the start.
        picture: its picture, where it has no function.
        charts: what draws it on the sheet `figures` of report.xlsx, where it is drawn there.
    """

    id: str
    title: str
    note: str
    tables: tuple[PageTable, ...]
    key: str = ""
    open: bool = False
    picture: Picture | None = None
    charts: Callable[[ReportWorkbook], Iterable[Chart]] | None = None


@dataclass(frozen=True)
class Section:
    """A part of the page, and the choices it follows."""

    id: str
    title: str
    follows: str
    figures: tuple[Figure, ...]
