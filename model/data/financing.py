"""Who can finance what: merchant tests, break-even strikes, and the awards the treasury can make.

All of it is arithmetic on prices and costs (model/finance.py), done before the program is built, in USD and tonnes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from model.data.finance import TOLERANCE, CashFlow, ContractTerms, break_even_strike, merchant_npv
from model.data.lookup import Facility, Lookup
from model.workbook.schema import ALL
from model.workbook.tables import Record

MERCHANT = "merchant"
"""The way of financing capacity that needs no contract."""

NEW, EXISTING = "new", "existing"


@dataclass(frozen=True)
class Award:
    """A contract the treasury can sign with a facility, in a year, on the terms of an offer.

    Attributes:
        facility, offer: who, and on which offer.
        applies_to: `new` capacity, or `existing` capacity that would close.
        year: year of the award (decision of new capacity, first delivery of existing capacity).
        strike: break-even strike, USD/t.
        terms: the form of the contract.
        covered: contract year -> covered tonnes for each t/yr of nameplate.
        reference: contract year -> reference price, USD/t.
        there: contract year -> share of the nameplate a shock has left, where it could take some.
    """

    facility: str
    offer: str
    applies_to: str
    year: int
    strike: float
    terms: ContractTerms
    covered: dict[int, float]
    reference: dict[int, float]
    there: dict[int, float] = field(default_factory=dict)

    @property
    def first_year(self) -> int:
        """First year of delivery."""
        return min(self.covered)

    @property
    def last_year(self) -> int:
        """Last year of the term."""
        return max(self.covered)

    def payment(self, t: int, price_drop: float = 0.0) -> float:
        """What the treasury pays in `t` for each t/yr of nameplate, USD; negative: it is paid back."""
        return self.covered[t] * self.terms.payment(self.strike, (1 - price_drop) * self.reference[t])


@dataclass(frozen=True)
class BreakEven:
    """The strike a facility needs, whether or not it can have it. Money in USD per t or t/yr."""

    facility: str
    offer: str
    applies_to: str
    year: int
    strike: float | None
    reference: float
    merchant_npv: float | None
    status: str


@dataclass
class Financing:
    """What data allow: merchant builds and retained capacity, awards by applies_to, and every break-even strike."""

    merchant: set[tuple[str, int]] = field(default_factory=set)
    retained: set[tuple[str, int]] = field(default_factory=set)
    new: dict[tuple[str, int, str], Award] = field(default_factory=dict)
    existing: dict[tuple[str, int, str], Award] = field(default_factory=dict)
    break_even: list[BreakEven] = field(default_factory=list)


def find_financing(lookup: Lookup, first_year: int | None = None) -> Financing:
    """Test every facility against its hurdle rate, with and without each offer, from a year on."""
    found = Financing()
    years = [t for t in lookup.years if first_year is None or t >= first_year]
    for f in lookup.facilities.values():
        for t in years:
            if f.existing(t) > 0 and _is_kept_open(lookup, f, t):
                found.retained.add((f.name, t))
        for v in years:
            if lookup.can_build(f, v):
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
    npv = merchant_npv(flow, rate, haircut)
    if npv >= -TOLERANCE:
        found.merchant.add((f.name, v))
    offers = list(_offers_for(lookup, f, v))
    if not offers:
        found.break_even.append(
            BreakEven(f.name, "", NEW, v, None, flow.reference[0], npv, _status(npv >= -TOLERANCE, "no offer"))
        )
    for offer in offers:
        award = _award(f, offer, NEW, v, start, flow, rate, haircut)
        status = _status(npv >= -TOLERANCE, _refusal(f, offer, award, flow.reference[0]))
        if status == "offered" and award:
            found.new[f.name, v, award.offer] = award
        found.break_even.append(
            BreakEven(
                f.name, offer.text("offer"), NEW, v, award.strike if award else None, flow.reference[0], npv, status
            )
        )


def _finance_existing(lookup: Lookup, f: Facility, s: int, found: Financing) -> None:
    haircut, rate = lookup.tables.number("lender_price_haircut"), f.number("hurdle_rate", s)
    for offer in _offers_for(lookup, f, s):
        years = []
        for t in range(s, s + int(offer.number("term_years"))):
            if f.existing(t) <= 0:
                break
            years.append(t)
        flow = _cash_flow(lookup, f, years, [1.0] * len(years), 0.0)
        award = _award(f, offer, EXISTING, s, s, flow, rate, haircut)
        # After last_year margins are as in last_year.
        stays_open = all((f.name, min(t, lookup.years[-1])) in found.retained for t in years)
        status = _status(stays_open, _refusal(f, offer, award, flow.reference[0]))
        if status == "offered" and award:
            found.existing[f.name, s, award.offer] = award
        found.break_even.append(
            BreakEven(
                f.name,
                offer.text("offer"),
                EXISTING,
                s,
                award.strike if award else None,
                flow.reference[0],
                None,
                status,
            )
        )


def _offers_for(lookup: Lookup, f: Facility, award_year: int) -> Iterator[Record]:
    """The offers open to a facility's output in a year."""
    for offer in lookup.tables["cfd_offers"]:
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


def _award(
    f: Facility, offer: Record, applies_to: str, year: int, start: int, flow: CashFlow, rate: float, haircut: float
) -> Award | None:
    """The contract at its break-even strike; None where no strike would do."""
    terms = ContractTerms(
        offer.text("form"), int(offer.number("term_years")), offer.number("coverage"), offer.number("upside_share")
    )
    strike = break_even_strike(flow, terms, rate, haircut)
    if strike is None:
        return None
    term = range(min(terms.term, len(flow.output)))
    return Award(
        f.name, offer.text("offer"), applies_to, year, strike, terms,
        {start + n: terms.coverage * flow.output[n] for n in term},
        {start + n: flow.reference[n] for n in term},
    )  # fmt: skip


def _refusal(f: Facility, offer: Record, award: Award | None, reference: float) -> str:
    """Why a facility cannot have a contract; "" where it can."""
    if f.record["cfd_eligible"] is not True:
        return "not eligible"
    if award is None:
        return "no strike is enough"
    multiple = offer.number("max_strike_multiple")
    highest = min(offer.number("max_strike_usd_per_t"), multiple * reference if multiple < float("inf") else multiple)
    return "above the highest strike" if award.strike > highest + TOLERANCE else ""


def _status(pays_for_itself: bool, refusal: str) -> str:  # noqa: FBT001 - a fact, not a mode
    return "needs no contract" if pays_for_itself else refusal or "offered"
