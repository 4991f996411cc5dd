"""Documents and events as rows, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.epcis.commitment import EventDigests
from ledger.epcis.eventhash import hash_id, hash_in
from ledger.errors import InputError
from ledger.store.records import EventPlace

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from ledger.store.records import Document
    from ledger.store.vault import Vault

CONTENT_PLACE: Final = "documents.content"
DOCUMENT_COLUMNS: Final = ("sha256", "media_type", "sealed_content")
EVENT_COLUMNS: Final = ("commitment", "content_digest", "event_hash")


def document_columns(document: Document, vault: Vault) -> dict[str, object]:
    """A document as the columns of its row (:data:`DOCUMENT_COLUMNS`), its content sealed."""
    name = document.sha256
    sealed = vault.seal(document.content, CONTENT_PLACE, name)
    return {"sha256": name, "media_type": document.media_type.value, "sealed_content": sealed}


def event_columns(digests: EventDigests) -> dict[str, object]:
    """What names an event, as columns of its row (:data:`EVENT_COLUMNS`)."""
    event_hash = hash_in(digests.event_hash)
    if event_hash is None:
        raise InputError(
            f"'{digests.event_hash}' is no CBV event hash",
            where="event hash",
            mend="Take it from ledger.epcis.digests.",
        )
    return {"commitment": digests.commitment, "content_digest": digests.content_digest, "event_hash": event_hash}


def event_place(row: RowMapping) -> EventPlace:
    """The event in a row."""
    digests = EventDigests(hash_id(row["event_hash"]), row["content_digest"], row["commitment"])
    return EventPlace(row["document"], row["place"], digests)
