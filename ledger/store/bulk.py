"""Many documents kept at once: a query for hundreds of them, and an insertion for thousands of rows.

What is kept and what is refused is as for :class:`ledger.store.documents.Documents`, which keeps one at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from ledger.store import schema
from ledger.store.document_rows import DOCUMENT_COLUMNS, EVENT_COLUMNS, document_columns, event_columns, event_place
from ledger.store.rows import in_parts, require_same

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import RowMapping

    from ledger.store.records import ReadDocument
    from ledger.store.rows import Transaction

_SEALED_AT_ONCE: Final = 256
"""How many sealed copies of documents are held until they are inserted."""


@dataclass(frozen=True, slots=True)
class NumberedEvent:
    """An event that is kept.

    Attributes:
        number: the number under which the store has it.
        commitment: its event commitment (32 bytes).
    """

    number: int
    commitment: bytes


@dataclass(frozen=True, slots=True)
class KeptMany:
    """What came of keeping many documents.

    Attributes:
        added: how many of them are new.
        events: all their events, the documents in the order given.
    """

    added: int
    events: tuple[NumberedEvent, ...]


def keep_many(transaction: Transaction, documents: Sequence[ReadDocument]) -> KeptMany:
    """Keep documents and their events; what is kept already stays as it is.

    Args:
        transaction: one that writes.
        documents: any number; the same one may come twice.

    Raises:
        StoreConflictError: a document is kept with another media type, or with other events.
    """
    distinct = {each.document.sha256: each for each in documents}
    known = _require_same_media(transaction, distinct)
    new = [distinct[name] for name in sorted(distinct) if name not in known]  # in the order of the indexes by name
    _insert_documents(transaction, new)
    numbered = _insert_events(transaction, new)
    numbered |= _known_events(transaction, [distinct[name] for name in known])
    return KeptMany(len(new), tuple(event for name in distinct for event in numbered[name]))


def _require_same_media(transaction: Transaction, distinct: dict[bytes, ReadDocument]) -> set[bytes]:
    """The names of those that are kept already."""
    table = schema.documents.c
    known = set()
    for some in in_parts(sorted(distinct)):
        query = select(table.sha256, table.media_type).where(table.sha256.in_(some))
        for name, media in transaction.connection.execute(query):
            require_same(media, distinct[name].document.media_type, "media type", {"sha256": name})
            known.add(name)
    return known


def _insert_documents(transaction: Transaction, new: Sequence[ReadDocument]) -> None:
    for start in range(0, len(new), _SEALED_AT_ONCE):
        rows = [
            tuple(document_columns(each.document, transaction.vault).values())
            for each in new[start : start + _SEALED_AT_ONCE]
        ]
        transaction.insert_many(schema.documents, DOCUMENT_COLUMNS, rows)


def _insert_events(
    transaction: Transaction, documents: Iterable[ReadDocument]
) -> dict[bytes, tuple[NumberedEvent, ...]]:
    number = (transaction.connection.scalar(select(func.max(schema.events.c.id))) or 0) + 1
    numbered: dict[bytes, tuple[NumberedEvent, ...]] = {}
    rows = []
    for each in documents:
        name = each.document.sha256
        events = []
        for place, digests in enumerate(each.events):
            rows.append((number, name, place, *event_columns(digests).values()))
            events.append(NumberedEvent(number, digests.commitment))
            number += 1
        numbered[name] = tuple(events)
    transaction.insert_many(schema.events, ("id", "document", "place", *EVENT_COLUMNS), rows)
    return numbered


def _known_events(
    transaction: Transaction, documents: Sequence[ReadDocument]
) -> dict[bytes, tuple[NumberedEvent, ...]]:
    """The events of documents that are kept already: as they were read now, or the store is in conflict."""
    kept: dict[bytes, list[NumberedEvent]] = {each.document.sha256: [] for each in documents}
    given = {each.document.sha256: each for each in documents}
    for row in _event_rows(transaction, list(kept)):
        place = event_place(row)
        key = {"document": place.document, "place": place.place}
        known = given[place.document].events
        require_same(place.digests, known[place.place] if place.place < len(known) else None, "event", key)
        kept[place.document].append(NumberedEvent(row["id"], place.digests.commitment))
    lacking = [each for each in documents if len(kept[each.document.sha256]) < len(each.events)]
    for each in lacking:
        require_same(len(kept[each.document.sha256]), 0, "number of events", {"document": each.document.sha256})
    return {name: tuple(events) for name, events in kept.items()} | _insert_events(transaction, lacking)


def _event_rows(transaction: Transaction, documents: Sequence[bytes]) -> Iterable[RowMapping]:
    table = schema.events.c
    for some in in_parts(documents):
        query = select(schema.events).where(table.document.in_(some)).order_by(table.document, table.place)
        yield from transaction.connection.execute(query).mappings()
