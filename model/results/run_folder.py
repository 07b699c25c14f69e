"""The folder a run leaves behind. Every file in it appears complete or not at all."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice
from pathlib import Path
from typing import Any

import pandas as pd

from model.errors import LodeplanError, OutputError
from model.workbook.csv_grids import csv_files

_MOST_NAMES = 100

_LONGEST_STEM = 80
"""Characters of the workbook's name that its results folder takes: file systems allow 255 bytes in all."""


def make_folder(wanted: Path | None, root: Path, workbook: Path, began: datetime, *, overwrite: bool = False) -> Path:
    """Make the folder of a run: the wanted one, or `<workbook>-<UTC time>` in `root`.

    Args:
        wanted: the folder that was asked for; one that holds a run already gets a number after its name.
        root: where folders go that were not asked for.
        workbook: the input.
        began: when the run began.
        overwrite: write over the run the wanted folder holds.

    Raises:
        OutputError: the folder holds something else, or cannot be made.
    """
    folder = wanted or root / f"{workbook.stem[:_LONGEST_STEM]}-{began:%Y%m%dT%H%M%SZ}"
    if folder.is_symlink():
        raise OutputError(f"{folder} points to an earlier run, which would be lost; choose another name with --out")
    if workbook.is_dir() and workbook.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise OutputError(f"{folder} is where the input is read from; choose another with --out")
    try:
        folder = refuse_strange_folder(folder, overwrite=overwrite)
    except OSError as error:
        raise OutputError(f"cannot use the folder {folder}: {error.strerror}; choose another with --out") from error
    try:
        (folder / "data").mkdir(parents=True, exist_ok=True)
        (folder / "inputs").mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {folder}: {error.strerror}; choose another with --out") from error
    return folder


def refuse_strange_folder(folder: Path, *, overwrite: bool = False) -> Path:
    """Reject a folder that holds anything but a run, and find a free name where it holds one.

    Raises:
        OutputError: it holds something else: results are never mixed with other files.
    """
    if not folder.is_dir() or not any(folder.iterdir()):
        return folder
    if not (folder / "manifest.json").is_file():
        raise OutputError(f"{folder} holds other files, which a run could overwrite; choose an empty folder with --out")
    return folder if overwrite else _find_free(folder)


def _find_free(path: Path) -> Path:
    """Return the path, or the first like it that is not taken: two runs may begin within a second."""
    taken = (path.with_name(f"{path.name}-{n}") for n in count(2))
    return next(free for free in (path, *islice(taken, _MOST_NAMES)) if not free.exists())


def no_run(folder: Path, error: Exception) -> LodeplanError:
    """Return the message about a folder that is not a run's results folder, or not a complete one."""
    if not folder.is_dir():
        return LodeplanError(f"{folder} is not a folder; name the folder of a run")
    why = f"there is no {error.filename}" if isinstance(error, FileNotFoundError) else "a file in it is damaged"
    return LodeplanError(f"{folder} holds no complete run: {why}; name the folder of a run")


@dataclass(frozen=True)
class Kept:
    """The part of a results folder's manifest that other code relies on.

    Attributes:
        manifest: all of it.
        plans: the entries of the plans.
        files: path within the folder -> SHA-256.
        workbook: the input it keeps.
    """

    manifest: dict[str, Any]
    plans: tuple[dict[str, Any], ...]
    files: dict[str, str]
    workbook: Path

    def changed(self, folder: Path) -> list[str]:
        """Return the files that are missing or have changed since they were written."""
        return [name for name, digest in self.files.items() if _checksum_or_none(folder / name) != digest]


def read_manifest(folder: Path) -> Kept:
    """Read the manifest of a results folder.

    Raises:
        LodeplanError: there is none, it is damaged, or it names files outside the folder.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        plans = tuple(dict(model) for model in manifest["models"] if model["analysis"] == "plan")
        files = {str(name): str(digest) for name, digest in manifest["files"].items()}
        workbook = f"inputs/{manifest['workbook']['name']}"
        wrong = _find_fault(folder, plans, files, workbook)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise no_run(folder, error) from error
    if wrong:
        raise LodeplanError(f"{folder} holds no complete run: {wrong}; name the folder of a run")
    return Kept(manifest, plans, files, folder / workbook)


def _find_fault(folder: Path, plans: tuple[dict[str, Any], ...], files: Mapping[str, str], workbook: str) -> str:
    """Return what makes a manifest unusable or unsafe ("" if nothing does)."""
    if any(not {"scenario", "status"} <= plan.keys() for plan in plans):
        return "a plan without its scenario or status"
    inside = folder.resolve()
    outside = [name for name in (*files, workbook) if inside not in (folder / name).resolve().parents]
    if outside:
        return f"'{outside[0]}' lies outside the folder"
    missing = [name for name in (workbook, "report.html", "report.xlsx") if not _is_listed(name, files)]
    return f"the manifest has no checksum of {missing[0]}" if missing else ""


def _is_listed(name: str, files: Mapping[str, str]) -> bool:
    """Return whether a file has a checksum; `report (2).xlsx` was written while `report.xlsx` was open elsewhere."""
    stem, dot, ending = name.rpartition(".")
    return name in files or any(other.startswith(f"{stem} (") and other.endswith(f"{dot}{ending}") for other in files)


def _checksum_or_none(path: Path) -> str | None:
    return checksum(path) if path.exists() else None


def write_file(path: Path, write: Callable[[Path], object]) -> Path:
    """Write a file under a temporary name and move it into place, or the next free one if that is open.

    Args:
        path: where the file should be.
        write: writes the content to the path it is given.

    Returns:
        Where the file is.
    """
    # Two runs may write to one folder: each has temporary names of its own.
    temporary = path.with_name(f"~{os.getpid()}~{path.name}")
    try:
        write(temporary)
        for n in count(1):
            target = path if n == 1 else path.with_name(f"{path.stem} ({n}){path.suffix}")
            try:
                temporary.replace(target)
            except PermissionError:
                if n == _MOST_NAMES:
                    raise
            else:
                return target
    except OSError as error:
        raise OutputError(
            f"cannot write {path}: {error.strerror}; free space, or choose another folder with --out"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)
    raise AssertionError  # the loop ends in return or raise


def write_table(folder: Path, name: str, table: pd.DataFrame) -> Path:
    """Write a table as CSV with twelve significant digits."""
    return write_file(folder / "data" / f"{name}.csv", lambda path: _write_csv(path, _without_formulas(table)))


def _write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write what `DataFrame.to_csv` writes, column by column, which takes two thirds of the time."""
    columns = [_as_text(values) for _, values in table.items()]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows(zip(*columns, strict=True))


