"""What the brief says of a plan: what to decide, what public money buys, what is exposed, what is short."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from model.report import figures
from model.report.answers import Answer, Curve, Fact, Known
from model.report.brief_risk import frontier_of, not_made
from model.report.content import Content
from model.report.reasons import describe_own_reasons, describe_shared_reasons
from model.report.scenario import Scenario
from model.report.support import is_insurance
from model.workbook.formatting import amount, counted, joined, money, money_apart, percent, spans
from model.workbook.schema import ALL, CHAIN

FEW = 4
"""Projects the brief names; the tables list all."""

WORST = 3
"""Exposures, shortages and users that are named."""

AHEAD = 5
"""Years from the first one in which exposure is looked at."""

SUPPORT = ("support_offers", "support_budgets")
"""Sheets a scenario without support changes, and no others."""

ASKED = (
    "price_steps", "influence", "frontier_points", "frontier_budgets", "stress_test", "failure_years",
    "failure_candidates", "failure_pairs", "draws", "draws_seed", "commit_year",
    "foresight_years", "hedged_plan", "near_optimal_slack",
)  # fmt: skip
"""Settings that ask for more to be looked at: they leave the plan as it is."""


def describe_decisions(known: Known, scenario: Scenario) -> Answer:
    """The projects that are decided in the first year, with their support, and what a year's wait costs."""
    content, year = known.content, scenario.first_year
    question = f"What must be decided in {year}?"
    rows = known.of(known.timeline, scenario.name)
    rows = rows[rows["decision_year"] == year] if len(rows) else rows
    signed = content.of("awards", scenario.name)
    signed = signed[signed["award_year"] == year] if len(signed) else signed
    kept = signed.loc[signed["applies_to"] == "existing", "facility"].nunique() if len(signed) else 0
    if not len(rows):
        text = f"No project is decided in {year}." + _describe_kept(kept)
        return Answer("decide", question, (Fact("0", "projects"),), (text,))
    worth = rows.groupby("facility")["capex_usd_million"].sum().sort_values(ascending=False, kind="stable")
    waits = _waits(content, scenario.name)
    # What costs nothing and can wait is not a decision of this year: the plan may date it as it likes.
    free = [name for name, usd_million in worth.items() if not usd_million and name in waits and not waits[name].cost]
    worth, rows = worth.drop(free), rows[~rows["facility"].isin(free)]
    order = _mix_minerals(
        content, sorted(map(str, worth.index), key=lambda name: -waits[name].cost if name in waits else 0.0)
    )
    backed = rows.loc[rows["financed_by"] != "merchant", "facility"].nunique()
    facts = (
        Fact(str(len(worth)), "projects" if len(worth) > 1 else "project"),
        Fact(money(worth.sum()), "of investment"),
        Fact(str(backed), "with support"),
    )
    named = tuple(_describe_project(known, rows[rows["facility"] == name], waits) for name in order[:FEW])
    rest = f"{counted(len(worth) - FEW, 'more project')} under Capacity timeline." if len(worth) > FEW else ""
    dated = f" {counted(len(free), 'free measure')} could come in any year." if free else ""
    last = f"{rest}{_describe_kept(kept)} {_describe_waits(waits)}{dated}".strip()
    return Answer("decide", question, facts, (*named, last))


def _mix_minerals(content: Content, facilities: list[str]) -> list[str]:
    """Projects in order, the first of each mineral before the others: four copper mines are one piece of news."""
    minerals = [content.materials[content.plants[name].output].mineral for name in facilities]
    return sorted(
        facilities, key=lambda name: minerals.index(minerals[facilities.index(name)]) != facilities.index(name)
    )


def _describe_kept(kept: int) -> str:
    return f" {counted(kept, 'existing plant stays', 'existing plants stay')} open by a contract." if kept else ""


class _Waiting(NamedTuple):
    """What a year's wait costs, without end where no plan then keeps every rule, and the penalties in it."""

    cost: float
    penalties: float


def _waits(content: Content, scenario: str) -> dict[str, _Waiting]:
    """Facility -> what a year's wait for its decision costs."""
    rows = content.of("waits", scenario)
    if not len(rows):
        return {}
    costs = rows[["wait_usd_million", "wait_penalties_usd_million"]].fillna(math.inf).to_numpy().tolist()
    return {str(f): _Waiting(*cost) for f, cost in zip(rows["facility"], costs, strict=True)}


def _describe_waits(waits: Mapping[str, _Waiting]) -> str:
    """How many of the decisions can wait at no cost."""
    if not waits:
        return "What a year of waiting costs was not computed."
    idle = sum(1 for waiting in waits.values() if not waiting.cost)
    which = "None" if not idle else f"{idle} of the {len(waits)}"
    return f"{which} looked at can wait a year at no cost."


