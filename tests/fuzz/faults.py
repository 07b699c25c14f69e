"""What counts as a fault of a workbook that was read, of what is said of it, and of its plans."""

from __future__ import annotations

import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model.errors import InputError, Problem
from model.study.reading import Study, open_study
from model.study.scenario_outcome import Outcome, try_scenario
from model.workbook.codes import CODES
from model.workbook.schema import SHEET, Kind
from tests.fuzz.meaning import Meaning, differences, find_implausible, find_wrong_kind, is_named, new_problems, rule_of
from tests.fuzz.mutations import Mutation
from tests.fuzz.slips import Slip
from tests.fuzz.worlds import grids_of
from tests.support.sheets import small_world

SLOW = 20.0
"""Seconds after which reading and checking a small workbook counts as hanging."""

SIGNED = {("balances", "downgraded_t"), ("import_reliance", "released_t")}
"""Quantities that may be negative: what is taken less what is given."""


@dataclass
class Reading:
    """What came of reading a workbook.

    Attributes:
        study: the workbook, None where it was refused.
        problems: what was said of it.
        fault: what is wrong with this, "" for nothing.
    """

    study: Study | None
    problems: Sequence[Problem]
    fault: str = ""


def try_to_read(path: Path) -> Reading:
    """Read and check a workbook."""
    began = time.monotonic()
    study = None
    try:
        study = open_study(path)
        problems: Sequence[Problem] = study.problems
    except InputError as error:
        problems = error.problems
    except Exception as error:  # noqa: BLE001 - any other exception is what is looked for
        last = traceback.extract_tb(error.__traceback__)[-1]
        return Reading(None, (), f"{type(error).__name__} in {Path(last.filename).name}, {last.name}")
    if time.monotonic() - began > SLOW:
        return Reading(study, problems, f"reading took more than {SLOW:.0f} s")
    return Reading(study, problems, next(filter(None, map(find_fault_of_message, problems)), ""))


def find_fault_of_message(problem: Problem) -> str:
    """Describe what is wrong with a message itself, "" for nothing."""
    if problem.code not in CODES:
        return f"{problem.code} is not a known code"
    if problem.sheet and problem.sheet not in SHEET and problem.code != "E109":
        return f"{problem.code} names a sheet that does not exist"
    if not all((problem.found, problem.rule, problem.remedy)):
        return f"{problem.code} leaves out what was found, the rule or the remedy"
    return ""


# --- Changed without a word ------------------------------------------------------------------------------------------


def find_taken(mutations: Sequence[Mutation], problems: Sequence[Problem]) -> str:
    """Describe a value that nobody can have meant and that was taken without a word, "" where there is none."""
    grids = grids_of(small_world())
    keyless = {(m.sheet, m.column) for m in mutations if m.row == 1}
    for m in mutations:
        row = next((values for values in grids[m.sheet][m.row - 1 : m.row]), [None] * len(grids[m.sheet][0]))
        rule = rule_of(m.sheet, m.column, dict(zip(grids[m.sheet][0], row, strict=True)))
        is_named_already = is_named(problems, m.sheet, m.row - 1, [str(m.column)])
        if rule is not None and (m.sheet, m.column) not in keyless and not is_named_already:
            odd = find_wrong_kind(rule, m.value) or find_implausible(rule, m.value)
            # Names and amounts are judged only where everything could be read.
            is_judged_later = rule.kind is Kind.REFERENCE or not find_wrong_kind(rule, m.value)
            if odd and not (is_judged_later and any(problem.is_error for problem in problems)):
                return f"{odd} was taken in {m.sheet}, {m.column}, without a word"
    return ""


def find_silent(slip: Slip, now: Reading, problems: Sequence[Problem], meaning: Meaning) -> str:
    """Describe a typing error that changes the plans and is not named, "" where it does neither.

    Args:
        slip: the typing error.
        now: what came of reading the world with it.
        problems: what was said of the world without it.
        meaning: what that world means.
    """
    if now.study is None:
        return ""
    changed = differences(meaning, Meaning.of(now.study))
    columns = (*slip.column.split(" and "), str(slip.said))  # A key that is another one is called what it says now.
    if not changed or is_named(new_problems(problems, now.problems), slip.sheet, slip.row, columns):
        return ""
    return f"{slip.kind} in {slip.sheet}, {slip.column}, changes {', '.join(changed)} without a word"


def find_lost(now: Reading, meaning: Meaning) -> str:
    """Describe a damaged file that is read as another world without a word, "" for none."""
    changed = differences(meaning, Meaning.of(now.study)) if now.study and not now.problems else []
    return f"the damage changes {', '.join(changed)} without a word" if changed else ""


# --- Plans -----------------------------------------------------------------------------------------------------------


def find_fault_of_plan(study: Study, scenario: str) -> str:
    """Solve an accepted world; describe what is wrong with its plan, "" for nothing."""
    began = time.monotonic()
    outcome = try_scenario((study.tables, scenario, SLOW))
    if outcome.status in ("failed", "lost"):
        return f"the plan failed: {outcome.message}"
    if time.monotonic() - began > SLOW + 5:
        return f"solving took more than {SLOW:.0f} s"
    return find_negative(outcome) if outcome.status == "optimal" else "" if outcome.message else "no plan, no reason"


def find_negative(outcome: Outcome) -> str:
    """Name a table with tonnes below nothing, "" for none."""
    for name, table in outcome.tables.items():
        for key in table.columns:
            is_quantity = key.endswith(("_t", "t_per_year")) or key == "t"
            if is_quantity and not key.startswith("usd") and (name, key) not in SIGNED and (table[key] < 0).any():
                return f"a negative quantity in {name}, {key}"
    return ""
