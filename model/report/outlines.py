"""The world on the map of the page: coasts and borders of Natural Earth (public domain), in its own projection."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from importlib import resources

from model.report.content import Content

TENTHS = 10.0
"""Outlines are kept in tenths of a degree."""


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Return where a place stands on the map, in degrees at the equator.

    The polynomial is that of Šavrič and others, "A polynomial equation for the Natural Earth projection" (2011).

    >>> project(0.0, 0.0)
    (0.0, 0.0)
    >>> project(180.0, 0.0)
    (156.7, 0.0)
    """
    phi = math.radians(latitude)
    across = 0.8707 - 0.131979 * phi**2 - 0.013791 * phi**4 + 0.003971 * phi**10 - 0.001529 * phi**12
    up = phi * (1.007226 + 0.015085 * phi**2 - 0.044475 * phi**6 + 0.028874 * phi**8 - 0.005916 * phi**10)
    # A tenth of a degree is less than a pixel.
    return round(longitude * across, 1) + 0.0, round(math.degrees(up), 1) + 0.0


def find_outlines(content: Content) -> dict[str, object]:
    """Find the paths of land and borders, and the place of every region on the map.

    Returns:
        `land` and `borders` as SVG paths; `places`: region -> x, y. A region whose place is neither typed nor that of a
        country by its code is left out.
    """
    raw = json.loads((resources.files("model.report") / "templates" / "outlines.json").read_text(encoding="utf-8"))
    known = {code: (place[0] / TENTHS, place[1] / TENTHS) for code, place in raw["places"].items()} | dict(
        content.places
    )
    return {
        "land": "".join(f"{_path(line)}Z" for line in raw["land"]),
        "borders": "".join(_path(line) for line in raw["borders"]),
        "places": {region: project(*known[region]) for region in content.names["regions"] if region in known},
    }


def _path(line: Sequence[int]) -> str:
    points = [project(x / TENTHS, y / TENTHS) for x, y in zip(line[::2], line[1::2], strict=True)]
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points)
