"""The arguments of the command."""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from model import __version__
from model.errors import InputError


class Parser(argparse.ArgumentParser):
    """A parser whose exit code for a wrong call is that of wrong input: 2 says that a plan is infeasible."""

    def error(self, message: str) -> NoReturn:
        """Exit with what is wrong with the call."""
        self.exit(InputError.exit_code, f"{self.format_usage()}{message}\n")


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = Parser(prog=name_of_command(), description="Least-cost sourcing of critical minerals.")
    parser.add_argument("workbook", nargs="?", type=workbook,
                        help="workbook, or folder of CSV files (default: the shipped workbook)")  # fmt: skip
    parser.add_argument("--only", type=names, default=[], metavar="A,B", help="run these plans only")
    parser.add_argument("--out", type=folder, metavar="FOLDER", help="write the results to this folder")
    parser.add_argument("--overwrite", action="store_true", help="replace the run in the folder --out")
    parser.add_argument("--time-limit", type=seconds, default=math.inf, metavar="S",
                        help="limit the solver to S seconds for each plan")  # fmt: skip
    parser.add_argument("--skip", type=analyses, default=[], metavar="A,B",
                        help=f"analyses to leave out: {', '.join(optional_analyses())}")  # fmt: skip
    parser.add_argument("--also", type=analyses, default=[], metavar="A,B",
                        help="analyses to add to those the workbook asks for")  # fmt: skip
    parser.add_argument("--lead-time-value", action="store_true",
                        help="also find what one year less of lead time is worth")  # fmt: skip
    parser.add_argument("--workers", type=number, default=os.cpu_count() or 1, metavar="N",
                        help="number of solves at a time on this machine (default: one for each core)")  # fmt: skip
    parser.add_argument("--cluster", default="", metavar="ADDRESS", help="solve on a Dask cluster (tcp://host:8786)")
    parser.add_argument("--check", action="store_true", help="read and check only; mark problems in a copy")
    parser.add_argument("--watch", action="store_true", help="run again whenever the workbook is saved")
    parser.add_argument("--compare", type=Path, nargs=2, metavar=("A", "B"), help="report on two results folders")
    parser.add_argument("--example", type=Path, metavar="NEW.xlsx", help="write a copy of the shipped workbook")
    parser.add_argument("--template", type=Path, metavar="NEW.xlsx", help="write a blank workbook")
    parser.add_argument("--verify", type=Path, metavar="RESULTS", help="solve a results folder again and compare")
    parser.add_argument("--version", action="version", version=f"lodeplan {__version__}")
    return parser.parse_args(arguments)


def name_of_command() -> str:
    """Return how the planner calls this: `python run.py` in a checkout, `lodeplan` where it is installed."""
    return "python run.py" if Path(sys.argv[0]).name == "run.py" else "lodeplan"


def optional_analyses() -> list[str]:
    """The analyses a workbook can ask for or leave out."""
    from model.analyses.questions import QUESTIONS

    return [question.name for question in QUESTIONS if question.setting]


def number(text: str) -> int:
    """Return a number of workers."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of at least 1")
    return int(text)


def seconds(text: str) -> float:
    """Return a number of seconds."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found < math.inf:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds above 0")
    return found


def folder(text: str) -> Path:
    """Return the name of a folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the name of the folder is blank")
    return Path(text)


def workbook(text: str) -> Path:
    """Return a workbook, or a folder by a path that ends in its name."""
    return Path(text) if Path(text).name not in ("", "..") else Path(text).resolve()


def names(text: str) -> list[str]:
    """Names, at least one."""
    found = [name.strip() for name in text.split(",") if name.strip()]
    if not found:
        raise argparse.ArgumentTypeError(f"'{text}': expected at least one name")
    return found


def analyses(text: str) -> list[str]:
    """Names of analyses."""
    found = names(text)
    unknown = [name for name in found if name not in optional_analyses()]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"unknown analysis '{unknown[0]}'; choose from {', '.join(optional_analyses())}"
        )
    return found
