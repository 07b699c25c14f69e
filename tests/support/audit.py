"""The results of the first edition that an audit called unbelievable, beside those of the second."""

from __future__ import annotations

from collections.abc import Callable

from model.results import PLAN_TABLES, make_table
from model.results.plan import Plan
from tests.support.published import ORIGINS, Origins

Row = tuple[str, Callable[[Plan], str], str]
_YEARS = (2026, 2028, 2030, 2032, 2035)


def audited_rows(plan: Plan) -> list[tuple[str, str, str]]:
    """Return what the first edition said, what the plan says now, and why."""
    return [(then, now(plan), why) for then, now, why in AUDITED]


def made(plan: Plan, facilities: tuple[str, ...], year: int) -> float:
    """Main output of facilities in a year, t."""
    rows = make_table("production", "", PLAN_TABLES["production"](plan))
    fits = rows["facility"].isin(facilities) & (rows["year"] == year) & (rows["role"] == "main")
    return float(rows[fits]["t"].sum())


def exposure(plan: Plan, mineral: str, year: int) -> float:
    """Share of demand that passed through a region of concern at any step, percent."""
    rows = make_table("exposure", "", PLAN_TABLES["exposure"](plan))
    fits = (rows["mineral"] == mineral) & (rows["stage"] == "chain") & (rows["segment"] == "*") & (rows["year"] == year)
    return 100 * float(rows[fits]["controlled_share"].iloc[0])


def origins(plan: Plan, item: Origins, year: int) -> dict[str, float]:
    """Imports into the home region by origin, percent."""
    rows = make_table("trade", "", PLAN_TABLES["trade"](plan))
    rows = rows[(rows["to_region"] == "USA") & rows["material"].isin(item.materials) & (rows["year"] == year)]
    tonnes = rows.groupby("from_region")["t"].sum()
    return {str(name): 100 * float(t) / float(tonnes.sum()) for name, t in tonnes.items()} if len(rows) else {}


def overlap(plan: Plan, item: Origins, year: int) -> float:
    """Sum over the countries that the USGS names of the smaller of both shares, percent of what it names.

    With 60 and 40 percent where the USGS has 50 and 30, and names no other, it is 80 of 80: 100 percent.
    """
    found = origins(plan, item, year)
    return (
        100 * sum(min(found.get(name, 0.0), share) for name, share in item.shares.items()) / sum(item.shares.values())
    )


def _exposures(*minerals: str) -> Callable[[Plan], str]:
    return lambda plan: "; ".join(
        f"{mineral} " + ", ".join(f"{exposure(plan, mineral, year):.0f} % in {year}" for year in _YEARS)
        for mineral in minerals
    )


def _makes(facility: str, *years: int) -> Callable[[Plan], str]:
    return lambda plan: ", ".join(f"{made(plan, (facility,), year):,.0f} t in {year}" for year in years)


def _decisions(plan: Plan) -> str:
    """Projects by the year of their first decision, and the capital of all decisions of a year."""
    rows = make_table("builds", "", PLAN_TABLES["builds"](plan))
    rows = rows[~rows["facility"].map(lambda name: plan.data.lookup.facilities[str(name)].saves)]
    capital = rows.groupby("decision_year")["capex_usd_million"].sum() / 1e3
    first = rows.groupby("facility")["decision_year"].min().value_counts()
    return f"of {int(first.sum())} projects first decided in " + ", ".join(
        f"{year}: {first.get(year, 0)} ({usd:.1f} bn USD)" for year, usd in capital.items() if int(str(year)) <= 2032
    )


def _pays_for_carbonate(plan: Plan) -> str:
    row = plan.data.lookup.facilities.get("atacama_sqm_plant", None)
    price = plan.data.lookup.price("lithium_carbonate", 2026)
    basis = row.record["cost_basis"] if row else "spread"
    return f"the price, {price:,.0f} USD/t in 2026 (cost_basis {basis}), of every existing foreign plant"


