"""What the analyses found, in sentences of the verdict."""

from __future__ import annotations

from collections.abc import Iterator

from model.report.content import Content
from model.results.columns import TableName
from model.workbook.formatting import amount, counted, money, money_apart, spans


def describe_analyses(content: Content, scenario: str) -> Iterator[str]:
    """A sentence or two for each analysis that looked at a scenario."""
    yield from _describe_shocks(content, scenario)
    yield from _describe_failures(content, scenario)
    yield from _describe_draws(content, scenario)
    yield from _describe_foresight(content, scenario)
    yield from _describe_hedge(content, scenario)


def _describe_shocks(content: Content, scenario: str) -> Iterator[str]:
    words: dict[TableName, tuple[str, str, str]] = {
        "stress": ("extra_cost_usd_million", "extra_penalties_usd_million", "The costliest shock is {}: it adds {}."),
        "regret": ("regret_usd_million", "penalties_usd_million", "Knowing {} in advance would save most, {}."),
    }
    for table, (column, penalties, text) in words.items():
        rows = content.of(table, scenario)
        if len(rows):
            worst = rows.sort_values(column, kind="stable").iloc[-1]
            shock = f"'{content.name('scenarios', str(worst['shock']))}'"
            yield text.format(shock, money_apart(worst[column], worst[penalties]))


def _describe_failures(content: Content, scenario: str) -> Iterator[str]:
    """The costliest single failure, and what it leaves short."""
    rows = content.of("failures", scenario)
    rows = rows[rows["kind"] != "pair"] if len(rows) else rows
    if len(rows):
        worst = rows.sort_values("rank", kind="stable").iloc[0]
        lost = f", {amount(worst['months_lost'])} months of demand" if worst["worst_mineral"] else ""
        of = f"{lost} for {content.name('minerals', str(worst['worst_mineral']))}" if lost else ""
        years = spans(range(int(worst["first_year"]), int(worst["last_year"]) + 1))
        yield (
            f"Of {counted(len(rows), 'single failure')} in {years} the costliest is that of "
            f"{failure_name(content, str(worst['name']))}, which adds "
            f"{money_apart(worst['extra_cost_usd_million'], worst['penalty_usd_million'])}{of}."
        )


def _describe_draws(content: Content, scenario: str) -> Iterator[str]:
    """How many projects hold in nearly all draws, and the regret of the plan's early decisions."""
    rows = content.of("draws", scenario)
    solved = rows[rows["status"] == "optimal"] if len(rows) else rows
    if len(solved):
        builds = content.of("draw_builds", scenario)
        classes = builds["class"].value_counts().to_dict() if len(builds) else {}
        regret = solved["regret_usd_million"]
        most = solved.sort_values("regret_usd_million", kind="stable").iloc[-1]
        yield (
            f"In {counted(len(solved), 'draw')} of the uncertain numbers, "
            f"{counted(classes.get('no regret', 0), 'project is', 'projects are')} built nearly always, and "
            f"{counted(classes.get('depends', 0), 'depends', 'depend')} on what is drawn; keeping the plan's early "
            f"decisions costs {money(float(regret.median()))} more than deciding anew in the median draw, and "
            f"up to {money_apart(most['regret_usd_million'], most['regret_penalty_usd_million'])}."
        )


def _describe_foresight(content: Content, scenario: str) -> Iterator[str]:
    """What looking ahead is worth."""
    rows = content.of("foresight", scenario)
    if len(rows):
        more = dict(zip(rows["measure"], rows["difference"], strict=True))
        apart = money_apart(more["cost"], more["penalties"])
        yield f"Deciding year by year with limited foresight would add {apart} to the cost of the plan."


def failure_name(content: Content, name: str) -> str:
    """What fails, in words: a facility, a region, a route, or a material of a region."""
    places, _, material = name.partition(":")
    if material:
        return f"the route {places} for {content.materials[material].short}"
    first, _, region = name.partition("/")
    if region:
        return f"all {content.materials[first].short} from {content.name('regions', region)}"
    return content.plants[first].name if first in content.plants else content.name("regions", first)


def _describe_hedge(content: Content, scenario: str) -> Iterator[str]:
    rows = content.of("hedge", scenario)
    if len(rows):
        found = {
            measure: money_apart(value, penalties)
            for measure, value, penalties in zip(
                rows["measure"], rows["value"], rows["penalties_usd_million"], strict=True
            )
        }
        premium = found.get("insurance_premium")
        costs = "" if premium is None else f"adds {premium} without a shock and "
        saved = found["value_of_stochastic_solution"]
        yield f"A plan hedged against all shocks {costs}saves {saved} on average over all futures."
