"""report.html: one page that needs nothing but itself: its tables are embedded, its scripts bound by hash."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from model.data.costs import kind_of
from model.memory import pause_garbage_collection
from model.report import figures, flow_tables, palette
from model.report.brief import Briefs
from model.report.content import COMPARED_TABLES, Content
from model.report.excel import subtitle
from model.report.matrix import find_matrix
from model.report.outlines import find_outlines
from model.report.prices import price_sentences
from model.report.sheets import COMPARED_RUNS, find_shown
from model.report.sparks import draw_curves
from model.report.support import EVEN
from model.report.terms import TERMS, pathway_labels
from model.report.verdict import Sentence, Verdicts, report_cost
from model.results.columns import ANALYSIS_TABLES, RESULT_TABLES

DIGITS = 9
"""Significant digits of a number on the page."""

SERIES = {"flows": 6, "made": 6, "mix": 6, "exposure": 6, "needs": 6, "matrix": DIGITS}
"""Tables of series over the years, and the digits of their numbers: those of tonnes and shares need no more."""

NUMBERS_ON_PAGE = 60
"""Influential numbers of a scenario that a page carries."""

MOST_ROWS = 20_000
"""Changed cells a page can carry; report.xlsx holds them all."""


SCRIPT = (
    "tables", "words", "elements", "layouts", "columns", "flows", "figures_plan", "figures_map", "figures_matrix",
    "figures_money", "figures_support", "figures_chain", "figures_analyses", "figures_shocks", "figures_failures",
    "figures_numbers", "figures_draws", "figures_inputs", "views", "saving", "drawing",
)  # fmt: skip
"""The modules of the page's script in `templates/page`, in the order in which they stand in it."""


@dataclass(frozen=True)
class Figure:
    """A figure of the page: the script draws the one of this id.

    Attributes:
        title, note: over it.
        key: the key of colours above it ("" for none).
        open: whether its table is open from the start.
    """

    id: str
    title: str
    note: str
    key: str = ""
    open: bool = False


@dataclass(frozen=True)
class Section:
    """A part of the page, and the choices it follows."""

    id: str
    title: str
    follows: str
    figures: tuple[Figure, ...]


