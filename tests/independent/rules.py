"""The oracle's later rules: contracts in force, trade that changes slowly, outlets, sites, closing, groups.

Each function writes the rows of one rule, over all members, as `program.py` does for the rest of the program.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import product

from tests.independent.contracts import Block, may_retain, output_share, payment
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
        growth = w.at(row, "growth", t)
        if growth < NONE:
            terms = {**now, **dict.fromkeys(before, -(1 + growth))}
            lp.limit(("growth", route, t), terms, (1 + growth) * flow + row["start_tpa"])
        kept = 1 - w.at(row, "decay", t) if w.at(row, "decay", t) < NONE else 0.0
        usd = w.at(row, "switching_usd_per_t", t)
        if kept > 0 and usd < NONE:
            kept *= share_that_may_stay(w, route, t)
            drop = ("drop", route, t)
            lp.declare(*drop)
            lp.charge("switching", drop, w.delta(t) * usd)
            fallen = {**dict.fromkeys(now, -1.0), **dict.fromkeys(before, kept), drop: -1.0}
            lp.limit(("decay", route, t), fallen, -kept * flow)


def share_that_may_stay(w: World, route: Key, t: int) -> float:
    """How far a ban or a limit frees the fall of a route: what they allow over what they allowed the year before."""
    now, before = may_be_shipped(w, route, t), may_be_shipped(w, route, max(t - 1, w.first))
    return min(1.0, now / before) if 0 < before < NONE else float(now > 0)


def may_be_shipped(w: World, route: Key, t: int) -> float:
    """The most that the route and every export limit on it allow in a year."""
    columns = ("from_region", "to_region", "material")
    limits = [
        row["path"][t]
        for row in w.tables["export_limits"]
        if all(listed(row[column], x) for column, x in zip(columns, route, strict=True))
    ]
    return float(min([w.at(w.routes[route], "capacity_tpa", t), *limits]))


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
        idle = w.delta(t) * row["idle_cost_share"] * w.of(f, "fixed_usd_per_tpa_year", t)
        if idle > 0:
            lp.fixed_cost("fixed", idle * w.existing(f, t))
            for key in now:
                lp.charge("fixed", key, -idle)


def write_group_limits(w: World, lp: Program, blocks: list[Block]) -> None:
    """Capacity of a stage in a region, or how fast it grows."""
    for row, t in product(w.tables["group_limits"], w.years):
        value = row["path"][t]
        if value == NONE:
            continue
        stands, exists = group(w, blocks, row, t)
        if row["kind"] == "capacity":
            lp.limit(("group", row["limit"], t), stands, value - exists)
        else:
            stood, existed = group(w, blocks, row, t - 1)
            terms: Terms = defaultdict(float, stands)
            for key in stood:
                terms[key] -= 1 + value
            room = (1 + value) * existed + row["start_tpa"] - exists
            lp.limit(("group", row["limit"], t), terms, room)


def group(w: World, blocks: list[Block], row: Record, t: int) -> tuple[dict[Key, float], float]:
    """New and existing capacity of a group in a year."""
    stands: dict[Key, float] = {}
    exists = 0.0
    for f, facility in w.facilities.items():
        fits = listed(row["materials"], facility["output"]) and listed(row["region"], facility["region"])
        if fits and listed(row["pathway"], w.pathway(f, max(t, w.first))):
            stands |= online(blocks, f, t)
            exists += w.existing(f, t)
    return stands, exists
