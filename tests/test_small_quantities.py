"""Chains of kilograms: the plan of a small world is that of a large one on another scale, and beside a large one too.

All tonnes and budgets of a world times a factor cost the factor times as much. The solver takes 0.1 kg for nothing
unless it counts in smaller units.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.results import PLAN_TABLES
from model.results.columns import RESULT_TABLES
from model.results.plan import Plan, solve_plan, state_plan
from model.scenarios.merge import merge
from model.solver.highs import Session
from model.solver.scaling import find_scaling
from model.workbook import reader
from model.workbook.schema import OLD_SHEETS, SHEET
from tests.independent import random_rules, random_worlds
from tests.support.sheets import Sheets
from tests.support.solving import Solved, solve_csv
from tests.support.world_builder import make_world, market, project

MASS = ("t", "t/yr", "USD million")
"""Units of what grows with a world."""

SIGNED = {("balances", "downgraded_t"), ("import_reliance", "released_t")}
"""Quantities that may be negative: what is taken less what is given."""


def shrunk(sheets: Sheets, factor: float) -> Sheets:
    """The world with all tonnes and budgets multiplied; its scenarios are left out."""
    kept = {name: rows for name, rows in sheets.items() if name not in ("scenarios", "changes") and name[0] != "_"}
    return {name: [_shrunk(OLD_SHEETS.get(name, name), row, factor) for row in rows] for name, rows in kept.items()}


def _shrunk(sheet: str, row: dict, factor: float) -> dict:
    return {key: value * factor if _is_mass(sheet, row, key) and isinstance(value, int | float) else value
            for key, value in row.items()}  # fmt: skip


def _is_mass(sheet: str, row: dict, key: str | int) -> bool:
    columns = SHEET[sheet]
    if sheet == "resource_limits" and isinstance(key, int):
        return True
    if isinstance(key, int):
        return (columns.years.unit or columns.years.rule(row.get(columns.years.depends_on)).unit) in MASS
    return key in columns.by_key and columns.by_key[key].unit in MASS


def largest_demand(sheets: Sheets) -> float:
    return max(value for row in sheets["demand"] for key, value in row.items() if isinstance(key, int))


def plan_of(sheets: Sheets, folder: Path) -> Plan:
    random_worlds.write_folder(sheets, folder)
    return solve_plan(merge(reader.read(folder).tables, "base").tables)


def negative_quantities(plan: Plan) -> list[tuple[str, str, float]]:
    """Every tonne below nothing in a table of results."""
    return [
        (name, column.key, value)
        for name, find in PLAN_TABLES.items()
        for row in find(plan)
        for column, value in zip(RESULT_TABLES[name], row, strict=True)
        if column.key.endswith(("_t", "t_per_year")) or column.key == "t"
        if not column.key.startswith("usd")
        if (name, column.key) not in SIGNED
        if isinstance(value, float)
        if value < 0
    ]


@pytest.mark.slow
@pytest.mark.parametrize("make", [random_worlds.random_world, random_rules.world_with_rules], ids=["plain", "rules"])
@pytest.mark.parametrize("seed", [0, 3])
def test_a_small_world_is_a_large_one_on_another_scale(seed, make, tmp_path):
    """Between 0.3 and 20 kg a year in the largest chain: the same cost and the same exposure, no tonne negative."""
    large = make(seed)
    theirs = plan_of(shrunk(large, 1.0), tmp_path / "large")
    assert not theirs.data.units
    assert negative_quantities(theirs) == []
    for tonnes in (0.02, 0.0003):
        factor = tonnes / largest_demand(large)
        mine = plan_of(shrunk(large, factor), tmp_path / str(tonnes))
        assert mine.data.units
        assert mine.objective / factor == pytest.approx(theirs.objective, rel=1e-9)
        assert exposure_index(mine) == pytest.approx(exposure_index(theirs), abs=1e-6)
        assert negative_quantities(mine) == []


def exposure_index(plan: Plan) -> float:
    (index,) = [row["value"] for row in Solved(plan).table("summary", measure="exposure_index") if row["year"] is None]
    return index


def chain(name: str, tonnes: float) -> dict[str, list[dict]]:
    """Goods at 1,001 from a market, or from a project at 500 and an annuity of 1,000 USD at 8 % over 20 years."""
    return {
        "minerals": [{"mineral": name}],
        "materials": [{"material": f"{name}_metal", "mineral": name, "stage": "refining",
                       "shortage_cost_usd_per_t": 5000}],
        "demand": [{"material": f"{name}_metal", 2030: tonnes}],
        "prices": [{"material": f"{name}_metal", 2030: 1000}],
        "facilities": [
            market(f"{name}_east", region="CHN", output=f"{name}_metal"),
            project(f"{name}_home", output=f"{name}_metal", capacity_tpa=0.6 * tonnes, capex_usd_per_tpa=1000,
                    variable_usd_per_t=500),
        ],
        "routes": [{"from_region": "CHN", "material": f"{name}_metal"}],
    }  # fmt: skip


def beside(*chains: dict[str, list[dict]]) -> Sheets:
    return make_world({"last_year": 2030}, **{name: [row for one in chains for row in one[name]] for name in chains[0]})


def test_a_small_chain_beside_a_large_one_costs_what_it_costs_alone(tmp_path):
    """2 kg beside 20,000 t: 60 % at 500 + 101.8522, the rest bought at 1,001, whatever the other chain does."""
    per_tonne = 0.6 * (500 + 101.8522) + 0.4 * 1001
    found = solve_csv(beside(chain("tin", 20000), chain("rhenium", 0.002)), tmp_path)
    costs = {"tin": 0.0, "rhenium": 0.0}
    for (_, mineral, _), usd_million in found.plan.members("cost").items():
        costs[mineral] += 1e6 * usd_million
    assert costs["tin"] == pytest.approx(20000 * per_tonne, rel=1e-6)
    assert costs["rhenium"] == pytest.approx(0.002 * per_tonne, rel=1e-6)
    assert found.t("build", "rhenium_home", 2030, "merchant") == pytest.approx(0.0012, rel=1e-6)
    assert set(found.plan.data.units) == {"rhenium", "rhenium_metal", "rhenium_east", "rhenium_home"}


def test_a_small_chain_of_whole_projects(tmp_path):
    """Units of 0.5 kg: two of them make 1 of the 1.2 kg that the linear plan would build."""
    small = chain("rhenium", 0.002)
    small["facilities"][1]["unit_tpa"] = 0.0005
    world = beside(small)
    world["settings"].append({"setting": "whole_projects", "value": "yes"})
    found = solve_csv(world, tmp_path)
    assert found.t("build", "rhenium_home", 2030, "merchant") == pytest.approx(0.001, rel=1e-9)
    assert found.usd == pytest.approx(0.001 * (500 + 101.8522) + 0.001 * 1001, rel=1e-6)


def test_units_are_powers_of_two_and_of_small_chains_only(tmp_path):
    """Nothing is scaled in an ordinary world; in a small one the program times its units is the program."""
    write = random_worlds.write_folder
    write(beside(chain("tin", 20000)), tmp_path / "large")
    program = state_plan(merge(reader.read(tmp_path / "large").tables, "base").tables).program
    scaling = find_scaling(program)
    assert scaling.objective == 1.0
    assert np.all(scaling.column == 1.0)
    assert np.all(scaling.row == 1.0)
    write(beside(chain("tin", 20000), chain("rhenium", 0.002)), tmp_path / "both")
    program = state_plan(merge(reader.read(tmp_path / "both").tables, "base").tables).program
    scaling = find_scaling(program)
    assert set(np.frexp(scaling.column)[0]) == {0.5}
    counted = scaling.apply(program)
    back = counted.value * np.repeat(scaling.row, np.diff(program.start)) / scaling.column[program.index]
    assert np.array_equal(back, program.value)
    assert 1.0 in scaling.column
    assert min(scaling.column) < 1e-3


def test_changes_of_a_session_are_in_the_units_of_the_program(tmp_path):
    """Twice the bounds of all rows is twice the cost, and back again."""
    random_worlds.write_folder(beside(chain("rhenium", 0.002)), tmp_path / "small")
    program = state_plan(merge(reader.read(tmp_path / "small").tables, "base").tables).program
    session = Session(program)
    first = session.solve()
    basis = session.keep_basis()
    session.change_row_bounds(2 * program.row_lower, 2 * program.row_upper)
    session.change_bounds(2 * program.lower, 2 * program.upper)
    assert session.solve().objective == pytest.approx(2 * first.objective, rel=1e-9)
    session.return_to(program, basis)
    again = session.solve()
    assert again.objective == first.objective
    assert np.array_equal(again.x, first.x)
