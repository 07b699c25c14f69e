"""Worlds as grids of cells, so that a key, a row or a column can be mistyped as well as a number."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from tests.support.sheets import columns_of

Grid = list[list[Any]]
"""The cells of a sheet; row 0 holds the keys."""

Grids = dict[str, Grid]


def grids_of(sheets: Mapping[str, list[dict[Any, Any]]]) -> Grids:
    """Return sheets of rows as grids, keys in the first row."""
    return {
        name: [columns, *([row.get(column) for column in columns] for row in rows)]
        for name, rows in sheets.items()
        for columns in [columns_of(rows)]
    }


def copied(grids: Grids) -> Grids:
    """Return grids that share no row with these."""
    return {name: [list(row) for row in grid] for name, grid in grids.items()}


def write_grids(grids: Grids, path: Path) -> Path:
    """Write grids to an Excel workbook, or to a folder of CSV files where the path has no suffix."""
    if not path.suffix:
        path.mkdir(parents=True, exist_ok=True)
        for old in path.iterdir():
            old.unlink()
        for name, grid in grids.items():
            with (path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(grid)
        return path
    book = Workbook()
    book.remove(book.active)
    for name, grid in grids.items():
        sheet = book.create_sheet(name)
        for row in grid:
            sheet.append(row)
    book.save(path)
    return path
