"""A search for input that breaks lodeplan: `python -m tests.fuzz --cells 2000 --files --seconds 600 --seed 1`.

A try types junk into a few cells of a small workbook, reads it and checks every scenario. Whatever is typed, the answer
must be a list of problems, each with a known code and a place, or none, in reasonable time, and no text may be taken
for a number without a word. `--solved` more tries type other numbers, and solve what is accepted: the plan must have no
negative quantity, and a reason where there is none. `--files` damages the file itself: archives with parts that are
cut, swapped, emptied or blown up, and CSV files.

A fault is reduced to as few cells as still show it, or to the smallest file, which is kept. The same seed makes the
same tries, so that a fault can be looked at again. The tests run a few of them (tests/test_fuzz.py).
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import random
import re
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from model.errors import InputError, Problem
from model.study.reading import Study, open_study
from model.study.scenario_outcome import Outcome, try_scenario
from model.workbook.codes import CODES
from model.workbook.schema import SHEET
from tests.support.edits import edited, put
from tests.support.sheets import columns_of, small_world, write_csv, write_xlsx

SLOW = 20.0
"""Seconds after which reading and checking a small workbook counts as hanging."""

MOST_MEMORY = 1.5e9
"""Bytes that all tries together may have taken at a time."""

SIGNED = {("balances", "downgraded_t"), ("import_reliance", "released_t")}
"""Quantities that may be negative: what is taken less what is given."""

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
        tries: workbooks with mutated cells that were read; `solved` of them were solved, `files` are damaged files.
        codes: how often each code was reported.
        faults: what went wrong -> the fewest mutations that still show it.
        damaged: what went wrong -> the smallest file that shows it: its name and content.
    """

    tries: int = 0
    solved: int = 0
    files: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[Mutation]] = field(default_factory=dict)
    damaged: dict[str, tuple[str, bytes]] = field(default_factory=dict)


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


def find_fault(
    mutations: Sequence[Mutation], folder: Path, search: Search | None = None, *, solve: bool = False
) -> str:
    """Read and check the mutated world, and solve it where it is accepted; describe the fault, "" for none."""
    path = edited(folder / "mutated.xlsx", *(put(m.sheet, m.row, m.column, m.value) for m in mutations))
    study: Study | None = None

    def read() -> Sequence[Problem]:
        nonlocal study
        study = open_study(path)
        return study.problems

    problems, fault = try_to_read(read, search)
    if fault or study is None:
        return fault
    taken = find_taken(mutations, problems)
    if taken or not solve:
        return taken
    if search is not None:
        search.solved += 1
    return next(filter(None, (find_fault_of_plan(study, name) for name in study.scenarios)), "")


def try_to_read(read: Callable[[], Sequence[Problem]], search: Search | None = None) -> tuple[Sequence[Problem], str]:
    """Read something, and describe the fault this shows, "" for none."""
    began = time.monotonic()
    try:
        problems = read()
    except InputError as error:
        problems = error.problems
    except Exception as error:  # noqa: BLE001 - any other exception is what is looked for
        last = traceback.extract_tb(error.__traceback__)[-1]
        return (), f"{type(error).__name__} in {Path(last.filename).name}, {last.name}"
    if search is not None:
        search.codes.update(problem.code for problem in problems)
    if time.monotonic() - began > SLOW:
        return problems, f"reading took more than {SLOW:.0f} s"
    return problems, next((fault for problem in problems if (fault := find_fault_of_message(problem))), "")


def find_taken(mutations: Sequence[Mutation], problems: Sequence[Problem]) -> str:
    """Describe a text that was taken for a number without a word, "" where there is none."""
    reported = {(problem.sheet, problem.column) for problem in problems}
    for m in mutations:
        is_year = isinstance(m.column, int)
        column = SHEET[m.sheet].by_key.get(str(m.column))
        is_number = m.row > 1 and (is_year or (column is not None and column.is_number))
        is_odd = isinstance(m.value, str) and bool(m.value.strip()) and not _is_plain(m.value)
        if is_number and is_odd and not reported & {(m.sheet, str(m.column)), (m.sheet, "")}:
            return f"{m.value!r} was taken for a number in {m.sheet}, {m.column}"
    return ""


