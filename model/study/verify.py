"""A results folder solved again from the input it keeps."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from model.report.saved import read_table
from model.results.run_folder import no_run, read_manifest
from model.study.reading import open_study
from model.study.scenario_outcome import solve_scenario
from model.workbook.tables import Tables

OBJECTIVE_TOLERANCE = 1e-6
"""Relative difference up to which two solves of one program agree."""

TABLE_TOLERANCE = 1e-5
"""Difference, relative or in the units of the table, up to which two numbers agree: tables have twelve digits."""


class Then(NamedTuple):
    """What a manifest says of a plan: its status, its objective, and how far that may be above the least cost."""

    status: str
    objective: float
    gap: float


def verify(folder: Path, show: Callable[[str], None]) -> bool:
    """Solve a results folder again from the input it keeps; compare checksums, objectives and every table of the plans.

    Args:
        folder: the results of a run.
        show: receives a line for each plan, and for each file that has changed.

    Returns:
        Whether everything agrees.

    Raises:
        LodeplanError: the folder holds no run.
        InputError: the input it keeps has errors now.
    """
    kept = read_manifest(folder)
    was = {str(model["scenario"]): _then(folder, model) for model in kept.plans}
    changed = kept.changed(folder)
    for name in changed:
        show(f"{name}  CHANGED since it was written")
    study = open_study(kept.workbook, list(was))
    tables = {path.stem: path for path in (folder / name for name in kept.files) if path.parent.name == "data"}
    agrees = [_solves_as_before(study.tables, scenario, then, tables, show) for scenario, then in was.items()]
    return bool(agrees) and all(agrees) and not changed


def _then(folder: Path, model: Mapping[str, Any]) -> Then:
    try:
        return Then(
            str(model["status"]), float(model.get("objective_usd_million", "nan")), float(model.get("gap", 0.0))
        )
    except (TypeError, ValueError) as error:
        raise no_run(folder, error) from error


def _solves_as_before(
    tables: Tables, scenario: str, then: Then, written: Mapping[str, Path], show: Callable[[str], None]
) -> bool:
    outcome = solve_scenario(tables, scenario)
    found = outcome.model
    now = Then(
        outcome.status, float(str(found.get("objective_usd_million", "nan"))), float(str(found.get("gap", 0.0)))
    )  # fmt: skip
    same = now.status == then.status and (now.status != "optimal" or _is_close(then, now))
    # Two plans of whole projects within their gap need not be the same plan.
    other = _differing(outcome.tables, scenario, written) if same and not then.gap else []
    show(
        f"{scenario}  {'same' if same and not other else 'DIFFERENT'}  then {then.status} {then.objective:.9g}  "
        f"now {now.status} {now.objective:.9g}" + (f"  tables: {', '.join(other)}" if other else "")
    )
    return same and not other


def _differing(tables: Mapping[str, pd.DataFrame], scenario: str, written: Mapping[str, Path]) -> list[str]:
    """Return the tables whose rows of a scenario are not those that were written."""
    other = []
    for name, table in tables.items():
        then = read_table(written[name])[1] if name in written else pd.DataFrame(columns=["scenario"])
        if not _agree(table, then[then["scenario"] == scenario]):
            other.append(name)
    return other


def _agree(now: pd.DataFrame, then: pd.DataFrame) -> bool:
    """Return whether two tables hold the same rows, numbers being compared within the solver's tolerance."""
    if list(now.columns) != list(then.columns) or len(now) != len(then):
        return False
    for column in now.columns:
        ours, theirs = now[column].to_numpy(dtype=object), then[column].to_numpy(dtype=object)
        if not all(map(_is_same, ours, theirs)):
            return False
    return True


def _is_same(one: Any, other: Any) -> bool:
    blank = [bool(pd.isna(value)) or value == "" for value in (one, other)]
    if any(blank):
        return all(blank)
    try:
        return math.isclose(float(str(one)), float(str(other)), rel_tol=TABLE_TOLERANCE, abs_tol=TABLE_TOLERANCE)
    except ValueError:
        return str(one) == str(other)


def _is_close(was: Then, now: Then) -> bool:
    """Return whether two solves agree; two plans of whole projects may each be above the least cost by their gap."""
    tolerance = OBJECTIVE_TOLERANCE + max(was.gap, now.gap)
    return abs(was.objective - now.objective) <= tolerance * max(1.0, abs(was.objective))
