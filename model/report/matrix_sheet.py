"""The sheet `matrix` of report.xlsx: minerals down, scenarios across, colour and number, in the year that is chosen."""

from __future__ import annotations

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from model.report.matrix import MEASURES
from model.report.palette import INK, MET, PALE, PATHWAY
from model.report.workbook_writer import ReportWorkbook
from model.workbook.schema import CHAIN

YEAR = "$B$3"
_TITLES, _NAMES, _FIRST = 3, 4, 5
"""Rows (from 0) of the titles of the scenarios, of their names, and of the first block."""

_WHITE = "#FFFFFF"
_SCALES = {
    "exposed_share": (_WHITE, MET["exposed"]),
    "unmet_share": (_WHITE, "#7F7F7F"),
    "cost_usd_million": (_WHITE, "#CC79A7"),
    "home_share": (_WHITE, PATHWAY["onshore"]),
    "outlay_usd_million": (_WHITE, "#E69F00"),
}
"""Measure -> the colours of its lowest and highest number; a change has a colour for each direction."""


def write_matrix(book: ReportWorkbook, sheet: Worksheet) -> None:
    """Write the sheet, one block of minerals and scenarios for each measure; without a plan it says so."""
    sheet.write_string(0, 0, "Matrix", book.format(bold=True, font_size=14, font_color=INK))
    data = book.placed["data"]
    chain = data[data["stage"] == CHAIN] if len(data) else data
    if not len(chain):
        sheet.write_string(1, 0, "There is no plan to look at.", book.format(italic=True))
        return
    sheet.write_string(
        1, 0, "Choose the year in the yellow cell: numbers and colours follow.", book.format(italic=True)
    )
    scenarios = [scenario for scenario in book.content.solved if scenario.name in set(chain["scenario"])]
    years = list(book.content.years)
    year = book.content.report_years[len(book.content.report_years) // 2]
    sheet.write_string(2, 0, "year", book.format(bold=True))
    sheet.write_number(2, 1, year, book.format(bg_color="#FFF2CC", border=1, bold=True))
    sheet.data_validation(2, 1, 2, 1, {"validate": "list", "source": f"={book.list_words(years)}"})
    head = book.format(bold=True, bg_color=PALE, font_color=INK, text_wrap=True, valign="top")
    for n, scenario in enumerate(scenarios, 1):
        sheet.write_string(_TITLES, n, book.content.short_titles.get(scenario.name, scenario.title), head)
        sheet.write_string(_NAMES, n, scenario.name, book.format(font_color="#595959", italic=True, text_wrap=True))
    sheet.set_row(_TITLES, 32)
    sheet.set_row(_NAMES, 32)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, len(scenarios), 14)
    row, breaks = _FIRST, []
    for n, measure in enumerate(MEASURES):
        breaks += [row] if n and n % 2 == 0 else []
        row = _write_block(book, sheet, row, measure.key, chain, [scenario.name for scenario in scenarios], year)
    sheet.freeze_panes(_FIRST, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_h_pagebreaks(breaks)


def _write_block(
    book: ReportWorkbook, sheet: Worksheet, row: int, measure: str, chain: pd.DataFrame, scenarios: list[str], year: int
) -> int:
    """Write a measure, and return the row after it. The minerals' keys stand in the column after the scenarios."""
    column = next(column for column in MEASURES if column.key == measure)
    name = measure.removesuffix("_usd_million").replace("_", " ").capitalize()
    words = f"{name}, {column.unit}: {column.description}"
    sheet.write_string(row, 0, words, book.format(bold=True, font_color=INK))
    minerals = list(dict.fromkeys(chain["mineral"]))
    values = chain[chain["year"] == year].set_index(["scenario", "mineral"])[measure]
    number = book.format(num_format="0%" if column.unit == "share" else "#,##0;-#,##0;0")
    of = {key: book.column("data", key) for key in ("scenario", "mineral", "stage", "year", measure)}
    key_column = len(scenarios) + 1
    for line, mineral in enumerate(minerals, row + 1):
        sheet.write_string(line, 0, book.content.name("minerals", mineral))
        sheet.write_string(line, key_column, mineral, book.format(font_color="#A6A6A6"))
        key = xl_rowcol_to_cell(line, key_column, col_abs=True)
        for n, scenario in enumerate(scenarios, 1):
            head = xl_rowcol_to_cell(_NAMES, n, row_abs=True)
            where = f'{of["scenario"]},{head},{of["mineral"]},{key},{of["stage"]},"{CHAIN}",{of["year"]},{YEAR}'
            value = values.get((scenario, mineral), float("nan"))
            formula = f'=IF(COUNTIFS({where},{of[measure]},"<>")=0,"",SUMIFS({of[measure]},{where}))'
            sheet.write_formula(line, n, formula, number, "" if pd.isna(value) else float(value))
    last = row + len(minerals)
    sheet.conditional_format(row + 1, 1, last, len(scenarios), _scale(measure))
    return last + 2


def _scale(measure: str) -> dict[str, object]:
    if measure in _SCALES:
        low, high = _SCALES[measure]
        return {"type": "2_color_scale", "min_color": low, "max_color": high}
    return {
        "type": "3_color_scale", "min_color": "#56B4E9", "mid_color": _WHITE, "max_color": "#D55E00", "mid_type": "num",
        "mid_value": 0,
    }  # fmt: skip
