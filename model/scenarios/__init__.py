"""A scenario merged into the workbook: base, changes, and what they touched."""
