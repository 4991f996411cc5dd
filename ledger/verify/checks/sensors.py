"""Sensors: the goods stayed within the consignment's limits, and the record has no gap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ledger.verify.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
