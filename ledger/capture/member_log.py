"""The member's event log: on disk as the store says, signed, on chain, cosigned.

The log is bound to a chain, the contract on it, and the member, by its origin. An entry is the blinded commitment of
an event, 32 bytes, made from the event commitment in the store and the log's secret; so the log on disk can be made
again from the store at any time, and each start appends what it lacks.

**What is refused.** Store, log and chain have the same history, one behind the other: the chain at most as far as the
log, the log at most as far as the store. Anything else is an older copy, or another history, and is refused before a
single byte is signed: a signature under two histories is what witnesses convict a log for.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from ledger.capture.errors import CheckpointKeyError, LogForeignError, OtherRootError, StoreBehindError
from ledger.chain.growth import Growth
from ledger.chain.refusals import RuleRefused
from ledger.epcis.commitment import blind, blinded_commitment
from ledger.errors import LedgerError
from ledger.tlog.checkpoints import empty_checkpoint, sign_checkpoint
from ledger.tlog.cosignatures import verifier_of
from ledger.tlog.errors import LogMissingError, OriginWrongError, QuorumMissingError, SignerUnknownError
from ledger.tlog.merkle import Frontier, leaf_hashes
from ledger.tlog.notes import Ed25519Signer
from ledger.tlog.origins import event_log_origin
from ledger.tlog.proving import tree_root
from ledger.tlog.reading import LogReader
from ledger.tlog.sources import FolderSource
from ledger.tlog.storage import LogWriter
from ledger.tlog.witness_client import endpoints_of, gather_cosignatures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ledger.chain.deployment import Contracts
    from ledger.chain.growth import LogRecord
    from ledger.chain.members import MemberRecord
    from ledger.chain.transactions import Receipt, Sender
    from ledger.identity.keys import CheckpointKey
    from ledger.store.store import Store
    from ledger.tlog.durable import Disk
    from ledger.tlog.notes import Note
    from ledger.tlog.policy import Policy

_log = logging.getLogger(__name__)

APPENDED_AT_ONCE: Final = 16_384  # 64 tiles


@dataclass(frozen=True, slots=True)
class Witnessing:
    """Where a member's log is, and who witnesses it.

    Attributes:
        folder: the log's.
        contracts: the consortium's.
        sender: whose key sends the checkpoints: one of the member's.
        member: the member, as the register has it.
        key: the key that signs the checkpoints.
        policy: whose cosignatures are asked for; none where there is no policy.
    """

    folder: Path
    contracts: Contracts
    sender: Sender
    member: MemberRecord
    key: CheckpointKey
    policy: Policy | None = None

    @property
    def origin(self) -> str:
        """The log's name."""
        deployment = self.contracts.deployment
        return event_log_origin(deployment.chain_id, deployment.event_logs.address, self.member.address)

    @property
    def signer(self) -> Ed25519Signer:
        """What signs the checkpoints; its key is the log's."""
        return Ed25519Signer(self.origin, self.key.private_key)

    def record(self) -> LogRecord:
        """What the chain has on record of the log."""
        return self.contracts.event_logs.checkpoint(self.member.number)


@dataclass(frozen=True, slots=True)
class Checkpointed:
    """A checkpoint of the log, and how far it has come.

    Attributes:
        size: how many entries the log has.
        root: the root of the tree over them (32 bytes).
        block: the block that recorded it now; ``None`` where it was on record before, or is not.
        transaction: the hash of the transaction (32 bytes), likewise.
        waiting: why it is not on record yet; ``None`` where it is.
        cosigned: the names of the witnesses whose cosignatures it has.
        witness_problems: what kept witnesses from cosigning, and whether too few have.
    """

    size: int
    root: bytes
    block: int | None = None
    transaction: bytes | None = None
    waiting: LedgerError | None = None
    cosigned: tuple[str, ...] = ()
    witness_problems: tuple[LedgerError, ...] = ()


