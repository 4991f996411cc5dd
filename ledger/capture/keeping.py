"""Keeping: a batch of documents, their events and the places of these in the log, in one transaction of the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ledger.store.records import Document, ReadDocument

if TYPE_CHECKING:
    from ledger.capture.reading import Valid
    from ledger.store.store import Store

BATCH_EVENTS: Final = 16_384
"""How many events one transaction keeps: more cost memory, fewer cost time, since each commit waits for the disk."""
BATCH_BYTES: Final = 16 * 1024 * 1024


@dataclass(slots=True)
class Batch:
    """Documents that wait to be kept together."""

    documents: list[ReadDocument] = field(default_factory=list)
    events: int = 0
    size_bytes: int = 0

    @property
    def full(self) -> bool:
        """Whether it is time to keep them."""
        return self.events >= BATCH_EVENTS or self.size_bytes >= BATCH_BYTES

    def add(self, document: Valid) -> None:
        """Let a document wait."""
        self.documents.append(ReadDocument(Document(document.content, document.media), document.events))
        self.events += len(document.events)
        self.size_bytes += len(document.content)


@dataclass(frozen=True, slots=True)
class KeptBatch:
    """What came of keeping a batch.

    Attributes:
        documents_new: how many of its documents are new.
        commitments: the event commitments (32 bytes each) that got places in the log.
    """

    documents_new: int
    commitments: tuple[bytes, ...]


def keep(store: Store, origin: str, batch: Batch) -> KeptBatch:
    """Keep a batch. Once this returns, it is on disk, and its events have their places in the log for good.

    Args:
        store: the member's.
        origin: the log.
        batch: what is kept.

    Raises:
        StoreConflictError, StoreFullError, StoreLockedError, StoreUnusableError: nothing of the batch was kept.
    """
    with store.write() as kept:
        documents = kept.documents.keep_many(batch.documents)
        return KeptBatch(documents.added, kept.event_logs.append(origin, documents.events))
