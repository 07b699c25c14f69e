"""Net import reliance of the home region as the USGS defines it, for every mineral in all its forms.

Forms of a mineral are its own materials and what is made of them, for example dysprosium in magnets. What another ore
holds of it, as zinc ore does of gallium, counts once it is recovered: before that it is not supply of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from model.data.facility import Facility
from model.data.lookup import PROVENANCES, Lookup
from model.data.reach import Route
from model.results.columns import TONNES, Row
from model.results.plan import Plan

LEAST_KT = 1e-7
"""A consumption below 0.1 kg a year (in kt) is the solver's rounding, of a mineral that moves in tonnes."""


@dataclass(frozen=True)
class HomeSupply:
    """The sources of a mineral in the home region in a year, kt of the mineral.

    Attributes:
        mined: what comes out of home plants that use no form of the mineral, coproducts included.
        recycled: old scrap: what is collected, and what recyclers recover of the mineral from scrap of another. New
            scrap is not supply: neither what comes out of plants as a coproduct, nor what the sheet scrap says is new.
        imported, exported: shipped in and out, in any form; what home outlets buy is exported.
        released: taken out of stocks, less what is put in.
        least: a consumption below this is the solver's rounding, kt.
    """

    mined: float = 0.0
    recycled: float = 0.0
    imported: float = 0.0
    exported: float = 0.0
    released: float = 0.0
    least: float = LEAST_KT

    def __add__(self, other: HomeSupply) -> HomeSupply:
        return HomeSupply(
            self.mined + other.mined, self.recycled + other.recycled, self.imported + other.imported,
            self.exported + other.exported, self.released + other.released, min(self.least, other.least),
        )  # fmt: skip

    @property
    def net_imports(self) -> float:
        """Imports less exports, and what stocks release."""
        return self.imported - self.exported + self.released

    @property
    def consumption(self) -> float:
        """Apparent consumption."""
        return self.mined + self.recycled + self.net_imports

    @property
    def reliance(self) -> float | None:
        """Net imports over apparent consumption, below 0 for a net exporter; None where nothing is consumed."""
        return self.net_imports / self.consumption if self.consumption > self.least else None


def find_supply(plan: Plan, m: str, years: Iterable[int], forms: Collection[str] = ()) -> HomeSupply:
    """Return the sources of a mineral in the home region over some years.

    Args:
        plan: the plan.
        m: the mineral.
        years: the years.
        forms: the materials that count; without any, all forms of the mineral. What is made at home of other materials
            is then counted as mined.
    """
    held = {i: plan.data.lookup.content[i, m] for i in forms or find_forms(plan.data.lookup, m)}
    return sum(_by_year(plan, m, held, years).values(), HomeSupply())


def supply_by_year(plan: Plan, m: str) -> dict[int, HomeSupply]:
    """Return the sources of a mineral in the home region in each year, in any form."""
    held = {i: plan.data.lookup.content[i, m] for i in find_forms(plan.data.lookup, m)}
    return _by_year(plan, m, held, plan.data.years)


def _by_year(plan: Plan, m: str, held: dict[str, float], years: Iterable[int]) -> dict[int, HomeSupply]:
    sources = [
        f
        for f in plan.data.lookup.facilities.values()
        if not f.saves and not held.keys() & f.inputs.keys() and held.keys() & {f.output, *f.coproducts}
    ]
    routes = [route for route in plan.data.trade.routes.values() if route.material in held]
    least = LEAST_KT * plan.data.units.get(m, 1.0)
    return {t: replace(_of_year(plan, held, sources, routes, t), least=least) for t in years}


def find_forms(lookup: Lookup, m: str) -> list[str]:
    """Return the materials of a mineral, and those that hold some of it and are made of these."""
    found = [i for i, mineral in lookup.mineral_of.items() if mineral == m and (i, m) in lookup.content]
    size = 0
    while size < len(found):
        size, used = len(found), set(found)
        made = (j for f in lookup.facilities.values() if f.inputs.keys() & used for j in (f.output, *f.coproducts))
        found = list(dict.fromkeys([*found, *(j for j in made if (j, m) in lookup.content)]))
    return found


def _of_year(
    plan: Plan, content: dict[str, float], sources: Iterable[Facility], routes: Collection[Route], t: int
) -> HomeSupply:
    home = {r.text("region") for r in plan.data.lookup.tables["regions"] if r.at("standing", t) == "home"}
    old = _old_shares(plan, t)
    first = [f for f in sources if f.place in home]
    places = [(i, r, o) for i in content for r in home for o in PROVENANCES]
    return HomeSupply(
        mined=sum(_output(plan, f, content, t) for f in first if not f.recycles),
        recycled=sum(old.get((i, r), 1.0) * content[i] * plan.value("collect", i, r, t) for i in content for r in home)
        + sum(_old_input(f, old) * _output(plan, f, content, t) for f in first if f.recycles),
        imported=_shipped(plan, content, t, (x for x in routes if x.target in home and x.origin not in home)),
        exported=_shipped(plan, content, t, (x for x in routes if x.origin in home and x.target not in home))
        + sum(content[i] * plan.value("sell", i, r, o, t) for i, r, o in places),
        released=sum(
            content[i] * (plan.value("stock_out", i, r, o, t) - plan.value("stock_in", i, r, o, t))
            for i, r, o in places
        ),
    )


def _old_shares(plan: Plan, t: int) -> dict[tuple[str, str], float]:
    """Return the share of scrap by material and region that is old scrap, where the workbook says how much is new."""
    rows = (row for row in plan.data.lookup.tables["scrap"] if row["quantity"] == "new_share")
    return {(row.text("material"), row.text("region")): 1 - row.years[t] for row in rows}


def _old_input(f: Facility, old: Mapping[tuple[str, str], float]) -> float:
    """The share of what a recycler uses that is old scrap of its region; of other inputs nothing is known to be new."""
    used = sum(f.inputs.values())
    return sum(amount * old.get((i, f.place), 1.0) for i, amount in f.inputs.items()) / used if used else 1.0


def _shipped(plan: Plan, content: dict[str, float], t: int, routes: Iterable[Route]) -> float:
    """Return what routes ship of a mineral, kt of it."""
    return sum(content[route.material] * plan.value("ship", route.name, o, t) for route in routes for o in PROVENANCES)


def _output(plan: Plan, f: Facility, content: dict[str, float], t: int) -> float:
    """Return what a facility makes and recovers of a mineral, kt of it."""
    main = content.get(f.output, 0.0) * plan.value("activity", f.name, t)
    return main + sum(
        content[j] * plan.value("take", f.name, j, o, t) for j in f.coproducts if j in content for o in PROVENANCES
    )


def import_reliance(plan: Plan) -> Iterator[Row]:
    """Net import reliance of every mineral and year."""
    for m in plan.data.lookup.minerals:
        for t, found in supply_by_year(plan, m).items():
            if found.reliance is not None:
                parts = (found.imported, found.exported, found.mined, found.recycled, found.released, found.consumption)
                yield m, t, *(TONNES * part for part in parts), found.reliance
