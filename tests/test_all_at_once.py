"""All problems at once: a cell that cannot be read holds back no other problem, and brings about no second one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from model.errors import InputError
from model.study import run as study
from model.workbook.grid import address
from model.workbook.schema import OLD_SHEETS
from tests.independent.random_worlds import random_world
from tests.support.sheets import Sheets, columns_of, small_world, write_csv

pytestmark = pytest.mark.slow

BROKEN = "#REF!"
"""What no cell may hold."""


def problems_of(sheets: Sheets, folder: Path) -> list[str]:
    write_csv(sheets, folder)
    try:
        return [str(problem) for problem in study.open_study(folder).problems]
    except InputError as error:
        return [str(problem) for problem in error.problems]


def places_of(sheets: Sheets, folder: Path) -> list[str]:
    """Code and cell of every error."""
    return [problem.split(" ", 2)[0] + " " + problem.split(" ", 2)[1].rstrip(":") for problem in
            problems_of(sheets, folder) if problem.startswith("E")]  # fmt: skip


def put(sheets: Sheets, sheet: str, row: int, column: Any, value: object) -> None:
    """Type a value in a row, the first one being 2 as in the file."""
    sheets[sheet][row - 2][column] = value


def test_a_bad_cell_and_a_dangling_name_are_told_together(tmp_path):
    sheets = small_world()
    put(sheets, "facilities", 2, "hurdle_rate", 8)
    put(sheets, "recipes", 3, "facility", "partner_refinary")
    put(sheets, "changes", 2, "where", "region=CHM")
    put(sheets, "routes", 2, "to_region", "CHN")
    assert places_of(sheets, tmp_path) == ["E203 facilities!K2", "E311 recipes!A3", "E328 routes!B2", "E405 changes!C2"]


def test_a_bad_cell_and_a_dangling_name_in_one_row_are_told_together(tmp_path):
    sheets = small_world()
    put(sheets, "facilities", 2, "hurdle_rate", 8)
    put(sheets, "facilities", 2, "output", "ndpr_concentrat")
    assert places_of(sheets, tmp_path) == ["E203 facilities!K2", "E311 facilities!C2"]


def test_a_scenario_is_judged_beside_a_bad_cell(tmp_path):
    sheets = small_world()
    put(sheets, "demand", 2, 2026, "many")
    sheets["changes"] = [
        {"scenario": "base", "sheet": "regions", "where": "region=PTN", "column": "standing", "value": "home"}
    ]
    assert places_of(sheets, tmp_path) == ["E202 demand!D2", "E315 regions!C3"]


def test_names_are_judged_without_the_years_of_the_plan(tmp_path):
    sheets = small_world()
    put(sheets, "settings", 4, "value", "soon")
    put(sheets, "recipes", 3, "facility", "partner_refinary")
    assert places_of(sheets, tmp_path) == ["E202 settings!B4", "E311 recipes!A3"]


def test_rows_below_a_wrong_key_are_not_judged(tmp_path):
    sheets = small_world()
    sheets["facilities"] = [
        {("comercial" if key == "commercial" else key): value for key, value in row.items()}
        for row in sheets["facilities"]
    ]
    put(sheets, "recipes", 3, "facility", "partner_refinary")
    assert places_of(sheets, tmp_path) == ["E111 facilities!J1"]


def test_what_a_scenario_cannot_activate(tmp_path):
    sheets = small_world()
    put(sheets, "facilities", 4, "capacity_tpa", "large")
    put(sheets, "facilities", 4, "active", "no")
    assert places_of(sheets, tmp_path) == []
    sheets["changes"].append({"scenario": "base", "sheet": "facilities", "where": "facility=partner_mine",
                              "column": "active", "value": "yes"})  # fmt: skip
    [problem] = [problem for problem in problems_of(sheets, tmp_path) if problem.startswith("E")]
    assert problem == (
        "E405 changes!C3 (where) [scenario base]: it fits facilities row 4 ('partner_mine'), of which 'E4' cannot be "
        "read; an inactive row may be half filled in, but then it cannot be activated; set its active to yes and "
        "--check the workbook to see what is wrong, or leave the change out"
    )


def each_cell_broken(sheets: Sheets) -> Iterator[str]:
    """Break one cell after the other; yields what messages call its place."""
    for name, rows in sheets.items():
        columns = columns_of(rows)
        for number, row in enumerate(rows, start=2):
            for column, was in list(row.items()):
                row[column] = BROKEN
                yield f"{OLD_SHEETS.get(name, name)}!{address(number, columns.index(column) + 1)}"
                row[column] = was


@pytest.mark.parametrize(("seed", "step"), [(None, 1), (9, 5), (2, 23)], ids=["small", "random 9", "random 2"])
def test_a_cell_that_cannot_be_read_is_one_problem(seed, step, tmp_path):
    sheets = small_world() if seed is None else random_world(seed)
    odd = set(problems_of(sheets, tmp_path))
    for count, place in enumerate(each_cell_broken(sheets)):
        if count % step == 0:
            found = [problem for problem in problems_of(sheets, tmp_path) if problem not in odd]
            # Whoever is not active is not looked at; of a name without its row that is to be said.
            where = {problem.split(" ", 2)[1].rstrip(":") for problem in found}
            assert where <= {place} or is_name_of_inactive_row(sheets, place), (place, found)


def is_name_of_inactive_row(sheets: Sheets, place: str) -> bool:
    sheet, cell = place.split("!")
    return cell[0] == "A" and sheets[sheet][int(cell[1:]) - 2].get("active") in ("no", False)
