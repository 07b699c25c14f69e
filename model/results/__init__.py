"""A solved plan as tidy tables: one function a table, and the one list that names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pandas as pd

from model.results import awards, flows, indicators, influence, money, reliance, shadow, steps
from model.results import waits as waiting
from model.results.columns import RESULT_TABLES, Row, TableName
from model.results.plan import Plan
from model.scenarios.merge import Merged

PLAN_TABLES: dict[TableName, Callable[[Plan], Iterator[Row]]] = {
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
    """Return every table of a solved scenario."""
    tables: dict[str, pd.DataFrame] = {
        name: make_table(name, scenario, rows(plan)) for name, rows in PLAN_TABLES.items()
    }
    return tables | {"changes": changes_table(scenario, merged)}


def changes_table(scenario: str, merged: Merged) -> pd.DataFrame:
    """Return what the scenario changed in the workbook, old -> new."""
    rows = ((c.sheet, c.record, c.column, c.year, c.old, c.new) for c in merged.touched)
    return make_table("changes", scenario, rows)


def make_table(name: TableName, scenario: str, rows: Iterable[Row]) -> pd.DataFrame:
    """Return a scenario's part of a table, with its columns, sorted by what identifies a row."""
    return tabulate(name, ((scenario, *row) for row in rows))


def tabulate(name: TableName, rows: Iterable[Row]) -> pd.DataFrame:
    """Return a table of rows that begin with their scenario."""
    columns = RESULT_TABLES[name]
    table = pd.DataFrame(list(rows), columns=["scenario", *(column.key for column in columns)])
    for column in columns:
        if not column.is_text and table[column.key].dtype == object:  # nothing but blanks, or blanks among numbers
            table[column.key] = pd.to_numeric(table[column.key])
    if "year" in table:
        table["year"] = table["year"].astype("Int64")
    if columns.in_order:
        return table
    labels = ["scenario", *(column.key for column in columns if column.is_label)]
    return table.sort_values(labels, kind="stable", ignore_index=True)
