"""A plan that cannot be is explained: by how much it is missed, and which rows cannot hold together."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.data import find_planning_data
from model.errors import InfeasibleError
from model.formulation.build import build_model
from model.results.conflict import OBLIGATIONS, explain_conflict
from model.results.plan import solve_plan
from model.scenarios.merge import merge
from model.solver.highs import Session
from model.solver.program import Compiled
from model.workbook.reader import read
from tests.support.sheets import Sheets, small_world, write_csv


def with_stocks(*stocks: dict[str, object]) -> Sheets:
    """The small world with stockpiles of oxide at home, unless they say otherwise."""
    sheets = small_world()
    sheets["stockpiles"] = [{"material": "ndpr_oxide", "region": "USA", **stock} for stock in stocks]
    columns = list(dict.fromkeys(key for row in sheets["stockpiles"] for key in row))
    sheets["stockpiles"] = [{key: row.get(key) for key in columns} for row in sheets["stockpiles"]]
    return sheets


def explain(folder: Path, *stocks: dict[str, object]) -> str:
    tables = merge(read(write_csv(with_stocks(*stocks), folder)).tables, "base").tables
    with pytest.raises(InfeasibleError) as raised:
        solve_plan(tables)
    return str(raised.value)


def test_a_stock_that_cannot_be_filled_is_missed_by_what_cannot_be_got(tmp_path: Path):
    """5,000 t are asked for in the partner's country, whose plant makes 600 t in each of five years."""
    text = explain(tmp_path, {"region": "PTN", "final_t": 5000})
    assert text.splitlines() == [
        "no plan satisfies every rule at once.",
        "  Given what can be made, bought and shipped, this cannot hold:",
        "    stockpiles row 2 (ndpr_oxide, PTN): at least 5,000 t at the end of 2030, missed by at least 2,000 t",
    ]


def test_large_amounts_are_written_out(tmp_path: Path):
    text = explain(tmp_path, {"region": "PTN", "final_t": 50_000_000})
    assert "at least 50,000,000 t at the end of 2030, missed by at least 49,997,000 t" in text


def test_a_stock_that_starts_too_large_conflicts_with_its_release(tmp_path: Path):
    """500 t must shrink to 100 t in the first year, and 10 t may leave."""
    text = explain(tmp_path, {"initial_t": 500, "max_t": 100, "max_release_tpa": 10})
    lines = text.splitlines()
    assert lines[1] == "  Given what can be made, bought and shipped, these cannot hold together:"
    size = "    stockpiles row 2 (ndpr_oxide, USA): at most 100 t at the end of 2026"
    release = "    stockpiles row 2 (ndpr_oxide, USA): at most 10 t released in 2026"
    assert sorted(line.split(", missed")[0] for line in lines[2:4]) == sorted([size, release])
    # 390 t are too many in 2026, at the least; what is not released then stays too large for years.
    missed = [line for line in lines if "missed by at least" in line]
    assert missed
    assert all("row 2 (ndpr_oxide, USA): at most" in line for line in missed)


def test_a_duty_is_told_once(tmp_path: Path):
    text = explain(tmp_path, {"region": "PTN", "final_t": 4000}, {"region": "CHN", "final_t": 30000})
    assert [text.count(f"stockpiles row {row}") for row in (2, 3)] == [1, 1]


def test_only_the_row_that_is_to_blame_is_named(tmp_path: Path):
    text = explain(
        tmp_path, {"initial_t": 10, "final_t": 5}, {"region": "PTN", "final_t": 5000},
        {"material": "ndpr_concentrate", "initial_t": 1},
    )  # fmt: skip
    assert "row 3 (ndpr_oxide, PTN" in text
    assert "row 2" not in text
    assert "row 4" not in text


def test_a_cover_without_a_price_can_conflict(tmp_path: Path):
    """Three years of the market's most are asked for in the first year already."""
    text = explain(tmp_path, {"min_cover_days": 3000})
    assert "stockpiles row 2 (ndpr_oxide, USA): at least 8,219 t in 2026, its cover, missed by" in text


def test_a_cover_with_a_price_cannot(tmp_path: Path):
    sheets = with_stocks({"min_cover_days": 3000, "cover_breach_usd_per_t": 1000})
    tables = merge(read(write_csv(sheets, tmp_path)).tables, "base").tables
    assert sum(solve_plan(tables).members("cover_breach").values()) > 1


def test_the_least_total_is_missed(tmp_path: Path):
    """Sharing out what there is over two stocks, the shortfalls add up to what is asked for less what can be had."""
    text = explain(tmp_path, {"region": "PTN", "final_t": 4000}, {"region": "CHN", "final_t": 30000})
    missed = [
        float(line.split("missed by at least ")[1].removesuffix(" t").replace(",", ""))
        for line in text.splitlines()
        if "missed" in line
    ]
    assert sum(missed) == pytest.approx(1000 + 5000, rel=1e-6)


def test_the_conflict_is_irreducible(tmp_path: Path):
    """Without any one of its rows the rest of the conflict can hold."""
    stock = {"initial_t": 500, "max_t": 100, "max_release_tpa": 10}
    tables = merge(read(write_csv(with_stocks(stock), tmp_path)).tables, "base").tables
    program = Compiled(build_model(find_planning_data(tables))).program
    conflict = Session(program).find_conflict()
    assert {program.rows[n][0] for n in conflict} & set(OBLIGATIONS)
    for dropped in conflict:
        session = Session(program)
        lower, upper = program.row_lower.copy(), program.row_upper.copy()
        free = [n for n in range(len(program.rows)) if n not in conflict or n == dropped]
        lower[free], upper[free] = float("-inf"), float("inf")
        session.change_row_bounds(lower, upper)
        session.solve()


def test_a_feasible_program_has_no_shortfall(tmp_path: Path):
    tables = merge(read(write_csv(small_world(), tmp_path)).tables, "base").tables
    data = find_planning_data(tables)
    assert "missed" not in explain_conflict(data, Compiled(build_model(data)).program)
