"""What exactly an event says: its canonical JSON, the content digest over it, and where two events differ.

The digested object is the event in JSON-LD form, unchanged but for three things:

1. ``recordTime`` at the top of the event is left out: every repository sets its own.
2. A missing ``eventID`` is first set to the event hash.
3. ``@context`` is an object of exactly the prefixes that the event uses and the standard does not define, each with the
   namespace for which it stands: a prefix is used where a member's name or a text value begins with it and a colon (and
   not ``://``), or where it is a member's whole name. A prefix bound otherwise changes the digest; one that is not used
   does not.

Its RFC 8785 form (:mod:`ledger.epcis.jcs`) is hashed. Nothing else is normalised: two spellings of one event have two
digests and one event hash.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ledger.epcis.context import STANDARD_PREFIXES
from ledger.epcis.eventhash import HashedEvent, event_hash
from ledger.epcis.jcs import NumberNotExact, canonical

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NumberNotExact", "canonical_json", "content_digest", "differing_fields", "digested_object"]


def canonical_json(event: HashedEvent) -> bytes:
    """The RFC 8785 form of the event: what the content digest is taken of.

    Raises:
        NumberNotExact: if the event holds a number that RFC 8785 would have to round.
        InputError: if it holds text that has no UTF-8 form.
    """
    return canonical(digested_object(event))


def content_digest(event: HashedEvent) -> bytes:
    """SHA-256 of the event's canonical JSON, 32 bytes.

    Raises:
        NumberNotExact: if the event holds a number that RFC 8785 would have to round.
        InputError: if it holds text that has no UTF-8 form.
    """
    return hashlib.sha256(canonical_json(event)).digest()


def digested_object(event: HashedEvent, hash_id: str | None = None) -> dict[str, object]:
    """The object whose canonical form is digested.

    Args:
        event: the event.
        hash_id: its event hash, where it is known already; it is computed only if the event has no ``eventID``.
    """
    members = dict(event.data)
    members.pop("recordTime", None)
    members.pop("@context", None)
    used: dict[str, str] = {}
    _collect(members, event.context.prefixes, used)
    members["@context"] = used
    if members.get("eventID") is None:
        members["eventID"] = hash_id or event_hash(event)
    return members


def _collect(value: object, prefixes: Mapping[str, str], used: dict[str, str]) -> None:
    """Add to ``used`` the bindings of the prefixes that a value uses."""
    if isinstance(value, str):
        if ":" in value:
            _note(value, prefixes, used)
    elif isinstance(value, dict):
        for name, each in value.items():
            if ":" in name or name in prefixes:
                _note(name, prefixes, used)
            _collect(each, prefixes, used)
    elif isinstance(value, list):
        for each in value:
            _collect(each, prefixes, used)


def _note(name: str, prefixes: Mapping[str, str], used: dict[str, str]) -> None:
    prefix, _, rest = name.partition(":")
    namespace = prefixes.get(prefix)
    if namespace is None or rest.startswith("//"):
        return
    if not _is_standard(prefix, namespace):
        used[prefix] = namespace


def _is_standard(prefix: str, namespace: str) -> bool:
    standard = STANDARD_PREFIXES.get(prefix)
    # XML writes the namespace of CBV master data without the colon that JSON-LD needs to join it to a name.
    return standard is not None and namespace.removesuffix(":") == standard.removesuffix(":")


def differing_fields(a: HashedEvent, b: HashedEvent) -> list[str]:
    """The places at which the digested objects of two events differ, as JSON pointers (RFC 6901).

    Where digests differ and event hashes are equal, these are the fields that were spelled anew on the way. Equal
    events give an empty list; a member or an item that only one of them has is named once, without what is in it.
    """
    found: list[str] = []
    _compare(digested_object(a), digested_object(b), "", found)
    return found


def _compare(a: object, b: object, path: str, found: list[str]) -> None:
    if isinstance(a, dict) and isinstance(b, dict):
        for name in sorted(a.keys() | b.keys()):
            step = f"{path}/{name.replace('~', '~0').replace('/', '~1')}"
            if name in a and name in b:
                _compare(a[name], b[name], step, found)
            else:
                found.append(step)
    elif isinstance(a, list) and isinstance(b, list):
        for index in range(max(len(a), len(b))):
            step = f"{path}/{index}"
            if index < len(a) and index < len(b):
                _compare(a[index], b[index], step, found)
            else:
                found.append(step)
    elif isinstance(a, bool) is not isinstance(b, bool) or a != b:
        found.append(path)
