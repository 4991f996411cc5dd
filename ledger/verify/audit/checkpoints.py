"""The checkpoints that the chain recorded of a log: each held to the entries, to the one before, and to who signed.

1. each goes on from the size on record, and grows; 2. it was sent or signed by a key that the member had for it at that
moment; 3. its root is that of the log's first entries, as many as it says; 4. the log has as many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.chain.growth import EMPTY
from ledger.chain.state import Problem
from ledger.errors import LedgerError
from ledger.identity.milestones import Scope
from ledger.verify.membership import Moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.chain.history import Recorded
    from ledger.identity.statements import Domain
    from ledger.verify.audit.logs import LogTree
    from ledger.verify.audit.report import Ledger
    from ledger.verify.membership import Membership


def audit_recorded(
    recorded: Sequence[Recorded], origin: str, domain: Domain, membership: Membership, ledger: Ledger
) -> None:
    """Hold the recorded checkpoints of one log to each other and to their signers.

    Args:
        recorded: all of them, in the order of the chain.
        origin: the log's name.
        domain: where checkpoints are signed.
        membership: the register's history.
        ledger: takes what is found.
    """
    before = EMPTY.size
    for each in recorded:
        ledger.counts["checkpoints"] += 1
        place = checkpoint_place(each, origin)
        if each.previous_size != before or each.size <= before:
            reason = "it does not go on from the one before"
            found = f"from {each.previous_size} to {each.size}"
            ledger.failed("checkpoint.growth", place, reason, expected=f"from {before} to more", found=found)
        before = each.size
        _audit_signer(each, place, domain, membership, ledger)


def compare_roots(recorded: Sequence[Recorded], tree: LogTree, ledger: Ledger) -> None:
    """Hold the recorded checkpoints of one log to its entries."""
    for each in recorded:
        place = checkpoint_place(each, tree.origin)
        root = tree.roots.get(each.size)
        if root is None:
            reason = f"the chain recorded {each.size} entries, and the log has {tree.size}: it was cut short"
            ledger.failed("checkpoint.size", place, reason, expected=str(each.size), found=str(tree.size))
        elif root != each.root:
            reason = f"the first {each.size} entries of the log have another root than the chain recorded"
            ledger.failed("checkpoint.root", place, reason, expected=each.root.hex(), found=root.hex())
    last = recorded[-1].size if recorded else 0
    published = tree.checkpoint.size if tree.checkpoint else tree.size
    if published > last:
        reason = f"{published - last} entries of the log are not on record: capture has them recorded"
        ledger.warn("checkpoint.recorded", f"log {tree.origin}", reason)


def checkpoint_place(recorded: Recorded, origin: str) -> str:
    """How findings call a recorded checkpoint."""
    return f"checkpoint of {recorded.size} entries in block {recorded.place.block_number} (log {origin})"


def _audit_signer(each: Recorded, place: str, domain: Domain, membership: Membership, ledger: Ledger) -> None:
    if each.signed is not None:
        try:
            signer = each.signed.signer(domain)
        except LedgerError as error:
            ledger.failed("checkpoint.signature", place, error.message)
            return
        if signer != each.key:
            reason = "it is signed by another key than the one that the contract named"
            ledger.failed("checkpoint.signature", place, reason, expected=each.key, found=signer)
            return
    moment = Moment(each.place.block_number, each.place.log_index, each.place.block_time)
    standing = membership.standing_of_key(each.key, moment)
    may = standing.number == each.member and Scope.CHECKPOINTS in standing.scopes and standing.problem is Problem.NONE
    if not may:
        reason = f"the key {each.key} was none with which this member's checkpoints could be recorded then"
        ledger.failed("checkpoint.signature", place, reason, found=each.key)
