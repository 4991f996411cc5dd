"""Web3 Secret Storage, version 3: the encrypted key file that Ethereum tools share.

A section encrypts bytes with AES-128-CTR under a key that scrypt (or PBKDF2, in files of other tools) makes from the
password, and detects a wrong password by a Keccak-256 over the rest of that key and the ciphertext. What is read is
untrusted: the work that a file may ask for is limited.

Source: Ethereum, "Web3 Secret Storage Definition", version 3; RFC 7914 (scrypt).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from eth_utils.crypto import keccak

from ledger.identity.errors import FileUnusableError, KeystoreCorruptError, WrongPasswordError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.identity.keys import Random

Section = dict[str, Any]
"""The ``crypto`` member of a key file, as JSON."""


@dataclass(frozen=True, slots=True)
class ScryptCost:
    """The work of one guess at a password: memory is 128 · n · r bytes, time grows with n · r · p."""

    n: int = 2**18
    r: int = 8
    p: int = 1


STANDARD_COST: Final = ScryptCost()
"""About a second and 256 MiB a guess, as geth and eth-account write it."""

MAX_SCRYPT_BYTES: Final = 2**30  # what a file may ask for: four times the standard
MAX_SCRYPT_LANES: Final = 16
MAX_PBKDF2_ROUNDS: Final = 10_000_000
MAX_CONTENT_BYTES: Final = 1024
_DERIVED_BYTES: Final = 32


class PasswordKeys:
    """The keys derived from one password: sections that share salt and cost are opened at the price of one.

    Args:
        password: as typed; its UTF-8 bytes count.
    """

    def __init__(self, password: str) -> None:
        self._password = password.encode()
        self._derived: dict[tuple[object, ...], bytes] = {}

    def scrypt(self, cost: ScryptCost, salt: bytes) -> bytes:
        """32 bytes by scrypt (RFC 7914)."""
        return self._derive(
            (cost, salt), lambda: Scrypt(salt, _DERIVED_BYTES, cost.n, cost.r, cost.p).derive(self._password)
        )

    def pbkdf2(self, rounds: int, salt: bytes) -> bytes:
        """32 bytes by PBKDF2 with HMAC-SHA-256 (RFC 8018)."""
        return self._derive(
            (rounds, salt), lambda: PBKDF2HMAC(SHA256(), _DERIVED_BYTES, salt, rounds).derive(self._password)
        )

    def _derive(self, parameters: tuple[object, ...], work: Callable[[], bytes]) -> bytes:
        if parameters not in self._derived:
            try:
                self._derived[parameters] = work()
            except MemoryError:
                raise FileUnusableError(
                    "there is not enough memory to open a key file (most take 256 MiB)",
                    where="password",
                    mend="Close other programs, then do it again.",
                ) from None
        return self._derived[parameters]


def encrypt_section(
    content: bytes, keys: PasswordKeys, salt: bytes, random: Random, cost: ScryptCost = STANDARD_COST
) -> Section:
    """Encrypt secret bytes.

    Args:
        content: at most :data:`MAX_CONTENT_BYTES`.
        keys: of the password.
        salt: 32 random bytes; sections of one password may share them, since each has its own counter block.
        random: for the counter block.
        cost: the scrypt work.
    """
    derived = keys.scrypt(cost, salt)
    counter = random(16)
    ciphertext = _aes_ctr(derived, counter, content)
    return {
        "cipher": "aes-128-ctr",
        "cipherparams": {"iv": counter.hex()},
        "ciphertext": ciphertext.hex(),
        "kdf": "scrypt",
        "kdfparams": {"dklen": _DERIVED_BYTES, "n": cost.n, "p": cost.p, "r": cost.r, "salt": salt.hex()},
        "mac": keccak(derived[16:] + ciphertext).hex(),
    }


def decrypt_section(section: object, keys: PasswordKeys, where: str) -> bytes:
    """The secret bytes of a section.

    Args:
        section: the ``crypto`` member of a key file, as parsed from JSON; untrusted.
        keys: of the password.
        where: the file, for messages.

    Raises:
        KeystoreCorruptError: it is no section of version 3, or asks for more work than is sound.
        WrongPasswordError: the password is not the one that it was encrypted with.
    """
    read = _Reader(section, where)
    if read.text("cipher") != "aes-128-ctr":
        raise read.corrupt(f"the cipher '{read.text('cipher')}' is not aes-128-ctr")
    ciphertext, mac = read.hex("ciphertext"), read.hex("mac")
    counter = read.member("cipherparams").hex("iv")
    if len(counter) != 16 or not 0 < len(ciphertext) <= MAX_CONTENT_BYTES:
        raise read.corrupt("the iv or the ciphertext has the wrong length")
    derived = _key_derivation(read)(keys)
    if not hmac.compare_digest(keccak(derived[16:] + ciphertext), mac):
        raise WrongPasswordError(
            "the password does not open this file", where=where, mend="Try again; capital and small letters count."
        )
    return _aes_ctr(derived, counter, ciphertext)


def _key_derivation(read: _Reader) -> Callable[[PasswordKeys], bytes]:
    parameters = read.member("kdfparams")
    salt = parameters.hex("salt")
    if parameters.number("dklen") != _DERIVED_BYTES:
        raise parameters.corrupt("dklen is not 32")
    kdf = read.text("kdf")
    if kdf == "scrypt":
        cost = ScryptCost(parameters.number("n"), parameters.number("r"), parameters.number("p"))
        _require_sound_cost(cost, read)
        return partial(PasswordKeys.scrypt, cost=cost, salt=salt)
    if kdf == "pbkdf2" and parameters.text("prf") == "hmac-sha256":
        rounds = parameters.number("c")
        if not 0 < rounds <= MAX_PBKDF2_ROUNDS:
            raise read.corrupt(f"{rounds} rounds of PBKDF2 are outside 1 to {MAX_PBKDF2_ROUNDS}")
        return partial(PasswordKeys.pbkdf2, rounds=rounds, salt=salt)
    raise read.corrupt(f"the key derivation '{kdf}' is neither scrypt nor pbkdf2 with hmac-sha256")


def _require_sound_cost(cost: ScryptCost, read: _Reader) -> None:
    power_of_two = cost.n > 1 and cost.n & (cost.n - 1) == 0
    within_rfc_7914 = cost.r > 0 and cost.n.bit_length() <= 16 * cost.r  # n < 2^(128 · r / 8)
    sound = power_of_two and within_rfc_7914 and 0 < cost.p <= MAX_SCRYPT_LANES
    if not sound or 128 * cost.n * cost.r > MAX_SCRYPT_BYTES:
        raise read.corrupt(f"scrypt with n={cost.n}, r={cost.r}, p={cost.p} is unsound or asks for too much work")


def _aes_ctr(derived: bytes, counter: bytes, content: bytes) -> bytes:
    encryptor = Cipher(AES(derived[:16]), CTR(counter)).encryptor()
    return encryptor.update(content) + encryptor.finalize()


class _Reader:
    """Reads members of untrusted JSON, each of the type that it must have."""

    def __init__(self, value: object, where: str) -> None:
        self._where = where
        if not isinstance(value, dict):
            raise self.corrupt("an object is missing")
        self._value: dict[str, object] = value

    def member(self, name: str) -> _Reader:
        return _Reader(self._value.get(name), self._where)

    def text(self, name: str) -> str:
        value = self._value.get(name)
        if not isinstance(value, str):
            raise self.corrupt(f"'{name}' is missing or no text")
        return value

    def number(self, name: str) -> int:
        value = self._value.get(name)
        if type(value) is not int:
            raise self.corrupt(f"'{name}' is missing or no whole number")
        return value

    def hex(self, name: str) -> bytes:
        try:
            return bytes.fromhex(self.text(name).removeprefix("0x"))
        except ValueError:
            raise self.corrupt(f"'{name}' is not hexadecimal") from None

    def corrupt(self, problem: str) -> KeystoreCorruptError:
        return KeystoreCorruptError(
            f"is no key file of Web3 Secret Storage version 3: {problem}",
            where=self._where,
            mend="Use the file as it was written, or restore it from a copy.",
        )
