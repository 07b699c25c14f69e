"""The frame of the plan: the years, the home region, the scenarios."""

from __future__ import annotations

from collections.abc import Iterator

from model.errors import Problem
from model.rules.context import Context, at
from model.workbook.formatting import in_years, shown
from model.workbook.schema import NO_LIMIT
from model.workbook.suggestions import listed
from model.workbook.tables import Record, Tables

LONGEST_HORIZON = 100
"""Years; a longer horizon is most likely a typing error."""


def check_horizon(tables: Tables) -> Iterator[Problem]:
    """The horizon runs forward and is not too long to solve."""
    if not tables.knows_horizon:
        return
    first, last = int(tables.number("first_year")), int(tables.number("last_year"))
    cell = next((r.cells.get("value", "") for r in tables["settings"] if r["setting"] == "last_year"), "")
    if last < first:
        yield Problem(
            "E313", "settings", cell, "value", f"last_year {last} is before first_year {first}",
            "a plan has at least one year", "correct first_year or last_year",
        )  # fmt: skip
    elif last - first >= LONGEST_HORIZON:
        yield Problem(
            "E314", "settings", cell, "value", f"{first} to {last} is {last - first + 1} years",
            f"a plan has at most {LONGEST_HORIZON} years", "correct first_year or last_year",
        )  # fmt: skip


def check_home(context: Context) -> Iterator[Problem]:
    """Exactly one region is home, in every year."""
    homes = {
        year: [n for n, r in context.regions.items() if r.at("standing", year) == "home"] for year in context.years
    }
    for names in sorted({tuple(found) for found in homes.values() if len(found) != 1}):
        years = in_years((year for year, found in homes.items() if tuple(found) == names), context.years)
        rule, remedy = "exactly one region is home", "give one region the standing home, and no other"
        if names:
            last = context.regions[names[-1]]
            yield at(last, "standing", "E315", f"{listed(names)} are home{years}", rule, remedy)
        elif not context.every.may_hold("regions", standing="home"):
            yield Problem("E315", "regions", "", "standing", f"no region is home{years}", rule, remedy)


def check_probabilities(context: Context) -> Iterator[Problem]:
    """The probabilities of the shocks that are run add up to at most 1."""
    shocks = [record for record in context.tables["scenarios"] if record["kind"] == "shock" and record["run"]]
    total = sum(record.number("probability") for record in shocks)
    if total > 1 + 1e-9:
        yield at(
            shocks[-1], "probability", "E316",
            f"the probabilities of {listed(r.label for r in shocks)} add up to {shown(total)}",
            "together they are at most 1, the rest is no shock", "lower them, or set run to no for some",
        )  # fmt: skip


def check_years_outside(context: Context) -> Iterator[Problem]:
    """Years that say when something starts lie in the horizon."""
    awards = (("support_offers", "first_award_year"), ("support_offers", "last_award_year"))
    places = (*awards, ("scenarios", "known_from_year"))
    for sheet, column in places:
        for record in context.tables.of(sheet):
            year = record[column]
            if isinstance(year, int | float) and year not in context.years:
                yield at(record, column, "W531", *_outside(context, year), "correct it, or leave it blank")
    for facility in context.tables["facilities"]:
        year = facility.number("online_year")
        if facility["status"] != "candidate" and context.years[-1] < year < NO_LIMIT:
            yield at(facility, "online_year", "W531", *_outside(context, year), "correct it, or set active to no")
    yield from _check_years_of_settings(context)


def _check_years_of_settings(context: Context) -> Iterator[Problem]:
    year_of_index = context.tables.setting("frontier_from_year")
    if isinstance(year_of_index, int | float) and year_of_index > context.years[-1]:
        record = _setting(context, "frontier_from_year")
        yield at(record, "value", "W531", *_outside(context, year_of_index), "correct it, or leave it blank")
    report_years = context.tables.setting("report_years")
    shown_years = [float(year) for year in report_years] if isinstance(report_years, tuple) else []
    outside = [year for year in shown_years if year not in context.years]
    if outside:
        remedy = "the report does not show them: correct or delete them"
        yield at(_setting(context, "report_years"), "value", "W531", *_outside(context, *outside), remedy)


def _setting(context: Context, name: str) -> Record:
    return next(record for record in context.tables["settings"] if record["setting"] == name)


def _outside(context: Context, *years: float) -> tuple[str, str]:
    return shown(years), f"the horizon is {context.years[0]} to {context.years[-1]}"
