"""How times, hashes and lists are written in reasons, so that a person can read them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SPANS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def moment_text(seconds: int) -> str:
    """A time as ``2026-03-01 08:15:00 UTC``; as a number where no calendar has it.

    Args:
        seconds: since 1970, UTC.
    """
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return f"{seconds:,} seconds after 1970"


def sentence(text: object) -> str:
    """A message as a sentence, with its full stop."""
    return f"{str(text).rstrip('.')}."


def span_text(seconds: int) -> str:
    """A span of time in its largest unit, as ``9 days`` or ``1 minute``."""
    for unit, size in _SPANS:
        number = seconds // size
        if number:
            return f"{number:,} {unit}{'' if number == 1 else 's'}"
    return "0 seconds"


def short(digest: bytes) -> str:
    """The beginning of a hash, enough to recognise it; the whole stands in the evidence."""
    return f"0x{digest[:4].hex()}…"


def and_list(words: Sequence[str]) -> str:
    """``a``, ``a and b``, or ``a, b and c``."""
    return _listed(words, "and")


def or_list(words: Sequence[str]) -> str:
    """``a``, ``a or b``, or ``a, b or c``."""
    return _listed(words, "or")


def _listed(words: Sequence[str], last: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
