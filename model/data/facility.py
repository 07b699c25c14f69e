"""A facility: its record, what it uses and yields, and how its numbers run over the years."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from model.data.finance import capital_recovery, construction_interest
from model.workbook.pathways import pathway
from model.workbook.tables import Record


@dataclass(frozen=True)
class Facility:
    """A facility: its record, what it uses and yields, and how its numbers run over the years."""

    record: Record
    region: Record
    mineral: str
    stage: str
    inputs: dict[str, float]
    coproducts: dict[str, float]

    @cached_property
    def name(self) -> str:
        """Identifier of the facility."""
        return self.record.text("facility")

    @cached_property
    def output(self) -> str:
        """Its main output."""
        return self.record.text("output")

    @cached_property
    def place(self) -> str:
        """The region it stands in."""
        return self.record.text("region")

    @cached_property
    def saves(self) -> bool:
        """Whether it is a substitution programme, which saves demand instead of making goods."""
        return self.record["kind"] == "substitution"

    @cached_property
    def recycles(self) -> bool:
        """Whether it recovers what it makes from scrap."""
        return self.record["kind"] == "recycling"

    @cached_property
    def commercial(self) -> bool:
        """Whether it opens and is built only if its owners earn their hurdle rate."""
        return self.record["commercial"] is True

    @cached_property
    def at_market_price(self) -> bool:
        """Whether its output is bought at the reference price."""
        return self.record["cost_basis"] == "market"

    @cached_property
    def sells_at_spread(self) -> bool:
        """Whether it buys its inputs and sells its output at the reference price."""
        return self.record["cost_basis"] == "spread"

    @cached_property
    def required(self) -> str:
        """The facility without which no new capacity stands ("" for none)."""
        return self.record.text("requires")

    @cached_property
    def life(self) -> int:
        """Years of service of new capacity."""
        return int(self.record.number("life_years"))

    def number(self, column: str, t: int | None = None) -> float:
        """Return a number of its row, in year `t` where it depends on it."""
        value = self.record.values[column]
        return value if type(value) is float else self.record.number(column, t)

    def existing(self, t: int) -> float:
        """Capacity the home buyer can contract that exists without a decision, t/yr."""
        if t not in self._existing:
            there = self.number("online_year") <= t < self.number("retire_year")
            stands = there and self.record["status"] != "candidate"
            self._existing[t] = self.number("capacity_tpa", t) * self.contractable(t) if stands else 0.0
        return self._existing[t]

    @cached_property
    def _existing(self) -> dict[int, float]:
        return {}

    def contractable(self, t: int) -> float:
        """Share of its capacity the home buyer can contract."""
        return self.number("offtake_share", t)

    def room(self, t: int) -> float:
        """New capacity the home buyer can contract that may stand at a time, t/yr."""
        share = self.contractable(t)
        return share * self.number("max_new_tpa") if share > 0 else 0.0

    def lead(self, v: int) -> int:
        """Whole years from a decision in `v` to first output."""
        return int(self.number("lead_time_years", v))

    def investment(self, v: int) -> float:
        """Capex of a decision in `v` with interest until the first output, USD per t/yr."""
        years = min(int(self.number("construction_years")), self.lead(v))
        return self.number("capex_usd_per_tpa", v) * construction_interest(self.number("hurdle_rate", v), years)

    def annuity(self, v: int) -> float:
        """Yearly payment over the life that earns the owners of a decision in `v` their hurdle rate, USD per t/yr."""
        return capital_recovery(self.number("hurdle_rate", v), self.life) * self.investment(v)

    def spending(self, v: int) -> range:
        """Years over which the investment of a decision in `v` is spent evenly."""
        if v not in self._spending:
            start, building = v + self.lead(v), min(int(self.number("construction_years")), self.lead(v))
            self._spending[v] = range(start - building, start) if building else range(v, start + 1)
        return self._spending[v]

    @cached_property
    def _spending(self) -> dict[int, range]:
        return {}

    def ramp(self, n: int) -> float:
        """Share of nameplate in the n-th year online."""
        return min(1.0, (n + 1) / (self.number("ramp_years") + 1))

    def concern(self, t: int) -> float:
        """Concern share of its output: 1 in a region of concern, else that of owners and technology."""
        return 1.0 if self.region.at("standing", t) == "concern" else self.number("concern_share", t)

    def pathway(self, t: int) -> str:
        """Return the pathway it belongs to."""
        return pathway(self.record.text("kind"), str(self.region.at("standing", t)))
