"""What an authority signs about a consignment's head where no proof from the chain's state can be had.

A node that answers ``eth_getProof`` proves a head to everybody (:mod:`ledger.chain.proof.heads`). Where none does, k
authorities sign that they found it: head, position and the block after which they looked. EIP-712 typed data in the
statements' domain, so that it counts for one contract on one chain.

    signature = sign_attestation(attestation, domain, keyring.signing)
    assert attestation_signer(attestation, signature, domain) == keyring.address

Sources: EIP-712, EIP-2098, docs/formats.md ("Head attestation").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from eth_utils.crypto import keccak

from ledger.errors import InputError
from ledger.identity.signatures import Signature
from ledger.identity.untrusted import JsonObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.identity.keys import SigningKey
    from ledger.identity.statements import Domain

ATTESTATION_TYPE: Final = (
    "HeadAttestation(bytes32 consignment,bytes32 head,uint64 position,uint64 blockNumber,bytes32 blockHash)"
)
ATTESTATION_TYPEHASH: Final = keccak(text=ATTESTATION_TYPE)
MAX_NUMBER: Final = 2**64 - 1
_FIELDS: Final = ("consignment", "head", "position", "blockNumber", "blockHash")


@dataclass(frozen=True, slots=True)
class HeadAttestation:
    """That a consignment had a head after a block.

    Attributes:
        consignment: its id (32 bytes).
        head: its head (32 bytes); zeros where it was not registered.
        position: the number of its statements.
        block_number: the block after which its head was read.
        block_hash: that block's hash (32 bytes).

    Raises:
        InputError: a field has the wrong length or is out of range.
    """

    consignment: bytes
    head: bytes
    position: int
    block_number: int
    block_hash: bytes

    def __post_init__(self) -> None:
        for name in ("consignment", "head", "block_hash"):
            value = getattr(self, name)
            if not isinstance(value, bytes) or len(value) != 32:
                raise InputError(
                    f"expected 32 bytes, found {value!r}", where=f"attestation.{name}", mend="Give exactly 32 bytes."
                )
        for name in ("position", "block_number"):
            value = getattr(self, name)
            if type(value) is not int or not 0 <= value <= MAX_NUMBER:
                raise InputError(
                    f"{value!r} is no whole number below 2^64", where=f"attestation.{name}", mend="Give one."
                )

    def digest(self, domain: Domain) -> bytes:
        """What is signed: ``keccak256(0x1901 ‖ domain separator ‖ struct hash)`` (32 bytes, EIP-712)."""
        struct = keccak(
            b"".join(
                (
                    ATTESTATION_TYPEHASH,
                    self.consignment,
                    self.head,
                    self.position.to_bytes(32, "big"),
                    self.block_number.to_bytes(32, "big"),
                    self.block_hash,
                )
            )
        )
        return keccak(b"\x19\x01" + domain.separator + struct)


def sign_attestation(attestation: HeadAttestation, domain: Domain, key: SigningKey) -> Signature:
    """Sign an attestation.

    Args:
        attestation: what was found.
        domain: the contract and chain where it was found.
        key: a key of the authority's.
    """
    return Signature.from_recoverable(key.sign_digest(attestation.digest(domain)))


def attestation_signer(attestation: HeadAttestation, signature: Signature, domain: Domain) -> str:
    """The address (EIP-55) of the key that signed this attestation for this contract and chain.

    With another domain, or of an altered attestation, it is some other address: compare it with the one expected.

    Raises:
        SignatureMalformedError: no key can have made the signature.
    """
    return signature.signer(attestation.digest(domain))


def attestation_signers(
    attestation: HeadAttestation, signatures: Iterable[Signature], domain: Domain
) -> frozenset[str]:
    """The keys that signed an attestation, each once, however often it signed.

    Whether they are keys of enough authorities is for the caller to say: count authorities, not keys.

    Raises:
        SignatureMalformedError: no key can have made one of the signatures.
    """
    return frozenset(attestation_signer(attestation, signature, domain) for signature in signatures)


def attestation_to_json(attestation: HeadAttestation) -> dict[str, Any]:
    """The attestation as the EIP-712 message: hashes as hexadecimal text, numbers as numbers."""
    return {
        "consignment": f"0x{attestation.consignment.hex()}",
        "head": f"0x{attestation.head.hex()}",
        "position": attestation.position,
        "blockNumber": attestation.block_number,
        "blockHash": f"0x{attestation.block_hash.hex()}",
    }


def attestation_from_json(content: object, where: str = "attestation") -> HeadAttestation:
    """The attestation in an EIP-712 message; untrusted.

    Raises:
        InputError: a member is missing, unknown, of another type, spelt otherwise or out of range.
    """
    read = JsonObject(content, where, _FIELDS)
    return HeadAttestation(
        consignment=read.hash("consignment"),
        head=read.hash("head"),
        position=read.number("position", MAX_NUMBER),
        block_number=read.number("blockNumber", MAX_NUMBER),
        block_hash=read.hash("blockHash"),
    )
