"""A key's consent to speak for a member: no address becomes a member's or a key's without proof that it wants to.

The new key signs the pair of member and key. The domain names neither chain nor contract, since a member makes its card
before it knows them; the pair alone makes the consent of use to nobody else. For a member's own address both are the
same. Sources: EIP-712, EIP-2098, docs/formats.md ("Key consent").

    consent = sign_consent(member, new_key)
    assert consent.signer(consent_digest(member, new_key.address)) == new_key.address
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from eth_utils.crypto import keccak

from ledger.errors import InputError
from ledger.identity.addresses import address_bytes, normal_address
from ledger.identity.errors import SignatureMalformedError
from ledger.identity.signatures import Signature
from ledger.identity.statements import DOMAIN_NAME, DOMAIN_VERSION

if TYPE_CHECKING:
    from ledger.identity.keys import SigningKey

CONSENT_TYPE: Final = "KeyConsent(address member,address key)"
CONSENT_TYPEHASH: Final = keccak(text=CONSENT_TYPE)
_DOMAIN_SEPARATOR: Final = keccak(
    keccak(text="EIP712Domain(string name,string version)") + keccak(text=DOMAIN_NAME) + keccak(text=DOMAIN_VERSION)
)
_TEXT: Final = re.compile(r"0x[0-9a-fA-F]{128}", re.ASCII)


def consent_digest(member: str, key: str) -> bytes:
    """What a key signs to become a key of a member (32 bytes, EIP-712).

    Args:
        member: the member's own address.
        key: the key's address; the member's own, where it becomes a member.
    """
    struct = keccak(CONSENT_TYPEHASH + _word(member, "member") + _word(key, "key"))
    return keccak(b"\x19\x01" + _DOMAIN_SEPARATOR + struct)


def sign_consent(member: str, key: SigningKey) -> Signature:
    """The consent of a key to be a key of a member.

    Args:
        member: the member's own address.
        key: the key that consents.
    """
    return Signature.from_recoverable(key.sign_digest(consent_digest(member, key.address)))


def has_consented(consent: Signature, member: str, key: str) -> bool:
    """Whether this is the consent of ``key`` to be a key of ``member``."""
    try:
        return consent.signer(consent_digest(member, key)) == normal_address(key, "key")
    except SignatureMalformedError:
        return False


def consent_to_text(consent: Signature) -> str:
    """A consent as a person passes it on: ``0x``, then r and vs (128 hexadecimal digits)."""
    return f"0x{consent.r.hex()}{consent.vs.hex()}"


def consent_from_text(text: str, where: str = "consent") -> Signature:
    """The consent in a text; untrusted. Whose it is, :func:`has_consented` tells.

    Raises:
        InputError: it is no signature in this form.
    """
    if not _TEXT.fullmatch(text):
        raise InputError(
            f"expected 0x and 128 hexadecimal digits, found {len(text)} characters",
            where=where,
            mend="Copy the whole text again, or make it with the new key: smartborder key consent MEMBER_ADDRESS",
        )
    raw = bytes.fromhex(text[2:])
    return Signature(raw[:32], raw[32:])


def _word(address: str, where: str) -> bytes:
    return bytes(12) + address_bytes(address, where)
