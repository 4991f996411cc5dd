"""Seal a parcel to one member, and open one.

Example::

    data = seal_parcel(parcel, Envelope(domain, giver, recipient), keyring.signing, recipients_encryption_key)
    opened = open_parcel(data, keyring.encryption, domain, recipient)

The file is a header in clear and an HPKE message (base mode; DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM)
whose ``info`` binds the header. Inside stands the giver's signature (EIP-712) over giver, recipient and the content's
SHA-256: so a recipient can neither alter a parcel nor pass it on as given to another.

Sources: RFC 9180 (HPKE), EIP-712, docs/formats.md ("Parcel").
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from eth_utils.crypto import keccak

from ledger.errors import InputError
from ledger.exchange.encoding import decode_parcel, encode_parcel
from ledger.exchange.errors import (
    NotAParcelError,
    OtherChainError,
    ParcelAlteredError,
    ParcelTooLargeError,
    ParcelVersionError,
    WrongRecipientError,
)
from ledger.exchange.parcel import MAX_PARCEL_BYTES, Parcel
from ledger.identity.addresses import address_bytes, checksum_address, normal_address
from ledger.identity.signatures import Signature
from ledger.identity.statements import Domain

if TYPE_CHECKING:
    from ledger.identity.keys import EncryptionKey, SigningKey

MAGIC: Final = b"SBPARCEL"
VERSION: Final = 1
PARCEL_TYPE: Final = "Parcel(address giver,address recipient,bytes32 content)"
PARCEL_TYPEHASH: Final = keccak(text=PARCEL_TYPE)

_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_INFO: Final = b"smartborder:parcel:v1\0"
_HEADER_BYTES: Final = 8 + 1 + 32 + 20 + 20 + 20
_SEAL_BYTES: Final = 32 + 16  # HPKE's encapsulated key and the AEAD's tag
_SIGNATURE_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands on a parcel in clear: it can be routed by it, and nobody can change it.

    Attributes:
        domain: the contract and chain that the parcel is about.
        giver: the member address of who gives it.
        recipient: the member address of whom it is for.
    """

    domain: Domain
    giver: str
    recipient: str

    def __post_init__(self) -> None:
        for name in ("giver", "recipient"):
            object.__setattr__(self, name, normal_address(getattr(self, name), name))

    def to_bytes(self) -> bytes:
        """The header: magic (8) ‖ version (1) ‖ chain id (32) ‖ contract (20) ‖ recipient (20) ‖ giver (20)."""
        return b"".join(
            (
                MAGIC,
                bytes([VERSION]),
                self.domain.chain_id.to_bytes(32, "big"),
                address_bytes(self.domain.contract),
                address_bytes(self.recipient),
                address_bytes(self.giver),
            )
        )

    def digest(self, content: bytes) -> bytes:
        """What the giver signs (32 bytes, EIP-712): giver, recipient and the SHA-256 of the content."""
        words = (
            PARCEL_TYPEHASH,
            bytes(12) + address_bytes(self.giver),
            bytes(12) + address_bytes(self.recipient),
            hashlib.sha256(content).digest(),
        )
        return keccak(b"\x19\x01" + self.domain.separator + keccak(b"".join(words)))


@dataclass(frozen=True, slots=True)
class OpenedParcel:
    """A parcel that was opened. Nothing in it has been checked against the chain.

    Attributes:
        parcel: its content.
        envelope: what stood on it.
        giver_key: the address of the key that signed it; whether it is the giver's, the chain tells.
        sha256: the SHA-256 of the file (32 bytes).
        size_bytes: the size of the file.
    """

    parcel: Parcel
    envelope: Envelope
    giver_key: str
    sha256: bytes
    size_bytes: int


def seal_parcel(parcel: Parcel, envelope: Envelope, giver_key: SigningKey, recipient_key: bytes) -> bytes:
    """Sign and encrypt a parcel.

    Args:
        parcel: what is handed over.
        envelope: from whom, for whom, about which contract.
        giver_key: a key of the giver.
        recipient_key: the X25519 public key that the recipient registered on chain (32 bytes).

    Returns:
        The file.

    Raises:
        InputError: the recipient's key is no usable key.
        ParcelTooLargeError: the parcel is larger than :data:`MAX_PARCEL_BYTES`.
    """
    content = encode_parcel(parcel)
    size = _HEADER_BYTES + _SEAL_BYTES + _SIGNATURE_BYTES + len(content)
    if size > MAX_PARCEL_BYTES:
        raise _too_large(size)
    signature = Signature.from_recoverable(giver_key.sign_digest(envelope.digest(content)))
    header = envelope.to_bytes()
    try:
        public_key = X25519PublicKey.from_public_bytes(recipient_key)
        sealed = _SUITE.encrypt(signature.r + signature.vs + content, public_key, info=_INFO + header)
    except ValueError:
        raise InputError(
            "the recipient's encryption key is no usable X25519 key",
            where="recipient_key",
            mend="Ask the recipient to register another one.",
        ) from None
    return header + sealed


