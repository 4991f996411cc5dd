"""Every consignment judged anew from what the chain accepted, and the store's statements held to that."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.chain.history import accepted_history
from ledger.errors import LedgerError
from ledger.verify.audit.report import AuditFinding
from ledger.verify.audit.statements import accepted_by_digest, compare_statement
from ledger.verify.findings import Outcome
from ledger.verify.gather import gather
from ledger.verify.verifier import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ledger.store.store import Store
    from ledger.verify.audit.chain import AuditedChain
    from ledger.verify.audit.report import Ledger
    from ledger.verify.audit.statements import StoredStatement
    from ledger.verify.case import Case, Trust
    from ledger.verify.findings import Finding, Verdict
    from ledger.verify.gazetteer import Gazetteer


@dataclass(frozen=True, slots=True)
class Judging:
    """With what consignments are judged.

    Attributes:
        chain: the chain.
        store: the store with documents and blinds; ``None`` where it cannot be opened.
        member: the address of the member whose store it is, where that is known.
        trust: which ledger the auditor trusts, where it was given.
        gazetteer: the list of places, where there is one.
    """

    chain: AuditedChain
    store: Store | None
    member: str | None = None
    trust: Trust | None = None
    gazetteer: Gazetteer | None = None


def audit_consignments(
    consignments: Sequence[bytes],
    statements: Callable[[bytes], Sequence[StoredStatement]],
    judging: Judging,
    ledger: Ledger,
    told: Callable[[int, int], None],
) -> None:
    """Judge consignments.

    Args:
        consignments: their ids (32 bytes each).
        statements: gives what the store keeps about one.
        judging: with what.
        ledger: takes what is found.
        told: is called with how many were judged, and how many there are.
    """
    for number, consignment in enumerate(consignments, 1):
        ledger.counts["consignments"] += 1
        kept = statements(consignment)
        case = _case(consignment, judging, ledger)
        _take_verdict(verify(case), ledger)
        for each in kept:
            compare_statement(each, case if case.as_of else None, judging.chain.membership, ledger)
        _tell_of_missing(case, kept, judging.member, ledger)
        told(number, len(consignments))


def _case(consignment: bytes, judging: Judging, ledger: Ledger) -> Case:
    """All that is known of a consignment; without the store, where its rows hold what this program never wrote."""
    try:
        return _gathered(consignment, judging, judging.store)
    except (ValueError, TypeError, KeyError, RecursionError) as fault:
        reason = f"what the store holds of it cannot be read ({type(fault).__name__}: {fault})"
        ledger.failed("store.read", f"consignment 0x{consignment.hex()}", reason)
        return _gathered(consignment, judging, None)


def _gathered(consignment: bytes, judging: Judging, store: Store | None) -> Case:
    return gather(
        judging.chain.contracts,
        store,
        consignment,
        trust=judging.trust,
        membership=judging.chain.membership,
        gazetteer=judging.gazetteer,
    )


def _take_verdict(verdict: Verdict, ledger: Ledger) -> None:
    name = verdict.ucr or f"0x{verdict.consignment.hex() if verdict.consignment else ''}"
    for finding in verdict.findings:
        if finding.outcome is not Outcome.PASSED:
            ledger.add(_audit_finding(finding, name))


def _audit_finding(finding: Finding, name: str) -> AuditFinding:
    at = "" if finding.position is None else f", position {finding.position}"
    return AuditFinding(
        finding.rule,
        finding.outcome,
        f"consignment {name}{at}",
        finding.reason,
        str(finding.evidence.get("expected", "")),
        str(finding.evidence.get("found", "")),
    )


def _tell_of_missing(case: Case, kept: Sequence[StoredStatement], member: str | None, ledger: Ledger) -> None:
    known = {each.digest for each in kept}
    own = [digest for digest, entry in accepted_by_digest(case).items() if entry.acceptance.member == member]
    missing = [digest for digest in own if digest not in known]
    if missing:
        reason = f"the chain accepted {len(missing)} statements of this member that its store does not keep"
        ledger.warn("statement.kept", f"consignment 0x{case.consignment.hex()}", f"{reason}: 0x{missing[0].hex()} …")


def tell_of_unknown(consignments: Sequence[bytes], judging: Judging, ledger: Ledger) -> None:
    """Tell of consignments that the store's member made statements about, and that the store knows nothing of.

    Args:
        consignments: the ids (32 bytes each) that the store has.
        judging: with what.
        ledger: takes what is found.
    """
    member = judging.chain.membership.members.get(judging.member or "")
    if member is None:
        return
    known, missing = frozenset(consignments), Counter[bytes]()
    try:
        for each in accepted_history(judging.chain.contracts, judging.chain.as_of):
            if each.member == member.number and each.statement.consignment not in known:
                missing[each.statement.consignment] += 1
    except LedgerError as error:
        ledger.undetermined("chain.read", "chain", error.diagnostics())
    for consignment, number in missing.items():
        reason = f"the chain accepted {number} statements of this member, and its store knows nothing of the goods"
        ledger.warn("statement.kept", f"consignment 0x{consignment.hex()}", reason)
