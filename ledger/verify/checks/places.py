"""Places: where things happened, whether anyone can have got there in time, and whose ground it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ledger.verify.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
