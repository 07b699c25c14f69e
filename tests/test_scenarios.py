"""Scenarios: what a row of `changes` selects, touches and does, and what is said when it cannot."""

from __future__ import annotations

import math
from typing import Any

import pytest

from model.scenarios.changes import Change
from model.scenarios.lineage import plans, shocks
from model.scenarios.merge import Merged, find_problems, merge
from model.scenarios.selection import CHANGEABLE, REFUSED
from model.workbook.codes import CODES
from model.workbook.over_time import (
    DECISION_YEAR_COLUMNS,
    OPERATING_YEAR_COLUMNS,
    WHOLE_HORIZON_COLUMNS,
    YEAR_SHEETS,
)
from model.workbook.schema import SHEET
from model.workbook.tables import Record
from tests.support.sheets import Sheets, small_world
from tests.support.tables import tables_of


def world(*changes: dict[str, Any], **scenarios: dict[str, Any]) -> Sheets:
    """The small world with one plan `plan`, other scenarios as given, and changes (of `plan` unless they say)."""
    sheets = small_world()
    sheets["scenarios"] = [{"scenario": name, **more} for name, more in {"plan": {}, **scenarios}.items()]
    columns = ("scenario", "sheet", "where", "column", "years", "operation", "value")
    sheets["changes"] = [
        {column: {"scenario": "plan", **change}.get(column) for column in columns} for change in changes
    ]
    return sheets


def merged(*changes: dict[str, Any], **scenarios: dict[str, Any]) -> Merged:
    return merge(tables_of(world(*changes, **scenarios)), "plan")


def record(result: Merged, sheet: str, label: str) -> Record:
    return next(record for record in result.tables[sheet] if record.label == label)


def facility(**more: Any) -> dict[str, Any]:
    return {"sheet": "facilities", **more}


def messages(result: Merged) -> list[str]:
    return [str(problem) for problem in result.problems]


# What is changed, and how.


def test_a_name_that_is_no_scenario_is_the_workbook_as_it_stands():
    result = merge(tables_of(small_world()), "nobody")
    assert (result.touched, result.problems) == ((), ())
    assert record(result, "prices", "ndpr_oxide").years == {
        2026: 70000.0, 2027: 72500.0, 2028: 75000.0, 2029: 77500.0, 2030: 80000.0,
    }  # fmt: skip


def test_merging_leaves_the_workbook_as_it_was():
    base = tables_of(world(facility(where="*", column="capacity_tpa", years="2028", value=1)))
    before = [dict(record.values) for record in base]
    merge(base, "plan")
    assert [dict(record.values) for record in base] == before
    assert not any(record.years for record in base)


def test_set_without_years_sets_a_scalar_and_is_listed():
    result = merged(facility(where="facility=home_mine", column="hurdle_rate", value="0.12"))
    assert record(result, "facilities", "home_mine")["hurdle_rate"] == 0.12
    assert result.touched == (Change("facilities", "home_mine", "hurdle_rate", None, 0.1, 0.12),)


def test_years_make_a_scalar_a_path_over_the_horizon():
    result = merged(
        facility(
            where="facility=home_mine", column="capex_usd_per_tpa", years="2028-2029", operation="multiply", value=2
        )
    )
    assert record(result, "facilities", "home_mine")["capex_usd_per_tpa"] == {
        2026: 40000.0, 2027: 40000.0, 2028: 80000.0, 2029: 80000.0, 2030: 40000.0,
    }  # fmt: skip
    assert [(change.year, change.old, change.new) for change in result.touched] == [
        (2028, 40000.0, 80000.0),
        (2029, 40000.0, 80000.0),
    ]


def test_without_years_all_of_a_path_changes():
    result = merged(
        facility(where="facility=home_mine", column="fixed_usd_per_tpa_year", years="2030", value=5000),
        facility(where="facility=home_mine", column="fixed_usd_per_tpa_year", operation="add", value=1),
    )
    assert record(result, "facilities", "home_mine")["fixed_usd_per_tpa_year"] == {
        2026: 2001.0, 2027: 2001.0, 2028: 2001.0, 2029: 2001.0, 2030: 5001.0,
    }  # fmt: skip


