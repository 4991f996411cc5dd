"""The keys of a witness, which an authority's cosignatures on logs are made with; they sign nothing else.

``witness.json`` lies in the keystore's folder in the form of the other key files (docs/keys.md): encrypted are the
seeds of an Ed25519 and an ML-DSA-44 key, in clear are the witness's name and the public keys, so that they can be given
to logs without the password.

Example::

    keystore = WitnessKeystore(home.keystore.folder)
    keystore.create(WitnessKeys.generate("customs.example/witness"), password)
    keystore.public.name                        # no password needed
    keys = keystore.unlock(password)

Sources: C2SP tlog-cosignature, "Format" (every witness needs a key of its own); RFC 8032; FIPS 204 (the seed of
algorithm 1).
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from ledger.errors import InputError
from ledger.identity.errors import KeystoreCorruptError
from ledger.identity.keyfile import STANDARD_COST, PasswordKeys, ScryptCost, decrypt_section, encrypt_section
from ledger.identity.keystore import MIN_PASSWORD_LENGTH
from ledger.identity.private_files import read_private, write_private

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.identity.keys import Random

WITNESS_FILE: Final = "witness.json"
_SEED_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class WitnessPublicKeys:
    """What everybody may know of a witness.

    Attributes:
        name: its name in cosignatures.
        ed25519: its Ed25519 public key (32 bytes).
        ml_dsa_44: its ML-DSA-44 public key (1,312 bytes).
    """

    name: str
    ed25519: bytes
    ml_dsa_44: bytes


@dataclass(frozen=True, slots=True)
class WitnessKeys:
    """The keys of a witness, unlocked; their seeds stay out of ``repr``.

    Attributes:
        name: the witness's name in cosignatures.

    Raises:
        InputError: a seed has not 32 bytes.
    """

    name: str
    _ed25519_seed: bytes = field(repr=False)
    _ml_dsa_44_seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if (len(self._ed25519_seed), len(self._ml_dsa_44_seed)) != (_SEED_BYTES, _SEED_BYTES):
            raise InputError("expected two seeds of 32 bytes", where="key", mend="Give exactly 32 bytes each.")

    @classmethod
    def generate(cls, name: str, random: Random = os.urandom) -> Self:
        """New keys from twice 32 random bytes."""
        return cls(name, random(_SEED_BYTES), random(_SEED_BYTES))

    @property
    def ed25519(self) -> Ed25519PrivateKey:
        """The Ed25519 key as ``cryptography`` takes it."""
        return Ed25519PrivateKey.from_private_bytes(self._ed25519_seed)

    @property
    def ml_dsa_44(self) -> MLDSA44PrivateKey:
        """The ML-DSA-44 key as ``cryptography`` takes it."""
        return MLDSA44PrivateKey.from_seed_bytes(self._ml_dsa_44_seed)

    @property
    def public(self) -> WitnessPublicKeys:
        """The public keys."""
        keys = (self.ed25519.public_key(), self.ml_dsa_44.public_key())
        return WitnessPublicKeys(self.name, keys[0].public_bytes_raw(), keys[1].public_bytes_raw())

    def reveal(self) -> bytes:
        """Both seeds (64 bytes): for writing them encrypted, never for showing them."""
        return self._ed25519_seed + self._ml_dsa_44_seed

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("the keys of a witness are never pickled")


class WitnessKeystore:
    """The encrypted keys of one witness.

    Args:
        folder: the keystore's folder.
        cost: the scrypt work for the file that is written.
        random: for salt and counter block.
    """

    def __init__(self, folder: Path, *, cost: ScryptCost = STANDARD_COST, random: Random = os.urandom) -> None:
        self.path = folder / WITNESS_FILE
        self._cost = cost
        self._random = random

    def create(self, keys: WitnessKeys, password: str) -> None:
        """Write the keys of a new witness.

        Raises:
            InputError: the password is shorter than eight characters.
            FileTakenError: there are some already; they are left as they are.
            FileExposedError, FileUnusableError: the folder or the file cannot be used.
        """
        if len(password) < MIN_PASSWORD_LENGTH:
            raise InputError(
                f"the password has fewer than {MIN_PASSWORD_LENGTH} characters",
                where="password",
                mend="Take the one that opens this keystore.",
            )
        public = keys.public
        content = {
            "witness": public.name,
            "ed25519": public.ed25519.hex(),
            "mlDsa44": public.ml_dsa_44.hex(),
            "crypto": encrypt_section(
                keys.reveal(), PasswordKeys(password), self._random(32), self._random, self._cost
            ),
            "id": str(UUID(bytes=self._random(16), version=4)),
            "version": 3,
        }
        write_private(self.path, json.dumps(content, indent=2).encode() + b"\n")

    @property
    def exists(self) -> bool:
        """Whether there are keys of a witness."""
        return self.path.exists()

    @property
    def public(self) -> WitnessPublicKeys:
        """Name and public keys, read without the password; :meth:`unlock` makes sure that they are those of the seeds.

        Raises:
            KeystoreMissingError, KeystoreCorruptError, FileExposedError, FileUnusableError: the file cannot be used.
        """
        return self._public(self._parse())

    def unlock(self, password: str) -> WitnessKeys:
        """The witness's keys.

        Raises:
            WrongPasswordError: the password does not open them.
            KeystoreMissingError: there are none here.
            KeystoreCorruptError: the file is damaged or of another kind.
            FileExposedError, FileUnusableError: it cannot be used.
        """
        content = self._parse()
        public = self._public(content)
        secrets = decrypt_section(content.get("crypto"), PasswordKeys(password), str(self.path))
        if len(secrets) != 2 * _SEED_BYTES:
            raise self._corrupt(f"it holds {len(secrets)} secret bytes, not {2 * _SEED_BYTES}")
        keys = WitnessKeys(public.name, secrets[:_SEED_BYTES], secrets[_SEED_BYTES:])
        if keys.public != public:
            raise self._corrupt("its public keys are not those of its secrets")
        return keys

    def _parse(self) -> dict[str, object]:
        try:
            content = json.loads(read_private(self.path))
        except (ValueError, RecursionError):
            raise self._corrupt("it is not JSON") from None
        if not isinstance(content, dict) or content.get("version") != 3:
            raise self._corrupt("its version is not 3")
        return content

    def _public(self, content: dict[str, object]) -> WitnessPublicKeys:
        name = content.get("witness")
        if not isinstance(name, str):
            raise self._corrupt("the name of the witness is missing")
        try:
            ed25519, ml_dsa_44 = (bytes.fromhex(str(content.get(member))) for member in ("ed25519", "mlDsa44"))
        except ValueError:
            raise self._corrupt("a public key is missing or not hexadecimal") from None
        return WitnessPublicKeys(name, ed25519, ml_dsa_44)

    def _corrupt(self, problem: str) -> KeystoreCorruptError:
        return KeystoreCorruptError(
            f"is not a witness's key file: {problem}",
            where=str(self.path),
            mend="Use the file as it was written, or restore it from a copy.",
        )
