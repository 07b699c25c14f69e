"""Checks: every rule says what was found, in which cell, and what to do; a sound workbook passes."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from typing import Any

import pytest

from model.errors import Problem
from model.rules import supply
from model.rules.checks import Checker, check, supply_check
from model.rules.watched import Watch, WatchedTables
from model.scenarios.merge import find_problems, merge
from model.workbook.cell_errors import CellError
from model.workbook.cells import parse
from model.workbook.codes import CODES
from model.workbook.schema import SHEET, SHEETS, Kind
from model.workbook.tables import Tables
from tests.support.sheets import Sheets, small_world
from tests.support.tables import tables_of


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
    return put("support_offers", "strike", **values)


def in_force(**values: Any) -> Edit:
    """Add a price floor that was signed before the plan."""
    return add("contracts_in_force", **{
        "contract": "floor", "facility": "partner_refinery", "form": "floor", "amount_usd_per_t": 110000,
        "covered_tpa": 100, "last_year": 2030, **values,
    })  # fmt: skip


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
    "E340": put("facilities", "partner_refinery", cost_basis="spread", capex_usd_per_tpa=100),
    "E350": put("facilities", "home_mine", construction_years=4),
    "E351": in_force(first_year=2028, last_year=2026),
    "E352": all_of(plant(output="magnet"), in_force(facility="plant")),
    "E353": in_force(pot="tresury"),
    "E354": offer(term_years=None),
    "W592": offer(loan_rate=0.03),
    "W590": in_force(facility="home_mine"),
    "W580": put("facilities", "partner_refinery", cost_basis="spread", cfd_eligible="yes", commercial="yes"),
    "W582": put("minerals", "ndpr", weight=0),
    "W581": put("facilities", "partner_refinery", cost_basis="spread", variable_usd_per_t=50000),
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
    "W570": all_of(
        add("settings", setting="whole_projects", value="yes"), put("facilities", "home_mine", unit_tpa=2000)
    ),
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
    "W549": put("support_budgets", "treasury", materials="magnet"),
    "W550": all_of(add("minerals", mineral="gallium"), put("exposure_caps", "ndpr", mineral="gallium")),
    "W556": target("loop", pathway="recycled", sense="min", y2026=0.1),
    "W557": all_of(target("low", sense="min", y2026=0.5, y2030=0.9), target("high", sense="max", y2026=0.7)),
    "W558": stock(initial_t=300, max_t=200),
    "W572": add("stockpiles", material="ndpr_concentrate", region="USA", min_cover_days=60),
    "W559": stock(max_t=100, min_cover_days=60, cover_breach_usd_per_t=1000),
    "W560": add("returns", product="ndpr_concentrate", scrap="ndpr_concentrate", lifetime_years=5, t_per_t=0.1),
    "E361": all_of(plant("press", output="magnet"), add("outlets", material="magnet", region="USA", y2026=10)),
    "E362": put("facilities", "home_mine", requires="home_refinery", max_new_tpa="none"),
    "W642": put("facilities", "home_mine", requires="home_mine"),
    "W643": all_of(
        put("facilities", "china_market", capacity_tpa=0), put("facilities", "home_mine", requires="china_market")
    ),
    "W644": add("group_limits", limit="few", region="CHL", kind="capacity", y2026=10),
    "W645": add("outlets", material="ndpr_oxide", region="PTN", y2026=10),
    "W646": all_of(
        add("materials", material="scrap", mineral="ndpr", stage="mining", shortage_cost_usd_per_t=0),
        add("prices", material="scrap", y2026=10),
        add("outlets", material="scrap", region="USA", y2026=10),
    ),
    "W647": put("facilities", "home_mine", idle_cost_share=0.5),
    "W648": add("group_limits", limit="few", kind="capacity", y2026=10, start_tpa=10),
    "W649": add("demand", segment="electric_vehicle", material="ndpr_concentrate", region="USA", y2026=5),
    "W650": put("routes", "CHN", tariff=4),
    "W651": add("support_budgets", pot="all", view="expected", y2026=200),
    "W640": put("routes", "CHN", growth=0.1),
    "W641": put("routes", "CHN", decay=0.2),
    "W561": put("materials", "ndpr_oxide", shortage_cost_usd_per_t=50000000),
    "W562": put("prices", "ndpr_oxide", y2026=70),
    "W563": put("facilities", "partner_refinery", variable_usd_per_t=22000000),
    "W564": put("materials", "ndpr_oxide", shortage_cost_usd_per_t=60000),
    "W565": all_of(plant("first"), plant("second"), plant("third", capacity_tpa=1200000)),
    "W566": put("facilities", "china_market", capacity_tpa=2000000),
    "W567": put("facilities", "china_market", capacity_tpa=100),
    "E391": add("scrap", material="ndpr_concentrate", region="USA", quantity="arisings", y2026=50),
    "E392": all_of(
        add("returns", product="ndpr_oxide", scrap="ndpr_oxide", lifetime_years=3, t_per_t=0.5),
        add("scrap", material="ndpr_oxide", region="USA", quantity="collection_rate", y2026=0.4),
    ),
    "W635": all_of(
        add("returns", product="ndpr_oxide", scrap="ndpr_concentrate", lifetime_years=3, t_per_t=1.2),
        add("scrap", material="ndpr_concentrate", region="USA", quantity="collection_rate", y2026=0.4),
    ),
    "E430": lambda sheets: sheets["changes"].extend([dict(sheets["changes"][0])]),
    "W620": put("support_budgets", "treasury", y2026=150000000),
    "W621": put("prices", "ndpr_concentrate", y2026=1e-15, y2030=1e-15),
    "W636": put("demand", "defence", y2026=0, y2028=5e-5, y2030=0),
    "W622": lambda sheets: [
        sheets["support_budgets"][0].pop(2026),
        put("support_budgets", "treasury", y2024=200)(sheets),
    ],
    "W623": put("demand", "defence", y2023=80),
    "W624": add("demand", segment="all_uses", material="ndpr_oxide", region="USA", y2026=1000, y2028=1320, y2030=1640),
    "W625": put("prices", "ndpr_concentrate", y2030=0),
    "W626": add("export_limits", limit="embargo", from_region="CHN", to_region="PTN", y2026=0),
    "W627": put("exposure_caps", "ndpr", breach_usd_per_t=0),
    "W628": put("facilities", "home_mine", earliest_decision_year=2020),
    "W629": put("facilities", "partner_mine", ramp_years=3),
    "W630": put("facilities", "partner_mine", max_new_tpa_per_year=50),
    "W631": all_of(
        add("returns", product="ndpr_oxide", scrap="ndpr_concentrate", lifetime_years=5, t_per_t=0.5),
        add("scrap", material="ndpr_concentrate", region="USA", quantity="collection_rate", y2026=0.4),
    ),
    "W632": add("stockpiles", material="ndpr_concentrate", region="USA", min_cover_days=30),
    "W633": add("returns", product="ndpr_oxide", scrap="ndpr_concentrate", lifetime_years=3, t_per_t=0.5),
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


def test_a_checker_finds_in_each_of_many_worlds_what_is_found_in_it_alone():
    """Worlds with one fault each, looked at by one checker, and a second time from the last to the first."""
    worlds = []
    for edit in EDITS.values():
        sheets = with_extras(sound_world())
        edit(sheets)
        worlds.append(merged(sheets))
    alone = [check(tables) + supply_check(tables) for tables in worlds]
    checker = Checker()
    for tables, expected in [*zip(worlds, alone, strict=True), *zip(worlds[::-1], alone[::-1], strict=True)]:
        assert checker.check(tables) + checker.supply_check(tables) == expected


@pytest.mark.parametrize(
    ("read", "sheets"),
    [
        (lambda tables: tables["prices"], {"prices"}),
        (lambda tables: tables.of("demand"), {"demand"}),
        (lambda tables: tables.setting("first_year"), {"settings"}),
        (lambda tables: tables.may_hold("routes", material="x"), {"routes"}),
        (list, set(SHEET)),
        (lambda tables: tables.copy(), set(SHEET)),
        (lambda tables: tables.is_whole, set(SHEET)),
        (lambda tables: tables.without_inactive(), set(SHEET)),
    ],
)
def test_every_way_to_read_a_sheet_is_noted(read, sheets):
    watch = Watch()
    tables = WatchedTables(merged(sound_world()), watch)
    with watch.look() as facts:
        read(tables)
    assert facts == sheets


def test_a_checker_asks_a_rule_again_only_where_what_it_reads_has_changed(monkeypatch):
    """Supply does not depend on prices, but on demand."""
    asked = []
    rule = supply.check_supply
    monkeypatch.setattr(supply, "check_supply", lambda context: asked.append(context) or rule(context))
    checker = Checker()
    edits = (
        (lambda _: None, 1),
        (put("prices", "ndpr_oxide", y2026=1.0), 1),
        (put("demand", "defence", y2026=2.0), 2),
        (lambda _: None, 2),
    )
    for edit, times in edits:
        sheets = sound_world()
        edit(sheets)
        checker.supply_check(merged(sheets))
        assert len(asked) == times


def test_a_sound_world_has_no_problems():
    assert found_in(sound_world()) == []
    assert found_in(with_extras(sound_world())) == []


def codes_of(*edits: Edit) -> set[str]:
    sheets = with_extras(sound_world())
    all_of(*edits)(sheets)
    return {problem.code for problem in found_in(sheets)}


@pytest.mark.parametrize(
    "edits",
    [
        [put("scenarios", "ban", probability=0)],
        [put("scenarios", "ban", probability=1)],
        [put("support_offers", "strike", materials="*")],
        [put("support_offers", "strike", materials="ndpr_oxide", max_strike_usd_per_t=90000)],
        [offer(form="floor_with_share", upside_share=0.3)],
        [put("routes", "CHN", tariff=0.25), put("settings", "title", value="")],
        [stock(initial_t=100, max_t=100, final_t=100, min_cover_days=10)],
        [target("low", sense="min", y2026=0.2), target("high", sense="max", y2026=0.2)],
        [
            add("minerals", mineral="dy"),
            add("materials", material="dy_oxide", mineral="dy", stage="refining", shortage_cost_usd_per_t=900000),
            add("recipes", facility="partner_refinery", material="dy_oxide", role="coproduct", t_per_t=0.01),
            add("contents", material="ndpr_concentrate", mineral="dy", t_per_t=0.1),
            add("prices", material="dy_oxide", y2026=300000),
            add("demand", segment="defence", material="dy_oxide", region="USA", y2026=1),
            add("routes", from_region="PTN", to_region="USA", material="dy_oxide", freight_usd_per_t=1),
            add(
                "mix_targets",
                target="dy",
                mineral="dy",
                stage="refining",
                pathway="friendshore",
                sense="min",
                y2026=0.5,
            ),
        ],
        [thrift()],
        [put("exposure_caps", "ndpr", scope="mining", mineral="*"), add("minerals", mineral="dy")],
        [plant("reserve_only", status="candidate", lead_time_years=4)],
        [put("demand", "defence", segment="use_a"), put("demand", "electric_vehicles", segment="use_b")],
        [put("routes", "CHN", tariff=1)],
        [
            add("facility_paths", facility="home_mine", quantity="max_new_tpa_per_year", y2026=0, y2030=1500),
            add("facility_paths", facility="china_market", quantity="capacity_tpa", y2026=5000, y2030=4000),
        ],
        [
            add("returns", product="ndpr_oxide", scrap="ndpr_concentrate", lifetime_years=3, t_per_t=0.5),
            add("scrap", material="ndpr_concentrate", region="USA", quantity="collection_rate", y2026=0.5),
        ],
    ],
)
def test_what_is_sound_passes(edits):
    assert codes_of(*edits) == set()


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        ([put("regions", "USA", standing="partner")], "E315"),
        ([put("facilities", "china_market", capex_usd_per_tpa=1)], "E318"),
        ([put("facilities", "home_refinery", output="magnet"), put("materials", "magnet", content=2)], "W537"),
        ([put("facilities", "partner_mine", online_year=2035)], "W531"),
        ([put("scenarios", "ban", known_from_year=2035)], "W531"),
        ([add("settings", setting="frontier_from_year", value=2040)], "W531"),
        ([put("facilities", "home_mine", max_new_tpa=0)], "W540"),
        ([put("facilities", "home_mine", earliest_decision_year=2030)], "W541"),
        ([put("minerals", "ndpr", lead_time_cap_years=1)], "W541"),
        ([add("minerals", mineral="dy"), add("exposure_caps", mineral="dy", scope="refining", y2026=0.5)], "W550"),
        (
            [
                add("minerals", mineral="dy"),
                add("exposure_caps", mineral="dy", scope="chain", y2026=0.5),
                add("contents", material="ndpr_oxide", mineral="dy", t_per_t=0.01),
            ],
            "W537",
        ),
        ([plant("first"), plant("second"), plant("third", capacity_tpa=0.1)], "W565"),
        ([put("facilities", "home_mine", water_m3_per_t=2e10)], "W620"),
        ([put("facilities", "home_mine", workers_per_ktpa=2e7)], "W620"),
        ([put("routes", "CHN", growth=20)], "W650"),
        ([add("settings", setting="public_funds_excess_burden", value=2.5)], "W650"),
        ([add("group_limits", limit="few", kind="growth", y2026=25, start_tpa=10)], "W650"),
        ([put("facilities", "home_mine", premium=5)], "W650"),
        ([add("support_budgets", pot="traesury", view="stress", y2026=100)], "W649"),
        ([put("materials", "ndpr_oxide", shortage_cost_usd_per_t=200)], "W561"),
        ([put("facilities", "home_refinery", cfd_eligible="no"), offer(materials="ndpr_oxide")], "W548"),
    ],
)
def test_other_things_a_rule_finds(edits, code):
    assert code in codes_of(*edits)


@pytest.mark.parametrize(
    ("asked", "found"), [("2030, 2050", "2050"), ("2020, 2028, 2050", "2020, 2050"), ("2026, 2030", ""), ("", "")]
)
def test_years_of_the_report_lie_in_the_horizon(asked, found):
    sheets = sound_world()
    put("settings", "report_years", value=asked)(sheets)
    rule = "the horizon is 2026 to 2030; the report does not show them"
    message = f"W531 settings!B6 (value): {found}; {rule}: correct or delete them"
    assert [str(problem) for problem in found_in(sheets)] == ([message] if found else [])


def test_a_region_that_is_not_there_is_one_problem():
    """Nothing is said of the routes and uses that a facility in 'US' seems to lack."""
    sheets = with_extras(sound_world())
    put("facilities", "home_refinery", region="US")(sheets)
    assert [str(problem) for problem in find_problems(tables_of(sheets))] == [
        (
            "E311 facilities!B3 (region): 'US' was not found; region must be one of the names in the sheet regions; "
            "did you mean 'USA'?"
        )
    ]


def test_a_cap_on_a_mineral_that_is_not_there_is_one_problem():
    assert codes_of(put("exposure_caps", "ndpr", mineral="gallium")) == {"E311"}


@pytest.mark.parametrize(
    ("sheet", "column"),
    [(sheet.name, column.key) for sheet in SHEETS for column in sheet.columns if column.kind is Kind.REFERENCE],
)
def test_a_name_that_is_not_there_is_one_problem(sheet, column):
    for number, row in enumerate(sound_world().get(sheet, [])):
        if row.get(column) not in (None, "", "*"):
            sheets = with_extras(sound_world())
            sheets[sheet][number][column] = f"{row[column]}x"
            assert [problem.code for problem in check(merged(sheets))] == ["E311"]


def test_a_source_that_is_not_there_holds_back_no_other_problem():
    assert codes_of(put("prices", "ndpr_oxide", source="atlos"), EDITS["W550"]) == {"E311", "W550"}


def test_one_home_a_year_is_enough_and_needed_every_year():
    def with_standing(years: str) -> list[Problem]:
        sheets = sound_world()
        sheets["changes"] = [
            {"scenario": "base", "sheet": "regions", "where": f"region={region}", "column": "standing", "years": span,
             "operation": "set", "value": value}
            for region, span, value in (("USA", "2029-2030", "partner"), ("PTN", years, "home"))
        ]  # fmt: skip
        return [problem for problem in check(merge(tables_of(sheets), "base").tables, "base") if problem.code == "E315"]

    assert with_standing("2029-2030") == []
    (late,) = with_standing("2030")
    assert late.found == "no region is home in 2029"
    (early,) = with_standing("2028-2030")
    assert (early.found, early.cell, early.scenario) == ("'USA', 'PTN' are home in 2028", "C3", "base")


def test_a_tariff_that_does_not_count_needs_no_price():
    sheets = with_extras(sound_world())
    EDITS["E325"](sheets)
    add("settings", setting="tariffs_count_as_cost", value="no")(sheets)
    assert "E325" not in {problem.code for problem in found_in(sheets)}


def test_a_scenario_may_switch_off_the_demand_of_a_capped_segment():
    sheets = sound_world()
    put("exposure_caps", "ndpr", segment="defence")(sheets)
    sheets["changes"] = [
        {"scenario": "base", "sheet": "demand", "where": "segment=defence", "column": "active", "value": "no"}
    ]
    assert [p for p in check(merge(tables_of(sheets), "base").tables, "base") if p.is_error] == []


# Demand against supply.


def supply_of(*edits: Edit) -> list[str]:
    sheets = with_extras(sound_world())
    all_of(put("facilities", "china_market", capacity_tpa=100), *edits)(sheets)
    return [problem.found for problem in supply_check(merged(sheets))]


def test_supply_counts_existing_and_buildable_capacity_in_time():
    """2027: 600 t of a partner and 100 of the market; the home refinery (1,500) is online from 2028."""
    assert supply_of() == [
        "in 2027 demand for 'ndpr_oxide' in 'USA' is 1,160 t, and at most 700 t could be supplied",
    ]
    assert supply_of(put("facilities", "home_refinery", lead_time_years=1)) == [
        "in 2026 demand for 'ndpr_oxide' in 'USA' is 1,000 t, and at most 700 t could be supplied",
    ]


def test_supply_counts_what_can_be_contracted_and_used():
    assert supply_of(put("facilities", "partner_refinery", offtake_share=0.5, utilisation=0.5)) == [
        "in 2027 demand for 'ndpr_oxide' in 'USA' is 1,160 t, and at most 250 t could be supplied",
    ]


def test_supply_counts_yearly_build_limits():
    """2030: decisions of 2026, 2027 and 2028 are online, 100 t each; with 600 and 100 that is 1,000."""
    assert supply_of(put("facilities", "home_refinery", max_new_tpa_per_year=100)) == [
        "in 2030 demand for 'ndpr_oxide' in 'USA' is 1,640 t, and at most 1,000 t could be supplied",
    ]


def test_supply_counts_routes_scrap_stocks_and_savings():
    """2027: 500 of the partner's 600 t on its route, 100 bought, 80 of 100 t of scrap, 50 released, 200 saved."""
    edits = [
        put("routes", "PTN", capacity_tpa=500),
        add("scrap", material="ndpr_oxide", region="USA", quantity="arisings", y2026=100),
        add("scrap", material="ndpr_oxide", region="USA", quantity="collection_rate", y2026=0.8),
        stock(initial_t=300, max_release_tpa=50),
        all_of(thrift(), put("facilities", "thrift", capacity_tpa=200)),
    ]
    assert supply_of(*edits) == [
        "in 2027 demand for 'ndpr_oxide' in 'USA' is 1,160 t, and at most 930 t could be supplied",
    ]