def with_path(*changes: dict[str, Any], **path: Any) -> Merged:
    sheets = world(*changes)
    sheets["facility_paths"] = [
        {"facility": "partner_mine", "quantity": "capacity_tpa", 2026: 800, 2030: 400, "active": None, **path}
    ]
    return merge(tables_of(sheets), "plan")


def test_a_facility_path_is_the_column_and_the_column_the_path():
    result = with_path(
        facility(where="facility=partner_mine", column="capacity_tpa", operation="multiply", value=0.5),
        {"sheet": "facility_paths", "where": "*", "years": "2030", "value": 7},
    )
    expected = {2026: 400.0, 2027: 350.0, 2028: 300.0, 2029: 250.0, 2030: 7.0}
    assert record(result, "facilities", "partner_mine")["capacity_tpa"] == expected
    assert record(result, "facility_paths", "partner_mine/capacity_tpa").years == expected


def test_a_path_that_is_switched_off_gives_the_column_back():
    result = with_path({"sheet": "facility_paths", "where": "*", "column": "active", "value": "no"})
    assert record(result, "facilities", "partner_mine")["capacity_tpa"] == 800.0
    assert result.tables["facility_paths"] == []


def test_a_path_that_is_switched_on_replaces_the_column():
    result = with_path(
        {"sheet": "facility_paths", "where": "*", "column": "active", "value": "yes"},
        {"sheet": "facility_paths", "where": "*", "years": "2030", "value": 7},
        active="no",
    )
    assert record(result, "facilities", "partner_mine").number("capacity_tpa", 2030) == 7.0


def test_year_sheets_change_interpolated_years():
    result = merged(
        {
            "sheet": "prices",
            "where": "material=ndpr_oxide",
            "years": "2027,2029-2040",
            "operation": "multiply",
            "value": 2,
        }
    )
    assert record(result, "prices", "ndpr_oxide").years == {
        2026: 70000.0, 2027: 145000.0, 2028: 75000.0, 2029: 155000.0, 2030: 160000.0,
    }  # fmt: skip
    # The years of the span that lie outside the horizon are left out, with a warning.
    assert [problem.code for problem in result.problems] == ["W552"]
    assert {change.column for change in result.touched} == {""}


def test_a_normal_column_of_a_year_sheet():
    result = merged({"sheet": "exposure_caps", "where": "mineral=ndpr", "column": "breach_usd_per_t", "value": "none"})
    assert record(result, "exposure_caps", "ndpr/chain/*")["breach_usd_per_t"] == math.inf


@pytest.mark.parametrize(("operation", "value", "share"), [("add", 0.1, 0.7), ("multiply", 0.5, 0.3)])
def test_add_and_multiply_leave_none(operation, value, share):
    result = merged(
        {"sheet": "exposure_caps", "where": "*", "operation": operation, "value": value},
        facility(where="facility=home_mine", column="reserve_t", operation=operation, value=value),
        facility(where="facility=home_mine", column="online_year", operation=operation, value=value),
    )
    assert record(result, "exposure_caps", "ndpr/chain/*").years == {
        2026: math.inf, 2027: math.inf, 2028: share, 2029: share, 2030: share,
    }  # fmt: skip
    assert record(result, "facilities", "home_mine")["reserve_t"] == math.inf
    assert record(result, "facilities", "home_mine")["online_year"] == -math.inf
    assert result.problems == ()


def test_whole_numbers_are_rounded_halves_up_after_multiply():
    result = merged(facility(where="facility=home_mine,home_refinery", column="lead_time_years", operation="multiply",
                             value=1.5))  # fmt: skip
    assert [(change.old, change.new) for change in result.touched] == [(1.0, 2.0), (2.0, 3.0)]


def test_a_product_that_misses_a_bound_by_rounding_is_on_it():
    result = merged(
        facility(where="facility=home_mine", column="utilisation", value=0.9090909090909091),
        facility(where="facility=home_mine", column="utilisation", operation="multiply", value=1.1),
    )
    assert record(result, "facilities", "home_mine")["utilisation"] == 1.0
    assert result.problems == ()


def test_blank_decision_years_stand_for_first_year():
    result = merged(facility(where="facility=home_mine", column="earliest_decision_year", operation="add", value=2))
    assert record(result, "facilities", "home_mine")["earliest_decision_year"] == 2028.0


