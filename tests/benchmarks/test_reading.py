"""Reading a large workbook, beside what openpyxl alone takes to load it in the same run."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from model.workbook import reader
from tests.support.sheets import small_world, write_xlsx


@pytest.mark.slow
def test_reading_takes_a_small_multiple_of_loading(tmp_path: Path):
    """36,000 cells; measured 1.5 to 2 times the bare load, which every reader has to pay."""
    sheets = small_world()
    mine = sheets["facilities"][0]
    sheets["facilities"] = [{**mine, "facility": f"mine_{number}"} for number in range(500)]
    years: dict[Any, Any] = {year: year / 10 for year in range(2000, 2047)}
    sheets["demand"] = [
        {"segment": f"segment_{number}", "material": "ndpr_oxide", "region": "USA", **years} for number in range(500)
    ]
    path = write_xlsx(sheets, tmp_path / "my.xlsx")
    began = time.process_time()
    openpyxl.load_workbook(path)
    loaded = time.process_time()
    assert not reader.read(path).problems
    ratio = (time.process_time() - loaded) / (loaded - began)
    print(f"read / load = {ratio:.2f}")  # noqa: T201 - pytest -s shows it
    assert ratio < 10
