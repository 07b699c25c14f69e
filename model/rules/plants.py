"""What a facility is, what it is made of, and whether it can ever do anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from model.errors import Problem
from model.rules.context import Context, at, highest
from model.workbook.formatting import amount, in_years, listed, shown

_BALANCE_TOLERANCE = 1e-6
"""Contents and recipes are rounded by hand; this much of a mineral, relative, is no loss and no gain."""


def check_market_inputs(context: Context) -> Iterator[Problem]:
    """What is bought on the market has no inputs: its price pays for them."""
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
    """What is bought on the market has no cost but its price."""
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
    """What is bought on the market has no owner whose return would matter."""
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
    """What a seller at a spread sells for pays for its inputs and its own cost, but in a shock to prices."""
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
    """Only a commercial facility is ever offered a contract."""
    for facility in context.tables["facilities"]:
        if facility["cfd_eligible"] and not facility["commercial"]:
            yield at(
                facility, "cfd_eligible", "W534", f"'{facility.label}' is cfd_eligible and not commercial",
                "only commercial facilities are offered contracts", "set commercial to yes, or cfd_eligible to no",
            )  # fmt: skip


def check_substitution_recipes(context: Context) -> Iterator[Problem]:
    """Substitution saves demand; it uses and yields nothing."""
    for facility in context.tables["facilities"]:
        if facility["kind"] == "substitution":
            for row in context.recipe(facility):
                yield at(
                    row, "facility", "E319", f"'{facility.label}' is a substitution facility",
                    "it saves demand and has no recipe", "delete the row, or give the facility another kind",
                )  # fmt: skip


def check_substitution_place(context: Context) -> Iterator[Problem]:
    """Substitution stands where its output is demanded, at home or with a partner."""
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


def check_recipe_roles(context: Context) -> Iterator[Problem]:
    """A material has one part in a recipe: main output, input or coproduct."""
    for facility in context.tables["facilities"]:
        inputs = {row.text("material") for row in context.recipe(facility, "input")}
        for row in context.recipe(facility):
            if row["material"] == facility["output"]:
                yield at(
                    row, "material", "E320", f"'{row['material']}' is the output of '{facility.label}' too",
                    "a recipe lists what comes beside the main output",
                    "delete the row, and give net amounts in the others",
                )  # fmt: skip
            elif row["role"] == "coproduct" and row["material"] in inputs:
                yield at(
                    row, "material", "E321", f"'{row['material']}' is an input and a coproduct of '{facility.label}'",
                    "a material is one or the other", "keep one row with the net amount",
                )  # fmt: skip


def check_own_mineral(context: Context) -> Iterator[Problem]:
    """The sheet contents lists minerals that are not a material's own."""
    for row in context.tables["contents"]:
        material = context.materials.get(row.text("material"))
        if material is not None and material["mineral"] == row["mineral"]:
            yield at(
                row, "mineral", "E322", f"'{row['mineral']}' is the own mineral of '{material.label}'",
                "contents lists other minerals; the own one has the column content of materials", "delete the row",
            )  # fmt: skip


def check_mineral_balance(context: Context) -> Iterator[Problem]:
    """No more of a mineral leaves a facility than enters it."""
    for facility in context.tables["facilities"]:
        inputs = context.recipe(facility, "input")
        if not inputs:
            continue
        entering: dict[str, float] = defaultdict(float)
        leaving: dict[str, float] = defaultdict(float, context.content.get(facility.text("output"), {}))
        for flow, rows in ((entering, inputs), (leaving, context.recipe(facility, "coproduct"))):
            for row in rows:
                for mineral, content in context.content.get(row.text("material"), {}).items():
                    flow[mineral] += row.number("t_per_t") * content
        for mineral, out in leaving.items():
            if out > entering[mineral] * (1 + _BALANCE_TOLERANCE):
                yield at(
                    facility, "output", "W537",
                    f"{out:.4g} t of '{mineral}' leave '{facility.label}' per t made, {entering[mineral]:.4g} t enter",
                    "no more of a mineral leaves a facility than enters it", "check its recipe, content and contents",
                )  # fmt: skip


def check_stage_steps(context: Context) -> Iterator[Problem]:
    """Two steps of a mineral in a row are two stages, or the stage would be counted twice."""
    for facility in context.tables["facilities"]:
        output = context.materials.get(facility.text("output"))
        for row in context.recipe(facility, "input"):
            used = context.materials.get(row.text("material"))
            if used is None or output is None or used is output:
                continue
            if (used["mineral"], used["stage"]) == (output["mineral"], output["stage"]):
                yield at(
                    row, "material", "W538",
                    f"'{used.label}' and the output of '{facility.label}', '{output.label}', are both of stage "
                    f"'{output['stage']}'",
                    "a mineral's stage is counted once per step: caps and shares of this stage count both",
                    "give each step its own stage",
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
    """Construction is a part of the lead time."""
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


def check_inputs_reachable(context: Context) -> Iterator[Problem]:
    """What a facility uses can be had where it stands."""
    for facility in context.tables["facilities"]:
        for row in context.recipe(facility, "input"):
            material, region = row.text("material"), facility.text("region")
            if context.has_origin(material) and region not in context.reached(material, context.origins[material]):
                yield at(
                    row, "material", "W542", f"no '{material}' for '{facility.label}' can come to '{region}'",
                    f"it comes only from {listed(sorted(context.origins[material]))}",
                    "add a route, or set active to no",
                )  # fmt: skip


def check_output_useful(context: Context) -> Iterator[Problem]:
    """What a facility makes is of use somewhere it can be shipped to."""
    for facility in context.tables["facilities"]:
        material, region = facility.text("output"), facility.text("region")
        if facility["kind"] == "substitution" or material not in context.materials:
            continue
        uses = context.uses.get(material, set())
        if not uses & context.reached(material, {region}):
            where = f"it is of use only in {listed(sorted(uses))}" if uses else "nobody demands, uses or stores it"
            yield at(
                facility, "output", "W543", f"'{material}' of '{facility.label}' is of no use in '{region}'", where,
                "add a route or a use, or set active to no",
            )  # fmt: skip


def check_material_made(context: Context) -> Iterator[Problem]:
    """What is demanded or used is made somewhere."""
    for name, material in context.materials.items():
        if context.uses.get(name) and not context.has_origin(name):
            demanded = any(key[0] == name for key in context.demand)
            yield at(
                material, "material", "W544",
                f"'{name}' is {'demanded' if demanded else 'used'} in {listed(sorted(context.uses[name]))}",
                "no facility makes it, it is no coproduct or scrap, and none is in stock",
                "add where it comes from, or expect a shortage",
            )  # fmt: skip


def check_demand_reachable(context: Context) -> Iterator[Problem]:
    """What is demanded can come to where it is demanded."""
    saved = {(f["output"], f["region"]) for f in context.tables["facilities"] if f["kind"] == "substitution"}
    for row in context.tables["demand"]:
        material, region = row.text("material"), row.text("region")
        if not context.has_origin(material) or (material, region) in saved or not any(row.years.values()):
            continue
        if region not in context.reached(material, context.origins[material]):
            yield at(
                row, "region", "W545", f"no '{material}' can come to '{region}'",
                f"it comes only from {listed(sorted(context.origins[material]))}", "add a route or a facility",
            )  # fmt: skip
