"""One palette for the page, the charts in the workbook and everything else.

The colours are those of Okabe and Ito (jfly.uni-koeln.de/color), which people with any colour vision can tell apart.
"""

from __future__ import annotations

PATHWAY = {
    "onshore": "#0072B2",
    "friendshore": "#56B4E9",
    "recycled": "#009E73",
    "substituted": "#F0E442",
    "china": "#D55E00",
    "other": "#999999",
}

MET = {"clear": "#0072B2", "exposed": "#D55E00", "saved": "#F0E442", "unmet": "#1A1A1A"}
"""How a tonne of demand is met; also the provenance of flows."""

SERIES = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
"""Anything else that is told apart by colour."""

BAD = "#B00020"
"""Warnings, shortages, breaches: 7.4 to 1 against white."""

INK = "#1A1A1A"
PALE = "#E8EEF4"
"""Text, and what lies behind headers."""