def _as_text(values: pd.Series[Any]) -> list[object]:
    """Return the cells of a column: blanks empty, numbers with twelve significant digits."""
    if values.dtype.kind == "f":
        return ["%.12g" % number if number == number else "" for number in values.to_list()]  # noqa: PLR0124, UP031
    is_blank = values.isna()
    return values.astype(object).mask(is_blank, "").to_list() if is_blank.any() else values.to_list()


def _without_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with an apostrophe before every text that a spreadsheet would run as a formula.

    >>> _without_formulas(pd.DataFrame({"new": ["=1+1", "-5", "plain"]}))["new"].to_list()
    ["'=1+1", '-5', 'plain']
    """
    texts = {
        str(column): values.map(_neutralise)
        for column, values in table.items()
        if values.dtype.kind not in "biuf" and any(map(_is_formula, values.unique()))
    }
    return table.assign(**texts) if texts else table


def _is_formula(value: object) -> bool:
    """Return whether a spreadsheet would run a text; a number with a sign is no formula."""
    if not isinstance(value, str) or not value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return False
    try:
        float(value)
    except ValueError:
        return True
    return False


def _neutralise(value: object) -> object:
    return f"'{value}" if _is_formula(value) else value


def with_formulas(value: str) -> str:
    """Return the text as it was before `write_table` put an apostrophe before it.

    >>> with_formulas("'=1+1"), with_formulas("'quoted'"), with_formulas("plain")
    ('=1+1', "'quoted'", 'plain')
    """
    return value[1:] if value.startswith("'") and _is_formula(value[1:]) else value


def write_manifest(folder: Path, manifest: Mapping[str, object], written: Iterable[Path]) -> Path:
    """Write the manifest, with the checksum of every file (or folder of CSV files) the run has written."""
    files = {path.relative_to(folder).as_posix(): checksum(path) for path in sorted(written)}
    text = json.dumps({**manifest, "files": files}, indent=2, default=str) + "\n"
    return write_file(folder / "manifest.json", lambda path: path.write_text(text, encoding="utf-8"))


def copy_input(folder: Path, workbook: Path) -> Path:
    """Keep a copy of the workbook, or of the folder of CSV files, as it was read."""
    target = folder / "inputs" / workbook.name
    if not workbook.is_dir():
        return write_file(target, lambda path: shutil.copyfile(workbook, path))
    try:
        shutil.rmtree(target, ignore_errors=True)  # Of an earlier run into this folder.
        target.mkdir(exist_ok=True)
        for file in csv_files(workbook):
            shutil.copyfile(file, target / file.name)
    except OSError as error:
        raise OutputError(
            f"cannot write {target}: {error.strerror}; free space, or choose another folder with --out"
        ) from error
    return target


@contextmanager
def snapshot(path: Path) -> Iterator[Path]:
    """Copy the input, so that the same content is checked, solved and kept even if the workbook is saved meanwhile.

    Where it cannot be copied, reading it will say why.
    """
    with tempfile.TemporaryDirectory(prefix="lodeplan-") as aside:
        target = Path(aside) / path.name
        try:
            if path.is_dir():
                target.mkdir()
                for file in csv_files(path):
                    shutil.copyfile(file, target / file.name)
            else:
                shutil.copyfile(path, target)
        except OSError:
            target = path
        yield target


def checksum(path: Path) -> str:
    """SHA-256 of a file, or of a folder's CSV files in the order of their names."""
    digest = hashlib.sha256()
    for file in csv_files(path) if path.is_dir() else [path]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def point_latest(folder: Path, root: Path) -> str:
    """Point `results/latest` at the newest folder: a link, or a text file where the system has no links.

    Returns:
        A notice where neither can be written: the results are there all the same ("" where all is well).
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        target = _path_from(root, folder)
        temporary = root / "~latest"
        temporary.unlink(missing_ok=True)
        try:
            temporary.symlink_to(target, target_is_directory=True)
            _replace_link(temporary, root / "latest")
            (root / "latest.txt").unlink(missing_ok=True)
        except OSError:
            temporary.unlink(missing_ok=True)
            if (root / "latest").is_symlink():  # It points to an older run.
                (root / "latest").unlink()
            (root / "latest.txt").write_text(f"{target}\n", encoding="utf-8")
    except OSError as error:
        return f"{root / 'latest'} cannot point at {folder}: {error.strerror}"
    return ""


def _replace_link(temporary: Path, link: Path) -> None:
    """Replace an earlier link, which Windows does not do by itself if the link is to a folder."""
    try:
        temporary.replace(link)
    except PermissionError:
        if link.is_symlink():
            link.unlink()
        temporary.replace(link)


def _path_from(root: Path, folder: Path) -> str:
    try:
        return os.path.relpath(folder, root)
    except ValueError:  # On another drive of Windows.
        return str(folder.resolve())
