"""A whole run: read the workbook, check every scenario, solve the plans, write the results."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial, reduce
from pathlib import Path
from typing import Protocol

from model.analyses.findings import LOST, STOPPED, Findings
from model.analyses.inquiry import Inquiry
from model.analyses.pool import OneByOne, Pool, open_pool
from model.analyses.register import run_analysis
from model.results import run_folder
from model.study.begun import Begun, Run
from model.study.kept import KeptPlans
from model.study.manifest import begin_manifest
from model.study.progress import Clock, Progress
from model.study.reading import Study, open_study, share_out
from model.study.scenario_outcome import Outcome, try_scenario
from model.workbook.tables import Tables

_log = logging.getLogger(__name__)


class Follower(Protocol):
    """Wants the answer of the plans before the analyses are done."""

    def begin(self) -> None:
        """Be told that the workbook has been read, and has no errors."""

    def show_page(self, begun: Begun) -> None:
        """Show the page that has just been written."""

    def take_over(self, begun: Begun) -> None:
        """Do the analyses that wait, and write the reports once more."""


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
    follower: Follower | None = None,
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
        follower: shown the page as soon as the plans are solved; takes over the analyses.

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
            begun = Begun(study, folder, root, copied, begin_manifest(copied, command, began), clock)
        if follower:
            follower.begin()
        begun.outcomes, begun.interrupted = _solve_until_stopped(study, pool, clock, time_limit, kept)
        if follower and begun.plans and not begun.interrupted:
            begun.waiting = [question.name for question in study.analyses]
        if not (begun.interrupted or begun.waiting):
            begun.interrupted = analyse_all(study, begun.plans, pool, clock, begun.findings)
        # Workers of a cluster do not share this disk, and those that were interrupted may still be at work.
        writers = OneByOne() if cluster or begun.interrupted else share_out(pool, study.scenarios)
        run = begun.write(writers, partial(follower.show_page, begun) if follower else None)
        if begun.interrupted:
            pool.close(at_once=True)
    if follower and begun.waiting:
        follower.take_over(begun)
    return run


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


def analyse_all(study: Study, plans: Sequence[str], pool: Pool, clock: Clock, findings: list[Findings]) -> bool:
    """Run the analyses that the workbook and the command line ask for, if any plan was solved.

    Args:
        study: the workbook, and what is asked.
        plans: those that have a solution.
        pool: solves several programs at the same time.
        clock: times each analysis.
        findings: receives what each analysis finds, as soon as it is there.

    Returns:
        Whether the planner interrupted it.
    """
    asking = reduce(lambda tables, question: question.ask(tables), study.analyses, study.tables)
    inquiry = Inquiry(asking, tuple(plans), pool, clock.progress.advance)
    for question in study.analyses if plans else ():
        try:
            with clock.time(question.title):
                findings.append(run_analysis(question.name, inquiry))
            _log.info("%s: %.1f s", question.title, clock.seconds[question.title])
        except KeyboardInterrupt:
            findings.append(STOPPED.findings(inquiry.first_plan, question.name))
            return True
    return False
