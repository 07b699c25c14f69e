"""Awards in numbers: what each obliges to, pays and takes from its pots. Solver units (kt/yr, USD million).

Index letters: facility `f`, decision year `v`, first delivery year `s`, offer `k`, year `t`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from model.data.adjacency import KILO, Adjacency
from model.data.awards import NEW, Award
from model.data.capacity import Capacity
from model.data.finance import counted_share
from model.data.financing import Financing
from model.data.in_force import Budget, InForce, find_budget
from model.data.lookup import Lookup, is_finite
from model.data.signed import Signed, shortfall_price
from model.workbook.schema import ALL
from model.workbook.tables import Record


@dataclass
class Contracts:
    """The awards that can be made, what they oblige to and what they pay.

    Attributes:
        new, existing: (f, v, k) and (f, s, k) -> award.
        OBLIGED: (f, t) in which a contract may ask for output.
        new_obligations: (f, t) -> (v, k, t of output per t/yr awarded); existing_obligations the same with s.
        PAY_YEARS: every year in which something is paid, also after last_year; BACK_YEARS: paid back.
        new_pays: (t,) -> (f, v, k, USD million per kt/yr, positive part only); existing_pays the same with s.
        new_backs, existing_backs: the same of what is paid back, as a positive number.
        CHARGE_YEARS: years of the plan in which the excess burden of an award falls due.
        new_charges: (t,) -> (f, v, k, USD million per kt/yr the excess burden is charged on); existing_charges with s.
        BUDGETS: (pot, view, t); `budget` left by contracts in force (`pots`: of what), in USD million; new_claims,
            existing_claims: (pot, view, t) -> payments.
        SHORTFALLS: (applies_to, f, y, k, t) of contracts signed before a shock, in years after it is known.
        owed: the same -> t of output per t/yr awarded; `shortfall_price` USD million per kt not made.
        short: (f, t) -> (applies_to, y, k); `unpaid`, `unreturned`, `uncharged`: (t,) -> (applies_to, f, y, k, USD
            million per kt not made) of what is then not paid, not paid back, and not charged.
    """

    new: dict[tuple[str, int, str], Award]
    existing: dict[tuple[str, int, str], Award]
    OBLIGED: list[tuple[str, int]] = field(default_factory=list)
    PAY_YEARS: list[int] = field(default_factory=list)
    BACK_YEARS: list[int] = field(default_factory=list)
    CHARGE_YEARS: list[int] = field(default_factory=list)
    BUDGETS: list[tuple[str, str, int]] = field(default_factory=list)
    new_obligations: Adjacency[tuple[int, str, float]] = field(default_factory=Adjacency)
    existing_obligations: Adjacency[tuple[int, str, float]] = field(default_factory=Adjacency)
    new_pays: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)
    existing_pays: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)
    new_backs: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)
    existing_backs: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)
    new_charges: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)
    existing_charges: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)
    budget: dict[tuple[str, str, int], float] = field(default_factory=dict)
    pots: dict[tuple[str, str, int], Budget] = field(default_factory=dict)
    new_claims: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)
    existing_claims: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)
    SHORTFALLS: list[tuple[str, str, int, str, int]] = field(default_factory=list)
    owed: dict[tuple[str, str, int, str, int], float] = field(default_factory=dict)
    shortfall_price: dict[tuple[str, str, int, str, int], float] = field(default_factory=dict)
    short: Adjacency[tuple[str, int, str]] = field(default_factory=Adjacency)
    unpaid: Adjacency[tuple[str, str, int, str, float]] = field(default_factory=Adjacency)
    unreturned: Adjacency[tuple[str, str, int, str, float]] = field(default_factory=Adjacency)
    uncharged: Adjacency[tuple[str, str, int, str, float]] = field(default_factory=Adjacency)


def find_contracts(
    lookup: Lookup, financing: Financing, capacity: Capacity, in_force: InForce, signed: Signed | None = None
) -> Contracts:
    """Obligations and payments of every award whose facility has a place in the network."""
    new = {key: financing.new[key] for key in capacity.BUILDS if key in financing.new}
    existing = {key: financing.existing[key] for key in capacity.RESCUES}
    contracts = Contracts(new, existing)
    budgets: dict[tuple[str, str, int], Budget] = {}
    for award in (*new.values(), *existing.values()):
        _add_obligations(lookup, award, contracts)
        _add_payments(lookup, award, contracts)
        _add_claims(lookup, award, contracts, budgets, signed)
    contracts.OBLIGED = _keys(contracts.new_obligations, contracts.existing_obligations)
    contracts.PAY_YEARS = [t for (t,) in _keys(contracts.new_pays, contracts.existing_pays, in_force.pays)]
    contracts.BACK_YEARS = [t for (t,) in _keys(contracts.new_backs, contracts.existing_backs, in_force.backs)]
    contracts.CHARGE_YEARS = [t for (t,) in _keys(contracts.new_charges, contracts.existing_charges, in_force.charges)]
    if signed:
        _add_shortfalls(lookup, contracts, signed)
    contracts.BUDGETS = _keys(contracts.new_claims, contracts.existing_claims)
    return contracts


def _keys(*joined: Adjacency[Any]) -> list[tuple[Any, ...]]:
    """Return all keys of several adjacencies, in order."""
    return sorted({key for found in joined for key in found})


def _add_obligations(lookup: Lookup, award: Award, contracts: Contracts) -> None:
    """What an award obliges its facility to make in the years of the plan."""
    obligations = contracts.new_obligations if award.applies_to == NEW else contracts.existing_obligations
    for t, covered in award.covered.items():
        if t in lookup.years and covered > 0:
            obligations.join((award.facility, t), (award.year, award.offer, covered))


def _add_payments(lookup: Lookup, award: Award, contracts: Contracts) -> None:
    """What an award pays, is paid back, and costs the economy in raising it."""
    is_new, index = award.applies_to == NEW, (award.facility, award.year, award.offer)
    pays = contracts.new_pays if is_new else contracts.existing_pays
    backs = contracts.new_backs if is_new else contracts.existing_backs
    charges = contracts.new_charges if is_new else contracts.existing_charges
    charged = find_charged(lookup, award)
    for t in award.years:
        if award.paid(t) > 0:
            pays.join((t,), (*index, KILO * award.paid(t)))
        if award.back(t) > 0:
            backs.join((t,), (*index, KILO * award.back(t)))
        if charged.get(t, 0.0) != 0:
            charges.join((t,), (*index, KILO * charged[t]))


def find_charged(lookup: Lookup, award: Award) -> dict[int, float]:
    """Year of the plan -> what the excess burden of an award is charged on, USD per t/yr of nameplate.

    Of a loan that is what it costs the treasury: what is lent less the present value of all that is paid back, shared
    out over the years in which it is lent.
    """
    years = [t for t in award.years if t in lookup.years]
    if award.form == "loan":
        lent = sum(lookup.discount(t) * money for t, money in award.spent.items())
        back = sum(lookup.discount(t) * money for t, money in award.repaid.items())
        cost = max(0.0, 1 - back / lent) if lent > 0 else 0.0
        return {t: cost * award.spent[t] for t in years if t in award.spent}
    payments = {t: award.paid(t) - award.back(t) for t in years}
    counted = counted_share(payments, lookup.discount, lookup.tables.number("clawback_value"))
    return {t: payment if payment > 0 else counted * payment for t, payment in payments.items()}


def _add_claims(
    lookup: Lookup,
    award: Award,
    contracts: Contracts,
    budgets: dict[tuple[str, str, int], Budget],
    signed: Signed | None,
) -> None:
    """What an award takes from the pots that pay it; `budgets` receives what they may pay."""
    claims = contracts.new_claims if award.applies_to == NEW else contracts.existing_claims
    for pot, view, drop, record in _pots_for(lookup, award):
        for t in award.years:
            place = (pot, view, t)
            budget = budgets.get(place)
            if budget is None:
                budget = budgets[place] = find_budget(lookup, record, t, drop, signed.lookup if signed else None)
            if not is_finite(budget.whole):
                continue
            contracts.pots[place], contracts.budget[place] = budget, budget.left()
            claim = signed.claim_left(award, place, drop, budget.left()) if signed else award.paid(t, drop)
            if claim > 0:
                claims.join(place, (award.facility, award.year, award.offer, KILO * claim))


def _add_shortfalls(lookup: Lookup, contracts: Contracts, signed: Signed) -> None:
    """How far each signed contract may be missed in the years a shock is known."""
    for award in (*contracts.new.values(), *contracts.existing.values()):
        if not signed.is_signed(award):
            continue
        a, f, y, k = award.applies_to, award.facility, award.year, award.offer
        charged = find_charged(lookup, award)
        for t, covered in award.covered.items():
            if t in lookup.years and t >= signed.known_from and covered > 0:
                key, rate = (a, f, y, k, t), KILO / covered
                contracts.SHORTFALLS.append(key)
                contracts.owed[key] = covered
                burden = lookup.tables.number("public_funds_excess_burden") * max(0.0, rate * charged[t])
                worth = sum(signed.worth_of(name, f, t) for name in ("obligation_floor", "honour_limit")) + burden
                contracts.shortfall_price[key] = shortfall_price(lookup, award, t, worth)
                contracts.short.join((f, t), (a, y, k))
                if award.paid(t) > 0:
                    contracts.unpaid.join((t,), (a, f, y, k, rate * award.paid(t)))
                if award.back(t) > 0:
                    contracts.unreturned.join((t,), (a, f, y, k, rate * award.back(t)))
                if charged[t] != 0:
                    contracts.uncharged.join((t,), (a, f, y, k, rate * charged[t]))


def _pots_for(lookup: Lookup, award: Award) -> Iterator[tuple[str, str, float, Record]]:
    """Yield the pots that pay an award: name, view, how far prices fall in that view, and record."""
    output = lookup.facilities[award.facility].output
    stress = lookup.tables.number("cfd_stress_price_drop")
    for pot in lookup.tables["support_budgets"]:
        materials, offers, view = pot.names("materials"), pot.names("offers"), pot.text("view")
        if {ALL, output} & set(materials) and {ALL, award.offer} & set(offers):
            yield pot.text("pot"), view, stress if view == "stress" else 0.0, pot
