"""Rules of scrap: what is collected, what comes back, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from model.errors import Problem
from model.rules.context import SUM_TOLERANCE, Context, at
from model.workbook.formatting import shown
from model.workbook.tables import Record


def check_scrap_collected(context: Context) -> Iterator[Problem]:
    """Where useful scrap arises or returns, the share that can be collected is given."""
    given = {row.key[:2] for row in context.tables["scrap"] if row["quantity"] == "collection_rate"}
    arising = {row.key[:2]: row for row in context.tables["scrap"] if row["quantity"] == "arisings"}
    returning = {
        (row.text("scrap"), region): row
        for row in context.tables["returns"]
        for product, region in context.demand
        if product == row["product"]
    }
    for place, row in (returning | arising).items():
        material, region = place
        used = context.uses.get(material, set()) & context.reached(material, {region})
        unread = context.every.may_hold("scrap", material=material, region=region, quantity="collection_rate")
        if place in given or not used or unread:
            continue
        remedy = f"add a row to scrap: {material}, {region}, collection_rate, with a share (1 for all of it)"
        if place in arising:
            yield at(
                row, "material", "E391", f"'{material}' arises in '{region}' and has no collection rate",
                "how much of it can be collected is given in the sheet scrap", remedy,
            )  # fmt: skip
        else:
            yield at(
                row, "scrap", "W633", f"'{material}' comes back in '{region}' and has no collection rate",
                "all of it can be collected, at no cost", remedy,
            )  # fmt: skip


def check_returned_mass(context: Context) -> Iterator[Problem]:
    """A product returns as other materials, and as no more than it weighs."""
    returned: dict[str, list[Record]] = defaultdict(list)
    for row in context.tables["returns"]:
        returned[row.text("product")].append(row)
        if row["product"] == row["scrap"]:
            yield at(
                row, "scrap", "E392", f"'{row['product']}' comes back as itself",
                "a product comes back as scrap, which a recycler turns into a material again",
                "name the scrap material",
            )  # fmt: skip
    for product, rows in returned.items():
        for mineral, delivered in context.content.get(product, {}).items():
            back = sum(
                row.number("t_per_t") * context.content.get(row.text("scrap"), {}).get(mineral, 0.0) for row in rows
            )
            if back > delivered * (1 + SUM_TOLERANCE):
                yield at(
                    rows[-1], "t_per_t", "W635",
                    f"{back:.4g} t of '{mineral}' come back from a tonne of '{product}', which holds {delivered:.4g}",
                    "no more of a mineral comes back than was delivered", "correct t_per_t, content or contents",
                )  # fmt: skip


def check_late_returns(context: Context) -> Iterator[Problem]:
    """Products delivered within the horizon return within it."""
    for row in context.tables["returns"]:
        if row.number("lifetime_years") >= len(context.years):
            yield at(
                row, "lifetime_years", "W631",
                f"{shown(row.number('lifetime_years'))} years in a plan of {len(context.years)}",
                "what the plan delivers comes back after its last year, so the row has no effect",
                "give the scrap of earlier deliveries as arisings in the sheet scrap, or delete the row",
            )  # fmt: skip
