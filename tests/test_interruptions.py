"""A few points of the campaign of interruptions, and that it finds what it looks for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from model.analyses import workers
from tests import interruptions
from tests.support.sheets import small_world, write_csv

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="these signals are not there")]


@pytest.mark.parametrize(("count", "name", "after"), [(1, "INT", 1.5), (2, "TERM", 3.0), (2, "KILL", 2.5)])
def test_an_interrupted_run_leaves_nothing_half_and_nothing_running(count, name, after, tmp_path):
    world = write_csv(small_world(), tmp_path / "world")
    assert interruptions.interrupt(world, tmp_path / "out", count, name, after) == []


def test_halves_are_found(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "costs.csv").write_text("scenario,term\nbase,pur")
    (tmp_path / "report.html").write_text("<html><body>")
    (tmp_path / "report.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "~7~run.log").write_text("")
    assert interruptions.find_halves(tmp_path, is_killed=False) == [
        "costs.csv is not whole", "report.html is not whole", "report.xlsx is not whole", "~7~run.log was left behind",
    ]  # fmt: skip
    assert len(interruptions.find_halves(tmp_path, is_killed=True)) == 3


STOPPED_AT_WORK = """
import multiprocessing
from model.analyses import pool
lanes = pool.Processes(2)
lock = "import multiprocessing; multiprocessing.kept = multiprocessing.Lock()"
lanes.map(exec, [lock, lock])
lanes.close(at_once=True)
"""


def test_workers_that_are_stopped_leave_no_warnings():
    """Each worker holds a lock, as Pyomo does, which it cannot remove any more."""
    done = subprocess.run(
        [sys.executable, "-c", STOPPED_AT_WORK], cwd=interruptions.ROOT, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


INTERRUPTED_WHILE_LOADING = """
import os, signal, time
from model import command
with command._loading():
    os.kill(os.getpid(), signal.{name})
    time.sleep(30)
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_an_interrupt_while_modules_load_ends_the_command_at_once(name):
    """Python runs callbacks of its own while it imports, and loses an interrupt that comes in one of them."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_WHILE_LOADING.format(name=name)], cwd=interruptions.ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, "stopped\n")


def test_a_request_to_terminate_waits_until_a_worker_has_started():
    """A worker that is half started would fail with a traceback of its own."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = []

    def start() -> None:
        with workers.ignore_interrupts():
            os.kill(os.getpid(), signal.SIGTERM)
            started.append("worker")

    try:
        with pytest.raises(KeyboardInterrupt):
            start()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert started == ["worker"]
