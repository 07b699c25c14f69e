"""The contracts of a plan, those it awards and those already in force, and what each pays year by year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from model.data.adjacency import KILO
from model.data.awards import Award
from model.data.in_force import ContractInForce
from model.results.flows import TONNES
from model.results.plan import Plan

MILLION = 1e-6
"""USD -> USD million."""

IN_FORCE = "in force"
"""What a contract applies to that was signed before the plan."""


@dataclass(frozen=True)
class SignedYear:
    """A year of a contract: covered tonnes, reference price in USD/t, and payments in USD million."""

    year: int
    covered: float
    reference: float | None
    paid: float
    back: float


@dataclass(frozen=True)
class SignedContract:
    """A contract of the plan.

    Attributes:
        facility, offer: whose, and the offer, or the name of the contract in force.
        applies_to: new, existing, or in force.
        award_year: year of the award; of a contract in force, its first year in the plan.
        tonnes: nameplate under the contract, t/yr; of a contract in force, the output it covers.
        amount: strike, USD/t.
        years: the years of its term from first_year on.
    """

    facility: str
    offer: str
    applies_to: str
    award_year: int
    tonnes: float
    amount: float
    years: tuple[SignedYear, ...]


def find_signed(plan: Plan) -> Iterator[SignedContract]:
    """The contracts the plan awards, and those already in force."""
    for component, awards in (("build", plan.data.contracts.new), ("rescue", plan.data.contracts.existing)):
        for key, award in awards.items():
            amount = plan.value(component, *key)
            if amount > 0:
                yield _sign(award, TONNES * amount)
    honoured = _find_honoured(plan)
    for contract in plan.data.in_force.contracts.values():
        years = tuple(_honour(plan, contract, t, TONNES * honoured[contract.name, t]) for t in contract.years)
        yield SignedContract(
            contract.facility, contract.name, IN_FORCE, contract.years[0], contract.covered, contract.amount, years
        )


def _sign(award: Award, tonnes: float) -> SignedContract:
    """An award on a nameplate in t/yr."""
    usd = MILLION * tonnes
    years = tuple(
        SignedYear(t, tonnes * award.covered.get(t, 0.0), award.reference.get(t), usd * award.paid(t),
                   usd * award.back(t))
        for t in award.years
    )  # fmt: skip
    return SignedContract(award.facility, award.offer, award.applies_to, award.year, tonnes, award.amount, years)


def _honour(plan: Plan, contract: ContractInForce, t: int, tonnes: float) -> SignedYear:
    lookup = plan.data.lookup
    payment = MILLION * tonnes * contract.payment(lookup, t)
    reference = lookup.price(lookup.facilities[contract.facility].output, t)
    return SignedYear(t, tonnes, reference, max(0.0, payment), max(0.0, -payment))


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
    due = sum(covered * plan.value("build", f, v, k) for v, k, covered in contracts.new_duties[f, t])
    due += sum(covered * plan.value("rescue", f, s, k) for s, k, covered in contracts.existing_duties[f, t])
    return due - sum(plan.value("shortfall", a, f, y, k, t) for a, y, k in contracts.short[f, t])
