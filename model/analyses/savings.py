"""Which stock, contract or facility kept the cost of a shock small: the shock is solved again without each of them.

Saved is how much larger the extra cost of the shock would have been: what leaving the asset out costs in the shock,
less what leaving it out in the same year costs without the shock. What it costs to have (annuity, fixed cost, holding,
contract payments) is left aside on both sides: it was decided before. Only those that matter most are asked about,
`CANDIDATES` of each kind by the rise of their rent and as many by the rise of their output, so savings are no
complete account, and they do not add up: two plants that can stand in for one another each save little. Below zero, the
asset made the shock worse: a contract can oblige a plant to use what others need more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

from model.analyses.assets import Asset, find_plants, find_stocks, more_output, total_output
from model.analyses.futures import keep_decisions
from model.analyses.joint_program import Places, row_numbers
from model.analyses.shocked import ShockedWorld, meet_nothing
from model.errors import SolverLimitError
from model.results.columns import Row
from model.results.money import penalty_part
from model.results.plan import Plan
from model.solver.highs import Session, Solution, bounds_of
from model.solver.program import Floats, Label, LinearProgram

CANDIDATES = 3
"""How many stocks, contracts and facilities are looked at for their rent, and how many for their output."""

SMALLEST = 1e-3
"""A saving below a thousand dollars (in USD million) is the solver's rounding of costs of billions."""


class HeldProgram:
    """A program with the decisions before a year held, solved with all assets and then without each of them."""

    def __init__(self, program: LinearProgram, penalties: Floats, session: Session, answer: Solution) -> None:
        self.program = program
        self._penalties = penalties
        self.answer = answer
        self._session = session
        self._rents = _find_rents(program, answer)
        self._column = {label: n for n, label in enumerate(program.columns)}
        self._row = {label: n for n, label in enumerate(program.rows)}
        self._entry_rows = row_numbers(program)
        self._limits_building = np.array([name == "site_limit" for name, _ in program.rows], dtype=np.bool_)

    def cost_without(self, asset: Asset) -> Floats:
        """How much more everything but the asset itself costs without it, and the penalties in it, USD million."""
        program = self.program
        columns = [self._column[label] for label in asset.columns if label in self._column]
        rows = [self._row[label] for label in asset.rows if label in self._row]
        lower, upper = program.lower.copy(), program.upper.copy()
        row_lower, row_upper = program.row_lower.copy(), program.row_upper.copy()
        lower[columns] = upper[columns] = 0.0
        row_lower[rows] = row_upper[rows] = 0.0
        held = np.array([n for n in columns if program.lower[n] == program.upper[n]], dtype=np.int64)
        own = float(program.cost[held] @ self.answer.x[held])
        row_upper -= self._building_of(held)
        self._session.change_bounds(lower, upper)
        self._session.change_row_bounds(row_lower, row_upper)
        without = self._session.solve()
        self._session.change_all_bounds(bounds_of(program))
        missed = self._penalties @ (without.x - self.answer.x)
        return np.array([without.objective + own - self.answer.objective, missed])

    def _building_of(self, held: Places) -> Floats:
        """Return what columns take of each limit on all building: what is gone does not make room to build it again."""
        program = self.program
        entries = np.isin(program.index, held)
        taken = np.where(entries, program.value * self.answer.x[program.index], 0.0)
        found = np.bincount(self._entry_rows, taken, len(program.rows))
        return np.where(self._limits_building, found, 0.0)

    def rent_of(self, asset: Asset) -> float:
        """Return what the asset's capacity or stock is worth at the margin."""
        return float(sum(self._rents[self._column[label]] for label in asset.columns if label in self._column))


class EverydayWorth:
    """What assets are worth to a plan without any shock, for each year in which a shock may become known."""

    def __init__(self, plan: Plan, decisions: Mapping[Label, float]) -> None:
        self._plan = plan
        self._decisions = decisions
        self._held: dict[int, HeldProgram] = {}
        self._worth: dict[tuple[int, str, str], Floats] = {}

    def held(self, known_from: int) -> HeldProgram:
        """Return the plan's world without a shock, with its decisions before a year held."""
        if known_from not in self._held:
            world = meet_nothing(self._plan, known_from)
            program = keep_decisions(world.future, self._decisions)
            session = Session(program)
            self._held[known_from] = HeldProgram(program, penalty_part(world.stated)[0], session, session.solve())
        return self._held[known_from]

    def cost_without(self, asset: Asset, known_from: int) -> Floats:
        """Return how much more the plan costs if an asset is not there from a year on, and the penalties in it."""
        key = (known_from, asset.kind, asset.name)
        if key not in self._worth:
            self._worth[key] = self.held(known_from).cost_without(asset)
        return self._worth[key]


def find_savings(world: ShockedWorld, held: HeldProgram, everyday: EverydayWorth, plan: Plan) -> Iterator[Row]:
    """Kind, name and savings of the assets that do most in a shock."""
    known = world.shock.known_from
    for asset in _choose(world, held, everyday.held(known), plan):
        try:
            saved, missed = (held.cost_without(asset) - everyday.cost_without(asset, known)).tolist()
        except SolverLimitError:
            continue  # One saving less: the answer to the shock does not hang on it.
        if abs(saved) > SMALLEST:
            yield asset.kind, asset.name, saved, saved - missed, missed


def _find_rents(program: LinearProgram, answer: Solution) -> Floats:
    """Return what each column is worth at the margin in the rows on capacity and on stock."""
    counted = np.array([name in ("capacity_limit", "stock_balance") for name, _ in program.rows])
    dual = np.repeat(np.where(counted, answer.row_dual, 0.0), np.diff(program.start))
    worth = dual * program.value * answer.x[program.index]
    return np.bincount(program.index, worth, len(program.columns)).astype(np.float64)


def _choose(world: ShockedWorld, held: HeldProgram, usual: HeldProgram, plan: Plan) -> Iterator[Asset]:
    """Yield the few of each kind whose rent or output rises most."""
    by_kind: dict[str, list[Asset]] = defaultdict(list)
    for asset in (*find_stocks(world, held.answer.x), *find_plants(world, held.answer.x)):
        by_kind[asset.kind].append(asset)
    output = total_output(world, held.answer.x)
    for assets in by_kind.values():
        rent = {asset.name: held.rent_of(asset) - usual.rent_of(asset) for asset in assets}
        more = {asset.name: more_output(world, asset, output, plan) for asset in assets}
        chosen = {
            name for rise in (rent, more)
            for name in sorted(rise, key=lambda name: (-rise[name], name))[:CANDIDATES] if rise[name] > 0
        }  # fmt: skip
        yield from (asset for asset in assets if asset.name in chosen)
