"""The search: tries by the thousand, what they showed, and the fewest cells or smallest file that shows it again."""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from model.errors import Problem
from tests.fuzz import faults
from tests.fuzz.faults import find_fault_of_plan, find_lost, find_silent, find_taken, try_to_read
from tests.fuzz.files import damage_archive, damage_table
from tests.fuzz.meaning import Meaning
from tests.fuzz.mutations import Mutation, draw_mutations, draw_numbers, write_mutated
from tests.fuzz.slips import Slip, draw_slip
from tests.fuzz.worlds import Grids, grids_of, write_grids
from tests.independent.random_rules import world_with_rules
from tests.support.sheets import small_world, write_csv, write_xlsx

MOST_MEMORY = 1.5e9
"""Bytes that the tries may have taken at a time."""

RANDOM_WORLDS = 28
"""Worlds with many rules in which typing errors are made; those with later numbers are left to others."""


@dataclass(frozen=True)
class Example:
    """What shows a fault: the name and content of a file, and what was done to it."""

    name: str
    content: bytes
    lines: tuple[str, ...]


@dataclass
class Search:
    """What a search has seen.

    Attributes:
        cells, slips, files: workbooks with junk in cells, with one typing error, and damaged files that were read.
        numbers, solved: workbooks with other numbers that were read, and those of them that were solved.
        accepted: workbooks with one typing error that were accepted.
        codes: how often each code was reported.
        examples: what went wrong -> what shows it.
        memory, largest: most bytes this process has had, and the try in which it first had them.
        seconds, slowest: processor time of the slowest try, and its name.
    """

    cells: int = 0
    slips: int = 0
    files: int = 0
    numbers: int = 0
    solved: int = 0
    accepted: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    examples: dict[str, Example] = field(default_factory=dict)
    memory: float = field(default_factory=lambda: find_peak_memory())  # noqa: PLW0108 - it is stated below
    largest: str = "none"
    seconds: float = 0.0
    slowest: str = "none"

    @contextmanager
    def measured(self, name: str) -> Iterator[None]:
        """Note what a try takes."""
        began = time.process_time()
        yield
        seconds = time.process_time() - began
        if seconds > self.seconds:
            self.seconds, self.slowest = seconds, name
        if (memory := find_peak_memory()) > self.memory:
            self.memory, self.largest = memory, name

    def count(self, problems: Sequence[Problem]) -> None:
        """Count the codes of problems."""
        self.codes.update(problem.code for problem in problems)


def find_peak_memory() -> float:
    """Find the most memory this process has had, in bytes; 0 on systems that do not count it."""
    try:
        import resource  # noqa: PLC0415 - not there on every system
    except ImportError:  # On Windows.
        return 0.0
    return 1024.0 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def search(seed: int, seconds: float, cells: int = 0, slips: int = 0, solved: int = 0, files: int = 0) -> Search:
    """Try as many workbooks of each sort, and solve as many; stop earlier where the seconds are used up."""
    found, ends = Search(), time.monotonic() + seconds
    parts = (
        ("cells", cells, try_cells),
        ("slips", slips, Slips().try_one),
        ("solved", solved, partial(try_cells, solve=True)),
        ("files", files, Files().try_one),
    )
    with tempfile.TemporaryDirectory() as name:
        for kind, wanted, attempt in parts:
            tries = 0
            while getattr(found, kind) < wanted and time.monotonic() < ends:
                # Each try has a seed of its own: the n-th is the same however many come before it.
                label = f"{seed}/{kind}/{tries}"
                with found.measured(label):
                    attempt(random.Random(label), Path(name), found)
                tries += 1
    return found


# --- Junk and other numbers ------------------------------------------------------------------------------------------


def try_cells(chance: random.Random, folder: Path, search: Search, *, solve: bool = False) -> None:
    """Try junk in a few cells, or other numbers, which are solved where they are accepted."""
    mutations = draw_numbers(chance) if solve else draw_mutations(chance)
    if solve:
        search.numbers += 1
    else:
        search.cells += 1
    fault = find_fault(mutations, folder, search, solve=solve)
    if fault and fault not in search.examples:
        fewest = reduce_mutations(mutations, fault, folder, solve=solve)
        content = write_mutated(fewest, folder / "fewest.xlsx").read_bytes()
        search.examples[fault] = Example("cells.xlsx", content, tuple(map(str, fewest)))


