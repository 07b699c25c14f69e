"""A whole run: read the workbook, check every scenario, solve the plans, write the results."""

from __future__ import annotations

import logging
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from model import output, workbook
from model.checks import check, supply_check
from model.errors import InfeasibleError, InputError, LodeplanError, Problem, SolverLimitError
from model.plan import solve_plan
from model.results import changes_table, find_tables, make_table
from model.results.columns import RESULT_TABLES
from model.scenarios import merge, plans, shocks
from model.tables import Tables

log = logging.getLogger(__name__)

LIBRARIES = ("highspy", "pyomo", "pandas", "openpyxl", "numpy")
OBJECTIVE_TOLERANCE = 1e-6
"""Relative difference up to which two solves of one program agree."""


class Progress:
    """How a run tells where it is; this one keeps silent."""

    def stage(self, title: str) -> None:
        """A stage begins."""

    def done(self, seconds: float) -> None:
        """The stage is over."""

    def advance(self, line: str, done: int, of: int) -> None:
        """One of several parts of the stage is over."""


@dataclass(frozen=True)
class Outcome:
    """What became of a scenario.

    Attributes:
        status: optimal, infeasible or limit.
        message: why there is no plan ("" where there is one).
        tables: its rows of every results table.
        model: what the manifest says of the solve.
        solver_log: what HiGHS said.
    """

    scenario: str
    status: str
    message: str
    tables: dict[str, pd.DataFrame]
    model: dict[str, object]
    solver_log: str

    @property
    def exit_code(self) -> int:
        """Exit code this outcome alone would give."""
        return {"optimal": 0, "infeasible": InfeasibleError.exit_code, "limit": SolverLimitError.exit_code}[self.status]

    def line(self) -> str:
        """One line for the console: status, cost, exposure, public money, time."""
        if self.status != "optimal":
            return f"{self.scenario}  {self.status}  {self.message}"
        rows = self.tables["summary"]
        totals = rows[rows["year"].isna()].set_index("measure")["value"]
        exposure = 100 * totals["exposure_index"]
        return (
            f"{self.scenario}  optimal  {tell_money(totals['objective'])}  exposure {exposure:.0f} %  "
            f"unmet {totals['unmet_t']:,.0f} t  CfD {tell_money(totals['cfd_pays'])}  {self.model['seconds']:.1f} s"
        )


@dataclass
class Study:
    """A workbook as read, and the plans to solve."""

    path: Path
    tables: Tables
    problems: list[Problem]
    scenarios: list[str]


@dataclass
class Run:
    """What a run found, for the console and for tests.

    Attributes:
        folder: where the results are.
        outcomes: of every plan, in the order of the workbook.
        problems: warnings.
        seconds: of every stage.
        report: the page to read.
    """

    folder: Path
    outcomes: list[Outcome]
    problems: list[Problem]
    seconds: dict[str, float] = field(default_factory=dict)
    report: Path | None = None

    @property
    def exit_code(self) -> int:
        """0 where every scenario has a plan, else the code of the gravest outcome."""
        return max((outcome.exit_code for outcome in self.outcomes), default=0)


def open_study(path: Path, only: Sequence[str] = ()) -> Study:
    """Read a workbook and check every scenario in it.

    Raises:
        InputError: there are errors; the exception carries all problems, warnings too.
    """
    book = workbook.read(path)
    problems = list(book.problems)
    if not any(problem.is_error for problem in problems):
        problems += find_problems(book.tables)
        problems += _unknown_names(only, plans(book.tables))
    if any(problem.is_error for problem in problems):
        raise InputError(problems)
    return Study(path, book.tables, problems, list(only) or plans(book.tables))


def find_problems(tables: Tables) -> list[Problem]:
    """Problems of every plan and shock; what the workbook as it stands has already is told once."""
    told: dict[tuple[str, ...], Problem] = {}
    for scenario in ("", *plans(tables), *shocks(tables)):
        merged = merge(tables, scenario)
        problems = list(merged.problems)
        if not any(problem.is_error for problem in problems):
            found = check(merged.tables, scenario)
            problems += found
            if not any(problem.is_error for problem in found):
                problems += supply_check(merged.tables, scenario)
        for problem in problems:
            told.setdefault((problem.code, problem.sheet, problem.cell, problem.column, problem.found), problem)
    return list(told.values())


