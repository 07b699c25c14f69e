"""Console output for the stages of a run."""

from __future__ import annotations

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import TaskID

from model.study.progress import Progress


class ConsoleProgress(Progress):
    """Numbered stages with seconds; on a terminal a live bar, in a pipe plain lines."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, markup=False, soft_wrap=True)
        self._bar = Bar(console=self._console, transient=True, disable=not self._console.is_terminal)
        self._task: TaskID | None = None
        self._number = 0

    def stage(self, title: str) -> None:
        """Print the number and title of a stage."""
        self._number += 1
        self._console.print(f"{self._number} {title}")

    def done(self, seconds: float) -> None:
        """Print the seconds of the stage."""
        self._bar.stop()
        self._task = None
        self._console.print(f"  {seconds:.1f} s")

    def advance(self, line: str, done: int, of: int) -> None:
        """Print the line of a scenario and move the bar."""
        if self._task is None:
            self._bar.start()
            self._task = self._bar.add_task("scenarios", total=of)
        self._bar.update(self._task, completed=done)
        self._console.print(f"  {line}")
