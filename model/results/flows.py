"""Tables of goods: what is made, delivered, shipped, collected and stored. Amounts in tonnes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from model.data.lookup import PROVENANCES
from model.results.columns import TONNES, Row
from model.results.plan import Plan


def production(plan: Plan) -> Iterator[Row]:
    """Output of every facility, by provenance of the output."""
    lookup = plan.data.lookup
    made: dict[tuple[str, str, str, str, int], float] = defaultdict(float)
    for (_, _, o, t), makers in plan.data.network.makers.items():
        for f, feed, share in makers:
            made[f, lookup.facilities[f].output, o, "main", int(t)] += share * plan.value("make", f, feed, t)
    for (f, j, o, t), amount in plan.members("take").items():
        made[str(f), str(j), str(o), "coproduct", int(t)] = amount
    for (f, _, t), amount in plan.members("save").items():
        made[str(f), lookup.facilities[str(f)].output, "clear", "saved", int(t)] += amount
    for (f, j, o, role, t), amount in made.items():
        facility = lookup.facilities[f]
        if amount != 0:
            yield (f, lookup.mineral_of[j], lookup.stage_of[j], j, facility.place, facility.pathway(t), o, role, t,
                   TONNES * amount)  # fmt: skip


def capacity(plan: Plan) -> Iterator[Row]:
    """Yield the existing, new and retained capacity, and its utilisation."""
    sets = plan.data.capacity
    for f, facility in plan.data.lookup.facilities.items():
        for t in plan.data.years:
            existing = facility.existing(t)
            new = sum(plan.value("build", f, v, k) for v, k in sets.online[f, t])
            retained = plan.value("retain", f, t)
            rescued = sum(there * plan.value("rescue", f, s, k) for s, k, there in sets.rescued[f, t])
            is_open = new + retained + rescued
            used = plan.value("activity", f, t) / is_open if is_open > 0 else None
            if existing > 0 or new > 0:
                yield f, t, existing, TONNES * new, TONNES * retained, TONNES * rescued, used


def deliveries(plan: Plan) -> Iterator[Row]:
    """Yield how each demand is met."""
    demand, lookup = plan.data.demand, plan.data.lookup
    for d, t in demand.DEMANDS:
        row = demand.rows[d]
        saved = sum(plan.value("save", f, d, t) for f in demand.savers[d, t])
        amounts = (plan.value("deliver", d, "clear", t), plan.value("deliver", d, "exposed", t), saved,
                   plan.value("unmet", d, t))  # fmt: skip
        yield (row.segment, lookup.mineral_of[row.material], row.material, row.region, t,
               *(TONNES * amount for amount in amounts))  # fmt: skip


def balances(plan: Plan) -> Iterator[Row]:
    """Yield every flow into and out of each material, region and provenance."""
    net, trade, demand = plan.data.network, plan.data.trade, plan.data.demand
    for i, r, o, t in net.BALANCES:
        downgraded = plan.value("downgrade", i, r, t)
        amounts = (
            sum(share * plan.value("make", f, feed, t) for f, feed, share in net.makers[i, r, o, t]),
            sum(plan.value("take", f, i, o, t) for f in net.takers[i, r, o, t]),
            plan.value("collect", i, r, t) if o == "clear" else 0.0,
            sum(plan.value("ship", route, o, t) for route in trade.arriving[i, r, o, t]),
            plan.value("stock_out", i, r, o, t),
            downgraded if o == "exposed" else 0.0 - downgraded,
            sum(a * plan.value("make", f, o, t) for f, a in net.users[i, r, o, t]),
            sum(plan.value("ship", route, o, t) for route in trade.leaving[i, r, o, t]),
            sum(plan.value("deliver", d, o, t) for d in demand.delivered[i, r, o, t]),
            plan.value("stock_in", i, r, o, t),
            plan.value("sell", i, r, o, t),
        )
        if any(amount != 0 for amount in amounts):
            yield i, r, o, t, *(TONNES * amount for amount in amounts)


def trade(plan: Plan) -> Iterator[Row]:
    """Shipments."""
    for (name, o, t), amount in plan.members("ship").items():
        route = plan.data.trade.routes[str(name)]
        if amount > 0:
            yield route.origin, route.target, route.material, o, t, TONNES * amount


def scrap(plan: Plan) -> Iterator[Row]:
    """Yield the scrap that is collected, and that could be collected."""
    recycling, demand = plan.data.recycling, plan.data.demand
    for i, r, t in recycling.COLLECTS:
        back = sum(
            rate * plan.value("deliver", d, o, sold)
            for d, sold, rate in recycling.returning[i, r, t]
            for o in demand.provenances[d, sold]
        )
        available = recycling.collectable[i, r, t] + back
        if available > 0:
            yield i, r, t, TONNES * plan.value("collect", i, r, t), TONNES * available


def stockpiles(plan: Plan) -> Iterator[Row]:
    """Stock levels and flows."""
    for key in plan.data.stockpile.STOCKS:
        amounts = [plan.value(component, *key) for component in ("stock", "stock_in", "stock_out")]
        if any(amount != 0 for amount in amounts):
            yield *key, *(TONNES * amount for amount in amounts)


def resources(plan: Plan) -> Iterator[Row]:
    """Resources used, with their limits."""
    sets = plan.data.resources
    for x, t in sets.USES:
        used = plan.value("resource_use", x, t)
        limit = sets.limit.get((x, t))
        if used != 0 or limit is not None:
            # The model counts in thousand units.
            yield (x, sets.resource[x], t, 1e3 * used, None if limit is None else 1e3 * limit, used * sets.price[x])


def mineral_output(plan: Plan, m: str, g: str, t: int) -> Iterator[tuple[float, float, str, str, bool]]:
    """Outputs of a stage: kt of the mineral, concern share, pathway, region, whether that region is of concern."""
    for out in plan.data.exposure.outputs[m, g, t]:
        amount = out.content * plan.value("output", out.facility, out.material, t)
        if amount > 0:
            is_located = plan.data.lookup.facilities[out.facility].region.at("standing", t) == "concern"
            yield amount, out.concern, out.pathway, out.region, is_located


def sold_output(plan: Plan, m: str, g: str, t: int) -> float:
    """Return what outlets take of a stage's output, there or at a later stage, kt of the mineral."""
    sales, total = plan.data.exposure.sales, 0.0
    for r in sales.regions[m, g, t]:
        key = (m, g, r, t)
        beside = sum(content * plan.value("output", f, j, t) for f, j, content in sales.beside[key])
        total += _bought(plan, sales.here[key], r, t) + max(0.0, _bought(plan, sales.later[key], r, t) - beside)
    return total