def test_set_reads_the_value_by_the_rule_of_the_column():
    result = merged(
        facility(where="facility=home_mine", column="commercial", value="no"),
        facility(where="facility=home_mine", column="region", value="PTN"),
        {"sheet": "support_offers", "where": "*", "column": "materials", "value": "ndpr_oxide"},
        {"sheet": "routes", "where": "*", "column": "capacity_tpa", "value": "none"},
    )
    assert record(result, "facilities", "home_mine")["commercial"] is False
    assert record(result, "facilities", "home_mine")["region"] == "PTN"
    assert record(result, "support_offers", "strike")["materials"] == ("ndpr_oxide",)
    assert record(result, "routes", "PTN/USA/*")["capacity_tpa"] == math.inf


def test_a_cell_touched_twice_is_listed_once_from_first_to_last():
    result = merged(
        {"sheet": "prices", "where": "*", "years": "2030", "value": 10},
        {"sheet": "prices", "where": "material=ndpr_oxide", "years": "2030", "operation": "add", "value": 5},
    )
    assert result.touched == (
        Change("prices", "ndpr_concentrate", "", 2030, 32000.0, 10.0),
        Change("prices", "ndpr_oxide", "", 2030, 80000.0, 15.0),
    )


def test_settings_change_before_years_are_interpolated():
    result = merged(
        {"sheet": "demand", "where": "segment=defence", "years": "2032", "value": 1},
        {"sheet": "settings", "where": "setting=last_year", "column": "value", "operation": "add", "value": 2},
        {"sheet": "settings", "where": "setting=social_discount_rate", "column": "value", "value": 0.05},
    )
    assert result.problems == ()
    assert result.tables.horizon == range(2026, 2033)
    assert record(result, "demand", "defence/ndpr_oxide/USA").years[2032] == 1.0
    assert result.tables.setting("social_discount_rate") == 0.05
    assert Change("settings", "social_discount_rate", "value", None, 0.03, 0.05) in result.touched


# Which rows are changed.


@pytest.mark.parametrize(
    ("where", "selected"),
    [
        ("*", "home_mine home_refinery partner_mine partner_refinery china_market"),
        (None, "home_mine home_refinery partner_mine partner_refinery china_market"),
        ("region=CHN,PTN", "partner_mine partner_refinery china_market"),
        ("region = CHN , PTN ; stage = refining", "partner_refinery china_market"),
        ("pathway=friendshore", "partner_mine partner_refinery"),
        ("pathway=onshore; mineral=ndpr; stage=mining", "home_mine"),
        ("commercial=yes", "home_mine home_refinery"),
        ("capacity_tpa=1500.0", "home_mine home_refinery"),
        ("reserve_t=none;region=CHN", "china_market"),
        ("owner=;region=CHN", "china_market"),
    ],
)
def test_where(where, selected):
    result = merged(facility(where=where, column="waste_t_per_t", value=1))
    assert [change.record for change in result.touched] == sorted(selected.split())
    assert result.problems == ()


def test_lists_match_if_they_contain_the_value():
    result = merged({"sheet": "support_offers", "where": "materials=ndpr_oxide", "column": "coverage", "value": 0.5})
    assert [change.record for change in result.touched] == ["strike"]


def test_a_star_in_where_is_itself_where_a_selector_can_say_so():
    result = merged({"sheet": "routes", "where": "material=*", "column": "tariff", "value": 0.1})
    assert [change.record for change in result.touched] == ["PTN/USA/*"]


def test_pathway_is_that_of_the_first_year_touched():
    friend_no_more = {
        "sheet": "regions",
        "where": "region=PTN",
        "column": "standing",
        "years": "2029-2030",
        "value": "other",
    }
    before = merged(friend_no_more, facility(where="pathway=other", column="premium", years="2029-2030", value=0.1))
    assert [change.record for change in before.touched[2:]] == ["partner_mine", "partner_mine", "partner_refinery",
                                                               "partner_refinery"]  # fmt: skip
    after = merged(friend_no_more, facility(where="pathway=other", column="premium", years="2028-2030", value=0.1))
    assert after.problems[0].code == "E405"
    assert record(before, "regions", "PTN")["standing"] == {
        2026: "partner", 2027: "partner", 2028: "partner", 2029: "other", 2030: "other",
    }  # fmt: skip


