"""What an analysis hands back."""

from __future__ import annotations

from dataclasses import dataclass, field

from model.errors import InfeasibleError, InputError, LodeplanError, Problem
from model.results.flows import Row


@dataclass
class Findings:
    """Rows of results tables, each beginning with its scenario, and an entry of the manifest for each solve.

    Attributes:
        tables: name of the table -> rows.
        models: scenario, analysis, status, objective and effort of each solve.
        problems: what is wrong with combinations that could not be looked at.
    """

    tables: dict[str, list[Row]] = field(default_factory=dict)
    models: list[dict[str, object]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, other: Findings) -> None:
        """Append what another has found."""
        for name, rows in other.tables.items():
            self.tables.setdefault(name, []).extend(rows)
        self.models += other.models
        self.problems += other.problems


def describe_failure(entry: dict[str, object], error: LodeplanError) -> Findings:
    """What to report of a solve that did not come about."""
    problems = list(error.problems) if isinstance(error, InputError) else []
    status = "invalid" if problems else "infeasible" if isinstance(error, InfeasibleError) else "limit"
    return Findings(models=[{**entry, "status": status}], problems=problems)
