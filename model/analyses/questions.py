"""The analyses that can be asked for beyond the plans, in order; their functions, slow to import, are in `register`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from model.workbook.names import SettingName
from model.workbook.schema import NO_LIMIT
from model.workbook.tables import Tables


@dataclass(frozen=True)
class Question:
    """An analysis a workbook can ask for.

    Attributes:
        name: its name on the command line and in the manifest.
        title: what it is about, for the console.
        setting: the setting that asks for it by not being empty, no or 0; "" where only the command line does.
        asked: what the setting becomes where only the command line asks; None: its default.
        meets_shocks: whether it looks at the shocks of the workbook.
    """

    name: str
    title: str
    setting: SettingName | Literal[""]
    meets_shocks: bool = False
    asked: float | bool | None = None

    def is_wanted(self, tables: Tables) -> bool:
        """Return whether the workbook asks for it."""
        asked = tables.setting(self.setting) if self.setting else False
        return bool(asked) and asked != (NO_LIMIT,)

    def ask(self, tables: Tables) -> Tables:
        """Return the tables of a workbook that asks for it, if not of itself then with the setting as it is usual."""
        return tables if self.is_wanted(tables) or not self.setting else tables.with_setting(self.setting, self.asked)


QUESTIONS = (
    Question("frontier", "trace the frontier", "frontier_budgets"),
    Question("stress", "test against shocks", "stress_test", meets_shocks=True),
    Question("failures", "look for points of failure", "failure_years", asked=2.0),
    Question("draws", "draw uncertain numbers", "draws", asked=100.0),
    Question("foresight", "decide year by year", "foresight_years", asked=3.0),
    Question("hedge", "hedge", "hedged_plan", meets_shocks=True),
    Question("alternatives", "explore alternatives", "near_optimal_slack"),
    Question("lead_times", "value lead times", ""),
)
"""Every analysis, with the setting that asks for it."""
