"""The page inputs/VALIDATION.md: the shipped workbook beside published numbers.

`python -m tests.support.validation` writes it.

Shares are in percent.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from model.data.facility import Facility
from model.results import PLAN_TABLES, make_table
from model.results.flows import output_for_demand, sold_output
from model.results.indicators import stage_shares
from model.results.plan import Plan, solve_plan
from model.results.reliance import find_supply
from model.scenarios.merge import merge
from model.workbook import reader
from model.workbook.evidence import Evidence
from model.workbook.tables import Tables
from tests.support.audit import audited_rows, made, origins, overlap
from tests.support.hindcast import PLANS, hindcast_section
from tests.support.hindcast import WORKBOOK as HINDCAST
from tests.support.markdown import table, whole
from tests.support.published import (
    CHINA_SHARES,
    COPPER_DEPENDENCY,
    IEA_CHINA,
    IEA_REFINING_2030,
    LITHIUM_SHORTFALL,
    NOT_SELF_SUFFICIENT,
    ORIGINS,
    OUTPUT_2025,
    RELIANCES,
    SELF_SUFFICIENT,
)  # fmt: skip
from tests.support.validation_texts import ASSUMPTIONS, HEAD, NDPR_READING, READINGS

HERE = Path(__file__).resolve().parents[1]
SHIPPED = HERE.parent / "inputs" / "us_critical_minerals.xlsx"
PAGE = HERE.parent / "inputs" / "VALIDATION.md"
CLAIMS = HERE / "claims.csv"

BASE_YEAR, TARGET_YEAR = 2026, 2035
MARKETS, PIPELINE, ALL_PROJECTS = "cfd_off", "carnegie_2035", "onshore_only"
MORE_LITHIUM, REFERENCE, ANNOUNCED = "carnegie_lithium", "reference", "as_announced"
_CLOSE_OUTPUT, _LEAST_PLANT = 0.15, 0.02
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
    """Share of a stage's output for demand that is made in regions of concern, percent."""
    shares = stage_shares(plan, mineral, stage, year)
    return 100 * shares[0] if shares else 0.0


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
def page_text(plans: dict[str, Plan], hindcast: dict[str, Plan]) -> str:
    """The whole page: how many comparisons agree and how many do not, then each of them."""
    sections = (
        ("Net import reliance", reliance_section(plans[MARKETS])),
        ("China's share by stage", china_section(plans[MARKETS])),
        (f"China's share in 2030 and {TARGET_YEAR}", future_section(plans[REFERENCE])),
        ("Output by plant", output_section(plans[REFERENCE])),
        (f"The United States alone in {TARGET_YEAR}", outlook_section(plans)),
        ("Hindcast", hindcast_section(hindcast)),
    )
    compared = [(title, count_verdicts(text)) for title, text in sections]
    bodies = dict(sections)
    order = ("Net import reliance", "China's share by stage", f"China's share in 2030 and {TARGET_YEAR}")
    rest = ("Output by plant", f"The United States alone in {TARGET_YEAR}")
    parts = (HEAD, summary_section(compared, plans[REFERENCE]), *(bodies[t] for t in order[:1]),
             origins_section(plans[REFERENCE]), *(bodies[t] for t in order[1:]), plants_section(plans[REFERENCE]),
             *(bodies[t] for t in rest),
             delay_section(plans), audit_section(plans[REFERENCE]), bodies["Hindcast"],
             assumptions_section(), claims_section())  # fmt: skip
    return "\n".join(part.strip() + "\n" for part in parts)


def count_verdicts(section: str) -> tuple[int, int]:
    r"""Count the comparisons of a section that agree, and those that do not.

    >>> count_verdicts("| lithium | 70 | no |\n| zinc | 73 | yes | |")
    (1, 1)
    """
    lines = [re.split(r" *[|] *", line) for line in section.splitlines() if line.startswith("|")]
    return sum("yes" in line for line in lines), sum("no" in line for line in lines)


def summary_section(compared: Sequence[tuple[str, tuple[int, int]]], plan: Plan) -> str:
    """How many comparisons agree."""
    yes, no = (sum(count[k] for _, count in compared) for k in (0, 1))
    rows = [(title, str(count[0]), str(count[1])) for title, count in compared]
    rows.append(("all", str(yes), str(no)))
    reached = sum(overlap(plan, item, BASE_YEAR) >= 80 for item in ORIGINS)
    return f"""## Read first

Of {yes + no} comparisons {yes} agree and {no} do not.

{table(("section", "agree", "do not agree"), rows)}

Origins of imports are not counted: their flows before {BASE_YEAR} are built from the statistics, so that {reached} of
{len(ORIGINS)} forms reach four fifths of what the USGS names in {BASE_YEAR} by construction. China's shares of the base
year are partly fitted too (what allied magnet makers and makers of goods sell to the USA). The shares of 2030 and
{TARGET_YEAR} compare chains behind US demand with the world: a difference is not an error by itself. The only test on
years whose data were not chosen with the outcome in view is the hindcast, and most of it fails."""