def _describe_project(known: Known, rows: pd.DataFrame, waits: Mapping[str, _Waiting]) -> str:
    first = rows.iloc[0]
    offers = sorted({str(offer) for offer in rows["financed_by"]} - {"merchant"})
    given = rows.dropna(subset=["amount"])
    support = (
        f"with {joined(offers)}{_describe_amount(given.iloc[0]) if len(given) else ''}" if offers else "no support"
    )
    waiting = _describe_wait(waits.get(str(first["facility"])))
    good = known.content.materials[str(first["material"])].short
    capex = rows["capex_usd_million"].sum()
    investment = money(capex) if capex else "no investment"
    return (
        f"{first['name']}: {amount(rows['t_per_year'].sum())} t/yr of {good}, {investment}, "
        f"{support}{waiting}{_describe_ties(known.content, rows)}."
    )


def _describe_ties(content: Content, rows: pd.DataFrame) -> str:
    """The projects that could be built instead at the same cost and exposure."""
    names = sorted({name for tied in rows["tied_with"] for name in str(tied).split(", ") if name})
    return f"; interchangeable with {joined([content.plants[name].name for name in names])}" if names else ""


def _describe_amount(award: pd.Series[Any]) -> str:
    """A strike or a premium by the tonne, a grant or a loan as a share of the investment."""
    if award["unit"] == "USD/t":
        return f" of {amount(float(award['amount']))} USD/t"
    return f" of {percent(float(award['amount']))} of the investment"


def _describe_wait(waiting: _Waiting | None) -> str:
    if waiting is None:
        return ""
    if math.isinf(waiting.cost):
        return "; it cannot wait: no later plan satisfies every rule"
    return f"; waiting a year costs {money_apart(*waiting)}" if waiting.cost else "; it can wait a year at no cost"


def describe_money(content: Content, scenario: Scenario) -> Answer:
    """What the treasury pays, as expected and in a slump, and what the plan would be without support."""
    question = "What does public money buy?"
    signed = content.of("awards", scenario.name)
    if not len(signed):
        return Answer("money", question, (Fact(money(0.0), "paid and lent"),),
                      ("No support is awarded in this plan.", *_without(content, scenario)))  # fmt: skip
    facts = (
        Fact(money(signed["paid_usd_million"].sum() + signed["lent_usd_million"].sum()),
             f"paid and lent up to {scenario.last_year}"),
        Fact(money(signed["stress_paid_usd_million"].sum() + signed["stress_lent_usd_million"].sum()),
             f"if prices are {percent(scenario.stress_drop)} lower"),
    )  # fmt: skip
    projects, awards, idle = signed["facility"].nunique(), len(signed), int(is_insurance(signed).sum())
    text = f"{counted(projects, 'project has', 'projects have')} support"
    if idle:
        verb = "is an insurance" if idle == 1 else "are insurance"
        which = "The award" if awards == 1 else f"{idle} of the {awards} awards"
        text += f". {which} {verb}, expected neither to cost nor to earn the treasury anything"
    text += "."
    net, slump = (signed[f"{view}net_present_usd_million"].sum() for view in ("", "stress_"))
    worth = f"In present value, less what comes back, it is {money(net)} as expected and {money(slump)} in the slump."
    returned, after = signed["back_usd_million"].sum(), signed["tail_usd_million"].sum()
    back = (f"{money(returned)} is paid back up to {scenario.last_year}.",) if returned > 0 else ()
    later = (f"After {scenario.last_year} another {money(after)} falls due.",) if after > 0 else ()
    return Answer("money", question, facts, (text, *_without(content, scenario), worth, *back, *later))


def _without(content: Content, scenario: Scenario) -> Iterator[str]:
    """What the same plan without new support, if the run has one, costs more and leaves exposed and short."""
    other = find_without(content, scenario)
    if other is None:
        if len(_new_awards(content, scenario.name)):
            yield "This run has no plan without support to compare with."
        return
    more = content.total(other.name, "objective") - content.total(scenario.name, "objective")
    before, after = (content.total(name, "exposure_index") for name in (other.name, scenario.name))
    side = "more" if more > 0 else "less"
    parts = ", ".join(
        f"{words} {money(abs(change))} {'more' if change > 0 else 'less'}"
        for words, measure in (("goods", "supply_cost"), ("penalties", "penalty_cost"))
        if abs(change := content.total(other.name, measure) - content.total(scenario.name, measure)) > 1
    )
    inside = f" ({parts})" if parts else ""
    owed = content.of("awards", other.name)
    new = "new " if len(owed) else ""
    if len(owed):
        now, slump = (
            sum(owed[f"{view}{what}_usd_million"].sum() for what in ("paid", "lent")) for view in ("", "stress_")
        )
        yield f"Of it {money(now)} is owed by contracts in force, {money(slump)} in the slump."
    yield (
        f"Without {new}support the plan costs {money(abs(more))} {side}{inside}, and the exposure index of "
        f"{scenario.index_span(content.index_from)} is {percent(before)} rather than {percent(after)}."
    )


