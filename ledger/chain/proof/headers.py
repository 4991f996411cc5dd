"""Block headers: their bytes, and the hash by which a block is known.

A header is an RLP list of 15 items, and of more after each fork that added some. Its block's hash is the keccak-256 of
those bytes; on a QBFT chain, of the header with round 0 and without seals (:mod:`ledger.chain.proof.extra_data`). Which
rule applies, the mixHash says, and it is among what is hashed: no header of one kind has the hash of one of the other.

    header = header_from_rpc(node.web3.eth.get_block(7))
    assert read_header(header.encode()) == header

Sources: Ethereum Yellow Paper, section 4.3; EIP-1559, EIP-4895, EIP-4844, EIP-4788, EIP-7685 (fields added later); EEA
QBFT specification.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from eth_utils.crypto import keccak

from ledger.chain.proof.errors import BlockHashError, EncodingError
from ledger.chain.proof.extra_data import MAX_EXTRA_DATA_BYTES, read_extra_data
from ledger.chain.proof.rlp import Fields, Item, decode, encode, integer_bytes
from ledger.chain.proof.rpc import rpc_bytes, rpc_number

if TYPE_CHECKING:
    from collections.abc import Mapping

BFT_MIX_HASH: Final = bytes.fromhex("63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365")
"""The mixHash of every header of QBFT and IBFT: a text, and no hash."""
MAX_HEADER_BYTES: Final = MAX_EXTRA_DATA_BYTES + 1024
"""The other fields take at most 900 bytes."""
BLOOM_BYTES: Final = 256

_NUMBER: Final = -1
_DATA: Final = -2
# Attribute, name in JSON-RPC, and bytes (or what else it is), in the order of the header.
_FIELDS: Final = (
    ("parent_hash", "parentHash", 32),
    ("ommers_hash", "sha3Uncles", 32),
    ("beneficiary", "miner", 20),
    ("state_root", "stateRoot", 32),
    ("transactions_root", "transactionsRoot", 32),
    ("receipts_root", "receiptsRoot", 32),
    ("logs_bloom", "logsBloom", BLOOM_BYTES),
    ("difficulty", "difficulty", _NUMBER),
    ("number", "number", _NUMBER),
    ("gas_limit", "gasLimit", _NUMBER),
    ("gas_used", "gasUsed", _NUMBER),
    ("time", "timestamp", _NUMBER),
    ("extra_data", "extraData", _DATA),
    ("mix_hash", "mixHash", 32),
    ("nonce", "nonce", 8),
    ("base_fee", "baseFeePerGas", _NUMBER),
    ("withdrawals_root", "withdrawalsRoot", 32),
    ("blob_gas_used", "blobGasUsed", _NUMBER),
    ("excess_blob_gas", "excessBlobGas", _NUMBER),
    ("parent_beacon_root", "parentBeaconBlockRoot", 32),
    ("requests_hash", "requestsHash", 32),
)
_SINCE_GENESIS: Final = 15
FORK_LENGTHS: Final = {15: "before London", 16: "London", 17: "Shanghai", 20: "Cancun", 21: "Prague"}
"""How many fields a header has, and since which fork."""


@dataclass(frozen=True, slots=True)
class Header:
    """A block's header. Hashes and roots have 32 bytes; numbers are whole and not negative.

    Attributes:
        parent_hash: the hash of the block before.
        ommers_hash: of the list of ommers, which is empty on the chains used here.
        beneficiary: who proposed it (20 bytes).
        state_root: the root of all accounts after it.
        transactions_root: the root of its transactions.
        receipts_root: the root of their receipts.
        logs_bloom: which addresses and topics its logs may have (256 bytes).
        difficulty: as the engine sets it.
        number: its number.
        gas_limit: the gas that fits in it.
        gas_used: the gas that its transactions used.
        time: its time, in seconds since 1970.
        extra_data: what the engine puts there.
        mix_hash: likewise.
        nonce: likewise (8 bytes).
        base_fee: the gas price that is burnt, in wei; ``None`` before London.
        withdrawals_root: ``None`` before Shanghai.
        blob_gas_used: ``None`` before Cancun.
        excess_blob_gas: ``None`` before Cancun.
        parent_beacon_root: ``None`` before Cancun.
        requests_hash: ``None`` before Prague.
    """

    parent_hash: bytes
    ommers_hash: bytes
    beneficiary: bytes
    state_root: bytes
    transactions_root: bytes
    receipts_root: bytes
    logs_bloom: bytes
    difficulty: int
    number: int
    gas_limit: int
    gas_used: int
    time: int
    extra_data: bytes
    mix_hash: bytes
    nonce: bytes
    base_fee: int | None = None
    withdrawals_root: bytes | None = None
    blob_gas_used: int | None = None
    excess_blob_gas: int | None = None
    parent_beacon_root: bytes | None = None
    requests_hash: bytes | None = None

    @property
    def is_bft(self) -> bool:
        """Whether it is a header of QBFT or IBFT."""
        return self.mix_hash == BFT_MIX_HASH

    def encode(self) -> bytes:
        """Its bytes, with everything that the header holds."""
        values = [getattr(self, name) for name, _, _ in _FIELDS]
        items: list[Item] = [
            integer_bytes(value) if isinstance(value, int) else value for value in values if value is not None
        ]
        return encode(items)

    def hash(self) -> bytes:
        """The hash by which its block is known (32 bytes).

        Raises:
            EncodingError: it claims to be of a BFT engine, and its extraData is malformed.
            EngineError: it is of IBFT 2.0.
        """
        if not self.is_bft:
            return keccak(self.encode())
        return keccak(replace(self, extra_data=read_extra_data(self.extra_data).hashed()).encode())


def read_header(data: bytes, where: str = "header") -> Header:
    """The header in bytes; untrusted.

    Raises:
        EncodingError: they are malformed, or the fields are those of no fork known here.
    """
    item = decode(data, where, MAX_HEADER_BYTES)
    if not isinstance(item, list) or len(item) not in FORK_LENGTHS:
        found = f"{len(item)} fields" if isinstance(item, list) else "a byte string"
        raise EncodingError(
            f"expected a list of {', '.join(map(str, FORK_LENGTHS))} fields, found {found}",
            where=where,
            mend="Check that it is a block header; a fork that adds fields needs a newer version of this program.",
        )
    present = _FIELDS[: len(item)]
    fields = Fields(item, where, [name for name, _, _ in present])
    return Header(**{name: _read(fields, name, kind) for name, _, kind in present})


def header_from_rpc(block: Mapping[str, Any]) -> Header:
    """The header of a block as a node gave it, by web3 or as raw JSON; its hash must be the one that the node gave.

    Raises:
        EncodingError: a field is missing or malformed.
        BlockHashError: the fields hash to something else.
    """
    values = {name: _from_rpc(block, rpc_name, kind) for name, rpc_name, kind in _FIELDS[:_SINCE_GENESIS]}
    for name, rpc_name, kind in _FIELDS[_SINCE_GENESIS:]:
        if block.get(rpc_name) is None:
            break
        values[name] = _from_rpc(block, rpc_name, kind)
    header = Header(**values)
    require_hash(header, rpc_bytes(block, "hash", 32), f"block {header.number}")
    return header


def require_hash(header: Header, expected: bytes, where: str = "header") -> None:
    """Make sure that a header is the one of a block.

    Args:
        header: the header.
        expected: the block's hash (32 bytes).
        where: what it is, for messages.

    Raises:
        BlockHashError: it is not.
    """
    found = header.hash()
    if found != expected:
        raise BlockHashError(expected, found, where, "Ask another node for the block.")


def _read(fields: Fields, name: str, kind: int) -> Any:  # noqa: ANN401  # bytes or a number, as the field is
    if kind == _NUMBER:
        return fields.number(name)
    return fields.data(name) if kind == _DATA else fields.fixed(name, kind)


def _from_rpc(block: Mapping[str, Any], name: str, kind: int) -> Any:  # noqa: ANN401  # bytes or a number, likewise
    if kind == _NUMBER:
        return rpc_number(block, name)
    if name == "logsBloom":
        return rpc_bytes(block, name).rjust(BLOOM_BYTES, b"\0")  # some write it as a number
    if name == "extraData" and "proofOfAuthorityData" in block:
        return rpc_bytes(block, "proofOfAuthorityData")  # where web3 moves it, if it is long
    return rpc_bytes(block, name, None if kind == _DATA else kind)
