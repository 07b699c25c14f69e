"""A whole run: read the workbook, check every scenario, solve the plans, write the results."""

from __future__ import annotations

import json
import logging
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import partial, reduce
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from model import output, workbook
from model.analyses import ANALYSES, Analysis, Findings, Inquiry, exit_code_of
from model.analyses.pool import OneByOne, Pool, do, open_pool
from model.errors import InfeasibleError, InputError, Problem, SolverLimitError
from model.garbage import no_garbage
from model.plan import solve_plan
from model.results import changes_table, find_tables, make_table, tabulate
from model.results.columns import RESULT_TABLES
from model.scenarios import every_plan, find_problems, merge, plans
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
        status: optimal, infeasible, limit, or lost (two workers died of it).
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
        return {"optimal": 0, "infeasible": InfeasibleError.exit_code}.get(self.status, SolverLimitError.exit_code)

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
        findings: of every analysis.
        problems: warnings.
        seconds: of every stage.
        report: the page to read.
    """

    folder: Path
    outcomes: list[Outcome]
    findings: list[Findings]
    problems: list[Problem]
    seconds: dict[str, float] = field(default_factory=dict)
    report: Path | None = None

    @property
    def exit_code(self) -> int:
        """0 where every scenario has a plan, else the code of the gravest outcome."""
        of_plans, of_analyses = (
            (outcome.exit_code for outcome in self.outcomes),
            map(exit_code_of, self.findings),
        )
        return max((*of_plans, *of_analyses), default=0)


@no_garbage()
def open_study(path: Path, only: Sequence[str] = (), pool: Pool | None = None) -> Study:
    """Read a workbook and check every scenario in it.

    Args:
        path: workbook, or folder of CSV files.
        only: the plans to run, also such as are not marked run; without any, all that are.
        pool: checks several scenarios at the same time.

    Raises:
        InputError: there are errors; the exception carries all problems, warnings too.
    """
    book = workbook.read(path)
    problems = list(book.problems)
    if not any(map(workbook.is_of_the_form, problems)):
        known = every_plan(book.tables)
        if not book.tables.may_hold("scenarios", kind="plan"):
            problems += _unknown_names(only, known)
        helpers = _share(pool or OneByOne(), only or plans(book.tables))
        problems += find_problems(book.tables, [name for name in only if name in known], helpers.map)
        problems += _nothing_to_plan(book.tables)
    if any(problem.is_error for problem in problems):
        raise InputError(problems)
    return Study(path, book.tables, problems, list(dict.fromkeys(only)) or plans(book.tables))


def _share(pool: Pool, scenarios: Sequence[str]) -> Pool:
    """The pool for work around the solves: a single plan is checked and written before a process has started."""
    return pool if len(scenarios) > 1 else OneByOne()


def _unknown_names(only: Sequence[str], known: Sequence[str]) -> Iterator[Problem]:
    for name in only:
        if name not in known:
            near = get_close_matches(name, known, 1)
            remedy = f"did you mean '{near[0]}'?" if near else f"name some of {', '.join(known)}"
            yield Problem("E420", "scenarios", "", "scenario", f"--only names '{name}'",
                          "only plans of the workbook can be run", remedy)  # fmt: skip


def _nothing_to_plan(tables: Tables) -> Iterator[Problem]:
    if not plans(tables) and not tables.may_hold("scenarios", kind="plan"):
        yield Problem(
            "E421", "scenarios", "", "run", "no plan is marked to be run", "a run solves the plans whose run is yes",
            "set run to yes in one row of kind plan at least",
        )  # fmt: skip
    demand = [record for record in tables["demand"] if record.active]
    if not any(record.unread or amount > 0 for record in demand for amount in record.given.values()):
        yield Problem(
            "W568", "demand", "", "", "there is no demand", "a plan serves demand, and without any it is empty",
            "add rows with the tonnes wanted in each year",
        )  # fmt: skip


@no_garbage()
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
    skip: Sequence[str] = (),
    ask: Sequence[str] = (),
    workers: int = 1,
    cluster: str = "",
    command: Sequence[str] = (),
    progress: Progress | None = None,
) -> Run:
    """Read, check, solve and write.

    Args:
        path: workbook, or folder of CSV files.
        root: where result folders go, and `latest` points to the newest.
        out: the folder of this run, if not one in `root` named after the workbook and the time.
        only: the plans to run, also such as are not marked run; without any, all that are.
        skip: analyses that are left out although the workbook asks for them.
        ask: analyses that are done although it does not, by the default of their setting.
        workers: processes that solve at the same time.
        cluster: address of a Dask scheduler whose workers solve instead.
        command: the command line, for the manifest.
        progress: told about every stage.

    Raises:
        InputError, OutputError, LodeplanError: see model/errors.py.
    """
    clock = _Clock(progress or Progress())
    began = datetime.now(UTC)
    with open_pool(workers, cluster) as pool:
        with clock.time("read and check"):
            study = open_study(path, only, pool)
            folder = output.make_folder(out, root, path, began)
            kept = output.copy_input(folder, path)
        with clock.time("solve"):
            outcomes = _solve_all(study, pool, clock.progress)
        wanted = [one for one in ANALYSES if one.name in ask or (one.is_wanted(study.tables) and one.name not in skip)]
        findings = _analyse_all(study, outcomes, wanted, pool, clock)
        problems = [*study.problems, *(problem for one in findings for problem in one.problems)]
        run = Run(folder, outcomes, findings, problems, clock.seconds)
        manifest = _manifest(run, path, command, began)
        with clock.time("write"):
            _write_log(folder, study, outcomes, clock.seconds)
            # The disks of a cluster are not these.
            written = _write_all(run, study, manifest, OneByOne() if cluster else _share(pool, study.scenarios))
            run.report = written[0]
    output.write_manifest(folder, manifest, [kept, *written])
    output.point_latest(folder, root)
    return run


def _solve_all(study: Study, pool: Pool, progress: Progress) -> list[Outcome]:
    """Solve every plan, in the order of the workbook."""
    items = [(study.tables, name) for name in study.scenarios]
    return pool.map(
        _solve_item, items, lambda n, outcome: progress.advance(outcome.line(), n, len(items)), lost=_lose_item
    )


def _solve_item(item: tuple[Tables, str]) -> Outcome:
    return solve_scenario(*item)


def _lose_item(item: tuple[Tables, str]) -> Outcome:
    tables, scenario = item
    changes = {"changes": changes_table(scenario, merge(tables, scenario))}
    model: dict[str, object] = {"scenario": scenario, "analysis": "plan", "status": "lost"}
    return Outcome(scenario, "lost", "two workers died of it", changes, model, "")


def _analyse_all(
    study: Study, outcomes: Sequence[Outcome], wanted: Sequence[Analysis], pool: Pool, clock: _Clock
) -> list[Findings]:
    """Ask what the workbook and the command line ask beyond the plans, where there are any."""
    plans_found = tuple(outcome.scenario for outcome in outcomes if outcome.status == "optimal")
    asking = reduce(lambda tables, analysis: analysis.ask(tables), wanted, study.tables)
    inquiry = Inquiry(asking, plans_found, pool, clock.progress.advance)
    findings = []
    for analysis in wanted if plans_found else ():
        with clock.time(analysis.title):
            findings.append(analysis.run(inquiry))
    return findings


def _tabulate_all(findings: Findings) -> dict[str, pd.DataFrame]:
    return {name: tabulate(name, rows) for name, rows in findings.tables.items()}


def _join_tables(filled: Sequence[Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """Every results table, with the rows of all scenarios and analyses."""
    joined = {}
    for name in RESULT_TABLES:
        parts = [tables[name] for tables in filled if name in tables and len(tables[name])]
        joined[name] = pd.concat(parts, ignore_index=True) if parts else make_table(name, "", ())
    return joined


def _write_all(run: Run, study: Study, manifest: dict[str, object], pool: Pool) -> list[Path]:
    """Write the reports and the tables, several files at the same time; the first is the page to read."""
    from model.report import report_jobs  # noqa: PLC0415 - who only checks a workbook need not wait for it
    from model.report.content import Solved, find_content  # noqa: PLC0415

    tables = _join_tables([*(outcome.tables for outcome in run.outcomes), *map(_tabulate_all, run.findings)])
    solved = [Solved(outcome.scenario, outcome.status, outcome.message) for outcome in run.outcomes]
    warnings = [str(problem) for problem in run.problems]
    page, book = report_jobs(run.folder, find_content(study.tables, solved, tables, warnings, manifest))
    # The book takes longest, so it begins.
    written = pool.map(do, [book, page, *_table_jobs(run.folder, tables)])
    return [written[1], written[0], *written[2:]]


def _table_jobs(folder: Path, tables: Mapping[str, pd.DataFrame]) -> list[Callable[[], Path]]:
    """What writes each table, and the dictionary of their columns."""
    columns = [
        (table, column.key, column.unit, column.description) for table, keys in RESULT_TABLES.items() for column in keys
    ]
    dictionary = pd.DataFrame(columns, columns=["table", "column", "unit", "description"])
    every = {**tables, "dictionary": dictionary}
    return [partial(output.write_table, folder, name, table) for name, table in every.items()]


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
        "models": [*(outcome.model for outcome in run.outcomes), *(m for found in run.findings for m in found.models)],
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
    """Solve a results folder again from the input it keeps; compare objectives and files with its manifest.

    Raises:
        LodeplanError: the folder holds no run.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        was = {
            str(model["scenario"]): (str(model["status"]), float(model.get("objective_usd_million", "nan")))
            for model in manifest["models"]
            if model["analysis"] == "plan"
        }
        files = {str(name): str(digest) for name, digest in manifest["files"].items()}
        path = folder / "inputs" / str(manifest["workbook"]["name"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise output.no_run(folder, error) from error
    changed = [name for name, digest in files.items() if _checksum_or_none(folder / name) != digest]
    for name in changed:
        tell(f"{name}  CHANGED since it was written")
    study = open_study(path, list(was))
    agrees = [_solves_as_before(study.tables, scenario, then, tell) for scenario, then in was.items()]
    return bool(agrees) and all(agrees) and not changed


def _checksum_or_none(path: Path) -> str | None:
    return output.checksum(path) if path.exists() else None


def _solves_as_before(tables: Tables, scenario: str, then: tuple[str, float], tell: Callable[[str], None]) -> bool:
    outcome = solve_scenario(tables, scenario)
    now = (outcome.status, float(str(outcome.model.get("objective_usd_million", "nan"))))
    same = now[0] == then[0] and (now[0] != "optimal" or _is_close(then[1], now[1]))
    tell(f"{scenario}  {'same' if same else 'DIFFERENT'}  then {then[0]} {then[1]:.9g}  now {now[0]} {now[1]:.9g}")
    return same


def _is_close(was: float, now: float) -> bool:
    return abs(was - now) <= OBJECTIVE_TOLERANCE * max(1.0, abs(was))


def tell_money(usd_million: float) -> str:
    """An amount as a planner says it.

    >>> tell_money(4210.0), tell_money(310.4), tell_money(0.0)
    ('4.21 bn USD', '310 m USD', '0 m USD')
    """
    return f"{usd_million / 1e3:,.2f} bn USD" if abs(usd_million) >= 1e3 else f"{usd_million:,.0f} m USD"
