"""Every table a report shows: its title, what it says, its columns with unit and meaning, and what fills it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from model.report import demand_tables, input_tables, project_tables, scenario_tables, support_tables
from model.report.content import Content
from model.report.prices import MONEY, price_sentences
from model.report.sheet_rows import (
    choose_flows,
    compare_scenarios,
    list_grades,
    list_run,
    list_sources,
    list_warnings,
    name_facilities,
    order_projects,
    set_side_by_side,
    spread_costs,
    spread_mix,
    spread_output,
    spread_payments,
)
from model.report.terms import TERMS
from model.results.columns import ANALYSIS_TABLES, RESULT_TABLES, ResultColumn, TableName
from model.workbook.schema import CAPITAL_FORMS, FORMS, PATHWAYS


@dataclass(frozen=True)
class Shown:
    """A table of the report.

    Attributes:
        name: of its sheet.
        title: over the table.
        note: what it says, in a sentence.
        columns: before the years.
        years: unit of the columns of the years ("" where there are none).
        rows: what fills it.
    """

    name: str
    title: str
    note: str
    columns: tuple[ResultColumn, ...]
    rows: Callable[[Content], pd.DataFrame]
    years: str = ""

    def filled(self, content: Content) -> pd.DataFrame:
        """Its rows with its columns in order; those of the years are named after the year."""
        table = self.rows(content)
        keys = [column.key for column in self.columns]
        years = [column for column in table.columns if column not in keys] if self.years else []
        return table.reindex(columns=[*keys, *years])


SCENARIO = ResultColumn("scenario", "", "scenario")


def _from(table: TableName, *keys: str) -> tuple[ResultColumn, ...]:
    """Columns of a results table (all of them where none is named), the scenario first."""
    known = {column.key: column for column in RESULT_TABLES[table]}
    return (SCENARIO, *(known[key] for key in keys or known))


def _new(*facts: tuple[str, str, str]) -> tuple[ResultColumn, ...]:
    return tuple(ResultColumn(*fact) for fact in facts)


def find_shown(content: Content) -> list[Shown]:
    """The tables this run has something to say in, and those a reader looks for even where they are empty."""
    later = [_as_written(name) for name in ANALYSIS_TABLES if len(content.rows(name))]
    compared = [shown for shown in COMPARED_RUNS if shown.name in content.tables]
    return [*compared, *RESULTS, *later, *INPUTS]


NUMBERS_IN_BOOK = 50
"""Influential numbers of a scenario that the workbook lists."""


def _as_written(name: TableName) -> Shown:
    """A results table as it is."""
    table = RESULT_TABLES[name]
    return Shown(name, table.title, table.note, _from(name), lambda content: content.rows(name))


_TERMS = _new(*((name, "USD million", term.description) for name, term in TERMS.items()))


def _side_by_side_facts(form: str) -> tuple[tuple[str, tuple[str, str]], ...]:
    """Column of a form in the table of forms side by side -> its unit and what it holds."""
    unit = "share" if form in CAPITAL_FORMS else "USD/t"
    words = form.replace("_", " ")
    facts = (
        (unit, f"amount under {words}; blank: not on offer, or none is enough"),
        ("USD per t/yr", f"present value of what the treasury pays under {words} less what comes back"),
        ("USD per t/yr", "the same with prices down by cfd_stress_price_drop"),
    )
    return tuple(zip(support_tables.SIDE_BY_SIDE, facts, strict=True))


_PLANT = _new(("name", "", "name of the facility"))
_MINERAL_T = "t/yr"

RESULTS: tuple[Shown, ...] = (
    Shown(
        "comparison", "Scenarios compared",
        "One row a scenario; the changes are against the first scenario that has a plan.",
        (SCENARIO, *_new(
            ("title", "", "title of the scenario"),
            ("status", "", "optimal, infeasible, or limit where the solver stopped"),
            ("most_exposed", "", "mineral with the largest exposed share of demand; blank: none is exposed"),
            ("most_exposed_share", "share", "its exposed share of demand"),
            ("exposure_index", "share", "weighted mean of the minerals' exposed shares of demand"),
            ("exposure_change", "share", "its change against the base"),
            ("most_short", "", "mineral with the largest share of demand not met; blank: none is short"),
            ("most_short_share", "share", "its share of demand not met, all years"),
            ("supply_cost_usd_million", "USD million", "discounted cost of goods"),
            ("supply_cost_change_usd_million", "USD million", "its change against the base"),
            ("penalty_cost_usd_million", "USD million", "discounted prices of shortage and of what is missed"),
            ("penalty_cost_change_usd_million", "USD million", "its change against the base"),
            ("public_cost_usd_million", "USD million", "discounted burden of public money"),
            ("cost_usd_million", "USD million", "the objective: supply, penalties and burden together"),
            ("cost_change_usd_million", "USD million", "its change against the base"),
            ("support_paid_usd_million", "USD million", "treasury pays and lends, up to last_year"),
            ("support_paid_change_usd_million", "USD million", "its change against the base"),
            ("support_back_usd_million", "USD million", "treasury is paid back, up to last_year"),
            ("support_tail_usd_million", "USD million", "treasury pays and lends after last_year"),
            ("support_net_present_usd_million", "USD million", "present value of support less what comes back"),
            ("support_net_present_stress_usd_million", "USD million", "the same at the prices of the stress view"),
            ("projects", "", "facilities with new capacity"),
            ("capex_usd_million", "USD million", "investment in new capacity"),
            ("awards", "", "awards of support"),
            *((f"share_{pathway}", "share", f"share of the pathway {pathway} in all output, weighted by shortage cost")
              for pathway in PATHWAYS),
        )), compare_scenarios,
    ),
    Shown(
        "minerals", "Minerals compared", "What of the demand for each mineral depends on regions of concern, and what "
        "is not met, over the horizon; the most exposed first.",
        (SCENARIO, *_new(
            ("mineral", "", "mineral"),
            ("exposed_share", "share", "exposed share of demand, from frontier_from_year on"),
            ("unmet_share", "share", "share of demand not met, all years"),
            ("import_reliance", "share", "net import reliance as the USGS defines it, all years"))),
        scenario_tables.mineral_shares,
    ),
    Shown(
        "shortages", "Demand that is not met", "Every demand that is short, year by year.",
        (*_from("deliveries", "mineral", "material", "segment", "region", "year", "unmet_t"),
         *_new(("share", "share", "of that demand"))), demand_tables.shortages,
    ),
    _as_written("breaches"),
    Shown(
        "cost_terms", "Cost by term", "Discounted to the first year; the terms add up to the objective.",
        (SCENARIO, *_TERMS, *_new(
            ("supply", "USD million", "sum of what goods cost"),
            ("penalty", "USD million", "sum of the stated prices of shortage and of what is missed"),
            ("public", "USD million", "sum of the burden of public money"),
            ("total", "USD million", "sum of the terms"))), spread_costs,
    ),
    _as_written("costs"),
    Shown("supply_mix", "Supply mix by pathway", "Output of every stage in tonnes of the mineral, years across.",
          _from("mix", "mineral", "stage", "pathway"), spread_mix, _MINERAL_T),
    Shown(
        "demand", "How demand is met", "Demand by mineral, stage and segment, in tonnes of the mineral.",
        (*_from("deliveries", "mineral"),
         *_new(("stage", "", "stage of the material"), ("segment", "", "segment of use")),
         *_from("deliveries", "year", "clear_t", "exposed_t", "saved_t", "unmet_t")[1:]), demand_tables.needs,
    ),
    Shown(
        "exposure", "Exposure by stage and end to end", "Shares in regions of concern (located), with ownership and "
        "technology (controlled), and caps; chain is end to end over demand. Years across.",
        (*_from("exposure", "mineral", "stage", "segment"),
         *_new(("measure", "", "controlled_share, located_share, or cap"))), project_tables.exposure_across, "share",
    ),
    _as_written("import_reliance"),
    _as_written("concentration"),
    _as_written("rents"),
    Shown(
        "projects", "New capacity", "What is decided when, when it comes online, and how it is financed.",
        (SCENARIO, *_PLANT, *_from("builds", "facility")[1:],
         *_new(("region", "", "region"), ("material", "", "what it makes"), ("mineral", "", "its mineral"),
               ("stage", "", "stage of what it makes"), ("pathway", "", "pathway in the first year")),
         *_from("builds", "decision_year", "online_year")[1:],
         *_new(("construction_years", "years", "from decision to first output"),
               ("online_years", "years", "of output up to the last year of the plan")),
         *_from("builds", "t_per_year", "whole_t_per_year", "capex_usd_million", "financed_by", "tied_with")[1:],
         *_from("awards", "form", "amount", "unit")[1:]), order_projects,
    ),
    Shown("waits", "What waiting costs", "The plan solved again without the first-year decision on one project.",
          (SCENARIO, *_PLANT, *_from("waits")[1:]),
          lambda content: name_facilities(content, "waits")),
    _as_written("instruments"),
    Shown(
        "which_support", "Which support: projects side by side", "The least amount every candidate would need under "
        "each form on offer, built or not, in the first possible year; and what that costs the treasury.",
        (SCENARIO, *_PLANT, *_new(("mineral", "", "its mineral")),
         *_from("break_even", "applies_to", "decision_year")[1:],
         *_new(*((f"{form}_{column}", *fact) for form in FORMS for column, fact in _side_by_side_facts(form)))),
        set_side_by_side,
    ),
    Shown("awards", "Awards of support", "Form, amount, and what moves in the expected and in the stress view.",
          (SCENARIO, *_PLANT, *_from("awards")[1:]), lambda content: name_facilities(content, "awards")),
    Shown("award_pays", "Support by project and year", "What the treasury pays and lends, years across, also later.",
          (SCENARIO, *_PLANT, *_from("award_years", "facility")[1:]), spread_payments, "USD million"),
    _as_written("award_years"),
    Shown(
        "budgets", "Support against budgets", "What the support of each pot takes, beside its budget.",
        (SCENARIO, *_new(
            ("pot", "", "pot"), ("view", "", "expected: at reference prices; stress: at lower prices"),
            ("year", "", "calendar year, also after the plan"),
            ("outlay_usd_million", "USD million", "what the support of the pot takes in that view"),
            ("budget_usd_million", "USD million", "budget; blank: none"))), support_tables.budget_years,
    ),
    Shown("break_even", "Break-even amounts", "What all candidates need under every offer, built or not, in the first "
          "possible year.", _from("break_even"), support_tables.support_needs),
    Shown("output", "Output of facilities", "What every facility makes, years across.",
          (SCENARIO, *_PLANT, *_from("production", "facility", "mineral", "stage", "material", "region")[1:]),
          spread_output, _MINERAL_T),
    Shown(
        "flows", "Material flow", "Tonnes of the mineral from place to place and step to step, in the report years.",
        (SCENARIO, *_new(
            ("mineral", "", "mineral"), ("year", "", "calendar year"), ("from_node", "", "where it comes from"),
            ("to_node", "", "where it goes"),
            ("provenance", "", "clear, exposed, saved by substitution, or unmet"),
            ("t", "t/yr", "tonnes of the mineral"))), choose_flows,
    ),
    Shown(
        "prices", "What one step more is worth", "The plan solved again with one step more of what matters most; "
        "present value over the whole plan. data/shadow_prices.csv has the slope of every limit in every year.",
        (SCENARIO, *_new(
            ("mineral", "", "mineral; blank: concerns all"), ("kind", "", "demand or limit"),
            ("sentence", "", "the step, and what it saves or costs")),
         *_from("price_steps", *MONEY)[1:]),
        price_sentences,
    ),
    Shown(
        "influence", "Numbers that matter most", "What ten percent more of each number of the workbook does to the "
        "cost, by the slope at the plan; data/influence.csv has all numbers.",
        _from("influence"), lambda content: input_tables.most_influential(content, NUMBERS_IN_BOOK),
    ),
)  # fmt: skip

_DECIDED = (SCENARIO, *_PLANT, *_new(
    ("facility", "", "facility"), ("change", "", "comes, goes, or what is different"), ("a", "", "in the first run"),
    ("b", "", "in the second run")))  # fmt: skip

COMPARED_RUNS: tuple[Shown, ...] = (
    Shown(
        "input_changes", "What changed in the inputs", "Cells that differ between the two workbooks; a row that is in "
        "one of them only is one line.",
        _new(("sheet", "", "sheet"), ("record", "", "key of the row"), ("column", "", "column, or year"),
             ("a", "", "in the first run"), ("b", "", "in the second run")),
        lambda content: content.rows("input_changes"),
    ),
    Shown(
        "mineral_changes", "What changed for the minerals", "Shares over the years, the largest change first.",
        (SCENARIO, *_new(
            ("mineral", "", "mineral"), ("measure", "", "what is measured"), ("a", "share", "in the first run"),
            ("b", "share", "in the second run"), ("change", "share", "second less first"))),
        lambda content: content.rows("mineral_changes"),
    ),
    Shown(
        "project_changes", "Projects that come, go and move", "New capacity that the two runs decide differently.",
        _DECIDED, lambda content: content.rows("project_changes"),
    ),
    Shown(
        "award_changes", "Contracts and awards that change", "Support that the two runs give differently.",
        _DECIDED, lambda content: content.rows("award_changes"),
    ),
    Shown(
        "result_changes", "What changed in the results", "Measures over the whole horizon, scenario by scenario.",
        (SCENARIO, *_new(
            ("measure", "", "what is measured"), ("unit", "", "its unit"), ("a", "see unit", "in the first run"),
            ("b", "see unit", "in the second run"), ("change", "see unit", "second less first"))),
        lambda content: content.rows("result_changes"),
    ),
)  # fmt: skip

INPUTS: tuple[Shown, ...] = (
    Shown(
        "changed_cells", "What the scenarios change", "Cells of the workbook; first and last value where years differ.",
        (*_from("changes", "sheet", "record", "column"), *_new(("years", "", "years that are changed"),
                                                              ("old", "", "before"), ("new", "", "after"))),
        input_tables.changed_cells,
    ),
    Shown("grades", "How firm the numbers are", "Of the sheets of facts; a path over the years is one number, and a "
          "row is as firm as its weakest number.",
          _new(("confidence", "", "published, derived, assumed, or no source"), ("numbers", "", "numbers"),
               ("rows", "", "rows by their weakest number")), list_grades),
    Shown(
        "assumptions", "Sources and assumptions", "What the numbers rest on, assumptions first.",
        _new(("source", "", "name of the source"), ("confidence", "", "assumed, derived, or published"),
             ("citation", "", "author, title, or what is assumed and why"), ("date", "", "date of the source"),
             ("url", "", "where it can be read"), ("rows", "", "rows of the workbook that name it"),
             ("sheets", "", "sheets these rows are on")), list_sources,
    ),
    Shown("warnings", "Warnings", "What the checks found odd in the workbook.",
          _new(("code", "", "code of the check"), ("warning", "", "what was found, the rule, what to do")),
          list_warnings),
    Shown("run", "About the run", "The manifest: versions, files and times; manifest.json lists every solve.",
          _new(("item", "", "what"), ("value", "", "its value")), list_run),
)  # fmt: skip
