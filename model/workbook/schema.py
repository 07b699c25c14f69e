"""Every sheet, column and setting of the workbook, stated once.

The reader, the checks, the blank template with its drop-downs, the data dictionary and `inputs/README.md` all come from
the tables in this module. A default is what a blank cell means; `NO_LIMIT` is what the word `none` means.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

NO_LIMIT = math.inf
"""What the word `none` in a cell stands for: there is no limit."""

HIGHEST_DUTY = 10.0
"""Share of the price; anti-dumping duties on battery graphite reach 7.2, and beyond 10 a percentage was meant."""

ALL = "*"
"""The selector that means every record."""

Value = str | float | bool | tuple[str, ...] | tuple[float, ...] | None
"""A cell after parsing: text, a number, yes/no, a list, or nothing."""


class Kind(Enum):
    """What a cell may hold."""

    TEXT = "text"
    IDENTIFIER = "identifier"
    REFERENCE = "reference"
    CHOICE = "choice"
    YES_NO = "yes/no"
    NUMBER = "number"
    WHOLE = "whole number"
    YEAR = "year"


@dataclass(frozen=True)
class Column:
    """One column of a sheet, or one setting.

    Attributes:
        key: the key in row 4, or the name of the setting.
        description: what it says, in a sentence.
        kind: what a cell may hold.
        unit: unit in row 3 ("" is not checked).
        required: a blank is an error.
        default: what a blank means, unless `default_from` says otherwise.
        default_from: computes what a blank means from the other values of the row.
        default_text: the default in words, where the value alone would not say it.
        low, high: bounds of a number, both allowed.
        above: the number must be greater than this.
        none: what the word `none` means here (absent: not allowed).
        choices: the allowed words of a choice.
        refers_to: sheet whose records a reference names.
        star: `*` is allowed and means all.
        many: a comma-separated list is allowed.
    """

    key: str
    description: str
    kind: Kind = Kind.TEXT
    unit: str = ""
    required: bool = False
    default: Value = None
    default_from: Callable[[dict[str, Value]], Value] | None = None
    default_text: str = ""
    low: float = -math.inf
    high: float = math.inf
    above: float = -math.inf
    none: float | None = None
    choices: tuple[str, ...] = ()
    refers_to: str = ""
    star: bool = False
    many: bool = False

    @property
    def is_number(self) -> bool:
        """Whether a cell holds a number."""
        return self.kind in (Kind.NUMBER, Kind.WHOLE, Kind.YEAR)


@dataclass(frozen=True)
class YearColumns:
    """The columns of a sheet whose keys are years.

    Attributes:
        description: what the numbers are.
        unit: unit of all of them ("" where it depends on the row).
        rules: the rule for a number, or one rule for each word in the column named by `depends_on`.
        depends_on: key of the column that decides which rule holds ("" for one rule).
    """

    description: str
    unit: str
    rules: dict[str, Column]
    depends_on: str = ""

    def rule(self, word: object) -> Column:
        """Return the rule for the numbers of a row whose deciding column says `word` (an unknown word: any number)."""
        return self.rules.get(str(word) if self.depends_on else "", _ANY_NUMBER)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its columns, which of them identify a record, and its year columns if it has any."""

    name: str
    title: str
    purpose: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    years: YearColumns | None = None
    by_key: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {column.key: column for column in self.columns})


_ANY_NUMBER = Column("years", "any number", Kind.NUMBER)


def _identifier(key: str, description: str) -> Column:
    return Column(key, description, Kind.IDENTIFIER, required=True)


def _text(key: str, description: str) -> Column:
    return Column(key, description, default="")


def _choice(key: str, description: str, choices: tuple[str, ...], default: str | None = None) -> Column:
    return Column(key, description, Kind.CHOICE, required=default is None, default=default, choices=choices)


def _yes_no(key: str, description: str, *, default: bool) -> Column:
    return Column(key, description, Kind.YES_NO, default=default)


def _reference(key: str, description: str, sheet: str) -> Column:
    return Column(key, description, Kind.REFERENCE, required=True, refers_to=sheet)


def _selector(key: str, description: str, sheet: str) -> Column:
    return Column(key, description, Kind.REFERENCE, default=ALL, refers_to=sheet, star=True)


def _materials(description: str) -> Column:
    return Column("materials", description, Kind.REFERENCE, default=(ALL,), refers_to="materials", star=True, many=True)


def _amount(
    key: str, description: str, unit: str, default: float | None = 0.0, *, required: bool = False, none: bool = False
) -> Column:
    """Return a number that is not negative."""
    return Column(
        key,
        description,
        Kind.NUMBER,
        unit,
        required=required,
        default=None if required else default,
        low=0.0,
        none=NO_LIMIT if none or default == NO_LIMIT else None,
        default_text="none" if default == NO_LIMIT else "",
    )


