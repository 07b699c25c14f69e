"""The oracle's caps on exposure and targets for the mix: shares of demand, and of what stages make for demand."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

from tests.independent.data import LOTS, NONE, Key, Terms, World, listed
from tests.independent.linear import Program


def soft_limit(w: World, lp: Program, name: Key, terms: Terms, upper: float, breach_price: float) -> None:
    """``terms <= upper + breach``, the breach paid at its price; hard where there is none."""
    if upper == NONE:
        return
    breach = ("breach", *name)
    if breach_price < NONE:
        lp.declare(*breach)
        terms = {**terms, breach: -1.0}
        lp.charge("breach", breach, w.delta(name[-1]) * breach_price)
    lp.limit(name, terms, upper)


def stage_output(w: World, m: str, stage: str, t: int) -> list[tuple[str, Key, float]]:
    """Output of a stage: facility, variable, t of the mineral per unit of it."""
    found = []
    for f, row in w.facilities.items():
        goods = [(key, row["output"]) for key in w.activity(f, t)]
        coproducts = product(w.materials_of(f, "coproduct"), LOTS)
        goods += [(("take", f, j, o, t), j) for j, o in coproducts]
        for key, i in goods:
            if w.materials[i]["stage"] == stage and w.content.get((i, m), 0) > 0:
                found.append((f, key, w.content[i, m]))
    return found


def outlets_take(w: World, lp: Program, m: str, stage: str, t: int) -> dict[str, Terms]:
    """What the outlets of each region buy that passed a stage: there, or later beyond what never passed it."""
    taken: dict[str, Terms] = {}
    order = {row["stage"]: row["order"] for row in w.tables["stages"] if row.get("order", NONE) != NONE}
    later = {g for g in order if stage in order and order[g] > order[stage]}
    for r in {r for _, r in w.outlets if w.setting("sales_count_in_stages") == "no"}:
        here: Terms = defaultdict(float)
        after: Terms = defaultdict(float)
        for (i, place), o in product(w.outlets, LOTS):
            content = w.content.get((i, m), 0.0)
            if place == r and content > 0:
                where = {stage: here}.get(w.materials[i]["stage"], after if w.materials[i]["stage"] in later else None)
                if where is not None:
                    where["sell", i, r, o, t] += content
        beside: Terms = defaultdict(float)
        for g in later:
            for f, key, content in stage_output(w, m, g, t):
                row = w.facilities[f]
                if row["region"] == r and row["kind"] != "substitution" and not draws_on(w, f, m, stage):
                    beside[key] += content
        if after:
            here[at_least(lp, ("sold_later", m, stage, r, t), after, beside)] += 1.0
        if here:
            taken[r] = here
    return taken


def at_least(lp: Program, name: Key, sold: Terms, others: Terms) -> Key:
    """A variable that is at least what is sold beyond what others make."""
    if name not in lp.columns:
        lp.declare(*name)
        terms = defaultdict(float, sold)
        for key, content in others.items():
            terms[key] -= content
        lp.limit(("floor", *name), {**terms, name: -1.0}, 0.0)
    return name


def draws_on(w: World, f: str, m: str, stage: str) -> bool:
    """Whether some material that holds the mineral and is of the stage is among what a facility is made from."""
    seen: set[str] = set()
    ahead = [f]
    while ahead:
        for i in w.materials_of(ahead.pop(), "input"):
            if i in seen or w.content.get((i, m), 0.0) <= 0:
                continue
            seen.add(i)
            if w.materials[i]["stage"] == stage:
                return True
            ahead += [g for g, row in w.facilities.items() if i == row["output"] or i in w.materials_of(g, "coproduct")]
    return False


def write_exposure_caps(w: World, lp: Program) -> None:
    """Chain caps on deliveries against demand, stage caps on output that outlets leave."""
    for row, m, t in product(w.tables["exposure_caps"], w.minerals, w.years):
        kappa = row["path"][t]
        if not listed(row["mineral"], m) or kappa == NONE:
            continue
        terms: Terms = defaultdict(float)
        bound = 0.0
        if row["scope"] == "chain":
            for d, path in w.demand.items():
                if listed(row["segment"], d[0]):
                    content = w.content.get((d[1], m), 0.0)
                    terms["deliver", d, "exposed", t] += content
                    bound += kappa * content * path[t]
        else:
            for f, key, content in stage_output(w, m, row["scope"], t):
                terms[key] += (w.concern(f, t) - kappa) * content
            for sold in outlets_take(w, lp, m, row["scope"], t).values():
                for key, content in sold.items():
                    terms[key] += kappa * content
        name = ("cap", row["mineral"], row["scope"], row["segment"], m, t)
        soft_limit(w, lp, name, terms, bound, row["breach_usd_per_t"])


def write_mix_targets(w: World, lp: Program) -> None:
    """Least or most share of a stage's output by pathway and region."""
    for row, t in product(w.tables["mix_targets"], w.years):
        phi = row["path"][t]
        if phi == NONE:
            continue
        sign = -1.0 if row["sense"] == "min" else 1.0
        terms: Terms = defaultdict(float)
        taken = outlets_take(w, lp, row["mineral"], row["stage"], t)
        uncounted: dict[str, Terms] = {r: defaultdict(float) for r in taken}
        places = set()
        for f, key, content in stage_output(w, row["mineral"], row["stage"], t):
            region = w.facilities[f]["region"]
            counts = listed(row["pathway"], w.pathway(f, t)) and listed(row["region"], region)
            terms[key] += sign * (counts - phi) * content
            if counts:
                places.add(region)
            elif region in taken:
                uncounted[region][key] += content
        for r, sold in taken.items():
            for key, content in sold.items():
                terms[key] += sign * phi * content
            if row["sense"] == "min" and r in places:
                mine = ("sold_of_counted", row["target"], r, t)
                terms[at_least(lp, mine, sold, uncounted[r])] += 1.0
        soft_limit(w, lp, ("mix", row["target"], t), terms, 0.0, row["breach_usd_per_t"])
