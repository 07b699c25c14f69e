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
             "not the same thing: the USGS counts all rare earths as compounds and metals, mostly lanthanum and cerium "
             "(27,000 t in 2025); of NdPr oxide the USA sold 1,994 t of 2,599 t abroad in 2025 and is a net exporter, "
             "and its NdPr comes inside magnets and goods, which are counted here"),
    Reliance("lithium", ("lithium_carbonate", "lithium_technical", "spodumene_concentrate"), 50, 100,
             "over 50, over 50",
             "USGS withholds the number; chemicals, without those inside goods"),
    Reliance("nickel", (), 41, 43, "43, 41", "with scrap; without it nearly all is imported"),
    Reliance("cobalt", ("cobalt_refined", "cobalt_hydroxide", "cobalt_scrap"), 74, 79, "74, 79",
             "without that inside goods; battery recyclers of 2025-26 are in the model, not yet in the statistics"),
    Reliance("graphite", (), 100, 100, "100, 100", "USGS: natural graphite; here with anodes, synthetic ones too"),
    Reliance("manganese", (), 100, 100, "100, 100", "ore and alloy; alloy made at home is of foreign ore"),
    Reliance("copper", ("copper_cathode",), 45, 57, "45, 57",
             "refined copper; 2025 is high because stocks were built ahead of tariffs"),
    Reliance("silver", (), 68, 77, "68, 77", "2025 includes bullion for investors, which is no demand here"),
    Reliance("zinc", ("zinc_refined",), 73, 73, "73, 73", "refined zinc"),
    Reliance("zinc", ("zinc_concentrate",), -1000, 0, "net exporter", "ore: exported for want of smelters"),
    Reliance("molybdenum", (), -100, 0, "net exporter",
             "what home does not use is sold abroad (sheet outlets)"),
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
               "chains of US demand: magnets and goods of China, with Chinese and Myanmar ore; the oxide of Mountain "
               "Pass is sold abroad in 2026 and left out"),
    ChinaShare("ndpr", "refining", 91, "IEA", 71, "US imports: compounds and metals, mostly lanthanum and cerium"),
    ChinaShare("ndpr", "manufacturing", 89, "Metalnomist, October 2025, for 2027", 75,
               "imports: sintered magnets 2021, US Commerce, Section 232 report of 2022, from memory"),
    ChinaShare("dysprosium", "refining", 98, "press, after the IEA", None,
               "heavy concentrate separated at home, in Malaysia and in Europe is new in 2026"),
    ChinaShare("lithium", "mining", 21, "USGS", None,
               "Chile and Argentina send 97 percent of chemicals; the rest is inside cells, four fifths Chinese, two "
               "fifths of whose lithium is mined there"),
    ChinaShare("lithium", "refining", 70, "IEA", None,
               "nearly all inside cells, of which China sends 80.7 percent by weight; chemicals come from Chile"),
    ChinaShare("nickel", "refining", 31, "IEA", None, _NO_IMPORT),
    ChinaShare("cobalt", "refining", 78, "IEA", None,
               "inside cells and devices, mostly Chinese; of metal and salts Norway, Finland, Canada and Japan lead"),
    ChinaShare("graphite", "mining", 78, "USGS", 46,
               "with the flake inside Chinese cells; flake itself as the statistics have it"),
    ChinaShare("graphite", "manufacturing", 96, "IEA", 55,
               "imports: anodes, eight months of 2025; the rest comes inside cells, four fifths Chinese"),
    ChinaShare("manganese", "mining", 3.5, "USGS", None, "ore comes from Gabon, South Africa, Australia and Mexico"),
    ChinaShare("copper", "mining", 8, "IEA", None, _NO_IMPORT),
    ChinaShare("copper", "refining", 48, "USGS", None, _NO_IMPORT + "; Chile, Canada and Peru send 91 percent"),
    ChinaShare("silver", "mining", 13, "USGS", None, _NO_IMPORT),
    ChinaShare("zinc", "mining", 31.5, "USGS", None, _NO_IMPORT),
    ChinaShare("molybdenum", "mining", 37, "USGS", None, _NO_IMPORT + "; it exports"),
    ChinaShare("gallium", "refining", 99, "USGS", 18, "statistics name the countries that purify Chinese metal"),
    ChinaShare("germanium", "refining", 60, _MEMORY, 23,
               "share of imports as in the statistics; home refines zinc residue and scrap beside, which the 23 "
               "percent leave out"),
    ChinaShare("antimony", "refining", 70, _MEMORY, 55,
               "share of imports near the statistics; a third of supply is lead batteries recycled at home, which "
               "these leave out"),
    ChinaShare("tungsten", "refining", 82, _MEMORY, 26,
               "share of imports near the statistics; half of supply is scrap recycled at home, which these leave out"),
)  # fmt: skip


