"""Evidence bundles: one file that proves a consignment's history to a stranger who is not online.

A :class:`Bundle` is a value. How it is written is in :mod:`ledger.verify.evidence.encoding`, how it is made in
:mod:`ledger.verify.evidence.making`; nothing in it is trusted before :func:`ledger.verify.evidence.verify_evidence`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from ledger.store.blinds import AssessmentContent, DetailContent, EventContent, SealContent

if TYPE_CHECKING:
    from ledger.chain.proof.storage import StorageProof
    from ledger.identity.attestations import HeadAttestation
    from ledger.identity.signatures import Signature
    from ledger.identity.signing import Opening
    from ledger.store.blinds import Blind
    from ledger.store.records import Reference

MAX_BUNDLE_BYTES: Final = 64 * 1024 * 1024  # read into memory whole, some times over; 200 events take 1 MB
MAX_MANIFEST_BYTES: Final = 8 * 1024 * 1024  # parsed JSON takes some 30 times its size
MAX_RECEIPTS: Final = 10_000  # a consignment's life has tens; a batch of scans some thousands
MAX_HEADERS: Final = 10_000  # a block for each receipt
MAX_NODES: Final = 50_000  # a receipt's trie has three to six levels, most of them shared
MAX_LOGS: Final = 10_000  # of one receipt, as ledger.chain.proof.receipts has it
MAX_LOG_ENTRIES: Final = 20_000  # of all receipts together: what a history costs to judge grows with them
MAX_BLINDS: Final = 20_000  # two for each statement
MAX_EVENTS: Final = 10_000  # one for each statement
MAX_EVENT_BYTES: Final = 1024 * 1024  # an event with a thousand sensor readings takes 200 KB
MAX_HASHES: Final = 200_000  # of inclusion proofs: 20 for each of ten thousand blocks in a log of a million
MAX_LOGGED: Final = 10_000  # events of members' event logs
MAX_ATTESTATIONS: Final = 256  # as many as there are seats for authorities
MAX_CHECKPOINT_BYTES: Final = 100_000  # 40 cosignatures of ML-DSA-44
MAX_UNPACKED_BYTES: Final = 96 * 1024 * 1024
"""What all proofs together may use, a shared part counted as often as it is used: it bounds the time that they take."""


class Part(Enum):
    """What a giver may leave out of a bundle; the proofs of what was stated stay."""

    REFERENCE = "reference"
    EVENTS = "events"
    DOCUMENTS = "documents"
    SEALS = "seals"
    DETAILS = "details"
    ASSESSMENTS = "assessments"
    COMPLETENESS = "completeness"


EVERYTHING: Final = frozenset(Part)
GIVEN_BY_DEFAULT: Final = EVERYTHING - {Part.ASSESSMENTS}
"""All but assessments: a channel told too early warns whom it should not."""

PART_OF_CONTENT: Final = {
    EventContent: Part.EVENTS,
    SealContent: Part.SEALS,
    DetailContent: Part.DETAILS,
    AssessmentContent: Part.ASSESSMENTS,
}


@dataclass(frozen=True, slots=True)
class Ledger:
    """Which ledger a bundle says that it is about.

    Attributes:
        chain_id: the chain's EIP-155 id.
        members: the address of the register of members.
        consignments: the address of the Consignments contract.
        event_logs: the address of the EventLogs contract.
    """

    chain_id: int
    members: str
    consignments: str
    event_logs: str


@dataclass(frozen=True, slots=True)
class ReceiptProof:
    """The proof of some log entries of one transaction.

    Attributes:
        header: the bytes of the block's header.
        transaction_index: the number of the transaction in the block.
        nodes: the trie's nodes from the receipts root down to the receipt.
        logs: the numbers of the entries among those of the transaction.
    """

    header: bytes
    transaction_index: int
    nodes: tuple[bytes, ...]
    logs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WitnessedBlock:
    """A block in the block log.

    Attributes:
        header: the bytes of its header.
        hashes: its inclusion proof under the checkpoint (32 bytes each).
    """

    header: bytes
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class BlockLog:
    """The block log, by which blocks are final where no validators' seals say so.

    Attributes:
        checkpoint: a checkpoint of it, a signed note with cosignatures.
        blocks: blocks in it.
    """

    checkpoint: bytes
    blocks: tuple[WitnessedBlock, ...]


@dataclass(frozen=True, slots=True)
class LoggedProof:
    """The proof that an event stands in a member's event log.

    Attributes:
        member: the member's address.
        index: the entry's place, from 0.
        size: the size of the log at the checkpoint.
        entry: what was logged: the event's blinded commitment (32 bytes).
        hashes: the inclusion proof (32 bytes each).
        checkpoint: a cosigned checkpoint of that size; empty where a receipt of the bundle records one.
    """

    member: str
    index: int
    size: int
    entry: bytes
    hashes: tuple[bytes, ...]
    checkpoint: bytes = b""


@dataclass(frozen=True, slots=True)
class AttestedHead:
    """Authorities' word for where a history ends.

    Attributes:
        attestation: what they found, after which block.
        signatures: theirs, each by another key.
    """

    attestation: HeadAttestation
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class NamedEvent:
    """The hashes of an event that is not in the bundle; both together give its event commitment.

    Attributes:
        event_hash: its CBV event hash, an ``ni`` URI.
        content_digest: the SHA-256 of its canonical JSON (32 bytes).
    """

    event_hash: str
    content_digest: bytes


@dataclass(frozen=True, slots=True)
class EventText:
    """An event: the bytes that its content digest is taken of.

    Attributes:
        canonical: its canonical JSON (docs/formats.md, "Content digest").
        unhashed: the IRIs of the extensions that its document left out of the event hash.
    """

    canonical: bytes
    unhashed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """What an evidence bundle holds.

    Attributes:
        ledger: the ledger that it is about.
        consignment: the consignment's id (32 bytes).
        receipts: of every statement, and of the members that it concerns.
        head: the proof of where the history ends, from the contract's storage.
        changes: the headers at which the list of validators changed, in order.
        block_log: by which blocks are final where no validators say so.
        attestations: authorities' word for where the history ends.
        logged: events in members' event logs.
        reference: UCR, salt and exporter.
        blinds: what opens commitments and details.
        openings: what opened a channel, by the statement's digest.
        events: the events behind statements.
        named: the hashes of events that were left out.
    """

    ledger: Ledger
    consignment: bytes
    receipts: tuple[ReceiptProof, ...] = ()
    head: StorageProof | None = None
    changes: tuple[bytes, ...] = ()
    block_log: BlockLog | None = None
    attestations: tuple[AttestedHead, ...] = ()
    logged: tuple[LoggedProof, ...] = ()
    reference: Reference | None = None
    blinds: tuple[Blind, ...] = ()
    openings: tuple[tuple[bytes, Opening], ...] = ()
    events: tuple[EventText, ...] = ()
    named: tuple[NamedEvent, ...] = ()
