"""Blinds: what opens a blinded commitment, and the confidential content that it stands for.

A blind is the HMAC of the commitment under the member's secret for the consignment; whoever holds blind and content can
recompute what was signed, and nobody else can find it by trying. See docs/formats.md.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from ledger.epcis.commitment import (
    assessment_commitment,
    blind,
    blinded_commitment,
    detail_commitment,
    seal_commitment,
)
from ledger.epcis.jcs import canonical
from ledger.errors import InputError
from ledger.identity.milestones import Channel
from ledger.identity.signing import Opening
from ledger.identity.untrusted import JsonObject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NONCE_TAG: Final = b"smartborder:nonce:v1\0"
MAX_REASONS: Final = 50
MAX_REASON_LENGTH: Final = 1000
MAX_DETAIL_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class EventContent:
    """An event; the event itself stands in a document.

    Attributes:
        commitment: the event commitment (32 bytes).
    """

    commitment: bytes

    def __post_init__(self) -> None:
        if len(self.commitment) != 32:
            raise InputError("expected 32 bytes", where="commitment", mend="Give the event commitment.")


@dataclass(frozen=True, slots=True)
class SealContent:
    """The number of a seal, as it stands on the seal."""

    number: str

    def __post_init__(self) -> None:
        seal_commitment(self.number)  # refuses what is no seal number

    @property
    def commitment(self) -> bytes:
        """The seal commitment (32 bytes)."""
        return seal_commitment(self.number)


@dataclass(frozen=True, slots=True)
class AssessmentContent:
    """The channel of an assessment, and why.

    Attributes:
        channel: green, yellow or red.
        reasons: each in plain words; at most :data:`MAX_REASONS`, of :data:`MAX_REASON_LENGTH` characters.
        nonce: 32 random bytes: opening a channel shows the digest of the reasons, which often are one of a few.
    """

    channel: Channel
    reasons: tuple[str, ...]
    nonce: bytes

    def __post_init__(self) -> None:
        if self.channel not in (Channel.GREEN, Channel.YELLOW, Channel.RED):
            raise InputError(
                f"an assessment ends in green, yellow or red, not {self.channel!r}",
                where="channel",
                mend="Choose a channel.",
            )
        if len(self.reasons) > MAX_REASONS or any(len(reason) > MAX_REASON_LENGTH for reason in self.reasons):
            raise InputError(
                f"there are at most {MAX_REASONS} reasons of {MAX_REASON_LENGTH} characters",
                where="reasons",
                mend="Shorten them.",
            )
        if len(self.nonce) != 32:
            raise InputError("expected 32 bytes", where="nonce", mend="Give 32 random bytes.")

    @property
    def reasons_document(self) -> bytes:
        """Nonce and reasons as canonical JSON: what the digest of the reasons is taken of."""
        return canonical({"nonce": f"0x{self.nonce.hex()}", "reasons": list(self.reasons)})

    @property
    def reasons_digest(self) -> bytes:
        """SHA-256 of :attr:`reasons_document` (32 bytes)."""
        return hashlib.sha256(self.reasons_document).digest()

    @property
    def commitment(self) -> bytes:
        """The assessment commitment (32 bytes)."""
        return assessment_commitment(self.channel, self.reasons_digest)


@dataclass(frozen=True, slots=True)
class DetailContent:
    """A statement's detail: a JSON object.

    Attributes:
        document: its RFC 8785 form, at most :data:`MAX_DETAIL_BYTES`.
    """

    document: bytes

    def __post_init__(self) -> None:
        if len(self.document) > MAX_DETAIL_BYTES:
            raise _no_detail(f"{len(self.document)} bytes are more than {MAX_DETAIL_BYTES}")
        if canonical(self.members) != self.document:
            raise _no_detail("it is not in canonical form (RFC 8785)")

    @classmethod
    def of(cls, members: Mapping[str, object]) -> Self:
        """The detail with these members.

        Raises:
            NumberNotExact: it holds a number that RFC 8785 would have to round.
            InputError: it holds something that JSON does not have, or is too large.
        """
        return cls(canonical(dict(members)))

    @property
    def members(self) -> dict[str, Any]:
        """The members of the object."""
        try:
            members = json.loads(self.document)
        except (ValueError, RecursionError):
            raise _no_detail("it is not JSON") from None
        if not isinstance(members, dict):
            raise _no_detail("it is no JSON object")
        return members

    @property
    def commitment(self) -> bytes:
        """The detail commitment (32 bytes)."""
        return detail_commitment(self.members)


Content = EventContent | SealContent | AssessmentContent | DetailContent


@dataclass(frozen=True, slots=True)
class Blind:
    """The blind of one commitment, with the content behind it.

    Attributes:
        blind: 32 bytes; with the content it gives the blinded commitment that was signed.
        content: what was committed to.
    """

    blind: bytes
    content: Content

    @classmethod
    def of(cls, content: Content, secret: bytes) -> Self:
        """The blind of this content.

        Args:
            content: what is committed to.
            secret: the member's 32 bytes for the consignment.
        """
        return cls(blind(secret, content.commitment), content)

    def __repr__(self) -> str:
        return f"Blind({type(self.content).__name__})"  # blinds and contents stay out of logs

    @property
    def blinded(self) -> bytes:
        """The blinded commitment (32 bytes): the statement's ``commitment``, or its ``detail``."""
        return blinded_commitment(self.content.commitment, self.blind)

    def opening(self) -> Opening:
        """What a statement carries to open this assessment's channel.

        Raises:
            InputError: it is the blind of something else.
        """
        if not isinstance(self.content, AssessmentContent):
            raise InputError("only an assessment is opened", where="blind", mend="Take the assessment's blind.")
        return Opening(self.blind, self.content.reasons_digest)


