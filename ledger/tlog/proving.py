"""Make proofs from any source of a tree's hashes: lists in memory, tiles on a disk, tiles behind a URL.

A source is asked for the roots of perfect subtrees, each named by its level (its height; leaves are level 0) and its
offset among those of its level. A proof needs at most about 2 log2(n) of them::

    proof = consistency_proof(old_size, new_size, nodes)
    verify_consistency(old_size=…, old_root=…, new_size=…, new_root=…, proof=proof)

Sources: RFC 9162, sections 2.1.3.1 (inclusion) and 2.1.4.1 (consistency).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from ledger.errors import InputError
from ledger.tlog.merkle import fold, parents

if TYPE_CHECKING:
    from collections.abc import Sequence


class Node(NamedTuple):
    """A perfect subtree: the leaves from ``offset * 2**level`` on, ``2**level`` of them."""

    level: int
    offset: int


class NodeSource(Protocol):
    """Where the hashes of a tree come from."""

    def hashes(self, nodes: Sequence[Node]) -> list[bytes]:
        """The roots of these perfect subtrees (32 bytes each), in their order."""
        ...


class MemoryTree:
    """A whole tree in memory, as a source of its hashes.

    Args:
        leaves: the leaves' hashes.
    """

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._rows = [list(leaves)]
        while len(self._rows[-1]) > 1:
            self._rows.append(parents(self._rows[-1]))

    def hashes(self, nodes: Sequence[Node]) -> list[bytes]:
        """The roots of these perfect subtrees (32 bytes each)."""
        return [self._rows[level][offset] for level, offset in nodes]


def perfect_subtrees(begin: int, end: int) -> list[Node]:
    """The perfect subtrees that the leaves from ``begin`` to ``end`` fall into, the largest first.

    Args:
        begin: the first leaf; a multiple of the least power of two that is not below ``end - begin``.
        end: the leaf after the last.
    """
    nodes = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        nodes.append(Node(level, begin >> level))
        begin += 1 << level
    return nodes


def tree_root(size: int, source: NodeSource) -> bytes:
    """The root hash of the tree of the first ``size`` leaves (32 bytes)."""
    return fold(source.hashes(perfect_subtrees(0, size)))


def inclusion_proof(index: int, size: int, source: NodeSource) -> list[bytes]:
    """The hashes that prove a leaf to be in a tree, from its sibling up.

    Args:
        index: the leaf, from 0.
        size: the size of the tree.
        source: gives the tree's hashes.

    Raises:
        InputError: there is no such leaf.
        LedgerError: whatever the source raises.
    """
    if not 0 <= index < size:
        raise InputError(
            f"there is no leaf {index} in a tree of {size}", where="index", mend="Give an index below the size."
        )
    return _ranges(_inclusion_path(index, 0, size), source)


def consistency_proof(old_size: int, new_size: int, source: NodeSource) -> list[bytes]:
    """The hashes that prove a tree to be another one with leaves appended, in the order of RFC 9162.

    Args:
        old_size: the size before, from 0; the proof from 0, and that of a tree with itself, is empty.
        new_size: the size after.
        source: gives the hashes of the tree after.

    Raises:
        InputError: the new size is below the old.
        LedgerError: whatever the source raises.
    """
    if not 0 <= old_size <= new_size:
        raise InputError(
            f"a tree of {new_size} has no beginning of {old_size}", where="size", mend="Give the smaller size first."
        )
    return _ranges(_consistency_path(old_size, new_size), source)


def _inclusion_path(index: int, begin: int, end: int) -> list[tuple[int, int]]:
    path = []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((begin, middle))
            begin = middle
    return path[::-1]


def _consistency_path(old_size: int, new_size: int) -> list[tuple[int, int]]:
    if old_size in {0, new_size}:
        return []
    path = []
    begin, end = 0, new_size
    while end != old_size:
        middle = begin + _split(end - begin)
        if old_size <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((begin, middle))
            begin = middle
    if begin:  # otherwise the old tree is a subtree of the new, and its root is known to who verifies
        path.append((begin, end))
    return path[::-1]


def _split(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)


def _ranges(path: Sequence[tuple[int, int]], source: NodeSource) -> list[bytes]:
    groups = [perfect_subtrees(begin, end) for begin, end in path]
    hashes = iter(source.hashes([node for group in groups for node in group]))
    return [fold([next(hashes) for _ in group]) for group in groups]
