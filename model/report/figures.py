"""Every figure, stated once: the page, the charts of report.xlsx and the tests read it here."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from model.report import charts
from model.report.content import COMPARED_TABLES, Content, ReportedTable
from model.report.demand_tables import needs
from model.report.figure import DIGITS, ENOUGH, Figure, PageTable, Section
from model.report.flow_tables import flows, made
from model.report.input_tables import changed_cells, most_influential
from model.report.matrix import find_matrix
from model.report.prices import price_sentences
from model.report.project_tables import timeline
from model.report.scenario_tables import comparison, cost_terms, mineral_shares
from model.report.sheets import COMPARED_RUNS
from model.report.support_tables import budget_years, payments, support_needs
from model.report.verdict_cost import report_cost
from model.results.columns import ANALYSIS_TABLES, RESULT_TABLES, TableName

NUMBERS_ON_PAGE = 60
"""Influential numbers of a scenario that a page carries."""

MOST_ROWS = 20_000
"""Changed cells a page can carry; report.xlsx holds them all."""


def results(name: ReportedTable, *, is_series: bool = False, without: str = "") -> PageTable:
    """Return a table of results as the page holds it, which may leave out a column."""
    return PageTable(
        name, lambda content: _without(content.rows(name), without), ENOUGH if is_series else DIGITS, is_series
    )


def _less(fill: Callable[[Content], pd.DataFrame], *columns: str) -> Callable[[Content], pd.DataFrame]:
    return lambda content: _without(fill(content), *columns)


def _without(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return table.drop(columns=[column for column in columns if column in table])


def _compare_all(content: Content) -> pd.DataFrame:
    """What every plan costs against every other, in a sentence."""
    rows = [
        (mine.name, base.name, report_cost(content, mine, base)) for mine in content.solved for base in content.solved
    ]
    return pd.DataFrame(rows, columns=["scenario", "base", "text"])


_EXPOSURE = results("exposure", is_series=True, without="price_usd_million_per_point")
_COSTS = PageTable("cost_terms", cost_terms)
_FLOWS = PageTable("flows", flows, ENOUGH, is_series=True)
_PRICES = PageTable("prices", _less(price_sentences, "constraint", "key"))

BESIDE = (PageTable("versus", _compare_all),)
"""Tables that the page reads outside of figures."""

PLAN = (
    Section("scenarios", "Scenarios compared", "base", (
        Figure("compared", "All scenarios, absolute and against the chosen base", "Pick a scenario here or at the top "
               "of the page; penalties are stated prices of shortage and of missed rules, which nobody is paid.",
               (PageTable("comparison", comparison),), open=True, charts=charts.draw_scenarios),
    )),
    Section("matrix", "Minerals and scenarios", "base year", (
        Figure("matrix_of_all", "How every mineral fares in every scenario", "Cost: supply cost of the year under "
               "the mineral, without penalties, not discounted. From home: mined and recycled there over apparent "
               "consumption. Outlay: paid and lent.",
               (PageTable("matrix", _less(find_matrix, "cost_change_usd_million"), is_series=True),), open=True),
    )),
    Section("by_mineral", "Minerals compared", "scenario base", (
        Figure("minerals", "What of the demand for each mineral is exposed, and what is not met", "Over the horizon, "
               "the most exposed mineral first; pick a mineral to see its chain.",
               (PageTable("minerals", mineral_shares),), open=True),
    )),
    Section("supply", "Supply", "scenario mineral year", (
        Figure("demand", "How demand is met", "Tonnes of the mineral in what is demanded, by stage of the product: "
               "clear or exposed at some step of its chain, saved by substitution, or not met.",
               (PageTable("needs", needs, ENOUGH, is_series=True),), "met"),
        Figure("mix", "Supply mix by pathway and year", "Output of every stage, in tonnes of the mineral.",
               (results("mix", is_series=True),), "pathway"),
    )),
    Section("exposures", "Exposure", "scenario mineral year", (
        Figure("exposure", "Exposure by stage and end to end", "Stage: share of the output (setting "
               "sales_count_in_stages = no: less what outlets take). End to end: exposed deliveries over demand. "
               "Dashed: the tightest cap; a segment is drawn where it has a cap of its own.", (_EXPOSURE,)),
        Figure("exposure_map", "Every mineral in the chosen year", "With ownership and technology; red where a cap is "
               "missed.", (_EXPOSURE,), open=True),
    )),
    Section("costs", "Cost", "scenario base", (
        Figure("cost", "Cost breakdown against the base", "Every term of the objective; they add up to it.",
               (_COSTS,)),
        Figure("costs_all", "Where the cost of every scenario differs from the base", "Stacked by term.", (_COSTS,)),
    )),
    Section("which", "Which support", "scenario mineral", (
        Figure("instruments", "The plan form by form", "Present value of what the treasury pays and lends less what "
               "comes back, after the plan included. The distance from expected to slump is the risk it takes.",
               (results("instruments"),), open=True, charts=charts.draw_forms),
        Figure("needs", "What each project would need under each form", "Built or not, in the first possible year: the "
               "least amount, and what that costs the treasury for a t/yr, as expected and in a slump.",
               (PageTable("support_needs", support_needs),), open=True),
    )),
    Section("support", "Public support", "scenario year", (
        Figure("payments", "Support by project and year, with budgets and stress view", "All minerals; loans as they "
               "are lent. Dashed: budgets. Red: at the prices of the stress view. Years after the plan: tail.",
               (PageTable("payments", payments), PageTable("budgets", budget_years))),
        Figure("awards", "Awards", "One row an award.", (results("awards"),), open=True),
        Figure("budgets", "Pots against their budgets", "What the support of each pot takes in each view.",
               (PageTable("budgets", budget_years),)),
    )),
    Section("capacity", "Capacity timeline", "scenario mineral year", (
        Figure("timeline", "Decision, construction, online", "Hatched: under construction. Coloured: online, by "
               "pathway.", (PageTable("projects", _less(timeline, "name", "mineral", "stage")),), "pathway"),
        Figure("waits", "What waiting a year costs", "All minerals. The plan is solved again without the decision on "
               "one project in the first year; it may be taken later, or not at all.", (results("waits"),), open=True),
    )),
    Section("map_of_all", "Map", "scenario mineral year", (
        Figure("map", "Where the mineral comes from, stage by stage", "Places: where it is made, by size; lines: where "
               "it is shipped, by width. Tonnes of the mineral. Outlines: Natural Earth, public domain.",
               (PageTable("made", made, ENOUGH, is_series=True), _FLOWS)),
    )),
    Section("flows", "Material flow", "scenario mineral year", (
        Figure("flow", "From mine to product", "Every step is drawn in what comes out of it, so what a step loses is "
               "the difference between the two sides of a place. Coloured by provenance.", (_FLOWS,), "met"),
    )),
    Section("values", "What one step more is worth", "scenario mineral", (
        Figure("prices", "What a step more of demand costs, and of a limit saves", "The plan is solved again with the "
               "step in every year; present value over the whole plan.", (_PRICES,)),
        Figure("prices_shared", "Limits on several materials at once", "Budgets, quotas and resources: a step is worth "
               "what it is to the goods that gain most by it, whatever mineral is picked.", (_PRICES,)),
        Figure("influence", "The numbers that matter most", "What ten percent more of each number of the workbook does "
               "to the discounted cost, by the slope at the plan. Coloured by confidence.",
               (PageTable("influence", lambda content: most_influential(content, NUMBERS_ON_PAGE)),)),
    )),
)  # fmt: skip
"""Sections about plans, which every page has."""

CHANGED = Figure(
    "changed", "Cells the scenario changes", "First and last value where years differ; blank: nothing stood there.",
    (PageTable("changed_cells", lambda content: changed_cells(content).head(MOST_ROWS)),),
)  # fmt: skip
"""The figure beside the assumptions."""

HINTS: dict[TableName, str] = {
    "frontier": "One line for each size of the budgets; every point is efficient.",
    "stress": "Beside the chosen base.",
    "failures": "Coloured by what fails; what stepped in stands beside.",
    "alternatives": "The diamond is the least-cost plan.",
    "lead_times": "Below zero a contract is then awarded on worse terms.",
}
"""What is to be said of the figures of some analyses, beside what their tables are."""

ALSO: dict[TableName, tuple[TableName, ...]] = {
    "failures": ("failure_helpers", "failure_minerals"),
    "foresight": ("foresight_builds",),
}
"""Figures of analyses that read other tables beside their own."""

ANALYSIS_CHARTS = {"frontier": charts.draw_frontier, "stress": charts.draw_stress}
"""What draws the analyses in report.xlsx."""


def _of_analysis(name: TableName) -> Figure:
    """Return the figure of a table of an analysis, which has its id."""
    table = RESULT_TABLES[name]
    tables = tuple(results(each) for each in (name, *ALSO.get(name, ())))
    return Figure(
        name, table.title, f"{table.note} {HINTS.get(name, '')}".rstrip(), tables, charts=ANALYSIS_CHARTS.get(name)
    )


ANALYSES = Section(
    "analyses", "Frontier and stress", "scenario base mineral", tuple(_of_analysis(name) for name in ANALYSIS_TABLES)
)
"""What the analyses found, of which a page has those that ran."""

RUNS = Section(
    "runs", "The two runs compared", "",
    tuple(Figure(shown.name, shown.title, shown.note, (results(name),), open=True)
          for name, shown in zip(COMPARED_TABLES, COMPARED_RUNS, strict=True)),
)  # fmt: skip
"""What differs between two runs, on the page that compares them."""


def find_sections(content: Content) -> list[Section]:
    """The sections this run has something to show in."""
    ran = tuple(figure for figure in ANALYSES.figures if len(figure.tables[0].rows(content)))
    return [
        *([RUNS] if content.is_comparison else []),
        *PLAN,
        *([Section(ANALYSES.id, ANALYSES.title, ANALYSES.follows, ran)] if ran else []),
    ]


def find_figures(content: Content) -> list[Figure]:
    """Every figure of a page, in order."""
    return [*(figure for section in find_sections(content) for figure in section.figures), CHANGED]


def find_page_tables(content: Content) -> dict[PageTable, pd.DataFrame]:
    """Return the tables of a page that have columns, each filled once."""
    every = {table.name: table for table in BESIDE}
    every |= {table.name: table for figure in find_figures(content) for table in figure.tables}
    filled = {table: table.rows(content) for table in every.values()}
    return {table: rows for table, rows in filled.items() if len(rows.columns)}
