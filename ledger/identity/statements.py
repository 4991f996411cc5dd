"""Statements: what a member signs about a consignment, as EIP-712 typed data.

A statement names the head it builds on, so a history is a chain: ``head = keccak256(abi.encode(previous head, statement
digest, signing key))``. Sources: EIP-712 (typed data), EIP-2098 (short signatures), docs/formats.md (this project's
bytes).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from eth_utils.crypto import keccak

from ledger.errors import InputError
from ledger.identity.addresses import address_bytes, normal_address
from ledger.identity.milestones import HEADLESS, Milestone, Role, Side

if TYPE_CHECKING:
    from enum import IntEnum

ZERO32: Final = bytes(32)
ZERO_ADDRESS: Final = "0x" + "00" * 20
MAX_TIME: Final = 2**40 - 1  # seconds; the contracts keep times in 40 bits
MAX_VALID_UNTIL: Final = 2**64 - 1  # what the contract takes: whatever it accepted can be read

STATEMENT_TYPE: Final = (
    "Statement(bytes32 consignment,uint8 milestone,uint8 side,bytes32 commitment,uint64 eventTime,uint64 signedTime,"
    "uint64 validUntil,uint8 role,bytes32 previousHead,address counterparty,bytes32 terms,bytes32 detail)"
)
STATEMENT_TYPEHASH: Final = keccak(text=STATEMENT_TYPE)
DOMAIN_TYPEHASH: Final = keccak(
    text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
DOMAIN_NAME: Final = "SMART Border Ledger"
DOMAIN_VERSION: Final = "1"


@dataclass(frozen=True, slots=True)
class Domain:
    """Where a statement counts: one contract on one chain (EIP-712 domain)."""

    chain_id: int
    contract: str

    def __post_init__(self) -> None:
        if not 0 < self.chain_id < 2**256:
            raise InputError(
                f"{self.chain_id} is not a chain id", where="chain_id", mend="Give the chain's EIP-155 id."
            )
        object.__setattr__(self, "contract", normal_address(self.contract, "contract"))

    @property
    def separator(self) -> bytes:
        """The EIP-712 domain separator (32 bytes)."""
        return _domain_separator(self.chain_id, self.contract)


@lru_cache(maxsize=64)
def _domain_separator(chain_id: int, contract: str) -> bytes:
    return keccak(
        DOMAIN_TYPEHASH
        + keccak(text=DOMAIN_NAME)
        + keccak(text=DOMAIN_VERSION)
        + chain_id.to_bytes(32, "big")
        + _address_word(contract)
    )


@dataclass(frozen=True, slots=True)
class Statement:
    """What a member says about a consignment. Times are whole seconds since 1970, UTC.

    Attributes:
        consignment: 32 bytes, the consignment's id on chain (:func:`consignment_id`).
        milestone: what is said to have happened.
        side: which clearance it concerns, where it concerns one.
        commitment: the event's blinded commitment (32 bytes), or zeros where no event belongs to it.
        event_time: when it happened.
        signed_time: when it was signed.
        valid_until: the last second in which the contract may accept it.
        role: the role that the signer acts in.
        previous_head: the head it builds on; zeros for a registration and for headless statements.
        counterparty: the address of the other member it names, or the zero address.
        terms: what the contract must read in clear (32 bytes; layouts in docs/formats.md).
        detail: a commitment to what it must not (32 bytes): seal, assessment, UCR, or a detail document.

    Raises:
        InputError: a field has the wrong length or is out of range.
    """

    consignment: bytes
    milestone: Milestone
    event_time: int
    signed_time: int
    valid_until: int
    role: Role
    previous_head: bytes = ZERO32
    side: Side = Side.NONE
    commitment: bytes = ZERO32
    counterparty: str = ZERO_ADDRESS
    terms: bytes = ZERO32
    detail: bytes = ZERO32

    def __post_init__(self) -> None:
        for name in ("consignment", "commitment", "previous_head", "terms", "detail"):
            _require_32_bytes(name, getattr(self, name))
        for name, latest in (("event_time", MAX_TIME), ("signed_time", MAX_TIME), ("valid_until", MAX_VALID_UNTIL)):
            _require_time(name, getattr(self, name), latest)
        for name, kind in (("milestone", Milestone), ("side", Side), ("role", Role)):
            object.__setattr__(self, name, _require_word(name, getattr(self, name), kind))
        object.__setattr__(self, "counterparty", normal_address(self.counterparty, "counterparty"))
        if self.milestone in HEADLESS and self.previous_head != ZERO32:
            raise InputError(
                f"a statement '{self.milestone.label}' names no previous head",
                where="previous_head",
                mend="Leave previous_head out: it is accepted on whatever the current head is.",
            )

    def struct_hash(self) -> bytes:
        """The EIP-712 ``hashStruct`` of this statement (32 bytes)."""
        return keccak(
            b"".join(
                (
                    STATEMENT_TYPEHASH,
                    self.consignment,
                    _word(self.milestone),
                    _word(self.side),
                    self.commitment,
                    _word(self.event_time),
                    _word(self.signed_time),
                    _word(self.valid_until),
                    _word(self.role),
                    self.previous_head,
                    _address_word(self.counterparty),
                    self.terms,
                    self.detail,
                )
            )
        )

    def digest(self, domain: Domain) -> bytes:
        """What is signed: ``keccak256(0x1901 ‖ domain separator ‖ struct hash)`` (32 bytes, EIP-712)."""
        return keccak(b"\x19\x01" + domain.separator + self.struct_hash())


def next_head(previous_head: bytes, statement_digest: bytes, key: str) -> bytes:
    """The head after a statement: it commits to the whole history, and to who signed each part of it.

    Args:
        previous_head: the head before (32 bytes; zeros before the first).
        statement_digest: :meth:`Statement.digest` (32 bytes).
        key: the address of the key that signed.
    """
    return keccak(previous_head + statement_digest + _address_word(key))


def consignment_id(exporter: str, ucr_commitment: bytes) -> bytes:
    """A consignment's id on chain: bound to its exporter, so that nobody can take it by registering it first.

    Args:
        exporter: the exporter's member address.
        ucr_commitment: :func:`ledger.epcis.commitment.ucr_commitment` of salt and UCR (32 bytes).
    """
    _require_32_bytes("ucr_commitment", ucr_commitment)
    return keccak(_address_word(exporter)[12:] + ucr_commitment)


def _word(number: int) -> bytes:
    return int(number).to_bytes(32, "big")


def _address_word(address: str) -> bytes:
    return bytes(12) + address_bytes(address)


def _require_32_bytes(name: str, value: bytes) -> None:
    if not isinstance(value, bytes) or len(value) != 32:
        raise InputError(f"expected 32 bytes, found {value!r}", where=name, mend="Give exactly 32 bytes.")


def _require_word(name: str, number: int, kind: type[IntEnum]) -> IntEnum:
    try:
        return kind(number)
    except ValueError:
        raise InputError(
            f"{number!r} is no {name} of this version", where=name, mend=f"Give one of ledger.identity.{kind.__name__}."
        ) from None


def _require_time(name: str, seconds: int, latest: int) -> None:
    if type(seconds) is not int or not 0 <= seconds <= latest:
        raise InputError(
            f"{seconds!r} is not a time in seconds since 1970", where=name, mend="Give whole seconds, UTC."
        )