def test_supply_names_the_input_that_is_short():
    """Mines give 80 t of concentrate in 2026 and 2027, so refineries can make no more, whatever their size."""
    edit = put("facilities", "partner_mine", capacity_tpa=80)
    slow = put("facilities", "home_mine", lead_time_years=4, max_new_tpa=200)
    (found,) = supply_of(edit, slow)
    assert found.startswith("in 2029 demand for 'ndpr_oxide' in 'USA' is 1,480 t, and at most 180 t could be supplied ")
    assert found.endswith("(plants could make 2,200, but there are only 80 t of 'ndpr_concentrate')")


def test_coproducts_and_returns_are_supply():
    """A mine of 1,000 t yields 0.2 t of oxide beside each tonne; half of what was delivered a year ago comes back."""
    edits = [
        plant("other_mine", output="ndpr_concentrate", capacity_tpa=1000),
        add("recipes", facility="other_mine", material="ndpr_oxide", role="coproduct", t_per_t=0.2),
        add("returns", product="ndpr_oxide", scrap="ndpr_oxide", lifetime_years=1, t_per_t=0.5),
    ]
    assert supply_of(*edits) == [
        "in 2026 demand for 'ndpr_oxide' in 'USA' is 1,000 t, and at most 900 t could be supplied",
    ]


