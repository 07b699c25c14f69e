"""The tables read as functions of facility, material and year, in the planner's units (t, USD).

Beyond `last_year` paths, prices and standing are as in `last_year`; online and retire years go on.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from model.data.facility import Facility
from model.workbook.schema import NO_LIMIT
from model.workbook.tables import Record, Tables

PROVENANCES = ("clear", "exposed")


@dataclass(frozen=True)
class Economics:
    """What a facility spends and earns in a year.

    Attributes:
        utilisation: output over nameplate.
        price: reference price of its output, USD/t.
        premium: what its output earns above that, as a share.
        net_cost: variable cost and inputs, net of credits and of what lenders count on from coproducts, USD/t.
        fixed: cost of open nameplate, USD per t/yr and year.
        margin: what a t/yr of open nameplate leaves the owners before fixed cost, USD per t/yr.
    """

    utilisation: float
    price: float
    premium: float
    net_cost: float
    fixed: float
    margin: float


@dataclass(frozen=True)
class Lookup:
    """Look up the tables of one scenario."""

    tables: Tables

    @cached_property
    def years(self) -> range:
        """The years of the plan."""
        return self.tables.horizon

    def discount(self, t: int) -> float:
        """Present value, in first_year, of a dollar in `t`."""
        if t not in self._discounts:
            self._discounts[t] = float((1 + self.tables.number("social_discount_rate")) ** -(t - self.years[0]))
        return self._discounts[t]

    @cached_property
    def _discounts(self) -> dict[int, float]:
        return {}

    @cached_property
    def facilities(self) -> dict[str, Facility]:
        """Facilities by name in the order of their names, those of a mineral together."""
        regions = {record.text("region"): record for record in self.tables["regions"]}
        inputs: dict[str, dict[str, float]] = defaultdict(dict)
        coproducts: dict[str, dict[str, float]] = defaultdict(dict)
        for recipe in self.tables["recipes"]:
            side = inputs if recipe["role"] == "input" else coproducts
            side[recipe.text("facility")][recipe.text("material")] = recipe.number("t_per_t")
        found = {}
        for record in sorted(self.tables["facilities"], key=lambda f: self.block_of[f.text("output")]):
            name, output = record.text("facility"), record.text("output")
            found[name] = Facility(
                record, regions[record.text("region")], self.mineral_of[output], self.stage_of[output],
                inputs.get(name, {}), coproducts.get(name, {}),
            )  # fmt: skip
        return found

    @cached_property
    def block_of(self) -> dict[str, int]:
        """Material -> number of its mineral: sets of the program keep what belongs to a mineral together."""
        number = {name: n for n, name in enumerate(self.minerals)}
        return {material: number[mineral] for material, mineral in self.mineral_of.items()}

    @cached_property
    def _regions(self) -> dict[str, Record]:
        return {record.text("region"): record for record in self.tables["regions"]}

    def standing(self, r: str, t: int) -> str:
        """Return how the home region stands with a region in a year."""
        return str(self._regions[r].at("standing", t))

    @cached_property
    def minerals(self) -> tuple[str, ...]:
        """Names of the minerals."""
        return tuple(record.text("mineral") for record in self.tables["minerals"])

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """Names of the stages, in chain order, those without an order last."""
        records = sorted(self.tables["stages"], key=lambda s: NO_LIMIT if s["order"] is None else s.number("order"))
        return tuple(record.text("stage") for record in records)

    @cached_property
    def _order(self) -> dict[str, float]:
        """Stage -> its place in the chain; stages beside the chain, such as scrap, have none."""
        return {s.text("stage"): s.number("order") for s in self.tables["stages"] if s["order"] is not None}

    def is_later(self, stage: str, than: str) -> bool:
        """Return whether a stage comes after another in the chain."""
        return stage in self._order and than in self._order and self._order[stage] > self._order[than]

    @cached_property
    def mineral_of(self) -> dict[str, str]:
        """Material -> its own mineral."""
        return {record.text("material"): record.text("mineral") for record in self.tables["materials"]}

    @cached_property
    def mineral_made(self) -> dict[str, str]:
        """Facility -> own mineral of its main output."""
        return {name: facility.mineral for name, facility in self.facilities.items()}

    @cached_property
    def stage_of(self) -> dict[str, str]:
        """Material -> stage."""
        return {record.text("material"): record.text("stage") for record in self.tables["materials"]}

    @cached_property
    def shortage_cost(self) -> dict[str, float]:
        """Material -> what a tonne of unmet demand costs, USD/t."""
        return {r.text("material"): r.number("shortage_cost_usd_per_t") for r in self.tables["materials"]}

    @cached_property
    def highest_shortage_cost(self) -> float:
        """The largest shortage cost of a material or a demand row, USD/t."""
        own = [row["shortage_cost_usd_per_t"] for row in self.tables["demand"]]
        return max(*self.shortage_cost.values(), *(cost for cost in own if isinstance(cost, float)), 0.0)

    @cached_property
    def content(self) -> dict[tuple[str, str], float]:
        """(material, mineral) -> tonnes of the mineral in a tonne of the material, where there are any."""
        own = {(r.text("material"), r.text("mineral")): r.number("content") for r in self.tables["materials"]}
        others = {(r.text("material"), r.text("mineral")): r.number("t_per_t") for r in self.tables["contents"]}
        return {key: value for key, value in (others | own).items() if value > 0}

    @cached_property
    def minerals_in(self) -> dict[str, dict[str, float]]:
        """Material -> mineral -> tonnes of it in a tonne of the material, in the order of the minerals."""
        place = {m: n for n, m in enumerate(self.minerals)}
        found: dict[str, dict[str, float]] = {material: {} for material in self.mineral_of}
        for material, m in sorted(self.content, key=lambda key: place[key[1]]):
            found[material][m] = self.content[material, m]
        return found

    @cached_property
    def _prices(self) -> dict[str, Record]:
        return {record.text("material"): record for record in self.tables["prices"]}

    def price(self, i: str, t: int) -> float:
        """Reference price of a material, USD/t; 0 where nothing needs one (the checks see to that)."""
        record = self._prices.get(i)
        return record.years[min(max(t, self.years[0]), self.years[-1])] if record else 0.0

    def spread(self, f: Facility, t: int) -> float:
        """Return a seller's price of a tonne less the reference price of its inputs, USD/t; it can be negative."""
        feed = sum(a * self.price(i, t) for i, a in f.inputs.items())
        return (1 + f.number("premium", t)) * self.price(f.output, t) - feed

    @cached_property
    def facility_paths(self) -> frozenset[tuple[str, ...]]:
        """Facility and column of every number that a path replaces."""
        return frozenset(record.key for record in self.tables["facility_paths"])

    @cached_property
    def _economics(self) -> dict[tuple[str, int], Economics]:
        return {}

    def economics(self, name: str, t: int) -> Economics:
        """Return what a facility spends and earns in `t`; after last_year as in last_year."""
        key = (name, min(t, self.years[-1]))
        if key not in self._economics:
            self._economics[key] = self._find_economics(self.facilities[name], key[1])
        return self._economics[key]

    def _find_economics(self, f: Facility, t: int) -> Economics:
        premium, price, utilisation = f.number("premium", t), self.price(f.output, t), f.number("utilisation", t)
        spent = f.number("variable_usd_per_t", t) - f.number("credit_usd_per_t", t)
        spent += sum(a * self.price(i, t) for i, a in f.inputs.items())
        coproducts = (1 + premium) * sum(b * self.price(j, t) for j, b in f.coproducts.items())
        bankable = 1 - self.tables.number("lender_price_haircut")
        return Economics(
            utilisation=utilisation,
            price=price,
            premium=premium,
            net_cost=spent - bankable * coproducts,
            fixed=f.number("fixed_usd_per_tpa_year", t),
            margin=utilisation * ((1 + premium) * price + coproducts - spent),
        )

    @cached_property
    def _lead_time_caps(self) -> dict[str, float]:
        return {record.text("mineral"): record.number("lead_time_cap_years") for record in self.tables["minerals"]}

    @cached_property
    def decision_years(self) -> dict[str, tuple[int, ...]]:
        """Facility -> the years in which new capacity of it may be decided."""
        return {name: tuple(self._find_decision_years(f)) for name, f in self.facilities.items()}

    def _find_decision_years(self, f: Facility) -> Iterator[int]:
        has_room = [t for t in self.years if f.room(t) > 0]
        earliest = None if f.record["earliest_decision_year"] is None else f.number("earliest_decision_year")
        for v in self.years if has_room else ():
            lead = f.lead(v)
            if (
                (earliest is None or v >= earliest)
                and v + lead <= has_room[-1]
                and lead <= self._lead_time_caps[f.mineral]
                and f.number("max_new_tpa_per_year", v) > 0
                and any(v + lead <= t < v + lead + f.life for t in has_room)
            ):
                yield v


def is_finite(value: float) -> bool:
    """Return whether a limit limits (`none` does not)."""
    return not math.isinf(value)
