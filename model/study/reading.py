"""A workbook read, with every scenario in it checked: what --check does, and what a run begins with."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from model.analyses.pool import OneByOne, Pool
from model.analyses.questions import QUESTIONS, Question
from model.errors import InputError, Problem, cut_short
from model.memory import pause_garbage_collection
from model.scenarios.lineage import every_plan, plans, shocks
from model.scenarios.merge import find_problems, merge
from model.scenarios.ranges import range_problems
from model.workbook import reader
from model.workbook.formatting import find_look_alike, joined
from model.workbook.suggestions import nearest
from model.workbook.tables import Tables

_log = logging.getLogger(__name__)


@dataclass
class Study:
    """A workbook as read.

    Attributes:
        path, tables: where it is, and what it holds.
        problems: warnings.
        scenarios: the plans to solve.
        analyses: analyses beyond the plans.
    """

    path: Path
    tables: Tables
    problems: list[Problem]
    scenarios: list[str]
    analyses: list[Question]


@pause_garbage_collection()
def open_study(path: Path, only: Sequence[str] = (), skip: Sequence[str] = (), ask: Sequence[str] = ()) -> Study:
    """Read a workbook and check every scenario in it.

    Args:
        path: workbook, or folder of CSV files.
        only: the plans to run, whether or not their `run` is yes; without any, all whose `run` is yes.
        skip: analyses that are left out although the workbook asks for them.
        ask: analyses that are done although it does not.

    Raises:
        InputError: there are errors; the exception carries all problems, warnings too.
    """
    book = reader.read(path)
    _log.info("read %s: %d records", path, sum(1 for _ in book.tables))
    return check_study(path, book.tables, book.problems, only, skip, ask)


def check_study(
    path: Path,
    tables: Tables,
    of_reading: Sequence[Problem] = (),
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    ask: Sequence[str] = (),
) -> Study:
    """Check every scenario of a workbook that has been read; the arguments are those of `open_study`.

    Raises:
        InputError: there are errors; the exception carries all problems, warnings too.
    """
    problems = list(of_reading)
    scenarios = list(dict.fromkeys(only)) or plans(tables)
    analyses = [one for one in QUESTIONS if one.name in ask or (one.is_wanted(tables) and one.name not in skip)]
    if not any(map(reader.is_of_the_form, problems)):
        known = every_plan(tables)
        if not tables.may_hold("scenarios", kind="plan"):
            problems += _unknown_names(only, known)
        looked_at = [name for name in scenarios if name in known]
        if not only or any(analysis.meets_shocks for analysis in analyses):
            looked_at += shocks(tables)
        problems += find_problems(tables, looked_at)
        problems += _nothing_to_plan(tables)
        problems += _linear_analyses(tables, analyses)
        if tables.is_whole and tables["uncertainty"] and not any(problem.is_error for problem in problems):
            problems += range_problems(merge(tables, scenarios[0] if scenarios else "").tables)
    problems = [_with_look_alike(problem) for problem in cut_short(problems)]
    if any(problem.is_error for problem in problems):
        raise InputError(problems)
    return Study(path, tables, problems, scenarios, analyses)


def _with_look_alike(problem: Problem) -> Problem:
    """Return the problem, with a note where a quoted word has a letter that only looks Latin."""
    quoted = re.findall(r"'([^']*)'", problem.found)
    odd = next(filter(None, map(find_look_alike, quoted)), "")
    return replace(problem, found=f"{problem.found} (its letter {odd})") if odd else problem


def share_out(pool: Pool, scenarios: Sequence[str]) -> Pool:
    """Return the pool for writing; what a single plan leaves is written before a process would have started."""
    return pool if len(scenarios) > 1 else OneByOne()


def _unknown_names(only: Sequence[str], known: Sequence[str]) -> Iterator[Problem]:
    for name in only:
        if name not in known:
            yield Problem("E420", "scenarios", "", "scenario", f"--only names '{name}'",
                          "only plans of the workbook can be run", nearest(name, known))  # fmt: skip


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


def _linear_analyses(tables: Tables, analyses: Sequence[Question]) -> Iterator[Problem]:
    if analyses and tables.setting("whole_projects") is True:
        names = joined([analysis.name for analysis in analyses])
        yield Problem(
            "W571", "settings", "", "whole_projects", f"whole_projects is yes, and this run also does {names}",
            "analyses build projects in part, as the linear plan does",
            "compare their results with each other, not with a plan of whole projects",
        )  # fmt: skip
