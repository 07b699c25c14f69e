"""The effect of a relative change of a number on the cost terms it is in, with all decisions unchanged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from model.data import PlanningData
from model.data.adjacency import KILO
from model.data.facility import Facility
from model.results.plan import Plan

INTENSITIES = {"waste": "waste_t_per_t", "co2": "co2_t_per_t", "water": "water_m3_per_t"}
"""Resource -> the column of what a tonne uses of it."""

Number = tuple[str, str, str]
"""Sheet, record and column of a number, or of a path over the years."""

Share = tuple[Number, float]


@dataclass
class Ledger:
    """What a relative change of each number does to the discounted cost, USD million."""

    amounts: defaultdict[Number, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, sheet: str, record: str, column: str, amount: float) -> None:
        """Add to a number."""
        self.amounts[sheet, record, column] += amount


def facility_number(data: PlanningData, f: str, column: str) -> Number:
    """Return where a number of a facility stands: in its row, or in the path that replaces the column."""
    is_path = (f, column) in data.lookup.facility_paths
    return ("facility_paths", f"{f}/{column}", "years") if is_path else ("facilities", f, column)


def add_costs(ledger: Ledger, plan: Plan) -> None:
    """Every number that is in a cost term."""
    for sort in (_running, _standing, _shipping, _collecting, _storing, _missing, _using, _settings):
        for number, amount in sort(plan):
            ledger.add(*number, amount)


def _running(plan: Plan) -> Iterator[Share]:
    """Variable cost, purchases, spreads and credits of what is made."""
    data = plan.data
    for name, t in data.capacity.ACTIVE:
        made = data.discount(t) * plan.value("activity", name, t)
        if made:
            yield from _of_a_year(data, data.lookup.facilities[name], t, made)
    for f, j, o, t in data.network.TAKES if data.costs.coproduct else ():
        taken = data.discount(t) * plan.value("take", f, j, o, t)
        yield ("prices", j, "years"), data.costs.coproduct.get((f, j, t), 0.0) * taken


def _of_a_year(data: PlanningData, f: Facility, t: int, made: float) -> Iterator[Share]:
    """Yield what a facility costs in a year.

    Args:
        data: what the model knows.
        f: the facility.
        t: the year.
        made: discounted output, kt.
    """
    lookup, price = data.lookup, KILO * data.lookup.price(f.output, t)
    credit = facility_number(data, f.name, "credit_usd_per_t")
    yield credit, data.excess_burden * data.costs.credit[f.name, t] * made
    if (f.name, t) in data.costs.variable or lookup.spread(f, t) < f.number("variable_usd_per_t", t):
        cost = data.costs.variable.get((f.name, t), KILO * f.number("variable_usd_per_t", t))
        if not f.at_market_price:
            yield facility_number(data, f.name, "variable_usd_per_t"), cost * made
            return
    premium = f.number("premium", t)
    yield ("prices", f.output, "years"), (1 + premium) * price * made
    yield facility_number(data, f.name, "premium"), premium * price * made
    for i, a in f.inputs.items() if f.sells_at_spread else ():
        paid = KILO * a * lookup.price(i, t) * made
        yield ("prices", i, "years"), -paid
        yield ("recipes", f"{f.name}/{i}/input", "t_per_t"), -paid


def _standing(plan: Plan) -> Iterator[Share]:
    """Fixed cost of what is open or idle, annuities and grants of what is built."""
    data, costs = plan.data, plan.data.costs
    for f, t in data.capacity.EXISTING:
        held = data.discount(t) * plan.value("kept_open", f, t)
        yield facility_number(data, f, "fixed_usd_per_tpa_year"), costs.fixed[f, t] * held
    for (f, t), rate in costs.idle.items():
        idle = data.discount(t) * rate * (costs.idle_capacity[f, t] - plan.value("kept_open", f, t))
        yield facility_number(data, f, "fixed_usd_per_tpa_year"), idle
        yield ("facilities", f, "idle_cost_share"), idle
        existing = data.discount(t) * rate * costs.idle_capacity[f, t]
        yield facility_number(data, f, "capacity_tpa"), existing
        yield facility_number(data, f, "offtake_share"), existing
    for (f, t), builds in data.capacity.online.items():
        for v, k in builds:
            built = data.discount(t) * plan.value("build", f, v, k)
            if built:
                granted = data.excess_burden * costs.grant[f, v] * built
                yield facility_number(data, f, "fixed_usd_per_tpa_year"), costs.fixed[f, t] * built
                yield facility_number(data, f, "capex_usd_per_tpa"), costs.annuity[f, v] * built + granted
                yield facility_number(data, f, "grant_share"), granted


def _shipping(plan: Plan) -> Iterator[Share]:
    """Freight, duties, and trade given up."""
    trade, pace = plan.data.trade, plan.data.pace
    for name, o, t in trade.SHIPS:
        shipped = plan.data.discount(t) * plan.value("ship", name, o, t)
        if shipped:
            route = trade.routes[name]
            yield ("routes", route.record.label, "freight_usd_per_t"), trade.freight[name, t] * shipped
            yield ("routes", route.record.label, "tariff"), trade.tariff[name, t] * shipped
            yield ("prices", route.material, "years"), trade.tariff[name, t] * shipped
    for name, t in pace.FALLS:
        dropped = plan.data.discount(t) * plan.value("drop", name, t)
        yield ("routes", trade.routes[name].record.label, "switching_usd_per_t"), pace.price[name, t] * dropped


def _collecting(plan: Plan) -> Iterator[Share]:
    for i, r, t in plan.data.recycling.COLLECTS:
        collected = plan.data.discount(t) * plan.value("collect", i, r, t)
        yield ("scrap", f"{i}/{r}/collection_usd_per_t", "years"), plan.data.recycling.cost[i, r, t] * collected


def _storing(plan: Plan) -> Iterator[Share]:
    """Holding, what is left in the end, and what outlets pay."""
    data, last = plan.data, plan.data.years[-1]
    for i, r, o, t in data.stockpile.STOCKS:
        stored = data.discount(t) * plan.value("stock", i, r, o, t)
        yield ("stockpiles", f"{i}/{r}", "holding_usd_per_t"), data.stockpile.holding[i, r] * stored
        left = data.stockpile.salvage.get((i, r), 0.0) * stored if t == last else 0.0
        yield ("stockpiles", f"{i}/{r}", "salvage_share"), -left
        yield ("prices", i, "years"), -left
    for i, r, o, t in data.outlets.SELLS:
        earned = data.discount(t) * data.outlets.revenue[i, r, t] * plan.value("sell", i, r, o, t)
        yield ("outlets", f"{i}/{r}", "price_share"), -earned
        yield ("prices", i, "years"), -earned


def _missing(plan: Plan) -> Iterator[Share]:
    """Shortage, and limits missed at a price."""
    data, exposure = plan.data, plan.data.exposure
    stated = {record.label for record in data.lookup.tables["demand"] if record["shortage_cost_usd_per_t"] is not None}
    for d, t in data.demand.DEMANDS:
        cost = data.discount(t) * data.demand.shortage_cost[d] * plan.value("unmet", d, t)
        sheet, record = ("demand", d) if d in stated else ("materials", data.demand.rows[d].material)
        yield (sheet, record, "shortage_cost_usd_per_t"), cost
    for c, m, t in exposure.CAP_BREACHES:
        missed = data.discount(t) * plan.value("cap_breach", c, m, t)
        yield ("exposure_caps", c, "breach_usd_per_t"), exposure.breach_price[c] * missed
    for x, m, g, t in exposure.TARGET_BREACHES:
        missed = data.discount(t) * plan.value("target_breach", x, m, g, t)
        yield ("mix_targets", x, "breach_usd_per_t"), exposure.breach_price[x] * missed
    for i, r, t in data.stockpile.COVER_BREACHES:
        missed = data.discount(t) * plan.value("cover_breach", i, r, t)
        yield ("stockpiles", f"{i}/{r}", "cover_breach_usd_per_t"), data.stockpile.cover_price[i, r] * missed


def _using(plan: Plan) -> Iterator[Share]:
    """Prices of resources, and what a tonne or a project uses of them."""
    data, resources = plan.data, plan.data.resources
    for x, t in resources.USES:
        price = data.discount(t) * resources.price[x]
        yield ("resource_limits", x, "price_usd_per_unit"), price * plan.value("resource_use", x, t)
        for f, rate in resources.activities[x, t] if price else ():
            column = INTENSITIES[resources.resource[x]]
            yield facility_number(data, f, column), price * rate * plan.value("activity", f, t)
        for f, v, k, rate in resources.sites[x, t] if price else ():
            yield facility_number(data, f, site_column(data, x)), price * rate * plan.value("build", f, v, k)


def site_column(data: PlanningData, x: str) -> str:
    """Return the column of what building uses of a resource."""
    return "workers_per_ktpa" if data.resources.resource[x] == "workers" else "capex_usd_per_tpa"


def _settings(plan: Plan) -> Iterator[Share]:
    """Yield the discount rate, in every term of a later year, and the burden of public money."""
    data = plan.data
    rate, first = data.lookup.tables.number("social_discount_rate"), data.years[0]
    for (term, _, t), amount in plan.members("cost").items():
        present = data.discount(t) * amount
        yield ("settings", "social_discount_rate", "value"), -(t - first) * rate / (1 + rate) * present
        if str(term).startswith("burden"):
            yield ("settings", "public_funds_excess_burden", "value"), present