def _feeds(plan: Plan) -> str:
    tied = sum(bool(f.record["requires"]) for f in plan.data.lookup.facilities.values())
    mine, plant = (made(plan, (name,), 2030) for name in ("thacker_pass_mine", "thacker_pass_plant"))
    return f"Thacker Pass mines {mine:,.0f} t LCE in 2030 for a plant of {plant:,.0f} t; {tied} rows require another"


def _overlaps(plan: Plan) -> str:
    shares = {item.mineral: overlap(plan, item, 2026) for item in reversed(ORIGINS)}
    names = ("graphite", "rare earths", "molybdenum", "germanium")
    return ", ".join(f"{name} {shares[name]:.0f} %" for name in names) + " of what it names in 2026"


def _price(plan: Plan) -> str:
    apt = [plan.data.lookup.price("tungsten_apt", year) * 7.93 / 1e3 for year in (2026, 2028, 2030)]
    return " / ".join(f"{x:,.0f}" for x in apt) + " USD/mtu in 2026 / 2028 / 2030"


AUDITED: tuple[Row, ...] = (
    ("Chilean carbonate costs home 3,700-5,100 USD/t beside a price of 14,500-16,000: 66 bn USD of rent to the buyer",
     _pays_for_carbonate, ("existing and committed plants abroad sell at the price; projects home helps to build stay "
     "at their own cost")),
    (("Thacker Pass mines nothing while its plants run on Smackover brine; wells and lines without cost are built "
     "beside plants that never are; phase 2 of SWA before phase 1"),
     _feeds, "a feed material for each complex; `requires` ties feeds to plants and phases to each other"),
    ("of the origins the USGS names: graphite 13 of 84, rare earths 5 of 94, molybdenum 8 of 86, germanium 27 of 95",
     _overlaps, "flows before 2026 on the routes, growth and decay by year; outlets for what home exports"),
    ("NdPr exposure of 32 % in 2030 beside the IEA's 76 % for the world's refining",
     _exposures("ndpr"), "starts a year late (two above 1 bn USD), ramps as at Mountain Pass; goods count"),
    ("gallium from 77 % to 0 % in one year, by one assumed row",
     _exposures("gallium"), ("Gramercy a year late, at the pace of Mountain Pass, three fifths of it for home; "
     "trade falls by 15 % a year at most")),
    ("44 of 75 projects decided in 2026 (23 bn USD)",
     _decisions, ("what was undecided in November 2026 follows from 2027, what is studied from 2028, what has only a "
     "preliminary study from 2029, second phases from 2030; limits on capital and workers by year")),
    ("Lac des Iles, the one North American graphite mine, idle",
     _makes("lac_des_iles", 2026, 2028), "a relation with Canada, and the capacity of its owner's report"),
    ("Vidalia at 40 % in 2026 in spite of Tesla's default notice; Balama doubles in a year",
     _makes("vidalia_anode", 2026, 2028, 2030), "paths corrected: 15 % in 2026, then a ramp of three years"),
    ("Mountain Pass makes 1.2 kt of NdPr oxide in 2026 (2.6 kt in 2025)",
     _makes("mountain_pass_separation", 2026, 2028, 2030), ("what home does not use is sold at 0.95 of the price ("
     "sheet `outlets`); its price floor is a contract in force")),
    ("tungsten at 912 USD/mtu in 2026, when it traded at 1,025 in January and about 3,000 in March",
     _price, "2,000 as the mean of 2026, falling as mines and recycling come (assumed)"),
    ("samarium, first in the ranking of the USGS, is not there",
     _exposures("samarium"), "oxide, metal and SmCo magnets; Lynas, Mountain Pass, licences; numbers mostly assumed"),
    ("lithium and anodes in imported cells, cars and storage come as materials: lithium exposure of 23 % in 2026",
     _exposures("lithium", "graphite"), ("segments goods_* are served by foreign makers of goods, four fifths Chinese "
     "as customs have it; they come home as plants do")),
)  # fmt: skip
