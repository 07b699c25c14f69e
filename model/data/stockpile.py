"""Public stocks, their limits and obligations. Solver units (kt, USD million).

Index letters: material `i`, region `r`, provenance `o`, year `t`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from model.data.adjacency import KILO, Adjacency
from model.data.demand import Demand
from model.data.lookup import PROVENANCES, Lookup, is_finite
from model.data.reach import Reach
from model.data.trade import Trade
from model.workbook.tables import Record


@dataclass
class Stockpile:
    """Public stocks.

    Attributes:
        STOCKS: (i, r, o, t).
        SIZES, RELEASES, COVERS: (i, r, t) of stocks with a limit on size, on release, with a cover.
        FINALS: (i, r, t) of stocks with a level to leave at the end.
        CARRIED: (i, r, o, t) of stocks where goods both arrive and leave, so that a stock could pass them on in a year.
        opening: (i, r, o, t) -> what is left of the initial level, kt (first year only).
        carried: (i, r, o, t) -> (year before, share that is not lost).
        provenances: (i, r, t) -> o.
        size, release, final: (i, r) -> kt or kt/yr; cover (i, r, t) -> kt; cover_price (i, r) -> USD million per kt.
        COVER_BREACHES: the covers that may be missed at a price.
        FINAL_BREACHES: levels to leave that a shock may make impossible; `final_price` (i, r) -> USD million per kt.
        restocked: (i, r) -> USD million per kt at which a level that is not stated could be bought back after the plan.
        salvage: (i, r) -> USD million per kt that is left at the end of last_year.
        holding: (i, r) -> USD million per kt and year.
    """

    STOCKS: list[tuple[str, str, str, int]] = field(default_factory=list)
    CARRIED: list[tuple[str, str, str, int]] = field(default_factory=list)
    SIZES: list[tuple[str, str, int]] = field(default_factory=list)
    RELEASES: list[tuple[str, str, int]] = field(default_factory=list)
    COVERS: list[tuple[str, str, int]] = field(default_factory=list)
    FINALS: list[tuple[str, str, int]] = field(default_factory=list)
    COVER_BREACHES: list[tuple[str, str, int]] = field(default_factory=list)
    FINAL_BREACHES: list[tuple[str, str, int]] = field(default_factory=list)
    opening: dict[tuple[str, str, str, int], float] = field(default_factory=dict)
    carried: Adjacency[tuple[int, float]] = field(default_factory=Adjacency)
    provenances: Adjacency[str] = field(default_factory=Adjacency)
    size: dict[tuple[str, str], float] = field(default_factory=dict)
    release: dict[tuple[str, str], float] = field(default_factory=dict)
    final: dict[tuple[str, str], float] = field(default_factory=dict)
    cover: dict[tuple[str, str, int], float] = field(default_factory=dict)
    cover_price: dict[tuple[str, str], float] = field(default_factory=dict)
    final_price: dict[tuple[str, str], float] = field(default_factory=dict)
    restocked: dict[tuple[str, str], float] = field(default_factory=dict)
    salvage: dict[tuple[str, str], float] = field(default_factory=dict)
    holding: dict[tuple[str, str], float] = field(default_factory=dict)


def find_stockpile(lookup: Lookup, reach: Reach, demand: Demand, trade: Trade) -> Stockpile:
    """Stocks, their limits and obligations."""
    stockpile = Stockpile()
    wanted: defaultdict[tuple[str, str, int], float] = defaultdict(float)
    for (d, t), amount in demand.amount.items():
        wanted[demand.rows[d].material, demand.rows[d].region, t] += amount
    for record in lookup.tables["stockpiles"]:
        i, r = record.key
        # A stock nobody can fill still has its obligations: then the plan has no solution, and the conflict says so.
        found = [o for o in PROVENANCES if (i, r, o) in reach.available] or ["clear"]
        stockpile.size[i, r] = KILO * record.number("max_t")
        stockpile.release[i, r] = KILO * record.number("max_release_tpa")
        stockpile.final[i, r] = KILO * final_level(record, len(lookup.years))
        if record["final_t"] is None:
            stockpile.restocked[i, r] = _cost_of_restocking(lookup, trade, i, r)
        if record.number("salvage_share") > 0:
            stockpile.salvage[i, r] = KILO * record.number("salvage_share") * lookup.price(i, lookup.years[-1])
        stockpile.cover_price[i, r] = KILO * record.number("cover_breach_usd_per_t")
        stockpile.holding[i, r] = KILO * record.number("holding_usd_per_t")
        for t in lookup.years:
            _add_stock_year(record, (i, r, t), found, lookup.years[0], stockpile)
            _add_cover(record, (i, r, t), wanted[i, r, t], stockpile)
        if stockpile.final[i, r] > 0:
            stockpile.FINALS.append((i, r, lookup.years[-1]))
    passing = set(trade.ORIGINS)
    stockpile.CARRIED = [key for key in stockpile.STOCKS if (key[0], key[1], key[3]) in passing]
    return stockpile


def _cost_of_restocking(lookup: Lookup, trade: Trade, i: str, r: str) -> float:
    """What a material costs in a region after the plan: its price, with the highest freight and duty of a route."""
    last = lookup.years[-1]
    price = KILO * (lookup.price(i, last) or lookup.shortage_cost[i])
    on_the_way = (
        trade.freight[name, last] + trade.tariff[name, last]
        for o in PROVENANCES
        for name in trade.arriving[i, r, o, last]
    )
    return price + max(on_the_way, default=0.0)


def final_level(stock: Record, years: int) -> float:
    """Return the level to leave after a plan of some years, t.

    Where none is stated it is what would be left of an untouched stock, so that no plan sells it in its last year; 0
    where what is left is worth something.
    """
    if stock["final_t"] is not None:
        return stock.number("final_t")
    untouched = stock.number("initial_t") * (1 - stock.number("loss")) ** years
    return 0.0 if stock.number("salvage_share") > 0 else min(untouched, stock.number("max_t"))


def _add_stock_year(
    record: Record, key: tuple[str, str, int], found: list[str], first: int, stockpile: Stockpile
) -> None:
    i, r, t = key
    kept = 1 - record.number("loss")
    share = record.number("initial_concern_share")
    initial = {"clear": 1 - share, "exposed": share}
    for o in found:
        stockpile.STOCKS.append((i, r, o, t))
        stockpile.provenances.join((i, r, t), o)
        if t == first:
            stockpile.opening[i, r, o, t] = KILO * kept * initial[o] * record.number("initial_t")
        else:
            stockpile.carried.join((i, r, o, t), (t - 1, kept))
    if is_finite(stockpile.size[i, r]):
        stockpile.SIZES.append((i, r, t))
    if is_finite(stockpile.release[i, r]):
        stockpile.RELEASES.append((i, r, t))


def _add_cover(record: Record, key: tuple[str, str, int], wanted: float, stockpile: Stockpile) -> None:
    days = record.number("min_cover_days")
    if days * wanted > 0:
        stockpile.COVERS.append(key)
        stockpile.cover[key] = days / 365 * wanted
        if is_finite(stockpile.cover_price[key[:2]]):
            stockpile.COVER_BREACHES.append(key)
