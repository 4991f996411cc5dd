"""Receipts: what became of each transaction of a block, and the trie whose root the header holds.

A receipt is RLP of status, gas used up to and with it, bloom and logs; of a typed transaction, that behind a byte with
the type. The trie has the receipts under the RLP of their index.

    assert receipts_root(receipts) == header.receipts_root
    nodes = receipt_proof(receipts, 3)
    assert proved_receipt(header.receipts_root, 3, nodes) == receipts[3]

Sources: Ethereum Yellow Paper, section 4.3.1; EIP-658 (status); EIP-2718, 2930, 1559, 4844, 7702 (types).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from eth_utils.crypto import keccak

from ledger.chain.proof.errors import EncodingError, TrieProofError
from ledger.chain.proof.headers import BLOOM_BYTES
from ledger.chain.proof.rlp import Fields, Item, decode, encode, fixed, integer_bytes
from ledger.chain.proof.rpc import data_bytes, rpc_bytes, rpc_list, rpc_number
from ledger.chain.proof.trie import MAX_NODE_BYTES, prove, root_of, value_at
from ledger.identity.addresses import address_bytes, checksum_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEGACY: Final = 0
TYPES: Final = {0: "legacy", 1: "access list", 2: "fee market", 3: "blob", 4: "set code"}
MAX_TOPICS: Final = 4
MAX_LOGS: Final = 10_000
"""A statement costs 28,000 gas or more, so a transaction emits some 600 log entries of this ledger at most."""
MAX_TRANSACTIONS: Final = 100_000
"""Transactions of a block: 21,000 gas each, so this is a block of 2 billion gas."""

_NAMES: Final = ("status", "cumulativeGasUsed", "logsBloom", "logs")
_FAILED: Final = b""
_SUCCEEDED: Final = b"\x01"
_MEND: Final = "Ask another node for the receipt."


@dataclass(frozen=True, slots=True)
class Log:
    """One log entry.

    Attributes:
        address: the contract that emitted it.
        topics: up to four words of 32 bytes.
        data: the rest.
    """

    address: str
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a transaction.

    Attributes:
        kind: its type (EIP-2718), one of :data:`TYPES`.
        succeeded: whether it took effect.
        cumulative_gas: the gas that the block's transactions used, up to and with this one.
        bloom: which addresses and topics its logs may have (256 bytes).
        logs: what it emitted.
    """

    kind: int
    succeeded: bool
    cumulative_gas: int
    bloom: bytes
    logs: tuple[Log, ...]

    def encode(self) -> bytes:
        """Its bytes, as the receipts trie has them."""
        logs: list[Item] = [[address_bytes(log.address), list(log.topics), log.data] for log in self.logs]
        status = _SUCCEEDED if self.succeeded else _FAILED
        content = encode([status, integer_bytes(self.cumulative_gas), self.bloom, logs])
        return content if self.kind == LEGACY else bytes([self.kind]) + content


def read_receipt(data: bytes, where: str = "receipt") -> Receipt:
    """The receipt in bytes; untrusted.

    Raises:
        EncodingError: they are malformed, or of a type that is not known here.
    """
    kind = LEGACY
    if data[:1] < b"\xc0":
        kind = data[0] if data else LEGACY
        if kind == LEGACY or kind not in TYPES:
            raise EncodingError(
                f"expected a receipt of type {', '.join(map(str, TYPES))}, found 0x{data[:1].hex()}",
                where=where,
                mend="A type that came later needs a newer version of this program.",
            )
        data = data[1:]
    fields = Fields(decode(data, where, MAX_NODE_BYTES), where, _NAMES)
    status = fields.data("status")
    if status not in (_FAILED, _SUCCEEDED):
        raise EncodingError(f"expected 1 or nothing, found 0x{status.hex()}", where=fields.path("status"), mend=_MEND)
    bloom = fields.fixed("logsBloom", BLOOM_BYTES)
    entries = fields.items("logs", MAX_LOGS)
    logs = tuple(_log(item, f"{where}.logs[{index}]") for index, item in enumerate(entries))
    return Receipt(kind, status == _SUCCEEDED, fields.number("cumulativeGasUsed", 8), bloom, logs)


def receipt_from_rpc(answer: Mapping[str, Any]) -> Receipt:
    """A receipt as a node gave it, by web3 or as raw JSON. The bloom follows from the logs.

    Raises:
        EncodingError: a field is missing or malformed.
    """
    kind = LEGACY if answer.get("type") is None else rpc_number(answer, "type")
    if kind not in TYPES:
        raise EncodingError(f"{kind} is no type of a transaction known here", where="receipt.type", mend=_MEND)
    logs = tuple(_log_from_rpc(log) for log in rpc_list(answer, "logs"))
    return Receipt(
        kind, rpc_number(answer, "status") == 1, rpc_number(answer, "cumulativeGasUsed"), bloom_of(logs), logs
    )


def bloom_of(logs: Sequence[Log]) -> bytes:
    """The bloom filter of logs: three bits for each address and each topic (256 bytes)."""
    bits = 0
    for log in logs:
        for word in (address_bytes(log.address), *log.topics):
            digest = keccak(word)
            for start in (0, 2, 4):
                bits |= 1 << (int.from_bytes(digest[start : start + 2], "big") & 0x7FF)
    return bits.to_bytes(BLOOM_BYTES, "big")


def receipts_root(receipts: Sequence[Receipt]) -> bytes:
    """The root of a block's receipts (32 bytes)."""
    return root_of(_trie(receipts))


def receipt_proof(receipts: Sequence[Receipt], index: int) -> tuple[bytes, ...]:
    """The nodes that prove one of a block's receipts under their root.

    Args:
        receipts: all of the block's, in order.
        index: the number of the one to prove.
    """
    return prove(_trie(receipts), _key(index))


def proved_receipt(root: bytes, index: int, nodes: Sequence[bytes], where: str = "receipt proof") -> Receipt:
    """The receipt that nodes prove.

    Args:
        root: the header's receipts root (32 bytes).
        index: the transaction's number in the block.
        nodes: the nodes from the root down.
        where: what the proof is, for messages.

    Raises:
        TrieProofError: the nodes do not lead to a receipt; that there is none is never concluded.
        EncodingError: a node or the receipt is malformed.
    """
    value = value_at(root, _key(index), nodes, where)
    if value is None:
        raise TrieProofError(
            f"the block has no transaction {index}", where=where, mend="Ask for the proof again, from another node."
        )
    return read_receipt(value, f"{where}.receipt")


def _trie(receipts: Sequence[Receipt]) -> dict[bytes, bytes]:
    return {_key(index): receipt.encode() for index, receipt in enumerate(receipts)}


def _key(index: int) -> bytes:
    return encode(integer_bytes(index))


def _log(item: Item, where: str) -> Log:
    fields = Fields(item, where, ("address", "topics", "data"))
    topics = fields.items("topics", MAX_TOPICS)
    return Log(
        checksum_address(fields.fixed("address", 20)),
        tuple(fixed(topic, 32, fields.path("topics")) for topic in topics),
        fields.data("data"),
    )


def _log_from_rpc(log: Mapping[str, Any]) -> Log:
    topics = tuple(data_bytes(topic) for topic in rpc_list(log, "topics"))
    words = tuple(topic for topic in topics if topic is not None and len(topic) == 32)
    if len(words) != len(topics) or len(words) > MAX_TOPICS:
        raise EncodingError("expected up to 4 topics of 32 bytes", where="receipt.logs.topics", mend=_MEND)
    return Log(checksum_address(rpc_bytes(log, "address", 20)), words, rpc_bytes(log, "data"))