def test_inactive_rows_match_only_a_change_of_active():
    sheets = world(
        facility(where="facility=partner_mine", column="active", value="yes"),
        facility(where="pathway=friendshore", column="waste_t_per_t", value=2),
    )
    for row in sheets["facilities"]:
        row["active"] = "no" if row["facility"] == "partner_mine" else None
    result = merge(tables_of(sheets), "plan")
    assert result.problems == ()
    assert record(result, "facilities", "partner_mine")["waste_t_per_t"] == 2.0
    assert len(result.tables["facilities"]) == 5
    del sheets["changes"][0]
    unchanged = merge(tables_of(sheets), "plan")
    assert [change.record for change in unchanged.touched] == ["partner_refinery"]
    assert len(unchanged.tables["facilities"]) == 4


def test_a_row_set_inactive_takes_the_rows_that_refer_to_it_along():
    result = merged({"sheet": "regions", "where": "region=PTN", "column": "active", "value": "no"})
    assert [record.label for record in result.tables["facilities"]] == ["home_mine", "home_refinery", "china_market"]
    assert [record.label for record in result.tables["routes"]] == ["CHN/USA/ndpr_oxide"]


# Which scenarios apply.


def price(scenario: str, operation: str, value: float) -> dict[str, Any]:
    return {"scenario": scenario, "sheet": "prices", "where": "material=ndpr_oxide", "years": "2030",
            "operation": operation, "value": value}  # fmt: skip


def test_ancestors_apply_first_each_once_in_the_order_of_based_on():
    result = merged(
        price("plan", "add", 1),
        price("left", "multiply", 2),
        price("right", "add", 3),
        price("root", "set", 100),
        plan={"based_on": "left, right"},
        left={"based_on": "root", "run": "no"},
        right={"based_on": "root", "run": "no"},
        root={"run": "no"},
    )
    assert record(result, "prices", "ndpr_oxide").years[2030] == (100 * 2 + 3) + 1
    assert result.problems == ()


def test_rows_apply_from_top_to_bottom():
    assert record(merged(price("plan", "add", 1), price("plan", "set", 9)), "prices", "ndpr_oxide").years[2030] == 9
    assert record(merged(price("plan", "set", 9), price("plan", "add", 1)), "prices", "ndpr_oxide").years[2030] == 10


def test_a_shock_applies_on_top_of_a_plan_and_shared_ancestors_once():
    sheets = world(
        price("both", "multiply", 2),
        price("plan", "add", 1),
        price("ban", "multiply", 10),
        plan={"based_on": "both"},
        ban={"kind": "shock", "based_on": "both"},
        both={"run": "no"},
    )
    result = merge(tables_of(sheets), "plan", "ban")
    assert record(result, "prices", "ndpr_oxide").years[2030] == (80000 * 2 + 1) * 10


def test_plans_and_shocks_to_run():
    base = tables_of(
        world(
            block={"run": "no"},
            gone={"active": "no"},
            ban={"kind": "shock"},
            idle={"kind": "shock", "run": "no"},
            more={"kind": "plan"},
        )
    )
    assert plans(base) == ["plan", "more"]
    assert shocks(base) == ["ban"]


def test_without_plans_the_workbook_is_the_plan():
    sheets = small_world()
    sheets["scenarios"] = [{"scenario": "ban", "kind": "shock"}, {"scenario": "gone", "active": "no"}]
    assert plans(tables_of(sheets)) == ["base"]
    assert plans(tables_of({**sheets, "scenarios": []})) == ["base"]


# What is said when a row cannot be applied, or is odd.

SHOCK = {"kind": "shock", "known_from_year": 2028}
CAPACITY = {"sheet": "facilities", "column": "capacity_tpa", "operation": "multiply", "value": 0.5}

