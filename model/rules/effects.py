"""Numbers that are implausible, and cells that have no effect although a planner would expect one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial

from model.errors import Problem
from model.rules.context import SUM_TOLERANCE, Context, Rule, at, highest
from model.workbook.formatting import amount, in_years, shown
from model.workbook.names import ChangesColumn
from model.workbook.schema import ALL, SETTING, SHEET, SHEETS, Column, Sheet, Value
from model.workbook.suggestions import listed
from model.workbook.tables import Record, YearPath

USUAL = {
    "t/yr": 1e10, "t": 1e11, "USD/t": 1e9, "USD per t/yr": 1e8, "USD per t/yr and year": 1e8, "USD per t and year": 1e8,
    "USD million": 1e7, "multiple": 20.0, "days": 3650.0, "t/t": 1e7, "m3/t": 1e7, "workers per kt/yr": 1e6,
}  # fmt: skip
"""Unit -> the largest plausible amount: more than a year's iron ore, the price of iridium, a large budget."""

LEAST = 1e-9
"""Amounts below this, other than 0, are not realistic quantities or prices; the solver treats them as 0."""


def check_plausible_amounts(context: Context, sheet: Sheet) -> Iterator[Problem]:
    """Every amount of a sheet is in its plausible range, and no share that may be above 1, as a duty, a percentage."""
    columns = [column for column in sheet.columns if _is_judged(column)]
    for record in context.tables.of(sheet.name):
        for cell, rule, value in _cells(record, columns):
            judge = _judge_share if rule.unit == "share" else _judge
            yield from judge(record, cell, rule, value)


PLAUSIBLE_AMOUNTS: tuple[Rule, ...] = tuple(partial(check_plausible_amounts, sheet=sheet) for sheet in SHEETS)
"""The rule on plausible amounts for every sheet."""


def _is_judged(rule: Column) -> bool:
    return rule.unit in USUAL or (rule.unit == "share" and rule.high > 1 and not rule.many)


def _cells(record: Record, columns: Sequence[Column]) -> Iterator[tuple[str, Column, Value | YearPath]]:
    """Yield what is judged in a record: the column or year of each cell, what the schema says of it, and its value."""
    for column in columns:
        yield column.key, column, record[column.key]
    setting = SETTING.get(record.text("setting")) if record.sheet == "settings" else None
    if setting and _is_judged(setting):
        yield "value", setting, record["value"]
    years = SHEET[record.sheet].years
    rule = years.rule(record.values.get(years.depends_on)) if years else None
    if rule and _is_judged(rule):
        for year, number in record.given.items():
            yield str(year), rule, number


def _judge_share(record: Record, cell: str, rule: Column, value: object) -> Iterator[Problem]:
    numbers = value.values() if isinstance(value, dict) else (value,)
    share = max((float(number) for number in numbers if isinstance(number, int | float)), default=0.0)
    if 1 < share < float("inf"):
        yield at(
            record, cell, "W650", f"the share {shown(share)}", f"{rule.description}: 1 is 100 %",
            f"for {shown(share)} percent type {share / 100:.10g}, or keep it if it is right",
        )  # fmt: skip


def _judge(record: Record, cell: str, column: Column, value: object) -> Iterator[Problem]:
    numbers = value.values() if isinstance(value, dict) else (value,)
    most = USUAL.get(column.unit)
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int | float) or abs(number) == float("inf"):
            continue
        if most is not None and number > most:
            yield at(
                record, cell, "W620", f"{number:.4g} {column.unit}", f"more than {most:g} {column.unit} is implausible",
                "check the number and its unit, or keep it if it is right",
            )  # fmt: skip
            return
        if 0 < abs(number) < LEAST:
            yield at(
                record, cell, "W621", f"{number:.4g} {column.unit}".strip(), "the solver takes so small a number for 0",
                "type 0, or check the unit",
            )  # fmt: skip
            return


def check_years_of_rows(context: Context) -> Iterator[Problem]:
    """The year columns of a sheet lie in the horizon; a number outside it only distorts interpolation."""
    if context.is_scenario:
        return
    first, last = context.years[0], context.years[-1]
    for sheet in SHEETS:
        outside: dict[int, Record] = {}
        for record in context.tables.of(sheet.name):
            years = [year for year in record.given if str(year) in record.cells]
            if years and not any(year in context.years for year in years):
                yield at(
                    record, str(min(years)), "W622",
                    f"the only numbers of '{record.label}' are of {', '.join(map(str, sorted(years)))}",
                    f"the horizon is {first} to {last}: the nearest of them holds in every year of it",
                    "type the number in a year of the horizon",
                )  # fmt: skip
                continue
            for year in years:
                if year not in context.years:
                    outside.setdefault(year, record)
        for year, record in sorted(outside.items()):
            yield at(
                record, str(year), "W623", f"the year {year} has numbers",
                f"the horizon is {first} to {last}: they only decide what is interpolated inside it",
                "correct the year, or keep it if it is meant",
            )  # fmt: skip


