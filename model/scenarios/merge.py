"""Scenarios: the workbook plus rows and changes of a scenario and its ancestors, with a list of every touched cell.

The rows that a scenario brings are there before anything is changed, so that its changes may be about them.
Changes work on interpolated values after defaults. Settings change first, because they decide the horizon; the other
rows apply from top to bottom, ancestors before descendants, each scenario once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from model.errors import Problem
from model.rules.checks import Checker, check_horizon
from model.scenarios.changes import Change, apply_to_records, apply_to_settings
from model.scenarios.lineage import (
    find_owners,
    find_shocks_among,
    known_from,
    plans,
    scenario_records,
    shocks,
)
from model.scenarios.rows import bring_rows, check_scenario_names, check_shock_rows, list_rows
from model.scenarios.selection import ChangeError, Workspace
from model.workbook.schema import SHEET, Value
from model.workbook.suggestions import listed
from model.workbook.tables import Record, Tables, YearPath

_OF_ONE_ROW = frozenset({"E401", "E402", "E403", "E404", "E405", "E406", "E408", "E409", "E410", "E415", "W551"})
"""Problems of a row of `changes` that depend neither on the rows above it nor on the horizon."""


@dataclass(frozen=True)
class Merged:
    """A scenario merged into the workbook.

    Attributes:
        tables: interpolated, and without inactive rows.
        touched: one entry for each touched cell, in the order they were first touched.
        problems: what is wrong with, or odd about, the changes.
        is_whole: whether all of its changes could be read.
    """

    tables: Tables
    touched: tuple[Change, ...]
    problems: tuple[Problem, ...]
    is_whole: bool = True


def merge(base: Tables, scenario: str, shock: str = "") -> Merged:
    """Return the workbook with the rows and changes of a scenario, and of a shock on top of it.

    Args:
        base: the workbook as it was read.
        scenario: a name in the sheet scenarios; any other name stands for the workbook as it is.
        shock: a shock that happens to the plan. What plan and shock are both based on applies once.
    """
    problems: list[Problem] = []
    owners = find_owners(base, (scenario, shock), problems)
    tables = bring_rows(base, owners, problems)
    steps = _steps(base, owners)
    is_whole = base.is_whole or _is_whole(base, steps)
    steps = [step for step in steps if not step.row.unread]
    done = [_Done(step, tuple(_change_settings(step, tables, problems))) for step in steps if step.is_setting]
    if not tables.horizon:
        problems.extend(check_horizon(tables, scenario))
        return Merged(tables.without_inactive(), _one_for_each_cell(done), tuple(problems), is_whole)
    work = Workspace(tables, _facility_columns(tables), problems, is_whole)
    tables.interpolate()
    brought = list_rows(base, tables)
    problems.extend(check_shock_rows(tables, find_shocks_among(base, owners, tables.horizon[0])))
    done += [_Done(step, tuple(_change_records(step, work))) for step in steps if not step.is_setting]
    merged = tables.without_inactive()
    _warn_of_no_effect(done, merged, problems)
    _warn_of_early_changes(done, tables, problems)
    certain = [problem for problem in problems if is_whole or problem.code in _OF_ONE_ROW]
    return Merged(merged, _one_for_each_cell(done, brought), tuple(certain), is_whole)


@dataclass(frozen=True)
class _Step:
    """A row of `changes`, the scenario it belongs to, and the one for whose sake it applies."""

    row: Record
    owner: Record
    purpose: Record

    @property
    def is_setting(self) -> bool:
        return self.row["sheet"] == "settings"

    def known_from(self, first_year: int) -> int | None:
        """Return the first year a row of a shock may touch, for itself and for the shock that is based on it."""
        if self.owner["kind"] != "shock":
            return None
        return max(known_from(record, first_year) for record in (self.owner, self.purpose))


@dataclass(frozen=True)
class _Done:
    """A step and the cells it touched."""

    step: _Step
    changes: tuple[Change, ...]


def _steps(base: Tables, owners: dict[str, str]) -> list[_Step]:
    """Return the rows of `changes` in the order they apply."""
    by_name = scenario_records(base)
    rows: dict[str, list[Record]] = {}
    for row in base["changes"]:
        if row.active:
            rows.setdefault(row.text("scenario"), []).append(row)
    return [
        _Step(row, by_name[name], by_name[purpose]) for name, purpose in owners.items() for row in rows.get(name, [])
    ]


def _is_whole(base: Tables, steps: list[_Step]) -> bool:
    """Whether all that decides what these steps do could be read, and no row that could not may be one of them."""
    owners = [record for step in steps for record in (step.owner, step.purpose)]
    nameless = [record for sheet in ("scenarios", "changes") for record in base[sheet] if "scenario" in record.unread]
    return not steps or (
        base.knows_horizon
        and not nameless
        and not any(step.row.unread for step in steps)
        and all(record.unread.isdisjoint(("kind", "based_on", "known_from_year", "active")) for record in owners)
    )


def _facility_columns(tables: Tables) -> dict[tuple[str, str], Value | YearPath]:
    """Return the columns of facilities that paths may replace, before they do."""
    quantities = SHEET["facility_paths"].by_key["quantity"].choices
    facilities: list[Record] = tables["facilities"]
    return {(record.text("facility"), quantity): record[quantity] for record in facilities for quantity in quantities}


def _change_settings(step: _Step, tables: Tables, problems: list[Problem]) -> Iterator[Change]:
    try:
        yield from apply_to_settings(step.row, tables, in_shock=step.owner["kind"] == "shock")
    except ChangeError as error:
        problems.append(error.problem(step.row))


def _change_records(step: _Step, work: Workspace) -> list[Change]:
    """Return the cells a row touches, sorted by record: the order of rows in the workbook decides nothing."""
    touched = []
    try:
        for change in apply_to_records(step.row, work, step.known_from(work.tables.horizon[0])):
            touched.append(change)  # noqa: PERF402 - what was touched before an error counts
    except ChangeError as error:
        work.problems.append(error.problem(step.row))
    return sorted(touched, key=lambda change: change.record)


def _one_for_each_cell(done: list[_Done], brought: Sequence[Change] = ()) -> tuple[Change, ...]:
    """Return what was touched, first old and last new value of each cell."""
    cells: dict[tuple[str, str, str, int | None], Change] = {}
    for change in chain(brought, *(one.changes for one in done)):
        cell = (change.sheet, change.record, change.column, change.year)
        cells[cell] = replace(change, old=cells[cell].old) if cell in cells else change
    return tuple(cells.values())


def _warn_of_no_effect(done: list[_Done], merged: Tables, problems: list[Problem]) -> None:
    """Warn of rows that changed only rows that depend on an inactive one."""
    sheets = {change.sheet for one in done for change in one.changes}
    left = {(sheet, record.label) for sheet in sheets for record in merged.of(sheet)}
    for one in done:
        row, touched = one.step.row, {(change.sheet, change.record) for change in one.changes}
        if touched and row["sheet"] != "settings" and row["column"] != "active" and not touched & left:
            error = ChangeError(
                "W553", "where", f"it fits only {listed(record for _, record in sorted(touched))}",
                "these go with an inactive row, so the change has no effect",
                "leave it out, or activate what they need",
            )  # fmt: skip
            problems.append(error.problem(row))


def _warn_of_early_changes(done: list[_Done], tables: Tables, problems: list[Problem]) -> None:
    """Warn of plans that a shock is based on and that change more than what happens once the shock is known."""
    first_year = tables.horizon[0]
    for one in done:
        shock, known = one.step.purpose, known_from(one.step.purpose, first_year)
        years = {change.year or first_year for change in one.changes}
        if one.step.owner["kind"] != "shock" and years and min(years) < known:
            error = ChangeError(
                "W555", "years", f"it changes {min(years)}, and '{shock.label}', known from {known}, is based on it",
                "what is different before a shock is known is different from the plan too",
                "base the shock on other shocks only",
            )  # fmt: skip
            problems.append(error.problem(one.step.row))


def find_problems(base: Tables, scenarios: Sequence[str] = ()) -> list[Problem]:
    """Return all errors and warnings of the workbook and some of its scenarios, each problem once.

    Args:
        base: the workbook as it was read.
        scenarios: the plans and shocks to look at, beside the workbook as it stands; without any, all.
    """
    found: dict[Problem, Problem] = {}
    checker = Checker()
    for name in ("", *(scenarios or (*plans(base), *shocks(base)))):
        for problem in _find_problems_of(base, name, checker):
            # What is wrong without the scenario already is not the scenario's.
            found.setdefault(replace(problem, scenario=""), problem)
    return list(found.values())


def _find_problems_of(base: Tables, name: str, checker: Checker) -> list[Problem]:
    """Return all errors and warnings of one scenario, including those of the unchanged workbook."""
    merged = merge(base, name)
    scenario = name if name in {record.text("scenario") for record in base["scenarios"]} else ""
    problems = [*merged.problems, *(() if name else check_scenario_names(base))]
    # Tables on which a change failed or could not be read would only have more wrong with them.
    if merged.is_whole and not any(problem.is_error for problem in problems):
        problems += checker.check(merged.tables, scenario)
    # A shock may well bring shortage: that is its point.
    if base.is_whole and name not in shocks(base) and not any(problem.is_error for problem in problems):
        problems += checker.supply_check(merged.tables, scenario)
    return problems
