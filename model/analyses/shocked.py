"""A plan's world after a shock: earlier decisions are held, and everything else responds to the shocked data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.analyses.joint_program import Future
from model.data import PlanningData, find_planning_data
from model.data.planning import sign_decisions
from model.data.signed import Signed
from model.errors import InputError
from model.formulation.build import build_model
from model.memory import pause_garbage_collection
from model.results.plan import Plan, Stated, exposed_deliveries
from model.rules.checks import check
from model.scenarios.lineage import known_from, shocks
from model.scenarios.merge import merge
from model.solver.program import Compiled, Floats, Label, LinearProgram
from model.workbook.tables import Tables

DECISION_YEAR_PLACE = {"build": 1, "rescue": 1}
"""Where the index of a component has the year it is decided in; everywhere else it is last."""


@dataclass(frozen=True)
class Shock:
    """A shock of the workbook.

    Attributes:
        name, probability: of the scenario.
        known_from: first year in which decisions can react to it.
    """

    name: str
    probability: float
    known_from: int


@dataclass(frozen=True)
class ShockedWorld:
    """A plan's data and program after a shock.

    Attributes:
        shock, stated: what has happened, and the program of what the model then knows.
        second_cost: exposed deliveries, to choose among equally cheap answers as plans do.
    """

    shock: Shock
    stated: Stated
    second_cost: Floats

    @property
    def data(self) -> PlanningData:
        """What the model knows."""
        return self.stated.data

    @property
    def compiled(self) -> Compiled:
        """The arrays of the program, which name its decisions and expressions."""
        return self.stated.compiled

    @property
    def program(self) -> LinearProgram:
        """The program with all decisions free, also those before the shock."""
        return self.compiled.program

    @property
    def future(self) -> Future:
        """The world as one of the futures a plan can meet."""
        years = np.array([decided_in(label) for label in self.program.columns])
        return Future(self.shock.name, self.shock.probability, self.program, years < self.shock.known_from)


def find_shocks(tables: Tables, first_year: int) -> list[Shock]:
    """Return the shocks to test a plan against, in sheet order.

    Args:
        tables: the workbook as it was read.
        first_year: of the plan, in which a shock is known where its known_from_year is blank.
    """
    names = shocks(tables)
    return [
        Shock(record.text("scenario"), record.number("probability"), known_from(record, first_year))
        for record in tables["scenarios"]
        if record.text("scenario") in names
    ]


def meet_shock(tables: Tables, scenario: str, plan: Plan, shock: Shock) -> ShockedWorld:
    """Build the program of a plan's world after a shock.

    Args:
        tables: the workbook as it was read.
        scenario: name of the plan.
        plan: the plan as it is solved without the shock.
        shock: what happens.

    Raises:
        InputError: plan and shock together break a rule of the workbook, which neither does alone.
    """
    merged = merge(tables, scenario, shock.name)
    problems = [*merged.problems, *check(merged.tables, shock.name)]
    if any(problem.is_error for problem in problems):
        raise InputError(problems)
    return _build_world(merged.tables, sign_decisions(plan.data, shock.known_from, plan.duals), shock)


def meet_nothing(plan: Plan, known_from: int) -> ShockedWorld:
    """Return the world without a shock by the same rules: decisions before a year are held."""
    return meet_tables(plan.data.lookup.tables, sign_decisions(plan.data, known_from, plan.duals))


def meet_tables(tables: Tables, signed: Signed) -> ShockedWorld:
    """Return the world of other tables, in which decisions before a year are held."""
    return _build_world(tables, signed, Shock("", 0.0, signed.known_from))


def _build_world(tables: Tables, signed: Signed, shock: Shock) -> ShockedWorld:
    with pause_garbage_collection():
        data = find_planning_data(tables, signed)
        m = build_model(data)
        compiled = Compiled(m, data.units)
        return ShockedWorld(shock, Stated(data, m, compiled), exposed_deliveries(m, data, compiled))


def decided_in(label: Label) -> int:
    """The year a column is decided in."""
    name, key = label
    return int(key[DECISION_YEAR_PLACE.get(name, -1)])


def decisions_of(plan: Plan) -> dict[Label, float]:
    """Return every decision and operation of a plan."""
    return {(name, key): value for name, members in plan.values.items() for key, value in members.items()}
