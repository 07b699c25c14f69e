"""Which projects can be financed: merchant tests, and the support the treasury can award.

All of it is arithmetic on prices and costs (model/data/finance.py), done before the program is built, in USD and
tonnes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from model.data.awards import EXISTING, NEW, Award, Prospect, find_award, refuse
from model.data.facility import Facility
from model.data.finance import TOLERANCE, CashFlow
from model.data.lookup import Lookup
from model.workbook.schema import ALL, CAPITAL_FORMS
from model.workbook.tables import Record

MERCHANT = "merchant"
"""The way of financing capacity that needs no support."""


@dataclass(frozen=True)
class BreakEven:
    """The amount of support a facility needs in the form of an offer, whether or not it can have it.

    Strikes and premiums in USD/t, grants and loans as share of capex; other money in USD per t or t/yr.
    """

    facility: str
    offer: str
    form: str
    applies_to: str
    year: int
    amount: float | None
    reference: float
    merchant_npv: float | None
    status: str
    award: Award | None = None


@dataclass
class Financing:
    """What data allow: merchant builds and retained capacity, awards by applies_to, and every break-even amount."""

    merchant: set[tuple[str, int]] = field(default_factory=set)
    retained: set[tuple[str, int]] = field(default_factory=set)
    new: dict[tuple[str, int, str], Award] = field(default_factory=dict)
    existing: dict[tuple[str, int, str], Award] = field(default_factory=dict)
    break_even: list[BreakEven] = field(default_factory=list)


def find_financing(lookup: Lookup, first_year: int | None = None) -> Financing:
    """Test every facility against its hurdle rate, with and without each offer, from a year on.

    Most scenarios leave most facilities alone: what was found for a facility holds wherever its basis is the same.
    What was found from an earlier year on holds as well, as no test of a year looks at the years before it.
    """
    found = Financing()
    first = lookup.years[0] if first_year is None else first_year
    remembered = _recall(lookup)
    for f in lookup.facilities.values():
        known, basis = remembered.setdefault(f.name, []), _find_basis(lookup, f)
        own = next((result for begin, other, result in known if begin <= first and other == basis), None)
        if own is None:
            own = _finance(lookup, f, first)
            known.insert(0, (first, basis, own))
            del known[MOST_VERSIONS:]
        _add(own, found)
    return _keep_from(first, found)


def _keep_from(first: int, found: Financing) -> Financing:
    """Return what of a financing is decided in a year or later."""
    return Financing(
        merchant={(f, v) for f, v in found.merchant if v >= first},
        retained={(f, t) for f, t in found.retained if t >= first},
        new={key: award for key, award in found.new.items() if award.year >= first},
        existing={key: award for key, award in found.existing.items() if award.year >= first},
        break_even=[amount for amount in found.break_even if amount.year >= first],
    )


MOST_VERSIONS = 8
"""Versions of a facility, as different scenarios have it, and versions of what all share, of which results are kept."""

_Known = dict[str, list[tuple[int, Any, Financing]]]
"""Facility -> the first year it was tested in, what its financing was found from, and the financing."""

_REMEMBERED: list[tuple[Any, _Known]] = []
"""What the financing of all facilities follows from, and what was found."""


def _recall(lookup: Lookup) -> _Known:
    """Return what was found for facilities under the same offers, years and haircut."""
    offers = [offer.copy() for offer in lookup.tables["support_offers"]]
    shared = (lookup.years, lookup.tables.number("lender_price_haircut"), offers)
    for n, (other, known) in enumerate(_REMEMBERED):
        if other == shared:
            _REMEMBERED.insert(0, _REMEMBERED.pop(n))
            return known
    _REMEMBERED.insert(0, (shared, {}))
    del _REMEMBERED[MOST_VERSIONS:]
    return _REMEMBERED[0][1]


def _find_basis(lookup: Lookup, f: Facility) -> tuple[Any, ...]:
    """Return all of its own that the financing of a facility follows from; copies, which nobody changes."""
    goods = (f.output, *f.inputs, *f.coproducts)
    prices = tuple(tuple(lookup.price(i, t) for t in lookup.years) for i in goods)
    return lookup.decision_years[f.name], prices, dict(f.inputs), dict(f.coproducts), f.record.copy()


def _add(own: Financing, found: Financing) -> None:
    found.merchant |= own.merchant
    found.retained |= own.retained
    found.new |= own.new
    found.existing |= own.existing
    found.break_even += own.break_even


def _finance(lookup: Lookup, f: Facility, first: int) -> Financing:
    """Test one facility."""
    found = Financing()
    years = [t for t in lookup.years if t >= first]
    for t in years:
        if f.existing(t) > 0 and _is_kept_open(lookup, f, t):
            found.retained.add((f.name, t))
    for v in lookup.decision_years[f.name]:
        if v >= first:
            _finance_new(lookup, f, v, found)
    if f.commercial:
        for s in years:
            if f.existing(s) > 0:
                _finance_existing(lookup, f, s, found)
    return found


def _is_kept_open(lookup: Lookup, f: Facility, t: int) -> bool:
    if not f.commercial:
        return True
    year = lookup.economics(f.name, t)
    return year.margin >= year.fixed - TOLERANCE


def _finance_new(lookup: Lookup, f: Facility, v: int, found: Financing) -> None:
    if not f.commercial:
        found.merchant.add((f.name, v))
        return
    haircut, rate, start = lookup.tables.number("lender_price_haircut"), f.number("hurdle_rate", v), v + f.lead(v)
    flow = _cash_flow(
        lookup, f, [start + n for n in range(f.life)], [f.ramp(n) for n in range(f.life)],
        (1 - f.number("grant_share", v)) * f.annuity(v),
    )  # fmt: skip
    prospect = Prospect(f, NEW, v, start, flow, rate, haircut)
    npv = prospect.npv
    is_merchant = npv >= -TOLERANCE
    if is_merchant:
        found.merchant.add((f.name, v))
    offers = list(_offers_for(lookup, f, v))
    if not offers:
        status = _status(is_merchant, "no offer")
        found.break_even.append(BreakEven(f.name, "", "", NEW, v, None, flow.reference[0], npv, status))
    for offer in offers:
        award = find_award(prospect, offer)
        status = _status(is_merchant, refuse(prospect, offer, award))
        if status == "offered" and award:
            found.new[f.name, v, award.offer] = award
        found.break_even.append(_break_even(prospect, offer, award, npv, status))


def _finance_existing(lookup: Lookup, f: Facility, s: int, found: Financing) -> None:
    haircut, rate = lookup.tables.number("lender_price_haircut"), f.number("hurdle_rate", s)
    for offer in _offers_for(lookup, f, s):
        if offer.text("form") in CAPITAL_FORMS:
            continue  # There is nothing to invest in.
        years = []
        for t in range(s, s + int(offer.number("term_years"))):
            if f.existing(t) <= 0:
                break
            years.append(t)
        flow = _cash_flow(lookup, f, years, [1.0] * len(years), 0.0)
        prospect = Prospect(f, EXISTING, s, s, flow, rate, haircut)
        award = find_award(prospect, offer)
        # After last_year margins are as in last_year.
        stays_open = all((f.name, min(t, lookup.years[-1])) in found.retained for t in years)
        status = _status(stays_open, refuse(prospect, offer, award))
        if status == "offered" and award:
            found.existing[f.name, s, award.offer] = award
        found.break_even.append(_break_even(prospect, offer, award, None, status))


def _break_even(prospect: Prospect, offer: Record, award: Award | None, npv: float | None, status: str) -> BreakEven:
    return BreakEven(
        prospect.facility.name, offer.text("offer"), offer.text("form"), prospect.applies_to, prospect.year,
        award.amount if award else None, prospect.flow.reference[0], npv, status, award,
    )  # fmt: skip


def _offers_for(lookup: Lookup, f: Facility, award_year: int) -> Iterator[Record]:
    """Yield the offers open to a facility's output in a year."""
    for offer in lookup.tables["support_offers"]:
        materials = offer.names("materials")
        first = lookup.years[0] if offer["first_award_year"] is None else offer.number("first_award_year")
        last = lookup.years[-1] if offer["last_award_year"] is None else offer.number("last_award_year")
        if first <= award_year <= last and (ALL in materials or f.output in materials):
            yield offer


def _cash_flow(lookup: Lookup, f: Facility, years: list[int], ramp: list[float], annuity: float) -> CashFlow:
    """Output, net cost and prices of a t/yr of nameplate over its years of service."""
    economics = [lookup.economics(f.name, t) for t in years]
    output = [year.utilisation * share for year, share in zip(economics, ramp, strict=True)]
    return CashFlow(
        tuple(output),
        tuple(y * year.net_cost + year.fixed + annuity for y, year in zip(output, economics, strict=True)),
        tuple(year.price for year in economics),
        tuple(year.premium for year in economics),
    )


def _status(pays_for_itself: bool, refusal: str) -> str:  # noqa: FBT001 - a fact, not a mode
    return "needs no support" if pays_for_itself else refusal or "offered"
