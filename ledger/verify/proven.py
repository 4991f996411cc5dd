"""What an evidence bundle proved beside the statements themselves: final blocks, where the history ends, log entries.

A case that was read from a node has none of this: there the verifier trusts its node. Rules about it are in
:mod:`ledger.verify.checks.evidence`; :mod:`ledger.verify.evidence` fills it from a bundle.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.verify.findings import AsOf


class Proof(Enum):
    """How far something was proven: that it is so, that it is not so, or neither."""

    GIVEN = "given"
    REFUTED = "refuted"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ProvenBlock:
    """A block that something in a bundle is proved of.

    Attributes:
        number: its number.
        hash: its hash (32 bytes).
        final: whether it was proven to be final.
        reason: by whose word it is final, or what is wrong or lacking, in plain words.
    """

    number: int
    hash: bytes
    final: Proof
    reason: str


@dataclass(frozen=True, slots=True)
class ProvenEnd:
    """How long a history was after a block, and its head then.

    Attributes:
        as_of: the block.
        position: the number of statements.
        head: the head after the last of them (32 bytes).
        by: by whose word, in plain words: ``the contract's storage``, or who attested.
    """

    as_of: AsOf
    position: int
    head: bytes
    by: str


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event that is said to stand in a member's event log.

    Attributes:
        member: the address of the member whose log it is.
        index: its place in the log, from 0.
        entry: what was logged: the event's blinded commitment (32 bytes).
        included: whether it was proven to be there.
        reason: under which checkpoint, or what is wrong or lacking, in plain words.
    """

    member: str
    index: int
    entry: bytes
    included: Proof
    reason: str


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A member as the register's own events, proven in a bundle, have it."""

    address: str
    country: str


@dataclass(frozen=True, slots=True)
class Proven:
    """What a bundle proved.

    Attributes:
        blocks: every block that something in it is proved of, in order.
        ends: every proof of where the history ends, the newest first.
        unproven_end: why there is none, where one was given and proves nothing.
        admitted: the members as they were admitted, by their address.
        logged: events in members' event logs.
    """

    blocks: tuple[ProvenBlock, ...] = ()
    ends: tuple[ProvenEnd, ...] = ()
    unproven_end: str = ""
    admitted: Mapping[str, RegisterEntry] = field(default_factory=lambda: MappingProxyType({}))
    logged: tuple[LoggedEvent, ...] = ()
