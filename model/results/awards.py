"""The support of a plan, awarded or already in force: payments, loans and repayments, year by year.

Two views: expected, at reference prices, and stress, with prices down by cfd_stress_price_drop in every year. Amounts
and output are the plan's in both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from model.data.adjacency import KILO
from model.data.awards import NEW, PER_TONNE, Award
from model.data.in_force import ContractInForce
from model.results.columns import TONNES, Row
from model.results.plan import Plan
from model.results.stand_ins import name_ties

MILLION = 1e-6
"""USD -> USD million."""

IN_FORCE = "in force"
"""What a contract applies to that was signed before the plan."""


@dataclass(frozen=True)
class Money:
    """What support moves in a year in one view of prices, USD million: paid or granted, lent, and paid back."""

    paid: float
    lent: float
    back: float

    @property
    def net(self) -> float:
        """What the treasury is out of pocket."""
        return self.paid + self.lent - self.back


@dataclass(frozen=True)
class SupportedYear:
    """A year of support: covered tonnes, reference price in USD/t, and money in both views."""

    year: int
    covered: float
    reference: float | None
    expected: Money
    stress: Money


@dataclass(frozen=True)
class Supported:
    """Support in the plan.

    Attributes:
        facility, offer: whose, and the offer, or the name of the contract in force.
        form, amount, unit: its form, and its break-even amount (of a contract in force, what was agreed).
        applies_to: new, existing, or in force.
        award_year: year of the award; of a contract in force, its first year in the plan.
        tonnes: nameplate that is supported, t/yr; of a contract in force, the output it covers.
        years: the years in which it covers output, or money moves.
    """

    facility: str
    offer: str
    form: str
    amount: float
    unit: str
    applies_to: str
    award_year: int
    tonnes: float
    years: tuple[SupportedYear, ...]

    def net_present(self, plan: Plan, view: str) -> float:
        """Present value of what the treasury is out of pocket, years after last_year included, USD million."""
        money = attrgetter(view)
        return float(sum(plan.data.discount(year.year) * money(year).net for year in self.years))


def find_support(plan: Plan) -> Iterator[Supported]:
    """Yield the awards of the plan, and the contracts already in force."""
    drop = plan.data.lookup.tables.number("cfd_stress_price_drop")
    for component, awards in (("build", plan.data.contracts.new), ("rescue", plan.data.contracts.existing)):
        for key, award in awards.items():
            amount = plan.value(component, *key)
            if amount > 0:
                yield _award(award, TONNES * amount, drop)
    honoured = _find_honoured(plan)
    for contract in plan.data.in_force.contracts.values():
        years = tuple(_honour(plan, contract, t, TONNES * honoured[contract.name, t], drop) for t in contract.years)
        yield Supported(contract.facility, contract.name, contract.terms.form, contract.amount, PER_TONNE, IN_FORCE,
                        contract.years[0], contract.covered, years)  # fmt: skip


def _award(award: Award, tonnes: float, drop: float) -> Supported:
    """Return an award on a nameplate in t/yr."""
    lends = award.form == "loan"

    def money(t: int, price_drop: float) -> Money:
        paid, back = (MILLION * tonnes * amount for amount in (award.paid(t, price_drop), award.back(t, price_drop)))
        return Money(0.0, paid, back) if lends else Money(paid, 0.0, back)

    years = tuple(
        SupportedYear(t, tonnes * award.covered.get(t, 0.0), award.reference.get(t), money(t, 0.0), money(t, drop))
        for t in award.years
    )
    return Supported(award.facility, award.offer, award.form, award.amount, award.unit, award.applies_to, award.year,
                     tonnes, years)  # fmt: skip


def _honour(plan: Plan, contract: ContractInForce, t: int, tonnes: float, drop: float) -> SupportedYear:
    lookup = plan.data.lookup

    def money(price_drop: float) -> Money:
        payment = MILLION * tonnes * contract.payment(lookup, t, price_drop)
        return Money(max(0.0, payment), 0.0, max(0.0, -payment))

    reference = lookup.price(lookup.facilities[contract.facility].output, t)
    return SupportedYear(t, tonnes, reference, money(0.0), money(drop))


def _find_honoured(plan: Plan) -> dict[tuple[str, int], float]:
    """(c, t) -> output under a contract in force, kt/yr; after last_year, all that it covers.

    Where the contract pays nothing or is paid back, all that is made and not owed to others counts, also where the
    program gains nothing by it.
    """
    in_force, last = plan.data.in_force, plan.data.years[-1]
    found: dict[tuple[str, int], float] = defaultdict(float)
    for name, contract in in_force.contracts.items():
        found |= {(name, t): KILO * contract.covered for t in contract.years if t > last}
    payment = {(c, t): in_force.contracts[c].payment(plan.data.lookup, t) for c, t in in_force.cover}
    left: dict[tuple[str, int], float] = {}
    for c, t in sorted(in_force.cover, key=lambda key: -payment[key]):
        f = in_force.contracts[c].facility
        if (f, t) not in left:
            left[f, t] = plan.value("activity", f, t) - _owed(plan, f, t)
        most = min(in_force.cover[c, t], max(0.0, left[f, t]))
        found[c, t] = plan.value("honour", c, t) if payment[c, t] > 0 else most
        left[f, t] -= found[c, t]
    return found


def _owed(plan: Plan, f: str, t: int) -> float:
    """Output the awards of a facility oblige it to, kt/yr."""
    contracts = plan.data.contracts
    due = sum(covered * plan.value("build", f, v, k) for v, k, covered in contracts.new_obligations[f, t])
    due += sum(covered * plan.value("rescue", f, s, k) for s, k, covered in contracts.existing_obligations[f, t])
    return due - sum(plan.value("shortfall", a, f, y, k, t) for a, y, k in contracts.short[f, t])


def net_present(plan: Plan, award: Award, drop: float) -> float:
    """Present value of what an award leaves the treasury out of pocket, USD for each t/yr of nameplate."""
    return sum(plan.data.discount(t) * net for t, net in award.nets(drop))


# -- tables -----------------------------------------------------------------------------------------------------------
def awards(plan: Plan) -> Iterator[Row]:
    """Support: form and amount, and what it moves up to last_year and after it, in both views."""
    last = plan.data.years[-1]
    for support in find_support(plan):
        inside = [year for year in support.years if year.year <= last]
        after = [year for year in support.years if year.year > last]
        yield (support.facility, support.offer, support.form, support.applies_to, support.award_year,
               support.years[0].year, support.years[-1].year, support.tonnes, support.amount, support.unit,
               *_totals(inside, after, attrgetter("expected")), *_totals(inside, after, attrgetter("stress")),
               support.net_present(plan, "expected"), support.net_present(plan, "stress"),
               name_ties(plan.ties, support.facility) if support.applies_to == NEW else "")  # fmt: skip


def _totals(
    inside: list[SupportedYear], after: list[SupportedYear], view: Callable[[SupportedYear], Money]
) -> tuple[float, ...]:
    """Paid, lent and paid back up to last_year; paid or lent, and paid back, after it."""
    now, later = [view(year) for year in inside], [view(year) for year in after]
    return (
        sum(money.paid for money in now), sum(money.lent for money in now), sum(money.back for money in now),
        sum(money.paid + money.lent for money in later), sum(money.back for money in later),
    )  # fmt: skip


def award_years(plan: Plan) -> Iterator[Row]:
    """Yield what support covers and moves in each year, in both views."""
    for support in find_support(plan):
        for year in support.years:
            now, slump = year.expected, year.stress
            yield (support.facility, support.offer, support.form, support.applies_to, support.award_year, year.year,
                   year.covered, support.amount, support.unit, year.reference, now.paid, now.lent, now.back,
                   slump.paid, slump.lent, slump.back)  # fmt: skip


def instruments(plan: Plan) -> Iterator[Row]:
    """Forms of support beside each other: projects, capacity, money in both views, and clear supply they add."""
    groups: dict[tuple[str, str], list[Supported]] = defaultdict(list)
    for support in find_support(plan):
        if support.applies_to != IN_FORCE:
            groups[support.form, plan.data.lookup.facilities[support.facility].mineral].append(support)
    for (form, mineral), supports in groups.items():
        lookup = plan.data.lookup
        content = {s.facility: lookup.content[lookup.facilities[s.facility].output, mineral] for s in supports}
        capacity = sum(content[support.facility] * support.tonnes for support in supports)
        clear = sum(content[support.facility] * _clear_output(plan, support) for support in supports)
        nets = [sum(support.net_present(plan, view) for support in supports) for view in ("expected", "stress")]
        a_tonne = [net / MILLION / clear if clear > 0 else None for net in nets]
        yield form, mineral, len({support.facility for support in supports}), capacity, clear, *nets, *a_tonne


def _clear_output(plan: Plan, support: Supported) -> float:
    """The part of a facility's clear output, or of what it saves, that supported capacity makes in the plan, t."""
    capacity, f = plan.data.capacity, support.facility
    facility, key = plan.data.lookup.facilities[f], (support.award_year, support.offer)
    total = 0.0
    for t in plan.data.years:
        new = [(v, k, share * plan.value("build", f, v, k)) for v, k, share in capacity.ramped[f, t]]
        old = [(s, k, there * plan.value("rescue", f, s, k)) for s, k, there in capacity.rescued[f, t]]
        mine = new if support.applies_to == "new" else old
        supported = sum(amount for year, offer, amount in mine if (year, offer) == key)
        if supported > 0:
            running = sum(amount for *_, amount in (*new, *old)) + plan.value("retain", f, t)
            made = (1 - facility.concern(t)) * plan.value("make", f, "clear", t)
            saved = plan.value("activity", f, t) if facility.saves else 0.0
            total += TONNES * supported / running * (made + saved)
    return total
