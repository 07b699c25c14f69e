"""How time and memory grow with the size of the world, beside linopy and HiGHS alone.

    python -m tests.benchmarks.sizes [copies ...]

The world is the plan `reference` of the shipped workbook, in which every mineral with its chain stands as often as is
asked for (1, 2, 4 and 8 times without arguments). Every tool starts in a process of its own, from planning data
(linopy: from compiled arrays, which is its best case), and ends with values and duals by component. Times are CPU
seconds: what counts is their ratio in one table. linopy is left out where it is not installed.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).parents[2] / "inputs" / "us_critical_minerals.xlsx"
CLONED = ("minerals", "materials", "facilities")
TOOLS = ("lodeplan", "linopy", "HiGHS alone")
OURS = ("planning data", "build", "compile", "HiGHS", "read back")


def multiply(tables: Any, copies: int) -> Any:
    """Merged tables in which every mineral, with its materials, plants and rows, stands several times."""
    from model.workbook.schema import SHEETS  # noqa: PLC0415
    from model.workbook.tables import Tables  # noqa: PLC0415

    return Tables({
        sheet.name: [copy for n in range(copies) for record in tables.of(sheet.name) if (copy := _copy(record, n))]
        for sheet in SHEETS
    })  # fmt: skip


def _copy(record: Any, n: int) -> Any:
    """The n-th copy of a row; None where it names no mineral, material or plant, so that one is enough."""
    from model.workbook.schema import SHEET, Kind  # noqa: PLC0415

    if n == 0:
        return record
    columns = SHEET[record.sheet].columns
    own = {c.key for c in columns if c.kind is Kind.REFERENCE and c.refers_to in CLONED and not c.many}
    if record.sheet not in CLONED and not any(record.values[key] not in ("*", "", None) for key in own):
        return None
    own |= {c.key for c in columns if c.kind is Kind.IDENTIFIER}
    copy = record.copy()
    copy.values |= {key: f"{copy.values[key]}_{n}" for key in own if copy.values[key] not in ("*", "", None)}
    return copy


def _compiled(copies: int, note: Callable[[str], None]) -> Any:
    """The world as planning data, model and arrays; `note` is called when each is there."""
    from model.data import find_planning_data  # noqa: PLC0415
    from model.formulation.build import build_model  # noqa: PLC0415
    from model.scenarios.merge import merge  # noqa: PLC0415
    from model.solver.program import Compiled  # noqa: PLC0415
    from model.workbook import reader  # noqa: PLC0415

    tables = multiply(merge(reader.read(SHIPPED).tables, "reference").tables, copies)
    note("")
    data = find_planning_data(tables)
    note("planning data")
    model = build_model(data)
    note("build")
    compiled = Compiled(model)
    note("compile")
    return compiled


def solve_here(copies: int, note: Callable[[str], None]) -> float:
    """The world solved by this package."""
    from model.memory import pause_garbage_collection  # noqa: PLC0415
    from model.solver.highs import Session  # noqa: PLC0415
    from model.solver.program import by_component  # noqa: PLC0415

    with pause_garbage_collection():
        program = _compiled(copies, note).program
        solution = Session(program).solve()
        note("HiGHS")
        by_component(program.columns, solution.x)
        by_component(program.rows, solution.row_dual)
        note("read back")
    return float(solution.objective)


def solve_alone(copies: int, note: Callable[[str], None]) -> float:
    """The same arrays handed to HiGHS, and its arrays taken back."""
    from model.solver.highs import Session  # noqa: PLC0415

    program = _compiled(copies, lambda _: None).program
    note("")
    solution = Session(program).solve()
    note("HiGHS")
    return float(solution.objective)


def solve_in_linopy(copies: int, note: Callable[[str], None]) -> float:
    """The same arrays stated in linopy, component by component, and solved through its direct way to HiGHS."""
    import linopy  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415
    import xarray as xr  # noqa: PLC0415

    program = _compiled(copies, lambda _: None).program
    note("")
    m = linopy.Model()
    cost = []
    for name, places in _spans(program.columns):
        variables = m.add_variables(program.lower[places], program.upper[places], dims=[name], name=name)
        cost.append((variables * program.cost[places]).sum())
    m.add_objective(linopy.merge(cost))
    lengths = np.diff(program.start)
    for name, places in _spans(program.rows):
        width = max(1, int(lengths[places].max()))
        inside = np.arange(width)[None, :] < lengths[places][:, None]
        entries = slice(program.start[places.start], program.start[places.stop])
        coefficients, columns = np.zeros(inside.shape), np.full(inside.shape, -1)
        coefficients[inside], columns[inside] = program.value[entries], program.index[entries]
        terms = xr.Dataset({"coeffs": ([name, "_term"], coefficients), "vars": ([name, "_term"], columns)})
        lower, upper = program.row_lower[places], program.row_upper[places]
        sign = np.where(lower == upper, "=", np.where(np.isfinite(upper), "<=", ">="))
        side = np.where(np.isfinite(upper), upper, lower)
        m.add_constraints(linopy.LinearExpression(terms, m), xr.DataArray(sign, dims=[name]),
                          xr.DataArray(side, dims=[name]), name=name)  # fmt: skip
    note("build")
    m.solve("highs", io_api="direct", output_flag=False)
    note("HiGHS")
    _ = m.solution, m.dual
    note("read back")
    return float(m.objective.value) + program.offset


def _spans(labels: Any) -> Iterator[tuple[str, slice]]:
    """The places of each component, which stand together."""
    start = 0
    for name, members in groupby(labels, key=lambda label: label[0]):
        stop = start + sum(1 for _ in members)
        yield name, slice(start, stop)
        start = stop


def measure(tool: str, copies: int) -> dict[str, Any]:
    """CPU seconds of every stage, columns, objective, and the most memory this process has held, MB."""
    stages: dict[str, float] = {}
    since = time.process_time()

    def note(stage: str) -> None:
        nonlocal since
        now = time.process_time()
        if stage:
            stages[stage] = now - since
        since = now

    solve = {"lodeplan": solve_here, "linopy": solve_in_linopy, "HiGHS alone": solve_alone}[tool]
    objective = solve(copies, note)
    return {"stages": stages, "objective": objective, "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _measure_apart(tool: str, copies: int) -> dict[str, Any] | None:
    command = [sys.executable, "-m", __spec__.name, "--one", tool, str(copies)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{tool} x {copies}: {done.stderr.strip().splitlines()[-1:]}")  # noqa: T201
        return None
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def compare(sizes: list[int]) -> None:
    """Print the table."""
    found = {(tool, n): _measure_apart(tool, n) for n in sizes for tool in TOOLS}
    print(f"{'copies':>6} {'tool':12} {'total':>8} {'/linopy':>8} {'MB':>6}  stages, CPU seconds")  # noqa: T201
    for (tool, n), one in found.items():
        if one is None:
            continue
        total, twin = _total(one), found["linopy", n]
        ratio = f"{total / _total(twin):8.2f}" if twin else f"{'':8}"
        stages = "  ".join(f"{stage} {seconds:.2f}" for stage, seconds in one["stages"].items())
        print(f"{n:6d} {tool:12} {total:8.2f} {ratio} {one['MB']:6.0f}  {stages}")  # noqa: T201
    for smaller, larger in pairwise(sizes):
        first, second = found["lodeplan", smaller], found["lodeplan", larger]
        if first and second:
            growth = (
                f"{stage} {math.log(second['stages'][stage] / first['stages'][stage]) / math.log(larger / smaller):.2f}"
                for stage in OURS
            )
            print(f"growth from {smaller} to {larger} (exponent): " + "  ".join(growth))  # noqa: T201
        objectives = {one["objective"] for tool in TOOLS if (one := found[tool, larger])}
        spread = (max(objectives) - min(objectives)) / max(map(abs, objectives))
        print(f"objectives of {larger}: equal to {spread:.0e}")  # noqa: T201


def _total(one: dict[str, Any]) -> float:
    """From planning data to values and duals."""
    return sum(seconds for stage, seconds in one["stages"].items() if stage != "planning data")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], int(sys.argv[3]))))  # noqa: T201
    else:
        compare([int(text) for text in sys.argv[1:]] or [1, 2, 4, 8])
