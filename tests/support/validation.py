"""The page inputs/VALIDATION.md: the shipped workbook beside published numbers.

`python -m tests.support.validation` writes it.

Shares are in percent.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from model.data.lookup import Facility
from model.results import PLAN_TABLES, make_table
from model.results.plan import Plan, solve_plan
from model.results.reliance import find_supply
from model.scenarios.merge import merge
from model.workbook import reader
from model.workbook.tables import Tables
from tests.support.published import (
    CARNEGIE,
    CHINA_SHARES,
    COPPER_DEPENDENCY,
    IEA,
    IEA_REFINING_2030,
    LITHIUM_SHORTFALL,
    NOT_SELF_SUFFICIENT,
    RELIANCES,
    SELF_SUFFICIENT,
    USGS,
)  # fmt: skip

HERE = Path(__file__).resolve().parents[1]
SHIPPED = HERE.parent / "inputs" / "us_critical_minerals.xlsx"
PAGE = HERE.parent / "inputs" / "VALIDATION.md"
CLAIMS = HERE / "claims.csv"

BASE_YEAR, TARGET_YEAR = 2026, 2035
MARKETS, PIPELINE, ALL_PROJECTS = "cfd_off", "carnegie_2035", "onshore_only"
MORE_LITHIUM, ON_TIME, LATE = "carnegie_lithium", "reference", "slipped_projects"
LATE_MINERALS, LATE_YEARS = ("ndpr", "dysprosium", "terbium", "graphite", "gallium"), (2028, 2030, 2032, 2035)
CLOSE = 8.0
"""Points of a share between which model and source count as agreeing; the sources move as much from year to year."""


# -- numbers of a plan ------------------------------------------------------------------------------------------------
def solve(tables: Tables, names: Iterable[str]) -> dict[str, Plan]:
    """Solve plans of a workbook."""
    return {name: solve_plan(merge(tables, name).tables) for name in names}


def net_import_reliance(plan: Plan, mineral: str, materials: Sequence[str], year: int) -> float:
    """Net import reliance as the results state it, percent; of some forms where the USGS counts these."""
    return 100 * (find_supply(plan, mineral, [year], materials).reliance or 0.0)


def _deliveries(plan: Plan, mineral: str, year: int) -> dict[str, float]:
    rows = make_table("deliveries", "", PLAN_TABLES["deliveries"](plan))
    rows = rows[rows["year"] == year]
    rows = rows.assign(
        t=(rows["clear_t"] + rows["exposed_t"]) * rows["material"].map(lambda i: content_of(plan, i, mineral))
    )
    return {str(i): float(t) for i, t in rows.groupby("material")["t"].sum().items() if t > 0}


def home_supply(plan: Plan, mineral: str, year: int) -> float:
    """What is delivered, t of the mineral: in a plan without imports what the country supplies itself."""
    return sum(_deliveries(plan, mineral, year).values())


def demand_for(plan: Plan, mineral: str, year: int) -> float:
    """Demand for a mineral, t of it."""
    rows = plan.data.lookup.tables["demand"]
    return sum(content_of(plan, row.text("material"), mineral) * row.years[year] for row in rows)


def china_share(plan: Plan, mineral: str, stage: str, year: int) -> float:
    """Share of a stage's output that is made in regions of concern, percent."""
    rows = make_table("exposure", "", PLAN_TABLES["exposure"](plan))
    fits = (rows["mineral"] == mineral) & (rows["stage"] == stage) & (rows["year"] == year)
    found = rows[fits]["located_share"]
    return 100 * float(found.iloc[0]) if len(found) else 0.0


def dependence(plan: Plan, mineral: str, year: int) -> float:
    """Share of demand that passed through concern at any step, ownership counted, percent."""
    rows = make_table("exposure", "", PLAN_TABLES["exposure"](plan))
    fits = (rows["mineral"] == mineral) & (rows["stage"] == "chain") & (rows["segment"] == "*") & (rows["year"] == year)
    return 100 * float(rows[fits]["controlled_share"].iloc[0])


def mines_could_make(plan: Plan, mineral: str, year: int) -> float:
    """What the mines at home could make of a mineral, used or not, t of it; leaching and brines are mines too.

    A mine makes nothing in a plan that has no use for its ore, so output would understate what mines can do.
    """
    home = home_of(plan)
    mines = [f for f in plan.data.lookup.facilities.values() if f.place == home and not f.inputs and not f.saves]
    return sum(_capacity(f, year, plan.data.years[0]) * _yield(plan, f, mineral) for f in mines)


