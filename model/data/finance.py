"""Annuities, discounting and the break-even strikes of Contracts for Difference: pure functions, any one money unit.

A `CashFlow` is stated per tonne a year of nameplate, one entry for each year of service, first year first. Year 0 is
not discounted. All comparisons of the model that rest on these numbers use `TOLERANCE`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

TOLERANCE = 1e-6
"""An NPV, margin or strike this close to its bound meets it (USD per t/yr or USD/t)."""

REMEMBERED = 30_000
"""Results that are kept: most scenarios leave most facilities alone, and their arithmetic is the same again."""


def capital_recovery(rate: float, life: int) -> float:
    """Yearly payment, at the end of each of `life` years, that repays an investment of 1 at `rate`.

    >>> round(1 / capital_recovery(0.08, 10), 7)
    6.7100814
    >>> capital_recovery(0.0, 4)
    0.25
    """
    if rate == 0:
        return 1 / life
    return float(rate / (1 - (1 + rate) ** -life))


def construction_interest(rate: float, years: int) -> float:
    """Return what a dollar of capex has grown to at the first output, spent evenly over the `years` before it.

    >>> round(construction_interest(0.12, 4), 7), construction_interest(0.12, 0)
    (1.3382118, 1.0)
    """
    return sum((1 + rate) ** n for n in range(1, years + 1)) / years if years else 1.0


def present_value(amounts: Sequence[float], rate: float) -> float:
    """Value today of yearly amounts, the first not discounted.

    >>> present_value([1.0, 1.1], 0.1)
    2.0
    """
    return float(sum(amount * (1 + rate) ** -n for n, amount in enumerate(amounts)))


@dataclass(frozen=True)
class CashFlow:
    """What a tonne a year of nameplate makes, earns and costs in each year of service.

    Attributes:
        output: tonnes made, utilisation x ramp.
        net_cost: cost of the year, net of credits and of what lenders count on from coproducts.
        reference: reference price of a tonne.
        premium: what a tonne earns above the reference price, as a share.
    """

    output: tuple[float, ...]
    net_cost: tuple[float, ...]
    reference: tuple[float, ...]
    premium: tuple[float, ...]


@dataclass(frozen=True)
class ContractTerms:
    """The form of a contract: what a covered tonne is paid for `term` years (a premium: whatever the price)."""

    form: str
    term: int
    coverage: float = 1.0
    upside_share: float = 0.0

    @cached_property
    def share(self) -> float:
        """The treasury's share of the price above the strike (two_way: all of it)."""
        return {"two_way": 1.0, "floor": 0.0, "floor_with_share": self.upside_share}[self.form]

    def payment(self, strike: float, price: float) -> float:
        """Return what the treasury pays for a covered tonne; negative where it is paid back.

        >>> ContractTerms("two_way", 10).payment(130.0, 150.0)
        -20.0
        >>> ContractTerms("floor", 10).payment(130.0, 150.0)
        0.0
        >>> ContractTerms("floor_with_share", 10, upside_share=0.25).payment(130.0, 150.0)
        -5.0
        >>> ContractTerms("premium", 10).payment(20.0, 150.0)
        20.0
        """
        if self.form == "premium":
            return strike
        return max(0.0, strike - price) - self.share * max(0.0, price - strike)


def counted_share(payments: Mapping[int, float], discount: Callable[[int], float], clawback_value: float) -> float:
    """Return the part of what a contract pays back that counts against what it pays.

    Money that is paid back spares the economy other public money, at `clawback_value` on the dollar; but no contract is
    a source of money, so no more counts than what it pays is worth.

    Args:
        payments: year -> what the treasury pays; negative: it is paid back.
        discount: year -> present value of a dollar in it.
        clawback_value: the part that counts if it pays enough.

    >>> counted_share({2030: -80.0, 2031: 220.0}, lambda t: 1.0, 1.0)
    1.0
    >>> counted_share({2030: -80.0, 2031: 20.0}, lambda t: 1.0, 1.0)
    0.25
    """
    paid = sum(discount(t) * payment for t, payment in payments.items() if payment > 0)
    back = -sum(discount(t) * payment for t, payment in payments.items() if payment < 0)
    return min(clawback_value, paid / back) if back > 0 else 0.0


@lru_cache(REMEMBERED)
def merchant_npv(flow: CashFlow, rate: float, haircut: float) -> float:
    """Net present value per t/yr of nameplate without a contract, at the prices lenders count on."""
    revenue = [
        output * (1 - haircut) * (1 + premium) * price
        for output, premium, price in zip(flow.output, flow.premium, flow.reference, strict=True)
    ]
    return present_value(revenue, rate) - present_value(flow.net_cost, rate)