TRIGGERS: dict[str, Sheets] = {
    "E401": world({"sheet": "facility", "column": "capacity_tpa", "value": 1}),
    "E402": world(facility(column="capacity", value=1)),
    "E403": world(facility(where="USA", column="capacity_tpa", value=1)),
    "E404": world(facility(where="regions=USA", column="capacity_tpa", value=1)),
    "E405": world(facility(where="region=USA; facility=home_mines", column="capacity_tpa", value=1)),
    "E406": world(facility(column="capacity_tpa", years="2028-27", value=1)),
    "E407": world(facility(column="capacity_tpa", years="2031-2035", value=1)),
    "E408": world(facility(column="max_new_tpa", years="2028", value=1)),
    "E409": world(facility(column="utilisation", value="85 %")),
    "E410": world(facility(column="region", operation="add", value=1)),
    "E411": world({"sheet": "exposure_caps", "years": "2030", "operation": "multiply", "value": 2}),
    "E412": world({**CAPACITY, "scenario": "ban", "years": "2027-2030"}, ban=SHOCK),
    "E413": world({**CAPACITY, "scenario": "ban"}, ban=SHOCK),
    "E414": world(
        {"scenario": "ban", "sheet": "settings", "where": "setting=title", "column": "value", "value": "x"}, ban=SHOCK
    ),
    "E415": world(plan={"based_on": "more"}, more={"based_on": "plan"}),
    "W551": world(plan={"based_on": "gone", "active": None}, gone={"active": "no"}),
    "W552": world(facility(column="capacity_tpa", years="2028, 2205", operation="multiply", value=0.5)),
    "W553": world({"sheet": "regions", "where": "region=PTN", "column": "active", "value": "no"},
                  facility(where="region=PTN", column="waste_t_per_t", value=1)),
    "W554": world(facility(where="region=CHN,PTM", column="waste_t_per_t", value=1)),
    "W555": world({**CAPACITY, "where": "region=CHN", "years": "2026"}, ban={**SHOCK, "based_on": "plan"}),
}  # fmt: skip


@pytest.mark.parametrize("code", TRIGGERS)
def test_every_code_of_a_change_is_located_and_says_what_to_do(code):
    found = find_problems(tables_of(TRIGGERS[code]))
    assert CODES[code].example in [str(problem) for problem in found]


@pytest.mark.parametrize("code", [code for code in TRIGGERS if code.startswith("E")])
def test_a_row_that_cannot_be_applied_is_the_only_error(code):
    found = find_problems(tables_of(TRIGGERS[code]))
    assert {problem.code for problem in found if problem.is_error} == {code}


SETTING = {"sheet": "settings", "where": "setting=last_year", "column": "value", "value": 2031}
TAIL = "setting=hedge_cvar_tail"


@pytest.mark.parametrize(
    ("change", "place", "text"),
    [
        (
            {"sheet": "scenarios", "column": "probability", "value": 1},
            "E401 changes!B2 (sheet)",
            "'scenarios'; a scenario changes data; ",
        ),
        (
            facility(column="facility", value="x"),
            "E402 changes!D2 (column)",
            "'facility'; a scenario cannot change a column that identifies the row; change one of 'name', ",
        ),
        (
            {"sheet": "prices", "column": "source", "value": "x"},
            "E402 changes!D2 (column)",
            "'source'; a scenario cannot change a column that is for the reader; change one of 'active', or leave it ",
        ),
        (
            facility(value=1),
            "E402 changes!D2 (column)",
            "blank; the sheet facilities has no year columns; name one of 'name', ",
        ),
        (
            {**SETTING, "where": "setting=last_yaer"},
            "E405 changes!C2 (where)",
            "'last_yaer'; it is no setting, so the row changes nothing; did you mean 'last_year'?",
        ),
        (
            {**SETTING, "where": "*"},
            "E403 changes!C2 (where)",
            "'*'; a change of a setting names the setting; write setting=<name of the setting>",
        ),
        (
            {**SETTING, "column": None},
            "E402 changes!D2 (column)",
            "blank; of a setting only its value can be changed; write value",
        ),
        (
            {**SETTING, "years": "2028"},
            "E408 changes!E2 (years)",
            "'2028'; a setting does not depend on the year; leave years blank",
        ),
        (
            {**SETTING, "where": TAIL, "operation": "multiply", "value": 0},
            "E411 changes!G2 (value)",
            "multiply 0 makes 0.1 of setting hedge_cvar_tail 0; hedge_cvar_tail must be a number greater than 0 and ",
        ),
        (
            facility(where="facility=home_mine", column="lead_time_years", operation="add", value=0.5),
            "E411 changes!G2 (value)",
            "add 0.5 makes 1 of home_mine 1.5; lead_time_years must be a whole number from 0 to 200; ",
        ),
        (
            facility(where="region=CHN; commercial=yes", column="capacity_tpa", value=1),
            "E405 changes!C2 (where)",
            "'region=CHN; commercial=yes'; each part fits rows of facilities, no row fits all of them; ",
        ),
        (
            {"sheet": "mix_targets", "years": "2028", "value": 0.5},
            "E405 changes!C2 (where)",
            "'*'; the sheet is empty; correct it, or leave the row out",
        ),
        (
            {"sheet": "demand", "column": "active", "years": "2028", "value": "no"},
            "E408 changes!E2 (years)",
            "'2028' for the column active; of demand, no column may depend on the year; leave years blank",
        ),
    ],
)
def test_other_rows_that_cannot_be_applied(change, place, text):
    found = messages(merged(change))
    assert len(found) == 1
    assert found[0].startswith(f"{place} [scenario plan]: {text}")