def reliance_section(plan: Plan) -> str:
    """Net import reliance of the base year beside the statistics."""
    rows = []
    for item in RELIANCES:
        model = net_import_reliance(plan, item.mineral, item.materials, BASE_YEAR)
        name = item.mineral + (f" ({', '.join(item.materials)})" if item.materials else "")
        verdict = agrees(model, item.low, item.high)
        verdict = "withheld" if "over" in item.published and verdict == "yes" else verdict
        rows.append((name, item.published, whole(model), verdict, item.reading))
    return f"""## Net import reliance

Percent: imports less exports and what stocks release, over apparent consumption, which is mine output, recycled old
scrap and these net imports; USGS 2024 and 2025. Model: the same (table `import_reliance`), in all forms of the mineral,
or in those named where the USGS counts these; plan `{MARKETS}` (markets, tariffs and controls, no contracts),
{BASE_YEAR}. Agrees: within {CLOSE:.0f} points of the published range. Where the USGS
withholds the number and says "over 50", a share above it is no agreement, and one below it none either.

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
behind US demand, plan `{MARKETS}`, {BASE_YEAR}, by location, without what the USA sells abroad (sheet `outlets`), which
serves other demand. They are to be read beside both the world share and the
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
{READINGS}"""


def origins_section(plan: Plan) -> str:
    """Where imports come from beside the statistics."""
    rows = []
    for item in ORIGINS:
        found = origins(plan, item, BASE_YEAR)
        largest = sorted(found.items(), key=lambda pair: -pair[1])[:6]
        shown = ", ".join(
            f"{name} {share:.0f}" + (f" ({item.shares[name]:g})" if name in item.shares else "")
            for name, share in largest if share >= 1
        )  # fmt: skip
        overlaps = (whole(overlap(plan, item, year)) for year in (BASE_YEAR, BASE_YEAR + 1, BASE_YEAR + 2))
        rows.append((f"{item.mineral} ({item.form})", f"{sum(item.shares.values()):g}", *overlaps, shown))
    years = (f"overlap {BASE_YEAR}", f"{BASE_YEAR + 1}", f"{BASE_YEAR + 2}")
    return f"""## Origins of imports

Overlap: the sum over the countries that the USGS names of the smaller of the two shares, percent of what the USGS names
(2021-24). Plan `{REFERENCE}`. Flows before {BASE_YEAR} stand in the sheet `routes` (`flow_tpa`) and come from the same
statistics, so {BASE_YEAR} shows that trade cannot leave them at once; later years show how fast the plan does.

{table(("mineral", "named, percent of imports", *years, f"model {BASE_YEAR}, percent (USGS)"), rows)}

The tonnes are those of 2024-25 with the shares of 2021-24. In 2025 next to no antimony, gallium or germanium came from
China under its ban. US imports of rare earth compounds are mostly lanthanum and cerium: that their origins hold for
NdPr is an assumption, and so is the pace of every route (growth of 20-60 %, decay of 12-15 % a year)."""


def future_section(plan: Plan) -> str:
    """China's share of later years beside the IEA's base case for the world."""
    rows = []
    for item in IEA_CHINA:
        model = [china_share(plan, item.mineral, item.stage, year) for year in (BASE_YEAR, 2030, TARGET_YEAR)]
        published = (item.in_2030, item.in_2035)
        fits = all(agrees(m, share, share) == "yes" for m, share in zip(model[1:], published, strict=True))
        rows.append((item.mineral, item.form, whole(model[0]), whole(model[1]), f"{item.in_2030:g}", whole(model[2]),
                     f"{item.in_2035:g}", "yes" if fits else "no", item.reading))  # fmt: skip
    head = (f"model {BASE_YEAR}", "model 2030", "IEA 2030", f"model {TARGET_YEAR}", f"IEA {TARGET_YEAR}", "agrees")
    return f"""## China's share in 2030 and {TARGET_YEAR}

Percent of output by location, plan `{REFERENCE}`, beside the IEA's base case for the world. Agrees: both years within
{CLOSE:.0f} points. The model holds the chains behind US demand, those of imported cells, cars and motors with Chinese
material inside included, and leaves out what the USA sells abroad.

{table(("mineral", "stage", *head, "reading"), rows)}"""


