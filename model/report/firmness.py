"""How far the costs of a project could be above what the workbook says before its decision can wait.

Without the decision on a project in the first year the plan costs `wait` more. If all costs of the project are a share
higher, the plan as it stands costs that share of them more, and no plan without the decision costs less than before: as
long as the share of the costs is less than `wait`, to decide now stays best. Whether it can then be financed is another
question. The costs of a project are ten times what ten percent more of them do to the cost (`influence`).
"""

from __future__ import annotations

import math

from model.report.content import Content

OWN_COSTS = ("capex_usd_per_tpa", "fixed_usd_per_tpa_year", "variable_usd_per_t")
"""Columns of a facility that are its own costs."""

TEN = 10.0
"""From the influence of ten percent to the whole."""


def find_margins(content: Content, scenario: str) -> dict[str, float]:
    """Facility -> by which share its own costs can be higher at least before its first-year decision can wait.

    It is without limit where the decision cannot wait at any cost, and where the project has no costs of its own.
    What can wait at no cost, such as a free measure, is not a decision of this year and is left out. Without a wait or
    an influence that was looked at there are none.
    """
    waits, influence = content.of("waits", scenario), content.of("influence", scenario)
    if not len(waits) or not len(influence):
        return {}
    own: dict[str, float] = {}
    for sheet, record, column, more in influence[
        ["sheet", "record", "column", "usd_million_per_10_percent"]
    ].itertuples(index=False, name=None):
        facility, _, quantity = str(record).partition("/")
        cost = quantity if sheet == "facility_paths" else column
        if sheet in ("facilities", "facility_paths") and cost in OWN_COSTS and not math.isnan(more):
            own[facility] = own.get(facility, 0.0) + TEN * more
    return {
        str(facility): wait / own[facility] if not math.isnan(wait) and own.get(facility, 0.0) > 0 else math.inf
        for facility, wait in waits[["facility", "wait_usd_million"]]
        .astype({"wait_usd_million": float})
        .itertuples(index=False, name=None)
        if wait != 0
    }
