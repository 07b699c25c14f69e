"""Rules on facilities: their kind, their costs, and whether they can ever produce."""

from __future__ import annotations

from collections.abc import Iterator

from model.errors import Problem
from model.rules.context import Context, at, highest
from model.workbook.formatting import amount, in_years, shown


def check_market_inputs(context: Context) -> Iterator[Problem]:
    """A facility that sells at the market price has no inputs: the price pays for them."""
    for facility in context.tables["facilities"]:
        if facility["cost_basis"] == "market":
            for row in context.recipe(facility, "input"):
                yield at(
                    row, "material", "E317",
                    f"'{row['material']}' is an input of '{facility.label}', whose cost_basis is market",
                    "a market facility has no inputs: its price covers them",
                    "delete the row, or set cost_basis to cost",
                )  # fmt: skip


def check_market_costs(context: Context) -> Iterator[Problem]:
    """A facility that sells at the market price has no cost but the price."""
    for facility in context.tables["facilities"]:
        if facility["cost_basis"] != "market":
            continue
        for column in ("fixed_usd_per_tpa_year", "capex_usd_per_tpa"):
            if highest(facility, column) > 0:
                yield at(
                    facility, column, "E318", f"{shown(highest(facility, column))} with cost_basis market",
                    "a market facility has no fixed cost and no capex", "clear the cell, or set cost_basis to cost",
                )  # fmt: skip
        if highest(facility, "variable_usd_per_t") > 0:
            yield at(
                facility, "variable_usd_per_t", "W532", f"{shown(highest(facility, 'variable_usd_per_t'))} is not used",
                "a market facility costs the reference price", "clear the cell, or set cost_basis to cost",
            )  # fmt: skip


def check_market_commercial(context: Context) -> Iterator[Problem]:
    """A facility that sells at the market price is not commercial: no owner's return matters."""
    for facility in context.tables["facilities"]:
        if facility["cost_basis"] == "market" and facility["commercial"]:
            yield at(
                facility, "commercial", "W533", f"'{facility.label}' is commercial and bought on the market",
                "its costs are not known, so the return of its owners cannot be computed from its price",
                "set commercial to no, or cost_basis to cost",
            )  # fmt: skip


def check_seller_capex(context: Context) -> Iterator[Problem]:
    """A seller at a spread is financed by its price."""
    for facility in context.tables["facilities"]:
        if facility["cost_basis"] == "spread" and highest(facility, "capex_usd_per_tpa") > 0:
            yield at(
                facility, "capex_usd_per_tpa", "E340",
                f"{shown(highest(facility, 'capex_usd_per_tpa'))} with cost_basis spread",
                "its owners build what they sell at the price, and home pays no capex for it",
                "clear the cell, or set cost_basis to cost where home finances it",
            )  # fmt: skip


def check_seller_contract(context: Context) -> Iterator[Problem]:
    """A seller at a spread is paid the price already."""
    for facility in context.tables["facilities"]:
        if facility["cost_basis"] == "spread" and facility["cfd_eligible"]:
            yield at(
                facility, "cfd_eligible", "W580", f"'{facility.label}' is cfd_eligible and has cost_basis spread",
                "home pays it the price, so that a contract would pay for the same tonne again",
                "set cfd_eligible to no, or cost_basis to cost",
            )  # fmt: skip


def check_seller_spread(context: Context) -> Iterator[Problem]:
    """The price of a seller at a spread covers its inputs and its own cost, except in a price shock."""
    if context.in_shock:
        return
    for facility in context.tables["facilities"]:
        needed = [facility.text("output"), *(row.text("material") for row in context.recipe(facility, "input"))]
        if facility["cost_basis"] != "spread" or any(name not in context.prices for name in needed):
            continue
        for year in context.years:
            price = (1 + facility.number("premium", year)) * context.prices[needed[0]].years[year]
            feed = sum(
                row.number("t_per_t") * context.prices[row.text("material")].years[year]
                for row in context.recipe(facility, "input")
            )
            own = facility.number("variable_usd_per_t", year)
            if price - feed < own:
                yield at(
                    facility, "cost_basis", "W581",
                    f"in {year} '{facility.label}' sells at {amount(price)} USD/t, and spends {amount(feed)} on its "
                    f"inputs and {amount(own)} on its own cost",
                    "home then pays its own cost for the step, so that the chain costs more than the price",
                    "correct prices, recipe or variable_usd_per_t, or keep them if the step is run at a loss",
                )  # fmt: skip
                break


def check_contract_without_commerce(context: Context) -> Iterator[Problem]:
    """Only a commercial facility can be offered a contract."""
    for facility in context.tables["facilities"]:
        if facility["cfd_eligible"] and not facility["commercial"]:
            yield at(
                facility, "cfd_eligible", "W534", f"'{facility.label}' is cfd_eligible and not commercial",
                "only commercial facilities are offered contracts", "set commercial to yes, or cfd_eligible to no",
            )  # fmt: skip


