"""Errors of a cell, and cells that are not plain values."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

EXCEL_ERRORS = frozenset({
    "#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!",
    "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "Err:502", "Err:504", "Err:508", "Err:522",
})  # fmt: skip

_DOTTED_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+", re.ASCII)

_DECIMAL_POINT = re.compile(r"[+-]?(0?\.\d+|\d+\.(\d{1,2}|\d{4,})|\d{4,}\.\d+)", re.ASCII)

LARGEST = 1e15
"""No amount is larger, in any unit of the workbook, and the solver refuses larger ones."""


@dataclass(frozen=True)
class UnsavedFormula:
    """A formula whose value is not in the file."""

    formula: str


class DottedNumber(str):
    """A number such as 1.500 in a file that does not show whether the dot is a decimal point."""

    __slots__ = ()
    where: ClassVar[str] = "in a file separated by semicolons"


class DottedText(DottedNumber):
    """Such a number as the text of a cell: Excel, which knows the planner's decimal sign, took it for no number."""

    __slots__ = ()
    where: ClassVar[str] = "that is stored as text"


class CellError(Exception):
    """A cell that does not hold what its column asks for; what to do is thought of when it is asked for."""

    def __init__(self, code: str, found: str, rule: str, remedy: str | Callable[[], str]) -> None:
        super().__init__(code, found, rule)
        self.code, self.found, self.rule, self._remedy = code, found, rule, remedy

    @property
    def remedy(self) -> str:
        """What to do."""
        return self._remedy if isinstance(self._remedy, str) else self._remedy()

    def __str__(self) -> str:
        return f"{self.code}: {self.found}; {self.rule}; {self.remedy}"


def doubt_dots(rows: dict[int, dict[int, object]], kind: type[DottedNumber]) -> None:
    """Mark texts such as 1.500, where nothing in the file shows whether the dot is a decimal point.

    A text that can only have a decimal point (0.5, 12.25) anywhere on the sheet settles it.
    """
    texts = [
        (cells, column, raw)
        for cells in rows.values()
        for column, raw in cells.items()
        if isinstance(raw, str) and "." in raw and raw[-1].isdigit()
    ]
    if any(_DECIMAL_POINT.fullmatch(raw) for _, _, raw in texts):
        return
    for cells, column, raw in texts:
        if _DOTTED_THOUSANDS.fullmatch(raw):
            cells[column] = kind(raw)
