"""Rules on the supply chain: recipes, stages, and whether materials can be made and are used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from model.errors import Problem
from model.rules.context import Context, at
from model.workbook.suggestions import listed

_BALANCE_TOLERANCE = 1e-6
"""Contents and recipes are rounded by hand; a smaller relative difference in a mineral is not reported."""


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
    """The sheet contents lists only minerals other than a material's own."""
    for row in context.tables["contents"]:
        material = context.materials.get(row.text("material"))
        if material is not None and material["mineral"] == row["mineral"]:
            yield at(
                row, "mineral", "E322", f"'{row['mineral']}' is the own mineral of '{material.label}'",
                "contents lists other minerals; the own one has the column content of materials", "delete the row",
            )  # fmt: skip


def check_mineral_balance(context: Context) -> Iterator[Problem]:
    """A facility does not yield more of a mineral than it takes in."""
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
    """Two consecutive steps of a mineral belong to two stages; otherwise the stage would be counted twice."""
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


def check_inputs_reachable(context: Context) -> Iterator[Problem]:
    """The inputs of a facility can reach its region."""
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
    """The output of a facility is used somewhere it can be shipped to."""
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
    """Every material that is demanded or used is made somewhere."""
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
    """Every material that is demanded can reach the region that demands it."""
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
