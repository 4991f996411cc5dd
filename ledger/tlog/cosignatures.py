r"""Cosignatures: a witness's word that a log only grew, as of a time.

Two kinds are made and checked: of Ed25519 (type 0x04) over ::

    cosignature/v1
    time 1679315147
    <the checkpoint's text>

and of ML-DSA-44 (type 0x06, FIPS 204, with an empty context) over ``subtree/v1\n\0`` · name · time · origin · start ·
end · hash, which also names the witness and can speak of a part of a tree. In a note both are the time (8 bytes,
big-endian) and the signature.

Source: C2SP tlog-cosignature; for subtrees also draft-ietf-plants-merkle-tree-certs, section 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from ledger.errors import InputError
from ledger.tlog.checkpoints import parse_checkpoint
from ledger.tlog.errors import CheckpointMalformedError
from ledger.tlog.merkle import HASH_BYTES, MAX_SIZE
from ledger.tlog.notes import Ed25519Verifier, Signature, ed25519_verifies
from ledger.tlog.vkeys import MAX_NAME_BYTES, SignatureType, VerifierKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

    from ledger.tlog.notes import Verifier

MAX_TIME: Final = 2**63 - 1
_TIME_BYTES: Final = 8
_ED25519_BYTES: Final = 64
_ML_DSA_44_BYTES: Final = 2420
_SUBTREE_LABEL: Final = b"subtree/v1\n\0"


@dataclass(frozen=True, slots=True)
class Subtree:
    """A part of a log's tree: the entries from ``start`` up to and without ``end``.

    Attributes:
        origin: the log's name.
        start: the first entry; a multiple of the least power of two that is not below the number of entries.
        end: the entry after the last.
        root: the Merkle tree hash of these entries (32 bytes).

    Raises:
        InputError: that is no subtree.
    """

    origin: str
    start: int
    end: int
    root: bytes

    def __post_init__(self) -> None:
        length = self.end - self.start
        whole = self.start == 0 and self.end == 0
        aligned = 0 <= self.start < self.end <= MAX_SIZE and self.start % (1 << (length - 1).bit_length()) == 0
        if not (whole or aligned):
            raise InputError(
                f"the entries {self.start} to {self.end} are no subtree",
                where="subtree",
                mend="Start at a multiple of the least power of two that holds them.",
            )
        if len(self.root) != HASH_BYTES:
            raise InputError("a hash has 32 bytes", where="subtree", mend="Give the subtree's Merkle tree hash.")


class Cosigner(Protocol):
    """What cosigns with one key of a witness."""

    @property
    def key(self) -> VerifierKey:
        """The key that verifies the cosignatures."""
        ...

    def cosign(self, text: str, time: int) -> Signature:
        """A cosignature on a checkpoint.

        Args:
            text: the checkpoint's text.
            time: when it was seen (seconds since 1970, UTC), above 0.
        """
        ...


@dataclass(frozen=True, slots=True)
class Ed25519Cosigner:
    """Cosigns with Ed25519. Every witness needs a key of its own: what is signed does not name it.

    Attributes:
        name: the witness's name.
        private_key: the key.
    """

    name: str
    private_key: Ed25519PrivateKey

    @property
    def key(self) -> VerifierKey:
        """The key that verifies the cosignatures."""
        public = self.private_key.public_key().public_bytes_raw()
        return VerifierKey(self.name, SignatureType.ED25519_COSIGNATURE, public)

    def cosign(self, text: str, time: int) -> Signature:
        """A cosignature on a checkpoint's text, as of a time.

        Raises:
            CheckpointMalformedError: the text is no checkpoint.
            InputError: the time is outside the format.
        """
        parse_checkpoint(text)
        _require_time(time)
        value = self.private_key.sign(ed25519_message(text, time))
        return Signature(self.name, self.key.id, time.to_bytes(_TIME_BYTES, "big") + value)


@dataclass(frozen=True, slots=True)
class MlDsa44Cosigner:
    """Cosigns with ML-DSA-44.

    Attributes:
        name: the witness's name.
        private_key: the key.
    """

    name: str
    private_key: MLDSA44PrivateKey

    @property
    def key(self) -> VerifierKey:
        """The key that verifies the cosignatures."""
        public = self.private_key.public_key().public_bytes_raw()
        return VerifierKey(self.name, SignatureType.ML_DSA_44_COSIGNATURE, public)

    def cosign(self, text: str, time: int) -> Signature:
        """A cosignature on a checkpoint's text, as of a time.

        Raises:
            CheckpointMalformedError: the text is no checkpoint.
            InputError: the time is outside the format, the origin is longer than it has room for, or there are
                extension lines, which it would not cover.
        """
        _require_time(time)
        if parse_checkpoint(text).extensions:
            raise InputError(
                "extension lines are not covered by cosignatures of ML-DSA-44",
                where="checkpoint",
                mend="Sign checkpoints without them, or have an Ed25519 key cosign.",
            )
        return self._sign(_whole_tree(text), time)

    def cosign_subtree(self, subtree: Subtree, time: int = 0) -> Signature:
        """A cosignature on a part of a tree.

        Args:
            subtree: the part.
            time: 0, or, of a part that begins with the first entry, when it was the largest tree seen.

        Raises:
            InputError: a part that begins later has a time, or the format has no room for the time or the origin.
        """
        if time:
            _require_time(time)
        return self._sign(subtree, time)

    def _sign(self, subtree: Subtree, time: int) -> Signature:
        value = self.private_key.sign(ml_dsa_44_message(self.name, subtree, time))
        return Signature(self.name, self.key.id, time.to_bytes(_TIME_BYTES, "big") + value)


@dataclass(frozen=True, slots=True)
class Ed25519CosignatureVerifier:
    """Verifies cosignatures of Ed25519 (type 0x04).

    Attributes:
        key: the key, of the type ``ED25519_COSIGNATURE``.
    """

    key: VerifierKey

    def verifies(self, text: str, value: bytes) -> bool:
        """Whether this key cosigned a checkpoint's text."""
        time = int.from_bytes(value[:_TIME_BYTES], "big")
        if len(value) != _TIME_BYTES + _ED25519_BYTES or time > MAX_TIME or not _is_checkpoint(text):
            return False
        return ed25519_verifies(self.key.public_key, value[_TIME_BYTES:], ed25519_message(text, time))