SECTIONS = (
    Section("scenarios", "Scenarios compared", "base", (
        Figure("compared", "All scenarios, absolute and against the chosen base", "Pick a scenario here or at the top "
               "of the page; penalties are stated prices of shortage and of missed rules, which nobody is paid.",
               open=True),
    )),
    Section("matrix", "Minerals and scenarios", "base year", (
        Figure("matrix_of_all", "How every mineral fares in every scenario", "Cost: supply cost of the year under "
               "the mineral, without penalties, not discounted. From home: mined and recycled there over apparent "
               "consumption. Outlay: paid and lent.", open=True),
    )),
    Section("by_mineral", "Minerals compared", "scenario base", (
        Figure("minerals", "What of the demand for each mineral is exposed, and what is not met", "Over the horizon, "
               "the most exposed mineral first; pick a mineral to see its chain.", open=True),
    )),
    Section("supply", "Supply", "scenario mineral year", (
        Figure("demand", "How demand is met", "Tonnes of the mineral in what is demanded, by stage of the product: "
               "clear or exposed at some step of its chain, saved by substitution, or not met.", "met"),
        Figure("mix", "Supply mix by pathway and year", "Output of every stage, in tonnes of the mineral.", "pathway"),
    )),
    Section("exposures", "Exposure", "scenario mineral year", (
        Figure("exposure", "Exposure by stage and end to end", "Stage: share of the output (setting "
               "sales_count_in_stages = no: less what outlets take). End to end: exposed deliveries over demand. "
               "Dashed: the tightest cap; a segment is drawn where it has a cap of its own."),
        Figure("exposure_map", "Every mineral in the chosen year", "With ownership and technology; red where a cap is "
               "missed.", open=True),
    )),
    Section("costs", "Cost", "scenario base", (
        Figure("cost", "Cost breakdown against the base", "Every term of the objective; they add up to it."),
        Figure("costs_all", "Where the cost of every scenario differs from the base", "Stacked by term."),
    )),
    Section("which", "Which support", "scenario mineral", (
        Figure("instruments", "The plan form by form", "Present value of what the treasury pays and lends less what "
               "comes back, after the plan included. The distance from expected to slump is the risk it takes.",
               open=True),
        Figure("needs", "What each project would need under each form", "Built or not, in the first possible year: the "
               "least amount, and what that costs the treasury for a t/yr, as expected and in a slump.", open=True),
    )),
    Section("support", "Public support", "scenario year", (
        Figure("payments", "Support by project and year, with budgets and stress view", "All minerals; loans as they "
               "are lent. Dashed: budgets. Red: at the prices of the stress view. Years after the plan: tail."),
        Figure("awards", "Awards", "One row an award.", open=True),
        Figure("budgets", "Pots against their budgets", "What the support of each pot takes in each view."),
    )),
    Section("capacity", "Capacity timeline", "scenario mineral year", (
        Figure("timeline", "Decision, construction, online", "Hatched: under construction. Coloured: online, by "
               "pathway.", "pathway"),
        Figure("waits", "What waiting a year costs", "All minerals. The plan is solved again without the decision on "
               "one project in the first year; it may be taken later, or not at all.", open=True),
    )),
    Section("map_of_all", "Map", "scenario mineral year", (
        Figure("map", "Where the mineral comes from, stage by stage", "Places: where it is made, by size; lines: where "
               "it is shipped, by width. Tonnes of the mineral. Outlines: Natural Earth, public domain."),
    )),
    Section("flows", "Material flow", "scenario mineral year", (
        Figure("flow", "From mine to product", "Every step is drawn in what comes out of it, so what a step loses is "
               "the difference between the two sides of a place. Coloured by provenance.", "met"),
    )),
    Section("values", "What one step more is worth", "scenario mineral", (
        Figure("prices", "What a step more of demand costs, and of a limit saves", "The plan is solved again with the "
               "step in every year; present value over the whole plan."),
        Figure("prices_shared", "Limits on several materials at once", "Budgets, quotas and resources: a step is worth "
               "what it is to the goods that gain most by it, whatever mineral is picked."),
        Figure("influence", "The numbers that matter most", "What ten percent more of each number of the workbook does "
               "to the discounted cost, by the slope at the plan. Coloured by confidence."),
    )),
)  # fmt: skip

HINTS = {
    "frontier": "One line for each size of the budgets; every point is efficient.",
    "stress": "Beside the chosen base.",
    "failures": "Coloured by what fails; what stepped in stands beside.",
    "alternatives": "The diamond is the least-cost plan.",
    "lead_times": "Below zero a contract is then awarded on worse terms.",
}
"""What is to be said of the figures of some analyses, beside what their tables are."""

LABELS = {"clear": "clear", "exposed": "exposed", "saved": "saved", "unmet": "not met"}


