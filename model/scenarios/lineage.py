"""The sheet `scenarios`: plans, shocks, and what each is based on."""

from __future__ import annotations

from model.errors import Problem
from model.workbook.tables import Record, Tables

BASE = "base"
"""The name of the workbook as it stands, where there is no sheet of scenarios."""


def plans(base: Tables) -> list[str]:
    """Return the plans to run, in sheet order; without any in the workbook, the workbook as it stands."""
    every = [record for record in base["scenarios"] if record.active and record["kind"] == "plan"]
    return [record.text("scenario") for record in every if record["run"] and record["scenario"]] if every else [BASE]


def every_plan(base: Tables) -> list[str]:
    """Return the plans to run, then those that are run only where they are asked for."""
    idle = [
        record.text("scenario")
        for record in base["scenarios"]
        if record.active and record["kind"] == "plan" and not record["run"] and record["scenario"]
    ]
    return [*plans(base), *idle]


def shocks(base: Tables) -> list[str]:
    """Return the shocks to test plans against, in sheet order."""
    return [
        record.text("scenario")
        for record in base["scenarios"]
        if record.active and record["run"] and record["kind"] == "shock"
    ]


def scenario_records(base: Tables) -> dict[str, Record]:
    """Return the rows of the sheet `scenarios` by their names."""
    return {record.text("scenario"): record for record in base["scenarios"] if record["scenario"]}


def find_owners(base: Tables, names: tuple[str, ...], problems: list[Problem]) -> dict[str, str]:
    """Return the scenarios and their ancestors in the order they apply -> the one for whose sake each applies."""
    by_name = scenario_records(base)
    order: dict[str, str] = {}
    for name in names:
        for ancestor in _lineage(by_name, name, problems):
            order.setdefault(ancestor, name)
    return order


def find_shocks_among(base: Tables, owners: dict[str, str], first_year: int) -> dict[str, int]:
    """Return the shocks that apply -> the year from which they and the one that is based on them are known."""
    by_name = scenario_records(base)
    return {
        name: max(known_from(by_name[each], first_year) for each in (name, purpose))
        for name, purpose in owners.items()
        if by_name[name]["kind"] == "shock"
    }


def _lineage(scenarios: dict[str, Record], name: str, problems: list[Problem]) -> list[str]:
    """The ancestors of a scenario and itself, in the order they apply, without those that are inactive or unknown."""
    order: list[str] = []
    path: list[str] = []

    def visit(record: Record) -> None:
        path.append(record.text("scenario"))
        for parent in record.names("based_on"):
            if parent in path:
                problems.append(_cycle(record, [*path[path.index(parent) :], parent]))
            elif parent in scenarios and not scenarios[parent].active:
                problems.append(_inactive_parent(record, parent))
            elif parent in scenarios and parent not in order:
                visit(scenarios[parent])
        order.append(path.pop())

    if name in scenarios and scenarios[name].active:
        visit(scenarios[name])
    return order


def _cycle(record: Record, names: list[str]) -> Problem:
    found = " based on ".join(f"'{name}'" for name in names)
    return Problem(
        "E415", "scenarios", record.cells.get("based_on", ""), "based_on", found,
        "a scenario cannot be based on itself", "remove the circular reference in based_on", record.text("scenario"),
    )  # fmt: skip


def _inactive_parent(record: Record, parent: str) -> Problem:
    return Problem(
        "W551", "scenarios", record.cells.get("based_on", ""), "based_on", f"'{parent}' is inactive",
        "the changes of an inactive scenario do not apply",
        "leave it out of based_on, or set its active to yes (and run to no if it is only a building block)",
        record.text("scenario"),
    )  # fmt: skip


def known_from(scenario: Record, first_year: int) -> int:
    """The first year in which decisions can react to a shock; to a plan, as to one without that year, the first."""
    year = scenario["known_from_year"]
    return int(year) if scenario["kind"] == "shock" and isinstance(year, int | float) else first_year
