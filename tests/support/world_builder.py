"""Worlds of a few rows: a frame of regions, stages and materials, and whatever a test puts into it.

Discounting, excess burden and haircut are off unless a test sets them, so that costs can be added up in the head.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from model.workbook.schema import OLD_SHEETS, SHEET
from tests.support.sheets import Sheets

Row = dict[Any, Any]

FRAME: Sheets = {
    "regions": [
        {"region": "USA", "standing": "home"},
        {"region": "CAN", "standing": "partner"},
        {"region": "CHN", "standing": "concern"},
    ],
    "stages": [
        {"stage": "mining", "order": 1},
        {"stage": "refining", "order": 2},
        {"stage": "scrap"},
    ],
    "minerals": [{"mineral": "tin"}],
    "materials": [
        {"material": "ore", "mineral": "tin", "stage": "mining", "shortage_cost_usd_per_t": 5000},
        {"material": "metal", "mineral": "tin", "stage": "refining", "shortage_cost_usd_per_t": 5000},
        {"material": "scrap", "mineral": "tin", "stage": "scrap", "shortage_cost_usd_per_t": 5000},
    ],
}

SETTINGS: Row = {
    "first_year": 2030,
    "last_year": 2031,
    "social_discount_rate": 0,
    "public_funds_excess_burden": 0,
    "lender_price_haircut": 0,
}

UNSAID: dict[str, Row] = {
    "demand": {"segment": "cars", "material": "metal", "region": "USA"},
    "prices": {"material": "metal"},
    "facilities": {"region": "USA", "output": "metal"},
    "recipes": {"material": "ore", "role": "input", "t_per_t": 1},
    "routes": {"to_region": "USA", "material": "metal", "freight_usd_per_t": 1},
    "scrap": {"material": "scrap", "region": "USA"},
    "returns": {"product": "metal", "scrap": "scrap", "t_per_t": 1},
    "exposure_caps": {"mineral": "tin", "scope": "chain"},
    "mix_targets": {"mineral": "tin", "stage": "refining"},
    "stockpiles": {"material": "metal", "region": "USA"},
    "support_offers": {"form": "two_way", "term_years": 10},
    "support_budgets": {"pot": "treasury", "view": "expected"},
    "contracts_in_force": {"contract": "floor", "form": "floor", "last_year": 2040},
}
"""What a row of a sheet says unless a test says otherwise."""


def make_world(settings: Row | None = None, **sheets: list[Row]) -> Sheets:
    """A world of two years, 2030 and 2031.

    Args:
        settings: settings that differ from `SETTINGS`.
        sheets: rows of each sheet; a row with the key of a row of the frame changes that one.
    """
    made = deepcopy(FRAME)
    for name, rows in ((OLD_SHEETS.get(name, name), rows) for name, rows in sheets.items()):
        for row in rows:
            found = made.setdefault(name, [])
            _put(found, SHEET[name].key, UNSAID.get(name, {}) | row)
    _collect_all(made)
    chosen = SETTINGS | (settings or {})
    return {"settings": [{"setting": key, "value": value} for key, value in chosen.items()]} | made


def _collect_all(made: Sheets) -> None:
    """Say that all scrap that arises can be collected where a test does not say which share."""
    places = [(row["material"], row["region"]) for row in made.get("scrap", []) if row["quantity"] == "arisings"]
    rated = {(row["material"], row["region"]) for row in made.get("scrap", []) if row["quantity"] == "collection_rate"}
    for material, region in dict.fromkeys(places):
        if (material, region) not in rated:
            row = {"material": material, "region": region, "quantity": "collection_rate", 2030: 1}
            made.setdefault("scrap", []).append(row)


def _put(rows: list[Row], key: tuple[str, ...], row: Row) -> None:
    same = next((old for old in rows if all(old.get(column) == row.get(column) for column in key)), None)
    if same is None:
        rows.append(row)
    else:
        same.update(row)


def market(facility: str, **row: Any) -> Row:
    """A seller at the reference price with plenty to sell."""
    return {"facility": facility, "cost_basis": "market", "capacity_tpa": 10000} | row


def plant(facility: str, **row: Any) -> Row:
    """An existing plant with plenty of capacity that is not commercial."""
    return {"facility": facility, "capacity_tpa": 1000} | row


def project(facility: str, **row: Any) -> Row:
    """A plant that can be built."""
    return {"facility": facility, "status": "candidate", "capacity_tpa": 1000} | row
