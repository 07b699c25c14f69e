"""Tables straight from the rows of a made world, as the reader would make them, without a file in between."""

from __future__ import annotations

from typing import Any

from model.workbook import cells
from model.workbook.schema import SETTING, SHEET, Sheet
from model.workbook.tables import Record, Tables
from tests.support.sheets import Sheets, columns_of


def tables_of(sheets: Sheets) -> Tables:
    """The tables of a world; rows are numbered as `write_xlsx` writes them, keys being row 1."""
    return Tables({name: _records(SHEET[name], rows) for name, rows in sheets.items()})


def _records(sheet: Sheet, rows: list[dict[str, Any]]) -> list[Record]:
    letters = {column: chr(ord("A") + place) for place, column in enumerate(columns_of(rows))}
    return [_record(sheet, row, number, letters) for number, row in enumerate(rows, start=2)]


def _record(sheet: Sheet, row: dict[str, Any], number: int, letters: dict[Any, str]) -> Record:
    values: dict[str, Any] = {}
    for column in sheet.columns:
        rule = SETTING[row["setting"]] if sheet.name == "settings" and column.key == "value" else column
        values[column.key] = cells.parse(rule, row.get(column.key))
    for column in sheet.columns:
        if column.default_from and row.get(column.key) in (None, ""):
            values[column.key] = column.default_from(values)
    given = {}
    if sheet.years:
        rule = sheet.years.rule(values.get(sheet.years.depends_on))
        given = {
            key: float(cells.parse(rule, row[key])) for key in row if isinstance(key, int) and row[key] is not None
        }
    addresses = {str(key): f"{letter}{number}" for key, letter in letters.items()}
    return Record(sheet.name, number, values, given, {}, addresses)
