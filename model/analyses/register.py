"""What answers each question, and what becomes of a question that has no answer."""

from __future__ import annotations

from collections.abc import Callable

from model.analyses.alternatives import find_alternatives
from model.analyses.findings import Failure, Findings
from model.analyses.frontier import find_frontier
from model.analyses.hedge import find_hedge
from model.analyses.inquiry import Inquiry
from model.analyses.lead_times import find_lead_time_values
from model.analyses.stress import find_stress
from model.errors import InfeasibleError, InputError, SolverLimitError

ANALYSES: dict[str, Callable[[Inquiry], Findings]] = {
    "frontier": find_frontier,
    "stress": find_stress,
    "hedge": find_hedge,
    "alternatives": find_alternatives,
    "lead_times": find_lead_time_values,
}
"""Name of a question -> the analysis that answers it."""


def run_analysis(name: str, inquiry: Inquiry) -> Findings:
    """Answer a question; a solver that gives up becomes a finding, and nothing else is lost."""
    try:
        return ANALYSES[name](inquiry)
    except (InfeasibleError, SolverLimitError) as error:
        return Failure.of(error).findings(inquiry.first_plan, name)


def exit_code_of(findings: Findings) -> int:
    """A program without a plan is an answer; tables that break a rule, or a solver that gives up, are not."""
    codes = {"invalid": InputError.exit_code, "limit": SolverLimitError.exit_code, "lost": SolverLimitError.exit_code}
    return max((codes.get(str(model["status"]), 0) for model in findings.models), default=0)
