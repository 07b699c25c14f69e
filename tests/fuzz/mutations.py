"""Other things typed into cells of the small world: junk, and other numbers."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.fuzz.worlds import grids_of, write_grids
from tests.support.sheets import columns_of, small_world

WORDS = (
    "", " ", ";", ",", ", ;", "*", "*, a", "none", "None", "NA", "-", "yes", "no", "ja", "1,200", "1.200", "0,15",
    "15 %", "5 t", "1e3", "1e999", "nan", "inf", "-0", "2026", "2026.5", "2026-2030", "'5", "#REF!", "=A1", "=1/0",
    "USA", "CHN", "usa", "ndpr_oxide", "NdPr oxide", "ndpr_oxide; ndpr_concentrate", "base", "home", "candidate",
    "material=ndpr_oxide", "copper\u00a0", "\u0441opper", "\u2013", "\uff11", "<b>", "${x}", "{{ x }}", "a" * 300,
    "\ufeff", "\u202e",
)  # fmt: skip
"""What planners type by mistake, what other programs leave behind, and what is meant to do harm."""


@dataclass(frozen=True)
class Mutation:
    """A value typed into a cell of the small world; row 1 holds the keys."""

    sheet: str
    row: int
    column: str | int
    value: object


def write_mutated(mutations: Sequence[Mutation], path: Path) -> Path:
    """Write the small world with mutations."""
    grids = grids_of(small_world())
    for m in mutations:
        grid, place = grids[m.sheet], columns_of(small_world()[m.sheet]).index(m.column)
        if m.row > len(grid):
            grid.append([None] * len(grid[0]))
        grid[m.row - 1][place] = m.value
    return write_grids(grids, path)


def draw_mutations(chance: random.Random) -> list[Mutation]:
    """Between one and six cells of the small world with something else in them."""
    places = [
        (sheet, row, column)
        for sheet, rows in small_world().items()
        for row in range(1, len(rows) + 2)
        for column in columns_of(rows)
    ]
    chosen = chance.sample(places, chance.randint(1, 6))
    return [Mutation(sheet, row, column, draw_junk(chance)) for sheet, row, column in chosen]


def draw_junk(chance: random.Random) -> object:
    """Something that may stand in a cell: a word, a number of any size, a truth value, a date, or nothing."""
    day = date(1950, 1, 1) + timedelta(days=chance.randrange(60_000))
    return chance.choice([
        chance.choice(WORDS),
        chance.choice(WORDS),
        chance.choice((0, 1, -1, 25, 0.95, 2026, 10**12)),
        chance.choice((-1, 1)) * 10 ** chance.uniform(-12, 24),
        "".join(chr(chance.choice((32, 0xA0, 0x2000)) + chance.randrange(95)) for _ in range(chance.randint(1, 9))),
        chance.random() < 0.5,
        datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None),
        None,
    ])  # fmt: skip


def draw_numbers(chance: random.Random) -> list[Mutation]:
    """Between one and four numbers of the small world that are others: nothing, a little off, or far off."""
    places = [
        (sheet, row, column, value)
        for sheet, rows in small_world().items()
        if sheet not in ("scenarios", "changes")
        for row, record in enumerate(rows, start=2)
        for column, value in record.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    chosen = chance.sample(places, chance.randint(1, 4))
    return [
        Mutation(sheet, row, column, value * chance.choice((0, 0.5, 2, 10 ** chance.uniform(-9, 9))))
        for sheet, row, column, value in chosen
    ]
