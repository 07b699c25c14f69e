"""Native charts on the sheet `figures`; their numbers are the cells of the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from model.data.costs import kind_of
from model.report.palette import INK, PATHWAY, SERIES
from model.report.terms import KIND_WORDS, TERMS
from model.report.workbook_writer import HEAD, ReportWorkbook
from model.workbook.schema import ALL, CHAIN

FIRST = HEAD + 1
"""Row (from 0) of the first record on the sheet of a table."""

WIDTH, HEIGHT = 620, 330
"""Pixels of a chart; two stand side by side."""

_ROWS_EACH = 18
_COLUMNS_EACH = 10
_ROWS_A_PAGE = 2
_MANY = 7
"""Series a chart can hold and still be read."""

GANTT = 16
"""Bars of a Gantt chart that can be read."""


def draw(book: ReportWorkbook, sheet: Worksheet) -> None:
    """Draw every chart this run has numbers for, two in a row."""
    content = book.content
    title = next((scenario.title for scenario in content.scenarios if scenario.name == content.base), "")
    sheet.write_string(0, 0, "Figures", book.format(bold=True, font_size=14, font_color=INK))
    sheet.write_string(1, 0, f"Scenarios compared, then the scenario {title} in detail; the tables hold the others.",
                       book.format(italic=True))  # fmt: skip
    sheet.hide_gridlines(2)
    n = -1
    for n, chart in enumerate(find_charts(book)):
        chart.set_size({"width": WIDTH, "height": HEIGHT})
        sheet.insert_chart(3 + _ROWS_EACH * (n // 2), _COLUMNS_EACH * (n % 2), chart, {"y_offset": 6})
    # No chart is cut by the end of a page.
    sheet.set_h_pagebreaks([3 + _ROWS_EACH * row for row in range(_ROWS_A_PAGE, n // 2 + 1, _ROWS_A_PAGE)])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def find_charts(book: ReportWorkbook) -> Iterator[Chart]:
    """The charts, in order."""
    yield from _scenario_charts(book)
    yield from _mineral_charts(book)
    yield from _support_charts(book)
    yield from _project_charts(book)
    yield from _frontier_charts(book)
    yield from _stress_charts(book)


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


def _scenario_charts(book: ReportWorkbook) -> Iterator[Chart]:
    yield from _share_charts(book)
    compared = Source(book, "comparison")
    rows = compared.of()
    columns = {f"{kind}_cost_usd_million": words for kind, words in KIND_WORDS.items()}
    yield _stacked(book, compared, rows, "title", columns, "Discounted cost by kind")
    chart = book.file.add_chart({"type": "bar"})
    chart.add_series({"name": compared.cell(-1, "support_paid_usd_million"), "categories": compared.down("title", rows),
                      "values": compared.down("support_paid_usd_million", rows), "fill": {"color": SERIES[0]},
                      "gap": 60})  # fmt: skip
    yield _finish_bars(chart, "Treasury pays and lends", "USD million")
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


def _share_charts(book: ReportWorkbook) -> Iterator[Chart]:
    """What of each mineral is exposed, the most exposed first, and what is not met, in the base scenario."""
    minerals = Source(book, "minerals")
    rows = minerals.of(scenario=book.content.base)
    for column, title, colour in (("exposed_share", "Demand that depends on regions of concern", PATHWAY["china"]),
                                  ("unmet_share", "Demand that is not met", SERIES[5])):  # fmt: skip
        if len(rows):
            chart = book.file.add_chart({"type": "bar"})
            chart.add_series({"name": minerals.cell(-1, column), "categories": minerals.down("mineral", rows),
                              "values": minerals.down(column, rows), "fill": {"color": colour}, "gap": 40})  # fmt: skip
            yield _finish_bars(chart, title, "share of the demand for each mineral", "0%")


def _filling(n: int) -> dict[str, object]:
    """A colour; the second time round a lighter one."""
    return {"color": SERIES[n % len(SERIES)], "transparency": 0 if n < len(SERIES) else 55}


def _mineral_charts(book: ReportWorkbook) -> Iterator[Chart]:
    content = book.content
    years = [str(year) for year in content.years]
    mix, exposure = Source(book, "supply_mix"), Source(book, "exposure")
    for mineral in content.names["minerals"]:
        name = content.name("minerals", mineral)
        for stage in content.names["stages"]:
            rows = mix.of(scenario=content.base, mineral=mineral, stage=stage)
            if len(rows):
                chart = book.file.add_chart({"type": "column", "subtype": "stacked"})
                for row, pathway in rows["pathway"].items():
                    chart.add_series({"name": mix.cell(int(str(row)), "pathway"), "categories": mix.heads(years),
                                      "values": mix.across(int(str(row)), years), "gap": 40,
                                      "fill": {"color": PATHWAY[str(pathway)]}})  # fmt: skip
                yield _finish(chart, f"Supply mix: {name}, {content.name('stages', stage)}", f"t/yr of {name}")
        rows = exposure.of(scenario=content.base, mineral=mineral, segment=ALL)
        rows = rows[rows["measure"] != "located_share"] if len(rows) else rows
        if len(rows):
            yield _exposure_chart(book, exposure, rows, f"Exposure: {name}", years)


def _exposure_chart(book: ReportWorkbook, exposure: Source, rows: pd.DataFrame, title: str, years: list[str]) -> Chart:
    """Exposure of every stage as lines, the cap of each in the same colour, dashed."""
    chart = book.file.add_chart({"type": "line"})
    stages = list(dict.fromkeys(rows["stage"]))
    for row, record in rows.iterrows():
        is_cap = record["measure"] == "cap"
        if is_cap and not record[years].notna().any():
            continue
        place = stages.index(record["stage"])
        line = {
            "color": INK if record["stage"] == CHAIN else SERIES[place % len(SERIES)],
            "width": 1 if is_cap else 2.25,
        }
        words = f"{record['stage']}{' cap' if is_cap else ''}"
        chart.add_series({
            "name": words, "categories": exposure.heads(years), "values": exposure.across(int(str(row)), years),
            "line": line | ({"dash_type": "dash"} if is_cap else {}),
        })  # fmt: skip
    _finish(chart, title, "share", form="0%")
    chart.show_blanks_as("gap")
    return chart


def _support_charts(book: ReportWorkbook) -> Iterator[Chart]:
    content = book.content
    yield from _form_chart(book)
    pays, budgets = Source(book, "award_pays"), Source(book, "budgets")
    rows = pays.of(scenario=content.base)
    years = [column for column in pays.columns if column.isdigit()]
    if len(rows):
        chart = book.file.add_chart({"type": "column", "subtype": "stacked"})
        largest = rows[years].sum(axis=1).sort_values(ascending=False, kind="stable").index[:_MANY]
        for n, row in enumerate(largest):
            chart.add_series({"name": pays.cell(int(row), "name"), "categories": pays.heads(years),
                              "values": pays.across(int(row), years), "gap": 40, "fill": _filling(n)})  # fmt: skip
        more = f", the {_MANY} largest of {len(rows)}" if len(rows) > _MANY else ""
        _finish(chart, f"Support by project{more}", "USD million").set_legend(
            {"position": "bottom", "font": {"size": 8}}
        )
        yield chart
    for (pot, view), part in budgets.of(scenario=content.base).groupby(["pot", "view"], sort=False):
        chart = book.file.add_chart({"type": "column"})
        years_down = budgets.down("year", part)
        chart.add_series({"name": "outlay", "categories": years_down, "fill": {"color": SERIES[0]}, "gap": 40,
                          "values": budgets.down("outlay_usd_million", part)})  # fmt: skip
        if part["budget_usd_million"].notna().any():
            line = book.file.add_chart({"type": "line"})
            line.add_series({"name": "budget", "categories": years_down, "line": {"color": INK, "dash_type": "dash"},
                             "values": budgets.down("budget_usd_million", part)})  # fmt: skip
            chart.combine(line)
        yield _finish(chart, f"Budget {pot}, {view} view", "USD million")


def _form_chart(book: ReportWorkbook) -> Iterator[Chart]:
    """What each form of support costs, as expected and in a slump: the distance is the risk."""
    instruments = Source(book, "instruments")
    rows = instruments.of(scenario=book.content.base) if len(instruments.rows) else instruments.rows
    if not len(rows):
        return
    chart = book.file.add_chart({"type": "bar"})
    for n, (column, words) in enumerate((("net_present_usd_million", "expected"),
                                         ("stress_net_present_usd_million", "in the stress view"))):  # fmt: skip
        chart.add_series({"name": words, "categories": instruments.block(("form", "mineral"), rows), "gap": 60,
                          "values": instruments.down(column, rows), "fill": _filling(n)})  # fmt: skip
    chart = _finish_bars(chart, "Present value of support by form: the distance is the risk", "USD million")
    chart.set_legend({"position": "bottom"})
    yield chart


def _project_charts(book: ReportWorkbook) -> Iterator[Chart]:
    """A Gantt chart: an invisible bar up to the decision, then construction, then online."""
    projects = Source(book, "projects")
    every = projects.of(scenario=book.content.base)
    if not len(every):
        return
    for begin in range(0, len(every), GANTT):
        rows = every.iloc[begin : begin + GANTT]
        chart = book.file.add_chart({"type": "bar", "subtype": "stacked"})
        for column, fill in (("decision_year", {"none": True}), ("construction_years", {"color": SERIES[1]}),
                             ("online_years", {"color": SERIES[0]})):  # fmt: skip
            chart.add_series({"name": column.replace("_", " "), "categories": projects.down("name", rows),
                              "values": projects.down(column, rows), "fill": fill, "gap": 30})  # fmt: skip
        part = f" ({begin + 1} to {begin + len(rows)} of {len(every)})" if len(every) > GANTT else ""
        _finish_bars(chart, f"New capacity: construction, then online{part}", "", size=7)
        years = book.content.years
        lines = {"visible": True, "line": {"color": "#D9D9D9"}}
        chart.set_x_axis({
            "min": years[0], "max": years[-1] + 1, "num_format": "0", "major_unit": 2, "major_gridlines": lines,
        })  # fmt: skip
        chart.set_legend({"position": "bottom"})
        yield chart


def _frontier_charts(book: ReportWorkbook) -> Iterator[Chart]:
    frontier = Source(book, "frontier")
    rows = frontier.of(scenario=book.content.base) if len(frontier.rows) else frontier.rows
    if not len(rows):
        return
    chart = book.file.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    for n, (multiple, part) in enumerate(rows.groupby("budget_multiple", sort=False, dropna=False)):
        colour = SERIES[n % len(SERIES)]
        chart.add_series({
            "name": f"{float(str(multiple)):g} times the support budgets" if pd.notna(multiple) else "support budgets",
            "categories": frontier.down("exposure_index", part), "values": frontier.down("cost_usd_million", part),
            "line": {"color": colour}, "marker": {"type": "circle", "fill": {"color": colour}},
        })  # fmt: skip
    _finish(chart, "Cost, with penalties, against exposure", "USD million")
    chart.set_x_axis({"name": "exposure index", "num_format": "0%"})
    yield chart


def _stress_charts(book: ReportWorkbook) -> Iterator[Chart]:
    stress = Source(book, "stress")
    rows = stress.of(scenario=book.content.base) if len(stress.rows) else stress.rows
    if not len(rows):
        return
    for column, title, unit in (
        ("extra_without_penalties_usd_million", "Extra cost under each shock, no penalties", "USD million"),
        ("extra_penalties_usd_million", "Extra penalties under each shock", "USD million"),
        ("most_exposed_share", "Demand for the most exposed mineral", "share"),
        ("most_short_share", "Not met of the mineral most short", "share"),
    ):
        chart = book.file.add_chart({"type": "bar"})
        chart.add_series({"name": stress.cell(-1, column), "categories": stress.down("shock", rows),
                          "values": stress.down(column, rows), "fill": {"color": SERIES[5]}, "gap": 60})  # fmt: skip
        yield _finish_bars(chart, title, unit, "0%" if unit == "share" else "#,##0")
