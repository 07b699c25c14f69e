"""The section of the page of validation on the hindcast: what the model would have advised in 2018, and what came.

Shares are in percent.
"""

from __future__ import annotations

from pathlib import Path

from model.results import PLAN_TABLES, make_table
from model.results.plan import Plan
from model.results.reliance import find_supply
from tests.support.markdown import table, whole
from tests.support.validation_texts import HINDCAST_READING

WORKBOOK = Path(__file__).resolve().parents[2] / "inputs" / "hindcast_2018.xlsx"
KNOWN, LATE, REAL_DEMAND, REAL_COSTS = "known_2018", "late_2018", "with_hindsight", "with_real_costs"
PLANS = (KNOWN, LATE, REAL_DEMAND, REAL_COSTS)
LAST = 2025
_NEVER = LAST + 1

# What happened, and how far the plan may be off to agree.
_STARTS = (
    ("Mountain Pass separates", "mountain_pass_separation", 2023, "second half of 2023"),
    ("Thacker Pass", "thacker_pass_2018", _NEVER, "not before the end of 2027"),
    ("Rhyolite Ridge", "rhyolite_ridge_2018", _NEVER, "not begun"),
    ("Piedmont", "piedmont_2018", _NEVER, "not begun"),
    ("Matawinie", "matawinie_2018", _NEVER, "not begun in 2025"),
    ("Bear Lodge", "bear_lodge", _NEVER, "not built"),
    ("Nolans", "nolans", _NEVER, "not built"),
    ("Graphite Creek", "graphite_creek_2017", _NEVER, "not built"),
    ("Coosa", "coosa_2015", _NEVER, "not built"),
    ("Idaho cobalt without support", "idaho_2017", _NEVER, "opened in October 2022, closed in March 2023"),
    ("Temiskaming without support", "temiskaming_2018", _NEVER, "not finished"),
)
_OUTPUT = (("US rare earth compounds, t REO", "mountain_pass_separation", ((2023, 800), (2025, 8900))),)
_DEMAND = (("lithium chemicals used, kt LCE", "lithium", 15.0), ("flake used, kt", "graphite", 71.0),
           ("cobalt used, kt", "cobalt", 9.6))  # fmt: skip
_RELIANCE = (("rare_earths", 67, 67, "67"), ("lithium", 51, 100, "over 50"), ("graphite", 100, 100, "100"),
             ("cobalt", 79, 79, "79"))  # fmt: skip
_CLOSE_SHARE, _CLOSE_TONNES = 8.0, 0.15


def hindcast_section(plans: dict[str, Plan]) -> str:
    """What the model would have advised in 2018."""
    series = [
        (
            key.replace("_", " "),
            " / ".join(whole(reliance(plans[REAL_COSTS], key, y)) for y in (2023, 2024, 2025)),
            real,
        )
        for key, real in (("rare_earths", "above 90 / 53 / 67"), ("cobalt", "69 / 74 / 79"))
    ]
    lists = {name: ", ".join(f"`{f}`" for f in built(plans[name])) or "nothing" for name in PLANS}
    return f"""## Hindcast

`inputs/{WORKBOOK.name}`: rare earths, lithium, natural graphite and cobalt of the United States, 2018 to 2025, on
what was known in 2018 (USGS tables of 2018-20; project studies of 2014-18 from memory). Whoever made it knows what
happened; the list of projects is that of 2018, not of those that survived, but a bias cannot be excluded. Plan
`{KNOWN}`; years of first output, tonnes within 15 percent, shares within 8 points.

{table(("what", "plan of 2018", "happened", "agrees"), hindcast_rows(plans))}

What the plans build:

- `{KNOWN}`: {lists[KNOWN]}
- `{LATE}` (two years more and half the capital again): {lists[LATE]}
- `{REAL_DEMAND}` (demand and prices as they came): {lists[REAL_DEMAND]}
- `{REAL_COSTS}` (costs and times as well): {lists[REAL_COSTS]}

Net import reliance of 2023 / 2024 / 2025 in `{REAL_COSTS}`, percent, beside the USGS:

{table(("mineral", "model", "USGS"), series)}
{HINDCAST_READING}"""


def hindcast_rows(plans: dict[str, Plan]) -> list[tuple[str, str, str, str]]:
    """Return what the plan of 2018 says, what happened, and whether both agree."""
    plan = plans[KNOWN]
    rows = [(f"{name} from", _shown(first_year(plan, f)), came, _yes(first_year(plan, f) == year))
            for name, f, year, came in _STARTS]  # fmt: skip
    for name, f, years in _OUTPUT:
        for year, real in years:
            rows.append((f"{name}, {year}", f"{made(plan, f, year):,.0f}", f"{real:,}",
                         _yes(_near(made(plan, f, year), real))))  # fmt: skip
    for name, mineral, real in _DEMAND:
        used = delivered(plan, mineral) / 1e3
        rows.append((f"{name}, {LAST}", f"{used:.1f}", f"{real:g}", _yes(_near(used, real))))
    for mineral, low, high, published in _RELIANCE:
        share = reliance(plan, mineral, LAST)
        near = low - _CLOSE_SHARE <= share <= high + _CLOSE_SHARE
        rows.append((f"net import reliance {LAST}, {mineral.replace('_', ' ')}", f"{share:.0f}", published, _yes(near)))
    return rows


def first_year(plan: Plan, facility: str) -> int:
    """First year in which a candidate makes something; the year after the last where it never does."""
    rows = _table(plan, "production")
    years = rows[(rows["facility"] == facility) & (rows["t"] > 0.5)]["year"]
    return int(years.min()) if len(years) else _NEVER


def made(plan: Plan, facility: str, year: int) -> float:
    """Main output of a facility, t."""
    rows = _table(plan, "production")
    fits = (rows["facility"] == facility) & (rows["year"] == year) & (rows["role"] == "main")
    return float(rows[fits]["t"].sum())


def delivered(plan: Plan, mineral: str) -> float:
    """What reaches users in the last year, t of product."""
    rows = _table(plan, "deliveries")
    own = rows["material"].map(plan.data.lookup.mineral_of) == mineral
    rows = rows[own & (rows["year"] == LAST)]
    return float((rows["clear_t"] + rows["exposed_t"]).sum())


def reliance(plan: Plan, mineral: str, year: int) -> float:
    """Net import reliance, percent."""
    return 100 * (find_supply(plan, mineral, [year], ()).reliance or 0.0)


def built(plan: Plan) -> list[str]:
    """The projects a plan builds, in the order of their first output."""
    rows = _table(plan, "builds")
    return sorted(set(rows["facility"]), key=lambda name: (first_year(plan, name), name))


def _table(plan: Plan, name: str):  # type: ignore[no-untyped-def]
    return make_table(name, "", PLAN_TABLES[name](plan))


def _near(number: float, real: float) -> bool:
    return abs(number / real - 1) <= _CLOSE_TONNES


def _shown(year: int) -> str:
    return "not built" if year == _NEVER else str(year)


def _yes(fact: object) -> str:
    return "yes" if fact else "no"
