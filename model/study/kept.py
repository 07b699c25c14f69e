"""Plans that are kept from one run to the next because nothing that affects them has changed."""

from __future__ import annotations

import hashlib
import math

from model.scenarios.lineage import plans
from model.scenarios.merge import merge
from model.study.scenario_outcome import Outcome
from model.workbook.tables import Tables

_DECIDE_NOTHING = frozenset({"scenarios", "changes", "uncertainty"})
"""Sheets that affect a plan only through the other sheets."""


class KeptPlans:
    """Outcomes of plans with a fingerprint of everything that decides them."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, Outcome]] = {}

    def find(self, tables: Tables, scenario: str, time_limit: float = math.inf) -> Outcome | None:
        """Return the outcome of a plan that is as it was when it was kept.

        Args:
            tables: the workbook as it was read.
            scenario: name of the plan.
            time_limit: seconds the solver may take.
        """
        mark, outcome = self._kept.get(scenario, ("", None))
        return outcome if outcome is not None and mark == fingerprint(tables, scenario, time_limit) else None

    def keep(self, tables: Tables, outcome: Outcome, time_limit: float = math.inf) -> None:
        """Keep a plan that was solved, or found to have no solution; what failed or was stopped is tried again."""
        if outcome.status in ("optimal", "infeasible"):
            self._kept[outcome.scenario] = fingerprint(tables, outcome.scenario, time_limit), outcome


def fingerprint(tables: Tables, scenario: str, time_limit: float = math.inf) -> str:
    """Return a digest of everything that affects the outcome of a plan: its merged tables, and its changes to them."""
    merged = merge(tables, scenario)
    digest = hashlib.blake2b(repr((time_limit, plans(tables)[:1] == [scenario], merged.touched)).encode())
    for record in merged.tables:
        if record.sheet not in _DECIDE_NOTHING:
            digest.update(repr((record.sheet, record.values, record.years)).encode())
    return digest.hexdigest()
