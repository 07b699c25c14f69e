"""The workbook that comes with lodeplan: in `inputs/` of a checkout, inside the package where it is installed."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

from model.errors import LodeplanError, OutputError

NAME = "us_critical_minerals.xlsx"


def find_shipped_workbook() -> Path:
    """Find the shipped workbook.

    >>> find_shipped_workbook().name
    'us_critical_minerals.xlsx'
    """
    package = Path(str(resources.files("model")))
    places = (package / "inputs", package.parent / "inputs")  # installed (see pyproject.toml), or in a checkout
    return next(place / NAME for place in places if (place / NAME).exists())


def copy_example(path: Path) -> Path:
    """Write a copy of the shipped workbook, never over an existing file.

    Raises:
        LodeplanError: the name is taken or does not end in .xlsx.
        OutputError: the copy cannot be written.
    """
    refuse_as_new_workbook(path)
    temporary = path.with_name(f"~{path.name}")
    try:
        shutil.copyfile(find_shipped_workbook(), temporary)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OutputError(f"cannot write {path}: {error.strerror}; choose another folder") from error
    return path


def refuse_as_new_workbook(path: Path) -> None:
    """Reject a name for a new workbook that is taken or does not end in .xlsx.

    Raises: LodeplanError: it is rejected.
    """
    if path.suffix.lower() != ".xlsx":
        raise LodeplanError(f"the name of a workbook ends in .xlsx, but '{path}' does not; choose another name")
    if path.exists():
        raise LodeplanError(f"{path} already exists; choose another name")
