"""Public support in its six forms: the least amount a project needs, and what the treasury then pays and is paid back.

Every form has one break-even amount for a facility, a year and an offer: the least support at which the owners reach
their hurdle rate (model/data/finance.py). It is data before the program is built. USD and tonnes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from model.data.break_even import break_even_grant, break_even_loan, break_even_premium, break_even_strike
from model.data.facility import Facility
from model.data.finance import TOLERANCE, CashFlow, ContractTerms, capital_recovery, merchant_npv
from model.workbook.schema import CAPITAL_FORMS
from model.workbook.tables import Record

NEW, EXISTING = "new", "existing"

PER_TONNE, OF_CAPEX = "USD/t", "share of capex"
"""Units of the amounts of support: of strikes and premiums, of grants and loans."""


@dataclass(frozen=True)
class Award:
    """Support the treasury can award to a facility, in a year, on the terms of an offer.

    Attributes:
        facility, offer: who, and on which offer.
        applies_to: `new` capacity, or `existing` capacity that would close.
        year: year of the award (decision of new capacity, first delivery of existing capacity).
        amount: break-even strike or premium, USD/t; or share of capex that is granted or lent.
        terms: the form of the support.
        covered: contract year -> covered tonnes for each t/yr of nameplate (strikes and premiums only).
        reference: contract year -> reference price, USD/t.
        spent: year -> what is granted or lent for each t/yr of nameplate, USD.
        repaid: year -> what of a loan is paid back for each t/yr of nameplate, USD, losses left out.
        there: contract year -> share of the nameplate a shock has left, where it could take some.
    """

    facility: str
    offer: str
    applies_to: str
    year: int
    amount: float
    terms: ContractTerms
    covered: dict[int, float] = field(default_factory=dict)
    reference: dict[int, float] = field(default_factory=dict)
    spent: dict[int, float] = field(default_factory=dict)
    repaid: dict[int, float] = field(default_factory=dict)
    there: dict[int, float] = field(default_factory=dict)

    @property
    def form(self) -> str:
        """The form of the support."""
        return self.terms.form

    @property
    def unit(self) -> str:
        """The unit of its amount."""
        return unit_of(self.form)

    @cached_property
    def years(self) -> list[int]:
        """The years in which it covers output, or money moves."""
        return sorted({*self.covered, *self.spent, *self.repaid})

    def paid(self, t: int, price_drop: float = 0.0) -> float:
        """Return what the treasury pays or lends in `t` for each t/yr of nameplate, USD."""
        return max(0.0, self._settled(t, price_drop)) + self.spent.get(t, 0.0)

    def back(self, t: int, price_drop: float = 0.0) -> float:
        """Return what the treasury is paid back in `t` for each t/yr of nameplate, USD."""
        return max(0.0, -self._settled(t, price_drop)) + self.repaid.get(t, 0.0)

    def net(self, t: int, price_drop: float = 0.0) -> float:
        """Return what the treasury pays and lends in `t` less what it is paid back, for each t/yr of nameplate, USD."""
        return self._settled(t, price_drop) + self.spent.get(t, 0.0) - self.repaid.get(t, 0.0)

    def nets(self, price_drop: float = 0.0) -> list[tuple[int, float]]:
        """Return each year with what `net` returns for it."""
        if price_drop not in self._nets:
            self._nets[price_drop] = [(t, self.net(t, price_drop)) for t in self.years]
        return self._nets[price_drop]

    @cached_property
    def _nets(self) -> dict[float, list[tuple[int, float]]]:
        return {}

    def worth(self, t: int) -> float:
        """Return what a covered tonne earns at least, USD."""
        return self.amount + (self.reference[t] if self.form == "premium" else 0.0)

    def _settled(self, t: int, price_drop: float) -> float:
        """Return what is paid on covered output; negative: paid back."""
        if price_drop not in self._settlements:
            self._settlements[price_drop] = {
                year: covered * self.terms.payment(self.amount, (1 - price_drop) * self.reference[year])
                for year, covered in self.covered.items()
            }
        return self._settlements[price_drop].get(t, 0.0)

    @cached_property
    def _settlements(self) -> dict[float, dict[int, float]]:
        """Price drop -> year -> what is paid; plans that share an award ask for the same again and again."""
        return {}


def unit_of(form: str) -> str:
    """Return the unit of the amounts of a form."""
    return OF_CAPEX if form in CAPITAL_FORMS else PER_TONNE


@dataclass(frozen=True)
class Prospect:
    """Capacity that may need support.

    Attributes:
        facility: whose.
        applies_to: `new` or `existing` capacity.
        year, start: year of the award, and of the first delivery.
        flow: what a t/yr of nameplate makes, earns and costs from `start` on.
        rate: hurdle rate of the owners.
        haircut: how far below the reference price lenders count on.
    """

    facility: Facility
    applies_to: str
    year: int
    start: int
    flow: CashFlow
    rate: float
    haircut: float

    @property
    def npv(self) -> float:
        """Net present value without support, USD per t/yr of nameplate."""
        return merchant_npv(self.flow, self.rate, self.haircut)


def find_award(prospect: Prospect, offer: Record) -> Award | None:
    """Return the support at its break-even amount; None where no amount would do."""
    terms = _terms(prospect.facility, offer)
    amount = _amount(prospect, terms, offer)
    if amount is None:
        return None
    who = (prospect.facility.name, offer.text("offer"), prospect.applies_to, prospect.year, amount, terms)
    if terms.form in CAPITAL_FORMS:
        return _capital_award(Award(*who), prospect, offer)
    flow, start = prospect.flow, prospect.start
    term = range(min(terms.term, len(flow.output)))
    return Award(
        *who,
        covered={start + n: terms.coverage * flow.output[n] for n in term},
        reference={start + n: flow.reference[n] for n in term},
    )


def _terms(f: Facility, offer: Record) -> ContractTerms:
    form = offer.text("form")
    term = int(offer.number("term_years")) if form != "grant" else 0
    if form == "loan":  # It is repaid by the plant, so no longer than the plant lives.
        term = min(term, f.life)
    return ContractTerms(form, term, offer.number("coverage"), offer.number("upside_share"))


def _amount(prospect: Prospect, terms: ContractTerms, offer: Record) -> float | None:
    f, flow, rate, gap = prospect.facility, prospect.flow, prospect.rate, max(0.0, -prospect.npv)
    if terms.form == "premium":
        return break_even_premium(gap, flow, terms, rate)
    if terms.form == "grant":
        return break_even_grant(gap, f.annuity(prospect.year), f.life, rate)
    if terms.form == "loan":
        return break_even_loan(
            gap, f.investment(prospect.year), (rate, f.life), (offer.number("loan_rate"), terms.term)
        )
    return break_even_strike(flow, terms, rate, prospect.haircut)


def _capital_award(award: Award, prospect: Prospect, offer: Record) -> Award:
    """A grant or loan: spent evenly from the award to the first delivery, a loan repaid in level payments from then."""
    f, v, start = prospect.facility, prospect.year, prospect.start
    money = award.amount * f.investment(v)
    years = range(v, max(start, v + 1))
    award.spent.update({t: money / len(years) for t in years})
    if award.form == "loan":
        level = capital_recovery(offer.number("loan_rate"), award.terms.term) * money
        kept = 1 - offer.number("loan_loss_share")
        award.repaid.update({start + n: kept * level for n in range(award.terms.term)})
    return award


def refuse(prospect: Prospect, offer: Record, award: Award | None) -> str:
    """Return why a facility cannot have an award; "" where it can."""
    if prospect.facility.record["cfd_eligible"] is not True:
        return "not eligible"
    if award is None:
        return "no amount is enough"
    return "above the highest amount" if award.amount > _ceiling(prospect, offer) + TOLERANCE else ""


def _ceiling(prospect: Prospect, offer: Record) -> float:
    """The highest amount of an offer; no more of the capex than is not granted already."""
    if offer.text("form") in CAPITAL_FORMS:
        granted = prospect.facility.number("grant_share", prospect.year)
        return min(offer.number("max_capex_share"), 1 - granted)
    multiple = offer.number("max_strike_multiple")
    relative = multiple * prospect.flow.reference[0] if multiple < float("inf") else multiple
    return min(offer.number("max_strike_usd_per_t"), relative)
