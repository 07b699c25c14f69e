"""The oracle's own reader: a folder of CSV files and a scenario become a :class:`World`.

Rows, defaults, years across, inactive rows and changes, as the workbook page states them, and the
lookups the equations need. See `program.py` for what the oracle is and is not.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Key = tuple[Any, ...]
Record = dict[str, Any]
Tables = dict[str, list[Record]]
Terms = dict[Key, float]

NONE = math.inf  # the word `none`: no limit
LOTS = ("clear", "exposed")
STAR_COLUMNS = {"exposure_caps": ("mineral", "segment"), "mix_targets": ("mineral", "stage"), "routes": ("material",)}
SETTINGS: Record = {
    "social_discount_rate": 0.03,
    "public_funds_excess_burden": 0.25,
    "lender_price_haircut": 0.15,
    "cfd_stress_price_drop": 0.3,
    "tariffs_count_as_cost": "yes",
    "sales_count_in_stages": "yes",
    "concern_label": "china",
    "clawback_value": 1.0,
}
OLD_NAMES = {"cfd_offers": "support_offers", "cfd_budgets": "support_budgets"}
ZERO_IN_FACILITIES = (
    "capacity_tpa", "lead_time_years", "ramp_years", "capex_usd_per_tpa", "fixed_usd_per_tpa_year",
    "variable_usd_per_t", "premium", "concern_share", "credit_usd_per_t", "grant_share",
    "waste_t_per_t", "co2_t_per_t", "water_m3_per_t", "workers_per_ktpa", "construction_years", "idle_cost_share",
)  # fmt: skip
DEFAULTS: dict[str, Record] = {
    "regions": {"transit": "no"},
    "minerals": {"lead_time_cap_years": NONE, "weight": 1.0},
    "materials": {"content": 1.0},
    "facilities": {
        **dict.fromkeys(ZERO_IN_FACILITIES, 0.0),
        "kind": "primary",
        "status": "operating",
        "online_year": -NONE,
        "retire_year": NONE,
        "earliest_decision_year": -NONE,
        "max_new_tpa_per_year": NONE,
        "life_years": 20.0,
        "utilisation": 1.0,
        "offtake_share": 1.0,
        "cost_basis": "cost",
        "commercial": "no",
        "hurdle_rate": 0.08,
        "cfd_eligible": "no",
        "reserve_t": NONE,
        "reopens": "yes",
        "requires": "",
    },
    "routes": {
        "material": "*",
        "tariff": 0.0,
        "capacity_tpa": NONE,
        "flow_tpa": 0.0,
        "growth": NONE,
        "start_tpa": 0.0,
        "decay": NONE,
        "switching_usd_per_t": NONE,
    },
    "outlets": {"price_share": 0.9},
    "group_limits": {"materials": "*", "region": "*", "pathway": "*", "start_tpa": 0.0},
    "contracts_in_force": {"upside_share": 0.0, "pot": ""},
    "export_limits": {"from_region": "*", "to_region": "*", "material": "*"},
    "exposure_caps": {"mineral": "*", "segment": "*", "breach_usd_per_t": NONE},
    "mix_targets": {"pathway": "*", "region": "*", "breach_usd_per_t": NONE},
    "stockpiles": {
        "initial_t": 0.0,
        "initial_concern_share": 0.0,
        "max_t": NONE,
        "max_release_tpa": NONE,
        "holding_usd_per_t": 0.0,
        "loss": 0.0,
        "min_cover_days": 0.0,
        "cover_breach_usd_per_t": NONE,
        "salvage_share": 0.0,
    },
    "resource_limits": {"region": "*", "pathway": "*", "price_usd_per_unit": 0.0},
    "support_offers": {
        "materials": "*",
        "coverage": 1.0,
        "max_strike_usd_per_t": NONE,
        "max_strike_multiple": NONE,
        "upside_share": 0.0,
        "first_award_year": -NONE,
        "last_award_year": NONE,
        "max_capex_share": 1.0,
        "loan_rate": 0.0,
        "loan_loss_share": 0.0,
    },
    "support_budgets": {"materials": "*", "offers": "*"},
    "changes": {"where": "*", "column": "path", "years": "*", "operation": "set"},
}
SHEET_OF = {
    "region": "regions", "from_region": "regions", "to_region": "regions", "stage": "stages",
    "mineral": "minerals", "material": "materials", "output": "materials", "product": "materials",
    "scrap": "materials", "facility": "facilities", "scenario": "scenarios",
}  # fmt: skip


def read_tables(folder: Path) -> Tables:
    """All sheets of a folder, defaults set, year columns gathered as ``row["given"]``."""
    tables: Tables = defaultdict(list)
    for file in sorted(folder.glob("*.csv")):
        sheet = OLD_NAMES.get(file.stem, file.stem)
        with file.open(newline="", encoding="utf-8-sig") as lines:
            tables[sheet] = [read_row(sheet, raw) for raw in csv.DictReader(lines)]
    drop_inactive(tables)
    for row in tables["changes"]:
        row["sheet"] = OLD_NAMES.get(row["sheet"], row["sheet"])
    horizon = {row["setting"]: row["value"] for row in tables["settings"]}
    years = int(horizon["last_year"]) - int(horizon["first_year"]) + 1
    for row in tables["stockpiles"]:
        untouched = row["initial_t"] * (1 - row["loss"]) ** years
        keeps = not row["salvage_share"]
        row.setdefault("final_t", min(untouched, row["max_t"]) if keeps else 0.0)
    for row in tables["facilities"]:
        standard = row["capacity_tpa"] if row["status"] == "candidate" else 0.0
        row.setdefault("max_new_tpa", standard)
    return tables


def read_row(sheet: str, raw: Mapping[str, str]) -> Record:
    """One row: blanks left out or replaced by their default, numbers as floats."""
    row: Record = dict(DEFAULTS.get(sheet, {}))
    given: dict[int, float] = {}
    for column, text in raw.items():
        cell = text.strip()
        if not cell or column.startswith("_"):
            continue
        if column.isdigit():
            given[int(column)] = number_or_text(cell)
        else:
            row[column] = cell if sheet == "changes" else number_or_text(cell)
    if given:
        row["given"] = given
    return row


def number_or_text(cell: str) -> Any:
    """``none`` is infinity, a number is a float, anything else stays text."""
    if cell == "none":
        return NONE
    try:
        return float(cell)
    except ValueError:
        return cell


def drop_inactive(tables: Tables) -> None:
    """Rows marked inactive go, and all rows that refer to them, until nothing more goes."""
    gone: set[Key] = set()
    while True:
        size = len(gone)
        for sheet, rows in tables.items():
            kept = []
            for row in rows:
                refers = {(target, row.get(column)) for column, target in SHEET_OF.items()}
                if row.get("active", "yes") != "no" and not refers & gone:
                    kept.append(row)
                else:
                    gone |= {(target, name) for target, name in refers if target == sheet}
            rows[:] = kept
        if len(gone) == size:
            return


def interpolate(given: Mapping[int, float], year: int) -> float:
    """Linear between given years, flat outside; a blank after ``none`` continues ``none``."""
    earlier = [y for y in given if y <= year]
    later = [y for y in given if y >= year]
    if not earlier:
        return given[min(later)]
    left = max(earlier)
    if not later or NONE in (given[left], given[min(later)]):
        return given[left]
    right = min(later)
    return given[left] + (given[right] - given[left]) * (year - left) / max(1, right - left)


def listed(selector: str, name: Any) -> bool:
    """True where a selector (``*`` or a comma list) names ``name``."""
    return selector == "*" or name in [part.strip() for part in str(selector).split(",")]


def lineage(tables: Tables, scenario: str) -> list[str]:
    """The scenario with its ancestors before it, each once."""
    based_on = {row["scenario"]: str(row.get("based_on", "")) for row in tables["scenarios"]}
    found: list[str] = []
    for parent in filter(None, (part.strip() for part in based_on.get(scenario, "").split(","))):
        found += [name for name in lineage(tables, parent) if name not in found]
    return [*found, scenario]


class World:
    """The data of one scenario: what the sheets say, and lookups that follow from it."""

    def __init__(self, tables: Tables, scenario: str) -> None:
        self.tables = tables
        self.settings = {row["setting"]: row for row in tables["settings"] if "value" in row}
        for name, value in SETTINGS.items():
            if name not in self.settings:
                self.settings[name] = {"setting": name, "value": value}
        tables["settings"] = list(self.settings.values())
        self.first, self.last = int(self.setting("first_year")), int(self.setting("last_year"))
        self.years = range(self.first, self.last + 1)
        self.facilities = {row["facility"]: row for row in tables["facilities"]}
        self.regions = {row["region"]: row for row in tables["regions"]}
        self.materials = {row["material"]: row for row in tables["materials"]}
        self.minerals = {row["mineral"]: row for row in tables["minerals"]}
        self._spread_years()
        for name in lineage(tables, scenario):
            for change in tables["changes"]:
                if change["scenario"] == name:
                    self._apply(change)
        self._index()
        self.years_of_builds: dict[str, set[int]] = {}  # years in which new capacity could stand, once asked for

    def _spread_years(self) -> None:
        for rows in self.tables.values():
            for row in rows:
                if "given" in row:
                    row["path"] = {t: interpolate(row["given"], t) for t in self.years}
        for row in self.tables["facility_paths"]:
            # One object, so that a change in either sheet is seen in both.
            self.facilities[row["facility"]][row["quantity"]] = row["path"]

    def _apply(self, change: Record) -> None:
        touched = self._years_named(change["years"])
        column, operation = change["column"], change["operation"]
        operand = number_or_text(change["value"])
        for row in self.tables[change["sheet"]]:
            if not self._selected(row, change, touched[0]):
                continue
            old = row.get(column, NONE)
            if not isinstance(old, dict) and change["years"] != "*":
                old = row[column] = dict.fromkeys(self.years, old)
            if isinstance(old, dict):
                old.update({t: operate(operation, old[t], operand) for t in touched})
            else:
                row[column] = operate(operation, old, operand)

    def _years_named(self, text: str) -> list[int]:
        if text == "*":
            return list(self.years)
        spans = [part.split("-") for part in text.split(",")]
        return [t for t in self.years if any(int(s[0]) <= t <= int(s[-1]) for s in spans)]

    def _selected(self, row: Record, change: Record, year: int) -> bool:
        if change["where"] == "*":
            return True
        for condition in change["where"].split(";"):
            column, wanted = (part.strip() for part in condition.split("=", 1))
            cell = row.get(column)
            if change["sheet"] == "facilities" and column in ("pathway", "mineral", "stage"):
                cell = self._derived(row, column, year)
            # In a column where a row itself may say `*`, that word stands for itself.
            wants_itself = wanted == "*" and column in STAR_COLUMNS.get(change["sheet"], ())
            if not (cell == "*" if wants_itself else listed(wanted, cell)):
                return False
        return True

    def _derived(self, facility: Record, column: str, year: int) -> str:
        if column == "pathway":
            return self._pathway(facility, year)
        return str(self.materials[facility["output"]][column])

    def _pathway(self, facility: Record, year: int) -> str:
        standing = self.at(self.regions[facility["region"]], "standing", year)
        if standing == "concern":
            return str(self.setting("concern_label"))
        if standing == "other":
            return "other"
        if facility["kind"] == "primary":
            return "onshore" if standing == "home" else "friendshore"
        return "recycled" if facility["kind"] == "recycling" else "substituted"

    def _index(self) -> None:
        tables = self.tables
        self.prices = {row["material"]: row["path"] for row in tables["prices"]}
        self.demand = {(row["segment"], row["material"], row["region"]): row["path"] for row in tables["demand"]}
        self.recipe = {(r["facility"], r["role"], r["material"]): r["t_per_t"] for r in tables["recipes"]}
        self.recipes_of: dict[Key, dict[str, float]] = defaultdict(dict)
        for (f, role, i), x in self.recipe.items():
            self.recipes_of[f, role][i] = x
        self.content = {(r["material"], r["mineral"]): r["t_per_t"] for r in tables["contents"]}
        for name, row in self.materials.items():
            self.content[name, row["mineral"]] = row["content"]
        self.routes: dict[Key, Record] = {}
        for row in sorted(tables["routes"], key=lambda r: r["material"] != "*"):
            for i in self.materials:
                if listed(row["material"], i):
                    self.routes[row["from_region"], row["to_region"], i] = row
        self.scrap = {(r["material"], r["region"], r["quantity"]): r["path"] for r in tables["scrap"]}
        self.stockpiles = {(r["material"], r["region"]): r for r in tables["stockpiles"]}
        self.offers = {row["offer"]: row for row in tables["support_offers"]}
        self.outlets = {(r["material"], r["region"]): r for r in tables["outlets"]}
        self.shortage = {
            (r["segment"], r["material"], r["region"]): r.get("shortage_cost_usd_per_t", NONE) for r in tables["demand"]
        }

    def setting(self, name: str) -> Any:
        """A setting, default included."""
        return self.settings[name]["value"]

    def at(self, row: Record, column: str, year: int) -> Any:
        """A value that may be a path; outside the horizon it is that of the nearest year."""
        value = row[column]
        return value[min(max(year, self.first), self.last)] if isinstance(value, dict) else value

    def of(self, f: str, column: str, year: int) -> Any:
        """A facility's value in a year."""
        return self.at(self.facilities[f], column, year)

    def price(self, i: str, t: int) -> float:
        """Reference price, flat beyond the last year."""
        return float(self.prices[i][min(t, self.last)])

    def pathway(self, f: str, t: int) -> str:
        """Pathway of a facility in a year."""
        return self._pathway(self.facilities[f], t)

    def concern(self, f: str, t: int) -> float:
        """``e[f,t]``."""
        region = self.regions[self.facilities[f]["region"]]
        return 1.0 if self.at(region, "standing", t) == "concern" else self.of(f, "concern_share", t)

    def existing(self, f: str, t: int) -> float:
        """``E[f,t]``, also after the last year."""
        row = self.facilities[f]
        if row["status"] == "candidate" or not row["online_year"] <= t < row["retire_year"]:
            return 0.0
        return float(self.of(f, "capacity_tpa", t) * self.of(f, "offtake_share", t))

    def site(self, f: str, t: int) -> float:
        """Most new capacity that may stand in a year."""
        return float(self.facilities[f]["max_new_tpa"] * self.of(f, "offtake_share", t))

    def shortage_cost(self, d: Key) -> float:
        """What a tonne of unmet demand costs: the row's own number, or the material's."""
        own = self.shortage[d]
        return float(self.materials[d[1]]["shortage_cost_usd_per_t"] if own == NONE else own)

    def ramp(self, f: str, n: int) -> float:
        """Share of nameplate in the n-th year online."""
        return float(min(1.0, (n + 1) / (self.facilities[f]["ramp_years"] + 1)))

    def delta(self, t: int) -> float:
        """Social discount factor."""
        return float((1 + self.setting("social_discount_rate")) ** -(t - self.first))

    def materials_of(self, f: str, role: str) -> dict[str, float]:
        """Inputs or coproducts of a facility, t per t of main output."""
        return self.recipes_of.get((f, role), {})

    def feeds(self, f: str) -> tuple[str, ...]:
        """Provenances a facility can run on: clear only where it has no inputs."""
        return LOTS if self.materials_of(f, "input") else LOTS[:1]

    def demands_saved(self, f: str) -> list[Key]:
        """Demand rows a substitution facility can serve."""
        row = self.facilities[f]
        return [d for d in self.demand if d[1:] == (row["output"], row["region"])]

    def scrap_places(self) -> set[Key]:
        """Where scrap can be collected: rows of `scrap`, and returns of products demanded there."""
        places: set[Key] = {(i, r) for i, r, _ in self.scrap}
        for row in self.tables["returns"]:
            places |= {(row["scrap"], r) for _, i, r in self.demand if i == row["product"]}
        return places

    def activity(self, f: str, t: int) -> list[Key]:
        """What every rule on ``make`` reads: make of all provenances, or save."""
        if self.facilities[f]["kind"] == "substitution":
            return [("save", f, d, t) for d in self.demands_saved(f)]
        return [("make", f, o, t) for o in self.feeds(f)]

    def made(self, f: str, o: str, t: int) -> Terms:
        """Main output by its own provenance, in terms of ``make``."""
        if self.facilities[f]["kind"] == "substitution":
            return {}
        e = self.concern(f, t)
        if o == "clear":
            return {("make", f, "clear", t): 1 - e}
        inherited = {("make", f, "exposed", t): 1.0} if "exposed" in self.feeds(f) else {}
        return {**inherited, ("make", f, "clear", t): e}


def operate(operation: str, old: Any, operand: Any) -> Any:
    """``set``, ``add`` or ``multiply``; the latter two leave ``none`` alone."""
    if operation == "set":
        return operand
    if old == NONE:
        return old
    return old + operand if operation == "add" else old * operand
