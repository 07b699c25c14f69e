"""Every code a problem can have, with one example message as it is printed.

Codes are stable: a code is never given a second meaning, and one that is no longer needed is not used again. E1xx are
problems of the file and its sheets, E2xx of single cells, E3xx across rows and sheets, E4xx of scenarios and changes;
W5xx are warnings and do not stop a run.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """One kind of problem.

    Attributes:
        code: what the message starts with.
        title: what is wrong, in a few words.
        example: a whole message, exactly as it is printed.
        remedy: what to do about it.
    """

    code: str
    title: str
    example: str
    remedy: str


_ALL: tuple[Code, ...] = (
    # E1xx: the file and its sheets.
    # E2xx: cells.
    # E3xx: across rows and sheets.
    # E4xx: scenarios and changes.
    # W5xx: warnings; W501 to W509 are those of the reader.
)

CODES: dict[str, Code] = {code.code: code for code in _ALL}
