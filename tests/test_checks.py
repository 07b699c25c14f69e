"""Checks: every rule says what was found, in which cell, and what to do; a sound workbook passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from model.checks import check, supply_check
from model.codes import CODES
from model.errors import Problem
from model.scenarios import merge
from model.tables import Tables
from tests.tables_of import tables_of
from tests.worlds import Sheets, small_world


def sound_world() -> Sheets:
    """The small world with a source in every row."""
    sheets = small_world()
    for name, rows in sheets.items():
        if name not in ("settings", "sources"):
            for row in rows:
                row["source"] = "atlas"
    return sheets


def row_of(sheets: Sheets, sheet: str, name: str) -> dict[str, Any]:
    """The row of a sheet whose first column has this name."""
    return next(row for row in sheets[sheet] if name in row.values())


def merged(sheets: Sheets) -> Tables:
    return merge(tables_of(sheets), "").tables


def found_in(sheets: Sheets) -> list[Problem]:
    tables = merged(sheets)
    return check(tables) + supply_check(tables)


Edit = Callable[[Sheets], Any]
"""Something done to a world."""


def put(sheet: str, name: str, **values: Any) -> Edit:
    """Change a row; years are given as y2028=..."""
    return lambda sheets: row_of(sheets, sheet, name).update(
        {int(key[1:]) if key[1:].isdigit() else key: value for key, value in values.items()}
    )


def add(sheet: str, **values: Any) -> Edit:
    """Add a row; years are given as y2028=..."""
    row = {int(key[1:]) if key[1:].isdigit() else key: value for key, value in values.items()}
    return lambda sheets: sheets.setdefault(sheet, []).append({**row, "source": "atlas"})


def all_of(*edits: Edit) -> Edit:
    return lambda sheets: [single(sheets) for single in edits]


def plant(name: str = "plant", **values: Any) -> Edit:
    """Add a facility that fits in."""
    return add("facilities", facility=name, **{"region": "USA", "output": "ndpr_oxide", "capacity_tpa": 100, **values})


def thrift(region: str = "USA", output: str = "ndpr_oxide") -> Edit:
    """Add a substitution facility."""
    return plant("thrift", kind="substitution", region=region, output=output)


def stock(**values: Any) -> Edit:
    return add("stockpiles", material="ndpr_oxide", region="USA", **values)


def offer(**values: Any) -> Edit:
    return put("cfd_offers", "strike", **values)


def target(name: str, **values: Any) -> Edit:
    return add("mix_targets", target=name, mineral="ndpr", stage="refining", **values)


SMELTER = {"facility": "partner_refinery", "t_per_t": 0.1}

# For each code what is changed in the sound world, so that the example in the registry is the message.
EDITS: dict[str, Edit] = {
    "E311": put("facilities", "home_mine", output="ndpr_concentrat"),
    "E312": put("exposure_caps", "ndpr", segment="defense"),
    "E313": put("settings", "last_year", value=2025),
    "E314": put("settings", "last_year", value=2126),
    "E315": put("regions", "PTN", standing="home"),
    "E316": all_of(
        put("scenarios", "ban", probability=0.7), add("scenarios", scenario="war", kind="shock", probability=0.5)
    ),
    "E317": add("recipes", facility="china_market", material="ndpr_concentrate", role="input", t_per_t=1),
    "E318": put("facilities", "china_market", fixed_usd_per_tpa_year=500),
    "E319": all_of(
        thrift(), add("recipes", facility="thrift", material="ndpr_concentrate", role="coproduct", t_per_t=0.1)
    ),
    "E320": add("recipes", **SMELTER, material="ndpr_oxide", role="input"),
    "E321": add("recipes", **SMELTER, material="ndpr_concentrate", role="coproduct"),
    "E322": add("contents", material="ndpr_oxide", mineral="ndpr", t_per_t=0.1),
    "E323": put("facilities", "china_market", output="magnet"),
    "E324": lambda sheets: sheets["prices"].pop(0),
    "E325": lambda sheets: [sheets["prices"].pop(1), put("routes", "CHN", tariff=0.25)(sheets)],
    "E326": offer(max_strike_usd_per_t=90000),
    "E327": offer(first_award_year=2029, last_award_year=2027),
    "E328": put("routes", "ndpr_oxide", to_region="CHN"),
    "E329": stock(max_t=100, final_t=200),
    "E330": stock(max_t=100, min_cover_days=60),
    "W530": lambda sheets: row_of(sheets, "prices", "ndpr_oxide").pop("source"),
    "W531": offer(first_award_year=2032),
    "W532": put("facilities", "china_market", variable_usd_per_t=10),
    "W533": put("facilities", "china_market", commercial="yes"),
    "W534": put("facilities", "partner_refinery", cfd_eligible="yes"),
    "W535": thrift(region="PTN"),
    "W536": thrift(region="CHN"),
    "W537": put("recipes", "home_refinery", t_per_t=0.5),
    "W538": put("materials", "ndpr_concentrate", stage="refining"),
    "W539": put("facilities", "partner_mine", online_year=2030, retire_year=2028),
    "W540": put("facilities", "partner_mine", capacity_tpa=0),
    "W541": put("facilities", "home_mine", lead_time_years=5),
    "W542": all_of(
        plant("smelter", region="CHL"),
        add("recipes", facility="smelter", material="ndpr_concentrate", role="input", t_per_t=1),
    ),
    "W543": put("facilities", "home_mine", output="magnet"),
    "W544": add("demand", segment="defence", material="magnet", region="USA", y2026=10),
    "W545": add("demand", segment="defence", material="ndpr_oxide", region="CHL", y2026=10),
    "W546": lambda sheets: [
        put("routes", "*", tariff=0.1)(sheets),
        add("materials", material="scrap", mineral="ndpr", stage="mining", shortage_cost_usd_per_t=0)(sheets),
        add("recipes", **SMELTER, material="scrap", role="coproduct")(sheets),
    ],
    "W547": offer(upside_share=0.3),
    "W548": offer(materials="magnet"),
    "W549": put("cfd_budgets", "treasury", materials="magnet"),
    "W550": all_of(add("minerals", mineral="gallium"), put("exposure_caps", "ndpr", mineral="gallium")),
    "W556": target("loop", pathway="recycled", sense="min", y2026=0.1),
    "W557": all_of(target("low", sense="min", y2026=0.5, y2030=0.9), target("high", sense="max", y2026=0.7)),
    "W558": stock(initial_t=300, max_t=200),
    "W559": stock(max_t=100, min_cover_days=60, cover_breach_usd_per_t=1000),
    "W560": add("returns", product="ndpr_concentrate", scrap="ndpr_concentrate", lifetime_years=5, t_per_t=0.1),
    "W561": put("materials", "ndpr_oxide", shortage_cost_usd_per_t=50000000),
    "W562": put("prices", "ndpr_oxide", y2026=70),
    "W563": put("facilities", "partner_refinery", variable_usd_per_t=22000000),
    "W564": put("materials", "ndpr_oxide", shortage_cost_usd_per_t=60000),
    "W565": all_of(plant("first"), plant("second"), plant("third", capacity_tpa=1200000)),
    "W566": put("facilities", "china_market", capacity_tpa=2000000),
    "W567": put("facilities", "china_market", capacity_tpa=100),
}


def with_extras(sheets: Sheets) -> Sheets:
    """The sound world with things that some edits refer to."""
    add("materials", material="magnet", mineral="ndpr", stage="refining", shortage_cost_usd_per_t=500000)(sheets)
    add("regions", region="CHL", standing="partner")(sheets)
    return sheets


@pytest.mark.parametrize("code", EDITS)
def test_every_rule_says_where_what_and_what_to_do(code):
    sheets = with_extras(sound_world())
    EDITS[code](sheets)
    assert CODES[code].example in [str(problem) for problem in found_in(sheets)]


def test_a_sound_world_has_no_problems():
    assert found_in(sound_world()) == []
    assert found_in(with_extras(sound_world())) == []
