"""What a verifier may conclude from a bundle, and what whoever puts one together tries."""

import json
from dataclasses import replace
from hashlib import sha256

import pytest
from eth_utils import keccak

from ledger.chain.proof.headers import read_header
from ledger.chain.proof.qbft import ValidatorSet
from ledger.epcis import Document, Kind, write_json
from ledger.identity.addresses import checksum_address
from ledger.identity.attestations import HeadAttestation
from ledger.identity.milestones import Milestone, Role, UnsealReason
from ledger.identity.statements import ZERO32
from ledger.identity.terms import unseal_terms
from ledger.store.blinds import EventContent, SealContent
from ledger.store.records import Reference
from ledger.verify import Outcome, Word
from ledger.verify.evidence import encode_bundle, evidence_case, verify_bundle, verify_evidence
from ledger.verify.evidence.bundle import AttestedHead, Ledger
from ledger.verify.evidence.errors import BundleMalformedError
from ledger.verify.evidence.roots import BlockLogTrust
from ledger.verify.evidence.verifying import verify_document_by_evidence
from scripts.recorded_bundle import make_header, record_bundle, seal, validator, with_register_event
from tests.ledger.verify.builder import BR, EXPORTER, KR, NL, SEAL, delivered, registered, sealed
from tests.ledger.verify.evidence import samples
from tests.ledger.verify.evidence.samples import (
    VERIFIED,
    attested,
    attested_by,
    held_after_sealing,
    logged,
    logged_and_cosigned,
    observed_too,
    sealed_by_validators,
    whole_life,
    without_documents,
    witnessed,
    witnessed_by,
)

FOUR = [validator(number) for number in range(4)]


def told(verdict, outcome=Outcome.UNDETERMINED):
    return {finding.rule: finding.reason for finding in verdict.findings if finding.outcome is outcome}


def verdict_of(made, **changes):
    return verify_bundle(replace(made.bundle, **changes), made.roots)


def receipt_of(made, position):
    """The receipt of a statement; the register's three come first."""
    return made.bundle.receipts[3 + position - 1]


@pytest.mark.parametrize("kind", VERIFIED)
def test_an_honest_bundle_is_verified_from_its_bytes_alone(kind):
    made = VERIFIED[kind]()
    verdict = verify_evidence(encode_bundle(made.bundle), made.roots)
    assert verdict.word is Word.VERIFIED, told(verdict)
    assert told(verdict, Outcome.FAILED) == {}


def test_a_bundle_and_the_case_it_was_made_of_give_the_same_findings():
    """But for what only one of them can show: the bundle's own rules, and that no key was ever said to be stolen."""
    from ledger.verify import verify

    ours = {(each.rule, each.outcome) for each in verdict_of(whole_life()).findings}
    theirs = {(each.rule, each.outcome) for each in verify(delivered().case()).findings}
    assert {each for each in ours if not each[0].startswith("evidence.")} == theirs - {
        ("member.suspect", Outcome.PASSED)
    }


def test_the_verdict_is_as_of_the_block_after_which_the_end_is_proven():
    made = sealed_by_validators()
    head = read_header(made.bundle.head.header)
    assert (verdict_of(made).as_of.block, verdict_of(made).as_of.time) == (head.number, head.time)
    assert verdict_of(made, head=None).as_of.block < head.number
    attestation = attested().bundle.attestations[0].attestation
    assert str(verdict_of(attested()).as_of) == f"block {attestation.block_number}"


# Whoever leaves something out


def test_a_hold_left_off_at_the_end_is_found_by_the_proof_of_the_end():
    """The first thing that a cheat tries."""
    made = held_after_sealing()
    verdict = verdict_of(made, receipts=made.bundle.receipts[:-1])
    assert verdict.word is Word.NOT_VERIFIED
    assert "the last ones are missing" in told(verdict, Outcome.FAILED)["history.complete"]


