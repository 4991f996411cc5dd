"""Account and storage proofs as nodes hand them over (``eth_getProof``, EIP-1186): read, and answered.

Nodes differ in what they list beside the nodes on the path: those that stand within others, an empty trie as a node.
Here the nodes on the path are taken from the answer, so that one thing has one proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eth_utils.crypto import keccak

from ledger.chain.proof.errors import TrieProofError
from ledger.chain.proof.rpc import data_bytes, rpc_list
from ledger.chain.proof.storage import SlotProof, StorageProof, proved_storage, read_account
from ledger.chain.proof.trie import EMPTY_ROOT, nodes_to, value_at
from ledger.identity.addresses import address_bytes, normal_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ledger.chain.proof.headers import Header

    Nodes = Callable[[bytes], bytes]


def storage_proof(header: Header, address: str, slots: Iterable[bytes], answer: Mapping[str, Any]) -> StorageProof:
    """The proof in a node's answer, checked.

    Args:
        header: the header of the block that was asked about.
        address: the account that was asked about.
        slots: the slots that were asked about (32 bytes each).
        answer: what the node answered.

    Raises:
        ProofError: the answer is malformed, or proves nothing about them under that header.
    """
    pools = [rpc_list(answer, "accountProof")]
    pools += [rpc_list(each, "proof") for each in rpc_list(answer, "storageProof")]
    given = [data_bytes(node) for pool in pools for node in pool]
    proof = collect(header, address, slots, _by_hash(node for node in given if node is not None))
    proved_storage(proof)
    return proof


def collect(header: Header, address: str, slots: Iterable[bytes], node: Nodes) -> StorageProof:
    """The proof of an account and slots of its storage, from all nodes of the state's tries.

    Args:
        header: the header of the block.
        address: the account's address.
        slots: the slots to prove (32 bytes each).
        node: gives a node's bytes by their hash; ``KeyError`` where it has none.

    Raises:
        ProofError: a node is missing or malformed.
    """
    key = keccak(address_bytes(address))
    account_nodes = _nodes_to(header.state_root, key, node, "account")
    content = value_at(header.state_root, key, account_nodes, "account")
    root = EMPTY_ROOT if content is None else read_account(content, "account").storage_root
    proofs = [SlotProof(slot, _nodes_to(root, keccak(slot), node, "storage")) for slot in sorted(set(slots))]
    return StorageProof(header.encode(), normal_address(address), account_nodes, tuple(proofs))


def rpc_answer(header: Header, address: str, slots: Sequence[bytes], node: Nodes) -> dict[str, Any]:
    """What ``eth_getProof`` answers, from all nodes of the tries; arguments and errors as for :func:`collect`."""
    proof = collect(header, address, slots, node)
    found = proved_storage(proof)
    account = found.account
    nodes = {each.slot: each.nodes for each in proof.slots}
    return {
        "address": address,
        "accountProof": [_hex(node) for node in proof.account_nodes],
        "balance": hex(account.balance if account else 0),
        "nonce": hex(account.nonce if account else 0),
        "codeHash": _hex(account.code_hash if account else bytes(32)),
        "storageHash": _hex(account.storage_root if account else bytes(32)),
        "storageProof": [
            {
                "key": _hex(slot),
                "value": hex(int.from_bytes(found.values[slot], "big")),
                "proof": [_hex(node) for node in nodes[slot]],
            }
            for slot in slots
        ],
    }


def _by_hash(nodes: Iterable[bytes]) -> Nodes:
    return {keccak(node): node for node in nodes}.__getitem__


def _nodes_to(root: bytes, key: bytes, node: Nodes, where: str) -> tuple[bytes, ...]:
    try:
        return nodes_to(root, key, node, where)
    except KeyError as error:
        raise TrieProofError(
            "a node on the way to the value is missing", where=where, mend="Ask a node that keeps that block's state."
        ) from error


def _hex(data: bytes) -> str:
    return f"0x{data.hex()}"
