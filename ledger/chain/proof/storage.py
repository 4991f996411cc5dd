"""Proofs of what an account and its storage held under a header's state root (EIP-1186), or that they held nothing.

The state's trie has each account under keccak-256 of its address; an account's trie has each slot's value under
keccak-256 of the slot, and nothing for zero.

    proof = read_storage_proof(data)
    found = proved_storage(proof)
    found.account.code_hash, found.values[slot]

Sources: EIP-1186; Ethereum Yellow Paper, section 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from eth_utils.crypto import keccak

from ledger.chain.proof.errors import EncodingError
from ledger.chain.proof.headers import MAX_HEADER_BYTES, read_header
from ledger.chain.proof.logs import node_list, proved_block
from ledger.chain.proof.rlp import Fields, Item, decode, encode, fixed, number
from ledger.chain.proof.trie import EMPTY_ROOT, MAX_NODES, value_at
from ledger.identity.addresses import address_bytes, checksum_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.chain.proof.logs import ProvedBlock

EMPTY_CODE_HASH: Final = keccak(b"")
MAX_SLOTS: Final = 1024
"""Slots in one proof."""
MAX_PROOF_BYTES: Final = MAX_HEADER_BYTES + (1 << 22)
"""A slot takes some 3 KB in a trie of a million."""
MAX_STATE_NODE_BYTES: Final = 1024
"""A branch has at most 532 bytes, an account 112."""

_NAMES: Final = ("header", "address", "accountNodes", "slots")
_MEND: Final = "Ask for the proof again; docs/formats.md has the format."


@dataclass(frozen=True, slots=True)
class SlotProof:
    """The proof of one storage slot.

    Attributes:
        slot: the slot (32 bytes).
        nodes: the nodes from the account's storage root down; none where that is empty.
    """

    slot: bytes
    nodes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class StorageProof:
    """The proof of an account and of slots of its storage.

    Attributes:
        header: the bytes of the block's header.
        address: the account's.
        account_nodes: the nodes from the header's state root down to the account.
        slots: each slot's proof, by rising slot.
    """

    header: bytes
    address: str
    account_nodes: tuple[bytes, ...]
    slots: tuple[SlotProof, ...]

    def encode(self) -> bytes:
        """Its bytes: RLP of the four, in this order, each slot with its nodes."""
        slots: list[Item] = [[each.slot, list(each.nodes)] for each in self.slots]
        return encode([self.header, address_bytes(self.address), list(self.account_nodes), slots])


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the state has it.

    Attributes:
        nonce: the number of its next transaction, or of its next contract.
        balance: what it owns, in wei.
        storage_root: the root of its storage (32 bytes).
        code_hash: keccak-256 of its code (32 bytes).
    """

    nonce: int
    balance: int
    storage_root: bytes
    code_hash: bytes


@dataclass(frozen=True, slots=True)
class ProvedStorage:
    """What was proved of an account after a block.

    Attributes:
        address: the account's.
        block: the block.
        account: the account; ``None`` where there is none.
        values: the value of each slot proved (32 bytes each, zeros where it holds nothing).
    """

    address: str
    block: ProvedBlock
    account: Account | None
    values: dict[bytes, bytes]


def proved_storage(proof: StorageProof, where: str = "storage proof") -> ProvedStorage:
    """What a proof proves of an account and its storage.

    1. The header's bytes are a header; its hash is the block's.
    2. The nodes lead from its state root to the account, or show that there is none.
    3. For each slot, the nodes lead from the account's storage root to its value, or show that there is none.

    Args:
        proof: the proof; untrusted.
        where: what it is, for messages.

    Raises:
        ProofError: it proves nothing.
    """
    header = read_header(proof.header, f"{where}.header")
    block = proved_block(header)
    key = keccak(address_bytes(proof.address, f"{where}.address"))
    content = value_at(header.state_root, key, proof.account_nodes, f"{where}.account")
    account = None if content is None else read_account(content, f"{where}.account")
    root = EMPTY_ROOT if account is None else account.storage_root
    _require_rising([each.slot for each in proof.slots], where)
    values = {each.slot: _value(root, each, f"{where}.slot 0x{each.slot.hex()}") for each in proof.slots}
    return ProvedStorage(proof.address, block, account, values)


def read_storage_proof(data: bytes, where: str = "storage proof") -> StorageProof:
    """The storage proof in bytes; untrusted, and what it proves is for :func:`proved_storage` to tell.

    Raises:
        EncodingError: they are malformed, or exceed a limit.
    """
    fields = Fields(decode(data, where, MAX_PROOF_BYTES), where, _NAMES)
    slots = []
    for index, item in enumerate(fields.items("slots", MAX_SLOTS)):
        slot = Fields(item, f"{where}.slots[{index}]", ("slot", "nodes"))
        slots.append(SlotProof(slot.fixed("slot", 32), node_list(slot, "nodes", MAX_NODES)))
    return StorageProof(
        fields.data("header"),
        checksum_address(fields.fixed("address", 20)),
        node_list(fields, "accountNodes", MAX_NODES),
        tuple(slots),
    )


def _require_rising(slots: Sequence[bytes], where: str) -> None:
    for lower, higher in pairwise(slots):
        if lower >= higher:
            raise EncodingError(
                f"the slot 0x{higher.hex()} follows 0x{lower.hex()}; each stands once, by rising slot",
                where=f"{where}.slots",
                mend=_MEND,
            )


def read_account(content: bytes, where: str) -> Account:
    """The account that the state's trie holds.

    Raises:
        EncodingError: it is malformed.
    """
    names = ("nonce", "balance", "storageRoot", "codeHash")
    fields = Fields(decode(content, where, MAX_STATE_NODE_BYTES), where, names)
    return Account(
        fields.number("nonce", 8),
        fields.number("balance"),
        fields.fixed("storageRoot", 32),
        fields.fixed("codeHash", 32),
    )


def _value(root: bytes, proof: SlotProof, where: str) -> bytes:
    fixed(proof.slot, 32, where)
    content = value_at(root, keccak(proof.slot), proof.nodes, where)
    if content is None:
        return bytes(32)
    value = number(decode(content, where, MAX_STATE_NODE_BYTES), 32, where)
    if value == 0:
        raise EncodingError("a slot that holds zero is in the trie", where=where, mend=_MEND)
    return value.to_bytes(32, "big")
