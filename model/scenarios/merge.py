"""Scenarios: the workbook plus rows and changes of a scenario and its ancestors, with a list of every touched cell.

The rows that a scenario brings are there before anything is changed, so that its changes may be about them.
Changes work on interpolated values after defaults. Settings change first, because they decide the horizon; the other
rows apply from top to bottom, ancestors before descendants, each scenario once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from model.errors import Problem
from model.rules.checks import check, check_horizon, supply_check
from model.scenarios.changes import Change, apply_to_records, apply_to_settings
from model.scenarios.rows import bring_rows, check_scenario_names, check_shock_rows, list_rows
from model.scenarios.selection import ChangeError, Workspace
from model.workbook.formatting import listed
from model.workbook.schema import SHEET, Value
from model.workbook.tables import Record, Tables, YearPath

BASE = "base"
"""The name of the workbook as it stands, where there is no sheet of scenarios."""

_Item = tuple[Tables, str]
Each = Callable[[Callable[[_Item], list[Problem]], Sequence[_Item]], Iterable[list[Problem]]]
"""What applies a function to items, as `map` does."""


_OF_ONE_ROW = frozenset({"E401", "E402", "E403", "E404", "E405", "E406", "E408", "E409", "E410", "E415", "W551"})
"""What is wrong with a row of `changes` whatever the rows above it do, and whatever the horizon is."""


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


def plans(base: Tables) -> list[str]:
    """The plans to run, in sheet order; without any in the workbook, the workbook as it stands."""
    every = [record for record in base["scenarios"] if record.active and record["kind"] == "plan"]
    return [record.text("scenario") for record in every if record["run"] and record["scenario"]] if every else [BASE]


def every_plan(base: Tables) -> list[str]:
    """The plans to run, then those that are run only where they are asked for."""
    idle = [
        record.text("scenario")
        for record in base["scenarios"]
        if record.active and record["kind"] == "plan" and not record["run"] and record["scenario"]
    ]
    return [*plans(base), *idle]


def shocks(base: Tables) -> list[str]:
    """The shocks to test plans against, in sheet order."""
    return [
        record.text("scenario")
        for record in base["scenarios"]
        if record.active and record["run"] and record["kind"] == "shock"
    ]


def merge(base: Tables, scenario: str, shock: str = "") -> Merged:
    """The workbook with the rows and changes of a scenario, and of a shock on top of it.

    Args:
        base: the workbook as it was read.
        scenario: a name in the sheet scenarios; any other name stands for the workbook as it is.
        shock: a shock that happens to the plan. What plan and shock are both based on applies once.
    """
    problems: list[Problem] = []
    owners = _owners(base, (scenario, shock), problems)
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
    problems.extend(check_shock_rows(tables, _shocks_among(base, owners, tables.horizon[0])))
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
        """The first year a row of a shock may touch, for itself and for the shock that is based on it."""
        if self.owner["kind"] != "shock":
            return None
        return max(known_from(record, first_year) for record in (self.owner, self.purpose))


@dataclass(frozen=True)
class _Done:
    """A step and the cells it touched."""

    step: _Step
    changes: tuple[Change, ...]


def _by_name(base: Tables) -> dict[str, Record]:
    return {record.text("scenario"): record for record in base["scenarios"] if record["scenario"]}


def _owners(base: Tables, names: tuple[str, ...], problems: list[Problem]) -> dict[str, str]:
    """The scenarios and their ancestors in the order they apply -> the one for whose sake each applies."""
    by_name = _by_name(base)
    order: dict[str, str] = {}
    for name in names:
        for ancestor in _lineage(by_name, name, problems):
            order.setdefault(ancestor, name)
    return order


def _shocks_among(base: Tables, owners: dict[str, str], first_year: int) -> dict[str, int]:
    """The shocks that apply -> the year from which they and the one that is based on them are known."""
    by_name = _by_name(base)
    return {
        name: max(known_from(by_name[each], first_year) for each in (name, purpose))
        for name, purpose in owners.items()
        if by_name[name]["kind"] == "shock"
    }


def _steps(base: Tables, owners: dict[str, str]) -> list[_Step]:
    """The rows of `changes` in the order they apply."""
    by_name = _by_name(base)
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


def _lineage(scenarios: dict[str, Record], name: str, problems: list[Problem]) -> list[str]:
    """The ancestors of a scenario and itself, in the order they apply, without those that are inactive or unknown."""
    order: list[str] = []
    path: list[str] = []

    def visit(record: Record) -> None:
        path.append(record.text("scenario"))
        for parent in record.names("based_on"):
            if parent in path:
                problems.append(_cycle(record, [*path[path.index(parent) :], parent]))
            elif parent in scenarios and not scenarios[parent].active:
                problems.append(_inactive_parent(record, parent))
            elif parent in scenarios and parent not in order:
                visit(scenarios[parent])
        order.append(path.pop())

    if name in scenarios and scenarios[name].active:
        visit(scenarios[name])
    return order


def _cycle(record: Record, names: list[str]) -> Problem:
    found = " based on ".join(f"'{name}'" for name in names)
    return Problem(
        "E415", "scenarios", record.cells.get("based_on", ""), "based_on", found,
        "a scenario cannot be based on itself", "remove the circular reference in based_on", record.text("scenario"),
    )  # fmt: skip


def _inactive_parent(record: Record, parent: str) -> Problem:
    return Problem(
        "W551", "scenarios", record.cells.get("based_on", ""), "based_on", f"'{parent}' is inactive",
        "the changes of an inactive scenario do not apply",
        "leave it out of based_on, or set its active to yes (and run to no if it is only a building block)",
        record.text("scenario"),
    )  # fmt: skip


def known_from(scenario: Record, first_year: int) -> int:
    """The first year in which decisions can react to a shock; to a plan, as to one without that year, the first."""
    year = scenario["known_from_year"]
    return int(year) if scenario["kind"] == "shock" and isinstance(year, int | float) else first_year


def _facility_columns(tables: Tables) -> dict[tuple[str, str], Value | YearPath]:
    """The columns of facilities that paths may replace, before they do."""
    quantities = SHEET["facility_paths"].by_key["quantity"].choices
    facilities: list[Record] = tables["facilities"]
    return {(record.text("facility"), quantity): record[quantity] for record in facilities for quantity in quantities}


def _change_settings(step: _Step, tables: Tables, problems: list[Problem]) -> Iterator[Change]:
    try:
        yield from apply_to_settings(step.row, tables, in_shock=step.owner["kind"] == "shock")
    except ChangeError as error:
        problems.append(error.problem(step.row))


def _change_records(step: _Step, work: Workspace) -> list[Change]:
    """The cells a row touches, sorted by record: the order of rows in the workbook decides nothing."""
    touched = []
    try:
        for change in apply_to_records(step.row, work, step.known_from(work.tables.horizon[0])):
            touched.append(change)  # noqa: PERF402 - what was touched before an error counts
    except ChangeError as error:
        work.problems.append(error.problem(step.row))
    return sorted(touched, key=lambda change: change.record)


def _one_for_each_cell(done: list[_Done], brought: Sequence[Change] = ()) -> tuple[Change, ...]:
    """What was touched, first old and last new value of each cell."""
    cells: dict[tuple[str, str, str, int | None], Change] = {}
    for change in chain(brought, *(one.changes for one in done)):
        cell = (change.sheet, change.record, change.column, change.year)
        cells[cell] = replace(change, old=cells[cell].old if cell in cells else change.old)
    return tuple(cells.values())


def _warn_of_no_effect(done: list[_Done], merged: Tables, problems: list[Problem]) -> None:
    """Warn of rows that changed nothing but rows that went with an inactive one."""
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


def find_problems(base: Tables, scenarios: Sequence[str] = (), each: Each = map) -> list[Problem]:
    """Everything wrong with, or odd about, the workbook and some of its scenarios; each problem once.

    Args:
        base: the workbook as it was read.
        scenarios: the plans and shocks to look at, beside the workbook as it stands; without any, all.
        each: applies a function to every scenario, in order.
    """
    found: dict[Problem, Problem] = {}
    items = [(base, name) for name in ("", *(scenarios or (*plans(base), *shocks(base))))]
    for problem in chain.from_iterable(each(_find_problems_of, items)):
        # What is wrong without the scenario already is not the scenario's.
        found.setdefault(replace(problem, scenario=""), problem)
    return list(found.values())


def _find_problems_of(item: _Item) -> list[Problem]:
    """Everything wrong with, or odd about, one scenario, the workbook as it stands included."""
    base, name = item
    merged = merge(base, name)
    scenario = name if name in {record.text("scenario") for record in base["scenarios"]} else ""
    problems = [*merged.problems, *(() if name else check_scenario_names(base))]
    # Tables on which a change failed or could not be read would only have more wrong with them.
    if merged.is_whole and not any(problem.is_error for problem in problems):
        problems += check(merged.tables, scenario)
    # A shock may well bring shortage: that is its point.
    if base.is_whole and name not in shocks(base) and not any(problem.is_error for problem in problems):
        problems += supply_check(merged.tables, scenario)
    return problems
