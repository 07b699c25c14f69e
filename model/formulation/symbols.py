"""What every letter and name in the equations stands for: where it is in the code, and which columns it comes from.

Decisions and expressions are not listed: their symbols are their names. A test asks that no equation has a symbol that
is missing here, and that every column with a number is named here or in `OUTSIDE`.
"""

from __future__ import annotations

from typing import NamedTuple

from model.workbook.schema import SETTING, SHEET


class IndexLetter(NamedTuple):
    """An index letter: what it runs over, where that is in the code, and in which sheet."""

    letter: str
    meaning: str
    code: str
    sheet: str


INDICES = (
    IndexLetter("f", "facility; `q` is the one that `f` requires", "Lookup.facilities", "facilities"),
    IndexLetter("i", "material; also `j`", "Lookup.mineral_of", "materials"),
    IndexLetter("m", "mineral", "Lookup.minerals", "minerals"),
    IndexLetter("g", "stage", "Lookup.stages", "stages"),
    IndexLetter("r", "region", "Lookup.standing", "regions"),
    IndexLetter("l", "route", "data.trade.routes", "routes"),
    IndexLetter("d", "demand row", "data.demand.rows", "demand"),
    IndexLetter("o", "provenance: `clear` or `exposed`", "model.data.lookup.PROVENANCES", ""),
    IndexLetter("t", "year", "data.years", "settings"),
    IndexLetter("v", "decision year", "data.years", "settings"),
    IndexLetter("s", "first delivery year of an award on existing capacity", "Award.year", "support_offers"),
    IndexLetter("y", "`v` or `s`", "Award.year", "support_offers"),
    IndexLetter("n", "year of operation, 0 the first", "Facility.ramp", ""),
    IndexLetter("k", "way of financing: `merchant` or an offer", "data.capacity.financed", "support_offers"),
    IndexLetter("z", "contract in force", "data.in_force.contracts", "contracts_in_force"),
    IndexLetter("c", "exposure cap", "data.exposure.cap", "exposure_caps"),
    IndexLetter("x", "limit on exports, a group or a resource, or target for the mix", "data.resources.resource",
          "export_limits, group_limits, resource_limits, mix_targets"),
    IndexLetter("pot", "pot of public money", "data.contracts.pots", "support_budgets"),
    IndexLetter("view", "view of prices: `expected` or `stress`", "data.contracts.pots", "support_budgets"),
)  # fmt: skip


class Symbol(NamedTuple):
    """A known of the equations.

    Attributes:
        name, indices: as the equations write it: `u` and `f,t`.
        meaning: in words.
        code: where it is: a part of `data` (PlanningData), or of a class of model/data.
        columns: `sheet.column` of the workbook, `sheet.years` of year columns, `settings.name` of settings; the first
            gives the unit.
        unit: where it is not that of the first column.
    """

    name: str
    indices: str
    meaning: str
    code: str
    columns: str = ""
    unit: str = ""

    @property
    def symbol(self) -> str:
        """The symbol with its indices."""
        return f"{self.name}[{self.indices}]" if self.indices else self.name

    @property
    def sources(self) -> list[str]:
        """Where in the workbook it comes from."""
        return self.columns.split()

    @property
    def given_in(self) -> str:
        """The unit it is given in."""
        return self.unit or (unit_of(self.sources[0]) if self.sources else "")


def unit_of(source: str) -> str:
    """The unit of a column, of the years of a sheet, or of a setting.

    >>> unit_of("routes.freight_usd_per_t"), unit_of("demand.years"), unit_of("settings.social_discount_rate")
    ('USD/t', 't/yr', 'share')
    """
    sheet, _, column = source.partition(".")
    if sheet == "settings":
        return SETTING[column].unit
    years = SHEET[sheet].years
    if column == "years" and years:
        return years.unit
    return SHEET[sheet].by_key[column].unit


