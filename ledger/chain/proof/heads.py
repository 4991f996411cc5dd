"""The head of a consignment after a block, proved from the contract's storage.

A record of Consignments.sol begins with its head and its course, which holds the position. Both in one proof say how
long the history was and what it was; zeros say that there was none. This is how a history is shown to be complete.

    head = proved_head(read_storage_proof(data), contract, consignment)
    head.head, head.position, head.block.number

Sources: Solidity documentation, "Layout of State Variables in Storage"; docs/contracts.md ("What is stored").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from eth_utils.crypto import keccak

from ledger.chain.proof.errors import TrieProofError
from ledger.chain.proof.storage import proved_storage
from ledger.identity.addresses import normal_address

if TYPE_CHECKING:
    from ledger.chain.proof.logs import ProvedBlock
    from ledger.chain.proof.storage import StorageProof

RECORDS_SLOT: Final = 0
"""The slot of ``mapping(bytes32 consignment => Record) _records`` in Consignments.sol, as the compiler lays it out."""
_COURSE: Final = 1  # slots after the record's first
_POSITION_BITS: Final = (64, 32)  # from which bit of the course, and how many


@dataclass(frozen=True, slots=True)
class ProvedHead:
    """What the contract held of a consignment after a block.

    Attributes:
        consignment: its id (32 bytes).
        head: its head (32 bytes); zeros where it was not registered.
        position: the number of its statements.
        code_hash: keccak-256 of the contract's code (32 bytes).
        block: the block.
    """

    consignment: bytes
    head: bytes
    position: int
    code_hash: bytes
    block: ProvedBlock


def head_slot(consignment: bytes) -> bytes:
    """The storage slot that holds a consignment's head (32 bytes).

    Args:
        consignment: its id (32 bytes).
    """
    return keccak(consignment + RECORDS_SLOT.to_bytes(32, "big"))


def course_slot(consignment: bytes) -> bytes:
    """The storage slot that holds a consignment's course (32 bytes)."""
    return ((int.from_bytes(head_slot(consignment), "big") + _COURSE) % 2**256).to_bytes(32, "big")


def proved_head(proof: StorageProof, contract: str, consignment: bytes, where: str = "head proof") -> ProvedHead:
    """The head of a consignment that a proof proves.

    Args:
        proof: the proof of the contract's slots :func:`head_slot` and :func:`course_slot`; untrusted.
        contract: the address of the Consignments contract.
        consignment: the consignment's id (32 bytes).
        where: what the proof is, for messages.

    Raises:
        ProofError: it proves nothing, or nothing about that consignment in that contract.
    """
    found = proved_storage(proof, where)
    slots = (head_slot(consignment), course_slot(consignment))
    if found.address != normal_address(contract, "contract") or any(slot not in found.values for slot in slots):
        raise TrieProofError(
            f"is not about consignment 0x{consignment.hex()} in the contract {contract}",
            where=where,
            mend="Ask for a proof of this consignment's head.",
        )
    if found.account is None:
        raise TrieProofError(
            f"there was no contract at {contract} after block {found.block.number}",
            where=where,
            mend="Ask for a proof of a later block, or check the deployment file.",
        )
    head, course = (found.values[slot] for slot in slots)
    first, width = _POSITION_BITS
    position = int.from_bytes(course, "big") >> first & ((1 << width) - 1)
    return ProvedHead(consignment, head, position, found.account.code_hash, found.block)