@pause_garbage_collection()
def write_page(path: Path, content: Content, verdicts: Verdicts) -> Path:
    """Write report.html to `path`."""
    environment = Environment(
        loader=PackageLoader("model.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    sections = find_sections(content)
    data = embed(find_data(content))
    plotly = read_plotly()
    script = read_script()
    text = environment.get_template("page.html").render(
        content=content, verdicts=verdicts, briefs=Briefs(content), finding=report_finding, curves=draw_curves,
        subtitle=subtitle(content),
        style=(resources.files("model.report") / "templates" / "page.css").read_text(encoding="utf-8"),
        policy=find_policy([plotly, script]), data=data, plotly=plotly, script=script, sections=sections,
        links=[("brief", "Brief"), ("verdict", "Verdict"), *((section.id, section.title) for section in sections),
                  ("inputs", "Assumptions"), ("run", "Run")],
        first_shown=content.report_years[len(content.report_years) // 2],
        palette={"pathway": palette.PATHWAY, "met": palette.MET}, labels=find_labels(content),
        run=_run_rows(content),
    )  # fmt: skip
    path.write_text(text, encoding="utf-8", errors="replace", newline="\n")
    return path


def find_sections(content: Content) -> list[Section]:
    """The sections this run has something to show in."""
    ran = tuple(
        Figure(name, RESULT_TABLES[name].title, f"{RESULT_TABLES[name].note} {HINTS.get(name, '')}".rstrip())
        for name in ANALYSIS_TABLES
        if len(content.rows(name))
    )
    runs = tuple(Figure(shown.name, shown.title, shown.note, open=True) for shown in COMPARED_RUNS)
    return [
        *([Section("runs", "The two runs compared", "", runs)] if content.is_comparison else []),
        *SECTIONS,
        *([Section("analyses", "Frontier and stress", "scenario base mineral", ran)] if ran else []),
    ]


def find_labels(content: Content) -> dict[str, str]:
    """Words for pathways and provenances."""
    return pathway_labels(content) | LABELS


def report_finding(sentence: Sentence) -> Markup:
    """A sentence of the verdict with its details; text is escaped."""
    mark = ' class="versus"' if sentence.topic == "cost" else ""
    details = Markup("").join(Markup("<li>{}</li>").format(detail) for detail in sentence.details)
    listed = Markup("<ul>{}</ul>").format(details) if sentence.details else Markup("")
    text = Markup("<span{}>{}</span>").format(Markup(mark), escape(sentence.text))  # noqa: S704 - mark is a constant
    return Markup('<div class="finding">{}{}</div>').format(text, listed)


def read_script() -> str:
    """The script of the page: its modules one after the other, in a scope of their own."""
    modules = resources.files("model.report") / "templates" / "page"
    text = "\n".join((modules / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPT)
    return f'"use strict";\n(() => {{\n{text}}})();\n'


def read_plotly() -> str:
    """Return the script of Plotly, licence on top; `.ci/plotly` builds it of the traces that the page draws."""
    return (resources.files("model.report") / "templates" / "plotly.min.js").read_text(encoding="utf-8")


def find_policy(scripts: Sequence[str]) -> str:
    """What the page may do: run these very scripts, and nothing over any network."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    return f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'"


def embed(data: Mapping[str, object]) -> str:
    """Data as JSON that nothing in it can leave: `<`, `>` and `&` are written as escapes."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def find_data(content: Content) -> dict[str, object]:
    """Everything the script of the page draws from."""
    tables = find_page_tables(content)
    # Scrap comes before all other steps.
    steps = sorted(content.names["stages"], key=lambda stage: stage in content.steps)
    columns = {
        shown.name: [
            (column.key, column.unit, pd.api.types.is_numeric_dtype(tables[shown.name][column.key]))
            for column in shown.columns
            if column.key in tables[shown.name] and column.key != "scenario"
        ]
        for shown in find_shown(content)
        if shown.name in tables
    }
    return {
        "titles": {scenario.name: scenario.title for scenario in content.solved},
        "yardsticks": {scenario.name: " ".join(scenario.yardstick.values()) for scenario in content.solved},
        "short_titles": content.short_titles,
        "stages": steps,
        "outlines": find_outlines(content),
        "years": list(content.years),
        "index_from": content.index_from,
        "even": EVEN,
        "span": content.years[-1] - content.years[0] + 1,
        "names": {
            "regions": {key: content.name("regions", key) for key in content.names["regions"]},
            "minerals": {key: content.name("minerals", key) for key in content.names["minerals"]},
            "stages": {key: content.name("stages", key) for key in content.names["stages"]},
            "materials": {key: good.name for key, good in content.materials.items()},
            "facilities": {key: plant.name for key, plant in content.plants.items()},
            "scenarios": content.names["scenarios"],
        },
        "steps": {good.short: steps.index(good.stage) for good in content.materials.values() if good.stage in steps},
        "contents": {key: list(good.minerals) for key, good in content.materials.items()},
        "labels": find_labels(content),
        "penalties": [name for name in TERMS if kind_of(name) == "penalty"],
        "cost_terms": {name: term.word for name, term in TERMS.items()},
        "palette": {
            "pathway": palette.PATHWAY, "met": palette.MET, "series": palette.SERIES, "ink": palette.INK,
            "bad": palette.BAD, "more": palette.MORE, "less": palette.LESS,
        },
        "columns": columns,
        "tables": {name: encode(table, SERIES.get(name, DIGITS)) for name, table in tables.items()},
    }  # fmt: skip


def find_page_tables(content: Content) -> dict[str, pd.DataFrame]:
    """The tables behind the figures of the page, the chosen columns only."""
    tables = {
        "comparison": figures.comparison(content),
        "versus": _versus(content),
        "matrix": _without(find_matrix(content), "cost_change_usd_million"),
        "minerals": figures.mineral_shares(content),
        "needs": figures.needs(content),
        "mix": content.rows("mix"),
        "exposure": _without(content.rows("exposure"), "price_usd_million_per_point"),
        "cost_terms": figures.cost_terms(content),
        "payments": figures.payments(content),
        "budgets": figures.budget_years(content),
        "awards": content.rows("awards"),
        "instruments": content.rows("instruments"),
        "support_needs": figures.support_needs(content),
        "projects": _without(figures.timeline(content), "name", "mineral", "stage"),
        "waits": content.rows("waits"),
        "made": flow_tables.made(content),
        "flows": flow_tables.flows(content),
        "influence": figures.most_influential(content, NUMBERS_ON_PAGE),
        "prices": _without(price_sentences(content), "constraint", "key"),
        "changed_cells": figures.changed_cells(content).head(MOST_ROWS),
    }
    more = {name: content.rows(name) for name in (*ANALYSIS_TABLES, *COMPARED_TABLES) if len(content.rows(name))}
    tables |= {name: in_series(tables[name]) for name in SERIES}
    return {name: table for name, table in (tables | more).items() if len(table.columns)}


def _without(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return table.drop(columns=[column for column in columns if column in table])


def _versus(content: Content) -> pd.DataFrame:
    """What every plan costs against every other, in a sentence."""
    rows = [
        (mine.name, base.name, report_cost(content, mine, base)) for mine in content.solved for base in content.solved
    ]
    return pd.DataFrame(rows, columns=["scenario", "base", "text"])


def encode(table: pd.DataFrame, digits: int = DIGITS) -> dict[str, object]:
    """A table by columns: numbers as they are; words and years as codes into the list of each.

    Where it is shorter, the codes are written as runs or as ramps, each as its first code and its length: in a run a
    code stands several times, in a ramp each code is one more than the last, as of years in a row.
    """
    return {"length": len(table), "columns": {str(key): _encode_column(table[key], digits) for key in table.columns}}


def _encode_column(values: pd.Series[Any], digits: int) -> object:
    if pd.api.types.is_float_dtype(values):
        return [_number(value, digits) for value in values.tolist()]
    is_number = pd.api.types.is_numeric_dtype(values)
    found, words = pd.factorize(values if is_number else values.fillna("").astype(str), use_na_sentinel=False)
    codes = found.tolist()
    ways = {"codes": codes, "runs": _join(codes, 0), "ramps": _join(codes, 1)}
    way = min(ways, key=lambda name: len(ways[name]))
    return {"words": [_number(word, digits) if is_number else word for word in words.tolist()], way: ways[way]}


def _join(codes: Sequence[int], step: int) -> list[int]:
    """The first code and the length of each piece in which every code is a step more than the one before it."""
    starts = [n for n in range(len(codes)) if n == 0 or codes[n] != codes[n - 1] + step]
    ends = [*starts[1:], len(codes)] if starts else []
    return [part for start, end in zip(starts, ends, strict=True) for part in (codes[start], end - start)]


def in_series(table: pd.DataFrame) -> pd.DataFrame:
    """Bring the rows of each series over the years together, so that the page holds what they share once."""
    keys = [column for column in table.columns if column != "year" and not pd.api.types.is_float_dtype(table[column])]
    return table.sort_values([*keys, "year"], kind="stable", ignore_index=True) if "year" in table else table


def _number(value: Any, digits: int) -> float | int | None:
    """A number with the digits a reader can use; nothing where there is none."""
    if value is None or value is pd.NA:
        return None
    if isinstance(value, int):
        return value
    number = float(f"{value:.{digits}g}")
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else number


def _run_rows(content: Content) -> list[tuple[str, str]]:
    shown = next(table for table in find_shown(content) if table.name == "run").filled(content)
    return [(str(item), str(value)) for item, value in shown.itertuples(index=False)]
