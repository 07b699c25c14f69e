"""Two runs side by side: what changed in the inputs, what changed in the results, and both reports for both."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from model.errors import OutputError
from model.report import write_reports
from model.report.content import COMPARED_TABLES, FIRST, SECOND, Content
from model.report.differences import SHARES, award_changes, mineral_changes, project_changes
from model.report.saved import read_run
from model.report.sheets import COMPARED_RUNS
from model.results import run_folder
from model.workbook.formatting import shown
from model.workbook.schema import SHEETS
from model.workbook.tables import Record, Tables

RELATIVE = 1e-6
"""Results that differ by less than the solver's tolerance are the same."""


def write_comparison(first: Path, second: Path, folder: Path, show: Callable[[str], object]) -> Path:
    """Compare two results folders; the page of the comparison.

    Args:
        first: the results of a run.
        second: those of another.
        folder: where the comparison goes.
        show: receives a line for each plan whose two results cannot be compared.

    Raises:
        LodeplanError: a folder holds no run, or the comparison could not be written.
    """
    (one, old), (two, new) = read_run(first), read_run(second)
    for run in (first, second):
        if folder.resolve() == run.resolve() or run.resolve() in folder.resolve().parents:
            raise OutputError(f"{folder} lies in one of the runs that are compared; choose another folder with --out")
    folder = run_folder.refuse_strange_folder(folder)
    content = compare(one, two, (old, new))
    try:
        (folder / "data").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {folder}: {error.strerror}; choose another with --out") from error
    for name in COMPARED_TABLES:
        run_folder.write_table(folder, name, content.rows(name))
    run_folder.write_table(folder, "dictionary", _describe_columns())
    for notice in find_unlike(one, two):
        show(notice)
    return write_reports(folder, content)[0]


def _describe_columns() -> pd.DataFrame:
    """Return the dictionary of the tables of a comparison, in the form of that of a run."""
    rows = [
        (table.name, column.key, column.unit, column.description) for table in COMPARED_RUNS for column in table.columns
    ]
    return pd.DataFrame(rows, columns=["table", "column", "unit", "description"])


def compare(first: Content, second: Content, inputs: tuple[Tables, Tables]) -> Content:
    """One content that shows both runs; scenarios are named after their run, the first run is the base.

    Args:
        first: content of one run.
        second: content of the other.
        inputs: the workbooks as they were read.
    """
    sides = {FIRST: first, SECOND: second}
    tables = {
        name: pd.concat(
            [_named(side, content.tables.get(name, pd.DataFrame())) for side, content in sides.items()],
            ignore_index=True,
        )
        for name in {**first.tables, **second.tables}
    }
    return Content(
        title=f"{first.title} ({FIRST}) and {second.title} ({SECOND})",
        years=tuple(sorted({*first.years, *second.years})),
        report_years=tuple(sorted({*first.report_years, *second.report_years})),
        index_from=first.index_from,
        price_year=first.price_year if first.price_year == second.price_year else None,
        concern_label=first.concern_label,
        scenarios=tuple(
            replace(scenario, name=f"{side}/{scenario.name}", title=f"{side}: {scenario.title}")
            for side, content in sides.items()
            for scenario in content.scenarios
        ),
        tables=tables | {
            "input_changes": input_changes(*inputs), "mineral_changes": mineral_changes(first, second),
            "project_changes": project_changes(first, second), "award_changes": award_changes(first, second),
            "result_changes": result_changes(first, second),
        },
        # Where a name or a good changed, the second run's counts: input_changes lists the change.
        names={sheet: {**first.names[sheet], **second.names[sheet]} for sheet in first.names},
        places={**first.places, **second.places},
        short_titles={**first.short_titles, **second.short_titles} | {
            f"{side}/{name}": f"{side}: {words}"
            for side, content in sides.items()
            for name, words in content.short_titles.items()
        },
        steps=first.steps | second.steps,
        materials={**first.materials, **second.materials},
        plants={**first.plants, **second.plants},
        limited={**first.limited, **second.limited},
        parts=tuple(
            row._replace(scenario=f"{side}/{row.scenario}") for side, run in sides.items() for row in run.parts
        ),
        inputs=tuple(
            row._replace(scenario=f"{side}/{row.scenario}") for side, run in sides.items() for row in run.inputs
        ),
        pots_in_force={
            (f"{side}/{scenario}", contract): pot
            for side, run in sides.items()
            for (scenario, contract), pot in run.pots_in_force.items()
        },
        budgets=tuple(
            row._replace(scenario=f"{side}/{row.scenario}") for side, run in sides.items() for row in run.budgets
        ),
        assumptions=second.assumptions,
        grades=second.grades,
        range_assumed=second.range_assumed,
        warnings=(
            *find_unlike(first, second),
            *(f"{warning} ({side})" for side, content in sides.items() for warning in content.warnings),
        ),
        manifest={side: _without_files(content.manifest) for side, content in sides.items()},
    )  # fmt: skip


