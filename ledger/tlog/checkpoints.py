"""Checkpoints: what a log says about itself at one size, signed.

::

    example.com/behind-the-sofa                        the origin: the log's name
    20852163                                           the tree size
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=       the root hash

    — example.com/behind-the-sofa Az3grl…              signatures: of the log, of its witnesses

Signing and opening::

    note = sign_checkpoint(Checkpoint(origin, size, root), [Ed25519Signer(origin, private_key)])
    opened = open_checkpoint(note.data(), [Ed25519Verifier(key)])
    opened.checkpoint.size

Source: C2SP tlog-checkpoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.tlog.errors import CheckpointMalformedError, OriginWrongError
from ledger.tlog.merkle import EMPTY_ROOT, HASH_BYTES, MAX_SIZE
from ledger.tlog.notes import open_note, parse_note, signed_note
from ledger.tlog.spellings import base64_hash, base64_text, decimal, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.tlog.notes import Note, Signature, Signer, Verifier
    from ledger.tlog.vkeys import VerifierKey

MEDIA_TYPE: Final = "text/plain; charset=utf-8"  # C2SP tlog-tiles, "Checkpoints"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's tree at one size.

    Attributes:
        origin: the log's name.
        size: the number of entries.
        root: the root hash of the tree of all of them (32 bytes).
        extensions: further lines, opaque; better none, since nobody can audit them.

    Raises:
        CheckpointMalformedError: a value has no place in a checkpoint.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for line in (self.origin, *self.extensions):
            if not line or any(character < " " for character in line):
                raise _malformed("every line has to be non-empty and without control characters")
        if not 0 <= self.size <= MAX_SIZE:
            raise _malformed(f"the size {self.size} is not from 0 to 2^63 - 1")
        if len(self.root) != HASH_BYTES:
            raise _malformed(f"the root has {len(self.root)} bytes, not {HASH_BYTES}")

    def text(self) -> str:
        """The text that is signed."""
        lines = (self.origin, str(self.size), base64_text(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class OpenedCheckpoint:
    """A checkpoint whose log's signature was verified.

    Attributes:
        checkpoint: what the log says.
        note: the note it came in, with all signatures.
        verified: the signatures by known keys, each with its key.
    """

    checkpoint: Checkpoint
    note: Note
    verified: tuple[tuple[VerifierKey, Signature], ...]


def sign_checkpoint(checkpoint: Checkpoint, signers: Sequence[Signer]) -> Note:
    """The checkpoint as a note, signed by one or more keys of its log."""
    return signed_note(checkpoint.text(), signers)


def open_checkpoint(data: bytes | Note, verifiers: Iterable[Verifier], *, origin: str = "") -> OpenedCheckpoint:
    """Verify a checkpoint.

    Args:
        data: the note, or its bytes.
        verifiers: of the log's keys.
        origin: the log it has to be of; empty: the log that the verified keys are named after.

    Raises:
        NoteMalformedError, SignatureWrongError, SignerUnknownError: as :func:`ledger.tlog.notes.open_note`.
        CheckpointMalformedError: the note's text is no checkpoint.
        OriginWrongError: it is a checkpoint of another log.
    """
    opened = open_note(data, verifiers)
    checkpoint = parse_checkpoint(opened.note.text)
    accepted = {origin} if origin else {key.name for key, _ in opened.verified}
    if checkpoint.origin not in accepted:
        raise OriginWrongError(
            f"it is of the log {shown(checkpoint.origin)}, not of {', '.join(map(shown, sorted(accepted)))}",
            where="checkpoint",
            mend="Give the checkpoint of the right log.",
        )
    return OpenedCheckpoint(checkpoint, opened.note, opened.verified)


def read_checkpoint(data: bytes | Note) -> Checkpoint:
    """What a checkpoint says, without any of its signatures verified.

    Raises:
        NoteMalformedError: the bytes are no signed note.
        CheckpointMalformedError: its text is no checkpoint.
    """
    return parse_checkpoint((data if not isinstance(data, bytes) else parse_note(data)).text)


def parse_checkpoint(text: str) -> Checkpoint:
    """What the text of a note says, if it is a checkpoint.

    Raises:
        CheckpointMalformedError: it is none.
    """
    if not text.endswith("\n"):
        raise _malformed("its last line has no newline")
    lines = text[:-1].split("\n")
    if len(lines) < 3:
        raise _malformed("it needs the lines origin, size and root hash")
    size, root = decimal(lines[1]), base64_hash(lines[2])
    if size is None:
        raise _malformed(f"the size {shown(lines[1])} is not decimal without leading zeros, from 0 to 2^63 - 1")
    if root is None:
        raise _malformed(f"the root hash {shown(lines[2])} is not 32 bytes in base64")
    return Checkpoint(lines[0], size, root, tuple(lines[3:]))


def empty_checkpoint(origin: str) -> Checkpoint:
    """The checkpoint of a log that has no entry yet."""
    return Checkpoint(origin, 0, EMPTY_ROOT)


def _malformed(problem: str) -> CheckpointMalformedError:
    return CheckpointMalformedError(
        f"this is no checkpoint: {problem}", where="checkpoint", mend="Give the checkpoint as its log published it."
    )
