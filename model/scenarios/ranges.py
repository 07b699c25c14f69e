"""Uncertain numbers: the sheet `uncertainty`, or ranges by the confidence of sources; and worlds drawn from them.

An input is one thing that is uncertain: its ranges share a draw `u`, a number between 0 and 1. Everything else stays as
it is in the plan.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

from model.errors import Problem
from model.scenarios.changes import apply_to_records, apply_to_settings
from model.scenarios.selection import ChangeError, Workspace
from model.workbook.evidence import Evidence
from model.workbook.schema import CONFIDENCES
from model.workbook.tables import Record, Tables

TAIL = 0.05
"""A normal range holds all but this share of draws on either side."""


@dataclass(frozen=True)
class Range:
    """A row of the sheet `uncertainty`."""

    row: Record[Any]

    def value(self, u: float) -> float:
        """Return the multiple or value at a draw."""
        return inverse(self.row.text("shape"), self.row.number("low"), self.row.number("high"), u)

    def apply(self, tables: Tables, u: float) -> None:
        """Change the tables as a row of the sheet changes does.

        Raises:
            ChangeError: the row cannot be applied.
        """
        change = as_change(self.row, self.value(u))
        if change["sheet"] == "settings":
            list(apply_to_settings(change, tables, in_shock=False))
        else:
            list(apply_to_records(change, Workspace(tables, {}, []), None))


@dataclass(frozen=True)
class Spread:
    """Numbers of the workbook that move together, each by a share of its own.

    Attributes:
        sheet, column: of the numbers (`years` of paths).
        shares: record -> how far its number may be from what the workbook says, as a share of it.
    """

    sheet: str
    column: str
    shares: Mapping[str, float]

    def apply(self, tables: Tables, u: float) -> None:
        """Multiply every number by 1 + share * (2u - 1)."""
        for record in tables.of(self.sheet):
            share = self.shares.get(record.label)
            if share:
                _multiply(record, self.column, 1 + share * (2 * u - 1))


@dataclass(frozen=True)
class Input:
    """Something uncertain: its name, and the numbers it moves."""

    name: str
    parts: tuple[Range | Spread, ...]


def inverse(shape: str, low: float, high: float, u: float) -> float:
    """Return the value of a range at a draw.

    >>> inverse("uniform", 0.8, 1.2, 0.25), inverse("triangular", 0.0, 2.0, 0.5), inverse("normal", 90.0, 110.0, 0.5)
    (0.9, 1.0, 100.0)
    """
    if shape == "triangular":
        middle = (low + high) / 2
        return low + (high - low) * math.sqrt(u / 2) if u < 0.5 else high - 2 * (high - middle) * math.sqrt((1 - u) / 2)
    if shape == "normal":
        sigma = (high - low) / (2 * NormalDist().inv_cdf(1 - TAIL))
        return NormalDist((low + high) / 2, sigma).inv_cdf(u) if sigma > 0 else low
    return low + (high - low) * u


def as_change(row: Record[Any], value: float) -> Record[Any]:
    """Return a row of the sheet changes that sets or multiplies what a range is about."""
    values = {column: row[column] for column in ("sheet", "where", "column", "years", "operation")}
    return Record("changes", row.row, {"scenario": "", "value": value, **values}, cells=row.cells)


def draw_world(tables: Tables, inputs: Sequence[Input], draws: Sequence[float]) -> Tables:
    """Return the tables of a plan with every input at its draw.

    Raises:
        ChangeError: a range leads out of what its column allows.
    """
    drawn = tables.copy()
    _link_paths(drawn)
    for one, u in zip(inputs, draws, strict=True):
        for part in one.parts:
            part.apply(drawn, u)
    return drawn


def _link_paths(tables: Tables) -> None:
    """Make a facility and its path share their numbers again, as before they were copied."""
    paths = {path.key: path for path in tables["facility_paths"]}
    for facility in tables["facilities"]:
        for (name, quantity), path in paths.items():
            if name == facility.text("facility"):
                facility.values[quantity] = path.years  # type: ignore[assignment]


def _multiply(record: Record[Any], column: str, factor: float) -> None:
    """Multiply a number, or every number of a path; years are whole, and no less than what building takes."""
    path = record.years if column == "years" else record.values[column]
    if isinstance(path, dict):
        for year, value in path.items():
            path[year] = value * factor  # type: ignore[operator]
    elif isinstance(path, float):
        moved = path * factor
        whole = column.endswith("_years")
        record.values[column] = max(math.floor(moved + 0.5), record.number("construction_years")) if whole else moved


def find_inputs(tables: Tables) -> list[Input]:
    """Return the uncertain inputs of a plan: the ranges of the sheet, or else ranges by the confidence of sources."""
    rows = tables["uncertainty"]
    return _stated_inputs(rows) if rows else [one for one in _default_inputs(tables) if one.parts]


def _stated_inputs(rows: Sequence[Record[Any]]) -> list[Input]:
    """The ranges of the sheet; those with the same word in `together` are one input."""
    groups: dict[str, list[Range]] = {}
    for row in rows:
        groups.setdefault(row.text("together") or row.text("range"), []).append(Range(row))
    return [Input(name, tuple(parts)) for name, parts in groups.items()]


QUANTITIES: tuple[tuple[str, str, str, Callable[[Record[Any]], str], bool], ...] = (
    ("demand for", "demand", "years", lambda row: row.text("material"), False),
    ("price of", "prices", "years", lambda row: row.text("material"), False),
    ("capex of", "facilities", "capex_usd_per_tpa", lambda row: row.text("output"), False),
    ("variable cost of", "facilities", "variable_usd_per_t", lambda row: row.text("output"), False),
    ("size of projects for", "facilities", "max_new_tpa", lambda row: row.text("output"), True),
    ("size of plants to come for", "facilities", "capacity_tpa", lambda row: row.text("output"), True),
    ("lead time of", "facilities", "lead_time_years", lambda row: row.text("output"), False),
)
"""Words, sheet, column, the material a row is about, and whether only what does not operate yet is uncertain."""


def _default_inputs(tables: Tables) -> Iterator[Input]:
    """One input for each mineral and quantity: rows of a mineral are right or wrong together."""
    width = {word: tables.number(f"range_{word}") for word in CONFIDENCES}  # type: ignore[arg-type]
    evidence = Evidence(tables["sources"])
    mineral_of = {record.text("material"): record.text("mineral") for record in tables["materials"]}
    for mineral in (record.text("mineral") for record in tables["minerals"]):
        for words, sheet, column, material, is_to_come in QUANTITIES:
            shares = {
                record.label: width[evidence.of(record, column) or "assumed"]
                for record in tables.of(sheet)
                if mineral_of[material(record)] == mineral and not (is_to_come and record["status"] == "operating")
            }
            if any(shares.values()):
                yield Input(f"{words} {mineral}", (Spread(sheet, column, shares),))


def range_problems(tables: Tables) -> Iterator[Problem]:
    """Yield what is wrong with the rows of the sheet `uncertainty`: each is tried at both of its ends.

    Args:
        tables: of a plan.
    """
    for row in tables["uncertainty"]:
        if row.number("low") > row.number("high"):
            yield Problem(
                "E432", "uncertainty", row.cells.get("low", ""), "low",
                f"{row.number('low'):g}, and high is {row.number('high'):g}", "low is the lower end of the range",
                "swap the two numbers",
            )  # fmt: skip
            continue
        tail = TAIL if row["shape"] == "normal" else 0.0
        for end, u in (("low", tail), ("high", 1 - tail)):
            try:
                draw_world(tables, [Input("", (Range(row),))], [u])
            except ChangeError as error:
                column = end if error.column == "value" else error.column
                yield replace(
                    error.problem(as_change(row, 0.0)), sheet="uncertainty", column=column,
                    cell=row.cells.get(column, ""), scenario="",
                )  # fmt: skip
                break