def test_a_hold_left_off_together_with_the_proof_of_the_end_leaves_the_verdict_open_and_names_what_to_ask_for():
    made = held_after_sealing()
    verdict = verdict_of(made, receipts=made.bundle.receipts[:-1], head=None)
    assert verdict.word is Word.UNDETERMINED
    assert "Ask the giver for a bundle with a proof" in told(verdict)["evidence.history_complete"]


def test_a_hold_left_off_with_a_proof_of_the_end_from_before_it_is_as_of_that_block():
    """What is shown is true, and the verdict says of when."""
    early, late = sealed_by_validators(), held_after_sealing()
    verdict = verdict_of(late, receipts=late.bundle.receipts[:-1], head=early.bundle.head)
    assert verdict.word is Word.VERIFIED
    assert verdict.as_of.block == read_header(early.bundle.head.header).number
    assert f"after block {verdict.as_of.block}" in " ".join(each.reason for each in verdict.not_checked)


def test_a_proof_of_the_end_that_is_older_than_the_last_statement_proves_no_end():
    early, late = sealed_by_validators().bundle.head, held_after_sealing()
    header = seal(replace(read_header(early.header), number=9), FOUR).encode()
    verdict = verdict_of(late, head=replace(early, header=header))
    assert verdict.word is Word.UNDETERMINED
    assert "older than its last statement" in told(verdict)["evidence.history_complete"]


def test_a_statement_left_out_in_the_middle_is_found():
    made, registration = held_after_sealing(), record_bundle(registered().case()).bundle
    receipts = (*made.bundle.receipts[:4], made.bundle.receipts[5])
    verdict = verdict_of(made, receipts=receipts, blinds=registration.blinds, events=registration.events)
    assert told(verdict, Outcome.FAILED).keys() == {"history.complete"}


def test_an_observation_left_out_changes_no_head_and_is_no_part_of_the_history():
    made = observed_too()
    blinds = tuple(each for each in sealed_by_validators().bundle.blinds)
    events = sealed_by_validators().bundle.events
    verdict = verdict_of(made, receipts=made.bundle.receipts[:-1], blinds=blinds, events=events)
    assert verdict.word is Word.VERIFIED


def test_without_any_statement_nothing_is_verified():
    made = sealed_by_validators()
    verdict = verdict_of(made, receipts=made.bundle.receipts[:1], blinds=(), events=(), head=None)
    assert verdict.word is Word.UNDETERMINED


def test_without_the_admission_of_a_signer_the_members_are_unknown():
    made = sealed_by_validators()
    verdict = verdict_of(made, receipts=(made.bundle.receipts[0], *made.bundle.receipts[3:]))
    assert verdict.word is Word.UNDETERMINED
    assert "the admission of member" in told(verdict)["history.read"]


def test_a_key_without_its_members_admission_makes_the_bundle_malformed():
    made = sealed_by_validators()
    founding, _, keys, *others = made.bundle.receipts
    found = [verdict_of(made, receipts=(founding, replace(keys, logs=(log,)), *others)) for log in keys.logs]
    assert any("never seen before" in told(each)["history.read"] for each in found)


def test_without_the_founding_the_founders_are_said_not_to_be_checked():
    made = record_bundle(registered().case())
    logs = made.bundle.receipts[0].logs[1:]
    receipts = (replace(made.bundle.receipts[0], logs=logs[:1]), *made.bundle.receipts[1:2], *made.bundle.receipts[3:])
    verdict = verdict_of(made, receipts=receipts)
    assert "is about a member that has no part" in told(verdict)["history.read"]


# Whoever brings something from elsewhere


def test_a_bundle_of_another_ledger_is_not_verified():
    made = sealed_by_validators()
    for changes in ({"chain_id": 7}, {"consignments": checksum_address(b"\x77" * 20)}):
        verdict = verdict_of(made, ledger=replace(made.bundle.ledger, **changes))
        assert verdict.word is Word.NOT_VERIFIED
        assert "not about the ledger that you trust" in told(verdict, Outcome.FAILED)["ledger.trusted"]
    verdict = verdict_of(made, ledger=replace(made.bundle.ledger, members=checksum_address(b"\x77" * 20)))
    assert "about another ledger" in told(verdict, Outcome.FAILED)["ledger.trusted"]


