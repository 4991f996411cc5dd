"""The keys of a member: to sign statements, to receive parcels, to sign checkpoints, and to close its store.

No key shows its secret in ``repr``, ``str`` or a log; each gives it only to :meth:`reveal`.

Sources: SEC 2 (secp256k1), RFC 6979 (deterministic ECDSA), RFC 7748 (X25519), RFC 8032 (Ed25519), RFC 5869 (HKDF).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Self

from coincurve import PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from eth_utils.crypto import keccak

from ledger.errors import InputError
from ledger.identity.addresses import checksum_address

Random = Callable[[int], bytes]
"""Gives that many random bytes, as ``os.urandom`` does; a test passes its own."""

CURVE_ORDER: Final = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
_STORE_INFO: Final = b"smartborder:store-key:v1"


@dataclass(frozen=True, slots=True)
class _Secret:
    """32 secret bytes that stay out of ``repr``, and compare like values."""

    _secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self._secret, bytes) or len(self._secret) != 32:
            raise InputError("expected a secret of 32 bytes", where="key", mend="Give exactly 32 bytes.")

    @classmethod
    def generate(cls, random: Random = os.urandom) -> Self:
        """A new key from 32 random bytes."""
        return cls(random(32))

    def reveal(self) -> bytes:
        """The secret itself (32 bytes): for writing it encrypted, never for showing it."""
        return self._secret

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError(f"a {type(self).__name__} is never pickled")


@dataclass(frozen=True, slots=True)
class SigningKey(_Secret):
    """The secp256k1 key that signs a member's statements.

    Raises:
        InputError: the secret is not 32 bytes, or no number from 1 to the curve's order less one.
    """

    address: str = field(init=False)
    _key: PrivateKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _Secret.__post_init__(self)
        if not 0 < int.from_bytes(self._secret, "big") < CURVE_ORDER:
            raise InputError("the secret is outside the range of secp256k1", where="key", mend="Generate another key.")
        key = PrivateKey(self._secret)
        object.__setattr__(self, "_key", key)
        object.__setattr__(self, "address", public_key_address(key.public_key.format(compressed=False)))

    def sign_digest(self, digest: bytes) -> bytes:
        """An ECDSA signature as r ‖ s ‖ y parity (65 bytes), deterministic (RFC 6979), with s in the lower half.

        Args:
            digest: what is signed (32 bytes).
        """
        if len(digest) != 32:
            raise InputError(f"expected 32 bytes, found {len(digest)}", where="digest", mend="Give a digest.")
        return self._key.sign_recoverable(digest, hasher=None)


@dataclass(frozen=True, slots=True)
class EncryptionKey(_Secret):
    """The X25519 key that a member's parcels are sealed to."""

    @property
    def private_key(self) -> X25519PrivateKey:
        """The key as ``cryptography`` takes it."""
        return X25519PrivateKey.from_private_bytes(self._secret)

    @property
    def public_bytes(self) -> bytes:
        """The public key that is registered on chain (32 bytes)."""
        return self.private_key.public_key().public_bytes_raw()


@dataclass(frozen=True, slots=True)
class CheckpointKey(_Secret):
    """The Ed25519 key that signs the checkpoints of a member's event log."""

    @property
    def private_key(self) -> Ed25519PrivateKey:
        """The key as ``cryptography`` takes it."""
        return Ed25519PrivateKey.from_private_bytes(self._secret)

    @property
    def public_bytes(self) -> bytes:
        """The public key that is registered on chain (32 bytes)."""
        return self.private_key.public_key().public_bytes_raw()


@dataclass(frozen=True, slots=True)
class StorageSecret(_Secret):
    """The secret that closes a member's store. It stays when the other keys are replaced."""

    def store_key(self) -> bytes:
        """The key of the store's confidential columns (32 bytes; HKDF-SHA256)."""
        return HKDF(SHA256(), length=32, salt=None, info=_STORE_INFO).derive(self._secret)


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys of a member, unlocked."""

    signing: SigningKey
    encryption: EncryptionKey
    checkpoint: CheckpointKey
    storage: StorageSecret

    @classmethod
    def generate(cls, random: Random = os.urandom) -> Self:
        """New keys of every kind."""
        return cls(
            SigningKey.generate(random),
            EncryptionKey.generate(random),
            CheckpointKey.generate(random),
            StorageSecret.generate(random),
        )

    @property
    def address(self) -> str:
        """The address of the signing key (EIP-55)."""
        return self.signing.address

    def store_key(self) -> bytes:
        """The key of the store's confidential columns (32 bytes)."""
        return self.storage.store_key()


def public_key_address(public_key: bytes) -> str:
    """The address of a secp256k1 public key.

    Args:
        public_key: uncompressed (65 bytes, ``04 ‖ x ‖ y``).
    """
    return checksum_address(keccak(public_key[1:])[12:])
