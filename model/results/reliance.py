"""Net import reliance of the home region as the USGS defines it, for every mineral in all the forms that hold it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from model.data.lookup import PROVENANCES, Facility
from model.results.flows import TONNES, Row
from model.results.plan import Plan


@dataclass(frozen=True)
class HomeSupply:
    """Where the home region has a mineral from in a year, kt of the mineral.

    Attributes:
        mined: what comes out of home plants that nothing with the mineral goes into, coproducts included.
        recycled: scrap collected; new scrap, which comes out of plants as a coproduct, is not supply.
        imported, exported: shipped in and out, in any form.
        released: taken out of stocks, less what is put in.
    """

    mined: float = 0.0
    recycled: float = 0.0
    imported: float = 0.0
    exported: float = 0.0
    released: float = 0.0

    def __add__(self, other: HomeSupply) -> HomeSupply:
        return HomeSupply(
            self.mined + other.mined, self.recycled + other.recycled, self.imported + other.imported,
            self.exported + other.exported, self.released + other.released,
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
        return self.net_imports / self.consumption if self.consumption > LEAST_KT else None


LEAST_KT = 1e-7
"""A consumption below a tenth of a kilogram a year (in kt) is the solver's rounding."""


def find_supply(plan: Plan, m: str, years: Iterable[int]) -> HomeSupply:
    """Where the home region has a mineral from over some years."""
    lookup = plan.data.lookup
    content = {i: share for (i, mineral), share in lookup.content.items() if mineral == m}
    return sum((_of_year(plan, content, t) for t in years), HomeSupply())


def _of_year(plan: Plan, content: dict[str, float], t: int) -> HomeSupply:
    home = {
        str(record["region"]) for record in plan.data.lookup.tables["regions"] if record.at("standing", t) == "home"
    }
    stock, trade = plan.data.stockpile.STOCKS, plan.data.trade
    return HomeSupply(
        mined=sum(
            _output(plan, f, content, t) for f in plan.data.lookup.facilities.values()
            if f.place in home and not f.saves and not content.keys() & f.inputs.keys()
        ),
        recycled=sum(
            content[i] * plan.value("collect", i, r, year) for i, r, year in plan.data.recycling.COLLECTS
            if year == t and r in home and i in content
        ),
        imported=sum(
            content[route.material] * plan.value("ship", name, o, t)
            for name, route in trade.routes.items() for o in PROVENANCES
            if route.target in home and route.origin not in home and route.material in content
        ),
        exported=sum(
            content[route.material] * plan.value("ship", name, o, t)
            for name, route in trade.routes.items() for o in PROVENANCES
            if route.origin in home and route.target not in home and route.material in content
        ),
        released=sum(
            content[i] * (plan.value("stock_out", i, r, o, year) - plan.value("stock_in", i, r, o, year))
            for i, r, o, year in stock if year == t and r in home and i in content
        ),
    )  # fmt: skip


def _output(plan: Plan, f: Facility, content: dict[str, float], t: int) -> float:
    """What a facility makes and recovers of a mineral, kt of it."""
    main = content.get(f.output, 0.0) * plan.value("activity", f.name, t)
    return main + sum(
        content[j] * plan.value("take", f.name, j, o, t) for j in f.coproducts if j in content for o in PROVENANCES
    )


def import_reliance(plan: Plan) -> Iterator[Row]:
    """Net import reliance of every mineral and year."""
    for m in plan.data.lookup.minerals:
        for t in plan.data.years:
            found = find_supply(plan, m, [t])
            if found.reliance is not None:
                parts = (found.imported, found.exported, found.mined, found.recycled, found.released, found.consumption)
                yield m, t, *(TONNES * part for part in parts), found.reliance