def _capacity(f: Facility, year: int, first_year: int) -> float:
    """The most a facility could make in a year: what exists, and what could be built by then."""
    earliest = f.record["earliest_decision_year"]
    decided = first_year if earliest is None else int(f.number("earliest_decision_year"))
    age = year - decided - f.lead(decided)
    steps = f.number("max_new_tpa_per_year", decided) * (age + 1)
    new = min(f.number("max_new_tpa"), steps) * f.ramp(age) * f.number("offtake_share") if age >= 0 else 0.0
    return (f.existing(year) + new) * f.number("utilisation", year)


def _yield(plan: Plan, f: Facility, mineral: str) -> float:
    outputs = {f.output: 1.0, **f.coproducts}
    return sum(t * content_of(plan, i, mineral) for i, t in outputs.items())


def content_of(plan: Plan, material: str, mineral: str) -> float:
    """Tonnes of a mineral in a tonne of its own materials; traces in those of other minerals are not supply of it."""
    book = plan.data.lookup
    own = book.mineral_of[material] == mineral
    in_group = mineral in ("dysprosium", "terbium")
    return book.content.get((material, mineral), 0.0) if own or in_group else 0.0


def home_of(plan: Plan) -> str:
    """The home region."""
    return next(r.text("region") for r in plan.data.lookup.tables["regions"] if r["standing"] == "home")


def shortfall(demand: float, supply: float) -> float:
    """Demand over supply less one, percent.

    >>> round(shortfall(382.0, 100.0))
    282
    """
    return 100 * (demand / supply - 1)


# -- the page ---------------------------------------------------------------------------------------------------------
def page_text(plans: dict[str, Plan]) -> str:
    """The whole page."""
    parts = (_HEAD, reliance_section(plans[MARKETS]), china_section(plans[MARKETS]), outlook_section(plans),
             delay_section(plans), _ASSUMPTIONS, claims_section())  # fmt: skip
    return "\n".join(part.strip() + "\n" for part in parts)


_HEAD = f"""# What the shipped workbook says, beside what is published

Generated from runs of `inputs/us_critical_minerals.xlsx`: change the workbook or tests/support/validation.py and
run `python -m tests.support.validation`. Numbers of the workbook have their own sources (sheet `sources`); the few that
were fitted to a statistic, such as collection rates of scrap and what allied magnet makers sell to the USA, say so in
their notes. The plan `{PIPELINE}` was drawn up with the report's numbers known: that it comes near them is a reading of
the report, no test of the model. Where model and source differ, the last column says why.

- USGS: {USGS}.
- IEA: {IEA}.
- The report: {CARNEGIE}.
"""


def reliance_section(plan: Plan) -> str:
    """Net import reliance of the base year beside the statistics."""
    rows = []
    for item in RELIANCES:
        model = net_import_reliance(plan, item.mineral, item.materials, BASE_YEAR)
        name = item.mineral + (f" ({', '.join(item.materials)})" if item.materials else "")
        rows.append((name, item.published, whole(model), agrees(model, item.low, item.high), item.reading))
    return f"""## Net import reliance

Percent: imports less exports and what stocks release, over apparent consumption, which is mine output, recycled old
scrap and these net imports; USGS 2024 and 2025. Model: the same (table `import_reliance`), in all forms of the mineral,
or in those named where the USGS counts these; plan `{MARKETS}` (markets, tariffs and controls, no contracts),
{BASE_YEAR}. Agrees: within {CLOSE:.0f} points of the published range.

{table(("mineral", "USGS 2024, 2025", f"model {BASE_YEAR}", "agrees", "reading"), rows)}"""


def china_section(plan: Plan) -> str:
    """China's share by stage of the base year beside world statistics."""
    rows = []
    for item in CHINA_SHARES:
        model = china_share(plan, item.mineral, item.stage, BASE_YEAR)
        published = (item.world, item.world if item.imports is None else item.imports)
        imports = "" if item.imports is None else f"{item.imports:g}"
        rows.append((item.mineral, item.stage, f"{item.world:g}", item.source, imports, whole(model),
                     agrees(model, min(published), max(published)), item.reading))  # fmt: skip
    return f"""## China's share by stage

Percent of output. The workbook holds what could serve US demand, not the world: its shares are those of the chains
behind US demand, plan `{MARKETS}`, {BASE_YEAR}, by location. They are to be read beside both the world share and the
share of US imports (USGS, 2021-24). Agrees: between the two, or within {CLOSE:.0f}
points of one.

{table(("mineral", "stage", "world", "source", "US imports", "model", "agrees", "reading"), rows)}"""


