"""The effect of numbers in the coefficients of rows on the cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from model.data import PlanningData
from model.results.influence_costs import INTENSITIES, Ledger, Number, Share, facility_number, site_column
from model.results.plan import Key, Plan
from model.solver.in_order import Solved


def add_coefficients(ledger: Ledger, plan: Plan, solved: Solved) -> None:
    """`-y * a * x` of every coefficient that is a number of the workbook, or part of one."""
    program = solved.program
    price = np.repeat(solved.first.row_dual, np.diff(program.start))
    worth = -price * program.value * solved.x[program.index]
    rows = np.repeat(np.arange(len(program.rows)), np.diff(program.start))
    for n in np.flatnonzero(worth):
        (row, index), (column, key) = program.rows[rows[n]], program.columns[program.index[n]]
        find = COEFFICIENTS.get((row, column))
        for number, share in find(plan.data, index, key) if find else ():
            ledger.add(*number, float(worth[n]) * share)


def whole(number: Number) -> list[Share]:
    """Return a number that moves a coefficient in full."""
    return [(number, 1.0)]


def content_number(data: PlanningData, material: str, mineral: str) -> Number:
    """Return where it stands how much of a mineral a material holds."""
    own = data.lookup.mineral_of[material] == mineral
    return ("materials", material, "content") if own else ("contents", f"{material}/{mineral}", "t_per_t")


def _of_recipe(role: str) -> Callable[[PlanningData, Key, Key], list[Share]]:
    """Return an input in the balance of its material, or a coproduct in its own row."""
    place = 0 if role == "input" else 1

    def find(data: PlanningData, index: Key, key: Key) -> list[Share]:
        f, material = str(key[0]), str(index[place])
        facility = data.lookup.facilities[f]
        known = facility.inputs if role == "input" else facility.coproducts
        return whole(("recipes", f"{f}/{material}/{role}", "t_per_t")) if material in known else []

    return find


def _of_utilisation(data: PlanningData, index: Key, _: Key) -> list[Share]:
    return whole(facility_number(data, str(index[0]), "utilisation"))


def _of_returns(data: PlanningData, index: Key, key: Key) -> Iterator[Share]:
    """Scrap that comes back: by the rate of collection, and by what a product leaves."""
    i, r, t = index
    if any(record.key == (i, r, "collection_rate") for record in data.lookup.tables["scrap"]):
        yield ("scrap", f"{i}/{r}/collection_rate", "years"), 1.0
    product = data.demand.rows[str(key[0])].material
    found = [
        (record, record.number("t_per_t"))
        for record in data.lookup.tables["returns"]
        if (record["product"], record["scrap"]) == (product, i)
        and max(1, int(record.number("lifetime_years"))) == int(t) - int(key[-1])
    ]
    whole = sum(amount for _, amount in found)
    for record, amount in found:
        yield ("returns", record.label, "t_per_t"), amount / whole


def _of_intensity(data: PlanningData, index: Key, key: Key) -> list[Share]:
    return whole(facility_number(data, str(key[0]), INTENSITIES[data.resources.resource[str(index[0])]]))


def _of_site(data: PlanningData, index: Key, key: Key) -> list[Share]:
    return whole(facility_number(data, str(key[0]), site_column(data, str(index[0]))))


def _of_content(data: PlanningData, index: Key, key: Key) -> list[Share]:
    return whole(content_number(data, data.demand.rows[str(key[0])].material, str(index[1])))


def _of_made(data: PlanningData, index: Key, key: Key) -> list[Share]:
    """Return the content of a main product in a row on the mineral that stands fourth from its end."""
    return whole(content_number(data, data.lookup.facilities[str(key[0])].output, str(index[-4])))


def _of_taken(data: PlanningData, index: Key, key: Key) -> list[Share]:
    """Return the content of a coproduct in such a row."""
    return whole(content_number(data, str(key[1]), str(index[-4])))


def _of_sold(data: PlanningData, index: Key, key: Key) -> list[Share]:
    """Return the content of what an outlet buys in such a row."""
    return whole(content_number(data, str(key[0]), str(index[-4])))


def _of_share(sheet: str) -> Callable[[PlanningData, Key, Key], list[Share]]:
    """Return the share that is asked for of a stage, which is not taken of what outlets buy."""
    return lambda _data, index, _key: whole((sheet, str(index[0]), "years"))


def _of_share_sold(sheet: str) -> Callable[[PlanningData, Key, Key], list[Share]]:
    """Return that share, and the content of what an outlet buys at the stage."""
    return lambda data, index, key: [
        ((sheet, str(index[0]), "years"), 1.0), (content_number(data, str(key[0]), str(index[1])), 1.0)
    ]  # fmt: skip


def _of_requirement(data: PlanningData, _: Key, key: Key) -> list[Share]:
    """Return the share of a project that is built: the more there could be, the less."""
    return [((*facility_number(data, str(key[0]), "max_new_tpa"),), -1.0)]


def _of_growth(data: PlanningData, index: Key, key: Key) -> list[Share]:
    """Last year's trade, by 1 + growth."""
    name, t = str(index[0]), int(index[1])
    allowed = next((share for last, share in data.pace.grown[name, t] if last == key[-1]), 0.0)
    if key[-1] == t or allowed <= 1:
        return []
    return [(("routes", data.trade.routes[name].record.label, "growth"), (allowed - 1) / allowed)]


COEFFICIENTS: dict[tuple[str, str], Callable[[PlanningData, Key, Key], list[Share] | Iterator[Share]]] = {
    ("material_balance", "make"): _of_recipe("input"),
    ("coproduct_limit", "make"): _of_recipe("coproduct"),
    **{("capacity_limit", column): _of_utilisation for column in ("retain", "rescue", "build")},
    ("collection_limit", "deliver"): _of_returns,
    **{("resource_limit", column): _of_intensity for column in ("make", "save")},
    ("resource_limit", "build"): _of_site,
    ("chain_exposure_limit", "deliver"): _of_content,
    **{
        (row, column): find
        for row in ("passed_floor", "counted_sold_floor")
        for column, find in (("sell", _of_sold), ("make", _of_made), ("save", _of_made), ("take", _of_taken))
    },
    **{
        (row, column): find(sheet)
        for row, sheet in (
            ("stage_exposure_limit", "exposure_caps"),
            ("mix_target_floor", "mix_targets"),
            ("mix_target_limit", "mix_targets"),
        )
        for column, find in (("sell", _of_share_sold), ("passed", _of_share))
    },
    ("required_project_limit", "build"): _of_requirement,
    ("route_growth_limit", "ship"): _of_growth,
}
"""Row and column -> the numbers a coefficient is made of, with the share by which each moves it."""
