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
from typing import TYPE_CHECKING, Final

import orjson

from ledger.epcis.context import STANDARD_PREFIXES
from ledger.epcis.eventhash import HashedEvent, event_hash
from ledger.epcis.jcs import SAFE_INTEGER, NumberNotExact, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["NumberNotExact", "canonical_json", "canonical_json_named", "content_digest", "differing_fields"]

# XML writes the namespace of CBV master data without the colon that JSON-LD needs to join it to a name.
_STANDARD_BINDINGS: Final = frozenset({*STANDARD_PREFIXES.items(), ("cbvmda", "urn:epcglobal:cbv:mda")})


def canonical_json(event: HashedEvent) -> bytes:
    """The RFC 8785 form of the event: what the content digest is taken of.

    Raises:
        NumberNotExact: if the event holds a number that RFC 8785 would have to round.
        InputError: if it holds text that has no UTF-8 form.
    """
    return canonical_json_named(event, None)


def content_digest(event: HashedEvent) -> bytes:
    """SHA-256 of the event's canonical JSON, 32 bytes.

    Raises:
        NumberNotExact: if the event holds a number that RFC 8785 would have to round.
        InputError: if it holds text that has no UTF-8 form.
    """
    return hashlib.sha256(canonical_json(event)).digest()


def canonical_json_named(event: HashedEvent, hash_id: str | None) -> bytes:
    """As :func:`canonical_json`, for an event whose event hash may be known already.

    Args:
        event: the event.
        hash_id: its event hash, or None to compute it if the event has no ``eventID``.
    """
    members, is_plain = _digested(event, hash_id)
    if is_plain:
        try:
            return orjson.dumps(members, option=orjson.OPT_SORT_KEYS)
        except orjson.JSONEncodeError:  # text without UTF-8 form: the careful way names its place
            pass
    return canonical(members)


def _digested(event: HashedEvent, hash_id: str | None) -> tuple[dict[str, object], bool]:
    """The object that is digested, and whether orjson writes it as RFC 8785 asks."""
    members = dict(event.data)
    members.pop("recordTime", None)
    members.pop("@context", None)
    own = dict(event.context.prefixes.items() - _STANDARD_BINDINGS)
    used: dict[str, str] = {}
    is_plain = _survey((members,), own, used) and "".join(used).isascii()
    members["@context"] = used
    if members.get("eventID") is None:
        members["eventID"] = hash_id or event_hash(event)
    return members, is_plain


def _survey(values: Iterable[object], own: Mapping[str, str], used: dict[str, str]) -> bool:
    """Add the bindings that values use to ``used``; tell whether orjson writes the values as RFC 8785 asks.

    It does where every name is ASCII, so that all orders of names agree, and every number is one that it writes with
    the same characters as ECMAScript: small integers, and fractions that need no exponent.
    """
    is_plain = True
    for value in values:
        if isinstance(value, str):
            if ":" in value and value.partition(":")[0] in own:
                _note(value, own, used)
        elif isinstance(value, dict):
            for name in value:
                if ":" in name or name in own:
                    _note(name, own, used)
            is_plain = _survey(value.values(), own, used) and is_plain and "".join(value).isascii()
        elif isinstance(value, list):
            is_plain = _survey(value, own, used) and is_plain
        else:
            is_plain = is_plain and _is_plain_scalar(value)
    return is_plain


def _is_plain_scalar(value: object) -> bool:
    if value is None:
        return True
    if isinstance(value, int):
        return -SAFE_INTEGER <= value <= SAFE_INTEGER
    return isinstance(value, float) and not value.is_integer() and 1e-4 <= abs(value) <= 1e15


def _note(name: str, own: Mapping[str, str], used: dict[str, str]) -> None:
    prefix, _, rest = name.partition(":")
    namespace = own.get(prefix)
    if namespace is not None and not rest.startswith("//"):
        used[prefix] = namespace


def differing_fields(a: HashedEvent, b: HashedEvent) -> list[str]:
    """The places at which the digested objects of two events differ, as JSON pointers (RFC 6901).

    Where digests differ and event hashes are equal, these are the fields that were spelled anew on the way. Equal
    events give an empty list; a member or an item that only one of them has is named once, without what is in it.
    """
    found: list[str] = []
    _compare(_digested(a, None)[0], _digested(b, None)[0], "", found)
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
