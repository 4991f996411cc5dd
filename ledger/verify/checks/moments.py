"""Moments: the events' own times, beside each other, the chain's and the place's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ledger.verify.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
