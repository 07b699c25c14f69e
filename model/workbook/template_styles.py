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
