"""A run to report on: shortage, missed cap, contracts, a stockpile, a recycler, hostile text, a plan that cannot be."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from model.report.content import Content
from model.report.saved import read_run
from model.results.columns import RESULT_TABLES
from model.study import run as study
from tests.support.sheets import Sheets, small_world, write_csv

FORMULA = '=cmd|"/C calc"!A1'
SCRIPT = "<script>alert('a')</script>"
CLOSING = "</script><img src=x onerror=alert(1)>"
LINK = '<a href="javascript:alert(1)">x</a>'


def reported_world() -> Sheets:
    """The small world with everything in it that a report must show, and text that means harm."""
    sheets = small_world()
    sheets["settings"][0]["value"] = f"Small world {SCRIPT}"
    sheets["regions"][1]["name"] = FORMULA
    sheets["regions"][1] |= {"latitude": -25, "longitude": 135}
    sheets["minerals"][0]["name"] = f"NdPr {SCRIPT}"
    sheets["materials"][1]["name"] = f"@oxide {LINK}"
    sheets["facilities"][1]["name"] = FORMULA
    sheets["facilities"][3]["name"] = CLOSING
    sheets["facilities"][4]["note"] = "=1+1"
    sheets["prices"][1][2030] = 60000
    sheets["materials"].append(
        {"material": "ndpr_scrap", "name": "Scrap", "mineral": "ndpr", "stage": "scrap", "content": 0.8,
         "shortage_cost_usd_per_t": 100000})  # fmt: skip
    sheets["stages"].append({"stage": "scrap", "name": "Scrap"})
    sheets["minerals"].append({"mineral": "dysprosium", "name": "Dysprosium"})
    sheets["contents"] = [
        {"material": material, "mineral": "dysprosium", "t_per_t": 0.01}
        for material in ("ndpr_concentrate", "ndpr_oxide")
    ]
    sheets["scrap"] = [
        {"material": "ndpr_scrap", "region": "USA", "quantity": "arisings", 2026: 60},
        {"material": "ndpr_scrap", "region": "USA", "quantity": "collection_rate", 2026: 1},
        {"material": "ndpr_scrap", "region": "USA", "quantity": "collection_usd_per_t", 2026: 1000},
    ]
    sheets["facilities"].append(
        {"facility": "home_recycler", "region": "USA", "kind": "recycling", "output": "ndpr_oxide", "capacity_tpa": 40,
         "variable_usd_per_t": 9000})  # fmt: skip
    sheets["recipes"].append({"facility": "home_recycler", "material": "ndpr_scrap", "role": "input", "t_per_t": 1.1})
    sheets["stockpiles"] = [
        {"material": "ndpr_oxide", "region": "USA", "initial_t": 50, "max_t": 100, "holding_usd_per_t": 10}
    ]
    sheets["exposure_caps"][0]["breach_usd_per_t"] = 1000
    sheets["exposure_caps"][0][2028] = 0.01
    sheets["support_budgets"].append({"pot": "treasury", "view": "stress", 2026: 400})
    sheets["scenarios"] += [
        {"scenario": "squeeze", "title": f"{FORMULA} {SCRIPT}"},
        {"scenario": "never", "title": "Cannot be"},
    ]
    sheets["changes"] += [
        {"scenario": "squeeze", "sheet": "facilities", "where": "region=CHN", "column": "capacity_tpa", "years": "*",
         "operation": "set", "value": 300},
        {"scenario": "never", "sheet": "stockpiles", "where": "*", "column": "max_t", "operation": "set",
         "value": 90000},
        {"scenario": "never", "sheet": "stockpiles", "where": "*", "column": "final_t", "operation": "set",
         "value": 90000},
    ]  # fmt: skip
    return sheets


def make_run(folder: Path) -> study.Run:
    """Solve the world and write its results."""
    book = write_csv(reported_world(), folder / "book")
    return study.run_study(book, folder / "results", out=folder / "out")


def read(run: study.Run) -> Content:
    """The content of the reports of a run, from its folder."""
    return read_run(run.folder)[0]


def analyses() -> dict[str, pd.DataFrame]:
    """Rows an analysis might have found."""
    frontier = [
        (
            "base",
            n,
            0.5 - 0.1 * n,
            0.5 - 0.1 * n,
            "ndpr",
            0.6 - 0.1 * n,
            "",
            0.0,
            300.0 + 20 * n**2,
            290.0 + 20 * n**2,
            10.0,
            budget,
            budget * 0.5,
            2.0 * n,
            0.0,
            budget / 200,
        )
        for budget in (0.0, 200.0)
        for n in range(4)
    ]
    return {
        "frontier": pd.DataFrame(frontier, columns=[
            "scenario", *(column.key for column in RESULT_TABLES["frontier"])]),
        "stress": pd.DataFrame(
            [("base", "ban", 55.5, 50.0, 5.5, 0.1, "ndpr", 0.3, "ndpr", 0.02, 12.5),
             ("squeeze", "ban", 45.5, 45.5, 0.0, 0.2, "ndpr", 0.4, "", 0.0, 22.5)],
            columns=["scenario", *(column.key for column in RESULT_TABLES["stress"])]),
        "regret": pd.DataFrame(
            [("base", "ban", 12.5, "yes", 8.25, 4.25)],
            columns=["scenario", *(column.key for column in RESULT_TABLES["regret"])]),
        "failures": pd.DataFrame(
            [("base", 1, "region", "PTN", 2028, 2029, 90.5, 80.0, "ndpr", 7.5, ""),
             ("base", 2, "facility", "partner_mine", 2028, 2029, 60.25, 0.0, "", 0.0, "")],
            columns=["scenario", "rank", "kind", "name", "first_year", "last_year", "extra_cost_usd_million",
                     "penalty_usd_million", "worst_mineral", "months_lost", "same_as"]),
        "failure_minerals": pd.DataFrame(
            [("base", "region", "PTN", "ndpr", 250.0, 7.5)],
            columns=["scenario", "kind", "name", "mineral", "unmet_t", "months_lost"]),
        "failure_helpers": pd.DataFrame(
            [("base", "region", "PTN", "stock", "ndpr_oxide/USA", 50.0)],
            columns=["scenario", "kind", "name", "helper", "helper_name", "t"]),
        "failure_measures": pd.DataFrame(
            [("base", "region", "PTN", "stock", "ndpr_oxide/USA", 40.0, 2.0, 0.0, 60.0, 55.0, 0.032),
             ("base", "region", "PTN", "trade", "", 0.0, 5.0, 0.0, 40.0, 38.0, 0.1111)],
            columns=["scenario", *(column.key for column in RESULT_TABLES["failure_measures"])]),
        "draw_builds": pd.DataFrame(
            [("base", "home_mine", "no regret", 0.95, 0.0, 400.0, 500.0, 2026, "", float("nan"), 0.0, ""),
             ("base", "home_refinery", "depends", 0.5, 0.0, 50.0, 100.0, 2027, "price of ndpr", 0.75, 0.25,
              "home_mine")],
            columns=["scenario", *(column.key for column in RESULT_TABLES["draw_builds"])]),
        "draw_years": pd.DataFrame(
            [("base", measure, year, 1.0, 2.0, 3.0, 4.0, 5.0, "USD million")
             for measure in ("cost", "penalties", "outlay") for year in range(2026, 2031)],
            columns=["scenario", "measure", "year", "p5", "p25", "p50", "p75", "p95", "unit"]),
        "draw_drivers": pd.DataFrame(
            [("base", "cost_usd_million", "price of ndpr", 0.75, 0.5, "yes"),
             ("base", "cost_usd_million", "capex", -0.25, None, "no")],
            columns=["scenario", *(column.key for column in RESULT_TABLES["draw_drivers"])]),
        "draws": pd.DataFrame(
            [("base", 1, "optimal", 300.0, 0.0, 0.25, 0.0, 1.0, 310.0, 4.0, 10.0, 4.0),
             ("base", 2, "infeasible", *[float("nan")] * 9)],
            columns=["scenario", *(column.key for column in RESULT_TABLES["draws"])]),
        "foresight": pd.DataFrame(
            [("base", "cost", 340.0, 300.0, 40.0, "USD million"),
             ("base", "penalties", 30.0, 0.0, 30.0, "USD million")],
            columns=["scenario", "measure", "limited", "full", "difference", "unit"]),
        "foresight_builds": pd.DataFrame(
            [("base", "home_mine", 250.0, 500.0, 2028.0, 2026.0, 2.0, "home_refinery")],
            columns=["scenario", *(column.key for column in RESULT_TABLES["foresight_builds"])]),
        "hedge": pd.DataFrame(
            [("base", measure, value, "USD million", value, 0.0)
             for measure, value in (
                 ("hedged_cost: ban", 432.5), ("plan_cost: ban", 440.0), ("foreseen_cost: ban", 430.0),
                 ("value_of_stochastic_solution", 7.5), ("value_of_perfect_information", 2.5))],
            columns=["scenario", *(column.key for column in RESULT_TABLES["hedge"])]),
        "stress_savings": pd.DataFrame(
            [("base", "ban", "stock", "oxide/USA", -1.5, -1.5, 0.0),
             ("base", "ban", "facility", "mine", 8.5, 1.5, 7.0)],
            columns=["scenario", *(column.key for column in RESULT_TABLES["stress_savings"])]),
        "lead_times": pd.DataFrame(
            [("base", "mine", 3.0, 100.0, 120.0, 3.5, 1.5, 2.0)],
            columns=["scenario", *(column.key for column in RESULT_TABLES["lead_times"])]),
        "alternatives": pd.DataFrame(
            [("base", 0.02, "share_onshore", 0.2, 0.6, 0.4, "share", 6.0, 0.0, 4.0, 2.0),
             ("base", 0.05, "share_onshore", 0.1, 0.7, 0.4, "share", 15.0, 0.0, 10.0, 5.0)],
            columns=["scenario", *(column.key for column in RESULT_TABLES["alternatives"])]),
    }  # fmt: skip
