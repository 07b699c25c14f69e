"""The outcome of a scenario: its tables, its manifest entry, and the solver's log."""

from __future__ import annotations

import logging
import math
import tempfile
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from model.analyses.findings import Failure, exit_code_of, failed_entry, fault, solved_entry
from model.errors import InfeasibleError, SolverLimitError
from model.memory import pause_garbage_collection
from model.results import changes_table, find_tables
from model.results.by_mineral import LEAST_SHARE
from model.results.influence import find_influence
from model.results.plan import solve_to_ask
from model.results.steps import find_steps, find_wanted_steps
from model.results.ties import find_ties
from model.results.waits import find_waits
from model.scenarios.lineage import plans
from model.scenarios.merge import merge
from model.solver.program import take_apart
from model.workbook.formatting import money, percent
from model.workbook.tables import Tables

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """The outcome of a scenario.

    Attributes:
        status: optimal, or why there is no plan: infeasible, limit, lost (the solve crashed its worker process twice),
            stopped (the planner interrupted the run), or failed (a fault of lodeplan itself).
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

    @classmethod
    def failed(cls, tables: Tables, scenario: str, failure: Failure, solver_log: str = "") -> Outcome:
        """Return the outcome of a scenario without a plan, of which only the changes are reported."""
        try:
            changes = {"changes": changes_table(scenario, merge(tables, scenario))}
        except Exception:  # noqa: BLE001 - what failed may have been the merge itself
            changes = {}
        entry = failed_entry(scenario, "plan", "", failure)
        return cls(scenario, failure.status, failure.message, changes, entry, solver_log)

    @property
    def exit_code(self) -> int:
        """Exit code this outcome alone would give."""
        return exit_code_of(self.status, infeasible=InfeasibleError.exit_code)

    def line(self) -> str:
        """One line for the console: status, the most exposed minerals, shortage, cost, public money, time."""
        if self.status != "optimal":
            return f"{self.scenario}  {self.status}  {self.message}"
        rows = self.tables["summary"]
        totals = {str(key): float(x) for key, x in rows[rows["year"].isna()].set_index("measure")["value"].items()}
        return (
            f"{self.scenario}  optimal  exposed: {_worst(totals, 'exposed_share_')}  "
            f"short: {_worst(totals, 'unmet_share_')}  supply {money(totals['supply_cost'])}  "
            f"penalties {money(totals['penalty_cost'])}  support {money(totals['support_paid'])}  "
            f"{self.model['seconds']:.1f} s{_describe_whole(totals)}"
        )


MOST_NAMED = 3
"""Minerals a line of the console names."""


def _worst(totals: Mapping[str, float], measure: str) -> str:
    """Return the minerals with the largest shares, and how many more have one."""
    shares = {key.removeprefix(measure): x for key, x in totals.items() if key.startswith(measure) and x > LEAST_SHARE}
    order = sorted(shares, key=lambda mineral: -shares[mineral])
    named = ", ".join(f"{mineral} {percent(shares[mineral])}" for mineral in order[:MOST_NAMED]) or "none"
    return f"{named} and {len(order) - MOST_NAMED} more" if len(order) > MOST_NAMED else named


def _describe_whole(totals: Mapping[str, float]) -> str:
    """Return how a plan of whole projects compares with the linear plan; "" where projects may be built in part."""
    if "linear_objective" not in totals:
        return ""
    more = money(totals["objective"] - totals["linear_objective"])
    return f"  whole projects {more} above the linear plan, gap {percent(totals['whole_projects_gap'])}"


@pause_garbage_collection(then_search=True)
def solve_scenario(tables: Tables, scenario: str, time_limit: float = math.inf) -> Outcome:
    """Merge and solve one scenario; a scenario without a plan is an outcome too.

    Args:
        tables: the workbook as it was read.
        scenario: name of the plan.
        time_limit: seconds the solver may take.
    """
    merged = merge(tables, scenario)
    most = find_wanted_steps(merged.tables, is_first=plans(tables)[:1] == [scenario])
    with tempfile.TemporaryDirectory() as folder:
        solver_log = Path(folder) / "highs.log"
        try:
            asked = solve_to_ask(merged.tables, solver_log, time_limit)
            # Ties first: the program still stands at the plan.
            plan = replace(
                asked.plan,
                ties=find_ties(asked),
                steps=find_steps(asked, most),
                waits=find_waits(asked, wanted=most > 0),
                influence=find_influence(asked),
            )
        except (InfeasibleError, SolverLimitError) as error:
            return Outcome.failed(tables, scenario, Failure.of(error), _read_log(solver_log))
        take_apart(asked.stated.m)
        entry = solved_entry(scenario, "plan", "", plan.objective, plan.statistics)
        return Outcome(scenario, "optimal", "", find_tables(scenario, plan, merged), entry, _read_log(solver_log))


def try_scenario(item: tuple[Tables, str, float]) -> Outcome:
    """Solve one scenario; even a fault of lodeplan itself costs the run no other plan.

    Args:
        item: the workbook, the plan, and the seconds the solver may take.
    """
    tables, scenario, time_limit = item
    try:
        return solve_scenario(tables, scenario, time_limit)
    except Exception as error:  # noqa: BLE001 - the other plans go on, and the outcome says that this failed
        _log.exception("the plan %s failed", scenario)
        return Outcome.failed(tables, scenario, fault(error), traceback.format_exc())


def _read_log(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
