"""What a store keeps, as small values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING

from ledger.epcis.commitment import ucr_commitment
from ledger.epcis.model import Media
from ledger.errors import InputError
from ledger.identity.addresses import normal_address
from ledger.identity.statements import consignment_id

if TYPE_CHECKING:
    from ledger.epcis.commitment import EventDigests
    from ledger.identity.signing import SignedStatement
    from ledger.identity.statements import Domain


class Status(IntEnum):
    """How far a statement of one's own has come."""

    SIGNED = 1
    SENT = 2
    ACCEPTED = 3
    REFUSED = 4

    @property
    def label(self) -> str:
        """The word for people and files."""
        return self.name.lower()


@dataclass(frozen=True)
class Document:
    """An EPCIS document, byte for byte.

    Attributes:
        content: its bytes.
        media_type: its binding.

    Raises:
        InputError: the media type is neither ``application/ld+json`` nor ``application/xml``.
    """

    content: bytes
    media_type: Media

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "media_type", Media(self.media_type))
        except ValueError:
            raise InputError(
                f"'{self.media_type}' is no media type of EPCIS",
                where="media_type",
                mend=f"Give {' or '.join(Media)}.",
            ) from None

    @cached_property
    def sha256(self) -> bytes:
        """The name of the document (32 bytes)."""
        return hashlib.sha256(self.content).digest()


@dataclass(frozen=True, slots=True)
class EventPlace:
    """Where an event stands, and the digests that name it.

    Attributes:
        document: the document's SHA-256 (32 bytes).
        place: its index in the document, from 0.
        digests: event hash, content digest and event commitment.
    """

    document: bytes
    place: int
    digests: EventDigests


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document, and all the events in it.

    Attributes:
        document: the document.
        events: their digests, in the document's order.
    """

    document: Document
    events: tuple[EventDigests, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """What makes a consignment's id: without it nobody can tell which consignment an id stands for.

    Attributes:
        ucr: the WCO Unique Consignment Reference.
        salt: 32 random bytes.
        exporter: the exporter's member address (EIP-55).
    """

    ucr: str
    salt: bytes
    exporter: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "exporter", normal_address(self.exporter, "exporter"))
        ucr_commitment(self.salt, self.ucr)  # refuses a salt or UCR that is none

    def __repr__(self) -> str:
        return f"Reference(ucr={self.ucr!r}, exporter={self.exporter!r})"  # a salt stays out of logs

    @property
    def id(self) -> bytes:
        """The consignment's id on chain (32 bytes)."""
        return consignment_id(self.exporter, ucr_commitment(self.salt, self.ucr))


@dataclass(frozen=True, slots=True)
class Consignment:
    """A consignment that the store knows: fully, or only by its id.

    Attributes:
        id: its id on chain (32 bytes).
        reference: UCR, salt and exporter, where they are known.
    """

    id: bytes
    reference: Reference | None = None


class Direction(IntEnum):
    """Which way a parcel went."""

    GIVEN = 1
    RECEIVED = 2


@dataclass(frozen=True, slots=True)
class ParcelRecord:
    """That a parcel was given or received.

    Attributes:
        sha256: the SHA-256 of the file (32 bytes).
        direction: given or received.
        consignment: the consignment it is about (32 bytes).
        other: the member address of the other party.
        at: when, in seconds since 1970, UTC.
        size_bytes: the size of the file.
    """

    sha256: bytes
    direction: Direction
    consignment: bytes
    other: str
    at: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class KeptStatement:
    """A signed statement and what became of it.

    Attributes:
        digest: its EIP-712 digest (32 bytes).
        domain: the contract and chain that it is for.
        signed: the statement and its signature.
        status: how far it has come.
        transaction: the hash of the transaction that carried it last (32 bytes), once sent.
        position: its number in the consignment's history, where it was accepted and moves the head.
        refusal: why the contract refused it, where it did.
    """

    digest: bytes
    domain: Domain
    signed: SignedStatement
    status: Status
    transaction: bytes | None = None
    position: int | None = None
    refusal: str | None = None
