"""The exceptions that a planner can meet.

LodeplanError
├── InputError          the workbook has problems; carries every one of them (exit code 1)
├── InfeasibleError     a scenario has no plan; carries the conflict in the planner's words (exit code 2)
├── SolverLimitError    the solver stopped before it was done (exit code 3)
└── OutputError         results could not be written (exit code 4)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

FAULT = 5
"""Exit code of a run in which lodeplan itself failed on a part; the rest is reported."""

INTERRUPTED = 130
"""What a shell expects of a command stopped by the keyboard."""


@dataclass(frozen=True)
class Problem:
    """One error in, or warning about, the input.

    Attributes:
        code: stable code, documented with an example in `model/workbook/codes.py`; `E...` errors, `W...` warnings.
        sheet: sheet the problem is on ("" for the file as a whole).
        cell: address such as `C7` ("" where no cell is to blame).
        column: key of the column ("" where none is to blame).
        found: what was found.
        rule: what the rule is.
        remedy: what to do.
        scenario: scenario whose changes brought it about ("" for the workbook as it stands).
    """

    code: str
    sheet: str
    cell: str
    column: str
    found: str
    rule: str
    remedy: str
    scenario: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the problem stops the run (a warning does not)."""
        return self.code.startswith("E")

    def __str__(self) -> str:
        place = "!".join(part for part in (self.sheet, self.cell) if part) or "workbook"
        column = f" ({self.column})" if self.column else ""
        scenario = f" [scenario {self.scenario}]" if self.scenario else ""
        return f"{self.code} {place}{column}{scenario}: {self.found}; {self.rule}; {self.remedy}"


MOST_ALIKE = 100
"""Number of problems of one kind on one sheet that are listed."""


def cut_short(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems, and of many similar ones only the first and the number of the others."""
    listed: list[Problem] = []
    alike: Counter[tuple[str, str]] = Counter()
    last: dict[tuple[str, str], int] = {}
    for problem in problems:
        kind = (problem.code, problem.sheet)
        alike[kind] += 1
        if alike[kind] <= MOST_ALIKE:
            last[kind] = len(listed)
            listed.append(problem)
    for kind in [kind for kind, number in alike.items() if number > MOST_ALIKE]:
        listed.append(replace(
            listed[last[kind]], cell="", column="", scenario="",
            found=f"and {alike[kind] - MOST_ALIKE} more like these", remedy="correct the first of them and check again",
        ))  # fmt: skip
    return listed


class LodeplanError(Exception):
    """A problem the planner can act on; anything else that is raised is a bug of ours."""

    exit_code: ClassVar[int] = 1


class InputError(LodeplanError):
    """The workbook has problems. `problems` holds all of them, warnings too."""

    exit_code = 1

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # Another process makes it of its problems, not of its text.


class InfeasibleError(LodeplanError):
    """A scenario has no feasible plan."""

    exit_code = 2


class SolverLimitError(LodeplanError):
    """The solver stopped at a limit, or could not decide."""

    exit_code = 3


class OutputError(LodeplanError):
    """Results could not be written."""

    exit_code = 4
