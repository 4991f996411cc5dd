"""The tasks of a log, timed: appending to disk and in memory, proofs made and verified, and cosigning."""

from __future__ import annotations

import random
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.identity.witness_keys import WitnessKeys
from ledger.tlog.checkpoints import Checkpoint, empty_checkpoint, sign_checkpoint
from ledger.tlog.cosignatures import Ed25519Cosigner, MlDsa44Cosigner, verifier_of
from ledger.tlog.merkle import leaf_hashes, verify_consistency, verify_inclusion
from ledger.tlog.notes import Ed25519Signer
from ledger.tlog.proving import MemoryTree, consistency_proof, inclusion_proof, tree_root
from ledger.tlog.storage import LogWriter
from ledger.tlog.witness import Witness
from ledger.tlog.witness_requests import AddCheckpoint
from ledger.tlog.witness_state import WitnessState

if TYPE_CHECKING:
    from ledger.tlog.notes import Note

_KEYS: Final = WitnessKeys("bench.example/witness", b"\1" * 32, b"\2" * 32)
_SIGNER: Final = Ed25519Signer("bench.example/log", _KEYS.ed25519)


def entries(count: int) -> list[bytes]:
    """So many entries of 32 bytes."""
    return [number.to_bytes(32, "big") for number in range(count)]


def measure(size: int, proofs: int) -> dict[str, float]:
    """Seconds for each task on a tree of so many entries, in memory.

    Args:
        size: how many entries.
        proofs: how many proofs of each kind.
    """
    chance = random.Random(7)  # noqa: S311 - a workload, not a secret
    some = entries(size)
    marks = [time.perf_counter()]
    leaves = leaf_hashes(some)
    tree = MemoryTree(leaves)
    root = tree_root(size, tree)
    marks.append(time.perf_counter())
    indexes = [chance.randrange(size) for _ in range(proofs)]
    found = [inclusion_proof(index, size, tree) for index in indexes]
    marks.append(time.perf_counter())
    for index, proof in zip(indexes, found, strict=True):
        verify_inclusion(leaf=leaves[index], index=index, size=size, proof=proof, root=root)
    marks.append(time.perf_counter())
    sizes = [chance.randrange(1, size) for _ in range(proofs)]
    grown = [consistency_proof(old, size, tree) for old in sizes]
    marks.append(time.perf_counter())
    roots = [tree_root(old, tree) for old in sizes]
    start = time.perf_counter()
    for old, old_root, proof in zip(sizes, roots, grown, strict=True):
        verify_consistency(old_size=old, old_root=old_root, new_size=size, new_root=root, proof=proof)
    last = time.perf_counter() - start
    spans = [after - before for before, after in pairwise(marks)]
    return dict(zip(("append", "prove", "verify", "prove_growth", "verify_growth"), [*spans, last], strict=True))


def append_durably(size: int, batch: int) -> float:
    """Seconds to append so many entries to a log on disk, each batch signed, published and durable."""
    verifiers = (verifier_of(_SIGNER.key),)
    with tempfile.TemporaryDirectory(prefix="smartborder-log-") as folder:
        log = LogWriter.create(Path(folder) / "log", _signed(empty_checkpoint(_SIGNER.name)), verifiers)
        with log:
            some = entries(size)
            start = time.perf_counter()
            for begin in range(0, size, batch):
                log.append(some[begin : begin + batch])
                log.publish(sign_checkpoint(log.checkpoint(), [_SIGNER]))
            return time.perf_counter() - start


def cosign(times: int) -> float:
    """Seconds for a witness to cosign so many checkpoints of a growing log, with both keys, each durable."""
    cosigners = (Ed25519Cosigner(_KEYS.name, _KEYS.ed25519), MlDsa44Cosigner(_KEYS.name, _KEYS.ml_dsa_44))
    tree = MemoryTree(leaf_hashes(entries(times + 1)))
    bodies = [_request(tree, size) for size in range(1, times + 1)]
    with tempfile.TemporaryDirectory(prefix="smartborder-witness-") as folder:
        state = WitnessState.create(Path(folder) / "record")
        witness = Witness(cosigners, {_SIGNER.name: (verifier_of(_SIGNER.key),)}, state, clock=lambda: 1)
        start = time.perf_counter()
        for body in bodies:
            if witness.add_checkpoint(body).status != 200:
                raise RuntimeError("the witness did not cosign")
        return time.perf_counter() - start


def _request(tree: MemoryTree, size: int) -> bytes:
    note = _signed(Checkpoint(_SIGNER.name, size, tree_root(size, tree)))
    proof = consistency_proof(size - 1, size, tree) if size > 1 else []
    return AddCheckpoint(size - 1, tuple(proof), note).body()


def _signed(checkpoint: Checkpoint) -> Note:
    return sign_checkpoint(checkpoint, [_SIGNER])
