"""Which stock, contract or facility kept a shock small: the shock is answered again without it.

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
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from model.analyses.futures import Places, keep_decisions, row_numbers
from model.analyses.shocked import ShockedWorld, meet_nothing
from model.data.financing import MERCHANT
from model.data.lookup import PROVENANCES
from model.errors import SolverLimitError
from model.results.columns import Row
from model.results.money import penalty_part
from model.results.plan import Plan
from model.solver.highs import Session, Solution, bounds_of
from model.solver.program import Floats, Label, LinearProgram
from model.workbook.schema import CAPITAL_FORMS

CANDIDATES = 3
"""How many stocks, contracts and facilities are looked at for their rent, and how many for their output."""

SMALLEST = 1e-3
"""A saving below a thousand dollars (in USD million) is the solver's rounding of costs of billions."""


@dataclass
class Asset:
    """Something a plan has when a shock comes.

    Attributes:
        kind, name: stock, contract or facility, and which.
        columns: columns that are 0 without it.
        rows: rows whose right-hand side is 0 without it.
    """

    kind: str
    name: str
    columns: set[Label] = field(default_factory=set)
    rows: set[Label] = field(default_factory=set)


class HeldProgram:
    """A program with the decisions before a year held, solved, and solved again without one asset or another."""

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
    """What assets are worth to a plan without any shock, for each year a shock may become known in."""

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
    for asset in (*_stocks(world, held.answer.x), *_plants(world, held.answer.x)):
        by_kind[asset.kind].append(asset)
    output = _output(world, held.answer.x)
    for assets in by_kind.values():
        rent = {asset.name: held.rent_of(asset) - usual.rent_of(asset) for asset in assets}
        more = {asset.name: _more_output(world, asset, output, plan) for asset in assets}
        chosen = {
            name for rise in (rent, more)
            for name in sorted(rise, key=lambda name: (-rise[name], name))[:CANDIDATES] if rise[name] > 0
        }  # fmt: skip
        yield from (asset for asset in assets if asset.name in chosen)


def _stocks(world: ShockedWorld, x: Floats) -> Iterator[Asset]:
    """Yield what is in store at the end of the year before the shock is known."""
    known = world.shock.known_from
    found: dict[str, Asset] = {}
    for n, label in enumerate(world.program.columns):
        name, key = label
        if name == "stock" and key[3] == known - 1 and x[n] > 0:
            place = f"{key[0]}/{key[1]}"
            found.setdefault(place, Asset("stock", place)).columns.add(label)
    # Where the shock is known from the start, the stock is what the first balance opens with.
    for key, amount in world.data.stockpile.opening.items():
        if key[3] == known and amount > 0:
            place = f"{key[0]}/{key[1]}"
            found.setdefault(place, Asset("stock", place)).rows.update({
                ("stock_balance", key), ("carried_stock_limit", key),
            })  # fmt: skip
    yield from found.values()


def _plants(world: ShockedWorld, x: Floats) -> Iterator[Asset]:
    """Contracts signed, and capacity built or there without one, outside regions of concern."""
    known, facilities = world.shock.known_from, world.data.lookup.facilities
    found: dict[tuple[str, str], Asset] = {}
    for n, label in enumerate(world.program.columns):
        name, key = label
        if name not in ("build", "rescue", "retain") or x[n] <= 0:
            continue
        f, year = str(key[0]), int(key[1])
        if facilities[f].region.at("standing", known) == "concern" or (year < known) == (name == "retain"):
            continue
        kind, owner = _kind_of(world, name, key)
        found.setdefault((kind, owner), Asset(kind, owner)).columns.add(label)
    for label in world.program.columns:  # Closed is closed, also in years in which it would only have been needed then.
        name, key = label
        if name == "retain" and int(key[1]) >= known and _kind_of(world, name, key) in found:
            found[_kind_of(world, name, key)].columns.add(label)
    yield from found.values()


def _kind_of(world: ShockedWorld, name: str, key: tuple[Any, ...]) -> tuple[str, str]:
    """What kind of asset capacity is, and what it is called: of a contract, facility and offer or contract in force."""
    f, in_force = str(key[0]), world.data.in_force
    if name == "retain" and (f, world.shock.known_from) in in_force.KEPT:
        return "contract", f"{f}/{in_force.keepers[f, world.shock.known_from][0]}"
    award = world.data.contracts.new.get(key) if name == "build" else None
    # A grant or a loan is spent: what it leaves is a plant like any other.
    if name == "retain" or key[2] == MERCHANT or (award and award.form in CAPITAL_FORMS):
        return "facility", f
    return "contract", f"{f}/{key[2]}"


def _output(world: ShockedWorld, x: Floats) -> dict[str, float]:
    """Return what facilities make or save, and stocks release, from the year on in which the shock is known."""
    found: dict[str, float] = defaultdict(float)
    for n in np.flatnonzero(x):
        name, key = world.program.columns[n]
        if name in ("make", "save", "stock_out") and int(key[-1]) >= world.shock.known_from:
            found[f"{key[0]}/{key[1]}" if name == "stock_out" else str(key[0])] += float(x[n])
    return found


def _more_output(world: ShockedWorld, asset: Asset, output: Mapping[str, float], plan: Plan) -> float:
    """Return how much more a plant makes, or a stock releases, than without the shock, in terms of shortage cost."""
    years = [t for t in world.data.years if t >= world.shock.known_from]
    lookup = world.data.lookup
    if asset.kind == "stock":
        i, _, r = asset.name.partition("/")
        usual = sum(plan.value("stock_out", i, r, o, t) for o in PROVENANCES for t in years)
        return lookup.shortage_cost[i] * (output.get(asset.name, 0.0) - usual)
    f = asset.name.partition("/")[0]
    usual = sum(plan.value("activity", f, t) for t in years)
    return lookup.shortage_cost[lookup.facilities[f].output] * (output.get(f, 0.0) - usual)
