"""A search for input that breaks lodeplan: `python -m tests.fuzz --cells 2000 --slips 2000 --files --seconds 600`.

`--cells`: junk in a few cells of a small workbook. Whatever is typed, the answer must be a list of problems, each with
a known code and a place, or none, in reasonable time. `--slips`: one typing error that no planner can have meant, in a
world with many rules: it must be named, or change no plan. `--solved`: other numbers, and what is accepted is solved:
the plan must have no negative quantity, and a reason where there is none. `--files`: the file itself is damaged:
archives with parts that are cut, swapped, emptied or blown up, and CSV files.

A fault is reduced to as few cells as still show it, or to the smallest file, which is kept. The same seed makes the
same tries, so that a fault can be looked at again. The tests run a few of them (tests/test_fuzz.py).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.search import MOST_MEMORY, Search, keep_examples, search


def main(arguments: Sequence[str]) -> int:
    """Search, print a summary, and return 1 where there are faults."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Search for input that breaks lodeplan.")
    parser.add_argument("--cells", type=int, default=2000, metavar="N", help="workbooks with mutated cells to try")
    parser.add_argument("--slips", type=int, default=0, metavar="N", help="workbooks with one typing error to try")
    parser.add_argument("--solved", type=int, default=0, metavar="N", help="workbooks with other numbers to solve")
    parser.add_argument("--files", type=int, nargs="?", const=100, default=0, metavar="N",
                        help="damaged files to try (100 where no number is given)")  # fmt: skip
    parser.add_argument("--seconds", type=float, default=600.0, metavar="S", help="stop after this time")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another seed makes other tries")
    parser.add_argument(
        "--keep", type=Path, default=Path("results/fuzz"), metavar="FOLDER", help="where faults are kept"
    )
    asked = parser.parse_args(arguments)
    found = search(asked.seed, asked.seconds, asked.cells, asked.slips, asked.solved, asked.files)
    print(describe(found))
    for path, (fault, example) in zip(keep_examples(found, asked.keep), found.examples.items(), strict=True):
        print(f"fault: {fault} ({path})", *example.lines, sep="\n  ")
    is_large = found.memory > MOST_MEMORY
    if is_large:
        print(f"fault: more than {MOST_MEMORY / 1e9} GB of memory ({found.largest})")
    print(f"{len(found.examples) + is_large} faults")
    return 1 if found.examples or is_large else 0


def describe(found: Search) -> str:
    """Return the summary of a search."""
    workbooks = found.cells + found.slips + found.numbers
    silent = sum(fault.endswith(" without a word") for fault in found.examples)
    lines = (
        f"{workbooks} workbooks, {found.solved} of them solved, and {found.files} damaged files",
        f"{found.codes.total()} problems of {len(found.codes)} kinds reported",
        f"{found.slips} typing errors, {found.slips - found.accepted} refused; changes without a word: {silent}",
        f"most memory: {found.memory / 1e6:.0f} MB, in the try {found.largest}",
        f"slowest: {found.seconds:.1f} s of processor time, the try {found.slowest}",
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
