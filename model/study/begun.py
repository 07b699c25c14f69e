"""A run that has begun, from which its reports are written, and a run that is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from model.analyses.findings import Findings
from model.analyses.pool import Pool
from model.analyses.register import exit_code_of_findings
from model.errors import INTERRUPTED, Problem
from model.results import run_folder
from model.study.progress import Clock
from model.study.reading import Study
from model.study.scenario_outcome import Outcome
from model.study.writing import problems_of, write_run


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
        interrupted: whether the planner stopped it before all was done.
        notice: what else there is to say ("" for nothing).
    """

    folder: Path
    outcomes: list[Outcome]
    findings: list[Findings]
    problems: list[Problem]
    seconds: dict[str, float] = field(default_factory=dict)
    report: Path | None = None
    interrupted: bool = False
    notice: str = ""

    @property
    def exit_code(self) -> int:
        """0 where every scenario has a plan, else the code of the gravest outcome."""
        return _exit_code(self.outcomes, self.findings, INTERRUPTED if self.interrupted else 0)


@dataclass
class Begun:
    """A run whose workbook has been read.

    Attributes:
        study: the workbook, and what is asked.
        folder: where the results go.
        root: where the link to the newest results is.
        copied: the copy of the input in the folder.
        manifest: what is known of the run before anything is solved.
        clock: times the stages.
        outcomes: of every plan, once they are solved.
        findings: of every analysis that is done.
        waiting: names of the analyses that are done after the reports are written for the first time.
        interrupted: whether the planner has stopped it.
    """

    study: Study
    folder: Path
    root: Path
    copied: Path
    manifest: dict[str, object]
    clock: Clock
    outcomes: list[Outcome] = field(default_factory=list)
    findings: list[Findings] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    interrupted: bool = False

    @property
    def plans(self) -> tuple[str, ...]:
        """The plans that have a solution."""
        return tuple(outcome.scenario for outcome in self.outcomes if outcome.status == "optimal")

    @property
    def exit_code(self) -> int:
        """The exit code of what is there."""
        return _exit_code(self.outcomes, self.findings)

    def write(self, pool: Pool, on_page: Callable[[], None] | None = None) -> Run:
        """Write the reports of what is there.

        Args:
            pool: writes several files at the same time.
            on_page: called as soon as the page is written, which is then written first.
        """
        report = write_run(
            self.folder, self.copied, self.study, self.outcomes, self.findings, self.manifest, self.clock, pool,
            self.waiting, on_page,
        )  # fmt: skip
        notice = run_folder.point_latest(self.folder, self.root)
        problems = problems_of(self.study, self.findings)
        return Run(
            self.folder, self.outcomes, self.findings, problems, self.clock.seconds, report, self.interrupted, notice
        )


def _exit_code(outcomes: Sequence[Outcome], findings: Sequence[Findings], least: int = 0) -> int:
    """Return the exit code of the gravest outcome."""
    of_plans = (outcome.exit_code for outcome in outcomes)
    return max((*of_plans, *map(exit_code_of_findings, findings), least), default=0)
