"""Analyses in a process of their own, which goes on while this one waits for a newer workbook (`--watch`)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from model.analyses.findings import LOST, Findings
from model.analyses.pool import open_pool
from model.analyses.workers import ignore_interrupts, live_with_parent, spawning
from model.errors import LodeplanError
from model.study.progress import Clock, Progress
from model.study.reading import Study
from model.study.run import analyse_all


@dataclass(frozen=True)
class Ended:
    """What analyses have found.

    Attributes:
        findings: of every analysis.
        seconds: title of each analysis -> seconds it took.
        error: why they could not be done ("" where they were).
    """

    findings: list[Findings]
    seconds: dict[str, float]
    error: str = ""


class Background:
    """The analyses of one run at a time, in a process of their own.

    Args:
        workers: processes that solve at the same time.
        cluster: address of a Dask scheduler whose workers solve instead.
    """

    def __init__(self, workers: int = 1, cluster: str = "") -> None:
        self.workers, self._cluster = workers, cluster
        self._process: SpawnProcess | None = None

    def start(self, study: Study, plans: Sequence[str], progress: Progress) -> None:
        """Begin the analyses of a study.

        Args:
            study: the workbook, and what is asked.
            plans: those that have a solution.
            progress: informed of every analysis by `poll`.
        """
        self._study, self._plans, self._progress = study, plans, progress
        self._stage_began: float | None = None
        context = spawning()
        self._messages, theirs = context.Pipe(duplex=False)
        with ignore_interrupts():
            self._process = context.Process(target=_analyse, args=(theirs, study, plans, self.workers, self._cluster))
            self._process.start()
        theirs.close()

    def poll(self) -> Ended | None:
        """Report the progress since the last call; return what was found once all of it is there."""
        while self._process and self._messages.poll():
            try:
                message = self._messages.recv()
            except EOFError:
                message = Ended([LOST.findings(self._plans[0], one.name) for one in self._study.analyses], {})
            if isinstance(message, Ended):
                self._end()
                return message
            self._show(message)
        return None

    def _show(self, message: tuple[Any, ...]) -> None:
        match message:
            case "stage", title:
                self._stage_began = time.perf_counter()
                self._progress.stage(title)
            case "advance", line, done, of:
                self._progress.advance(line, done, of)
            case "done", seconds:
                self._stage_began = None
                self._progress.done(seconds)

    def stop(self) -> bool:
        """End the analyses, whose findings nobody wants any more; return whether there were any."""
        if not self._process:
            return False
        self._process.terminate()
        self._end()
        return True

    def _end(self) -> None:
        if self._process:
            self._process.join()
        self._messages.close()
        self._process = None
        if self._stage_began is not None:  # A stage that was broken off: the bar must not stay.
            self._progress.done(time.perf_counter() - self._stage_began)


class _Sender(Progress):
    """Sends what it is informed of to the process that has started this one."""

    def __init__(self, messages: Connection) -> None:
        self._messages = messages

    def stage(self, title: str) -> None:
        """Send that a stage begins."""
        self._messages.send(("stage", title))

    def done(self, seconds: float) -> None:
        """Send that the stage is over."""
        self._messages.send(("done", seconds))

    def advance(self, line: str, done: int, of: int) -> None:
        """Send that one of several parts of the stage is over."""
        self._messages.send(("advance", line, done, of))


def _analyse(messages: Connection, study: Study, plans: Sequence[str], workers: int, cluster: str) -> None:
    """Run the analyses in this process, and send what they find."""
    live_with_parent()
    clock, findings = Clock(_Sender(messages)), list[Findings]()
    error = ""
    try:
        with open_pool(workers, cluster) as pool:
            analyse_all(study, plans, pool, clock, findings)
    except LodeplanError as problem:
        error = str(problem)
    messages.send(Ended(findings, clock.seconds, error))
