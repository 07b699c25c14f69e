"""Contracts in numbers: what each award obliges to, pays and takes from its pots. Solver units (kt/yr, USD million).

Index letters: facility `f`, decision year `v`, first delivery year `s`, offer `k`, year `t`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from model.data.adjacency import KILO, Adjacency
from model.data.capacity import Capacity
from model.data.financing import Award, Financing
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
        new_duties: (f, t) -> (v, k, t of output per t/yr awarded); existing_duties the same with s.
        PAY_YEARS: every year of every term, also after last_year.
        new_pays: (t,) -> (f, v, k, USD million per kt/yr, positive part only); existing_pays the same with s.
        BUDGETS: (pot, view, t); `budget` in USD million; new_claims, existing_claims: (pot, view, t) -> payments.
        SHORTFALLS: (applies_to, f, y, k, t) of contracts signed before a shock, in years after it is known.
        owed: the same -> t of output per t/yr awarded; `shortfall_price` USD million per kt not made.
        short: (f, t) -> (applies_to, y, k); `unpaid` (t,) -> (applies_to, f, y, k, USD million per kt not made).
    """

    new: dict[tuple[str, int, str], Award]
    existing: dict[tuple[str, int, str], Award]
    OBLIGED: list[tuple[str, int]] = field(default_factory=list)
    PAY_YEARS: list[int] = field(default_factory=list)
    BUDGETS: list[tuple[str, str, int]] = field(default_factory=list)
    new_duties: Adjacency[tuple[int, str, float]] = field(default_factory=Adjacency)
    existing_duties: Adjacency[tuple[int, str, float]] = field(default_factory=Adjacency)
    new_pays: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)
    existing_pays: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)
    budget: dict[tuple[str, str, int], float] = field(default_factory=dict)
    new_claims: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)
    existing_claims: Adjacency[tuple[str, int, str, float]] = field(default_factory=Adjacency)
    SHORTFALLS: list[tuple[str, str, int, str, int]] = field(default_factory=list)
    owed: dict[tuple[str, str, int, str, int], float] = field(default_factory=dict)
    shortfall_price: dict[tuple[str, str, int, str, int], float] = field(default_factory=dict)
    short: Adjacency[tuple[str, int, str]] = field(default_factory=Adjacency)
    unpaid: Adjacency[tuple[str, str, int, str, float]] = field(default_factory=Adjacency)


def find_contracts(lookup: Lookup, financing: Financing, capacity: Capacity, signed: Signed | None = None) -> Contracts:
    """Duties and payments of every award whose facility has a place in the network."""
    new = {key: financing.new[key] for key in capacity.BUILDS if key in financing.new}
    existing = {key: financing.existing[key] for key in capacity.RESCUES}
    contracts = Contracts(new, existing)
    for key, award in new.items():
        _add_award(lookup, key, award, contracts.new_duties, contracts.new_pays, contracts.new_claims, signed)
    for key, award in existing.items():
        _add_award(
            lookup, key, award, contracts.existing_duties, contracts.existing_pays, contracts.existing_claims, signed
        )
    contracts.OBLIGED = sorted({(str(f), int(t)) for f, t in (*contracts.new_duties, *contracts.existing_duties)})
    contracts.PAY_YEARS = sorted({int(t) for (t,) in (*contracts.new_pays, *contracts.existing_pays)})
    if signed:
        _add_shortfalls(lookup, contracts, signed)
    pots = {pot.key: pot for pot in lookup.tables["cfd_budgets"]}
    for pot, view, t in sorted({*contracts.new_claims, *contracts.existing_claims}):
        contracts.BUDGETS.append((pot, view, t))
        contracts.budget[pot, view, t] = _budget(lookup, pots[pot, view], t)
    return contracts


def _add_award(
    lookup: Lookup, key: tuple[str, int, str], award: Award, obligations: Adjacency[tuple[int, str, float]],
    pays: Adjacency[tuple[str, int, str, float]], claims: Adjacency[tuple[str, int, str, float]],
    signed: Signed | None,
) -> None:  # fmt: skip
    f, y, k = key
    pots = list(_pots_for(lookup, f))
    for t, covered in award.covered.items():
        if t in lookup.years and covered > 0:
            obligations.join((f, t), (y, k, covered))
        payment = award.payment(t)
        if payment > 0:
            pays.join((t,), (f, y, k, KILO * payment))
        for pot, view, drop, record in pots:
            budget, place = _budget(lookup, record, t), (pot, view, t)
            if not is_finite(budget):
                continue
            claim = signed.claim_left(award, place, drop, budget) if signed else award.payment(t, drop)
            if claim > 0:
                claims.join(place, (f, y, k, KILO * claim))


def _add_shortfalls(lookup: Lookup, contracts: Contracts, signed: Signed) -> None:
    """How far each signed contract may be missed in the years a shock is known."""
    for award in (*contracts.new.values(), *contracts.existing.values()):
        if not signed.is_signed(award):
            continue
        a, f, y, k = award.applies_to, award.facility, award.year, award.offer
        for t, covered in award.covered.items():
            if t in lookup.years and t >= signed.known_from and covered > 0:
                key = (a, f, y, k, t)
                contracts.SHORTFALLS.append(key)
                contracts.owed[key] = covered
                contracts.shortfall_price[key] = shortfall_price(lookup, award)
                contracts.short.join((f, t), (a, y, k))
                if award.payment(t) > 0:
                    contracts.unpaid.join((t,), (a, f, y, k, KILO * award.payment(t) / covered))


def _pots_for(lookup: Lookup, f: str) -> Iterator[tuple[str, str, float, Record]]:
    """The pots that pay contracts of a facility: name, view, how far prices fall in that view, and record."""
    output = lookup.facilities[f].output
    stress = lookup.tables.number("cfd_stress_price_drop")
    for pot in lookup.tables["cfd_budgets"]:
        materials, view = pot.names("materials"), pot.text("view")
        if ALL in materials or output in materials:
            yield pot.text("pot"), view, stress if view == "stress" else 0.0, pot


def _budget(lookup: Lookup, pot: Record, t: int) -> float:
    """Budget of a pot; after last_year it stays as it was."""
    return pot.years[min(t, lookup.years[-1])]
