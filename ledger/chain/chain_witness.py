"""A witness that takes the chain's word: it cosigns what the chain recorded, and keeps what contradicts it.

::

    witness = ChainWitness(cosigners, contracts, WitnessRecord.open(folder), clock=clock)
    answer = witness.add_checkpoint(body)                    # clients/witness_server.py serves this

Beyond what every witness of C2SP tlog-witness does (:mod:`ledger.tlog.witness`):

1. a log is known if the register of members has its key (:class:`ledger.chain.registered_logs.RegisteredLogs`);
2. a checkpoint of a member's event log is cosigned only if the chain recorded just this size and this root, in a block
   that is deep enough;
3. one of the chain's block log only if the witness's own node has the same final blocks;
4. a checkpoint that its log signed and of which the chain recorded another root is kept, with what the chain recorded.

The record is a folder::

    logs/                             of every log what was cosigned last, and its conflicts (ledger.tlog.witness_state)
    against-chain/<origin hash>/<size>-<root>.json      checkpoints that contradict the chain
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Self

from ledger.chain.registered_logs import RegisteredLogs, objection
from ledger.errors import InputError
from ledger.identity.untrusted import JsonObject
from ledger.tlog.checkpoints import read_checkpoint
from ledger.tlog.durable import Disk, DurableWriter
from ledger.tlog.errors import WitnessStateError
from ledger.tlog.notes import parse_note
from ledger.tlog.origins import BLOCKS
from ledger.tlog.witness import Witness
from ledger.tlog.witness_requests import parse_add_checkpoint, refusal
from ledger.tlog.witness_state import WitnessState, origin_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ledger.chain.deployment import Contracts
    from ledger.chain.registered_logs import Objection
    from ledger.tlog.checkpoints import Checkpoint
    from ledger.tlog.conflicts import Conflict
    from ledger.tlog.cosignatures import Cosigner
    from ledger.tlog.notes import Note
    from ledger.tlog.witness_requests import Answer

MAX_KEPT: Final = 64  # of one log: the first convict it, and more would only fill the disk
MAX_FILE_BYTES: Final = 512 * 1024
_LOGS: Final = "logs"
_AGAINST: Final = "against-chain"
_NEW: Final = "new"
_REPORTED: Final = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY})
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AgainstChain:
    """A checkpoint that its log signed, and what the chain recorded of the same size.

    Attributes:
        checkpoint: the note, with the log's signature.
        root: the root that the chain recorded (32 bytes).
        block: the number of the block that recorded it.
        transaction: the hash of the transaction (32 bytes).
    """

    checkpoint: bytes
    root: bytes
    block: int
    transaction: bytes

    def to_json(self) -> dict[str, Any]:
        """The same for files."""
        return {
            "checkpoint": self.checkpoint.decode(),
            "recordedRoot": f"0x{self.root.hex()}",
            "block": self.block,
            "transaction": f"0x{self.transaction.hex()}",
        }

    @classmethod
    def from_json(cls, content: object, where: str) -> Self:
        """The same from a file.

        Raises:
            InputError: it is no such record.
        """
        read = JsonObject(content, where, ("checkpoint", "recordedRoot", "block", "transaction"))
        note = read.text("checkpoint", MAX_FILE_BYTES).encode()
        return cls(note, read.hash("recordedRoot"), read.number("block", 2**63 - 1), read.hash("transaction"))


class WitnessRecord:
    """What a witness keeps; many threads and processes may use it.

    Args:
        folder: where it is.
        state: what was cosigned.
        disk: takes the steps.
    """

    def __init__(self, folder: Path, state: WitnessState, *, disk: Disk | None = None) -> None:
        self.folder = folder
        self.state = state
        self._disk = disk or Disk()

    @classmethod
    def create(cls, folder: Path, *, disk: Disk | None = None) -> Self:
        """Make the empty record of a new witness: one whose keys never cosigned anything.

        Raises:
            LogTakenError: there is one.
            WitnessStateError: it cannot be made.
        """
        return cls(folder, WitnessState.create(folder / _LOGS, disk=disk), disk=disk)

    @classmethod
    def open(cls, folder: Path, *, disk: Disk | None = None) -> Self:
        """The record of a witness that was there before.

        Raises:
            WitnessStateError: there is none.
        """
        return cls(folder, WitnessState(folder / _LOGS, disk=disk), disk=disk)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever decided."""
        return not any(path.is_dir() and path.name != _NEW for path in self.state.folder.iterdir())

    def cosigned(self) -> Iterator[Note]:
        """The last checkpoint that was cosigned of each log.

        Raises:
            WitnessStateError: one cannot be read.
        """
        for path in sorted(self.state.folder.glob("*/checkpoint")):
            data = self.state.checkpoint(path.parent.name)
            if data is not None:
                yield parse_note(data)

    def conflicts(self) -> Iterator[tuple[str, Conflict]]:
        """What was kept against each log that was cosigned once, with its origin.

        Raises:
            WitnessStateError: it cannot be read.
        """
        for note in self.cosigned():
            origin = read_checkpoint(note).origin
            yield from ((origin, conflict) for conflict in self.state.conflicts(origin))

    def keep_against_chain(self, checkpoint: Note, against: Objection) -> None:
        """Keep a checkpoint that contradicts the chain. The same is kept once.

        Args:
            checkpoint: the note; its log's signature was verified.
            against: the objection to it, with what the chain recorded.

        Raises:
            WitnessStateError: it cannot be written.
        """
        if against.recorded is None:
            return
        shown = read_checkpoint(checkpoint)
        folder = self.folder / _AGAINST / origin_hash(shown.origin)
        path = folder / f"{shown.size}-{shown.root.hex()}.json"
        place = against.recorded.place
        kept = AgainstChain(checkpoint.data(), against.recorded.root, place.block_number, place.transaction)
        with self.state.deciding(shown.origin):  # one writer at a time
            try:
                if path.exists() or (folder.exists() and sum(1 for _ in folder.iterdir()) > MAX_KEPT):
                    return
                writer = DurableWriter(folder / _NEW, self._disk)
                folder.mkdir(parents=True, exist_ok=True)
                writer.clear()
                writer.write([(path, json.dumps(kept.to_json(), indent=2).encode() + b"\n")])
            except OSError as error:
                raise _unusable(path, str(error.strerror)) from error

    def against_chain(self) -> Iterator[AgainstChain]:
        """What was kept of checkpoints that contradict the chain.

        Raises:
            WitnessStateError: it cannot be read.
        """
        for path in sorted((self.folder / _AGAINST).glob("*/*.json")):
            try:
                yield AgainstChain.from_json(json.loads(path.read_bytes()[:MAX_FILE_BYTES]), str(path))
            except (OSError, ValueError, RecursionError, InputError) as error:
                raise _unusable(path, str(error)) from error


