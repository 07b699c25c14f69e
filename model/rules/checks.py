"""The list of the rules that span rows and sheets, each a small function in `model/rules`.

The same rules hold for the workbook as it stands and for every scenario merged into it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from model.errors import Problem
from model.rules import chains, effects, frame, market, money, names, plants, policy, returned, sizes, supply, support
from model.rules.context import Context, Rule
from model.workbook.schema import SHEET
from model.workbook.tables import Record, Tables

RULES: tuple[Rule, ...] = (  # after names.REFERENCES
    names.check_cap_segments,
    names.check_sources,
    frame.check_home,
    frame.check_probabilities,
    frame.check_years_outside,
    plants.check_market_inputs,
    plants.check_market_costs,
    plants.check_market_commercial,
    plants.check_seller_capex,
    plants.check_seller_contract,
    plants.check_seller_spread,
    plants.check_contract_without_commerce,
    plants.check_substitution_recipes,
    plants.check_substitution_place,
    chains.check_recipe_roles,
    chains.check_own_mineral,
    chains.check_mineral_balance,
    chains.check_stage_steps,
    plants.check_lifespan,
    plants.check_construction,
    plants.check_capacity_at_all,
    plants.check_unit,
    plants.check_time_to_build,
    chains.check_inputs_reachable,
    chains.check_output_useful,
    chains.check_material_made,
    chains.check_demand_reachable,
    money.check_output_prices,
    money.check_recipe_prices,
    money.check_tariff_prices,
    support.check_strike_material,
    support.check_upside_share,
    support.check_term,
    support.check_columns_of_forms,
    support.check_award_years,
    support.check_offer_used,
    support.check_pot_used,
    support.check_contract_years,
    support.check_contract_price,
    support.check_contract_pot,
    support.check_contract_used,
    policy.check_route_ends,
    market.check_growth_start,
    market.check_idle_pace,
    market.check_sold_prices,
    market.check_outlet_place,
    market.check_outlet_supply,
    market.check_requirements,
    market.check_closing,
    market.check_groups,
    policy.check_weights,
    policy.check_cap_materials,
    policy.check_target_possible,
    policy.check_target_pairs,
    policy.check_final_stock,
    policy.check_cover,
    policy.check_cover_of_nothing,
    policy.check_returned_products,
    sizes.check_price_and_shortage,
    sizes.check_price_path,
    sizes.check_cost_and_price,
    sizes.check_shortage_cost,
    sizes.check_small_demand,
    sizes.check_capacity_and_others,
    sizes.check_capacity_and_demand,
    *effects.PLAUSIBLE_AMOUNTS,
    names.check_alike_words,
    names.check_total_names,
    effects.check_years_of_rows,
    effects.check_repeated_changes,
    effects.check_total_rows,
    effects.check_zero_prices,
    returned.check_scrap_collected,
    returned.check_returned_mass,
    effects.check_limited_routes,
    effects.check_free_breaches,
    effects.check_idle_cells,
    returned.check_late_returns,
    effects.check_covered_demand,
)
"""Every rule, in the order their messages are listed."""

NAME_RULES: frozenset[Rule] = frozenset({names.check_cap_segments})
"""Rules that do not depend on the years of the plan, besides those on names."""

WHOLE_RULES: frozenset[Rule] = frozenset({
    names.check_sources,
    plants.check_substitution_place,
    chains.check_mineral_balance,
    chains.check_inputs_reachable,
    chains.check_output_useful,
    chains.check_material_made,
    chains.check_demand_reachable,
    support.check_offer_used,
    support.check_pot_used,
    support.check_contract_used,
    policy.check_cap_materials,
    policy.check_cover_of_nothing,
    policy.check_target_possible,
    policy.check_returned_products,
    sizes.check_capacity_and_others,
    sizes.check_capacity_and_demand,
    effects.check_years_of_rows,
    effects.check_limited_routes,
    effects.check_covered_demand,
})  # fmt: skip
"""Rules that report something as missing; a cell that could not be read, or a corrected name, might supply it."""


@dataclass(frozen=True)
class _Answer:
    """What a rule had to say, and what it had read.

    Attributes:
        read: each fact -> its version.
        problems: what it found.
    """

    read: dict[str, int]
    problems: list[Problem]


class _World:
    """The tables of a scenario, in which each sheet has the number of the version it is."""

    def __init__(self, tables: Tables, scenario: str, versions: dict[str, list[list[Record]]]) -> None:
        self.tables, self.scenario, self.context = tables, scenario, Context(tables, scenario)
        self._versions, self._found = versions, {"years": hash(tables.horizon)}

    def version(self, fact: str) -> int:
        """Return a number that two scenarios share where the fact is the same in both."""
        if fact not in self._found:
            is_sheet = fact in SHEET
            self._found[fact] = self._find_version(fact) if is_sheet else int(self.context.fact(fact))
        return self._found[fact]

    def _find_version(self, sheet: str) -> int:
        known, records = self._versions.setdefault(sheet, []), self.tables.of(sheet)
        version = next((n for n, other in enumerate(known) if other == records), len(known))
        if version == len(known):
            known.append(records)
        return version


class Checker:
    """Looks at one scenario after the other; where all that a rule reads is as it was, so is its answer."""

    def __init__(self) -> None:
        self._versions: dict[str, list[list[Record]]] = {}
        self._answers: defaultdict[Rule, list[_Answer]] = defaultdict(list)
        self._world: _World | None = None

    def check(self, tables: Tables, scenario: str = "") -> list[Problem]:
        """Return what the function `check` returns."""
        problems = check_horizon(tables, scenario)
        if not problems:  # The other rules look at the years of the horizon.
            world = self._look_at(tables, scenario)
            problems = [problem for rule in names.REFERENCES for problem in self._ask(rule, world)]
            # A reference to a source that is missing breaks nothing else.
            is_whole = tables.is_whole and all(problem.column in ("source", "source_costs") for problem in problems)
            rules = [rule for rule in RULES if _can_judge(rule, tables, is_whole=is_whole)]
            problems += [problem for rule in rules for problem in self._ask(rule, world)]
        return [replace(problem, scenario=scenario) if scenario else problem for problem in problems]

    def supply_check(self, tables: Tables, scenario: str = "") -> list[Problem]:
        """Return what the function `supply_check` returns."""
        problems = self._ask(supply.check_supply, self._look_at(tables, scenario))
        return [replace(problem, scenario=scenario) if scenario else problem for problem in problems]

    def _look_at(self, tables: Tables, scenario: str) -> _World:
        """Return the tables with what is known of them; both kinds of checks look at the same."""
        if self._world is None or (self._world.tables, self._world.scenario) != (tables, scenario):
            self._world = _World(tables, scenario, self._versions)
        return self._world

    def _ask(self, rule: Rule, world: _World) -> list[Problem]:
        """Return the problems a rule finds, from an earlier answer where it would read the same."""
        for answer in self._answers[rule]:
            if all(world.version(fact) == version for fact, version in answer.read.items()):
                return answer.problems
        with world.context.watch.look() as read:
            problems = list(rule(world.context))
        self._answers[rule].append(_Answer({fact: world.version(fact) for fact in ("years", *read)}, problems))
        return problems


def check(tables: Tables, scenario: str = "") -> list[Problem]:
    """Return all errors and warnings of the tables of one scenario.

    Rows with a cell that could not be read are left out of it (but for their names): that cell has been reported, and
    is not to be reported again for what it seems to bring about. Nor is a name that is not there.

    Args:
        tables: merged tables: interpolated and without inactive rows.
        scenario: the scenario the problems are to name; "" for the workbook as it stands.
    """
    return Checker().check(tables, scenario)


def _can_judge(rule: Rule, tables: Tables, *, is_whole: bool) -> bool:
    """Whether a rule can judge what could be read; `is_whole` where nothing can be missing by mistake."""
    if not tables.knows_horizon:
        return rule in NAME_RULES
    return rule not in WHOLE_RULES or is_whole


def check_horizon(tables: Tables, scenario: str = "") -> list[Problem]:
    """Return the problems of the years of the plan."""
    return [replace(problem, scenario=scenario) for problem in frame.check_horizon(tables)]


def supply_check(tables: Tables, scenario: str = "") -> list[Problem]:
    """Return where demand exceeds the largest possible supply, with the numbers."""
    return Checker().supply_check(tables, scenario)
