"""What is said between a log and its witness: ``add-checkpoint`` requests and their answers.

A request::

    old 20852014                                        the size that the witness cosigned last
    PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=        a consistency proof from there
    …

    example.com/behind-the-sofa                         the checkpoint
    20852163
    …

Source: C2SP tlog-witness, section "add-checkpoint".
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from ledger.tlog.errors import NoteMalformedError, RequestMalformedError
from ledger.tlog.merkle import MAX_PROOF_HASHES
from ledger.tlog.notes import Note, parse_note
from ledger.tlog.spellings import base64_hash, base64_text, decimal, shown

ADD_CHECKPOINT: Final = "add-checkpoint"
SIZE_MEDIA_TYPE: Final = "text/x.tlog.size"
TEXT_MEDIA_TYPE: Final = "text/plain; charset=utf-8"
MAX_REQUEST_BYTES: Final = 256 * 1024  # a proof of 63 hashes, and a checkpoint with 50 signatures of ML-DSA-44


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request for cosignatures.

    Attributes:
        old_size: the size that the witness cosigned last, as the client believes.
        proof: the consistency proof from there to the checkpoint (32 bytes each).
        checkpoint: the log's checkpoint.
    """

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: Note

    def body(self) -> bytes:
        """The request's body."""
        lines = [f"old {self.old_size}", *map(base64_text, self.proof)]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.checkpoint.data()


@dataclass(frozen=True, slots=True)
class Answer:
    """A witness's answer.

    Attributes:
        status: the HTTP status.
        body: what it says.
        media_type: of the body.
    """

    status: HTTPStatus
    body: bytes
    media_type: str = TEXT_MEDIA_TYPE


def parse_add_checkpoint(body: bytes) -> AddCheckpoint:
    """The request in a body.

    Raises:
        RequestMalformedError: it is none.
    """
    if len(body) > MAX_REQUEST_BYTES:
        raise _malformed(f"it has {len(body)} bytes, more than {MAX_REQUEST_BYTES}")
    head, separator, note = body.partition(b"\n\n")
    lines = head.decode("ascii", errors="replace").split("\n")
    old_size = decimal(lines[0].removeprefix("old ")) if lines[0].startswith("old ") else None
    if not separator or old_size is None:
        raise _malformed(f"it does not begin with the old size ({shown(lines[0])}), or no checkpoint follows")
    if len(lines) - 1 > MAX_PROOF_HASHES:
        raise _malformed(f"it has {len(lines) - 1} proof lines, more than {MAX_PROOF_HASHES}")
    proof = []
    for line in lines[1:]:
        value = base64_hash(line)
        if value is None:
            raise _malformed(f"{shown(line)} is not 32 bytes in base64")
        proof.append(value)
    try:
        return AddCheckpoint(old_size, tuple(proof), parse_note(note))
    except NoteMalformedError as error:
        raise _malformed(error.message) from None


def refusal(status: HTTPStatus, reason: str) -> Answer:
    """An answer that refuses, with the reason in a line."""
    return Answer(status, f"{reason}\n".encode())


def size_conflict(size: int) -> Answer:
    """The answer that the witness has cosigned another size last."""
    return Answer(HTTPStatus.CONFLICT, f"{size}\n".encode(), SIZE_MEDIA_TYPE)


def _malformed(problem: str) -> RequestMalformedError:
    return RequestMalformedError(
        f"this is no request to add a checkpoint: {problem}",
        where="request",
        mend="C2SP tlog-witness has the form.",
    )
