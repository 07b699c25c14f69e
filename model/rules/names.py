"""Rules on references to other rows, and on sources."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from model.errors import MOST_ALIKE, Problem
from model.rules.context import Context, Rule, at
from model.workbook.cells import TOTALS
from model.workbook.formatting import counted
from model.workbook.schema import ALL, FACT_SHEETS, SHEETS, Column, Kind, Sheet
from model.workbook.suggestions import is_typing_error, listed, nearest
from model.workbook.tables import Record


def check_references(context: Context, sheet: Sheet) -> Iterator[Problem]:
    """Every reference of a sheet names a row of its sheet, including rows with a cell that could not be read."""
    columns = [column for column in sheet.columns if column.kind is Kind.REFERENCE]
    known = {name: {record.key[0] for record in context.every.of(name)} for name in {c.refers_to for c in columns}}
    references = [
        (column, frozenset(known[column.refers_to] | set(column.choices)))
        for column in columns
        if "" not in known[column.refers_to]
    ]
    found = 0
    for record in context.every.of(sheet.name):
        for column, allowed in references:
            is_blank = record[column.key] in ("", None) or column.key in record.unread
            for name in () if is_blank else record.names(column.key):
                if name not in allowed and not (name == ALL and column.star):
                    found += 1
                    rule = f"{column.key} must be one of the names in the sheet {column.refers_to}"
                    # What is not listed any more needs no suggestion.
                    remedy = _suggest(context, column, name, allowed) if found <= MOST_ALIKE else "correct it"
                    yield at(record, column.key, "E311", f"'{name}' was not found", rule, remedy)


def _suggest(context: Context, column: Column, name: str, allowed: frozenset[str]) -> str:
    meant = context.every.called(column.refers_to, name)
    return f"did you mean '{meant}'?" if meant else nearest(name, allowed)


REFERENCES: tuple[Rule, ...] = tuple(partial(check_references, sheet=sheet) for sheet in SHEETS)
"""The rule on references for every sheet."""


def check_cap_segments(context: Context) -> Iterator[Problem]:
    """The segment of an exposure cap is a segment of demand."""
    # A scenario cannot rename a segment, but may well switch off the demand of one.
    if context.is_scenario:
        return
    segments = {record.text("segment") for record in context.tables["demand"]}
    for cap in context.tables["exposure_caps"]:
        name = cap.text("segment")
        if name not in segments | {ALL} and not context.every.may_hold("demand", segment=name):
            rule = "segment must be one of the segments in the sheet demand, or * for all"
            yield at(cap, "segment", "E312", f"'{name}' was not found", rule, nearest(name, segments))


def check_sources(context: Context) -> Iterator[Problem]:
    """Facts and estimates name their source."""
    if context.is_scenario:
        return
    lacking = {name: [row for row in context.tables.of(name) if not row.text("source")] for name in FACT_SHEETS}
    without = [row for rows in lacking.values() for row in rows]
    if without:
        every = sum(len(context.tables.of(name)) for name in FACT_SHEETS)
        sheets = listed(name for name, rows in lacking.items() if rows)
        yield at(
            without[0], "source", "W530", f"{len(without)} of {every} rows name no source, in the sheets {sheets}",
            "a reader should be able to distinguish facts from assumptions",
            "fill in source from this cell on, with a row in sources for each",
        )  # fmt: skip


_SHARED_WORDS = (("demand", "segment"), ("support_budgets", "pot"), ("minerals", "group"), ("uncertainty", "together"))
"""Words that belong together where they are the same, and that no sheet lists: nothing else shows a typing error."""


def check_alike_words(context: Context) -> Iterator[Problem]:
    """Rows that belong together have the same word."""
    # A scenario cannot change these words.
    if context.is_scenario:
        return
    for sheet, column in _SHARED_WORDS:
        rows: dict[str, list[Record]] = {}
        for record in context.tables.of(sheet):
            if record[column]:
                rows.setdefault(record.text(column), []).append(record)
        # The word of fewer rows is more likely to be the one that is wrong; of as many, the later one.
        words = sorted(rows, key=lambda word: len(rows[word]), reverse=True)
        for place, word in enumerate(words):
            meant = next((other for other in words[:place] if is_typing_error(word, other)), "")
            if meant:
                yield at(
                    rows[word][0], column, "W649", f"'{word}' is nearly '{meant}' of {rows[meant][0].sheet}!"
                    f"{rows[meant][0].cells.get(column, '')}", f"rows belong together only where {column} is the same",
                    f"type '{meant}', or keep it if both are meant",
                )  # fmt: skip


def check_total_names(context: Context) -> Iterator[Problem]:
    """No row beside others is named like their total: every row counts."""
    # A scenario cannot rename a row.
    if context.is_scenario:
        return
    for sheet in SHEETS:
        if not sheet.key or sheet.by_key[sheet.key[0]].kind is not Kind.IDENTIFIER:
            continue
        beside: dict[tuple[str, ...], list[Record]] = {}
        for record in context.tables.of(sheet.name):
            beside.setdefault(record.key[1:], []).append(record)
        for records in beside.values():
            for record in records if len(records) > 1 else ():
                if record.key[0].lower() in TOTALS:
                    others = counted(len(records) - 1, "other")
                    yield at(
                        record, sheet.key[0], "W651", f"'{record.key[0]}' names a row beside {others}",
                        "every row counts, so a row of totals counts what the others hold once more",
                        "delete the row if it holds totals, or type another name",
                    )  # fmt: skip
