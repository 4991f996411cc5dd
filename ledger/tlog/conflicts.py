"""Conflicts: two checkpoints, both signed by one log, of trees that are not the one a beginning of the other.

A log that signs such a pair has shown different histories to different people, or has changed its own. The pair
convicts it: whoever has the log's key can check it, whoever kept it. It takes one of two forms:

1. two roots of the same size;
2. a consistency proof that leads to the root of the larger checkpoint, and from another root of the smaller size than
   the smaller checkpoint has.

Sources: C2SP tlog-checkpoint, "Signatures" (a log must never sign inconsistent checkpoints), tlog-witness; RFC 9162,
section 2.1.4.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.tlog.checkpoints import open_checkpoint
from ledger.tlog.errors import ProofWrongError
from ledger.tlog.merkle import consistency_roots
from ledger.tlog.witness_requests import parse_add_checkpoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.tlog.checkpoints import Checkpoint
    from ledger.tlog.notes import Verifier


@dataclass(frozen=True, slots=True)
class Conflict:
    """What was kept of a conflict.

    Attributes:
        cosigned: the checkpoint that was cosigned: a note.
        shown: what the log showed later: the request, with proof and checkpoint.
        proven: whether the two convict the log by themselves. If not, a signed checkpoint came with a proof that does
            not verify: its tree may be another, or only the proof was wrong.
    """

    cosigned: bytes
    shown: bytes
    proven: bool


def contradicts(cosigned: Checkpoint, shown: Checkpoint, old_size: int, proof: Sequence[bytes]) -> bool:
    """Whether two checkpoints of one log cannot both be true of a log that only grows.

    Args:
        cosigned: the one.
        shown: the other.
        old_size: the size that the proof starts from.
        proof: the consistency proof that came with the other.
    """
    if cosigned.size == shown.size:
        return cosigned.root != shown.root
    if not 0 < old_size == cosigned.size < shown.size:
        return False
    old, new = consistency_roots(old_size, cosigned.root, shown.size, proof)
    return new == shown.root and old != cosigned.root


def verify_conflict(conflict: Conflict, verifiers: Iterable[Verifier]) -> None:
    """Check that a conflict convicts its log.

    Args:
        conflict: what was kept.
        verifiers: of the log's keys.

    Raises:
        ProofWrongError: both checkpoints can be true.
        LedgerError: one of them is no checkpoint that the log signed.
    """
    known = tuple(verifiers)
    cosigned = open_checkpoint(conflict.cosigned, known).checkpoint
    request = parse_add_checkpoint(conflict.shown)
    shown = open_checkpoint(request.checkpoint, known, origin=cosigned.origin).checkpoint
    if not contradicts(cosigned, shown, request.old_size, request.proof):
        raise ProofWrongError(
            f"nothing here shows that the log of {shown.size} entries does not begin with that of {cosigned.size}",
            where="conflict",
            mend="Ask the log for a consistency proof between the two.",
        )
