"""Rules that span rows and sheets."""

from __future__ import annotations

from model.errors import Problem
from model.tables import Tables


def check_horizon(tables: Tables, scenario: str = "") -> list[Problem]:
    """Placeholder."""
    return []