def check_substitution_recipes(context: Context) -> Iterator[Problem]:
    """Substitution saves demand; it has no inputs or coproducts."""
    for facility in context.tables["facilities"]:
        if facility["kind"] == "substitution":
            for row in context.recipe(facility):
                yield at(
                    row, "facility", "E319", f"'{facility.label}' is a substitution facility",
                    "it saves demand and has no recipe", "delete the row, or give the facility another kind",
                )  # fmt: skip


def check_substitution_place(context: Context) -> Iterator[Problem]:
    """Substitution is in a region that demands its output, at home or in a partner region."""
    for facility in context.tables["facilities"]:
        region = context.regions.get(facility.text("region"))
        if facility["kind"] != "substitution" or region is None:
            continue
        if (facility.text("output"), region.label) not in context.demand:
            yield at(
                facility, "output", "W535", f"there is no demand for '{facility['output']}' in '{region.label}'",
                "substitution saves demand of its own region", "correct output or region, or set active to no",
            )  # fmt: skip
        years = [year for year in context.years if region.at("standing", year) not in ("home", "partner")]
        if years:
            when = in_years(years, context.years)
            yield at(
                facility, "region", "W536", f"'{region.label}' is neither home nor partner{when}",
                "saved tonnes count as substituted at home or with a partner, elsewhere by the standing of the region",
                "move it, or keep that in mind",
            )  # fmt: skip


def check_lifespan(context: Context) -> Iterator[Problem]:
    """Existing capacity comes online before it retires."""
    for facility in context.tables["facilities"]:
        online, retire = facility.number("online_year"), facility.number("retire_year")
        if facility["status"] != "candidate" and retire <= online:
            yield at(
                facility, "retire_year", "W539", f"{shown(retire)}, and online_year {shown(online)}",
                "retire_year is the first year without the capacity", "correct one of the two",
            )  # fmt: skip


def check_construction(context: Context) -> Iterator[Problem]:
    """Construction takes no longer than the lead time."""
    for facility in context.tables["facilities"]:
        years = facility.number("construction_years")
        leads = [facility.number("lead_time_years", year) for year in context.decision_years(facility)]
        if leads and years > min(leads):
            yield at(
                facility, "construction_years", "E350", f"{shown(years)}, and lead_time_years {shown(min(leads))}",
                "the lead time counts from the decision to the first output, construction included",
                "shorten construction_years, or lengthen lead_time_years",
            )  # fmt: skip


def check_capacity_at_all(context: Context) -> Iterator[Problem]:
    """A facility has capacity, or can get some."""
    for facility in context.tables["facilities"]:
        exists = any(
            context.exists(facility, year) and facility.number("capacity_tpa", year) > 0 for year in context.years
        )
        later = facility["status"] != "candidate" and facility.number("online_year") > context.years[-1]
        closed = facility.number("max_new_tpa") == 0 or highest(facility, "max_new_tpa_per_year") == 0
        if closed and not exists and not later:
            yield at(
                facility, "capacity_tpa", "W540", f"'{facility.label}' has no capacity in any year and can get none",
                "a candidate needs max_new_tpa or capacity_tpa, any other facility capacity_tpa before it retires",
                "fill it in, or set active to no",
            )  # fmt: skip


def check_unit(context: Context) -> Iterator[Problem]:
    """A unit is no larger than what may be built."""
    if context.tables.setting("whole_projects") is not True:
        return
    for facility in context.tables["facilities"]:
        unit, most = (
            facility["unit_tpa"],
            min(facility.number("max_new_tpa"), highest(facility, "max_new_tpa_per_year")),
        )
        if isinstance(unit, float) and 0 < most < unit:
            yield at(
                facility, "unit_tpa", "W570",
                f"a unit of '{facility.label}' is {amount(unit)} t/yr, and at most {amount(most)} may be built",
                "under whole_projects only whole units are built, so this facility is never built",
                "reduce unit_tpa, or raise max_new_tpa or max_new_tpa_per_year",
            )  # fmt: skip


def check_time_to_build(context: Context) -> Iterator[Problem]:
    """A candidate can be online before the plan ends."""
    for facility in context.tables["facilities"]:
        if facility["status"] == "candidate" and not context.decision_years(facility):
            lead = shown(min(facility.number("lead_time_years", year) for year in context.years))
            yield at(
                facility, "lead_time_years", "W541", f"'{facility.label}', lead time {lead} years, is never built",
                f"it must be online by {context.years[-1]}, with a lead time within the mineral's lead_time_cap_years",
                "correct lead_time_years or earliest_decision_year, or keep that in mind",
            )  # fmt: skip
