"""What manifest.json says of a run as a whole."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from model import __version__
from model.results.run_folder import checksum

LIBRARIES = ("highspy", "pyomo", "pandas", "openpyxl", "numpy")


def begin_manifest(kept: Path, command: Sequence[str], began: datetime) -> dict[str, object]:
    """What is known of a run before anything is solved.

    Args:
        kept: the copy of the input as it was read.
        command: the command line.
        began: when the run began.
    """
    return {
        "tool": {"name": "lodeplan", "version": __version__, "git_commit": _find_commit()},
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "libraries": {name: _find_version(name) for name in LIBRARIES},
        "workbook": {"name": kept.name, "sha256": checksum(kept)},
        "command": list(command),
        "began": began.isoformat(),
    }


def _find_version(package: str) -> str:
    """The version of a package, "" where it is not installed but merely found."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


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