class MemberLog:
    """A member's event log, open for appending. One process has it at a time; open it with :meth:`open`."""

    def __init__(self, store: Store, witnessing: Witnessing, writer: LogWriter, secret: bytes) -> None:
        self.witnessing = witnessing
        self.origin = witnessing.origin
        self._store = store
        self._writer = writer
        self._secret = secret
        self._reader = LogReader(FolderSource(witnessing.folder), [verifier_of(witnessing.signer.key)])

    @classmethod
    def open(
        cls,
        store: Store,
        witnessing: Witnessing,
        *,
        random: Callable[[int], bytes] = os.urandom,
        disk: Disk | None = None,
    ) -> Self:
        """Open the log, making it where there is none, and compare it with store and chain.

        Args:
            store: the member's.
            witnessing: where the log is, and who witnesses it.
            random: for the secret of a new log.
            disk: takes the steps by which the log is written.

        Raises:
            CheckpointKeyError: the register names another checkpoint key.
            StoreBehindError: chain or log have more entries than the store.
            LogForeignError: the log does not hold what the store says.
            OtherRootError: the chain has another history of this log on record.
            LogBusyError: another process has the log.
            Unavailable: store, log or node cannot be used.
        """
        _require_key(witnessing)
        record = witnessing.record()  # before the store: whatever is on record was in the store earlier
        _require_store_not_behind(_size_in_store(store, witnessing.origin), record.size, "the chain has on record")
        writer = _writer(witnessing, disk)
        try:
            _require_store_not_behind(_size_in_store(store, witnessing.origin), writer.size, "the log has")
            secret = _secret(store, witnessing.origin, random)
            log = cls(store, witnessing, writer, secret)
            log._require_same_history(record)
        except BaseException:
            writer.close()
            raise
        return log

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    @property
    def size(self) -> int:
        """How many entries it has, with those that are not published yet."""
        return self._writer.size

    @property
    def published(self) -> int:
        """How many entries its published checkpoint covers."""
        return self._writer.published.checkpoint.size

    def catch_up(self) -> int:
        """Append what the store has and the log has not: what a crash left undone. Returns how many that was."""
        before = self.size
        for commitments in self._commitments(before, _size_in_store(self._store, self.origin)):
            self.append(commitments)
        return self.size - before

    def append(self, commitments: Sequence[bytes]) -> None:
        """Append the entries of events that have the next places in the store.

        Args:
            commitments: their event commitments (32 bytes each), in the order of their places.

        Raises:
            LogUnusableError: the disk does not take them; they are appended by the next capture.
        """
        self._writer.append(self._entries(commitments))

    def checkpoint(self) -> Checkpointed:
        """Sign and publish what was appended, have it recorded on chain, and ask the witnesses.

        What chain and witnesses say against it is in the result: the checkpoint is published all the same, and
        the next one covers it.

        Raises:
            OtherRootError, StoreBehindError: the chain has another history of this log, or a longer one, on record.
            LogUnusableError: the disk does not take it.
        """
        checkpoint = self._writer.checkpoint()
        if self._writer.published.checkpoint.size != checkpoint.size:
            self._require_not_overtaken(checkpoint.size)
            self._writer.publish(sign_checkpoint(checkpoint, [self.witnessing.signer]))
        if not checkpoint.size:
            return Checkpointed(0, checkpoint.root)
        receipt, waiting = self._recorded(checkpoint.size, checkpoint.root)
        cosigned, problems = self._cosigned()
        return Checkpointed(
            checkpoint.size,
            checkpoint.root,
            receipt.block_number if receipt else None,
            receipt.transaction if receipt else None,
            waiting,
            cosigned,
            problems,
        )

    def _require_not_overtaken(self, size: int) -> None:
        """Make sure that no other copy of this home had another history recorded since the log was opened."""
        try:
            record = self.witnessing.record()
        except LedgerError:
            return  # without the chain a checkpoint is published too, and waits
        _require_store_not_behind(size, record.size, "the chain has on record")
        if record.size:
            _require_root(record, self._root(record.size))

    def _recorded(self, size: int, root: bytes) -> tuple[Receipt | None, LedgerError | None]:
        """Have a checkpoint recorded; where the chain does not do it now, it waits for the next capture."""
        try:
            record = self.witnessing.record()
            _require_store_not_behind(size, record.size, "the chain has on record")
            if record.size == size:
                _require_root(record, root)
                return None, None
            proof = self._reader.consistency_proof(record.size, size) if record.size else []
            growth = Growth(record.size, size, root, tuple(proof))
            logs = self.witnessing.contracts.event_logs
            return logs.submit(self.witnessing.sender, growth), None
        except (OtherRootError, StoreBehindError):
            raise
        except LedgerError as error:
            if isinstance(error, RuleRefused) and error.error == "PreviousRootMismatch":
                raise _other_root(size, root) from error
            _log.warning("the checkpoint waits", extra={"size": size, "reason": str(error)})
            return None, error

    def _cosigned(self) -> tuple[tuple[str, ...], tuple[LedgerError, ...]]:
        """Ask witnesses for the cosignatures that the published checkpoint lacks; keep what they give."""
        policy = self.witnessing.policy
        if policy is None:
            return (), ()
        note = self._writer.published.note
        signed = {(each.name, each.key_id) for each in note.signatures}
        lacking = [
            endpoint
            for endpoint in endpoints_of(policy)
            if not any((key.name, key.id) in signed for key in endpoint.keys)
        ]
        size = self._writer.published.checkpoint.size
        gathered = gather_cosignatures(note, lacking, lambda old_size: self._reader.consistency_proof(old_size, size))
        if gathered.note != note:
            self._writer.publish(gathered.note)
        problems = [outcome.problem for outcome in gathered.outcomes if outcome.problem is not None]
        try:
            signer = self.witnessing.signer.key
            verified = policy.check(gathered.note, logs=[] if signer in {log.key for log in policy.logs} else [signer])
        except QuorumMissingError as error:
            return _cosigners(policy, gathered.note), (*problems, error)
        return tuple(each.name for each in verified.cosigned), tuple(problems)

    def _require_same_history(self, record: LogRecord) -> None:
        last = self._writer.size - 1
        if last >= 0:
            (entry,) = self._reader.entries(last, last + 1, last + 1)
            (expected,) = self._entries(next(self._commitments(last, last + 1)))
            if entry != expected:
                raise LogForeignError(
                    f"its entry {last} is not that of the event to which the store gave this place",
                    where=str(self.witnessing.folder),
                    mend="Store and log are copies of different times or members: restore both from one copy, the "
                    "newest. Without a good copy of the log, move its folder away: it is made again from the store.",
                )
        if record.size:
            _require_root(record, self._root(record.size))

    def _root(self, size: int) -> bytes:
        """The root of the first entries: from the published log's tiles, or, where it is behind, from the store."""
        if size <= self.published:
            return tree_root(size, self._reader.hashes(self.published))
        tree = Frontier()
        for commitments in self._commitments(0, size):
            tree = tree.extended(leaf_hashes(self._entries(commitments)))
        return tree.root()

    def _commitments(self, begin: int, end: int) -> Iterator[tuple[bytes, ...]]:
        for start in range(begin, end, APPENDED_AT_ONCE):
            with self._store.read() as kept:
                yield kept.event_logs.commitments(self.origin, start, min(start + APPENDED_AT_ONCE, end))

    def _entries(self, commitments: Sequence[bytes]) -> list[bytes]:
        secret = self._secret
        return [blinded_commitment(commitment, blind(secret, commitment)) for commitment in commitments]


