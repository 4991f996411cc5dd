"""ECDSA signatures over digests, in the short form of EIP-2098.

``r`` is 32 bytes; ``vs`` carries the parity of y in its highest bit and ``s`` in the rest. Only the lower half of s is
valid, so that nobody can make a second signature out of a first.

Sources: EIP-2098; EIP-2 (low s); SEC 1, section 4.1.6 (public key recovery).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from coincurve import PublicKey

from ledger.identity.errors import SignatureMalformedError
from ledger.identity.keys import CURVE_ORDER, public_key_address

_S_MASK: Final = (1 << 255) - 1


@dataclass(frozen=True, slots=True)
class Signature:
    """An ECDSA signature in the short form of EIP-2098.

    Attributes:
        r: 32 bytes.
        vs: 32 bytes: the parity of y in the highest bit, s in the others.

    Raises:
        SignatureMalformedError: r or s is out of range, or s is in the upper half.
    """

    r: bytes
    vs: bytes

    def __post_init__(self) -> None:
        if len(self.r) != 32 or len(self.vs) != 32:
            raise _malformed("r and vs have 32 bytes each")
        if not 0 < int.from_bytes(self.r, "big") < CURVE_ORDER:
            raise _malformed("r is out of range")
        if not 0 < self._s <= CURVE_ORDER // 2:
            raise _malformed("s is zero or in the upper half")

    @classmethod
    def from_recoverable(cls, signature: bytes) -> Signature:
        """From r ‖ s ‖ y parity (65 bytes, parity 0 or 1)."""
        if len(signature) != 65 or signature[64] > 1:
            raise _malformed("expected r, s and a parity of 0 or 1")
        r, s, parity = signature[:32], signature[32:64], signature[64]
        if s[0] & 0x80:
            raise _malformed("s is in the upper half")
        return cls(r, bytes([s[0] | parity << 7]) + s[1:])

    def recoverable(self) -> bytes:
        """The long form: r ‖ s ‖ y parity (65 bytes)."""
        return self.r + self._s.to_bytes(32, "big") + bytes([self.vs[0] >> 7])

    def signer(self, digest: bytes) -> str:
        """The address (EIP-55) whose key signed this digest (32 bytes).

        Raises:
            SignatureMalformedError: no key can have made this signature.
        """
        try:
            key = PublicKey.from_signature_and_message(self.recoverable(), digest, hasher=None)
        except ValueError:  # r is no point of the curve
            raise _malformed("no key can have made it") from None
        return public_key_address(key.format(compressed=False))

    @property
    def _s(self) -> int:
        return int.from_bytes(self.vs, "big") & _S_MASK


def _malformed(problem: str) -> SignatureMalformedError:
    return SignatureMalformedError(
        f"is no signature: {problem}", where="signature", mend="Ask the signer for the signed bytes again."
    )