def test_founders_other_than_those_trusted_are_found():
    made = sealed_by_validators()
    verdict = verify_bundle(made.bundle, replace(made.roots, founders=frozenset({EXPORTER.address})))
    assert "was not founded by the authorities" in told(verdict, Outcome.FAILED)["ledger.trusted"]


def test_a_log_of_a_contract_that_is_not_trusted_is_refused():
    """A copy of the contract accepts whatever its maker likes."""
    made = sealed_by_validators()
    other = replace(made.roots.ledger, consignments=checksum_address(b"\x77" * 20))
    roots, bundle = replace(made.roots, ledger=other), replace(made.bundle, ledger=other)
    with pytest.raises(BundleMalformedError, match="no contract of this ledger"):
        evidence_case(bundle, roots)


def test_statements_about_another_consignment_are_refused():
    made, other = sealed_by_validators(), Reference("OTHER", sha256(b"salt").digest(), EXPORTER.address)
    with pytest.raises(BundleMalformedError, match="no statement about this consignment"):
        evidence_case(replace(made.bundle, consignment=other.id), made.roots)


def test_a_receipt_of_a_block_that_nobody_sealed_is_not_verified():
    made = sealed_by_validators()
    forged = replace(receipt_of(made, 2), header=seal(read_header(receipt_of(made, 2).header), FOUR, []).encode())
    verdict = verdict_of(made, receipts=(*made.bundle.receipts[:-1], forged))
    assert "evidence.block_final" in told(verdict, Outcome.FAILED)


def test_validators_of_somebodys_own_making_prove_nothing():
    made = sealed_by_validators()
    own = [validator(number) for number in range(50, 54)]
    receipts = tuple(
        replace(each, header=seal(read_header(each.header), own).encode()) for each in made.bundle.receipts
    )
    head = replace(made.bundle.head, header=seal(read_header(made.bundle.head.header), own).encode())
    verdict = verdict_of(made, receipts=receipts, head=head)
    assert verdict.word is Word.UNDETERMINED
    assert "lists" in told(verdict)["evidence.block_final"]


def test_two_headers_of_one_block_are_refused():
    made = sealed_by_validators()
    head = replace(made.bundle.head, header=seal(make_header(11, 5), FOUR).encode())
    with pytest.raises(BundleMalformedError, match="two headers are of block 11"):
        evidence_case(replace(made.bundle, head=head), made.roots)


def test_a_storage_proof_of_another_consignment_or_fewer_slots_is_refused():
    made = sealed_by_validators()
    fewer = replace(made.bundle.head, slots=made.bundle.head.slots[:-1])
    assert "bundle.head" in told(verdict_of(made, head=fewer))["history.read"]
    other = record_bundle(sealed(registered_elsewhere()).case()).bundle.head
    assert "is not about consignment" in told(verdict_of(made, head=other))["history.read"]


def registered_elsewhere():
    from tests.ledger.verify.builder import Story

    return Story(reference=Reference("ANOTHER", sha256(b"salt").digest(), EXPORTER.address))


# What is disclosed has to open what was stated


def test_a_blind_an_event_or_an_opening_that_opens_nothing_is_refused():
    made = whole_life()
    stranger = SealContent("KR-0000001")
    for changes, words in (
        ({"blinds": (*made.bundle.blinds, type(SEAL).of(stranger, b"\1" * 32))}, "opens nothing"),
        ({"blinds": made.bundle.blinds[:0]}, "behind none of the blinds"),
        ({"openings": ((ZERO32, made.bundle.openings[0][1]),)}, "no statement that opens a channel"),
        ({"openings": ((made.bundle.openings[0][0], made.bundle.openings[1][1]),)}, "opens no assessment"),
        ({"named": (samples._named(next(iter(delivered().events.values()))),)}, "already"),
    ):
        assert words in told(verdict_of(made, **changes))["history.read"], words


