"""From the store into a parcel, and from a checked parcel into the store."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ledger.errors import InputError, NotFound
from ledger.exchange.errors import ParcelRefusedError
from ledger.exchange.parcel import PART_OF_CONTENT, SHARED_BY_DEFAULT, Parcel, Part
from ledger.store.blinds import EventContent
from ledger.store.records import Direction, ParcelRecord, Status

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.exchange.checking import CheckedParcel
    from ledger.exchange.sealing import Envelope
    from ledger.identity.signing import SignedStatement
    from ledger.store.blinds import Blind
    from ledger.store.records import Document
    from ledger.store.store import Kept, Store


def gather_parcel(kept: Kept, consignment: bytes, parts: Collection[Part] = SHARED_BY_DEFAULT) -> Parcel:
    """What the store holds of a consignment and the contract accepted, as much as the giver chooses.

    Args:
        kept: the giver's store.
        consignment: the consignment's id (32 bytes).
        parts: what goes in.

    Raises:
        InputError: documents are chosen without the events' blinds.
        NotFound: the store does not know the consignment, or not the reference that was chosen.
    """
    if Part.DOCUMENTS in parts and Part.EVENTS not in parts:
        raise InputError(
            "without the events' blinds the recipient cannot match a document with a statement, and would refuse it",
            where="parts",
            mend="Choose the events as well, or leave the documents out.",
        )
    reference = kept.consignments.get(consignment).reference
    if Part.REFERENCE in parts and reference is None:
        raise NotFound(
            "the store knows neither UCR nor salt of this consignment",
            where=consignment.hex(),
            mend="Leave the reference out, or receive a parcel that has it first.",
        )
    statements = _accepted_statements(kept, consignment)
    blinds = _stated_blinds(kept, consignment, statements)
    return Parcel(
        consignment=consignment,
        reference=reference if Part.REFERENCE in parts else None,
        statements=statements if Part.STATEMENTS in parts else (),
        blinds=tuple(blind for blind in blinds if PART_OF_CONTENT[type(blind.content)] in parts),
        documents=_documents(kept, consignment, blinds) if Part.DOCUMENTS in parts else (),
    )


def store_parcel(store: Store, checked: CheckedParcel, *, at: int) -> None:
    """Keep a parcel that agrees with the chain, in one transaction.

    Args:
        store: the recipient's.
        checked: the parcel with what its check found.
        at: when it was received (seconds since 1970, UTC).

    Raises:
        ParcelRefusedError: the check found problems; nothing was kept.
        StoreConflictError: the store holds something different under the same name; nothing was kept.
    """
    if checked.problems:
        raise ParcelRefusedError(checked.problems)
    opened = checked.opened
    parcel, domain = opened.parcel, opened.envelope.domain
    with store.write() as kept:
        kept.consignments.keep(parcel.consignment)
        if parcel.reference is not None:
            kept.consignments.keep_reference(parcel.reference)
        for signed in parcel.statements:
            accepted = checked.accepted[kept.statements.keep(signed, domain)]
            kept.statements.mark_accepted(accepted.digest, accepted.transaction, accepted.position)
        for blind in parcel.blinds:
            kept.consignments.keep_blind(parcel.consignment, blind)
        for document, events in zip(parcel.documents, checked.events, strict=True):
            kept.documents.keep_events(kept.documents.keep(document), events)
            kept.documents.link(parcel.consignment, document.sha256)
        kept.parcels.keep(
            ParcelRecord(
                opened.sha256,
                Direction.RECEIVED,
                parcel.consignment,
                opened.envelope.giver,
                at,
                opened.size_bytes,
            )
        )


def note_given(store: Store, data: bytes, envelope: Envelope, consignment: bytes, *, at: int) -> None:
    """Keep that a parcel was given.

    Args:
        store: the giver's.
        data: the file.
        envelope: what stands on it.
        consignment: what it is about (32 bytes).
        at: when (seconds since 1970, UTC).
    """
    sha256 = hashlib.sha256(data).digest()
    with store.write() as kept:
        kept.parcels.keep(ParcelRecord(sha256, Direction.GIVEN, consignment, envelope.recipient, at, len(data)))


def _accepted_statements(kept: Kept, consignment: bytes) -> tuple[SignedStatement, ...]:
    statements = kept.statements.of_consignment(consignment)
    return tuple(each.signed for each in statements if each.status is Status.ACCEPTED)


def _stated_blinds(kept: Kept, consignment: bytes, statements: tuple[SignedStatement, ...]) -> tuple[Blind, ...]:
    stated = {each for signed in statements for each in (signed.statement.commitment, signed.statement.detail)}
    return tuple(blind for blind in kept.consignments.blinds_of(consignment) if blind.blinded in stated)


def _documents(kept: Kept, consignment: bytes, blinds: tuple[Blind, ...]) -> tuple[Document, ...]:
    stated = {blind.content.commitment for blind in blinds if isinstance(blind.content, EventContent)}
    return tuple(
        kept.documents.get(name)
        for name in kept.documents.of_consignment(consignment)
        if any(place.digests.commitment in stated for place in kept.documents.events_of(name))
    )
