"""Published numbers the page of validation sets beside the workbook, with their citations; shares in percent."""

from __future__ import annotations

from dataclasses import dataclass

USGS = "USGS, Mineral Commodity Summaries 2026 (February 2026)"
IEA = "IEA, Critical Minerals Dataset of the Global Critical Minerals Outlook 2025 (May 2025), year 2024"
CARNEGIE = "Carnegie Endowment, Securing America's Critical Minerals Supply (October 2025), as summarised in the press"

COPPER_DEPENDENCY, LITHIUM_SHORTFALL = 62.0, 282.0
"""Percent in 2035, Carnegie (as above)."""

IEA_REFINING_2030 = 76.0
"""China's share of refined magnet rare earths in 2030, percent, base case of the IEA (as above)."""

SELF_SUFFICIENT = ("zinc", "molybdenum")
NOT_SELF_SUFFICIENT = ("copper", "graphite", "lithium", "silver", "nickel", "manganese")
"""What Carnegie says of US mines in 2035."""


@dataclass(frozen=True)
class Reliance:
    """Published net import reliance of a mineral, 2024 and 2025.

    Attributes:
        materials: the forms the source counts; nothing named: all forms of the mineral.
        low, high: the published range, percent; 0 or less: a net exporter.
        published: the numbers as published.
        reading: why model and source differ, or why they agree.
    """

    mineral: str
    materials: tuple[str, ...]
    low: float
    high: float
    published: str
    reading: str


@dataclass(frozen=True)
class ChinaShare:
    """China's share of a stage in the world, and of what the USA imports.

    Attributes:
        world: share of world output, percent, as published.
        imports: share of US imports 2021-24, percent (USGS); None where China is none of the main sources.
    """

    mineral: str
    stage: str
    world: float
    source: str
    imports: float | None
    reading: str


RELIANCES = (
    Reliance("ndpr", (), 53, 67, "53, 67",
             "USGS counts compounds and metals; here the NdPr in magnets counts too, also in those built into goods"),
    Reliance("lithium", ("lithium_carbonate",), 50, 100, "over 50, over 50", "USGS withholds the number"),
    Reliance("nickel", (), 41, 43, "43, 41", "with scrap; without it nearly all is imported"),
    Reliance("cobalt", (), 74, 79, "74, 79",
             "battery recyclers that began in 2025-26 are in the model, not yet in the statistics"),
    Reliance("graphite", (), 100, 100, "100, 100", "USGS: natural graphite; here with anodes, synthetic ones too"),
    Reliance("manganese", (), 100, 100, "100, 100", "ore and alloy; alloy made at home is of foreign ore"),
    Reliance("copper", ("copper_cathode",), 45, 57, "45, 57",
             "refined copper; 2025 is high because stocks were built ahead of tariffs"),
    Reliance("silver", (), 68, 77, "68, 77", "2025 includes bullion for investors, which is no demand here"),
    Reliance("zinc", ("zinc_refined",), 73, 73, "73, 73", "refined zinc"),
    Reliance("zinc", ("zinc_concentrate",), -1000, 0, "net exporter", "ore: exported for want of smelters"),
    Reliance("molybdenum", (), -100, 0, "net exporter",
             "what is exported is no US demand, so the model leaves those mines idle and trade is about even"),
    Reliance("gallium", ("gallium_primary", "gallium_high_purity"), 100, 100, "100, 100",
             "no primary metal is made at home; USGS leaves out what is recycled from wafers"),
    Reliance("germanium", ("germanium_refined",), 50, 100, "over 50, over 50", "USGS withholds the number"),
    Reliance("antimony", (), 86, 91, "86, 91", "antimony from old batteries is counted in full here"),
    Reliance("tungsten", (), 50, 100, "over 50, over 50", "USGS withholds the number"),
)  # fmt: skip

_NO_IMPORT = "the USA buys almost none of it there"
_MEMORY = "order of magnitude, from memory"

CHINA_SHARES = (
    ChinaShare("ndpr", "mining", 69, "USGS, all rare earths; IEA 61, magnet metals", None,
               "what China separates of Myanmar's clays counts as concern too"),
    ChinaShare("ndpr", "refining", 91, "IEA", 71, "imports: rare earth compounds and metals"),
    ChinaShare("ndpr", "manufacturing", 89, "Metalnomist, October 2025, for 2027", 75,
               "imports: sintered magnets 2021, US Commerce, Section 232 report of 2022, from memory"),
    ChinaShare("dysprosium", "refining", 98, "press, after the IEA", None,
               "heavy concentrate separated at home, in Malaysia and in Europe is new in 2026"),
    ChinaShare("lithium", "mining", 21, "USGS", None, _NO_IMPORT + "; Chile and Argentina send 97 percent"),
    ChinaShare("lithium", "refining", 70, "IEA", None, _NO_IMPORT),
    ChinaShare("nickel", "refining", 31, "IEA", None, _NO_IMPORT),
    ChinaShare("cobalt", "refining", 78, "IEA", None, _NO_IMPORT + "; Norway, Finland, Canada and Japan lead"),
    ChinaShare("graphite", "mining", 78, "USGS", 46, "flake from Africa and Brazil is cheaper with the duty of 2026"),
    ChinaShare("graphite", "manufacturing", 96, "IEA", 55,
               "imports: anodes, eight months of 2025; Japan and Korea deliver what they can, the rest is Chinese"),
    ChinaShare("manganese", "mining", 3.5, "USGS", None, "ore comes from Gabon, South Africa, Australia and Mexico"),
    ChinaShare("copper", "mining", 8, "IEA", None, _NO_IMPORT),
    ChinaShare("copper", "refining", 48, "USGS", None, _NO_IMPORT + "; Chile, Canada and Peru send 91 percent"),
    ChinaShare("silver", "mining", 13, "USGS", None, _NO_IMPORT),
    ChinaShare("zinc", "mining", 31.5, "USGS", None, _NO_IMPORT),
    ChinaShare("molybdenum", "mining", 37, "USGS", None, _NO_IMPORT + "; it exports"),
    ChinaShare("gallium", "refining", 99, "USGS", 18, "statistics name the countries that purify Chinese metal"),
    ChinaShare("germanium", "refining", 60, _MEMORY, 23, "with the duty dearer than metal of Canada and Europe"),
    ChinaShare("antimony", "refining", 70, _MEMORY, 55, "years before the ban of 2024-25; the cheaper rest goes first"),
    ChinaShare("tungsten", "refining", 82, _MEMORY, 26, "the statistics add up all forms; half of supply is scrap"),
)  # fmt: skip
