"""The analyses of shocks as the study asks for them: one worker a plan, tables as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from model.analyses.findings import Found, describe_failure
from model.analyses.hedge import hedge_plan
from model.analyses.inquiry import LOST, Findings, Inquiry, failed_entry
from model.analyses.stress import stress_scenario
from model.errors import InfeasibleError, SolverLimitError
from model.plan import read_plan
from model.results import make_table
from model.tables import Tables


def find_stress(inquiry: Inquiry) -> Findings:
    """Put every plan through every shock."""
    items = [(inquiry.tables, plan) for plan in inquiry.plans]
    found = inquiry.pool.map(
        _stress_item, items, lambda n, part: inquiry.tell(_line(part), n, len(items)), lost=_lose_item
    )
    return _gather(found, inquiry.plans)


def find_hedge(inquiry: Inquiry) -> Findings:
    """Find the hedged plan, beside the first plan of the workbook."""
    plan = inquiry.first_plan
    stated = inquiry.stated(plan)
    solved = read_plan(stated.data, stated.compiled, *inquiry.optimum(plan))
    return _gather([hedge_plan(inquiry.tables, {plan: solved})], inquiry.plans)


def _stress_item(item: tuple[Tables, str]) -> Found:
    try:
        return stress_scenario(*item)
    except (InfeasibleError, SolverLimitError) as error:
        return describe_failure({"scenario": item[1], "analysis": "stress"}, error)


def _lose_item(item: tuple[Tables, str]) -> Found:
    return Found(models=[failed_entry(item[1], "stress", "", LOST)])


def _line(part: Found) -> str:
    plan = str(part.models[0]["scenario"]) if part.models else "no shock"
    rows = part.tables.get("stress", [])
    worst = max((float(str(row[2])) for row in rows), default=0.0)
    return f"{plan}  {len(rows)} shocks  worst extra cost {worst:,.0f} m USD"


def _gather(found: Iterable[Found], plans: Sequence[str]) -> Findings:
    """One set of tables from the rows of all, and the gravest exit code."""
    every = Found()
    for part in found:
        every.add(part)
    tables = {
        name: pd.concat(
            [make_table(name, plan, (row[1:] for row in rows if row[0] == plan)) for plan in plans], ignore_index=True
        )
        for name, rows in every.tables.items()
        if rows
    }
    failed = any(model["status"] in ("limit", "lost") for model in every.models)
    return Findings(tables, every.models, SolverLimitError.exit_code if failed else 0)
