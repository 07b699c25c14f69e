"""The command of the planner from a checkout: `python run.py` does what `lodeplan` does where it is installed."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    try:
        from model.command import main

        sys.exit(main())
    except KeyboardInterrupt:  # While the modules were still loading.
        sys.stderr.write("stopped\n")
        sys.exit(130)
