"""The analyses of shocks as the study asks for them: one worker a plan."""

from __future__ import annotations

from model.analyses.findings import Findings, describe_failure
from model.analyses.hedge import hedge_plan
from model.analyses.inquiry import LOST, Inquiry, failed_entry
from model.analyses.stress import stress_scenario
from model.errors import InfeasibleError, SolverLimitError
from model.plan import read_plan
from model.tables import Tables


def find_stress(inquiry: Inquiry) -> Findings:
    """Put every plan through every shock."""
    items = [(inquiry.tables, plan) for plan in inquiry.plans]
    parts = inquiry.pool.map(
        _stress_item, items, lambda n, part: inquiry.tell(_line(part), n, len(items)), lost=_lose_item
    )
    found = Findings()
    for part in parts:
        found.add(part)
    return found


def find_hedge(inquiry: Inquiry) -> Findings:
    """Find the hedged plan, beside the first plan of the workbook."""
    plan = inquiry.first_plan
    stated = inquiry.stated(plan)
    return hedge_plan(inquiry.tables, {plan: read_plan(stated.data, stated.compiled, *inquiry.optimum(plan))})


def _stress_item(item: tuple[Tables, str]) -> Findings:
    try:
        return stress_scenario(*item)
    except (InfeasibleError, SolverLimitError) as error:
        return describe_failure({"scenario": item[1], "analysis": "stress"}, error)


def _lose_item(item: tuple[Tables, str]) -> Findings:
    return Findings(models=[failed_entry(item[1], "stress", "", LOST)])


def _line(part: Findings) -> str:
    rows = part.tables.get("stress", [])
    worst = max((float(str(row[2])) for row in rows), default=0.0)
    name = str(part.models[0]["scenario"]) if part.models else "no shock"
    return f"{name}  {len(rows)} shocks  worst extra cost {worst:,.0f} m USD"
