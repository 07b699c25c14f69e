"""Which columns may depend on the year, and what a shock does through each to what was decided before it is known.

A scenario writes years in the sheet `changes`; year columns always take them. A test asks that every column a scenario
may change is in one of these tables.
"""

from __future__ import annotations

OPERATING_YEAR_COLUMNS = {
    "capacity_tpa": "what stands has the capacity that is left; a contract on existing capacity shrinks with it",
    "utilisation": "what stands makes as much less; contracted tonnes that are missing are not paid",
    "variable_usd_per_t": "what stands has the new cost; awards keep their amount",
    "fixed_usd_per_tpa_year": "what stands has the new cost; awards keep their amount",
    "premium": "sales and purchases have the new premium; awards keep their amount",
    "credit_usd_per_t": "what is made earns the new credit; awards keep their amount",
    "concern_share": "the output of what stands has the new share",
    "offtake_share": "the home buyer can contract as much less of what exists; a contract shrinks with it",
    "standing": "what stands in the region changes its standing and its pathway with it",
    "freight_usd_per_t": "every shipment has the new freight",
    "tariff": "every shipment has the new duty",
    "growth": "trade goes on from what was shipped before, at the new pace",
    "start_tpa": "trade goes on from what was shipped before, at the new pace",
    "decay": "trade goes on from what was shipped before, at the new pace",
    "switching_usd_per_t": "trade that falls faster has the new cost",
}
"""Columns a scenario may make depend on the year of operation."""

DECISION_YEAR_COLUMNS = {
    "lead_time_years": "projects decided before keep their lead time",
    "capex_usd_per_tpa": "projects decided before keep their investment",
    "grant_share": "projects decided before keep their grant",
    "hurdle_rate": "projects decided before keep their financing",
    "max_new_tpa_per_year": "what was decided before is built",
}
"""Columns a scenario may make depend on the year of decision."""

YEAR_SHEETS = {
    "demand": "the new demand is delivered, saved or unmet",
    "prices": "contracts signed before keep their strike and are settled at the new price",
    "facility_paths": "as the column that the path replaces",
    "export_limits": "routes carry what the limit leaves; it frees their fall",
    "scrap": "scrap is collected as the new numbers allow",
    "outlets": "outlets buy the new amount",
    "exposure_caps": "the cap holds; a hard one is met by making and delivering less",
    "mix_targets": "the target holds; a hard one is met by making less",
    "group_limits": "what was built before stands and is no increase",
    "resource_limits": "what stands keeps to the limit; sites begun before fill no larger share of a lower one",
    "support_budgets": "signed awards take no more than before, and no larger share of a smaller pot",
}
"""Sheets with year columns."""

WHOLE_HORIZON_COLUMNS = frozenset({
    "value", "name", "transit", "order", "group", "weight", "lead_time_cap_years", "mineral", "stage", "content",
    "shortage_cost_usd_per_t", "t_per_t", "owner", "region", "kind", "output", "status", "online_year", "retire_year",
    "construction_years", "earliest_decision_year", "max_new_tpa", "unit_tpa", "ramp_years", "life_years", "cost_basis",
    "commercial", "cfd_eligible", "requires", "reopens", "idle_cost_share", "reserve_t", "waste_t_per_t", "co2_t_per_t",
    "water_m3_per_t", "workers_per_ktpa", "flow_tpa", "from_region", "to_region", "material", "price_share", "pathway",
    "breach_usd_per_t", "sense", "initial_t", "initial_concern_share", "max_t", "max_release_tpa", "holding_usd_per_t",
    "loss", "min_cover_days", "cover_breach_usd_per_t", "final_t", "salvage_share", "materials", "resource",
    "price_usd_per_unit", "form", "term_years", "coverage", "max_strike_usd_per_t", "max_strike_multiple",
    "upside_share", "max_capex_share", "loan_rate", "loan_loss_share", "first_award_year", "last_award_year",
    "offers", "facility", "amount_usd_per_t", "covered_tpa", "first_year", "last_year", "pot", "active",
    "latitude", "longitude",
})  # fmt: skip
"""Columns that hold for all years: only a shock known from first_year on, when nothing is decided, may change them."""
