"""Documents and their events computed anew from the documents' bytes, and compared with what the store says of them.

A part of a store's documents is examined at a time, so that several processes may share the work:

1. the sealed content opens; 2. its SHA-256 is the document's name; 3. it is valid EPCIS; 4. each of its events has,
computed anew, the event hash, content digest and event commitment that its row has; 5. there is a row for each event,
and an event for each row.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from ledger.epcis import read
from ledger.epcis.commitment import digests
from ledger.epcis.eventhash import hash_in
from ledger.epcis.model import Media
from ledger.errors import InputError
from ledger.store.errors import StoreDamagedError
from ledger.store.raw import RawStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.epcis import Event

CONTENT_PLACE: Final = "documents.content"
MAX_DISCREPANCIES: Final = 200  # of one part; a store with more is damaged all over
_DOCUMENTS: Final = "SELECT sha256, media_type, sealed_content FROM documents WHERE rowid BETWEEN ? AND ?"
_EVENTS: Final = "SELECT place, event_hash, content_digest, commitment FROM events WHERE document = ? ORDER BY place"
_NAMES: Final = ("event hash", "content digest", "event commitment")


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One thing that is not as it has to be.

    Attributes:
        rule: ``document.sealed``, ``document.bytes``, ``document.valid``, ``event.digests``, ``event.kept`` or
            ``event.stands``.
        document: the name that the store has for the document (hexadecimal digits, where it is bytes).
        place: the event's index in it, where it is about an event.
        reason: what is wrong, in plain words.
        expected: what the bytes give, or what should be there.
        found: what the store has.
    """

    rule: str
    document: str
    place: int | None
    reason: str
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of a part.

    Attributes:
        documents: how many were looked at.
        events: how many events they hold.
        discrepancies: what is wrong; at most :data:`MAX_DISCREPANCIES`.
        more: how many more there are.
    """

    documents: int
    events: int
    discrepancies: tuple[Discrepancy, ...]
    more: int = 0


def parts(store: RawStore, size: int) -> Iterator[tuple[int, int]]:
    """The parts that the documents of a store are examined in: of row numbers, first and last.

    Args:
        store: the store.
        size: how many documents are in a part.
    """
    numbers = (row[0] for row in store.rows("SELECT rowid FROM documents ORDER BY rowid"))
    while some := list(islice(numbers, size)):
        yield some[0], some[-1]


def examine(path: Path, key: bytes, first: int, last: int) -> Examined:
    """Examine one part of a store's documents.

    Args:
        path: the store's file.
        key: the store key (32 bytes).
        first: the first row number.
        last: the last.

    Raises:
        LedgerError: the file cannot be read as a store; see :class:`ledger.store.raw.RawStore`.
    """
    documents = events = 0
    found: list[Discrepancy] = []
    with RawStore(path, key) as store:
        for name, media, sealed in store.rows(_DOCUMENTS, first, last):
            documents += 1
            document = _Document(store, name)
            events += document.examine(media, sealed)
            found += document.discrepancies
    return Examined(documents, events, tuple(found[:MAX_DISCREPANCIES]), max(len(found) - MAX_DISCREPANCIES, 0))


class _Document:
    """One document of a store, and what is found wrong with it."""

    def __init__(self, store: RawStore, name: object) -> None:
        self._store = store
        self._name = name
        self.discrepancies: list[Discrepancy] = []

    def examine(self, media: object, sealed: object) -> int:
        """Look at everything of it; how many events it holds."""
        try:
            content = self._store.unseal(sealed, CONTENT_PLACE, self._name)
        except StoreDamagedError as error:
            self._tell("document.sealed", f"the document cannot be opened: {error.message}")
            return 0
        digest = hashlib.sha256(content).digest()
        if digest != self._name:
            self._tell(
                "document.bytes",
                "the document's bytes are not those that it was kept under: it was changed",
                expected=shown(self._name),
                found=digest.hex(),
            )
        try:
            events = read(content, media=Media(str(media))).events
        except (InputError, ValueError) as error:
            self._tell("document.valid", f"the document is no valid EPCIS: {error}")
            return 0
        self._compare(events)
        return len(events)

    def _compare(self, events: tuple[Event, ...]) -> None:
        rows = {row[0]: row[1:] for row in self._store.rows(_EVENTS, self._name)}
        for place, event in enumerate(events):
            row = rows.pop(place, None)
            if row is None:
                self._tell(
                    "event.kept", "the document holds an event that the store does not list: it was removed", place
                )
            else:
                self._compare_event(place, event, row)
        for place in rows:
            self._tell("event.stands", "the store lists an event that the document does not hold", place)

    def _compare_event(self, place: int, event: Event, row: tuple[Any, ...]) -> None:
        try:
            computed = digests(event)
        except InputError as error:
            self._tell("event.digests", f"the event cannot be recorded: {error}", place)
            return
        expected = (hash_in(computed.event_hash), computed.content_digest, computed.commitment)
        if row == expected:
            return
        wrong = [index for index in range(3) if row[index] != expected[index]]
        self._tell(
            "event.digests",
            f"the event has another {', '.join(_NAMES[index] for index in wrong)} than the store says",
            place,
            expected=shown(expected[wrong[0]]),
            found=shown(row[wrong[0]]),
        )

    def _tell(self, rule: str, reason: str, place: int | None = None, *, expected: str = "", found: str = "") -> None:
        self.discrepancies.append(Discrepancy(rule, shown(self._name), place, reason, expected, found))


def shown(value: object) -> str:
    """A column's value for messages."""
    return value.hex() if isinstance(value, bytes) else repr(value)[:80]
