"""The CBV 2.0 event hash: the name under which other systems know an event.

>>> from ledger.epcis.model import Event
>>> event = Event({"type": "ObjectEvent", "eventTime": "2026-03-01T09:15:00+01:00", "eventTimeZoneOffset": "+01:00",
...                "epcList": ["urn:epc:id:sgtin:4012345.011111.9876"], "action": "OBSERVE", "bizStep": "shipping"})
>>> prehash(event)[:98]
'eventType=ObjectEventeventTime=2026-03-01T08:15:00.000ZeventTimeZoneOffset=+01:00epcListepc=https:'
>>> event_hash(event)[:26]
'ni:///sha-256;d32d3b95cba7'

Source: GS1 Core Business Vocabulary 2.0, section 8.9 (ISO/IEC 19988). The pre-hash string is built in five steps:

1. The standard members come in the standard's order, each as ``name=value``; a member that holds others is its name,
   then they. Values are written as :mod:`ledger.epcis.prehash_values` says. Left out are ``eventID``, ``recordTime``,
   ``errorDeclaration``, comments (``rdfs:comment``), and what is empty.
2. The items of a list are sorted by their own strings, in code point order.
3. An extension is ``{namespace}name=value`` and follows the standard members of its object; extensions are sorted
   likewise.
4. Members for which the standard gives no place (business transactions, destinations, sources, ILMD, and plain names at
   places where the standard has no such name) come after the ordered ones of the whole event, sorted, under the names
   that lead to them.
5. The parts are joined without separator; the event hash is SHA-256 of their UTF-8 form.

docs/formats.md gives the same, with an example.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final, Protocol

from ledger.epcis.jcs import lone_surrogate
from ledger.epcis.prehash_members import EVENT, Names, split

if TYPE_CHECKING:
    from collections.abc import Mapping

_HASH_ID: Final = re.compile(r"ni:///sha-256;([0-9a-f]{64})\?ver=CBV2\.0", re.ASCII)


class NameContext(Protocol):
    """What names mean at an event."""

    @property
    def prefixes(self) -> Mapping[str, str]:
        """Prefix to namespace IRI."""
        ...

    @property
    def unhashed(self) -> frozenset[str]:
        """The IRIs of extensions that the document leaves out of the hash."""
        ...


class HashedEvent(Protocol):
    """What the hash needs of an event: :class:`ledger.epcis.model.Event` has it."""

    @property
    def data(self) -> Mapping[str, object]:
        """The event in JSON-LD form, without its ``@context``."""
        ...

    @property
    def context(self) -> NameContext:
        """The names in force at the event."""
        ...


def event_hash(event: HashedEvent) -> str:
    """The event's CBV 2.0 hash ID, an ``ni`` URI (RFC 6920) with the algorithm's version.

    Raises:
        InputError: if the event holds text that has no UTF-8 form.
    """
    return hash_id(hash_bytes(event))


def hash_id(digest: bytes) -> str:
    """The ``ni`` URI for the 32 raw bytes of an event hash."""
    return f"ni:///sha-256;{digest.hex()}?ver=CBV2.0"


def hash_in(hash_id: str) -> bytes | None:
    """The 32 raw bytes in an ``ni`` URI of an event hash; ``None`` where the text is none."""
    found = _HASH_ID.fullmatch(hash_id)
    return bytes.fromhex(found[1]) if found else None


def hash_bytes(event: HashedEvent) -> bytes:
    """The 32 raw bytes of the event hash: SHA-256 of the pre-hash string in UTF-8."""
    try:
        return hashlib.sha256(prehash(event).encode()).digest()
    except UnicodeEncodeError as error:
        raise lone_surrogate(error, "") from None


def prehash(event: HashedEvent) -> str:
    """The string that is hashed, its parts joined without separator."""
    context = event.context
    names = Names(context.prefixes, context.unhashed)
    strays: list[str] = []
    ordered, extensions = split(EVENT, event.data, names, strays)
    strays.sort()
    return f"{ordered}{''.join(strays)}{extensions}"
