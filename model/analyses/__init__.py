"""Questions that take many solves of one model; `ANALYSES` names them in the order they are asked."""

from __future__ import annotations

from model.analyses.alternatives import find_alternatives
from model.analyses.findings import Findings
from model.analyses.frontier import find_frontier
from model.analyses.hedge import find_hedge
from model.analyses.inquiry import Analysis, Inquiry, exit_code_of
from model.analyses.lead_times import find_lead_time_values
from model.analyses.stress import find_stress

ANALYSES = (
    Analysis("frontier", "trace the frontier", "frontier_budgets", find_frontier),
    Analysis("stress", "test against shocks", "stress_test", find_stress, meets_shocks=True),
    Analysis("hedge", "hedge", "hedged_plan", find_hedge, meets_shocks=True),
    Analysis("alternatives", "explore alternatives", "near_optimal_slack", find_alternatives),
    Analysis("lead_times", "value lead times", "", find_lead_time_values),
)
"""Every analysis, with the setting that asks for it."""

__all__ = ["ANALYSES", "Analysis", "Findings", "Inquiry", "exit_code_of"]
