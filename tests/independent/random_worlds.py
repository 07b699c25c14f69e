"""Random small worlds for the planning model: valid workbooks in which most features matter.

``random_world(seed)`` returns the sheets as lists of rows (column -> value, years as int keys);
``write_folder`` writes them as one CSV file per sheet. The same seed gives the same world. Costs
are drawn around the value a step adds at reference prices, so that some projects stand on their
own, some need a contract and some are too dear; quantities are drawn around what demand needs.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

Row = dict[str | int, object]
Sheets = dict[str, list[Row]]

STEPS = ("mining", "refining", "metal", "manufacturing")
GOODS = {"mining": "ore", "refining": "oxide", "metal": "metal", "manufacturing": "magnet"}
HOME, FRIEND, RIVAL, NEUTRAL, PORT = "USA", "AUS", "CHN", "IDN", "SGP"
STANDING = {HOME: "home", FRIEND: "partner", RIVAL: "concern", NEUTRAL: "other", PORT: "partner"}
FIRST_YEAR = 2026


def random_world(seed: int) -> Sheets:
    """The sheets of one random world."""
    return draft_world(seed).sheets


def draft_world(seed: int, years: int | None = None) -> Draft:
    """One random world, still open for more; over a number of years, or three to seven after the first."""
    draft = Draft(random.Random(seed), years)
    draft.add_frame()
    draft.add_materials()
    draft.add_demand_and_prices()
    draft.add_chain_facilities()
    draft.add_recycling()
    draft.add_substitution()
    draft.add_trade()
    draft.add_exposure_rules()
    draft.add_stockpiles()
    draft.add_resource_limits()
    draft.add_contracts()
    draft.add_inactive_rows()
    draft.add_scenarios()
    return draft


def write_folder(sheets: Sheets, path: str | Path) -> None:
    """One CSV file per sheet: columns in order of appearance, then years, then the common ones."""
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    common = ("active", "source", "note")
    for sheet, rows in sheets.items():
        tail = () if sheet == "sources" else common
        keys = dict.fromkeys(key for row in rows for key in row)
        years = sorted(key for key in keys if isinstance(key, int))
        own = [key for key in keys if isinstance(key, str) and key not in tail]
        with (folder / f"{sheet}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, [*own, *years, *tail], restval="")
            writer.writeheader()
            writer.writerows(rows)


def rounded(value: float) -> float:
    """Four significant digits, so that the sheets stay readable."""
    return float(f"{value:.4g}")


class Draft:
    """A world in the making."""

    def __init__(self, rng: random.Random, years: int | None = None) -> None:
        self.rng = rng
        self.sheets: Sheets = {}
        self.first = FIRST_YEAR
        self.last = FIRST_YEAR + rng.randint(3, 7) if years is None else FIRST_YEAR + years - 1
        self.regions: list[str] = []
        self.chains: dict[str, list[str]] = {}  # mineral -> materials, upstream first
        self.stage: dict[str, str] = {}
        self.mineral: dict[str, str] = {}
        self.content: dict[str, float] = {}
        self.price: dict[str, float] = {}
        self.need: dict[str, float] = {}  # t/yr at about full demand
        self.inputs: dict[str, dict[str, float]] = {}  # process of a material
        self.coproducts: dict[str, dict[str, float]] = {}
        self.pathway: dict[str, str] = {}
        self.serial = 0

    # -- small tools -------------------------------------------------------------------------
    def chance(self, probability: float) -> bool:
        """True with a probability."""
        return self.rng.random() < probability

    def between(self, low: float, high: float) -> float:
        """A rounded uniform number."""
        return rounded(self.rng.uniform(low, high))

    def add(self, sheet: str, /, **row: object) -> Row:
        """A row with a source; columns that are None are left out."""
        kept: Row = {key: value for key, value in row.items() if value is not None}
        if sheet != "sources":
            kept["active"] = self.rng.choice(["", "", "yes"])
            kept["source"] = self.rng.choice(["random_published", "random_assumed"])
        self.sheets.setdefault(sheet, []).append(kept)
        return kept

    def path(self, start: float, end: float, none: float = 0.0, top: float | None = None) -> Row:
        """Values in some years, from about ``start`` to about ``end``, a few of them ``none``.

        ``none`` is the chance of no limit in the first years; years outside the horizon occur.
        """
        span = self.last - self.first
        years = {self.first + self.rng.randint(-2, 1), self.last + self.rng.randint(-1, 3)}
        years |= {self.rng.randint(self.first, self.last) for _ in range(self.rng.randint(0, 2))}
        if self.chance(0.1):
            years = {self.rng.randint(self.first, self.last)}
        values: Row = {}
        for year in sorted(years):
            share = min(1.0, max(0.0, (year - self.first) / span))
            value = (start + (end - start) * share) * self.rng.uniform(0.9, 1.1)
            values[year] = rounded(value if top is None else min(top, value))
        if none and len(values) > 1 and self.chance(none):
            values[min(values)] = "none"
        elif none and len(values) > 2 and self.chance(none / 2):
            values[max(values)] = "none"
        return values

    def year(self, low: int = 0, high: int | None = None) -> int:
        """A year of the horizon, counted from its first."""
        span = self.last - self.first
        return self.first + self.rng.randint(low, span if high is None else min(span, high))

    # -- what there is -----------------------------------------------------------------------
    def add_frame(self) -> None:
        """Sources, settings, regions and stages."""
        rng = self.rng
        for confidence in ("published", "assumed"):
            citation = "Drawn at random, for tests only"
            source = f"random_{confidence}"
            self.add("sources", source=source, citation=citation, confidence=confidence)
        settings: dict[str, object] = {"first_year": self.first, "last_year": self.last}
        if self.chance(0.7):
            settings["social_discount_rate"] = self.between(0.0, 0.08)
            settings["public_funds_excess_burden"] = self.between(0.0, 0.5)
        if self.chance(0.6):
            settings["lender_price_haircut"] = self.between(0.0, 0.3)
            settings["cfd_stress_price_drop"] = self.between(0.1, 0.5)
        if self.chance(0.3):
            settings["tariffs_count_as_cost"] = "no"
        if self.chance(0.2):
            settings["concern_label"] = "rival"
        for name, value in settings.items():
            self.add("settings", setting=name, value=value)
        self.regions = [HOME, FRIEND, RIVAL]
        self.regions += [NEUTRAL] if self.chance(0.9) else []
        self.regions += [PORT] if self.chance(0.4) else []
        rng.shuffle(self.regions)
        for region in self.regions:
            row = self.add("regions", region=region, name=region, standing=STANDING[region])
            row["transit"] = "yes" if region == PORT else rng.choice(["", "no"])
        for order, stage in enumerate(STEPS, start=1):
            self.add("stages", stage=stage, name=stage, order=order)
        self.add("stages", stage="scrap", name="scrap")

    def add_materials(self) -> None:
        """Chains of one to three minerals, tied by a second input and by coproducts."""
        rng = self.rng
        minerals = ["ndpr", "dy", "co"][: rng.choice([1, 2, 2, 3, 3])]
        for name in minerals:
            cap = rng.randint(1, 2) if self.chance(0.15) else None
            self.add("minerals", mineral=name, name=name, lead_time_cap_years=cap)
        steps = STEPS[: rng.randint(2, 4)]
        self._add_chain("ndpr", steps)
        if "dy" in minerals:
            self._add_chain("dy", steps[: rng.randint(2, len(steps))])
            self._tie_second_input()
        if "co" in minerals:
            self._add_chain("co", (steps[1],))
            self._tie_coproduct()
        product = self.chains["ndpr"][-1]
        self._add_material("ndpr_scrap", "ndpr", "scrap", self.between(0.2, 0.6))
        self.price["ndpr_scrap"] = rounded(0.15 * self.price[product])
        if self.chance(0.6):
            lost = sum(
                amount * self.content[feed]
                for feed, amount in self.inputs[product].items()
                if self.mineral[feed] == "ndpr"
            )
            most = 0.95 * (lost - self.content[product]) / self.content["ndpr_scrap"]
            self.coproducts[product]["ndpr_scrap"] = rounded(min(self.between(0.05, 0.3), most))

    def _add_chain(self, mineral: str, steps: tuple[str, ...]) -> None:
        price, before = self.between(500, 4000), None
        self.chains[mineral] = []
        for step in steps:
            name = f"{mineral}_{GOODS[step]}"
            self._add_material(name, mineral, step, self.between(0.3, 0.75))
            if before is not None:
                loss = self.rng.uniform(1.05, 1.3)
                amount = rounded(loss * self.content[name] / self.content[before])
                self.inputs[name][before] = amount
                price = amount * price * self.rng.uniform(1.4, 2.2)
            self.price[name] = rounded(price)
            self.chains[mineral].append(name)
            before = name

    def _add_material(self, name: str, mineral: str, stage: str, content: float) -> None:
        self.stage[name], self.mineral[name], self.content[name] = stage, mineral, content
        self.inputs[name], self.coproducts[name] = {}, {}

    def _tie_second_input(self) -> None:
        product, second = self.chains["ndpr"][-1], self.chains["dy"][-1]
        amount = self.between(0.03, 0.2)
        self.inputs[product][second] = amount
        inside = rounded(0.9 * amount * self.content[second])
        self.add("contents", material=product, mineral="dy", t_per_t=inside)
        self.price[product] = rounded(self.price[product] + 1.3 * amount * self.price[second])

    def _tie_coproduct(self) -> None:
        ore, oxide = self.chains["ndpr"][:2]
        amount = self.between(0.1, 0.4)
        if self.chance(0.5):
            self.coproducts[ore]["co_oxide"] = amount
            return
        most = 0.25 * self.inputs[oxide][ore] / (1.1 * self.content["co_oxide"])
        amount = rounded(min(amount, most))
        self.coproducts[oxide]["co_oxide"] = amount
        inside = rounded(1.1 * amount * self.content["co_oxide"] / self.inputs[oxide][ore])
        self.add("contents", material=ore, mineral="co", t_per_t=inside)

    def add_demand_and_prices(self) -> None:
        """Demand for the products, sometimes for an intermediate; a price for every material."""
        for mineral, chain in self.chains.items():
            scale = self.between(300, 3000)
            segments = ["defence", "vehicles"][: self.rng.randint(1, 2)]
            for segment in segments:
                self._add_demand(segment, chain[-1], HOME, scale)
            if mineral == "ndpr" and len(chain) > 2 and self.chance(0.4):
                self._add_demand("industry", chain[-2], HOME, 0.3 * scale)
            if self.chance(0.3):
                self._add_demand("industry", chain[-1], FRIEND, 0.2 * scale)
        for chain in [self.chains["ndpr"], *(c for m, c in self.chains.items() if m != "ndpr")]:
            for name in reversed(chain):
                for feed, amount in self.inputs[name].items():
                    self.need[feed] = self.need.get(feed, 0.0) + amount * self.need.get(name, 0.0)
        for name, price in self.price.items():
            row = self.add("prices", material=name)
            row.update(self.path(price, price * self.rng.uniform(0.8, 1.3)))
            shortage = rounded(price * self.rng.uniform(2.5, 8))
            self.add(
                "materials",
                material=name,
                name=name,
                mineral=self.mineral[name],
                stage=self.stage[name],
                content=self.content[name],
                shortage_cost_usd_per_t=shortage,
            )

    def _add_demand(self, segment: str, material: str, region: str, scale: float) -> None:
        size = scale * self.rng.uniform(0.6, 1.2)
        self.need[material] = self.need.get(material, 0.0) + 1.3 * size
        row = self.add("demand", segment=segment, material=material, region=region)
        row.update(self.path(size, size * self.rng.uniform(0.9, 1.8)))

    # -- facilities --------------------------------------------------------------------------
    def add_chain_facilities(self) -> None:
        """For every material a rival on the world market, and plants in the other regions."""
        for chain in self.chains.values():
            for material in chain:
                need = self.need[material]
                if material == chain[-1] or self.chance(0.6):
                    self._add_market(material, need * self.rng.uniform(0.4, 1.2), RIVAL)
                else:
                    self._add_existing(material, need * self.rng.uniform(0.6, 1.2), RIVAL)
                if NEUTRAL in self.regions and self.chance(0.5):
                    self._add_existing(material, need * self.rng.uniform(0.1, 0.5), NEUTRAL)
                self._add_existing(material, need * self.rng.uniform(0.1, 0.4), FRIEND)
                if self.chance(0.5):
                    self._add_existing(material, need * self.rng.uniform(0.1, 0.4), HOME)
                for region in (HOME, self.rng.choice([HOME, FRIEND])):
                    self._add_candidate(material, need * self.rng.uniform(0.2, 1.0), region)

    def _add_market(self, material: str, capacity: float, region: str) -> None:
        name = self._name("market", material)
        premium = self.between(0.0, 0.15) if self.chance(0.5) else None
        self._facility(name, material, region, "primary", capacity, cost_basis="market", premium=premium)
        if self.chance(0.3):
            self._add_path(name, "capacity_tpa", capacity, capacity * self.rng.uniform(0.4, 1.3))

    def _add_existing(self, material: str, capacity: float, region: str) -> None:
        name = self._name("plant", material)
        commercial = region in (HOME, FRIEND) and self.chance(0.6)
        status = "committed" if self.chance(0.25) else self.rng.choice(["operating", None])
        unit_cost = self._value_added(material) * self.rng.uniform(0.6, 1.5)
        self._facility(
            name,
            material,
            region,
            "primary",
            capacity,
            status=status,
            online_year=self.year(1, 2) if status == "committed" else None,
            retire_year=self.year(3) if self.chance(0.2) else None,
            max_new_tpa=rounded(0.5 * capacity) if self.chance(0.15) else None,
            lead_time_years=self.rng.randint(0, 1),
            variable_usd_per_t=rounded(0.6 * unit_cost),
            fixed_usd_per_tpa_year=rounded(0.4 * unit_cost),
            capex_usd_per_tpa=rounded(2.0 * unit_cost),
            **self._extras(region),
            **self._owners(region, commercial=commercial),
        )
        self._add_recipe(name, material)
        if self.chance(0.15):
            self._add_path(name, "variable_usd_per_t", 0.6 * unit_cost, 0.8 * unit_cost)
        if self.chance(0.15):
            self._add_path(name, "capacity_tpa", capacity, capacity * self.rng.uniform(0.6, 1.2))
        if self.chance(0.15):
            self._add_path(name, "utilisation", 0.95, 0.7, top=1.0)

    def _add_candidate(self, material: str, capacity: float, region: str) -> None:
        name = self._name("project", material)
        unit_cost = self._value_added(material) * self.rng.uniform(0.55, 1.3)
        self._facility(
            name,
            material,
            region,
            "primary",
            capacity,
            status="candidate",
            earliest_decision_year=self.year(1, 2) if self.chance(0.2) else None,
            variable_usd_per_t=rounded(0.45 * unit_cost),
            fixed_usd_per_tpa_year=rounded(0.15 * unit_cost),
            **self._investment(0.4 * unit_cost),
            **self._extras(region),
            **self._owners(region, commercial=self.chance(0.8)),
        )
        self._add_recipe(name, material)
        if self.chance(0.15):
            limit = 0.4 * capacity
            self._add_path(name, "max_new_tpa_per_year", limit, 2 * limit)

    def _name(self, kind: str, material: str) -> str:
        self.serial += 1
        return f"{material}_{kind}_{self.serial}"

    def _value_added(self, material: str) -> float:
        inputs = sum(a * self.price[i] for i, a in self.inputs[material].items())
        return 0.85 * self.price[material] - inputs

    def _investment(self, annuity: float) -> dict[str, object]:
        """Capex that costs about ``annuity`` a year, and how it is built."""
        rate = self.between(0.05, 0.15) if self.chance(0.7) else None
        life = self.rng.choice([2, 3, 4, 10, 15, 20, None])
        recovery = sum((1 + (rate or 0.08)) ** -n for n in range(1, (life or 20) + 1))
        return {
            "hurdle_rate": rate,
            "life_years": life,
            "capex_usd_per_tpa": rounded(annuity * recovery),
            "lead_time_years": self.rng.choice([0, 1, 1, 2, 3]),
            "ramp_years": self.rng.choice([None, 0, 1, 2]),
        }

    def _extras(self, region: str) -> dict[str, object]:
        """Columns that any cost-based plant may carry."""
        extras: dict[str, object] = {
            "waste_t_per_t": self.between(1, 20),
            "co2_t_per_t": self.between(1, 10),
            "water_m3_per_t": self.between(5, 50),
            "workers_per_ktpa": self.between(50, 400),
        }
        if self.chance(0.3):
            extras["utilisation"] = self.between(0.7, 1.0)
        if self.chance(0.3):
            extras["offtake_share"] = self.between(0.4, 1.0)
        if region not in (HOME, RIVAL) and self.chance(0.5):
            extras["concern_share"] = self.between(0.1, 0.8)
        return extras

    def _owners(self, region: str, *, commercial: bool) -> dict[str, object]:
        """Whether a plant must pay, and what the treasury may do for it."""
        if not commercial:
            return {}
        owners: dict[str, object] = {"commercial": "yes"}
        if region in (HOME, FRIEND) and self.chance(0.9):
            owners["cfd_eligible"] = "yes"
        if self.chance(0.25):
            owners["credit_usd_per_t"] = self.between(50, 400)
        if self.chance(0.25):
            owners["grant_share"] = self.between(0.1, 0.5)
        if self.chance(0.25):
            owners["premium"] = self.between(0.02, 0.2)
        return owners

    def _facility(self, name: str, material: str, region: str, kind: str, capacity: float, **row: object) -> None:
        reserve = rounded(capacity * self.rng.uniform(2, 6)) if self.chance(0.4) else None
        if self.stage[material] != "mining":
            reserve = None
        given = None if kind == "primary" and self.chance(0.5) else kind
        self.add(
            "facilities",
            facility=name,
            name=name,
            region=region,
            kind=given,
            output=material,
            capacity_tpa=rounded(capacity),
            reserve_t=reserve,
            **row,
        )
        self.pathway[name] = self._pathway(region, kind)

    def _pathway(self, region: str, kind: str) -> str:
        """The pathway in the base; no scenario moves the regions asked for it."""
        if STANDING[region] not in ("home", "partner"):
            return ""
        if kind != "primary":
            return {"recycling": "recycled", "substitution": "substituted"}[kind]
        return "onshore" if region == HOME else "friendshore"

    def _add_path(self, facility: str, quantity: str, start: float, end: float, top: float | None = None) -> None:
        row = self.add("facility_paths", facility=facility, quantity=quantity)
        row.update(self.path(start, end, top=top))

    def _add_recipe(self, facility: str, material: str) -> None:
        for role, goods in (("input", self.inputs), ("coproduct", self.coproducts)):
            for good, amount in goods[material].items():
                self.add("recipes", facility=facility, material=good, role=role, t_per_t=amount)

    def add_recycling(self) -> None:
        """Scrap from arisings and returns, and plants that turn it back into an input."""
        chain = self.chains["ndpr"]
        product, output = chain[-1], chain[-2]
        for region in (HOME, FRIEND):
            if region == HOME or self.chance(0.5):
                arisings = self.need[product] * self.rng.uniform(0.05, 0.3)
                rates = (
                    ("arisings", arisings, arisings * 1.4, None),
                    ("collection_rate", 0.4, 0.8, 1.0),
                    ("collection_usd_per_t", 60, 90, None),
                )
                for quantity, start, end, top in rates:
                    row = self.add("scrap", material="ndpr_scrap", region=region, quantity=quantity)
                    row.update(self.path(start, end, top=top))
        self.add(
            "returns",
            product=product,
            scrap="ndpr_scrap",
            lifetime_years=self.rng.randint(1, 4),
            t_per_t=self.between(0.3, 0.9),
        )
        feed = rounded(1.15 * self.content[output] / self.content["ndpr_scrap"])
        for status in ("operating", "candidate"):
            if not self.chance(0.8):
                continue
            name = self._name("recycler", output)
            region = HOME if self.chance(0.7) else FRIEND
            margin = 0.85 * self.price[output] - feed * self.price["ndpr_scrap"]
            unit_cost = max(0.1 * self.price[output], margin) * self.rng.uniform(0.4, 1.2)
            capacity = self.need[output] * self.rng.uniform(0.05, 0.3)
            self._facility(
                name,
                output,
                region,
                "recycling",
                capacity,
                status=status,
                variable_usd_per_t=rounded(0.5 * unit_cost),
                fixed_usd_per_tpa_year=rounded(0.15 * unit_cost),
                **self._investment(0.35 * unit_cost),
                **self._extras(HOME),
                **self._owners(region, commercial=self.chance(0.6)),
            )
            self.add("recipes", facility=name, material="ndpr_scrap", role="input", t_per_t=feed)

    def add_substitution(self) -> None:
        """Thrifting of a demanded product, from a plant that exists or a project."""
        for material in (chain[-1] for chain in self.chains.values()):
            if not self.chance(0.5):
                continue
            unit_cost = self.price[material] * self.rng.uniform(0.5, 1.3)
            self._facility(
                self._name("thrift", material),
                material,
                HOME,
                "substitution",
                self.need[material] * self.rng.uniform(0.05, 0.25),
                status=self.rng.choice(["operating", "candidate"]),
                variable_usd_per_t=rounded(0.6 * unit_cost),
                fixed_usd_per_tpa_year=rounded(0.1 * unit_cost),
                **self._investment(0.2 * unit_cost),
                **self._extras(HOME),
                **self._owners(HOME, commercial=self.chance(0.5)),
            )

    # -- rules -------------------------------------------------------------------------------
    def add_trade(self) -> None:
        """A general route for most pairs, special ones for some goods, and export limits."""
        sure = [(RIVAL, HOME), (FRIEND, HOME), (HOME, FRIEND)]
        likely = [(RIVAL, FRIEND), (HOME, RIVAL), (FRIEND, RIVAL), (NEUTRAL, HOME)]
        likely += [(NEUTRAL, FRIEND), (NEUTRAL, RIVAL), (RIVAL, NEUTRAL)]
        likely += [(PORT, HOME), (RIVAL, PORT), (FRIEND, PORT)]
        pairs = sure + [p for p in likely if set(p) <= set(self.regions) and self.chance(0.7)]
        for origin, target in pairs:
            duty = self.between(0.0, 0.3) if origin == RIVAL and self.chance(0.6) else None
            freight = self.between(20, 150)
            ends = {"from_region": origin, "to_region": target}
            self.add("routes", **ends, material="*", freight_usd_per_t=freight, tariff=duty)
            for material in self.price:
                if self.chance(0.15):
                    capacity = self.need.get(material, 500.0) * self.rng.uniform(0.1, 0.8)
                    self.add(
                        "routes",
                        **ends,
                        material=material,
                        freight_usd_per_t=self.between(20, 300),
                        tariff=self.between(0.0, 0.4) if self.chance(0.5) else None,
                        capacity_tpa=rounded(capacity) if self.chance(0.6) else None,
                    )
        for material in self.need:
            if self.chance(0.3):
                buyer = self.rng.choice([None, "*", HOME])
                named = self.rng.choice([material, material, "*"])
                size = self.need[material] * self.rng.uniform(0.3, 0.9)
                limit = self.add(
                    "export_limits",
                    limit=f"quota_{material}",
                    from_region=RIVAL,
                    to_region=buyer,
                    material=named,
                )
                limit.update(self.path(size, size * self.rng.uniform(0.2, 0.8), none=0.5))

    def add_exposure_rules(self) -> None:
        """Caps on chain and stage exposure and targets for the mix, hard or at a price."""
        for mineral, chain in self.chains.items():
            price = self.price[chain[-1]]
            if self.chance(0.5):
                segment = self.rng.choice([None, "*", "defence"])
                self._add_cap(self.rng.choice([mineral, "*"]), "chain", segment, price)
            if self.chance(0.35):
                step = self.stage[self.rng.choice(chain)]
                self._add_cap(mineral, step, None, price)
            if self.chance(0.5):
                self._add_target(mineral, self.stage[self.rng.choice(chain)], price)

    def _add_cap(self, mineral: str, scope: str, segment: str | None, price: float) -> None:
        wanted = (mineral, scope, segment or "*")
        for row in self.sheets.get("exposure_caps", []):
            if wanted == (row["mineral"], row["scope"], row.get("segment", "*")):
                return
        breach = rounded(price * self.rng.uniform(0.3, 3)) if self.chance(0.6) else None
        row = self.add("exposure_caps", mineral=mineral, scope=scope, segment=segment, breach_usd_per_t=breach)
        row.update(self.path(self.rng.uniform(0.5, 0.9), self.rng.uniform(0.1, 0.6), 0.3, top=1.0))

    def _add_target(self, mineral: str, stage: str, price: float) -> None:
        sense = self.rng.choice(["min", "min", "max"])
        pathway = self.rng.choice(["onshore", "onshore", "friendshore", "recycled", None])
        region = self.rng.choice([HOME, FRIEND, None]) if pathway is None else None
        share = self.rng.uniform(0.1, 0.4) if sense == "min" else self.rng.uniform(0.3, 0.7)
        breach = rounded(price * self.rng.uniform(0.1, 2)) if self.chance(0.6) else None
        row = self.add(
            "mix_targets",
            target=f"target_{mineral}_{stage}",
            mineral=mineral,
            stage=stage,
            pathway=pathway,
            region=region if pathway or region else HOME,
            sense=sense,
            breach_usd_per_t=breach,
        )
        row.update(self.path(share, share * 1.3, none=0.3, top=1.0))

    def add_stockpiles(self) -> None:
        """Stock of products and intermediates; hard floors only where the opening stock holds."""
        span = self.last - self.first + 1
        for chain in self.chains.values():
            material = self.rng.choice(chain)
            if not self.chance(0.5):
                continue
            initial = self.need[material] * self.rng.uniform(0.05, 0.6)
            loss = self.between(0.0, 0.05) if self.chance(0.6) else None
            kept = initial * (1 - (loss or 0.0)) ** span
            days, breach = None, None
            if self.chance(0.4):
                days, breach = self.rng.randint(5, 60), rounded(0.4 * self.price[material])
            elif self.chance(0.5):
                days = int(365 * 0.4 * kept / self.need[material])
            self.add(
                "stockpiles",
                material=material,
                region=HOME if self.chance(0.8) else FRIEND,
                initial_t=rounded(initial),
                initial_concern_share=self.between(0.0, 1.0) if self.chance(0.6) else None,
                max_t=rounded(initial * self.rng.uniform(1.05, 1.6)) if self.chance(0.7) else None,
                max_release_tpa=rounded(initial * 0.4) if self.chance(0.5) else None,
                holding_usd_per_t=self.between(1, 40),
                loss=loss,
                min_cover_days=days,
                cover_breach_usd_per_t=breach,
                final_t=rounded(0.8 * kept) if self.chance(0.4) else None,
            )

    def add_resource_limits(self) -> None:
        """Waste, CO2, water and workers, some with a limit, some with a price, some with both."""
        per_tonne = {"waste": 5.0, "co2": 3.0, "water": 15.0, "workers": 0.05}
        volume = sum(self.need.values())
        for resource, intensity in per_tonne.items():
            if not self.chance(0.3):
                continue
            region, pathway = self.rng.choice([(None, None), (HOME, None), (None, "onshore"), (FRIEND, "friendshore")])
            row = self.add(
                "resource_limits",
                limit=f"{resource}_limit",
                resource=resource,
                region=region,
                pathway=pathway,
                price_usd_per_unit=self.between(1, 40) if self.chance(0.5) else None,
            )
            size = volume * intensity * self.rng.uniform(0.05, 0.5)
            row.update(self.path(size, size, none=0.3))

    def add_contracts(self) -> None:
        """Offers of all three forms, and budgets in both views."""
        rng = self.rng
        products = [material for chain in self.chains.values() for material in chain]
        for form in ("two_way", "floor", "floor_with_share"):
            if not self.chance(0.6):
                continue
            material = rng.choice(["*", "*", "several", rng.choice(products)])
            ceiling: dict[str, object] = {}
            if material in products and self.chance(0.5):
                dollars = self.price[material] * rng.uniform(0.95, 1.5)
                ceiling["max_strike_usd_per_t"] = rounded(dollars)
            if self.chance(0.5):
                ceiling["max_strike_multiple"] = self.between(1.0, 1.8)
            if material == "several":
                material = ", ".join(rng.sample(products, k=min(3, len(products))))
            self.add(
                "cfd_offers",
                offer=f"offer_{form}",
                form=form,
                materials=material,
                term_years=rng.randint(2, 8),
                coverage=self.between(0.5, 1.0) if self.chance(0.6) else None,
                **ceiling,
                upside_share=self.between(0.2, 0.8) if form == "floor_with_share" else None,
                first_award_year=self.year(0, 1) if self.chance(0.3) else None,
                last_award_year=self.year(2) if self.chance(0.3) else None,
            )
        ends = [chain[-1] for chain in self.chains.values()]
        turnover = sum(self.need[product] * self.price[product] for product in ends)
        for view, share in (("expected", 0.02), ("stress", 0.1)):
            if self.chance(0.6):
                million = turnover * share * rng.uniform(0.02, 0.8) / 1e6
                few = ", ".join(rng.sample(products, k=2)) if self.chance(0.3) else "*"
                pot = self.add("cfd_budgets", pot="treasury", view=view, materials=few)
                pot.update(self.path(million, million * rng.uniform(0.3, 1.5), none=0.2))

    # -- scenarios ---------------------------------------------------------------------------
    def add_inactive_rows(self) -> None:
        """Rows that would change the answer if they were read."""
        product = self.chains["ndpr"][-1]
        name = self._name("mothballed", product)
        self._facility(name, product, HOME, "primary", 1e6)
        self.sheets["facilities"][-1]["active"] = "no"
        self._add_recipe(name, product)
        self._add_path(name, "capacity_tpa", 1e6, 2e6)
        self.sheets["demand"][0]["_memo"] = "the planner's own column"
        self.sheets["_scratch"] = [{"anything": "the planner's own sheet"}]
        row = self.add("demand", segment="vanity", material=product, region=HOME)
        row.update({self.first: 1e6, "active": "no"})
        if self.chance(0.5):
            row = self.add("exposure_caps", mineral="ndpr", scope="chain", segment="vehicles")
            row.update({self.first: 0.0, "active": "no"})

    def add_scenarios(self) -> None:
        """The base, a first variant, new friends, and one that builds on both."""
        self.add("scenarios", scenario="base", title="as it stands", kind="plan", run="yes")
        self.add("scenarios", scenario="variant", title="random changes", based_on="base")
        for _ in range(self.rng.randint(3, 6)):
            self._add_change("variant")
        ancestors = "variant"
        if NEUTRAL in self.regions:
            ancestors = "variant, realigned"
            self.add("scenarios", scenario="realigned", title="the neutral region moves")
            self._change(
                "realigned",
                "regions",
                f"region={NEUTRAL}",
                "standing",
                self.rng.choice(["*", f"{self.year(1)}-{self.last}", str(self.year(1))]),
                "set",
                self.rng.choice(["partner", "concern"]),
            )
        self.add("scenarios", scenario="combined", title="all of it", based_on=ancestors)
        self._add_change("combined")

    def _add_change(self, scenario: str) -> None:
        """One change from a menu; selectors are read off a row, so that they match something."""
        menu = [self._change_facility, self._change_facility, self._change_facility]
        menu += [self._change_years, self._change_years, self._change_plain]
        self.rng.choice(menu)(scenario)

    def _change(
        self,
        scenario: str,
        sheet: str,
        where: str,
        column: str | None,
        years: str | None,
        operation: str,
        value: object,
    ) -> None:
        self.add(
            "changes",
            scenario=scenario,
            sheet=sheet,
            where=where,
            column=column,
            years=years,
            operation=operation,
            value=value,
        )

    def _years(self) -> str | None:
        low, high = sorted((self.year(), self.year()))
        return self.rng.choice([None, "*", str(low), f"{low}-{high}", f"{low}, {high}"])

    def _change_facility(self, scenario: str) -> None:
        columns: list[tuple[str, str, object]] = [
            ("variable_usd_per_t", "multiply", self.between(0.6, 1.4)),
            ("variable_usd_per_t", "add", self.between(10, 200)),
            ("fixed_usd_per_tpa_year", "multiply", self.between(0.5, 1.3)),
            ("premium", "set", self.between(0.0, 0.2)),
            ("credit_usd_per_t", "add", self.between(50, 300)),
            ("capex_usd_per_tpa", "multiply", self.between(0.5, 1.3)),
            ("grant_share", "set", self.between(0.1, 0.6)),
            ("hurdle_rate", "set", self.between(0.04, 0.14)),
            ("lead_time_years", "set", self.rng.randint(0, 2)),
            ("lead_time_years", "add", 1),
            ("capacity_tpa", "multiply", self.between(0.5, 1.2)),
            ("utilisation", "multiply", self.between(0.6, 1.0)),
            ("concern_share", "set", self.between(0.0, 0.6)),
            ("max_new_tpa_per_year", "set", self.between(100, 1000)),
        ]
        column, operation, value = self.rng.choice(columns)
        row = self.rng.choice(
            [
                row
                for row in self.sheets["facilities"]
                if row["active"] != "no" and row.get("kind") != "substitution" and row.get("cost_basis") != "market"
            ]
        )
        where = self._facility_selector(row, column)
        self._change(scenario, "facilities", where, column, self._years(), operation, value)

    def _facility_selector(self, row: Row, column: str) -> str:
        """Market plants, and for exposure thrifting, must stay as the rules want them."""
        selectors = [f"facility={row['facility']}"]
        material, pathway = str(row["output"]), self.pathway[str(row["facility"])]
        if column != "concern_share" and pathway:
            status = row.get("status") or "operating"
            selectors.append(f"status={status}; region={row['region']}")
            selectors.append(f"pathway={pathway}; stage={self.stage[material]}")
            selectors.append(f"pathway={pathway}; mineral={self.mineral[material]}")
        return self.rng.choice(selectors)

    def _change_years(self, scenario: str) -> None:
        """A change of a sheet with years across."""
        factors = {
            "demand": (0.7, 1.3),
            "prices": (0.7, 1.3),
            "export_limits": (0.3, 1.2),
            "exposure_caps": (0.4, 1.0),
            "mix_targets": (0.5, 1.0),
            "resource_limits": (0.4, 1.1),
            "cfd_budgets": (0.0, 2.0),
            "facility_paths": (0.5, 1.0),
        }
        live = {s: [r for r in self.sheets.get(s, []) if r["active"] != "no"] for s in factors}
        paths = live["facility_paths"]
        gone = {r["facility"] for r in self.sheets["facilities"] if r["active"] == "no"}
        live["facility_paths"] = [r for r in paths if r["facility"] not in gone]
        sheet = self.rng.choice([s for s in factors if live[s]])
        row = self.rng.choice(live[sheet])
        column = next(key for key in row if isinstance(key, str))
        where = "*" if self.chance(0.3) else f"{column}={row[column]}"
        value = self.between(*factors[sheet])
        self._change(scenario, sheet, where, None, self._years(), "multiply", value)

    def _change_plain(self, scenario: str) -> None:
        """A change of a sheet without years across."""
        choices: list[tuple[str, str, str, str | None, str, object]] = [
            ("routes", f"from_region={RIVAL}", "tariff", self._years(), "add", 0.1),
            ("routes", f"to_region={HOME}", "freight_usd_per_t", self._years(), "multiply", 1.5),
            ("materials", "*", "shortage_cost_usd_per_t", None, "multiply", 0.8),
            ("regions", f"region={FRIEND}", "transit", None, "set", "yes"),
            ("returns", "*", "t_per_t", None, "multiply", 0.7),
        ]
        if any(row["setting"] == "social_discount_rate" for row in self.sheets["settings"]):
            where = "setting=social_discount_rate"
            choices.append(("settings", where, "value", None, "set", 0.05))
        if "cfd_offers" in self.sheets:
            choices.append(("cfd_offers", "*", "coverage", None, "multiply", 0.9))
            choices.append(("cfd_offers", "*", "max_strike_multiple", None, "set", 1.3))
        if "stockpiles" in self.sheets:
            choices.append(("stockpiles", "*", "holding_usd_per_t", None, "add", 5))
        sheet, where, column, years, operation, value = self.rng.choice(choices)
        self._change(scenario, sheet, where, column, years, operation, value)
