"""The world's lithium deposits, 2022 to 2070, as a linear program: a published case with a cost and risk front.

Busch and co-workers' model (github.com/pmbusch/Lithium-Supply, MIT licence; their data stand in cases/lithium, reduced
to the columns and runs used here). Deposit `d`, year `t`, kt of lithium and USD million, discounted at 7 %:

    min   sum cost1 x1 + cost2 x2 + cost3 x3 + cost_expansion y + cost_opening w + 532.3 z
    s.t.  x1 + x2 + x3 <= grown + planned,   grown[t] = grown[t-1] + y[t] - 0
          sum_d (x1 + x2 + x3) + z[t] >= demand[t] + z[t-1]
          sum_t x1 <= reserve,  sum_t x2 <= demonstrated,  sum_t x3 <= inferred
          grown + planned <= max_rate * opened,  opened[t] = opened[t-1] + w[t] <= 1,  y <= max_ramp

The published w are binary; here 0 <= w <= 1, or fixed where the published openings are. Risk is sum edb * y.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from model.solver.program import Floats, Ints, LinearProgram

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "lithium"
FIRST_YEAR, YEARS = 2022, 49
RATE = 0.07
UNMET_COST = 532.3
BEFORE_IT_IS_POSSIBLE = 1e6
"""What the published model lets an expansion cost, USD million per kt, before the delay of a deposit is over."""

CELLS = ("x1", "x2", "x3", "y", "grown", "w", "opened")


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{name}.csv", index_col=0)


@dataclass(frozen=True)
class Case:
    """The program, and what tests change in it.

    Attributes:
        demand_rows: row of each year's demand.
        opened: column of `opened` by deposit and year.
        risk: coefficients of the risk.
    """

    program: LinearProgram
    demand_rows: Ints
    opened: Ints
    risk: Floats

    def with_demand(self, scenario: str) -> LinearProgram:
        """The program of a demand scenario."""
        row_lower = self.program.row_lower.copy()
        row_lower[self.demand_rows] = read("demand").loc[scenario].to_numpy()
        return replace(self.program, row_lower=row_lower)

    def with_openings(self, program: LinearProgram, run: str) -> LinearProgram:
        """A program in which deposits open in the published years."""
        year = read("openings")[run].reindex(read("deposits").index)
        state = (np.arange(FIRST_YEAR, FIRST_YEAR + YEARS)[None, :] >= year.to_numpy()[:, None]).astype(float)
        lower, upper = program.lower.copy(), program.upper.copy()
        lower[self.opened] = upper[self.opened] = state
        return replace(program, lower=lower, upper=upper)


class _Rows:
    """Rows of a program as they are stated."""

    def __init__(self) -> None:
        self.index: list[int] = []
        self.value: list[float] = []
        self.start = [0]
        self.lower: list[float] = []
        self.upper: list[float] = []

    def add(self, terms: dict[int, float], lower: float = -np.inf, upper: float = np.inf) -> int:
        self.index += terms
        self.value += terms.values()
        self.start.append(len(self.index))
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.lower) - 1


@cache
def lithium_case() -> Case:
    """The published model without demand."""
    deposits = read("deposits")
    count = len(deposits)
    # One column for each cell, deposit and year, then unmet demand by year.
    place = np.arange(len(CELLS) * count * YEARS).reshape(len(CELLS), count, YEARS)
    at = dict(zip(CELLS, place, strict=True))
    unmet = place.size + np.arange(YEARS)
    planned = planned_rates(deposits)
    rows = _Rows()
    for d in range(count):
        deposit = deposits.iloc[d]
        for cell, most in (("x1", "reserve"), ("x2", "resource_demostrated"), ("x3", "resource_inferred")):
            rows.add(dict.fromkeys(at[cell][d].tolist(), 1.0), upper=deposit[most])
        for t in range(YEARS):
            grown, opened = int(at["grown"][d, t]), int(at["opened"][d, t])
            rows.add({int(at[x][d, t]): 1.0 for x in ("x1", "x2", "x3")} | {grown: -1.0}, upper=planned[d, t])
            rows.add({grown: 1.0, opened: -deposit["max_prod_rate"]}, upper=-planned[d, t])
            for level, step in (("grown", "y"), ("opened", "w")):
                before = {int(at[level][d, t - 1]): -1.0} if t else {}
                rows.add({int(at[level][d, t]): 1.0, int(at[step][d, t]): -1.0} | before, 0.0, 0.0)
    mined = np.concatenate([at["x1"], at["x2"], at["x3"]])
    demand_rows = [
        rows.add(dict.fromkeys([*mined[:, t].tolist(), int(unmet[t])], 1.0) | ({int(unmet[t - 1]): -1.0} if t else {}))
        for t in range(YEARS)
    ]
    cost, upper = _cost(deposits, at, unmet), np.full(place.size + YEARS, np.inf)
    upper[at["opened"]] = 1.0
    upper[at["y"]] = deposits["max_ramp_up"].to_numpy()[:, None]
    risk = np.zeros(len(cost))
    risk[at["y"]] = deposits["edb"].to_numpy()[:, None]
    program = LinearProgram(
        columns=tuple((cell, (d, t)) for cell in CELLS for d in range(count) for t in range(YEARS))
        + tuple(("z", (t,)) for t in range(YEARS)),
        rows=tuple(("row", (n,)) for n in range(len(rows.lower))),
        cost=cost, offset=0.0, lower=np.zeros(len(cost)), upper=upper,
        row_lower=np.array(rows.lower), row_upper=np.array(rows.upper),
        start=np.array(rows.start, dtype=np.int32), index=np.array(rows.index, dtype=np.int32),
        value=np.array(rows.value),
    )  # fmt: skip
    return Case(program, np.array(demand_rows, dtype=np.int32), at["opened"].astype(np.int32), risk)


def planned_rates(deposits: pd.DataFrame) -> Floats:
    """Capacity that is planned already: given for 2022, 2023, 2025 and 2030, linear between, then flat."""
    years = np.arange(FIRST_YEAR, FIRST_YEAR + YEARS)
    given = (2022, 2023, 2025, 2030)
    table = deposits[[f"prod_rate{year}" for year in given]].to_numpy()
    return np.array([np.interp(years, given, row) for row in table])


def _cost(deposits: pd.DataFrame, at: dict[str, Floats], unmet: Floats) -> Floats:
    factor = (1 + RATE) ** -np.arange(YEARS)
    cost = np.zeros(len(CELLS) * len(deposits) * YEARS + YEARS)
    # USD per t is USD million per kt times a thousand; an opening is in USD.
    for cell, column, unit in (("x1", "cost1", 1e3), ("x2", "cost2", 1e3), ("x3", "cost3", 1e3),
                               ("y", "cost_expansion", 1e3), ("w", "cost_opening", 1e6)):  # fmt: skip
        cost[at[cell]] = deposits[column].to_numpy()[:, None] / unit * factor
    delayed = np.arange(YEARS)[None, :] < deposits["delay_years"].to_numpy()[:, None]
    cost[at["y"][delayed]] = BEFORE_IT_IS_POSSIBLE
    cost[unmet] = UNMET_COST * factor
    return cost
