"""The least support a project needs in each form: break-even strikes, premiums, grants and loans."""

from __future__ import annotations

from functools import lru_cache

from model.data.finance import REMEMBERED, CashFlow, ContractTerms, capital_recovery, merchant_npv, present_value


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