def plants_section(plan: Plan) -> str:
    """Where the NdPr oxide behind US demand is made, plant by plant."""
    lookup, years = plan.data.lookup, (BASE_YEAR, 2030, TARGET_YEAR)
    total = {year: 1e3 * output_for_demand(plan, "ndpr", "refining", year) for year in years}
    rows, rest = [], dict.fromkeys(years, 0.0)
    evidence = Evidence(lookup.tables["sources"])
    for f in lookup.facilities.values():
        if f.output != "ndpr_oxide":
            continue
        tonnes = {year: 1e3 * plan.value("activity", f.name, year) for year in years}
        if all(tonnes[year] < _LEAST_PLANT * total[year] for year in years):
            rest = {year: rest[year] + tonnes[year] for year in years}
            continue
        first = next(year for year in plan.data.years if plan.value("activity", f.name, year) > 0)
        open_to_home = whole(100 * f.number("offtake_share", TARGET_YEAR))
        source, firmness = evidence.source_of(f.record, "capacity_tpa"), evidence.of(f.record, "capacity_tpa")
        name = f"{f.record.text('name')} (`{f.name}`)"
        amounts = (f"{tonnes[year]:,.0f}" for year in years)
        rows.append((name, f.place, str(first), open_to_home, *amounts, f"{source} ({firmness})"))
    sold = {year: 1e3 * sold_output(plan, "ndpr", "refining", year) for year in years}
    rows.append(("others", "", "", "", *(f"{rest[year]:,.0f}" for year in years), ""))
    rows.append(("sold abroad by the USA", "", "", "", *(f"-{sold[year]:,.0f}" for year in years), ""))
    rows.append(("for US demand", "", "", "", *(f"{total[year]:,.0f}" for year in years), ""))
    return f"""## NdPr oxide for US demand, plant by plant

Plan `{REFERENCE}`, t of oxide; plants of two percent or more in one of the years. From: first year of output in the
plan. Open: percent of the plant that US buyers can contract in {TARGET_YEAR}. Source: of the size.

{table(("plant", "region", "from", "open", *map(str, years), "source"), rows)}
{NDPR_READING}"""


def output_section(plan: Plan) -> str:
    """Output of plants in 2025 beside the first year of the plan."""
    rows = []
    for name, facilities, real, source, reading in OUTPUT_2025:
        model = made(plan, facilities, BASE_YEAR)
        fits = "yes" if abs(model / real - 1) <= _CLOSE_OUTPUT else "no"
        rows.append((name, f"{real:,}", source, f"{model:,.0f}", fits, reading))
    return f"""## Output by plant

Tonnes; plan `{REFERENCE}`. Agrees: within {100 * _CLOSE_OUTPUT:.0f} percent. A plant that grows from 2025 to
{BASE_YEAR} need not agree.

{table(("plant", "2025", "source", f"model {BASE_YEAR}", "agrees", "reading"), rows)}"""


def delay_section(plans: dict[str, Plan]) -> str:
    """How much of the way out of dependence rests on announced dates."""
    rows = [
        (mineral, *(whole(dependence(plans[plan], mineral, year))
                    for year in LATE_YEARS for plan in (ANNOUNCED, REFERENCE)))
        for mineral in LATE_MINERALS
    ]  # fmt: skip
    return f"""## If projects come as announced

Percent of demand that passed through a region of concern at any step. `{ANNOUNCED}` takes starts and ramps as owners
give them; `{REFERENCE}` takes them at the pace that projects had (block `realistic_times`: a year later, two above 1 bn
USD, ramps as at Mountain Pass). For comparison: the IEA sees China refine {IEA_REFINING_2030:.0f} percent of the
world's magnet rare earths in 2030.

{table(("mineral", *(f"{y}: {name}" for y in LATE_YEARS for name in ("announced", "reference"))), rows)}

Six in ten critical mineral projects were late (source `erm_delays_2025`). The hindcast below says that even the
reference is too fast for new lithium and graphite projects."""


def audit_section(plan: Plan) -> str:
    """The results of the first edition that an audit called unbelievable."""
    return f"""## Results of the first edition that were unbelievable

An audit of 176 rows found the arithmetic sound and these results not. Plan `{REFERENCE}`.

{table(("then", "now", "why"), audited_rows(plan))}"""


def assumptions_section() -> str:
    """What stands behind the base year, and how firm the numbers of the shipped workbook are."""
    tables = reader.read(SHIPPED).tables
    grades = Evidence(tables["sources"]).grades(tables)
    numbers, rows = (sum(getattr(grade, of) for grade in grades) for of in ("numbers", "rows"))
    shares = [(grade.confidence, f"{100 * grade.numbers / numbers:.1f}", f"{100 * grade.rows / rows:.1f}")
              for grade in grades if grade.rows]  # fmt: skip
    return f"""{ASSUMPTIONS.strip()}

How firm the {numbers:,} numbers of the sheets of facts are, percent; a path over the years is one number, and a row is
as firm as its weakest number (`source` covers sizes and dates, `source_costs` costs, times and shares):

{table(("confidence", "numbers", f"rows, of {rows:,}"), shares)}"""


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


SOLVED = (MARKETS, PIPELINE, ALL_PROJECTS, MORE_LITHIUM, REFERENCE, ANNOUNCED)

if __name__ == "__main__":
    PAGE.write_text(
        page_text(solve(reader.read(SHIPPED).tables, SOLVED), solve(reader.read(HINDCAST).tables, PLANS)),
        encoding="utf-8",
    )
