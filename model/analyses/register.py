"""The function that runs each analysis, and what happens if it fails."""

from __future__ import annotations

import logging
from collections.abc import Callable

from model.analyses.alternatives import find_alternatives
from model.analyses.draws import find_draws
from model.analyses.failures import find_failures
from model.analyses.findings import Failure, Findings, exit_code_of, fault
from model.analyses.foresight import find_foresight
from model.analyses.frontier import find_frontier
from model.analyses.hedge import find_hedge
from model.analyses.inquiry import Inquiry
from model.analyses.lead_times import find_lead_time_values
from model.analyses.stress import find_stress
from model.errors import InfeasibleError, LodeplanError, SolverLimitError

_log = logging.getLogger(__name__)

ANALYSES: dict[str, Callable[[Inquiry], Findings]] = {
    "frontier": find_frontier,
    "stress": find_stress,
    "failures": find_failures,
    "draws": find_draws,
    "foresight": find_foresight,
    "hedge": find_hedge,
    "alternatives": find_alternatives,
    "lead_times": find_lead_time_values,
}
"""Name of a question -> the analysis that answers it."""


def run_analysis(name: str, inquiry: Inquiry) -> Findings:
    """Run an analysis; a solver failure or a fault of lodeplan becomes a finding, and nothing else is lost."""
    try:
        return ANALYSES[name](inquiry)
    except (InfeasibleError, SolverLimitError) as error:
        return Failure.of(error).findings(inquiry.first_plan, name)
    except LodeplanError:
        raise
    except Exception as error:  # noqa: BLE001 - the run goes on, and the finding says that this failed
        _log.exception("the analysis %s failed", name)
        return fault(error).findings(inquiry.first_plan, name)


def exit_code_of_findings(findings: Findings) -> int:
    """The exit code of the gravest solve; a program without a plan is an answer like any other."""
    return max((exit_code_of(str(model["status"])) for model in findings.models), default=0)
