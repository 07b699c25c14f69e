"""Numbers of a workbook nudged, and what that does to the cost of a plan once it is made again.

    python -m tests.support.influence [how many]

solves the shipped reference again with each of the twenty most influential numbers a little smaller and a
little larger, and prints the two slopes beside the one that is reported.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from model.results.influence import find_influence
from model.results.plan import SolvedPlan, solve_to_ask, state_plan
from model.results.plan_parts import Influence
from model.scenarios.merge import merge
from model.shipped import find_shipped_workbook
from model.solver.highs import Session
from model.solver.start import Start
from model.study.reading import open_study
from model.workbook.tables import Tables

STEP = 1e-4
"""A hundredth of a percent: far above the solver's tolerance, and small enough to meet few kinks."""

MOST = 20


def nudged(tables: Tables, one: Influence, step: float) -> Tables:
    """The tables with a number a little larger."""
    copy = tables.copy()
    sheet, label, column = one.sheet, one.record, one.column
    if sheet == "facility_paths":
        sheet, (label, column) = "facilities", label.split("/")
    record = next(record for record in copy[sheet] if record.label == label)
    if column == "years":
        record.years = {year: (1 + step) * value for year, value in record.years.items()}
    elif isinstance(record.values[column], dict):
        record.values[column] = {year: (1 + step) * value for year, value in record.values[column].items()}
    else:
        record.values[column] = (1 + step) * record.number(column)
    return copy


@dataclass(frozen=True)
class Slopes:
    """What ten percent more of a number does to the cost, USD million.

    Attributes:
        number: with what is reported for it.
        below, above: by making the plan again with a little less, and a little more, of it.
    """

    number: Influence
    below: float
    above: float

    @property
    def is_between(self) -> bool:
        """Whether what is reported is the slope on one side, or, at a kink, between both."""
        assert self.number.usd_million is not None
        slack = 1e-3 * max(abs(self.below), abs(self.above))
        low, high = sorted((self.below, self.above))
        return low - slack <= self.number.usd_million <= high + slack

    @property
    def is_smooth(self) -> bool:
        """Whether both sides are alike, within a hundredth."""
        return abs(self.above - self.below) <= 1e-2 * max(abs(self.below), abs(self.above))


def find_slopes(tables: Tables, asked: SolvedPlan, numbers: Sequence[Influence]) -> Iterator[Slopes]:
    """Make a plan again with each number a little smaller and a little larger."""
    start, usual = asked.solved.start, asked.plan.objective
    for one in numbers:
        below, above = (
            0.1 * (_solve(nudged(tables, one, step), start) - usual) / step for step in (-STEP, STEP)
        )  # fmt: skip
        yield Slopes(one, below, above)


def _solve(tables: Tables, start: Start) -> float:
    session = Session(state_plan(tables).program)
    session.start_near(start)
    return session.solve(duals=False).objective


def find_most_influential(most: int) -> tuple[Tables, SolvedPlan, list[Influence]]:
    """The shipped reference, solved, and the numbers that matter most to it of those without jumps."""
    tables = merge(open_study(find_shipped_workbook()).tables, "reference").tables
    asked = solve_to_ask(tables)
    return tables, asked, [one for one in find_influence(asked) if not one.jumps][:most]


def main(arguments: list[str]) -> None:
    """Print the slopes of the numbers that matter most."""
    tables, asked, numbers = find_most_influential(int(arguments[0]) if arguments else MOST)
    print(f"{'number':64} {'reported':>12} {'a little less':>14} {'a little more':>14}")  # noqa: T201
    for found in find_slopes(tables, asked, numbers):
        one = found.number
        name = f"{one.sheet} {one.record} {one.column}"[:64]
        word = "" if found.is_between and found.is_smooth else "kink" if found.is_between else "differs"
        print(f"{name:64} {one.usd_million:12.3f} {found.below:14.3f} {found.above:14.3f} {word}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
