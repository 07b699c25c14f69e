"""A whole run: read the workbook, check every scenario, solve the plans, write the results."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path

from model.analyses.findings import LOST, STOPPED, Findings
from model.analyses.inquiry import Inquiry
from model.analyses.pool import OneByOne, Pool, open_pool
from model.analyses.register import exit_code_of_findings, run_analysis
from model.errors import INTERRUPTED, Problem
from model.results import run_folder
from model.study.kept import KeptPlans
from model.study.manifest import begin_manifest
from model.study.progress import Clock, Progress
from model.study.reading import Study, open_study, share_out
from model.study.scenario_outcome import Outcome, try_scenario
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
        interrupted: whether the planner stopped it before all was done.
        notice: what else there is to say ("" for nothing).
    """

    folder: Path
    outcomes: list[Outcome]
    findings: list[Findings]
    problems: list[Problem]
    seconds: dict[str, float] = field(default_factory=dict)
    report: Path | None = None
    interrupted: bool = False
    notice: str = ""

    @property
    def exit_code(self) -> int:
        """0 where every scenario has a plan, else the code of the gravest outcome."""
        of_plans, of_analyses = (
            (outcome.exit_code for outcome in self.outcomes),
            map(exit_code_of_findings, self.findings),
        )
        return max((*of_plans, *of_analyses, INTERRUPTED if self.interrupted else 0), default=0)


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
    time_limit: float = math.inf,
    overwrite: bool = False,
    kept: KeptPlans | None = None,
) -> Run:
    """Read, check, solve and write.

    Args:
        path: workbook, or folder of CSV files.
        root: where result folders go, and `latest` points to the newest.
        out: the folder of this run, if not one in `root` named after the workbook and the time.
        only: the plans to run, whether or not their `run` is yes; without any, all whose `run` is yes.
        skip: analyses that are left out although the workbook asks for them.
        ask: analyses that are done although it does not, by the default of their setting.
        workers: processes that solve at the same time.
        cluster: address of a Dask scheduler whose workers solve instead.
        command: the command line, for the manifest.
        progress: informed of every stage.
        time_limit: seconds the solver may take for each plan.
        overwrite: write over the run that `out` holds, instead of beside it.
        kept: plans of an earlier run; those that are the same are not solved again, and those that are solved are kept.

    Raises:
        InputError, OutputError, LodeplanError: see model/errors.py.
    """
    clock = Clock(progress or Progress())
    began = datetime.now(UTC)
    with open_pool(workers, cluster) as pool:
        with clock.time("read and check"), run_folder.snapshot(path) as read:
            study = open_study(read, only, skip, ask)
            folder = run_folder.make_folder(out, root, path, began, overwrite=overwrite)
            copied = run_folder.copy_input(folder, read)
            manifest = begin_manifest(copied, command, began)
        outcomes, interrupted = _solve_until_stopped(study, pool, clock, time_limit, kept)
        findings: list[Findings] = []
        if not interrupted:
            interrupted = analyse_all(study, outcomes, pool, clock, findings)
        # Workers of a cluster do not share this disk, and those that were interrupted may still be at work.
        writers = OneByOne() if cluster or interrupted else share_out(pool, study.scenarios)
        report = write_run(folder, copied, study, outcomes, findings, manifest, clock, writers)
        if interrupted:
            pool.close(at_once=True)
    notice = run_folder.point_latest(folder, root)
    problems = problems_of(study, findings)
    return Run(folder, outcomes, findings, problems, clock.seconds, report, interrupted, notice)


def _solve_until_stopped(
    study: Study, pool: Pool, clock: Clock, time_limit: float, kept: KeptPlans | None
) -> tuple[list[Outcome], bool]:
    """Solve every plan; return the finished ones, and whether the planner interrupted."""
    found: dict[str, Outcome] = {}
    try:
        with clock.time("solve"):
            solve_all(study, pool, clock.progress, time_limit, found, kept)
    except KeyboardInterrupt:
        left = [name for name in study.scenarios if name not in found]
        found |= {name: Outcome.failed(study.tables, name, STOPPED) for name in left}
        return [found[name] for name in study.scenarios], True
    return [found[name] for name in study.scenarios], False


def solve_all(
    study: Study,
    pool: Pool,
    progress: Progress,
    time_limit: float = math.inf,
    found: dict[str, Outcome] | None = None,
    kept: KeptPlans | None = None,
) -> list[Outcome]:
    """Solve every plan.

    Args:
        study: the workbook and its plans.
        pool: solves several at the same time.
        progress: informed of every plan.
        time_limit: seconds the solver may take for each.
        found: receives the outcome of each plan as soon as it is there.
        kept: plans of an earlier run, of which those that are the same are not solved again.

    Returns:
        The outcomes, in the order of the workbook.
    """
    found = {} if found is None else found
    if kept is not None:
        same = {name: kept.find(study.tables, name, time_limit) for name in study.scenarios}
        found |= {name: outcome for name, outcome in same.items() if outcome is not None}
    items = [(study.tables, name, time_limit) for name in study.scenarios if name not in found]

    def note(count: int, outcome: Outcome) -> None:
        found[outcome.scenario] = outcome
        if kept is not None:
            kept.keep(study.tables, outcome, time_limit)
        _log.info("%s", outcome.line())
        progress.advance(outcome.line(), count, len(items))

    pool.map(try_scenario, items, note, lost=_lose_item)
    return [found[name] for name in study.scenarios]


def _lose_item(item: tuple[Tables, str, float]) -> Outcome:
    return Outcome.failed(item[0], item[1], LOST)


def analyse_all(study: Study, outcomes: Sequence[Outcome], pool: Pool, clock: Clock, findings: list[Findings]) -> bool:
    """Run the analyses that the workbook and the command line ask for, if any plan was solved.

    Args:
        study: the workbook, and what is asked.
        outcomes: of every plan.
        pool: solves several programs at the same time.
        clock: times each analysis.
        findings: receives what each analysis finds, as soon as it is there.

    Returns:
        Whether the planner interrupted it.
    """
    plans_found = tuple(outcome.scenario for outcome in outcomes if outcome.status == "optimal")
    asking = reduce(lambda tables, question: question.ask(tables), study.analyses, study.tables)
    inquiry = Inquiry(asking, plans_found, pool, clock.progress.advance)
    for question in study.analyses if plans_found else ():
        try:
            with clock.time(question.title):
                findings.append(run_analysis(question.name, inquiry))
            _log.info("%s: %.1f s", question.title, clock.seconds[question.title])
        except KeyboardInterrupt:
            findings.append(STOPPED.findings(inquiry.first_plan, question.name))
            return True
    return False
