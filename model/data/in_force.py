"""Contracts already in force in numbers: what they keep open, honour, pay, and leave of the budgets.

Solver units (kt/yr, USD million). Index letters: contract `c`, facility `f`, year `t`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from model.data.adjacency import KILO, Adjacency
from model.data.finance import ContractTerms, counted_share
from model.data.lookup import Lookup, is_finite
from model.workbook.tables import Record


@dataclass(frozen=True)
class ContractInForce:
    """A contract that was signed before the plan.

    Attributes:
        name, facility, pot: its identifier, whose output it covers, and the pot that pays it ("" for none).
        terms: its form.
        amount: strike or premium, USD/t.
        covered: most that is covered, t/yr.
        years: the years of the plan and after it in which it runs.
    """

    name: str
    facility: str
    pot: str
    terms: ContractTerms
    amount: float
    covered: float
    years: range

    def payment(self, lookup: Lookup, t: int, price_drop: float = 0.0) -> float:
        """Return what the treasury pays for a covered tonne in `t`, USD; negative: it is paid back."""
        price = lookup.price(lookup.facilities[self.facility].output, t)
        return self.terms.payment(self.amount, (1 - price_drop) * price)


def contracts_in_force(lookup: Lookup) -> Iterator[ContractInForce]:
    """Yield the contracts that run in some year from first_year on."""
    for record in lookup.tables["contracts_in_force"]:
        first, last = max(record.number("first_year"), lookup.years[0]), int(record.number("last_year"))
        if first <= last:
            yield ContractInForce(
                record.text("contract"), record.text("facility"), record.text("pot"),
                ContractTerms(record.text("form"), last + 1 - int(first), upside_share=record.number("upside_share")),
                record.number("amount_usd_per_t"), record.number("covered_tpa"), range(int(first), last + 1),
            )  # fmt: skip


def find_kept(lookup: Lookup) -> dict[tuple[str, int], float]:
    """(f, t) -> existing capacity that contracts in force keep open whatever its margin, t/yr of nameplate."""
    covered: dict[tuple[str, int], float] = defaultdict(float)
    for contract in contracts_in_force(lookup):
        for t in contract.years:
            if t in lookup.years:
                covered[contract.facility, t] += contract.covered
    kept = {}
    for (name, t), tonnes in covered.items():
        f = lookup.facilities[name]
        utilisation, existing = f.number("utilisation", t), f.existing(t)
        if min(utilisation, existing, tonnes) > 0:
            kept[name, t] = min(existing, tonnes / utilisation)
    return kept


@dataclass
class InForce:
    """What contracts in force do in the plan.

    Attributes:
        contracts: by name.
        HONOURS: (c, t) in which a contract pays or is paid back; `honours` (f, t) -> c.
        COVERED: those of them that could be stretched beyond what they cover; `cover` (c, t) in kt/yr, of all.
        PAYING: (f, t) in which a contract pays; RETURNING: in which one is paid back.
        kept: (f, t) -> existing capacity kept open whatever its margin, kt/yr; `keepers` (f, t) -> c.
        KEPT: (f, t) in which nothing else would keep it open.
        free_capacity: (f, t) -> existing capacity that runs without the contracts, kt/yr.
        PAID_YEARS: years of the plan in which something is paid or paid back.
        pays, backs, charges: (t,) -> (c, USD million per kt) of payments, paybacks, what the excess burden is on.
    """

    contracts: dict[str, ContractInForce] = field(default_factory=dict)
    HONOURS: list[tuple[str, int]] = field(default_factory=list)
    COVERED: list[tuple[str, int]] = field(default_factory=list)
    PAYING: list[tuple[str, int]] = field(default_factory=list)
    RETURNING: list[tuple[str, int]] = field(default_factory=list)
    KEPT: list[tuple[str, int]] = field(default_factory=list)
    cover: dict[tuple[str, int], float] = field(default_factory=dict)
    kept: dict[tuple[str, int], float] = field(default_factory=dict)
    free_capacity: dict[tuple[str, int], float] = field(default_factory=dict)
    honours: Adjacency[str] = field(default_factory=Adjacency)
    keepers: Adjacency[str] = field(default_factory=Adjacency)
    pays: Adjacency[tuple[str, float]] = field(default_factory=Adjacency)
    backs: Adjacency[tuple[str, float]] = field(default_factory=Adjacency)
    charges: Adjacency[tuple[str, float]] = field(default_factory=Adjacency)


def find_in_force(lookup: Lookup, retained: set[tuple[str, int]], active: set[tuple[str, int]]) -> InForce:
    """Return what contracts in force do in the plan.

    Args:
        lookup: the tables.
        retained: (f, t) of existing capacity that stays open on market terms.
        active: (f, t) in which a facility can make something.
    """
    found = InForce({contract.name: contract for contract in contracts_in_force(lookup)})
    for (f, t), kept in find_kept(lookup).items():
        if (f, t) not in active:
            continue
        found.kept[f, t] = KILO * kept
        is_retained = (f, t) in retained
        found.free_capacity[f, t] = KILO * (lookup.facilities[f].existing(t) - kept) if is_retained else 0.0
        if not is_retained:
            found.KEPT.append((f, t))
    for contract in found.contracts.values():
        _add_contract(lookup, contract, found)
    returning = {(name, t) for (t,), joined in found.backs.items() for name, _ in joined}
    for f, t in found.kept:
        names = found.honours[f, t]
        back = [name for name in names if (name, t) in returning]
        if len(back) < len(names):
            found.PAYING.append((f, t))
        if back:
            found.RETURNING.append((f, t))
        # One contract that pays is stretched no further than what it alone keeps open.
        found.COVERED += [(name, t) for name in (names if len(names) > 1 else back)]
    return found


def _add_contract(lookup: Lookup, contract: ContractInForce, found: InForce) -> None:
    f = lookup.facilities[contract.facility]
    payments = {t: contract.payment(lookup, t) for t in contract.years if t in lookup.years}
    counted = counted_share(payments, lookup.discount, lookup.tables.number("clawback_value"))
    for t, payment in payments.items():
        if (f.name, t) not in found.kept:
            continue
        found.cover[contract.name, t] = KILO * min(contract.covered, f.number("utilisation", t) * f.existing(t))
        found.keepers.join((f.name, t), contract.name)
        if payment != 0:
            found.HONOURS.append((contract.name, t))
            found.honours.join((f.name, t), contract.name)
        if payment > 0:
            found.pays.join((t,), (contract.name, KILO * payment))
            found.charges.join((t,), (contract.name, KILO * payment))
        if payment < 0:
            found.backs.join((t,), (contract.name, -KILO * payment))
            found.charges.join((t,), (contract.name, KILO * counted * payment))


def find_committed(lookup: Lookup, pot: str, t: int, price_drop: float) -> float:
    """Return what contracts in force take from a pot at full cover, USD million."""
    return KILO * KILO * sum(
        max(0.0, contract.payment(lookup, t, price_drop)) * contract.covered
        for contract in contracts_in_force(lookup)
        if contract.pot == pot and t in contract.years
    )  # fmt: skip


@dataclass(frozen=True)
class Budget:
    """What a pot may pay in a year and what contracts in force take of it at full cover, USD million."""

    whole: float
    committed: float

    def left(self, multiple: float = 1.0) -> float:
        """Return what is left of a multiple of the budget for new awards."""
        return max(0.0, multiple * self.whole - self.committed)


def find_budget(lookup: Lookup, pot: Record, t: int, price_drop: float, before: Lookup | None = None) -> Budget:
    """Return what a pot may pay, and what is committed of it; after last_year its budget stays as it was.

    Args:
        lookup: the tables.
        pot: the row of the pot.
        t: the year.
        price_drop: how far prices fall in the view of the pot.
        before: of a shocked world, the tables without the shock: contracts in force then take no more than they did,
            and of a pot that has shrunk no larger share, like awards that are signed.
    """
    budget = pot.years[min(t, lookup.years[-1])]
    if not is_finite(budget):
        return Budget(budget, 0.0)
    name = pot.text("pot")
    committed = find_committed(lookup, name, t, price_drop)
    if before is not None:
        was = next(record for record in before.tables.of(pot.sheet) if record.key == pot.key)
        size = was.years[min(t, before.years[-1])]
        share = budget / size if budget < size else 1.0
        committed = min(committed, share * find_committed(before, name, t, price_drop))
    return Budget(budget, committed)
