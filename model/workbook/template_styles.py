"""Rows, fonts and fills of the blank workbook."""

from __future__ import annotations

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

UNIT_ROW, KEY_ROW, FIRST_ROW = 3, 4, 5
LAST_ROW = 2000
"""Last row with drop-downs, and the last row the drop-downs look for names in."""
TITLE = Font(bold=True, size=14)
BOLD = Font(bold=True)
WHITE = Font(bold=True, color="FFFFFFFF")
QUIET = Font(italic=True, color="FF595959")
WRAPPED = Alignment(wrap_text=True, vertical="top")
RULE = Border(bottom=Side(style="thin", color="FF7F7F7F"))
REQUIRED_FILL = PatternFill("solid", fgColor="FF1F3864")
OPTIONAL_FILL = PatternFill("solid", fgColor="FF8EA9DB")
YEARS_FILL = PatternFill("solid", fgColor="FFC6E0B4")

THEMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "frame": ("FF404040", ("settings", "regions", "stages", "minerals", "materials", "contents")),
    "demand and prices": ("FF7030A0", ("demand", "prices")),
    "supply": ("FF1F4E79", ("facilities", "facility_paths", "recipes")),
    "trade": ("FF2E9CCA", ("routes", "export_limits")),
    "scrap and outlets": ("FF548235", ("scrap", "returns", "outlets")),
    "goals and limits": ("FFC00000", ("exposure_caps", "mix_targets", "stockpiles", "group_limits", "resource_limits")),
    "public support": ("FFED7D31", ("support_offers", "support_budgets", "contracts_in_force")),
    "scenarios": ("FFBF9000", ("scenarios", "changes", "uncertainty")),
    "sources": ("FF7F7F7F", ("sources",)),
}
"""Themes of sheets in the order of the workbook -> the colour of their tabs, and the sheets."""

TAB_COLOURS = {sheet: colour for colour, sheets in THEMES.values() for sheet in sheets}
OTHER_TABS = "FFD9D9D9"
"""Colour of the tabs of read_me, _lists and _dictionary."""
