"""An open-ended search for input that breaks lodeplan: `python -m tests.fuzz --cells 2000 --seconds 600 --seed 1`.

Each try types junk into a few cells of a small workbook, reads it and checks every scenario. Whatever is typed, the
answer must be a list of problems, each with a known code and a place, or none, and it must come in reasonable time;
anything else is a fault. A fault is reduced to as few cells as still show it, and its workbook is kept. The same seed
makes the same tries, so that a fault can be looked at again. The tests run a few of them (tests/test_fuzz.py).
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from model.errors import InputError, Problem
from model.study.reading import open_study
from model.workbook.codes import CODES
from model.workbook.schema import SHEET
from tests.support.edits import edited, put
from tests.support.sheets import columns_of, small_world

SLOW = 20.0
"""Seconds after which reading and checking a small workbook counts as hanging."""

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


@dataclass
class Search:
    """What a search has seen.

    Attributes:
        tries: workbooks read.
        codes: how often each code was reported.
        faults: what went wrong -> the fewest mutations that still show it.
    """

    tries: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[Mutation]] = field(default_factory=dict)


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


def find_fault(mutations: Sequence[Mutation], folder: Path, codes: Counter[str] | None = None) -> str:
    """Read and check the mutated world; describe the fault this brings to light, "" for none."""
    path = edited(folder / "mutated.xlsx", *(put(m.sheet, m.row, m.column, m.value) for m in mutations))
    began = time.monotonic()
    try:
        problems: Sequence[Problem] = open_study(path).problems
    except InputError as error:
        problems = error.problems
    except Exception as error:  # noqa: BLE001 - any other exception is what is looked for
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(last.filename).name}, {last.name}"
    if codes is not None:
        codes.update(problem.code for problem in problems)
    if time.monotonic() - began > SLOW:
        return f"reading took more than {SLOW:.0f} s"
    return next((fault for problem in problems if (fault := find_fault_of_message(problem))), "")


def find_fault_of_message(problem: Problem) -> str:
    """Describe what is wrong with a message itself, "" for nothing."""
    if problem.code not in CODES:
        return f"{problem.code} is not a known code"
    if problem.sheet and problem.sheet not in SHEET and problem.code != "E109":
        return f"{problem.code} names a sheet that does not exist"
    if not all((problem.found, problem.rule, problem.remedy)):
        return f"{problem.code} leaves out what was found, the rule or the remedy"
    return ""


def reduce_mutations(mutations: list[Mutation], fault: str, folder: Path) -> list[Mutation]:
    """Leave out mutations one after the other as long as the same fault shows."""
    for mutation in list(mutations):
        fewer = [one for one in mutations if one is not mutation]
        if fewer and find_fault(fewer, folder) == fault:
            mutations = fewer
    return mutations


def search_cells(tries: int, seconds: float, seed: int) -> Search:
    """Try mutated workbooks until the tries or the seconds are used up."""
    search, ends = Search(), time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        while search.tries < tries and time.monotonic() < ends:
            # Each try has a seed of its own: the n-th is the same however many come before it.
            mutations = draw_mutations(random.Random(f"{seed}/{search.tries}"))
            search.tries += 1
            fault = find_fault(mutations, folder, search.codes)
            if fault and fault not in search.faults:
                search.faults[fault] = reduce_mutations(mutations, fault, folder)
    return search


def keep_faults(search: Search, folder: Path) -> list[Path]:
    """Write the workbook of every fault."""
    if search.faults:
        folder.mkdir(parents=True, exist_ok=True)
    return [
        edited(folder / f"fault_{number}.xlsx", *(put(m.sheet, m.row, m.column, m.value) for m in mutations))
        for number, mutations in enumerate(search.faults.values(), start=1)
    ]


def main(arguments: Sequence[str]) -> int:
    """Search, print a summary, and return 1 where there are faults."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Search for input that breaks lodeplan.")
    parser.add_argument("--cells", type=int, default=2000, metavar="N", help="workbooks with mutated cells to try")
    parser.add_argument("--seconds", type=float, default=600.0, metavar="S", help="stop after this time")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another seed makes other tries")
    parser.add_argument(
        "--keep", type=Path, default=Path("results/fuzz"), metavar="FOLDER", help="where faults are kept"
    )
    asked = parser.parse_args(arguments)
    search = search_cells(asked.cells, asked.seconds, asked.seed)
    print(f"{search.tries} workbooks, {search.codes.total()} problems of {len(search.codes)} kinds reported")
    for path, (fault, mutations) in zip(keep_faults(search, asked.keep), search.faults.items(), strict=True):
        print(f"fault: {fault} ({path})", *mutations, sep="\n  ")
    print(f"{len(search.faults)} faults")
    return 1 if search.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
