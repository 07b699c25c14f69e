"""A whole run: read the workbook, check every scenario, solve the plans, write the results."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial, reduce
from pathlib import Path

import pandas as pd

from model.analyses import ANALYSES, Analysis, Findings, Inquiry, exit_code_of
from model.analyses.findings import LOST
from model.analyses.pool import OneByOne, Pool, do, open_pool
from model.errors import InputError, Problem
from model.memory import pause_garbage_collection
from model.results import make_table, run_folder, tabulate
from model.results.columns import RESULT_TABLES
from model.scenarios.merge import every_plan, find_problems, plans, shocks
from model.study.manifest import begin_manifest
from model.study.scenario_outcome import Outcome, solve_scenario
from model.workbook import reader
from model.workbook.formatting import joined, nearest
from model.workbook.tables import Tables


class Progress:
    """How a run tells where it is; this one keeps silent."""

    def stage(self, title: str) -> None:
        """A stage begins."""

    def done(self, seconds: float) -> None:
        """The stage is over."""

    def advance(self, line: str, done: int, of: int) -> None:
        """One of several parts of the stage is over."""


@dataclass
class Study:
    """A workbook as read.

    Attributes:
        path, tables: where it is, and what it holds.
        problems: warnings.
        scenarios: the plans to solve.
        analyses: what is asked beyond the plans.
    """

    path: Path
    tables: Tables
    problems: list[Problem]
    scenarios: list[str]
    analyses: list[Analysis]


@dataclass
class Run:
    """What a run found, for the console and for tests.

    Attributes:
        folder: where the results are.
        outcomes: of every plan, in the order of the workbook.
        findings: of every analysis.
        problems: warnings.
        seconds: of every stage.
        report: the page to read.
    """

    folder: Path
    outcomes: list[Outcome]
    findings: list[Findings]
    problems: list[Problem]
    seconds: dict[str, float] = field(default_factory=dict)
    report: Path | None = None

    @property
    def exit_code(self) -> int:
        """0 where every scenario has a plan, else the code of the gravest outcome."""
        of_plans, of_analyses = (
            (outcome.exit_code for outcome in self.outcomes),
            map(exit_code_of, self.findings),
        )
        return max((*of_plans, *of_analyses), default=0)


@pause_garbage_collection()
def open_study(
    path: Path, only: Sequence[str] = (), skip: Sequence[str] = (), ask: Sequence[str] = (), pool: Pool | None = None
) -> Study:
    """Read a workbook and check every scenario in it.

    Args:
        path: workbook, or folder of CSV files.
        only: the plans to run, also such as are not marked run; without any, all that are.
        skip: analyses that are left out although the workbook asks for them.
        ask: analyses that are done although it does not.
        pool: checks several scenarios at the same time.

    Raises:
        InputError: there are errors; the exception carries all problems, warnings too.
    """
    book = reader.read(path)
    tables, problems = book.tables, list(book.problems)
    scenarios = list(dict.fromkeys(only)) or plans(tables)
    analyses = [one for one in ANALYSES if one.name in ask or (one.is_wanted(tables) and one.name not in skip)]
    if not any(map(reader.is_of_the_form, problems)):
        known = every_plan(tables)
        if not tables.may_hold("scenarios", kind="plan"):
            problems += _unknown_names(only, known)
        looked_at = [name for name in scenarios if name in known]
        if not only or any(analysis.meets_shocks for analysis in analyses):
            looked_at += shocks(tables)
        problems += find_problems(tables, looked_at, _share(pool or OneByOne(), looked_at).map)
        problems += _nothing_to_plan(tables)
        problems += _linear_analyses(tables, analyses)
    if any(problem.is_error for problem in problems):
        raise InputError(problems)
    return Study(path, tables, problems, scenarios, analyses)


def _share(pool: Pool, scenarios: Sequence[str]) -> Pool:
    """The pool for work around the solves: a single plan is checked and written before a process has started."""
    return pool if len(scenarios) > 1 else OneByOne()


def _unknown_names(only: Sequence[str], known: Sequence[str]) -> Iterator[Problem]:
    for name in only:
        if name not in known:
            yield Problem("E420", "scenarios", "", "scenario", f"--only names '{name}'",
                          "only plans of the workbook can be run", nearest(name, known))  # fmt: skip


def _nothing_to_plan(tables: Tables) -> Iterator[Problem]:
    if not plans(tables) and not tables.may_hold("scenarios", kind="plan"):
        yield Problem(
            "E421", "scenarios", "", "run", "no plan is marked to be run", "a run solves the plans whose run is yes",
            "set run to yes in one row of kind plan at least",
        )  # fmt: skip
    demand = [record for record in tables["demand"] if record.active]
    if not any(record.unread or amount > 0 for record in demand for amount in record.given.values()):
        yield Problem(
            "W568", "demand", "", "", "there is no demand", "a plan serves demand, and without any it is empty",
            "add rows with the tonnes wanted in each year",
        )  # fmt: skip


def _linear_analyses(tables: Tables, analyses: Sequence[Analysis]) -> Iterator[Problem]:
    if analyses and tables.setting("whole_projects") is True:
        names = joined([analysis.name for analysis in analyses])
        yield Problem(
            "W571", "settings", "", "whole_projects", f"whole_projects is yes, and this run also does {names}",
            "analyses build projects in part, as the linear plan does",
            "compare their results with each other, not with a plan of whole projects",
        )  # fmt: skip


def run_study(
    path: Path,
    root: Path,
    *,
    out: Path | None = None,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    ask: Sequence[str] = (),
    workers: int = 1,
    cluster: str = "",
    command: Sequence[str] = (),
    progress: Progress | None = None,
) -> Run:
    """Read, check, solve and write.

    Args:
        path: workbook, or folder of CSV files.
        root: where result folders go, and `latest` points to the newest.
        out: the folder of this run, if not one in `root` named after the workbook and the time.
        only: the plans to run, also such as are not marked run; without any, all that are.
        skip: analyses that are left out although the workbook asks for them.
        ask: analyses that are done although it does not, by the default of their setting.
        workers: processes that solve at the same time.
        cluster: address of a Dask scheduler whose workers solve instead.
        command: the command line, for the manifest.
        progress: told about every stage.

    Raises:
        InputError, OutputError, LodeplanError: see model/errors.py.
    """
    clock = _Clock(progress or Progress())
    began = datetime.now(UTC)
    with open_pool(workers, cluster) as pool:
        with clock.time("read and check"):
            study = open_study(path, only, skip, ask, pool)
            folder = run_folder.make_folder(out, root, path, began)
            kept = run_folder.copy_input(folder, path)
            manifest = begin_manifest(kept, command, began)
        with clock.time("solve"):
            outcomes = _solve_all(study, pool, clock.progress)
        findings = _analyse_all(study, outcomes, pool, clock)
        problems = [*study.problems, *(problem for one in findings for problem in one.problems)]
        run = Run(folder, outcomes, findings, problems, clock.seconds)
        manifest |= {
            "ended": datetime.now(UTC).isoformat(),
            "seconds": clock.seconds,
            "models": [*(outcome.model for outcome in outcomes), *(model for one in findings for model in one.models)],
            "warnings": [str(problem) for problem in problems],
        }
        with clock.time("write"):
            _write_log(folder, study, outcomes, clock.seconds)
            # The disks of a cluster are not these.
            written = _write_all(run, study, manifest, OneByOne() if cluster else _share(pool, study.scenarios))
            run.report = written[0]
    run_folder.write_manifest(folder, manifest, [kept, *written])
    run_folder.point_latest(folder, root)
    return run


def _solve_all(study: Study, pool: Pool, progress: Progress) -> list[Outcome]:
    """Solve every plan, in the order of the workbook."""
    items = [(study.tables, name) for name in study.scenarios]
    return pool.map(
        _solve_item, items, lambda n, outcome: progress.advance(outcome.line(), n, len(items)), lost=_lose_item
    )


def _solve_item(item: tuple[Tables, str]) -> Outcome:
    return solve_scenario(*item)


def _lose_item(item: tuple[Tables, str]) -> Outcome:
    return Outcome.failed(*item, LOST)


def _analyse_all(study: Study, outcomes: Sequence[Outcome], pool: Pool, clock: _Clock) -> list[Findings]:
    """Ask what the workbook and the command line ask beyond the plans, where there are any."""
    plans_found = tuple(outcome.scenario for outcome in outcomes if outcome.status == "optimal")
    asking = reduce(lambda tables, analysis: analysis.ask(tables), study.analyses, study.tables)
    inquiry = Inquiry(asking, plans_found, pool, clock.progress.advance)
    findings = []
    for analysis in study.analyses if plans_found else ():
        with clock.time(analysis.title):
            findings.append(analysis.run(inquiry))
    return findings


def _tabulate_all(findings: Findings) -> dict[str, pd.DataFrame]:
    return {name: tabulate(name, rows) for name, rows in findings.tables.items()}


def _join_tables(filled: Sequence[Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """Every results table, with the rows of all scenarios and analyses."""
    joined = {}
    for name in RESULT_TABLES:
        parts = [tables[name] for tables in filled if name in tables and len(tables[name])]
        joined[name] = pd.concat(parts, ignore_index=True) if parts else make_table(name, "", ())
    return joined


def _write_all(run: Run, study: Study, manifest: dict[str, object], pool: Pool) -> list[Path]:
    """Write the reports and the tables, several files at the same time; the first is the page to read."""
    from model.report import report_jobs  # noqa: PLC0415 - who only checks a workbook need not wait for it
    from model.report.content import Solved, find_content  # noqa: PLC0415

    tables = _join_tables([*(outcome.tables for outcome in run.outcomes), *map(_tabulate_all, run.findings)])
    solved = [Solved(outcome.scenario, outcome.status, outcome.message) for outcome in run.outcomes]
    warnings = [str(problem) for problem in run.problems]
    page, book = report_jobs(run.folder, find_content(study.tables, solved, tables, warnings, manifest))
    # The book takes longest, so it begins.
    written = pool.map(do, [book, page, *_table_jobs(run.folder, tables)])
    return [written[1], written[0], *written[2:]]


def _table_jobs(folder: Path, tables: Mapping[str, pd.DataFrame]) -> list[Callable[[], Path]]:
    """What writes each table, and the dictionary of their columns."""
    columns = [
        (table, column.key, column.unit, column.description) for table, keys in RESULT_TABLES.items() for column in keys
    ]
    dictionary = pd.DataFrame(columns, columns=["table", "column", "unit", "description"])
    every = {**tables, "dictionary": dictionary}
    return [partial(run_folder.write_table, folder, name, table) for name, table in every.items()]


def _write_log(folder: Path, study: Study, outcomes: Iterable[Outcome], seconds: dict[str, float]) -> None:
    lines = [f"{title}: {spent:.3f} s" for title, spent in seconds.items()]
    lines += [str(problem) for problem in study.problems]
    for outcome in outcomes:
        lines += ["", outcome.line(), outcome.solver_log]
    run_folder.write_file(folder / "run.log", lambda path: path.write_text("\n".join(lines) + "\n", encoding="utf-8"))


class _Clock:
    """Times the stages of a run."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def time(self, title: str) -> Iterator[None]:
        """Time one stage."""
        self.progress.stage(title)
        began = time.perf_counter()
        try:
            yield
        finally:  # Also where the stage is broken off: the bar must not stay.
            self.seconds[title] = time.perf_counter() - began
            self.progress.done(self.seconds[title])
