"""A solved plan as tidy tables: one function a table, and the one list that names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pandas as pd

from model.results import awards, flows, indicators, influence, money, reliance, shadow, steps
from model.results import waits as waiting
from model.results.columns import RESULT_TABLES
from model.results.flows import Row
from model.results.plan import Plan
from model.scenarios.merge import Merged

PLAN_TABLES: dict[str, Callable[[Plan], Iterator[Row]]] = {
    "summary": indicators.summary,
    "costs": money.costs,
    "production": flows.production,
    "capacity": flows.capacity,
    "builds": money.builds,
    "awards": awards.awards,
    "award_years": awards.award_years,
    "instruments": awards.instruments,
    "break_even": money.break_even,
    "deliveries": flows.deliveries,
    "balances": flows.balances,
    "mix": flows.mix,
    "exposure": indicators.exposure,
    "trade": flows.trade,
    "scrap": flows.scrap,
    "stockpiles": flows.stockpiles,
    "resources": flows.resources,
    "shadow_prices": shadow.shadow_prices,
    "influence": influence.influence,
    "price_steps": steps.price_steps,
    "waits": waiting.waits,
    "breaches": money.breaches,
    "concentration": flows.concentration,
    "import_reliance": reliance.import_reliance,
    "rents": money.rents,
}
"""Table -> what fills it from a plan."""


def find_tables(scenario: str, plan: Plan, merged: Merged) -> dict[str, pd.DataFrame]:
    """Every table of a solved scenario."""
    tables = {name: make_table(name, scenario, rows(plan)) for name, rows in PLAN_TABLES.items()}
    return tables | {"changes": changes_table(scenario, merged)}


def changes_table(scenario: str, merged: Merged) -> pd.DataFrame:
    """What the scenario changed in the workbook, old -> new."""
    rows = ((c.sheet, c.record, c.column, c.year, c.old, c.new) for c in merged.touched)
    return make_table("changes", scenario, rows)


def make_table(name: str, scenario: str, rows: Iterable[Row]) -> pd.DataFrame:
    """A scenario's part of a table, with its columns, sorted by what identifies a row."""
    return tabulate(name, ((scenario, *row) for row in rows))


def tabulate(name: str, rows: Iterable[Row]) -> pd.DataFrame:
    """A table of rows that begin with their scenario."""
    columns = RESULT_TABLES[name]
    table = pd.DataFrame(list(rows), columns=["scenario", *(column.key for column in columns)])
    for column in columns:
        if not column.is_text and table[column.key].dtype == object:  # nothing but blanks, or blanks among numbers
            table[column.key] = pd.to_numeric(table[column.key])
    if "year" in table:
        table["year"] = table["year"].astype("Int64")
    if name in _IN_ORDER:
        return table
    labels = ["scenario", *(column.key for column in columns if column.is_label)]
    return table.sort_values(labels, kind="stable", ignore_index=True)


_IN_ORDER = frozenset({
    "changes", "influence", "frontier", "frontier_minerals", "frontier_plans", "alternatives", "lead_times", "stress",
    "stress_minerals", "regret", "stress_savings", "stress_breaches", "failures", "failure_minerals",
    "failure_helpers", "draws", "draw_inputs", "draw_builds", "draw_drivers", "draw_years", "foresight",
    "foresight_builds", "hedge", "hedge_decisions",
})  # fmt: skip
"""Tables whose rows come in the order they were found: changes as they were made, points along a frontier."""
