"""EPCIS documents, and where each event stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ledger.epcis.eventhash import hash_in
from ledger.epcis.model import Media
from ledger.store import schema
from ledger.store.bulk import keep_many
from ledger.store.document_rows import CONTENT_PLACE, document_columns, event_columns, event_place
from ledger.store.errors import StoreDamagedError
from ledger.store.records import Document
from ledger.store.rows import in_parts, require_same

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.epcis.commitment import EventDigests
    from ledger.store.bulk import KeptMany
    from ledger.store.records import EventPlace, ReadDocument
    from ledger.store.rows import Transaction


class Documents:
    """The documents of a store, by their SHA-256."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def keep(self, document: Document) -> bytes:
        """Keep a document.

        Returns:
            Its SHA-256.

        Raises:
            StoreConflictError: it is kept with another media type.
        """
        key = {"sha256": document.sha256}
        row = self._transaction.row(schema.documents, key)
        if row is None:
            self._transaction.insert(schema.documents, document_columns(document, self._transaction.vault))
        else:
            require_same(row["media_type"], document.media_type, "media type", key)
        return document.sha256

    def get(self, sha256: bytes) -> Document:
        """The document of this name.

        Raises:
            NotKeptError: there is none.
            StoreDamagedError: what is kept is not what was written.
        """
        row = self._transaction.required(
            schema.documents, {"sha256": sha256}, "such document", "Ask the member that recorded it for a parcel."
        )
        document = Document(
            self._transaction.vault.unseal(row["sealed_content"], CONTENT_PLACE, sha256), Media(row["media_type"])
        )
        if document.sha256 != sha256:
            raise StoreDamagedError(
                "a document is not what was written", where=sha256.hex(), mend="Restore the store from a copy."
            )
        return document

    def has(self, sha256: bytes) -> bool:
        """Whether there is a document of this name."""
        return self._transaction.row(schema.documents, {"sha256": sha256}) is not None

    def keep_events(self, document: bytes, events: Iterable[EventDigests]) -> None:
        """Keep which events a document holds.

        Args:
            document: its SHA-256; the document is kept already.
            events: their digests, in the document's order.

        Raises:
            StoreConflictError: other events are kept for it.
        """
        for place, digests in enumerate(events):
            key = {"document": document, "place": place}
            row = self._transaction.row(schema.events, key)
            if row is None:
                self._transaction.insert(schema.events, {**key, **event_columns(digests)})
            else:
                require_same(event_place(row).digests, digests, "event", key)

    def keep_many(self, documents: Sequence[ReadDocument]) -> KeptMany:
        """Keep many documents with their events at once; what is kept already stays as it is.

        Raises:
            StoreConflictError: a document is kept with another media type, or with other events.
        """
        return keep_many(self._transaction, documents)

    def events_of(self, document: bytes) -> tuple[EventPlace, ...]:
        """The events of a document, in its order."""
        return self._places(document=document)

    def find_commitment(self, commitment: bytes) -> tuple[EventPlace, ...]:
        """Where the event with this event commitment (32 bytes) stands."""
        return self._places(commitment=commitment)

    def find_commitments(self, commitments: Sequence[bytes]) -> dict[bytes, tuple[EventPlace, ...]]:
        """The same for many event commitments (32 bytes each) at once; those that stand nowhere are left out."""
        table = schema.events.c
        found: dict[bytes, tuple[EventPlace, ...]] = {}
        for some in in_parts(commitments):
            query = select(schema.events).where(table.commitment.in_(some)).order_by(table.document, table.place)
            for row in self._transaction.connection.execute(query).mappings():
                place = event_place(row)
                found[place.digests.commitment] = (*found.get(place.digests.commitment, ()), place)
        return found

    def find_event_hash(self, event_hash: str) -> tuple[EventPlace, ...]:
        """Where events with this CBV event hash stand: re-serialised copies of one event share it."""
        digest = hash_in(event_hash)
        return () if digest is None else self._places(event_hash=digest)

    def find_content_digest(self, content_digest: bytes) -> tuple[EventPlace, ...]:
        """Where the event with this content digest (32 bytes) stands."""
        return self._places(content_digest=content_digest)

    def link(self, consignment: bytes, document: bytes) -> None:
        """Keep that a document belongs to a consignment; both are kept already."""
        key = {"consignment": consignment, "document": document}
        if self._transaction.row(schema.consignment_documents, key) is None:
            self._transaction.insert(schema.consignment_documents, key)

    def of_consignment(self, consignment: bytes) -> tuple[bytes, ...]:
        """The names of the documents that belong to a consignment."""
        links = schema.consignment_documents
        query = select(links.c.document).where(links.c.consignment == consignment).order_by(links.c.document)
        return tuple(self._transaction.connection.scalars(query))

    def _places(self, **key: Any) -> tuple[EventPlace, ...]:  # noqa: ANN401 - a column's value
        order = schema.events.c
        return tuple(
            event_place(row) for row in self._transaction.rows(schema.events, key, order.document, order.place)
        )