@dataclass(frozen=True)
class Origins:
    """Where imports of a mineral came from, 2021-24.

    Attributes:
        form: what the statistics count.
        materials: the same in the workbook.
        shares: percent of imports by region of the workbook, for the countries that the USGS names.
    """

    mineral: str
    form: str
    materials: tuple[str, ...]
    shares: dict[str, float]


_RARE_EARTHS = tuple(
    f"{mineral}_{form}" for mineral in ("ndpr", "dysprosium", "terbium", "samarium") for form in ("oxide", "metal")
)

ORIGINS = (
    Origins("rare earths", "compounds and metals", _RARE_EARTHS, {"CHN": 71, "MYS": 13, "JPN": 5, "EUU": 5}),
    Origins("lithium", "all", ("lithium_carbonate", "lithium_technical"), {"CHL": 54, "ARG": 43}),
    Origins("nickel", "primary", ("nickel_refined",), {"CAN": 44, "NOR": 11, "AUS": 8, "BRA": 7}),
    Origins("cobalt", "metal, oxide and salts", ("cobalt_refined",), {"NOR": 26, "EUU": 16, "CAN": 14, "JPN": 14}),
    Origins("graphite", "natural", ("natural_graphite_concentrate",), {"CHN": 46, "CAN": 13, "MOZ": 13, "MEX": 12}),
    Origins("manganese", "contained in principal imports", ("manganese_ore", "manganese_alloy"),
            {"GAB": 23, "ZAF": 21, "MYS": 11, "AUS": 10}),
    Origins("manganese", "ore", ("manganese_ore",), {"GAB": 64, "ZAF": 24, "MEX": 12}),
    Origins("copper", "refined", ("copper_cathode",), {"CHL": 68, "CAN": 16, "PER": 7, "MEX": 6}),
    Origins("silver", "all", ("silver_refined", "silver_in_concentrate"),
            {"MEX": 47, "CAN": 18, "CHL": 5, "TUR": 5}),
    Origins("zinc", "refined", ("zinc_refined",), {"CAN": 57, "MEX": 15, "PER": 8, "KOR": 7}),
    Origins("molybdenum", "all", ("molybdenum_concentrate", "molybdenum_oxide"),
            {"CHL": 36, "PER": 35, "MEX": 8, "KOR": 7}),
    Origins("gallium", "metal", ("gallium_primary", "gallium_high_purity"),
            {"CAN": 28, "JPN": 22, "CHN": 18, "EUU": 16}),
    Origins("germanium", "all", ("germanium_refined", "germanium_concentrate"), {"EUU": 55, "CHN": 23, "CAN": 17}),
    Origins("antimony", "metal and oxide", ("antimony_refined",), {"CHN": 55, "EUU": 12, "THA": 8, "IND": 6}),
    Origins("tungsten", "ores, concentrates and other forms",
            ("tungsten_concentrate", "tungsten_apt", "tungsten_powder"), {"CHN": 26, "EUU": 14, "BOL": 8, "VNM": 8}),
)  # fmt: skip
"""USGS (as above), import sources 2021-24; Estonia, Germany, Belgium and Finland are the region EUU."""