def test_an_event_that_is_none_or_spelled_otherwise_is_refused():
    made = sealed_by_validators()
    event = made.bundle.events[0]
    for canonical, words in (
        (b"[]", "is no event"),
        (b"{", "history.read"),
        (b"{}", "binds names"),
        (event.canonical.replace(b'"@context":{}', b'"@context":[]'), "binds names"),
        (event.canonical.replace(b'"action":"OBSERVE"', b'"action":"WISH"'), "no valid event"),
        (event.canonical.replace(b'":"', b'": "', 1), "canonical"),
    ):
        events = (replace(event, canonical=canonical), *made.bundle.events[1:])
        reason = told(verdict_of(made, events=events))
        assert words in f"{reason}", words


def test_a_named_event_needs_a_true_event_hash():
    made = without_documents()
    named = (replace(made.bundle.named[0], event_hash="ni:///sha-256;00"), *made.bundle.named[1:])
    assert "is no CBV event hash" in told(verdict_of(made, named=named))["history.read"]


def test_without_documents_it_is_proven_what_was_stated_and_left_open_what_it_says():
    verdict = verdict_of(without_documents())
    assert verdict.word is Word.UNDETERMINED
    assert told(verdict).keys() == {"document.present"}
    assert "Hanbit Machinery" in told(verdict)["document.present"]


def test_a_document_handed_over_beside_a_bundle_that_names_it_by_its_hash_is_verified():
    made = without_documents()
    event = next(iter(sealed().events.values())).event
    document = Document(Kind.EVENT, event.context, (event,))
    assert verify_document_by_evidence(write_json(document), made.bundle, made.roots).word is Word.VERIFIED
    altered = replace(event, data={**event.data, "epcList": ["urn:epc:id:sscc:4012345.0000000999"]})
    found = verify_document_by_evidence(
        write_json(Document(Kind.EVENT, event.context, (altered,))), made.bundle, made.roots
    )
    assert found.word is Word.UNDETERMINED
    assert "belongs to no statement" in told(found)["document.placed"]


def test_a_document_beside_a_bundle_of_another_ledger_or_a_broken_one_is_not_verified():
    made = without_documents()
    other = replace(made.bundle, ledger=Ledger(7, *[checksum_address(b"\x77" * 20)] * 3))
    assert verify_document_by_evidence(b"{}", other, made.roots).word is Word.NOT_VERIFIED
    broken = replace(made.bundle, consignment=ZERO32)
    assert verify_document_by_evidence(b"{}", broken, made.roots).word is Word.UNDETERMINED


# Finality


def test_a_bundle_on_any_engine_is_final_by_witnesses():
    made = witnessed()
    assert made.roots.validators is None
    assert verdict_of(made).word is Word.VERIFIED


def test_too_few_witnesses_and_no_witnesses_leave_it_open():
    made = witnessed_by(sealed_by_validators(), range(1))
    assert "cosigned by w0" in told(verdict_of(made))["evidence.block_final"]
    made = witnessed()
    verdict = verify_bundle(made.bundle, replace(made.roots, block_log=None))
    assert "names no witnesses for the bundle's block log" in told(verdict)["evidence.block_final"]


def test_a_block_that_the_log_has_otherwise_is_not_verified():
    made = witnessed()
    first, *others = made.bundle.block_log.blocks
    swapped = replace(made.bundle.block_log, blocks=(replace(first, hashes=others[0].hashes), *others))
    verdict = verdict_of(made, block_log=swapped)
    assert "not where the block log should have it" in told(verdict, Outcome.FAILED)["evidence.block_final"]


