"""Merkle trees of RFC 6962 and RFC 9162: hashes, roots, and the verification of proofs.

Verification is pure: no disk, no network, nothing trusted but the arguments. Proofs are made in
:mod:`ledger.tlog.proving`, from any source of a tree's hashes. A tree grows in O(log n) memory (:class:`Frontier`)::

    frontier = Frontier().extended(leaf_hashes(entries))
    frontier.size, frontier.root()

Sources: RFC 9162, sections 2.1.1 (hashes), 2.1.3.2 (inclusion), 2.1.4.2 (consistency); RFC 6962, section 2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from ledger.errors import InputError
from ledger.tlog.errors import ProofWrongError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()
MAX_SIZE: Final = 2**63 - 1  # what every implementation can hold
MAX_PROOF_HASHES: Final = 63  # C2SP tlog-witness; enough for every pair of sizes up to 2^62
_LEAF: Final = b"\0"
_NODE: Final = b"\1"


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf (32 bytes): SHA-256 of a zero byte and the entry."""
    return sha256(_LEAF + entry).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """The hashes of many leaves, in their order."""
    return [sha256(_LEAF + entry).digest() for entry in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node (32 bytes): SHA-256 of a one byte and both children."""
    return sha256(_NODE + left + right).digest()


def parents(hashes: Sequence[bytes]) -> list[bytes]:
    """The nodes above neighbouring pairs; a last hash without neighbour has none."""
    return [sha256(_NODE + left + right).digest() for left, right in zip(hashes[::2], hashes[1::2], strict=False)]


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over perfect subtrees that stand side by side, the largest first (RFC 9162, section 2.1.1).

    Args:
        hashes: the subtrees' roots, from left to right; none for the empty tree.
    """
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root hash of a whole tree (32 bytes), from its leaves' hashes."""
    return Frontier().extended(leaves).root()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: all that is needed to let it grow, in O(log n).

    Attributes:
        edge: for each level from the leaves up, the root of the perfect subtree of that height which has no right
            neighbour yet, or ``None``: the binary digits of the tree's size.
    """

    edge: tuple[bytes | None, ...] = ()

    @property
    def size(self) -> int:
        """The number of leaves."""
        return sum(1 << level for level, node in enumerate(self.edge) if node is not None)

    def root(self) -> bytes:
        """The root hash of the tree (32 bytes)."""
        return fold([node for node in reversed(self.edge) if node is not None])

    def extended(self, leaves: Sequence[bytes]) -> Frontier:
        """The frontier after more leaves. They are hashed level by level, which is what makes it fast.

        Args:
            leaves: the leaves' hashes, in order.
        """
        edge = list(self.edge)
        row = list(leaves)
        level = 0
        while row:
            if level == len(edge):
                edge.append(None)
            waiting = edge[level]
            if waiting is not None:
                row.insert(0, waiting)
            edge[level] = row.pop() if len(row) % 2 else None
            row = parents(row)
            level += 1
        return Frontier(tuple(edge))


def verify_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that a leaf is in a tree (RFC 9162, section 2.1.3.2).

    Args:
        leaf: the leaf's hash (32 bytes).
        index: its place, from 0.
        size: the number of leaves in the tree.
        proof: the hashes from the leaf's sibling up to the root's child (32 bytes each).
        root: the root hash of the tree (32 bytes).

    Raises:
        ProofWrongError: the leaf is not there, or the proof is not the proof of it.
        InputError: an argument has another length, or the index is not below the size.
    """
    _require_hashes(leaf, root, *proof)
    if not 0 <= index < size <= MAX_SIZE:
        raise InputError(
            f"there is no leaf {index} in a tree of {size}",
            where="index",
            mend="Give an index from 0 to the size less one.",
        )
    computed = _climb(leaf, index, size - 1, proof)
    if computed != root:
        raise _wrong_proof(f"the proof does not show leaf {index} in the tree of {size}", computed, root, "inclusion")


def _climb(leaf: bytes, index: int, last: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that an inclusion proof leads to; ``None`` where it is too long or too short."""
    node, computed = index, leaf
    for sibling in proof:
        if last == 0:
            return None
        if node % 2 or node == last:
            computed = node_hash(sibling, computed)
            while node and not node % 2:
                node, last = node >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        node, last = node >> 1, last >> 1
    return computed if last == 0 else None


def verify_consistency(
    *, old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that a tree is another one with leaves appended (RFC 9162, section 2.1.4.2).

    The empty tree is the beginning of every tree, and every tree is its own beginning; both need an empty proof.

    Args:
        old_size: the number of leaves before.
        old_root: the root hash before (32 bytes).
        new_size: the number of leaves after.
        new_root: the root hash after (32 bytes).
        proof: the hashes in the order of RFC 9162, section 2.1.4.1 (32 bytes each).

    Raises:
        ProofWrongError: the one is not the beginning of the other, or the proof is not the proof of it.
        InputError: an argument has another length, or the new size is below the old.
    """
    _require_hashes(old_root, new_root, *proof)
    if not 0 <= old_size <= new_size <= MAX_SIZE:
        raise InputError(
            f"a tree of {new_size} has no beginning of {old_size}",
            where="size",
            mend="Give the sizes of a tree before and after it grew.",
        )
    for size, root in ((old_size, old_root), (new_size, new_root)):
        if size == 0 and root != EMPTY_ROOT:
            raise _wrong_proof("the root is not the empty tree's", EMPTY_ROOT, root, "consistency")
    if old_size in {0, new_size}:
        if proof:
            raise _wrong_proof(f"{len(proof)} hashes where none are needed", None, new_root, "consistency")
        if old_size and old_root != new_root:
            raise _wrong_proof(f"two roots of the same size {old_size}", old_root, new_root, "consistency")
        return
    old, new = consistency_roots(old_size, old_root, new_size, proof)
    if new != new_root:
        raise _wrong_proof(
            f"the proof from {old_size} does not lead to the root of {new_size}", new, new_root, "consistency"
        )
    if old != old_root:
        raise _wrong_proof(
            f"the tree of {new_size} begins with another tree of {old_size}", old, old_root, "consistency"
        )


def consistency_roots(
    old_size: int, old_root: bytes, new_size: int, proof: Sequence[bytes]
) -> tuple[bytes | None, bytes | None]:
    """The old and the new root that a consistency proof leads to (RFC 9162, section 2.1.4.2, steps 2 to 6).

    Where the old size is a power of two, the proof leaves the old root out, and starts from the one given.

    Args:
        old_size: above 0.
        old_root: the root hash before (32 bytes).
        new_size: above the old size.
        proof: the hashes (32 bytes each).

    Returns:
        Both roots; ``None`` twice where the proof is too long or too short.
    """
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        return None, None
    node, last = old_size - 1, new_size - 1
    while node % 2:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None, None
        if node % 2 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while node and not node % 2:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return (old, new) if last == 0 else (None, None)


def _require_hashes(*hashes: bytes) -> None:
    for value in hashes:
        if not isinstance(value, bytes) or len(value) != HASH_BYTES:
            found = f"{len(value)} bytes" if isinstance(value, bytes) else type(value).__name__
            raise InputError(
                f"a hash has 32 bytes (found {found})", where="hash", mend="Give roots and proofs as they are."
            )


def _wrong_proof(message: str, computed: bytes | None, expected: bytes, where: str) -> ProofWrongError:
    led = "its length is wrong" if computed is None else f"it leads to {computed.hex()}, not to {expected.hex()}"
    return ProofWrongError(
        f"{message}: {led}",
        computed=computed,
        expected=expected,
        where=where,
        mend="Ask the log for the proof again; if it stays wrong, keep both: the log contradicts itself.",
    )
