"""Proofs of log entries: a header, and the nodes from its receipts root to the receipt that holds the entry.

What is proved is that the block with this hash emitted the entry, at that block's time. Whether the block is one of the
chain, and final, is another question (:mod:`ledger.chain.proof.finality`). Presence is proved, never absence.

    proof = read_log_proof(data)
    log = proved_log(proof)
    log.address, log.topics, log.data, log.block.number, log.block.time, log.block.hash
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.chain.proof.errors import EncodingError, TrieProofError
from ledger.chain.proof.headers import MAX_HEADER_BYTES, read_header
from ledger.chain.proof.receipts import MAX_LOGS, MAX_TRANSACTIONS, proved_receipt, receipt_proof, receipts_root
from ledger.chain.proof.rlp import Fields, Item, decode, encode, integer_bytes
from ledger.chain.proof.trie import MAX_NODE_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.chain.proof.headers import Header
    from ledger.chain.proof.receipts import Receipt

MAX_NODES: Final = 8
"""Nodes to a receipt: its key has at most three bytes, so six nibbles."""
MAX_PROOF_BYTES: Final = MAX_HEADER_BYTES + MAX_NODE_BYTES + 8192

_NAMES: Final = ("header", "transactionIndex", "nodes", "logIndex")


@dataclass(frozen=True, slots=True)
class LogProof:
    """The proof of a log entry.

    Attributes:
        header: the bytes of the block's header.
        transaction_index: the number of its transaction in the block.
        nodes: the trie's nodes from the receipts root down to the receipt.
        log_index: the number of the entry among those of its transaction.
    """

    header: bytes
    transaction_index: int
    nodes: tuple[bytes, ...]
    log_index: int

    def encode(self) -> bytes:
        """Its bytes: RLP of the four, in this order."""
        nodes: list[Item] = list(self.nodes)
        return encode([self.header, integer_bytes(self.transaction_index), nodes, integer_bytes(self.log_index)])


@dataclass(frozen=True, slots=True)
class ProvedBlock:
    """The block that something is proved of.

    Attributes:
        number: its number.
        time: its time, in seconds.
        hash: its hash (32 bytes).
    """

    number: int
    time: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class ProvedLog:
    """A log entry that was proved to be of a block.

    Attributes:
        address: the contract that emitted it.
        topics: up to four words of 32 bytes.
        data: the rest.
        block: the block.
        transaction_index: the number of its transaction in the block.
        log_index: the number of the entry among those of its transaction.
    """

    address: str
    topics: tuple[bytes, ...]
    data: bytes
    block: ProvedBlock
    transaction_index: int
    log_index: int

    @property
    def order(self) -> tuple[int, int, int]:
        """By which entries of one chain are in the order of the chain."""
        return self.block.number, self.transaction_index, self.log_index


def proved_log(proof: LogProof, where: str = "log proof") -> ProvedLog:
    """The log entry that a proof proves, and of which block.

    1. The header's bytes are a header; its hash is the block's.
    2. The nodes lead from its receipts root to the receipt of the transaction, and there are no others.
    3. The receipt has a log entry of that number.

    Args:
        proof: the proof; untrusted.
        where: what it is, for messages.

    Raises:
        ProofError: it proves nothing.
    """
    header = read_header(proof.header, f"{where}.header")
    block = proved_block(header)
    receipt = proved_receipt(header.receipts_root, proof.transaction_index, proof.nodes, where)
    if not 0 <= proof.log_index < len(receipt.logs):
        raise TrieProofError(
            f"the transaction emitted {len(receipt.logs)} log entries, and none of number {proof.log_index}",
            where=f"{where}.logIndex",
            mend="Ask for the proof again.",
        )
    log = receipt.logs[proof.log_index]
    return ProvedLog(log.address, log.topics, log.data, block, proof.transaction_index, proof.log_index)


def proved_block(header: Header) -> ProvedBlock:
    """The block that a header is of; errors as of :meth:`Header.hash`."""
    return ProvedBlock(header.number, header.time, header.hash())


def prove_log(header: Header, receipts: Sequence[Receipt], transaction_index: int, log_index: int) -> LogProof:
    """Make the proof of a log entry.

    Args:
        header: the block's.
        receipts: all receipts of the block, in order.
        transaction_index: the number of the transaction in the block.
        log_index: the number of the entry among those of its transaction.

    Raises:
        TrieProofError: the receipts are not those of the header, or there is no such entry.
    """
    root = receipts_root(receipts)
    if root != header.receipts_root:
        raise TrieProofError(
            f"the receipts have the root 0x{root.hex()}, the header says 0x{header.receipts_root.hex()}",
            where=f"block {header.number}",
            mend="Ask another node for the receipts.",
        )
    proof = LogProof(header.encode(), transaction_index, receipt_proof(receipts, transaction_index), log_index)
    proved_log(proof)
    return proof


def read_log_proof(data: bytes, where: str = "log proof") -> LogProof:
    """The log proof in bytes; untrusted, and what it proves is for :func:`proved_log` to tell.

    Raises:
        EncodingError: they are malformed, or exceed a limit.
    """
    fields = Fields(decode(data, where, MAX_PROOF_BYTES), where, _NAMES)
    return LogProof(
        fields.data("header"),
        _below(fields, "transactionIndex", MAX_TRANSACTIONS),
        node_list(fields, "nodes", MAX_NODES),
        _below(fields, "logIndex", MAX_LOGS),
    )


def node_list(fields: Fields, name: str, max_count: int) -> tuple[bytes, ...]:
    """A list of trie nodes, each a byte string.

    Raises:
        EncodingError: it is something else, or too long.
    """
    nodes = fields.items(name, max_count)
    if not all(isinstance(node, bytes) for node in nodes):
        raise EncodingError("expected byte strings, found a list", where=fields.path(name), mend="Ask for it again.")
    return tuple(node for node in nodes if isinstance(node, bytes))


def _below(fields: Fields, name: str, limit: int) -> int:
    number = fields.number(name, 4)
    if number >= limit:
        raise EncodingError(
            f"expected a number below {limit}, found {number}", where=fields.path(name), mend="Ask for it again."
        )
    return number
