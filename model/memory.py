"""Python's search for garbage, which work that makes millions of objects and keeps them does better without."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def pause_garbage_collection() -> Iterator[None]:
    """Do not search for objects that only refer to each other; all others go as soon as nobody needs them.

    Such a search looks at every object there is. While a model is stated and solved that takes a fifth of the time.
    """
    was_searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_searched:
            gc.enable()