def _unknown_names(only: Sequence[str], known: Sequence[str]) -> Iterator[Problem]:
    for name in only:
        if name not in known:
            near = get_close_matches(name, known, 1)
            remedy = f"did you mean '{near[0]}'?" if near else f"name some of {', '.join(known)}"
            yield Problem("E420", "scenarios", "", "scenario", f"--only names '{name}'",
                          "only plans of the workbook can be run", remedy)  # fmt: skip


def solve_scenario(tables: Tables, scenario: str) -> Outcome:
    """Merge and solve one scenario; a scenario without a plan is an outcome too."""
    merged = merge(tables, scenario)
    with tempfile.TemporaryDirectory() as folder:
        solver_log = Path(folder) / "highs.log"
        try:
            plan = solve_plan(merged.tables, solver_log)
        except (InfeasibleError, SolverLimitError) as error:
            status = "infeasible" if isinstance(error, InfeasibleError) else "limit"
            model: dict[str, object] = {
                "scenario": scenario, "analysis": "plan", "status": status, "message": str(error),
            }  # fmt: skip
            return Outcome(scenario, status, str(error), {"changes": changes_table(scenario, merged)}, model,
                           _read_log(solver_log))  # fmt: skip
        model = {
            "scenario": scenario,
            "analysis": "plan",
            "status": "optimal",
            "objective_usd_million": plan.objective,
            **plan.statistics,
        }
        return Outcome(scenario, "optimal", "", find_tables(scenario, plan, merged), model, _read_log(solver_log))


