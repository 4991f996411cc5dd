"""Verifier keys: a name, a kind of signature and a public key, as one line of text.

::

    <key name>+<key ID, 8 hexadecimal digits>+<base64 of the signature type and the public key>

Source: C2SP signed-note, sections "Signatures" and "Verifier keys"; tlog-cosignature, section "Format".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Final

from ledger.tlog.errors import KeyMalformedError
from ledger.tlog.spellings import base64_bytes, base64_text, shown

MAX_NAME_BYTES: Final = 255  # what a cosigned message has room for (tlog-cosignature, cosigned_message)
KEY_ID_BYTES: Final = 4


class SignatureType(IntEnum):
    """The kinds of signatures that are made and checked here."""

    ED25519 = 0x01
    ED25519_COSIGNATURE = 0x04
    ML_DSA_44_COSIGNATURE = 0x06


PUBLIC_KEY_BYTES: Final = {
    SignatureType.ED25519: 32,
    SignatureType.ED25519_COSIGNATURE: 32,
    SignatureType.ML_DSA_44_COSIGNATURE: 1312,
}


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A key that signatures are verified with.

    Attributes:
        name: the key's name; of a log, its origin.
        type: the kind of signature.
        public_key: the public key's own encoding: 32 bytes of Ed25519, 1,312 of ML-DSA-44.

    Raises:
        KeyMalformedError: the name cannot be one, or the public key has another length.
    """

    name: str
    type: SignatureType
    public_key: bytes

    def __post_init__(self) -> None:
        require_key_name(self.name)
        expected = PUBLIC_KEY_BYTES[self.type]
        if len(self.public_key) != expected:
            raise KeyMalformedError(
                f"a public key of this type has {expected} bytes, found {len(self.public_key)}",
                where=self.name,
                mend="Give the whole public key in its own encoding.",
            )

    @property
    def id(self) -> bytes:
        """The key's ID (4 bytes), by which a signature line names it together with the name."""
        return sha256(self.name.encode() + b"\n" + bytes((self.type,)) + self.public_key).digest()[:KEY_ID_BYTES]

    def text(self) -> str:
        """The key as a vkey."""
        return f"{self.name}+{self.id.hex()}+{base64_text(bytes((self.type,)) + self.public_key)}"


def parse_vkey(text: str) -> VerifierKey:
    """The key that a vkey spells.

    Raises:
        KeyMalformedError: it is no vkey, is of a type not known here, or its key ID is not its own.
    """
    name, id_digits, encoded = _three_parts(text)
    material = base64_bytes(encoded)
    if not material:
        raise _malformed(text, "the last part is not base64 of a key")
    try:
        kind = SignatureType(material[0])
    except ValueError:
        known = ", ".join(f"0x{kind:02x}" for kind in SignatureType)
        raise _malformed(text, f"the signature type 0x{material[0]:02x} is none of {known}") from None
    key = VerifierKey(name, kind, material[1:])
    if key.id.hex() != id_digits:
        raise _malformed(text, f"the key ID {shown(id_digits)} is not {key.id.hex()}, which name and key give")
    return key


def is_key_name(name: str) -> bool:
    """Whether a text may be a key's name: not empty, without Unicode spaces, plus signs and control characters."""
    return (
        bool(name)
        and "+" not in name
        and not any(character.isspace() or character < " " for character in name)
        and not any("\ud800" <= character <= "\udfff" for character in name)
    )


def require_key_name(name: str) -> None:
    """Refuse what cannot be a key's name here.

    Raises:
        KeyMalformedError: it is empty, too long, or has a character that no key's name has.
    """
    if not is_key_name(name):
        raise KeyMalformedError(
            f"{shown(name)} cannot be the name of a key",
            where="name",
            mend="Give a name such as witness.example/w1, without spaces and plus signs.",
        )
    if len(name.encode()) > MAX_NAME_BYTES:
        raise KeyMalformedError(
            f"the name has {len(name.encode())} bytes, more than {MAX_NAME_BYTES}",
            where="name",
            mend="Give a shorter name.",
        )


def _three_parts(text: str) -> tuple[str, str, str]:
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise _malformed(text, "it has not three parts joined by plus signs")
    return parts[0], parts[1], parts[2]


def _malformed(text: str, problem: str) -> KeyMalformedError:
    return KeyMalformedError(
        f"{shown(text)} is no verifier key: {problem}", where="vkey", mend="Copy the whole line that its owner gave."
    )