def find_unlike(first: Content, second: Content) -> list[str]:
    """The plans whose costs cannot be compared, and why, in a sentence each; first those that one run lacks."""
    before, after = ({scenario.name: scenario for scenario in content.solved} for content in (first, second))
    alone = [
        f"{name}: only the {run} run has a plan, so that there is nothing to compare"
        for run, here, there in (("first", before, after), ("second", after, before))
        for name in here
        if name not in there
    ]
    return alone + [
        f"{one.name}: the results of the two runs are not compared: {unlike} (first and second run)"
        for one in first.solved
        if one.name in after and (unlike := one.unlike(after[one.name]))
    ]


def _named(side: str, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(scenario=side + "/" + rows["scenario"].astype(str)) if len(rows) else rows


def _without_files(manifest: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in manifest.items() if key not in ("files", "warnings", "models")}


def input_changes(first: Tables, second: Tables) -> pd.DataFrame:
    """Every cell that differs between two workbooks; a row that is in one only is one line."""
    rows = [row for sheet in SHEETS for row in _changed_rows(first, second, sheet.name)]
    return pd.DataFrame(rows, columns=["sheet", "record", "column", FIRST, SECOND])


def _changed_rows(first: Tables, second: Tables, sheet: str) -> Iterator[tuple[str, str, str, str, str]]:
    before, after = _by_key(first, sheet), _by_key(second, sheet)
    for key in dict.fromkeys([*before, *after]):
        if key not in after:
            yield sheet, key, "", "there", "not there"
        elif key not in before:
            yield sheet, key, "", "not there", "there"
        else:
            old, new = _cells(before[key]), _cells(after[key])
            for column in dict.fromkeys([*old, *new]):
                if old.get(column, "") != new.get(column, ""):
                    yield sheet, key, column, old.get(column, ""), new.get(column, "")


def _by_key(tables: Tables, sheet: str) -> dict[str, Record]:
    """Records by their label; those of a sheet without a key by their content, so that moved rows are the same."""
    found: dict[str, Record] = {}
    for record in tables.of(sheet):
        label = record.label if record.key else ", ".join(filter(None, _cells(record).values()))
        label += f" ({', '.join(record.scenarios)})" if record.scenarios else ""
        while label in found:
            label += " (again)"
        found[label] = record
    return found


def _cells(record: Record) -> dict[str, str]:
    """Columns and given years of a record, as text."""
    values = record.values  # noqa: PD011 - a record is no DataFrame
    cells = {column: shown(value) for column, value in values.items() if not isinstance(value, dict)}
    return cells | {str(year): shown(value) for year, value in record.given.items()}


def result_changes(first: Content, second: Content) -> pd.DataFrame:
    """Measures over the whole horizon of the scenarios that both runs solved, and what they changed by.

    Where a plan has another horizon, discount rate or price year in the other run, there is no change to speak of.
    """
    sides = [content.rows("summary") for content in (first, second)]
    columns = ["scenario", "measure", "unit"]
    if any(not len(rows) for rows in sides):
        return pd.DataFrame(columns=[*columns, FIRST, SECOND, "change"])
    totals = [rows[rows["year"].isna()][[*columns, "value"]] for rows in sides]
    # Shares of minerals have a table of their own, and what one run does not measure cannot have changed.
    totals = [rows[~rows["measure"].str.startswith(tuple(SHARES))] for rows in totals]
    both = totals[0].merge(totals[1], on=columns, how="inner", suffixes=(f"_{FIRST}", f"_{SECOND}"), sort=False)
    both = both.rename(columns={f"value_{FIRST}": FIRST, f"value_{SECOND}": SECOND})
    both["change"] = both[SECOND] - both[FIRST]
    both.loc[both["change"].abs() <= RELATIVE * both[FIRST].abs().clip(lower=1e-9), "change"] = 0.0
    after = {scenario.name: scenario for scenario in second.solved}
    unlike = [one.name for one in first.solved if one.name in after and one.unlike(after[one.name])]
    both.loc[both["scenario"].isin(unlike), "change"] = math.nan
    return both
