"""Where the CPU time of a run goes, stage by stage, beside what HiGHS itself takes.

    python -m tests.benchmarks.stages [workbook] [further options of run.py]

Every stage counts without the stages it calls. Times are CPU seconds of this process: what counts is their ratio, so
compare only tables that were printed on the same machine at the same time.
"""

from __future__ import annotations

import functools
import gc
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).parents[2] / "inputs" / "us_critical_minerals.xlsx"

SOLVER, EXCHANGE = "HiGHS", "exchange with HiGHS"
STAGES = {
    "model.workbook.reader:read": "read the workbook",
    "model.study.reading:check_study": "checks",
    "model.scenarios.merge:merge": "merge",
    "model.rules.checks:check": "checks",
    "model.rules.checks:supply_check": "checks",
    "model.data.planning:find_planning_data": "planning data",
    "model.formulation.build:build_model": "build",
    "model.solver.program:Compiled.__init__": "compile",
    "model.results.plan:exposed_deliveries": "compile",
    "model.solver.highs:Session.__init__": EXCHANGE,
    "model.solver.highs:Session.change_all_bounds": EXCHANGE,
    "model.solver.highs:Session.change_row_bounds": EXCHANGE,
    "model.solver.highs:Session.change_costs": EXCHANGE,
    "model.solver.highs:Session.start_from": EXCHANGE,
    "model.solver.highs:Session.return_to": EXCHANGE,
    "model.solver.highs:Session._read_solution": EXCHANGE,
    "highspy:Highs.run": SOLVER,
    "model.results.plan:read_plan": "read the plan back",
    "model.results.ties:find_ties": "ties",
    "model.results.steps:find_steps": "price steps",
    "model.results.waits:find_waits": "waits",
    "model.results.influence:find_influence": "influence",
    "model.results:find_tables": "result tables",
    "model.results.run_folder:write_file": "write csv and manifest",
    "model.report.excel:write_workbook": "report.xlsx",
    "model.report.html:write_page": "report.html",
    "model.study.writing:write_run": "write the rest",
}


class Stopwatch:
    """CPU seconds by stage; what a stage calls counts for itself."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        self._open = ["everything else"]
        self._since = time.process_time()

    def turn(self) -> None:
        """Charge the time since the last turn to the stage that is open."""
        now = time.process_time()
        self.seconds[self._open[-1]] += now - self._since
        self._since = now

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what happens inside for a stage; of the solver, for what it is called by too."""
        self.turn()
        if name == SOLVER:
            name = f"{SOLVER} for {next(one for one in reversed(self._open) if one != EXCHANGE)}"
        self._open.append(name)
        self.calls[name] += 1
        try:
            yield
        finally:
            self.turn()
            self._open.pop()

    def watch(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, counted for a stage."""

        @functools.wraps(function)
        def watched(*args: Any, **named: Any) -> Any:
            with self.stage(name):
                return function(*args, **named)

        return watched


@contextmanager
def watch_garbage(watch: Stopwatch) -> Iterator[None]:
    """Count Python's search for garbage as a stage of its own.

    The search at the end of Python, when modules are gone, must not be watched.
    """
    searches: list[AbstractContextManager[None]] = []

    def note(phase: str, _: object) -> None:
        if phase == "start":
            searches.append(watch.stage("search for garbage"))
            searches[-1].__enter__()
        elif searches:
            searches.pop().__exit__(None, None, None)

    gc.callbacks.append(note)
    try:
        yield
    finally:
        gc.callbacks.remove(note)


def watch_stages(watch: Stopwatch) -> list[str]:
    """Count every stage wherever it is called from; gives the names that are not there."""
    missing = []
    for place, stage in STAGES.items():
        module, _, path = place.partition(":")
        owner: Any = sys.modules.get(module)
        *outer, name = path.split(".")
        for part in outer:
            owner = getattr(owner, part, None)
        function = getattr(owner, name, None)
        if function is None:
            missing.append(place)
            continue
        watched = watch.watch(stage, function)
        setattr(owner, name, watched)
        for other in list(sys.modules.values()):
            if getattr(other, "__name__", "").startswith("model") and getattr(other, name, None) is function:
                setattr(other, name, watched)
    return missing


def table(watch: Stopwatch) -> str:
    """The stages, those that take most first, and the ratio of the rest to HiGHS."""
    total = sum(watch.seconds.values())
    solver = sum(seconds for name, seconds in watch.seconds.items() if name.startswith(SOLVER))
    rows = sorted(watch.seconds.items(), key=lambda row: -row[1])
    lines = [f"{name:26} {seconds:8.2f} s {seconds / total:7.1%}  {watch.calls[name]:6d}" for name, seconds in rows]
    ratio = f"rest / {SOLVER} = {(total - solver) / solver:.2f}" if solver else "nothing solved"
    return "\n".join([*lines, f"{'all':26} {total:8.2f} s", ratio])


def run_watched(watch: Stopwatch, arguments: list[str]) -> tuple[list[str], float, float]:
    """Run a workbook; gives the stages that are not there, and the seconds passed and those of workers."""
    with watch.stage("imports"):
        import highspy  # noqa: F401, PLC0415

        import model.study.run  # noqa: PLC0415
        import model.study.writing  # noqa: F401, PLC0415
        from model import command  # noqa: PLC0415
    missing = watch_stages(watch)
    own = arguments if arguments and not arguments[0].startswith("-") else [str(SHIPPED), *arguments]
    with tempfile.TemporaryDirectory() as folder:
        began, times = time.perf_counter(), os.times()
        command.main([*own, *([] if "--check" in own else ["--out", str(Path(folder) / "out")])])
        return missing, time.perf_counter() - began, os.times().children_user - times.children_user


def main(arguments: list[str]) -> None:
    """Run a workbook in this process and print where its time went."""
    watch = Stopwatch()
    with watch_garbage(watch):
        missing, elapsed, workers = run_watched(watch, arguments)
    watch.turn()
    print(table(watch))  # noqa: T201
    print(f"elapsed {elapsed:.1f} s, CPU of workers {workers:.1f} s")  # noqa: T201
    if missing:
        print("not found:", ", ".join(missing))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
