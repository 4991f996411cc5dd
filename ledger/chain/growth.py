"""The rules by which a member's event log grows on record, in Python.

They are written from docs/contracts.md and not from the contract: tests drive both with the same checkpoints and
compare refusals and records. The functions look at nothing but their arguments, so that anyone can tell beforehand what
the contract will say. The proof is read by the recursive definition of RFC 9162, section 2.1.4.1, turned round; the
contract follows the bits of the sizes (section 2.1.4.2).

    record = EMPTY
    record = judge_signed(record, statement, proof, key, standing, block_time)   # raises RuleRefused
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.chain.entitlement import require_speaker
from ledger.chain.lifecycle import CLOCK_TOLERANCE_SECONDS
from ledger.chain.refusals import require
from ledger.identity.milestones import Scope
from ledger.identity.statements import ZERO32

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.chain.state import Standing
    from ledger.identity.checkpoints import CheckpointStatement

_NODE: Final = b"\x01"  # RFC 6962, section 2.1


@dataclass(frozen=True, slots=True)
class LogRecord:
    """What the contract keeps of a member's log: its last checkpoint.

    Attributes:
        size: how many events the log had; 0 where nothing was recorded.
        root: the root of the tree over them (32 bytes).
        time: the time of the block that recorded it, in seconds.
    """

    size: int
    root: bytes
    time: int


EMPTY: Final = LogRecord(0, ZERO32, 0)
"""The record of a log of which nothing was recorded."""


@dataclass(frozen=True, slots=True)
class Growth:
    """By how much a log grows.

    Attributes:
        previous_size: the size on record, from which it grows; 0 for the first checkpoint.
        size: how many events the log has.
        root: the root of the tree over them (32 bytes).
        proof: the consistency proof between the two sizes (hashes of 32 bytes); empty for the first checkpoint.
    """

    previous_size: int
    size: int
    root: bytes
    proof: Sequence[bytes] = ()


def judge_own(record: LogRecord, growth: Growth, key: str, sender: Standing, block_time: int) -> LogRecord:
    """The record after a checkpoint that a key of the member sends itself.

    Args:
        record: what is on record of the member's log.
        growth: what is sent.
        key: the sender's address.
        sender: its standing.
        block_time: the time of the block, in seconds.

    Raises:
        RuleRefused: the rules do not allow it.
    """
    _require_recorder(key, sender)
    return _grown(record, growth, block_time)


def judge_signed(
    record: LogRecord,
    statement: CheckpointStatement,
    proof: Sequence[bytes],
    key: str,
    signer: Standing,
    block_time: int,
) -> LogRecord:
    """The record after a checkpoint that a member signed and anyone carried.

    Args:
        record: what is on record of the log of the signer's member.
        statement: what was signed.
        proof: the consistency proof beside it.
        key: the address of the key that signed.
        signer: its standing.
        block_time: the time of the block, in seconds.

    Raises:
        RuleRefused: the rules do not allow it.
    """
    _require_recorder(key, signer)
    require(statement.member == signer.number, "NotLogOwner", signer.number, statement.member)
    latest = block_time + CLOCK_TOLERANCE_SECONDS
    require(statement.signed_time <= latest, "SignedInFuture", statement.signed_time, block_time)
    require(block_time <= statement.valid_until, "StatementExpired", statement.valid_until, block_time)
    growth = Growth(statement.previous_size, statement.size, statement.root, proof)
    return _grown(record, growth, block_time)


def proof_length(first: int, second: int) -> int:
    """How many hashes a consistency proof has between two sizes, the smaller of them not 0."""
    return _length(first, second, known=True)


def proven_roots(first: int, second: int, first_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots that a consistency proof leads to: of the smaller tree and of the larger one (32 bytes each).

    Args:
        first: the size of the smaller tree, not 0.
        second: the size of the larger one.
        first_root: the root of the smaller tree, which the proof leaves out where that is a complete one.
        proof: as many hashes as :func:`proof_length` says.
    """
    return _roots(first, second, first_root, list(proof), known=True)


def _require_recorder(key: str, signer: Standing) -> None:
    require_speaker(signer, key)
    require(Scope.CHECKPOINTS in signer.scopes, "KeyMayNotCheckpoint", key)


def _grown(record: LogRecord, growth: Growth, block_time: int) -> LogRecord:
    require(growth.previous_size == record.size, "StaleSize", record.size, growth.previous_size)
    require(growth.size > record.size, "LogNotGrown", record.size, growth.size)
    require(growth.root != ZERO32, "RootMissing")
    required = proof_length(record.size, growth.size) if record.size else 0
    require(len(growth.proof) == required, "ProofLengthInvalid", len(growth.proof), required)
    if record.size:
        first, second = proven_roots(record.size, growth.size, record.root, growth.proof)
        require(first == record.root, "PreviousRootMismatch", record.root, first)
        require(second == growth.root, "RootMismatch", growth.root, second)
    return LogRecord(growth.size, growth.root, block_time)


def _length(first: int, second: int, *, known: bool) -> int:
    """The length of SUBPROOF(first, D[second], known)."""
    if first == second:
        return 0 if known else 1
    split = _split(second)
    if first <= split:
        return 1 + _length(first, split, known=known)
    return 1 + _length(first - split, second - split, known=False)


def _roots(first: int, second: int, first_root: bytes, proof: list[bytes], *, known: bool) -> tuple[bytes, bytes]:
    """What SUBPROOF(first, D[second], known) leads to; its last hash is the outermost."""
    if first == second:
        whole = first_root if known else proof.pop()
        return whole, whole
    split, beside = _split(second), proof.pop()
    if first <= split:
        smaller, larger = _roots(first, split, first_root, proof, known=known)
        return smaller, _node(larger, beside)
    smaller, larger = _roots(first - split, second - split, first_root, proof, known=False)
    return _node(beside, smaller), _node(beside, larger)


def _split(size: int) -> int:
    """The largest power of two smaller than a size above 1."""
    return 1 << (size - 1).bit_length() - 1


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
