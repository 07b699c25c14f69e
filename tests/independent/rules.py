"""The oracle's later rules: contracts in force, trade that changes slowly, outlets, sites, closing, groups.

Each function writes the rows of one rule, over all members, as `program.py` does for the rest of the program.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import product

from tests.independent.contracts import Block, may_retain, merchant_builds, output_share, payment
from tests.independent.data import LOTS, NONE, Key, Record, Terms, World, listed
from tests.independent.linear import Program


# -- contracts in force ---------------------------------------------------------------------------
def in_force(w: World, f: str, t: int) -> list[Record]:
    """Contracts of a facility that were signed before the plan and run in a year."""
    rows = w.tables["contracts_in_force"]
    return [c for c in rows if c["facility"] == f and c["first_year"] <= t <= c["last_year"]]


def settled(w: World, c: Record, t: int, price_drop: float = 0.0) -> tuple[float, float]:
    """What a contract in force pays and claws back per covered tonne."""
    price = (1 - price_drop) * w.price(w.facilities[c["facility"]]["output"], t)
    usd = payment(c, c["amount_usd_per_t"], price)
    return max(0.0, usd), max(0.0, -usd)


def kept_by_contract(w: World, f: str, t: int) -> float:
    """Existing capacity that contracts in force keep open, whatever its margin."""
    covered = sum(c["covered_tpa"] for c in in_force(w, f, t))
    u = w.of(f, "utilisation", t)
    return float(min(w.existing(f, t), covered / u)) if u > 0 else 0.0


def write_contracts_in_force(w: World, lp: Program, blocks: list[Block]) -> None:
    """Honoured tonnes: no more than covered, none that other obligations count, and none dodged."""
    for f, t in product(w.facilities, w.years):
        contracts = in_force(w, f, t)
        if not contracts:
            continue
        u = w.of(f, "utilisation", t)
        honoured = {("honour", c["contract"], t): 1.0 for c in contracts}
        for c in contracts:
            key = ("honour", c["contract"], t)
            lp.declare(*key)
            lp.limit(("honour", c["contract"], t), {key: 1.0}, min(c["covered_tpa"], u * w.existing(f, t)))
        made = dict.fromkeys(w.activity(f, t), 1.0)
        dodged: Terms = {**made, **dict.fromkeys(honoured, -1.0)}
        for block in blocks:
            if block.facility != f or not block.runs(t):
                continue
            if block.applies_to == "new":
                dodged[block.key] = -output_share(w, block, t)
            elif not may_retain(w, f, t):
                dodged[block.key] = -u
        other = w.existing(f, t) - kept_by_contract(w, f, t) if may_retain(w, f, t) else 0.0
        lp.limit(("not_dodged", f, t), dodged, u * other)
        rescues = {b.key: 1.0 for b in blocks if b.facility == f and b.applies_to == "existing" and b.runs(t)}
        if rescues:
            lp.limit(("rescued_beyond_contracts", f, t), rescues, w.existing(f, t) - kept_by_contract(w, f, t))
        if not may_retain(w, f, t) and ("retain", f, t) in lp.columns:
            lp.limit(("retained_by_contract", f, t), {("retain", f, t): 1.0}, kept_by_contract(w, f, t))


def charge_contracts_in_force(w: World, lp: Program) -> None:
    """The burden of what is paid less what is clawed back, not below 0 over a contract at full cover."""
    burden = w.setting("public_funds_excess_burden")
    for c in w.tables["contracts_in_force"]:
        years = [t for t in w.years if c["first_year"] <= t <= c["last_year"]]
        paid = sum(w.delta(t) * settled(w, c, t)[0] for t in years)
        back = sum(w.delta(t) * settled(w, c, t)[1] for t in years)
        value = min(w.setting("clawback_value"), paid / back) if back > 0 else 0.0
        for t in years:
            key = ("honour", c["contract"], t)
            if key in lp.columns:
                out, returned = settled(w, c, t)
                lp.charge("burden_pay", key, w.delta(t) * burden * (out - value * returned))


def committed_outlay(w: World, pot: str, t: int, price_drop: float) -> float:
    """What contracts in force take out of a pot at full cover, USD."""
    return float(
        sum(
            settled(w, c, t, price_drop)[0] * c["covered_tpa"]
            for c in w.tables["contracts_in_force"]
            if c["pot"] == pot and c["first_year"] <= t <= c["last_year"]
        )
    )


# -- trade ------------------------------------------------------------------------------------------
def write_trade_pace(w: World, lp: Program) -> None:
    """A route grows by at most a share and a start a year; falling faster than its decay costs."""
    for (route, row), t in product(w.routes.items(), w.years):
        now = {("ship", route, o, t): 1.0 for o in LOTS}
        before = {("ship", route, o, t - 1): 1.0 for o in LOTS} if t > w.first else {}
        flow = row["flow_tpa"] if t == w.first else 0.0
        growth, decay = w.at(row, "growth", t), w.at(row, "decay", t)
        if growth < NONE:
            terms = {**now, **dict.fromkeys(before, -(1 + growth))}
            lp.limit(("growth", route, t), terms, (1 + growth) * flow + w.at(row, "start_tpa", t))
        usd = w.at(row, "switching_usd_per_t", t)
        if decay < NONE and usd < NONE:
            drop = ("drop", route, t)
            lp.declare(*drop)
            lp.charge("switching", drop, w.delta(t) * usd)
            kept = (1 - decay) * share_that_may_stay(w, route, t)
            fallen = {**dict.fromkeys(now, -1.0), **dict.fromkeys(before, kept), drop: -1.0}
            lp.limit(("decay", route, t), fallen, -min((1 - decay) * flow, room(w, route, t)))


def share_that_may_stay(w: World, route: Key, t: int) -> float:
    """How far a ban, a limit, or a plant that is gone frees the fall of a route."""
    if t == w.first:
        return 1.0
    now, before = room(w, route, t), room(w, route, t - 1)
    if now >= before:
        return 1.0
    return 0.0 if before == NONE else now / before


def room(w: World, route: Key, t: int) -> float:
    """The most that a route can carry, by its capacity, export limits, and the plants at both ends."""
    columns = ("from_region", "to_region", "material")
    limits = [
        row["path"][t]
        for row in w.tables["export_limits"]
        if all(listed(row[column], x) for column, x in zip(columns, route, strict=True))
    ]
    capacity = w.at(w.routes[route], "capacity_tpa", t)
    return float(min([capacity, *limits, can_be_made(w, route, t), can_be_used(w, route, t)]))


def can_be_made(w: World, route: Key, t: int) -> float:
    """The most that the origin of a route can make of its material."""
    origin, _, i = route
    collected = (i, origin) in w.scrap_places()
    if w.regions[origin]["transit"] == "yes" or collected or (i, origin) in w.stockpiles:
        return NONE
    total = 0.0
    for f, row in w.facilities.items():
        if row["region"] == origin and row["kind"] != "substitution":
            yielded = (row["output"] == i) + w.materials_of(f, "coproduct").get(i, 0.0)
            total += yielded * could_stand(w, f, t)
    return total


def can_be_used(w: World, route: Key, t: int) -> float:
    """The most that the target of a route can use of its material."""
    _, target, i = route
    if w.regions[target]["transit"] == "yes" or (i, target) in w.stockpiles or (i, target) in w.outlets:
        return NONE
    total = sum(path[t] for d, path in w.demand.items() if d[1:] == (i, target))
    for f, row in w.facilities.items():
        if row["region"] == target and row["kind"] != "substitution":
            total += w.materials_of(f, "input").get(i, 0.0) * could_stand(w, f, t)
    return float(total)


def could_stand(w: World, f: str, t: int) -> float:
    """Output at full capacity if everything that can be built is."""
    if not w.years_of_builds:
        for b in merchant_builds(w):
            w.years_of_builds.setdefault(b.facility, set()).update(range(b.start, b.stop))
    built = t in w.years_of_builds.get(f, ())
    return float(w.of(f, "utilisation", t) * (w.existing(f, t) + (w.site(f, t) if built else 0.0)))


def write_outlets(w: World, lp: Program) -> None:
    """What is in excess is sold, at most the year's tonnes and what the region made and took up."""
    for ((i, r), row), t in product(w.outlets.items(), w.years):
        sold = {("sell", i, r, o, t): 1.0 for o in LOTS}
        for key in sold:
            lp.charge("outlet", key, -w.delta(t) * row["price_share"] * w.price(i, t))
        lp.limit(("outlet", i, r, t), sold, row["path"][t])
        own = dict.fromkeys(made_and_taken(w, i, r, t), -1.0)
        lp.limit(("sold_own", i, r, t), {**sold, **own}, 0.0)


