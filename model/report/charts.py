"""Native charts of report.xlsx; their numbers are the cells of the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from xlsxwriter.chart import Chart

from model.data.costs import kind_of
from model.report.palette import INK, SERIES
from model.report.terms import KIND_WORDS, TERMS
from model.report.workbook_writer import HEAD, ReportWorkbook

FIRST = HEAD + 1
"""Row (from 0) of the first record on the sheet of a table."""


class Source:
    """The rows of a table on its sheet, as ranges of cells."""

    def __init__(self, book: ReportWorkbook, name: str) -> None:
        self.name = name
        self.rows = book.placed.get(name, pd.DataFrame())
        self.columns = [str(column) for column in self.rows.columns]

    def of(self, **values: str) -> pd.DataFrame:
        """The rows with these values; the index says where they stand."""
        rows = self.rows.reset_index(drop=True)
        for column, value in values.items():
            rows = rows[rows[column] == value] if len(rows) else rows
        return rows

    def down(self, column: str, rows: pd.DataFrame) -> list[Any]:
        """A column over rows that stand one below the other."""
        n = self.columns.index(column)
        return [self.name, FIRST + int(rows.index[0]), n, FIRST + int(rows.index[-1]), n]

    def block(self, columns: Sequence[str], rows: pd.DataFrame) -> list[Any]:
        """Columns side by side over rows that stand one below the other."""
        first, last = self.columns.index(columns[0]), self.columns.index(columns[-1])
        return [self.name, FIRST + int(rows.index[0]), first, FIRST + int(rows.index[-1]), last]

    def across(self, row: int, years: Sequence[str]) -> list[Any]:
        """A row over the columns of the years."""
        return [self.name, FIRST + row, self.columns.index(years[0]), FIRST + row, self.columns.index(years[-1])]

    def heads(self, years: Sequence[str]) -> list[Any]:
        """The headers of the years."""
        return self.across(-1, years)

    def cell(self, row: int, column: str) -> list[Any]:
        """One cell, for the name of a series."""
        return [self.name, FIRST + row, self.columns.index(column)]


def _finish(chart: Chart, title: str, unit: str, *, form: str = "#,##0") -> Chart:
    chart.set_title({"name": title, "name_font": {"size": 12, "color": INK}, "overlay": False})
    chart.set_y_axis({"name": unit, "num_format": form, "name_font": {"bold": False}, "major_gridlines": {
        "visible": True, "line": {"color": "#D9D9D9"}}})  # fmt: skip
    chart.set_legend({"position": "bottom"})
    return chart


def _finish_bars(chart: Chart, title: str, unit: str, form: str = "#,##0", size: int = 8) -> Chart:
    """A chart of horizontal bars, the first record on top, every one of them named."""
    chart.set_title({"name": title, "name_font": {"size": 12, "color": INK}, "overlay": False})
    chart.set_x_axis({"name": unit, "num_format": form, "name_font": {"bold": False}, "major_gridlines": {
        "visible": True, "line": {"color": "#D9D9D9"}}})  # fmt: skip
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": {"size": size}, "label_position": "low"})
    chart.set_legend({"none": True})
    return chart


def draw_scenarios(book: ReportWorkbook) -> Iterator[Chart]:
    """Exposure, shortage, support and cost of every scenario, beside each other."""
    compared = Source(book, "comparison")
    rows = compared.of()
    columns = {f"{kind}_cost_usd_million": words for kind, words in KIND_WORDS.items()}
    yield _stacked(book, compared, rows, "scenario", columns, "Discounted cost by kind")
    for column, title, unit, form in (
        ("exposure_index", "Exposure index", "mean of the exposed shares of demand", "0%"),
        ("most_short_share", "Unmet demand for the mineral most short", "share of the demand for it", "0%"),
        ("support_paid_usd_million", "Treasury pays and lends", "USD million", "#,##0"),
    ):
        chart = book.file.add_chart({"type": "bar"})
        chart.add_series({"name": compared.cell(-1, column), "categories": compared.down("scenario", rows),
                          "values": compared.down(column, rows), "fill": {"color": SERIES[0]}, "gap": 60})  # fmt: skip
        yield _finish_bars(chart, title, unit, form)
    terms = Source(book, "cost_terms")
    rows = terms.of()
    used = {
        term: TERMS[term].word for term in terms.columns
        if term in TERMS and kind_of(term) != "penalty" and rows[term].abs().max() > 0
    }  # fmt: skip
    if used:
        yield _stacked(book, terms, rows, "scenario", used, "Cost by term, without penalties")


def _stacked(
    book: ReportWorkbook, source: Source, rows: pd.DataFrame, names: str, columns: Mapping[str, str], title: str
) -> Chart:
    """Bars of USD million, a scenario each, stacked of some columns."""
    chart = book.file.add_chart({"type": "bar", "subtype": "stacked"})
    for n, (column, words) in enumerate(columns.items()):
        chart.add_series({"name": words, "categories": source.down(names, rows),
                          "values": source.down(column, rows), "fill": _filling(n), "gap": 60})  # fmt: skip
    _finish_bars(chart, title, "USD million").set_legend({"position": "bottom"})
    return chart


def _filling(n: int) -> dict[str, object]:
    """A colour; the second time round a lighter one."""
    return {"color": SERIES[n % len(SERIES)], "transparency": 0 if n < len(SERIES) else 55}


def _each_scenario(book: ReportWorkbook, table: str) -> Iterator[tuple[str, Source, pd.DataFrame]]:
    """The rows of every scenario in a table, with what it is called."""
    source = Source(book, table)
    if len(source.rows):
        for scenario in source.of()["scenario"].unique():
            yield book.content.short_titles.get(scenario, scenario), source, source.of(scenario=scenario)


def draw_forms(book: ReportWorkbook) -> Iterator[Chart]:
    """What each form of support costs, as expected and in a slump: the distance is the risk."""
    for title, instruments, rows in _each_scenario(book, "instruments"):
        chart = book.file.add_chart({"type": "bar"})
        for n, (column, words) in enumerate((("net_present_usd_million", "expected"),
                                             ("stress_net_present_usd_million", "in a slump"))):  # fmt: skip
            chart.add_series({"name": words, "categories": instruments.block(("form", "mineral"), rows), "gap": 60,
                              "values": instruments.down(column, rows), "fill": _filling(n)})  # fmt: skip
        chart = _finish_bars(chart, f"Support by form, present value: {title}", "USD million")
        chart.set_legend({"position": "bottom"})
        yield chart


def draw_frontier(book: ReportWorkbook) -> Iterator[Chart]:
    """Cost against exposure, a line for each size of the budgets."""
    for title, frontier, rows in _each_scenario(book, "frontier"):
        chart = book.file.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
        for n, (multiple, part) in enumerate(rows.groupby("budget_multiple", sort=False, dropna=False)):
            colour = SERIES[n % len(SERIES)]
            chart.add_series({
                "name": f"{float(str(multiple)):g} times the budgets" if pd.notna(multiple) else "support budgets",
                "categories": frontier.down("exposure_index", part), "values": frontier.down("cost_usd_million", part),
                "line": {"color": colour}, "marker": {"type": "circle", "fill": {"color": colour}},
            })  # fmt: skip
        _finish(chart, f"Cost, with penalties, against exposure: {title}", "USD million")
        chart.set_x_axis({"name": "exposure index", "num_format": "0%"})
        yield chart


def draw_stress(book: ReportWorkbook) -> Iterator[Chart]:
    """What each shock costs, and what it leaves exposed and short."""
    for name, stress, rows in _each_scenario(book, "stress"):
        for column, title, unit in (
            ("extra_without_penalties_usd_million", "Extra cost under each shock, no penalties", "USD million"),
            ("extra_penalties_usd_million", "Extra penalties under each shock", "USD million"),
            ("most_exposed_share", "Demand for the most exposed mineral", "share"),
            ("most_short_share", "Not met of the mineral most short", "share"),
        ):
            chart = book.file.add_chart({"type": "bar"})
            values = stress.down(column, rows)
            chart.add_series({"name": stress.cell(-1, column), "categories": stress.down("shock", rows),
                              "values": values, "fill": {"color": SERIES[5]}, "gap": 60})  # fmt: skip
            yield _finish_bars(chart, f"{title}: {name}", unit, "0%" if unit == "share" else "#,##0")
