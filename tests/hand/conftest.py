"""The one way every world here is solved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.sheets import Sheets
from tests.support.solving import Solved, solve_csv


@pytest.fixture
def solve(tmp_path: Path) -> Callable[[Sheets], Solved]:
    """Solve a world from CSV files."""
    return lambda sheets: solve_csv(sheets, tmp_path)
