"""A member's keystore: a folder (0700) with two encrypted files (0600).

``signing.json`` is an ordinary Web3 key file, which other Ethereum tools open; ``member.json`` has the same form and
holds the X25519, Ed25519 and storage secrets, which such tools do not know. Both are encrypted under one password
(docs/keys.md).

Example::

    keystore = Keystore(Path("keys"))
    keystore.create(Keyring.generate(), password)
    address = keystore.address                  # no password needed
    keyring = keystore.unlock(password)
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from ledger.errors import InputError
from ledger.identity.addresses import address_bytes, checksum_address
from ledger.identity.errors import KeystoreCorruptError
from ledger.identity.keyfile import STANDARD_COST, PasswordKeys, ScryptCost, decrypt_section, encrypt_section
from ledger.identity.keys import CheckpointKey, EncryptionKey, Keyring, Random, SigningKey, StorageSecret
from ledger.identity.private_files import read_private, replace_private, write_private

if TYPE_CHECKING:
    from pathlib import Path

SIGNING_FILE: Final = "signing.json"
MEMBER_FILE: Final = "member.json"
MIN_PASSWORD_LENGTH: Final = 8


class Keystore:
    """The encrypted keys of one member in one folder.

    Args:
        folder: where the files are or will be.
        cost: the scrypt work for files that are written.
        random: for salts and counter blocks.
    """

    def __init__(self, folder: Path, *, cost: ScryptCost = STANDARD_COST, random: Random = os.urandom) -> None:
        self.folder = folder
        self._cost = cost
        self._random = random

    def create(self, keyring: Keyring, password: str) -> None:
        """Write a new keystore.

        Raises:
            InputError: the password is shorter than eight characters.
            FileTakenError: there is one already; it is left as it is.
            FileExposedError: the folder is open to others.
            FileUnusableError: the folder or a file cannot be written.
        """
        keys, salt = self._new_password(password)
        secrets = keyring.encryption.reveal() + keyring.checkpoint.reveal() + keyring.storage.reveal()
        public = {
            "encryption": keyring.encryption.public_bytes.hex(),
            "checkpoint": keyring.checkpoint.public_bytes.hex(),
        }
        write_private(self._member_file, self._encrypt(public, secrets, keys, salt))
        write_private(self._signing_file, self._encrypt_signing(keyring.signing, keys, salt))

    @property
    def address(self) -> str:
        """The address of the signing key, read without the password (EIP-55).

        Raises:
            KeystoreMissingError, KeystoreCorruptError, FileExposedError, FileUnusableError: the file cannot be used.
        """
        return _stored_address(_parse(self._signing_file), self._signing_file)

    def unlock(self, password: str) -> Keyring:
        """The member's keys.

        Raises:
            WrongPasswordError: the password does not open them.
            KeystoreMissingError: there is no keystore here.
            KeystoreCorruptError: a file is damaged or of another kind.
            FileExposedError: a file is open to others.
            FileUnusableError: a file cannot be read.
        """
        keys = PasswordKeys(password)
        signing = _decrypt_signing(self._signing_file, keys)
        content = _parse(self._member_file)
        secrets = decrypt_section(content.get("crypto"), keys, str(self._member_file))
        if len(secrets) != 96:
            raise _corrupt(self._member_file, f"it holds {len(secrets)} secret bytes, not 96")
        encryption, checkpoint = EncryptionKey(secrets[:32]), CheckpointKey(secrets[32:64])
        if (content.get("encryption"), content.get("checkpoint")) != (
            encryption.public_bytes.hex(),
            checkpoint.public_bytes.hex(),
        ):
            raise _corrupt(self._member_file, "its public keys are not those of its secrets")
        return Keyring(signing, encryption, checkpoint, StorageSecret(secrets[64:]))

    def replace_signing_key(self, new: SigningKey, password: str) -> Path:
        """Put a new signing key in place of the old one, whose file stays under its address.

        Args:
            new: the key to use from now on.
            password: the one that opens this keystore.

        Returns:
            Where the old key is kept now.

        Raises:
            As :meth:`unlock` and :meth:`create`; nothing has changed then.
        """
        old = self.unlock(password).signing
        kept = self.folder / f"signing-{old.address}.json"
        if not kept.exists():  # it does after an interrupted replacement
            write_private(kept, read_private(self._signing_file))
        keys, salt = self._new_password(password)
        replace_private(self._signing_file, self._encrypt_signing(new, keys, salt))
        return kept

    @property
    def _signing_file(self) -> Path:
        return self.folder / SIGNING_FILE

    @property
    def _member_file(self) -> Path:
        return self.folder / MEMBER_FILE

    def _new_password(self, password: str) -> tuple[PasswordKeys, bytes]:
        if len(password) < MIN_PASSWORD_LENGTH:
            raise InputError(
                f"the password has fewer than {MIN_PASSWORD_LENGTH} characters",
                where="password",
                mend="Choose a longer one; several words are easy to keep in mind and hard to guess.",
            )
        return PasswordKeys(password), self._random(32)

    def _encrypt_signing(self, key: SigningKey, keys: PasswordKeys, salt: bytes) -> bytes:
        return self._encrypt({"address": key.address[2:].lower()}, key.reveal(), keys, salt)

    def _encrypt(self, public: dict[str, str], secret: bytes, keys: PasswordKeys, salt: bytes) -> bytes:
        content = {
            **public,
            "crypto": encrypt_section(secret, keys, salt, self._random, self._cost),
            "id": str(UUID(bytes=self._random(16), version=4)),
            "version": 3,
        }
        return json.dumps(content, indent=2).encode() + b"\n"


def read_key_file(path: Path, password: str) -> SigningKey:
    """The signing key in a Web3 key file, of this or another tool.

    Raises:
        As :meth:`Keystore.unlock`.
    """
    return _decrypt_signing(path, PasswordKeys(password))


def _decrypt_signing(path: Path, keys: PasswordKeys) -> SigningKey:
    content = _parse(path)
    secret = decrypt_section(content.get("crypto", content.get("Crypto")), keys, str(path))
    try:
        key = SigningKey(secret)
    except InputError as error:
        raise _corrupt(path, error.message) from None
    if "address" in content and _stored_address(content, path) != key.address:
        raise _corrupt(path, f"its address is not that of its key, {key.address}")
    return key


def _stored_address(content: dict[str, Any], path: Path) -> str:
    stored = content.get("address")
    try:
        return checksum_address(address_bytes(f"0x{str(stored).removeprefix('0x').lower()}"))
    except InputError:
        raise _corrupt(path, f"'{stored}' is no address") from None


def _parse(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(read_private(path))
    except (ValueError, RecursionError):
        raise _corrupt(path, "it is not JSON") from None
    if not isinstance(content, dict) or content.get("version") != 3:
        raise _corrupt(path, "its version is not 3")
    return content


def _corrupt(path: Path, problem: str) -> KeystoreCorruptError:
    return KeystoreCorruptError(
        f"is not a usable key file: {problem}",
        where=str(path),
        mend="Use the file as it was written, or restore it from a copy.",
    )
