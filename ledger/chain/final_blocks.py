"""Which blocks of a node are final, one after the other.

On a QBFT chain a block is final when it is sealed, and the validators are followed from the genesis block on
(:class:`Sealed`). On any other, blocks so many deep are taken for final (:class:`Buried`): how many is for those to
say who know how the engine reorganises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ledger.chain.proof.gathering import gather_header
from ledger.chain.proof.headers import require_hash
from ledger.chain.proof.qbft import follow, listed_validators, require_final
from ledger.chain.proof.rpc import rpc_bytes
from ledger.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.chain.nodes import Node
    from ledger.chain.proof.headers import Header
    from ledger.chain.proof.qbft import ValidatorSet


@dataclass(frozen=True, slots=True)
class FinalBlock:
    """A final block.

    Attributes:
        number: its number.
        hash: its hash (32 bytes).
        parent: the hash of the block before (32 bytes).
    """

    number: int
    hash: bytes
    parent: bytes


class FinalBlocks(Protocol):
    """Tells which blocks of a node are final."""

    def count(self, node: Node) -> int:
        """How many blocks are final now, from block 0 on."""

    def read(self, node: Node, first: int, end: int, before: bytes) -> Iterator[FinalBlock]:
        """The final blocks from ``first`` to the one before ``end``.

        Args:
            node: the node to ask.
            first: the number of the first block.
            end: one more than that of the last; no more than :meth:`count`.
            before: the hash of the block before the first, which is known to be final; ignored for block 0.

        Raises:
            ProofError: a block is not final after all.
            Unavailable: the node does not answer.
        """


@dataclass(frozen=True, slots=True)
class Sealed:
    """Blocks of a QBFT chain that a quorum of their validators sealed; each is verified."""

    def count(self, node: Node) -> int:
        """All that the node has."""
        return node.latest_block().number + 1

    def read(self, node: Node, first: int, end: int, before: bytes) -> Iterator[FinalBlock]:
        """The sealed blocks, with the validators followed from the block before the first."""
        trusted = None
        if first > 0:
            header = gather_header(node, first - 1)
            require_hash(header, before, f"block {first - 1}")
            trusted = listed_validators(header)
        for number in range(first, end):
            header = gather_header(node, number)
            trusted = listed_validators(header) if trusted is None else _sealed(header, trusted)
            yield FinalBlock(number, header.hash(), header.parent_hash)


@dataclass(frozen=True, slots=True)
class Buried:
    """Blocks with so many others on top.

    Attributes:
        depth: how many.

    Raises:
        InputError: it is negative.
    """

    depth: int

    def __post_init__(self) -> None:
        if self.depth < 0:
            raise InputError(f"{self.depth} is no number of blocks", where="depth", mend="Give 0 or more.")

    def count(self, node: Node) -> int:
        """All but the last ``depth``."""
        return max(node.latest_block().number + 1 - self.depth, 0)

    def read(self, node: Node, first: int, end: int, before: bytes) -> Iterator[FinalBlock]:  # noqa: ARG002  # as others
        """The buried blocks, as the node has them."""
        for number in range(first, end):
            block = node.block_data(number)
            yield FinalBlock(number, rpc_bytes(block, "hash", 32), rpc_bytes(block, "parentHash", 32))


def _sealed(header: Header, trusted: ValidatorSet) -> ValidatorSet:
    """The validators after a block, which must be final."""
    if listed_validators(header).validators != trusted.validators:
        trusted = follow(trusted, [header])
    require_final(header, trusted)
    return trusted
