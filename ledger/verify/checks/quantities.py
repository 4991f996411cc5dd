"""Quantities: what goes out of a packing or a transformation is not more than what went in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ledger.verify.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
