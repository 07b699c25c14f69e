"""Errors of a cell, and cells that are not plain values."""

from __future__ import annotations

from dataclasses import dataclass

EXCEL_ERRORS = frozenset({
    "#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!",
    "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "Err:502", "Err:504", "Err:508", "Err:522",
})  # fmt: skip

LARGEST = 1e15
"""No amount is larger, in any unit of the workbook, and the solver refuses larger ones."""


@dataclass(frozen=True)
class UnsavedFormula:
    """A formula whose value is not in the file."""

    formula: str


class DottedNumber(str):
    """A number such as 1.500 in a file that does not show whether the dot is a decimal point."""

    __slots__ = ()


class CellError(Exception):
    """A cell that does not hold what its column asks for."""

    def __init__(self, code: str, found: str, rule: str, remedy: str) -> None:
        super().__init__(f"{code}: {found}; {rule}; {remedy}")
        self.code, self.found, self.rule, self.remedy = code, found, rule, remedy