def made_and_taken(w: World, i: str, r: str, t: int) -> list[Key]:
    """Everything the plants of a region make or take up of a material."""
    found: list[Key] = []
    for f, row in w.facilities.items():
        if row["region"] == r:
            if row["output"] == i and row["kind"] != "substitution":
                found += w.activity(f, t)
            if i in w.materials_of(f, "coproduct"):
                found += [("take", f, i, o, t) for o in LOTS]
    return found


# -- plants -----------------------------------------------------------------------------------------
def online(blocks: list[Block], f: str, t: int) -> dict[Key, float]:
    """New capacity of a facility that stands in a year."""
    return {b.key: 1.0 for b in blocks if b.facility == f and b.applies_to == "new" and b.runs(t)}


def write_requires(w: World, lp: Program, blocks: list[Block]) -> None:
    """A project stands only in the share in which the one it requires stands, or exists."""
    for f, row in w.facilities.items():
        for q in filter(None, (part.strip() for part in str(row["requires"]).split(","))):
            for t in w.years:
                if w.existing(q, t) > 0:
                    continue
                built = {key: 1 / w.site(f, t) for key in online(blocks, f, t)}
                needed = {key: -1 / w.site(q, t) for key in online(blocks, q, t)}
                lp.limit(("requires", f, q, t), {**built, **needed}, 0.0)


