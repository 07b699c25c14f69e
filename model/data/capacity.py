"""Capacity and contracts in numbers. Solver units (kt/yr, USD million).

Index letters: facility `f`, decision year `v`, first delivery year `s`, way of financing `k`, year `t`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from model.data.book import Book, is_finite
from model.data.contracts import MERCHANT, Award, Financing
from model.data.flows import KILO, Adjacency, Network
from model.data.signed import Signed, shortfall_price
from model.finance import capital_recovery
from model.schema import ALL
from model.tables import Record


@dataclass
class Capacity:
    """What exists, what can be built or kept open, and what it makes.

    Attributes:
        ACTIVE: (f, t) in which a facility can make, or save, something; `utilisation` as share.
        BUILDS: (f, v, k); RETAINS: (f, t); RESCUES: (f, s, k).
        EXISTING: (f, t) with existing capacity to keep open; `existing` in kt/yr.
        ramped: (f, t) -> (v, k, share of nameplate).
        online: (f, t) -> (v, k).
        rescued: (f, t) -> (s, k, share of the contracted nameplate that is there).
        YEARLY_LIMITS: (f, v) and TOTAL_LIMITS: f of new capacity; `yearly_limit`, `total_limit` in kt/yr.
        financed: (f, v) -> k; decided: f -> (v, k).
        RESERVES: f with a limited reserve; `reserve` in kt, `worked` f -> t.
    """

    ACTIVE: list[tuple[str, int]] = field(default_factory=list)
    BUILDS: list[tuple[str, int, str]] = field(default_factory=list)
    RETAINS: list[tuple[str, int]] = field(default_factory=list)
    RESCUES: list[tuple[str, int, str]] = field(default_factory=list)
    EXISTING: list[tuple[str, int]] = field(default_factory=list)
    YEARLY_LIMITS: list[tuple[str, int]] = field(default_factory=list)
    TOTAL_LIMITS: list[str] = field(default_factory=list)
    RESERVES: list[str] = field(default_factory=list)
    utilisation: dict[tuple[str, int], float] = field(default_factory=dict)
    existing: dict[tuple[str, int], float] = field(default_factory=dict)
    yearly_limit: dict[tuple[str, int], float] = field(default_factory=dict)
    total_limit: dict[str, float] = field(default_factory=dict)
    reserve: dict[str, float] = field(default_factory=dict)
    ramped: Adjacency[tuple[int, str, float]] = field(default_factory=Adjacency)
    online: Adjacency[tuple[int, str]] = field(default_factory=Adjacency)
    rescued: Adjacency[tuple[int, str, float]] = field(default_factory=Adjacency)
    financed: Adjacency[str] = field(default_factory=Adjacency)
    decided: Adjacency[tuple[int, str]] = field(default_factory=Adjacency)
    worked: Adjacency[int] = field(default_factory=Adjacency)


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
        duty: the same -> t of output per t/yr awarded; `shortfall_price` USD million per kt not made.
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
    duty: dict[tuple[str, str, int, str, int], float] = field(default_factory=dict)
    shortfall_price: dict[tuple[str, str, int, str, int], float] = field(default_factory=dict)
    short: Adjacency[tuple[str, int, str]] = field(default_factory=Adjacency)
    unpaid: Adjacency[tuple[str, str, int, str, float]] = field(default_factory=Adjacency)


def find_running(book: Book, financing: Financing) -> dict[str, list[int]]:
    """Facility -> the years in which some of its capacity, existing or new, could be open and in use."""
    years: dict[str, set[int]] = {name: set() for name in book.facilities}
    for name, t in financing.retained:
        years[name].add(t)
    for award in financing.existing.values():
        years[award.facility].update(award.covered)
    for name, v in {*financing.merchant, *((award.facility, award.year) for award in financing.new.values())}:
        f = book.facilities[name]
        years[name].update(range(v + f.lead(v), v + f.lead(v) + f.life))
    return {
        name: [t for t in book.years if t in found and book.facilities[name].number("utilisation", t) > 0]
        for name, found in years.items()
    }


def find_capacity(book: Book, financing: Financing, net: Network, signed: Signed | None = None) -> Capacity:
    """Capacity of the facilities that have a place in the network."""
    capacity = Capacity()
    order = {f: n for n, f in enumerate(book.facilities)}
    active = {(f, t) for f, t in (*net.feeds, *net.saved)}
    capacity.ACTIVE = sorted(active, key=lambda key: (order[key[0]], key[1]))
    for f, t in capacity.ACTIVE:
        capacity.utilisation[f, t] = book.facilities[f].number("utilisation", t)
        if is_finite(book.facilities[f].number("reserve_t")):
            capacity.reserve[f] = KILO * book.facilities[f].number("reserve_t")
            capacity.worked.join((f,), t)
    capacity.RESERVES = list(capacity.reserve)
    # What was begun before a shock is paid for, even where the shock leaves it nothing to do.
    useful = {f for f, _ in capacity.ACTIVE} | (signed.active if signed else frozenset())
    offers: Adjacency[str] = Adjacency()
    for (f, v, k), award in financing.new.items():
        if _can_deliver(award, book.years, active, signed):
            offers.join((f, v), k)
    rescues: Adjacency[tuple[int, str]] = Adjacency()
    for (f, s, k), award in financing.existing.items():
        if _can_deliver(award, book.years, active, signed):
            rescues.join((f,), (s, k))
    for f in book.facilities:
        if f in useful:
            _add_existing(book, f, financing, rescues[f,], capacity)
            _add_builds(book, f, financing, offers, capacity)
    return capacity


def _can_deliver(award: Award, years: range, active: set[tuple[str, int]], signed: Signed | None) -> bool:
    """Whether a facility can make something in every year a contract asks for output; or it is signed already."""
    if signed and signed.is_signed(award):
        return True
    return all((award.facility, t) in active for t, covered in award.covered.items() if t in years and covered > 0)


def _add_existing(book: Book, f: str, financing: Financing, rescues: list[tuple[int, str]], capacity: Capacity) -> None:
    facility = book.facilities[f]
    for t in book.years:
        if (f, t) in financing.retained:
            capacity.RETAINS.append((f, t))
    for s, k in rescues:
        award = financing.existing[f, s, k]
        capacity.RESCUES.append((f, s, k))
        for t in award.covered:
            capacity.rescued.join((f, t), (s, k, award.there.get(t, 1.0)))
    for t in book.years:
        if (f, t) in financing.retained or capacity.rescued[f, t]:
            capacity.EXISTING.append((f, t))
            capacity.existing[f, t] = KILO * facility.existing(t)


def _add_builds(book: Book, f: str, financing: Financing, offers: Adjacency[str], capacity: Capacity) -> None:
    facility = book.facilities[f]
    offtake = facility.number("offtake_share")
    for v in book.years:
        ways = [MERCHANT] if (f, v) in financing.merchant else []
        ways += offers[f, v]
        for k in ways:
            capacity.BUILDS.append((f, v, k))
            capacity.financed.join((f, v), k)
            capacity.decided.join((f,), (v, k))
            start = v + facility.lead(v)
            for t in range(start, min(start + facility.life, book.years[-1] + 1)):
                capacity.ramped.join((f, t), (v, k, facility.ramp(t - start)))
                capacity.online.join((f, t), (v, k))
        if ways and is_finite(facility.number("max_new_tpa_per_year", v)):
            capacity.YEARLY_LIMITS.append((f, v))
            capacity.yearly_limit[f, v] = KILO * offtake * facility.number("max_new_tpa_per_year", v)
    if capacity.decided[f,] and is_finite(facility.number("max_new_tpa")):
        capacity.TOTAL_LIMITS.append(f)
        capacity.total_limit[f] = KILO * offtake * facility.number("max_new_tpa")


def find_contracts(book: Book, financing: Financing, capacity: Capacity, signed: Signed | None = None) -> Contracts:
    """Duties and payments of every award whose facility has a place in the network."""
    new = {key: financing.new[key] for key in capacity.BUILDS if key in financing.new}
    existing = {key: financing.existing[key] for key in capacity.RESCUES}
    contracts = Contracts(new, existing)
    for key, award in new.items():
        _add_award(book, key, award, contracts.new_duties, contracts.new_pays, contracts.new_claims, signed)
    for key, award in existing.items():
        _add_award(
            book, key, award, contracts.existing_duties, contracts.existing_pays, contracts.existing_claims, signed
        )
    contracts.OBLIGED = sorted({(str(f), int(t)) for f, t in (*contracts.new_duties, *contracts.existing_duties)})
    contracts.PAY_YEARS = sorted({int(t) for (t,) in (*contracts.new_pays, *contracts.existing_pays)})
    if signed:
        _add_shortfalls(book, contracts, signed)
    pots = {pot.key: pot for pot in book.tables["cfd_budgets"]}
    for pot, view, t in sorted({*contracts.new_claims, *contracts.existing_claims}):
        contracts.BUDGETS.append((pot, view, t))
        contracts.budget[pot, view, t] = _budget(book, pots[pot, view], t)
    return contracts


def _add_award(
    book: Book, key: tuple[str, int, str], award: Award, duties: Adjacency[tuple[int, str, float]],
    pays: Adjacency[tuple[str, int, str, float]], claims: Adjacency[tuple[str, int, str, float]],
    signed: Signed | None,
) -> None:  # fmt: skip
    f, y, k = key
    pots = list(_pots_for(book, f))
    for t, covered in award.covered.items():
        if t in book.years and covered > 0:
            duties.join((f, t), (y, k, covered))
        payment = award.payment(t)
        if payment > 0:
            pays.join((t,), (f, y, k, KILO * payment))
        for pot, view, drop, record in pots:
            budget, place = _budget(book, record, t), (pot, view, t)
            if not is_finite(budget):
                continue
            claim = signed.claim_left(award, place, drop, budget) if signed else award.payment(t, drop)
            if claim > 0:
                claims.join(place, (f, y, k, KILO * claim))


def _add_shortfalls(book: Book, contracts: Contracts, signed: Signed) -> None:
    """How far each signed contract may be missed in the years a shock is known."""
    for award in (*contracts.new.values(), *contracts.existing.values()):
        if not signed.is_signed(award):
            continue
        a, f, y, k = award.applies_to, award.facility, award.year, award.offer
        for t, covered in award.covered.items():
            if t in book.years and t >= signed.known_from and covered > 0:
                key = (a, f, y, k, t)
                contracts.SHORTFALLS.append(key)
                contracts.duty[key] = covered
                contracts.shortfall_price[key] = shortfall_price(book, award)
                contracts.short.join((f, t), (a, y, k))
                if award.payment(t) > 0:
                    contracts.unpaid.join((t,), (a, f, y, k, KILO * award.payment(t) / covered))


def _pots_for(book: Book, f: str) -> Iterator[tuple[str, str, float, Record]]:
    """The pots that pay contracts of a facility: name, view, how far prices fall in that view, and record."""
    output = book.facilities[f].output
    stress = book.tables.number("cfd_stress_price_drop")
    for pot in book.tables["cfd_budgets"]:
        materials, view = pot.names("materials"), pot.text("view")
        if ALL in materials or output in materials:
            yield pot.text("pot"), view, stress if view == "stress" else 0.0, pot


def _budget(book: Book, pot: Record, t: int) -> float:
    """Budget of a pot; after last_year it stays as it was."""
    return pot.years[min(t, book.years[-1])]


@dataclass
class UnitCosts:
    """Cost of one unit of each decision, in USD million per kt (of the year, not discounted).

    Attributes:
        variable, market, credit: (f, t) per kt of activity; variable and market exclude each other.
        fixed: (f, t) per kt/yr of open nameplate.
        annuity, grant: (f, v) per kt/yr built and year online; the grant is the public part of the annuity.
    """

    variable: dict[tuple[str, int], float] = field(default_factory=dict)
    market: dict[tuple[str, int], float] = field(default_factory=dict)
    credit: dict[tuple[str, int], float] = field(default_factory=dict)
    fixed: dict[tuple[str, int], float] = field(default_factory=dict)
    annuity: dict[tuple[str, int], float] = field(default_factory=dict)
    grant: dict[tuple[str, int], float] = field(default_factory=dict)


def find_unit_costs(book: Book, capacity: Capacity) -> UnitCosts:
    """Unit costs of every facility and year in the network."""
    costs = UnitCosts()
    for name, t in capacity.ACTIVE:
        f = book.facilities[name]
        if f.at_market_price:
            costs.market[name, t] = KILO * (1 + f.number("premium", t)) * book.price(f.output, t)
        else:
            costs.variable[name, t] = KILO * f.number("variable_usd_per_t", t)
        costs.credit[name, t] = KILO * f.number("credit_usd_per_t", t)
    for name in {f for f, _ in (*capacity.ACTIVE, *capacity.EXISTING)} | {f for f, *_ in capacity.BUILDS}:
        for t in book.years:
            costs.fixed[name, t] = KILO * book.facilities[name].number("fixed_usd_per_tpa_year", t)
    for name, v in {(f, v) for f, v, _ in capacity.BUILDS}:
        f = book.facilities[name]
        annuity = KILO * capital_recovery(f.number("hurdle_rate", v), f.life) * f.number("capex_usd_per_tpa", v)
        costs.annuity[name, v] = annuity
        costs.grant[name, v] = f.number("grant_share", v) * annuity
    return costs