def _require_key(witnessing: Witnessing) -> None:
    registered, own = witnessing.member.checkpoint_key, witnessing.key.public_bytes
    if registered != own:
        raise CheckpointKeyError(
            f"the register names the checkpoint key {registered.hex()}, and this keyring has {own.hex()}",
            where="checkpoint key",
            mend="Use the keystore with the registered key, or have the new key registered.",
        )


def _size_in_store(store: Store, origin: str) -> int:
    with store.read() as kept:
        return kept.event_logs.size(origin) if kept.event_logs.has(origin) else 0


def _secret(store: Store, origin: str, random: Callable[[int], bytes]) -> bytes:
    with store.read() as kept:
        if kept.event_logs.has(origin):
            return kept.event_logs.secret(origin)
    with store.write() as kept:
        kept.event_logs.create(origin, random(32))
        return kept.event_logs.secret(origin)


def _writer(witnessing: Witnessing, disk: Disk | None) -> LogWriter:
    verifiers = [verifier_of(witnessing.signer.key)]
    try:
        return LogWriter(witnessing.folder, verifiers, disk=disk)
    except (SignerUnknownError, OriginWrongError) as error:
        raise LogForeignError(
            f"it is not signed as the log {witnessing.origin} with the member's checkpoint key: {error.message}",
            where=str(witnessing.folder),
            mend="It is the log of another consortium or member, or its key was replaced. Move the folder away: this "
            "member's log is made again from the store.",
        ) from error
    except LogMissingError:
        note = sign_checkpoint(empty_checkpoint(witnessing.origin), [witnessing.signer])
        return LogWriter.create(witnessing.folder, note, verifiers, disk=disk)


def _require_store_not_behind(size: int, other: int, who: str) -> None:
    if size < other:
        raise StoreBehindError(
            f"{who} {other} entries of this event log, and the store has {size}: it was restored from an older copy, "
            "or another copy of this home captures too",
            where="event log",
            mend="Restore the newest copy of the store. Nothing was captured: an entry under a number that is taken "
            "could never be proven.",
        )


def _require_root(record: LogRecord, root: bytes) -> None:
    if record.root != root:
        raise _other_root(record.size, root, record.root)


def _other_root(size: int, root: bytes, recorded: bytes = b"") -> OtherRootError:
    told = f" 0x{recorded.hex()}" if recorded else ""
    return OtherRootError(
        f"the chain has another history{told} of this event log on record than its first {size} entries, whose root is "
        f"0x{root.hex()}",
        where="event log",
        mend="This home was restored from an older copy and went on from there, or another copy of it captures too. "
        "Restore the newest copy; the documents in this one can be captured again from the set that they came from.",
    )


def _cosigners(policy: Policy, note: Note) -> tuple[str, ...]:
    signed = {(each.name, each.key_id) for each in note.signatures}
    return tuple(witness.name for witness in policy.witnesses if (witness.key.name, witness.key.id) in signed)
