"""A whole run: read the workbook, check every scenario, solve the plans, write the results."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path

from model.analyses.findings import LOST, Findings
from model.analyses.inquiry import Inquiry
from model.analyses.pool import OneByOne, Pool, open_pool
from model.analyses.register import exit_code_of, run_analysis
from model.errors import Problem
from model.results import run_folder
from model.study.manifest import begin_manifest
from model.study.progress import Clock, Progress
from model.study.reading import Study, open_study, share_out
from model.study.scenario_outcome import Outcome, solve_scenario
from model.study.writing import problems_of, write_run
from model.workbook.tables import Tables

_log = logging.getLogger(__name__)


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
    clock = Clock(progress or Progress())
    began = datetime.now(UTC)
    with open_pool(workers, cluster) as pool:
        with clock.time("read and check"):
            study = open_study(path, only, skip, ask, pool)
            folder = run_folder.make_folder(out, root, path, began)
            kept = run_folder.copy_input(folder, path)
            manifest = begin_manifest(kept, command, began)
        with clock.time("solve"):
            outcomes = solve_all(study, pool, clock.progress)
        findings = analyse_all(study, outcomes, pool, clock)
        # Workers of a cluster do not share this disk.
        writers = OneByOne() if cluster else share_out(pool, study.scenarios)
        report = write_run(folder, kept, study, outcomes, findings, manifest, clock, writers)
    run_folder.point_latest(folder, root)
    return Run(folder, outcomes, findings, problems_of(study, findings), clock.seconds, report)


def solve_all(study: Study, pool: Pool, progress: Progress) -> list[Outcome]:
    """Solve every plan, in the order of the workbook."""
    items = [(study.tables, name) for name in study.scenarios]

    def show(done: int, outcome: Outcome) -> None:
        _log.info("%s", outcome.line())
        progress.advance(outcome.line(), done, len(items))

    return pool.map(_solve_item, items, show, lost=_lose_item)


def _solve_item(item: tuple[Tables, str]) -> Outcome:
    return solve_scenario(*item)


def _lose_item(item: tuple[Tables, str]) -> Outcome:
    return Outcome.failed(*item, LOST)


def analyse_all(study: Study, outcomes: Sequence[Outcome], pool: Pool, clock: Clock) -> list[Findings]:
    """Ask what the workbook and the command line ask beyond the plans, where there are any."""
    plans_found = tuple(outcome.scenario for outcome in outcomes if outcome.status == "optimal")
    asking = reduce(lambda tables, question: question.ask(tables), study.analyses, study.tables)
    inquiry = Inquiry(asking, plans_found, pool, clock.progress.advance)
    findings = []
    for question in study.analyses if plans_found else ():
        with clock.time(question.title):
            findings.append(run_analysis(question.name, inquiry))
        _log.info("%s: %.1f s", question.title, clock.seconds[question.title])
    return findings
