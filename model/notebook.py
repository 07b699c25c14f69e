"""lodeplan in Python: read a workbook, add scenarios, solve plans, look at tables, write the reports.

The names of this module can be imported from `model` itself; README.md has an example.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from model.analyses.findings import Findings
from model.analyses.pool import open_pool
from model.analyses.questions import QUESTIONS
from model.errors import InputError, LodeplanError, Problem
from model.results import run_folder
from model.scenarios.lineage import every_plan, shocks
from model.scenarios.lineage import plans as plans_to_run
from model.scenarios.merge import find_problems
from model.study.manifest import begin_manifest
from model.study.progress import Clock, Progress
from model.study.reading import Study, share_out
from model.study.run import analyse_all, solve_all
from model.study.scenario_outcome import Outcome
from model.study.writing import join_tables, tabulate_findings, write_run
from model.workbook import reader, template
from model.workbook.cell_errors import CellError
from model.workbook.cells import parse
from model.workbook.schema import ALL, SHEET, Column, Value
from model.workbook.tables import Record, Tables


def read_workbook(path: str | Path) -> Workbook:
    """Read a workbook (.xlsx) or a folder of CSV files.

    >>> from model import find_shipped_workbook
    >>> book = read_workbook(find_shipped_workbook())
    >>> "reference" in book.plans
    True

    Raises:
        InputError: the workbook has errors; `problems` of the exception lists them all.
    """
    found = reader.read(Path(path))
    _refuse_errors(found.problems)
    return Workbook(found.path, found.tables, found.problems)


def change(
    sheet: str, column: str = "", value: object = None, *, where: str = ALL, years: str = ALL, operation: str = "set"
) -> dict[str, object]:
    """Return one change of a scenario, as a row of the sheet `changes` states it.

    Args:
        sheet: the sheet that is changed.
        column: the column; blank on a sheet with years.
        value: what is set, added, or multiplied by.
        where: which rows, such as `region=CHN` or `mineral=copper,zinc; scope=chain`; all by default.
        years: which years, such as `2030` or `2030-2035`; all by default.
        operation: set, add or multiply.

    >>> change("demand", value=1.1, where="segment=defence", years="2030-2040", operation="multiply")["years"]
    '2030-2040'
    """
    return {"sheet": sheet, "where": where, "column": column, "years": years, "operation": operation, "value": value}


@dataclass(frozen=True)
class Workbook:
    """A workbook in Python. It is immutable: methods that add to it return a new one.

    Attributes:
        path: the file or folder it was read from.
        tables: its records, sheet by sheet.
        problems: warnings from reading it.
        is_as_read: whether it still says what the file says.
    """

    path: Path
    tables: Tables = field(repr=False)
    problems: tuple[Problem, ...] = field(default=(), repr=False)
    is_as_read: bool = True

    @property
    def plans(self) -> list[str]:
        """Names of the plans: those with `run` yes first, in the order of the workbook."""
        return every_plan(self.tables)

    @property
    def shocks(self) -> list[str]:
        """Names of the shocks."""
        return shocks(self.tables)

    def sheet(self, name: str) -> pd.DataFrame:
        """Return the active rows of a sheet, one column for each of its columns and given years.

        Raises:
            LodeplanError: there is no such sheet.
        """
        if name not in SHEET:
            raise LodeplanError(f"unknown sheet '{name}'; choose from {', '.join(SHEET)}")
        rows = [{**record.values, **record.given} for record in self.tables.of(name) if record.active]  # noqa: PD011 - of a record, not of a table
        years = sorted({year for record in self.tables.of(name) for year in record.given})
        return pd.DataFrame(rows, columns=[*SHEET[name].by_key, *years])

    def with_scenario(
        self,
        name: str,
        changes: Iterable[Mapping[str, object]] = (),
        *,
        rows: Mapping[str, Iterable[Mapping[Any, object]]] | None = None,
        based_on: str | Sequence[str] = (),
        title: str = "",
        **columns: object,
    ) -> Workbook:
        """Return a workbook with one more scenario, a plan by default.

        Args:
            name: identifier of the scenario.
            changes: what it changes, see `change`.
            rows: rows it brings, sheet -> column or year -> value; what refers to them need not be said to be its own.
            based_on: scenarios whose changes apply first.
            title: title in the report.
            columns: other columns of the sheet `scenarios`, such as `kind="shock"`.

        Raises:
            InputError: a value does not suit its column, or the name is taken.
        """
        taken = [record.text("scenario") for record in self.tables["scenarios"]]
        if name in taken:
            raise LodeplanError(f"there is a scenario '{name}' already; choose another name")
        parents = based_on if isinstance(based_on, str) else ", ".join(based_on)
        tables = self.tables.copy()
        tables["scenarios"].append(
            _make_record("scenarios", {"scenario": name, "based_on": parents, "title": title, **columns})
        )
        tables["changes"].extend(_make_record("changes", {"scenario": name, **row}) for row in changes)
        for sheet, brought in (rows or {}).items():
            tables.of(sheet).extend(_make_record(sheet, {"scenario": name, **row}) for row in brought)
        return replace(self, tables=tables, is_as_read=False)

    def check(self, *scenarios: str) -> list[Problem]:
        """Return all errors and warnings of the workbook and of some of its scenarios (without any: of all)."""
        return [*self.problems, *find_problems(self.tables, scenarios)]

    def solve(self, *plans: str, workers: int = 1) -> Results:
        """Check and solve plans (without any: those with `run` yes).

        Args:
            plans: their names.
            workers: plans solved at the same time, each in a process of its own.

        Raises:
            InputError: the workbook or one of the plans has errors.
            LodeplanError: there is no such plan.
        """
        unknown = [name for name in plans if name not in self.plans]
        if unknown:
            raise LodeplanError(f"unknown plan '{unknown[0]}'; choose from {', '.join(self.plans)}")
        asked = list(dict.fromkeys(plans)) or plans_to_run(self.tables)
        problems = self.check(*asked)
        _refuse_errors(problems)
        study, clock = Study(self.path, self.tables, problems, asked, []), Clock(Progress())
        with open_pool(workers) as pool, clock.time("solve"):
            outcomes = solve_all(study, pool, clock.progress)
        return Results(self, study, tuple(outcomes), clock=clock)

    def write(self, path: str | Path) -> Path:
        """Write the workbook, with its scenarios, to a new .xlsx file that Excel, LibreOffice and lodeplan read."""
        template.write(Path(path), self.tables)
        return Path(path)


@dataclass(frozen=True)
class Results:
    """Solved plans. They are immutable: an analysis returns new results.

    Attributes:
        workbook: what was solved.
        study: the plans that were asked for, and the warnings.
        outcomes: what became of every plan.
        findings: what the analyses found.
        clock: how long it took.
    """

    workbook: Workbook
    study: Study = field(repr=False)
    outcomes: tuple[Outcome, ...] = field(repr=False)
    findings: tuple[Findings, ...] = field(default=(), repr=False)
    clock: Clock = field(default_factory=lambda: Clock(Progress()), repr=False)

    @property
    def status(self) -> dict[str, str]:
        """Plan -> `optimal`, `infeasible`, `limit` (of the solver), `lost` (its process died) or `failed`."""
        return {outcome.scenario: outcome.status for outcome in self.outcomes}

    @property
    def messages(self) -> dict[str, str]:
        """Plan -> why it has no solution ("" where it has one)."""
        return {outcome.scenario: outcome.message for outcome in self.outcomes}

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every results table, with the rows of all plans and analyses."""
        return join_tables([*(outcome.tables for outcome in self.outcomes), *map(tabulate_findings, self.findings)])

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Return one results table; `data/dictionary.csv` of a run describes its columns.

        Raises:
            LodeplanError: there is no such table.
        """
        found = self.tables
        if table not in found:
            raise LodeplanError(f"unknown results table '{table}'; choose from {', '.join(found)}")
        return found[table]

    def analyse(self, *names: str, workers: int = 1) -> Results:
        """Return the results with the tables of some analyses, asked by the settings of the workbook.

        Args:
            names: frontier, stress, hedge, alternatives or lead_times.
            workers: solves at the same time, each in a process of its own.

        Raises:
            LodeplanError: there is no such analysis.
        """
        known = {question.name: question for question in QUESTIONS}
        unknown = [name for name in names if name not in known]
        if unknown:
            raise LodeplanError(f"unknown analysis '{unknown[0]}'; choose from {', '.join(known)}")
        study = replace(self.study, analyses=[question for name, question in known.items() if name in names])
        if any(question.meets_shocks for question in study.analyses):
            _refuse_errors(self.workbook.check(*study.scenarios, *self.workbook.shocks))
        with open_pool(workers) as pool:
            found: list[Findings] = []
            plans = [name for name, status in self.status.items() if status == "optimal"]
            if analyse_all(study, plans, pool, self.clock, found):
                raise KeyboardInterrupt
        return replace(self, findings=(*self.findings, *found))

    def write(self, folder: str | Path) -> Path:
        """Write everything a run of the command writes: reports, tables, the workbook, the manifest.

        Args:
            folder: where to; it is made if it does not exist.

        Returns:
            The page to read.

        Raises:
            OutputError: it cannot be written.
        """
        began = datetime.now(UTC)
        place = run_folder.make_folder(Path(folder), Path(folder), self.workbook.path, began)
        if self.workbook.is_as_read:
            kept = run_folder.copy_input(place, self.workbook.path)
        else:
            kept = self.workbook.write(place / "inputs" / f"{self.workbook.path.stem}.xlsx")
        manifest = begin_manifest(kept, ["model.Results.write"], began)
        with open_pool(1) as pool:
            writers = share_out(pool, self.study.scenarios)
            return write_run(place, kept, self.study, self.outcomes, self.findings, manifest, self.clock, writers)


def _refuse_errors(problems: Sequence[Problem]) -> None:
    if any(problem.is_error for problem in problems):
        raise InputError(problems)


def _make_record(sheet: str, row: Mapping[Any, object]) -> Record:
    """Return a record as if its values were typed in the cells of a row; years are whole numbers, not text.

    Raises:
        InputError: a column is unknown, or a value does not suit its column.
        LodeplanError: there is no such sheet.
    """
    if sheet not in SHEET:
        raise LodeplanError(f"unknown sheet '{sheet}'; choose from {', '.join(SHEET)}")
    rules, years = SHEET[sheet].by_key, SHEET[sheet].years
    given = {key: value for key, value in row.items() if years and isinstance(key, int)}
    problems = [
        Problem("E111", sheet, "", str(key), f"the column '{key}' is not known", f"{sheet} has other columns",
                f"choose from {', '.join(rules)}")
        for key in row
        if key not in rules and key not in given
    ]  # fmt: skip

    def read(column: Column, name: str, value: object) -> Value:
        try:
            return parse(column, value)
        except CellError as error:
            problems.append(Problem(error.code, sheet, "", name, error.found, error.rule, error.remedy))
            return None

    values = {column.key: read(column, column.key, row.get(column.key)) for column in SHEET[sheet].columns}
    values |= {
        column.key: column.default_from(values)
        for column in SHEET[sheet].columns
        if column.default_from is not None and row.get(column.key) is None
    }
    numbers = {
        year: read(replace(years.rule(values.get(years.depends_on)), required=True), str(year), value)
        for year, value in given.items()
        if years
    }
    if years and not given:
        rule = "a row needs the value of at least one year"
        problems.append(Problem("E215", sheet, "", "years", "no year has a value", rule, "give one, such as 2030: 100"))
    _refuse_errors(problems)
    return Record(sheet, 0, dict(values), {year: float(str(number)) for year, number in numbers.items()})