def outlook_section(plans: dict[str, Plan]) -> str:
    """The report's findings for 2035 beside the plans without imports."""
    return f"""## The United States alone in {TARGET_YEAR}

The report: even on optimistic growth US mines meet demand only for zinc and molybdenum; copper import dependency
{COPPER_DEPENDENCY:.0f} percent, lithium shortfall {LITHIUM_SHORTFALL:.0f} percent (demand over domestic supply, less
one). Two plans without any imports stand beside it: `{PIPELINE}` has only what runs, is committed or far advanced;
`{ALL_PROJECTS}` has every project of the workbook, at any price, and what demand can be saved.

{_numbers(plans)}

Mines: what US mines could make of a mineral in {TARGET_YEAR}, over demand, percent (leaching and brines are mines;
scrap is not). Supply: what reaches demand from home, recycling included, over demand, percent.

{_mine_table(plans)}
{_READINGS}"""


def delay_section(plans: dict[str, Plan]) -> str:
    """How much of the way out of dependence rests on announced dates."""
    rows = [
        (mineral, *(whole(dependence(plans[plan], mineral, year)) for year in LATE_YEARS for plan in (ON_TIME, LATE)))
        for mineral in LATE_MINERALS
    ]
    return f"""## If what is announced comes late

Percent of demand that passed through a region of concern at any step. `{ON_TIME}` takes announced starts and ramps as
they are given; in `{LATE}` (`--only {LATE}`) what is committed starts two years later, ramps take
longer, and candidates need two years more. For comparison: the IEA sees China refine {IEA_REFINING_2030:.0f} percent
of the world's magnet rare earths in 2030.

{table(("mineral", *(f"{y}: {name}" for y in LATE_YEARS for name in ("on time", "late"))), rows)}

The fall before 2030 is one of announcements; six in ten critical mineral projects were late (source
`erm_delays_2025`). After 2032 the two plans are close. Dependence on magnets grows again from there: demand goes on
growing, and without a cap on exposure a new plant costs more than the Chinese magnet with its duty."""


def _numbers(plans: dict[str, Plan]) -> str:
    implied = demand_for(plans[PIPELINE], "lithium", TARGET_YEAR) / (1 + LITHIUM_SHORTFALL / 100)
    measures: tuple[tuple[str, str, Callable[[Plan], float]], ...] = (
        (
            "copper import dependency, by mine output, percent",
            whole(COPPER_DEPENDENCY),
            lambda p: 100 - mine_share(p, "copper"),
        ),
        (
            "copper import dependency, by refined supply with scrap, percent",
            "",
            lambda p: 100 - supply_share(p, "copper"),
        ),
        ("lithium shortfall, percent", whole(LITHIUM_SHORTFALL), lithium_shortfall),
        (
            "lithium from home, kt carbonate",
            f"{whole(implied / 1e3)} (implied)",
            lambda p: home_supply(p, "lithium", TARGET_YEAR) / 1e3,
        ),
    )
    rows = [(name, says, *(whole(of(plans[n])) for n in (PIPELINE, ALL_PROJECTS))) for name, says, of in measures]
    rows.append((f"lithium shortfall, plan `{MORE_LITHIUM}`, percent", whole(LITHIUM_SHORTFALL),
                 whole(lithium_shortfall(plans[MORE_LITHIUM])), ""))  # fmt: skip
    return table(("finding", "report", PIPELINE, ALL_PROJECTS), rows)


def _mine_table(plans: dict[str, Plan]) -> str:
    rows = []
    for mineral in (*SELF_SUFFICIENT, *NOT_SELF_SUFFICIENT):
        says = "met" if mineral in SELF_SUFFICIENT else "not met"
        shares = [
            whole(share(plans[n], mineral)) for n in (PIPELINE, ALL_PROJECTS) for share in (mine_share, supply_share)
        ]
        rows.append((mineral, says, *shares, "yes" if finding_holds(plans[PIPELINE], mineral) else "no"))
    head = (f"{PIPELINE}: mines", "supply", f"{ALL_PROJECTS}: mines", "supply", f"{PIPELINE} agrees")
    return table(("mineral", "report", *head), rows)


def finding_holds(plan: Plan, mineral: str) -> bool:
    """Whether US mines could meet demand for exactly those minerals of which the report says so."""
    return (mine_share(plan, mineral) >= 100) == (mineral in SELF_SUFFICIENT)


def mine_share(plan: Plan, mineral: str) -> float:
    """What US mines could make of a mineral in the target year, percent of demand."""
    return 100 * mines_could_make(plan, mineral, TARGET_YEAR) / demand_for(plan, mineral, TARGET_YEAR)


def supply_share(plan: Plan, mineral: str) -> float:
    """What reaches demand from home in the target year, percent of demand."""
    return 100 * home_supply(plan, mineral, TARGET_YEAR) / demand_for(plan, mineral, TARGET_YEAR)