class _ContradictsChainError(Exception):
    """A checkpoint has another root than the chain recorded; never leaves this module."""

    def __init__(self, found: Objection) -> None:
        super().__init__(found.reason)
        self.objection = found


class ChainWitness(Witness):
    """A witness of the logs of a consortium.

    Args:
        cosigners: of the witness's keys.
        contracts: the consortium's, on the witness's own node.
        record: what it keeps.
        clock: the time (seconds since 1970, UTC).
        blocks: says why a checkpoint of the block log is not what the node has; where there is none, no block log is
            cosigned.
        depth: how many later blocks there have to be for a recording to count; 0 where the engine takes none back.
    """

    def __init__(
        self,
        cosigners: Sequence[Cosigner],
        contracts: Contracts,
        record: WitnessRecord,
        *,
        clock: Callable[[], int],
        blocks: Callable[[Checkpoint], str | None] | None = None,
        depth: int = 0,
    ) -> None:
        super().__init__(cosigners, RegisteredLogs(contracts), record.state, clock=clock, allowed=self._not_allowed)
        self.record = record
        self._contracts = contracts
        self._blocks = blocks
        self._depth = depth

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer a request for cosignatures.

        Raises:
            WitnessStateError: the record cannot be used; nothing was cosigned.
            Unavailable: the node does not answer; nothing was cosigned.
        """
        try:
            answer = super().add_checkpoint(body)
        except _ContradictsChainError as contradiction:
            self.record.keep_against_chain(parse_add_checkpoint(body).checkpoint, contradiction.objection)
            answer = refusal(HTTPStatus.FORBIDDEN, contradiction.objection.reason)
        if answer.status in _REPORTED:
            origin = read_checkpoint(parse_add_checkpoint(body).checkpoint).origin
            _log.warning("a checkpoint of %s was refused: %s", origin, answer.body.decode().strip())
        return answer

    def _not_allowed(self, checkpoint: Checkpoint) -> str | None:
        if checkpoint.origin.startswith(f"{BLOCKS}/"):
            return self._blocks(checkpoint) if self._blocks else "block logs are not cosigned here"
        found = objection(self._contracts, checkpoint, self._depth)
        if found is None:
            return None
        if found.recorded is not None:
            raise _ContradictsChainError(found)
        return found.reason


def _unusable(path: Path, problem: str) -> WitnessStateError:
    return WitnessStateError(
        f"cannot be used: {problem}", where=str(path), mend="Check path, owner and free space, or restore a copy."
    )
