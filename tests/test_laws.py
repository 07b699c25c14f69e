"""Laws that hold in every world, whatever its numbers: of cost, of mass, of money, of names, and of prices."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from model.data import find_planning_data
from model.errors import InfeasibleError
from model.formulation.build import build_model
from model.results.plan import Plan, solve_plan
from model.results.shadow import SHADOW_PRICES
from model.scenarios.merge import merge
from model.solver.highs import Session
from model.solver.program import Compiled, LinearProgram
from model.study.run import Run, run_study
from model.workbook import reader
from model.workbook.schema import ALL, CHAIN, OLD_SHEETS, SHEET, Column
from model.workbook.tables import Record, interpolated
from tests.support.market_worlds import PRICED
from tests.support.sheets import Sheets, write_csv, write_xlsx
from tests.support.solved_worlds import (
    SEEDS,
    base_of,
    merge_world,
    nudge,
    nudged_cost,
    solve_tables,
    solve_world,
    world_of,
)

pytestmark = pytest.mark.slow

EVERY = (None, *SEEDS)
"""The small world and the random ones."""

LEFT = ("made_t", "taken_t", "collected_t", "shipped_in_t", "released_t", "downgraded_t")
RIGHT = ("used_t", "shipped_out_t", "delivered_t", "stocked_t", "sold_t")


def tonnes(left: pd.Series, right: pd.Series) -> None:
    """Two series of tonnes by the same labels agree; a label that is missing is nothing."""
    both = pd.concat([left, right], axis=1).fillna(0.0)
    both.columns = ["left", "right"]
    wrong = both[(both["left"] - both["right"]).abs() > 1e-4 + 1e-8 * both["left"].abs()]
    assert wrong.empty, wrong.to_string()


@dataclass(frozen=True)
class Case:
    """A world and what a run of its base plan leaves behind, as anyone would read it."""

    sheets: Sheets
    run: Run
    tables: dict[str, pd.DataFrame]


@pytest.fixture(scope="module", params=EVERY, ids=lambda seed: "small" if seed is None else f"seed{seed}")
def case(request, tmp_path_factory) -> Case:
    folder = tmp_path_factory.mktemp("laws")
    sheets = base_of(request.param)
    run = run_study(write_csv(sheets, folder / "world"), folder / "results")
    assert run.exit_code == 0
    return Case(sheets, run, {path.stem: pd.read_csv(path) for path in (run.folder / "data").glob("*.csv")})


# -- cost -------------------------------------------------------------------------------------------------------------
def test_cost_terms_add_up_to_the_objective(case):
    found = case.tables
    summary = found["summary"].set_index("measure")["value"]
    assert found["costs"]["discounted_usd_million"].sum() == pytest.approx(summary["objective"], rel=1e-6)


# -- mass -------------------------------------------------------------------------------------------------------------
def test_every_balance_is_even(case):
    balances = case.tables["balances"].set_index(["material", "region", "provenance", "year"])
    tonnes(balances[list(LEFT)].sum(axis=1), balances[list(RIGHT)].sum(axis=1))


def test_balances_are_made_of_the_other_tables(case):
    found = case.tables
    by = ["material", "region", "provenance", "year"]
    balances = found["balances"].groupby(by).sum(numeric_only=True)
    production = found["production"]
    for column, rows in (("made_t", production[production["role"] == "main"]),
                         ("taken_t", production[production["role"] == "coproduct"])):  # fmt: skip
        tonnes(balances[column], rows.groupby(by)["t"].sum())
    for column, end in (("shipped_out_t", "from_region"), ("shipped_in_t", "to_region")):
        tonnes(balances[column], found["trade"].rename(columns={end: "region"}).groupby(by)["t"].sum())
    for column, flow in (("stocked_t", "in_t"), ("released_t", "out_t")):
        tonnes(balances[column], found["stockpiles"].groupby(by)[flow].sum())
    tonnes(
        balances["collected_t"].groupby(["material", "region", "year"]).sum(),
        found["scrap"].groupby(["material", "region", "year"])["collected_t"].sum(),
    )
    for provenance in ("clear", "exposed"):
        of_it = balances.xs(provenance, level="provenance")
        delivered = found["deliveries"].groupby(["material", "region", "year"])[f"{provenance}_t"].sum()
        tonnes(of_it["delivered_t"], delivered)
    # What is downgraded leaves the clear lots and enters the exposed ones.
    tonnes(
        balances["downgraded_t"].groupby(["material", "region", "year"]).sum(), pd.Series(dtype=float, name="nothing")
    )


def test_inputs_and_coproducts_follow_the_recipes(case):
    sheets, found = case.sheets, case.tables
    production = found["production"]
    recipes = pd.DataFrame(sheets["recipes"])[["facility", "material", "role", "t_per_t"]]
    main = production[production["role"] == "main"].groupby(["facility", "region", "year"])["t"].sum().reset_index()
    flows = main.merge(recipes, on="facility")
    flows["amount"] = flows["t"] * flows["t_per_t"]
    used = found["balances"].groupby(["material", "region", "year"])["used_t"].sum()
    tonnes(used, flows[flows["role"] == "input"].groupby(["material", "region", "year"])["amount"].sum())
    by = ["facility", "material", "year"]
    taken = production[production["role"] == "coproduct"].groupby(by)["t"].sum()
    yielded = flows[flows["role"] == "coproduct"].groupby(by)["amount"].sum()
    assert (taken - yielded.reindex(taken.index).fillna(0.0) <= 1e-4).all()


def test_no_mineral_appears_from_nowhere(case):
    """A mineral leaves a facility only if it went in, or was mined there."""
    sheets, found = case.sheets, case.tables
    content = {(row["material"], row["mineral"]): row.get("content") or 1.0 for row in sheets["materials"]}
    content |= {(row["material"], row["mineral"]): row["t_per_t"] for row in sheets.get("contents", [])}
    recipes = [row for row in sheets["recipes"] if row["role"] == "input"]
    # Where a recipe says so the planner was warned.
    warned = {problem.found.split("'")[3] for problem in case.run.problems if problem.code == "W537"}
    for (facility, _), rows in found["production"].groupby(["facility", "year"]):
        inputs = [(row["material"], row["t_per_t"]) for row in recipes if row["facility"] == facility]
        made = rows[rows["role"] == "main"]["t"].sum()
        for mineral in {m for _, m in content} if inputs else ():
            out = sum(t * content.get((i, mineral), 0.0) for i, t in zip(rows["material"], rows["t"], strict=True))
            entered = made * sum(a * content.get((i, mineral), 0.0) for i, a in inputs)
            assert out <= entered + 1e-3 or facility in warned


def test_demand_is_served_saved_or_unmet(case):
    sheets, found = case.sheets, case.tables
    first, last = (next(row["value"] for row in sheets["settings"] if row["setting"] == f"{end}_year")
                   for end in ("first", "last"))  # fmt: skip
    rows = {(row["segment"], row["material"], row["region"]): row for row in sheets["demand"]
            if row.get("active") != "no"}  # fmt: skip
    served = found["deliveries"].set_index(["segment", "material", "region", "year"])
    parts = served[["clear_t", "exposed_t", "saved_t", "unmet_t"]].sum(axis=1)
    wanted = {}
    for key, row in rows.items():
        path = interpolated({year: float(x) for year, x in row.items() if isinstance(year, int)},
                            range(int(first), int(last) + 1))  # fmt: skip
        wanted |= {(*key, t): amount for t, amount in path.items()}
    tonnes(parts, pd.Series(wanted).rename_axis(parts.index.names))


# -- what cannot make a plan cheaper, or dearer -----------------------------------------------------------------------
@pytest.mark.parametrize("seed", EVERY)
def test_a_tighter_exposure_cap_never_costs_less(seed, tmp_path: Path):
    sheets = base_of(seed)
    sheets["exposure_caps"] = [{"mineral": "ndpr", "scope": scope, 2026: 0.9} for scope in (CHAIN, "refining")]
    cost = []
    for n, cap in enumerate((0.9, 0.4, 0.0)):
        for row in sheets["exposure_caps"]:
            row[2026] = cap
        cost.append(solve_world(sheets, tmp_path / str(n)).objective)
    assert all(tight >= loose - 1e-6 * abs(loose) for loose, tight in itertools.pairwise(cost))
    assert cost[-1] > cost[0] + 1e-3


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("sheet", "column"), [("support_budgets", None), ("export_limits", None), ("facilities", "reserve_t")]
)
def test_more_room_never_costs_more(seed, sheet, column, tmp_path: Path):
    sheets = base_of(seed)
    if not sheets.get(sheet):
        pytest.skip("the world has none")
    change = {"sheet": sheet, "column": column, "operation": "multiply", "value": 1.5}
    tables = merge_world(nudge(sheets, change), tmp_path).tables
    before = solve_plan(merge_world(nudge(sheets, change), tmp_path, "base").tables)
    after = solve_plan(merge(reader.read(tmp_path).tables, "nudged").tables)
    assert tables[sheet]
    assert after.objective <= before.objective * (1 + 1e-7) + 1e-7


@pytest.mark.parametrize("seed", EVERY)
@pytest.mark.parametrize("there", [True, False], ids=["too_dear", "out_of_reach"])
def test_an_unused_facility_changes_nothing(seed, there, tmp_path: Path):
    sheets = base_of(seed)
    before = solve_world(sheets, tmp_path / "before").objective
    output = sheets["demand"][0]["material"]
    if there:
        sheets["facilities"].append({"facility": "idle", "region": "USA", "output": output, "capacity_tpa": 1000,
                                     "variable_usd_per_t": 1e9})  # fmt: skip
    else:
        sheets["regions"].append({"region": "MOON", "standing": "other"})
        sheets["facilities"].append({"facility": "idle", "region": "MOON", "output": output, "capacity_tpa": 1e6})
    assert solve_world(sheets, tmp_path / "after").objective == pytest.approx(before, rel=1e-7)


# -- money ------------------------------------------------------------------------------------------------------------
def is_money(column: Column) -> bool:
    return "USD" in column.unit


def in_dimes(sheets: Sheets) -> Sheets:
    """The same world, all money counted in a unit a tenth the size."""
    scaled = deepcopy(sheets)
    for written, rows in scaled.items():
        name = OLD_SHEETS.get(written, written)
        for row in rows if name in SHEET else ():
            years = SHEET[name].years
            for key, value in row.items():
                rule = years.rule(row.get(years.depends_on)) if isinstance(key, int) and years else None
                column = rule if isinstance(key, int) else SHEET[name].by_key.get(key)
                dollars = column is not None and (is_money(column) or (years is not None and "USD" in years.unit and
                                                                       isinstance(key, int)))  # fmt: skip
                # The unit of a scrap's collection cost stands in no column.
                dollars = dollars or (isinstance(key, int) and row.get("quantity") == "collection_usd_per_t")
                if dollars and isinstance(value, int | float):
                    row[key] = 10 * value
    return scaled


@pytest.mark.parametrize("seed", EVERY)
def test_ten_times_the_money_is_ten_times_the_cost(seed, tmp_path: Path):
    sheets = base_of(seed)
    before = solve_world(sheets, tmp_path / "dollars")
    after = solve_world(in_dimes(sheets), tmp_path / "dimes")
    assert after.objective == pytest.approx(10 * before.objective, rel=1e-6)
    one_by_one = zip(before.data.financing.break_even, after.data.financing.break_even, strict=True)
    for dollars, dimes in one_by_one:
        assert dimes.status == dollars.status
        assert dimes.amount == (None if dollars.amount is None else pytest.approx(10 * dollars.amount, rel=1e-9))


# -- names ------------------------------------------------------------------------------------------------------------
def renamed(sheets: Sheets, of: str) -> Sheets:
    """The same world with its rows reversed, and regions or facilities under names that sort the other way."""
    key = of.removesuffix("s") if of != "facilities" else "facility"
    old = sorted(str(row[key]) for row in sheets[of])
    new = {name: f"x{len(old) - n:03d}" for n, name in enumerate(old)}
    found = deepcopy(sheets)
    for name, rows in found.items():
        for column in SHEET[name].columns if name in SHEET else ():
            if column.refers_to == of or (name == of and column.key == key):
                for row in rows:
                    if row.get(column.key) in new:
                        row[column.key] = new[row[column.key]]
    for name in ("regions", "facilities", "routes", "recipes", "demand", "prices"):
        found[name].reverse()
    return found


@pytest.mark.parametrize("of", ["regions", "facilities"])
@pytest.mark.parametrize("seed", EVERY)
def test_names_and_order_change_nothing(seed, of, tmp_path: Path):
    sheets = base_of(seed)
    before, after = (solve_tables(world, tmp_path / n)[1] for n, world in (("a", sheets), ("b", renamed(sheets, of))))
    for measure in ("objective", "exposure_index"):
        values = [
            found["summary"].set_index("measure")["value"].loc[[measure]].iloc[0] for found in (before, after)
        ]  # fmt: skip
        assert values[0] == pytest.approx(values[1], rel=1e-6, abs=1e-7)
    assert sorted(before["break_even"]["amount"].dropna()) == pytest.approx(
        sorted(after["break_even"]["amount"].dropna())
    )


# -- scenarios, years and files ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", EVERY)
def test_a_scenario_without_changes_is_the_base(seed, tmp_path: Path):
    sheets = world_of(seed)
    sheets["scenarios"] += [{"scenario": "same", "kind": "plan"}, {"scenario": "heir", "based_on": "base, same"}]
    objectives = [solve_world(sheets, tmp_path, name).objective for name in ("base", "same", "heir")]
    assert objectives[1] == objectives[0] == objectives[2]


@pytest.mark.parametrize("seed", EVERY)
def test_interpolated_years_are_explicit_years(seed, tmp_path: Path):
    sheets = base_of(seed)
    plan = solve_world(sheets, tmp_path / "given")
    for name, rows in sheets.items():
        for row in rows if name in SHEET and SHEET[name].years else ():
            path = {t: math.inf if row[t] == "none" else float(row[t]) for t in row if isinstance(t, int)}
            for t in path:
                del row[t]
            row.update({
                t: "none" if math.isinf(x) else x for t, x in interpolated(path, plan.data.years).items()
            })  # fmt: skip
    assert solve_world(sheets, tmp_path / "explicit").objective == pytest.approx(plan.objective, rel=1e-9)


@pytest.mark.parametrize("seed", EVERY)
def test_excel_and_csv_give_the_same_plan(seed, tmp_path: Path):
    sheets = base_of(seed)
    csv = solve_world(sheets, tmp_path / "csv").objective
    book = reader.read(write_xlsx(sheets, tmp_path / "world.xlsx"))
    assert solve_plan(merge(book.tables, "base").tables).objective == pytest.approx(csv, rel=1e-12)


# -- prices -----------------------------------------------------------------------------------------------------------
SHARE_OF_STEP = 1e-3
"""How far a limit is moved, relative to itself."""


def between_slopes(objective: Callable[[float], float], here: float, step: float, price: float, what: str) -> None:
    """A dual lies between the slopes to the left and to the right, which are the same where the plan stays the same.

    The optimum is convex in every right-hand side, so this holds at kinks too; where a step leads nowhere the slope
    is infinite.
    """
    left, right = (here - objective(-step)) / step, (objective(step) - here) / step
    slack = 1e-5 * max(abs(slope) for slope in (left, right, 0.0) if math.isfinite(slope)) + 2e-7 * abs(here) / step
    assert left - slack <= price <= right + slack, f"{what}: {price} is not in {left} .. {right}"


def one(tables_: Any, sheet: str, label: str) -> Record:
    return next(record for record in tables_[sheet] if record.label == label)


def path_change(sheet: str, where: str, t: int) -> dict[str, Any]:
    return {"sheet": sheet, "where": where, "years": t, "operation": "add"}


def column_change(sheet: str, where: str, column: str, t: int | None = None) -> dict[str, Any]:
    return {"sheet": sheet, "where": where, "column": column, "years": t, "operation": "add"}


def budget(plan: Plan, key: str, t: int) -> tuple[dict[str, Any], float, float] | None:
    if t >= plan.data.years[-1]:
        return None  # the budget of the last year binds each later year too
    pot, view = key.split("/")
    size = one(plan.data.lookup.tables, "support_budgets", key).years[t]
    return path_change("support_budgets", f"pot={pot}; view={view}", t), -1.0, size


def existing(plan: Plan, key: str, t: int) -> tuple[dict[str, Any], float, float]:
    facility = plan.data.lookup.facilities[key]
    # Only what the home buyer can contract counts.
    share = facility.number("offtake_share")
    return column_change("facilities", f"facility={key}", "capacity_tpa", t), -1e-6 * share, facility.existing(t)


def export(plan: Plan, key: str, t: int) -> tuple[dict[str, Any], float, float]:
    size = one(plan.data.lookup.tables, "export_limits", key).years[t]
    return path_change("export_limits", f"limit={key}", t), -1e-6, size


def resource(plan: Plan, key: str, t: int) -> tuple[dict[str, Any], float, float]:
    size = one(plan.data.lookup.tables, "resource_limits", key).years[t]
    return path_change("resource_limits", f"limit={key}", t), -1e-6, size


def reserve(plan: Plan, key: str, _: int) -> tuple[dict[str, Any], float, float]:
    size = plan.data.lookup.facilities[key].number("reserve_t")
    return column_change("facilities", f"facility={key}", "reserve_t"), -1e-6, size


def site(plan: Plan, key: str, _: int) -> tuple[dict[str, Any], float, float]:
    facility = plan.data.lookup.facilities[key]
    share = facility.number("offtake_share")
    return (column_change("facilities", f"facility={key}", "max_new_tpa"), -1e-6 * share,
            facility.number("max_new_tpa"))  # fmt: skip


def yearly_build(plan: Plan, key: str, t: int) -> tuple[dict[str, Any], float, float]:
    facility = plan.data.lookup.facilities[key]
    share = facility.number("offtake_share")
    return (column_change("facilities", f"facility={key}", "max_new_tpa_per_year", t), -1e-6 * share,
            facility.number("max_new_tpa_per_year", t))  # fmt: skip


def collection(plan: Plan, key: str, t: int) -> tuple[dict[str, Any], float, float] | None:
    material, region = key.split("/")
    rows = {record.text("quantity"): record for record in plan.data.lookup.tables["scrap"]
            if record.key[:2] == (material, region)}  # fmt: skip
    if "arisings" not in rows or rows["arisings"].years[t] <= 0:
        return None
    rate = rows["collection_rate"].years[t] if "collection_rate" in rows else 1.0
    change = path_change("scrap", f"material={material}; region={region}; quantity=arisings", t)
    return change, -1e-6 * rate, rows["arisings"].years[t]


def final_stock(plan: Plan, key: str, _: int) -> tuple[dict[str, Any], float, float] | None:
    material, region = key.split("/")
    record = one(plan.data.lookup.tables, "stockpiles", key)
    if record["final_t"] is None:
        return None  # the level follows from initial_t, which the plan opens with as well
    size = record.number("final_t")
    return column_change("stockpiles", f"material={material}; region={region}", "final_t"), 1e-6, size


def route(plan: Plan, key: str, t: int) -> tuple[dict[str, Any], float, float] | None:
    used = plan.data.trade.routes[key]
    if used.record["material"] == ALL:
        return None  # one row of the sheet stands for a route of every material
    where = f"from_region={used.origin}; to_region={used.target}; material={used.material}"
    return column_change("routes", where, "capacity_tpa", t), -1e-6, used.record.number("capacity_tpa", t)


def route_growth(plan: Plan, key: str, t: int) -> tuple[dict[str, Any], float, float]:
    used = plan.data.trade.routes[key]
    where = f"from_region={used.origin}; to_region={used.target}; material={used.material}"
    return column_change("routes", where, "start_tpa", t), -1e-6, used.record.number("start_tpa", t)


def route_decay(plan: Plan, key: str, t: int) -> tuple[dict[str, Any], float, float] | None:
    used = plan.data.trade.routes[key]
    if t > plan.data.years[0]:
        return None  # from then on the floor is a share of what is shipped
    where = f"from_region={used.origin}; to_region={used.target}; material={used.material}"
    kept = 1 - used.record.number("decay", t)
    return column_change("routes", where, "flow_tpa"), 1e-6 * kept, used.record.number("flow_tpa")


def outlet(plan: Plan, key: str, t: int) -> tuple[dict[str, Any], float, float]:
    material, region = key.split("/")
    size = one(plan.data.lookup.tables, "outlets", key).years[t]
    return path_change("outlets", f"material={material}; region={region}", t), -1e-6, size


def group(plan: Plan, key: str, t: int) -> tuple[dict[str, Any], float, float]:
    size = one(plan.data.lookup.tables, "group_limits", key).years[t]
    return path_change("group_limits", f"limit={key}", t), -1e-6, size


NUDGES: dict[str, Callable[[Plan, str, int], tuple[dict[str, Any], float, float] | None]] = {
    "budget_limit": budget,
    "existing_capacity_limit": existing,
    "export_limit": export,
    "resource_limit": resource,
    "reserve_limit": reserve,
    "site_limit": site,
    "yearly_build_limit": yearly_build,
    "collection_limit": collection,
    "final_stock_floor": final_stock,
    "route_limit": route,
    "route_growth_limit": route_growth,
    "route_decay_floor": route_decay,
    "outlet_limit": outlet,
    "group_capacity_limit": group,
}
"""Constraint -> the change that moves its right-hand side, USD million for a unit of price, and how large it is now."""


def nudges(plan: Plan, prices: pd.DataFrame) -> Iterator[tuple[dict[str, Any], float, float]]:
    """For each constraint the costliest row that one cell moves: the change, USD million per unit, its size now."""
    for constraint, rows in prices.sort_values("value", ascending=False).groupby("constraint"):
        find = NUDGES.get(str(constraint), lambda *_: None)
        for row in rows.itertuples():
            found = find(plan, row.key, 0 if pd.isna(row.year) else int(row.year))
            if found is not None and found[2] > 0:
                discount = 1.0 if pd.isna(row.year) else plan.data.discount(int(row.year))
                yield found[0], found[1] * row.value * discount, found[2]
                break


@pytest.mark.parametrize("seed", SEEDS)
def test_an_exposed_tonne_is_worth_no_more_than_a_clear_one(seed, tmp_path: Path):
    """Where a clear tonne can be used as an exposed one; elsewhere nobody could swap them."""
    plan = solve_world(base_of(seed), tmp_path)
    for i, r, t in plan.data.network.DOWNGRADES:
        clear, exposed = (plan.dual("material_balance", i, r, o, t) for o in ("clear", "exposed"))
        assert exposed <= clear + 1e-6 * (1 + abs(clear))


@pytest.mark.parametrize("seed", [7, *SEEDS])
def test_shadow_prices_are_finite_differences_of_the_workbook(seed, tmp_path: Path):
    """The price of a limit, as the planner reads it, is what another number in the cell would save or cost."""
    sheets = base_of(seed)
    plan, found = solve_tables(sheets, tmp_path)
    tried = list(nudges(plan, found["shadow_prices"]))
    assert len(tried) >= 3
    for change, price, size in tried:
        between_slopes(
            lambda by, change=change: nudged_cost(sheets, tmp_path, {**change, "value": by}),
            plan.objective, SHARE_OF_STEP * size, price, str(change),
        )  # fmt: skip


@pytest.mark.parametrize("constraint", [name for name in PRICED if name in NUDGES])
def test_prices_of_market_rules_are_finite_differences_of_the_workbook(constraint, tmp_path: Path):
    plan, found = solve_tables(PRICED[constraint], tmp_path)
    prices = found["shadow_prices"]
    tried = list(nudges(plan, prices[prices["constraint"] == constraint]))
    assert tried, f"{constraint} has no price that a cell moves"
    for change, price, size in tried:
        between_slopes(
            lambda by, change=change: nudged_cost(PRICED[constraint], tmp_path, {**change, "value": by}),
            plan.objective, SHARE_OF_STEP * size, price, str(change),
        )  # fmt: skip


@pytest.mark.parametrize("seed", EVERY)
def test_the_price_of_demand_is_what_a_tonne_more_costs(seed, tmp_path: Path):
    """Without caps and covers, which are measured on demand themselves."""
    sheets = base_of(seed)
    sheets.pop("exposure_caps", None)
    sheets.pop("stockpiles", None)
    plan, found = solve_tables(sheets, tmp_path)
    prices = found["shadow_prices"]
    row = prices[prices["constraint"] == "demand_balance"].sort_values("value").iloc[0]
    segment, material, region = row["key"].split("/")
    year = int(row["year"])
    change = path_change("demand", f"segment={segment}; material={material}; region={region}", year)
    size = one(plan.data.lookup.tables, "demand", row["key"]).years[year]
    between_slopes(
        lambda by: nudged_cost(sheets, tmp_path, {**change, "value": by}),
        plan.objective, SHARE_OF_STEP * size, 1e-6 * row["value"] * plan.data.discount(year), str(change),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "seed"),
    [("chain_exposure_limit", 4), ("stage_exposure_limit", 1), ("stage_exposure_limit", 9), ("mix_target_floor", 9),
     ("mix_target_limit", 2), ("mix_target_limit", 6)],
)  # fmt: skip
def test_the_price_of_a_share_is_per_percentage_point(constraint, seed, tmp_path: Path):
    """A cap or target that moves by a hundredth of a percentage point moves the cost by a hundredth of its price."""
    sheet = "exposure_caps" if constraint.endswith("exposure_limit") else "mix_targets"
    sheets = base_of(seed)
    plan, found = solve_tables(sheets, tmp_path)
    prices = found["shadow_prices"]
    rows = prices[(prices["constraint"] == constraint) & ~prices["key"].str.startswith("*")]
    row = rows.sort_values("value", ascending=False).iloc[0]
    label, year = row["key"].partition(" (")[0], int(row["year"])
    where = "; ".join(f"{column}={part}" for column, part in zip(SHEET[sheet].key, label.split("/"), strict=True))
    assert 0.001 < one(plan.data.lookup.tables, sheet, label).years[year] < 0.999
    sign = 1 if constraint == "mix_target_floor" else -1
    between_slopes(
        lambda by: nudged_cost(sheets, tmp_path, {**path_change(sheet, where, year), "value": by}),
        plan.objective, 1e-4, sign * 100 * row["value"] * plan.data.discount(year), f"{row['key']} {year}",
    )  # fmt: skip


def moved(program: LinearProgram, row: int, by: float) -> float:
    """The optimum with one right-hand side moved."""
    session = Session(program)
    lower, upper = program.row_lower.copy(), program.row_upper.copy()
    lower[row] += by
    upper[row] += by
    session.change_row_bounds(lower, upper)
    try:
        return session.solve().objective
    except InfeasibleError:
        return math.inf


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_duals_are_finite_differences_of_the_program(seed, tmp_path: Path):
    """One row of every kind, also of those that no single cell of the workbook moves."""
    program = Compiled(build_model(find_planning_data(merge_world(base_of(seed), tmp_path).tables))).program
    solution = Session(program).solve()
    costliest: dict[str, int] = {}
    for n, (name, _) in enumerate(program.rows):
        if abs(solution.row_dual[n]) > abs(solution.row_dual[costliest.get(name, n)]) or name not in costliest:
            costliest[name] = n
    assert len(costliest) >= 10
    for name, n in costliest.items():
        between_slopes(lambda by, n=n: moved(program, n, by), solution.objective, 1e-4, solution.row_dual[n], name)


@pytest.mark.parametrize("constraint", PRICED)
def test_duals_of_market_rules_are_finite_differences_of_the_program(constraint, tmp_path: Path):
    """The costliest row of each rule, whether or not a single cell of the workbook moves it, and its reported price."""
    plan, found = solve_tables(PRICED[constraint], tmp_path)
    prices = found["shadow_prices"]
    assert (prices[prices["constraint"] == constraint]["value"] > 0).any()
    program = Compiled(build_model(plan.data)).program
    solution = Session(program).solve()
    rows = [n for n, (name, _) in enumerate(program.rows) if name == constraint]
    costliest = max(rows, key=lambda n: abs(solution.row_dual[n]))
    assert solution.row_dual[costliest] != 0
    between_slopes(
        lambda by: moved(program, costliest, by), solution.objective, 1e-4, solution.row_dual[costliest], constraint
    )


@pytest.mark.parametrize("seed", EVERY)
def test_only_balances_can_have_a_negative_price(seed, tmp_path: Path):
    """More room saves, a higher duty costs: the meaning gives the sign, so no number needs one."""
    _, found = solve_tables(base_of(seed), tmp_path)
    prices = found["shadow_prices"]
    negative = prices[(prices["value"] < 0) & ~prices["constraint"].isin(["material_balance", "demand_balance"])]
    assert negative.empty, negative.to_string()


def test_every_constraint_has_a_price_in_some_world(tmp_path: Path):
    """So that the laws above look at all of them."""
    seen = set()
    for seed in (0, 1, 7, *SEEDS):
        seen |= set(solve_tables(base_of(seed), tmp_path / f"{seed}")[1]["shadow_prices"]["constraint"])
    assert not SHADOW_PRICES.keys() - seen - set(PRICED)
