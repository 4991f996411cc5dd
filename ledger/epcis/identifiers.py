"""Placeholder of the GS1 identifiers."""

from __future__ import annotations

from ledger.epcis.problems import NONE, Problems


def check_identifier(text: str) -> Problems:
    """What is wrong with a GS1 key."""
    return NONE
