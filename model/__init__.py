"""lodeplan: least-cost sourcing of critical minerals.

In Python, everything begins with `read_workbook`:

>>> import model
>>> book = model.read_workbook(model.find_shipped_workbook())
>>> more = model.change("demand", value=1.2, years="2035-2040", operation="multiply")
>>> "more_demand" in book.with_scenario("more_demand", [more], based_on="reference").plans
True

`Workbook.solve` solves plans, `Results` holds their tables, `Results.analyse` asks more of them, and `Results.write`
writes the reports. README.md shows all of it on the shipped workbook. Progress is logged under the names of the
modules: `logging.getLogger("model")` hears everything.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.errors import InfeasibleError, InputError, LodeplanError, OutputError, Problem, SolverLimitError
    from model.notebook import Results, Workbook, change, read_workbook
    from model.shipped import copy_example, find_shipped_workbook

__version__ = "0.1.0"

__all__ = [
    "InfeasibleError",
    "InputError",
    "LodeplanError",
    "OutputError",
    "Problem",
    "Results",
    "SolverLimitError",
    "Workbook",
    "change",
    "copy_example",
    "find_shipped_workbook",
    "read_workbook",
]

_HOME = {"Results": "notebook", "Workbook": "notebook", "change": "notebook", "read_workbook": "notebook",
         "copy_example": "shipped", "find_shipped_workbook": "shipped"}  # fmt: skip
"""The module that each exported name comes from; names that are missing here are exceptions, or `Problem`."""


def __getattr__(name: str) -> Any:
    """Import a name only when it is used, because the command imports this package too and has to start quickly."""
    if name not in __all__:
        raise AttributeError(f"module 'model' has no attribute '{name}'")
    return getattr(import_module(f"model.{_HOME.get(name, 'errors')}"), name)
