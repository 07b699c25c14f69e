"""A whole run: read, check, solve, analyse, write; and a run verified."""
