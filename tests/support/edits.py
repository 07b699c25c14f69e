"""The small world with something wrong in it: one edit for each code of the reader, and what is said of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook as Book

from model.errors import InputError, Problem
from model.workbook import reader
from model.workbook.tables import Record, Tables
from tests.support.sheets import columns_of, small_world, write_xlsx

Edit = Callable[[Book], None]


def place(sheet: str, row: int, column: Any) -> tuple[int, int]:
    """Where `write_xlsx` puts a cell: keys in row 1, records from row 2."""
    return row, columns_of(small_world()[sheet]).index(column) + 1


def put(sheet: str, row: int, column: Any, value: Any) -> Edit:
    """An edit that types a value in a cell of the small world."""

    def edit(book: Book) -> None:
        book[sheet].cell(*place(sheet, row, column)).value = value

    return edit


def put_at(sheet: str, address: str, value: Any) -> Edit:
    def edit(book: Book) -> None:
        book[sheet][address] = value

    return edit


def with_units(found: str) -> Edit:
    def edit(book: Book) -> None:
        book["demand"].insert_rows(1)
        book["demand"].cell(1, 4).value = found

    return edit


def merge(book: Book) -> None:
    book["facilities"].merge_cells("D2:D3")


def hide_rows(book: Book) -> None:
    for row in (2, 4, 5):
        book["facilities"].row_dimensions[row].hidden = True


def hide_columns(book: Book) -> None:
    book["facilities"].column_dimensions["E"].hidden = True


def hide_sheet(book: Book) -> None:
    book["facilities"].sheet_state = "hidden"


def drop_years(book: Book) -> None:
    book["prices"].delete_cols(2, 2)


EDITS: dict[str, Edit] = {
    "E108": lambda book: book.remove(book["demand"]),
    "E109": lambda book: setattr(book["routes"], "title", "Route"),
    "E110": lambda book: book["routes"].delete_rows(1),
    "E111": put("facilities", 1, "capacity_tpa", "capacity"),
    "E112": lambda book: book["facilities"].delete_cols(3),
    "E113": put("prices", 1, 2030, "2026"),
    "E114": put_at("prices", "E3", "see sheet 2"),
    "E115": merge,
    "E116": with_units("kt/yr"),
    "E117": with_units("barrels"),
    "E118": put("settings", 2, "setting", "titel"),
    "E119": lambda book: book["settings"].delete_rows(4),
    "W634": put("demand", 1, 2028, 2023),
    "E201": put("regions", 4, "standing", None),
    "E202": put("demand", 3, 2028, "1,200"),
    "E203": put("facilities", 2, "hurdle_rate", 8),
    "E204": put("facilities", 2, "lead_time_years", 1.5),
    "E205": put("facilities", 3, "capex_usd_per_tpa", "#REF!"),
    "E206": put("facilities", 3, "capacity_tpa", "=C7*1000"),
    "E207": put("prices", 2, 2026, dt.datetime(2026, 3, 1)),  # noqa: DTZ001
    "E208": put("facilities", 2, "capacity_tpa", value=True),
    "E209": put("facilities", 2, "commercial", "maybe"),
    "E210": put("regions", 3, "standing", "partnre"),
    "E211": put("minerals", 2, "mineral", "NdPr (oxide)"),
    "E212": put("demand", 2, 2026, "none"),
    "E213": put("demand", 2, "region", "*"),
    "E214": put("recipes", 2, "material", "ndpr_concentrate, ndpr_oxide"),
    "E215": put("support_budgets", 2, 2026, None),
    "E216": put("prices", 3, "material", "ndpr_concentrate"),
    "E217": put("facilities", 2, "capacity_tpa", "inf"),
    "E218": put("support_offers", 2, "materials", ";"),
    "E231": lambda book: book["settings"].append(["near_optimal_slack", "0,02"]),
    "E232": put("facilities", 2, "capacity_tpa", 1e24),
    "W501": hide_sheet,
    "W591": put("changes", 2, "sheet", "cfd_budgets"),
    "W502": hide_rows,
    "W503": hide_columns,
}


def edited(path: Path, *edits: Edit) -> Path:
    """The small world with edits, as an Excel workbook."""
    write_xlsx(small_world(), path)
    book = openpyxl.load_workbook(path)
    for edit in edits:
        edit(book)
    book.save(path)
    return path


def problems_of(path: Path) -> list[Problem]:
    try:
        return list(reader.read(path).problems)
    except InputError as error:
        return list(error.problems)


def messages_of(path: Path) -> list[str]:
    return [str(problem) for problem in problems_of(path)]


def values_of(tables: Tables) -> list[Any]:
    return [(record.sheet, record.values, record.given) for record in tables]


def record_of(tables: Tables, sheet: str, label: str) -> Record:
    return next(record for record in tables[sheet] if record.label == label)
