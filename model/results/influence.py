"""What ten percent more of each number of the workbook does to the cost, from the plan and its prices alone.

At an optimum a small change of the data moves the cost by `dc'x - y'(dA x - db)`: what decisions answer to it is of
second order (envelope theorem; Milgrom and Segal 2002, doi 10.1111/1468-0262.00296). Ten percent are that slope.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean

from model.data import PlanningData
from model.results.columns import Row
from model.results.influence_costs import Ledger, Number, add_costs, facility_number
from model.results.influence_rows import add_rows
from model.results.plan import Plan, SolvedPlan
from model.results.plan_parts import Influence
from model.workbook.evidence import Evidence
from model.workbook.tables import Record

TEN_PERCENT = 0.1

SMALLEST = 1e-4
"""An influence below a hundred dollars (in USD million) is not listed."""

FINANCED_BY = frozenset({
    "variable_usd_per_t", "fixed_usd_per_tpa_year", "capex_usd_per_tpa", "premium", "utilisation", "credit_usd_per_t",
    "grant_share",
})  # fmt: skip
"""Columns of a commercial facility that decide whether, and at which support, it can be financed."""

SIZES = frozenset({"capacity_tpa", "offtake_share", "utilisation"})
"""Columns that contracts in force and limits on groups read too."""


def influence(plan: Plan) -> Iterator[Row]:
    """Yield the numbers that move the cost, the most influential first, then those that only jump."""
    for found in plan.influence:
        yield (found.rank, found.sheet, found.record, found.column, found.value, found.source, found.confidence,
               found.usd_million, "yes" if found.jumps else "no")  # fmt: skip


def find_influence(asked: SolvedPlan) -> tuple[Influence, ...]:
    """Return the influence of every number on the discounted cost; nothing where the setting `influence` is no."""
    plan, data = asked.plan, asked.plan.data
    if data.lookup.tables.setting("influence") is not True:
        return ()
    ledger = Ledger()
    add_costs(ledger, plan)
    add_rows(ledger, plan, asked.solved)
    known = _Records(data)
    moving = {number: TEN_PERCENT * x for number, x in ledger.amounts.items() if abs(TEN_PERCENT * x) > SMALLEST}
    order = sorted((number for number in moving if number in known), key=lambda number: (-abs(moving[number]), number))
    found = [known.describe(number, rank, moving[number]) for rank, number in enumerate(order, 1)]
    return (*found, *(known.describe(number, None, None) for number in _that_only_jump(data)))


def _that_only_jump(data: PlanningData) -> Iterator[Number]:
    """Numbers that decide who can be financed, and nothing else that a slope would show."""
    financed = [f.name for f in data.lookup.facilities.values() if f.commercial]
    if financed:
        yield "settings", "lender_price_haircut", "value"
    yield from (facility_number(data, f, "hurdle_rate") for f in financed)


class _Records:
    """The place, source and confidence of numbers, and which of them also decide who can be financed."""

    def __init__(self, data: PlanningData) -> None:
        self._data, tables = data, data.lookup.tables
        self._records = {(record.sheet, record.label): record for record in tables}
        self._evidence = Evidence(tables["sources"])
        self._commercial = {f.name for f in data.lookup.facilities.values() if f.commercial}
        self._in_force = {record.text("facility") for record in tables["contracts_in_force"]}
        self._grouped = {f for builds in data.groups.standing.values() for f, *_ in builds}
        self._priced = {
            i for f in data.lookup.facilities.values() if f.commercial
            for i in (f.output, *f.inputs, *f.coproducts)
        }  # fmt: skip

    def __contains__(self, number: object) -> bool:
        assert isinstance(number, tuple)
        return number[:2] in self._records

    def describe(self, number: Number, rank: int | None, usd_million: float | None) -> Influence:
        """Return a number with its value, source and confidence."""
        record = self._records[number[:2]]
        return Influence(
            rank,
            *number,
            _value_of(record, number[2]),
            self._evidence.source_of(record, number[2]),
            self._evidence.of(record, number[2]),
            usd_million,
            usd_million is None or self._jumps(number),
        )

    def _jumps(self, number: Number) -> bool:
        """Return whether a number also decides something that jumps, which its slope leaves aside."""
        sheet, record, column = number
        if sheet == "prices":
            return record in self._priced
        f, _, quantity = record.partition("/")
        if sheet == "recipes":
            return f in self._commercial
        column = quantity if sheet == "facility_paths" else column
        if sheet not in ("facilities", "facility_paths"):
            return False
        return (f in self._commercial and column in FINANCED_BY) or (
            f in self._in_force | self._grouped and column in SIZES
        )


def _value_of(record: Record, column: str) -> float | None:
    """Return a number, or the mean of a path over the plan."""
    value = record.years if column == "years" else record.values.get(column)
    if isinstance(value, dict):
        numbers = [float(each) for each in value.values() if isinstance(each, int | float)]
        return fmean(numbers) if numbers else None
    return float(value) if isinstance(value, int | float) else None