def _share(key: str, description: str, default: float = 0.0) -> Column:
    return Column(key, description, Kind.NUMBER, "share", default=default, low=0.0, high=1.0)


def _whole_years(
    key: str, description: str, default: float | None, *, low: float = 0.0, none: float | None = None
) -> Column:
    return Column(
        key,
        description,
        Kind.WHOLE,
        "years",
        required=default is None,
        default=default,
        low=low,
        high=200.0,
        none=none,
        default_text="none" if default == NO_LIMIT else "",
    )


def _year(key: str, description: str, default_text: str, default: Value = None, none: float | None = None) -> Column:
    return Column(
        key,
        description,
        Kind.YEAR,
        "year",
        default=default,
        default_text=default_text,
        low=1900.0,
        high=2200.0,
        none=none,
    )


def _breach(key: str, of: str) -> Column:
    return Column(
        key,
        f"penalty per tonne for missing {of}; blank: hard limit",
        Kind.NUMBER,
        "USD/t",
        default=NO_LIMIT,
        default_text="hard",
        low=0.0,
        none=NO_LIMIT,
    )


def _years(description: str, unit: str, column: Column) -> YearColumns:
    return YearColumns(description, unit, {"": column})


COST_COLUMNS: dict[str, frozenset[str]] = {
    "materials": frozenset({"shortage_cost_usd_per_t"}),
    "demand": frozenset({"shortage_cost_usd_per_t"}),
    "facilities": frozenset({
        "lead_time_years", "construction_years", "ramp_years", "life_years", "utilisation", "offtake_share",
        "capex_usd_per_tpa", "fixed_usd_per_tpa_year", "variable_usd_per_t", "premium", "concern_share", "hurdle_rate",
        "credit_usd_per_t", "grant_share", "idle_cost_share", "waste_t_per_t", "co2_t_per_t", "water_m3_per_t",
        "workers_per_ktpa",
    }),
    "routes": frozenset({"freight_usd_per_t", "growth", "start_tpa", "decay", "switching_usd_per_t"}),
    "outlets": frozenset({"price_share"}),
    "exposure_caps": frozenset({"breach_usd_per_t"}),
    "mix_targets": frozenset({"breach_usd_per_t"}),
    "stockpiles": frozenset({
        "max_t", "max_release_tpa", "holding_usd_per_t", "loss", "cover_breach_usd_per_t", "salvage_share",
    }),
}  # fmt: skip
"""Sheets with a column `source_costs`, and the columns it covers; `source` covers the others."""

_COSTS = {
    "facilities": "where costs, times, shares and intensities come from; source is that of sizes and dates",
    "routes": "where freight and the pace of trade come from",
    "stockpiles": "where costs, room and losses come from",
}


def _closing(sheet: str) -> tuple[Column, ...]:
    """Return the columns every data sheet ends with.

    A scenario may bring rows of what it may change, but for settings; `source_costs` where a source of quantities often
    gives no costs.
    """
    scenario = Column(
        "scenario",
        "scenarios that bring the row, a comma list, for them and all that are based on them; blank: always there",
        Kind.REFERENCE,
        default=(),
        refers_to="scenarios",
        many=True,
    )
    words = _COSTS.get(sheet) or f"where {', '.join(COST_COLUMNS.get(sheet, ()))} comes from"
    costs = Column("source_costs", f"{words}; blank: as source", Kind.REFERENCE, default="", refers_to="sources")
    return (
        *([] if sheet in UNCHANGEABLE or sheet == "settings" else [scenario]),
        _yes_no("active", "no: the row, and every row that refers to it, is left out", default=True),
        Column("source", "where the numbers come from", Kind.REFERENCE, default="", refers_to="sources"),
        *((costs,) if sheet in COST_COLUMNS else ()),
        _text("note", "anything a reader should know; which numbers are assumptions"),
    )


def _data_sheet(
    name: str, title: str, purpose: str, key: str, *columns: Column, years: YearColumns | None = None
) -> Sheet:
    return Sheet(name, title, purpose, tuple(key.split()), (*columns, *_closing(name)), years)


def _max_new_default(values: dict[str, Value]) -> Value:
    return values.get("capacity_tpa") if values.get("status") == "candidate" else 0.0


UNCHANGEABLE = ("scenarios", "changes", "uncertainty", "sources")
"""The sheets that no scenario changes."""