def test_a_row_for_inactive_rows_only_says_so():
    sheets = world(facility(where="facility=home_mine", column="waste_t_per_t", value=1))
    sheets["facilities"][0]["active"] = "no"
    (message,) = messages(merge(tables_of(sheets), "plan"))
    assert message.startswith(
        "E405 changes!C2 (where) [scenario plan]: it fits 'home_mine'; inactive rows are not changed; "
    )


def test_a_shock_known_from_the_first_year_may_touch_every_year():
    sheets = world({**CAPACITY, "scenario": "ban"}, ban={"kind": "shock"})
    assert merge(tables_of(sheets), "ban").problems == ()


def test_a_shock_may_not_touch_a_year_before_the_shock_based_on_it_is_known():
    sheets = world(
        {**CAPACITY, "scenario": "soft", "years": "2027"}, soft={"kind": "shock"}, hard={**SHOCK, "based_on": "soft"}
    )
    assert [problem.code for problem in merge(tables_of(sheets), "hard").problems] == ["E412"]
    assert merge(tables_of(sheets), "soft").problems == ()


def test_a_horizon_that_runs_backward_is_one_error():
    sheets = world({"sheet": "settings", "where": "setting=last_year", "column": "value", "value": 2020})
    found = find_problems(tables_of(sheets))
    (error,) = [str(problem) for problem in found if problem.is_error]
    assert error.startswith("E313 settings!B4 (value) [scenario plan]: last_year 2020 is before first_year 2026; ")


def test_problems_of_the_workbook_are_listed_once_and_those_of_a_scenario_with_its_name():
    sheets = world(
        facility(where="facility=home_mine", column="output", value="ndpr"), {**CAPACITY, "scenario": "more"}, more={}
    )
    sheets["routes"][0]["material"] = "oxide"
    found = [str(problem) for problem in find_problems(tables_of(sheets)) if problem.is_error]
    assert len([message for message in found if message.startswith("E311 routes!C2")]) == 1
    assert any(
        message.startswith("E311 facilities!C2 (output) [scenario plan]: 'ndpr' was not found") for message in found
    )


# --- What a shock does to a column -----------------------------------------------------------------------------------


def test_every_column_says_what_a_shock_does():
    """State a new column in model/workbook/over_time.py: the year of operation, of decision, or the whole horizon."""
    changeable = {
        column.key
        for name in CHANGEABLE
        for column in SHEET[name].columns
        if column.key not in (*SHEET[name].key, *REFUSED)
    }
    by_year = OPERATING_YEAR_COLUMNS.keys() | DECISION_YEAR_COLUMNS.keys()
    assert by_year | WHOLE_HORIZON_COLUMNS == changeable
    assert by_year & WHOLE_HORIZON_COLUMNS == OPERATING_YEAR_COLUMNS.keys() & DECISION_YEAR_COLUMNS.keys() == set()
    assert YEAR_SHEETS.keys() == {name for name in CHANGEABLE if SHEET[name].years}
