r"""Commitments: fixed 32 bytes that stand for an event or a secret of a consignment, and their blinded forms.

Each is SHA-256 over a domain tag and its parts, so that no commitment of one kind is ever one of another:

========================  ===========================================================================================
event commitment          ``smartborder:event:v1\0`` · content digest (32) · event hash (32)
seal commitment           ``smartborder:seal:v1\0`` · seal number in UTF-8
detail commitment         ``smartborder:detail:v1\0`` · the detail's RFC 8785 JSON
assessment commitment     ``smartborder:assessment:v1\0`` · channel (1) · digest of the reasons (32)
UCR commitment            ``smartborder:ucr:v1\0`` · salt (32) · UCR in ASCII
blinded commitment        ``smartborder:blinded:v1\0`` · blind (32) · commitment (32)
========================  ===========================================================================================

A blind is HMAC-SHA-256 of the commitment under 32 random bytes kept for the consignment or log. Only a blinded
commitment is signed, logged or recorded; its blind is handed over with the document, and without it nobody can find out
by trying what was recorded. docs/formats.md gives the same byte for byte, with an example.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.epcis.canonical import canonical_json_named
from ledger.epcis.eventhash import HashedEvent, hash_bytes, hash_id
from ledger.epcis.jcs import canonical
from ledger.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

EVENT_TAG: Final = b"smartborder:event:v1\0"
BLINDED_TAG: Final = b"smartborder:blinded:v1\0"
SEAL_TAG: Final = b"smartborder:seal:v1\0"
DETAIL_TAG: Final = b"smartborder:detail:v1\0"
ASSESSMENT_TAG: Final = b"smartborder:assessment:v1\0"
UCR_TAG: Final = b"smartborder:ucr:v1\0"

UCR_CHARACTERS: Final = 35  # WCO Unique Consignment Reference, an..35
SEAL_CHARACTERS: Final = 35  # UN/EDIFACT data element 9308, seal identifier, an..35


@dataclass(frozen=True, slots=True)
class EventDigests:
    """All that identifies one event.

    Args:
        event_hash: the CBV 2.0 hash ID, an ``ni`` URI.
        content_digest: SHA-256 of the canonical JSON, 32 bytes.
        commitment: the event commitment over both, 32 bytes; to be blinded before it is shown to anyone.
    """

    event_hash: str
    content_digest: bytes
    commitment: bytes


def digests(event: HashedEvent) -> EventDigests:
    """Event hash, content digest and event commitment, each computed once.

    Raises:
        NumberNotExact: if the event holds a number that RFC 8785 would have to round.
        InputError: if it holds text that has no UTF-8 form.
    """
    raw_hash = hash_bytes(event)
    name = hash_id(raw_hash)
    content = hashlib.sha256(canonical_json_named(event, name)).digest()
    return EventDigests(name, content, hashlib.sha256(EVENT_TAG + content + raw_hash).digest())


def event_commitment(event: HashedEvent) -> bytes:
    """The event commitment, 32 bytes: computable by whoever holds the event.

    Raises:
        NumberNotExact: if the event holds a number that RFC 8785 would have to round.
        InputError: if it holds text that has no UTF-8 form.
    """
    return digests(event).commitment


def blind(secret: bytes, commitment: bytes) -> bytes:
    """The blind of a commitment, 32 bytes: HMAC-SHA-256 under the secret of its consignment or log.

    Args:
        secret: 32 random bytes, kept by who records.
        commitment: the 32 bytes to blind.

    Raises:
        InputError: if an argument has another length or type.
    """
    return hmac.digest(_exactly_32(secret, "secret"), _exactly_32(commitment, "commitment"), "sha256")


def blinded_commitment(commitment: bytes, blind: bytes) -> bytes:
    """The blinded commitment, 32 bytes: what is signed, logged and recorded.

    Args:
        commitment: the 32 bytes of any of this module's commitments.
        blind: its blind, 32 bytes (:func:`blind`).

    Raises:
        InputError: if an argument has another length or type.
    """
    parts = _exactly_32(blind, "blind") + _exactly_32(commitment, "commitment")
    return hashlib.sha256(BLINDED_TAG + parts).digest()


def seal_commitment(seal_number: str) -> bytes:
    """The commitment to a seal number, 32 bytes.

    Args:
        seal_number: as it stands on the seal: 1 to 35 characters, none of them white space at either end.

    Raises:
        InputError: if it is no such text.
    """
    return hashlib.sha256(SEAL_TAG + _name(seal_number, "seal number", SEAL_CHARACTERS)).digest()


def detail_commitment(detail: Mapping[str, object]) -> bytes:
    """The commitment to a statement's detail, 32 bytes.

    Args:
        detail: a JSON object.

    Raises:
        NumberNotExact: if it holds a number that RFC 8785 would have to round.
        InputError: if it is no JSON object.
    """
    try:
        members = dict(detail)
    except (TypeError, ValueError):
        raise _wrong("detail", detail, "a JSON object") from None
    return hashlib.sha256(DETAIL_TAG + canonical(members)).digest()


def assessment_commitment(channel: int, reasons_digest: bytes) -> bytes:
    """The commitment to a channel and the reasons for it, 32 bytes.

    Args:
        channel: the channel's number, 0 to 255.
        reasons_digest: SHA-256 of the reasons, 32 bytes.

    Raises:
        InputError: if an argument has another type, length or size.
    """
    if not isinstance(channel, int) or isinstance(channel, bool) or not 0 <= channel <= 255:
        raise _wrong("channel", channel, "a whole number from 0 to 255")
    parts = bytes((channel,)) + _exactly_32(reasons_digest, "reasons digest")
    return hashlib.sha256(ASSESSMENT_TAG + parts).digest()


def ucr_commitment(salt: bytes, ucr: str) -> bytes:
    """The commitment under which a consignment is known on chain, 32 bytes.

    Args:
        salt: 32 random bytes, handed to the parties of the consignment.
        ucr: the WCO Unique Consignment Reference: 1 to 35 printable ASCII characters, no space at either end.

    Raises:
        InputError: if an argument has another type or length, or other characters.
    """
    name = _name(ucr, "UCR", UCR_CHARACTERS)
    if not ucr.isascii():
        raise _wrong("UCR", ucr, "printable ASCII characters")
    return hashlib.sha256(UCR_TAG + _exactly_32(salt, "salt") + name).digest()


def _exactly_32(value: bytes, name: str) -> bytes:
    if not isinstance(value, bytes) or len(value) != 32:
        found = f"{len(value)} bytes" if isinstance(value, bytes) else type(value).__name__
        raise InputError(f"the {name} has to be 32 bytes (found {found})", where=name, mend=f"Give the whole {name}.")
    return value


def _name(value: str, name: str, longest: int) -> bytes:
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        raise _wrong(name, value, f"a text of 1 to {longest} characters")
    if value != value.strip() or not value.isprintable():
        raise _wrong(name, value, "printable characters without white space at either end")
    return value.encode()


def _wrong(name: str, found: object, expected: str) -> InputError:
    shown = repr(found)
    shown = shown if len(shown) <= 60 else f"{shown[:60]}…"
    return InputError(f"the {name} has to be {expected} (found {shown})", where=name, mend=f"Correct the {name}.")
