"""The sheet `explore` of report.xlsx: pick a scenario, a mineral and a stage, and numbers and charts follow.

Every number is a formula over the tables of the other sheets (SUMIFS, INDEX, MATCH), which Excel and LibreOffice work
out anew when a choice changes. The values of the first choice are written with the formulas, so that viewers show them
too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from model.report.palette import INK, MET, PALE, PATHWAY, SERIES
from model.report.terms import pathway_labels
from model.report.workbook_writer import ReportWorkbook
from model.workbook.schema import CHAIN, PATHWAYS

SHEET = "explore"
SCENARIO, OTHER, MINERAL, STAGE = (f"$B${row}" for row in (4, 5, 6, 7))
"""The cells of the choices."""

_NAMES = {"scenario": "$C$4", "other": "$C$5", "mineral": "$C$6", "stage": "$C$7"}
_CHARTS_FROM, _LOW, _HIGH = 8, 17, 30
"""Row (from 0) of the first charts, and rows that a chart takes, also one of many bars."""
_BARS = 16
_WIDTH = 640
_SHARE, _AMOUNT, _COUNT = "0%", "#,##0", "0;;"

Lookup = Callable[[Mapping[str, object], str], float]


@dataclass
class _Block:
    """Rows of numbers below the charts, which one chart draws.

    Attributes:
        title: a formula for its title, and what that gives at first.
        heads: what stands over the columns of numbers.
        rows: label (or formula and text), then formula and value of each column.
        form: number format.
        height: rows that its chart takes.
        first: row (from 0) of its title once it is written.
    """

    title: tuple[str, str]
    heads: Sequence[str | int]
    rows: list[tuple[str | tuple[str, str], list[tuple[str, float]]]] = field(default_factory=list)
    form: str = _AMOUNT
    height: int = _LOW
    first: int = 0

    def names(self) -> str:
        """The cells of the labels of its rows."""
        return f"={SHEET}!{xl_range_abs(self.first + 2, 0, self.first + 1 + len(self.rows), 0)}"

    def series(self, n: int) -> dict[str, object]:
        """A row as a series over the heads."""
        last = len(self.heads)
        return {
            "name": f"={SHEET}!{xl_rowcol_to_cell(self.first + 2 + n, 0, row_abs=True, col_abs=True)}",
            "categories": f"={SHEET}!{xl_range_abs(self.first + 1, 1, self.first + 1, last)}",
            "values": f"={SHEET}!{xl_range_abs(self.first + 2 + n, 1, self.first + 2 + n, last)}",
        }

    def down(self, n: int) -> dict[str, object]:
        """A column as a series over the labels of the rows."""
        return {
            "name": str(self.heads[n]),
            "categories": self.names(),
            "values": f"={SHEET}!{xl_range_abs(self.first + 2, 1 + n, self.first + 1 + len(self.rows), 1 + n)}",
        }


def write_explore(book: ReportWorkbook, sheet: Worksheet) -> None:
    """Write the sheet; without a plan it says so."""
    sheet.write_string(0, 0, "Explore", book.format(bold=True, font_size=14, font_color=INK))
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if not len(book.placed["data"]):
        sheet.write_string(1, 0, "There is no plan to look at.", book.format(italic=True))
        return
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(book.content.years), 11)
    note = ("Choose in the yellow cells: charts and numbers follow. The numbers of the charts stand below them; they "
            "are formulas over the sheets data, minerals, projects, award_pays and budgets.")  # fmt: skip
    sheet.write_string(1, 0, note, book.format(italic=True))
    explorer = _Explorer(book, sheet)
    explorer.write_choices()
    row, breaks = _CHARTS_FROM, []
    blocks = explorer.blocks()
    for n, (block, draw) in enumerate(blocks):
        height = max(each.height for each, _ in blocks[n - n % 2 : n - n % 2 + 2])
        chart = explorer.place(block, draw)
        chart.set_size({"width": _WIDTH, "height": 20 * height - 20})
        sheet.insert_chart(row, 6 * (n % 2), chart, {"y_offset": 8})
        row += height * (n % 2)
        breaks += [row] if n in (3, 7) else []
    sheet.set_h_pagebreaks([*breaks, explorer.start])
    sheet.freeze_panes(7, 0)


class _Explorer:
    """The first choices, and the blocks of numbers that follow them."""

    def __init__(self, book: ReportWorkbook, sheet: Worksheet) -> None:
        self.book, self.sheet, self.content = book, sheet, book.content
        self.data = book.placed["data"]
        self.years = list(self.content.years)
        self.scenarios = [scenario.name for scenario in self.content.solved]
        self.minerals = list(dict.fromkeys(self.data["mineral"]))
        self.stages = [stage for stage in self.content.names["stages"] if stage in set(self.data["stage"])]
        used = self.content.steps.intersection(self.data.loc[self.data["mineral"] == self.minerals[0], "stage"])
        self.first = {
            "scenario": self.scenarios[0], "other": self.scenarios[min(1, len(self.scenarios) - 1)],
            "mineral": self.minerals[0], "stage": [CHAIN, *(stage for stage in self.stages if stage in used)][-1],
        }  # fmt: skip
        self.start = self.row = _CHARTS_FROM + 4 * _LOW + _HIGH + 1

    # --- The choices --------------------------------------------------------------------------------------------------

    def write_choices(self) -> None:
        """Write the four cells, their drop-downs, and what was chosen by its name."""
        choice = self.book.format(bg_color="#FFF2CC", border=1, bold=True)
        offers = {
            "scenario": (self.scenarios, [scenario.title for scenario in self.content.solved]),
            "other": (self.scenarios, [scenario.title for scenario in self.content.solved]),
            "mineral": (self.minerals, [self.content.name("minerals", name) for name in self.minerals]),
            "stage": (self.stages or [CHAIN], [self.content.name("stages", name) for name in self.stages] or [CHAIN]),
        }
        words = {"scenario": "scenario", "other": "compared with", "mineral": "mineral", "stage": "stage"}
        for row, (key, (names, titles)) in enumerate(offers.items(), 3):
            listed, named = self.book.list_words(names), self.book.list_words(titles)
            self.sheet.write_string(row, 0, words[key], self.book.format(bold=True))
            self.sheet.write_string(row, 1, self.first[key], choice)
            self.sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": f"={listed}"})
            found = f'IFERROR(INDEX({named},MATCH($B${row + 1},{listed},0)),"choose one of the list")'
            self.sheet.write_formula(row, 2, f"={found}", None, titles[names.index(self.first[key])])
        has = self._count(STAGE)
        self.sheet.write_formula(6, 6, f'=IF({has}=0,"there is none of this mineral at this stage: choose another","")',
                                 self.book.format(font_color="#B00020"), "")  # fmt: skip

    def _count(self, stage: str) -> str:
        of = self._of
        return f"COUNTIFS({of('scenario')},{SCENARIO},{of('mineral')},{MINERAL},{of('stage')},{stage})"

    def _of(self, key: str) -> str:
        return self.book.column("data", key)

    # --- The blocks ---------------------------------------------------------------------------------------------------

    def blocks(self) -> list[tuple[_Block, Callable[[_Block], Chart]]]:
        """Every block with what draws it."""
        stage_title = (f'"Supply of "&{_NAMES["mineral"]}&", "&{_NAMES["stage"]}',
                       f"Supply of {self._name('minerals', 'mineral')}, {self._name('stages', 'stage')}")  # fmt: skip
        labels = pathway_labels(self.content)
        supply = _Block(stage_title, self.years)
        supply.rows = [(labels[name], self._across(f"{name}_t", stage=STAGE)) for name in PATHWAYS]
        met = _Block(self._title("How the demand is met: "), self.years)
        met.rows = [(name, self._across(f"{name}_t")) for name in MET]
        blocks: list[tuple[_Block, Callable[[_Block], Chart]]] = [
            (supply, lambda block: self._stacked(block, [PATHWAY[name] for name in PATHWAYS], "t/yr of the mineral")),
            (met, lambda block: self._stacked(block, list(MET.values()), "t/yr of the mineral")),
        ]
        for column, words, unit, form in (
            ("exposed_share", "Demand that depends on regions of concern: ", "share of the demand", _SHARE),
            ("home_share", "Mined and recycled at home: ", "share of apparent consumption", _SHARE),
            ("cost_usd_million", "Cost under the mineral: ", "USD million a year", _AMOUNT),
            ("outlay_usd_million", "Treasury pays and lends: ", "USD million a year", _AMOUNT),
        ):
            block = _Block(self._title(words), self.years, form=form)
            block.rows = [
                ((SCENARIO, self.first["scenario"]), self._across(column, stage=f'"{CHAIN}"')),
                ((f'"compared: "&{OTHER}', f"compared: {self.first['other']}"),
                 self._across(column, stage=f'"{CHAIN}"', scenario=OTHER)),
            ]  # fmt: skip
            blocks.append((block, lambda block, unit=unit: self._lines(block, unit)))  # type: ignore[misc]
        if len(self.book.placed["budgets"]):
            blocks.append((self._budgets(), lambda block: self._lines(block, "USD million a year")))
        if len(self.book.placed["award_pays"]):
            blocks.append((self._payments(), lambda block: self._stacked(block, SERIES[: len(block.rows)],
                                                                         "USD million a year", "right")))  # fmt: skip
        return [*blocks, (self._shares(), self._share_bars), (self._projects(), self._gantt)]

    def _name(self, sheet: str, key: str) -> str:
        return self.content.name(sheet, self.first[key]) if self.first[key] != CHAIN else CHAIN

    def _title(self, words: str) -> tuple[str, str]:
        return f'"{words}"&{_NAMES["mineral"]}', f"{words}{self._name('minerals', 'mineral')}"

    def _of_scenario(self, words: str) -> tuple[str, str]:
        return f'"{words}"&{SCENARIO}', f"{words}{self.first['scenario']}"

    def _across(self, column: str, stage: str = "", scenario: str = SCENARIO) -> list[tuple[str, float]]:
        """The sum of a column of the tidy table in every year."""
        of = self._of
        where = f"{of('scenario')},{scenario},{of('mineral')},{MINERAL}"
        if stage:
            where += f",{of('stage')},{stage}"
        chosen = (self.data["scenario"] == self.first["scenario" if scenario == SCENARIO else "other"]) & (
            self.data["mineral"] == self.first["mineral"]
        )
        if stage:
            chosen &= self.data["stage"] == (self.first["stage"] if stage == STAGE else CHAIN)
        values = self.data[chosen].groupby("year")[column].sum()
        return [
            (f"SUMIFS({of(column)},{where},{of('year')},{{head}})", float(values.get(year, 0.0))) for year in self.years
        ]

    def _shares(self) -> _Block:
        """Exposed and unmet share of every mineral in the chosen scenario."""
        block = _Block(self._of_scenario("Exposed and unmet shares of demand over the years: "),
                       ["exposed", "unmet"], form=_SHARE, height=_HIGH)  # fmt: skip
        rows = self.book.placed["minerals"]
        mine = rows[rows["scenario"] == self.first["scenario"]].set_index("mineral")
        of = {key: self.book.column("minerals", key) for key in ("scenario", "mineral", "exposed_share", "unmet_share")}
        for mineral in self.minerals:
            cells = [
                (f'SUMIFS({of[column]},{of["scenario"]},{SCENARIO},{of["mineral"]},"{mineral}")',
                 float(mine[column].get(mineral, 0.0) or 0.0))
                for column in ("exposed_share", "unmet_share")
            ]  # fmt: skip
            block.rows.append((self.content.name("minerals", mineral), cells))
        return block

    def _projects(self) -> _Block:
        """The projects of the chosen scenario and mineral, as bars from the decision to the end."""
        block = _Block(self._title("New capacity, orange while it is built: "),
                       ["decided", "construction", "online"], form=_COUNT, height=_HIGH)  # fmt: skip
        rows = self.book.placed["projects"]
        if not len(rows):
            block.rows = [("none", [("0", 0.0)] * 3)]
            return block
        first, count = self._runs(rows, ["scenario", "mineral"], f'{SCENARIO}&"/"&{MINERAL}')
        chosen = (rows["scenario"] == self.first["scenario"]) & (rows["mineral"] == self.first["mineral"])
        mine = rows[chosen].reset_index(drop=True)
        for n in range(_BARS):
            cells = [
                (self._nth("projects", column, first, count, n, "0"), float(mine[column][n]) if n < len(mine) else 0.0)
                for column in ("decision_year", "construction_years", "online_years")
            ]
            label = (
                self._nth("projects", "name", first, count, n, '""'),
                str(mine["name"][n]) if n < len(mine) else "",
            )
            block.rows.append((label, cells))
        return block

    def _payments(self) -> _Block:
        """What the largest awards of the chosen scenario are paid."""
        block = _Block(self._of_scenario("Support by project, the largest: "), self.years)
        rows = self.book.placed["award_pays"]
        first, count = self._runs(rows, ["scenario"], SCENARIO)
        mine = rows[rows["scenario"] == self.first["scenario"]].reset_index(drop=True)
        for n in range(min(len(SERIES), rows.groupby("scenario").size().max())):
            cells = [
                (self._nth("award_pays", str(year), first, count, n, "0"),
                 float(mine[str(year)][n]) if n < len(mine) else 0.0)
                for year in self.years
            ]  # fmt: skip
            label = (self._nth("award_pays", "name", first, count, n, '""'),
                     str(mine["name"][n]) if n < len(mine) else "")  # fmt: skip
            block.rows.append((label, cells))
        return block

    def _runs(self, rows: pd.DataFrame, keys: list[str], choice: str) -> tuple[str, str]:
        """Formulas for the first row and the number of rows of a choice, in a table sorted by its keys."""
        places: dict[str, list[int]] = {}
        for place, key in enumerate(rows[keys].agg("/".join, axis=1), 1):
            places.setdefault(key, []).append(place)
        names = self.book.list_words(list(places))
        firsts = self.book.list_words([each[0] for each in places.values()])
        counts = self.book.list_words([len(each) for each in places.values()])
        at = f"MATCH({choice},{names},0)"
        return f"INDEX({firsts},{at})", f"IFERROR(INDEX({counts},{at}),0)"

    def _nth(self, sheet: str, column: str, first: str, count: str, n: int, otherwise: str) -> str:
        return f"IF({n}<{count},INDEX({self.book.column(sheet, column)},{first}+{n}),{otherwise})"

    def _budgets(self) -> _Block:
        """What support takes in both views, and the budgets, all pots together."""
        block = _Block(self._of_scenario("Support against budgets, all pots: "), self.years)
        rows = self.book.placed["budgets"]
        of = {key: self.book.column("budgets", key) for key in rows.columns}
        for column, view, words in (
            ("outlay_usd_million", "expected", "outlay, expected"),
            ("outlay_usd_million", "stress", "outlay, in a slump"),
            ("budget_usd_million", "expected", "budget, expected"),
            ("budget_usd_million", "stress", "budget, in a slump"),
        ):  # fmt: skip
            mine = rows[(rows["scenario"] == self.first["scenario"]) & (rows["view"] == view)]
            values = mine.groupby("year")[column].sum()
            block.rows.append((words, [
                (f'SUMIFS({of[column]},{of["scenario"]},{SCENARIO},{of["view"]},"{view}",{of["year"]},{{head}})',
                 float(values.get(year, 0.0)))
                for year in self.years
            ]))  # fmt: skip
        return block

    # --- Writing and drawing ------------------------------------------------------------------------------------------

    def place(self, block: _Block, draw: Callable[[_Block], Chart]) -> Chart:
        """Write a block below the one before, and draw it."""
        block.first = self.row
        head = self.book.format(bold=True, bg_color=PALE, font_color=INK, bottom=1)
        self.sheet.write_formula(self.row, 0, f"={block.title[0]}", self.book.format(bold=True), block.title[1])
        for n, text in enumerate(block.heads, 1):
            self.sheet.write(self.row + 1, n, text, head)
        self.sheet.write_blank(self.row + 1, 0, None, head)
        number = self.book.format(num_format=block.form)
        for row, (label, cells) in enumerate(block.rows, self.row + 2):
            if isinstance(label, str):
                self.sheet.write_string(row, 0, label)
            else:
                self.sheet.write_formula(row, 0, f"={label[0]}", None, label[1])
            for n, (formula, value) in enumerate(cells, 1):
                over = xl_rowcol_to_cell(self.row + 1, n, row_abs=True)
                self.sheet.write_formula(row, n, f"={formula.format(head=over)}", number, value)
        self.row += len(block.rows) + 3
        chart = draw(block)
        # A title that is a formula would stay as it is in LibreOffice: the choices stand above the charts instead.
        title = block.title[1].partition(":")[0] if ":" in block.title[1] else "Supply of the mineral at the stage"
        chart.set_title({"name": title, "name_font": {"size": 12, "color": INK}, "overlay": False})
        return chart

    def _stacked(self, block: _Block, colours: Sequence[str], unit: str, legend: str = "bottom") -> Chart:
        chart = self.book.file.add_chart({"type": "column", "subtype": "stacked"})
        for n, colour in enumerate(colours):
            chart.add_series({**block.series(n), "fill": {"color": colour}, "border": {"color": "#FFFFFF"}, "gap": 40})
        _axes(chart, unit, block.form).set_legend({"position": legend, "font": {"size": 8}})
        return chart

    def _lines(self, block: _Block, unit: str) -> Chart:
        chart = self.book.file.add_chart({"type": "line"})
        for n in range(len(block.rows)):
            line = {"color": SERIES[n % 2], "width": 2.25, "dash_type": "solid" if n < 2 else "dash"}
            if len(block.rows) == 2 and n == 1:
                line["dash_type"] = "dash"
            chart.add_series({**block.series(n), "line": line})
        return _axes(chart, unit, block.form)

    def _share_bars(self, block: _Block) -> Chart:
        chart = self.book.file.add_chart({"type": "bar"})
        for n, colour in enumerate((MET["exposed"], MET["unmet"])):
            chart.add_series({**block.down(n), "fill": {"color": colour}, "gap": 30})
        return _bars(chart, "0%")

    def _gantt(self, block: _Block) -> Chart:
        chart = self.book.file.add_chart({"type": "bar", "subtype": "stacked"})
        for n, fill in enumerate(({"none": True}, {"color": SERIES[1]}, {"color": SERIES[0]})):
            chart.add_series({**block.down(n), "fill": fill, "gap": 30})
        _bars(chart, "0")
        chart.set_x_axis({
            "min": self.years[0], "max": self.years[-1] + 1, "num_format": "0", "major_gridlines": _LINES,
            "major_unit": max(1, len(self.years) // 7),
        })  # fmt: skip
        chart.set_legend({"none": True})
        return chart


_LINES = {"visible": True, "line": {"color": "#D9D9D9"}}


def _axes(chart: Chart, unit: str, form: str) -> Chart:
    chart.set_y_axis({"name": unit, "num_format": form, "name_font": {"bold": False}, "major_gridlines": _LINES,
                      "min": 0 if form == _SHARE else None})  # fmt: skip
    chart.set_legend({"position": "bottom"})
    return chart


def _bars(chart: Chart, form: str) -> Chart:
    """Horizontal bars, the first on top, every one of them named."""
    chart.set_x_axis({"num_format": form, "major_gridlines": _LINES})
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": {"size": 8}, "label_position": "low"})
    chart.set_legend({"position": "bottom"})
    return chart
