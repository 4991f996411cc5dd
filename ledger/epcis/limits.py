"""How large a document may be: what protects a reader of other people's documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MEBIBYTE: Final = 1024 * 1024

MOST_PREFIXES: Final = 1_000
"""The prefixes that one place of a document may have: contexts are compared prefix by prefix, event by event."""

MOST_PROBLEMS: Final = 1_000
"""The problems that are looked for in one array, object or document; more would only outgrow the document."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds that a document has to keep.

    Args:
        size_bytes: the whole document. 16 MiB holds about 16,000 events of 1 KB; a larger batch is better sent in
            parts, since a document is refused whole.
        depth: nested objects and arrays, or XML elements. The deepest path that the standard itself needs is 11
            (a query document's sensor report); 64 leaves room for extensions and stays far from any stack's end.
        events: in one document, so that many tiny events are bounded as few large ones are.
        number_characters: in one number. The longest finite binary64 in plain decimals has 1,077 characters.
        problems: that are collected before the reader stops looking, so that a hostile document cannot make a report
            much larger than itself.
    """

    size_bytes: int = 16 * MEBIBYTE
    depth: int = 64
    events: int = 50_000
    number_characters: int = 1_100
    problems: int = MOST_PROBLEMS


DEFAULT_LIMITS: Final = Limits()