def find_fault(
    mutations: Sequence[Mutation], folder: Path, search: Search | None = None, *, solve: bool = False
) -> str:
    """Read and check the mutated world, and solve it where it is accepted; describe the fault, "" for none."""
    read = try_to_read(write_mutated(mutations, folder / "mutated.xlsx"))
    if search is not None:
        search.count(read.problems)
    fault = read.fault or find_taken(mutations, read.problems)
    if fault or read.study is None or not solve:
        return fault
    if search is not None:
        search.solved += 1
    return next(filter(None, (find_fault_of_plan(read.study, name) for name in read.study.scenarios)), "")


def reduce_mutations(mutations: list[Mutation], fault: str, folder: Path, *, solve: bool = False) -> list[Mutation]:
    """Leave out mutations one after the other as long as the same fault shows."""
    for mutation in list(mutations):
        fewer = [one for one in mutations if one is not mutation]
        if fewer and find_fault(fewer, folder, solve=solve) == fault:
            mutations = fewer
    return mutations


# --- One typing error ------------------------------------------------------------------------------------------------


@dataclass
class Slips:
    """Tries of one typing error; the worlds they are made in are read once."""

    worlds: dict[tuple[int, str], tuple[Grids, Sequence[Problem], Meaning]] = field(default_factory=dict)

    def try_one(self, chance: random.Random, folder: Path, search: Search) -> None:
        """Try one typing error in a world, as a workbook or as CSV files."""
        number, suffix = chance.randrange(-1, RANDOM_WORLDS), chance.choice((".xlsx", ".xlsx", ""))
        slip = draw_slip(self._world(number, suffix, folder)[0], chance)
        if slip.kind == "look_of_a_number":
            suffix = ".xlsx"  # Between commas 1.524 is a number as any other; in a workbook it is a text.
        _, problems, meaning = self._world(number, suffix, folder)
        search.slips += 1
        fault, read = self._find_fault(slip, folder / f"slip{suffix}", problems, meaning)
        search.count(read.problems)
        search.accepted += read.study is not None
        if fault and fault not in search.examples:
            kept = write_grids(slip.grids, folder / "slip.xlsx")
            search.examples[fault] = Example("slip.xlsx", kept.read_bytes(), (f"{slip.place}: {slip.said!r}",))

    @staticmethod
    def _find_fault(
        slip: Slip, path: Path, problems: Sequence[Problem], meaning: Meaning
    ) -> tuple[str, faults.Reading]:
        read = try_to_read(write_grids(slip.grids, path))
        return read.fault or find_silent(slip, read, problems, meaning), read

    def _world(self, number: int, suffix: str, folder: Path) -> tuple[Grids, Sequence[Problem], Meaning]:
        """A world as it is without an error: the small one, or a random one with many rules."""
        if (number, suffix) not in self.worlds:
            grids = grids_of(small_world() if number < 0 else world_with_rules(number))
            study = faults.open_study(write_grids(grids, folder / f"world{suffix}"))
            self.worlds[number, suffix] = grids, study.problems, Meaning.of(study)
        return self.worlds[number, suffix]


# --- Damaged files ---------------------------------------------------------------------------------------------------


@dataclass
class Files:
    """Tries of a damaged file; the sound one is read once."""

    meaning: Meaning | None = None

    def try_one(self, chance: random.Random, folder: Path, search: Search) -> None:
        """Try a damaged file; of each fault the smallest file is kept."""
        sound = folder / "sound.xlsx"
        if self.meaning is None:
            self.meaning = Meaning.of(faults.open_study(write_xlsx(small_world(), sound)))
        search.files += 1
        if chance.random() < 0.7:
            name, how, damaged = "damaged.xlsx", "", damage_archive(sound.read_bytes(), chance)
            path = folder / name
            path.write_bytes(damaged)
        else:
            path = write_csv(small_world(), folder / "damaged")
            name, how, damaged = damage_table({file.name: file.read_bytes() for file in path.iterdir()}, chance)
            (path / name).write_bytes(damaged)
        read = try_to_read(path)
        search.count(read.problems)
        # A table that was cut off, or in which a digit is another one, is as good as any.
        fault = read.fault or ("" if how in ("cut", "flip") else find_lost(read, self.meaning))
        kept = search.examples.get(fault)
        if fault and (kept is None or len(damaged) < len(kept.content)):
            search.examples[fault] = Example(name, damaged, (f"a file of {len(damaged)} bytes",))


def keep_examples(search: Search, folder: Path) -> list[Path]:
    """Write the workbook or file of every fault."""
    if search.examples:
        folder.mkdir(parents=True, exist_ok=True)
    kept = [folder / f"fault_{number}_{one.name}" for number, one in enumerate(search.examples.values(), start=1)]
    for path, example in zip(kept, search.examples.values(), strict=True):
        path.write_bytes(example.content)
    return kept