def find_without(content: Content, scenario: Scenario) -> Scenario | None:
    """A plan of the run that differs from this one by its support only, and signs nothing new."""
    mine = _changed(content, scenario.name)
    for other in content.solved:
        if other.name == scenario.name or len(_new_awards(content, other.name)) or scenario.unlike(other):
            continue
        changed = mine ^ _changed(content, other.name)
        if changed and all(sheet in SUPPORT for sheet, *_ in changed):
            return other
    return None


def _new_awards(content: Content, scenario: str) -> pd.DataFrame:
    """The awards of a plan, without the contracts that were in force before it."""
    rows = content.of("awards", scenario)
    return rows[rows["applies_to"] != "in force"] if len(rows) else rows


def _changed(content: Content, scenario: str) -> set[tuple[str, ...]]:
    rows = content.of("changes", scenario)
    if not len(rows):
        return set()
    rows = rows[(rows["sheet"] != "settings") | ~rows["record"].isin(ASKED)]
    columns = rows[["sheet", "record", "column", "year", "new"]].astype(str)
    return set(columns.itertuples(index=False, name=None))


def describe_exposures(content: Content, scenario: Scenario) -> Answer:
    """The minerals most exposed a few years ahead, the step of each, and what halving it costs on the frontier."""
    year = min(scenario.first_year + AHEAD, scenario.last_year)
    question = f"Where are we most exposed in {year}?"
    span = scenario.index_span(content.index_from)
    index = Fact(percent(content.total(scenario.name, "exposure_index")), f"exposure index of {span}")
    worst = find_exposures(content, scenario.name, year)
    if not len(worst):
        return Answer("exposure", question, (index,), (f"No demand depends on {content.concern_label} in {year}.",))
    lines = tuple(
        f"{content.name('minerals', str(row.mineral))}: {percent(float(str(row.share)))} of demand passes through "
        f"{content.concern_label}; most at {content.name('stages', str(row.stage))} "
        f"({percent(float(str(row.at_stage)))}){_halved(content, scenario.name, str(row.mineral))}."
        for row in worst.itertuples()
    )
    if not len(frontier_of(content, scenario.name)):
        lines = (*lines, not_made(content, "frontier", "What would halve them"))
    curves = tuple(_draw_exposure(content, scenario.name, str(mineral)) for mineral in worst["mineral"])
    return Answer("exposure", question, (index,), lines, curves=curves)


def _draw_exposure(content: Content, scenario: str, mineral: str) -> Curve:
    """The exposed share of the demand for a mineral over the years."""
    rows = content.of("exposure", scenario)
    rows = rows[(rows["mineral"] == mineral) & (rows["stage"] == CHAIN) & (rows["segment"] == ALL)].sort_values("year")
    years, shares = rows["year"].tolist(), rows["controlled_share"].fillna(0.0).tolist()
    first, last = percent(shares[0]), percent(shares[-1])
    name = content.name("minerals", mineral)
    words = f"exposed share of the demand for {name}: {first} in {years[0]}, {last} in {years[-1]}"
    return Curve(
        name, tuple(map(float, years)), tuple(shares), f"{first} in {years[0]}", f"{last} in {years[-1]}", words
    )


def find_exposures(content: Content, scenario: str, year: int) -> pd.DataFrame:
    """The minerals most exposed end to end in a year, with the step of their chain that is most exposed."""
    rows = content.of("exposure", scenario)
    columns = ["mineral", "share", "stage", "at_stage"]
    if not len(rows):
        return pd.DataFrame(columns=columns)
    rows = rows[(rows["year"] == year) & (rows["segment"] == ALL) & (rows["controlled_share"] > 0)]
    chain = rows[rows["stage"] == CHAIN].sort_values("controlled_share", ascending=False, kind="stable")
    steps = rows[rows["stage"].isin(content.steps)].sort_values("controlled_share", ascending=False, kind="stable")
    worst = steps.drop_duplicates("mineral")[["mineral", "stage", "controlled_share"]]
    named = chain[["mineral", "controlled_share"]].rename(columns={"controlled_share": "share"})
    return named.merge(worst.rename(columns={"controlled_share": "at_stage"}), on="mineral").head(WORST)[columns]