def assessment_nonce(secret: bytes, previous_head: bytes) -> bytes:
    """A nonce for an assessment (32 bytes), the same whenever it is made for the same place in a history.

    Args:
        secret: the member's 32 bytes for the consignment.
        previous_head: the head that the assessment builds on (32 bytes).
    """
    return hmac.digest(secret, NONCE_TAG + previous_head, "sha256")


def blind_to_json(blind: Blind) -> dict[str, Any]:
    """A blind for files; docs/formats.md, "Parcel"."""
    content = blind.content
    written: dict[str, Any] = {"blind": f"0x{blind.blind.hex()}"}
    if isinstance(content, EventContent):
        return written | {"kind": "event", "commitment": f"0x{content.commitment.hex()}"}
    if isinstance(content, SealContent):
        return written | {"kind": "seal", "number": content.number}
    if isinstance(content, DetailContent):
        return written | {"kind": "detail", "detail": content.document.decode()}
    return written | {
        "kind": "assessment",
        "channel": int(content.channel),
        "reasons": list(content.reasons),
        "nonce": f"0x{content.nonce.hex()}",
    }


def blind_from_json(content: object, where: str = "blind") -> Blind:
    """The blind in JSON; untrusted.

    Raises:
        InputError: a member is missing, unknown, of another type or out of range.
    """
    kind = content.get("kind") if isinstance(content, dict) else None
    if not isinstance(kind, str) or kind not in _READERS:
        raise InputError(
            f"expected a blind of the kind {', '.join(_READERS)}, found {kind!r}",
            where=where,
            mend="Ask the giver for a parcel of this version.",
        )
    names, reader = _READERS[kind]
    read = JsonObject(content, where, ("kind", "blind", *names))
    return Blind(read.hash("blind"), reader(read))


def _read_assessment(read: JsonObject) -> Content:
    reasons = read.items("reasons", MAX_REASONS)
    if not all(isinstance(reason, str) for reason in reasons):
        raise read.unexpected("reasons", "a list of texts")
    return AssessmentContent(
        Channel(read.number("channel", max(Channel))), tuple(str(reason) for reason in reasons), read.hash("nonce")
    )


def _read_detail(read: JsonObject) -> Content:
    return DetailContent(read.text("detail", MAX_DETAIL_BYTES).encode())


_READERS: Final[dict[str, tuple[tuple[str, ...], Callable[[JsonObject], Content]]]] = {
    "event": (("commitment",), lambda read: EventContent(read.hash("commitment"))),
    "seal": (("number",), lambda read: SealContent(read.text("number"))),
    "assessment": (("channel", "reasons", "nonce"), _read_assessment),
    "detail": (("detail",), _read_detail),
}


def _no_detail(problem: str) -> InputError:
    return InputError(f"is no detail: {problem}", where="detail", mend="Make it with DetailContent.of.")
