"""Which blocks of a bundle are final, and by whose word: validators that sealed them, or witnesses of the block log.

1. The headers at which the list of validators changed are followed from the trusted list on.
2. The block log's checkpoint is checked once, by the policy of the trust file.
3. A block is final if the validators of its time sealed it, or if its hash is under that checkpoint, deep enough.
4. It is refuted where seals or inclusion proof are wrong, and otherwise nothing is said of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.chain.proof.errors import ProofError, SealsError
from ledger.chain.proof.qbft import follow, require_final, sealers, trusted_at
from ledger.errors import InputError, LedgerError
from ledger.tlog.errors import ProofWrongError, SignatureWrongError
from ledger.tlog.merkle import leaf_hash, verify_inclusion
from ledger.tlog.origins import block_log_origin
from ledger.verify.proven import Proof, ProvenBlock
from ledger.verify.wording import and_list, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.chain.proof.headers import Header
    from ledger.chain.proof.qbft import ValidatorSet
    from ledger.tlog.policy import VerifiedCheckpoint
    from ledger.verify.evidence.bundle import BlockLog
    from ledger.verify.evidence.roots import TrustRoots

_NOTHING: Final = (
    "the bundle has no seals of validators and no block log that your trust file could judge. Ask the giver for a "
    "bundle with a block log, or name the chain's validators or witnesses in your trust file."
)


@dataclass(frozen=True, slots=True)
class _Word:
    """What one way of proving says of a block."""

    proof: Proof
    reason: str = ""


@dataclass(slots=True)
class _Validators:
    """The validators trusted over time, as far as the changes can be followed."""

    sets: list[ValidatorSet]
    broken_at: int | None = None
    broken_by: ProofError | None = None

    def word(self, header: Header) -> _Word:
        if self.broken_by is not None and self.broken_at is not None and header.number >= self.broken_at:
            return _judged(self.broken_by)
        try:
            final = require_final(header, trusted_at(self.sets, header.number))
        except ProofError as error:
            return _judged(error)
        return _Word(Proof.GIVEN, f"sealed by {len(final.sealers)} of {final.validators} validators.")


def judge_blocks(
    headers: Sequence[Header], changes: Sequence[Header], block_log: BlockLog | None, roots: TrustRoots
) -> tuple[ProvenBlock, ...]:
    """How far each block is proven to be final.

    Args:
        headers: of the blocks, in the order of the chain; untrusted.
        changes: the headers at which the list of validators changed, in order; untrusted.
        block_log: the block log, if the bundle has one; untrusted.
        roots: what the verifier trusts.
    """
    validators = _validators(changes, roots)
    log = _Log(block_log, roots)
    return tuple(_judge(header, validators, log) for header in headers)


def _judge(header: Header, validators: _Validators | None, log: _Log) -> ProvenBlock:
    words = [validators.word(header) if validators is not None else _own_seals(header)] if header.is_bft else []
    logged = log.word(header)
    words += [logged] if logged is not None else []
    for proof in (Proof.REFUTED, Proof.GIVEN):
        for word in words:
            if word.proof is proof:
                return ProvenBlock(header.number, header.hash(), proof, word.reason)
    first, *others = [word.reason for word in words] or [_NOTHING]
    reason = " ".join((first, *(f"{other[:1].upper()}{other[1:]}" for other in others)))
    return ProvenBlock(header.number, header.hash(), Proof.MISSING, reason)


def _own_seals(header: Header) -> _Word:
    """What seals say where no validators are trusted: nothing, but they have to be those of the header's own list."""
    try:
        sealers(header)
    except ProofError as error:
        return _judged(error)
    return _Word(Proof.MISSING, "your trust file names no validators whose seals count. Add those of its chain.")


def _validators(changes: Sequence[Header], roots: TrustRoots) -> _Validators | None:
    if roots.validators is None:
        return None
    found = _Validators([roots.validators])
    for header in changes:
        try:
            found.sets.append(follow(found.sets[-1], [header]))
        except ProofError as error:
            found.broken_at, found.broken_by = header.number, error
            break
    return found


def _judged(error: ProofError) -> _Word:
    """Seals that are wrong refute a block; a list that cannot be followed, or another engine, says nothing of it."""
    said = f"{error.where}: {error.message}" if error.where else error.message
    if isinstance(error, SealsError):
        return _Word(Proof.REFUTED, sentence(said))
    return _Word(Proof.MISSING, f"{sentence(said)} {error.mend}")


class _Log:
    """The block log, its checkpoint judged once."""

    def __init__(self, log: BlockLog | None, roots: TrustRoots) -> None:
        self._roots = roots
        self._checkpoint: VerifiedCheckpoint | None = None
        self._problem: _Word | None = None
        self._hashes = {} if log is None else {block.header: block.hashes for block in log.blocks}
        if log is None:
            return
        if roots.block_log is None:
            self._problem = _Word(
                Proof.MISSING,
                "your trust file names no witnesses for the bundle's block log. Add them if you know them.",
            )
            return
        try:
            self._checkpoint = roots.block_log.policy.check(log.checkpoint)
        except SignatureWrongError as error:
            self._problem = _Word(Proof.REFUTED, f"the block log's checkpoint is not signed as it says: {error}.")
        except LedgerError as error:
            self._problem = _Word(Proof.MISSING, f"the block log's checkpoint does not count: {error}. {error.mend}")
        else:
            self._require_origin(self._checkpoint)

    def _require_origin(self, found: VerifiedCheckpoint) -> None:
        origin = block_log_origin(self._roots.ledger.chain_id, self._roots.genesis_hash)
        if found.checkpoint.origin != origin:
            self._problem = _Word(
                Proof.REFUTED, f"the block log is that of another chain: {found.checkpoint.origin}, not {origin}."
            )

    def word(self, header: Header) -> _Word | None:
        """What the log says of a block; ``None`` where the bundle has no proof for it."""
        hashes = self._hashes.get(header.encode())
        if hashes is None:
            return None
        if self._problem is not None or self._checkpoint is None:
            return self._problem
        found, depth = self._checkpoint.checkpoint, self._roots.block_log.depth if self._roots.block_log else 0
        try:
            verify_inclusion(
                leaf=leaf_hash(header.hash()), index=header.number, size=found.size, proof=hashes, root=found.root
            )
        except (ProofWrongError, InputError) as error:
            return _Word(Proof.REFUTED, f"it is not where the block log should have it: {error}.")
        later = found.size - 1 - header.number
        if later < depth:
            return _Word(
                Proof.MISSING,
                f"the block log has {later} later blocks, and your trust file asks for {depth}. Ask for a later "
                "bundle.",
            )
        names = sorted(each.name for each in self._checkpoint.cosigned)
        return _Word(Proof.GIVEN, f"in the block log, as seen by {and_list(names) or 'nobody else'}.")
