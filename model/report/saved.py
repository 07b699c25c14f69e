"""The content of a run that is on disk already: for comparing runs, and for writing reports again."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path

import pandas as pd

from model.errors import LodeplanError
from model.report.content import Content, find_content
from model.report.scenario import Solved
from model.results.columns import RESULT_TABLES, is_table
from model.results.run_folder import no_run, read_manifest, with_formulas
from model.workbook import reader
from model.workbook.tables import Tables


def read_run(folder: Path) -> tuple[Content, Tables]:
    """Gather the content of a results folder, and read the workbook it keeps.

    Raises:
        LodeplanError: the folder holds no complete run, or one of another version.
    """
    kept = read_manifest(folder)
    changed = [name for name in kept.changed(folder) if name.startswith(("data/", "inputs/"))]
    if changed:
        raise LodeplanError(f"{folder / changed[0]} has changed since it was written; run its workbook again")
    try:
        base = reader.read(kept.workbook).tables
        solved = [Solved(str(model["scenario"]), str(model["status"]), str(model.get("message", "")))
                  for model in kept.plans]  # fmt: skip
        tables = dict(read_table(folder / name) for name in kept.files if name.startswith("data/"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise no_run(folder, error) from error
    tables.pop("dictionary", None)
    return find_content(base, solved, tables, kept.manifest.get("warnings", ()), kept.manifest), base


def read_table(path: Path) -> tuple[str, pd.DataFrame]:
    """A table as it was written, and its name; a name that looks like a number, or like nothing, is still text."""
    # `summary (2).csv` was written while `summary.csv` was open elsewhere.
    name = path.stem.partition(" ")[0]
    with path.open(encoding="utf-8") as file:
        columns = file.readline().strip().split(",")
    if not is_table(name) and name != "dictionary":
        raise LodeplanError(f"{path} is a table of another version of lodeplan; run its workbook again")
    known = RESULT_TABLES[name] if is_table(name) else ()
    missing = [column.key for column in known if column.key not in columns]
    if missing:
        raise LodeplanError(
            f"{path} has no column {missing[0]}: another version of lodeplan wrote it; run its workbook again"
        )
    text = {"scenario", *(column.key for column in known if column.is_text)}
    blank = {column: [""] for column in columns if column not in text}
    # A type for a column that is not there would be an error.
    kinds: dict[Hashable, str] = {column: "str" for column in columns if column in text}
    table = pd.read_csv(path, dtype=kinds, keep_default_na=False, na_values=blank)
    for column in kinds:
        table[column] = table[column].map(with_formulas)
    if "year" in table:
        table["year"] = table["year"].astype("Int64")
    return name, table
