"""A results folder solved again from the input it keeps."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from model.results.run_folder import checksum, no_run
from model.study.reading import open_study
from model.study.scenario_outcome import solve_scenario
from model.workbook.tables import Tables

OBJECTIVE_TOLERANCE = 1e-6
"""Relative difference up to which two solves of one program agree."""


class Then(NamedTuple):
    """What a manifest says of a plan: its status, its objective, and how far that may be above the least cost."""

    status: str
    objective: float
    gap: float


def verify(folder: Path, tell: Callable[[str], None]) -> bool:
    """Solve a results folder again from the input it keeps; compare objectives and files with its manifest.

    Raises:
        LodeplanError: the folder holds no run.
        InputError: the input it keeps has errors now.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        was = {
            str(model["scenario"]): Then(
                str(model["status"]), float(model.get("objective_usd_million", "nan")), float(model.get("gap", 0.0))
            )
            for model in manifest["models"]
            if model["analysis"] == "plan"
        }
        files = {str(name): str(digest) for name, digest in manifest["files"].items()}
        path = folder / "inputs" / str(manifest["workbook"]["name"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise no_run(folder, error) from error
    changed = [name for name, digest in files.items() if _checksum_or_none(folder / name) != digest]
    for name in changed:
        tell(f"{name}  CHANGED since it was written")
    study = open_study(path, list(was))
    agrees = [_solves_as_before(study.tables, scenario, then, tell) for scenario, then in was.items()]
    return bool(agrees) and all(agrees) and not changed


def _checksum_or_none(path: Path) -> str | None:
    return checksum(path) if path.exists() else None


def _solves_as_before(tables: Tables, scenario: str, then: Then, tell: Callable[[str], None]) -> bool:
    outcome = solve_scenario(tables, scenario)
    found = outcome.model
    now = Then(
        outcome.status, float(str(found.get("objective_usd_million", "nan"))), float(str(found.get("gap", 0.0)))
    )  # fmt: skip
    same = now.status == then.status and (now.status != "optimal" or _is_close(then, now))
    tell(
        f"{scenario}  {'same' if same else 'DIFFERENT'}  then {then.status} {then.objective:.9g}  "
        f"now {now.status} {now.objective:.9g}"
    )
    return same


def _is_close(was: Then, now: Then) -> bool:
    """Whether two solves agree; two plans of whole projects may each be above the least cost by their gap."""
    tolerance = OBJECTIVE_TOLERANCE + max(was.gap, now.gap)
    return abs(was.objective - now.objective) <= tolerance * max(1.0, abs(was.objective))
