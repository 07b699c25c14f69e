"""The entries of manifest.json about a run as a whole."""

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
    """Return what is known of a run before anything is solved.

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
    """Return the version of a package, "" where it is not installed but merely found."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _find_commit() -> str:
    """Return the commit of the tool, with `+edits` where the checkout has been edited since; "" outside a checkout.

    A checkout of something else, in which lodeplan is merely installed, is not lodeplan's.
    """
    home = Path(__file__).resolve().parents[2]
    try:
        top = _ask_git("rev-parse", "--show-toplevel", folder=home)
        if Path(top).resolve() != home:
            return ""
        edits = "+edits" if _ask_git("status", "--porcelain", "--untracked-files=no", folder=home) else ""
        return _ask_git("rev-parse", "HEAD", folder=home) + edits
    except (OSError, subprocess.CalledProcessError):
        return ""


def _ask_git(*words: str, folder: Path) -> str:
    done = subprocess.run(  # noqa: S603 - the words are this module's own
        ["git", *words], cwd=folder, capture_output=True, text=True, check=True,  # noqa: S607 - where the planner has it
    )  # fmt: skip
    return done.stdout.strip()