def _halved(content: Content, scenario: str, mineral: str) -> str:
    """The cheapest point of the frontier at which the mineral is half as exposed, at any size of the budgets."""
    points, costs = content.of("frontier_minerals", scenario), content.of("frontier", scenario)
    if not len(points) or not len(costs):
        return ""
    keys = ["budget_multiple", "point"]
    points = points[points["mineral"] == mineral].merge(
        costs[[*keys, "cost_usd_million", "penalties_usd_million"]], on=keys
    )
    now = points[points["budget_multiple"] == 1].sort_values("point")
    if not len(now):
        return ""
    enough = points[points["exposed_share"] <= now.iloc[0]["exposed_share"] / 2].sort_values("cost_usd_million")
    if not len(enough):
        best = points["exposed_share"].min()
        return f"; no point of the frontier halves it, the least is {percent(best)}"
    best = enough.iloc[0]
    more = [best[column] - now.iloc[0][column] for column in ("cost_usd_million", "penalties_usd_million")]
    multiple = best["budget_multiple"]
    budgets = "" if multiple == 1 else f" at {multiple:g} times the support budgets"
    return f"; halved on the frontier for {money_apart(*more)}{budgets}"


def describe_shortage(known: Known, scenario: Scenario) -> Answer:
    """What is not delivered, to whom, from when on, and why."""
    content = known.content
    question = "What is short, and who goes without?"
    rows = find_shortages(content, scenario.name)
    if not len(rows):
        return Answer("short", question, (Fact("0", "materials short"),), ("All demand is met in every year.",))
    goods = rows.groupby("material", sort=False)["unmet_t"].sum()
    share = {good: goods[good] / rows.loc[rows["material"] == good, "wanted_t"].sum() for good in goods.index}
    order = sorted(goods.index, key=lambda good: -share[good])
    facts = (
        Fact(str(len(goods)), "materials short" if len(goods) > 1 else "material short"),
        Fact(str(rows["year"].min()), _describe_notice(int(rows["year"].min()) - scenario.first_year)),
    )
    lines = [_describe_short(content, rows[rows["material"] == good]) for good in order[:WORST]]
    lines += _describe_reasons(known, scenario.name, str(order[0]), set(rows["year"]))
    if len(order) > WORST:
        lines.append(f"{counted(len(order) - WORST, 'more material is', 'more materials are')} short: see the verdict.")
    return Answer("short", question, facts, tuple(lines), is_bad=True)


def _describe_notice(years: int) -> str:
    """How long before it the first shortage is known, to those who decide by this plan."""
    return f"first year, known {counted(years, 'year')} before" if years else "first year: this one"


def _describe_reasons(known: Known, scenario: str, material: str, years: set[int]) -> Iterator[str]:
    """The first limit that binds while the good that is shortest is short."""
    if not len(known.content.of("price_steps", scenario)):
        yield "What holds it back was not computed: set price_steps for this plan."
        return
    own = describe_own_reasons(known.content, known.prices, scenario, material, years)
    shared = describe_shared_reasons(known.content, known.prices, scenario, years)
    for reason in [*own, *shared][:1]:
        yield f"What binds: {reason}."


def find_shortages(content: Content, scenario: str) -> pd.DataFrame:
    """Demand that is not met by material, segment and year, beside what is wanted in all of that segment's year."""
    rows = content.of("deliveries", scenario)
    keys, amounts = ["material", "segment", "year"], ["clear_t", "exposed_t", "saved_t", "unmet_t"]
    if not len(rows):
        return pd.DataFrame(columns=[*keys, "unmet_t", "wanted_t"])
    found = rows.groupby(keys, as_index=False, sort=False)[amounts].sum()
    found = found.assign(wanted_t=found[amounts].sum(axis=1))
    return found.loc[found["unmet_t"] > figures.LEAST_T, [*keys, "unmet_t", "wanted_t"]]


def _describe_short(content: Content, rows: pd.DataFrame) -> str:
    good = content.materials[str(rows["material"].iloc[0])].short
    users = rows.groupby("segment", sort=False)["unmet_t"].sum().sort_values(ascending=False, kind="stable")
    named = joined([str(segment).replace("_", " ") for segment in users.index[:WORST]])
    more = f" and {len(users) - WORST} more" if len(users) > WORST else ""
    share = rows["unmet_t"].sum() / rows["wanted_t"].sum()
    return (
        f"{good}: {amount(rows['unmet_t'].sum())} t in {spans(sorted(set(rows['year'])))}, {percent(share)} of what "
        f"these users want then: {named}{more}."
    )