@lru_cache(REMEMBERED)
def break_even_strike(flow: CashFlow, terms: ContractTerms, rate: float, haircut: float) -> float | None:
    """Lowest strike, not below 0, at which the owners earn `rate`; None where no strike does.

    A covered tonne earns `q + payment(K, q) + q * premium` with `q = (1 - haircut) * p`, which is piecewise linear in
    the strike `K`: it rises with slope 1 above `q` and with the treasury's upside share below. The strike is found
    on the piece where the net present value passes zero.

    >>> flat = CashFlow((1.0,) * 10, (40 + 600 * capital_recovery(0.08, 10),) * 10, (60.0,) * 10, (0.0,) * 10)
    >>> round(break_even_strike(flat, ContractTerms("two_way", 10), 0.08, 0.0), 7)
    129.4176932
    >>> falling = CashFlow(flat.output, flat.net_cost, (150.0, 140.0, 130.0, 90.0, *(60.0,) * 6), (0.0,) * 10)
    >>> round(break_even_strike(falling, ContractTerms("floor", 10), 0.08, 0.0), 7)
    122.4995525
    """
    years = range(min(terms.term, len(flow.output)))
    counted = [(1 - haircut) * price for price in flow.reference]
    weights = [(1 + rate) ** -n * flow.output[n] * terms.coverage for n in years]
    # What the contract must add to the merchant revenue, net present value per t/yr.
    gap = -merchant_npv(flow, rate, haircut)

    def added(strike: float) -> float:
        return sum(weight * terms.payment(strike, counted[n]) for n, weight in zip(years, weights, strict=True))

    if added(0.0) >= gap:
        return 0.0
    strike = 0.0
    if terms.share == 1:  # one piece
        return (gap - added(0.0)) / sum(weights) if sum(weights) > 0 else None
    for n in sorted(years, key=lambda n: counted[n]):
        if added(counted[n]) >= gap:
            break
        strike = counted[n]
    slope = sum(weight * (1.0 if counted[n] <= strike else terms.share)
                for n, weight in zip(years, weights, strict=True))  # fmt: skip
    return strike + (gap - added(strike)) / slope if slope > 0 else None


def level_payments(rate: float, loan_rate: float, years: int) -> float:
    """Value today, at `rate` and the first not discounted, of the level payments that repay 1 at `loan_rate`.

    >>> round(level_payments(0.08, 0.08, 10), 7), round(level_payments(0.08, 0.03, 10), 7)
    (1.08, 0.8495563)
    """
    return present_value([capital_recovery(loan_rate, years)] * years, rate)


def break_even_premium(gap: float, flow: CashFlow, terms: ContractTerms, rate: float) -> float | None:
    """Lowest premium on a covered tonne that closes a gap in net present value; None where nothing is covered.

    >>> flow = CashFlow((1.0,) * 10, (0.0,) * 10, (60.0,) * 10, (0.0,) * 10)
    >>> gap = present_value([600 * capital_recovery(0.08, 10) - 20] * 10, 0.08)
    >>> round(break_even_premium(gap, flow, ContractTerms("premium", 10), 0.08), 7)
    69.4176932
    """
    covered = present_value([terms.coverage * output for output in flow.output[: terms.term]], rate)
    if gap <= 0:
        return 0.0
    return gap / covered if covered > 0 else None


def break_even_grant(gap: float, annuity: float, life: int, rate: float) -> float | None:
    """Lowest share of capex whose annuity closes a gap in net present value; None where there is no capex.

    >>> yearly = 600 * capital_recovery(0.08, 10)
    >>> round(100 * break_even_grant(present_value([yearly - 20] * 10, 0.08), yearly, 10, 0.08), 7)
    77.633062
    """
    if gap <= 0:
        return 0.0
    return gap / present_value([annuity] * life, rate) if annuity > 0 else None


def break_even_loan(gap: float, investment: float, owner: tuple[float, int], loan: tuple[float, int]) -> float | None:
    """Lowest share of capex to be lent that closes a gap in net present value; None where the loan saves nothing.

    A loan saves the owners, for each dollar, what their own money costs less what they repay.

    Args:
        gap: what is missing, USD per t/yr.
        investment: capex, USD per t/yr.
        owner: hurdle rate of the owners, and life of the plant.
        loan: rate and term of the loan.

    >>> gap = present_value([600 * capital_recovery(0.08, 10) - 80] * 10, 0.08)
    >>> round(100 * break_even_loan(gap, 600.0, (0.08, 10), (0.03, 10)), 5)
    49.36056
    """
    if gap <= 0:
        return 0.0
    (rate, life), (loan_rate, term) = owner, loan
    saved = investment * (level_payments(rate, rate, life) - level_payments(rate, loan_rate, term))
    return gap / saved if saved > 0 else None
