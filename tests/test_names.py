"""The names of sheets, columns and settings, as the type checker sees them."""

from __future__ import annotations

from typing import get_args

import pytest

from model.workbook import names
from model.workbook.schema import SETTINGS, SHEETS
from model.workbook.typed_names import PAGE, names_text, write_names


def test_module_of_names_is_current():
    assert PAGE.read_text(encoding="utf-8") == names_text(), "run: python -m model.workbook.template"


def test_module_of_names_can_be_written(tmp_path):
    write_names(tmp_path / "names.py")
    assert (tmp_path / "names.py").read_text(encoding="utf-8") == names_text()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_sheet_has_the_names_of_its_columns(sheet):
    kind = "".join(word.capitalize() for word in sheet.name.split("_")) + "Column"
    assert get_args(getattr(names, kind)) == tuple(column.key for column in sheet.columns)


def test_sheets_and_settings_are_all_named():
    assert get_args(names.SheetName) == tuple(sheet.name for sheet in SHEETS)
    assert get_args(names.SettingName) == tuple(setting.key for setting in SETTINGS)


WRONG = {
    "a sheet": 'print(tables["facilites"][0].text("facility"))',
    "a column": 'print(tables["facilities"][0].number("capacity"))',
    "a column of another sheet": 'print(tables["facilities"][0].text("standing"))',
    "a setting": 'print(tables.number("first_yaer"))',
}


@pytest.mark.slow
def test_the_type_checker_finds_wrong_names(tmp_path):
    api = pytest.importorskip("mypy.api", reason="the extra 'dev' (mypy) is not installed")
    lines = ["from model.workbook.tables import Tables", "", "def show(tables: Tables) -> None:"]
    lines += [f"    {line}" for line in (*WRONG.values(), 'print(tables["facilities"][0].number("capacity_tpa"))')]
    (tmp_path / "wrong.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found, _, _ = api.run([str(tmp_path / "wrong.py"), "--no-error-summary", "--hide-error-context"])
    at_lines = {int(line.split(":")[1]) for line in found.splitlines() if "error:" in line and "wrong.py" in line}
    assert at_lines == {4, 5, 6, 7}, found