def lithium_shortfall(plan: Plan) -> float:
    """Shortfall of lithium in the target year, percent."""
    return shortfall(demand_for(plan, "lithium", TARGET_YEAR), home_supply(plan, "lithium", TARGET_YEAR))


_READINGS = f"""
- **Copper.** Mine output of the named pipeline meets the report's number; what is smelted is less, because the two
  smelters cannot take all concentrate, and scrap makes up for part of it. With every project of the workbook the gap
  is smaller: the report's number is that of the pipeline, not of all that is planned.
- **Lithium.** The report's shortfall is larger than that of the named pipeline and far larger than that of all
  projects. It stands for a smaller pipeline (as without Hell's Kitchen and new battery recyclers), or for more demand
  than the workbook's 600 kt; forecasts made before 2025 reach 970 kt. The plan `{MORE_LITHIUM}` reaches it with a fifth
  more demand from 2035 on, an assumption made for that: it shows what has to be believed, and confirms nothing.
- **Zinc.** US mines meet demand only if Red Dog goes on as in 2024. Its owner has guided lower and its reserves end in
  2031; so the workbook retires it, and only `{PIPELINE}` keeps it, an assumption made so that the finding holds.
  Refined zinc falls short in any case: there is one smelter and its successor.
- **Molybdenum.** Mines beside and of copper meet demand; the USA remains a net exporter as long as they run.
- **Silver, nickel, manganese, graphite.** Short in both plans, as reported. Nickel supply is nearly all scrap.
"""

_ASSUMPTIONS = """## What stands behind the base year

- Demand is that of the United States. Output for others is not there: Mountain Pass, Henderson or Red Dog show what
  ends in US demand. In 2025 Mountain Pass made 2.6 kt of NdPr oxide, most of it for Japan; US magnet lines and those
  of allies that sell to the USA take less in 2026 and all of it once the lines of 2028 run.
- A country's plants are open to US buyers by `offtake_share`; Chinese magnets with those built into goods.
- Partners' plants with a cost of their own sell at that cost, so they go before those that sell at the world price.
- The price floor of Mountain Pass (110 USD/kg, ten years from 2025) is in force and no award to decide: the model gives
  contracts only to projects that need one, at the strike they need. The magnet lines of the same agreement are
  committed, their output bought, their margin not tested. Payments under it are not counted.
- Dysprosium and terbium come from the same ore in a fixed ratio, and what is left of one cannot be sold elsewhere: the
  one in excess has next to no delivered cost, the other bears it for both.
- Stocks of firms are working stocks and left out, but for copper bought ahead of tariffs; the stockpiles are public
  ones, and most of what is in them is kept.
- Magnets for defence can be had free of China from 2027 on at no extra cost: they are 7 percent of demand, clear lots
  are more than that in every year, even in `slipped_projects`, and lots are told apart. Proof of origin and qualified
  grades, which the rule asks for as well, have no cost here.
- Numbers of confidence `assumed` in the sheet sources are assumptions and say what they follow.
"""


def claims_section() -> str:
    """Where each claim of the founding texts stands in the workbook or in the results."""
    rows = [(row["document"], row["claim"], row["number"], _place(row), row["note"]) for row in read_claims()]
    missing = sum(row["element"] == "none" for row in read_claims())
    return f"""## Where each claim stands

The claims the workbook was built to examine, as they were made; that one is listed does not mean that it is true.
{len(rows)} claims, {missing} of them not expressed, with the reason.

{table(("text", "claim", "number", "where", "note"), rows)}"""


def _place(row: dict[str, str]) -> str:
    keys = ", ".join(f"`{key}`" for key in row["keys"].split(";") if key)
    what = {"row": f"sheet `{row['place']}`: {keys}", "scenario": f"scenario `{row['place']}`",
            "report": f"table `{row['place']}`", "none": "not expressed"}  # fmt: skip
    return what[row["element"]]


def read_claims() -> list[dict[str, str]]:
    """The claims and where they stand."""
    with CLAIMS.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def agrees(model: float, low: float, high: float) -> str:
    """Whether a number of the model is in a range, or close to it.

    >>> agrees(50.0, 45.0, 57.0), agrees(64.0, 45.0, 57.0), agrees(70.0, 45.0, 57.0)
    ('yes', 'yes', 'no')
    """
    return "yes" if low - CLOSE <= model <= high + CLOSE else "no"


def whole(number: float) -> str:
    """A whole number as text, without a sign of its own for nothing.

    >>> whole(-0.2), whole(61.6)
    ('0', '62')
    """
    return str(round(number))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(
        page_text(
            solve(
                reader.read(SHIPPED).tables,
                (MARKETS, PIPELINE, ALL_PROJECTS, MORE_LITHIUM, ON_TIME, LATE),
            )
        ),
        encoding="utf-8",
    )
