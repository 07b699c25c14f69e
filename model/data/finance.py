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
