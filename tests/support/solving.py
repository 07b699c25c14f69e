"""A made world solved the planner's way: written to files, read, checked, merged, solved. Tonnes and USD."""

from __future__ import annotations

from pathlib import Path

from model.results import PLAN_TABLES
from model.results.columns import RESULT_TABLES
from model.results.plan import Plan, solve_plan
from model.scenarios.merge import merge
from model.study.run import open_study
from tests.support.sheets import Sheets, write_csv, write_xlsx


class Solved:
    """A plan, asked in tonnes and USD."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @property
    def usd(self) -> float:
        """The objective, USD."""
        return 1e6 * self.plan.objective

    def t(self, component: str, *index: str | int) -> float:
        """A decision or named expression, t or t/yr; 0 where it does not exist."""
        return 1e3 * self.plan.value(component, *index)

    def each(self, component: str) -> dict[str, float]:
        """Every decision of a component that is not zero, by its index as text, t or t/yr, to the kilogram."""
        found = {",".join(map(str, key)): round(1e3 * x, 3) for key, x in self.plan.members(component).items()}
        return {key: x for key, x in found.items() if x != 0}

    def cost(self, term: str, t: int) -> float:
        """A cost term of all minerals in a year, USD, not discounted."""
        return 1e6 * sum(usd for (name, _, year), usd in self.plan.members("cost").items() if (name, year) == (term, t))

    def table(self, name: str, **where: object) -> list[dict[str, object]]:
        """Rows of a result table that fit."""
        keys = [column.key for column in RESULT_TABLES[name]]
        rows = (dict(zip(keys, row, strict=True)) for row in PLAN_TABLES[name](self.plan))
        return [row for row in rows if all(row[key] == value for key, value in where.items())]


def solve_csv(sheets: Sheets, folder: Path) -> Solved:
    """Solve a world from a folder of CSV files."""
    return _solve(write_csv(sheets, folder / "world"))


def solve_xlsx(sheets: Sheets, folder: Path) -> Solved:
    """Solve a world from an Excel workbook."""
    return _solve(write_xlsx(sheets, folder / "world.xlsx"))


def _solve(path: Path) -> Solved:
    study = open_study(path)
    return Solved(solve_plan(merge(study.tables, study.scenarios[0]).tables))
