"""Proofs made by asking a node. What it answers is checked before anything is made of it.

block = gather_block(node, 7)
proof = block.prove(transaction_index=0, log_index=2)
proof = gather_head(node, contract, consignment, 9)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.chain.proof.eip1186 import storage_proof
from ledger.chain.proof.errors import TrieProofError
from ledger.chain.proof.headers import header_from_rpc, require_hash
from ledger.chain.proof.heads import course_slot, head_slot, proved_head
from ledger.chain.proof.logs import prove_log
from ledger.chain.proof.receipts import receipt_from_rpc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.chain.history import Place
    from ledger.chain.nodes import Node
    from ledger.chain.proof.headers import Header
    from ledger.chain.proof.logs import LogProof
    from ledger.chain.proof.receipts import Receipt
    from ledger.chain.proof.storage import StorageProof


@dataclass(frozen=True, slots=True)
class GatheredBlock:
    """A block of which log entries can be proved.

    Attributes:
        header: its header.
        receipts: all of its receipts, in order.
    """

    header: Header
    receipts: tuple[Receipt, ...]

    def prove(self, transaction_index: int, log_index: int) -> LogProof:
        """The proof of a log entry.

        Args:
            transaction_index: the number of the transaction in the block.
            log_index: the number of the entry among those of its transaction.

        Raises:
            TrieProofError: the receipts are not those of the header, or there is no such entry.
        """
        return prove_log(self.header, self.receipts, transaction_index, log_index)

    def prove_place(self, place: Place) -> LogProof:
        """The proof of the log entry at a place in the chain; its number there is one among those of the block.

        Raises:
            BlockHashError: the place is in another block.
            TrieProofError: the receipts are not those of the header, or there is no such entry.
        """
        require_hash(self.header, place.block_hash, f"block {place.block_number}")
        left = place.log_index
        for index, receipt in enumerate(self.receipts):
            if left < len(receipt.logs):
                return self.prove(index, left)
            left -= len(receipt.logs)
        raise TrieProofError(
            f"the block has no log entry {place.log_index}",
            where=f"block {place.block_number}",
            mend="Read the history again: the chain was reorganised, or the node does not keep all receipts.",
        )


def gather_header(node: Node, number: int) -> Header:
    """The header of a block, by its number.

    Raises:
        ProofError: what the node gave is no header, or not of the hash that it gave.
        Unavailable: the node does not answer, or has no such block.
    """
    return header_from_rpc(node.block_data(number))


def gather_block(node: Node, number: int) -> GatheredBlock:
    """The header and all receipts of a block, by its number; errors as for :func:`gather_header`."""
    header = gather_header(node, number)
    return GatheredBlock(header, tuple(receipt_from_rpc(receipt) for receipt in node.block_receipts(number)))


def gather_storage(node: Node, address: str, slots: Sequence[bytes], number: int) -> StorageProof:
    """The proof of an account and slots of its storage after a block.

    Args:
        node: the node to ask; it must keep the block's state.
        address: the account's address.
        slots: the slots (32 bytes each).
        number: the block's number.

    Raises:
        ProofError: what the node gave proves nothing.
        Unavailable: the node does not answer, or keeps no such state.
    """
    header = gather_header(node, number)
    answer = node.request("eth_getProof", [address, [f"0x{slot.hex()}" for slot in slots], hex(number)])
    return storage_proof(header, address, slots, answer)


def gather_head(node: Node, contract: str, consignment: bytes, number: int) -> StorageProof:
    """The proof of a consignment's head and position after a block; errors as for :func:`gather_storage`.

    Args:
        node: the node to ask; it must keep the block's state.
        contract: the address of the Consignments contract.
        consignment: the consignment's id (32 bytes).
        number: the block's number.
    """
    slots = (head_slot(consignment), course_slot(consignment))
    proof = gather_storage(node, contract, slots, number)
    proved_head(proof, contract, consignment)
    return proof