SYMBOLS = (
    Symbol("D", "d,t", "demand", "data.demand.amount", "demand.years"),
    Symbol("E", "f,t", "capacity that exists and that the home buyer can contract", "data.capacity.existing",
           "facilities.capacity_tpa facilities.online_year facilities.retire_year facilities.offtake_share "
           "facility_paths.years"),
    Symbol("K", "f,v,k", "break-even support as a share of capex, of a grant or loan", "Award.amount",
           "support_offers.max_capex_share", "share"),
    Symbol("a", "f,i", "input per tonne of main output", "data.network.users", "recipes.t_per_t"),
    Symbol("annuity", "f,v", "yearly capital cost of new capacity", "data.costs.annuity",
           "facilities.capex_usd_per_tpa facilities.hurdle_rate facilities.life_years", "USD per t/yr and year"),
    Symbol("arisings", "i,r,t", "scrap that arises by itself", "data.recycling.collectable", "scrap.years", "t/yr"),
    Symbol("b", "f,j", "coproduct per tonne of main output", "data.network.yields", "recipes.t_per_t"),
    Symbol("budget", "pot,view,t", "budget, less what contracts in force take at full cover", "data.contracts.budget",
           "support_budgets.years"),
    Symbol("capacity", "l,t", "most that a route carries", "data.trade.capacity", "routes.capacity_tpa"),
    Symbol("capex", "f,v", "investment, with interest during construction where it is financed",
           "Facility.investment", "facilities.capex_usd_per_tpa facilities.construction_years"),
    Symbol("cfd_stress_price_drop", "", "fall of prices in the stress view", "data.contracts.new_claims",
           "settings.cfd_stress_price_drop"),
    Symbol("clawback_value", "", "worth of a dollar paid back", "data.contracts.new_charges",
           "settings.clawback_value"),
    Symbol("collection_usd_per_t", "i,r,t", "cost of collecting scrap", "data.recycling.cost", "scrap.years", "USD/t"),
    Symbol("construction_years", "f", "years over which capex is spent", "Facility.spending",
           "facilities.construction_years"),
    Symbol("content", "j,m", "tonnes of a mineral in a tonne of material (`d,m`: of the material wanted)",
           "Lookup.content", "materials.content contents.t_per_t"),
    Symbol("coverage", "k", "share of the output that an offer covers", "Award.covered", "support_offers.coverage"),
    Symbol("covered_tpa", "z", "output that a contract in force covers", "data.in_force.cover",
           "contracts_in_force.covered_tpa contracts_in_force.first_year contracts_in_force.last_year"),
    Symbol("credit", "f,t", "production credit", "data.costs.credit", "facilities.credit_usd_per_t"),
    Symbol("crf", "h,n", "capital recovery factor: h / (1 - (1 + h)^-n), the yearly payment on a dollar over n years",
           "model.data.finance.capital_recovery", unit="1/yr"),
    Symbol("decay", "l,t", "largest fall of trade that costs nothing", "data.pace.kept", "routes.decay"),
    Symbol("delta", "t", "discount factor", "data.discount", "settings.social_discount_rate"),
    Symbol("e", "f,t", "concern share: 1 in a region of concern, else that of owners and technology",
           "Facility.concern", "facilities.concern_share regions.standing"),
    Symbol("final_t", "i,r", "least stock at the end", "data.stockpile.final", "stockpiles.final_t"),
    Symbol("first_year", "", "first year of the plan", "data.years", "settings.first_year"),
    Symbol("fixed", "f,t", "yearly cost of open nameplate", "data.costs.fixed", "facilities.fixed_usd_per_tpa_year"),
    Symbol("flow_tpa", "l", "trade in the year before first_year", "data.pace.held", "routes.flow_tpa"),
    Symbol("freight", "l,t", "freight and insurance", "data.trade.freight", "routes.freight_usd_per_t"),
    Symbol("grant_share", "f,v", "share of the investment that is a public grant", "data.costs.grant",
           "facilities.grant_share"),
    Symbol("growth", "l,t", "largest growth of trade on a route (`x,t`: of the capacity of a group)", "data.pace.grown",
           "routes.growth group_limits.years"),
    Symbol("h", "f,v", "return the owners ask", "Facility.annuity", "facilities.hurdle_rate"),
    Symbol("holding", "i,r", "cost of holding a stock", "data.stockpile.holding", "stockpiles.holding_usd_per_t"),
    Symbol("idle_cost_share", "f", "share of the fixed cost of capacity that is closed", "data.costs.idle",
           "facilities.idle_cost_share"),
    Symbol("initial_t", "i,r", "stock before first_year", "data.stockpile.opening",
           "stockpiles.initial_t stockpiles.initial_concern_share"),
    Symbol("intensity", "f", "use of a resource per tonne made", "data.resources.activities",
           "facilities.waste_t_per_t facilities.co2_t_per_t facilities.water_m3_per_t", "units of the resource per t"),
    Symbol("kappa", "c,t", "highest exposed share", "data.exposure.cap", "exposure_caps.years"),
    Symbol("last_year", "", "last year of the plan", "data.years", "settings.last_year"),
    Symbol("lead", "f,v", "years from decision to first output", "Facility.lead", "facilities.lead_time_years"),
    Symbol("life", "f", "years of service of new capacity", "Facility.life", "facilities.life_years"),
    Symbol("lifetime", "d,i", "years from delivery to return", "data.recycling.returning", "returns.lifetime_years"),
    Symbol("limit", "x,t", "the number of a limit", "data.trade.export_limit data.groups.room data.resources.limit",
           "export_limits.years group_limits.years resource_limits.years", "t/yr, or units of the resource"),
    Symbol("loan_loss_share", "k", "share of repayments that is lost", "Award.repaid",
           "support_offers.loan_loss_share"),
    Symbol("loan_rate", "k", "rate of a loan", "Award.repaid", "support_offers.loan_rate"),
    Symbol("loss", "i,r", "share of a stock lost in a year", "data.stockpile.carried", "stockpiles.loss"),
    Symbol("made", "i,r,o,t", "output of a material in a region: sum_f (1 - e[f,t]) * make[f,clear,t] if clear, sum_f "
           "(make[f,exposed,t] + e[f,t] * make[f,clear,t]) if exposed; and the coproducts, sum_f take[f,i,o,t]",
           "data.network.makers data.network.takers", unit="kt/yr"),
    Symbol("max_new_tpa", "f", "most new capacity that stands at a time", "data.capacity.site_limit",
           "facilities.max_new_tpa facilities.offtake_share"),
    Symbol("max_new_tpa_per_year", "f,v", "most new capacity decided in one year", "data.capacity.yearly_limit",
           "facilities.max_new_tpa_per_year"),
    Symbol("max_release_tpa", "i,r", "most released in a year", "data.stockpile.release",
           "stockpiles.max_release_tpa"),
    Symbol("max_t", "i,r", "most that can be stored", "data.stockpile.size", "stockpiles.max_t"),
    Symbol("min_cover_days", "i,r", "days of demand a stock covers", "data.stockpile.cover",
           "stockpiles.min_cover_days"),
    Symbol("other", "f,t", "capacity that no contract in force keeps open", "data.in_force.free_capacity",
           unit="kt/yr"),
    Symbol("outlet", "i,r,t", "most that an outlet buys", "data.outlets.most", "outlets.years"),
    Symbol("p", "i,t", "reference price", "Lookup.price", "prices.years"),
    Symbol("payment", "f,v,k,t", "what the treasury pays per covered tonne at p[i,t] (`z,t`: on a contract in force): "
           "two_way K - p; floor max(0, K - p); floor_with_share the floor less upside_share of max(0, p - K); "
           "premium K; with K the break-even strike or premium",
           "Award.paid ContractInForce.payment",
           "support_offers.form support_offers.upside_share contracts_in_force.form "
           "contracts_in_force.amount_usd_per_t contracts_in_force.upside_share", "USD/t"),
    Symbol("penalty", "c", "price of missing a cap (`x` a target, `i,r` a cover or final stock, `f` a signed contract)",
           "data.exposure.breach_price data.stockpile.cover_price data.stockpile.final_price "
           "data.contracts.shortfall_price",
           "exposure_caps.breach_usd_per_t mix_targets.breach_usd_per_t stockpiles.cover_breach_usd_per_t"),
    Symbol("phi", "x,t", "share of a target", "data.exposure.target", "mix_targets.years"),
    Symbol("premium", "f,t", "what output earns above the reference price", "Lookup.spread", "facilities.premium"),
    Symbol("price", "x", "price of a unit of a resource", "data.resources.price", "resource_limits.price_usd_per_unit"),
    Symbol("price_share", "i,r", "share of the reference price that an outlet pays", "data.outlets.revenue",
           "outlets.price_share"),
    Symbol("public_funds_excess_burden", "", "cost of raising a dollar of public money", "data.excess_burden",
           "settings.public_funds_excess_burden"),
    Symbol("ramp", "f,n", "share of full output in year n: min(1, (n + 1) / (ramp_years + 1))", "Facility.ramp",
           "facilities.ramp_years", "share"),
    Symbol("rate", "i,r,t", "share of scrap that can be collected", "data.recycling.collectable", "scrap.years",
           "share"),
    Symbol("requires", "f", "facility without which no new capacity stands", "Facility.required",
           "facilities.requires"),
    Symbol("reserve_t", "f", "most that is made over all years", "data.capacity.reserve", "facilities.reserve_t"),
    Symbol("room", "l,t", "most that a route can carry once limits and plants are counted", "data.pace.held",
           unit="t/yr"),
    Symbol("salvage_share", "i,r", "share of the price that a final stock is worth", "data.stockpile.salvage",
           "stockpiles.salvage_share"),
    Symbol("sales_count_in_stages", "", "whether what outlets buy is part of a stage's output", "data.exposure.sales",
           "settings.sales_count_in_stages"),
    Symbol("shortage_cost", "d", "cost of unmet demand", "data.demand.shortage_cost",
           "demand.shortage_cost_usd_per_t materials.shortage_cost_usd_per_t"),
    Symbol("social_discount_rate", "", "rate at which cost is discounted", "Lookup.discount",
           "settings.social_discount_rate"),
    Symbol("start_tpa", "l,t", "what may be added in any case (`x`: to a group)", "data.pace.start data.groups.room",
           "routes.start_tpa group_limits.start_tpa"),
    Symbol("stays", "l,t", "share of last year's trade for which there is room", "data.pace.kept", unit="share"),
    Symbol("switching_usd_per_t", "l,t", "cost of a tonne by which trade falls faster", "data.pace.price",
           "routes.switching_usd_per_t"),
    Symbol("t_per_t", "d,i", "scrap per tonne of a delivered product", "data.recycling.returning", "returns.t_per_t"),
    Symbol("tariff", "l,t", "duty", "data.trade.tariff", "routes.tariff"),
    Symbol("tariffs_count_as_cost", "", "whether duties of the home region are a cost", "data.trade.tariff",
           "settings.tariffs_count_as_cost"),
    Symbol("term", "k", "years of delivery or repayment", "Award.covered", "support_offers.term_years"),
    Symbol("u", "f,t", "output at full capacity over nameplate", "data.capacity.utilisation",
           "facilities.utilisation facility_paths.years", "share"),
    Symbol("variable", "f,t", "cost of a tonne made, without its inputs", "data.costs.variable",
           "facilities.variable_usd_per_t facility_paths.years"),
    Symbol("w", "", "worth of a dollar paid back on a contract", "model.data.finance.counted_share",
           "settings.clawback_value", "share"),
    Symbol("workers", "f", "workers while a kt/yr is built", "data.resources.sites", "facilities.workers_per_ktpa"),
    Symbol("y", "f,n", "output of a t/yr of nameplate in year n: u[f,t] * ramp[f,n]", "Award.covered",
           "facilities.utilisation facilities.ramp_years", "share"),
)  # fmt: skip
"""In alphabetical order, capitals first."""

OUTSIDE = frozenset({
    "regions.latitude", "regions.longitude",
    "stages.order", "minerals.weight", "minerals.lead_time_cap_years", "facilities.earliest_decision_year",
    "facilities.unit_tpa", "support_offers.max_strike_usd_per_t", "support_offers.max_strike_multiple",
    "support_offers.first_award_year", "support_offers.last_award_year", "scenarios.probability",
    "scenarios.known_from_year", "uncertainty.low", "uncertainty.high",
})  # fmt: skip
"""Columns with numbers that are in no equation: they decide which decisions exist, or what is reported and analysed."""
