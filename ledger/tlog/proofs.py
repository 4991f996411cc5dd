"""Proofs of logging, checked offline: an entry's place, its inclusion proof, and a checkpoint with cosignatures.

::

    c2sp.org/tlog-proof@v1
    extra YmxpbmQ=                                        opaque, and not authenticated; may be left out
    index 73894
    gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=          from the leaf's sibling up to the root's child
    …

    example.com/fancylog                                  the checkpoint, as it is
    109482
    …

Making one and checking it::

    proof = make_proof(reader, 73894, note)
    verified = verify_proof(parse_proof(proof.data()), leaf_hash(entry), policy)

Source: C2SP tlog-proof. Files are named ``*.tlog-proof``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.tlog.checkpoints import read_checkpoint
from ledger.tlog.errors import NoteMalformedError, ProofMalformedError
from ledger.tlog.merkle import MAX_PROOF_HASHES, verify_inclusion
from ledger.tlog.notes import MAX_NOTE_BYTES, Note, parse_note
from ledger.tlog.spellings import base64_bytes, base64_hash, base64_text, decimal, shown

if TYPE_CHECKING:
    from ledger.tlog.policy import Policy, VerifiedCheckpoint
    from ledger.tlog.reading import LogReader

HEADER: Final = "c2sp.org/tlog-proof@v1"
MAX_EXTRA_BYTES: Final = 1_000_000
MAX_PROOF_BYTES: Final = MAX_NOTE_BYTES + 2 * MAX_EXTRA_BYTES


@dataclass(frozen=True, slots=True)
class TlogProof:
    """A proof that something was logged; nothing of it is to be believed before :func:`verify_proof`.

    Attributes:
        index: the entry's place in the log, from 0.
        hashes: its inclusion proof (32 bytes each).
        checkpoint: the log's, with its cosignatures.
        extra: what an application adds; never authenticated. ``None`` where there is none.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Note
    extra: bytes | None = None

    def data(self) -> bytes:
        """The proof as a file."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {base64_text(self.extra)}")
        lines.append(f"index {self.index}")
        lines.extend(base64_text(value) for value in self.hashes)
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.checkpoint.data()


def make_proof(reader: LogReader, index: int, checkpoint: Note, extra: bytes | None = None) -> TlogProof:
    """The proof that an entry is in a log.

    Args:
        reader: of the log.
        index: the entry's place, from 0.
        checkpoint: a checkpoint of the log, with the cosignatures that the proof is to have.
        extra: what the application adds, not authenticated.

    Raises:
        InputError: the checkpoint is of fewer entries.
        ResourceMissingError, LogUnusableError, LogDamagedError: the log's tiles cannot be read.
    """
    size = read_checkpoint(checkpoint).size
    return TlogProof(index, tuple(reader.inclusion_proof(index, size)), checkpoint, extra)


def parse_proof(data: bytes) -> TlogProof:
    """The proof in a file, nothing of it verified.

    Raises:
        ProofMalformedError: it is none.
    """
    if len(data) > MAX_PROOF_BYTES:
        raise _malformed(f"it has {len(data)} bytes, more than {MAX_PROOF_BYTES}")
    head, separator, note = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise _malformed(f"byte {error.start} is not ASCII") from None
    if not separator or lines[0] != HEADER:
        raise _malformed(f"it does not begin with the line {HEADER}, or nothing follows")
    extra = None
    if len(lines) > 1 and lines[1].startswith("extra "):
        extra = base64_bytes(lines.pop(1).removeprefix("extra "))
        if extra is None or len(extra) > MAX_EXTRA_BYTES:
            raise _malformed("the extra data is not base64, or is too long")
    index = decimal(lines[1].removeprefix("index ")) if len(lines) > 1 and lines[1].startswith("index ") else None
    if index is None:
        raise _malformed("no line with the index stands where it has to")
    try:
        return TlogProof(index, _hashes(lines[2:]), parse_note(note), extra)
    except NoteMalformedError as error:
        raise _malformed(f"its checkpoint cannot be read ({error.message})") from None


def verify_proof(proof: TlogProof, leaf: bytes, policy: Policy) -> VerifiedCheckpoint:
    """Check that something was logged, and that the policy accepts the log's checkpoint.

    Args:
        proof: the proof.
        leaf: the leaf hash of what was logged (32 bytes; :func:`ledger.tlog.merkle.leaf_hash` of the entry).
        policy: which logs and witnesses count.

    Raises:
        SignatureWrongError, SignerUnknownError, OriginWrongError, QuorumMissingError, CheckpointMalformedError: the
            policy does not accept the checkpoint.
        ProofWrongError: the leaf is not where the proof says.
        InputError: the index is not below the checkpoint's size.
    """
    verified = policy.check(proof.checkpoint)
    verify_inclusion(
        leaf=leaf,
        index=proof.index,
        size=verified.checkpoint.size,
        proof=proof.hashes,
        root=verified.checkpoint.root,
    )
    return verified


def _hashes(lines: list[str]) -> tuple[bytes, ...]:
    if len(lines) > MAX_PROOF_HASHES:
        raise _malformed(f"it has {len(lines)} hashes, more than {MAX_PROOF_HASHES}")
    hashes = []
    for line in lines:
        value = base64_hash(line)
        if value is None:
            raise _malformed(f"{shown(line)} is not 32 bytes in base64")
        hashes.append(value)
    return tuple(hashes)


def _malformed(problem: str) -> ProofMalformedError:
    return ProofMalformedError(
        f"this is no tlog-proof: {problem}", where="proof", mend="Give the file as it was received."
    )
