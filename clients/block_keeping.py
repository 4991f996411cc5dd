"""An authority's own log of the chain's blocks: kept growing from its node, its checkpoints cosigned by witnesses.

::

    with open_block_log(home, contracts.node, keyring.checkpoint, Sealed()) as log:
        keeper = BlockKeeper(log, home.blocks_folder, keyring.checkpoint)
        witness = open_witness(home, keys, contracts, blocks=keeper.objection)
        keeper.step(endpoints)                  # again and again
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

from ledger.chain.block_log import BlockLog
from ledger.errors import LedgerError
from ledger.tlog.checkpoints import read_checkpoint
from ledger.tlog.cosignatures import verifier_of
from ledger.tlog.errors import CheckpointRefusedError
from ledger.tlog.notes import Ed25519Signer
from ledger.tlog.reading import LogReader
from ledger.tlog.sources import FolderSource
from ledger.tlog.tiles import CHECKPOINT_PATH
from ledger.tlog.witness_client import gather_cosignatures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from clients.home import Home
    from ledger.chain.final_blocks import FinalBlocks
    from ledger.chain.nodes import Node
    from ledger.identity.keys import CheckpointKey
    from ledger.tlog.checkpoints import Checkpoint
    from ledger.tlog.notes import Note
    from ledger.tlog.witness_client import WitnessEndpoint

STEP_SECONDS: Final = 10.0  # between two looks at the node
_log = logging.getLogger(__name__)


def open_block_log(home: Home, node: Node, key: CheckpointKey, final: FinalBlocks) -> BlockLog:
    """The block log of a home, made where there is none.

    Args:
        home: the authority's.
        node: the authority's own node.
        key: the authority's checkpoint key.
        final: which blocks are final.

    Raises:
        LedgerError: what :class:`ledger.chain.block_log.BlockLog` raises.
    """
    exists = (home.blocks_folder / CHECKPOINT_PATH).exists()
    return (BlockLog if exists else BlockLog.create)(home.blocks_folder, node, key, final)


class BlockKeeper:
    """Lets a block log grow, and says what speaks against a checkpoint of others; safe for several threads.

    Args:
        log: the log.
        folder: where it is.
        key: the key that signs it.
    """

    def __init__(self, log: BlockLog, folder: Path, key: CheckpointKey) -> None:
        self._log = log
        self._reader = LogReader(FolderSource(folder), (verifier_of(Ed25519Signer(log.origin, key.private_key).key),))
        self._lock = threading.Lock()  # never held while a witness is asked: it may ask back
        self._cosigned_size = 0

    def objection(self, checkpoint: Checkpoint) -> str | None:
        """Why a checkpoint is not what the own node's final blocks give; ``None`` where it is.

        Raises:
            LedgerError: node or log cannot be asked.
        """
        with self._lock:
            return self._log.objection(checkpoint)

    def step(self, endpoints: Sequence[WitnessEndpoint] = ()) -> Note:
        """Log what has become final, have it cosigned, and publish it with the cosignatures.

        Args:
            endpoints: the witnesses to ask; what one of them does not give, the others do.

        Returns:
            The checkpoint as it was published.

        Raises:
            LedgerError: node or log cannot be used, or a block that was logged was replaced.
        """
        with self._lock:
            note = self._log.update()
        asked = [endpoint for endpoint in endpoints if not _has_cosigned(note, endpoint)]
        if not asked:
            return note
        size = read_checkpoint(note).size
        gathered = gather_cosignatures(
            note, asked, lambda old: self._reader.consistency_proof(old, size), last_size=self._cosigned_size
        )
        for outcome in gathered.outcomes:
            if outcome.problem is not None:
                told = {"url": outcome.url, "problem": str(outcome.problem)}
                _log.warning("a witness gave no cosignature", extra=told)
        try:
            with self._lock:
                self._log.publish(gathered.note)
        except CheckpointRefusedError:
            return note  # the log has grown meanwhile: the next step has that cosigned
        self._cosigned_size = size
        return gathered.note

    def keep(self, endpoints: Sequence[WitnessEndpoint], stopping: threading.Event, seconds: float) -> None:
        """Step again and again until it is stopped; what fails is logged and tried again.

        Args:
            endpoints: the witnesses to ask.
            stopping: set when to end.
            seconds: between two steps.
        """
        while not stopping.is_set():
            try:
                self.step(endpoints)
            except LedgerError as error:
                _log.error("the block log did not grow", extra={"error": str(error)})
            stopping.wait(seconds)


def _has_cosigned(note: Note, endpoint: WitnessEndpoint) -> bool:
    seen = {(signature.name, signature.key_id) for signature in note.signatures}
    return all((key.name, key.id) in seen for key in endpoint.keys)
