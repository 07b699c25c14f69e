"""Reading and writing the planner's workbook: its schema, its cells, its tables."""
