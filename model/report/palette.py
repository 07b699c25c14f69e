"""One palette for the page, the charts in the workbook and everything else.

The colours of pathways are those of Okabe and Ito (jfly.uni-koeln.de/color), which people with any colour vision can
tell apart.
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

MET = {"clear": "#76B7B2", "exposed": "#A13A00", "saved": "#F0E442", "unmet": "#1A1A1A"}
"""How a tonne of demand is met; also the provenance of flows. Without colour, clear is light and exposed is dark."""

SERIES = ("#332288", "#DDCC77", "#882255", "#999933", "#AA4499", "#CC6677", "#661100", "#BBBBBB")
"""Anything else that has a colour of its own: none of it is the colour of a pathway or a provenance.

They are of the scheme "muted" of Paul Tol (personal.sron.nl/~pault), for people with any colour vision.
"""

MORE, LESS = "#CC6677", "#999933"
"""What is above and below what it is compared with, or saved."""

BAD = "#B00020"
"""Warnings, shortages, breaches: 7.4 to 1 against white."""

INK = "#1A1A1A"
PALE = "#E8EEF4"
"""Text, and what lies behind headers."""
