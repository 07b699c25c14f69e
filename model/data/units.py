"""The units that minerals wanted in kilograms are counted in, so that the solver's tolerances do not swallow them.

The program is in kt, and the solver takes 0.1 kg for nothing. A chain that moves less than a tonne a year is counted in
a smaller unit (`model/solver/scaling.py`), a power of two of a kt, which changes no digit.
"""

from __future__ import annotations

import math
from collections import defaultdict

from model.data.demand import Demand
from model.data.in_force import InForce
from model.data.lookup import Lookup
from model.data.minerals import Minerals
from model.data.outlets import Outlets
from model.data.stockpile import Stockpile

SMALL = 2.0**-10
"""Chains that move less than this in every year (in kt: a tonne) are counted in units of their own."""

COMFORTABLE = 2.0**-7
"""What they move then, in their unit: the solver's tolerance is a hundred thousandth of it."""


def find_units(
    lookup: Lookup, minerals: Minerals, demand: Demand, outlets: Outlets, stockpile: Stockpile, in_force: InForce
) -> dict[str, float]:
    """Identifier of a small mineral, material, facility or contract in force -> its unit, kt; {} in ordinary worlds."""
    moved = _find_moved(lookup, demand, outlets, stockpile)
    small = {i: _unit(size) for i, size in moved.items() if 0 < size < SMALL}
    if not small:
        return {}
    facilities = {f.name: small[f.output] for f in lookup.facilities.values() if f.output in small}
    wanted: dict[str, float] = defaultdict(float)
    for (m, _), amount in minerals.wanted.items():
        wanted[m] = max(wanted[m], amount)
    return {
        **{m: _unit(size) for m, size in wanted.items() if 0 < size < SMALL},
        **small,
        **facilities,
        **{name: facilities[c.facility] for name, c in in_force.contracts.items() if c.facility in facilities},
    }


def _unit(size: float) -> float:
    return 2.0 ** math.floor(math.log2(size / COMFORTABLE))


def _find_moved(lookup: Lookup, demand: Demand, outlets: Outlets, stockpile: Stockpile) -> dict[str, float]:
    """Material -> about how much of it is moved in the busiest year, kt: what is wanted of it and of all made of it."""
    moved: dict[str, float] = defaultdict(float)
    for (d, _), amount in demand.amount.items():
        moved[demand.rows[d].material] = max(moved[demand.rows[d].material], amount)
    for i, *_, amount in (*((i, most) for (i, *_), most in outlets.most.items()),
                          *((i, left) for (i, *_), left in stockpile.opening.items())):  # fmt: skip
        moved[i] = max(moved[i], amount)
    for _ in lookup.shortage_cost:  # A chain is no longer than there are materials.
        before = dict(moved)
        for f in lookup.facilities.values():
            for j, per_tonne in (*f.inputs.items(), *f.coproducts.items()):
                moved[j] = max(moved[j], per_tonne * moved[f.output])
        if moved == before:
            break
    return moved
