"""The tables that set scenarios side by side: what they cost, and what they leave exposed and short."""

from __future__ import annotations

import math

import pandas as pd

from model.report.content import Content


def comparison(content: Content) -> pd.DataFrame:
    """A row a scenario: exposure and shortage, cost by kind, public money, projects, pathway shares."""
    rows = []
    for scenario in content.scenarios:
        builds, awards = content.of("builds", scenario.name), content.of("awards", scenario.name)
        row: dict[str, object] = {"scenario": scenario.name, "title": scenario.title, "status": scenario.status}
        row |= {column: content.total(scenario.name, measure) for column, measure in COMPARED.items()}
        for kind, measure in (("exposed", "exposed_share"), ("short", "unmet_share")):
            shares = content.shares(scenario.name, measure)
            worst = next(iter(shares), "")
            row[f"most_{kind}"] = content.name("minerals", worst) if worst else ""
            row[f"most_{kind}_share"] = shares.get(worst, 0.0) if scenario.is_solved else math.nan
        row |= {
            "projects": builds["facility"].nunique() if len(builds) else 0,
            "capex_usd_million": builds["capex_usd_million"].sum() if len(builds) else 0.0,
            "awards": int((awards["applies_to"] != "in force").sum()) if len(awards) else 0,
        }
        rows.append(row)
    table = pd.DataFrame(rows)
    # A scenario without a plan built nothing and cost nothing: both would mislead.
    table.loc[table["status"] != "optimal", ["projects", "capex_usd_million", "awards"]] = pd.NA
    return table


COMPARED = {
    "exposure_index": "exposure_index",
    "supply_cost_usd_million": "supply_cost",
    "penalty_cost_usd_million": "penalty_cost",
    "public_cost_usd_million": "public_cost",
    "cost_usd_million": "objective",
    "support_paid_usd_million": "support_paid",
    "support_back_usd_million": "support_back",
    "support_tail_usd_million": "support_tail",
    "support_net_present_usd_million": "support_net_present",
    "support_net_present_stress_usd_million": "support_net_present_stress",
    "share_onshore": "share_onshore",
    "share_friendshore": "share_friendshore",
    "share_recycled": "share_recycled",
    "share_substituted": "share_substituted",
    "share_china": "share_china",
    "share_other": "share_other",
}
"""Column of the comparison -> measure of the summary."""


def mineral_shares(content: Content) -> pd.DataFrame:
    """Exposed and unmet shares of the demand for each mineral and its import reliance, the most exposed first."""
    rows = []
    for scenario in content.solved:
        exposed, unmet = (content.shares(scenario.name, measure) for measure in ("exposed_share", "unmet_share"))
        every = dict.fromkeys([*exposed, *unmet, *(m for m in content.names["minerals"])])
        rows += [
            (
                scenario.name,
                mineral,
                exposed.get(mineral, 0.0),
                unmet.get(mineral, 0.0),
                content.total(scenario.name, f"import_reliance_{mineral}"),
            )
            for mineral in every
            if not math.isnan(content.total(scenario.name, f"exposed_share_{mineral}"))
        ]
    return pd.DataFrame(rows, columns=["scenario", "mineral", "exposed_share", "unmet_share", "import_reliance"])


def cost_terms(content: Content) -> pd.DataFrame:
    """Discounted cost by scenario and term."""
    rows = [(scenario, *cost) for scenario, terms in content.costs.items() for cost in terms.items()]
    return pd.DataFrame(rows, columns=["scenario", "term", "usd_million"])
