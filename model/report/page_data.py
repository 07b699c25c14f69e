"""The data of report.html: the tables its figures draw from, and the names and colours they use, as compact JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict

import pandas as pd

from model.data.costs import kind_of
from model.report import palette
from model.report.content import Content
from model.report.encoding import encode, in_series
from model.report.figure import Figure, PageTable
from model.report.figures import find_figures, find_page_tables
from model.report.outlines import find_outlines
from model.report.sheets import find_shown
from model.report.support import EVEN
from model.report.terms import TERMS, pathway_labels
from model.results.columns import RESULT_TABLES, ResultColumn, is_table

Column = tuple[str, str, bool]
"""Key, unit, and whether it is numeric."""

LABELS = {"clear": "clear", "exposed": "exposed", "saved": "saved", "unmet": "not met"}


def find_data(content: Content) -> dict[str, object]:
    """Everything the script of the page draws from."""
    tables = find_page_tables(content)
    # Scrap comes before all other steps.
    steps = sorted(content.names["stages"], key=lambda stage: stage in content.steps)
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
        "columns": dict(_columns_of(content, tables)),
        "figures": {figure.id: _describe_figure(figure) for figure in find_figures(content)},
        "tables": {
            table.name: encode(in_series(rows) if table.is_series else rows, table.digits)
            for table, rows in tables.items()
        },
    }  # fmt: skip


def _columns_of(content: Content, tables: Mapping[PageTable, pd.DataFrame]) -> Iterator[tuple[str, list[Column]]]:
    """Yield each table with what its columns mean, as far as that is stated: key, unit, and whether it is numeric."""
    shown = {one.name: one.columns for one in find_shown(content)}
    for table, rows in tables.items():
        stated = table.columns or shown.get(table.name) or _of_results(table.name)
        units = {column.key: column.unit for column in stated} or dict.fromkeys(map(str, rows.columns), "")
        yield (
            table.name,
            [
                (key, unit, pd.api.types.is_numeric_dtype(rows[key]))
                for key, unit in units.items()
                if key in rows and key != "scenario"
            ],
        )


def _of_results(name: str) -> tuple[ResultColumn, ...]:
    return tuple(RESULT_TABLES[name]) if is_table(name) else ()


def _describe_figure(figure: Figure) -> dict[str, object]:
    """Return what the script reads of a figure: its tables, and its picture where it has no function."""
    return {"tables": [table.name for table in figure.tables], "picture": figure.picture and asdict(figure.picture)}


def find_labels(content: Content) -> dict[str, str]:
    """Words for pathways and provenances."""
    return pathway_labels(content) | LABELS
