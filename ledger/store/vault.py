"""What closes the confidential columns of a store.

Each value is sealed with AES-256-GCM under a key that HKDF derives from the store key, with its place (table, column,
row) as associated data: a value moved to another row does not open. A UCR is found again by a keyed tag.

Sources: NIST SP 800-38D (GCM), RFC 5869 (HKDF), RFC 2104 (HMAC).
"""

from __future__ import annotations

import hmac
import os
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ledger.errors import InputError
from ledger.store.errors import StoreDamagedError

if TYPE_CHECKING:
    from collections.abc import Callable

_NONCE_BYTES: Final = 12


class Vault:
    """Seals and opens values of one store.

    Args:
        key: the store key (32 bytes; :meth:`ledger.identity.keys.Keyring.store_key`).
        random: for nonces.

    Raises:
        InputError: the key is not 32 bytes.
    """

    def __init__(self, key: bytes, random: Callable[[int], bytes] = os.urandom) -> None:
        if len(key) != 32:
            raise InputError(
                f"expected a store key of 32 bytes, found {len(key)}", where="key", mend="Take it from the keyring."
            )
        self._cipher = AESGCM(_derive(key, b"smartborder:store:columns:v1"))
        self._tag_key = _derive(key, b"smartborder:store:tags:v1")
        self._random = random

    def seal(self, value: bytes, place: str, row: bytes) -> bytes:
        """A value as it is kept: nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes).

        Args:
            value: what is confidential.
            place: ``table.column``.
            row: the row's key.
        """
        nonce = self._random(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, value, _associated(place, row))

    def unseal(self, sealed: bytes, place: str, row: bytes) -> bytes:
        """The value.

        Raises:
            StoreDamagedError: it was not sealed for this place under this key.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _associated(place, row))
        except (InvalidTag, ValueError, TypeError):  # a value of another type: put there by another program
            raise StoreDamagedError(
                "a confidential value was altered or moved",
                where=f"{place} of {row.hex()}",
                mend="Restore the store from a copy.",
            ) from None

    def tag(self, text: str) -> bytes:
        """A keyed tag by which a confidential text is found again (32 bytes)."""
        return hmac.digest(self._tag_key, text.encode(), "sha256")


def _derive(key: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=info).derive(key)


def _associated(place: str, row: bytes) -> bytes:
    return place.encode() + b"\0" + row
