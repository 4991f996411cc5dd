"""From a bundle to a verdict: what is proven becomes a case, and the case goes through every check.

    verdict = verify_evidence(data, roots)

1. The bytes are the one form of a bundle (:mod:`ledger.verify.evidence.encoding`).
2. It is about the ledger that is trusted.
3. Receipts lead to their headers' roots; what they prove is about this consignment (``receipts``, ``members``).
4. What was disclosed opens what was stated (``contents``).
5. Each block is final, refuted, or neither (``finality``); where the history ends is proven, or not (``ends``).
6. The case made of all this goes through the same checks as one that was read from a node.

It needs no network, clock or disk, and trusts nothing in the bundle.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledger.chain.proof.headers import read_header
from ledger.errors import InputError, LedgerError
from ledger.verify.case import Acceptance, Case, Entry, Gap, Trust
from ledger.verify.evidence.contents import disclosed, openings_of
from ledger.verify.evidence.encoding import decode_bundle
from ledger.verify.evidence.ends import FoundEnds, prove_ends
from ledger.verify.evidence.errors import BundleMalformedError
from ledger.verify.evidence.finality import judge_blocks
from ledger.verify.evidence.inclusion import prove_logged
from ledger.verify.evidence.members import moment_of, prove_register
from ledger.verify.evidence.receipts import prove_receipts, require_one_block_each
from ledger.verify.findings import AsOf, Finding, Outcome, Verdict
from ledger.verify.handed_over import verify_document
from ledger.verify.proven import Proof, Proven, ProvenBlock
from ledger.verify.verifier import verify
from ledger.verify.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.chain.proof.headers import Header
    from ledger.identity.attestations import HeadAttestation
    from ledger.identity.signing import Opening
    from ledger.verify.evidence.bundle import Bundle
    from ledger.verify.evidence.members import ProvenRegister
    from ledger.verify.evidence.receipts import ProvenAcceptance, ProvenEvents
    from ledger.verify.evidence.roots import TrustRoots
    from ledger.verify.gazetteer import Gazetteer

_UNREADABLE: Final = "history.read"


def verify_evidence(data: bytes, roots: TrustRoots, gazetteer: Gazetteer | None = None) -> Verdict:
    """The verdict about a bundle.

    Args:
        data: the bundle; untrusted.
        roots: what the verifier trusts.
        gazetteer: the list of places, where there is one.

    Returns:
        Never an error for what is wrong with the bundle: one that is malformed proves nothing, so that its verdict is
        undetermined and says why; one that proves something else than it should is not verified.
    """
    try:
        bundle = decode_bundle(data)
    except InputError as error:
        return _unusable(None, error)
    return verify_bundle(bundle, roots, gazetteer)


def verify_bundle(bundle: Bundle, roots: TrustRoots, gazetteer: Gazetteer | None = None) -> Verdict:
    """The verdict about a bundle that was decoded; else as :func:`verify_evidence`."""
    try:
        case = evidence_case(bundle, roots)
    except LedgerError as error:
        return _unusable(bundle.consignment, error)
    if case is None:
        return _of_another_ledger(bundle, roots)
    case = replace(case, gazetteer=gazetteer)
    for known in case.openings.events.values():
        if known.event is not None:
            case.keep_digests(known.event, known.digests)
    return verify(case)


def verify_document_by_evidence(document: bytes, bundle: Bundle, roots: TrustRoots) -> Verdict:
    """The verdict about a document handed over beside a bundle: as one whose events the bundle holds by their hashes.

    Args:
        document: an EPCIS document; untrusted.
        bundle: the bundle; untrusted.
        roots: what the verifier trusts.
    """
    try:
        case = evidence_case(bundle, roots)
    except LedgerError as error:
        return _unusable(bundle.consignment, error)
    return _of_another_ledger(bundle, roots) if case is None else verify_document(document, [case])


def evidence_case(bundle: Bundle, roots: TrustRoots) -> Case | None:
    """The case that a bundle makes; ``None`` where it is about another ledger than the one trusted.

    Args:
        bundle: the bundle; untrusted.
        roots: what the verifier trusts.

    Raises:
        InputError: something in the bundle is malformed, proves nothing, or is not needed.
    """
    if bundle.ledger != roots.ledger:
        return None
    found = prove_receipts(bundle, roots)
    register = prove_register(found)
    headers, changes = _headers(bundle, found)
    stated = {each.acceptance.digest: each.acceptance.statement for each in found.acceptances}
    openings = openings_of(bundle, stated)
    case = Case(
        domain=roots.domain,
        consignment=bundle.consignment,
        as_of=_last(headers),
        reference=bundle.reference,
        openings=disclosed(bundle, stated.values()),
        membership=register.membership,
        trust=Trust(roots.domain, roots.founders if register.has_founding else frozenset()),
    )
    blocks = judge_blocks(headers, changes, bundle.block_log, roots)
    logged = prove_logged(bundle, found, register, roots)
    proven = Proven(blocks=blocks, admitted=register.admitted, logged=logged)
    if register.missing:
        return replace(case, gaps=(_missing(register),), proven=proven)
    entries = _entries(found, register, openings)
    case = replace(
        case,
        statements=tuple(entry for entry, observed in entries if not observed),
        observations=tuple(entry for entry, observed in entries if observed),
    )
    return _with_end(case, proven, prove_ends(bundle, roots, register.address))


def _headers(bundle: Bundle, found: ProvenEvents) -> tuple[tuple[Header, ...], tuple[Header, ...]]:
    """Every header that something is proved of, in order; and those at which the validators changed."""
    proofs = {header.encode(): header for header in found.headers}
    if bundle.head is not None and bundle.head.header not in proofs:
        proofs[bundle.head.header] = read_header(bundle.head.header, "bundle.head.header")
    changes = {data: proofs.get(data) or read_header(data, "bundle.changes") for data in bundle.changes}
    require_one_block_each({**proofs, **changes}.values())
    ordered = tuple(sorted(proofs.values(), key=lambda header: header.number))
    if changes and (not ordered or max(change.number for change in changes.values()) > ordered[-1].number):
        raise BundleMalformedError(
            "the validators are said to have changed after the last block",
            where="bundle.changes",
            mend="Ask the giver for the bundle again.",
        )
    return ordered, tuple(changes.values())


def _entries(
    found: ProvenEvents, register: ProvenRegister, openings: Mapping[bytes, Opening]
) -> list[tuple[Entry, bool]]:
    ordered = sorted(found.acceptances, key=lambda each: each.place)
    return [(_entry(each, register, openings), each.observed) for each in ordered]


def _entry(each: ProvenAcceptance, register: ProvenRegister, openings: Mapping[bytes, Opening]) -> Entry:
    said = each.acceptance
    accepted = Acceptance(
        milestone=said.statement.milestone,
        digest=said.digest,
        key=said.key,
        member=register.address[said.member],
        role=said.statement.role,
        country=said.country,
        position=said.position,
        head=said.head,
        moment=moment_of(each),
        transaction=b"",
    )
    return Entry(accepted, said.statement, said.signature.r + said.signature.vs, openings.get(said.digest))


def _with_end(case: Case, proven: Proven, found: FoundEnds) -> Case:
    """The case with where its history ends; a proof of a time before its last statement proves no end."""
    proven = replace(proven, blocks=_compared(proven.blocks, found.attested))
    last = case.statements[-1].acceptance.moment.block if case.statements else 0
    late = tuple(end for end in found.ends if end.as_of.block >= last)
    problem = found.problem
    if len(late) < len(found.ends):
        problem = f"{problem} a proof of where it ends is older than its last statement.".strip()
    if not late:
        return replace(case, proven=replace(proven, unproven_end=problem))
    stored = found.state if found.ends[0] in late else None
    ends = tuple(sorted(late, key=lambda end: -end.as_of.block))
    return replace(case, proven=replace(proven, ends=ends), recorded=stored, as_of=ends[0].as_of)


def _last(headers: tuple[Header, ...]) -> AsOf | None:
    return AsOf(headers[-1].number, headers[-1].time) if headers else None


def _compared(blocks: tuple[ProvenBlock, ...], attested: Iterable[HeadAttestation]) -> tuple[ProvenBlock, ...]:
    """The blocks, those refuted of whose number enough authorities attested another."""
    others = {(each.block_number, each.block_hash) for each in attested} - {(each.number, each.hash) for each in blocks}
    refuted = {number for number, _ in others}
    return tuple(
        replace(block, final=Proof.REFUTED, reason="a head is attested after another block of this number.")
        if block.number in refuted
        else block
        for block in blocks
    )


def _missing(register: ProvenRegister) -> Gap:
    return Gap(
        "who the members are",
        f"the admission of {', '.join(register.missing)} is not in the bundle.",
        "Ask the giver for a bundle with it.",
    )


def _of_another_ledger(bundle: Bundle, roots: TrustRoots) -> Verdict:
    expected, found = roots.ledger, bundle.ledger
    reason = (
        f"The bundle is about contract {found.consignments} on chain {found.chain_id}, and not about the ledger that "
        f"you trust: {expected.consignments} on chain {expected.chain_id}. Take the trust file of its ledger, if you "
        "trust that."
    )
    if (found.chain_id, found.consignments) == (expected.chain_id, expected.consignments):
        reason = (
            f"The bundle names the register {found.members} and the event logs {found.event_logs}, and your trust file "
            f"{expected.members} and {expected.event_logs}: it is about another ledger."
        )
    return Verdict(bundle.consignment, None, None, (Finding("ledger.trusted", Outcome.FAILED, reason),))


def _unusable(consignment: bytes | None, error: LedgerError) -> Verdict:
    """A bundle that is none, or was altered: nothing in it is shown to be true, and nothing to be false."""
    where = f"{error.where}: " if error.where else ""
    reason = f"The bundle proves nothing: {where}{sentence(error.message)} {error.mend}".strip()
    return Verdict(consignment, None, None, (Finding(_UNREADABLE, Outcome.UNDETERMINED, reason),))
