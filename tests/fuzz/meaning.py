"""What a cell may mean, and whether a workbook still means the same: what must never change without a word.

A value is no legitimate one where nobody can have meant it: text, a date or yes where a number belongs, a percentage
where a share belongs, an amount a thousand times the largest there is. The ranges are stated here from what is known of
the world, apart from those that lodeplan checks.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from model.errors import Problem
from model.scenarios.merge import merge
from model.study.reading import Study
from model.workbook.record import Record
from model.workbook.schema import OLD_SHEETS, SETTING, SHEET, Column, Kind, Sheet

LARGEST = {
    "t/yr": 2e10,  # All rock that is mined for metals in a year.
    "t": 2e11,
    "USD/t": 2e9,  # Four times the highest price of rhodium or iridium.
    "USD per t/yr": 2e9,
    "USD per t/yr and year": 2e9,
    "USD per t and year": 2e9,
    "USD million": 1e8,  # The product of the world in a year.
    "multiple": 100.0,
    "days": 36500.0,
    "years": 200.0,
    "t/t": 2e7,  # A tonne of ore holds a few grams of platinum, and some of it is lost.
    "m3/t": 1e9,
    "workers per kt/yr": 1e7,
}
"""Unit -> an amount beyond all there is."""

_ABOVE_ONE = {"growth", "hedge_cvar_weight"}
"""Shares that may be above 1: trade that doubles in a year, the weight of the bad tail."""

WITHOUT_MEANING = {"title", "short_title", "description", "name", "owner", "note", "source", "source_costs", "citation"}
"""Columns and settings that only readers look at."""

_READ_ELSEWHERE = {"settings", "changes", "sources"}
"""Sheets that no plan reads as they are: settings stand one by one, and changes are in the merged tables."""


def rule_of(sheet: str, column: object, row: dict[Any, Any]) -> Column | None:
    """Return what the schema says of a cell; None where it says nothing."""
    stated: Sheet | None = SHEET.get(sheet)
    if stated is None:
        return None
    if sheet == "settings" and column == "value":
        return SETTING.get(str(row.get("setting")))
    if sheet == "changes" and column == "value":
        return _rule_of_change(row)
    if isinstance(column, int):
        return stated.years.rule(row.get(stated.years.depends_on)) if stated.years else None
    return stated.by_key.get(str(column))


def _rule_of_change(row: dict[Any, Any]) -> Column | None:
    changed = SHEET.get(str(row.get("sheet")))
    if changed is None or (row.get("operation") or "set") != "set":
        return None
    if row.get("column"):
        return changed.by_key.get(str(row["column"]))
    return changed.years.rules.get("") if changed.years else None


def find_wrong_kind(rule: Column, value: object) -> str:
    """Describe a value of another kind than the column's, "" for none."""
    if value is None or (isinstance(value, str) and not value.strip()) or rule.many:
        return ""
    if rule.is_number:
        if isinstance(value, bool | dt.date | dt.time):
            return f"a {type(value).__name__}"
        return f"the text {value!r}" if isinstance(value, str) and not _is_plain(value) else ""
    if rule.kind is Kind.YES_NO and not isinstance(value, bool):
        return "" if str(value).strip().casefold() in ("yes", "no", "y", "n", "true", "false") else f"{value!r}"
    if rule.kind in (Kind.IDENTIFIER, Kind.REFERENCE) and isinstance(value, dt.date | dt.time):
        return "a date"
    return ""


def _is_plain(text: str) -> bool:
    """Whether a text is a number as anyone would read it, or says that there is no limit."""
    try:
        return text.isascii() and "_" not in text and math.isfinite(float(text))
    except ValueError:
        return text.strip().casefold() == "none"


def find_implausible(rule: Column, value: object) -> str:
    """Describe a number that nobody can have meant, "" for one that somebody may have."""
    if not rule.is_number or isinstance(value, bool | dt.date | dt.time) or value is None:
        return ""
    try:
        number = float(str(value))
    except ValueError:
        return ""
    if rule.kind is Kind.YEAR:
        return "" if 1900 <= number <= 2200 else f"the year {number:g}"
    if rule.unit == "share" and number > 1 and rule.key not in _ABOVE_ONE:
        return f"the share {number:g}"
    most = LARGEST.get(rule.unit, math.inf)
    if number > most or (number < 0 and (rule.unit in LARGEST or rule.unit == "share") and rule.key != "premium"):
        return f"{number:g} {rule.unit}"
    return ""


@dataclass(frozen=True)
class Meaning:
    """What decides the plans: the merged rows of every scenario, without what only readers look at."""

    rows: dict[str, list[str]]

    @classmethod
    def of(cls, study: Study) -> Meaning:
        """Return the meaning of a workbook."""
        scenarios = [str(record["scenario"]) for record in study.tables["scenarios"]] or [""]
        return cls({name: sorted(_describe_rows(merge(study.tables, name).tables)) for name in scenarios})


def _describe_rows(records: Iterable[Record]) -> Iterator[str]:
    for record in records:
        if record.sheet == "settings" and record.text("setting") not in WITHOUT_MEANING:
            yield f"settings {record['setting']} {record['value']}"
        elif record.sheet not in _READ_ELSEWHERE:
            values = {key: value for key, value in record.values.items() if key not in WITHOUT_MEANING}
            yield f"{record.sheet} {values} {record.years}"


def differences(one: Meaning, other: Meaning) -> list[str]:
    """Return the sheets in which two meanings differ."""
    if one.rows.keys() != other.rows.keys():
        return ["scenarios"]
    counted = [(Counter(rows), Counter(other.rows[name])) for name, rows in one.rows.items()]
    return sorted({row.split(" ", 1)[0] for here, there in counted for row in (here - there) + (there - here)})


def new_problems(before: Iterable[Problem], now: Iterable[Problem]) -> list[Problem]:
    """Return the problems that were not there before, wherever their rows stand."""
    known = {(problem.code, problem.sheet, problem.found, problem.scenario) for problem in before}
    return [one for one in now if (one.code, one.sheet, one.found, one.scenario) not in known]


def is_named(problems: Iterable[Problem], sheet: str, row: int, columns: Iterable[str]) -> bool:
    """Whether a problem names a cell: by its row or its column, or its sheet as a whole."""
    names = {sheet, OLD_SHEETS.get(sheet, sheet)}
    rows = {"", str(row + 1)}
    return any(
        one.sheet in names and (one.column in columns or re.sub(r"[A-Z]+", "", one.cell) in rows) for one in problems
    )
