"""How processes are started beside this one, and end with it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import connection, resource_tracker
from multiprocessing.context import SpawnContext

_QUIET = "ignore:resource_tracker"
"""An option of Python that leaves out the warnings that begin so."""


def spawning() -> SpawnContext:
    """Return what starts processes afresh: a copy of this one would inherit the solver's locks without its threads."""
    _start_quiet_tracker()
    return multiprocessing.get_context("spawn")


def _start_quiet_tracker() -> None:
    """Start Python's process that removes what ended workers leave; that it had to is no message for a planner.

    Pyomo makes a lock in every worker, and a worker that is stopped while it solves does not remove it.
    """
    if os.name != "posix":
        return
    sys.warnoptions.append(_QUIET)
    try:
        resource_tracker.ensure_running()
    finally:
        sys.warnoptions.remove(_QUIET)


def live_with_parent() -> None:
    """End this worker when its parent ends, however that ends; interrupts are the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


@contextmanager
def ignore_interrupts() -> Iterator[None]:
    """Start a process that ignores Ctrl-C from its first moment: it takes over what is ignored here.

    A request to terminate waits until the process has started: half started, it would fail with a traceback.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    answer = signal.signal(signal.SIGTERM, lambda number, _: asked.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        signal.signal(signal.SIGTERM, answer)
    if asked:
        os.kill(os.getpid(), signal.SIGTERM)
