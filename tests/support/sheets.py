"""A world small enough to look through at a glance, as sheets of rows, and the files it can be written to."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from openpyxl import Workbook

Sheets = dict[str, list[dict[str, Any]]]


def small_world() -> Sheets:
    """Magnet rare earths in one country: a home chain to be built, partners, a Chinese market supplier, one offer."""
    return {
        "settings": [
            {"setting": "title", "value": "Small world"},
            {"setting": "first_year", "value": 2026},
            {"setting": "last_year", "value": 2030},
            {"setting": "price_year", "value": 2025},
            {"setting": "report_years", "value": "2026, 2030"},
        ],
        "regions": [
            {"region": "USA", "name": "United States", "standing": "home", "source": "atlas"},
            {"region": "PTN", "name": "Partner", "standing": "partner", "source": "atlas"},
            {"region": "CHN", "name": "China", "standing": "concern", "source": "atlas"},
        ],
        "stages": [
            {"stage": "mining", "name": "Mining", "order": 1},
            {"stage": "refining", "name": "Refining", "order": 2},
        ],
        "minerals": [{"mineral": "ndpr", "name": "Neodymium-praseodymium", "group": "rare earths"}],
        "materials": [
            {"material": "ndpr_concentrate", "name": "NdPr in concentrate", "mineral": "ndpr", "stage": "mining",
             "content": 1, "shortage_cost_usd_per_t": 300000},
            {"material": "ndpr_oxide", "name": "NdPr oxide", "mineral": "ndpr", "stage": "refining",
             "content": 0.857, "shortage_cost_usd_per_t": 500000},
        ],
        "demand": [
            {"segment": "defence", "material": "ndpr_oxide", "region": "USA", 2026: 100, 2030: 140, "source": "atlas"},
            {"segment": "electric_vehicles", "material": "ndpr_oxide", "region": "USA", 2026: 900, 2028: 1200,
             2030: 1500, "source": "atlas"},
        ],
        "prices": [
            {"material": "ndpr_concentrate", 2026: 30000, 2030: 32000},
            {"material": "ndpr_oxide", 2026: 70000, 2030: 80000},
        ],
        "facilities": [
            {"facility": "home_mine", "region": "USA", "output": "ndpr_concentrate", "status": "candidate",
             "capacity_tpa": 1500, "lead_time_years": 1, "capex_usd_per_tpa": 40000, "fixed_usd_per_tpa_year": 2000,
             "variable_usd_per_t": 15000, "commercial": "yes", "hurdle_rate": 0.1, "cfd_eligible": "yes"},
            {"facility": "home_refinery", "region": "USA", "output": "ndpr_oxide", "status": "candidate",
             "capacity_tpa": 1500, "lead_time_years": 2, "capex_usd_per_tpa": 60000, "fixed_usd_per_tpa_year": 3000,
             "variable_usd_per_t": 20000, "commercial": "yes", "hurdle_rate": 0.1, "cfd_eligible": "yes"},
            {"facility": "partner_mine", "region": "PTN", "output": "ndpr_concentrate", "capacity_tpa": 800,
             "variable_usd_per_t": 18000},
            {"facility": "partner_refinery", "region": "PTN", "output": "ndpr_oxide", "capacity_tpa": 600,
             "variable_usd_per_t": 22000, "concern_share": 0.2},
            {"facility": "china_market", "region": "CHN", "output": "ndpr_oxide", "capacity_tpa": 5000,
             "cost_basis": "market"},
        ],
        "recipes": [
            {"facility": "home_refinery", "material": "ndpr_concentrate", "role": "input", "t_per_t": 1.0},
            {"facility": "partner_refinery", "material": "ndpr_concentrate", "role": "input", "t_per_t": 1.0},
        ],
        "routes": [
            {"from_region": "CHN", "to_region": "USA", "material": "ndpr_oxide", "freight_usd_per_t": 400,
             "tariff": 0.25},
            {"from_region": "PTN", "to_region": "USA", "material": "*", "freight_usd_per_t": 300},
            {"from_region": "USA", "to_region": "PTN", "material": "ndpr_concentrate", "freight_usd_per_t": 300},
        ],
        "exposure_caps": [
            {"mineral": "ndpr", "scope": "chain", "segment": "*", "breach_usd_per_t": 100000, 2026: "none", 2028: 0.6},
        ],
        "support_offers": [
            {"offer": "strike", "form": "two_way", "materials": "ndpr_concentrate, ndpr_oxide", "term_years": 10,
             "max_strike_multiple": 2},
        ],
        "support_budgets": [{"pot": "treasury", "view": "expected", 2026: 200}],
        "scenarios": [
            {"scenario": "base", "title": "Base plan"},
            {"scenario": "ban", "title": "China stops selling", "kind": "shock", "probability": 0.1,
             "known_from_year": 2028},
        ],
        "changes": [
            {"scenario": "ban", "sheet": "facilities", "where": "region=CHN", "column": "capacity_tpa",
             "years": "2028-2030", "operation": "multiply", "value": 0},
        ],
        "sources": [{"source": "atlas", "citation": "Invented for the tests", "confidence": "assumed"}],
    }  # fmt: skip


def columns_of(rows: list[dict[str, Any]]) -> list[Any]:
    """Every key of the rows, in order of appearance; the years ascend."""
    found = list(dict.fromkeys(key for row in rows for key in row))
    years = iter(sorted(key for key in found if isinstance(key, int)))
    return [next(years) if isinstance(key, int) else key for key in found]


def write_xlsx(sheets: Sheets, path: Path) -> Path:
    """Write sheets to an Excel workbook, keys in row 1."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        columns = columns_of(rows)
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(column) for column in columns])
    book.save(path)
    return path


def write_csv(sheets: Sheets, folder: Path) -> Path:
    """Write sheets to a folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in sheets.items():
        columns = columns_of(rows)
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    return folder
