"""The one way every world here is solved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.solved import Solved, solve_csv
from tests.worlds import Sheets


@pytest.fixture
def solve(tmp_path: Path) -> Callable[[Sheets], Solved]:
    """Solve a world from CSV files."""
    return lambda sheets: solve_csv(sheets, tmp_path)
