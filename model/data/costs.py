"""What a unit of each decision costs. Solver units (USD million per kt)."""

from __future__ import annotations

from dataclasses import dataclass, field

from model.data.adjacency import KILO
from model.data.capacity import Capacity
from model.data.lookup import Lookup

PENALTIES = frozenset({"shortage", "breach"})
"""Terms that are prices of missing something, stated by the planner and paid to nobody."""

PUBLIC = frozenset({"burden_pay", "burden_grants", "burden_credits"})
"""Terms that are the burden of raising public money."""

KINDS = ("supply", "penalty", "public")
"""What goods cost, what is missed, and the burden of public money; together they are the objective."""


def kind_of(term: str) -> str:
    """Return what kind of cost a term is: supply, penalty or public."""
    return "penalty" if term in PENALTIES else "public" if term in PUBLIC else "supply"


@dataclass
class UnitCosts:
    """Cost of one unit of each decision, in USD million per kt (of the year, not discounted).

    Attributes:
        variable, market, credit: (f, t) per kt of activity; variable and market exclude each other.
        coproduct: (f, j, t) per kt that a seller at a spread is paid for a recovered coproduct.
        fixed: (f, t) per kt/yr of open nameplate; 0 of sellers at a spread, whose price pays for it.
        idle: (f, t) per kt/yr of existing nameplate that is not open; `idle_capacity` kt/yr that exist.
        annuity, grant: (f, v) per kt/yr built and year online; the grant is the public part of the annuity.
    """

    variable: dict[tuple[str, int], float] = field(default_factory=dict)
    market: dict[tuple[str, int], float] = field(default_factory=dict)
    coproduct: dict[tuple[str, str, int], float] = field(default_factory=dict)
    credit: dict[tuple[str, int], float] = field(default_factory=dict)
    fixed: dict[tuple[str, int], float] = field(default_factory=dict)
    idle: dict[tuple[str, int], float] = field(default_factory=dict)
    idle_capacity: dict[tuple[str, int], float] = field(default_factory=dict)
    annuity: dict[tuple[str, int], float] = field(default_factory=dict)
    grant: dict[tuple[str, int], float] = field(default_factory=dict)


def find_unit_costs(lookup: Lookup, capacity: Capacity) -> UnitCosts:
    """Unit costs of every facility and year in the network."""
    costs = UnitCosts()
    for name, t in capacity.ACTIVE:
        f = lookup.facilities[name]
        if f.at_market_price:
            costs.market[name, t] = KILO * (1 + f.number("premium", t)) * lookup.price(f.output, t)
        elif f.sells_at_spread:
            # A seller whose spread is below its own cost still asks for its cost.
            costs.market[name, t] = KILO * max(f.number("variable_usd_per_t", t), lookup.spread(f, t))
            costs.coproduct |= {(name, j, t): KILO * lookup.price(j, t) for j in f.coproducts}
        else:
            costs.variable[name, t] = KILO * f.number("variable_usd_per_t", t)
        costs.credit[name, t] = KILO * f.number("credit_usd_per_t", t)
    for name in {f for f, _ in (*capacity.ACTIVE, *capacity.EXISTING)} | {f for f, *_ in capacity.BUILDS}:
        f = lookup.facilities[name]
        for t in lookup.years:
            costs.fixed[name, t] = 0.0 if f.sells_at_spread else KILO * f.number("fixed_usd_per_tpa_year", t)
    for name, v in {(f, v) for f, v, _ in capacity.BUILDS}:
        f = lookup.facilities[name]
        annuity = KILO * f.annuity(v)
        costs.annuity[name, v] = annuity
        costs.grant[name, v] = f.number("grant_share", v) * annuity
    _add_idle_costs(lookup, costs)
    return costs


def _add_idle_costs(lookup: Lookup, costs: UnitCosts) -> None:
    """What plants cost that stand idle, whether or not they have a place in the network."""
    for f in lookup.facilities.values():
        if f.number("idle_cost_share") == 0 or f.record["cost_basis"] != "cost":
            continue
        for t in lookup.years:
            rate = KILO * f.number("idle_cost_share") * f.number("fixed_usd_per_tpa_year", t)
            if rate * f.existing(t) > 0:
                costs.idle[f.name, t] = rate
                costs.idle_capacity[f.name, t] = KILO * f.existing(t)
