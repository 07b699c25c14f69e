"""The content of a run that is on disk already: for comparing runs, and for writing reports again."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from model import workbook
from model.errors import LodeplanError
from model.report.content import Content, Solved, find_content


def read_content(folder: Path) -> Content:
    """Gather the content of a results folder.

    Raises:
        LodeplanError: the folder holds no complete run.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        base = workbook.read(folder / "inputs" / manifest["workbook"]["name"]).tables
        solved = [
            Solved(model["scenario"], model["status"], model.get("message", ""))
            for model in manifest["models"]
            if model["analysis"] == "plan"
        ]
        tables = {path.stem: _read_table(path) for path in sorted((folder / "data").glob("*.csv"))}
    except (OSError, ValueError, KeyError) as error:
        raise LodeplanError(f"{folder} holds no complete run: {error}") from error
    tables.pop("dictionary", None)
    return find_content(base, solved, tables, manifest.get("warnings", ()), manifest)


def _read_table(path: Path) -> pd.DataFrame:
    """A table as it was written; what looks like nothing in a name is still text."""
    table = pd.read_csv(path, keep_default_na=False, na_values=[""], low_memory=False)
    if "year" in table:
        table["year"] = table["year"].astype("Int64")
    text = ("scenario", "record", "key", "old", "new", "facility", "offer", "financed_by", "segment", "unit")
    for column in text:
        if column in table:
            table[column] = table[column].fillna("").astype(str)
    return table
