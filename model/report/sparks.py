"""Small lines beside the words of the brief, as SVG that needs no script."""

from __future__ import annotations

from markupsafe import Markup

from model.report import palette
from model.report.answers import Curve

WIDTH, HEIGHT, EDGE = 120, 30, 3
"""Size of a line and the room around it, in pixels."""


def draw_curve(curve: Curve, highest: float) -> Markup:
    """Draw a curve between 0 and the highest value of all curves beside it.

    Args:
        curve: the points.
        highest: value at the upper edge.
    """
    left, right = min(curve.x), max(curve.x)
    points = [
        (EDGE + (WIDTH - 2 * EDGE) * ((x - left) / (right - left) if right > left else 0.5),
         HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (y / highest if highest > 0 else 0.0))
        for x, y in zip(curve.x, curve.y, strict=True)
    ]  # fmt: skip
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    end = points[-1]
    return Markup(
        '<svg class="spark" role="img" aria-label="{words}" viewBox="0 0 {width} {height}" width="{width}" '
        'height="{height}"><line x1="0" x2="{width}" y1="{floor}" y2="{floor}" stroke="#8c959f"/>'
        '<polyline points="{line}" fill="none" stroke="{ink}" stroke-width="2"/>'
        '<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{ink}"/></svg>'
    ).format(words=curve.words, width=WIDTH, height=HEIGHT, floor=HEIGHT - EDGE, line=line, ink=palette.SERIES[0],
             x=end[0], y=end[1])  # fmt: skip


def draw_curves(curves: tuple[Curve, ...]) -> Markup:
    """Draw curves beside each other to the same scale, each with its name and its ends."""
    highest = max((max(curve.y) for curve in curves), default=0.0)
    drawn = Markup("").join(
        Markup("<li><b>{}</b>{}<span>{} … {}</span></li>").format(
            curve.name, draw_curve(curve, highest), curve.first, curve.last
        )
        for curve in curves
    )
    return Markup('<ul class="sparks">{}</ul>').format(drawn) if curves else Markup("")
