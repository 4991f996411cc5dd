"""Events in members' event logs: followed up to a checkpoint on chain, or to one that witnesses cosigned.

Source: RFC 9162, section 2.1.3.2; C2SP tlog-policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import InputError, LedgerError
from ledger.tlog.errors import ProofWrongError, SignatureWrongError
from ledger.tlog.merkle import leaf_hash, verify_inclusion
from ledger.tlog.origins import event_log_origin
from ledger.verify.evidence.errors import BundleMalformedError
from ledger.verify.proven import LoggedEvent, Proof
from ledger.verify.wording import and_list

if TYPE_CHECKING:
    from ledger.verify.evidence.bundle import Bundle, LoggedProof
    from ledger.verify.evidence.members import ProvenRegister
    from ledger.verify.evidence.receipts import ProvenEvents
    from ledger.verify.evidence.roots import TrustRoots


def prove_logged(
    bundle: Bundle, found: ProvenEvents, register: ProvenRegister, roots: TrustRoots
) -> tuple[LoggedEvent, ...]:
    """How far each event is proven to stand in its member's log.

    Args:
        bundle: the bundle; untrusted.
        found: what its receipts prove.
        register: who the members are.
        roots: what the verifier trusts.

    Raises:
        BundleMalformedError: a checkpoint was recorded that no event needs.
    """
    recorded = {
        (register.address.get(each.recording.member, ""), each.recording.size): each.recording.root
        for each in found.recordings
    }
    needed = {(each.member, each.size) for each in bundle.logged if not each.checkpoint}
    if recorded.keys() - needed:
        raise BundleMalformedError(
            "records a checkpoint that no logged event needs", where="bundle.receipts", mend="Ask for the bundle again."
        )
    return tuple(_judge(each, recorded, roots) for each in bundle.logged)


def _judge(each: LoggedProof, recorded: dict[tuple[str, int], bytes], roots: TrustRoots) -> LoggedEvent:
    def said(proof: Proof, reason: str) -> LoggedEvent:
        return LoggedEvent(each.member, each.index, each.entry, proof, reason)

    by = f"the checkpoint of {each.size:,} events on chain."
    if each.checkpoint:
        try:
            root, by = _cosigned(each, roots)
        except SignatureWrongError as error:
            return said(Proof.REFUTED, f"its checkpoint is not signed as it says: {error}.")
        except LedgerError as error:
            return said(Proof.MISSING, f"its checkpoint does not count: {error}. {error.mend}")
    else:
        found = recorded.get((each.member, each.size))
        if found is None:
            return said(Proof.MISSING, "the bundle has no checkpoint of that log. Ask the giver for one with it.")
        root = found
    try:
        verify_inclusion(leaf=leaf_hash(each.entry), index=each.index, size=each.size, proof=each.hashes, root=root)
    except (ProofWrongError, InputError) as error:
        return said(Proof.REFUTED, f"it does not lead to {by} {error}.")
    return said(Proof.GIVEN, f"under {by}")


def _cosigned(each: LoggedProof, roots: TrustRoots) -> tuple[bytes, str]:
    """The root of a checkpoint that enough witnesses cosigned."""
    if roots.event_logs is None:
        raise InputError("your trust file names no witnesses of event logs", mend="Add them if you know them.")
    verified = roots.event_logs.check(each.checkpoint)
    origin = event_log_origin(roots.ledger.chain_id, roots.ledger.event_logs, each.member)
    if (verified.checkpoint.origin, verified.checkpoint.size) != (origin, each.size):
        raise InputError(
            f"it is of {verified.checkpoint.size:,} events of {verified.checkpoint.origin}",
            mend="Ask the giver for the checkpoint of this log.",
        )
    names = and_list(sorted(cosigned.name for cosigned in verified.cosigned)) or "nobody"
    return verified.checkpoint.root, f"the checkpoint of {each.size:,} events, as cosigned by {names}."
