"""Runs interrupted at every 5 % by each signal, with one and two workers: `python -m tests.interruptions`.

Whatever interrupts a run, no file stands half under its name, no process goes on, and what was finished is kept: after
Ctrl-C or a request to terminate there is a report where plans were being solved, and a line instead of a traceback. The
tests try a few points (tests/test_interruptions.py).
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from model.results.run_folder import read_manifest
from tests.support.sheets import small_world, write_csv

ROOT = Path(__file__).parents[1]
SIGNALS = {"INT": signal.SIGINT, "TERM": signal.SIGTERM, "KILL": signal.SIGKILL}
PATIENCE = 20.0
"""Seconds an interrupted run and its workers may take to end; where the machine is busy, three times a whole run."""


def begin_run(world: Path, out: Path, workers: int) -> subprocess.Popen[str]:
    """Start the command in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, str(ROOT / "run.py"), str(world), "--out", str(out), "--workers", str(workers)],
        cwd=world.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def time_run(world: Path, out: Path, workers: int) -> float:
    """Seconds the run takes when nobody interrupts it."""
    began = time.monotonic()
    run = begin_run(world, out, workers)
    run.communicate()
    assert run.returncode == 0
    return time.monotonic() - began


def interrupt(world: Path, out: Path, workers: int, name: str, after: float, patience: float = PATIENCE) -> list[str]:
    """Interrupt a run some seconds after it began; describe what is wrong afterwards."""
    run = begin_run(world, out, workers)
    time.sleep(after)
    run.send_signal(SIGNALS[name])
    try:
        _, error = run.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        return [f"it went on for {patience:.0f} s"]
    faults = [] if _ends(run.pid) else ["processes were left running"]
    allowed = {"KILL": {-signal.SIGKILL, 0}}.get(name, {130, 0, -SIGNALS[name]})
    if run.returncode not in allowed:
        faults.append(f"exit code {run.returncode}")
    if "Traceback" in error or len(error.splitlines()) > 1:
        faults.append(f"printed {error.splitlines()[-1]!r} and {len(error.splitlines()) - 1} lines more")
    return faults + find_halves(out, is_killed=name == "KILL")


def _ends(group: int) -> bool:
    """Whether every process of a group ends in time; those that do not are ended."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)
    return False


def find_halves(out: Path, *, is_killed: bool) -> list[str]:
    """Describe files that are not whole, and temporary ones that only a killed process may leave."""
    faults = []
    for path in sorted(file for file in out.rglob("*") if file.is_file()):
        if path.name.startswith("~"):
            faults += [] if is_killed else [f"{path.name} was left behind"]
        elif not _is_whole(path):
            faults.append(f"{path.name} is not whole")
    if (out / "manifest.json").exists():
        faults += [f"{name} is not what the manifest says" for name in read_manifest(out).changed(out)]
    return faults


def _is_whole(path: Path) -> bool:
    if path.suffix == ".xlsx":
        return zipfile.is_zipfile(path) and zipfile.ZipFile(path).testzip() is None
    if path.suffix == ".html":
        return path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    if path.suffix == ".csv" and path.parent.name == "data":
        return path.read_bytes().endswith(b"\n") and len(pd.read_csv(path).columns) > 0
    return True


def main(arguments: Sequence[str]) -> int:
    """Interrupt, print what was wrong each time, and return 1 where anything was."""
    parser = argparse.ArgumentParser(prog="python -m tests.interruptions", description="Interrupt runs.")
    parser.add_argument("--step", type=int, default=5, metavar="PERCENT", help="percent of a run between two points")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2], metavar="N", help="numbers of workers")
    asked = parser.parse_args(arguments)
    points = wrong = reported = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = write_csv(small_world(), folder / "world")
        for workers in asked.workers:
            seconds = time_run(world, folder / f"whole_{workers}", workers)
            patience = max(PATIENCE, 3 * seconds)
            for percent in range(asked.step, 100, asked.step):
                for sign in SIGNALS:
                    out = folder / f"{workers}_{percent}_{sign}"
                    faults = interrupt(world, out, workers, sign, seconds * percent / 100, patience)
                    points += 1
                    wrong += bool(faults)
                    reported += (out / "report.html").exists()
                    for fault in faults:
                        print(f"{workers} workers, {sign} at {percent} %: {fault}", flush=True)
    print(f"{points} interruptions, {reported} with a report, {wrong} with a fault")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
