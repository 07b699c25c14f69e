"""Running again whenever the workbook is saved (`--watch`)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from model.analyses.pool import open_pool
from model.errors import InputError, LodeplanError, Problem
from model.study.background import Background, Ended
from model.study.begun import Begun, Run
from model.study.kept import KeptPlans
from model.study.live import LivePage
from model.study.reading import share_out
from model.study.run import Follower
from model.workbook.formatting import joined

LOOK = 0.2
"""Seconds between two looks at the workbook; it has been saved when two looks in a row find it the same."""

Stamp = tuple[tuple[str, int, int], ...]


class Running(Protocol):
    """Runs the workbook once, into a folder of an earlier run where there is one."""

    def __call__(self, *, out: Path | None, kept: KeptPlans, follower: Follower) -> Run:
        """Run it, keep its plans, and leave its analyses to the follower."""


class Listener(Protocol):
    """Receives messages for the planner."""

    def say(self, line: str) -> None:
        """Report a line."""

    def problems(self, problems: Sequence[Problem]) -> None:
        """List what is wrong with the workbook."""


def watch(
    path: Path,
    run: Running,
    listener: Listener,
    *,
    out: Path | None = None,
    background: Background | None = None,
    go_on: Callable[[], bool] = lambda: True,
) -> None:
    """Run a workbook, and again each time it is saved, until the planner interrupts.

    Plans whose merged tables are the same as before are kept. The page shows the plans as soon as they are solved; the
    analyses follow, and the page is written again with what they find. A save that arrives before they are done ends
    them: what they would have found is of an earlier workbook. A workbook with errors is listed, and the report of the
    last one without stays.

    Args:
        path: workbook, or folder of CSV files.
        run: runs it once.
        listener: hears every answer.
        out: folder of the first run, where one is named.
        background: does the analyses.
        go_on: asked before every look; the watch ends when it says no.
    """
    watching = _Watch(path, run, listener, out, background or Background())
    listener.say(f"open {watching.page.address} in a browser; Ctrl-C ends it")
    try:
        while go_on() and not watching.is_over:
            watching.look()
    finally:
        watching.close()


class _Watch:
    """What is seen of a workbook, and what is shown of it; it is the follower of every run."""

    def __init__(
        self, path: Path, run: Running, listener: Listener, folder: Path | None, background: Background
    ) -> None:
        self._path, self._run, self._listener, self._folder = path, run, listener, folder
        self._background, self._kept, self.page = background, KeptPlans(), LivePage()
        self._seen: Stamp = ()
        self._saved, self._complaint = 0.0, ""
        self._begun: Begun | None = None
        self.is_over = False

    def look(self) -> None:
        """Run the workbook if it has been saved, and else write the reports of analyses that are done.

        What a newer workbook makes stale is never shown: whether there is one is seen first.
        """
        stamp = find_stamp(self._path)
        if stamp in ((), self._seen):
            ended = self._background.poll()
            if ended and self._begun:
                self._finish(self._begun, ended)
            time.sleep(LOOK)
        elif not _is_still_written(self._path, stamp):
            self._saved = max(ns for _, ns, _ in stamp) / 1e9 if self._seen else time.time()
            self._seen = stamp
            self._answer()

    def close(self) -> None:
        """End everything."""
        self._background.stop()
        self.page.close()

    def _answer(self) -> None:
        """Run, and report on the console and the page."""
        self.page.show("solving what has changed")
        self._complaint = ""
        try:
            self.is_over = self._run(out=self._folder, kept=self._kept, follower=self).interrupted
        except InputError as error:
            wrong = [str(problem) for problem in error.problems if problem.is_error]
            self._complain("\n".join(["The report shows the last workbook without errors.", *wrong]))
            self._listener.problems(error.problems)
        except LodeplanError as error:
            self._complain(str(error))
            self._listener.say(str(error))

    def _complain(self, complaint: str) -> None:
        """Show what is wrong; it stays on the page until the workbook is saved again."""
        self._complaint = complaint
        self.page.show(complaint, bad=True)

    def begin(self) -> None:
        """End the analyses of the workbook before this one."""
        if self._background.stop() and self._begun:
            verb = "is" if len(self._begun.waiting) == 1 else "are"
            self._listener.say(f"a newer save: {_names(self._begun)} of the one before {verb} stopped")

    def show_page(self, begun: Begun) -> None:
        """Show the plans, as soon as the page of them is written."""
        self._begun, self._folder = begun, begun.folder
        news = f"{self._since_save()} from save to answer"
        self._show(begun, f"{news}; {_names(begun)} will follow" if begun.waiting else news)

    def take_over(self, begun: Begun) -> None:
        """Begin the analyses of a run."""
        self._background.start(begun.study, begun.plans, begun.clock.progress)

    def _finish(self, begun: Begun, ended: Ended) -> None:
        """Write the reports of a run again, with what its analyses have found, and show them."""
        if ended.error:
            self._complain(ended.error)
            self._listener.say(ended.error)
            return
        names = _names(begun)
        begun.waiting, begun.findings = [], ended.findings
        begun.clock.seconds |= ended.seconds
        try:
            with open_pool(self._background.workers) as pool:
                begun.write(
                    share_out(pool, begun.study.scenarios),
                    lambda: self._show(begun, f"{self._since_save()} from save to {names}"),
                )
        except LodeplanError as error:
            self._complain(str(error))
            self._listener.say(str(error))

    def _show(self, begun: Begun, news: str) -> None:
        """Show the report of a run, and say what is new in it."""
        lines = [self._complaint] if self._complaint else [news, *(outcome.line() for outcome in begun.outcomes)]
        self.page.show("\n".join(lines), bad=bool(self._complaint or begun.exit_code), folder=begun.folder)
        self._listener.say(news)

    def _since_save(self) -> str:
        return f"{time.strftime('%H:%M:%S')}: {time.time() - self._saved:.1f} s"


def _names(begun: Begun) -> str:
    """Return the analyses that are still to come, in words."""
    return joined([name.replace("_", " ") for name in begun.waiting])


def find_stamp(path: Path) -> Stamp:
    """When a workbook was written last, and how long it is; nothing while it is being replaced."""
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    try:
        stats = [(file.name, file.stat()) for file in files]
    except OSError:
        return ()
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def _is_still_written(path: Path, stamp: Stamp) -> bool:
    time.sleep(LOOK)
    return find_stamp(path) != stamp
