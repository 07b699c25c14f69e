"""The folder a run leaves behind. Every file in it appears whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import count, islice
from pathlib import Path

import pandas as pd

from model.errors import LodeplanError, OutputError
from model.workbook.grids import csv_files

_MOST_NAMES = 100


def make_folder(wanted: Path | None, root: Path, workbook: Path, began: datetime) -> Path:
    """Make the folder of a run: the wanted one, or `<workbook>-<UTC time>` in `root`."""
    folder = wanted or _find_free(root / f"{workbook.stem}-{began:%Y%m%dT%H%M%SZ}")
    if folder.is_symlink():
        raise OutputError(f"{folder} points to an earlier run, which would be lost; choose another name with --out")
    if workbook.is_dir() and workbook.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise OutputError(f"{folder} is where the input is read from; choose another with --out")
    try:
        (folder / "data").mkdir(parents=True, exist_ok=True)
        (folder / "inputs").mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {folder}: {error.strerror}; choose another with --out") from error
    return folder


def _find_free(path: Path) -> Path:
    """The path, or the first like it that is not taken: two runs may begin within a second."""
    taken = (path.with_name(f"{path.name}-{n}") for n in count(2))
    return next(free for free in (path, *islice(taken, _MOST_NAMES)) if not free.exists())


def no_run(folder: Path, error: Exception) -> LodeplanError:
    """What to say of a folder that is not the results of a run, or not all of them."""
    if not folder.is_dir():
        return LodeplanError(f"{folder} is no folder; name the folder of a run")
    why = f"there is no {error.filename}" if isinstance(error, FileNotFoundError) else repr(error)
    return LodeplanError(f"{folder} holds no complete run: {why}; name the folder of a run")


def write_file(path: Path, write: Callable[[Path], object]) -> Path:
    """Write a file under a temporary name and move it into place, or the next free one if that is open.

    Args:
        path: where the file should be.
        write: writes the content to the path it is given.

    Returns:
        Where the file is.
    """
    temporary = path.with_name(f"~{path.name}")
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
    return write_file(
        folder / "data" / f"{name}.csv",
        lambda path: table.to_csv(path, index=False, float_format="%.12g", lineterminator="\n"),
    )


def write_manifest(folder: Path, manifest: Mapping[str, object], written: Iterable[Path]) -> Path:
    """Write the manifest, with the checksum of every file (or folder of CSV files) the run has written."""
    files = {path.relative_to(folder).as_posix(): checksum(path) for path in sorted(written)}
    text = json.dumps({**manifest, "files": files}, indent=2, default=str) + "\n"
    return write_file(folder / "manifest.json", lambda path: path.write_text(text, encoding="utf-8"))


def copy_input(folder: Path, workbook: Path) -> Path:
    """Keep a copy of the workbook, or of the folder of CSV files, as it was read."""
    target = folder / "inputs" / workbook.name
    if workbook.is_dir():
        shutil.rmtree(target, ignore_errors=True)  # Of an earlier run into this folder.
        target.mkdir(exist_ok=True)
        for file in csv_files(workbook):
            shutil.copyfile(file, target / file.name)
        return target
    return write_file(target, lambda path: shutil.copyfile(workbook, path))


def checksum(path: Path) -> str:
    """SHA-256 of a file, or of a folder's CSV files in the order of their names."""
    digest = hashlib.sha256()
    for file in csv_files(path) if path.is_dir() else [path]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def point_latest(folder: Path, root: Path) -> None:
    """Let `results/latest` point at the newest folder: a link, or a text file where the system has no links.

    Raises:
        OutputError: neither can be written; the results are there all the same.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        target = _path_from(root, folder)
        temporary = root / "~latest"
        temporary.unlink(missing_ok=True)
        try:
            temporary.symlink_to(target, target_is_directory=True)
            temporary.replace(root / "latest")
        except OSError:
            temporary.unlink(missing_ok=True)
            (root / "latest.txt").write_text(f"{target}\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"the results are in {folder}, but {root / 'latest'} cannot point there: {error.strerror}"
        ) from error


def _path_from(root: Path, folder: Path) -> str:
    try:
        return os.path.relpath(folder, root)
    except ValueError:  # On another drive of Windows.
        return str(folder.resolve())
