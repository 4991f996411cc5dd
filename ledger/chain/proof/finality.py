"""How final a block is, and by whose word.

A proof of what a block holds is worth as much as the proof that the block stays. It comes in two kinds: validators
sealed the block (:class:`QbftFinal`, from :mod:`ledger.chain.proof.qbft`), or witnesses saw it in the chain's block log
(:class:`Witnessed`): entry i of that log is the hash of block i, and its checkpoints are cosigned by witnesses that
compare them with what their own nodes say.

    final = require_witnessed(log.block, parse_proof(data), chain_id, genesis_hash, policy)

Sources: RFC 9162, section 2.1.3.2; C2SP tlog-proof, tlog-policy; docs/formats.md ("Block log").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ledger.chain.proof.errors import WitnessError
from ledger.tlog.merkle import leaf_hash
from ledger.tlog.origins import block_log_origin
from ledger.tlog.proofs import verify_proof

if TYPE_CHECKING:
    from ledger.chain.proof.logs import ProvedBlock
    from ledger.tlog.policy import Cosigned, Policy
    from ledger.tlog.proofs import TlogProof


@dataclass(frozen=True, slots=True)
class QbftFinal:
    """A block that a quorum of trusted validators sealed: final from then on.

    Attributes:
        block: the block.
        sealers: the validators that sealed it.
        validators: how many there were.
    """

    block: ProvedBlock
    sealers: tuple[str, ...]
    validators: int


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A block that is in the chain's block log, under a checkpoint that enough witnesses cosigned.

    Attributes:
        block: the block.
        size: how many blocks the log had.
        cosigned: the witnesses, and when each cosigned.
    """

    block: ProvedBlock
    size: int
    cosigned: tuple[Cosigned, ...]


Finality: TypeAlias = QbftFinal | Witnessed


def require_witnessed(
    block: ProvedBlock, proof: TlogProof, chain_id: int, genesis_hash: bytes, policy: Policy
) -> Witnessed:
    """Make sure that a block is in the chain's block log, and that enough witnesses saw that log.

    1. The policy accepts the checkpoint: a known key of the log signed it, and a quorum of witnesses cosigned it.
    2. The checkpoint is of this chain's block log.
    3. The hash of the block is where its number says.

    Args:
        block: the block.
        proof: the proof that its hash was logged; untrusted.
        chain_id: the chain's id.
        genesis_hash: the hash of its block 0 (32 bytes).
        policy: which keys of the log, and which witnesses, count.

    Raises:
        WitnessError: it is the proof of another block, or of another chain's log.
        SignatureWrongError, SignerUnknownError, OriginWrongError, QuorumMissingError, CheckpointMalformedError: the
            policy does not accept the checkpoint.
        ProofWrongError: the block's hash is not in the log.
        InputError: the log has not come to the block.
    """
    verified = verify_proof(proof, leaf_hash(block.hash), policy)
    origin = block_log_origin(chain_id, genesis_hash)
    if verified.checkpoint.origin != origin:
        raise WitnessError(
            f"is of the log {verified.checkpoint.origin}, not of {origin}",
            where="block log proof",
            mend="Give the proof from this chain's block log.",
        )
    if proof.index != block.number:
        raise WitnessError(
            f"is of entry {proof.index}; block {block.number} has its own number in the log",
            where="block log proof",
            mend="Ask for the proof again.",
        )
    return Witnessed(block, verified.checkpoint.size, verified.cosigned)
