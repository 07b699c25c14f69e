"""Nothing random decides whether the tests pass: `python -m tests.fuzz` is the search without an end."""

from __future__ import annotations

from hypothesis import settings

# Each test draws the same examples on every run, none is kept from an earlier one, and a busy machine fails nothing.
settings.register_profile("gate", derandomize=True, database=None, deadline=None)
settings.load_profile("gate")