def test_a_checkpoint_that_its_log_did_not_sign_is_not_verified():
    made = witnessed()
    text = made.bundle.block_log.checkpoint.replace(b"\n17\n", b"\n18\n")
    verdict = verdict_of(made, block_log=replace(made.bundle.block_log, checkpoint=text))
    assert "not signed as it says" in told(verdict, Outcome.FAILED)["evidence.block_final"]


def test_the_block_log_of_another_chain_is_not_verified():
    made = witnessed()
    verdict = verify_bundle(made.bundle, replace(made.roots, genesis_hash=keccak(text="another genesis")))
    assert "that of another chain" in told(verdict, Outcome.FAILED)["evidence.block_final"]


def test_a_block_counts_only_as_deep_as_the_trust_file_asks():
    assert verdict_of(witnessed_by(sealed_by_validators(), range(2), depth=3)).word is Word.VERIFIED
    verdict = verdict_of(witnessed_by(sealed_by_validators(), range(2), depth=4))
    assert "Ask for a later bundle" in told(verdict)["evidence.block_final"]


def test_more_cosignatures_than_needed_do_no_harm_and_those_that_are_damaged_are_passed_over():
    """A witness that the trust file does not know, or whose name was damaged, proves nothing and refutes nothing."""
    made = witnessed_by(sealed_by_validators(), range(3))
    damaged = made.bundle.block_log.checkpoint.replace(b"witness.example/w2 ", b"witness.example/wx ")
    verdict = verdict_of(made, block_log=replace(made.bundle.block_log, checkpoint=damaged))
    assert verdict.to_json() == verdict_of(made).to_json()
    assert verdict.word is Word.VERIFIED


def test_a_block_that_the_block_log_leaves_out_is_not_shown_to_be_final():
    made = witnessed()
    log = replace(made.bundle.block_log, blocks=made.bundle.block_log.blocks[1:])
    assert verdict_of(made, block_log=log).word is Word.UNDETERMINED


def test_validators_voted_in_and_out_are_followed_from_the_trusted_ones():
    """A fifth one joins before the registration; the header at which it did is in the bundle."""
    made = sealed_by_validators()
    five = [*FOUR, validator(4)]
    changed = seal(make_header(9, 5), five).encode()
    later = [replace(each, header=seal(read_header(each.header), five).encode()) for each in made.bundle.receipts[3:]]
    head = replace(made.bundle.head, header=seal(read_header(made.bundle.head.header), five).encode())
    receipts = (*made.bundle.receipts[:3], *later)
    followed = {"receipts": receipts, "head": head, "changes": (changed,)}
    assert verdict_of(made, **followed).word is Word.VERIFIED
    lost = verdict_of(made, **{**followed, "changes": ()})
    assert "in addition" in told(lost)["evidence.block_final"]
    strangers = [validator(number) for number in range(60, 65)]
    forged = seal(make_header(9, 5), strangers).encode()
    assert verdict_of(made, **{**followed, "changes": (forged,)}).word is Word.UNDETERMINED
    unsealed = seal(make_header(9, 5), five, five[:1]).encode()
    assert verdict_of(made, **{**followed, "changes": (unsealed,)}).word is Word.NOT_VERIFIED
    late = seal(make_header(99, 5), five).encode()
    assert "after the last block" in told(verdict_of(made, changes=(late,)))["history.read"]


def test_blocks_older_than_the_trust_in_validators_are_left_open():
    made = sealed_by_validators()
    roots = replace(made.roots, validators=ValidatorSet(made.roots.validators.validators, 10))
    assert "is older than block 10" in told(verify_bundle(made.bundle, roots))["evidence.block_final"]


def test_seals_are_looked_at_even_where_no_validators_are_trusted():
    made = witnessed()
    broken = seal(read_header(receipt_of(made, 2).header), FOUR, [validator(9)]).encode()
    receipts = (*made.bundle.receipts[:-1], replace(made.bundle.receipts[-1], header=broken))
    assert verdict_of(made, receipts=receipts).word is Word.NOT_VERIFIED


