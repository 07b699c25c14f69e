"""What was decided before a shock is known, and how the shocked years see it.

Projects under way go on and contracts keep their strike, whatever the shocked data would have allowed. All of it is
stated for every decision that could have been taken, so that the program stays linear in what was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from model.data.adjacency import KILO, Adjacency
from model.data.awards import EXISTING, Award
from model.data.financing import Financing
from model.data.lookup import Lookup

EMERGENCY_FACTOR = 10.0
"""A hard rule that a shock makes impossible is missed at this many times the largest shortage cost: a last resort, so
that there is always an answer (assumed)."""

MARGIN = 1.000001
"""A rule is missed at this many times what it is worth to the plan at least: missing it must not do as well."""


@dataclass(frozen=True)
class Signed:
    """The world before a shock, as those who decided knew it.

    Attributes:
        known_from: first year in which decisions can react to the shock.
        lookup: the tables without the shock.
        financing: who could be financed, and on which terms.
        active: facilities with a place in the network.
        budget: (pot, view, t) -> USD million, where finite and claimed.
        resource_limit: (x, t) -> thousand units, where finite.
        stock_size: (i, r) -> kt.
        online: (f, t) -> (v, k) of what could be built.
        worth: constraint -> index -> what one more unit of its right-hand side is worth to the plan, USD million, not
            discounted.
    """

    known_from: int
    lookup: Lookup
    financing: Financing
    active: frozenset[str]
    budget: Mapping[tuple[str, str, int], float]
    resource_limit: Mapping[tuple[str, int], float]
    stock_size: Mapping[tuple[str, str], float]
    online: Adjacency[tuple[int, str]]
    worth: Mapping[str, Mapping[tuple[Any, ...], float]]

    def worth_of(self, constraint: str, *key: str | int) -> float:
        """Return what one more unit of a row is worth to the plan, USD million; 0 where the plan has no such row."""
        return self.worth.get(constraint, {}).get(key, 0.0)

    def is_signed(self, award: Award) -> bool:
        """Return whether an award was made before the shock is known."""
        return award.year < self.known_from

    def claim_left(self, award: Award, key: tuple[str, str, int], drop: float, budget: float) -> float:
        """Return what an award takes from a pot, USD per t/yr of nameplate.

        Budgets bind new awards only: a signed one takes no more than it did when it was signed, and of a pot that has
        shrunk no larger share. So signed contracts always fit, and leave to new ones what they left before.
        """
        claim = award.paid(key[2], drop)
        if not self.is_signed(award):
            return claim
        awards = self.financing.existing if award.applies_to == EXISTING else self.financing.new
        was = awards[award.facility, award.year, award.offer].paid(key[2], drop)
        return min(claim, was * share_left(budget, self.budget.get(key, float("inf"))))


def share_left(now: float, before: float) -> float:
    """Return the share of an amount that is left.

    >>> share_left(50.0, 200.0), share_left(300.0, 200.0), share_left(50.0, float("inf")), share_left(0.0, 0.0)
    (0.25, 1.0, 0.0, 1.0)
    """
    return now / before if now < before else 1.0


def keep_signed(found: Financing, lookup: Lookup, signed: Signed) -> Financing:
    """Financing in which decisions before the shock are those of before, and later ones those of the shocked data.

    Args:
        found: what the shocked data allow from the year on in which the shock is known.
        lookup: the shocked tables.
        signed: the world before.
    """
    before, known = signed.financing, signed.known_from
    return Financing(
        merchant=found.merchant | {(f, v) for f, v in before.merchant if v < known and f in lookup.facilities},
        retained=found.retained | {(f, t) for f, t in before.retained if t < known and f in lookup.facilities},
        new=_keep_awards(before.new, found.new, lookup, signed),
        existing=_keep_awards(before.existing, found.existing, lookup, signed),
        break_even=found.break_even,
    )


def _keep_awards(
    before: Mapping[tuple[str, int, str], Award], found: Mapping[tuple[str, int, str], Award], lookup: Lookup,
    signed: Signed,
) -> dict[tuple[str, int, str], Award]:  # fmt: skip
    kept = {
        key: _meet_shock(award, lookup, signed)
        for key, award in before.items()
        if signed.is_signed(award) and award.facility in lookup.facilities
    }
    return kept | dict(found)


def _meet_shock(award: Award, lookup: Lookup, signed: Signed) -> Award:
    """Return a signed contract under the shocked price; one on existing capacity shrinks as that capacity does."""
    f, was = lookup.facilities[award.facility], signed.lookup.facilities[award.facility]
    there = {}
    if award.applies_to == EXISTING:
        there = {t: share_left(f.existing(t), was.existing(t)) for t in award.covered if t >= signed.known_from}
    return replace(
        award,
        covered={t: covered * there.get(t, 1.0) for t, covered in award.covered.items()},
        reference={t: lookup.price(f.output, t) for t in award.reference},
        there=there,
    )


def emergency_price(lookup: Lookup, worth: float = 0.0) -> float:
    """What missing a hard rule costs in a shocked year, USD million per kt; more than it is worth to the plan."""
    return max(EMERGENCY_FACTOR * KILO * lookup.highest_shortage_cost, MARGIN * worth)


def shortfall_price(lookup: Lookup, award: Award, t: int, worth: float = 0.0) -> float:
    """Return what a contracted tonne that is not made costs, USD million per kt.

    A tonne of the output that is missing: its shortage cost, or what the contract makes it worth where that is more, so
    that leaving a contract idle is never the cheap way out; and more than being free of the duty is worth to the plan.
    """
    output = lookup.facilities[award.facility].output
    return max(KILO * max(lookup.shortage_cost[output], award.worth(t)), MARGIN * worth)