@dataclass(frozen=True, slots=True)
class MlDsa44CosignatureVerifier:
    """Verifies cosignatures of ML-DSA-44 (type 0x06).

    Attributes:
        key: the key, of the type ``ML_DSA_44_COSIGNATURE``.
    """

    key: VerifierKey

    def verifies(self, text: str, value: bytes) -> bool:
        """Whether this key cosigned a checkpoint's text.

        Not where it has extension lines: they are not part of what was signed, and would pass for verified.
        """
        return _is_checkpoint(text, extensions=False) and self.verifies_subtree(_whole_tree(text), value)

    def verifies_subtree(self, subtree: Subtree, value: bytes) -> bool:
        """Whether this key cosigned a part of a tree.

        Args:
            subtree: the part.
            value: the time and the signature (8 and 2,420 bytes).
        """
        time = int.from_bytes(value[:_TIME_BYTES], "big")
        if len(value) != _TIME_BYTES + _ML_DSA_44_BYTES:
            return False
        try:
            message = ml_dsa_44_message(self.key.name, subtree, time)
            MLDSA44PublicKey.from_public_bytes(self.key.public_key).verify(value[_TIME_BYTES:], message)
        except (InputError, InvalidSignature, ValueError):
            return False
        return True


_VERIFIERS: Final[dict[SignatureType, Callable[[VerifierKey], Verifier]]] = {
    SignatureType.ED25519: Ed25519Verifier,
    SignatureType.ED25519_COSIGNATURE: Ed25519CosignatureVerifier,
    SignatureType.ML_DSA_44_COSIGNATURE: MlDsa44CosignatureVerifier,
}
COSIGNATURE_TYPES: Final = frozenset({SignatureType.ED25519_COSIGNATURE, SignatureType.ML_DSA_44_COSIGNATURE})


def verifier_of(key: VerifierKey) -> Verifier:
    """What verifies the signatures of a key, whatever its type."""
    return _VERIFIERS[key.type](key)


def verifiers_of(keys: Iterable[VerifierKey]) -> tuple[Verifier, ...]:
    """What verifies the signatures of several keys."""
    return tuple(verifier_of(key) for key in keys)


def cosignature_time(signature: Signature) -> int:
    """When a cosignature was made (seconds since 1970, UTC); to be believed only of a verified one.

    Raises:
        InputError: the signature is too short to be one.
    """
    if len(signature.value) <= _TIME_BYTES:
        raise InputError(
            f"the signature of {signature.name} is no cosignature", where="signature", mend="Give a witness's."
        )
    return int.from_bytes(signature.value[:_TIME_BYTES], "big")


def ed25519_message(text: str, time: int) -> bytes:
    """The bytes that an Ed25519 cosignature signs."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def ml_dsa_44_message(name: str, subtree: Subtree, time: int) -> bytes:
    """The bytes that an ML-DSA-44 cosignature signs (``cosigned_message``).

    Raises:
        InputError: a part that begins after the first entry has a time, or the origin is longer than 255 bytes.
    """
    if subtree.start and time:
        raise InputError(
            "a subtree that does not begin with the first entry has no time", where="time", mend="Give 0 for the time."
        )
    if time > MAX_TIME:
        raise InputError(f"the time {time} is above 2^63 - 1", where="time", mend="Give seconds since 1970.")
    numbers = [number.to_bytes(8, "big") for number in (time, subtree.start, subtree.end)]
    return b"".join(
        [_SUBTREE_LABEL, _short(name), numbers[0], _short(subtree.origin), numbers[1], numbers[2], subtree.root]
    )


def _whole_tree(text: str) -> Subtree:
    checkpoint = parse_checkpoint(text)
    return Subtree(checkpoint.origin, 0, checkpoint.size, checkpoint.root)


def _is_checkpoint(text: str, *, extensions: bool = True) -> bool:
    try:
        checkpoint = parse_checkpoint(text)
    except CheckpointMalformedError:
        return False
    return extensions or not checkpoint.extensions


def _short(text: str) -> bytes:
    data = text.encode()
    if not 1 <= len(data) <= MAX_NAME_BYTES:
        raise InputError(
            f"a name in a cosignature has 1 to {MAX_NAME_BYTES} bytes, found {len(data)}",
            where="origin",
            mend="Give the log a shorter origin.",
        )
    return bytes((len(data),)) + data


def _require_time(time: int) -> None:
    if not 0 < time <= MAX_TIME:
        raise InputError(
            f"the time {time} is not from 1 to 2^63 - 1", where="time", mend="Give seconds since 1970, UTC."
        )
