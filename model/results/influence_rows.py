"""The effect of a relative change of a number on the rows it is in, by their prices, with all decisions unchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from model.data import PlanningData
from model.data.adjacency import KILO
from model.results.influence_coefficients import add_coefficients, content_number, whole
from model.results.influence_costs import Ledger, Share, facility_number
from model.results.plan import Key, Plan
from model.solver.in_order import Solved
from model.workbook.schema import ALL


def add_rows(ledger: Ledger, plan: Plan, solved: Solved) -> None:
    """Every number that is on the right-hand side of a row, or a coefficient in it."""
    _add_right_sides(ledger, plan, solved)
    add_coefficients(ledger, plan, solved)
    for number, amount in _shares_of_output(plan):
        ledger.add(*number, amount)


def _add_right_sides(ledger: Ledger, plan: Plan, solved: Solved) -> None:
    """`y * b` of every row, shared among the numbers `b` is made of."""
    program, price = solved.program, solved.first.row_dual
    for n in np.flatnonzero(price):
        name, index = program.rows[n]
        find = RIGHT_SIDES.get(name)
        bound = program.row_upper[n] if np.isfinite(program.row_upper[n]) else program.row_lower[n]
        worth = float(price[n] * bound)
        for number, share in find(plan.data, index) if find and worth else ():
            ledger.add(*number, worth * share)


def _of_demand(_: PlanningData, index: Key) -> list[Share]:
    return whole(("demand", str(index[0]), "years"))


def _contracted(column: str) -> Callable[[PlanningData, Key], list[Share]]:
    """Return a size of a facility, of which the home buyer can contract a share."""
    return lambda data, index: [
        (facility_number(data, str(index[0]), each), 1.0) for each in (column, "offtake_share")
    ]  # fmt: skip


def _path(sheet: str) -> Callable[[PlanningData, Key], list[Share]]:
    return lambda _, index: whole((sheet, str(index[0]), "years"))


def _stock(column: str) -> Callable[[PlanningData, Key], list[Share]]:
    return lambda _, index: whole(("stockpiles", f"{index[0]}/{index[1]}", column))


def _of_collection(data: PlanningData, index: Key) -> list[Share]:
    i, r, _ = index
    known = {record.key for record in data.lookup.tables["scrap"]}
    columns = [quantity for quantity in ("arisings", "collection_rate") if (i, r, quantity) in known]
    return [(("scrap", f"{i}/{r}/{quantity}", "years"), 1.0) for quantity in columns]


def _of_cover(data: PlanningData, index: Key) -> list[Share]:
    """Days of demand: of the days, and of each demand by its size."""
    i, r, t = index
    rows = {d: data.demand.amount.get((d, t), 0.0) for d, row in data.demand.rows.items()
            if (row.material, row.region) == (i, r)}  # fmt: skip
    whole = sum(rows.values())
    return [
        (("stockpiles", f"{i}/{r}", "min_cover_days"), 1.0),
        *((("demand", d, "years"), amount / whole) for d, amount in rows.items()),
    ]


def _of_final_level(data: PlanningData, index: Key) -> list[Share]:
    """Return what is stated; else what would be left of the initial level, or all there is room for."""
    record = next(record for record in data.lookup.tables["stockpiles"] if record.key == index[:2])
    if record["final_t"] is not None:
        return whole(("stockpiles", record.label, "final_t"))
    left = record.number("initial_t") * (1 - record.number("loss")) ** len(data.years)
    return whole(("stockpiles", record.label, "initial_t" if left <= record.number("max_t") else "max_t"))


def _of_budget(data: PlanningData, index: Key) -> list[Share]:
    """Return a pot, of which contracts in force have had their part."""
    pot, view, t = index
    record = next(record for record in data.lookup.tables["support_budgets"] if record.key == (pot, view))
    stated, left = record.years[min(int(t), data.years[-1])], data.contracts.budget[str(pot), str(view), int(t)]
    return [(("support_budgets", record.label, "years"), stated / left)] if left > 0 else []


def _of_group(data: PlanningData, index: Key) -> list[Share]:
    """Return a limit on all capacity, of which existing plants have had their part."""
    x, t = index
    record = next(record for record in data.lookup.tables["group_limits"] if record.key == (x,))
    room = data.groups.room[str(x), int(t)]
    return [(("group_limits", str(x), "years"), KILO * record.years[int(t)] / room)] if room > 0 else []


def _of_chain_cap(data: PlanningData, index: Key) -> Iterator[Share]:
    """Yield a share of demand: of the share, and of each demand and content by its part."""
    c, m, t = str(index[0]), str(index[1]), int(index[2])
    yield ("exposure_caps", c, "years"), 1.0
    whole, segment = data.exposure.capped_demand[c, m, t], c.split("/")[2]
    for d, row in data.demand.rows.items():
        held = data.lookup.content.get((row.material, m), 0.0) * data.demand.amount.get((d, t), 0.0)
        if held and segment in (ALL, row.segment):
            yield ("demand", d, "years"), held / whole
            yield content_number(data, row.material, m), held / whole


def _shares_of_output(plan: Plan) -> Iterator[Share]:
    """Caps and targets on a stage: the share that is asked for, and the content of what is counted."""
    exposure = plan.data.exposure
    for (c, m, t), price in plan.duals.get("stage_exposure_limit", {}).items():
        cap, outputs = exposure.cap[c, m, t], exposure.outputs[m, exposure.stage_of[c], t]
        for out in outputs if price else ():
            held = price * out.content * plan.value("output", out.facility, out.material, t)
            yield ("exposure_caps", str(c), "years"), cap * held
            yield content_number(plan.data, out.material, str(m)), -(out.concern - cap) * held
    for name in ("mix_target_floor", "mix_target_limit"):
        for (x, m, g, t), price in plan.duals.get(name, {}).items():
            asked = exposure.target[x, m, g, t]
            counted = {(out.facility, out.material) for out in exposure.counts[x, m, g, t]}
            for out in exposure.outputs[m, g, t] if price else ():
                held = price * out.content * plan.value("output", out.facility, out.material, t)
                counts = 1.0 if (out.facility, out.material) in counted else 0.0
                yield ("mix_targets", str(x), "years"), asked * held
                yield content_number(plan.data, out.material, str(m)), -(counts - asked) * held


RIGHT_SIDES: dict[str, Callable[[PlanningData, Key], list[Share] | Iterator[Share]]] = {
    "demand_balance": _of_demand,
    "existing_capacity_limit": _contracted("capacity_tpa"),
    "reopening_limit": _contracted("capacity_tpa"),
    "site_limit": _contracted("max_new_tpa"),
    "yearly_build_limit": _contracted("max_new_tpa_per_year"),
    "reserve_limit": lambda data, index: whole(facility_number(data, str(index[0]), "reserve_t")),
    "route_limit": lambda data, index: whole(
        ("routes", data.trade.routes[str(index[0])].record.label, "capacity_tpa")
    ),
    "export_limit": _path("export_limits"),
    "resource_limit": _path("resource_limits"),
    "group_capacity_limit": _of_group,
    "outlet_limit": lambda _, index: whole(("outlets", f"{index[0]}/{index[1]}", "years")),
    "collection_limit": _of_collection,
    "stock_balance": _stock("initial_t"),
    "carried_stock_limit": _stock("initial_t"),
    "stock_size_limit": _stock("max_t"),
    "stock_release_limit": _stock("max_release_tpa"),
    "stock_cover_floor": _of_cover,
    "final_stock_floor": _of_final_level,
    "budget_limit": _of_budget,
    "chain_exposure_limit": _of_chain_cap,
}  # fmt: skip
"""Row -> the numbers its right-hand side is made of, with the share by which each moves it."""
