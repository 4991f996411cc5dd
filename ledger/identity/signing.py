"""Sign a statement, tell who signed one, and write it as JSON.

Example::

    signed = sign(statement, domain, keyring.signing)
    assert recover(signed, domain) == keyring.address
    assert signed_from_json(signed_to_json(signed)) == signed

The JSON names its members as the EIP-712 message does; a wallet that speaks ``eth_signTypedData_v4`` signs the same
digest from :func:`typed_data`. Sources: EIP-712, EIP-2098, docs/formats.md ("Statement").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ledger.epcis.jcs import SAFE_INTEGER
from ledger.errors import InputError
from ledger.identity.milestones import Milestone, Role, Side
from ledger.identity.signatures import Signature
from ledger.identity.statements import (
    DOMAIN_NAME,
    DOMAIN_VERSION,
    MAX_TIME,
    MAX_VALID_UNTIL,
    STATEMENT_TYPE,
    Domain,
    Statement,
)
from ledger.identity.untrusted import JsonObject

if TYPE_CHECKING:
    from ledger.identity.keys import SigningKey

_DOMAIN_FIELDS: Final = [
    {"name": "name", "type": "string"},
    {"name": "version", "type": "string"},
    {"name": "chainId", "type": "uint256"},
    {"name": "verifyingContract", "type": "address"},
]
_STATEMENT_FIELDS: Final = [
    {"name": name, "type": kind}
    for kind, name in (member.split(" ") for member in STATEMENT_TYPE[len("Statement(") : -1].split(","))
]
_LARGE: Final = re.compile(r"[1-9][0-9]{15,19}", re.ASCII)
_STATEMENT_NAMES: Final = frozenset(field["name"] for field in _STATEMENT_FIELDS)
_Word = TypeVar("_Word", Milestone, Side, Role)


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens an assessment's channel; carried beside the statement that opens it (docs/transitions.md).

    Attributes:
        blind: the assessment's blind (32 bytes).
        reasons_digest: the digest of the reasons (32 bytes).
    """

    blind: bytes
    reasons_digest: bytes

    def __post_init__(self) -> None:
        for name in ("blind", "reasons_digest"):
            if len(getattr(self, name)) != 32:
                raise InputError("expected 32 bytes", where=f"opening.{name}", mend="Give exactly 32 bytes.")


@dataclass(frozen=True, slots=True)
class SignedStatement:
    """A statement, its signature and, where it opens an assessment, the opening."""

    statement: Statement
    signature: Signature
    opening: Opening | None = None


def sign(statement: Statement, domain: Domain, key: SigningKey, opening: Opening | None = None) -> SignedStatement:
    """Sign a statement for one contract on one chain.

    Args:
        statement: what is said.
        domain: where it is to count.
        key: the signer's.
        opening: what opens the assessment, where the statement names a channel.
    """
    return SignedStatement(statement, Signature.from_recoverable(key.sign_digest(statement.digest(domain))), opening)


def recover(signed: SignedStatement, domain: Domain) -> str:
    """The address (EIP-55) of the key that signed this statement for this contract and chain.

    With another domain, or of an altered statement, it is some other address: compare it with the one expected.

    Raises:
        SignatureMalformedError: no key can have made the signature.
    """
    return signed.signature.signer(signed.statement.digest(domain))


def typed_data(statement: Statement, domain: Domain) -> dict[str, Any]:
    """The EIP-712 JSON of a statement, as wallets take it (``eth_signTypedData_v4``)."""
    return {
        "types": {"EIP712Domain": _DOMAIN_FIELDS, "Statement": _STATEMENT_FIELDS},
        "primaryType": "Statement",
        "domain": {
            "name": DOMAIN_NAME,
            "version": DOMAIN_VERSION,
            "chainId": domain.chain_id,
            "verifyingContract": domain.contract,
        },
        "message": statement_to_json(statement),
    }