def check_repeated_changes(context: Context) -> Iterator[Problem]:
    """No row of changes is repeated, since it would be applied twice."""
    columns: tuple[ChangesColumn, ...] = ("scenario", "sheet", "where", "column", "years", "operation", "value")
    first: dict[tuple[str, ...], Record] = {}
    for row in context.tables["changes"]:
        other = first.setdefault(tuple(row.text(column) for column in columns), row)
        if other is not row:
            yield at(
                row, "scenario", "E430", f"row {row.row} repeats row {other.row}",
                "every row of changes is applied, so a repeated one applies twice",
                "delete one of the two rows, or put what they do together in one",
            )  # fmt: skip


def check_total_rows(context: Context) -> Iterator[Problem]:
    """No row is the sum of the others, since all demand would be counted twice."""
    rows: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in context.tables["demand"]:
        rows[record.text("material"), record.text("region")].append(record)
    for group in rows.values():
        for record in group if len(group) > 2 else ():
            others = [other for other in group if other is not record]
            sums = {year: sum(other.years[year] for other in others) for year in context.years}
            if any(sums.values()) and all(
                abs(record.years[year] - total) <= SUM_TOLERANCE * total for year, total in sums.items()
            ):
                yield at(
                    record, "segment", "W624",
                    f"'{record['segment']}' is the sum of {listed(other.text('segment') for other in others)}",
                    "every row of demand counts, so a row of totals doubles the demand",
                    "delete the row, or set its active to no",
                )  # fmt: skip


def check_zero_prices(context: Context) -> Iterator[Problem]:
    """Everything that is sold has a price above 0."""
    for price in context.tables["prices"]:
        years = [year for year in context.years if price.years[year] == 0]
        if years:
            yield at(
                price, "material", "W625", f"the price of '{price.label}' is 0{in_years(years, context.years)}",
                "a plant that sells it earns nothing, and a purchase at the price is free",
                "type the price, or delete the row if the material has none",
            )  # fmt: skip


def check_limited_routes(context: Context) -> Iterator[Problem]:
    """An export limit applies to some route."""
    routes = {route.key for route in context.tables["routes"]}
    for limit in context.tables["export_limits"]:
        wanted = [limit.text(column) for column in ("from_region", "to_region", "material")]
        if not any(all(w == ALL or has in (w, ALL) for w, has in zip(wanted, key, strict=True)) for key in routes):
            yield at(
                limit, "limit", "W626", f"'{limit.label}' limits no route",
                "it holds on the routes from from_region to to_region that carry the material",
                "correct its selectors, or delete the row",
            )  # fmt: skip


def check_free_breaches(context: Context) -> Iterator[Problem]:
    """Missing a rule costs something; otherwise the rule has no effect."""
    for sheet, column in (
        ("exposure_caps", "breach_usd_per_t"), ("mix_targets", "breach_usd_per_t"),
        ("stockpiles", "cover_breach_usd_per_t"),
    ):  # fmt: skip
        for record in context.tables.of(sheet):
            if record.number(column) == 0:
                yield at(
                    record, column, "W627", "missing the rule costs 0 USD/t", "then the rule has no effect",
                    "type a price per tonne, or clear the cell for a rule that must hold",
                )  # fmt: skip


def check_idle_cells(context: Context) -> Iterator[Problem]:
    """Cells of a facility that have no effect given the rest of its row."""
    first = context.years[0]
    for facility in context.tables["facilities"]:
        earliest = facility["earliest_decision_year"]
        builds = facility.number("max_new_tpa") > 0
        if isinstance(earliest, int | float) and earliest < first:
            yield at(
                facility, "earliest_decision_year", "W628", shown(earliest),
                f"the plan decides from {first} on, so an earlier year has no effect", "correct it, or clear the cell",
            )  # fmt: skip
        if not builds and facility.number("ramp_years") > 0:
            yield at(
                facility, "ramp_years", "W629", f"{shown(facility.number('ramp_years'))} years",
                "only new capacity ramps up: what exists is stated year by year",
                "give the capacity_tpa of each year in facility_paths, or clear the cell",
            )  # fmt: skip
        if (
            not builds
            and facility["status"] != "candidate"
            and highest(facility, "max_new_tpa_per_year") < float("inf")
        ):
            yield at(
                facility, "max_new_tpa_per_year", "W630",
                f"{amount(highest(facility, 'max_new_tpa_per_year'))} t/yr, and max_new_tpa is 0",
                "a plant that exists is enlarged only up to max_new_tpa, which is 0 where it is blank",
                "type max_new_tpa too, or clear the cell",
            )  # fmt: skip


def check_covered_demand(context: Context) -> Iterator[Problem]:
    """A stock that must cover demand is in a region with demand."""
    for stock in context.tables["stockpiles"]:
        place = (stock.text("material"), stock.text("region"))
        if stock.number("min_cover_days") > 0 and not any(context.demand.get(place, {}).values()):
            yield at(
                stock, "min_cover_days", "W632", f"nobody demands '{place[0]}' in '{place[1]}'",
                "the cover counts days of the demand for the material in the region, so it has no effect",
                "cover a material that is demanded, or set final_t or initial_t instead",
            )  # fmt: skip
