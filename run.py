"""The command of the planner from a checkout: `python run.py` does what `lodeplan` does where it is installed."""

from __future__ import annotations

import sys

from model.command import main

if __name__ == "__main__":
    sys.exit(main())
