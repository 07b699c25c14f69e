"""Numbers and tables of the page of validation in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def whole(number: float) -> str:
    """A whole number as text, without a sign of its own for nothing.

    >>> whole(-0.2), whole(61.6)
    ('0', '62')
    """
    return str(round(number))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines)
