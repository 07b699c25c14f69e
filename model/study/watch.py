"""Running again whenever the workbook is saved (`--watch`)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from model.errors import InputError, LodeplanError, Problem
from model.study.kept import KeptPlans
from model.study.live import LivePage
from model.study.run import Run

LOOK = 0.3
"""Seconds between two looks at the workbook; it has been saved when two looks in a row find it the same."""

Stamp = tuple[tuple[str, int, int], ...]


class Running(Protocol):
    """Runs the workbook once, into a folder of an earlier run where there is one."""

    def __call__(self, *, out: Path | None, kept: KeptPlans) -> Run:
        """Run it, and keep its plans."""


class Listener(Protocol):
    """Receives messages for the planner."""

    def say(self, line: str) -> None:
        """Report a line."""

    def problems(self, problems: Sequence[Problem]) -> None:
        """List what is wrong with the workbook."""


def watch(
    path: Path, run: Running, listener: Listener, *, out: Path | None = None, go_on: Callable[[], bool] = lambda: True
) -> None:
    """Run a workbook, and again each time it is saved, until the planner interrupts.

    Plans whose merged tables are the same as before are kept; analyses are done anew. A workbook with errors is listed,
    and the report of the last good one stays.

    Args:
        path: workbook, or folder of CSV files.
        run: runs it once.
        listener: hears every answer.
        out: folder of the first run, where one is named.
        go_on: asked after every look; the watch ends when it says no.
    """
    kept, page = KeptPlans(), LivePage()
    folder = out
    seen: Stamp = ()
    listener.say(f"open {page.address} in a browser; Ctrl-C ends it")
    try:
        while go_on():
            stamp = find_stamp(path)
            if stamp in ((), seen) or _is_still_written(path, stamp):
                time.sleep(LOOK)
                continue
            page.show("solving what has changed")
            saved = max(ns for _, ns, _ in stamp) / 1e9 if seen else time.time()
            seen = stamp
            result = _run_once(run, folder, kept, page, listener, saved)
            if result is not None:
                folder = result.folder
                if result.interrupted:
                    break
    finally:
        page.close()


def _run_once(
    run: Running, folder: Path | None, kept: KeptPlans, page: LivePage, listener: Listener, saved: float
) -> Run | None:
    """Run, and report on the console and the page."""
    try:
        result = run(out=folder, kept=kept)
    except InputError as error:
        wrong = [str(problem) for problem in error.problems if problem.is_error]
        page.show("\n".join(["The report shows the last workbook without errors.", *wrong]), bad=True)
        listener.problems(error.problems)
        return None
    except LodeplanError as error:
        page.show(str(error), bad=True)
        listener.say(str(error))
        return None
    lines = [outcome.line() for outcome in result.outcomes]
    news = f"{time.strftime('%H:%M:%S')}: {time.time() - saved:.1f} s from save to answer"
    page.show("\n".join([news, *lines]), bad=bool(result.exit_code), folder=result.folder)
    listener.say(news)
    return result


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
