"""The extraData of a QBFT header: validators, a vote, the round, and the commit seals.

    RLP([vanity (32), [validator (20), …], vote, round, [seal (65), …]])       vote: [] or [address (20), 0xff or empty]

The block's hash and what the seals sign leave parts of it out, so this is written again in those forms. IBFT 2.0 puts
another list in the same place; it is told apart and not judged. Sources: EEA QBFT specification; Hyperledger Besu.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ledger.chain.proof.errors import EncodingError, EngineError
from ledger.chain.proof.rlp import Fields, Item, decode, encode, fixed, integer_bytes
from ledger.identity.addresses import address_bytes, checksum_address

if TYPE_CHECKING:
    from collections.abc import Sequence

VANITY_BYTES: Final = 32
SEAL_BYTES: Final = 65
MAX_VALIDATORS: Final = 256
"""More than any consortium has; it bounds what a list costs to check."""
MAX_EXTRA_DATA_BYTES: Final = 48 * 1024
"""Room for the most validators with a seal of each (22 KB) and as much again."""
ADD: Final = b"\xff"
DROP: Final = b""

_NAMES: Final = ("vanity", "validators", "vote", "round", "seals")
_IBFT_ROUND_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Vote:
    """A proposer's vote on the set of validators.

    Attributes:
        validator: whom it is about.
        adds: whether to add it; otherwise to drop it.
    """

    validator: str
    adds: bool


@dataclass(frozen=True, slots=True)
class ExtraData:
    """What the extraData of a QBFT header holds.

    Attributes:
        vanity: 32 bytes of no meaning.
        validators: the addresses of those that may seal this block; none in contract mode.
        vote: the proposer's vote, where it casts one.
        round: the round in which the block was agreed.
        seals: the commit seals (65 bytes each: r, s, parity of y).
    """

    vanity: bytes
    validators: tuple[str, ...]
    vote: Vote | None
    round: int
    seals: tuple[bytes, ...]

    def encode(self) -> bytes:
        """The bytes in the header as a node gives it."""
        vote: list[Item] = []
        if self.vote is not None:
            vote = [address_bytes(self.vote.validator), ADD if self.vote.adds else DROP]
        validators: list[Item] = [address_bytes(validator) for validator in self.validators]
        return encode([self.vanity, validators, vote, integer_bytes(self.round), list(self.seals)])

    def hashed(self) -> bytes:
        """The bytes in the header whose hash is the block's: round 0, no seals."""
        return replace(self, round=0, seals=()).encode()

    def sealed(self) -> bytes:
        """The bytes in the header whose hash each commit seal signs: the true round, no seals."""
        return replace(self, seals=()).encode()


def read_extra_data(data: bytes, where: str = "header.extraData") -> ExtraData:
    """The extraData of a QBFT header; untrusted.

    Raises:
        EncodingError: it is malformed, or names a validator twice.
        EngineError: it is that of an IBFT 2.0 header.
    """
    item = decode(data, where, MAX_EXTRA_DATA_BYTES)
    _require_qbft(item, where)
    fields = Fields(item, where, _NAMES)
    vanity = fields.fixed("vanity", VANITY_BYTES)
    validators = _validators(fields)
    vote = _vote(fields)
    number = fields.number("round", 4)
    seals = fields.items("seals", MAX_VALIDATORS)
    return ExtraData(
        vanity,
        validators,
        vote,
        number,
        tuple(fixed(seal, SEAL_BYTES, f"{where}.seals[{index}]") for index, seal in enumerate(seals)),
    )


def _require_qbft(item: Item, where: str) -> None:
    """IBFT 2.0 writes the round in four bytes always, and no vote as an empty string."""
    if not isinstance(item, list) or len(item) != len(_NAMES):
        return
    vote, number = item[2], item[3]
    padded = isinstance(number, bytes) and len(number) == _IBFT_ROUND_BYTES and number[0] == 0
    if vote == b"" or padded:
        raise EngineError(
            "is that of an IBFT 2.0 header, whose hashes and seals follow other rules",
            where=where,
            mend="Run the chain with QBFT: such blocks cannot be hashed here, so no proof of them can be read.",
        )


def _validators(fields: Fields) -> tuple[str, ...]:
    items: Sequence[Item] = fields.items("validators", MAX_VALIDATORS)
    where = fields.path("validators")
    found = tuple(checksum_address(fixed(item, 20, f"{where}[{index}]")) for index, item in enumerate(items))
    if len(set(found)) != len(found):
        raise EncodingError("names a validator twice", where=where, mend="Ask another node for the header.")
    return found


def _vote(fields: Fields) -> Vote | None:
    if fields.raw("vote") == []:
        return None
    vote = Fields(fields.raw("vote"), fields.path("vote"), ("validator", "kind"))
    kind = vote.data("kind")
    if kind not in (ADD, DROP):
        raise EncodingError(
            f"expected 0xff to add or nothing to drop, found 0x{kind.hex()}",
            where=vote.path("kind"),
            mend="Ask another node for the header.",
        )
    return Vote(checksum_address(vote.fixed("validator", 20)), kind == ADD)
