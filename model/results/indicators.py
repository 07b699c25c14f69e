"""The summary of a plan, and exposure with its caps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from model.results import by_mineral
from model.results.awards import find_support
from model.results.columns import Row
from model.results.flows import mineral_output, output_for_demand
from model.results.money import discounted_costs
from model.results.plan import Plan
from model.results.reliance import HomeSupply, supply_by_year
from model.workbook.schema import ALL, CHAIN, PATHWAYS


@dataclass(frozen=True)
class Ratio:
    """A share as its two sides, so that shares of years add up to the share of the horizon."""

    part: float
    whole: float

    @property
    def share(self) -> float:
        """The share, 0 of nothing."""
        return self.part / self.whole if self.whole > 0 else 0.0


def summary(plan: Plan) -> Iterator[Row]:
    """Cost by kind, exposure and shortage by mineral, public money and pathway shares: whole horizon, then by year."""
    yield "objective", None, plan.objective, "USD million"
    if plan.whole:
        yield "linear_objective", None, plan.whole.linear, "USD million"
        yield "whole_projects_bound", None, plan.whole.bound, "USD million"
        yield "whole_projects_gap", None, plan.whole.gap, "share"
    for kind, cost in discounted_costs(plan).items():
        yield f"{kind}_cost", None, cost, "USD million"
    years = list(plan.data.years)
    counted = plan.data.index_years
    yield from _each("exposure_index", years, counted, lambda span: by_mineral.exposure_index(plan, span))
    for m in by_mineral.wanted_minerals(plan):
        yield from _each(f"exposed_share_{m}", years, counted, partial(by_mineral.exposed_share, plan, m))
    for m in by_mineral.wanted_minerals(plan):
        yield from _each(f"unmet_share_{m}", years, years, partial(by_mineral.unmet_share, plan, m))
    yield from _payments(plan)
    for m in by_mineral.wanted_minerals(plan):
        yield from _reliances(plan, m)
    worth = _worth_of_output(plan)
    for pathway in PATHWAYS:
        yield from _shares(f"share_{pathway}", years, partial(_share_of_pathway, worth, pathway))


def _each(measure: str, years: list[int], counted: list[int], over: Callable[[list[int]], float]) -> Iterator[Row]:
    """Yield a share over the years that count, then of every year."""
    yield measure, None, over(counted), "share"
    for t in years:
        yield measure, t, over([t]), "share"


def _amounts(measure: str, years: list[int], of_year: Callable[[int], float], unit: str) -> Iterator[Row]:
    yield measure, None, sum(of_year(t) for t in years), unit
    for t in years:
        yield measure, t, of_year(t), unit


def _shares(measure: str, years: list[int], of_year: Callable[[int], Ratio]) -> Iterator[Row]:
    ratios = {t: of_year(t) for t in years}
    yield (
        measure,
        None,
        Ratio(sum(r.part for r in ratios.values()), sum(r.whole for r in ratios.values())).share,
        "share",
    )
    for t in years:
        yield measure, t, ratios[t].share, "share"


def _payments(plan: Plan) -> Iterator[Row]:
    """Yield what the treasury pays and lends, what comes back, and what is left of both in present value."""
    support, years = list(find_support(plan)), list(plan.data.years)
    paid: defaultdict[int, float] = defaultdict(float)
    back: defaultdict[int, float] = defaultdict(float)
    for year in (year for one in support for year in one.years):
        paid[year.year] += year.expected.paid + year.expected.lent
        back[year.year] += year.expected.back
    yield from _amounts("support_paid", years, lambda t: paid[t], "USD million")
    yield from _amounts("support_back", years, lambda t: back[t], "USD million")
    yield "support_tail", None, sum(amount for t, amount in paid.items() if t > years[-1]), "USD million"
    yield "support_net_present", None, sum(one.net_present(plan, "expected") for one in support), "USD million"
    yield "support_net_present_stress", None, sum(one.net_present(plan, "stress") for one in support), "USD million"


def _reliances(plan: Plan, m: str) -> Iterator[Row]:
    """Net import reliance over the horizon and in every year in which there is apparent consumption."""
    by_year = supply_by_year(plan, m)
    for t, supply in ((None, sum(by_year.values(), HomeSupply())), *by_year.items()):
        if supply.reliance is not None:
            yield f"import_reliance_{m}", t, supply.reliance, "share"


def _worth_of_output(plan: Plan) -> dict[int, list[tuple[str, float]]]:
    """Year -> pathway of every output, and the output weighted by its shortage cost."""
    lookup, found = plan.data.lookup, defaultdict(list)
    for f, j, t in plan.data.exposure.OUTPUTS:
        worth = lookup.shortage_cost[j] * plan.value("output", f, j, t)
        found[t].append((lookup.facilities[f].pathway(t), worth))
    return found


def _share_of_pathway(worth: Mapping[int, list[tuple[str, float]]], pathway: str, t: int) -> Ratio:
    """Return a pathway's share of all output in a year."""
    outputs = worth.get(t, [])
    return Ratio(sum(part for name, part in outputs if name == pathway), sum(part for _, part in outputs))


