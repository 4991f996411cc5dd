"""How final a block is, and by whose word.

A proof of what a block holds is worth as much as the proof that the block stays. It comes in two kinds: validators
sealed the block (:class:`QbftFinal`), or witnesses saw it in an authority's block log (:class:`Witnessed`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.chain.proof.logs import ProvedBlock


@dataclass(frozen=True, slots=True)
class QbftFinal:
    """A block that a quorum of trusted validators sealed: final from then on.

    Attributes:
        block: the block.
        sealers: the validators that sealed it.
        validators: how many there were.
    """

    block: ProvedBlock
    sealers: tuple[str, ...]
    validators: int
