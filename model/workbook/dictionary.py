"""The data dictionary: every sheet, column, setting and code in words, for the workbook and inputs/README.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from model.workbook.codes import CODES
from model.workbook.over_time import DECISION_YEAR_COLUMNS, OPERATING_YEAR_COLUMNS, YEAR_SHEETS
from model.workbook.schema import SETTINGS, SHEETS, Column, Kind, Sheet
from model.workbook.sheet_names import REQUIRED_SHEETS
from model.workbook.values_as_text import describe_bounds, describe_default

CLOSING = ("scenario", "active", "source", "source_costs", "note")
"""Columns that stand after the years."""


class Entry(NamedTuple):
    """What the dictionary says of one column or setting."""

    sheet: str
    column: str
    type: str
    unit: str
    required: str
    default: str
    allowed: str
    description: str


def entries() -> Iterator[Entry]:
    """One entry for each column in the order of the workbook, and one for each setting after those of its sheet."""
    for sheet in SHEETS:
        yield from sheet_entries(sheet)
        if sheet.name == "settings":
            yield from (describe(sheet.name, setting) for setting in SETTINGS)


def sheet_entries(sheet: Sheet) -> Iterator[Entry]:
    """One entry for each column of a sheet, one for all of its years."""
    before, closing = split_columns(sheet)
    for column in before:
        yield describe(sheet.name, column)
    if sheet.years:
        yield Entry(sheet.name, "years", "number", sheet.years.unit, "one at least", "interpolated",
                    _allowed_years(sheet), f"{sheet.years.description}; one column for each year")  # fmt: skip
    for column in closing:
        yield describe(sheet.name, column)


def split_columns(sheet: Sheet) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Return the columns before the years, and the closing ones after them."""
    if sheet.name == "sources":
        return sheet.columns, ()
    closing = tuple(column for column in sheet.columns if column.key in CLOSING and not column.required)
    return tuple(column for column in sheet.columns if column not in closing), closing


def describe(sheet: str, column: Column) -> Entry:
    """Return the entry of a column or setting."""
    required = "yes" if column.required else ""
    default = "" if column.required else describe_default(column)
    kind = f"list of {column.kind.value}s" if column.many else column.kind.value
    return Entry(sheet, column.key, kind, column.unit, required, default, describe_allowed(column), column.description)


def describe_allowed(column: Column) -> str:
    """Return what a cell may hold, in words."""
    words = [*column.choices]
    if column.kind is Kind.REFERENCE:
        words.append(f"a row of {column.refers_to}")
    if column.kind is Kind.YES_NO:
        words += ["yes", "no"]
    if column.kind is Kind.IDENTIFIER:
        words.append("letters, digits, _" if column.key == "region" else "small letters, digits, _")
    if column.is_number and describe_bounds(column):
        words.append(describe_bounds(column))
    if column.star:
        words.append("*")
    if column.none is not None:
        words.append("none")
    return ", ".join(words)


def _allowed_years(sheet: Sheet) -> str:
    assert sheet.years is not None
    rules = sheet.years.rules
    if len(rules) == 1:
        return describe_allowed(next(iter(rules.values())))
    return "; ".join(f"{word}: {describe_allowed(rule)}" for word, rule in rules.items())


_INTRODUCTION = """\
# The input workbook

All input of a plan is in one Excel workbook, or in a folder of CSV files with the same names and keys.
`python run.py --template new.xlsx` writes a blank workbook with drop-downs; `python run.py my.xlsx --check` reads a
workbook, lists every problem in it and writes a marked copy beside it. [GUIDE.md](GUIDE.md)
shows how to add a mine, a partner, a ban, a scenario and more.

<!-- Generated: change model/workbook/schema.py or codes.py, then run `python -m model.formulation.equations`. -->

## How a sheet is read

- Row 1 says what the sheet is for, row 2 describes its columns, row 3 holds their units, row 4 their keys; data begins
  in row 5. The reader searches for the keys, so you may insert rows above them. In a CSV file they are the first row.
- A unit in row 3 that differs from the required one is an error that names the factor; a blank unit is not checked.
- A blank cell means the default. The word `none` means that there is no limit. `*` means all.
- Columns whose key is a year hold the numbers of that year. Years left blank are interpolated between the given ones,
  and held at the nearest one before and after them; after `none` there is no limit until the next number.
- `active` = no leaves out a row and everything that refers to it. `source` names a row of `sources`.
  Where a sheet has `source_costs`, that covers the columns its description names and `source` the others; a row is as
  firm as the weaker of the two.
- `scenario` names the scenarios that bring the row: it is there in these and in all that are based on them, and
  everywhere else it is left out, with everything that refers to it. So a new mine needs the scenario in one row, that
  of the mine; its recipes, paths and routes come with it. A row that exists already is changed by `changes`.
- Columns and sheets whose name starts with `_`, and the sheet `read_me`, are your own and are not read.
- Formulas are read by the value Excel or LibreOffice saved with them.
- Lists are separated by commas (or by semicolons). Numbers have a decimal point and no thousands separators.
"""