def open_parcel(data: bytes, key: EncryptionKey, domain: Domain, recipient: str) -> OpenedParcel:
    """Decrypt and read a parcel.

    Args:
        data: the file; untrusted.
        key: the recipient's encryption key.
        domain: the contract and chain that the recipient works with.
        recipient: the recipient's member address.

    Raises:
        NotAParcelError: the file is something else.
        ParcelVersionError: it is of an unknown version.
        ParcelTooLargeError: it is larger than :data:`MAX_PARCEL_BYTES`.
        OtherChainError: it is about another chain or contract.
        WrongRecipientError: it is for someone else.
        ParcelAlteredError: it was altered on its way, sealed to another key, or not made as a parcel is.
    """
    envelope = read_envelope(data)
    if envelope.domain != domain:
        raise OtherChainError(
            f"is about contract {envelope.domain.contract} on chain {envelope.domain.chain_id}, "
            f"not {domain.contract} on chain {domain.chain_id}",
            where="parcel",
            mend="Connect to the chain that it is about, or ask the giver for one about yours.",
        )
    if envelope.recipient != normal_address(recipient, "recipient"):
        raise WrongRecipientError(
            f"is for {envelope.recipient}, not for {recipient}",
            where="parcel",
            mend="Hand it to whom it is for, or ask the giver for one of your own.",
        )
    content, signature = _unsealed(data, key)
    return OpenedParcel(
        _decoded(content), envelope, _signer(signature, envelope, content), hashlib.sha256(data).digest(), len(data)
    )


def read_envelope(data: bytes) -> Envelope:
    """What stands on a parcel in clear; neither confidential nor to be trusted before the parcel is opened.

    Raises:
        NotAParcelError, ParcelVersionError, ParcelTooLargeError: as :func:`open_parcel`.
    """
    if len(data) > MAX_PARCEL_BYTES:
        raise _too_large(len(data))
    if not data.startswith(MAGIC) or len(data) < _HEADER_BYTES + _SEAL_BYTES + _SIGNATURE_BYTES:
        raise NotAParcelError("is no parcel, or was cut short", where="parcel", mend="Check the file.")
    if data[8] != VERSION:
        raise ParcelVersionError(
            f"is of version {data[8]}, and this software knows version {VERSION}",
            where="parcel",
            mend="Install a newer version, or ask the giver for a parcel of this one.",
        )
    try:
        domain = Domain(int.from_bytes(data[9:41], "big"), checksum_address(data[41:61]))
    except InputError as error:
        raise NotAParcelError(error.message, where="parcel", mend="Check the file.") from None
    return Envelope(domain, giver=checksum_address(data[81:101]), recipient=checksum_address(data[61:81]))


def _unsealed(data: bytes, key: EncryptionKey) -> tuple[bytes, bytes]:
    header, sealed = data[:_HEADER_BYTES], data[_HEADER_BYTES:]
    try:
        plain = _SUITE.decrypt(sealed, key.private_key, info=_INFO + header)
    except (InvalidTag, ValueError):
        raise ParcelAlteredError(
            "does not open: it was altered on its way, or sealed to another encryption key than yours",
            where="parcel",
            mend="Ask for it again; if you replaced your encryption key, ask for one sealed to the new one.",
        ) from None
    return plain[_SIGNATURE_BYTES:], plain[:_SIGNATURE_BYTES]


def _signer(signature: bytes, envelope: Envelope, content: bytes) -> str:
    try:
        return Signature(signature[:32], signature[32:]).signer(envelope.digest(content))
    except InputError as error:
        raise ParcelAlteredError(
            f"its giver's signature {error.message}", where="parcel", mend="Ask the giver to make it anew."
        ) from None


def _decoded(content: bytes) -> Parcel:
    try:
        return decode_parcel(content)
    except InputError as error:
        raise ParcelAlteredError(
            f"is not made as a parcel is: {error}", where="parcel", mend="Ask the giver to make it anew."
        ) from error


def _too_large(size: int) -> ParcelTooLargeError:
    return ParcelTooLargeError(
        f"{size:,} bytes are more than the {MAX_PARCEL_BYTES:,} of the largest parcel",
        where="parcel",
        mend="Give the documents in several parcels.",
    )