# Where it ends, by the word of authorities


def test_one_authority_of_two_needed_is_too_few_and_counts_once_however_often_it_signs():
    made = attested_by(sealed_by_validators(), (KR, KR))
    assert "attested by 1 of your authorities" in told(verdict_of(made))["evidence.history_complete"]
    stranger = attested_by(sealed_by_validators(), (KR, BR))
    assert "attested by 1 of your authorities" in told(verdict_of(stranger))["evidence.history_complete"]


def test_an_attestation_counts_only_for_who_names_authorities():
    made = attested()
    verdict = verify_bundle(made.bundle, replace(made.roots, attestations=None))
    assert "names no authorities" in told(verdict)["evidence.history_complete"]


def test_an_attested_head_shows_a_statement_left_off():
    made = attested_by(held_after_sealing(), (KR, NL))
    verdict = verdict_of(made, receipts=made.bundle.receipts[:-1])
    assert "the last ones are missing" in told(verdict, Outcome.FAILED)["history.complete"]


def test_a_later_attestation_counts_before_an_older_proof_from_storage():
    """Whoever has both, of before and after a hold, cannot show the older one alone as the newest."""
    early, late = sealed_by_validators(), attested_by(held_after_sealing(), (KR, NL))
    made = replace(late, bundle=replace(early.bundle, attestations=late.bundle.attestations))
    verdict = verdict_of(made)
    assert verdict.word is Word.NOT_VERIFIED
    assert verdict.as_of.block == late.bundle.attestations[0].attestation.block_number


def test_an_attestation_of_another_consignment_is_refused_and_of_another_block_refutes():
    made = attested_by(sealed_by_validators(), (KR, NL), consignment=ZERO32)
    assert "another consignment" in told(verdict_of(made))["history.read"]
    last = read_header(receipt_of(sealed_by_validators(), 2).header).number
    made = attested_by(sealed_by_validators(), (KR, NL), block_number=last)
    verdict = verdict_of(made)
    assert "attested after another block" in told(verdict, Outcome.FAILED)["evidence.block_final"]


def test_what_too_few_authorities_attest_neither_refutes_a_block_nor_covers_for_it():
    """Anybody can write an attestation that nobody signed, of the right block or of another."""
    made = sealed_by_validators()
    last = read_header(receipt_of(made, 2).header)
    nobodys = [
        AttestedHead(HeadAttestation(made.bundle.consignment, head, 2, last.number, block_hash), ())
        for head, block_hash in ((ZERO32, ZERO32), (b"\xff" * 32, last.hash()))
    ]
    assert verdict_of(made, attestations=tuple(nobodys)).word is Word.VERIFIED
    fork = attested_by(made, (KR, NL), block_number=last.number)
    covered = verdict_of(fork, attestations=(*fork.bundle.attestations, nobodys[1]))
    assert "attested after another block" in told(covered, Outcome.FAILED)["evidence.block_final"]


@pytest.mark.parametrize("changes", [{"position": 7}, {"position": 1}, {"head": sha256(b"another").digest()}])
def test_an_older_end_that_cannot_have_become_the_newest_is_found(changes):
    made = sealed_by_validators()
    last = read_header(receipt_of(made, 2).header)
    older = attested_by(made, (KR, NL), block_number=last.number, block_hash=last.hash(), **changes)
    verdict = verify_bundle(replace(older.bundle, head=made.bundle.head), older.roots)
    assert verdict.word is Word.NOT_VERIFIED
    assert "a history only grows" in told(verdict, Outcome.FAILED)["evidence.history_complete"]


def test_an_older_end_that_agrees_with_the_newest_is_one_more_proof():
    made = sealed_by_validators()
    last = read_header(receipt_of(made, 2).header)
    older = attested_by(made, (KR, NL), block_number=last.number, block_hash=last.hash())
    verdict = verify_bundle(replace(older.bundle, head=made.bundle.head), older.roots)
    assert verdict.word is Word.VERIFIED
    assert verdict.as_of.block > last.number


