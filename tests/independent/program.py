"""An independent oracle for the planning model: the model page, written down a second time.

This module is deliberately literal. It shares no code with the product, imports none of it and no
modelling language, and takes no shortcut: every variable the page names is a tuple such as
``("make", facility, provenance, year)``, every constraint is a dictionary from such tuples to
coefficients, and every sum runs over all members and asks each whether it belongs. It is slow and
meant to be read beside the page; a test compares its optimum with the product's on random worlds.

All quantities are tonnes and all money is US dollars until :class:`Program` hands the arrays to
HiGHS in thousand tonnes and million dollars. Shocks and the other analyses are left out.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import product

from tests.independent import rules
from tests.independent.contracts import (
    Block,
    annuity,
    burden_base,
    construction_years,
    covered_tonnes,
    may_retain,
    obliges,
    output_share,
    public_cash,
    years_of_payment,
)
from tests.independent.data import LOTS, Record, Terms, World, listed
from tests.independent.linear import Program
from tests.independent.shares import soft_limit, write_exposure_caps, write_mix_targets

INTENSITY = {"waste": "waste_t_per_t", "co2": "co2_t_per_t", "water": "water_m3_per_t"}

SCRAP_DEFAULTS = {"arisings": 0.0, "collection_rate": 1.0, "collection_usd_per_t": 0.0}


def declare_production(w: World, lp: Program) -> None:
    """Make, save and take."""
    for f, t in product(w.facilities, w.years):
        for key in w.activity(f, t):
            lp.declare(*key)
        for j, o in product(w.materials_of(f, "coproduct"), LOTS):
            lp.declare("take", f, j, o, t)


def declare_network(w: World, lp: Program) -> None:
    """Trade, stock, scrap, downgrades and demand."""
    for t in w.years:
        for o in LOTS:
            for d in w.demand:
                lp.declare("deliver", d, o, t)
            for route in w.routes:
                lp.declare("ship", route, o, t)
            for place, name in product(w.stockpiles, ("stock", "stock_in", "stock_out")):
                lp.declare(name, *place, o, t)
            for place in w.outlets:
                lp.declare("sell", *place, o, t)
        for d in w.demand:
            lp.declare("unmet", d, t)
        for place in product(w.materials, w.regions):
            lp.declare("downgrade", *place, t)
        for place in w.scrap_places():
            lp.declare("collect", *place, t)


def write_balances(w: World, lp: Program) -> None:
    """Every tonne that comes in goes out, by material, region, provenance and year."""
    for i, r, o, t in product(w.materials, w.regions, LOTS, w.years):
        terms = facility_balance(w, i, r, o, t)
        for origin, target, good in w.routes:
            if good == i:
                terms["ship", (origin, target, i), o, t] += (target == r) - (origin == r)
        if o == "clear" and (i, r) in w.scrap_places():
            terms["collect", i, r, t] += 1
        if (i, r) in w.stockpiles:
            terms["stock_out", i, r, o, t] += 1
            terms["stock_in", i, r, o, t] -= 1
        if (i, r) in w.outlets:
            terms["sell", i, r, o, t] -= 1
        for d in w.demand:
            if d[1:] == (i, r):
                terms["deliver", d, o, t] -= 1
        terms["downgrade", i, r, t] += 1 if o == "exposed" else -1
        lp.equal(("balance", i, r, o, t), terms, 0.0)


def facility_balance(w: World, i: str, r: str, o: str, t: int) -> Terms:
    """What the facilities of a region make and take up, less what they use."""
    terms: Terms = defaultdict(float)
    for f in (f for f, row in w.facilities.items() if row["region"] == r):
        if w.facilities[f]["output"] == i:
            for key, share in w.made(f, o, t).items():
                terms[key] += share
        if i in w.materials_of(f, "coproduct"):
            terms["take", f, i, o, t] += 1
        if i in w.materials_of(f, "input"):
            terms["make", f, o, t] -= w.recipe[f, "input", i]
    return terms


def write_coproducts(w: World, lp: Program) -> None:
    """A coproduct is taken up to what its process yields; the rest is waste."""
    for f, o, t in product(w.facilities, LOTS, w.years):
        for j, b in w.materials_of(f, "coproduct").items():
            yielded = {key: -b * share for key, share in w.made(f, o, t).items()}
            lp.limit(("coproduct", f, j, o, t), {**yielded, ("take", f, j, o, t): 1.0}, 0.0)


def write_capacity(w: World, lp: Program, blocks: list[Block]) -> None:
    """Output within capacity, open existing capacity within what exists, contracts delivered."""
    for f, t in product(w.facilities, w.years):
        u = w.of(f, "utilisation", t)
        output = dict.fromkeys(w.activity(f, t), 1.0)
        room, duty, opened = dict(output), dict.fromkeys(output, -1.0), {}
        if w.existing(f, t) > 0 and (may_retain(w, f, t) or rules.in_force(w, f, t)):
            lp.declare("retain", f, t)
            opened["retain", f, t] = 1.0
            room["retain", f, t] = -u
        for block in blocks:
            if block.facility != f or not block.runs(t):
                continue
            room[block.key] = -output_share(w, block, t)
            if block.applies_to == "existing":
                opened[block.key] = 1.0
            if obliges(w, block, t):
                duty[block.key] = covered_tonnes(w, block, t)
        duty |= {("honour", c["contract"], t): 1.0 for c in rules.in_force(w, f, t)}
        lp.limit(("capacity", f, t), room, 0.0)
        lp.limit(("existing", f, t), opened, w.existing(f, t))
        if len(duty) > len(output):
            lp.limit(("obligation", f, t), duty, 0.0)


def write_build_limits(w: World, lp: Program, blocks: list[Block]) -> None:
    """New capacity per decision year and in all; reserves."""
    for f, row in w.facilities.items():
        builds = [b for b in blocks if b.facility == f and b.applies_to == "new"]
        for v in w.years:
            decided = {b.key: 1.0 for b in builds if b.decided == v}
            most = w.of(f, "max_new_tpa_per_year", v) * w.of(f, "offtake_share", v)
            lp.limit(("yearly_build", f, v), decided, most)
            lp.limit(("site", f, v), rules.online(blocks, f, v), w.site(f, v))
        mined = {key: 1.0 for t in w.years for key in w.activity(f, t)}
        lp.limit(("reserve", f), mined, row["reserve_t"])


def write_trade(w: World, lp: Program) -> None:
    """Route capacities, export limits, and the rule that a region ships only what is its own."""
    for t in w.years:
        for route, row in w.routes.items():
            shipped = {("ship", route, o, t): 1.0 for o in LOTS}
            lp.limit(("route", route, t), shipped, w.at(row, "capacity_tpa", t))
        for row in w.tables["export_limits"]:
            columns = ("from_region", "to_region", "material")
            named = [
                route
                for route in w.routes
                if all(listed(row[column], x) for column, x in zip(columns, route, strict=True))
            ]
            shipped = {("ship", route, o, t): 1.0 for route in named for o in LOTS}
            lp.limit(("export", row["limit"], t), shipped, row["path"][t])
        for i, r in product(w.materials, w.regions):
            if w.regions[r]["transit"] != "yes":
                lp.limit(("origin", i, r, t), shipped_beyond_own(w, i, r, t), 0.0)


def shipped_beyond_own(w: World, i: str, r: str, t: int) -> Terms:
    """Shipments out of a region less what it makes, takes up, collects and releases."""
    terms: Terms = defaultdict(float)
    for (origin, target, good), o in product(w.routes, LOTS):
        if (origin, good) == (r, i):
            terms["ship", (origin, target, good), o, t] += 1
    terms.update(dict.fromkeys(rules.made_and_taken(w, i, r, t), -1.0))
    if (i, r) in w.scrap_places():
        terms["collect", i, r, t] = -1.0
    if (i, r) in w.stockpiles:
        terms.update({("stock_out", i, r, o, t): -1.0 for o in LOTS})
    return terms


def write_demand(w: World, lp: Program) -> None:
    """Demand is served from the network, saved by substitution, or unmet."""
    for d, t in product(w.demand, w.years):
        terms = {("deliver", d, o, t): 1.0 for o in LOTS} | {("unmet", d, t): 1.0}
        for f, row in w.facilities.items():
            if row["kind"] == "substitution" and d in w.demands_saved(f):
                terms["save", f, d, t] = 1.0
        lp.equal(("demand", d, t), terms, w.demand[d][t])


def write_scrap(w: World, lp: Program) -> None:
    """Collection within its rate of arisings and of products delivered a lifetime earlier."""
    for (i, r), t in product(w.scrap_places(), w.years):
        rate, arisings = (
            w.scrap[i, r, q][t] if (i, r, q) in w.scrap else SCRAP_DEFAULTS[q] for q in ("collection_rate", "arisings")
        )
        terms: Terms = defaultdict(float, {("collect", i, r, t): 1.0})
        for row, (d, o) in product(w.tables["returns"], product(w.demand, LOTS)):
            earlier = t - max(1, int(row["lifetime_years"]))
            if row["scrap"] == i and d[1:] == (row["product"], r) and earlier in w.years:
                terms["deliver", d, o, earlier] -= rate * row["t_per_t"]
        lp.limit(("scrap", i, r, t), terms, rate * arisings)


def write_stockpiles(w: World, lp: Program) -> None:
    """Levels by provenance; most, release, cover, and what must be left at the end."""
    for (i, r), row in w.stockpiles.items():
        exposed = row["initial_concern_share"]
        initial = {"clear": (1 - exposed) * row["initial_t"], "exposed": exposed * row["initial_t"]}
        for o, t in product(LOTS, w.years):
            terms = {
                ("stock", i, r, o, t): 1.0,
                ("stock_in", i, r, o, t): -1.0,
                ("stock_out", i, r, o, t): 1.0,
            }
            if t > w.first:
                terms["stock", i, r, o, t - 1] = -(1 - row["loss"])
            start = (1 - row["loss"]) * initial[o] if t == w.first else 0.0
            lp.equal(("stock", i, r, o, t), terms, start)
            lay = {("stock", i, r, o, t - 1): -(1 - row["loss"])} if t > w.first else {}
            ships = any((origin, good) == (r, i) for origin, _, good in w.routes)
            if ships and w.regions[r]["transit"] != "yes":
                lp.limit(("lay", i, r, o, t), {("stock_out", i, r, o, t): 1.0, **lay}, start)
        for t in w.years:
            level = {("stock", i, r, o, t): 1.0 for o in LOTS}
            short = dict.fromkeys(level, -1.0)
            lp.limit(("most_stock", i, r, t), level, row["max_t"])
            out = {("stock_out", i, r, o, t): 1.0 for o in LOTS}
            lp.limit(("release", i, r, t), out, row["max_release_tpa"])
            cover = row["min_cover_days"] / 365 * demand_in(w, i, r, t)
            soft_limit(w, lp, ("cover", i, r, t), short, -cover, row["cover_breach_usd_per_t"])
            if t == w.last:
                lp.limit(("final_stock", i, r), short, -row["final_t"])


def demand_in(w: World, i: str, r: str, t: int) -> float:
    """Demand of all segments for a material in a region."""
    return float(sum(path[t] for d, path in w.demand.items() if d[1:] == (i, r)))


def write_resources(w: World, lp: Program, blocks: list[Block]) -> None:
    """Use of waste, CO2, water or workers within the limit; the price is paid on all of it."""
    for row, t in product(w.tables["resource_limits"], w.years):
        counted = [
            f
            for f in w.facilities
            if listed(row["region"], w.facilities[f]["region"]) and listed(row["pathway"], w.pathway(f, t))
        ]
        if row["resource"] in ("workers", "capital"):
            used = {
                b.key: building_use(w, row, b, t) for b in blocks if b.facility in counted and b.applies_to == "new"
            }
            used = {key: units for key, units in used.items() if units}
        else:
            column = INTENSITY[row["resource"]]
            used = {key: w.facilities[f][column] for f in counted for key in w.activity(f, t)}
        lp.limit(("resource", row["limit"], t), used, row["path"][t])
        for key, units in used.items():
            lp.charge("resources", key, w.delta(t) * row["price_usd_per_unit"] * units)


def building_use(w: World, row: Record, block: Block, t: int) -> float:
    """Workers, or USD million of capital, that a t/yr of new capacity takes up in a year."""
    f, v = block.facility, block.decided
    if row["resource"] == "workers":
        return float(w.facilities[f]["workers_per_ktpa"] / 1000 * (v <= t < block.start))
    years = construction_years(w, f, v)
    spent_over = range(block.start - years, block.start) if years else range(v, block.start + 1)
    return float(w.of(f, "capex_usd_per_tpa", v) / 1e6 / len(spent_over) * (t in spent_over))


def write_budgets(w: World, lp: Program, blocks: list[Block]) -> None:
    """Positive payments within every pot in both views, also after the last year."""
    awards = [b for b in blocks if b.financing != "merchant"]
    end = max((years_of_payment(w, b).stop for b in awards), default=w.first)
    for row, t in product(w.tables["support_budgets"], range(w.first, end)):
        drop = w.setting("cfd_stress_price_drop") if row["view"] == "stress" else 0.0
        pays = {
            b.key: public_cash(w, b, t, drop)[0] / 1e3
            for b in awards
            if listed(row["materials"], w.facilities[b.facility]["output"])
            and listed(row["offers"], b.financing)
            and t in years_of_payment(w, b)
        }
        left = max(0.0, w.at(row, "path", t) * 1e6 - rules.committed_outlay(w, row["pot"], t, drop))
        lp.limit(("budget", row["pot"], row["view"], t), pays, left / 1e3)


def charge_production(w: World, lp: Program) -> None:
    """Variable and market cost, and the burden of credits."""
    burden = w.setting("public_funds_excess_burden")
    for t in w.years:
        delta = w.delta(t)
        for f, row in w.facilities.items():
            term, usd = "variable", w.of(f, "variable_usd_per_t", t)
            if row["cost_basis"] == "market":
                term, usd = "market", w.price(row["output"], t) * (1 + w.of(f, "premium", t))
            if row["cost_basis"] == "spread":
                feed = sum(a * w.price(i, t) for i, a in w.materials_of(f, "input").items())
                usd = max(usd, (1 + w.of(f, "premium", t)) * w.price(row["output"], t) - feed)
                for j, o in product(w.materials_of(f, "coproduct"), LOTS):
                    lp.charge("market", ("take", f, j, o, t), delta * w.price(j, t))
            for key in w.activity(f, t):
                lp.charge(term, key, delta * usd)
                lp.charge("burden_credits", key, delta * burden * w.of(f, "credit_usd_per_t", t))


def charge_network(w: World, lp: Program) -> None:
    """Freight, tariffs, collection, holding, shortage."""
    for t in w.years:
        delta = w.delta(t)
        for route, row in w.routes.items():
            for key in (("ship", route, o, t) for o in LOTS):
                lp.charge("freight", key, delta * w.at(row, "freight_usd_per_t", t))
                levied_at_home = w.at(w.regions[route[1]], "standing", t) == "home"
                priced = route[2] in w.prices  # a duty is a share of the price
                abroad = not levied_at_home
                if priced and (w.setting("tariffs_count_as_cost") == "yes" or abroad):
                    tariff = w.at(row, "tariff", t) * w.price(route[2], t)
                    lp.charge("tariff", key, delta * tariff)
        for i, r in w.scrap_places():
            if (i, r, "collection_usd_per_t") in w.scrap:
                usd = w.scrap[i, r, "collection_usd_per_t"][t]
                lp.charge("collection", ("collect", i, r, t), delta * usd)
        for (place, row), o in product(w.stockpiles.items(), LOTS):
            lp.charge("holding", ("stock", *place, o, t), delta * row["holding_usd_per_t"])
            if t == w.last and row["salvage_share"]:
                worth = row["salvage_share"] * w.price(place[0], t)
                lp.charge("salvage", ("stock", *place, o, t), -delta * worth)
        for d in w.demand:
            lp.charge("shortage", ("unmet", d, t), delta * w.shortage_cost(d))


def charge_capacity(w: World, lp: Program, blocks: list[Block]) -> None:
    """Fixed cost, annuities and the burden of grants up to the last year; of payments always."""
    burden = w.setting("public_funds_excess_burden")
    for key in [key for key in lp.columns if key[0] == "retain"]:
        _, f, t = key
        if w.facilities[f]["cost_basis"] != "spread":
            lp.charge("fixed", key, w.delta(t) * w.of(f, "fixed_usd_per_tpa_year", t))
    for block in blocks:
        f, v = block.facility, block.decided
        for t in w.years:
            if not block.runs(t):
                continue
            if w.facilities[f]["cost_basis"] != "spread":
                lp.charge("fixed", block.key, w.delta(t) * w.of(f, "fixed_usd_per_tpa_year", t))
            if block.applies_to == "new":
                capital = w.delta(t) * annuity(w, f, v)
                lp.charge("annuity", block.key, capital)
                grant = w.of(f, "grant_share", v)
                lp.charge("burden_grants", block.key, burden * grant * capital)
        if block.financing != "merchant":
            lp.charge("burden_pay", block.key, burden * burden_base(w, block))


def build_program(w: World, blocks: list[Block]) -> Program:
    """The whole program."""
    lp = Program()
    declare_production(w, lp)
    declare_network(w, lp)
    for block in blocks:
        lp.declare(*block.key)
    write_balances(w, lp)
    write_coproducts(w, lp)
    write_capacity(w, lp, blocks)
    rules.write_contracts_in_force(w, lp, blocks)
    rules.charge_contracts_in_force(w, lp)
    write_build_limits(w, lp, blocks)
    write_trade(w, lp)
    rules.write_trade_pace(w, lp)
    rules.write_outlets(w, lp)
    rules.write_requires(w, lp, blocks)
    rules.write_closing(w, lp, blocks)
    rules.write_group_limits(w, lp, blocks)
    write_demand(w, lp)
    write_scrap(w, lp)
    write_stockpiles(w, lp)
    write_exposure_caps(w, lp)
    write_mix_targets(w, lp)
    write_resources(w, lp, blocks)
    write_budgets(w, lp, blocks)
    charge_production(w, lp)
    charge_network(w, lp)
    charge_capacity(w, lp, blocks)
    return lp
