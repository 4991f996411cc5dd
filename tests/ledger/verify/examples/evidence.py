"""Examples of evidence bundles: of an honest history, each with one thing in it that is wrong or lacking."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from eth_utils.crypto import keccak

from ledger.chain.proof.headers import read_header
from ledger.identity.attestations import HeadAttestation, sign_attestation
from ledger.verify.evidence import Bundle, evidence_case
from ledger.verify.evidence.bundle import AttestedHead
from ledger.verify.evidence.roots import AttestationTrust
from scripts.recorded_bundle import RecordedBundle, record_bundle, seal, validator, with_log
from tests.ledger.verify.builder import CARRIER, DOMAIN, KR, MEMBERS, NL, at_sea, delivered, with_entry
from tests.ledger.verify.examples.example import FAILED, UNDETERMINED, example, not_checked, passing

if TYPE_CHECKING:
    from ledger.verify.case import Case
    from ledger.verify.evidence.roots import TrustRoots

STRANGERS = [validator(number) for number in range(100, 104)]
LISTED = [validator(number) for number in range(4)]
READINGS = [sha256(b"reading %d" % number).digest() for number in range(8)]


def honest() -> RecordedBundle:
    return record_bundle(delivered().case())


def case_of(bundle: Bundle, roots: TrustRoots) -> Case:
    case = evidence_case(bundle, roots)
    assert case is not None
    return case


def attested(made: RecordedBundle, head: bytes, *members) -> RecordedBundle:
    """The bundle with a head attested after its last block by these authorities; two of three have to."""
    proof = made.bundle.head
    assert proof is not None
    header = read_header(proof.header)
    said = HeadAttestation(made.bundle.consignment, head, 27, header.number, header.hash())
    signatures = tuple(sign_attestation(said, DOMAIN, member.signing) for member in members)
    keys = tuple(frozenset({member.signing.address}) for member in (KR, NL, MEMBERS[1]))
    return RecordedBundle(
        replace(made.bundle, attestations=(AttestedHead(said, signatures),)),
        replace(made.roots, attestations=AttestationTrust(2, keys)),
    )


@passing("evidence.block_final")
def every_block_is_sealed() -> Case:
    made = honest()
    return case_of(made.bundle, made.roots)


@example("evidence.block_final", FAILED, "is not one of the chain that you trust")
def block_that_too_few_sealed() -> Case:
    made = honest()
    receipts = list(made.bundle.receipts)
    header = read_header(receipts[-1].header)
    receipts[-1] = replace(receipts[-1], header=seal(header, LISTED, LISTED[:2]).encode())
    return case_of(replace(made.bundle, receipts=tuple(receipts)), made.roots)


@example("evidence.block_final", UNDETERMINED, "names no validators whose seals count")
def trust_file_without_validators() -> Case:
    made = honest()
    return case_of(made.bundle, replace(made.roots, validators=None))


@passing("evidence.history_complete")
def storage_and_authorities_show_the_same_end() -> Case:
    story = delivered()
    made = attested(record_bundle(story.case()), story.head, KR, NL)
    return case_of(made.bundle, made.roots)


@example("evidence.history_complete", FAILED, "one of the two is wrong")
def authorities_attest_another_head() -> Case:
    made = attested(honest(), keccak(text="another head"), KR, NL)
    return case_of(made.bundle, made.roots)


@example("evidence.history_complete", UNDETERMINED, "Ask the giver for a bundle with a proof")
def no_proof_of_the_end() -> Case:
    made = honest()
    return case_of(replace(made.bundle, head=None), made.roots)


@passing("evidence.register")
def admissions_are_in_the_bundle() -> Case:
    made = honest()
    return case_of(made.bundle, made.roots)


@example("evidence.register", FAILED, "the two are not of one register")
def carrier_of_another_country() -> Case:
    case = at_sea().case()
    made = record_bundle(with_entry(case, 8, country="MY"))
    return case_of(made.bundle, made.roots)


@not_checked("evidence.register", "never that nothing else is")
def what_a_bundle_cannot_show() -> Case:
    made = honest()
    case = case_of(made.bundle, made.roots)
    assert case.proven is not None
    return replace(case, proven=replace(case.proven, admitted={}))


def with_reading() -> RecordedBundle:
    story = delivered()
    made = record_bundle(story.case())
    return with_log(made, story.membership.members[CARRIER.address], READINGS, 5, block=5)


@passing("evidence.log_inclusion")
def reading_stands_in_the_carriers_log() -> Case:
    made = with_reading()
    return case_of(made.bundle, made.roots)


@example("evidence.log_inclusion", FAILED, "is not in that log")
def reading_that_was_never_logged() -> Case:
    made = with_reading()
    logged = replace(made.bundle.logged[0], entry=sha256(b"another reading").digest())
    return case_of(replace(made.bundle, logged=(logged,)), made.roots)


@example("evidence.log_inclusion", UNDETERMINED, "the bundle has no checkpoint of that log")
def checkpoint_left_out() -> Case:
    made = with_reading()
    return case_of(replace(made.bundle, receipts=made.bundle.receipts[:-1]), made.roots)