def kept_open(lp: Program, blocks: list[Block], f: str, t: int) -> dict[Key, float]:
    """Existing capacity that is open: retained or under a contract."""
    open_keys = [("retain", f, t)] if ("retain", f, t) in lp.columns else []
    open_keys += [b.key for b in blocks if b.facility == f and b.applies_to == "existing" and b.runs(t)]
    return dict.fromkeys(open_keys, 1.0)


def write_closing(w: World, lp: Program, blocks: list[Block]) -> None:
    """What is closed stays closed where it cannot reopen; what stands idle pays a share of its fixed cost."""
    for (f, row), t in product(w.facilities.items(), w.years):
        now = kept_open(lp, blocks, f, t)
        if row["reopens"] == "no" and t > w.first:
            terms: Terms = defaultdict(float, now)
            for key in kept_open(lp, blocks, f, t - 1):
                terms[key] -= 1.0
            lp.limit(("reopen", f, t), terms, max(0.0, w.existing(f, t) - w.existing(f, t - 1)))
        idle = (
            0.0
            if row["cost_basis"] != "cost"
            else w.delta(t) * row["idle_cost_share"] * w.of(f, "fixed_usd_per_tpa_year", t)
        )
        if idle > 0:
            lp.fixed_cost("fixed", idle * w.existing(f, t))
            for key in now:
                lp.charge("fixed", key, -idle)


def write_group_limits(w: World, lp: Program, blocks: list[Block]) -> None:
    """New capacity of a stage in a region: what the limit, or growth from the year before, leaves room for."""
    for row, t in product(w.tables["group_limits"], w.years):
        value = row["path"][t]
        if value == NONE:
            continue
        members = [f for f in w.facilities if in_group(w, row, f, t)]
        stands = {key: 1.0 for f in members for key in online(blocks, f, t)}
        exists = sum(w.existing(f, t) for f in members)
        if row["kind"] == "capacity":
            lp.limit(("group", row["limit"], t), stands, max(0.0, value - exists))
            continue
        terms: Terms = defaultdict(float, stands)
        for f in members:
            for key in online(blocks, f, t - 1):
                terms[key] -= 1 + value
        existed = sum(w.existing(f, t - 1) for f in members)
        lp.limit(("group", row["limit"], t), terms, max(0.0, (1 + value) * existed + row["start_tpa"] - exists))


def in_group(w: World, row: Record, f: str, t: int) -> bool:
    """True where a group limit counts a facility."""
    facility = w.facilities[f]
    fits = listed(row["materials"], facility["output"]) and listed(row["region"], facility["region"])
    return fits and listed(row["pathway"], w.pathway(f, t))
