"""A member's card: the public facts by which it is admitted. It is made by the member and given to an authority.

The card is signed by its own key, so that an authority admits nobody under keys that they do not have. It carries the
key's consent to be a member, which the contract asks for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from eth_utils.crypto import keccak

from ledger.errors import InputError
from ledger.identity.consent import has_consented, sign_consent
from ledger.identity.signatures import Signature
from ledger.identity.untrusted import JsonObject

if TYPE_CHECKING:
    from ledger.identity.keys import Keyring

CARD_TAG: Final = b"smartborder:card:v1\0"
MAX_PROFILE_BYTES: Final = 1000  # the contract takes less than 1 KB
PROFILE_FIELDS: Final = ("name", "gln", "aeo")


@dataclass(frozen=True, slots=True)
class Card:
    """What an authority needs to know to admit a member.

    Attributes:
        address: the member's address.
        country: ISO 3166-1 alpha-2.
        encryption_key: X25519 public key (32 bytes).
        checkpoint_key: Ed25519 public key (32 bytes).
        profile: name, and where there are any GLN and AEO number; shown to every member.
        consent: of the member's key, to be the member's (:mod:`ledger.identity.consent`).
        signature: by the member's key over all of the above but the consent, which is signed by itself.
    """

    address: str
    country: str
    encryption_key: bytes
    checkpoint_key: bytes
    profile: dict[str, str]
    consent: Signature
    signature: Signature

    @property
    def profile_json(self) -> str:
        """The profile as it goes on chain."""
        return _profile_json(self.profile)

    @classmethod
    def make(cls, keyring: Keyring, country: str, name: str, *, gln: str = "", aeo: str = "") -> Self:
        """The card of the member that has these keys.

        Raises:
            InputError: a field is missing, malformed or too long.
        """
        profile = {key: value for key, value in zip(PROFILE_FIELDS, (name, gln, aeo), strict=True) if value}
        _check(country, profile)
        encryption, checkpoint = keyring.encryption.public_bytes, keyring.checkpoint.public_bytes
        digest = _digest(keyring.address, country, encryption, checkpoint, profile)
        signature = Signature.from_recoverable(keyring.signing.sign_digest(digest))
        consent = sign_consent(keyring.address, keyring.signing)
        return cls(keyring.address, country, encryption, checkpoint, profile, consent, signature)

    def to_json(self) -> str:
        """The card as a file."""
        content = {
            "address": self.address,
            "country": self.country,
            "encryptionKey": f"0x{self.encryption_key.hex()}",
            "checkpointKey": f"0x{self.checkpoint_key.hex()}",
            "profile": self.profile,
            "consent": _signature_to_json(self.consent),
            "signature": _signature_to_json(self.signature),
        }
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str, where: str = "card") -> Self:
        """The card in a file; untrusted.

        Raises:
            InputError: it is no card, or its signature or its consent is not by its own key.
        """
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            raise InputError("is not JSON", where=where, mend="Give a file made by: smartborder key card") from None
        names = ("address", "country", "encryptionKey", "checkpointKey", "profile", "consent", "signature")
        read = JsonObject(content, where, names)
        profile_object = read.raw("profile")
        if not isinstance(profile_object, dict):
            raise read.unexpected("profile", "an object of texts")
        profile = {str(key): str(value) for key, value in profile_object.items()}
        card = cls(
            read.address("address"),
            str(read.raw("country")),
            read.hash("encryptionKey"),
            read.hash("checkpointKey"),
            profile,
            _signature_from_json(read, "consent"),
            _signature_from_json(read, "signature"),
        )
        card._check_signatures(where)
        return card

    def _check_signatures(self, where: str) -> None:
        _check(self.country, self.profile)
        digest = _digest(self.address, self.country, self.encryption_key, self.checkpoint_key, self.profile)
        signer = self.signature.signer(digest)
        if signer != self.address:
            raise InputError(
                f"the card is of {self.address} but signed by {signer}: it was altered, or is another's",
                where=where,
                mend="Ask the member for the card again.",
            )
        if not has_consented(self.consent, self.address, self.address):
            raise InputError(
                f"the consent in the card of {self.address} is not by its key, or is to something else",
                where=where,
                mend="Ask the member for the card again.",
            )


def _signature_to_json(signature: Signature) -> dict[str, str]:
    return {"r": f"0x{signature.r.hex()}", "vs": f"0x{signature.vs.hex()}"}


def _signature_from_json(card: JsonObject, name: str) -> Signature:
    read = JsonObject(card.raw(name), card.path(name), ("r", "vs"))
    return Signature(read.hash("r"), read.hash("vs"))


def _check(country: str, profile: dict[str, str]) -> None:
    if len(country) != 2 or not (country.isascii() and country.isalpha() and country.isupper()):
        raise InputError(f"'{country}' is not a country code", where="country", mend="Give two capital letters, as KR.")
    if not profile.get("name") or set(profile) - set(PROFILE_FIELDS):
        raise InputError(
            f"found {sorted(profile)}", where="profile", mend=f"Give a name, and of {PROFILE_FIELDS} what there is."
        )
    if len(_profile_json(profile).encode()) > MAX_PROFILE_BYTES:
        raise InputError("the profile is too long", where="profile", mend=f"Keep it under {MAX_PROFILE_BYTES} bytes.")


def _profile_json(profile: dict[str, str]) -> str:
    return json.dumps(profile, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _digest(address: str, country: str, encryption: bytes, checkpoint: bytes, profile: dict[str, str]) -> bytes:
    keys = bytes.fromhex(address[2:]) + country.encode() + encryption + checkpoint
    return keccak(CARD_TAG + keys + _profile_json(profile).encode())
