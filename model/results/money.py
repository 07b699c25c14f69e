"""Tables of money: cost, rents, investment, break-even amounts and breaches. USD million, prices in USD/t."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from model.data.adjacency import KILO
from model.data.awards import unit_of
from model.data.costs import KINDS, PENALTIES, kind_of
from model.data.facility import Facility
from model.data.lookup import PROVENANCES, is_finite
from model.results.awards import MILLION, net_present
from model.results.columns import TONNES, Row
from model.results.plan import Plan, Stated
from model.results.stand_ins import name_ties
from model.solver.program import Floats
from model.workbook.schema import CHAIN


def costs(plan: Plan) -> Iterator[Row]:
    """Yield every cost term of every mineral in every year."""
    for (term, mineral, t), amount in plan.members("cost").items():
        if amount != 0:
            yield term, kind_of(str(term)), mineral, t, amount, amount * plan.data.discount(int(t))


def discounted_costs(plan: Plan) -> dict[str, float]:
    """Kind of cost -> what it adds to the objective, USD million."""
    found = dict.fromkeys(KINDS, 0.0)
    for (term, _, t), amount in plan.members("cost").items():
        found[kind_of(str(term))] += amount * plan.data.discount(int(t))
    return found


def penalty_part(stated: Stated) -> tuple[Floats, float]:
    """The part of the discounted cost that is penalties: per unit of each column, and a constant, USD million."""
    cost, discount = stated.m.cost, stated.data.discount
    terms = [discount(t) * cost[term, mineral, t] for term, mineral, t in cost if term in PENALTIES]
    return stated.compiled.coefficients(sum(terms))


def rents(plan: Plan) -> Iterator[Row]:
    """Yield what home pays to foreign sellers at a spread beyond their own cost and their inputs at the price."""
    kept: dict[tuple[str, str, int], float] = defaultdict(float)
    for f, t in plan.data.capacity.ACTIVE:
        facility = plan.data.lookup.facilities[f]
        if facility.sells_at_spread and facility.region.at("standing", t) != "home":
            kept[facility.place, facility.mineral, t] += _rent(plan, facility, t)
    for (region, mineral, t), rent in sorted(kept.items()):
        if abs(rent) > MILLION:  # A dollar: what is left of a seller who is paid his own cost.
            yield region, mineral, t, rent


def _rent(plan: Plan, f: Facility, t: int) -> float:
    """Return the rent of a seller in a year, USD million. Its output pays the fixed cost of the nameplate it takes."""
    costs, activity = plan.data.costs, plan.value("activity", f.name, t)
    own = f.number("variable_usd_per_t", t) + f.number("fixed_usd_per_tpa_year", t) / f.number("utilisation", t)
    recovered = sum(
        costs.coproduct[f.name, j, t] * plan.value("take", f.name, j, o, t) for j in f.coproducts for o in PROVENANCES
    )
    return (costs.market[f.name, t] - KILO * own) * activity + recovered


def builds(plan: Plan) -> Iterator[Row]:
    """New capacity."""
    for (f, v, k), amount in plan.members("build").items():
        facility = plan.data.lookup.facilities[str(f)]
        if amount > 0:
            tonnes = TONNES * amount
            capex = MILLION * tonnes * facility.number("capex_usd_per_tpa", int(v))
            online = int(v) + facility.lead(int(v))
            room = facility.room(online)
            yield f, k, v, online, tonnes, capex, room if is_finite(room) else None, name_ties(plan.ties, str(f))


def break_even(plan: Plan) -> Iterator[Row]:
    """Yield the support every commercial facility needs in every form on offer, whether or not it is built."""
    slump = plan.data.lookup.tables.number("cfd_stress_price_drop")
    for row in plan.data.financing.break_even:
        outlay = [net_present(plan, row.award, drop) if row.award else None for drop in (0.0, slump)]
        yield (row.facility, row.offer, row.form, row.applies_to, row.year, row.amount,
               unit_of(row.form) if row.form else "", row.reference, row.merchant_npv, row.status,
               *outlay)  # fmt: skip


class Breach(NamedTuple):
    """What is missed: a row of the table `breaches`."""

    constraint: str
    key: str
    year: int
    amount: float
    unit: str
    cost_usd_million: float


def breaches(plan: Plan) -> Iterator[Breach]:
    """Caps, targets and covers that are missed, and what that costs."""
    exposure, stockpile, floors = plan.data.exposure, plan.data.stockpile, set(plan.data.exposure.FLOOR_TARGETS)
    for (c, m, t), amount in plan.members("cap_breach").items():
        if amount > 0:
            cost = amount * exposure.breach_price[str(c)]
            constraint = "chain_exposure_limit" if exposure.stage_of[str(c)] == CHAIN else "stage_exposure_limit"
            yield Breach(constraint, f"{c} ({m})", int(t), TONNES * amount, f"t of {m}", cost)
    for (x, m, g, t), amount in plan.members("target_breach").items():
        if amount > 0:
            cost = amount * exposure.breach_price[str(x)]
            constraint = "mix_target_floor" if (x, m, g, t) in floors else "mix_target_limit"
            yield Breach(constraint, f"{x} ({m}, {g})", int(t), TONNES * amount, f"t of {m}", cost)
    for (i, r, t), amount in plan.members("cover_breach").items():
        if amount > 0:
            cost = amount * stockpile.cover_price[str(i), str(r)]
            yield Breach("stock_cover_floor", f"{i}/{r}", int(t), TONNES * amount, "t", cost)
    yield from _breaches_of_shocks(plan)


def _breaches_of_shocks(plan: Plan) -> Iterator[Breach]:
    """Yield the rules that a shock makes impossible: final stocks, requirements of earlier projects, and contracts."""
    for (i, r, t), amount in plan.members("final_breach").items():
        if amount > 0:
            cost = amount * plan.data.stockpile.final_price[str(i), str(r)]
            yield Breach("final_stock_floor", f"{i}/{r}", int(t), TONNES * amount, "t", cost)
    for (f, t), amount in plan.members("required_breach").items():
        if amount > 0:
            cost = amount * plan.data.dependence.breach_price[str(f), int(t)]
            yield Breach("required_project_limit", str(f), int(t), TONNES * amount, "t/yr", cost)
    for (x, t), amount in plan.members("growth_breach").items():
        if amount > 0:
            cost = amount * plan.data.groups.breach_price[str(x), int(t)]
            yield Breach("group_growth_limit", str(x), int(t), TONNES * amount, "t/yr", cost)
    for key, amount in plan.members("shortfall").items():
        if amount > 0:
            _, f, y, k, t = key
            cost = amount * plan.data.contracts.shortfall_price[key]
            yield Breach("obligation_floor", f"{f}/{k}/{y}", int(t), TONNES * amount, "t", cost)