def exposure(plan: Plan) -> Iterator[Row]:
    """Exposure of every stage, by location and with ownership and technology, and end to end; with caps and prices."""
    for m, g, t in sorted(plan.data.exposure.outputs):
        shares = stage_shares(plan, str(m), str(g), int(t))
        if shares:
            yield (m, g, ALL, t, *shares, *_caps(plan, str(m), str(g), ALL, int(t)))
    yield from _chain_exposure(plan)


def stage_shares(plan: Plan, m: str, g: str, t: int) -> tuple[float, float] | None:
    """Return the shares of a stage by location, and with ownership and technology; None where nothing is made."""
    outputs = list(mineral_output(plan, m, g, t))
    if not outputs:
        return None
    for_demand = output_for_demand(plan, m, g, t)
    return (
        _share_of(sum(amount for amount, *_, is_located in outputs if is_located), for_demand),
        _share_of(sum(amount * concern for amount, concern, *_ in outputs), for_demand),
    )


def _share_of(part: float, whole: float) -> float:
    """Return a share of what serves demand, at most 1: where outlets take nearly all, what is left may be less."""
    return min(1.0, part / whole) if part < whole else float(part > 0)


def _chain_exposure(plan: Plan) -> Iterator[Row]:
    demand, lookup = plan.data.demand, plan.data.lookup
    segments = sorted({row.segment for row in demand.rows.values()})
    for m in lookup.minerals:
        holding = [(d, row.segment, lookup.content.get((row.material, m), 0.0)) for d, row in demand.rows.items()]
        for segment in (ALL, *segments):
            counted = [(d, content) for d, own, content in holding if content > 0 and segment in (ALL, own)]
            for t in plan.data.years if counted else ():
                exposed, wanted = 0.0, 0.0
                for d, content in counted:
                    exposed += content * plan.value("deliver", d, "exposed", t)
                    wanted += content * demand.amount.get((d, t), 0.0)
                if wanted > 0:
                    yield m, CHAIN, segment, t, None, exposed / wanted, *_caps(plan, m, CHAIN, segment, t)


def _caps(plan: Plan, m: str, scope: str, segment: str, t: int) -> tuple[float | None, float | None]:
    """The tightest cap on a mineral, scope, segment and year, and what a percentage point more of them would save.

    A cap that the program leaves out because it cannot bind has no price.
    """
    caps: list[float] = []
    prices: list[float] = []
    rows = [plan.duals.get(name, {}) for name in ("chain_exposure_limit", "stage_exposure_limit")]
    for record in plan.data.lookup.tables["exposure_caps"]:
        fits = record["scope"] == scope and record["mineral"] in (ALL, m)
        if fits and (scope != CHAIN or record["segment"] == segment) and record.years[t] <= 1:
            caps.append(record.years[t])
            prices += (
                [cap_price(plan, record.label, m, t)] if any((record.label, m, t) in known for known in rows) else []
            )
    return min(caps, default=None), sum(prices) if prices else None


def cap_price(plan: Plan, c: str, m: str, t: int) -> float:
    """Return what one percentage point more of an exposure cap would save in its year, USD million, not discounted."""
    exposure = plan.data.exposure
    # One point more is a hundredth of what the share is taken of.
    chain = 0.01 * exposure.capped_demand.get((c, m, t), 0.0) * plan.dual("chain_exposure_limit", c, m, t)
    scope = exposure.stage_of[c]
    stage = 0.01 * output_for_demand(plan, m, scope, t) * plan.dual("stage_exposure_limit", c, m, t)
    return max(0.0, -(chain + stage)) / plan.data.discount(t)
