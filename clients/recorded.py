"""What became of one statement that was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.errors import LedgerError
    from ledger.identity.milestones import Milestone


@dataclass(frozen=True, slots=True)
class Recorded:
    """One statement as the contract took it.

    Attributes:
        milestone: what was stated.
        digest: the statement's digest (32 bytes), by which corrections and lifted holds name it.
        position: its number in the history; None for an observation.
        head: the head after it (32 bytes); None for an observation.
        block: the block that holds it.
        transaction: the hash of the transaction (32 bytes).
    """

    milestone: Milestone
    digest: bytes
    position: int | None
    head: bytes | None
    block: int
    transaction: bytes


@dataclass(frozen=True, slots=True)
class Skipped:
    """One statement that the contract refused: its digest, why, and the transaction that carried it (32 bytes)."""

    digest: bytes
    refusal: LedgerError
    transaction: bytes
