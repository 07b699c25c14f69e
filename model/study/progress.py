"""How a run shows its progress: stages, the parts of a stage, and the seconds each took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Progress:
    """How a run shows its progress; this class shows nothing."""

    def stage(self, title: str) -> None:
        """Show that a stage begins."""

    def done(self, seconds: float) -> None:
        """Show that the stage is over."""

    def advance(self, line: str, done: int, of: int) -> None:
        """Show that one of several parts of the stage is over."""


class Clock:
    """Times the stages of a run.

    Attributes:
        progress: informed of every stage.
        seconds: title of a stage -> seconds it took.
    """

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def time(self, title: str) -> Iterator[None]:
        """Time one stage."""
        self.progress.stage(title)
        began = time.perf_counter()
        try:
            yield
        finally:  # Also where the stage is broken off: the bar must not stay.
            self.seconds[title] = time.perf_counter() - began
            self.progress.done(self.seconds[title])
