"""Commit seals of QBFT: which blocks are final in the eyes of validators that are trusted, and who they are later on.

A block is final with the valid seals of ⌈2n/3⌉ distinct validators of n. A header's own list of validators is what its
maker wrote, so seals count only where that list is the trusted one. A list that changed is trusted when the first
header that has it is sealed by ⌈2n/3⌉ of the new list, the lists differ by one validator, and more than ⌊(m-1)/3⌋ of
the seals are by members of the last trusted list of m: then at least one honest validator of those has sealed it.

    sets = followed(trusted, headers_where_the_list_changes)
    final = require_final(header, trusted_at(sets, header.number))

Validators that left keep their keys. Who trusts an old list trusts that no quorum of it was ever stolen or bought; so
trust the newest list that can be had. A seal and its mirror image (the other s) recover the same validator, who counts
once; seals are outside the block's hash, and their order and number among enough of them mean nothing.

Sources: EEA QBFT specification; Hyperledger Besu (block mode).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coincurve import PublicKey
from eth_utils.crypto import keccak

from ledger.chain.proof.errors import EngineError, SealsError, ValidatorsError
from ledger.chain.proof.extra_data import ExtraData, read_extra_data
from ledger.chain.proof.finality import QbftFinal
from ledger.chain.proof.logs import ProvedBlock
from ledger.identity.addresses import normal_address
from ledger.identity.keys import public_key_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.chain.proof.headers import Header


@dataclass(frozen=True, slots=True)
class ValidatorSet:
    """Validators that are trusted.

    Attributes:
        validators: their addresses.
        since: the number of the block from which on they are.

    Raises:
        ValidatorsError: there are none.
    """

    validators: frozenset[str]
    since: int

    def __post_init__(self) -> None:
        found = frozenset(normal_address(each, "validators") for each in self.validators)
        object.__setattr__(self, "validators", found)
        if not found:
            raise ValidatorsError(
                "there are none to trust", where="validators", mend="Name the validators of a block that you trust."
            )


def quorum(validators: int) -> int:
    """How many of so many validators make a block final: ⌈2n/3⌉."""
    return -(-2 * validators // 3)


def tolerated(validators: int) -> int:
    """How many of so many validators may be faulty: ⌊(n-1)/3⌋."""
    return (validators - 1) // 3


def listed_validators(header: Header) -> ValidatorSet:
    """The validators that a header lists, from its block on: to be trusted only where the header is.

    Raises:
        ProofError: it is no header of QBFT in block mode.
    """
    return ValidatorSet(frozenset(_block_mode(header).validators), header.number)


def commit_digest(header: Header) -> bytes:
    """What each commit seal signs: keccak-256 of the header with its round and without seals (32 bytes).

    Raises:
        ProofError: it is no header of QBFT.
    """
    return _commit_digest(header, _extra_data(header))


def sealers(header: Header) -> tuple[str, ...]:
    """The validators that sealed a header, in the order of the seals; all are on its own list, each once.

    Raises:
        SealsError: a seal is no signature, or that of nobody on the list, or a second one of a validator.
        ProofError: it is no header of QBFT in block mode.
    """
    extra = _block_mode(header)
    digest = _commit_digest(header, extra)
    found: list[str] = []
    for index, seal in enumerate(extra.seals):
        where = f"header {header.number}, seal {index}"
        sealer = _signer(seal, digest, where)
        if sealer not in extra.validators:
            raise _unsealed(f"is by {sealer}, who is no validator of this block", where)
        if sealer in found:
            raise _unsealed(f"is the second one by {sealer}", where)
        found.append(sealer)
    return tuple(found)


def require_final(header: Header, trusted: ValidatorSet) -> QbftFinal:
    """Make sure that a block is final in the eyes of the validators trusted.

    1. The header is of QBFT in block mode, and not older than the trust.
    2. Its list of validators is the trusted one.
    3. Its seals are of distinct validators on the list, and there are ⌈2n/3⌉ or more.

    Args:
        header: the block's header; untrusted.
        trusted: the validators at that block.

    Raises:
        EngineError: its engine, or mode, is not judged here.
        ValidatorsError: it lists other validators than those trusted, or is older than the trust in them.
        SealsError: it is not sealed by enough of them.
    """
    listed = listed_validators(header)
    if header.number < trusted.since:
        raise _too_old(header.number, trusted)
    if listed.validators != trusted.validators:
        raise ValidatorsError(
            f"lists {_changes(trusted, listed)}",
            where=f"header {header.number}",
            mend="Give the headers where the list of validators changed, in order.",
        )
    found = _require_quorum(header, listed)
    return QbftFinal(ProvedBlock(header.number, header.time, header.hash()), found, len(listed.validators))


def follow(trusted: ValidatorSet, headers: Iterable[Header]) -> ValidatorSet:
    """The validators that are trusted after the list changed.

    Args:
        trusted: those trusted at the start.
        headers: the first header with each changed list, in order, and no others; untrusted.

    Raises:
        EngineError: a header's engine, or mode, is not judged here.
        ValidatorsError: a header is not later than the one before, changes nothing or more than one validator, or is
            sealed by too few of those trusted until then.
        SealsError: a header is not sealed by enough of its own list.
    """
    return followed(trusted, headers)[-1]


def followed(trusted: ValidatorSet, headers: Iterable[Header]) -> tuple[ValidatorSet, ...]:
    """Those trusted at the start, and after each change; arguments and errors as for :func:`follow`."""
    sets = [trusted]
    for header in headers:
        sets.append(_followed(sets[-1], header))
    return tuple(sets)


def trusted_at(sets: Sequence[ValidatorSet], number: int) -> ValidatorSet:
    """The validators that are trusted at a block.

    Args:
        sets: what :func:`followed` gives.
        number: the block's number.

    Raises:
        ValidatorsError: the block is older than the trust.
    """
    found = [each for each in sets if each.since <= number]
    if not found:
        raise _too_old(number, sets[0])
    return found[-1]


def _followed(trusted: ValidatorSet, header: Header) -> ValidatorSet:
    where = f"header {header.number}"
    listed = listed_validators(header)
    if header.number <= trusted.since:
        raise ValidatorsError(
            f"does not come after block {trusted.since}, from which on validators are trusted",
            where=where,
            mend="Give the headers where the list changed after that block, in the order of the chain.",
        )
    changed = listed.validators ^ trusted.validators
    if len(changed) != 1:
        raise ValidatorsError(
            f"lists {_changes(trusted, listed)}; each change is of one validator",
            where=where,
            mend="Give every header where the list changed, and no other.",
        )
    known = trusted.validators.intersection(_require_quorum(header, listed))
    least = tolerated(len(trusted.validators)) + 1
    if len(known) < least:
        raise ValidatorsError(
            f"is sealed by {len(known)} of the {len(trusted.validators)} validators trusted until then, "
            f"fewer than {least}",
            where=where,
            mend="Ask another node for the header; all of its seals count.",
        )
    return listed


def _require_quorum(header: Header, listed: ValidatorSet) -> tuple[str, ...]:
    """Who sealed a header, of whom there are enough for its own list."""
    found = sealers(header)
    needed = quorum(len(listed.validators))
    if len(found) < needed:
        raise _unsealed(
            f"is sealed by {len(found)} of {len(listed.validators)} validators, fewer than {needed}",
            f"header {header.number}",
        )
    return found


def _extra_data(header: Header) -> ExtraData:
    if not header.is_bft:
        raise EngineError(
            "is of an engine without commit seals",
            where=f"header {header.number}",
            mend="Prove finality by a block log.",
        )
    return read_extra_data(header.extra_data, f"header {header.number}, extraData")


def _block_mode(header: Header) -> ExtraData:
    extra = _extra_data(header)
    if not extra.validators:
        raise EngineError(
            "lists no validators: a contract keeps them (contract mode), so that headers do not tell whose seals count",
            where=f"header {header.number}",
            mend="Prove finality by a block log, or run the chain with validators in headers (block mode).",
        )
    return extra


def _commit_digest(header: Header, extra: ExtraData) -> bytes:
    return keccak(replace(header, extra_data=extra.sealed()).encode())


def _signer(seal: bytes, digest: bytes, where: str) -> str:
    """The address whose key made a seal; of s, both halves count, since seals are compared by who made them."""
    if seal[64] > 1:  # 2 and 3 would stand for an r beyond the order, which nobody signs with
        raise _unsealed("is no signature: the parity of y is 0 or 1", where)
    try:
        key = PublicKey.from_signature_and_message(seal, digest, hasher=None)
    except ValueError:  # r or s is out of range, or r is no point of the curve
        raise _unsealed("is no signature: no key can have made it", where) from None
    return public_key_address(key.format(compressed=False))


def _too_old(number: int, trusted: ValidatorSet) -> ValidatorsError:
    return ValidatorsError(
        f"block {number} is older than block {trusted.since}, from which on validators are trusted",
        where=f"header {number}",
        mend="Trust the validators of an earlier block, or prove finality by a block log.",
    )


def _changes(trusted: ValidatorSet, listed: ValidatorSet) -> str:
    added = sorted(listed.validators - trusted.validators)
    dropped = sorted(trusted.validators - listed.validators)
    if not added and not dropped:
        return "the validators that are trusted already"
    parts = [f"{', '.join(added)} in addition"] if added else []
    parts += [f"{', '.join(dropped)} no more"] if dropped else []
    return " and ".join(parts)


def _unsealed(problem: str, where: str) -> SealsError:
    return SealsError(problem, where=where, mend="Ask another node for the header with its seals.")
