"""The command of the planner: read a workbook, solve its scenarios, write the results.

What a call does not need is not imported: the modules that solve and report take a second to load.
"""

from __future__ import annotations

import argparse
import errno
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from model.arguments import name_of_command, parse_arguments
from model.errors import INTERRUPTED, InputError, LodeplanError, OutputError, Problem
from model.shipped import copy_example, find_shipped_workbook, refuse_as_new_workbook

if TYPE_CHECKING:
    from model.study.begun import Run
    from model.study.kept import KeptPlans
    from model.study.run import Follower

RESULTS = Path("results")
"""Where results go, seen from the current folder."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code (see README.md)."""
    asked = parse_arguments(sys.argv[1:] if arguments is None else arguments)
    with forgiving_output() as output:
        code = _answer(asked)
    if output.error is not None and output.error.errno != errno.EPIPE:
        print(f"cannot print: {output.error.strerror}", file=sys.stderr)
        return code or OutputError.exit_code
    return code


def _answer(asked: argparse.Namespace) -> int:
    """Carry out the command; whatever a planner can act on is printed in a line."""
    try:
        with _termination_as_interrupt():
            return do_what_is_asked(asked)
    except InputError as error:
        print_problems(error.problems)
        if any(problem.cell for problem in error.problems) and not asked.verify:
            print(f"{name_of_command()} {asked.workbook} --check writes a copy of the workbook with these cells marked")
        return error.exit_code
    except LodeplanError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"{where}{error.strerror or error}; check the path, the rights and the free space", file=sys.stderr)
        return OutputError.exit_code
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return INTERRUPTED


class ForgivingStream(io.TextIOBase):
    """A stream that keeps accepting text after its reader has gone or its disk is full: the results matter more.

    Attributes:
        error: what went wrong first, None while all is well.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.error: OSError | None = None

    def write(self, text: str) -> int:
        """Write a text, or discard it where that is no longer possible."""
        if self.error is None:
            try:
                self._stream.write(text)
                self._stream.flush()
            except OSError as error:
                self.error = error
        return len(text)

    def isatty(self) -> bool:
        """Return whether the output is a terminal."""
        return self.error is None and self._stream.isatty()

    def fileno(self) -> int:
        """Return the descriptor of the stream beneath."""
        return self._stream.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream beneath."""
        return self._stream.encoding


@contextmanager
def forgiving_output() -> Iterator[ForgivingStream]:
    """Print to a forgiving stream, and leave nothing behind that fails again when Python closes it."""
    before = sys.stdout
    # A console that lacks a letter shows its number instead of failing.
    if isinstance(before, io.TextIOWrapper):
        before.reconfigure(errors="backslashreplace")
    output = ForgivingStream(before)
    sys.stdout = output
    try:
        yield output
    finally:
        sys.stdout = before
        if output.error is not None and isinstance(before, io.TextIOWrapper):
            os.dup2(os.open(os.devnull, os.O_WRONLY), before.fileno())


@contextmanager
def _termination_as_interrupt() -> Iterator[None]:
    """Treat a termination request like Ctrl-C: finished results are written, and no worker is left running."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _loading() -> Iterator[None]:
    """Exit at once if the planner interrupts while modules load, because Python may lose such an interrupt or fail."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _end_at_once) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, answer in before.items():
            signal.signal(number, answer)


def _end_at_once(*_: object) -> None:
    os.write(2, b"stopped\n")
    os._exit(INTERRUPTED)


def do_what_is_asked(asked: argparse.Namespace) -> int:
    """Run the command that was asked for."""
    if asked.template:
        return write_template(asked.template)
    if asked.example:
        print(copy_example(asked.example))
        return 0
    if asked.compare:
        return compare_runs(asked)
    if asked.verify:
        return verify_run(asked.verify)
    if not asked.workbook:
        asked.workbook = find_shipped_workbook()
    if asked.check:
        return check_workbook(asked.workbook)
    return watch_workbook(asked) if asked.watch else run_workbook(asked)


def write_template(path: Path) -> int:
    """Write a blank workbook, never over an existing file."""
    from model.workbook import template

    refuse_as_new_workbook(path)
    template.write(path)
    print(path)
    return 0


def check_workbook(path: Path) -> int:
    """Read and check only; where something is wrong or odd, write the marked copy."""
    from model.study.reading import open_study
    from model.workbook import marking

    problems: Sequence[Problem]
    try:
        problems = open_study(path).problems
    except InputError as error:
        problems = error.problems
    print_problems(problems)
    if any(problem.cell for problem in problems):
        print(f"marked copy: {marking.write_checked_copy(path, problems)}")
    return 1 if any(problem.is_error for problem in problems) else 0


def run_once(asked: argparse.Namespace, **more: Any) -> Run:
    """Solve the scenarios and write the results as the command line asks, except for the arguments given here."""
    with _loading():
        from model.console import ConsoleProgress
        from model.study.run import run_study

    return run_study(asked.workbook, RESULTS, **{
        "out": asked.out, "only": asked.only, "skip": asked.skip,
        "ask": [*asked.also, *(["lead_times"] if asked.lead_time_value else [])], "workers": asked.workers,
        "cluster": asked.cluster, "command": sys.argv, "progress": ConsoleProgress(), "time_limit": asked.time_limit,
        "overwrite": asked.overwrite, **more,
    })  # fmt: skip


def watch_workbook(asked: argparse.Namespace) -> int:
    """Run, and run again whenever the workbook is saved."""
    from model.study.background import Background
    from model.study.watch import watch

    class Console:
        """Something that prints lines."""

        say = staticmethod(print)
        problems = staticmethod(print_problems)

    def run(*, out: Path | None, kept: KeptPlans, follower: Follower) -> Run:
        is_first = out == asked.out
        return run_once(asked, out=out, kept=kept, follower=follower, overwrite=asked.overwrite or not is_first)

    try:
        background = Background(asked.workers, asked.cluster)
        watch(asked.workbook, run, Console(), out=asked.out, background=background)
    except KeyboardInterrupt:
        print("stopped")
    return 0


def run_workbook(asked: argparse.Namespace) -> int:
    """Solve the scenarios and write the results."""
    run = run_once(asked)
    print_problems(run.problems)
    if run.interrupted:
        print("stopped: what was finished is in the report", file=sys.stderr)
    if run.notice:
        print(run.notice, file=sys.stderr)
    print(run.report or run.folder)
    return run.exit_code


def compare_runs(asked: argparse.Namespace) -> int:
    """Write the reports on two runs side by side."""
    from model.report.compare import write_comparison

    first, second = (path.resolve() for path in asked.compare)
    name = f"compare-{first.name}-{second.name}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    print(write_comparison(first, second, asked.out or RESULTS / name, print))
    return 0


def verify_run(folder: Path) -> int:
    """Solve a results folder again and compare."""
    from model.study.verify import verify

    return 0 if verify(folder, print) else 1


def print_problems(problems: Sequence[Problem]) -> None:
    """Print every problem, errors first, and how many there are."""
    for problem in sorted(problems, key=lambda problem: not problem.is_error):
        print(problem)
    errors = sum(problem.is_error for problem in problems)
    warnings = len(problems) - errors
    print(f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}")