def _is_plain(text: str) -> bool:
    """Whether a text is a number as anyone would read it, or says that there is no limit."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return text.strip().casefold() in ("none", "na", "-", "active")


def find_fault_of_plan(study: Study, scenario: str) -> str:
    """Solve an accepted world; describe what is wrong with its plan, "" for nothing."""
    began = time.monotonic()
    outcome = try_scenario((study.tables, scenario, SLOW))
    if outcome.status in ("failed", "lost"):
        return f"the plan failed: {outcome.message}"
    if time.monotonic() - began > SLOW + 5:
        return f"solving took more than {SLOW:.0f} s"
    return find_negative(outcome) if outcome.status == "optimal" else "" if outcome.message else "no plan, no reason"


def find_negative(outcome: Outcome) -> str:
    """Name a table with tonnes below nothing, "" for none."""
    for name, table in outcome.tables.items():
        for key in table.columns:
            is_quantity = key.endswith(("_t", "t_per_year")) or key == "t"
            if is_quantity and not key.startswith("usd") and (name, key) not in SIGNED and (table[key] < 0).any():
                return f"a negative quantity in {name}, {key}"
    return ""


def find_fault_of_message(problem: Problem) -> str:
    """Describe what is wrong with a message itself, "" for nothing."""
    if problem.code not in CODES:
        return f"{problem.code} is not a known code"
    if problem.sheet and problem.sheet not in SHEET and problem.code != "E109":
        return f"{problem.code} names a sheet that does not exist"
    if not all((problem.found, problem.rule, problem.remedy)):
        return f"{problem.code} leaves out what was found, the rule or the remedy"
    return ""


def reduce_mutations(mutations: list[Mutation], fault: str, folder: Path, *, solve: bool = False) -> list[Mutation]:
    """Leave out mutations one after the other as long as the same fault shows."""
    for mutation in list(mutations):
        fewer = [one for one in mutations if one is not mutation]
        if fewer and find_fault(fewer, folder, solve=solve) == fault:
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
            fault = find_fault(mutations, folder, search)
            if fault and fault not in search.faults:
                search.faults[fault] = reduce_mutations(mutations, fault, folder)
    return search


# --- Plans -----------------------------------------------------------------------------------------------------------


def search_plans(search: Search, solved: int, seconds: float, seed: int) -> None:
    """Try other numbers in the small world until enough of what is accepted was solved or the seconds are used up."""
    ends = time.monotonic() + seconds
    tries = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        while search.solved < solved and time.monotonic() < ends:
            mutations = draw_numbers(random.Random(f"{seed}/plan/{tries}"))
            tries += 1
            search.tries += 1
            fault = find_fault(mutations, folder, search, solve=True)
            if fault and fault not in search.faults:
                search.faults[fault] = reduce_mutations(mutations, fault, folder, solve=True)


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


# --- Damaged files ---------------------------------------------------------------------------------------------------


def search_files(search: Search, tries: int, seconds: float, seed: int) -> None:
    """Try damaged files until the tries or the seconds are used up; for each fault keep the smallest file."""
    ends = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sound = write_xlsx(small_world(), folder / "sound.xlsx").read_bytes()
        tables = {file.name: file.read_bytes() for file in write_csv(small_world(), folder / "sound").iterdir()}
        while search.files < tries and time.monotonic() < ends:
            chance = random.Random(f"{seed}/file/{search.files}")
            search.files += 1
            damaged = damage_archive(sound, chance) if chance.random() < 0.7 else None
            if damaged is not None:
                path = folder / "damaged.xlsx"
                path.write_bytes(damaged)
            else:
                path = folder / "damaged"
                file, damaged = damage_table(tables, chance)
                write_csv(small_world(), path)
                (path / file).write_bytes(damaged)
            _, fault = try_to_read(lambda: open_study(path).problems, search)  # noqa: B023 - it is called at once
            if fault and len(damaged) < len(search.damaged.get(fault, ("", damaged + b" "))[1]):
                search.damaged[fault] = (path.name if path.is_file() else file, damaged)


def damage_archive(content: bytes, chance: random.Random) -> bytes:
    """An Excel file with something wrong in it: bytes, parts, or what a part says."""
    how = chance.choice(("cut", "flip", "drop", "empty", "swap", "edit", "edit", "edit", "repeat"))
    if how == "cut":
        return content[: chance.randrange(len(content))]
    if how == "flip":
        return flipped(content, chance)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    one, other = chance.sample(sorted(parts), 2)
    if how == "drop":
        del parts[one]
    elif how == "empty":
        parts[one] = b""
    elif how == "swap":
        parts[one], parts[other] = parts[other], parts[one]
    else:
        parts[one] = edit_part(parts[one], chance, repeat=how == "repeat")
    damaged = io.BytesIO()
    with zipfile.ZipFile(damaged, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return damaged.getvalue()


def edit_part(part: bytes, chance: random.Random, *, repeat: bool) -> bytes:
    """A part with an attribute or a tag that says something else, or said many times."""
    places = list(re.finditer(rb'="[^"]*"|<[^<>]+>', part))
    if not places:
        return part
    place = chance.choice(places)
    if repeat:
        return part[: place.end()] + place.group() * chance.choice((2, 1000, 20000)) + part[place.end() :]
    new = chance.choice((
        b'=""', b'="0"', b'="-1"', b'="99999999999999999999"', b'="x"', b'="A1:XFD1048576"', b'="s"', b'="e"', b'="b"',
        b"", b'="1e309"', '="\u0430"'.encode(), b"<", b"<x>", b"&b;",
    ))  # fmt: skip
    return part[: place.start()] + new + part[place.end() :]


def damage_table(tables: dict[str, bytes], chance: random.Random) -> tuple[str, bytes]:
    """A CSV file with something wrong in it, and its name."""
    name = chance.choice(sorted(tables))
    content = tables[name]
    how = chance.choice(("cut", "flip", "quote", "code", "wide", "marks"))
    if how == "cut":
        content = content[: chance.randrange(len(content) + 1)]
    elif how == "flip":
        content = flipped(content, chance)
    elif how == "quote":
        place = chance.randrange(len(content) + 1)
        content = content[:place] + b'"' + content[place:]
    elif how == "code":
        content = content.decode().encode(chance.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp037")))
    elif how == "wide":
        content = content.replace(b"\n", b"," * chance.choice((1, 300, 20000)) + b"\n")
    else:
        text = io.StringIO()
        csv.writer(text, delimiter=chance.choice(";\t|")).writerows(csv.reader(io.StringIO(content.decode())))
        content = text.getvalue().encode()
    return name, content


def flipped(content: bytes, chance: random.Random) -> bytes:
    """The content with up to twenty bytes that are others."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def keep_faults(search: Search, folder: Path) -> list[Path]:
    """Write the workbook or file of every fault."""
    if search.faults or search.damaged:
        folder.mkdir(parents=True, exist_ok=True)
    kept = [
        edited(folder / f"fault_{number}.xlsx", *(put(m.sheet, m.row, m.column, m.value) for m in mutations))
        for number, mutations in enumerate(search.faults.values(), start=1)
    ]
    for number, (name, content) in enumerate(search.damaged.values(), start=len(kept) + 1):
        kept.append(folder / f"fault_{number}_{name}")
        kept[-1].write_bytes(content)
    return kept