STANDINGS = ("home", "partner", "concern", "other")
FACILITY_KINDS = ("primary", "recycling", "substitution")
PATHWAYS = ("onshore", "friendshore", "recycled", "substituted", "china", "other")
CONTRACT_FORMS = ("two_way", "floor", "floor_with_share", "premium")
CAPITAL_FORMS = ("grant", "loan")
FORMS = (*CONTRACT_FORMS, *CAPITAL_FORMS)
"""Forms of support: paid per tonne of output, or towards capex."""
RESOURCES = ("waste", "co2", "water", "workers", "capital")
CONFIDENCES = ("published", "derived", "assumed")
CHAIN = "chain"
"""The scope of an exposure cap that is measured end to end."""

SETTINGS: tuple[Column, ...] = (
    Column("title", "name of the study", default="Critical minerals sourcing plan"),
    Column("first_year", "first year of the plan", Kind.YEAR, "year", required=True, low=1900, high=2200),
    Column("last_year", "last year of the plan", Kind.YEAR, "year", required=True, low=1900, high=2200),
    Column("price_year", "year whose dollars all money is in", Kind.YEAR, "year", low=1900, high=2200),
    Column("social_discount_rate", "rate at which the planner discounts cost", Kind.NUMBER, "share", default=0.03,
           low=0.0, high=1.0),
    Column("public_funds_excess_burden", "cost to the economy of raising one dollar of public money",
           Kind.NUMBER, "share", default=0.25, low=0.0, high=10.0),
    _share("clawback_value", "what a dollar paid back on a contract spares of the excess burden of a dollar paid", 1.0),
    _share("lender_price_haircut", "how far below the reference price lenders count on", 0.15),
    _share("cfd_stress_price_drop", "how far prices fall in the stress view of the support budgets", 0.3),
    _yes_no("whole_projects", "build every project as a whole or not at all, or in steps of unit_tpa", default=False),
    _share("whole_projects_gap", "how far a plan of whole projects may be above the least cost", 0.002),
    _yes_no("tariffs_count_as_cost", "no: duties of the home region are a transfer and left out; others' are a cost",
            default=True),
    _yes_no("sales_count_in_stages", "no: shares of a stage are of its output less what outlets buy, so that selling "
            "more cannot make a stage look less exposed", default=True),
    Column("concern_label", "label of the pathway through regions of concern", default="china"),
    _yes_no("influence", "list what ten percent more of each number does to the cost", default=True),
    Column("price_steps", "limits of each mineral for which the plan is solved again with one step more; 0: none, "
           "and no project for which it is solved again with the decision a year later",
           Kind.WHOLE, default_text="2 in the first plan, 0 in the others", low=0, high=100),
    Column("report_years", "years the report shows, a comma list", Kind.YEAR, default=(), default_text="every fifth",
           many=True, low=1900, high=2200),
    Column("frontier_points", "points on the cost and exposure frontier", Kind.WHOLE, default=11.0, low=2, high=1000),
    Column("frontier_from_year", "first year the exposure index of the frontier counts", Kind.YEAR, "year",
           default_text="first_year", low=1900, high=2200),
    Column("frontier_budgets", "multiples of the support budgets it is drawn for, a comma list; none: not drawn",
           Kind.NUMBER, default=(0.0, 1.0, 2.0), many=True, low=0.0, none=NO_LIMIT),
    _yes_no("stress_test", "run every plan against every shock", default=True),
    Column("failure_years", "years that single regions, facilities and routes stand still, from the third year on; 0: "
           "not looked at", Kind.WHOLE, "years", default=0.0, low=0, high=200),
    Column("failure_candidates", "single failures that are tried, those by which most is made and shipped at its "
           "shortage cost; blank: all", Kind.WHOLE, low=1),
    _yes_no("failure_pairs", "try every two of the ten worst failures at the same time", default=False),
    Column("draws", "worlds drawn from the ranges of uncertain numbers; 0: none", Kind.WHOLE, default=0.0, low=0,
           high=1_000_000),
    Column("draws_seed", "number the draws begin from; the same gives the same draws", Kind.WHOLE, default=1.0, low=0),
    _year("commit_year", "decisions of the plan before this year are kept in every draw, others are free",
          "third year"),
    _share("range_published", "how far published numbers may be off, where the sheet uncertainty is empty", 0.05),
    _share("range_derived", "how far derived numbers may be off", 0.15),
    _share("range_assumed", "how far assumed numbers, and such without a source, may be off", 0.3),
    Column("foresight_years", "years someone sees, the present one included, who decides year by year; blank: not done",
           Kind.WHOLE, "years", default=None, default_text="all", low=1, high=200),
    _yes_no("hedged_plan", "look for one plan against all shocks", default=True),
    Column("hedge_cvar_weight", "weight of the bad tail in the hedged plan", Kind.NUMBER, "share", default=0.0,
           low=0.0),
    Column("hedge_cvar_tail", "share of outcomes that is the bad tail", Kind.NUMBER, "share", default=0.1, above=0.0,
           high=1.0),
    Column("near_optimal_slack", "slacks within which alternatives are explored, a comma list; none: no alternatives",
           Kind.NUMBER, "share", default=(0.02, 0.05), many=True, low=0.0, high=1.0, none=NO_LIMIT),
)  # fmt: skip

