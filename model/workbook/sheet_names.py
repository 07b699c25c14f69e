"""Which sheets a workbook has: names that are missing, unknown, old, or the planner's own."""

from __future__ import annotations

from dataclasses import replace

from model.errors import Problem
from model.workbook.grid import Grid
from model.workbook.schema import OLD_SHEETS, SHEET
from model.workbook.suggestions import closest

REQUIRED_SHEETS = ("settings", "regions", "stages", "minerals", "materials", "demand", "facilities")


def check_sheet_names(grids: list[Grid]) -> list[Problem]:
    """Return the problems of unknown and of missing sheets."""
    found = {grid.name for grid in grids}
    missing = [name for name in REQUIRED_SHEETS if name not in found]
    problems = []
    for grid in grids:
        if grid.name not in SHEET and not is_own(grid.name) and grid.rows:
            near = closest(grid.name, SHEET)
            if near in missing:
                missing.remove(near)
            problems.append(_unknown_sheet(grid.name, near, is_there=near in found))
    return [*problems, *(_missing_sheet(name) for name in missing)]


def rename_old_sheets(grids: list[Grid]) -> tuple[list[Grid], list[Problem]]:
    """Read sheets under their former names where the new ones are missing."""
    names = {grid.name for grid in grids}
    found, problems = [], []
    for grid in grids:
        new = OLD_SHEETS.get(grid.name, "")
        if new and new not in names:
            problems.append(old_sheet(grid.name, new))
            grid = replace(grid, name=new)  # noqa: PLW2901 - the same grid under its new name
        found.append(grid)
    return found, problems


def old_sheet(old: str, sheet: str, cell: str = "", column: str = "") -> Problem:
    """Return the former name of a sheet, or "" if it does not have one."""
    return Problem(
        "W591",
        sheet,
        cell,
        column,
        f"'{old}' is an old name",
        f"the sheet is now called {OLD_SHEETS[old]}; the old name is still read",
        "rename it",
    )


def is_own(name: str) -> bool:
    """Return whether a sheet is the planner's own, or only there to be read by people."""
    return name.startswith("_") or name.casefold() == "read_me"


def _unknown_sheet(name: str, near: str, *, is_there: bool) -> Problem:
    question = f"did you mean '{near}'? " if near else ""
    what_to_do = "move its rows to that sheet" if is_there else "rename the sheet"
    return Problem(
        "E109",
        name,
        "",
        "",
        f"the sheet '{name}' is not known",
        "sheets have the names in inputs/README.md; those that start with '_' are ignored",
        f"{question}{what_to_do}, or put '_' before its name",
    )


def _missing_sheet(name: str) -> Problem:
    return Problem(
        "E108",
        name,
        "",
        "",
        f"the sheet '{name}' is missing",
        f"a plan needs the sheets {', '.join(REQUIRED_SHEETS)}",
        f"add it; its columns are {', '.join(column.key for column in SHEET[name].columns)}",
    )