def test_of_two_ends_with_more_statements_than_are_given_only_the_missing_ones_are_told():
    early, late = sealed_by_validators(), attested_by(held_after_sealing(), (KR, NL))
    given = replace(early.bundle, receipts=early.bundle.receipts[:-1], blinds=(), events=(), named=())
    verdict = verify_bundle(replace(given, attestations=late.bundle.attestations), late.roots)
    assert "evidence.history_complete" not in told(verdict, Outcome.FAILED)
    assert "the last ones are missing" in told(verdict, Outcome.FAILED)["history.complete"]


def test_storage_that_the_statements_do_not_lead_to_is_found():
    story = sealed()
    made = record_bundle(story.case())
    forged = replace(story.case(), recorded=replace(story.case().recorded, seal=sha256(b"another seal").digest()))
    verdict = verdict_of(made, head=record_bundle(forged).bundle.head)
    assert told(verdict, Outcome.FAILED).keys() == {"state.recorded"}


def test_with_attestations_alone_the_state_is_said_not_to_be_checked():
    reasons = [each.reason for each in verdict_of(attested()).not_checked if each.rule == "state.recorded"]
    assert any("not in the bundle" in reason for reason in reasons)


# Event logs


def test_an_event_of_a_log_is_followed_to_its_checkpoint():
    assert "evidence.log_inclusion" in {each.rule for each in verdict_of(logged()).passed}
    assert "evidence.log_inclusion" in {each.rule for each in verdict_of(logged_and_cosigned()).passed}


@pytest.mark.parametrize(
    ("changes", "word", "reason"),
    [
        ({"index": 3}, Word.NOT_VERIFIED, "does not lead to"),
        ({"index": 99}, Word.NOT_VERIFIED, "does not lead to"),
        ({"hashes": ()}, Word.NOT_VERIFIED, "does not lead to"),
        ({"member": NL.address}, Word.UNDETERMINED, "does not count"),
        ({"size": 9}, Word.UNDETERMINED, "does not count"),
        ({"checkpoint": b"no note"}, Word.UNDETERMINED, "does not count"),
    ],
)
def test_a_cosigned_entry_that_is_not_where_it_is_said_to_be_is_found(changes, word, reason):
    made = logged_and_cosigned()
    verdict = verdict_of(made, logged=(replace(made.bundle.logged[0], **changes),))
    assert verdict.word is word
    assert reason in f"{told(verdict)} {told(verdict, Outcome.FAILED)}"


def test_a_cosigned_checkpoint_counts_only_for_who_names_witnesses_and_only_as_it_was_signed():
    made = logged_and_cosigned()
    verdict = verify_bundle(made.bundle, replace(made.roots, event_logs=None))
    assert "names no witnesses of event logs" in told(verdict)["evidence.log_inclusion"]
    altered = made.bundle.logged[0].checkpoint.replace(b"\n8\n", b"\n9\n")
    verdict = verdict_of(made, logged=(replace(made.bundle.logged[0], checkpoint=altered),))
    assert "not signed as it says" in told(verdict, Outcome.FAILED)["evidence.log_inclusion"]


def test_a_recorded_checkpoint_that_no_event_needs_is_refused():
    plain = sealed_by_validators().bundle
    verdict = verdict_of(logged(), logged=(), blinds=plain.blinds, events=plain.events)
    assert "that no logged event needs" in told(verdict)["history.read"]


# Verdicts


def test_a_verdict_is_the_same_each_time_and_ready_for_json():
    data = encode_bundle(whole_life().bundle)
    first, second = (json.dumps(verify_evidence(data, whole_life().roots).to_json()) for _ in range(2))
    assert first == second


def test_what_is_no_bundle_is_undetermined_and_never_an_error():
    verdict = verify_evidence(b"no bundle", sealed_by_validators().roots)
    assert verdict.word is Word.UNDETERMINED
    assert "proves nothing" in told(verdict)["history.read"]


