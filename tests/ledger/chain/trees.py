"""Merkle trees by the recursive definitions of RFC 9162 (sections 2.1.1 and 2.1.4.1), as short as they can be said."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def leaves(count: int, seed: bytes = b"") -> tuple[bytes, ...]:
    """So many leaf hashes (32 bytes each), the same for the same seed."""
    return tuple(hashlib.sha256(b"\0" + seed + number.to_bytes(8, "big")).digest() for number in range(count))


@lru_cache(maxsize=100_000)
def root_of(tree: tuple[bytes, ...]) -> bytes:
    """MTH(D[n]) of the leaf hashes."""
    if len(tree) == 1:
        return tree[0]
    split = _split(len(tree))
    return hashlib.sha256(b"\1" + root_of(tree[:split]) + root_of(tree[split:])).digest()


def proof_of(tree: tuple[bytes, ...], first: int) -> tuple[bytes, ...]:
    """PROOF(first, D[n]); empty for a tree of nothing, which the contract asks no proof of."""
    return tuple(_subproof(first, tree, known=True)) if first else ()


def _subproof(first: int, tree: tuple[bytes, ...], *, known: bool) -> Sequence[bytes]:
    if first == len(tree):
        return [] if known else [root_of(tree)]
    split = _split(len(tree))
    if first <= split:
        return [*_subproof(first, tree[:split], known=known), root_of(tree[split:])]
    return [*_subproof(first - split, tree[split:], known=False), root_of(tree[:split])]


def _split(size: int) -> int:
    split = 1
    while split * 2 < size:
        split *= 2
    return split
