"""Every table of results, and every column with its unit and meaning, stated once.

Every table starts with the scenario. Money is in USD million of `price_year`, amounts in tonnes; rows of zeros are
left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeGuard

TableName = Literal[
    "summary", "costs", "production", "capacity", "builds", "awards", "award_years", "instruments", "break_even",
    "deliveries", "balances", "mix", "exposure", "trade", "scrap", "stockpiles", "resources", "shadow_prices",
    "influence", "price_steps", "waits", "changes", "breaches", "concentration", "import_reliance", "rents",
    "frontier", "frontier_minerals", "frontier_plans", "stress", "stress_minerals", "stress_breaches",
    "stress_savings", "regret", "failures", "failure_minerals", "failure_helpers", "failure_measures", "draw_builds",
    "draw_years", "draw_drivers", "draws", "draw_inputs", "foresight", "foresight_builds", "hedge", "hedge_decisions",
    "alternatives", "lead_times",
]  # fmt: skip
"""Names of the tables, as the type checker knows them; a test compares them with `RESULT_TABLES`."""

Row = tuple[object, ...]
"""A row of a table."""

TONNES = 1e3
"""kt -> t."""


@dataclass(frozen=True)
class ResultColumn:
    """A column of a results table.

    Attributes:
        key, unit, description: its header, its unit ("" for text, and where another column gives it), what it holds.
        is_text: it holds words, not numbers.
    """

    key: str
    unit: str
    description: str
    is_text: bool = False

    @property
    def is_label(self) -> bool:
        """Whether rows are sorted by it."""
        return self.is_text or self.key.endswith("year")


@dataclass(frozen=True)
class ResultTable:
    """A table of results; it iterates over its columns.

    Attributes:
        columns: after the scenario.
        title, note: over the table where the report shows it as it is ("" where it does not).
        in_order: its rows stay in the order in which they were found; otherwise they are sorted by their labels.
        of_analysis: an analysis fills it; the report then shows it where that ran.
    """

    columns: tuple[ResultColumn, ...]
    title: str = ""
    note: str = ""
    in_order: bool = False
    of_analysis: bool = False

    def __iter__(self) -> Iterator[ResultColumn]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)


def _table(*lines: str, title: str = "", note: str = "", in_order: bool = False) -> ResultTable:
    return ResultTable(_columns(*lines), title, note, in_order)


def _analysis(*lines: str, title: str, note: str) -> ResultTable:
    return ResultTable(_columns(*lines), title, note, in_order=True, of_analysis=True)


def _columns(*lines: str) -> tuple[ResultColumn, ...]:
    """Columns from lines: `key [unit] description` of numbers, where the unit may be left out, `key: words` of text."""
    found = []
    for line in lines:
        key, _, rest = line.partition(" ")
        unit, _, description = rest.partition("] ") if rest.startswith("[") else ("", "", rest)
        found.append(ResultColumn(key.removesuffix(":"), unit.removeprefix("["), description, key.endswith(":")))
    return tuple(found)


_YEAR = "year calendar year"

RESULT_TABLES: dict[TableName, ResultTable] = {
    "summary": _table(
        "measure: what is measured",
        "year calendar year; blank: whole horizon (exposure: from frontier_from_year on)",
        "value the measure",
        "unit: its unit",
    ),
    "costs": _table(
        "term: cost term (model/formulation/README.md)",
        "kind: supply (what goods cost), penalty (stated prices of shortage and of what is missed), or public (burden)",
        "mineral: own mineral of what is made, shipped, collected, stored or short; blank: of all together",
        _YEAR,
        "usd_million [USD million] cost, not discounted",
        "discounted_usd_million [USD million] cost, discounted to first_year",
        title="Cost by term and year",
        note="Every cost term of every mineral in every year.",
    ),
    "production": _table(
        "facility: facility",
        "mineral: own mineral of the material",
        "stage: stage of the material",
        "material: material",
        "region: region of the facility",
        "pathway: pathway of the facility in that year",
        "provenance: provenance of the output",
        "role: main, coproduct or saved",
        _YEAR,
        "t [t/yr] output",
    ),
    "capacity": _table(
        "facility: facility",
        _YEAR,
        "existing_t [t/yr] capacity that exists without a decision, nameplate the home buyer can contract",
        "new_t [t/yr] new capacity online, nameplate",
        "retained_t [t/yr] existing capacity kept open on market terms, or by a contract in force",
        "contracted_t [t/yr] existing capacity kept open by a contract",
        "utilisation [share] output over open nameplate",
    ),
    "builds": _table(
        "facility: facility",
        "financed_by: merchant, or the support offer",
        "decision_year year of the decision",
        "online_year first year of output",
        "t_per_year [t/yr] nameplate",
        "capex_usd_million [USD million] investment",
        "whole_t_per_year [t/yr] nameplate of the whole project, all decisions together; blank: no limit",
        "tied_with: facilities that could be built instead at the same cost and exposure, separated by commas",
    ),
    "awards": _table(
        "facility: facility",
        "offer: support offer, or the name of the contract in force",
        "form: two_way, floor, floor_with_share, premium, grant or loan",
        "applies_to: new or existing capacity (one facility may get both in one year), or in force: signed before",
        "award_year year of the award; of a contract in force, its first year in the plan",
        "first_year first year in which output is covered or money moves",
        "last_year last year in which output is covered or money moves",
        "t_per_year [t/yr] nameplate that is supported; of a contract in force, the output it covers",
        "amount [see unit] break-even strike, premium, or share of capex; of a contract in force, what was agreed",
        "unit: unit of the amount",
        "paid_usd_million [USD million] treasury pays or grants, up to last_year of the plan",
        "lent_usd_million [USD million] treasury lends, up to last_year of the plan",
        "back_usd_million [USD million] treasury is paid back, up to last_year of the plan",
        "tail_usd_million [USD million] treasury pays or lends after it",
        "tail_back_usd_million [USD million] treasury is paid back after it",
        "stress_paid_usd_million [USD million] paid or granted with prices down by cfd_stress_price_drop",
        "stress_lent_usd_million [USD million] lent then",
        "stress_back_usd_million [USD million] paid back then",
        "stress_tail_usd_million [USD million] paid or lent then after last_year of the plan",
        "stress_tail_back_usd_million [USD million] paid back then after last_year of the plan",
        "net_present_usd_million [USD million] present value of all that is paid and lent less what comes back",
        "stress_net_present_usd_million [USD million] the same with prices down by cfd_stress_price_drop",
        "tied_with: of new capacity, facilities that could be built instead at the same cost and exposure",
    ),
    "award_years": _table(
        "facility: facility",
        "offer: support offer, or the name of the contract in force",
        "form: form of the support",
        "applies_to: new or existing capacity, or in force",
        "award_year year of the award",
        "year calendar year, also after last_year of the plan",
        "t [t/yr] covered tonnes; of a grant or loan 0",
        "amount [see unit] strike, premium, or share of capex",
        "unit: unit of the amount",
        "reference_usd_per_t [USD/t] reference price; blank for a grant or loan",
        "paid_usd_million [USD million] treasury pays or grants",
        "lent_usd_million [USD million] treasury lends",
        "back_usd_million [USD million] treasury is paid back",
        "stress_paid_usd_million [USD million] paid or granted with prices down by cfd_stress_price_drop",
        "stress_lent_usd_million [USD million] lent then",
        "stress_back_usd_million [USD million] paid back then",
        title="Support year by year",
        note="Covered tonnes, amount, reference price, and money in both views.",
    ),
    "instruments": _table(
        "form: form of support",
        "mineral: own mineral of what is made",
        "projects number of facilities",
        "t_per_year [t/yr] nameplate that is supported, t of the mineral",
        "clear_t [t] output of it up to last_year that is clear of regions of concern, t of the mineral",
        "net_present_usd_million [USD million] present value of all that is paid and lent less what comes back",
        "stress_net_present_usd_million [USD million] the same with prices down by cfd_stress_price_drop",
        "usd_per_clear_t [USD/t] net present value over clear output; blank: none",
        "stress_usd_per_clear_t [USD/t] the same with prices down by cfd_stress_price_drop",
        title="Which support: the plan by form",
        note="Forms of support beside each other: money in both views, and what it buys.",
    ),
    "break_even": _table(
        "facility: facility",
        "offer: support offer",
        "form: form of support",
        "applies_to: new or existing capacity",
        "decision_year year of the decision, or first delivery year of existing capacity",
        "amount [see unit] lowest amount at which the owners earn their hurdle rate; blank: none is enough",
        "unit: unit of the amount",
        "reference_usd_per_t [USD/t] reference price of the first delivery year",
        "merchant_npv_usd_per_tpa [USD per t/yr] net present value without support; blank for existing capacity",
        "status: needs no support, offered, or why not",
        "net_present_usd_per_tpa [USD per t/yr] present value of what the treasury then pays less what comes back",
        "stress_net_present_usd_per_tpa [USD per t/yr] the same with prices down by cfd_stress_price_drop",
    ),
    "deliveries": _table(
        "segment: segment of use",
        "mineral: own mineral of the material",
        "material: material",
        "region: region of the demand",
        _YEAR,
        "clear_t [t/yr] delivered, clear of regions of concern at every step",
        "exposed_t [t/yr] delivered, exposed at some step",
        "saved_t [t/yr] demand saved by substitution",
        "unmet_t [t/yr] demand not met",
    ),
    "balances": _table(
        "material: material",
        "region: region",
        "provenance: provenance",
        _YEAR,
        "made_t [t/yr] main products made",
        "taken_t [t/yr] coproducts recovered",
        "collected_t [t/yr] scrap collected",
        "shipped_in_t [t/yr] arrived",
        "released_t [t/yr] released from stock",
        "downgraded_t [t/yr] clear tonnes used as exposed ones (+ in, - out)",
        "used_t [t/yr] used as input",
        "shipped_out_t [t/yr] shipped away",
        "delivered_t [t/yr] delivered to demand",
        "stocked_t [t/yr] put into stock",
        "sold_t [t/yr] sold to an outlet",
    ),
    "mix": _table(
        "mineral: mineral",
        "stage: stage",
        _YEAR,
        "pathway: pathway",
        "t [t/yr] output, t of the mineral",
        "share [share] of the stage's output",
    ),
    "exposure": _table(
        "mineral: mineral",
        "stage: stage, or chain for end to end over demand",
        "segment: segment of demand; * all together",
        _YEAR,
        "located_share [share] made in regions of concern, of the stage's output (setting sales_count_in_stages = no: "
        "less what outlets take); blank for chain",
        "controlled_share [share] with ownership and technology; for chain: exposed deliveries over demand",
        "cap [share] tightest cap; blank: none",
        "price_usd_million_per_point [USD million per percentage point] slope at the plan: saved by one point more "
        "of the caps; blank: they cannot bind",
    ),
    "trade": _table(
        "from_region: origin",
        "to_region: destination",
        "material: material",
        "provenance: provenance",
        _YEAR,
        "t [t/yr] shipped",
    ),
    "scrap": _table(
        "material: scrap",
        "region: region",
        _YEAR,
        "collected_t [t/yr] collected",
        "available_t [t/yr] that can be collected",
    ),
    "stockpiles": _table(
        "material: material",
        "region: region",
        "provenance: provenance",
        _YEAR,
        "stock_t [t] level at year end",
        "in_t [t/yr] put into stock",
        "out_t [t/yr] released",
    ),
    "resources": _table(
        "limit: limit",
        "resource: resource (waste t, co2 t, water m3, workers, capital USD million)",
        _YEAR,
        "used used, in units of the resource",
        "limit_value limit, in units of the resource; blank: none",
        "price_usd_million [USD million] paid for the units used",
    ),
    "shadow_prices": _table(
        "constraint: constraint (model/formulation/README.md)",
        "key: what it is about",
        "year calendar year; blank: the whole horizon",
        "value the shadow price; undiscounted where the row has a year, present value where it has none",
        "unit: its unit",
        "meaning: its sign in words",
    ),
    "influence": _table(
        "rank by size of the influence; blank: numbers that only jump",
        "sheet: sheet of the number",
        "record: key of its row",
        "column: column; years of a path over the years, of which all are ten percent more",
        "value the number, or the mean of the path, in the unit of its column",
        "source: source its row names",
        "confidence: published, derived or assumed",
        "usd_million_per_10_percent [USD million] change of the discounted cost, by the slope at the plan",
        "jumps: yes: it also decides who can be financed, on which terms, or under a limit; that is left aside",
        in_order=True,
    ),
    "price_steps": _table(
        "constraint: constraint (model/formulation/README.md)",
        "key: what it is about; of demand all segments together",
        "mineral: mineral; blank: concerns several",
        "step size of a step, on average over its years",
        "unit: unit of the step",
        "first_year first year in which the step is made; blank: over the whole plan",
        "last_year last year in which the step is made",
        "up_usd_million [USD million] what a step more saves (of demand: costs), present value of the whole plan",
        "up_penalties_usd_million [USD million] of which prices of shortage and of what is missed",
        "down_usd_million [USD million] what a step less costs (of demand: saves); blank: as much, or not possible",
        "down_penalties_usd_million [USD million] of which prices of shortage and of what is missed",
        "slope_usd_million [USD million] what the shadow prices say of the step: right for small steps only",
        "usd_per_t [USD/t] what a step more saves or costs for each tonne of it and year; blank: not in tonnes",
    ),
    "waits": _table(
        "facility: project that the plan decides on in its first year; the largest investments are looked at",
        "t_per_year [t/yr] new capacity decided then, nameplate",
        "wait_usd_million [USD million] what the plan costs more where that decision is taken later or not at all, "
        "present value; blank: no plan then satisfies every rule",
        "wait_penalties_usd_million [USD million] of which prices of shortage and of what is missed",
    ),
    "changes": _table(
        "sheet: sheet",
        "record: key of the row",
        "column: column",
        "year calendar year; blank: all",
        "old: value before",
        "new: value after",
        in_order=True,
    ),
    "breaches": _table(
        "constraint: constraint that is missed (model/formulation/README.md)",
        "key: which",
        _YEAR,
        "amount by how much",
        "unit: its unit",
        "cost_usd_million [USD million] breach price paid, not discounted",
        title="Caps, targets and covers that are missed",
        note="What is missed, by how much, and what that costs.",
    ),
    "concentration": _table(
        "mineral: mineral",
        "stage: stage",
        _YEAR,
        "hhi [index] Herfindahl-Hirschman index over regions, 0 to 10,000",
        "top3_share [share] share of the three largest regions",
        title="Concentration",
        note="How much each stage rests on few regions.",
    ),
    "import_reliance": _table(
        "mineral: mineral",
        _YEAR,
        "imported_t [t/yr] shipped into the home region in any form, t of the mineral",
        "exported_t [t/yr] shipped out of the home region or sold to its outlets in any form, t of the mineral",
        "mined_t [t/yr] made by home plants that use no form of the mineral, coproducts included, t of the mineral",
        "recycled_t [t/yr] old scrap collected or recovered at home, t of the mineral; new scrap is not supply",
        "released_t [t/yr] out of stocks less into stocks, t of the mineral",
        "consumption_t [t/yr] apparent consumption: mined, recycled, imported less exported, and released",
        "share [share] net import reliance (USGS): imported less exported and released, over consumption; below "
        "0: net exporter",
        title="Import reliance",
        note="Net imports over apparent consumption, in all forms of the mineral.",
    ),
    "rents": _table(
        "region: foreign region of the sellers",
        "mineral: own mineral of what they sell",
        _YEAR,
        "usd_million [USD million] paid to sellers with cost_basis spread beyond their variable and fixed cost and "
        "their inputs at the price; below zero where they do not earn these; not discounted",
        title="Rents of foreign sellers",
        note="What sellers with cost_basis spread keep beyond their own cost.",
    ),
    "frontier": _analysis(
        "point number of the point, from the least-cost plan to the least exposed one",
        "cap [share] highest exposure index allowed",
        "exposure_index [share] weighted mean of the minerals' exposed shares of demand from frontier_from_year on",
        "most_exposed: the mineral with the largest exposed share; blank: none is exposed",
        "most_exposed_share [share] its exposed share of demand from frontier_from_year on",
        "most_short: the mineral with the largest share of demand not met; blank: none is short",
        "most_short_share [share] its share of demand not met, over all years",
        "cost_usd_million [USD million] discounted cost",
        "without_penalties_usd_million [USD million] of which for supply and the burden of public money",
        "penalties_usd_million [USD million] of which prices of shortage and of what is missed",
        "support_budget_usd_million [USD million] limited support budgets (expected view), all pots; blank: no limit",
        "support_usd_million [USD million] treasury pays and lends, up to last_year",
        "usd_million_per_point [USD million per percentage point] extra cost since the point before, over its exposure",
        "penalties_usd_million_per_point [USD million per percentage point] penalties in it",
        "budget_multiple [multiple] what the support budgets are multiplied with",
        title="Frontier",
        note="Least cost for every exposure, at each size of the support budgets.",
    ),
    "frontier_minerals": _analysis(
        "point number of the point",
        "budget_multiple [multiple] what the support budgets are multiplied with",
        "mineral: mineral",
        "exposed_share [share] exposed share of demand from frontier_from_year on",
        "unmet_share [share] share of demand not met, over all years",
        title="Minerals on the frontier",
        note="What of each mineral is exposed and not met at every point.",
    ),
    "frontier_plans": _analysis(
        "point number of the point",
        "budget_multiple [multiple] what the support budgets are multiplied with",
        "facility: facility",
        "t_per_year [t/yr] new capacity, over all years",
        "difference_t_per_year [t/yr] more than in the least-cost plan at the budgets as they are",
        "tied_with: facilities that could be built instead at this point's cost and exposure, separated by commas",
        title="Plans on the frontier",
        note="What the points of the frontier decide.",
    ),
    "stress": _analysis(
        "shock: shock",
        "extra_cost_usd_million [USD million] cost beyond the plan's without the shock, discounted, breaches included",
        "extra_without_penalties_usd_million [USD million] of which for supply and the burden of public money",
        "extra_penalties_usd_million [USD million] of which prices of shortage and of what is missed",
        "exposure_index [share] weighted mean of the minerals' exposed shares of demand from frontier_from_year on",
        "most_exposed: the mineral with the largest exposed share; blank: none is exposed",
        "most_exposed_share [share] its exposed share of demand from frontier_from_year on",
        "most_short: the mineral with the largest share of demand not met; blank: none is short",
        "most_short_share [share] its share of demand not met, over all years",
        "support_usd_million [USD million] treasury pays and lends, up to last_year",
        title="Stress tests",
        note="Every plan against every shock: what it costs more, what is short, what is exposed.",
    ),
    "stress_minerals": _analysis(
        "shock: shock",
        "mineral: mineral",
        "exposed_share [share] exposed share of demand from frontier_from_year on",
        "unmet_share [share] share of demand not met, over all years",
        title="Minerals under shocks",
        note="What of each mineral is exposed and not met under each shock.",
    ),
    "stress_breaches": _analysis(
        "shock: shock",
        "constraint: constraint that is missed; obligation_floor: contracted tonnes that are not made",
        "key: which",
        _YEAR,
        "amount by how much",
        "unit: its unit",
        "cost_usd_million [USD million] price paid, not discounted",
        title="Missed under shocks",
        note="Caps, targets, covers and contracts that cannot be kept under a shock.",
    ),
    "stress_savings": _analysis(
        "shock: shock",
        "kind: stock, contract (signed before the shock is known, or the plan) or facility (built without one)",
        "name: material/region of a stock, facility/offer of a contract, or facility",
        "saved_usd_million [USD million] how much larger the extra cost of the shock would be without it",
        "without_penalties_usd_million [USD million] of which for supply and the burden of public money",
        "penalties_usd_million [USD million] of which prices of shortage and of what is missed",
        title="What softens the shocks",
        note="How much larger the extra cost of a shock would be without it.",
    ),
    "regret": _analysis(
        "shock: shock",
        "regret_usd_million [USD million] what it would have saved to know the shock from the start, discounted",
        "is_worst: yes: the shock with the largest regret of the plan",
        "without_penalties_usd_million [USD million] regret for supply and the burden of public money",
        "penalties_usd_million [USD million] regret in prices of shortage and of what is missed",
        title="Regret",
        note="What it would have saved to know each shock from the start. Each plan is measured against foresight "
        "under its own rules and offers: regrets of plans that differ in these do not rank them.",
    ),
    "failures": _analysis(
        "rank by extra cost; failures are of the first plan",
        "kind: region, facility, route, material (all that a region makes of it), or pair",
        "name: region, facility, route, material/region, or both of a pair",
        "first_year first year in which it stands still",
        "last_year last year in which it stands still",
        "extra_cost_usd_million [USD million] cost beyond the plan's, discounted, penalties included",
        "penalty_usd_million [USD million] penalties for shortage and for limits that are missed; the rest is supply",
        "worst_mineral: mineral of which most months of demand are lost; blank: none",
        "months_lost [months] demand for it that is not met, in months of its demand at that time",
        "same_as: a worse failure that this one is most of: it stands still with that one; blank: none",
        title="Points of failure",
        note="What it costs the first plan when one thing stands still for some years.",
    ),
    "failure_minerals": _analysis(
        "kind: kind of failure",
        "name: what fails",
        "mineral: mineral",
        "unmet_t [t] demand not met because of it, all years, t of the mineral",
        "months_lost [months] in months of its demand at that time",
        title="Minerals short by failure",
        note="What single failures leave short.",
    ),
    "failure_helpers": _analysis(
        "kind: kind of failure",
        "name: what fails",
        "helper: facility that makes or saves more, or stock that releases more, while it stands still",
        "helper_name: facility, or material/region of a stock",
        "t [t] how much more, in all years of failure",
        title="What steps in",
        note="Who makes, saves or releases more while something stands still.",
    ),
    "failure_measures": _analysis(
        "kind: kind of the worst single failure",
        "name: what fails",
        "measure: trade (arranged anew before it), or with such trade a larger project or stock",
        "measure_name: facility, or material/region of a stock",
        "more_t [t] how much larger: new capacity in t/yr, or the stock when the failure begins in t",
        "premium_usd_million [USD million] what the measure costs where nothing fails, discounted, penalties included",
        "premium_penalties_usd_million [USD million] penalties in it",
        "saved_usd_million [USD million] how much smaller the extra cost of the failure is, the measure paid",
        "saved_penalties_usd_million [USD million] penalties in it",
        "worth_from [share] probability of the failure from which the measure pays on average",
        title="What would blunt the worst failure",
        note="Each measure alone, taken before the failure; cheapest for what it saves first.",
    ),
    "draw_builds": _analysis(
        "facility: facility",
        "class: no regret: built in at least 90 % of draws; depends; never: in less than 10 %, or in none",
        "built_share [share] of draws in which it is built",
        "low_t_per_year [t/yr] nameplate that 5 % of draws are below",
        "median_t_per_year [t/yr] nameplate, median",
        "high_t_per_year [t/yr] nameplate that 95 % of draws are below",
        "decision_year year of its first decision, median of the draws in which it is built; blank: in none",
        "depends_on: input whose rank goes most with whether it is built; blank: none beyond what chance would do",
        "correlation rank correlation of the two, -1 to 1",
        "tied_share [share] of draws in which another project could be built instead at the same cost and exposure",
        "tied_with: these other projects, of at least one draw in ten, separated by commas",
        title="Projects over all draws",
        note="In which share of draws each is built, and on what that depends.",
    ),
    "draw_years": _analysis(
        "measure: of a year: cost (without penalties), penalties, exposure or outlay",
        _YEAR,
        "p5 value that 5 % of draws are below",
        "p25 value that 25 % are below",
        "p50 median",
        "p75 value that 75 % are below",
        "p95 value that 95 % are below",
        "unit: its unit",
        title="Fans over all draws",
        note="Cost, exposure and outlay of each year, as they spread over the draws.",
    ),
    "draw_drivers": _analysis(
        "measure: what is driven: a column of the table draws",
        "input: what is uncertain",
        "correlation rank correlation of the two, -1 to 1",
        "partial_correlation rank correlation with the other strong inputs held; blank: not one of the ten strongest",
        "beyond_chance: yes: stronger than the strongest of so many inputs would be by chance in one case of twenty",
        title="What drives the draws",
        note="Rank correlation of what is uncertain with what comes of it.",
    ),
    "draws": _analysis(
        "draw number of the draw; draws are of the first plan",
        "status: optimal, or why there is no plan",
        "cost_usd_million [USD million] discounted cost, everything decided anew",
        "penalty_usd_million [USD million] penalties in it",
        "exposure_index [share] weighted mean of the minerals' exposed shares of demand, from frontier_from_year on",
        "most_short_share [share] demand not met of the mineral that is most short, all years",
        "pays_usd_million [USD million] treasury pays on support, up to last_year",
        "kept_cost_usd_million [USD million] discounted cost with the plan's decisions before commit_year kept",
        "kept_penalty_usd_million [USD million] penalties in it",
        "regret_usd_million [USD million] how much more that is than the best decisions with the same offers",
        "regret_penalty_usd_million [USD million] penalties in it",
        title="Draws",
        note="Every draw: what it costs decided anew, and with the plan's early decisions kept.",
    ),
    "draw_inputs": _analysis(
        "draw number of the draw",
        "input: what is uncertain",
        "u [share] how high it was drawn: 0 at its lowest, 1 at its highest",
        title="What was drawn",
        note="How high every input was in every draw.",
    ),
    "foresight": _analysis(
        "measure: cost (discounted), penalties in it, exposure_index, most_short_share; of the first plan",
        "limited value if it is decided year by year, seeing foresight_years",
        "full value if all years are foreseen",
        "difference limited less full; of the cost it is the value of looking ahead",
        "unit: unit of the three",
        title="Limited foresight",
        note="The plan decided year by year, and with all years foreseen.",
    ),
    "foresight_builds": _analysis(
        "facility: facility decided in another year or size",
        "limited_t_per_year [t/yr] new capacity with limited foresight, all years",
        "full_t_per_year [t/yr] new capacity with full foresight",
        "limited_year year of its first decision with limited foresight; blank: none",
        "full_year year of its first decision with full foresight; blank: none",
        "years_late [years] how much later it is decided; blank: in one of the two only",
        "tied_with: facilities that could be built instead at no cost, with full foresight or as seen when deciding",
        title="Built otherwise with limited foresight",
        note="Projects decided in another year or size with limited foresight.",
    ),
    "hedge": _analysis(
        "measure: hedged: one plan for all shocks; plan: the plan for no shock kept; foreseen: each future known",
        "value the measure; discounted cost; tail: mean of the worst hedge_cvar_tail of outcomes",
        "unit: its unit",
        "without_penalties_usd_million [USD million] of which for supply and public money; blank: no cost",
        "penalties_usd_million [USD million] of which prices of shortage and of what is missed",
        title="Hedged plan",
        note="One plan against all shocks at their probabilities.",
    ),
    "hedge_decisions": _analysis(
        "decision: build (without support), support, or stock (level at year end)",
        "name: facility, or material/region of a stock",
        "year year of the decision, award or level, before the last shock is known",
        "hedged_t [t] t or t/yr the hedged plan decides, as long as no shock has come",
        "most_single_t [t] most that any plan made for one future decides: the plans, and those that foresee a shock",
        "expected_t [t] mean over futures of what is decided where the future is foreseen",
        "tied_with: facilities that could be built instead at the same expected cost; of a stock, blank",
        title="Decisions of the hedged plan",
        note="Beside what plans made for one future decide.",
    ),
    "alternatives": _analysis(
        "slack [share] how much more than the least cost is allowed",
        "measure: what is measured: a pathway share, the treasury's outlay, or new capacity of a facility",
        "lowest lowest value within the slack",
        "highest highest value within the slack",
        "at_least_cost value in the least-cost plan",
        "unit: its unit",
        "lowest_without_penalties_usd_million [USD million] what the plan with the lowest value costs more than the "
        "least-cost plan, for supply and the burden of public money",
        "lowest_penalties_usd_million [USD million] and in prices of shortage and of what is missed",
        "highest_without_penalties_usd_million [USD million] the same of the plan with the highest value",
        "highest_penalties_usd_million [USD million] and in prices of shortage and of what is missed",
        title="Near-optimal alternatives",
        note="Lowest and highest value of each measure within a slack of least cost.",
    ),
    "lead_times": _analysis(
        "facility: facility",
        "lead_time_years [years] lead time of a decision in first_year",
        "t_per_year [t/yr] new capacity in the least-cost plan",
        "t_per_year_sooner [t/yr] new capacity with one year less of lead time",
        "usd_million [USD million] discounted cost that one year less would save",
        "without_penalties_usd_million [USD million] of which for supply and the burden of public money",
        "penalties_usd_million [USD million] of which prices of shortage and of what is missed",
        title="Lead times",
        note="What a shorter lead time would be worth.",
    ),
}


def is_table(name: str) -> TypeGuard[TableName]:
    """Return whether a results table has this name."""
    return name in RESULT_TABLES


ANALYSIS_TABLES = tuple(name for name, table in RESULT_TABLES.items() if table.of_analysis)
"""Tables of the analyses, in the order in which they are shown."""