_DEMAND = _amount("years", "demand", "t/yr")
_LIMIT = _amount("years", "limit", "t/yr", none=True)
_SHARE_OR_NONE = Column("years", "share", Kind.NUMBER, "share", low=0.0, high=1.0, none=NO_LIMIT)

SHEETS: tuple[Sheet, ...] = (
    _data_sheet(
        "settings", "Settings", "One setting a row; a setting that is left out has its default.", "setting",
        Column("setting", "name of the setting", Kind.CHOICE, required=True,
               choices=tuple(setting.key for setting in SETTINGS)),
        _text("value", "its value"),
        _text("unit", "its unit, for the reader"),
        _text("description", "what it does, for the reader"),
    ),
    _data_sheet(
        "regions", "Regions", "Countries or groups of countries, and how the home country stands with them.", "region",
        _identifier("region", "ISO-3 code of the country, or the name of a group"),
        _text("name", "name in full"),
        _choice("standing", "home (exactly one), partner, concern, or other", STANDINGS),
        _yes_no("transit", "yes: the region may ship on what it bought (a port)", default=False),
        Column("latitude", "where the map of the report shows it, degrees north", Kind.NUMBER, "degrees", default=None,
               low=-90.0, high=90.0, default_text="of the country with this code"),
        Column("longitude", "degrees east", Kind.NUMBER, "degrees", default=None, low=-180.0, high=180.0,
               default_text="of the country with this code"),
    ),
    _data_sheet(
        "stages", "Stages", "The steps of the chain, in order.", "stage",
        _identifier("stage", "identifier of the stage"),
        _text("name", "name in full"),
        Column("order", "place in the chain; blank for scrap", Kind.NUMBER, default=None, default_text="no order"),
    ),
    _data_sheet(
        "minerals", "Minerals", "The minerals the plan is about.", "mineral",
        _identifier("mineral", "identifier of the mineral"),
        _text("name", "name in full"),
        _text("group", "group in the report (rare earths, battery, ...)"),
        _amount("weight", "weight of its exposed share of demand in the exposure index; 0: not counted", "", 1.0),
        _whole_years("lead_time_cap_years", "no project with a longer lead time is started", NO_LIMIT, none=NO_LIMIT),
    ),
    _data_sheet(
        "materials", "Materials", "Tradable goods, each at one stage of one mineral.", "material",
        _identifier("material", "identifier of the material"),
        _text("name", "name in full"),
        _reference("mineral", "its own mineral", "minerals"),
        _reference("stage", "the stage whose output it is", "stages"),
        Column("content", "tonnes of its own mineral in a tonne", Kind.NUMBER, "t/t", default=1.0, above=0.0,
               high=10.0),
        _amount("shortage_cost_usd_per_t", "what a tonne of unmet demand costs the economy", "USD/t", required=True),
    ),
    _data_sheet(
        "contents", "Contents", "Other minerals in a material, for example dysprosium in magnets.", "material mineral",
        _reference("material", "the material", "materials"),
        _reference("mineral", "a mineral that is not its own", "minerals"),
        _amount("t_per_t", "tonnes of the mineral in a tonne of the material", "t/t", required=True),
    ),
    _data_sheet(
        "demand", "Demand", "What must be delivered where, by segment of use.", "segment material region",
        _identifier("segment", "segment of use (defence, electric_vehicles, ...)"),
        _reference("material", "the material wanted", "materials"),
        _reference("region", "where it is wanted", "regions"),
        Column("shortage_cost_usd_per_t", "what a tonne of this demand that is unmet costs the economy", Kind.NUMBER,
               "USD/t", default_text="that of the material", low=0.0),
        years=_years("demand", "t/yr", _DEMAND),
    ),
    _data_sheet(
        "prices", "Reference prices", "One world price a material: purchases, merchant revenue, contract settlement.",
        "material",
        _reference("material", "the material", "materials"),
        years=_years("real price", "USD/t", _amount("years", "price", "USD/t")),
    ),
    _data_sheet(
        "facilities", "Facilities", "Mines, plants, recyclers and substitution programmes: there already, or possible.",
        "facility",
        _identifier("facility", "identifier of the facility"),
        _text("name", "name in full"),
        _text("owner", "who owns it"),
        _reference("region", "where it stands", "regions"),
        _choice("kind", "primary, recycling, or substitution (tonnes of demand saved)", FACILITY_KINDS, "primary"),
        _reference("output", "its main output", "materials"),
        _choice("status", "operating, committed, or candidate (nothing exists yet)",
                ("operating", "committed", "candidate"), "operating"),
        _amount("capacity_tpa", "capacity that exists; of a candidate: that could be built", "t/yr"),
        _year("online_year", "first year of the existing capacity", "no limit", -NO_LIMIT, none=-NO_LIMIT),
        _year("retire_year", "first year without the existing capacity", "none", NO_LIMIT, none=NO_LIMIT),
        _whole_years("lead_time_years", "from decision to first output, permitting included", 0.0),
        _whole_years("construction_years", "last years of the lead time over which capex is spent evenly; it carries "
                     "interest at the hurdle rate until the first output; 0: none", 0.0),
        _year("earliest_decision_year", "first year in which new capacity can be decided", "first_year"),
        Column("max_new_tpa", "most new capacity that stands at a time", Kind.NUMBER, "t/yr",
               default_from=_max_new_default, default_text="capacity_tpa of a candidate, else 0", low=0.0,
               none=NO_LIMIT),
        _amount("max_new_tpa_per_year", "most new capacity decided in one year", "t/yr", NO_LIMIT),
        Column("unit_tpa", "size of a unit, of which only whole ones are built under whole_projects", Kind.NUMBER,
               "t/yr", default_text="max_new_tpa", above=0.0),
        _whole_years("ramp_years", "years from first output to full output", 0.0),
        _whole_years("life_years", "years of service of new capacity", 20.0, low=1.0),
        _share("utilisation", "output at full capacity over nameplate", 1.0),
        _share("offtake_share", "share of the capacity the home buyer can contract", 1.0),
        _amount("capex_usd_per_tpa", "investment", "USD per t/yr"),
        _amount("fixed_usd_per_tpa_year", "yearly cost of open nameplate", "USD per t/yr and year"),
        _amount("variable_usd_per_t", "cost of a tonne made, without its inputs", "USD/t"),
        _choice("cost_basis",
                "cost: its own cost; market: bought at the reference price, without inputs; spread: it sells at the "
                "reference price and buys its inputs at theirs",
                ("cost", "market", "spread"), "cost"),
        Column("premium", "what its output earns above the reference price", Kind.NUMBER, "share", default=0.0,
               above=-1.0, high=5.0),
        _share("concern_share", "share of owners or technology of concern"),
        _yes_no("commercial", "yes: it opens and is built only if its owners earn their hurdle rate", default=False),
        Column("hurdle_rate", "return its owners ask, real", Kind.NUMBER, "share", default=0.08, low=0.0, high=1.0),
        _yes_no("cfd_eligible", "yes: it may be offered public support", default=False),
        _amount("credit_usd_per_t", "production credit it is paid", "USD/t"),
        _share("grant_share", "share of the investment that is a public grant"),
        Column("requires", "facility without which no new capacity stands, in the same share of its room",
               Kind.REFERENCE, default="", refers_to="facilities"),
        _yes_no("reopens", "no: existing capacity that is closed stays closed", default=True),
        _share("idle_cost_share", "share of the fixed cost that existing capacity pays while it is closed"),
        _amount("reserve_t", "most that it can make over all years", "t", NO_LIMIT),
        _amount("waste_t_per_t", "waste", "t/t"),
        _amount("co2_t_per_t", "emissions", "t/t"),
        _amount("water_m3_per_t", "water", "m3/t"),
        _amount("workers_per_ktpa", "workers while it is built", "workers per kt/yr"),
    ),
    _data_sheet(
        "facility_paths", "Facility paths", "Facility columns that change over the years; a path replaces the column.",
        "facility quantity",
        _reference("facility", "the facility", "facilities"),
        _choice("quantity", "the column that is replaced",
                ("capacity_tpa", "utilisation", "variable_usd_per_t", "max_new_tpa_per_year", "offtake_share")),
        years=YearColumns(
            "the quantity", "",
            {
                "capacity_tpa": _amount("years", "capacity", "t/yr"),
                "utilisation": _share("years", "utilisation"),
                "variable_usd_per_t": _amount("years", "variable cost", "USD/t"),
                "max_new_tpa_per_year": _LIMIT,
                "offtake_share": _share("years", "share the home buyer can contract"),
            },
            "quantity",
        ),
    ),
    _data_sheet(
        "recipes", "Recipes", "What a facility uses and yields beside its main output.", "facility material role",
        _reference("facility", "the facility", "facilities"),
        _reference("material", "the input or coproduct", "materials"),
        _choice("role", "input or coproduct", ("input", "coproduct")),
        Column("t_per_t", "tonnes per tonne of main output", Kind.NUMBER, "t/t", required=True, above=0.0),
    ),
    _data_sheet(
        "routes", "Routes", "Which region can ship what to which.", "from_region to_region material",
        _reference("from_region", "where it leaves", "regions"),
        _reference("to_region", "where it arrives", "regions"),
        _selector("material", "what is shipped; a row for one material replaces the * row of its pair", "materials"),
        Column("freight_usd_per_t", "freight and insurance", Kind.NUMBER, "USD/t", required=True, above=0.0),
        Column("tariff", "duty on the reference price", Kind.NUMBER, "share", default=0.0, low=0.0, high=HIGHEST_DUTY),
        _amount("capacity_tpa", "most that can be shipped", "t/yr", NO_LIMIT),
        _amount("flow_tpa", "shipped in the year before first_year, of each material", "t/yr"),
        _amount("growth", "largest growth in a year", "share", NO_LIMIT),
        _amount("start_tpa", "what may be added in a year in any case, of each material (with growth)", "t/yr"),
        Column("decay", "largest fall in a year that costs nothing", Kind.NUMBER, "share", default=NO_LIMIT,
               default_text="none", low=0.0, high=1.0, none=NO_LIMIT),
        _amount("switching_usd_per_t", "cost of a tonne by which trade falls faster; none: it may fall freely", "USD/t",
                NO_LIMIT),
    ),
    _data_sheet(
        "export_limits", "Export limits", "Quotas and bans on what a region lets out.", "limit",
        _identifier("limit", "identifier of the limit"),
        _selector("from_region", "exporting region", "regions"),
        _selector("to_region", "importing region", "regions"),
        _selector("material", "material", "materials"),
        years=_years("most that can be shipped over these routes", "t/yr", _LIMIT),
    ),
    _data_sheet(
        "scrap", "Scrap", "Scrap that arises by itself, what share can be collected, at what cost.",
        "material region quantity",
        _reference("material", "the scrap", "materials"),
        _reference("region", "where it arises", "regions"),
        _choice("quantity",
                "what the numbers are; new_share: share that comes from making things, which net import reliance does "
                "not count as supply",
                ("arisings", "collection_rate", "collection_usd_per_t", "new_share")),
        years=YearColumns(
            "arisings in t/yr, rate and share as share, cost in USD/t", "",
            {
                "arisings": _amount("years", "arisings", "t/yr"),
                "collection_rate": _share("years", "collection rate"),
                "collection_usd_per_t": _amount("years", "collection cost", "USD/t"),
                "new_share": _share("years", "share that comes from making things"),
            },
            "quantity",
        ),
    ),
    _data_sheet(
        "returns", "Returns", "Delivered products that come back as scrap after their lifetime.",
        "product scrap lifetime_years",
        _reference("product", "the delivered material", "materials"),
        _reference("scrap", "the scrap it becomes", "materials"),
        _whole_years("lifetime_years", "years in use; 0 comes back in the next year", None),
        _amount("t_per_t", "tonnes of scrap per tonne of product", "t/t", required=True),
    ),
    _data_sheet(
        "outlets", "Outlets", "Who buys what is in excess.", "material region",
        _reference("material", "what is bought", "materials"),
        _reference("region", "where it is made and sold", "regions"),
        _share("price_share", "share of the reference price that is paid", 0.9),
        years=_years("most that is bought", "t/yr", _amount("years", "most that is bought", "t/yr")),
    ),
    _data_sheet(
        "exposure_caps", "Exposure caps", "How much may depend on regions of concern.", "mineral scope segment",
        _selector("mineral", "mineral; * is one cap for each mineral", "minerals"),
        Column("scope", "chain: end to end, against demand; or a stage: of its output (sales_count_in_stages)",
               Kind.REFERENCE, required=True, refers_to="stages", choices=(CHAIN,)),
        Column("segment", "segment of demand (chain only); * is all together", Kind.IDENTIFIER, default=ALL, star=True),
        _breach("breach_usd_per_t", "the cap by a tonne of the mineral"),
        years=_years("highest share", "share", _SHARE_OR_NONE),
    ),
    _data_sheet(
        "mix_targets", "Mix targets",
        "Shares of a stage's output that must or may come from a pathway or region.", "target",
        _identifier("target", "identifier of the target"),
        _selector("mineral", "mineral; * is one target for each", "minerals"),
        _selector("stage", "stage; * is one target for each", "stages"),
        Column("pathway", "pathway; blank: all", Kind.CHOICE, default=ALL, default_text="all", choices=PATHWAYS,
               star=True),
        Column("region", "region; blank: all", Kind.REFERENCE, default=ALL, default_text="all", refers_to="regions",
               star=True),
        _choice("sense", "min: at least this share; max: at most", ("min", "max")),
        _breach("breach_usd_per_t", "the target by a tonne of the mineral"),
        years=_years("share of the output", "share", _SHARE_OR_NONE),
    ),
    _data_sheet(
        "stockpiles", "Stockpiles", "Public stocks: size, cost, and what they must cover.", "material region",
        _reference("material", "what is stored", "materials"),
        _reference("region", "where", "regions"),
        _amount("initial_t", "level before first_year", "t"),
        _share("initial_concern_share", "share of it that came through regions of concern"),
        _amount("max_t", "most that can be stored", "t", NO_LIMIT),
        _amount("max_release_tpa", "most that can be released in a year", "t/yr", NO_LIMIT),
        _amount("holding_usd_per_t", "cost of a tonne held over a year end", "USD per t and year"),
        _share("loss", "share lost in a year"),
        _amount("min_cover_days", "days of the region's demand the stock must cover", "days"),
        _breach("cover_breach_usd_per_t", "the cover by a tonne"),
        Column("final_t", "least level at the end of last_year", Kind.NUMBER, "t",
               default_text="what is left of initial_t, 0 with salvage_share", low=0.0),
        _share("salvage_share", "share of the reference price that what is left at the end of last_year is worth"),
    ),
    _data_sheet(
        "group_limits", "Group limits", "How large the facilities of a group may be together, or how fast they grow.",
        "limit",
        _identifier("limit", "identifier of the limit"),
        _materials("main outputs of the facilities; * or a list"),
        Column("region", "region; blank: all", Kind.REFERENCE, default=ALL, default_text="all", refers_to="regions",
               star=True),
        Column("pathway", "pathway; blank: all", Kind.CHOICE, default=ALL, default_text="all", choices=PATHWAYS,
               star=True),
        _choice("kind", "capacity: most of it; growth: largest growth in a year", ("capacity", "growth")),
        _amount("start_tpa", "capacity that may be added in a year in any case (growth)", "t/yr"),
        years=YearColumns(
            "capacity in t/yr, growth as share", "",
            {
                "capacity": _amount("years", "capacity", "t/yr", none=True),
                "growth": _amount("years", "growth", "share", none=True),
            },
            "kind",
        ),
    ),
    _data_sheet(
        "resource_limits", "Resource limits", "What production and building may use up.", "limit",
        _identifier("limit", "identifier of the limit"),
        _choice("resource", "waste (t), co2 (t), water (m3), workers, or capital (USD million)", RESOURCES),
        Column("region", "region; blank: all", Kind.REFERENCE, default=ALL, default_text="all", refers_to="regions",
               star=True),
        Column("pathway", "pathway; blank: all", Kind.CHOICE, default=ALL, default_text="all", choices=PATHWAYS,
               star=True),
        _amount("price_usd_per_unit", "price of every unit used", "USD per unit"),
        years=_years("most that may be used, in units of the resource", "", _amount("years", "limit", "", none=True)),
    ),
    _data_sheet(
        "support_offers", "Support offers",
        "Public support the treasury puts on the table: contracts, premiums, grants and loans.", "offer",
        _identifier("offer", "identifier of the offer"),
        _choice("form", "two_way, floor, floor_with_share (Contracts for Difference), premium (on covered tonnes), "
                "grant or loan (new capacity only)", FORMS),
        _materials("materials it is open to; * or a list"),
        Column("term_years", "years of delivery or, of a loan, of repayment; not of a grant", Kind.WHOLE, "years",
               default=None, default_text="required, except for a grant", low=1.0, high=200.0),
        _share("coverage", "share of the output that is covered (not of grants and loans)", 1.0),
        _amount("max_strike_usd_per_t", "highest strike or premium (one material only)", "USD/t", NO_LIMIT),
        _amount("max_strike_multiple", "highest strike or premium over the reference price of the first delivery year",
                "multiple", NO_LIMIT),
        _share("upside_share", "treasury's share of the price above the strike (floor_with_share)"),
        _share("max_capex_share", "highest share of capex that is granted or lent", 1.0),
        _share("loan_rate", "rate of a loan, real"),
        _share("loan_loss_share", "share of a loan's repayments that the treasury expects to lose"),
        _year("first_award_year", "first year of awards", "first_year"),
        _year("last_award_year", "last year of awards", "last_year"),
    ),
    _data_sheet(
        "support_budgets", "Support budgets", "What support may cost the treasury in a year, loans as they are lent.",
        "pot view",
        _identifier("pot", "identifier of the pot"),
        _choice("view", "expected: at reference prices; stress: at prices down by cfd_stress_price_drop",
                ("expected", "stress")),
        _materials("materials whose support it pays; * or a list"),
        Column("offers", "offers it pays; * or a list", Kind.REFERENCE, default=(ALL,), refers_to="support_offers",
               star=True, many=True),
        years=_years("budget", "USD million", _amount("years", "budget", "USD million", none=True)),
    ),
    _data_sheet(
        "contracts_in_force", "Contracts in force", "Contracts that were signed before the plan, and what they cover.",
        "contract",
        _identifier("contract", "identifier of the contract"),
        _reference("facility", "the facility", "facilities"),
        _choice("form", "two_way, floor, floor_with_share, or premium (the same whatever the price)",
                CONTRACT_FORMS),
        _amount("amount_usd_per_t", "strike, or premium", "USD/t", required=True),
        _share("upside_share", "treasury's share of the price above the strike (floor_with_share)"),
        _amount("covered_tpa", "output that is covered", "t/yr", required=True),
        _year("first_year", "first year in which it runs", "no limit", -NO_LIMIT, none=-NO_LIMIT),
        Column("last_year", "last year in which it runs", Kind.YEAR, "year", required=True, low=1900.0, high=2200.0),
        Column("pot", "pot that pays it before new awards; blank: none", Kind.IDENTIFIER, default=""),
    ),
    _data_sheet(
        "scenarios", "Scenarios", "Plans to compare and shocks to test them against.", "scenario",
        _identifier("scenario", "identifier of the scenario"),
        _text("title", "title in the report"),
        _text("short_title", "short title for figures; blank: the title where it is short, or the identifier"),
        _choice("kind", "plan or shock", ("plan", "shock"), "plan"),
        Column("based_on", "scenarios whose changes apply first, a comma list", Kind.REFERENCE, default=(),
               refers_to="scenarios", many=True),
        _yes_no("run", "no: only a building block for others", default=True),
        _share("probability", "probability of a shock; the rest is no shock"),
        _year("known_from_year", "decisions taken before cannot react to the shock", "first_year"),
    ),
    _data_sheet(
        "changes", "Changes", "What a scenario changes, from top to bottom.", "",
        _reference("scenario", "the scenario", "scenarios"),
        Column("sheet", "sheet that is changed", required=True),
        Column("where", "which rows: column=value,value; column=value; or * for every row (mineral=* is the row whose "
               "mineral is *)", default=ALL),
        _text("column", "column that is changed; blank on a sheet with years"),
        Column("years", "years: 2028, 2028-2031, a comma list of these, or *", default=ALL),
        _choice("operation", "set, add or multiply", ("set", "add", "multiply"), "set"),
        Column("value", "the value", required=True),
    ),
    _data_sheet(
        "uncertainty", "Uncertainty", "How far numbers may be off; without rows, by the confidence of their sources.",
        "range",
        _identifier("range", "identifier of the range"),
        Column("sheet", "sheet of the numbers", required=True),
        Column("where", "which rows: column=value,value; column=value; or * for every row (mineral=* is the row whose "
               "mineral is *)", default=ALL),
        _text("column", "column of the numbers; blank on a sheet with years"),
        Column("years", "years: 2028, 2028-2031, a comma list of these, or *", default=ALL),
        _choice("operation", "multiply: low and high are multiples; set: they are values", ("multiply", "set"),
                "multiply"),
        Column("low", "lower end", Kind.NUMBER, required=True),
        Column("high", "upper end", Kind.NUMBER, required=True),
        _choice("shape", "uniform, triangular (most likely in the middle), or normal (low and high are 5 and 95 %)",
                ("uniform", "triangular", "normal"), "uniform"),
        _text("together", "ranges with the same word are high and low together"),
    ),
    Sheet(
        "sources", "Sources", "Where the numbers come from.", ("source",),
        (
            _identifier("source", "identifier of the source"),
            _text("citation", "author, title, or what is assumed and why"),
            _text("date", "date of the source"),
            _text("url", "where it can be read"),
            _choice("confidence", "published, derived (arithmetic on published numbers), or assumed", CONFIDENCES),
        ),
    ),
)  # fmt: skip

OLD_SHEETS = {"cfd_offers": "support_offers", "cfd_budgets": "support_budgets"}
"""Names that sheets had before -> what they are called now; the old ones are still read."""

SHEET: dict[str, Sheet] = {sheet.name: sheet for sheet in SHEETS}
SETTING: dict[str, Column] = {setting.key: setting for setting in SETTINGS}

FACT_SHEETS = (
    "materials", "contents", "demand", "prices", "facilities", "facility_paths", "recipes", "routes", "export_limits",
    "scrap", "returns", "stockpiles",
)  # fmt: skip
"""Sheets whose numbers are facts or estimates; the others hold the planner's own choices."""

DERIVED_FACILITY_COLUMNS = ("pathway", "mineral", "stage")
"""What `where` on the sheet facilities may also select on."""
