"""The block log: the hash of each final block of a chain in a transparency log, so that witnesses can vouch for them.

Entry i is the hash of block i (32 bytes). So whoever keeps the log of one chain comes to the same tree, several
authorities can sign the same checkpoints, and a witness cosigns only what its own node's blocks give.

    with BlockLog.create(folder, node, key, Sealed()) as log:
        note = log.update()                       # again and again; it goes on where it ended, also after a crash
        log.publish(note.with_signatures(…))      # when witnesses have cosigned
        proof = log.proof(7)
    witness = Witness(cosigners, logs, state, clock=clock, allowed=own_log.objection)

A block that was logged and is replaced later ends the log: nothing more is logged, and the error names both hashes.

Sources: docs/formats.md ("Block log"); RFC 9162; C2SP tlog-tiles, tlog-checkpoint, tlog-witness.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from ledger.chain.errors import NodeAnswerError, NodeBehindError, OtherChainError, ReorganisedError
from ledger.tlog.checkpoints import empty_checkpoint, sign_checkpoint
from ledger.tlog.cosignatures import verifier_of
from ledger.tlog.notes import Ed25519Signer
from ledger.tlog.origins import block_log_origin
from ledger.tlog.proofs import make_proof
from ledger.tlog.proving import tree_root
from ledger.tlog.reading import LogReader
from ledger.tlog.sources import FolderSource
from ledger.tlog.storage import LogWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.chain.final_blocks import FinalBlocks
    from ledger.chain.nodes import Node
    from ledger.errors import LedgerError
    from ledger.identity.keys import CheckpointKey
    from ledger.tlog.checkpoints import Checkpoint
    from ledger.tlog.notes import Note
    from ledger.tlog.proofs import TlogProof

RUN_BLOCKS: Final = 4096
"""Blocks that are appended and published at once: what is read again after a crash, and at most what is held."""


class BlockLog:
    """The block log of a node's chain, in a folder; one writer at a time.

    Args:
        folder: the log's.
        node: the node whose blocks are logged.
        key: the key that signs the checkpoints: an authority's checkpoint key.
        final: which blocks are final.

    Raises:
        SignerUnknownError: it is the log of another chain, or one that another key signs.
        LedgerError: what else :class:`ledger.tlog.storage.LogWriter` raises.
    """

    def __init__(self, folder: Path, node: Node, key: CheckpointKey, final: FinalBlocks) -> None:
        self.origin = block_log_origin(node.chain_id, node.genesis_hash)
        self._node = node
        self._final = final
        self._signer = Ed25519Signer(self.origin, key.private_key)
        verifiers = (verifier_of(self._signer.key),)
        self._reader = LogReader(FolderSource(folder), verifiers)
        self._writer = LogWriter(folder, verifiers)

    @classmethod
    def create(cls, folder: Path, node: Node, key: CheckpointKey, final: FinalBlocks) -> Self:
        """Make a new log; arguments as for :class:`BlockLog`.

        Raises:
            LedgerError: what :meth:`ledger.tlog.storage.LogWriter.create` raises.
        """
        signer = Ed25519Signer(block_log_origin(node.chain_id, node.genesis_hash), key.private_key)
        empty = sign_checkpoint(empty_checkpoint(signer.key.name), [signer])
        LogWriter.create(folder, empty, [verifier_of(signer.key)]).close()
        return cls(folder, node, key, final)

    @property
    def size(self) -> int:
        """How many blocks are logged."""
        return self._writer.size

    def update(self) -> Note:
        """Log all blocks that are final by now; returns the checkpoint, signed and published.

        Raises:
            ReorganisedError: a block that was logged is no longer in the chain; nothing more is logged.
            NodeBehindError: the node has fewer final blocks than were logged.
            ProofError: a block is not final as its engine says.
            Unavailable: the node does not answer. What was published stays, and the next update goes on from there.
        """
        end = self._final.count(self._node)
        self._require_kept(end)
        while self.size < end:
            self._writer.append(self._blocks(self.size, min(end, self.size + RUN_BLOCKS)))
            self._writer.publish(sign_checkpoint(self._writer.checkpoint(), [self._signer]))
        return self._writer.published.note

    def publish(self, note: Note) -> None:
        """Publish the last checkpoint again, with the signatures of witnesses added; errors as of ``LogWriter``."""
        self._writer.publish(note)

    def proof(self, number: int) -> TlogProof:
        """The proof that a block was logged, under the checkpoint published last, with all of its signatures.

        Raises:
            InputError: the log has not come to the block.
            LedgerError: the log's files cannot be used.
        """
        return make_proof(self._reader, number, self._writer.published.note)

    def objection(self, checkpoint: Checkpoint) -> str | None:
        """Why a checkpoint is not what the own node's blocks give: what a witness asks before it cosigns.

        Args:
            checkpoint: a checkpoint of any log, its signature verified.

        Returns:
            the reason; ``None`` where there is none, or the checkpoint is of another log than this one.

        Raises:
            LedgerError: the own node or log could not be asked.
        """
        if checkpoint.origin != self.origin:
            return None
        if checkpoint.size > self.size:
            self.update()
        if checkpoint.size > self.size:
            return f"block {checkpoint.size - 1} is not final here; the last that is, is block {self.size - 1}"
        root = tree_root(checkpoint.size, self._reader.hashes(self.size))
        if root != checkpoint.root:
            return f"the blocks here give the root {root.hex()} at size {checkpoint.size}"
        return None

    def close(self) -> None:
        """Let another write."""
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _require_kept(self, end: int) -> None:
        """Make sure that the chain still has the last block that was logged, and so all before it."""
        if self.size == 0:
            return
        if end < self.size:
            raise NodeBehindError(
                f"the node has {end} final blocks; {self.size} were logged",
                where=self._node.name,
                mend="Wait until the node has caught up, then try again.",
            )
        last = self.size - 1
        if self._node.block(last).hash != self._logged(last):
            raise self._reorganised(last)

    def _reorganised(self, last: int) -> LedgerError:
        """The error for the first block that was replaced, found by halving: a block's hash covers all before it."""
        low, high = 0, last
        while low < high:
            middle = (low + high) // 2
            if self._node.block(middle).hash == self._logged(middle):
                low = middle + 1
            else:
                high = middle
        return ReorganisedError(low, self._logged(low), self._node.block(low).hash, self._node.name)

    def _logged(self, number: int) -> bytes:
        """The hash that was logged of a block."""
        (entry,) = self._reader.entries(number, number + 1, self.size)
        return entry

    def _blocks(self, first: int, end: int) -> Iterator[bytes]:
        """The hashes of final blocks, each the child of the one before."""
        before = self._logged(first - 1) if first else bytes(32)
        for block in self._final.read(self._node, first, end, before):
            if block.number == 0 and block.hash != self._node.genesis_hash:
                raise OtherChainError(
                    f"block 0 is 0x{block.hash.hex()} now",
                    where=self._node.name,
                    mend="Check which chain the node is on.",
                )
            if block.number > 0 and block.parent != before:
                raise NodeAnswerError(
                    f"block {block.number} does not follow block {block.number - 1} as it was read: it was replaced",
                    where=self._node.name,
                    mend="Try again; where this comes again, blocks are taken for final too early.",
                )
            before = block.hash
            yield block.hash
