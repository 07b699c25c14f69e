"""What a run leaves behind: reports, tables, the log and the manifest."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pandas as pd

from model.analyses.findings import Findings
from model.analyses.pool import Pool, do
from model.errors import Problem
from model.report import report_jobs
from model.report.content import find_content
from model.report.scenario import Solved
from model.results import make_table, run_folder, tabulate
from model.results.columns import RESULT_TABLES
from model.study.progress import Clock
from model.study.reading import Study
from model.study.scenario_outcome import Outcome

_log = logging.getLogger(__name__)


def tabulate_findings(findings: Findings) -> dict[str, pd.DataFrame]:
    """Return the tables of an analysis."""
    return {name: tabulate(name, rows) for name, rows in findings.tables.items()}


def join_tables(filled: Sequence[Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """Return every results table, with the rows of all scenarios and analyses."""
    joined: dict[str, pd.DataFrame] = {}
    for name in RESULT_TABLES:
        parts = [tables[name] for tables in filled if name in tables and len(tables[name])]
        joined[name] = pd.concat(parts, ignore_index=True) if parts else make_table(name, "", ())
    return joined


def write_run(
    folder: Path,
    kept: Path,
    study: Study,
    outcomes: Sequence[Outcome],
    findings: Sequence[Findings],
    manifest: dict[str, object],
    clock: Clock,
    pool: Pool,
    waiting: Sequence[str] = (),
    on_page: Callable[[], None] | None = None,
) -> Path:
    """Write the reports, the tables, the log and last the manifest, which has the checksums of them all.

    Args:
        folder: where to.
        kept: the copy of the input in it.
        study: what was asked.
        outcomes: of every plan.
        findings: of every analysis.
        manifest: what is known of the run before anything was solved.
        clock: has timed the stages so far.
        pool: writes several files at the same time.
        waiting: names of the analyses that are still to come.
        on_page: called as soon as the page is written, which is then written first.

    Returns:
        The page to read.
    """
    problems = [str(problem) for problem in problems_of(study, findings)]
    manifest |= {
        "ended": datetime.now(UTC).isoformat(),
        "seconds": clock.seconds,
        "models": [*(outcome.model for outcome in outcomes), *(model for one in findings for model in one.models)],
        "warnings": problems,
    }
    with clock.time("write"):
        _write_log(folder, study, outcomes, clock.seconds)
        tables = join_tables([*(outcome.tables for outcome in outcomes), *map(tabulate_findings, findings)])
        solved = [Solved(outcome.scenario, outcome.status, outcome.message) for outcome in outcomes]
        content = find_content(study.tables, solved, tables, problems, manifest, waiting)
        page, book, brief = report_jobs(folder, content)
        tables_to_write = _table_jobs(folder, tables)
        if on_page is None:
            # The book takes longest, so it begins.
            written = pool.map(do, [book, page, brief, *tables_to_write])
            report = written[1]
        else:
            report = page()
            on_page()
            written = [report, *pool.map(do, [book, brief, *tables_to_write])]
    run_folder.write_manifest(folder, manifest, [kept, *written])
    _log.info("wrote %s", folder)
    return report


def problems_of(study: Study, findings: Sequence[Findings]) -> list[Problem]:
    """Warnings of the workbook, and what the analyses found wrong."""
    return [*study.problems, *(problem for one in findings for problem in one.problems)]


def _table_jobs(folder: Path, tables: Mapping[str, pd.DataFrame]) -> list[Callable[[], Path]]:
    """Return what writes each table, and the dictionary of their columns."""
    columns = [
        row
        for table, keys in RESULT_TABLES.items()
        for row in (
            (table, "scenario", "", "scenario of the workbook"),
            *((table, column.key, column.unit, column.description) for column in keys),
        )
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
