"""What the oracle reads from a plan beside its decisions: net import reliance, and rents of foreign sellers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import product

from tests.independent.data import LOTS, Key, World


def forms(w: World, m: str) -> dict[str, float]:
    """Materials that count as a form of a mineral, with its content: its own, and what is made of these."""
    counted = {i for i, row in w.materials.items() if row["mineral"] == m}
    while True:
        made = {
            j
            for f, row in w.facilities.items()
            if counted & w.materials_of(f, "input").keys()
            for j in (row["output"], *w.materials_of(f, "coproduct"))
            if w.content.get((j, m), 0.0) > 0
        }
        if made <= counted:
            return {i: w.content[i, m] for i in counted}
        counted |= made


def import_reliance(w: World, flows: Mapping[Key, float]) -> dict[Key, dict[str, float]]:
    """Parts of the apparent consumption of a mineral in a year, t of the mineral, as the USGS adds them up."""
    parts: dict[Key, dict[str, float]] = {}
    for m, t in product(w.minerals, w.years):
        home = {r for r, row in w.regions.items() if w.at(row, "standing", t) == "home"}
        content = forms(w, m)
        found: dict[str, float] = defaultdict(float)
        for (origin, target, i), o in product(w.routes, LOTS):
            tonnes = content.get(i, 0.0) * flows["ship", (origin, target, i), o, t]
            found["imported"] += tonnes * (target in home and origin not in home)
            found["exported"] += tonnes * (origin in home and target not in home)
        for i, r, o in product(content, home, LOTS):
            found["exported"] += content[i] * flows.get(("sell", i, r, o, t), 0.0)
        for i, r in w.scrap_places():
            found["recycled"] += content.get(i, 0.0) * flows["collect", i, r, t] * (r in home)
        for (i, r), o in product(w.stockpiles, LOTS):
            net = flows["stock_out", i, r, o, t] - flows["stock_in", i, r, o, t]
            found["released"] += content.get(i, 0.0) * net * (r in home)
        for f, row in w.facilities.items():
            fed = any(content.get(i, 0.0) > 0 for i in w.materials_of(f, "input"))
            if row["region"] in home and row["kind"] != "substitution" and not fed:
                made = sum(flows[key] for key in w.activity(f, t))
                found["mined"] += content.get(row["output"], 0.0) * made
                for j, o in product(w.materials_of(f, "coproduct"), LOTS):
                    found["mined"] += content.get(j, 0.0) * flows["take", f, j, o, t]
        consumption = found["mined"] + found["recycled"] + found["imported"] - found["exported"] + found["released"]
        if abs(consumption) > 1e-6:
            parts[m, t] = dict(found)
    return parts


def rents(w: World, flows: Mapping[Key, float]) -> dict[Key, float]:
    """What home pays to foreign plants that sell at the price beyond their costs, USD million by region and mineral."""
    found: dict[Key, float] = defaultdict(float)
    for (f, row), t in product(w.facilities.items(), w.years):
        if row["cost_basis"] != "spread" or w.at(w.regions[row["region"]], "standing", t) == "home":
            continue
        made = sum(flows[key] for key in w.activity(f, t))
        feed = sum(a * w.price(i, t) for i, a in w.materials_of(f, "input").items())
        variable = w.of(f, "variable_usd_per_t", t)
        charged = max(variable, (1 + w.of(f, "premium", t)) * w.price(row["output"], t) - feed)
        usd = (charged - variable) * made
        for j, o in product(w.materials_of(f, "coproduct"), LOTS):
            usd += w.price(j, t) * flows["take", f, j, o, t]
        usd -= w.of(f, "fixed_usd_per_tpa_year", t) * flows.get(("retain", f, t), 0.0)
        found[row["region"], w.materials[row["output"]]["mineral"], t] += usd / 1e6
    return found