def statement_to_json(statement: Statement) -> dict[str, Any]:
    """The statement as the EIP-712 message: hashes as hexadecimal text, numbers as numbers."""
    return {
        "consignment": _hex(statement.consignment),
        "milestone": int(statement.milestone),
        "side": int(statement.side),
        "commitment": _hex(statement.commitment),
        "eventTime": statement.event_time,
        "signedTime": statement.signed_time,
        "validUntil": _seconds(statement.valid_until),
        "role": int(statement.role),
        "previousHead": _hex(statement.previous_head),
        "counterparty": statement.counterparty,
        "terms": _hex(statement.terms),
        "detail": _hex(statement.detail),
    }


def statement_from_json(message: object, where: str = "statement") -> Statement:
    """The statement in an EIP-712 message; untrusted.

    Raises:
        InputError: a member is missing, unknown, of another type, spelt otherwise or out of range.
    """
    read = JsonObject(message, where, _STATEMENT_NAMES)
    return Statement(
        consignment=read.hash("consignment"),
        milestone=_word(read, "milestone", Milestone),
        side=_word(read, "side", Side),
        commitment=read.hash("commitment"),
        event_time=read.number("eventTime", MAX_TIME),
        signed_time=read.number("signedTime", MAX_TIME),
        valid_until=_last_second(read),
        role=_word(read, "role", Role),
        previous_head=read.hash("previousHead"),
        counterparty=read.address("counterparty"),
        terms=read.hash("terms"),
        detail=read.hash("detail"),
    )


def _seconds(number: int) -> int | str:
    """A last valid time in JSON: as text where JSON numbers (RFC 8785) are no longer exact."""
    return number if number <= SAFE_INTEGER else str(number)


def _last_second(read: JsonObject) -> int:
    text = read.raw("validUntil")
    if not isinstance(text, str):
        return read.number("validUntil", SAFE_INTEGER)
    if not _LARGE.fullmatch(text) or not SAFE_INTEGER < int(text) <= MAX_VALID_UNTIL:
        raise read.unexpected("validUntil", f"a number up to {SAFE_INTEGER}, or a larger one below 2^64 as text")
    return int(text)


def signed_to_json(signed: SignedStatement) -> dict[str, Any]:
    """A signed statement for files: the message, ``r`` and ``vs``, and the opening where there is one."""
    content: dict[str, Any] = {
        "statement": statement_to_json(signed.statement),
        "signature": {"r": _hex(signed.signature.r), "vs": _hex(signed.signature.vs)},
    }
    if signed.opening is not None:
        content["opening"] = {
            "blind": _hex(signed.opening.blind),
            "reasonsDigest": _hex(signed.opening.reasons_digest),
        }
    return content


def signed_from_json(content: object, where: str = "signed") -> SignedStatement:
    """The signed statement in JSON; untrusted. Who signed it, :func:`recover` tells.

    Raises:
        InputError: a member is missing, unknown, of another type, spelt otherwise or out of range.
    """
    read = JsonObject(content, where, ("statement", "signature"), ("opening",))
    signature = JsonObject(read.raw("signature"), read.path("signature"), ("r", "vs"))
    return SignedStatement(
        statement_from_json(read.raw("statement"), read.path("statement")),
        Signature(signature.hash("r"), signature.hash("vs")),
        _opening_from_json(read) if read.has("opening") else None,
    )


def _opening_from_json(signed: JsonObject) -> Opening:
    read = JsonObject(signed.raw("opening"), signed.path("opening"), ("blind", "reasonsDigest"))
    return Opening(read.hash("blind"), read.hash("reasonsDigest"))


def _word(read: JsonObject, name: str, kind: type[_Word]) -> _Word:
    try:
        return kind(read.number(name, 255))
    except ValueError:
        raise read.unexpected(name, f"a {name} of this version") from None


def _hex(value: bytes) -> str:
    return f"0x{value.hex()}"