# Whatever stands in the cells, the answer is a list of problems.


WORDS = [
    *(
        "USA",
        "CHN",
        "*",
        "none",
        "no",
        "yes",
        "ndpr",
        "ndpr_oxide",
        "magnet",
        "2028",
        "0",
        "-1",
        "1e9",
        "0.5",
        "3",
        "2200",
    ),
    *(
        "region=USA",
        "pathway=onshore;stage=mining",
        "setting=last_year",
        "2026-2028",
        "add",
        "multiply",
        "set",
        "active",
    ),
    *(
        "candidate",
        "market",
        "substitution",
        "home",
        "other",
        "plan",
        "shock",
        "ban",
        "base",
        "chain",
        "refining",
        "floor",
    ),
    *("facilities", "settings", "regions", "capacity_tpa", "value", "standing", "lead_time_years", "min", "max"),
]


@pytest.mark.parametrize("seed", range(60))
def test_a_spoilt_world_is_judged_not_crashed_on(seed):
    chance = random.Random(seed)
    sheets = with_extras(sound_world())
    stock(initial_t=100, max_t=500, min_cover_days=30)(sheets)
    target("low", pathway="onshore", sense="min", y2026=0.1)(sheets)
    for _ in range(5):
        spoil(sheets, chance)
    assert all(problem.rule and problem.remedy for problem in find_problems(tables_of(sheets)))


def spoil(sheets: Sheets, chance: random.Random) -> None:
    """Put a word that its column takes into some cell."""
    name = chance.choice([name for name in sheets if name != "settings"])
    row, column = chance.choice(sheets[name]), chance.choice(SHEET[name].columns)
    word = chance.choice(WORDS)
    with contextlib.suppress(CellError):
        parse(column, word)
        row[column.key] = word


def test_a_name_in_full_suggests_its_identifier():
    sheets = sound_world()
    put("facilities", "home_mine", region="united states")(sheets)
    assert "E311 facilities!B2 (region): 'united states' was not found" in str(found_in(sheets)[0])
    assert found_in(sheets)[0].remedy == "did you mean 'USA'?"
    sheets = sound_world()
    sheets["changes"] = [
        {"scenario": "base", "sheet": "facilities", "where": "region=China", "column": "capacity_tpa", "value": 0}
    ]
    errors = [problem for problem in find_problems(tables_of(sheets)) if problem.is_error]
    assert [problem.remedy for problem in errors] == ["did you mean 'CHN'?"]
