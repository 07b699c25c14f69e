"""What the numbers of the workbook rest on."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from model.workbook.evidence import named_sources
from model.workbook.tables import Record, Tables


class Assumption(NamedTuple):
    """A source, and how many rows of which sheets lean on it."""

    source: str
    confidence: str
    citation: str
    date: str
    url: str
    rows: int
    sheets: str


def find_assumptions(base: Tables) -> list[Assumption]:
    """Find the sources of the workbook and how many rows name each, what is assumed first."""
    uses = Counter(use for record in base for use in _named_sources(record))
    found = []
    for record in base["sources"]:
        name = record.text("source")
        sheets = {sheet: count for (source, sheet), count in uses.items() if source == name}
        places = ", ".join(f"{sheet} ({count})" for sheet, count in sheets.items())
        found.append(
            Assumption(
                name, record.text("confidence"), str(record["citation"] or ""), str(record["date"] or ""),
                str(record["url"] or ""), sum(sheets.values()), places,
            )
        )  # fmt: skip
    order = ("assumed", "derived", "published")
    return sorted(found, key=lambda row: (order.index(row.confidence), -row.rows))


def _named_sources(record: Record) -> set[tuple[str, str]]:
    """The sources a row names, each with its sheet."""
    return set() if record.sheet == "sources" else {(source, record.sheet) for source in named_sources(record)}
