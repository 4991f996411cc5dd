"""Signed notes: a text, and the signatures under it.

::

    example.com/foo's text, which ends in a newline

    — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

Signatures by unknown keys are ignored; one that names a known key and is not by it spoils the whole note::

    opened = open_note(data, [Ed25519Verifier(parse_vkey(line))])
    opened.note.text

Source: C2SP signed-note. Stricter than it in one thing: base64 has one spelling only, so that a note has one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger.tlog.errors import NoteMalformedError, SignatureWrongError, SignerUnknownError
from ledger.tlog.spellings import base64_bytes, base64_text, shown
from ledger.tlog.vkeys import KEY_ID_BYTES, SignatureType, VerifierKey, is_key_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

MAX_NOTE_BYTES: Final = 1_000_000  # as Go's implementation; 100 signatures of ML-DSA-44 fit in
MAX_SIGNATURES: Final = 100  # as Go's implementation; the specification asks for at least 16
_DASH: Final = "\N{EM DASH} "
_CONTROL: Final = re.compile("[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line of a note.

    Attributes:
        name: the name of the key.
        key_id: the ID of the key (4 bytes).
        value: the signature, as its type lays it out.
    """

    name: str
    key_id: bytes
    value: bytes

    def line(self) -> str:
        """The line, with its newline."""
        return f"{_DASH}{self.name} {base64_text(self.key_id + self.value)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it; nothing of it is to be believed before :func:`open_note`.

    Attributes:
        text: the text with its last newline.
        signatures: at least one, in their order.
    """

    text: str
    signatures: tuple[Signature, ...]

    def data(self) -> bytes:
        """The note's bytes."""
        return f"{self.text}\n{''.join(signature.line() for signature in self.signatures)}".encode()

    def with_signatures(self, signatures: Iterable[Signature]) -> Note:
        """The same text with more signatures below; those it has already are not repeated."""
        return Note(self.text, tuple(dict.fromkeys((*self.signatures, *signatures))))


class Verifier(Protocol):
    """What verifies the signatures of one key."""

    @property
    def key(self) -> VerifierKey:
        """The key."""
        ...

    def verifies(self, text: str, value: bytes) -> bool:
        """Whether this key made a signature over a note's text.

        Args:
            text: the text with its last newline.
            value: the signature without the key ID.
        """
        ...


class Signer(Protocol):
    """What signs notes with one key."""

    @property
    def key(self) -> VerifierKey:
        """The key that verifies the signatures."""
        ...

    def sign(self, text: str) -> Signature:
        """A signature over a note's text.

        Args:
            text: the text with its last newline.
        """
        ...


@dataclass(frozen=True, slots=True)
class Ed25519Verifier:
    """Verifies Ed25519 signatures over a note's text (type 0x01).

    Attributes:
        key: the key, of the type ``ED25519``.
    """

    key: VerifierKey

    def verifies(self, text: str, value: bytes) -> bool:
        """Whether this key made a signature over a note's text (64 bytes)."""
        return ed25519_verifies(self.key.public_key, value, text.encode())


@dataclass(frozen=True, slots=True)
class Ed25519Signer:
    """Signs a note's text with Ed25519 (type 0x01): how a log signs its checkpoints.

    Attributes:
        name: the key's name; of a log, its origin.
        private_key: the key.
    """

    name: str
    private_key: Ed25519PrivateKey

    @property
    def key(self) -> VerifierKey:
        """The key that verifies the signatures."""
        return VerifierKey(self.name, SignatureType.ED25519, self.private_key.public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        """The signature over a note's text."""
        return Signature(self.name, self.key.id, self.private_key.sign(text.encode()))


@dataclass(frozen=True, slots=True)
class OpenedNote:
    """A note of which at least one signature was verified.

    Attributes:
        note: the note, with all of its signatures.
        verified: the signatures by known keys, each with its key, in the note's order.
    """

    note: Note
    verified: tuple[tuple[VerifierKey, Signature], ...]


def open_note(data: bytes | Note, verifiers: Iterable[Verifier]) -> OpenedNote:
    """Verify a note.

    Args:
        data: the note, or its bytes.
        verifiers: of the known keys.

    Raises:
        NoteMalformedError: the bytes are no signed note.
        SignatureWrongError: a signature that names a known key was not made by it.
        SignerUnknownError: no signature is by a known key.
    """
    note = data if isinstance(data, Note) else parse_note(data)
    known = {(verifier.key.name, verifier.key.id): verifier for verifier in verifiers}
    verified = []
    for signature in note.signatures:
        verifier = known.get((signature.name, signature.key_id))
        if verifier is None:
            continue
        if not verifier.verifies(note.text, signature.value):
            raise SignatureWrongError(
                f"the signature of {signature.name} ({signature.key_id.hex()}) is not by that key over this text",
                where="signature",
                mend="Fetch the note again; if it stays so, it was altered.",
            )
        verified.append((verifier.key, signature))
    if not verified:
        raise SignerUnknownError(
            f"none of the {len(note.signatures)} signatures is by a known key; known are "
            + (", ".join(sorted(name for name, _ in known)) or "none"),
            where="signature",
            mend="Give the verifier key of who should have signed.",
        )
    return OpenedNote(note, tuple(verified))


def parse_note(data: bytes) -> Note:
    """The text and the signatures of a note, nothing of it verified.

    Raises:
        NoteMalformedError: the bytes are no signed note, or more than any honest one has.
    """
    if len(data) > MAX_NOTE_BYTES:
        raise _malformed(f"it has {len(data)} bytes, more than {MAX_NOTE_BYTES}")
    try:
        content = data.decode()
    except UnicodeDecodeError as error:
        raise _malformed(f"byte {error.start} is not UTF-8") from None
    if control := _CONTROL.search(content):
        raise _malformed(f"it has the control character U+{ord(control.group()):04X}")
    head, separator, tail = content.rpartition("\n\n")
    if not separator:
        raise _malformed("no empty line stands between text and signatures")
    return Note(f"{head}\n", parse_signature_lines(tail))


def parse_signature_lines(text: str) -> tuple[Signature, ...]:
    """The signatures in a sequence of signature lines, such as stand under a note.

    Raises:
        NoteMalformedError: there is none, there are too many, or a line is no signature line.
    """
    if not text.endswith("\n"):
        raise _malformed("it does not end in a signature line with its newline")
    lines = text[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise _malformed(f"it has {len(lines)} signatures, more than {MAX_SIGNATURES}")
    return tuple(_signature(line) for line in lines)


def ed25519_verifies(public_key: bytes, value: bytes, message: bytes) -> bool:
    """Whether a key made an Ed25519 signature over a message (RFC 8032)."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(value, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def signed_note(text: str, signers: Sequence[Signer]) -> Note:
    """A note signed by one or more keys.

    Args:
        text: the text, which ends in a newline.
        signers: of the keys.

    Raises:
        NoteMalformedError: the text cannot be a note's, or nobody signs.
    """
    return parse_note(Note(text, tuple(signer.sign(text) for signer in signers)).data())


def _signature(line: str) -> Signature:
    name, separator, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not separator or not is_key_name(name):
        raise _malformed(f"{shown(line)} is no signature line")
    value = base64_bytes(encoded)
    if value is None or len(value) <= KEY_ID_BYTES:
        raise _malformed(f"the signature of {shown(name)} is not base64 of a key ID and a signature")
    return Signature(name, value[:KEY_ID_BYTES], value[KEY_ID_BYTES:])


def _malformed(problem: str) -> NoteMalformedError:
    return NoteMalformedError(
        f"this is no signed note: {problem}", where="note", mend="Give the note's bytes as they were received."
    )