def _bought(plan: Plan, materials: list[tuple[str, float]], r: str, t: int) -> float:
    """Return what outlets of a region buy of materials, kt of the mineral they hold."""
    return sum(content * plan.value("sell", i, r, o, t) for i, content in materials for o in PROVENANCES)


def output_for_demand(plan: Plan, m: str, g: str, t: int) -> float:
    """Return what a stage makes less what outlets take, kt of the mineral: what shares of the stage are taken of."""
    return sum(amount for amount, *_ in mineral_output(plan, m, g, t)) - sold_output(plan, m, g, t)


def mix(plan: Plan) -> Iterator[Row]:
    """Output of each stage by pathway."""
    for m, g, t in sorted(plan.data.exposure.outputs):
        by_pathway: dict[str, float] = defaultdict(float)
        for amount, _, pathway, _, _ in mineral_output(plan, str(m), str(g), int(t)):
            by_pathway[pathway] += amount
        total = sum(by_pathway.values())
        for pathway, amount in sorted(by_pathway.items()):
            yield m, g, t, pathway, TONNES * amount, amount / total


def concentration(plan: Plan) -> Iterator[Row]:
    """Yield the concentration of each stage in few regions."""
    for m, g, t in sorted(plan.data.exposure.outputs):
        by_region: dict[str, float] = defaultdict(float)
        for amount, _, _, region, _ in mineral_output(plan, str(m), str(g), int(t)):
            by_region[region] += amount
        total = sum(by_region.values())
        if total > 0:
            shares = sorted((amount / total for amount in by_region.values()), reverse=True)
            # 10,000 is one region alone, the scale of competition authorities.
            yield m, g, t, 1e4 * sum(share**2 for share in shares), sum(shares[:3])
