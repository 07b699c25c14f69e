"""The result of an analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from model.errors import FAULT, INTERRUPTED, InfeasibleError, InputError, LodeplanError, Problem, SolverLimitError
from model.results.columns import Row, TableName


@dataclass
class Findings:
    """Rows of results tables, each beginning with its scenario, and an entry of the manifest for each solve.

    Attributes:
        tables: name of the table -> rows.
        models: scenario, analysis, status, objective and effort of each solve.
        problems: what is wrong with combinations that could not be looked at.
    """

    tables: dict[TableName, list[Row]] = field(default_factory=dict)
    models: list[dict[str, object]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, other: Findings) -> None:
        """Append the tables, entries and problems of other findings."""
        for name, rows in other.tables.items():
            self.tables.setdefault(name, []).extend(rows)
        self.models += other.models
        self.problems += other.problems


@dataclass(frozen=True)
class Failure:
    """The reason why a solve has no result.

    Attributes:
        status: infeasible, limit, invalid (its tables break a rule of the workbook), lost (the solve crashed its worker
            process twice), stopped (the planner interrupted the run), or failed (a fault of lodeplan itself).
        message: in words.
        problems: of the workbook.
    """

    status: str
    message: str
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, error: LodeplanError) -> Failure:
        """Return what was said."""
        if isinstance(error, InputError):
            return cls("invalid", "the changes together break a rule of the workbook", error.problems)
        return cls("infeasible" if isinstance(error, InfeasibleError) else "limit", str(error))

    def findings(self, scenario: str, analysis: str, of: str = "") -> Findings:
        """Return the findings that report a solve without a result."""
        return Findings(models=[failed_entry(scenario, analysis, of, self)], problems=list(self.problems))


LOST = Failure("lost", "the solve crashed its worker process twice")
STOPPED = Failure("stopped", "the run was interrupted before this was done")


def fault(error: Exception) -> Failure:
    """Describe an error that is a fault of lodeplan itself; the log has the details."""
    return Failure("failed", f"a fault of lodeplan ({type(error).__name__}); run.log has the details, please report it")


def exit_code_of(status: str, infeasible: int = 0) -> int:
    """Return the exit code of a run whose gravest result has this status.

    Args:
        status: of a plan, or of a solve of an analysis.
        infeasible: the code of a program without a plan: for an analysis that is an answer like any other.

    >>> exit_code_of("optimal"), exit_code_of("limit"), exit_code_of("failed")
    (0, 3, 5)
    """
    return {
        "infeasible": infeasible,
        "invalid": InputError.exit_code,
        "limit": SolverLimitError.exit_code,
        "lost": SolverLimitError.exit_code,
        "failed": FAULT,
        "stopped": INTERRUPTED,
    }.get(status, 0)


def failed_entry(scenario: str, analysis: str, of: str, failure: Failure) -> dict[str, object]:
    """Return the manifest entry of a solve without a result."""
    return {"scenario": scenario, "analysis": analysis, "of": of, "status": failure.status, "message": failure.message}


def solved_entry(
    scenario: str, analysis: str, of: str, cost: float, statistics: Mapping[str, float | int | str]
) -> dict[str, object]:
    """Return the manifest entry of a solve.

    Args:
        scenario: the plan.
        analysis: the analysis.
        of: which of its solves.
        cost: cost at the point that was found, USD million.
        statistics: of the solver.
    """
    return {
        "scenario": scenario,
        "analysis": analysis,
        "of": of,
        "status": "optimal",
        "objective_usd_million": cost,
        **statistics,
    }
