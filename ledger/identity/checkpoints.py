"""Checkpoint statements: how far a member's event log has come, as EIP-712 typed data for another to carry.

A statement names the size on record that it grows from, so that it counts once and nowhere else. Its consistency proof
is carried beside it: what it proves is in the roots. Sources: EIP-712, EIP-2098, RFC 9162, docs/formats.md ("Checkpoint
statement").

    signed = sign_checkpoint(statement, domain, keyring.signing, proof)
    assert signed.signer(domain) == keyring.address
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from eth_utils.crypto import keccak

from ledger.errors import InputError
from ledger.identity.signatures import Signature
from ledger.identity.untrusted import JsonObject

if TYPE_CHECKING:
    from ledger.identity.keys import SigningKey
    from ledger.identity.statements import Domain

CHECKPOINT_TYPE: Final = (
    "Checkpoint(uint32 member,uint64 previousSize,uint64 size,bytes32 root,uint64 signedTime,uint64 validUntil)"
)
CHECKPOINT_TYPEHASH: Final = keccak(text=CHECKPOINT_TYPE)
MAX_MEMBER: Final = 2**32 - 1
MAX_SIZE: Final = 2**64 - 1
MAX_SECONDS: Final = 2**64 - 1  # what the contract takes: whatever it recorded can be read
MAX_PROOF_HASHES: Final = 65  # between sizes of 64 bits there are never more


@dataclass(frozen=True, slots=True)
class CheckpointStatement:
    """What a member says of its event log. Times are whole seconds since 1970, UTC.

    Attributes:
        member: the number of the member whose log it is.
        previous_size: the size on record, from which it grows; 0 for the first checkpoint.
        size: how many events the log has.
        root: the root of the tree over them (32 bytes; RFC 9162, section 2.1.1).
        signed_time: when it was signed.
        valid_until: the last second in which the contract may accept it.

    Raises:
        InputError: a field has the wrong length or is out of range.
    """

    member: int
    previous_size: int
    size: int
    root: bytes
    signed_time: int
    valid_until: int

    def __post_init__(self) -> None:
        _require_number("member", self.member, MAX_MEMBER)
        for name in ("previous_size", "size"):
            _require_number(name, getattr(self, name), MAX_SIZE)
        for name in ("signed_time", "valid_until"):
            _require_number(name, getattr(self, name), MAX_SECONDS)
        _require_hash("root", self.root)

    def struct_hash(self) -> bytes:
        """The EIP-712 ``hashStruct`` of this statement (32 bytes)."""
        words = (self.member, self.previous_size, self.size, self.root, self.signed_time, self.valid_until)
        encoded = (word if isinstance(word, bytes) else word.to_bytes(32, "big") for word in words)
        return keccak(CHECKPOINT_TYPEHASH + b"".join(encoded))

    def digest(self, domain: Domain) -> bytes:
        """What is signed: ``keccak256(0x1901 ‖ domain separator ‖ struct hash)`` (32 bytes, EIP-712)."""
        return keccak(b"\x19\x01" + domain.separator + self.struct_hash())


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint statement, its signature, and the proof that is carried beside it.

    Attributes:
        statement: what is said.
        signature: of a key of the member.
        proof: the consistency proof from the previous size to this one (hashes of 32 bytes; RFC 9162, section 2.1.4);
            empty for the first checkpoint.

    Raises:
        InputError: the proof is none between any sizes.
    """

    statement: CheckpointStatement
    signature: Signature
    proof: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        require_proof(self.proof)

    def signer(self, domain: Domain) -> str:
        """The address (EIP-55) of the key that signed this statement for this contract and chain.

        With another domain, or of an altered statement, it is some other address: compare it with the one expected.

        Raises:
            SignatureMalformedError: no key can have made the signature.
        """
        return self.signature.signer(self.statement.digest(domain))


def sign_checkpoint(
    statement: CheckpointStatement, domain: Domain, key: SigningKey, proof: tuple[bytes, ...] = ()
) -> SignedCheckpoint:
    """Sign a checkpoint statement for one contract on one chain.

    Args:
        statement: what is said.
        domain: where it is to count: the domain of the event logs' contract.
        key: the signer's.
        proof: what shows that the log only grew, for whoever carries the statement.
    """
    signature = Signature.from_recoverable(key.sign_digest(statement.digest(domain)))
    return SignedCheckpoint(statement, signature, proof)


def require_proof(proof: tuple[bytes, ...]) -> None:
    """Refuse what cannot be a consistency proof between any sizes.

    Raises:
        InputError: there are too many hashes, or one has not 32 bytes.
    """
    if len(proof) > MAX_PROOF_HASHES:
        raise InputError(
            f"has {len(proof)} hashes, more than {MAX_PROOF_HASHES}",
            where="proof",
            mend="Give the consistency proof from the size on record to the new one.",
        )
    for index, value in enumerate(proof):
        _require_hash(f"proof[{index}]", value)


def checkpoint_to_json(signed: SignedCheckpoint) -> dict[str, Any]:
    """A signed checkpoint for files: the EIP-712 message, ``r`` and ``vs``, and the proof."""
    statement = signed.statement
    return {
        "checkpoint": {
            "member": statement.member,
            "previousSize": statement.previous_size,
            "size": statement.size,
            "root": _hex(statement.root),
            "signedTime": statement.signed_time,
            "validUntil": statement.valid_until,
        },
        "signature": {"r": _hex(signed.signature.r), "vs": _hex(signed.signature.vs)},
        "proof": [_hex(value) for value in signed.proof],
    }


def checkpoint_from_json(content: object, where: str = "signed") -> SignedCheckpoint:
    """The signed checkpoint in JSON; untrusted. Who signed it, :meth:`SignedCheckpoint.signer` tells.

    Raises:
        InputError: a member is missing, unknown, of another type, spelt otherwise or out of range.
    """
    read = JsonObject(content, where, ("checkpoint", "signature", "proof"))
    names = ("member", "previousSize", "size", "root", "signedTime", "validUntil")
    said = JsonObject(read.raw("checkpoint"), read.path("checkpoint"), names)
    signature = JsonObject(read.raw("signature"), read.path("signature"), ("r", "vs"))
    return SignedCheckpoint(
        CheckpointStatement(
            said.number("member", MAX_MEMBER),
            said.number("previousSize", MAX_SIZE),
            said.number("size", MAX_SIZE),
            said.hash("root"),
            said.number("signedTime", MAX_SECONDS),
            said.number("validUntil", MAX_SECONDS),
        ),
        Signature(signature.hash("r"), signature.hash("vs")),
        read.hashes("proof", MAX_PROOF_HASHES),
    )


def _require_number(name: str, number: int, maximum: int) -> None:
    if type(number) is not int or not 0 <= number <= maximum:
        raise InputError(
            f"expected a whole number from 0 to {maximum}, found {number!r}", where=name, mend="Give such a number."
        )


def _require_hash(name: str, value: bytes) -> None:
    if not isinstance(value, bytes) or len(value) != 32:
        raise InputError(f"expected 32 bytes, found {value!r}", where=name, mend="Give exactly 32 bytes.")


def _hex(value: bytes) -> str:
    return f"0x{value.hex()}"
