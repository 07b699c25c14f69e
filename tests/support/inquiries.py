"""Made worlds, and what analyses find in them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from model.analyses.findings import Findings
from model.analyses.inquiry import Inquiry
from model.analyses.pool import OneByOne, Pool, ignore_progress
from model.results import tabulate
from model.scenarios.lineage import plans
from tests.support.sheets import Sheets, small_world
from tests.support.tables import tables_of


class LosingPool(OneByOne):
    """A pool in which the first item kills its workers."""

    def map(self, function, items, done=ignore_progress, lost=None):
        """The results, the first one lost."""
        return [lost(items[0]), *super().map(function, items[1:], done)]


def ask(world: Sheets, pool: Pool | None = None, found: list[str] | None = None) -> Inquiry:
    """An inquiry into a world, as if all its plans were solved."""
    tables = tables_of(world)
    lines = [] if found is None else found
    return Inquiry(tables, tuple(plans(tables)), pool or OneByOne(), lambda line, _done, _of: lines.append(line))


def rows_of(findings: Findings, table: str) -> pd.DataFrame:
    """A table an analysis has filled."""
    return tabulate(table, findings.tables[table])


def set_values(world: Sheets, **settings: Any) -> Sheets:
    """The world with other settings."""
    kept = [row for row in world["settings"] if row["setting"] not in settings]
    return {**world, "settings": kept + [{"setting": key, "value": value} for key, value in settings.items()]}


def contract_world() -> Sheets:
    """The small world without caps, its refinery too dear to be built without a contract, and a tight budget."""
    world = small_world()
    refinery = next(row for row in world["facilities"] if row["facility"] == "home_refinery")
    refinery["capex_usd_per_tpa"] = 300_000
    world["support_budgets"] = [{"pot": "treasury", "view": "expected", 2026: 5}]
    del world["exposure_caps"]
    # Public money costs as much again, so that no contract is signed for nothing.
    world = set_values(world, public_funds_excess_burden=1)
    return set_values(world, frontier_points=6, frontier_budgets="0, 1, 2", near_optimal_slack="0, 0.02, 0.05")


def two_supplier_world() -> Sheets:
    """A hundred tonnes a year, delivered from China at 10,000 USD/t, or, at most 60 t, from a partner at 30,000."""
    return {
        "settings": [
            {"setting": "first_year", "value": 2026},
            {"setting": "last_year", "value": 2026},
            {"setting": "price_year", "value": 2025},
            {"setting": "frontier_points", "value": 3},
        ],
        "regions": [
            {"region": "USA", "standing": "home"},
            {"region": "PTN", "standing": "partner"},
            {"region": "CHN", "standing": "concern"},
        ],
        "stages": [{"stage": "refining", "order": 1}],
        "minerals": [{"mineral": "gallium"}],
        "materials": [
            {"material": "metal", "mineral": "gallium", "stage": "refining", "content": 1,
             "shortage_cost_usd_per_t": 100_000},
        ],
        "demand": [{"segment": "chips", "material": "metal", "region": "USA", 2026: 100}],
        "prices": [{"material": "metal", 2026: 9_000}],
        "facilities": [
            {"facility": "china", "region": "CHN", "output": "metal", "capacity_tpa": 500, "cost_basis": "market"},
            {"facility": "partner", "region": "PTN", "output": "metal", "capacity_tpa": 60,
             "variable_usd_per_t": 29_000},
        ],
        "routes": [
            {"from_region": "CHN", "to_region": "USA", "material": "metal", "freight_usd_per_t": 1_000},
            {"from_region": "PTN", "to_region": "USA", "material": "metal", "freight_usd_per_t": 1_000},
        ],
    }  # fmt: skip