def test_a_suspicion_that_is_in_the_bundle_is_told_and_what_is_left_out_is_said_not_to_be_checked():
    """The exporter's key is retired as stolen, on the day after the seal."""
    story = sealed()
    made = with_register_event(
        record_bundle(story.case()),
        "KeyRetired",
        block=20,
        time=story.now + 86_400,
        member=story.membership.members[EXPORTER.address].number,
        key=EXPORTER.signing.address,
        suspectSince=story.now - 60,
        by=KR.address,
    )
    verdict = verdict_of(made)
    assert verdict.word is Word.VERIFIED
    assert told(verdict, Outcome.WARNING).keys() == {"member.suspect"}
    silent = verdict_of(sealed_by_validators())
    assert told(silent, Outcome.WARNING) == {}
    assert any("never that nothing else is" in each.reason for each in silent.not_checked)


def test_the_register_is_shown_only_as_far_as_it_tells_who_somebody_was():
    made = with_register_event(
        sealed_by_validators(), "EncryptionKeyReplaced", block=20, time=5, member=5, encryptionKey=ZERO32, by=KR.address
    )
    assert "says nothing of who the members were" in told(verdict_of(made))["history.read"]


def test_suspensions_and_new_roles_after_a_statement_undo_nothing():
    """The contract's word at acceptance counts, whatever the register shows of later times."""
    story = sealed()
    number = story.membership.members[EXPORTER.address].number
    made = record_bundle(story.case())
    for block, (name, values) in enumerate(
        [
            ("RolesSet", {"roles": Role.CARRIER.bit}),
            ("MemberSuspended", {}),
            ("MemberReinstated", {}),
            ("ProfileReplaced", {"profile": '{"name":"Hanbit Heavy Machinery"}'}),
            ("MemberDismissed", {}),
        ],
        start=2,
    ):
        made = with_register_event(made, name, block=block, time=5, member=number, by=KR.address, **values)
    verdict = verdict_of(made)
    assert verdict.word is Word.VERIFIED
    assert "Hanbit Heavy Machinery" in told(verify_bundle(without_events(made.bundle), made.roots))["document.present"]


def without_events(bundle):
    return replace(bundle, events=())


def test_unsealing_and_other_acts_that_name_nobody_need_no_counterparty():
    story = sealed()
    terms = unseal_terms(UnsealReason.OPENED)
    story.say(Milestone.UNSEALED, EXPORTER, Role.EXPORTER, terms=terms, detail=SEAL.blinded)
    made = record_bundle(story.case())
    assert "history.read" not in told(verdict_of(made))


def test_the_policy_of_a_block_log_that_counts_nobody_accepts_what_its_log_signed():
    made = witnessed_by(sealed_by_validators(), ())
    policy = replace(made.roots.block_log.policy, groups=(), quorum="none")
    verdict = verify_bundle(made.bundle, replace(made.roots, block_log=BlockLogTrust(policy)))
    assert verdict.word is Word.VERIFIED


def test_events_are_matched_with_blinds_of_events_only():
    made = sealed_by_validators()
    seals = tuple(each for each in made.bundle.blinds if not isinstance(each.content, EventContent))
    assert "behind none of the blinds" in told(verdict_of(made, blinds=seals))["history.read"]


def test_more_log_entries_than_any_history_has_are_refused_before_they_are_judged(monkeypatch):
    made = sealed_by_validators()
    entries = sum(len(each.logs) for each in made.bundle.receipts)
    data = encode_bundle(made.bundle)
    monkeypatch.setattr("ledger.verify.evidence.encoding.MAX_LOG_ENTRIES", entries)
    assert verify_evidence(data, made.roots).word is Word.VERIFIED
    monkeypatch.setattr("ledger.verify.evidence.encoding.MAX_LOG_ENTRIES", entries - 1)
    assert "log entries together" in told(verify_evidence(data, made.roots))["history.read"]