def _read_log(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def run_study(
    path: Path,
    root: Path,
    *,
    out: Path | None = None,
    only: Sequence[str] = (),
    workers: int = 1,
    command: Sequence[str] = (),
    progress: Progress | None = None,
) -> Run:
    """Read, check, solve and write.

    Args:
        path: workbook, or folder of CSV files.
        root: where result folders go, and `latest` points to the newest.
        out: the folder of this run, if not one in `root` named after the workbook and the time.
        only: the plans to run; all that are marked run.
        workers: processes that solve scenarios at the same time.
        command: the command line, for the manifest.
        progress: told about every stage.

    Raises:
        InputError, OutputError: see model/errors.py.
    """
    clock = _Clock(progress or Progress())
    began = datetime.now(UTC)
    with clock.time("read and check"):
        study = open_study(path, only)
        folder = output.make_folder(out, root, path, began)
        output.copy_input(folder, path)
    with clock.time("solve"):
        outcomes = list(_solve_all(study, workers, clock.progress))
    with clock.time("write"):
        tables = _write_tables(folder, outcomes)
        _write_log(folder, study, outcomes, clock.seconds)
    run = Run(folder, outcomes, study.problems, clock.seconds)
    manifest = _manifest(run, path, command, began)
    with clock.time("report"):
        run.report = _write_reports(run, study, tables, manifest)
    output.write_manifest(folder, manifest)
    output.point_latest(folder, root)
    return run


def _solve_all(study: Study, workers: int, progress: Progress) -> Iterator[Outcome]:
    """Solve every plan; in several processes the order of the workbook is kept."""
    names = study.scenarios
    if workers <= 1:
        for n, name in enumerate(names, 1):
            outcome = solve_scenario(study.tables, name)
            progress.advance(outcome.line(), n, len(names))
            yield outcome
        return
    with ProcessPoolExecutor(workers) as pool:
        futures = {pool.submit(solve_scenario, study.tables, name): name for name in names}
        found = {}
        for n, future in enumerate(as_completed(futures), 1):
            found[futures[future]] = future.result()
            progress.advance(future.result().line(), n, len(names))
    yield from (found[name] for name in names)


def _write_tables(folder: Path, outcomes: Sequence[Outcome]) -> dict[str, pd.DataFrame]:
    tables = {}
    for name in RESULT_TABLES:
        parts = [outcome.tables[name] for outcome in outcomes if name in outcome.tables]
        filled = [part for part in parts if len(part)]
        tables[name] = pd.concat(filled, ignore_index=True) if filled else make_table(name, "", ())
        output.write_table(folder, name, tables[name])
    columns = [
        (table, column.key, column.unit, column.description) for table, keys in RESULT_TABLES.items() for column in keys
    ]
    output.write_table(folder, "dictionary", pd.DataFrame(columns, columns=["table", "column", "unit", "description"]))
    return tables


def _write_reports(run: Run, study: Study, tables: dict[str, pd.DataFrame], manifest: dict[str, object]) -> Path:
    """Write the reports; the page is the one to read."""
    from model.report import write_reports  # noqa: PLC0415 - who only checks a workbook need not wait for it
    from model.report.content import Solved, find_content  # noqa: PLC0415

    solved = [Solved(outcome.scenario, outcome.status, outcome.message) for outcome in run.outcomes]
    warnings = [str(problem) for problem in run.problems]
    return write_reports(run.folder, find_content(study.tables, solved, tables, warnings, manifest))[0]


def _write_log(folder: Path, study: Study, outcomes: Iterable[Outcome], seconds: dict[str, float]) -> None:
    lines = [f"{title}: {spent:.3f} s" for title, spent in seconds.items()]
    lines += [str(problem) for problem in study.problems]
    for outcome in outcomes:
        lines += ["", outcome.line(), outcome.solver_log]
    output.write_file(folder / "run.log", lambda path: path.write_text("\n".join(lines) + "\n", encoding="utf-8"))


def _manifest(run: Run, path: Path, command: Sequence[str], began: datetime) -> dict[str, object]:
    return {
        "tool": {"name": "lodeplan", "version": version("lodeplan"), "git_commit": _find_commit()},
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "workbook": {"name": path.name, "sha256": output.checksum(path)},
        "command": list(command),
        "began": began.isoformat(),
        "ended": datetime.now(UTC).isoformat(),
        "seconds": run.seconds,
        "models": [outcome.model for outcome in run.outcomes],
        "warnings": [str(problem) for problem in run.problems],
    }


def _find_commit() -> str:
    """The commit of the tool, "" outside a checkout."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"],  # noqa: S607 - git is found where the planner has it
            cwd=Path(__file__).parent, capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


class _Clock:
    """Times the stages of a run."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def time(self, title: str) -> Iterator[None]:
        """Time one stage."""
        self.progress.stage(title)
        began = time.perf_counter()
        yield
        self.seconds[title] = time.perf_counter() - began
        self.progress.done(self.seconds[title])


def verify(folder: Path, tell: Callable[[str], None]) -> bool:
    """Solve a results folder again from the input it keeps, and compare objectives with its manifest.

    Raises:
        LodeplanError: the folder holds no run.
    """
    import json  # noqa: PLC0415 - only this command reads a manifest

    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        models = [model for model in manifest["models"] if model["analysis"] == "plan"]
        path = folder / "inputs" / manifest["workbook"]["name"]
    except (OSError, ValueError, KeyError) as error:
        raise LodeplanError(f"{folder} holds no complete run: {error}") from error
    study = open_study(path, [model["scenario"] for model in models])
    agrees = True
    for model in models:
        outcome = solve_scenario(study.tables, model["scenario"])
        was, now = model.get("objective_usd_million"), outcome.model.get("objective_usd_million")
        same = outcome.status == model["status"] and (was is None or _is_close(was, float(str(now))))
        agrees = agrees and same
        tell(f"{model['scenario']}  {'same' if same else 'DIFFERENT'}  then {was}  now {now}")
    return agrees


def _is_close(was: float, now: float) -> bool:
    return abs(was - now) <= OBJECTIVE_TOLERANCE * max(1.0, abs(was))


def tell_money(usd_million: float) -> str:
    """An amount as a planner says it.

    >>> tell_money(4210.0), tell_money(310.4), tell_money(0.0)
    ('4.21 bn USD', '310 m USD', '0 m USD')
    """
    return f"{usd_million / 1e3:,.2f} bn USD" if abs(usd_million) >= 1e3 else f"{usd_million:,.0f} m USD"
