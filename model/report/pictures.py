"""Line charts as PNG, for documents: drawn with Pillow, without a browser."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from model.report.palette import INK, SERIES

WIDTH, HEIGHT = 1200, 640
"""Pixels of a picture."""

_FINE = 2
"""Times the size at which a picture is drawn: scaled down, its lines are smooth."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 130, 270, 115, 60
_NAME_WIDTH = 20
"""Characters of a line of the name beside a line."""

_GRID, _QUIET = "#D9D9D9", "#595959"
_DASHES = ((), (22, 12), (6, 10), (22, 10, 6, 10))
"""Lengths of strokes and gaps, so that lines differ in grey too."""


@dataclass(frozen=True)
class Line:
    """A line of a chart: what it is of, and its points."""

    name: str
    x: Sequence[float]
    y: Sequence[float]


class _Paper:
    """A picture while it is drawn, in pixels of the finished one."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * _FINE, HEIGHT * _FINE), "white")
        self.draw = ImageDraw.Draw(self.image)

    def write(self, x: float, y: float, text: str, size: int = 24, colour: str = INK, anchor: str = "lm") -> None:
        font = ImageFont.load_default(size * _FINE)
        self.draw.text((x * _FINE, y * _FINE), text, fill=colour, font=font, anchor=anchor)

    def line(self, points: Sequence[tuple[float, float]], colour: str, width: float) -> None:
        fine = [(x * _FINE, y * _FINE) for x, y in points]
        self.draw.line(fine, fill=colour, width=round(width * _FINE), joint="curve")

    def dashed(self, points: Sequence[tuple[float, float]], colour: str, dashes: Sequence[float]) -> None:
        """Draw a line in strokes and gaps, which go on around its corners."""
        left, place = (dashes[0] if dashes else math.inf), 0
        stroke = [points[0]]
        for (x0, y0), (x1, y1) in pairwise(points):
            length, done = math.hypot(x1 - x0, y1 - y0), 0.0
            while length - done > left:
                done += left
                corner = (x0 + (x1 - x0) * done / length, y0 + (y1 - y0) * done / length)
                if place % 2 == 0:
                    self.line([*stroke, corner], colour, 4)
                stroke, place = [corner], place + 1
                left = dashes[place % len(dashes)]
            left -= length - done
            stroke.append((x1, y1))
        if place % 2 == 0:
            self.line(stroke, colour, 4)


def draw_lines(title: str, lines: Sequence[Line], form: Callable[[float], str], unit: str = "") -> bytes:
    """Draw lines over common axes, each named at its end, from 0 to above the highest point.

    Args:
        title: over the chart.
        lines: at least one, each with at least one point.
        form: how a number of the upright axis is written.
        unit: of that axis.

    Returns:
        The picture as PNG.
    """
    paper = _Paper()
    low, high = min(min(line.x) for line in lines), max(max(line.x) for line in lines)
    step = find_step(max(max(line.y) for line in lines))
    top = step * max(1, math.ceil(max(max(line.y) for line in lines) / step - 1e-9))

    def at(x: float, y: float) -> tuple[float, float]:
        across = (x - low) / (high - low) if high > low else 0.5
        return _LEFT + across * (WIDTH - _LEFT - _RIGHT), HEIGHT - _BOTTOM - y / top * (HEIGHT - _TOP - _BOTTOM)

    paper.write(20, 32, title, size=30)
    for n in range(round(top / step) + 1):
        edge = at(low, n * step)
        paper.line([edge, at(high, n * step)], _GRID if n else INK, 1.5)
        paper.write(edge[0] - 12, edge[1], form(n * step), colour=_QUIET, anchor="rm")
    paper.write(20, 68, unit, size=22, colour=_QUIET)
    marks = sorted({low, high, *(float(x) for x in range(math.ceil(low), math.floor(high) + 1) if x % 5 == 0)})
    for mark in marks:
        if mark in (low, high) or min(mark - low, high - mark) > (high - low) / 12:
            paper.write(at(mark, 0)[0], HEIGHT - _BOTTOM + 28, f"{mark:g}", colour=_QUIET, anchor="mm")
    heights = _apart([at(line.x[-1], line.y[-1])[1] for line in lines], 56)
    for n, (line, height) in enumerate(zip(lines, heights, strict=True)):
        points = [at(x, y) for x, y in zip(line.x, line.y, strict=True)]
        paper.dashed(points, SERIES[n % len(SERIES)], _DASHES[n % len(_DASHES)])
        words = textwrap.wrap(line.name, _NAME_WIDTH, max_lines=2, placeholder=" ...")
        for row, part in enumerate(words):
            paper.write(points[-1][0] + 14, height + 26 * (row - (len(words) - 1) / 2), part)
    picture = BytesIO()
    paper.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(picture, "PNG", optimize=True)
    return picture.getvalue()


def find_step(highest: float) -> float:
    """Return the distance of the grid lines: 1, 2 or 5 times a power of ten, four to eight of them.

    >>> find_step(0.77), find_step(1800.0), find_step(0.0)
    (0.1, 500.0, 1.0)
    """
    if highest <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(highest))
    return next(step * size for step in (0.1, 0.2, 0.5, 1.0) if highest <= 8 * step * size or step == 1.0)


def _apart(places: list[float], least: float) -> list[float]:
    """The places, moved so far that none is nearer to another than `least`."""
    order = sorted(range(len(places)), key=lambda n: places[n])
    moved = list(places)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + least)
    return moved