def find_peak_memory() -> float:
    """Find the most memory this process has had, in bytes; 0 on systems that do not count it."""
    try:
        import resource  # noqa: PLC0415 - not there on every system
    except ImportError:  # On Windows.
        return 0.0
    return 1024.0 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(arguments: Sequence[str]) -> int:
    """Search, print a summary, and return 1 where there are faults."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Search for input that breaks lodeplan.")
    parser.add_argument("--cells", type=int, default=2000, metavar="N", help="workbooks with mutated cells to try")
    parser.add_argument("--solved", type=int, default=0, metavar="N", help="workbooks with other numbers to solve")
    parser.add_argument("--files", type=int, nargs="?", const=100, default=0, metavar="N",
                        help="damaged files to try (100 where no number is given)")  # fmt: skip
    parser.add_argument("--seconds", type=float, default=600.0, metavar="S", help="stop after this time")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another seed makes other tries")
    parser.add_argument(
        "--keep", type=Path, default=Path("results/fuzz"), metavar="FOLDER", help="where faults are kept"
    )
    asked = parser.parse_args(arguments)
    ends = time.monotonic() + asked.seconds
    search = search_cells(asked.cells, asked.seconds, asked.seed)
    search_plans(search, asked.solved, ends - time.monotonic(), asked.seed)
    search_files(search, asked.files, ends - time.monotonic(), asked.seed)
    memory = find_peak_memory()
    print(f"{search.tries} workbooks, {search.solved} of them solved, {search.files} damaged files; "
          f"{search.codes.total()} problems of {len(search.codes)} kinds reported; {memory / 1e6:.0f} MB")  # fmt: skip
    described = [(fault, list(map(str, mutations))) for fault, mutations in search.faults.items()]
    described += [(fault, [f"a file of {len(content)} bytes"]) for fault, (_, content) in search.damaged.items()]
    for path, (fault, lines) in zip(keep_faults(search, asked.keep), described, strict=True):
        print(f"fault: {fault} ({path})", *lines, sep="\n  ")
    too_large = memory > MOST_MEMORY
    if too_large:
        print(f"fault: more than {MOST_MEMORY / 1e9} GB of memory")
    print(f"{len(described) + too_large} faults")
    return 1 if described or too_large else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
