"""Titles and notes of the tables of the analyses."""

from __future__ import annotations

LATER = {
    "frontier": ("Frontier", "Least cost for every exposure, at each size of the support budgets."),
    "frontier_minerals": ("Minerals on the frontier", "What of each mineral is exposed and not met at every point."),
    "frontier_plans": ("Plans on the frontier", "What the points of the frontier decide."),
    "stress": ("Stress tests", "Every plan against every shock: what it costs more, what is short, what is exposed."),
    "stress_minerals": ("Minerals under shocks", "What of each mineral is exposed and not met under each shock."),
    "stress_breaches": (
        "Missed under shocks",
        "Caps, targets, duties and contracts that cannot be kept under a shock.",
    ),
    "stress_savings": ("What softens the shocks", "How much larger the extra cost of a shock would be without it."),
    "regret": ("Regret", "What it would have saved to know each shock from the start."),
    "failures": ("Points of failure", "What it costs the first plan when one thing stands still for some years."),
    "failure_minerals": ("Minerals short by failure", "What single failures leave short."),
    "failure_helpers": ("What steps in", "Who makes, saves or releases more while something stands still."),
    "draw_builds": (
        "Projects over all draws",
        "In which share of draws each is built, and on what that depends.",
    ),
    "draw_years": ("Fans over all draws", "Cost, exposure and outlay of each year, as they spread over the draws."),
    "draw_drivers": ("What drives the draws", "Rank correlation of what is uncertain with what comes of it."),
    "draws": ("Draws", "Every draw: what it costs decided anew, and with the plan's early decisions kept."),
    "draw_inputs": ("What was drawn", "How high every input was in every draw."),
    "foresight": ("Limited foresight", "The plan decided year by year, and with all years foreseen."),
    "foresight_builds": (
        "Decided too late",
        "Projects decided in another year or size with limited foresight.",
    ),
    "hedge": ("Hedged plan", "One plan against all shocks at their probabilities."),
    "hedge_decisions": ("Decisions of the hedged plan", "Beside what plans made for one future decide."),
    "alternatives": (
        "Near-optimal alternatives",
        "Lowest and highest value of each measure within a slack of least cost.",
    ),
    "lead_times": ("Lead times", "What a shorter lead time would be worth."),
}
"""Tables of the analyses, in the order they are shown where they ran."""
