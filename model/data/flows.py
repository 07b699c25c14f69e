"""The network in numbers: what is made, shipped, delivered, collected and stored where. Solver units (kt, USD million).

Index letters: facility `f`, material `i` or `j`, region `r`, route `l`, demand row `d`, provenance `o`, year `t`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from model.data.book import PROVENANCES, Book, Facility, is_finite
from model.data.reach import Reach, Route, can_feed
from model.schema import ALL
from model.tables import Record

KILO = 1e-3
"""t -> kt, and USD per t -> USD million per kt."""

Key = tuple[Any, ...]
T = TypeVar("T")


class Adjacency(defaultdict[Key, list[T]], Generic[T]):
    """Key -> what is joined to it; a key that is not there is joined to nothing, and asking does not add it."""

    def __init__(self) -> None:
        super().__init__(list)

    def __getitem__(self, key: Key) -> list[T]:
        return self.get(key, [])

    def join(self, key: Key, item: T) -> None:
        """Add an item to a key."""
        super().__getitem__(key).append(item)


@dataclass
class Network:
    """Making, taking up, saving and downgrading, and where each shows in the balances.

    Attributes:
        MAKES: (f, o, t) with o the provenance of the feed.
        TAKES: (f, j, o, t) with o the provenance of the coproduct.
        SAVES: (f, d, t).
        DOWNGRADES: (i, r, t).
        BALANCES: (i, r, o, t).
        makers: (i, r, o, t) -> (f, provenance of the feed, share of its output that is o).
        takers: (i, r, o, t) -> f.
        yields: (f, j, o, t) -> (provenance of the feed, t of the coproduct with provenance o per t of activity).
        users: (i, r, o, t) -> (f, t of input per t of activity).
        feeds: (f, t) -> provenances it can be fed with.
        saved: (f, t) -> d.
    """

    MAKES: list[tuple[str, str, int]] = field(default_factory=list)
    TAKES: list[tuple[str, str, str, int]] = field(default_factory=list)
    SAVES: list[tuple[str, str, int]] = field(default_factory=list)
    DOWNGRADES: list[tuple[str, str, int]] = field(default_factory=list)
    BALANCES: list[tuple[str, str, str, int]] = field(default_factory=list)
    makers: Adjacency[tuple[str, str, float]] = field(default_factory=Adjacency)
    takers: Adjacency[str] = field(default_factory=Adjacency)
    yields: Adjacency[tuple[str, float]] = field(default_factory=Adjacency)
    users: Adjacency[tuple[str, float]] = field(default_factory=Adjacency)
    feeds: Adjacency[str] = field(default_factory=Adjacency)
    saved: Adjacency[str] = field(default_factory=Adjacency)


@dataclass
class Trade:
    """Shipping over routes, and what limits it.

    Attributes:
        routes: by name.
        SHIPS: (l, o, t).
        ROUTE_LIMITS: (l, t) of routes with a capacity; `capacity` in kt/yr.
        EXPORT_LIMITS: (x, t) of limits that name a route in use; `export_limit` in kt/yr, `export_routes` x -> l.
        ORIGINS: (i, r, t) where goods both arrive and leave, so that goods could be passed on.
        provenances: (l, t) -> o of what it ships.
        arriving, leaving: (i, r, o, t) -> l.
        freight, tariff: (l, t) -> USD million per kt.
    """

    routes: dict[str, Route]
    SHIPS: list[tuple[str, str, int]] = field(default_factory=list)
    ROUTE_LIMITS: list[tuple[str, int]] = field(default_factory=list)
    EXPORT_LIMITS: list[tuple[str, int]] = field(default_factory=list)
    ORIGINS: list[tuple[str, str, int]] = field(default_factory=list)
    capacity: dict[tuple[str, int], float] = field(default_factory=dict)
    export_limit: dict[tuple[str, int], float] = field(default_factory=dict)
    export_routes: dict[str, list[str]] = field(default_factory=dict)
    arriving: Adjacency[str] = field(default_factory=Adjacency)
    leaving: Adjacency[str] = field(default_factory=Adjacency)
    provenances: Adjacency[str] = field(default_factory=Adjacency)
    freight: dict[tuple[str, int], float] = field(default_factory=dict)
    tariff: dict[tuple[str, int], float] = field(default_factory=dict)


@dataclass(frozen=True)
class DemandRow:
    """A row of the demand sheet."""

    name: str
    segment: str
    material: str
    region: str


@dataclass
class Demand:
    """What is wanted.

    Attributes:
        rows: by name.
        DEMANDS: (d, t) with demand; `amount` in kt/yr, `shortage_cost` d -> USD million per kt.
        DELIVERIES: (d, o, t).
        delivered: (i, r, o, t) -> d.
        provenances: (d, t) -> o.
        savers: (d, t) -> f.
    """

    rows: dict[str, DemandRow]
    DEMANDS: list[tuple[str, int]] = field(default_factory=list)
    DELIVERIES: list[tuple[str, str, int]] = field(default_factory=list)
    amount: dict[tuple[str, int], float] = field(default_factory=dict)
    shortage_cost: dict[str, float] = field(default_factory=dict)
    delivered: Adjacency[str] = field(default_factory=Adjacency)
    provenances: Adjacency[str] = field(default_factory=Adjacency)
    savers: Adjacency[str] = field(default_factory=Adjacency)


@dataclass
class Recycling:
    """Scrap that can be collected.

    Attributes:
        COLLECTS: (i, r, t).
        collectable: (i, r, t) -> rate x arisings, kt/yr.
        returning: (i, r, t) -> (d, year of delivery, rate x scrap per t of product).
        cost: (i, r, t) -> USD million per kt.
    """

    COLLECTS: list[tuple[str, str, int]] = field(default_factory=list)
    collectable: dict[tuple[str, str, int], float] = field(default_factory=dict)
    returning: Adjacency[tuple[str, int, float]] = field(default_factory=Adjacency)
    cost: dict[tuple[str, str, int], float] = field(default_factory=dict)


@dataclass
class Stockpile:
    """Public stocks.

    Attributes:
        STOCKS: (i, r, o, t).
        SIZES, RELEASES, COVERS: (i, r, t) of stocks with a limit on size, on release, with a cover.
        FINALS: (i, r, t) of stocks with a level to leave at the end.
        opening: (i, r, o, t) -> what is left of the initial level, kt (first year only).
        carried: (i, r, o, t) -> (year before, share that is not lost).
        provenances: (i, r, t) -> o.
        size, release, final: (i, r) -> kt or kt/yr; cover (i, r, t) -> kt; cover_price (i, r) -> USD million per kt.
        COVER_BREACHES: the covers that may be missed at a price.
        FINAL_BREACHES: levels to leave that a shock may make impossible; `final_price` (i, r) -> USD million per kt.
        holding: (i, r) -> USD million per kt and year.
    """

    STOCKS: list[tuple[str, str, str, int]] = field(default_factory=list)
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
    holding: dict[tuple[str, str], float] = field(default_factory=dict)


def find_network(book: Book, reach: Reach, running: dict[str, list[int]], demand: Demand) -> Network:
    """Where facilities can run, on what, and what that gives."""
    net = Network()
    for f in book.facilities.values():
        for t in running[f.name]:
            if f.saves:
                _add_saving(f, t, demand, net)
            elif (f.output, f.place) in reach.useful:
                _add_making(f, t, reach, net)
    used = {(i, r, t) for i, r, o, t in net.users if o == "exposed"}
    net.DOWNGRADES = [
        (i, r, t) for i, r in sorted(reach.mixed) for t in book.years
        if (i, r, t) in used and (i, r, "clear") in reach.available
    ]  # fmt: skip
    return net


def _add_saving(f: Facility, t: int, demand: Demand, net: Network) -> None:
    for d, row in demand.rows.items():
        if (row.material, row.region) == (f.output, f.place) and (d, t) in demand.amount:
            net.SAVES.append((f.name, d, t))
            net.saved.join((f.name, t), d)
            demand.savers.join((d, t), f.name)


def _add_making(f: Facility, t: int, reach: Reach, net: Network) -> None:
    concern = f.concern(t)
    for feed in PROVENANCES:
        if not can_feed(f, feed, reach.available):
            continue
        net.MAKES.append((f.name, feed, t))
        net.feeds.join((f.name, t), feed)
        shares = {"clear": 1 - concern, "exposed": concern} if feed == "clear" else {"exposed": 1.0}
        for o, share in shares.items():
            if share > 0:
                net.makers.join((f.output, f.place, o, t), (f.name, feed, share))
                for j, b in f.coproducts.items():
                    net.yields.join((f.name, j, o, t), (feed, b * share))
        for i, a in f.inputs.items():
            net.users.join((i, f.place, feed, t), (f.name, a))
    for j in f.coproducts:
        for o in PROVENANCES:
            if net.yields[f.name, j, o, t] and (j, f.place) in reach.useful:
                net.TAKES.append((f.name, j, o, t))
                net.takers.join((j, f.place, o, t), f.name)


def find_balances(book: Book, net: Network, trade: Trade, demand: Demand, recycling: Recycling,
                  stockpile: Stockpile) -> list[tuple[str, str, str, int]]:  # fmt: skip
    """Every (i, r, o, t) that some flow touches, the rows of a mineral together."""
    touched = {key for group in (net.makers, net.takers, net.users, trade.arriving, trade.leaving, demand.delivered)
               for key in group}  # fmt: skip
    touched |= {(i, r, "clear", t) for i, r, t in recycling.COLLECTS}
    touched |= set(stockpile.STOCKS)
    touched |= {(i, r, o, t) for i, r, t in net.DOWNGRADES for o in PROVENANCES}
    order = {mineral: n for n, mineral in enumerate(book.minerals)}
    return sorted(touched, key=lambda key: (order[book.mineral_of[str(key[0])]], *map(str, key)))


def find_trade(book: Book, reach: Reach, routes: dict[str, Route]) -> Trade:
    """Ships where goods can be had at one end and are of use at the other."""
    count_tariffs = book.tables.setting("tariffs_count_as_cost") is True
    used = {
        name: route for name, route in routes.items()
        if (route.material, route.target) in reach.useful
    }  # fmt: skip
    trade = Trade(used)
    for name, route in used.items():
        record = route.record
        found = [o for o in PROVENANCES if (route.material, route.origin, o) in reach.available]
        for t in book.years if found else ():
            trade.freight[name, t] = KILO * record.number("freight_usd_per_t", t)
            duty = record.number("tariff", t) * book.price(route.material, t)
            trade.tariff[name, t] = KILO * duty if count_tariffs else 0.0
            if is_finite(record.number("capacity_tpa", t)):
                trade.ROUTE_LIMITS.append((name, t))
                trade.capacity[name, t] = KILO * record.number("capacity_tpa", t)
            for o in found:
                trade.SHIPS.append((name, o, t))
                trade.provenances.join((name, t), o)
                trade.leaving.join((route.material, route.origin, o, t), name)
                trade.arriving.join((route.material, route.target, o, t), name)
    _add_export_limits(book, trade)
    _add_origins(book, trade)
    return trade


def _add_export_limits(book: Book, trade: Trade) -> None:
    for record in book.tables["export_limits"]:
        limit = record.text("limit")
        wanted = [record.text(column) for column in ("from_region", "to_region", "material")]
        routes = [
            name for name, route in trade.routes.items()
            if all(w in (ALL, has) for w, has in zip(wanted, (route.origin, route.target, route.material), strict=True))
            and trade.provenances[name, book.years[0]]
        ]  # fmt: skip
        for t in book.years if routes else ():
            if is_finite(record.years[t]):
                trade.EXPORT_LIMITS.append((limit, t))
                trade.export_limit[limit, t] = KILO * record.years[t]
                trade.export_routes[limit] = routes


def _add_origins(book: Book, trade: Trade) -> None:
    ports = {record.text("region") for record in book.tables["regions"] if record["transit"] is True}
    arrives = {(key[0], key[1], key[3]) for key in trade.arriving}
    leaves = {(str(key[0]), str(key[1]), int(key[3])) for key in trade.leaving}
    trade.ORIGINS = sorted(key for key in leaves & arrives if key[1] not in ports)


def find_demand(book: Book, reach: Reach) -> Demand:
    """Demand rows, and the provenances they can be served in."""
    demand = Demand({
        record.label: DemandRow(record.label, record.text("segment"), record.text("material"), record.text("region"))
        for record in book.tables["demand"]
    })  # fmt: skip
    for record in book.tables["demand"]:
        d, row = record.label, demand.rows[record.label]
        demand.shortage_cost[d] = KILO * book.shortage_cost[row.material]
        for t in book.years:
            if record.years[t] <= 0:
                continue
            demand.DEMANDS.append((d, t))
            demand.amount[d, t] = KILO * record.years[t]
            for o in PROVENANCES:
                if (row.material, row.region, o) in reach.available:
                    demand.DELIVERIES.append((d, o, t))
                    demand.provenances.join((d, t), o)
                    demand.delivered.join((row.material, row.region, o, t), d)
    return demand


def find_recycling(book: Book, reach: Reach, demand: Demand) -> Recycling:
    """Scrap of use: what arises by itself, and what comes back from deliveries of earlier years."""
    paths: dict[tuple[str, str], dict[str, Record]] = {}
    for record in book.tables["scrap"]:
        paths.setdefault((record.text("material"), record.text("region")), {})[record.text("quantity")] = record
    returns: Adjacency[tuple[str, int, float]] = Adjacency()
    for record in book.tables["returns"]:
        for d, row in demand.rows.items():
            if row.material == record["product"]:
                back = (d, int(record.number("lifetime_years")), record.number("t_per_t"))
                returns.join((record.text("scrap"), row.region), back)
                paths.setdefault((record.text("scrap"), row.region), {})
    recycling = Recycling()
    for (i, r), path in sorted(paths.items()):
        for t in book.years if (i, r) in reach.useful else ():
            rate = path["collection_rate"].years[t] if "collection_rate" in path else 1.0
            arisings = path["arisings"].years[t] if "arisings" in path else 0.0
            cost = path["collection_usd_per_t"].years[t] if "collection_usd_per_t" in path else 0.0
            due = [
                (d, t - lifetime, rate * t_per_t) for d, lifetime, t_per_t in returns[i, r]
                if demand.provenances[d, t - lifetime] and rate * t_per_t > 0
            ]  # fmt: skip
            if rate * arisings > 0 or due:
                recycling.COLLECTS.append((i, r, t))
                recycling.collectable[i, r, t] = KILO * rate * arisings
                recycling.cost[i, r, t] = KILO * cost
                for item in due:
                    recycling.returning.join((i, r, t), item)
    return recycling


def find_stockpile(book: Book, reach: Reach, demand: Demand) -> Stockpile:
    """Stocks, their limits and duties."""
    stockpile = Stockpile()
    for record in book.tables["stockpiles"]:
        i, r = record.key
        limits = {"max_t": stockpile.size, "max_release_tpa": stockpile.release}
        # A stock nobody can fill still has its duties: then the plan has no solution, and is told so.
        found = [o for o in PROVENANCES if (i, r, o) in reach.available] or ["clear"]
        for column, limit in limits.items():
            limit[i, r] = KILO * record.number(column)
        stockpile.final[i, r] = KILO * record.number("final_t")
        stockpile.cover_price[i, r] = KILO * record.number("cover_breach_usd_per_t")
        stockpile.holding[i, r] = KILO * record.number("holding_usd_per_t")
        for t in book.years:
            _add_stock_year(record, (i, r, t), found, book.years[0], stockpile)
            wanted = sum(demand.amount.get((d, t), 0.0) for d, row in demand.rows.items()
                         if (row.material, row.region) == (i, r))  # fmt: skip
            _add_cover(record, (i, r, t), wanted, stockpile)
        if stockpile.final[i, r] > 0:
            stockpile.FINALS.append((i, r, book.years[-1]))
    return stockpile


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
