"""The order of rows in the workbook decides nothing: neither the plan nor how it is written."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from model.study.run import run_study
from tests.support.sheets import Sheets, small_world, write_csv
from tests.support.solved_worlds import SEEDS, world_of
from tests.support.solving import solve_csv
from tests.support.world_builder import make_world, market, project

ROOT = Path(__file__).parents[1]
READ_FROM_TOP_TO_BOTTOM = ("scenarios", "changes")


def shuffled(sheets: Sheets, seed: int) -> Sheets:
    """The same rows in another order."""
    draw = random.Random(seed)
    return {
        name: rows if name in READ_FROM_TOP_TO_BOTTOM else draw.sample(rows, len(rows)) for name, rows in sheets.items()
    }


def results_of(sheets: Sheets, folder: Path) -> dict[str, bytes]:
    """What a run writes, table by table."""
    run = run_study(write_csv(sheets, folder / "world"), folder / "results", skip=("stress", "hedge"))
    assert run.exit_code == 0
    return {path.name: path.read_bytes() for path in (run.folder / "data").glob("*.csv")}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [None, *SEEDS])
def test_shuffled_rows_give_the_same_files(seed, tmp_path: Path):
    sheets = world_of(seed)
    before = results_of(sheets, tmp_path / "before")
    assert len(before) > 20
    assert results_of(shuffled(sheets, 1), tmp_path / "after") == before


def two_equal_plants(*order: str) -> Sheets:
    """Half of 200 t must be clear, and either of two equal plants can make the 100 t."""
    plants = [
        project(name, capacity_tpa=100, capex_usd_per_tpa=1000, variable_usd_per_t=1500)
        for name in order
    ]  # fmt: skip
    return make_world(
        {"last_year": 2030},
        demand=[{"segment": "cars", 2030: 100}, {"segment": "defence", 2030: 100}],
        prices=[{2030: 1000}],
        facilities=[*plants, market("east", region="CHN")],
        routes=[{"from_region": "CHN"}],
        exposure_caps=[{2030: 0.5, "breach_usd_per_t": 100000}],
    )


def test_of_two_equal_plants_the_same_is_built(tmp_path: Path):
    """100 t at 1,500 and an annuity of 101.8522 (1,000 at 8 % over 20 years), 100 t bought at 1,001."""
    one = solve_csv(two_equal_plants("acme", "zenith"), tmp_path / "one")
    other = solve_csv(two_equal_plants("zenith", "acme"), tmp_path / "other")
    assert one.usd == pytest.approx(100 * (1500 + 101.8522) + 100 * 1001, abs=0.01)
    assert one.each("build") == other.each("build")
    assert one.each("deliver") == other.each("deliver")


@pytest.mark.slow
def test_hash_seeds_workers_and_the_order_of_rows_change_no_byte(tmp_path: Path):
    """The command itself, in another process: another hash seed, another number of workers, other rows first."""
    found = []
    for seed, workers, order in ((1, 1, None), (4242, 2, 7)):
        world = small_world() if order is None else shuffled(small_world(), order)
        path = write_csv(world, tmp_path / f"in_{seed}" / "world")
        out = tmp_path / str(seed)
        subprocess.run(
            [sys.executable, str(ROOT / "run.py"), str(path), "--workers", str(workers), "--out", str(out)],
            env={**os.environ, "PYTHONHASHSEED": str(seed)}, cwd=path.parent, check=True, capture_output=True,
        )  # fmt: skip
        found.append({file.name: file.read_bytes() for file in (out / "data").glob("*.csv")})
    assert len(found[0]) > 20
    assert found[0] == found[1]
