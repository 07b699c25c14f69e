"""Why something is short: the limits that bind then, by what a step more of them saves."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from model.report.content import Content
from model.report.prices import SHARED

MOST_REASONS = 3
"""Limits named as the reason of a shortage."""

POLICY = ("chain_exposure_limit", "stage_exposure_limit", "mix_target_floor", "mix_target_limit")
"""Limits a planner sets: they are named before those of plants."""


def describe_own_reasons(
    content: Content, prices: pd.DataFrame, scenario: str, material: str, years: set[int]
) -> Iterator[str]:
    """Name the limits on the minerals of a material that bind while it is short, policy first."""
    limits = find_binding(content, prices, scenario, years)
    about = limits["mineral"].isin(content.materials[material].minerals) & ~limits["constraint"].isin(SHARED)
    limits = limits[about].drop_duplicates("sentence")
    policy = limits["constraint"].isin(POLICY)
    for row in pd.concat([limits[policy].head(1), limits[~policy]]).head(MOST_REASONS).itertuples():
        yield f"{row.sentence}, over the whole plan"


def describe_shared_reasons(content: Content, prices: pd.DataFrame, scenario: str, years: set[int]) -> Iterator[str]:
    """Name budgets, quotas and resource limits that bind while something is short, the costliest of each kind."""
    limits = find_binding(content, prices, scenario, years)
    limits = limits[limits["constraint"].isin(SHARED)].drop_duplicates("sentence")
    for row in limits.groupby("constraint", sort=False).head(2).itertuples():
        yield f"{row.sentence}, over the whole plan"


def find_binding(content: Content, prices: pd.DataFrame, scenario: str, years: set[int]) -> pd.DataFrame:
    """Find the limits that have a price in some of these years and of which a step saves something, the best first.

    Args:
        content: what the report is made from.
        prices: the sentences of all steps, as `price_sentences` makes them.
        scenario: the plan.
        years: years in which something is short.
    """
    steps = prices[prices["scenario"] == scenario] if len(prices) else prices
    slopes = content.of("shadow_prices", scenario)
    if not len(steps) or not len(slopes):
        return steps
    # A limit over the whole plan has no year.
    slopes = slopes[(slopes["year"].isin(years) | slopes["year"].isna()) & (slopes["value"] > 0)]
    binding = steps.merge(slopes[["constraint", "key"]].drop_duplicates())
    found = binding[(binding["kind"] == "limit") & (binding["up_usd_million"] > 0)]
    return found.sort_values("up_usd_million", ascending=False, kind="stable")