_SHOCKS = """\
A change in the sheet `changes` may name years where the column is listed here. A shock changes nothing before its
`known_from_year`; every other column holds for all years, and only a shock known from the first year on may change it.
What was decided before the shock is known is kept:"""


def readme_text(links: Mapping[str, str] | None = None) -> str:
    """Return the text of inputs/README.md.

    Args:
        links: `sheet.column` -> links to the equations it is in.
    """
    links = links or {}
    lines = [_INTRODUCTION, "## Sheets", ""]
    lines += _table(("sheet", "what it holds", "key"), [_overview(sheet) for sheet in SHEETS])
    lines += [f"These sheets are required: {', '.join(f'`{name}`' for name in REQUIRED_SHEETS)}.", ""]
    for sheet in SHEETS:
        lines += [f"### {sheet.name}", "", sheet.purpose, ""]
        lines += _table(Entry._fields[1:], [_marked(entry, links) for entry in sheet_entries(sheet)])
        if sheet.name == "settings":
            lines += ["The settings:", ""]
            settings = [_marked(describe(sheet.name, setting), links) for setting in SETTINGS]
            lines += _table(Entry._fields[1:], settings)
    lines += ["## What a shock does", "", _SHOCKS, ""]
    lines += _table(("column", "depends on the year of", "what a shock does to what was decided before"), _shocks())
    lines += ["## Problems", "", "`E...` stop the run, `W...` do not. A message reads", ""]
    lines += ["    CODE sheet!cell (column): what was found; the rule; what to do", ""]
    for code in CODES.values():
        lines += [f"**{code.code}** {code.title}. {code.remedy}", "", f"    {code.example}", ""]
    return "\n".join(lines).rstrip() + "\n"


def _shocks() -> list[list[str]]:
    return [
        *([f"`{key}`", "operation", text] for key, text in OPERATING_YEAR_COLUMNS.items()),
        *([f"`{key}`", "decision", text] for key, text in DECISION_YEAR_COLUMNS.items()),
        *([f"years of [`{sheet}`](#{sheet})", "operation", text] for sheet, text in YEAR_SHEETS.items()),
    ]


def _overview(sheet: Sheet) -> list[str]:
    return [f"[`{sheet.name}`](#{sheet.name})", sheet.purpose, ", ".join(sheet.key) or "none"]


def anchor_of(sheet: str, column: str) -> str:
    """Return the anchor of a column on the page."""
    return f"{sheet}-{column}"


def _marked(entry: Entry, links: Mapping[str, str]) -> list[str]:
    """Return the cells of an entry on the page, where the sheet is the heading."""
    allowed = "the settings below" if (entry.sheet, entry.column) == ("settings", "setting") else entry.allowed
    where = links.get(f"{entry.sheet}.{entry.column}")
    description = f'<a id="{anchor_of(entry.sheet, entry.column)}"></a>{entry.description}'
    return [f"`{entry.column}`", *entry[2:6], allowed, f"{description}. Equations: {where}" if where else description]


def _table(head: tuple[str, ...], rows: list[list[str]]) -> list[str]:
    lines = [_table_row(head), _table_row(["---"] * len(head)), *map(_table_row, rows)]
    return [*lines, ""]


def _table_row(cells: list[str] | tuple[str, ...]) -> str:
    escaped = (cell.replace("|", r"\|").replace("*", r"\*") for cell in cells)
    return f"| {' | '.join(escaped)} |"
