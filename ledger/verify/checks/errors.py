"""Error declarations: what they declare wrong, and whether the event that corrects it exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ledger.verify.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
