"""The oracle's plans: its own optimum, and what it thinks of a plan that someone else has found."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from tests.independent.contracts import (
    Block,
    admissible,
    cash_flow,
    contract_candidates,
    merchant_builds,
    merchant_npv,
    public_cash,
    years_of_payment,
)
from tests.independent.data import LOTS, Key, Terms, World, listed, read_tables
from tests.independent.linear import Program, least_cost, least_cost_then
from tests.independent.program import build_program

OWN_WORDS = ("breach", "drop", "honour", "sold_later", "sold_of_counted")
"""Decisions that follow from the others, and that a plan need not name."""

Lots = tuple[float, float, float, float]
"""Clear, exposed, saved and unmet tonnes of a demand row."""


@dataclass(frozen=True)
class Solution:
    """The reported plan. Money in USD million, quantities in t or t/yr, no zero entries."""

    status: str
    objective: float
    exposed_shortage_value: float  # the tie-break: exposed deliveries x shortage cost
    costs: dict[str, float]  # discounted, by term
    builds: dict[Key, float]  # (facility, v, k)
    rescues: dict[Key, float]  # (facility, s, k)
    break_even: dict[Key, float]  # (facility, offer, applies_to, v or s): USD/t
    admissible: set[Key]  # the keys of break_even whose variable exists
    merchant_npv: dict[Key, float]  # (facility, v): USD per t/yr
    payments: dict[Key, float]  # (facility, offer, applies_to, v or s, year)
    clawback: dict[Key, float]  # the same keys
    deliveries: dict[Key, Lots]  # clear, exposed, saved, unmet
    production: dict[Key, float]  # (facility, material, role, provenance of output, year)
    flows: dict[Key, float]  # every variable, keyed as in this module
    binding: set[Key]  # rows with a shadow price in the least-cost solve


class Case:
    """One plan scenario of a folder of CSV files: its world, its capacity decisions and its linear program."""

    def __init__(self, folder: str | Path, scenario: str = "base") -> None:
        self.world = w = World(read_tables(Path(folder)), scenario)
        self.merchants = list(merchant_builds(w))
        self.contracts = list(contract_candidates(w))
        self.signable = [block for block in self.contracts if admissible(w, block)]
        self.blocks = [*(block for block in self.merchants if admissible(w, block)), *self.signable]
        self.program: Program = build_program(w, self.blocks)
        self.exposed: Terms = {("deliver", d, "exposed", t): w.shortage_cost(d) for d, t in product(w.demand, w.years)}

    def solve(self) -> Solution:
        """Least cost, then least exposed deliveries."""
        return self.describe(*least_cost_then(self.program, self.exposed))

    def judge(self, decisions: Mapping[Key, float], slack: float) -> Solution:
        """A plan found elsewhere, as this program sees it: infeasible where it breaks a rule.

        Args:
            decisions: tonnes by the names of this module; one that is missing is zero, but for `OWN_WORDS`.
            slack: how far a decision may be moved, t.
        """
        unknown = {key: x for key, x in decisions.items() if key not in self.program.columns and x > slack}
        if unknown:
            raise KeyError(unknown)
        bounds = {
            key: (max(0.0, decisions.get(key, 0.0) - slack), decisions.get(key, 0.0) + slack)
            for key in self.program.columns
            if key[0] not in OWN_WORDS or key in decisions
        }
        status, objective, values = least_cost(self.program, bounds)
        return self.describe(status, objective, values, set())

    def read(self, decisions: Mapping[Key, float]) -> Solution:
        """A plan found elsewhere, as it stands: what was made, delivered and paid."""
        values = np.array([decisions.get(key, 0.0) for key in self.program.columns])
        return self.describe("Read", math.nan, values, set())

    def exposure(self) -> Terms:
        """The exposure index as a sum over exposed deliveries in tonnes."""
        w = self.world
        since = int(w.settings.get("frontier_from_year", {"value": w.first})["value"])
        counted = [(d, t) for d, t in product(w.demand, w.years) if t >= since]
        terms: Terms = defaultdict(float)
        asked_of = {m: sum(w.content.get((d[1], m), 0.0) * w.demand[d][t] for d, t in counted) for m in w.minerals}
        weights = {m: w.minerals[m]["weight"] for m, asked in asked_of.items() if asked > 0}
        if not any(weights.values()):
            return terms  # no mineral has a weight: the index is 0
        for m, (d, t) in product(weights, counted):
            share = w.content.get((d[1], m), 0.0) / asked_of[m]
            terms["deliver", d, "exposed", t] += weights[m] / sum(weights.values()) * share
        return terms

    def shortage(self) -> Terms:
        """Unmet demand at its shortage cost, not discounted."""
        w = self.world
        return {("unmet", d, t): w.shortage_cost(d) for d, t in product(w.demand, w.years)}

    def pathway_share(self, pathway: str) -> tuple[Terms, Terms]:
        """Output of a pathway and all output, every tonne at the shortage cost of its material."""
        w = self.world
        part: Terms = defaultdict(float)
        whole: Terms = defaultdict(float)
        for (f, row), t in product(w.facilities.items(), w.years):
            goods = [(key, row["output"]) for key in w.activity(f, t)]
            goods += [(("take", f, j, o, t), j) for j in w.materials_of(f, "coproduct") for o in LOTS]
            for key, i in goods:
                worth = w.materials[i]["shortage_cost_usd_per_t"]
                whole[key] += worth
                part[key] += worth * (w.pathway(f, t) == pathway)
        return part, whole

    def describe(self, status: str, objective: float, values: np.ndarray, binding: set[Key]) -> Solution:
        """A point of the program in the words of the planner."""
        w, lp = self.world, self.program
        flows = dict(zip(lp.columns, values.tolist(), strict=True))
        payments, clawback = payments_of(w, self.blocks, flows)
        return Solution(
            status=status,
            objective=objective,
            exposed_shortage_value=weigh(self.exposed, flows) / 1e6,
            costs={term: (weigh(terms, flows) + lp.constants[term]) / 1e6 for term, terms in lp.costs.items()},
            builds={key[1:]: x for key, x in flows.items() if key[0] == "build" and x > 0},
            rescues={key[1:]: x for key, x in flows.items() if key[0] == "rescue" and x > 0},
            break_even={b.contract: b.strike for b in self.contracts},
            admissible={b.contract for b in self.signable},
            merchant_npv={(b.facility, b.decided): merchant_npv(cash_flow(w, b)) for b in self.merchants},
            payments=payments,
            clawback=clawback,
            deliveries=deliveries_of(w, flows),
            production=production_of(w, flows),
            flows=flows,
            binding=binding,
        )


def solve(folder: str | Path, scenario: str = "base") -> Solution:
    """Least cost, then least exposed deliveries, of one plan scenario of a folder of CSV files."""
    return Case(folder, scenario).solve()


def weigh(weights: Mapping[Key, float], flows: Mapping[Key, float]) -> float:
    """Weighted sum of variables."""
    return math.fsum(weight * flows[key] for key, weight in weights.items())


def payments_of(
    w: World, blocks: list[Block], values: Mapping[Key, float]
) -> tuple[dict[Key, float], dict[Key, float]]:
    """Gross outlay and claw-back of every signed contract and year, USD million."""
    payments, clawback = {}, {}
    for block in blocks:
        if block.financing == "merchant":
            continue
        for t in years_of_payment(w, block):
            out, back = (usd * values[block.key] / 1e6 for usd in public_cash(w, block, t))
            if out > 0:
                payments[*block.contract, t] = out
            if back > 0:
                clawback[*block.contract, t] = back
    return payments, clawback


def deliveries_of(w: World, flows: Mapping[Key, float]) -> dict[Key, Lots]:
    """Clear, exposed, saved and unmet tonnes of every demand row and year."""
    found = {}
    for d, t in product(w.demand, w.years):
        saved = sum(x for key, x in flows.items() if key[0] == "save" and key[2:] == (d, t))
        clear, exposed = (flows["deliver", d, o, t] for o in LOTS)
        found[*d, t] = (clear, exposed, saved, flows["unmet", d, t])
    for rows, t in product(alike(w), w.years):
        share_out(w, rows, t, found)
    return found


def alike(w: World) -> list[list[Key]]:
    """Demand rows that nothing in the program tells apart but their size."""
    groups: dict[Key, list[Key]] = defaultdict(list)
    named = [row["segment"] for row in w.tables["exposure_caps"] if row["segment"] != "*" and row["scope"] == "chain"]
    for d in w.demand:
        own_rule = d if any(listed(segment, d[0]) for segment in named) else ()
        groups[*d[1:], w.shortage_cost(d), own_rule].append(d)
    return [rows for rows in groups.values() if len(rows) > 1]


def share_out(w: World, rows: list[Key], t: int, found: dict[Key, Lots]) -> None:
    """Clear, exposed and missing tonnes by what each row wants beyond what is saved."""
    wants = {d: w.demand[d][t] - found[*d, t][2] for d in rows}
    total = sum(wants.values())
    sums = [sum(found[*d, t][n] for d in rows) for n in (0, 1, 3)]
    for d in rows:
        share = wants[d] / total if total > 0 else 0.0
        clear, exposed, unmet = (share * x for x in sums)
        found[*d, t] = (clear, exposed, found[*d, t][2], unmet)


def exposure_index(w: World, deliveries: Mapping[Key, Lots]) -> tuple[float, dict[str, float]]:
    """Exposed share of the demand for each mineral, and its mean by the weights of the minerals."""
    since = int(w.settings.get("frontier_from_year", {"value": w.first})["value"])
    shares = {}
    for m in w.minerals:
        asked = exposed = 0.0
        for d, t in product(w.demand, w.years):
            if t >= since:
                content = w.content.get((d[1], m), 0.0)
                asked += content * w.demand[d][t]
                exposed += content * deliveries[*d, t][1]
        if asked > 0:
            shares[m] = exposed / asked
    weights = {m: w.minerals[m]["weight"] for m in shares}
    total = sum(weights.values())
    return (sum(weights[m] * shares[m] for m in shares) / total if total > 0 else 0.0), shares


def production_of(w: World, flows: Mapping[Key, float]) -> dict[Key, float]:
    """Main output, coproducts and saved tonnes by the provenance of the output."""
    found: dict[Key, float] = defaultdict(float)
    for f, t in product(w.facilities, w.years):
        i = w.facilities[f]["output"]
        for o in LOTS:
            found[f, i, "main", o, t] = weigh(w.made(f, o, t), flows)
            for j in w.materials_of(f, "coproduct"):
                found[f, j, "coproduct", o, t] = flows["take", f, j, o, t]
        for key in w.activity(f, t):
            if key[0] == "save":
                found[f, i, "saved", "clear", t] += flows[key]
    return {key: tonnes for key, tonnes in found.items() if tonnes > 0}
