"""The compiled linear program, and HiGHS, which solves it."""