@dataclass(frozen=True)
class Outlook:
    """China's share of the world in 2030 and 2035, percent, base case of the IEA (as above).

    Attributes:
        stage: the stage of the workbook that holds what the IEA counts.
        form: what the IEA counts.
        reading: both sides of the difference.
    """

    mineral: str
    stage: str
    form: str
    in_2030: float
    in_2035: float
    reading: str


_DIRECT = (
    "of the USA's direct imports almost none come from there; what is inside imported cells and goods is not followed"
)

IEA_CHINA = (
    Outlook("ndpr", "mining", "mining", 51.1, 52.3,
            "2030: the oxide of Mountain Pass is mostly sold abroad and does not count here, what is inside Chinese "
            "goods does; 2035: its own magnet plants use it, and the IEA counts the world, where they are small"),
    Outlook("ndpr", "refining", "refining", 76.0, 75.5,
            "2035: a third and more of the oxide for US demand is of Mountain Pass, for magnet plants contracted in "
            "July 2025, after the IEA's outlook of May 2025; they are small in the world and large for the USA"),
    Outlook("lithium", "mining", "mining", 28.4, 27.9,
            "of the lithium inside Chinese cells about half is Chinese ore, the rest Australian"),
    Outlook("lithium", "refining", "refining", 61.6, 61.1,
            "2026 is above the world, because four fifths of imported cells are Chinese; it falls with the share of "
            "cells that are made at home, an assumption (`assumed_goods`: 40 percent for cars in 2030, 60 in 2035), "
            "and with Chilean and home lithium for these; if plants at home come later, the IEA's share stays"),
    Outlook("nickel", "refining", "refining", 32.9, 33.4, _DIRECT + "; half of supply is scrap"),
    Outlook("cobalt", "refining", "refining", 77.4, 76.3,
            "what is inside cells is mostly Chinese; a third of US demand is superalloys and hard metal, of Norwegian, "
            "Canadian, Finnish and Japanese metal and of scrap"),
    Outlook("graphite", "mining", "mining", 63.3, 64.2,
            "industry buys flake of Mexico, Canada, Brazil and Africa; the flake inside Chinese cells counts, that "
            "inside Chinese anodes sold as such does not (they are taken for synthetic)"),
    Outlook("graphite", "manufacturing", "refining (anode grade)", 87.1, 85.3,
            "the IEA counts spherical and synthetic graphite for anodes, which is the stage manufacturing here"),
    Outlook("copper", "mining", "mining", 8.1, 9.4, _DIRECT),
    Outlook("copper", "refining", "refining", 46.6, 49.2,
            _DIRECT + "; the USA exports scrap and concentrate to China and buys cathode of Chile, Canada and Peru"),
)  # fmt: skip

OUTPUT_2025 = (
    ("Mountain Pass, NdPr oxide", ("mountain_pass_separation",), 2599, "MP Materials, results of 2025",
     "a third year after start; 4,000 t a year at the end of 2025"),
    ("Mountain Pass, NdPr in concentrate", ("mountain_pass_mine",), 7959, "50,692 t REO (MP Materials) x 15.7 percent",
     ("3,400 t of oxide need 3,672 t: the plan mines what it can separate, the owner mines on and puts the rest into "
      "stock since sales to China ended in April 2025; separation is the bottleneck, so the stock has no worth here")),
    ("Lac des Iles, flake", ("lac_des_iles",), 8000, "USGS, Canada", ""),
    ("Freeport in the USA, copper",
     ("morenci_mill", "morenci_sxew", "safford_sxew", "sierrita_bagdad", "chino_mill", "freeport_nm_sxew"), 635000,
     "Freeport-McMoRan, results of 2025", ""),
    ("silver refined in the USA from ore", ("us_silver_refiners",), 1100, "USGS",
     "ore goes to refiners as far as they can take it; in fact some is exported"),
)  # fmt: skip
"""Output of 2025: what it is, the facilities it stands for, t, source, reading."""
